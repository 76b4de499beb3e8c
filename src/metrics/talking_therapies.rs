//! NHS Talking Therapies: who came, who was treated, how often. The waits and outcomes stand beside this file.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::{self, contacts, therapies};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &REFERRALS,
    &ACCESS,
    &ENDED,
    &ENDED_BEFORE_TREATMENT,
    &SINGLE_TREATMENT,
    &FINISHED,
    &MEAN_SESSIONS,
    &APPOINTMENTS,
    &DID_NOT_ATTEND,
    &DID_NOT_ATTEND_OR_LATE,
];

/// Where the definitions are from.
pub(super) const SOURCE: &str = "NHS Talking Therapies monthly metadata (nhstt, 2026-07)";

/// Referrals received.
const REFERRALS: Metric = Metric {
    id: "tt_referrals",
    title: "Talking Therapies referrals received",
    plain_english: "Referrals to NHS Talking Therapies.",
    subject: Subject::Courses,
    dated: Dating::On("received_date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals whose request was received in the period.",
    official_id: Some("M001"),
    source: SOURCE,
    differs: None,
};

/// Referrals entering treatment.
const ACCESS: Metric = Metric {
    id: "tt_access",
    title: "Talking Therapies referrals that entered treatment",
    plain_english: "People's courses of talking therapy that started.",
    subject: Subject::Courses,
    dated: Dating::On("first_treatment"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals whose first attended treatment contact (appointment types 02, 03, 05) was in the period.",
    official_id: Some("M031"),
    source: SOURCE,
    differs: None,
};

/// Referrals ended.
const ENDED: Metric = Metric {
    id: "tt_ended",
    title: "Talking Therapies referrals ended",
    plain_english: "Referrals to talking therapy that ended, with or without treatment.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Count { of: therapies::is_ended },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals discharged in the period.",
    official_id: Some("M056"),
    source: SOURCE,
    differs: None,
};

/// Ended before treatment.
const ENDED_BEFORE_TREATMENT: Metric = Metric {
    id: "tt_ended_before_treatment",
    title: "Talking Therapies referrals ended before treatment",
    plain_english: "Referrals to talking therapy that ended before any treatment.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_ended_before_treatment,
        denominator: therapies::is_ended,
    },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Referrals discharged in the period without an attended treatment contact, out of referrals discharged in the period.",
    official_id: Some("M077"),
    source: SOURCE,
    differs: Some("M077 is a count; the share of referrals ended is ours."),
};

/// Treated once only.
const SINGLE_TREATMENT: Metric = Metric {
    id: "tt_single_treatment",
    title: "Talking Therapies referrals treated once only",
    plain_english: "People whose talking therapy ended after one session.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_ended_treated_once,
        denominator: therapies::is_ended_treated,
    },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Referrals discharged in the period after exactly one attended treatment contact, out of those discharged after at least one.",
    official_id: Some("M288"),
    source: SOURCE,
    differs: None,
};

/// Finished courses of treatment.
const FINISHED: Metric = Metric {
    id: "tt_finished",
    title: "Talking Therapies courses finished",
    plain_english: "Courses of talking therapy that finished.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Count { of: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Referrals discharged in the period after at least two attended treatment contacts; follow-up contacts do not count.",
    official_id: Some("M076"),
    source: SOURCE,
    differs: None,
};

/// Sessions of a finished course.
const MEAN_SESSIONS: Metric = Metric {
    id: "tt_mean_sessions",
    title: "Talking Therapies mean treatment sessions",
    plain_english: "Sessions that people had on average in a course of talking therapy that finished.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Mean {
        of: therapies::is_finished,
        value: therapies::treatments,
        least: 0,
        parts: 1,
        unit: "sessions",
    },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Mean of attended treatment contacts (appointment types 02, 03, 05) over courses finished in the period.",
    official_id: Some("M141"),
    source: SOURCE,
    differs: None,
};

/// Appointments.
const APPOINTMENTS: Metric = Metric {
    id: "tt_appts",
    title: "Talking Therapies appointments",
    plain_english: "Appointments with talking therapy, whether or not they took place.",
    subject: Subject::TherapyContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Care contacts dated in the period, of any type and with any attendance status, or none.",
    official_id: Some("M082"),
    source: SOURCE,
    differs: None,
};

/// Did not attend.
const DID_NOT_ATTEND: Metric = Metric {
    id: "tt_dna",
    title: "Talking Therapies appointments not attended",
    plain_english: "Talking therapy appointments that people missed without warning.",
    subject: Subject::TherapyContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: contacts::is_planned_not_attended,
        denominator: contacts::is_due_or_unplanned,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Contacts with attendance code 3, out of those with code 3, 5, 6 or 7. Cancelled ones are in neither. An unplanned contact counts as attended whatever its code, as in the monthly measures.",
    official_id: Some("M084"),
    source: SOURCE,
    differs: Some("M084 is a count; the denominator is ours."),
};

/// Did not attend or came too late.
const DID_NOT_ATTEND_OR_LATE: Metric = Metric {
    id: "tt_dna_late",
    title: "Talking Therapies appointments not attended or too late",
    plain_english: "Talking therapy appointments that people missed without warning, or came to too late to be seen.",
    subject: Subject::TherapyContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: contacts::is_planned_not_attended_or_late,
        denominator: contacts::is_due_or_unplanned,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "As tt_dna, but those who came too late to be seen (code 7) count as not attended too.",
    official_id: Some("M084"),
    source: SOURCE,
    differs: Some("M084 is a count of code 3 alone; code 7 and the denominator are ours."),
};
