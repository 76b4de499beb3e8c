//! Restated: what a case's figures moved by from one run to another, and because of what.
//!
//! In: what the case was worked out from in both runs. Out: its figures in the earlier run, then with one group of inputs after
//! another taken from the later one, in the order of [`Group::ALL`]; the last of them are worked out from the later run alone. What
//! each group moves a figure by is the difference to the step before it, so the order is part of the answer and always the same.

use super::grounds::{Figures, Ground};

/// Inputs that change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Effects and changes that the run finds.
    Effect,
    /// How often things happen to the people of the pathway.
    Population,
    /// The list of unit costs.
    UnitCosts,
    /// Price index, discount rates and optimism bias, and which year's prices and which schedule the case asks for.
    Index,
    /// Everything else that the case's file says.
    Assumption,
}

impl Group {
    /// All of them, in the order in which they are taken over.
    pub const ALL: [Self; 5] = [Self::Effect, Self::Population, Self::UnitCosts, Self::Index, Self::Assumption];

    /// What a reader calls a change of it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Effect => "new effect",
            Self::Population => "new population",
            Self::UnitCosts => "new unit-cost edition",
            Self::Index => "new index",
            Self::Assumption => "new assumption",
        }
    }

    /// Takes it over.
    fn take(self, own: &mut Ground, other: &Ground) {
        match self {
            Self::Effect => {
                own.answers.effects.clone_from(&other.answers.effects);
                own.answers.changes.clone_from(&other.answers.changes);
            }
            Self::Population => own.answers.rates.clone_from(&other.answers.rates),
            Self::UnitCosts => own.given.items.clone_from(&other.given.items),
            Self::Index => {
                own.given.schedules.clone_from(&other.given.schedules);
                own.config.discount.clone_from(&other.config.discount);
                own.config.price_year.clone_from(&other.config.price_year);
            }
            Self::Assumption => own.config.clone_from(&other.config),
        }
    }
}

/// Figures on the way from one run to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// What was taken over last; none at the beginning.
    pub group: Option<Group>,
    /// None where the mixture cannot be worked out: what one run's file asks for, the other does not have.
    pub figures: Option<Figures>,
}

/// A scenario's figures from the earlier run to the later; a group that did not change has no stage.
pub fn stages(from: &Ground, to: &Ground, scenario: &str) -> Vec<Stage> {
    let mut own = from.clone();
    let mut stages = vec![Stage { group: None, figures: own.figures(scenario) }];
    for group in Group::ALL {
        let before = own.clone();
        group.take(&mut own, to);
        if own != before {
            stages.push(Stage { group: Some(group), figures: own.figures(scenario) });
        }
    }
    stages
}
