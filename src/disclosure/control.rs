//! Control: exact figures to released tables, by the primary rules and rounding of the policy.

use std::collections::BTreeSet;

use super::columns::FLOW_COLUMNS;
use super::figures::Shown;
use super::goals::Goals;
use super::linkage::{self, Quality};
use super::policy::{Marker, Policy};
use super::quality;
use super::record;
use super::release::Release;
use super::secondary::{self, earlier::Earlier, puzzle::State};
use super::sheets::{Sheet, Value};
use super::spc::{self, Point};
use super::{cases, costs, effects, follow_up, funder, gp_minutes, inequality, movement, published, standardised};
use crate::audit::{Relation, sums::Sum};
use crate::domain::period::Span;
use crate::economics::Money;
use crate::error::Error;
use crate::metrics::{ALL, Breakdown, Estimate, Estimates, Sheet as Place, Subject};
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
    /// What pathways changed, where an analysis plan asks for it.
    pub effects: Option<effects::Planned<'a>>,
    /// How records became people, and what became of every row read.
    pub quality: Quality<'a>,
}

/// What every before/after row says.
pub const CAUTION: &str =
    "A change, not an effect: people are often referred when their use is high, and it falls by itself.";

/// What the row says where use before was far above that of everyone registered, and nobody was selected on it.
pub const CAUTION_HIGH: &str = "A change, not an effect: use before was more than one and a half times that of everyone registered, and a part of such use falls by itself. How much is not worked out, because people were not chosen for it: some may be in need all the time.";

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
pub(super) struct Scope<'a> {
    named: &'a [String],
    parts: Parts,
    left_out: &'a LeftOut,
}

impl Scope<'_> {
    /// A release divides the financial years of everyone, and months, quarters and pathways no further: with every table that
    /// is divided besides, more cells of the others have to be hidden. Spans of twelve months that overlap tell the months
    /// that they differ by. Practices are not named one by one, and other organisations only where config records that they
    /// agreed.
    pub(super) fn holds(&self, estimates: &Estimates, row: &Estimate) -> bool {
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
    sheets.extend(published::beside(&settings.published, &sheets));
    sheets.insert(0, funder::summary(&sheets, figures));
    Ok(sheets)
}

pub(super) struct Controller<'a> {
    pub(super) policy: Policy,
    pub(super) scope: Scope<'a>,
    pub(super) settings: &'a Settings,
    /// How estimates are shown, by their position; empty where nothing is hidden.
    pub(super) states: &'a [Option<State>],
    /// What earlier releases showed; nothing where exact figures are printed.
    pub(super) earlier: &'a Earlier,
    pub(super) sensitive: &'a [String],
    pub(super) goals: Goals<'a>,
    pub(super) figures: &'a Figures<'a>,
}

impl Controller<'_> {
    pub(super) fn pathway(&self, at: Option<usize>) -> &str {
        at.map_or("everyone", |at| self.figures.pathways.configs[at].id.as_str())
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
