//! Can this be trusted: how surely records were linked, and what became of the rows of every source.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::view::{Row, Sheets};
use crate::schema::Source;

/// The section.
pub(crate) fn section(sheets: Sheets<'_>) -> Section {
    let said =
        ["Records that say whose they are", "How surely records of one person were found", "Who is matched less often"];
    let lead = said.iter().flat_map(|measure| sheets.find("funder_summary", &[("measure", measure)]));
    Section {
        id: "trust",
        title: "Can these figures be trusted?",
        lead: lead.map(|row| row.text("plain_english").to_owned()).collect(),
        figures: vec![rows_read(sheets)],
    }
}

/// What became of the rows of every table; a source without rows is missing.
fn rows_read(sheets: Sheets<'_>) -> Figure {
    let measures = ["read", "kept", "rejected", "duplicated", "excluded"];
    let all: Vec<Row<'_>> = sheets.rows("data_quality").collect();
    let mut tables: Vec<[&str; 2]> = all.iter().map(|row| [row.text("source"), row.text("table")]).collect();
    tables.dedup();
    let rows = tables.iter().filter(|[_, table]| !table.is_empty()).map(|own| {
        let of = |measure: &&str| {
            let is_own =
                |row: &&Row<'_>| [row.text("source"), row.text("table")] == *own && row.text("measure") == *measure;
            all.iter().find(is_own).map_or_else(|| "none".to_owned(), |row| row.shown("count"))
        };
        let title = Source::from_id(own[0]).map_or_else(|| own[0].to_owned(), |source| source.title().to_owned());
        [own[1].to_owned(), title].into_iter().chain(measures.iter().map(of)).collect()
    });
    let sent: Vec<&str> = tables.iter().map(|[source, _]| *source).collect();
    let silent: Vec<&str> =
        Source::ALL.into_iter().filter(|source| !sent.contains(&source.id())).map(Source::title).collect();
    let sentence = if silent.is_empty() {
        "Every source sent data. Each row that was read was kept, or is counted under the reason why not.".to_owned()
    } else {
        format!(
            "Nothing came from: {}. What rests on it is marked as not available; it is not nought.",
            silent.join(", ")
        )
    };
    Figure {
        title: "What became of the rows that were sent".to_owned(),
        sentence,
        picture: None,
        table: Table {
            caption: "Rows by table".to_owned(),
            headings: headings(
                &["Table", "Source"],
                &["Read", "Kept", "Rejected", "Sent twice", "Left out on purpose"],
            ),
            rows: rows.collect(),
        },
        note: "Left out on purpose are, among others, people who did not agree and rows that no figure is about."
            .to_owned(),
    }
}
