//! A&E: how visits went, and how they ended.

use super::emergency::UEMH;
use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::attendances;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &OVER_12_HOURS_FROM_DECISION,
    &MEAN_MINUTES,
    &A_DAY_OR_MORE,
    &AGAIN_WITHIN_7_DAYS,
    &LEFT,
    &LEFT_UNASSESSED,
    &CONVERSION,
];

/// Over twelve hours, on the clock that starts with the decision to admit.
const OVER_12_HOURS_FROM_DECISION: Metric = Metric {
    id: "ed_over_12h_dta",
    title: "A&E admissions more than 12 hours after the decision to admit",
    plain_english: "People who waited in A&E for more than twelve hours after it was decided to admit them.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: attendances::is_over_12_hours_from_decision,
        denominator: attendances::is_admitted_with_times,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances with more than 720 minutes from the decision to admit to departure, out of attendances of people admitted with both times.",
    official_id: None,
    source: "Office for Statistics Regulation, letter on the two 12-hour measures",
    differs: Some(
        "Not the 12 hours from arrival, which start earlier and are another measure. Admissions without both times are left out of both sides.",
    ),
};

/// Mean time.
const MEAN_MINUTES: Metric = Metric {
    id: "ed_mean_minutes",
    title: "A&E mean time in the department",
    plain_english: "How long visits to A&E lasted on average.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Mean {
        of: attendances::is_within_a_day,
        value: attendances::minutes,
        least: 0,
        parts: 1,
        unit: "minutes",
    },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Mean of minutes from arrival to departure, over attendances with both times and less than 1,440 minutes. ed_mean_minutes_left_out shows the share that this leaves out, since it takes away the longest waits.",
    official_id: None,
    source: UEMH,
    differs: Some(
        "All departments of type 01 to 04, and all attendances; the dashboard takes mental-health attendances at type 01.",
    ),
};

/// What the mean leaves out.
const A_DAY_OR_MORE: Metric = Metric {
    id: "ed_mean_minutes_left_out",
    title: "A&E attendances left out of the mean time",
    plain_english: "Visits to A&E of a day or more, which the average does not count.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: attendances::is_a_day_or_more, denominator: attendances::has_times },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances with 1,440 minutes or more from arrival to departure, out of attendances with both times.",
    official_id: None,
    source: UEMH,
    differs: Some("Ours: the dashboard leaves them out without showing how many there are."),
};

/// Re-attendance.
const AGAIN_WITHIN_7_DAYS: Metric = Metric {
    id: "ed_reattend_7d",
    title: "A&E attendances followed by another within 7 days",
    plain_english: "People who were back in A&E within a week.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: attendances::is_followed_by_another,
        denominator: attendances::is_followed,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances of a person who arrived again, at the same department or another, more than 240 minutes and at most 7 days (10,080 minutes) after arriving, out of attendances of people known by a usable NHS number or by several records, with an arrival time, whose provider covers the 7 days after.",
    official_id: None,
    source: "NHS Digital, Hospital A&E Activity 2021-22: re-attendances",
    differs: Some(
        "Any unplanned attendance counts as another, whatever it was for. An arrival without a time is in neither; another at a provider that sent nothing is not seen.",
    ),
};

/// Left before the end.
const LEFT: Metric = Metric {
    id: "ed_left_before_seen",
    title: "A&E attendances that people left before being seen or treated",
    plain_english: "People who left A&E before they were seen or their treatment was complete.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: attendances::has_left, denominator: attendances::has_status },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances that people left before initial assessment, after it, or before treatment was completed, out of attendances whose discharge status is known.",
    official_id: None,
    source: "EMERGENCY CARE DISCHARGE STATUS; A&E clinical quality indicators, unplanned",
    differs: Some(
        "Attendances without a discharge status are left out of both sides; published rates count them as not left.",
    ),
};

/// Left before being seen, strictly.
const LEFT_UNASSESSED: Metric = Metric {
    id: "ed_left_before_seen_strict",
    title: "A&E attendances that people left before initial assessment",
    plain_english: "People who left A&E before anybody had assessed them.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: attendances::has_left_unassessed,
        denominator: attendances::has_status,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances that people left before initial assessment, out of attendances whose discharge status is known.",
    official_id: None,
    source: "EMERGENCY CARE DISCHARGE STATUS; A&E clinical quality indicators, unplanned",
    differs: Some(
        "The strict reading: ed_left_before_seen counts leaving later too. Attendances without a discharge status are left out of both sides.",
    ),
};

/// Conversion.
const CONVERSION: Metric = Metric {
    id: "ed_conversion",
    title: "A&E attendances that ended in admission",
    plain_english: "Visits to A&E after which people were admitted to hospital.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: attendances::is_admitted, denominator: attendances::has_destination },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Attendances after which people went to a ward or a unit of critical care, out of attendances whose discharge destination is known. A short-stay unit, same-day emergency care and hospital at home are no admission.",
    official_id: None,
    source: "EMERGENCY CARE DISCHARGE DESTINATION",
    differs: Some(
        "Attendances without a destination are left out of both sides; published rates differ in whether a short-stay unit is an admission.",
    ),
};
