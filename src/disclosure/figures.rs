//! Figures of outcomes and demand after control, one row each, with what is known of how they are divided.

use super::columns::FIGURE_COLUMNS;
use super::control::Controller;
use super::policy::Marker;
use super::primary;
use super::secondary::{earlier, puzzle::State};
use super::sheets::{Sheet, Value, cell};
use crate::metrics::cell::Cell;
use crate::metrics::levels::NOT_KNOWN;
use crate::metrics::{ALL, Estimate, Form, Sheet as Place};
use crate::stats::proportion::wilson;

/// Counts after control, with the marker that says why one is missing.
pub(super) struct Shown {
    pub(super) numerator: Option<u64>,
    pub(super) denominator: Option<u64>,
    people: Option<u64>,
    pub(super) value: Option<f64>,
    limits: [Option<f64>; 2],
    method: &'static str,
    pub(super) marker: Marker,
}

impl Shown {
    fn nothing(marker: Marker) -> Self {
        Self { numerator: None, denominator: None, people: None, value: None, limits: [None; 2], method: "", marker }
    }
    /// The rows that a figure is made of: the denominator, or what was counted where there is none.
    fn counted(&self, form: Form) -> Option<u64> {
        match form {
            Form::Share | Form::Value => self.denominator,
            Form::Count => self.numerator,
        }
    }
}

impl Controller<'_> {
    pub(super) fn figures(&self, place: Place, name: &'static str, title: &'static str) -> Sheet {
        let estimates = self.figures.estimates;
        let own =
            estimates.rows.iter().filter(|row| ALL[row.metric].sheet == place && self.scope.holds(estimates, row));
        let rows = own.map(|row| {
            let (metric, period) = (ALL[row.metric], &estimates.periods[row.period]);
            let shown = self.estimate(row);
            let (form, unit) = (metric.statistic.form(), metric.statistic.unit(metric.dated));
            let places = metric.statistic.places();
            let standing = self.figures.coverage.standing.of(metric.subject.sources(), (period.start, period.end));
            let numbers = [
                Value::whole(shown.numerator.filter(|_| form != Form::Value)),
                Value::whole(shown.denominator.filter(|_| form != Form::Count)),
                Value::whole(shown.people),
                Value::decimal(shown.value, places),
            ];
            let marker = self.revised(row, shown.marker, &numbers);
            let [numerator, denominator, people, value] = numbers;
            vec![
                Value::text(crate::domain::day::to_iso(period.start)),
                Value::text(crate::domain::day::to_iso(period.end)),
                Value::text(&period.name),
                Value::text(self.pathway(row.pathway)),
                Value::text(metric.id),
                Value::text(metric.title),
                Value::text(row.breakdown.id()),
                Value::text(&row.level),
                numerator,
                denominator,
                people,
                value,
                Value::text(unit),
                Value::decimal(shown.limits[0], places),
                Value::decimal(shown.limits[1], places),
                Value::text(shown.method),
                Value::text(metric.standard.map_or_else(String::new, |standard| standard.text(unit))),
                Value::text(self.goals.text(metric, self.pathway(row.pathway))),
                Value::text(marker.sign()),
                Value::text(standing.sign()),
                Value::text(self.settings.note(metric.id)),
                Value::decimal(self.known(row), 0),
            ]
        });
        Sheet { name, title, columns: FIGURE_COLUMNS, rows: rows.collect() }
    }

    /// On the row of those of whom a division is not known: how many of all it is known of, in percent; nothing where either count
    /// is not shown, and on other rows. It is made of what the two rows show.
    fn known(&self, row: &Estimate) -> Option<f64> {
        if row.level != NOT_KNOWN {
            return None;
        }
        let whole = self.figures.estimates.whole(row)?;
        let [missing, all] = [row, whole].map(|row| self.estimate(row));
        let form = ALL[row.metric].statistic.form();
        let all = all.counted(form)? as f64;
        let missing = if missing.marker == Marker::NotApplicable { 0.0 } else { missing.counted(form)? as f64 };
        (all > 0.0).then(|| (100.0 * (1.0 - missing / all)).max(0.0))
    }

    /// The marker of a row: why it is not whole comes first, then whether an earlier release showed other numbers.
    fn revised(&self, row: &Estimate, marker: Marker, numbers: &[Value; earlier::NUMBERS.len()]) -> Marker {
        if marker != Marker::None {
            return marker;
        }
        let period = &self.figures.estimates.periods[row.period];
        let place = (self.pathway(row.pathway), row);
        let is_revised =
            self.earlier.is_revised(place, (period.start, period.end), &numbers.each_ref().map(Value::print));
        if is_revised { Marker::Revised } else { Marker::None }
    }

    /// A figure as the policy has it.
    pub(super) fn estimate(&self, row: &Estimate) -> Shown {
        let state = self.figures.estimates.position(row).and_then(|at| self.states.get(at).copied().flatten());
        if state.is_some_and(State::is_hidden) {
            return Shown::nothing(Marker::Hidden);
        }
        let marker = primary::marker(row, &self.policy, self.sensitive);
        let Some(cell) = row.cell.filter(|_| marker == Marker::None) else { return Shown::nothing(marker) };
        let form = ALL[row.metric].statistic.form();
        let policy = &self.policy;
        let numerator = policy.round(cell.numerator);
        let shown = Shown {
            numerator: Some(numerator),
            denominator: Some(policy.round(cell.denominator)),
            people: Some(policy.round(primary::people(form, &cell))),
            value: if form == Form::Count { Some(numerator as f64) } else { row.value },
            limits: [row.interval.map(|interval| interval.lower), row.interval.map(|interval| interval.upper)],
            method: if row.interval.is_some() { row.method } else { "" },
            marker: Marker::None,
        };
        match (form, state) {
            (Form::Share, Some(State::Rounded)) => self.of_rounded(row, &cell, shown),
            _ => shown,
        }
    }

    /// A share whose exact percentage would tell too much: made of rounded counts where they are large enough.
    fn of_rounded(&self, row: &Estimate, cell: &Cell, shown: Shown) -> Shown {
        let value = self.policy.rounded_percent(cell.numerator, cell.denominator);
        let [own, of] = [cell.numerator, cell.denominator].map(|count| self.policy.round(count) as f64);
        // With several rows a person the interval rests on more than these counts.
        let is_plain = row.method == "Wilson" && value.is_some();
        let interval = if is_plain { wilson(own.min(of), of) } else { None };
        let limits = [interval.map(|found| 100.0 * found.lower), interval.map(|found| 100.0 * found.upper)];
        let marker = if value.is_some() { Marker::None } else { Marker::TooFew };
        let method = match (value, interval) {
            (Some(_), Some(_)) => "Wilson, of rounded counts",
            (Some(_), None) => "of rounded counts",
            (None, _) => "",
        };
        Shown { value, limits, method, marker, ..shown }
    }
}

/// The released row of a figure: by metric, pathway, period, breakdown and level.
pub(super) fn find<'a>(sheets: &'a [Sheet], wanted: [&str; 5]) -> Option<(&'a Sheet, &'a [Value])> {
    let keys = ["metric_id", "pathway", "period", "breakdown", "level"];
    sheets.iter().filter(|sheet| matches!(sheet.name, "outcomes" | "demand")).find_map(|sheet| {
        let is_it = |row: &&Vec<Value>| keys.iter().zip(wanted).all(|(key, own)| cell(sheet, row, key).print() == own);
        sheet.rows.iter().find(is_it).map(|row| (sheet, row.as_slice()))
    })
}
