//! Control: exact figures to released tables, by the primary rules and rounding of the policy.

use std::collections::BTreeSet;

use super::columns::{BEFORE_AFTER_COLUMNS, FIGURE_COLUMNS, FLOW_COLUMNS};
use super::goals::Goals;
use super::linkage::{self, Quality};
use super::policy::{Marker, Policy, two_figures};
use super::primary;
use super::quality;
use super::record;
use super::release::Release;
use super::secondary::{self, earlier, earlier::Earlier, puzzle::State};
use super::sheets::{Sheet, Value};
use super::spc::{self, Point};
use super::{cases, costs, effects, follow_up, funder, gp_minutes, inequality, movement, standardised};
use crate::audit::{Relation, sums::Sum};
use crate::domain::period::Span;
use crate::economics::Money;
use crate::error::Error;
use crate::metrics::before_after::{self, BeforeAfter, Counts, Design, YEAR_DAYS};
use crate::metrics::cell::Cell;
use crate::metrics::{ALL, Breakdown, Estimate, Estimates, Form, Sheet as Place, Subject};
use crate::pathways::{Coverage, Pathways};
use crate::settings::Settings;
use crate::settings::spc::Spc;
use crate::stats::proportion::wilson;

/// Everything that a release is made from, exact.
pub struct Figures<'a> {
    /// Outcomes, demand, before and after.
    pub estimates: &'a Estimates,
    /// Pathways and the steps to them.
    pub pathways: &'a Pathways,
    /// Covered days, and whether what was sent for them is final.
    pub coverage: &'a Coverage,
    /// Costs.
    pub costs: &'a Money,
    /// What pathways changed, where an analysis plan asks for it.
    pub effects: Option<effects::Planned<'a>>,
    /// How records became people, and what became of every row read.
    pub quality: Quality<'a>,
}

/// What every before/after row says.
pub const CAUTION: &str =
    "A change, not an effect: people are often referred when their use is high, and it falls by itself.";

/// What the row says of the use that people were selected on.
pub const CAUTION_SELECTED: &str = "A change, not an effect: people were chosen because their use was high, and it falls by itself, to about the expected rate or, where the event itself led to the referral, further.";

/// Figures that are left out of a release: a metric of everyone or of a pathway, divided in one way, in all periods.
pub type LeftOut = BTreeSet<(usize, Option<usize>, Breakdown)>;

/// Applies the policy, with what was released before in mind. The only maker of a [`Release`].
pub fn control(
    figures: &Figures<'_>,
    settings: &Settings,
    earlier: &Earlier,
    left_out: &LeftOut,
) -> Result<Release, Error> {
    let policy = Policy::new(&settings.disclosure);
    let named = &settings.disclosure.named_organisations;
    let estimates = figures.estimates;
    let pathways: Vec<&str> = figures.pathways.configs.iter().map(|config| config.id.as_str()).collect();
    let sensitive = &settings.disclosure.sensitive_metrics;
    let rules = secondary::figures::Rules { policy: &policy, sensitive, earlier, pathways: &pathways };
    let mut left_out = left_out.clone();
    let shown = loop {
        let scope = Scope { named, parts: Parts::Released, left_out: &left_out };
        let shown = secondary::figures::shown(estimates, rules, &|row| scope.holds(estimates, row))?;
        let dear = dear(&shown, estimates);
        if dear.is_subset(&left_out) {
            break shown;
        }
        left_out.extend(dear);
    };
    let scope = Scope { named, parts: Parts::Released, left_out: &left_out };
    let sheets = sheets(figures, settings, (policy, scope), (&shown.states, earlier))?;
    let record = record::of(&shown, &left_out, (estimates, figures.pathways), Policy::words(&settings.disclosure));
    Ok(Release::new(sheets, (shown.steps.len(), record)))
}

/// The figures divided in some way for which a year's total of everyone would be hidden: the total is worth more than how it
/// divides.
fn dear(shown: &secondary::figures::Shown, estimates: &Estimates) -> LeftOut {
    let is_headline = |row: &Estimate| {
        row.breakdown == Breakdown::All && row.pathway.is_none() && estimates.periods[row.period].span == Span::Year
    };
    let dear = shown.steps.iter().filter(|(at, step)| step.state.is_hidden() && is_headline(&estimates.rows[*at]));
    let protected = dear.map(|(_, step)| &estimates.rows[step.protects]);
    let divided = protected.filter(|row| row.breakdown != Breakdown::All);
    divided.map(|row| (row.metric, row.pathway, row.breakdown)).collect()
}

/// The same tables with nothing hidden or rounded, figures without their breakdowns: for the internal tier, and never a
/// [`Release`].
pub fn uncontrolled(figures: &Figures<'_>, settings: &Settings) -> Result<Vec<Sheet>, Error> {
    let nothing = LeftOut::new();
    let scope = Scope { named: &[], parts: Parts::Whole, left_out: &nothing };
    sheets(figures, settings, (Policy::exact(), scope), (&[], &Earlier::default()))
}

/// Which rows of figures are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// What a release holds.
    Released,
    /// Figures of everybody alone.
    Whole,
}

/// Which figures a tier has.
#[derive(Clone, Copy)]
struct Scope<'a> {
    named: &'a [String],
    parts: Parts,
    left_out: &'a LeftOut,
}

impl Scope<'_> {
    /// A release divides the financial years of everyone, and months, quarters and pathways no further: with every table that
    /// is divided besides, more cells of the others have to be hidden. Spans of twelve months that overlap tell the months
    /// that they differ by. Practices are not named one by one, and other organisations only where config records that they
    /// agreed.
    fn holds(&self, estimates: &Estimates, row: &Estimate) -> bool {
        let span = estimates.periods[row.period].span;
        if self.left_out.contains(&(row.metric, row.pathway, row.breakdown)) {
            return false;
        }
        if row.breakdown == Breakdown::All {
            return self.parts == Parts::Whole || span != Span::TwelveMonths;
        }
        let is_divided = self.parts == Parts::Released && row.pathway.is_none() && span == Span::Year;
        let is_provider = row.breakdown == Breakdown::Provider && row.cell.is_some();
        let is_named = ALL[row.metric].subject != Subject::Appointments && self.named.contains(&row.level);
        is_divided && (!is_provider || is_named)
    }
}

fn sheets(
    figures: &Figures<'_>,
    settings: &Settings,
    (policy, scope): (Policy, Scope<'_>),
    (states, earlier): (&[Option<State>], &Earlier),
) -> Result<Vec<Sheet>, Error> {
    let controller = Controller {
        policy,
        scope,
        states,
        earlier,
        settings,
        sensitive: &settings.disclosure.sensitive_metrics,
        goals: Goals(&settings.target),
        figures,
    };
    let mut sheets = vec![
        controller.figures(Place::Outcomes, "outcomes", "What became of people, by pathway, quarter and group"),
        controller.figures(Place::Demand, "demand", "How much was used, by pathway, quarter and group"),
        controller.inequality(),
        controller.spc(&settings.spc),
        controller.before_after(),
        gp_minutes::released(figures.pathways, &controller.policy),
        standardised::released(figures.pathways, &controller.policy),
        follow_up::released(figures.pathways, figures.coverage, &controller.policy),
        costs::by_service(figures, &controller.policy),
        costs::summary(figures, &controller.policy, settings),
        movement::flow(figures.pathways, &controller.policy)?,
        movement::sequences(figures.pathways, &controller.policy),
        controller.cohort_flow()?,
        linkage::released(&figures.quality, &controller.policy, &settings.disclosure.named_organisations),
        quality::released(figures.quality.staged, settings.accepts(), &figures.estimates.national, &controller.policy)?,
    ];
    sheets.extend(effects::released(figures.effects, figures.pathways, &controller.policy));
    let cases = cases::sheets(&figures.costs.cases, &sheets);
    sheets.extend(cases);
    sheets.insert(0, funder::summary(&sheets, figures));
    Ok(sheets)
}

struct Controller<'a> {
    policy: Policy,
    scope: Scope<'a>,
    settings: &'a Settings,
    /// How estimates are shown, by their position; empty where nothing is hidden.
    states: &'a [Option<State>],
    /// What earlier releases showed; nothing where exact figures are printed.
    earlier: &'a Earlier,
    sensitive: &'a [String],
    goals: Goals<'a>,
    figures: &'a Figures<'a>,
}

/// Counts after control, with the marker that says why one is missing.
struct Shown {
    numerator: Option<u64>,
    denominator: Option<u64>,
    people: Option<u64>,
    value: Option<f64>,
    limits: [Option<f64>; 2],
    method: &'static str,
    marker: Marker,
}

impl Shown {
    fn nothing(marker: Marker) -> Self {
        Self { numerator: None, denominator: None, people: None, value: None, limits: [None; 2], method: "", marker }
    }
}

impl Controller<'_> {
    fn pathway(&self, at: Option<usize>) -> &str {
        at.map_or("everyone", |at| self.figures.pathways.configs[at].id.as_str())
    }

    fn figures(&self, place: Place, name: &'static str, title: &'static str) -> Sheet {
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
            ]
        });
        Sheet { name, title, columns: FIGURE_COLUMNS, rows: rows.collect() }
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
    fn estimate(&self, row: &Estimate) -> Shown {
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

    fn inequality(&self) -> Sheet {
        let estimates = self.figures.estimates;
        inequality::released((estimates, self.figures.pathways), &self.policy, |row| {
            self.scope.holds(estimates, row).then(|| {
                let shown = self.estimate(row);
                (shown.marker, shown.value)
            })
        })
    }

    fn spc(&self, settings: &Spc) -> Sheet {
        let estimates = self.figures.estimates;
        spc::sheet((estimates, self.figures.pathways), (settings, self.goals), 0, |row| {
            if !self.scope.holds(estimates, row) {
                return Point { value: None, counts: None, marker: Marker::Hidden };
            }
            let Shown { numerator, denominator, value, marker, .. } = self.estimate(row);
            Point { value, counts: numerator.zip(denominator), marker }
        })
    }

    fn before_after(&self) -> Sheet {
        let rows = self.figures.estimates.before_after.iter().map(|row| self.before_after_row(row)).collect();
        Sheet {
            name: "before_after",
            title: "Use of services in the year before and the year after the index date",
            columns: BEFORE_AFTER_COLUMNS,
            rows,
        }
    }

    fn before_after_row(&self, row: &BeforeAfter) -> Vec<Value> {
        let (metric, config) = (&before_after::ALL[row.metric], &self.figures.pathways.configs[row.pathway]);
        let policy = &self.policy;
        let is_hidden = |counts: &Counts| {
            policy.is_small(u64::from(counts.people))
                || policy.is_small(u64::from(counts.people_with_events))
                || policy.is_dominated(counts.events, counts.top_two)
        };
        let counts = row.counts.as_ref();
        let marker = match counts {
            None => Marker::NotAvailable,
            Some(counts) if is_hidden(counts) => Marker::Hidden,
            Some(counts) if counts.days == 0 => Marker::NotApplicable,
            Some(_) => Marker::None,
        };
        let shown = counts.filter(|_| marker == Marker::None);
        let years = |counts: &Counts| policy.round((counts.days as f64 / YEAR_DAYS).round() as u64);
        let rate = shown
            .filter(|counts| years(counts) > 0)
            .map(|counts| 100.0 * policy.round(counts.events) as f64 / years(counts) as f64);
        let limit = |value: f64, counts: &Counts| two_figures(100.0 * value / (counts.days as f64 / YEAR_DAYS));
        let (ratio, ratio_marker) = self.ratio(row);
        let deaths = shown
            .and_then(|counts| Some(counts).zip(counts.deaths))
            .filter(|(_, deaths)| self.figures.pathways.is_ascertained && !policy.is_small(u64::from(*deaths)));
        let by_itself = shown.and_then(|counts| counts.expected);
        let expected =
            |gap: usize| Value::decimal(by_itself.map(|rates| two_figures(100.0 * YEAR_DAYS * rates[gap])), 1);
        vec![
            Value::text(&config.id),
            Value::text(config.role.id()),
            Value::text(row.window.id()),
            Value::text(metric.id),
            Value::text(metric.title),
            Value::whole(shown.map(|counts| policy.round(u64::from(counts.people)))),
            Value::whole(shown.map(|counts| policy.round(counts.events))),
            Value::whole(shown.map(years)),
            Value::decimal(rate, 1),
            Value::decimal(shown.map(|counts| limit(counts.interval.lower, counts)), 1),
            Value::decimal(shown.map(|counts| limit(counts.interval.upper, counts)), 1),
            Value::text(shown.map_or("", |counts| counts.method)),
            Value::decimal(shown.and_then(|counts| counts.dispersion).map(two_figures), 1),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.ratio)), 2),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.interval.lower)), 2),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.interval.upper)), 2),
            Value::text(row.counts.as_ref().filter(|_| ratio.is_some()).map_or("", |counts| counts.ratio_method)),
            expected(0),
            expected(1),
            expected(2),
            Value::decimal(shown.and_then(|counts| counts.coverage_percent), 0),
            Value::decimal(
                deaths
                    .map(|(counts, deaths)| two_figures(1000.0 * f64::from(deaths) / (counts.days as f64 / YEAR_DAYS))),
                1,
            ),
            Value::text(row.design.id()),
            Value::text(if by_itself.is_some() { CAUTION_SELECTED } else { CAUTION }),
            Value::text(marker.sign()),
            Value::text(ratio_marker),
        ]
    }

    /// The ratio, where enough people with events stand behind both windows.
    fn ratio(&self, row: &BeforeAfter) -> (Option<crate::stats::ratio::Ratio>, &'static str) {
        let after = row.counts.as_ref().filter(|_| row.window == crate::pathways::Window::After);
        let Some(counts) = after else { return (None, "") };
        let before = self.figures.estimates.before_after.iter().find(|other| {
            (other.metric, other.pathway) == (row.metric, row.pathway)
                && other.window == crate::pathways::Window::Before
        });
        let enough = |counts: &Counts| {
            u64::from(counts.people_with_events) >= self.policy.threshold
                && !self.policy.is_dominated(counts.events, counts.top_two)
        };
        let is_shown = enough(counts) && before.and_then(|other| other.counts.as_ref()).is_some_and(enough);
        match (row.design, counts.ratio, is_shown) {
            (Design::Mechanical, ..) | (_, None, _) => (None, Marker::NotApplicable.sign()),
            (_, Some(ratio), true) => (Some(ratio), ""),
            _ => (None, Marker::Hidden.sign()),
        }
    }

    /// The people of a step are those of the step before but for the excluded.
    fn cohort_flow(&self) -> Result<Sheet, Error> {
        let policy = &self.policy;
        let flow = &self.figures.pathways.flow;
        let numbers: Vec<u64> = flow.iter().flat_map(|step| [step.people, step.excluded]).collect();
        let printed: Vec<Vec<usize>> = (0..flow.len()).map(|at| vec![2 * at, 2 * at + 1]).collect();
        let follows = |at: &usize| {
            let (before, own) = (&flow[at - 1], &flow[*at]);
            before.pathway == own.pathway && before.people == own.people + own.excluded
        };
        let sum = |at: usize| Sum { whole: 2 * (at - 1), parts: vec![2 * at, 2 * at + 1], relation: Relation::Equal };
        let sums = (1..flow.len()).filter(follows).map(sum).collect();
        let hidden = secondary::rows::hidden(&numbers, &printed, sums, policy)?;
        let rows = flow.iter().zip(hidden).map(|(step, is_hidden)| {
            let shown = |count: u64| Value::whole(Some(policy.round(count)).filter(|_| !is_hidden));
            vec![
                Value::text(self.pathway(Some(step.pathway))),
                Value::text(&step.stage),
                shown(step.people),
                shown(step.excluded),
                Value::text(&step.reason),
                Value::text(if is_hidden { "c" } else { "" }),
            ]
        });
        Ok(Sheet {
            name: "cohort_flow",
            title: "From people with a qualifying event to people analysed",
            columns: FLOW_COLUMNS,
            rows: rows.collect(),
        })
    }
}
