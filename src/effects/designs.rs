//! The designs: an estimate each, or why there is none, with what it rests on and what a reader has to keep in mind.

use super::panel::behind;
use super::series;
use super::{Behind, Exact, Found};
use crate::evaluation::matched::{differences, effect, overdispersed};
use crate::evaluation::{FEWEST_EVENTS, Matches, NoEffect, Outcome, People};
use crate::metrics::before_after::Design;
use crate::pathways::months::PersonMonths;
use crate::settings::DesignKind;
use crate::stats::model::Ratio;
use crate::stats::ratio::after_over_before;
use crate::stats::tail;
use crate::stats::unmeasured::{e_value, e_value_of};

/// Before, after.
const WINDOWS: [usize; 2] = [0, 1];
const AFTER: usize = 1;

/// Why a change of use says nothing.
pub(super) const MECHANICAL: &str =
    "the service supplies the index event of one of the groups, so its use changes by construction";
const CHANGE: &str =
    "A change, not an effect: people are often referred when their use is high, and it falls by itself.";
const UNMEASURED: &str = "The two groups are alike in what was measured; what was not may still differ.";
pub(super) const ALIKE: &str = "It holds only if both groups would have changed alike without the pathway.";

/// What an estimate comes to.
pub(super) struct Estimated {
    pub(super) found: Result<Found, String>,
    pub(super) is_of_few: bool,
    pub(super) arms: [Option<Behind>; 2],
    pub(super) behind: Vec<Behind>,
    pub(super) grade: u8,
    pub(super) cautions: Vec<String>,
}

/// One outcome of a comparison.
pub(super) struct Asked<'a> {
    pub(super) people: &'a People,
    pub(super) outcomes: &'a [Outcome],
    /// The same month by month.
    pub(super) months: &'a [PersonMonths],
    /// Whole months counted before and after.
    pub(super) windows: [usize; 2],
    pub(super) matches: &'a Result<Matches, NoEffect>,
    /// Covariates in which the matched are not alike, in words.
    pub(super) unlike: &'a [String],
    /// How the use of the service by each of the two pathways is to be read.
    pub(super) designs: [Design; 2],
    /// The chance of months before as uneven, had both groups moved alike.
    pub(super) months_before: Option<f64>,
}

impl Asked<'_> {
    /// By one design.
    pub(super) fn by(&self, design: DesignKind) -> Estimated {
        let mut found = match design {
            DesignKind::BeforeAfter => self.before_after(),
            DesignKind::Matched => self.matched(),
            DesignKind::Did => self.did(),
            DesignKind::Its => series::alone(self),
            DesignKind::ItsControlled => match self.matches {
                Ok(matches) => series::beside(self, matches),
                Err(reason) => self.unmatched(*reason, 3),
            },
        };
        if self.designs.contains(&Design::Unascertained) {
            found.cautions.push("Deaths and moves are not known equally in both groups.".to_owned());
        }
        found
    }

    /// Whether a change of use says nothing, for it comes by construction.
    pub(super) fn is_mechanical(&self) -> bool {
        self.designs.contains(&Design::Mechanical)
    }

    fn before_after(&self) -> Estimated {
        let cases = || (0..self.outcomes.len()).filter(|row| self.people.is_case[*row]);
        let cells = WINDOWS.map(|window| behind(self.outcomes, cases(), window));
        let pairs: Vec<Outcome> = cases().map(|row| self.outcomes[row]).filter(|own| own.time != [0.0, 0.0]).collect();
        let found = if cells.iter().any(|cell| cell.people == 0) {
            Err("nobody was observed both before and after".to_owned())
        } else if self.designs[0] == Design::Mechanical {
            Err(MECHANICAL.to_owned())
        } else if let Some(few) = few(&cells) {
            Err(few)
        } else {
            let ratio = after_over_before(&pairs).map(|own| Ratio {
                ratio: own.ratio,
                interval: own.interval,
                standard_error: own.standard_error,
            });
            ratio.map(|ratio| Found::of(ratio, chance(ratio))).ok_or_else(|| NoEffect::FewEvents.text().to_owned())
        };
        Estimated {
            is_of_few: is_few(&cells),
            found,
            arms: [Some(cells[AFTER]), None],
            behind: cells.to_vec(),
            grade: 1,
            cautions: vec![CHANGE.to_owned()],
        }
    }

    /// Rows of the matched: of the pathway, then beside them.
    fn rows(matches: &Matches) -> [Vec<usize>; 2] {
        let cases = matches.sets.iter().map(|set| set.case as usize).collect();
        let beside = matches.sets.iter().flat_map(|set| set.controls.iter().map(|row| *row as usize)).collect();
        [cases, beside]
    }

    /// Everybody who could be compared, where nobody is matched.
    fn everyone(&self) -> [Vec<usize>; 2] {
        [true, false]
            .map(|is_case| (0..self.outcomes.len()).filter(|row| self.people.is_case[*row] == is_case).collect())
    }

    fn unmatched(&self, reason: NoEffect, grade: u8) -> Estimated {
        let arms = self.everyone().map(|rows| behind(self.outcomes, rows.into_iter(), AFTER));
        Estimated {
            found: Err(reason.text().to_owned()),
            is_of_few: false,
            arms: arms.map(Some),
            behind: arms.to_vec(),
            grade,
            cautions: Vec::new(),
        }
    }

    fn matched(&self) -> Estimated {
        let matches = match self.matches {
            Ok(matches) => matches,
            Err(reason) => return self.unmatched(*reason, 2),
        };
        let found = effect(self.people, matches, self.outcomes).map(|own| Found {
            per_100_years: Some(own.per_100_years.map(Exact)),
            dispersion: Some(Exact(own.dispersion)),
            e_values: own.e_values.map(|value| value.map(Exact)),
            ..Found::of(own.ratio, own.p)
        });
        let mut cautions = Vec::new();
        if self.is_mechanical() {
            cautions.push(format!("Part of the difference is by construction: {MECHANICAL}."));
        }
        cautions.extend(self.unlike());
        cautions.extend(left_out(matches));
        cautions.push(UNMEASURED.to_owned());
        self.after(matches, found, cautions)
    }

    /// The matched once more, by a model in which people differ by more than chance.
    pub(super) fn overdispersed(&self) -> Estimated {
        let matches = match self.matches {
            Ok(matches) => matches,
            Err(reason) => return self.unmatched(*reason, 2),
        };
        let ratio = overdispersed(self.people, matches, self.outcomes);
        self.after(matches, ratio.map(|ratio| Found::of(ratio, chance(ratio))), Vec::new())
    }

    /// An estimate of what happened to the matched after the index date.
    fn after(&self, matches: &Matches, found: Result<Found, NoEffect>, cautions: Vec<String>) -> Estimated {
        let cells = Self::rows(matches).map(|rows| behind(self.outcomes, rows.into_iter(), AFTER));
        Estimated {
            is_of_few: is_few(&cells) || found == Err(NoEffect::FewEvents),
            found: found.map_err(|reason| reason.text().to_owned()),
            arms: cells.map(Some),
            behind: cells.to_vec(),
            grade: if self.unlike.is_empty() && !self.is_mechanical() { 3 } else { 2 },
            cautions,
        }
    }

    fn unlike(&self) -> Option<String> {
        let names = self.unlike.join(", ");
        (!names.is_empty()).then(|| format!("After matching the two groups still differ in: {names}."))
    }

    fn did(&self) -> Estimated {
        let matches = match self.matches {
            Ok(matches) => matches,
            Err(reason) => return self.unmatched(*reason, 3),
        };
        let rows = Self::rows(matches);
        let of = |arm: usize, window: usize| behind(self.outcomes, rows[arm].iter().copied(), window);
        let [cases, others] = [0, 1].map(|arm| WINDOWS.map(|window| of(arm, window)));
        let cells = [cases, others].concat();
        let found = if self.is_mechanical() {
            Err(MECHANICAL.to_owned())
        } else {
            differences(self.people, matches, self.outcomes).map_err(|reason| reason.text().to_owned())
        };
        let years: f64 = rows[0].iter().map(|row| self.outcomes[*row].time[AFTER]).sum();
        let more = |ratio: f64| Exact(100.0 * cases[AFTER].events as f64 / years * (1.0 - 1.0 / ratio));
        let found = found.map(|ratio| Found {
            per_100_years: Some([ratio.ratio, ratio.interval.lower, ratio.interval.upper].map(more)),
            e_values: [e_value(ratio.ratio), e_value_of(ratio.interval)].map(|value| value.map(Exact)),
            ..Found::of(ratio, chance(ratio))
        });
        let mut cautions = Vec::new();
        if let Some(chance) = self.months_before.filter(|chance| *chance < 0.05) {
            let chance = if chance < 0.001 { "less than 0.001".to_owned() } else { format!("{chance:.3}") };
            cautions.push(format!("In the year before, the two groups did not move alike (p {chance})."));
        }
        cautions.push(ALIKE.to_owned());
        Estimated {
            is_of_few: is_few(&cells) || found.as_ref().is_err_and(|why| why == NoEffect::FewEvents.text()),
            found,
            arms: [Some(cases[AFTER]), Some(others[AFTER])],
            behind: cells,
            grade: 3,
            cautions,
        }
    }
}

/// Whether a group and time has too few events for an estimate.
pub(super) fn is_few(cells: &[Behind]) -> bool {
    cells.iter().any(|cell| (cell.events as f64) < FEWEST_EVENTS)
}

fn few(cells: &[Behind]) -> Option<String> {
    is_few(cells).then(|| "fewer than 10 events before or after".to_owned())
}

/// The chance of a ratio as far from 1, were there no difference.
pub(super) fn chance(ratio: Ratio) -> f64 {
    tail::two_sided(ratio.ratio.ln() / ratio.standard_error)
}

/// Whether more than a fifth of the pathway's people have nobody like them.
fn left_out(matches: &Matches) -> Option<String> {
    let (left, matched) = (matches.unmatched.len(), matches.sets.len());
    (5 * left > left + matched).then(|| {
        "More than a fifth of the people on the pathway have nobody like them in the other group, and are left out."
            .to_owned()
    })
}
