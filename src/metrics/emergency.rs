//! A&E.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::attendances;

/// Where figures on mental health are from.
pub(super) const UEMH: &str = "NHS England UEMH dashboard (July 2025)";

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &ATTENDANCES,
    &SAME_DAY,
    &MENTAL_HEALTH,
    &MENTAL_HEALTH_SHARE,
    &SELF_HARM,
    &WITHIN_4_HOURS,
    &OVER_6_HOURS,
    &OVER_12_HOURS_FROM_ARRIVAL,
];

/// Attendances.
const ATTENDANCES: Metric = Metric {
    id: "ed_attendances",
    title: "A&E attendances",
    plain_english: "Visits to A&E.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: attendances::is_counted },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Unplanned attendances at departments of type 01 to 04 that arrived in the period; streamed-away and dead-on-arrival rows are left out.",
    official_id: None,
    source: "NHS England UEMH dashboard (July 2025); departments as EMERGENCY CARE DEPARTMENT TYPE",
    differs: Some(
        "Departments of type 05 are counted apart, in ed_same_day_emergency; NHS England's mental-health dashboard takes type 01 only.",
    ),
};

/// Same-day emergency care.
const SAME_DAY: Metric = Metric {
    id: "ed_same_day_emergency",
    title: "Same-day emergency care attendances",
    plain_english: "Visits to units that treat urgent illness within a day, beside A&E.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: attendances::is_same_day },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Unplanned attendances at departments of type 05 that arrived in the period; streamed-away and dead-on-arrival rows are left out. They are in no other figure of A&E.",
    official_id: None,
    source: "EMERGENCY CARE DEPARTMENT TYPE 05, NHS Data Dictionary",
    differs: Some(
        "Counted apart because places move such care into the A&E data set one after the other, which is no growth.",
    ),
};

/// Four-hour standard.
const WITHIN_4_HOURS: Metric = Metric {
    id: "ed_within_4h",
    title: "A&E attendances of 4 hours or less",
    plain_english: "Visits to A&E that lasted four hours or less.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: attendances::is_within_standard,
        denominator: attendances::has_times,
    },
    sheet: Sheet::Demand,
    better: Better::Higher,
    standard: None,
    definition: "Attendances with 240 minutes or fewer from arrival to departure, out of attendances with both times.",
    official_id: None,
    source: "NHS Digital, A&E performance times: 240 minutes meets it",
    differs: Some("Attendances without both times are left out of both sides."),
};

/// Over six hours.
const OVER_6_HOURS: Metric = Metric {
    id: "ed_over_6h",
    title: "A&E attendances of more than 6 hours",
    plain_english: "Visits to A&E that lasted more than six hours.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: attendances::is_over_6_hours, denominator: attendances::has_times },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances with more than 360 minutes from arrival to departure, out of attendances with both times.",
    official_id: None,
    source: "NHS England UEMH dashboard (July 2025)",
    differs: Some(
        "All departments of type 01 to 04, and all attendances; the dashboard takes mental-health attendances at type 01.",
    ),
};

/// Over twelve hours, on the clock that starts at arrival.
const OVER_12_HOURS_FROM_ARRIVAL: Metric = Metric {
    id: "ed_over_12h_arrival",
    title: "A&E attendances of more than 12 hours from arrival",
    plain_english: "Visits to A&E that lasted more than twelve hours, from coming in to leaving.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: attendances::is_over_12_hours, denominator: attendances::has_times },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Attendances with more than 720 minutes from arrival to departure, out of attendances with both times.",
    official_id: None,
    source: "NHS England UEMH dashboard (July 2025)",
    differs: Some("Not the 12-hour wait from the decision to admit, which starts later and is another measure."),
};

/// For mental health.
const MENTAL_HEALTH: Metric = Metric {
    id: "ed_mh_attendances",
    title: "A&E attendances for mental health",
    plain_english: "Visits to A&E for mental health.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: attendances::is_mental_health },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Attendances in the period with a mental-health or self-harm chief complaint (8 codes), a self-inflicted injury, or a primary diagnosis of mental health (17 codes). Codes: ecds_mental_health.csv and ecds_mental_health_diagnosis.csv.",
    official_id: None,
    source: UEMH,
    differs: Some(
        "All departments of type 01 to 04; the dashboard takes type 01. Other published lists are shorter, or take a diagnosis in any place.",
    ),
};

/// The share for mental health.
const MENTAL_HEALTH_SHARE: Metric = Metric {
    id: "ed_mh_share",
    title: "Share of A&E attendances for mental health",
    plain_english: "The part of visits to major A&E departments that is for mental health.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: attendances::is_major_mental_health,
        denominator: attendances::is_major,
    },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Attendances for mental health, as ed_mh_attendances counts them, out of all attendances; departments of type 01 only.",
    official_id: None,
    source: UEMH,
    differs: Some("An attendance whose department type is not known is in neither."),
};

/// For self-harm.
const SELF_HARM: Metric = Metric {
    id: "ed_self_harm",
    title: "A&E attendances for self-harm",
    plain_english: "Visits to A&E after self-harm.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: attendances::is_self_harm },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Attendances in the period with a self-inflicted injury (injury intent 276853009) or self-harm as chief complaint (248062006).",
    official_id: None,
    source: UEMH,
    differs: Some("All departments of type 01 to 04; the dashboard takes type 01."),
};
