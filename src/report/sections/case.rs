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
        lead.extend(sentences(title, &economic, &rows("financial")));
        figures.push(effects(sheets, id, title));
        figures.push(values(
            &format!("{title}: the economic case, everybody's costs and benefits"),
            ["Who pays or is spared does not matter here, only how much.", WORDS],
            &economic,
        ));
        figures.push(values(
            &format!("{title}: the financial case, public budgets alone"),
[
            "What is paid, and what public budgets are spared. What people give in kind is not in it, and what is spared is cash only where a budget is cut.",
"Year by year and line by line in cba_lines.csv, with every number in cba_inputs.csv.",
],
            &rows("financial"),
        ));
        figures.push(budgets(title, &rows("agency")));
        figures.push(scenarios(sheets, id, title));
        figures.push(tornado(sheets, id, title));
        figures.push(fan(sheets, id, title));
        figures.push(break_even(title, &rows("break_even")));
    }
    let section = Section { id: "business-case", title: "Is it worth what it costs?", lead, figures };
    (!section.figures.is_empty()).then_some(section)
}

/// What the case comes to, the weakest thing that it rests on first, and the two cases apart.
fn sentences(title: &str, economic: &[Row<'_>], financial: &[Row<'_>]) -> Vec<String> {
    let notes = economic.iter().map(|row| row.text("note")).filter(|note| !note.is_empty());
    let mut all: Vec<String> = notes.map(|note| format!("{title}: {note}")).collect();
    for (case, rows) in [("The economic case", economic), ("The financial case", financial)] {
        all.push(format!("{case}: {}", joined(rows)));
    }
    all
}

/// What rows say in words, one sentence after the other.
fn joined(rows: &[Row<'_>]) -> String {
    let words: Vec<&str> = rows.iter().map(|row| row.text("plain_english")).filter(|words| !words.is_empty()).collect();
    words.join(" ")
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

/// What happens less often to people, beside what was promised elsewhere.
fn effects(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let rows = |part: &str| sheets.find("cba_summary", &[("case", id), ("scenario", "base"), ("part", part)]);
    let (own, promised) = (rows("effect"), rows("benchmark"));
    let cells = |row: &Row<'_>| {
        vec![
            row.text("note").to_owned(),
            row.text("measure").to_owned(),
            row.shown("value"),
            row.text("unit").to_owned(),
        ]
    };
    let elsewhere = |row: &Row<'_>| {
        let value = [row.shown("value"), row.text("unit").to_owned()];
        ["elsewhere, no part of this case".to_owned(), row.text("measure").to_owned()]
            .into_iter()
            .chain(value)
            .collect()
    };
    let note = promised.first().map(|row| format!("Promised elsewhere: {}.", row.text("note")));
    Figure {
        title: format!("{title}: what changes for people"),
        sentence: joined(&[own.as_slice(), promised.as_slice()].concat()),
        picture: None,
        table: Table {
            caption: format!("{title}: from people to what happens less often"),
            headings: [headings(&["Of what", "What"], &["Value"]), headings(&["Unit"], &[])]
                .into_iter()
                .flatten()
                .collect(),
            rows: own.iter().map(cells).chain(promised.iter().map(elsewhere)).collect(),
        },
        note: note.unwrap_or_default(),
    }
}

/// A value with its unit.
fn value(row: Row<'_>, column: &str) -> String {
    match row.text("unit") {
        "pounds" | "pounds for a pound" => row.with_unit(column, "£", ""),
        "years" if row.number(column).is_none() => "does not pay for itself".to_owned(),
        "years" => row.with_unit(column, "", " years"),
        _ => row.shown(column),
    }
}

fn limits(row: Row<'_>, [low, high]: [&str; 2]) -> String {
    if row.number("value").is_none() {
        return "does not apply".to_owned();
    }
    if row.number(low).is_none() {
        return "no interval".to_owned();
    }
    format!("{} to {}", value(row, low), value(row, high))
}

/// What every number of the case is, for who has not met the words.
const WORDS: &str = "Present value: what comes in later years counts for less than what comes at once, year by year. Optimism bias: plans promise too much, so costs are raised and benefits lowered, the more so the weaker the evidence. Every number is in cba_inputs.csv, and each line year by year in cba_lines.csv.";

fn values(title: &str, [about, note]: [&str; 2], rows: &[Row<'_>]) -> Figure {
    let price_year = rows.first().map_or("", |row| row.text("price_year"));
    let has_limits = rows.iter().any(|row| row.number(NINETY[0]).is_some());
    let cells = |row: &Row<'_>| {
        let limits = has_limits.then(|| limits(*row, NINETY));
        [row.text("measure").to_owned(), value(*row, "value")].into_iter().chain(limits).collect()
    };
    Figure {
        title: title.to_owned(),
        sentence: format!("{about} In the prices of {price_year}."),
        picture: None,
        table: Table {
            caption: title.to_owned(),
            headings: headings(&["What"], if has_limits { &["Value", "9 in 10 sure"] } else { &["Value"] }),
            rows: rows.iter().map(cells).collect(),
        },
        note: note.to_owned(),
    }
}

const NINETY: [&str; 2] = ["lower_90", "upper_90"];

/// What would have to be true.
fn break_even(title: &str, rows: &[Row<'_>]) -> Figure {
    let cells = |row: &Row<'_>| vec![row.text("note").to_owned(), row.text("measure").to_owned(), value(*row, "value")];
    let heading = format!("{title}: what would have to be true for it to break even");
    Figure {
        sentence: joined(rows),
        picture: None,
        table: Table {
            caption: heading.clone(),
            headings: headings(&["Of what", "What"], &["Value"]),
            rows: rows.iter().map(cells).collect(),
        },
        title: heading,
        note: "An effect is how often something happens with the pathway over how often without: below 1 it happens less often.".to_owned(),
    }
}

/// A row for each budget.
fn budgets(title: &str, rows: &[Row<'_>]) -> Figure {
    let mut agencies: Vec<&str> = rows.iter().map(|row| row.text("agency")).collect();
    agencies.dedup();
    let measures = ["pays", "is spared", "is spared less what it pays", "of which cashable"];
    let cells = |agency: &&str| {
        let of = |measure: &&str| {
            let found = rows.iter().find(|row| row.text("agency") == *agency && row.text("measure") == *measure);
            found.map_or_else(|| "none".to_owned(), |row| value(*row, "value"))
        };
        std::iter::once((*agency).to_owned()).chain(measures.iter().map(of)).collect()
    };
    Figure {
        title: format!("{title}: who pays, and who is spared"),
        sentence: format!("Whoever pays is often not whoever is spared. {}", joined(rows)),
        picture: None,
        table: Table {
            caption: format!("{title}: by budget, present value"),
            headings: headings(&["Whose budget"], &["Pays", "Is spared", "Spared less paid", "Of which cash"]),
            rows: agencies.iter().map(cells).collect(),
        },
        note: "Spared is the value of activity: it is cash only where a budget is cut. What is given in kind stands beside whoever gives it.".to_owned(),
    }
}

/// What a reader calls a scenario.
fn name(row: Row<'_>) -> String {
    let words = row.text("scenario").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn scenarios(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let rows = sheets.find("cba_scenarios", &[("case", id)]);
    let differs = |row: &Row<'_>| format!("{}: {}.", name(*row), row.text("differs"));
    let differ: Vec<String> = rows.iter().filter(|row| !row.text("differs").is_empty()).map(differs).collect();
    let cells = |row: &Row<'_>| {
        let pounds = |column: &str| row.with_unit(column, "£", "");
        vec![
            name(*row),
            pounds("cost"),
            pounds("benefit"),
            pounds("net"),
            row.number("net_lower_90").map_or_else(
                || "no interval".to_owned(),
                |_| format!("{} to {}", pounds("net_lower_90"), pounds("net_upper_90")),
            ),
            pounds("benefit_for_a_pound"),
            pounds("budget_net"),
        ]
    };
    Figure {
        title: format!("{title}: with other numbers"),
        sentence: format!(
            "Cautious means every effect and every cost at the end of its interval that speaks against the case. {}",
            differ.join(" ")
        ),
        picture: None,
        table: Table {
            caption: format!("{title}: scenarios side by side"),
            headings: headings(
                &["Scenario"],
                &["Costs", "Benefits", "Net present value", "9 in 10 sure", "For each £1", "Budgets: spared less paid"],
            ),
            rows: rows.iter().map(cells).collect(),
        },
        note:
            "The project's own scenarios are in the business case's file. All figures of each are in cba_scenarios.csv."
                .to_owned(),
    }
}

fn tornado(sheets: Sheets<'_>, id: &str, title: &str) -> Figure {
    let rows = sheets.find("tornado", &[("case", id)]);
    let net = sheets.find("cba_summary", &[("case", id), ("scenario", "base"), ("measure", "net present value")]);
    let central = net.first().and_then(|row| row.number("value")).unwrap_or_default();
    let pounds = |row: &Row<'_>, column: &str| row.with_unit(column, "£", "");
    let bar = |row: &Row<'_>| {
        let ends = row.number("net_at_low").zip(row.number("net_at_high"))?;
        let words = row.text("plain_english").to_owned();
        Some(Bar { label: row.text("input").to_owned(), ends: [ends.0, ends.1], words })
    };
    let heading = format!("{title}: which input matters most");
    let picture_id = format!("tornado-{id}");
    let picture = Tornado { id: &picture_id, title: &heading, central, bars: rows.iter().filter_map(bar).collect() };
    let cells = |row: &Row<'_>| {
        vec![
            row.text("input").to_owned(),
            match row.text("unit") {
                "pounds" => format!("{} to {}", pounds(row, "low"), pounds(row, "high")),
                unit => format!("{} to {}, {unit}", row.shown("low"), row.shown("high")),
            },
            pounds(row, "net_at_low"),
            pounds(row, "net_at_high"),
        ]
    };
    Figure {
        sentence: "Net present value with one input at an end of its interval and all others as estimated. Filled bars are the lower end of the input, open ones the upper end. The dashed line is the case as estimated; at the thick one costs and benefits are even, and right of it the case is worth more than it costs.".to_owned(),
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
        Some(Blade {
            period: row.text("year").to_owned(),
            middle: row.number("middle")?,
            inner: [row.number("lower_50")?, row.number("upper_50")?],
            outer: [row.number("lower_90")?, row.number("upper_90")?],
            words: row.text("plain_english").to_owned(),
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
        sentence: "All inputs are drawn together many times. The line is the middle of them; the dark band holds half of the draws and the light one nine tenths. Below the thick line it has not made up for its costs yet.".to_owned(),
        picture: picture.picture(),
        table: Table {
            caption: heading.clone(),
            headings: headings(&["Up to the end of"], &["Middle", "9 in 10 sure"]),
            rows: rows.iter().map(cells).collect(),
        },
        title: heading,
        note: "In present values. Every percentile is in psa.csv.".to_owned(),
    }
}
