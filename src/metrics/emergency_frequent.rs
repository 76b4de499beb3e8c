//! A&E: people who come often, and how much of the use is theirs.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::attendances;

/// People with so many attendances.
macro_rules! people {
    ($id:literal, $rows:literal, $many:literal, $often:literal) => {
        Metric {
            id: $id,
            title: concat!("People with ", $many, " A&E attendances in 12 months"),
            plain_english: concat!("People who went to A&E ", $often, " in a year."),
            subject: Subject::Attendances,
            dated: Dating::YearToEnd("date"),
            statistic: Statistic::PeopleWithAtLeast { rows: $rows, of: attendances::is_counted },
            sheet: Sheet::Demand,
            better: Better::Lower,
            standard: None,
            definition: concat!(
                "People with ",
                $many,
                " attendances in the twelve months to the period's end, out of people with any."
            ),
            official_id: None,
            source: "ours; published definitions of frequent attenders conflict",
            differs: Some(DIFFERS),
        }
    };
}

/// Attendances of such people.
macro_rules! visits {
    ($id:literal, $rows:literal, $many:literal, $often:literal) => {
        Metric {
            id: $id,
            title: concat!("A&E attendances by people with ", $many, " in 12 months"),
            plain_english: concat!("Visits to A&E by people who went ", $often, " in a year."),
            subject: Subject::Attendances,
            dated: Dating::YearToEnd("date"),
            statistic: Statistic::RowsOfPeopleWithAtLeast { rows: $rows, of: attendances::is_counted },
            sheet: Sheet::Demand,
            better: Better::Lower,
            standard: None,
            definition: concat!(
                "Attendances in the twelve months to the period's end of people with ",
                $many,
                " of them, out of all attendances in these months."
            ),
            official_id: None,
            source: "ours; published definitions of frequent attenders conflict",
            differs: Some(DIFFERS),
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &people!("ed_frequent_3", 3, "3 or more", "3 times or more"),
    &people!("ed_frequent_5", 5, "5 or more", "5 times or more"),
    &people!("ed_frequent_10", 10, "10 or more", "10 times or more"),
    &people!("ed_frequent_over20", 21, "more than 20", "more than 20 times"),
    &visits!("ed_frequent_3_attendances", 3, "3 or more", "3 times or more"),
    &visits!("ed_frequent_5_attendances", 5, "5 or more", "5 times or more"),
    &visits!("ed_frequent_10_attendances", 10, "10 or more", "10 times or more"),
    &visits!("ed_frequent_over20_attendances", 21, "more than 20", "more than 20 times"),
];

/// Why so many limits are shown.
const DIFFERS: &str = "NHS England's high-intensity users have more than 20 a year or 5 a month, British Red Cross takes 5, EMJ 3 and others 10; each of the yearly ones is shown.";
