//! NHS Talking Therapies: what became of people who finished a course.

use super::metric::{Better, Dating, Metric, Sheet, Standard, Statistic, Subject};
use super::talking_therapies::SOURCE;

use crate::rules::therapies;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &PAIRED,
    &ADSM_APPROPRIATE,
    &NOT_AT_CASENESS,
    &RECOVERY,
    &RELIABLE_IMPROVEMENT,
    &RELIABLE_RECOVERY,
    &RELIABLE_DETERIORATION,
    &NO_RELIABLE_CHANGE,
    &MIXED_CHANGE,
    &EFFECT_SIZE_PHQ9,
];

/// Where the effect size is from.
const ANNUAL: &str = "NHS Talking Therapies annual metadata (nhstt, 2024-25)";

/// Paired scores.
const PAIRED: Metric = Metric {
    id: "tt_paired",
    title: "Talking Therapies courses with first and last scores",
    plain_english: "Finished courses whose result was measured.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: therapies::is_paired, denominator: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses with at least two scores of PHQ-9, and two of GAD-7 or of the anxiety measure of the problem descriptor, between referral and discharge, out of finished courses.",
    official_id: Some("M202"),
    source: SOURCE,
    differs: Some("M202 is a count; the share of finished courses is ours."),
};

/// The measure of the disorder.
const ADSM_APPROPRIATE: Metric = Metric {
    id: "tt_adsm_appropriate",
    title: "Talking Therapies courses with the anxiety measure of their problem",
    plain_english: "Finished courses about a particular kind of anxiety whose result was measured with the questionnaire made for it.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_specific_measure_paired,
        denominator: therapies::has_specific_measure,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses with at least two scores between referral and discharge on the anxiety disorder specific measure of their problem descriptor, out of finished courses whose problem descriptor has one: agoraphobia (F400) Mobility Inventory, social phobia (F401) SPIN, panic (F410) PDSS, obsessive-compulsive (F42) OCI, post-traumatic stress (F431) PCL-5, health anxiety (F452) HAI, body image (83482000) BIQ, chronic fatigue (G933) CFQ, irritable bowel (K58) IBS-SSS, unexplained symptoms (723916001) PHQ-15. A primary problem is ahead of others, then the latest.",
    official_id: Some("M205"),
    source: SOURCE,
    differs: Some(
        "The published rule breaks ties by the highest record id, which a pseudonym does not keep: here the greatest code stands. The shipped code list knows the measures by name alone; the SNOMED codes of a sender have to be added to it. The Impact of Event Scale, used before version 2, does not count.",
    ),
};

/// Not at caseness.
const NOT_AT_CASENESS: Metric = Metric {
    id: "tt_not_at_caseness",
    title: "Talking Therapies courses that began below caseness",
    plain_english: "People whose scores were below the clinical cut-offs before their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: therapies::is_not_at_caseness, denominator: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Finished courses whose first PHQ-9 and first anxiety score were both below caseness, out of finished courses. A course without one of the scores is not among them.",
    official_id: Some("M180"),
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and it is set where its caseness begins (PDSS and OCI, which a source gives, unless the project sets more), else by GAD-7; a row's note names measures whose cut-offs are not verified. M180 is a count; the share of finished courses is ours.",
    ),
};

/// Recovery.
const RECOVERY: Metric = Metric {
    id: "tt_recovery",
    title: "Talking Therapies recovery rate",
    plain_english: "People who recovered by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_recovered,
        denominator: therapies::is_finished_at_risk,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: Some(Standard::AtLeast(50.0)),
    definition: "Finished courses at caseness on PHQ-9 (10 or more) or the anxiety measure (GAD-7: 8 or more) at the first score and below caseness on both at the last, out of finished courses minus those not at caseness. People without a pair of scores stay in the denominator.",
    official_id: Some("M192"),
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and it is set where its caseness begins (PDSS and OCI, which a source gives, unless the project sets more), else by GAD-7; a row's note names measures whose cut-offs are not verified.",
    ),
};

/// Reliable improvement.
const RELIABLE_IMPROVEMENT: Metric = Metric {
    id: "tt_reliable_improvement",
    title: "Talking Therapies reliable improvement rate",
    plain_english: "People who were clearly better by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_reliably_improved,
        denominator: therapies::is_finished,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses whose PHQ-9 fell by at least 6 or whose anxiety measure fell by at least its reliable change (GAD-7: 4), and neither rose by as much, out of finished courses.",
    official_id: Some("M186"),
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and the project sets its reliable change (no source gives one), else by GAD-7; a row's note names measures whose cut-offs are not verified.",
    ),
};

/// Reliable recovery.
const RELIABLE_RECOVERY: Metric = Metric {
    id: "tt_reliable_recovery",
    title: "Talking Therapies reliable recovery rate",
    plain_english: "People who recovered and were clearly better by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_reliably_recovered,
        denominator: therapies::is_finished_at_risk,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses that recovered and reliably improved, out of finished courses minus those not at caseness.",
    official_id: Some("M195"),
    source: SOURCE,
    differs: Some(
        "Caseness is judged as in tt_recovery and change as in tt_reliable_improvement: by the measure of the problem descriptor as far as its cut-offs are set, else by GAD-7.",
    ),
};

/// Reliable deterioration.
const RELIABLE_DETERIORATION: Metric = Metric {
    id: "tt_reliable_deterioration",
    title: "Talking Therapies reliable deterioration rate",
    plain_english: "People who were clearly worse by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_reliably_deteriorated,
        denominator: therapies::is_finished,
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Finished courses on which a measure rose by at least its reliable change and neither fell by as much, out of finished courses.",
    official_id: Some("M1010"),
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and the project sets its reliable change (no source gives one), else by GAD-7; a row's note names measures whose cut-offs are not verified.",
    ),
};

/// No reliable change.
const NO_RELIABLE_CHANGE: Metric = Metric {
    id: "tt_no_reliable_change",
    title: "Talking Therapies courses without reliable change",
    plain_english: "People who were neither clearly better nor clearly worse by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: therapies::is_unchanged, denominator: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Finished courses with first and last scores on both measures that neither reliably improved nor reliably deteriorated, out of finished courses. Courses better on one measure and worse on the other are among them; tt_mixed_change counts these apart.",
    official_id: Some("M187"),
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and the project sets its reliable change (no source gives one), else by GAD-7; a row's note names measures whose cut-offs are not verified. M187 is a count; the share of finished courses is ours. Published texts leave a mixed change open.",
    ),
};

/// Better and worse at once.
const MIXED_CHANGE: Metric = Metric {
    id: "tt_mixed_change",
    title: "Talking Therapies courses better on one measure and worse on the other",
    plain_english: "People who were clearly better in one way and clearly worse in another.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: therapies::is_mixed, denominator: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Finished courses on which one measure fell by at least its reliable change and the other rose by as much, out of finished courses. They have no reliable change.",
    official_id: None,
    source: SOURCE,
    differs: Some(
        "Anxiety is judged by the measure of the problem descriptor where that is paired and the project sets its reliable change (no source gives one), else by GAD-7; a row's note names measures whose cut-offs are not verified. Ours: published texts leave a mixed change open.",
    ),
};

/// Effect size of PHQ-9.
const EFFECT_SIZE_PHQ9: Metric = Metric {
    id: "tt_effect_size_phq9",
    title: "Talking Therapies PHQ-9 effect size",
    plain_english: "How far depression scores fell over a course of talking therapy, compared with how much first scores differ between people.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::EffectSize {
        of: therapies::is_finished,
        first: therapies::first_phq9,
        last: therapies::last_phq9,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Mean of first minus last PHQ-9 over the standard deviation of the first scores, over finished courses with both scores.",
    official_id: Some("EffectSize"),
    source: ANNUAL,
    differs: Some(
        "Uses the standard deviation of the first scores of the row itself; the published figure uses that of England.",
    ),
};
