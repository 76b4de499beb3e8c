//! Demand over time: how much of each service everyone used, by month where series are judged, else by quarter.

use crate::metrics::ALL;
use crate::report::model::{Figure, Section, Table, headings};
use crate::report::svg::{Line, Point};
use crate::report::view::{Row, Sheets, revised};

/// The series that are drawn; demand.csv has all.
const DRAWN: [&str; 8] = [
    "ed_attendances",
    "ed_mh_attendances",
    "gp_appts",
    "mh_new_referrals",
    "mh_caseload",
    "mh_bed_days",
    "tt_referrals",
    "vc_referrals",
];

/// The section.
pub(crate) fn section(sheets: Sheets<'_>) -> Section {
    let figures: Vec<Figure> = DRAWN.iter().filter_map(|id| figure(sheets, id)).collect();
    let is_monthly = sheets.rows("spc").next().is_some();
    let lead = if is_monthly {
        "By month. The shaded band is where a steady series lies; a square is a month that stands out from it."
    } else {
        "By quarter of the financial year. A gap in a line is a quarter that cannot be shown."
    };
    Section { id: "demand", title: "How much was used", lead: vec![lead.to_owned()], figures }
}

fn figure(sheets: Sheets<'_>, id: &str) -> Option<Figure> {
    let metric = ALL.iter().find(|metric| metric.id == id)?;
    let of_everyone = [("metric_id", id), ("pathway", "everyone")];
    let monthly = sheets.find("spc", &of_everyone);
    let is_monthly = !monthly.is_empty();
    let rows = if is_monthly {
        monthly
    } else {
        let quarterly = [of_everyone[0], of_everyone[1], ("breakdown", "all")];
        let mut rows = sheets.find("demand", &quarterly);
        rows.retain(|row| row.text("period").contains(" Q"));
        rows
    };
    let band = |row: &Row<'_>| row.number("lower_limit").zip(row.number("upper_limit"));
    let point = |row: &Row<'_>| Point {
        period: row.text("period").to_owned(),
        value: row.number("value"),
        words: row.shown("value"),
        band: band(row).map(|(lower, upper)| [lower, upper]),
        stands_out: !row.text("rule").is_empty(),
    };
    let name = format!("line-{id}");
    let picture = Line { id: &name, title: metric.title, points: rows.iter().map(point).collect() }.picture();
    let shown: Vec<&Row<'_>> = rows.iter().filter(|row| row.number("value").is_some()).collect();
    let sentence = match (shown.first(), shown.last()) {
        (Some(first), Some(last)) if shown.len() > 1 => format!(
            "{} {} in {}, {} in {}.",
            metric.plain_english.trim_end_matches('.').to_owned() + ":",
            first.shown("value"),
            first.text("period"),
            last.shown("value"),
            last.text("period")
        ),
        _ => format!("{}: too few to be shown over time.", metric.plain_english.trim_end_matches('.')),
    };
    let table = rows.iter().map(|row| {
        let mut cells = vec![row.text("period").to_owned(), row.shown("value")];
        if is_monthly {
            let rule = row.text("rule");
            cells.insert(1, if rule.is_empty() { "as expected".to_owned() } else { rule.to_owned() });
        }
        cells
    });
    let note = revised(rows.iter().map(|row| (*row, row.text("period").to_owned())));
    let words: &[&str] = if is_monthly { &["Month", "What stands out"] } else { &["Quarter"] };
    Some(Figure {
        title: metric.title.to_owned(),
        sentence,
        picture,
        table: Table {
            caption: format!("{}, everyone", metric.title),
            headings: headings(words, &["Number"]),
            rows: table.collect(),
        },
        note,
    })
}
