//! A&E.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::attendances;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &ATTENDANCES,
    &WITHIN_4_HOURS,
    &OVER_6_HOURS,
    &OVER_12_HOURS_FROM_ARRIVAL,
    &FREQUENT_3,
    &FREQUENT_5,
    &FREQUENT_10,
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
        "Departments of type 05 are counted apart; NHS England's mental-health dashboard takes type 01 only.",
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

/// People with 3 attendances or more.
const FREQUENT_3: Metric = Metric {
    id: "ed_frequent_3",
    title: "People with 3 or more A&E attendances in 12 months",
    plain_english: "People who went to A&E 3 times or more in a year.",
    subject: Subject::Attendances,
    dated: Dating::YearToEnd("date"),
    statistic: Statistic::PeopleWithAtLeast { rows: 3, of: attendances::is_counted },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "People with 3 or more attendances in the twelve months to the period's end, out of people with any.",
    official_id: None,
    source: "ours; published definitions of frequent attenders conflict",
    differs: Some("NHS England, British Red Cross and EMJ each use another threshold; 3, 5 and 10 are shown."),
};

/// People with 5 attendances or more.
const FREQUENT_5: Metric = Metric {
    id: "ed_frequent_5",
    title: "People with 5 or more A&E attendances in 12 months",
    plain_english: "People who went to A&E 5 times or more in a year.",
    subject: Subject::Attendances,
    dated: Dating::YearToEnd("date"),
    statistic: Statistic::PeopleWithAtLeast { rows: 5, of: attendances::is_counted },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "People with 5 or more attendances in the twelve months to the period's end, out of people with any.",
    official_id: None,
    source: "ours; published definitions of frequent attenders conflict",
    differs: Some("NHS England, British Red Cross and EMJ each use another threshold; 3, 5 and 10 are shown."),
};

/// People with 10 attendances or more.
const FREQUENT_10: Metric = Metric {
    id: "ed_frequent_10",
    title: "People with 10 or more A&E attendances in 12 months",
    plain_english: "People who went to A&E 10 times or more in a year.",
    subject: Subject::Attendances,
    dated: Dating::YearToEnd("date"),
    statistic: Statistic::PeopleWithAtLeast { rows: 10, of: attendances::is_counted },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "People with 10 or more attendances in the twelve months to the period's end, out of people with any.",
    official_id: None,
    source: "ours; published definitions of frequent attenders conflict",
    differs: Some("NHS England, British Red Cross and EMJ each use another threshold; 3, 5 and 10 are shown."),
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
