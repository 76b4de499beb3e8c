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
        rate.and_then(|for_100| Some(Rate { for_100, people: row.number("people")? }))
            .keep(&mut answers.rates, row.place());
        let ratio = row.spread("ratio_marker", ["after_before_ratio", "ratio_lower_95", "ratio_upper_95"]);
        let change = |ratio| {
            let expected = row.number("expected_rate_per_100_person_years");
            Some(Change { ratio, expected, before: before.get(&row.place()).copied() })
        };
        ratio.and_then(change).keep(&mut answers.changes, row.place());
    }
    for row in rows("effects") {
        let place = Answers::place_of_effect(row.text("pathway"), row.text("metric_id"), row.text("design"));
        row.spread("marker", ["estimate", "lower_95", "upper_95"]).keep(&mut answers.effects, place);
    }
    answers
}

/// What a row says.
enum Said<T> {
    Shown(T),
    /// That it is hidden.
    Hidden,
    Nothing,
}

impl<T> Said<T> {
    fn and_then<Other>(self, of: impl FnOnce(T) -> Option<Other>) -> Said<Other> {
        match self {
            Self::Shown(number) => of(number).map_or(Said::Nothing, Said::Shown),
            Self::Hidden => Said::Hidden,
            Self::Nothing => Said::Nothing,
        }
    }

    /// Where a table has several rows of one place, the first counts.
    fn keep(self, all: &mut BTreeMap<String, Option<T>>, place: String) {
        let found = match self {
            Self::Shown(number) => Some(number),
            Self::Hidden => None,
            Self::Nothing => return,
        };
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

    /// A number with its limits, where there is one above 0.
    fn spread(self, marker: &str, [central, low, high]: [&str; 3]) -> Said<Spread> {
        if self.text(marker) == Marker::Hidden.sign() {
            return Said::Hidden;
        }
        let numbers =
            || Some(Spread { central: self.number(central)?, low: self.number(low)?, high: self.number(high)? });
        let is_usable = |own: &Spread| self.text(marker).is_empty() && own.central > 0.0 && own.low > 0.0;
        numbers().filter(is_usable).map_or(Said::Nothing, Said::Shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::effect_columns::EFFECTS;
    use crate::economics::case::Asked;
    use crate::settings::business_case::EffectDesign;

    /// Effects by their designs, each with its estimate and its marker.
    fn effects(rows: &[(&str, Option<f64>, &str)]) -> Answers {
        let row = |(design, estimate, marker): &(&str, Option<f64>, &str)| {
            let cell = |column: &crate::disclosure::sheets::Column| match column.name {
                "pathway" => Value::text("new"),
                "metric_id" => Value::text("px_rate_ed"),
                "design" => Value::text(*design),
                "marker" => Value::text(*marker),
                "estimate" => Value::decimal(*estimate, 2),
                "lower_95" => Value::decimal(estimate.map(|own| own - 0.1), 2),
                "upper_95" => Value::decimal(estimate.map(|own| own + 0.1), 2),
                _ => Value::Empty,
            };
            EFFECTS.iter().map(cell).collect()
        };
        answers(&[Sheet { name: "effects", title: "", columns: EFFECTS, rows: rows.iter().map(row).collect() }])
    }

    /// A number behind a marker is not read, should one stand there; the first row of a place counts.
    #[test]
    fn a_hidden_number_is_hidden_one_that_is_not_there_is_missing_and_neither_is_nought() {
        let known = effects(&[
            ("did", Some(0.7), ""),
            ("did", Some(0.9), ""),
            ("matched", Some(0.8), "c"),
            ("its_controlled", None, "z"),
        ]);
        let find = |design| known.find("new", Asked::Effect("px_rate_ed", design));
        assert!((find(EffectDesign::Did).unwrap().spread.central - 0.7).abs() < 1e-12);
        let hidden = find(EffectDesign::Matched).unwrap_err();
        assert!(hidden.is_hidden && hidden.why.contains("too few people"), "{hidden:?}");
        let missing = find(EffectDesign::ItsControlled).unwrap_err();
        assert!(!missing.is_hidden && missing.fix.contains("analysis plan"), "{missing:?}");
        assert!(known.find("other", Asked::Effect("px_rate_ed", EffectDesign::Did)).is_err());
    }
}
