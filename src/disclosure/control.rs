//! Control: exact figures to released tables, by the primary rules and rounding of the policy.

use super::columns::{BEFORE_AFTER_COLUMNS, FIGURE_COLUMNS, FLOW_COLUMNS};
use super::goals::Goals;
use super::linkage::{self, Quality};
use super::policy::{Marker, Policy, two_figures};
use super::quality;
use super::release::Release;
use super::sheets::{Sheet, Value};
use super::spc::{self, Point};
use super::{costs, follow_up, funder, gp_minutes, inequality, movement, standardised};
use crate::economics::Money;
use crate::metrics::before_after::{self, BeforeAfter, Counts, Design, YEAR_DAYS};
use crate::metrics::cell::Cell;
use crate::metrics::{ALL, Breakdown, Estimate, Estimates, Form, Sheet as Place, Statistic, Subject};
use crate::pathways::{Coverage, Pathways};
use crate::settings::Settings;
use crate::settings::spc::Spc;

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
    /// How records became people, and what became of every row read.
    pub quality: Quality<'a>,
}

/// What every before/after row says.
pub const CAUTION: &str =
    "A change, not an effect: people are often referred when their use is high, and it falls by itself.";

/// What the row says of the use that people were selected on.
pub const CAUTION_SELECTED: &str = "A change, not an effect: people were chosen because their use was high, and it falls by itself, to about the expected rate or, where the event itself led to the referral, further.";

/// Applies the policy. The only maker of a [`Release`].
pub fn control(figures: &Figures<'_>, settings: &Settings) -> Release {
    Release::new(sheets(figures, settings, (Policy::new(&settings.disclosure), Parts::Every)))
}

/// The same tables with nothing hidden or rounded, figures without their breakdowns: for the internal tier, and never a
/// [`Release`].
pub fn uncontrolled(figures: &Figures<'_>, settings: &Settings) -> Vec<Sheet> {
    sheets(figures, settings, (Policy::exact(), Parts::Whole))
}

/// Which rows of figures are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// All breakdowns.
    Every,
    /// Figures of everybody alone.
    Whole,
}

fn sheets(figures: &Figures<'_>, settings: &Settings, (policy, parts): (Policy, Parts)) -> Vec<Sheet> {
    let controller = Controller {
        policy,
        named: &settings.disclosure.named_organisations,
        settings,
        goals: Goals(&settings.target),
        parts,
        figures,
    };
    let mut sheets = vec![
        controller.figures(Place::Outcomes, "outcomes", "What became of people, by pathway, quarter and group"),
        controller.figures(Place::Demand, "demand", "How much was used, by pathway, quarter and group"),
        inequality::released((figures.estimates, figures.pathways), &controller.policy, |row| {
            controller.estimate(row).marker
        }),
        controller.spc(&settings.spc),
        controller.before_after(),
        gp_minutes::released(figures.pathways, &controller.policy),
        standardised::released(figures.pathways, &controller.policy),
        follow_up::released(figures.pathways, figures.coverage, &controller.policy),
        costs::by_service(figures, &controller.policy),
        costs::summary(figures, &controller.policy),
        movement::flow(figures.pathways, &controller.policy),
        movement::sequences(figures.pathways, &controller.policy),
        controller.cohort_flow(),
        linkage::released(&figures.quality, &controller.policy, controller.named),
        quality::released(figures.quality.staged, settings.accepts(), &controller.policy),
    ];
    sheets.insert(0, funder::summary(&sheets, figures));
    sheets
}

struct Controller<'a> {
    policy: Policy,
    named: &'a [String],
    settings: &'a Settings,
    goals: Goals<'a>,
    parts: Parts,
    figures: &'a Figures<'a>,
}

/// Counts after control, with the marker that says why one is missing.
struct Shown {
    numerator: Option<u64>,
    denominator: Option<u64>,
    people: Option<u64>,
    value: Option<f64>,
    limits: [Option<f64>; 2],
    marker: Marker,
}

impl Shown {
    fn nothing(marker: Marker) -> Self {
        Self { numerator: None, denominator: None, people: None, value: None, limits: [None; 2], marker }
    }
}

impl Controller<'_> {
    fn pathway(&self, at: Option<usize>) -> &str {
        at.map_or("everyone", |at| self.figures.pathways.configs[at].id.as_str())
    }

    fn figures(&self, place: Place, name: &'static str, title: &'static str) -> Sheet {
        let estimates = self.figures.estimates;
        let own = estimates.rows.iter().filter(|row| ALL[row.metric].sheet == place && self.is_released(row));
        let rows = own.map(|row| {
            let (metric, period) = (ALL[row.metric], &estimates.periods[row.period]);
            let shown = self.estimate(row);
            let (form, unit) = (metric.statistic.form(), metric.statistic.unit(metric.dated));
            let places = metric.statistic.places();
            let standing = self.figures.coverage.standing.of(metric.subject.sources(), (period.start, period.end));
            vec![
                Value::text(crate::domain::day::to_iso(period.start)),
                Value::text(crate::domain::day::to_iso(period.end)),
                Value::text(&period.name),
                Value::text(self.pathway(row.pathway)),
                Value::text(metric.id),
                Value::text(metric.title),
                Value::text(row.breakdown.id()),
                Value::text(&row.level),
                Value::whole(shown.numerator.filter(|_| form != Form::Value)),
                Value::whole(shown.denominator.filter(|_| form != Form::Count)),
                Value::whole(shown.people),
                Value::decimal(shown.value, places),
                Value::text(unit),
                Value::decimal(shown.limits[0], places),
                Value::decimal(shown.limits[1], places),
                Value::text(if shown.limits[0].is_some() { row.method } else { "" }),
                Value::text(metric.standard.map_or_else(String::new, |standard| standard.text(unit))),
                Value::text(self.goals.text(metric, self.pathway(row.pathway))),
                Value::text(shown.marker.sign()),
                Value::text(standing.sign()),
                Value::text(self.settings.note(metric.id)),
            ]
        });
        Sheet { name, title, columns: FIGURE_COLUMNS, rows: rows.collect() }
    }

    /// Practices are not named one by one, and other organisations only where config records that they agreed.
    fn is_released(&self, row: &Estimate) -> bool {
        if self.parts == Parts::Whole && row.breakdown != Breakdown::All {
            return false;
        }
        let is_provider = row.breakdown == Breakdown::Provider && row.cell.is_some();
        !is_provider || (ALL[row.metric].subject != Subject::Appointments && self.named.contains(&row.level))
    }

    fn estimate(&self, row: &Estimate) -> Shown {
        let Some(cell) = row.cell else { return Shown::nothing(Marker::NotAvailable) };
        let metric = ALL[row.metric];
        let policy = &self.policy;
        let form = metric.statistic.form();
        if form != Form::Count && cell.denominator == 0 {
            return Shown::nothing(Marker::NotApplicable);
        }
        let people = if form == Form::Count { cell.people_in } else { cell.people };
        let is_hidden = match form {
            Form::Count => policy.is_dominated(cell.numerator, cell.top_two),
            Form::Share => {
                let is_small = [cell.people_in, cell.people_out].into_iter().any(|own| policy.is_small(u64::from(own)));
                is_small || self.is_of_few(&metric.statistic, &cell)
            }
            Form::Value => self.is_telling(&metric.statistic, &cell),
        };
        if is_hidden || policy.is_small(u64::from(people)) {
            return Shown::nothing(Marker::Hidden);
        }
        // Where all first scores are alike there is no effect size.
        if row.value.is_none() {
            return Shown::nothing(Marker::NotApplicable);
        }
        let numerator = policy.round(cell.numerator);
        Shown {
            numerator: Some(numerator),
            denominator: Some(policy.round(cell.denominator)),
            people: Some(policy.round(u64::from(people))),
            value: if form == Form::Count { Some(numerator as f64) } else { row.value },
            limits: [row.interval.map(|interval| interval.lower), row.interval.map(|interval| interval.upper)],
            marker: Marker::None,
        }
    }

    /// Whether a mean or quantile would tell the values of a few: two people who make up most of a sum, or fewer people
    /// beyond the quantile on either side than may be shown.
    fn is_telling(&self, statistic: &Statistic, cell: &Cell) -> bool {
        match *statistic {
            Statistic::Quantile { percent, .. } => {
                let beyond = u64::from(cell.people) * u64::from(percent.min(100 - percent)) / 100;
                beyond < self.policy.threshold
            }
            // Sums of changes count from their least value, where nobody's part is large.
            Statistic::Mean { least: 0, .. } => self.policy.is_dominated(cell.numerator, cell.top_two),
            _ => false,
        }
    }

    /// Whether rows of people with many of them are mostly those of two, as a count of them would be.
    fn is_of_few(&self, statistic: &Statistic, cell: &Cell) -> bool {
        let is_of_many = matches!(statistic, Statistic::RowsOfPeopleWithAtLeast { .. });
        is_of_many && self.policy.is_dominated(cell.numerator, cell.top_two)
    }

    fn spc(&self, settings: &Spc) -> Sheet {
        spc::sheet((self.figures.estimates, self.figures.pathways), (settings, self.goals), 0, |row| {
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

    fn cohort_flow(&self) -> Sheet {
        let policy = &self.policy;
        let rows = self.figures.pathways.flow.iter().map(|step| {
            let is_hidden = policy.is_small(step.people) || policy.is_small(step.excluded);
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
        Sheet {
            name: "cohort_flow",
            title: "From people with a qualifying event to people analysed",
            columns: FLOW_COLUMNS,
            rows: rows.collect(),
        }
    }
}
