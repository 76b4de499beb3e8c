//! Findings about effects in sentences, by rule from the rows of `effects.csv`: which way, how much for every 100 people in a
//! year, between what, compared with whom. An interval that holds no difference says that we cannot tell.

use super::control::Figures;
use super::sheets::{Sheet, Value};
use crate::error::grouped;
use crate::metrics::rates;
use crate::settings::DesignKind;

/// Designs that a funder reads, the strongest first.
const DESIGNS: [DesignKind; 2] = [DesignKind::Did, DesignKind::Matched];

/// One row of effects, as it is printed.
struct Row<'a> {
    sheet: &'a Sheet,
    cells: &'a [Value],
}

impl Row<'_> {
    fn cell(&self, name: &str) -> &Value {
        self.sheet.columns.iter().position(|column| column.name == name).map_or(&Value::Empty, |at| &self.cells[at])
    }

    fn text(&self, name: &str) -> String {
        self.cell(name).print()
    }

    fn number(&self, name: &str) -> Option<f64> {
        match self.cell(name) {
            Value::Whole(number) => Some(*number as f64),
            Value::Decimal(number, _) => Some(*number),
            _ => None,
        }
    }
}

/// Rows of the funder's summary: what the plan says decides, by each design that was planned.
pub(super) fn rows(sheets: &[Sheet], figures: &Figures<'_>) -> Vec<Vec<Value>> {
    let Some(sheet) = sheets.iter().find(|sheet| sheet.name == "effects") else { return Vec::new() };
    let title = |id: &str| {
        let config = figures.pathways.configs.iter().find(|config| config.id == id);
        config.map_or_else(|| id.to_owned(), |config| config.title.clone())
    };
    let all = sheet.rows.iter().map(|cells| Row { sheet, cells });
    let primary = all.filter(|row| row.text("primary") == "yes");
    let of = |row: Row<'_>| {
        let design = DESIGNS.into_iter().find(|design| design.id() == row.text("design"))?;
        let (pathway, comparator) = (title(&row.text("pathway")), title(&row.text("comparator")));
        let what = rates::ALL.iter().find(|rate| rate.id == row.text("metric_id"))?.plain_english;
        let marker = row.text("marker");
        Some(vec![
            Value::text(format!("What the {pathway} did to {what}, {}", by(design))),
            Value::text(sentence(&row, what, (&pathway, &comparator), design)),
            Value::text("the year after joining"),
            Value::text(format!("people on the {pathway}, beside {comparator}")),
            row.cell("people").clone(),
            Value::Empty,
            Value::Empty,
            Value::text("does not apply"),
            Value::text(marker),
            Value::text(row.text("caution")),
        ])
    };
    primary.filter_map(of).collect()
}

/// The finding of one row.
fn sentence(row: &Row<'_>, what: &str, (pathway, comparator): (&str, &str), design: DesignKind) -> String {
    let per_100 = |part: &str| row.number(&format!("difference_{part}"));
    let sizes = [per_100("per_100_person_years"), per_100("lower_95"), per_100("upper_95")];
    let compared = compared(design, comparator);
    match sizes {
        [Some(size), Some(lower), Some(upper)] if lower > 0.0 || upper < 0.0 => format!(
            "People on the {pathway} had {} {what} for every 100 people in a year than without it ({}), {compared}.",
            signed(size),
            between(lower, upper)
        ),
        [Some(_), Some(lower), Some(upper)] => format!(
            "We cannot tell whether the {pathway} changed {what}: for every 100 people in a year it may be anything from {} to {}, {compared}.",
            signed(lower),
            signed(upper)
        ),
        _ if row.text("marker") == "x" => "Not available, because the data were not sent.".to_owned(),
        _ if row.text("marker") == "c" => "Too few people to show without the risk of recognising someone.".to_owned(),
        _ => format!("We cannot tell whether the {pathway} changed {what}: {}.", why(&row.text("caution"))),
    }
}

/// Why there is no estimate, from what the caution begins with.
fn why(caution: &str) -> String {
    let reason = caution.strip_prefix("No estimate: ").and_then(|rest| rest.split('.').next());
    reason.unwrap_or("there is no estimate").to_owned()
}

/// "About 12 fewer", from events for every 100 people.
fn signed(size: f64) -> String {
    let count = size.abs().round();
    match size {
        _ if count < 1.0 => "about as many".to_owned(),
        size if size < 0.0 => format!("about {} fewer", grouped(count as u64)),
        _ => format!("about {} more", grouped(count as u64)),
    }
}

/// The interval, both limits on one side of no difference, the smaller size first.
fn between(lower: f64, upper: f64) -> String {
    let [small, large] = if lower.abs() < upper.abs() { [lower, upper] } else { [upper, lower] };
    let word = if lower < 0.0 { "fewer" } else { "more" };
    let count = |size: f64| grouped(size.abs().round() as u64);
    if small.abs() < 0.5 {
        format!("at most {} {word}", count(large))
    } else {
        format!("between {} and {} {word}", count(small), count(large))
    }
}

fn by(design: DesignKind) -> &'static str {
    if design == DesignKind::Did { "by how use changed" } else { "beside like people" }
}

fn compared(design: DesignKind, comparator: &str) -> String {
    match design {
        DesignKind::Did => format!("compared with how use changed for like people under \u{201c}{comparator}\u{201d}"),
        _ => format!("compared with like people under \u{201c}{comparator}\u{201d}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheets::{Column, Kind, column};
    use super::*;

    const COLUMNS: &[Column] = &[
        column("difference_per_100_person_years", Kind::Decimal, ""),
        column("difference_lower_95", Kind::Decimal, ""),
        column("difference_upper_95", Kind::Decimal, ""),
        column("caution", Kind::Text, ""),
        column("marker", Kind::Text, ""),
    ];

    fn said(sizes: [Option<f64>; 3], marker: &str) -> String {
        let cells: Vec<Value> = sizes.into_iter().map(|size| Value::decimal(size, 1)).collect();
        let caution = Value::text("No estimate: one of the two groups is empty. Beware.");
        let cells = [cells, vec![caution, Value::text(marker)]].concat();
        let sheet = Sheet { name: "effects", title: "", columns: COLUMNS, rows: Vec::new() };
        let row = Row { sheet: &sheet, cells: &cells };
        sentence(&row, "visits to A&E", ("New Pathway", "Usual care"), DesignKind::Did)
    }

    #[test]
    fn a_finding_says_which_way_how_much_and_between_what() {
        assert_eq!(
            said([Some(-12.3), Some(-21.0), Some(-2.4)], ""),
            "People on the New Pathway had about 12 fewer visits to A&E for every 100 people in a year than without it (between 2 and 21 fewer), compared with how use changed for like people under “Usual care”."
        );
        assert!(said([Some(1200.0), Some(0.2), Some(2400.0)], "").contains("about 1,200 more visits to A&E"));
        assert!(said([Some(1200.0), Some(0.2), Some(2400.0)], "").contains("(at most 2,400 more)"));
    }

    #[test]
    fn an_interval_that_holds_no_difference_says_that_we_cannot_tell() {
        let found = said([Some(-12.0), Some(-30.0), Some(6.0)], "");
        assert!(found.starts_with("We cannot tell whether the New Pathway changed visits to A&E"), "{found}");
        assert!(found.contains("from about 30 fewer to about 6 more"), "{found}");
        assert_eq!(
            said([None; 3], "z"),
            "We cannot tell whether the New Pathway changed visits to A&E: one of the two groups is empty."
        );
        assert!(said([None; 3], "c").starts_with("Too few"));
    }
}
