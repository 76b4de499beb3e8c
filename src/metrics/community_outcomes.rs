//! Voluntary-sector services: how people are seen, how referrals end, and how scores move.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::{self, contacts, referred};

/// The mean change of one scale.
macro_rules! change {
    ($id:literal, $scale:literal, $name:literal, $plain:literal, $better:literal) => {
        Metric {
            id: $id,
            title: concat!("Mean change in ", $name, " with voluntary-sector services"),
            plain_english: concat!("How far ", $plain, " changed while people were with a voluntary-sector service; above 0 is better."),
            subject: Subject::CommunityReferrals,
            dated: Dating::On("discharge_date"),
            statistic: Statistic::Mean {
                of: referred::is_ended,
                value: || referred::gain($scale),
                least: LEAST_CHANGE,
                parts: 100,
                unit: "points",
            },
            sheet: Sheet::Outcomes,
            better: Better::Higher,
            standard: None,
            definition: concat!(
                "Mean of the last less the first ",
                $name,
                " score of a referral, over referrals ended in the period with two scores on different days; a ",
                $better,
                " score is better, and the sign is turned so that a change above 0 is. vc_paired shows how many have two scores."
            ),
            official_id: None,
            source: SOURCE,
            differs: None,
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &CONTACTS_ATTENDED,
    &DID_NOT_ATTEND,
    &WAIT_FIRST_MEDIAN,
    &WAIT_FIRST_P90,
    &COMPLETED,
    &PAIRED,
    &change!("vc_change_swemwbs", "swemwbs", "SWEMWBS", "mental well-being", "higher"),
    &change!("vc_change_phq9", "phq9", "PHQ-9", "depression", "lower"),
    &change!("vc_change_gad7", "gad7", "GAD-7", "anxiety", "lower"),
    &change!("vc_change_gbo", "gbo", "goal-based outcome", "people's own goals", "higher"),
    &change!(
        "vc_change_ons4_satisfaction",
        "ons4_satisfaction",
        "ONS4 life satisfaction",
        "satisfaction with life",
        "higher"
    ),
    &change!(
        "vc_change_ons4_worthwhile",
        "ons4_worthwhile",
        "ONS4 worthwhile",
        "feeling that life is worthwhile",
        "higher"
    ),
    &change!("vc_change_ons4_happiness", "ons4_happiness", "ONS4 happiness", "happiness", "higher"),
    &change!("vc_change_ons4_anxiety", "ons4_anxiety", "ONS4 anxiety", "anxiety on the day before", "lower"),
    &GOAL_IMPROVED,
];

/// Every metric of this file is of our own making.
const SOURCE: &str = "ours; no national data set exists";
/// Changes count from here: no scale has more points than 1,000.
const LEAST_CHANGE: i32 = -100_000;

/// Contacts.
const CONTACTS_ATTENDED: Metric = Metric {
    id: "vc_contacts_attended",
    title: "Attended contacts with voluntary-sector services",
    plain_english: "Meetings with voluntary-sector services that people came to.",
    subject: Subject::CommunityContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: contacts::is_attended },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Contacts in the period that were attended.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// Did not attend.
const DID_NOT_ATTEND: Metric = Metric {
    id: "vc_dna",
    title: "Contacts with voluntary-sector services not attended",
    plain_english: "Meetings with voluntary-sector services that people missed.",
    subject: Subject::CommunityContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: contacts::is_not_attended,
        denominator: contacts::is_attended_or_not,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Contacts not attended without warning, out of contacts attended or not attended; cancelled ones are in neither.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// Median of waits.
const WAIT_FIRST_MEDIAN: Metric = Metric {
    id: "vc_wait_first_median",
    title: "Median days to the first attended voluntary-sector contact",
    plain_english: "Days that half of the people waited at most to be seen by a voluntary-sector service.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("first_contact"),
    statistic: Statistic::Quantile {
        percent: 50,
        of: rules::every,
        value: referred::days_to_first_contact,
        unit: "days",
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Median of days from referral to the first attended contact on or after that day, over referrals first seen in the period; interpolated between the two nearest.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// 90th percentile of waits.
const WAIT_FIRST_P90: Metric = Metric {
    id: "vc_wait_first_p90",
    title: "90th percentile of days to the first attended voluntary-sector contact",
    plain_english: "Days that nine in ten people waited at most to be seen by a voluntary-sector service.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("first_contact"),
    statistic: Statistic::Quantile {
        percent: 90,
        of: rules::every,
        value: referred::days_to_first_contact,
        unit: "days",
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "90th percentile of days from referral to the first attended contact on or after that day, over referrals first seen in the period; interpolated between the two nearest.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// How it ended.
const COMPLETED: Metric = Metric {
    id: "vc_completed",
    title: "Voluntary-sector referrals completed or with goals met",
    plain_english: "People who finished what a voluntary-sector service offered them, or met their goals.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: referred::is_completed, denominator: referred::has_end_reason },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals ended in the period as completed or with goals met, out of referrals ended in the period whose reason for ending is known.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// Paired scores.
const PAIRED: Metric = Metric {
    id: "vc_paired",
    title: "Voluntary-sector referrals with first and later scores",
    plain_english: "People whose result with a voluntary-sector service was measured.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: referred::is_paired, denominator: referred::is_ended },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals ended in the period with two scores of one scale on different days (SWEMWBS, PHQ-9, GAD-7, goal-based outcomes or one of the four ONS questions), out of referrals ended in the period.",
    official_id: None,
    source: SOURCE,
    differs: None,
};

/// Goals.
const GOAL_IMPROVED: Metric = Metric {
    id: "vc_goal_improved",
    title: "Voluntary-sector referrals whose goals reliably improved",
    plain_english: "People who came clearly closer to their own goals.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: referred::is_goal_improved, denominator: referred::has_goals },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals ended in the period whose goal-based outcome rose by 3 points or more from its first to its last score, out of those with two such scores.",
    official_id: None,
    source: "ours; the reliable change of 3 is that of NHS England community mental health outcomes (nhsengland/MHSDS, July 2025)",
    differs: Some("Goals of one referral are not told apart: extracts name the scale and not the goal."),
};
