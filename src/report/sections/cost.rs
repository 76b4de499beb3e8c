//! Cost: the value of what was used, what the pathway itself costs, and who pays.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::Context;
use crate::report::view::{Row, Sheets};

/// The section.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let figures = vec![value_of_use(sheets, context), summary(sheets, context)];
    let lead = "The value of activity at average cost. It is not money saved: a bed that stays empty still costs what it costs, and cash is saved only where a budget is cut.";
    Section { id: "cost", title: "What it costs, and who pays", lead: vec![lead.to_owned()], figures }
}

/// The value of everything used, before and after.
fn value_of_use(sheets: Sheets<'_>, context: &Context<'_>) -> Figure {
    let rows: Vec<Row<'_>> = sheets.find("costs", &[("service", "total")]);
    let price_year = rows.iter().map(|row| row.text("price_year")).find(|year| !year.is_empty());
    let cells = |row: &Row<'_>| {
        let note = row.text("note");
        vec![
            context.title(row.text("pathway")).to_owned(),
            if row.text("window") == "after" { "year after" } else { "year before" }.to_owned(),
            if note.is_empty() { "nothing is missing".to_owned() } else { note.to_owned() },
            row.with_unit("cost_per_person_year", "£", ""),
            row.with_unit("cost_per_person_year_low", "£", ""),
            row.with_unit("cost_per_person_year_high", "£", ""),
        ]
    };
    Figure {
        title: "The value of all services used, for each person over a year".to_owned(),
        sentence: price_year.map_or_else(
            || "Too little can be shown of each service for a total.".to_owned(),
            |year| format!("All prices are those of {year}. Low and high are the values at the lowest and highest price of each service."),
        ),
        picture: None,
        table: Table {
            caption: "Value of use for each person over a year".to_owned(),
            headings: headings(&["Who", "When", "What is missing"], &["Value", "Low", "High"]),
            rows: rows.iter().map(cells).collect(),
        },
        note: "By service in costs.csv, with the source of every price.".to_owned(),
    }
}

/// What delivery costs, and who pays and benefits.
fn summary(sheets: Sheets<'_>, context: &Context<'_>) -> Figure {
    let cells = |row: Row<'_>| {
        vec![
            context.title(row.text("pathway")).to_owned(),
            row.text("metric").to_owned(),
            part(row),
            row.text("unit").to_owned(),
            row.with_unit("value", "£", ""),
            row.interval(["lower_95", "upper_95"]),
        ]
    };
    Figure {
        title: "What the pathway costs beside usual care".to_owned(),
        sentence: "The change of the pathway's people less the change of those in usual care: below nought means that they came to use less. A difference of changes, not an effect.".to_owned(),
        picture: None,
        table: Table {
            caption: "Cost beside usual care, by who pays".to_owned(),
            headings: headings(&["Pathway", "What", "Of which", "In"], &["Value", "Range, 95 %"]),
            rows: sheets.rows("cost_summary").map(cells).collect(),
        },
        note: "Low and high by price are in cost_summary.csv.".to_owned(),
    }
}

fn part(row: Row<'_>) -> String {
    match row.text("part") {
        "payer" => format!("paid by: {}", row.text("payer")),
        "without_index_services" => "without the services that people were found by".to_owned(),
        _ => "all".to_owned(),
    }
}
