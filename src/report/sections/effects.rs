//! Effects: what pathways changed beside their comparators, by every design, with what to keep in mind.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::{Context, Group};
use crate::report::view::{Row, Sheets};

/// The section; none without an analysis plan.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Option<Section> {
    let first = sheets.rows("effects").next()?;
    let plan = format!(
        "What is compared, on which outcomes and how, was said in an analysis plan that a run first used on {}; what is not in it says so.",
        first.text("plan_first_seen")
    );
    let lead = [
        "A ratio under 1 means that less happened to people on the pathway than to like people without it. Where its range holds 1 we cannot tell.",
        "The grade says how far a design can be trusted, from 1 (before and after, which is no effect) to 5 (an experiment).",
        &plan,
    ];
    let figures = context.redesigned().flat_map(|(group, others)| {
        others.into_iter().filter_map(|other| figure(sheets, group, other)).collect::<Vec<_>>()
    });
    Some(Section {
        id: "effects",
        title: "What pathways changed",
        lead: lead.map(str::to_owned).to_vec(),
        figures: figures.collect(),
    })
}

fn figure(sheets: Sheets<'_>, group: &Group, other: &Group) -> Option<Figure> {
    let rows = sheets.find("effects", &[("pathway", &group.id), ("comparator", &other.id)]);
    rows.first()?;
    let title = format!("{} beside {}", group.title, other.title);
    Some(Figure {
        sentence: balance(sheets, group, other),
        picture: None,
        table: Table {
            caption: title.clone(),
            headings: headings(
                &["What", "Design", "Planned"],
                &[
                    "Grade",
                    "Ratio",
                    "Range, 95 %",
                    "More or fewer for every 100 people a year",
                    "People",
                    "Beside them",
                ],
            ),
            rows: rows.iter().map(|row| cells(*row)).collect(),
        },
        note: cautions(&rows),
        title,
    })
}

/// Whether those who were matched are alike, in a sentence.
fn balance(sheets: Sheets<'_>, group: &Group, other: &Group) -> String {
    let rows = sheets.find("balance", &[("pathway", &group.id), ("comparator", &other.id)]);
    let name = |row: &Row<'_>| match row.text("level") {
        "" => row.text("covariate").to_owned(),
        level => format!("{} ({level})", row.text("covariate")),
    };
    let off: Vec<String> = rows.iter().filter(|row| row.text("is_balanced") == "no").map(name).collect();
    if rows.is_empty() {
        "Nobody was matched, or nothing that was measured differs.".to_owned()
    } else if off.is_empty() {
        "Those who were matched are alike in all that can be shown of what was measured before they joined.".to_owned()
    } else {
        format!("Those who were matched are not alike enough in: {}.", off.join(", "))
    }
}

fn cells(row: Row<'_>) -> Vec<String> {
    let per_100 = "difference_per_100_person_years";
    let is_change = row.text("design") == "before_after";
    let shown = |column: &str| {
        if is_change && row.number(column).is_none() { "does not apply".to_owned() } else { row.shown(column) }
    };
    vec![
        row.text("metric").replace(" before and after index", ""),
        row.text("design").replace('_', " "),
        row.text("planned").to_owned(),
        row.shown("grade"),
        row.shown("estimate"),
        row.interval(["lower_95", "upper_95"]),
        shown(per_100),
        row.shown("people"),
        shown("comparator_people"),
    ]
}

/// What to keep in mind of any row, each once.
fn cautions(rows: &[Row<'_>]) -> String {
    let mut found: Vec<&str> = Vec::new();
    for row in rows {
        let text = row.text("caution");
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.join(" ")
}
