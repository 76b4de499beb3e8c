//! The tables and columns that can be shared, each with what it means. What is not here cannot leave, whatever linked
//! tables come to hold.

use serde_json::{Value as Json, json};

use super::{Agreement, Table};

/// The column of every table that says whose row it is.
pub const PERSON: &str = "person";

/// What a shared column holds, and how it comes from the linked one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The recipient's token of the person.
    Person,
    /// The recipient's token of the referral.
    Referral,
    /// A word of a code list.
    Word,
    /// An organisation's code.
    Organisation,
    /// A day, or the first of its month.
    Day,
    /// A whole number.
    Whole,
    /// A decimal number.
    Decimal,
    /// Yes or no.
    YesNo,
    /// Words as they are in the linked table.
    Text,
    /// The year of a month; shared as usual.
    Year,
    /// A month; shared only where it is asked for by name.
    Month,
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct SharedColumn {
    /// Its name.
    pub name: &'static str,
    /// The linked column it comes from.
    pub from: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means; what null means.
    pub meaning: &'static str,
}

impl SharedColumn {
    /// Whether it is shared where no columns are named.
    pub fn is_usual(&self) -> bool {
        self.kind != Kind::Month
    }
}

/// One table.
#[derive(Debug, PartialEq, Eq)]
pub struct SharedTable {
    /// Its name, which is that of the linked table.
    pub name: &'static str,
    /// What a row is.
    pub grain: &'static str,
    /// Its columns, the person's first.
    pub columns: &'static [SharedColumn],
}

const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> SharedColumn {
    SharedColumn { name, from: name, kind, meaning }
}

const WHO: SharedColumn = column(PERSON, Kind::Person, "whose row it is: the recipient's own token of the person");
const REFERRAL: SharedColumn = column("referral", Kind::Referral, "the recipient's own token of the referral");
const PROVIDER: SharedColumn = column("provider", Kind::Organisation, "ODS code of the organisation that recorded it");
const SERVICE: SharedColumn = column("service", Kind::Word, "mental_health, talking_therapies or community");
const AGE: SharedColumn = column("age", Kind::Whole, "age in whole years on the day; null where not known");
const DATE: SharedColumn = column("date", Kind::Day, "the day of it");
const ATTENDANCE: SharedColumn = column("attendance", Kind::Word, "whether the patient was seen; null where not said");
const TEAM: SharedColumn =
    column("team_type", Kind::Word, "type of the referral's only team; null with none or several");

/// Every table that can be shared.
pub const ALL: &[SharedTable] = &[
    SharedTable {
        name: "persons",
        grain: "one row a person",
        columns: &[
            WHO,
            column(
                "person_basis",
                Kind::Word,
                "what the person rests on: nhs, an NHS number; demographic, records joined without one; single, one record without one",
            ),
            column("sex", Kind::Word, "phenotypic sex; null where not known"),
            column("ethnic_group", Kind::Word, "ethnic group; not_stated is an answer, null is none"),
            column("imd_quintile", Kind::Whole, "deprivation quintile, 1 most deprived; null where not known"),
            SharedColumn {
                name: "birth_year",
                from: "birth_month",
                kind: Kind::Year,
                meaning: "year of birth; null where not known",
            },
            column("birth_month", Kind::Month, "month of birth as 1987-03; null where not known"),
            column("death_date", Kind::Day, "day of death; null where the person is not known to have died"),
        ],
    },
    SharedTable {
        name: "pathway_episodes",
        grain: "one row a person and pathway",
        columns: &[
            WHO,
            column("pathway", Kind::Text, "id of the pathway in the configuration"),
            column("index_date", Kind::Day, "the day the person joined"),
            column("end_date", Kind::Day, "the day the person's time after joining ends"),
            column("end_reason", Kind::Text, "left, crossed_over, died, moved_out or window_end"),
            column("is_arm", Kind::YesNo, "whether the person counts in the pathway's arm of its comparison"),
        ],
    },
    SharedTable {
        name: "referrals",
        grain: "one row a referral",
        columns: &[
            WHO,
            REFERRAL,
            SERVICE,
            PROVIDER,
            column("received_date", Kind::Day, "the day the referral was received"),
            column("discharge_date", Kind::Day, "the day it was closed; null while it is open"),
            column("referral_source", Kind::Word, "who referred; null where not said"),
            column("offer", Kind::Word, "what a voluntary-sector service offers; null elsewhere"),
            column("priority", Kind::Word, "how urgent it is; null where not said"),
            column("end_reason", Kind::Word, "why it was closed; null where not said"),
            TEAM,
            column("age", Kind::Whole, "age in whole years on receipt; null where not known"),
            column("discharge_age", Kind::Whole, "age in whole years at discharge; null where open or not known"),
        ],
    },
    SharedTable {
        name: "contacts",
        grain: "one row a contact, attended or not",
        columns: &[
            WHO,
            REFERRAL,
            DATE,
            SERVICE,
            PROVIDER,
            ATTENDANCE,
            column("appointment_type", Kind::Word, "assessment, treatment and so on; null where not said"),
            column("planned", Kind::Word, "whether it was planned; null where not said"),
            TEAM,
            AGE,
        ],
    },
    SharedTable {
        name: "scores",
        grain: "one row a score of a questionnaire",
        columns: &[
            WHO,
            REFERRAL,
            column("date", Kind::Day, "the day it was answered; null where not known"),
            column("scale", Kind::Word, "which questionnaire"),
            column("score", Kind::Decimal, "the score; 0 is a score, null is none"),
            column("is_at_contact", Kind::YesNo, "whether it was answered at a contact"),
            ATTENDANCE,
            column("planned", Kind::Word, "whether that contact was planned; null where not said"),
        ],
    },
    SharedTable {
        name: "ward_stays",
        grain: "one row a stay on a ward",
        columns: &[
            WHO,
            column("start", Kind::Day, "the day it began"),
            column("end", Kind::Day, "the day it ended; null while it goes on"),
            PROVIDER,
            column("bed_type", Kind::Word, "type of bed; null where not said"),
            AGE,
        ],
    },
    SharedTable {
        name: "attendances",
        grain: "one row a visit to A&E",
        columns: &[
            WHO,
            DATE,
            column("minutes", Kind::Whole, "minutes from arrival to departure; null where a time is missing"),
            PROVIDER,
            column("department_type", Kind::Word, "type of department; null where not said"),
            column(
                "chief_complaint",
                Kind::Word,
                "what brought the person, where it is one that is counted; else null",
            ),
            column("injury_intent", Kind::Word, "intent of an injury, where it is one that is counted; else null"),
            AGE,
        ],
    },
    SharedTable {
        name: "appointments",
        grain: "one row an appointment at a GP practice",
        columns: &[
            WHO,
            DATE,
            PROVIDER,
            column("status", Kind::Word, "attended, did_not_attend, cancelled or unknown"),
            AGE,
        ],
    },
];

/// The file of a table.
pub fn file(table: &str) -> String {
    format!("{table}.parquet")
}

/// What every table and column means, in the manner of CSV on the Web.
pub(super) fn metadata(agreement: &Agreement, tables: &[Table]) -> Json {
    let group = agreement.tables.iter().zip(tables).map(|((table, columns), written)| {
        let columns = columns.iter().map(|column| {
            let datatype = match column.kind {
                Kind::Day => "date",
                Kind::Whole | Kind::Year => "integer",
                Kind::Decimal => "decimal",
                Kind::YesNo => "boolean",
                _ => "string",
            };
            json!({ "name": column.name, "titles": column.name, "datatype": datatype, "dc:description": column.meaning })
        });
        json!({
            "url": file(table.name),
            "dc:format": "application/vnd.apache.parquet",
            "dc:title": table.grain,
            "pathlink:rows": written.rows,
            "tableSchema": { "columns": columns.collect::<Vec<_>>() },
        })
    });
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "pathlink:tokens": agreement.purpose,
        "pathlink:date_precision": agreement.precision(),
        "tables": group.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_says_whose_row_it_is_and_nothing_else_twice() {
        for table in ALL {
            assert_eq!(table.columns[0], WHO, "{}", table.name);
            let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }
}
