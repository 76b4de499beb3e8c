//! The plain text that goes with shared rows: what they are and what was agreed.

use super::{Agreement, Table, tables};
use crate::domain::day;
use crate::settings::share::SharedPeople;

/// The text.
pub(super) fn text(agreement: &Agreement, tables: &[Table], is_demonstration: bool) -> String {
    let config = &agreement.config;
    let mut lines = Vec::new();
    if is_demonstration {
        lines.push("DEMONSTRATION: invented people, built-in key.\n".to_owned());
    }
    lines.push(format!("Rows about people, for {} only.", config.recipient));
    lines.push(format!("Agreement: {}. It ends on {}.", config.agreement, day::to_iso(agreement.expires)));
    let people = match config.people {
        SharedPeople::Pathway => "people on a pathway of the evaluation, and the people they are compared with",
        SharedPeople::All => "everybody in the extracts",
    };
    lines.push(format!("People: {people}. Dates: to the {}.", agreement.precision()));
    lines.push(String::new());
    for (table, (declared, _)) in tables.iter().zip(&agreement.tables) {
        lines.push(format!("  {:<26}{} ({} rows)", tables::file(table.name), declared.grain, table.rows));
    }
    lines.push(String::new());
    lines.push("metadata.json says what every column means; manifest.json has each file's SHA-256.".to_owned());
    lines.push(String::new());
    lines.push("What was agreed".to_owned());
    for term in TERMS {
        lines.push(format!("- {term}"));
    }
    lines.push(String::new());
    lines.push(
        "`person` and `referral` are keyed tokens made for you alone. They cannot be turned back without a key that \
         you do not have, and another recipient's files have others."
            .to_owned(),
    );
    lines.push(match &config.study {
        Some(_) if agreement.purpose.contains(":study/") => {
            "They are the same in every share of this study, so that people can be followed.".to_owned()
        }
        _ => "Another period's have others, too: people cannot be followed from one to the next.".to_owned(),
    });
    lines.join("\n") + "\n"
}

const TERMS: [&str; 5] = [
    "Use the rows for the evaluation that the agreement names, and for nothing else.",
    "Keep them where the agreement says. Give them to nobody else, whole or in part.",
    "Do not try to find out who anybody is, and do not join the rows with other data about people.",
    "Publish figures only after disclosure control: these rows have had none, and small counts can identify people.",
    "Destroy every copy when the agreement ends, or when you are asked to because somebody has opted out.",
];
