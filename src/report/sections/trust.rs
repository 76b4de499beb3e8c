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
        figures: std::iter::once(rows_read(sheets)).chain(published(sheets)).collect(),
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

/// What was published elsewhere beside ours; none where a project names nothing.
fn published(sheets: Sheets<'_>) -> Option<Figure> {
    let rows: Vec<Row<'_>> = sheets.rows("published").collect();
    let is_percent = |row: &Row<'_>| row.text("unit") == "percent";
    let unit = |row: &Row<'_>| if is_percent(row) { " %" } else { "" };
    let cells = |row: &Row<'_>| {
        let of = |column: &str| row.with_unit(column, "", unit(row));
        let points = if is_percent(row) { " points" } else { "" };
        let words = [row.text("metric"), row.text("group"), row.text("period"), row.text("source")].map(str::to_owned);
        let numbers = [of("published_value"), of("value"), row.with_unit("difference", "", points)];
        words.into_iter().chain(numbers).collect()
    };
    let beside = rows.iter().filter(|row| row.number("difference").is_some());
    let (all, same) = beside.fold((0_usize, 0_usize), |(all, same), row| {
        (all + 1, same + usize::from(row.number("difference") == Some(0.0)))
    });
    let sentence = format!(
        "{} published by others could be set beside ours; {same} of them say the same to the last figure printed.",
        if all == 1 { "1 figure".to_owned() } else { format!("{all} figures") }
    );
    let notes: Vec<String> = rows
        .iter()
        .filter(|row| !row.text("note").is_empty())
        .map(|row| {
            format!("{}, {}, {}: {}.", row.text("metric"), row.text("group"), row.text("period"), row.text("note"))
        })
        .collect();
    (!rows.is_empty()).then(|| Figure {
        title: "Beside what was published".to_owned(),
        sentence,
        picture: None,
        table: Table {
            caption: "Published figures and ours".to_owned(),
            headings: headings(&["Figure", "Of", "When", "Published in"], &["Published", "Ours", "Ours less theirs"]),
            rows: rows.iter().map(cells).collect(),
        },
        note: notes.join(" "),
    })
}
