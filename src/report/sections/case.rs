//! The business case: the economic and the financial case apart, agencies apart, which input matters most, and how sure it is.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::svg::{Bar, Blade, Fan, Tornado};
use crate::report::view::{Row, Sheets};

/// The section; none where there is no business case.
pub(crate) fn section(sheets: Sheets<'_>) -> Option<Section> {
    let mut figures = Vec::new();
    let mut lead = Vec::new();
    let mut cases: Vec<&str> = sheets.rows("cba_summary").map(|row| row.text("case")).collect();
    cases.dedup();
    for id in cases {
        let rows = |part: &str| sheets.find("cba_summary", &[("case", id), ("scenario", "base"), ("part", part)]);
        let economic = rows("economic");
        let Some(first) = economic.first() else { continue };
        let title = first.text("title");
        if ["c", "x"].contains(&first.text("marker")) {
            lead.push(format!("{title}: there is no business case yet. {}.", first.text("note")));
            figures.push(refused(title, *first));
            continue;
        }
        // The weakest thing that the case rests on comes first.
        lead.extend(
            economic
                .iter()
                .map(|row| row.text("note"))
                .filter(|note| !note.is_empty())
                .map(|note| format!("{title}: {note}")),
        );
        lead.extend(
            economic.iter().map(|row| row.text("plain_english")).filter(|words| !words.is_empty()).map(str::to_owned),
        );
        figures.push(values(&format!("{title}: the economic case, everybody's costs and benefits"), &economic));
        figures.push(values(&format!("{title}: the financial case, public budgets alone"), &rows("financial")));
        figures.push(budgets(title, &rows("agency")));
        figures.push(scenarios(sheets, id, title));
        figures.push(tornado(sheets, id, title));
        figures.push(fan(sheets, id, title));
        figures.push(values(&format!("{title}: what would have to be true for it to break even"), &rows("break_even")));
    }
    let section = Section { id: "business-case", title: "Is it worth what it costs?", lead, figures };
    (!section.figures.is_empty()).then_some(section)
}

fn refused(title: &str, row: Row<'_>) -> Figure {
    Figure {
        title: format!("{title}: the business case"),
        sentence: "It cannot be worked out.".to_owned(),
        picture: None,
        table: Table {
            caption: format!("Why there is no business case: {title}"),
            headings: headings(&["What", "Why, and what to do"], &[]),
            rows: vec![vec![row.text("measure").to_owned(), row.text("note").to_owned()]],
        },
        note: "The case is in the settings, under `business_cases`.".to_owned(),
    }
}

/// A value with its unit.
fn value(row: Row<'_>, column: &str) -> String {
    match row.text("unit") {
        "pounds" | "pounds for a pound" => row.with_unit(column, "£", ""),
        "years" => row.with_unit(column, "", " years"),
        _ => row.shown(column),
    }
}

fn limits(row: Row<'_>) -> String {
    if row.number("lower_90").is_none() {
        return "none".to_owned();
    }
    format!("{} to {}", value(row, "lower_90"), value(row, "upper_90"))
}

fn values(title: &str, rows: &[Row<'_>]) -> Figure {
    let words: Vec<&str> = rows.iter().map(|row| row.text("plain_english")).filter(|words| !words.is_empty()).collect();
    let price_year = rows.first().map_or("", |row| row.text("price_year"));
    Figure {
        title: title.to_owned(),
        sentence: if words.is_empty() { format!("In the prices of {price_year}.") } else { words.join(" ") },
        picture: None,
        table: Table {
            caption: title.to_owned(),
            headings: headings(&["What"], &["Value", "9 in 10 sure"]),
            rows: rows.iter().map(|row| vec![name(*row), value(*row, "value"), limits(*row)]).collect(),
        },
        note: "Year by year and line by line in cba_lines.csv, with every number in cba_inputs.csv.".to_owned(),
    }
}

fn name(row: Row<'_>) -> String {
    let is_of_one = row.text("part") == "break_even";
    if is_of_one { format!("{}: {}", row.text("note"), row.text("measure")) } else { row.text("measure").to_owned() }
}

fn budgets(title: &str, rows: &[Row<'_>]) -> Figure {
    let cells =
        |row: &Row<'_>| vec![row.text("agency").to_owned(), row.text("measure").to_owned(), value(*row, "value")];
    Figure {
        title: format!("{title}: who pays, and who is spared"),
        sentence: "Whoever pays is often not whoever is spared.".to_owned(),
        picture: None,
        table: Table {
            caption: format!("{title}: by budget"),
            headings: headings(&["Whose budget", "What"], &["Present value"]),
            rows: rows.iter().map(cells).collect(),
        },
        note: "Spared is the value of activity: it is cash only where a budget is cut.".to_owned(),
    }
}

fn scenarios(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let measures = ["net present value", "benefits for each pound of cost"];
    let rows = |measure: &str| sheets.find("cba_summary", &[("case", id), ("part", "economic"), ("measure", measure)]);
    let rows: Vec<Vec<String>> = rows(measures[0])
        .into_iter()
        .zip(rows(measures[1]))
        .map(|(net, ratio)| {
            vec![net.text("scenario").replace('_', " "), value(net, "value"), limits(net), value(ratio, "value")]
        })
        .collect();
    Figure {
        title: format!("{title}: with other numbers"),
        sentence: "Cautious means every effect and every cost at the end of its interval that speaks against the case."
            .to_owned(),
        picture: None,
        table: Table {
            caption: format!("{title}: scenarios side by side"),
            headings: headings(&["Scenario"], &["Net present value", "9 in 10 sure", "For each £1"]),
            rows,
        },
        note: "The project's own scenarios are in the business case's file.".to_owned(),
    }
}

fn tornado(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let rows = sheets.find("tornado", &[("case", id)]);
    let net = sheets.find("cba_summary", &[("case", id), ("scenario", "base"), ("measure", "net present value")]);
    let central = net.first().and_then(|row| row.number("value")).unwrap_or_default();
    let pounds = |row: &Row<'_>, column: &str| row.with_unit(column, "£", "");
    let bar = |row: &Row<'_>| {
        let ends = row.number("net_at_low").zip(row.number("net_at_high"))?;
        let words = format!("{} to {}", pounds(row, "net_at_low"), pounds(row, "net_at_high"));
        Some(Bar { label: row.text("input").to_owned(), ends: [ends.0, ends.1], words })
    };
    let heading = format!("{title}: which input matters most");
    let picture_id = format!("tornado-{id}");
    let picture = Tornado { id: &picture_id, title: &heading, central, bars: rows.iter().filter_map(bar).collect() };
    let cells = |row: &Row<'_>| {
        vec![
            row.text("input").to_owned(),
            format!("{} to {}", row.shown("low"), row.shown("high")),
            pounds(row, "net_at_low"),
            pounds(row, "net_at_high"),
        ]
    };
    Figure {
        sentence: "Net present value with one input at an end of its interval and all others as estimated. Filled bars are the lower end, open ones the upper end; the thick line is where costs and benefits are even.".to_owned(),
        picture: picture.picture(),
        table: Table {
            caption: heading.clone(),
            headings: headings(&["Input"], &["From and to", "At the lower end", "At the upper end"]),
            rows: rows.iter().map(cells).collect(),
        },
        title: heading,
        note: "Effect and unit cost together are in cba_grid.csv.".to_owned(),
    }
}

fn fan(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let rows = sheets.find("psa", &[("case", id), ("scenario", "base")]);
    let pounds = |row: &Row<'_>, column: &str| row.with_unit(column, "£", "");
    let blade = |row: &Row<'_>| {
        let words = format!(
            "{}, 9 in 10 sure {} to {}",
            pounds(row, "middle"),
            pounds(row, "lower_90"),
            pounds(row, "upper_90")
        );
        Some(Blade {
            period: row.text("year").to_owned(),
            middle: row.number("middle")?,
            inner: [row.number("lower_50")?, row.number("upper_50")?],
            outer: [row.number("lower_90")?, row.number("upper_90")?],
            words,
        })
    };
    let heading = format!("{title}: benefits less costs, year by year");
    let picture_id = format!("fan-{id}");
    let picture = Fan { id: &picture_id, title: &heading, blades: rows.iter().filter_map(blade).collect() };
    let cells = |row: &Row<'_>| {
        vec![
            row.text("year").to_owned(),
            pounds(row, "middle"),
            format!("{} to {}", pounds(row, "lower_90"), pounds(row, "upper_90")),
        ]
    };
    Figure {
        sentence: "All inputs are drawn together many times. The dark band holds half of the draws and the light one nine tenths.".to_owned(),
        picture: picture.picture(),
        table: Table {
            caption: heading.clone(),
            headings: headings(&["Up to the end of"], &["Middle", "9 in 10 sure"]),
            rows: rows.iter().map(cells).collect(),
        },
        title: heading,
        note: "In today's money. Every percentile is in psa.csv.".to_owned(),
    }
}
