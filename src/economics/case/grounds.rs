//! Grounds: everything that the cases of a run were worked out from, so that another run can take over a part of it.
//!
//! In: cases and what the run shows. Out: one serialisable value, and the figures of a case from it. It is written where only the
//! trust's analysts see it, and holds no figure that the run does not release.

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::appraisal::Appraisal;
use super::resolve::{Case, Given};
use super::world::World;
use crate::settings::business_case::CaseConfig;

/// Its file in a run.
pub const FILE: &str = "business_cases.json";

/// Rises with what readers of it must know anew.
const FORM: &str = "pathlink-business-cases/1";

/// Everything that the cases of a run were worked out from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grounds {
    form: String,
    /// What config says of each case.
    pub cases: Vec<CaseConfig>,
    /// Unit costs and schedules.
    pub given: Given,
    /// Rates and effects, as released.
    pub answers: Answers,
}

impl Grounds {
    /// Of the cases of a run, which are given the same; none without a case.
    pub fn of(cases: &[Case], answers: Answers) -> Option<Self> {
        let given = cases.first()?.given.clone();
        let cases = cases.iter().map(|case| case.config.clone()).collect();
        Some(Self { form: FORM.to_owned(), cases, given, answers })
    }

    /// As a run wrote them; none where they are not there, or of another form.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text).ok().filter(|grounds| grounds.form == FORM)
    }

    /// Of one case alone.
    pub fn one(&self, case: &str) -> Option<Ground> {
        let config = self.cases.iter().find(|config| config.id == case)?.clone();
        Some(Ground { config, given: self.given.clone(), answers: self.answers.clone() })
    }
}

/// What one case was worked out from.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// What config says.
    pub config: CaseConfig,
    /// Unit costs and schedules.
    pub given: Given,
    /// Rates and effects, as released.
    pub answers: Answers,
}

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Net present value, in pounds.
    pub net: f64,
    /// Benefits for each pound of cost; none without costs.
    pub ratio: Option<f64>,
    /// Present value of benefits, in pounds.
    pub benefit: f64,
}

impl Ground {
    /// What a scenario comes to, by this program; none where it cannot be worked out.
    pub fn figures(&self, scenario: &str) -> Option<Figures> {
        let case = Case::of(self.config.clone(), self.given.clone()).ok()?;
        let own = case.scenarios().into_iter().find(|own| case.name(*own) == scenario)?;
        let inputs = case.inputs(own, &|asked| self.answers.find(&case.config.pathway, asked)).ok()?;
        let done = Appraisal::of(&inputs, &World::central(&inputs));
        Some(Figures { net: done.net(), ratio: done.ratio(), benefit: done.benefit })
    }
}
