//! What the tables of a tier show of rates and effects; of a row with a marker, nothing is read.

use std::collections::BTreeMap;

use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::{Sheet, Value};
use crate::economics::case::answers::{Change, Rate};
use crate::economics::case::{Answers, Spread};

/// Everything that cases may ask of a tier's tables.
pub fn answers(sheets: &[Sheet]) -> Answers {
    let mut answers = Answers::default();
    let rows = |name: &str| {
        let sheet = sheets.iter().find(|sheet| sheet.name == name);
        sheet.into_iter().flat_map(|sheet| sheet.rows.iter().map(move |row| Row { sheet, row }))
    };
    let before: BTreeMap<String, f64> = rows("before_after")
        .filter(|row| row.text("window") == "before" && row.text("marker").is_empty())
        .filter_map(|row| Some((row.place(), row.number("rate_per_100_person_years")?)))
        .collect();
    for row in rows("before_after").filter(|row| row.text("window") == "after") {
        let rate = row.spread("marker", ["rate_per_100_person_years", "lower_95", "upper_95"]);
        let with_people = |for_100| Some(Rate { for_100, people: row.number("people")? });
        keep(&mut answers.rates, row.place(), rate.map(|shown| shown.and_then(with_people)));
        let ratio = row.spread("ratio_marker", ["after_before_ratio", "ratio_lower_95", "ratio_upper_95"]);
        let change = |ratio| Change {
            ratio,
            expected: row.number("expected_rate_per_100_person_years"),
            before: before.get(&row.place()).copied(),
        };
        keep(&mut answers.changes, row.place(), ratio.map(|shown| shown.map(change)));
    }
    for row in rows("effects") {
        let place = Answers::place_of_effect(row.text("pathway"), row.text("metric_id"), row.text("design"));
        keep(&mut answers.effects, place, row.spread("marker", ["estimate", "lower_95", "upper_95"]));
    }
    answers
}

/// Where a table has several rows of one place, the first counts.
fn keep<T>(all: &mut BTreeMap<String, Option<T>>, place: String, found: Option<Option<T>>) {
    if let Some(found) = found {
        all.entry(place).or_insert(found);
    }
}

/// A row of a table.
#[derive(Clone, Copy)]
struct Row<'a> {
    sheet: &'a Sheet,
    row: &'a [Value],
}

impl<'a> Row<'a> {
    fn cell(self, name: &str) -> Option<&'a Value> {
        self.row.get(self.sheet.columns.iter().position(|column| column.name == name)?)
    }

    fn text(self, name: &str) -> &'a str {
        match self.cell(name) {
            Some(Value::Text(words)) => words,
            _ => "",
        }
    }

    fn number(self, name: &str) -> Option<f64> {
        self.cell(name)?.print().parse().ok()
    }

    fn place(self) -> String {
        Answers::place(self.text("pathway"), self.text("metric_id"))
    }

    /// A number with its limits: nothing where there is none above 0, and none inside where its marker says that it is hidden.
    fn spread(self, marker: &str, [central, low, high]: [&str; 3]) -> Option<Option<Spread>> {
        match self.text(marker) {
            "" => {
                let shown = Spread { central: self.number(central)?, low: self.number(low)?, high: self.number(high)? };
                (shown.central > 0.0 && shown.low > 0.0).then_some(Some(shown))
            }
            sign => (sign == Marker::Hidden.sign()).then_some(None),
        }
    }
}
