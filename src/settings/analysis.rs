//! The analysis plan: what is compared with what, on which outcomes and how, said before anyone sees a result.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::did_you_mean;
use super::file::{Settings, wrong};
use super::pathway::Role;
use super::toml_error;
use crate::domain::hex;
use crate::error::Error;

/// Effects.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvaluationSettings {
    /// The analysis plan, a file of its own; nothing is compared without one.
    pub plan: Option<PathBuf>,
}

/// A way of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesignKind {
    /// The year after over the year before, in the same people: a change, not an effect.
    BeforeAfter,
    /// People of the comparator who are like those of the pathway, beside them.
    Matched,
    /// The change of the pathway's people over the change of those matched with them.
    Did,
    /// Month by month around the index date: a change of level beyond the trend before it.
    Its,
    /// The same beyond that of those matched.
    ItsControlled,
}

impl DesignKind {
    /// Every design, in the order of outputs.
    pub const ALL: [Self; 5] = [Self::BeforeAfter, Self::Matched, Self::Did, Self::Its, Self::ItsControlled];

    /// The word in outputs.
    pub fn id(self) -> &'static str {
        ["before_after", "matched", "did", "its", "its_controlled"][self as usize]
    }
}

/// What people are alike in who are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Covariate {
    /// Age at the index date.
    Age,
    /// Phenotypic sex.
    Sex,
    /// Deprivation quintile.
    Deprivation,
    /// Ethnic group.
    EthnicGroup,
    /// Use of each service, in the three months before the index date and in the nine before those, as logarithms.
    PriorUse,
    /// Whether a referral to the trust was open on the day before the index date.
    OpenReferral,
}

/// What must be the same of two who are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exact {
    /// Phenotypic sex.
    Sex,
    /// Ten years of age.
    AgeBand,
    /// The quarter of the index date.
    IndexQuarter,
    /// Deprivation quintile.
    Deprivation,
}

/// One comparison.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The redesigned pathway.
    pub pathway: String,
    /// The pathway that it is compared with; its `of` names the first.
    pub comparator: String,
    /// The outcome that decides, one of `outcomes`.
    pub primary: String,
    /// Outcomes: rates of `before_after.csv` by their ids.
    pub outcomes: Vec<String>,
    /// Designs.
    #[serde(default = "all_designs")]
    pub designs: Vec<DesignKind>,
    /// Whole months before the index date that are counted, of 30 or 31 days: 1 to 12.
    #[serde(default = "a_year")]
    #[schemars(range(min = 1, max = 12))]
    pub months_before: u8,
    /// Whole months after it: 1 to 12.
    #[serde(default = "a_year")]
    #[schemars(range(min = 1, max = 12))]
    pub months_after: u8,
    /// What must be the same of two who are matched.
    #[serde(default = "sex_age_and_quarter")]
    pub exact: Vec<Exact>,
    /// What likeness is measured by, always before the index date.
    #[serde(default = "all_covariates")]
    pub covariates: Vec<Covariate>,
    /// How far apart two who are matched may be. Unit: standard deviations of the logit of the propensity score.
    #[serde(default = "a_fifth")]
    pub caliper: f64,
    /// People that stand beside each of the pathway's at most: 1 to 10.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10))]
    pub k: u8,
    /// An outcome that the pathway cannot change, one of the rates: a difference in it warns of what was not measured.
    pub negative_control: Option<String>,
}

fn all_designs() -> Vec<DesignKind> {
    DesignKind::ALL.to_vec()
}

fn a_year() -> u8 {
    12
}

fn sex_age_and_quarter() -> Vec<Exact> {
    vec![Exact::Sex, Exact::AgeBand, Exact::IndexQuarter]
}

fn all_covariates() -> Vec<Covariate> {
    use Covariate::{Age, Deprivation, EthnicGroup, OpenReferral, PriorUse, Sex};
    vec![Age, Sex, Deprivation, EthnicGroup, PriorUse, OpenReferral]
}

fn a_fifth() -> f64 {
    0.2
}

fn one() -> u8 {
    1
}

impl Comparison {
    /// How two pathways are compared that the plan says nothing of.
    pub fn unplanned(pathway: &str, comparator: &str) -> Self {
        Self {
            pathway: pathway.to_owned(),
            comparator: comparator.to_owned(),
            primary: String::new(),
            outcomes: Vec::new(),
            designs: Vec::new(),
            months_before: a_year(),
            months_after: a_year(),
            exact: sex_age_and_quarter(),
            covariates: all_covariates(),
            caliper: a_fifth(),
            k: one(),
            negative_control: None,
        }
    }

    /// Whether a result was planned.
    pub fn plans(&self, outcome: &str, design: DesignKind) -> bool {
        self.designs.contains(&design) && self.outcomes.iter().any(|own| own == outcome)
    }

    /// What is wrong with its numbers and names, if anything.
    fn fault(&self) -> Option<&'static str> {
        let is_year = |months: u8| (1..=12).contains(&months);
        if !is_year(self.months_before) {
            Some("`months_before` is 1 to 12")
        } else if !is_year(self.months_after) {
            Some("`months_after` is 1 to 12")
        } else if !(self.caliper > 0.0 && self.caliper <= 5.0) {
            Some("`caliper` is more than 0 and at most 5")
        } else if !(1..=10).contains(&self.k) {
            Some("`k` is 1 to 10")
        } else if !self.outcomes.contains(&self.primary) {
            Some("`primary` is one of its `outcomes`")
        } else if self.negative_control.as_ref().is_some_and(|control| self.outcomes.contains(control)) {
            Some("`negative_control` is none of its `outcomes`")
        } else {
            None
        }
    }
}

/// The file of a plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFile {
    /// What is compared with what.
    pub(super) comparison: Vec<Comparison>,
}

/// A plan.
#[derive(Debug, Clone, Default)]
pub struct AnalysisPlan {
    /// What is compared with what.
    pub comparisons: Vec<Comparison>,
    /// SHA-256 of the file.
    pub sha256: String,
}

impl AnalysisPlan {
    /// What the plan says of two pathways.
    pub fn of(&self, pathway: &str, comparator: &str) -> Option<&Comparison> {
        self.comparisons.iter().find(|one| one.pathway == pathway && one.comparator == comparator)
    }
}

impl Settings {
    /// Reads the analysis plan, if one is named.
    pub(super) fn load_plan(&mut self) -> Result<(), Error> {
        let Some(path) = &self.evaluation.plan else { return Ok(()) };
        let path = self.resolve(path);
        let shown = path.display().to_string();
        let fix = "check `plan` under [evaluation] in pathlink.toml";
        let text =
            std::fs::read_to_string(&path).map_err(|_| wrong(&shown, "the analysis plan cannot be read", fix))?;
        self.add_plan(&shown, &text)?;
        self.text.push_str(&text);
        Ok(())
    }

    /// Takes an analysis plan from its text; `shown` is what messages call it.
    pub fn add_plan(&mut self, shown: &str, text: &str) -> Result<(), Error> {
        let file: PlanFile = toml::from_str(text).map_err(|problem| toml_error(shown, text, &problem))?;
        self.texts.push((shown.to_owned(), text.to_owned()));
        let sha256 = hex::lower(&Sha256::digest(text.as_bytes()));
        for (at, own) in file.comparison.iter().enumerate() {
            self.check_comparison(shown, own)
                .and_then(|()| check_once(shown, &file.comparison[..at], own))
                .map_err(|error| self.point_out(error))?;
        }
        self.plan = Some(AnalysisPlan { comparisons: file.comparison, sha256 });
        Ok(())
    }

    fn check_comparison(&self, shown: &str, own: &Comparison) -> Result<(), Error> {
        for (id, role) in [(&own.pathway, Role::Redesigned), (&own.comparator, Role::Comparator)] {
            if !self.pathway.iter().any(|pathway| pathway.id == *id && pathway.role == role) {
                let known =
                    self.pathway.iter().filter(|pathway| pathway.role == role).map(|pathway| pathway.id.as_str());
                let fix = did_you_mean(id, known, "name a pathway of the files under `pathways`");
                return Err(wrong(shown, &format!("`{id}` is no {} pathway", role.id()), &fix));
            }
        }
        let of = self.pathway.iter().find(|pathway| pathway.id == own.comparator).and_then(|one| one.of.as_ref());
        if of != Some(&own.pathway) {
            return Err(fault(shown, own, "does not have it as its `of`", "name a comparator of this pathway"));
        }
        own.fault()
            .map_or(Ok(()), |why| Err(wrong(shown, why, "see config/analysis_plan.toml for what each key is for")))
    }
}

/// Refuses a comparison that stands before.
fn check_once(shown: &str, before: &[Comparison], own: &Comparison) -> Result<(), Error> {
    let is_same = |other: &Comparison| other.pathway == own.pathway && other.comparator == own.comparator;
    if before.iter().any(is_same) {
        return Err(fault(shown, own, "is planned twice", "take one of the two away"));
    }
    Ok(())
}

fn fault(shown: &str, own: &Comparison, why: &str, fix: &str) -> Error {
    wrong(shown, &format!("`{}` beside `{}` {why}", own.comparator, own.pathway), fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHWAYS: &str = r#"
[pathway.new]
title = "New"
role = "redesigned"
index = { table = "referrals", date = "received_date" }
where = []
from = 2024-04-01
[pathway.usual]
title = "Usual"
role = "comparator"
of = "new"
index = { table = "referrals", date = "received_date" }
where = []
from = 2024-04-01
"#;
    const PLAN: &str = "[[comparison]]\npathway = \"new\"\ncomparator = \"usual\"\nprimary = \"px_rate_ed\"\noutcomes = [\"px_rate_ed\"]\n";

    fn plan(text: &str) -> Result<AnalysisPlan, String> {
        let mut settings = Settings::default();
        settings.add_pathways("pathways.toml", PATHWAYS).unwrap();
        settings.add_plan("plan.toml", text).map_err(|error| format!("{error:?}"))?;
        Ok(settings.plan.unwrap())
    }

    #[test]
    fn what_is_not_said_is_as_the_specification_has_it() {
        let found = plan(PLAN).unwrap();
        let own = found.of("new", "usual").unwrap();
        assert_eq!((own.months_before, own.months_after, own.k), (12, 12, 1));
        assert!((own.caliper - 0.2).abs() < 1e-12 && own.designs == DesignKind::ALL);
        assert!(own.plans("px_rate_ed", DesignKind::Did) && !own.plans("px_rate_gp", DesignKind::Did));
        assert!(!Comparison::unplanned("new", "usual").plans("px_rate_ed", DesignKind::Did));
        assert_eq!(found.sha256.len(), 64);
        assert_ne!(plan(&format!("{PLAN}# later\n")).unwrap().sha256, found.sha256);
    }

    #[test]
    fn a_plan_that_cannot_be_meant_is_refused_with_its_place() {
        for (wrong, why) in [
            ("caliper = 0.0\n", "caliper"),
            ("k = 0\n", "`k` is 1 to 10"),
            ("months_after = 13\n", "months_after"),
            ("negative_control = \"px_rate_ed\"\n", "negative_control"),
            ("calliper = 0.1\n", "did you mean `caliper`"),
            ("designs = [\"matchd\"]\n", "did you mean `matched`"),
        ] {
            let found = plan(&format!("{PLAN}{wrong}")).unwrap_err();
            assert!(found.contains(why) && found.contains('^'), "{wrong}: {found}");
        }
        let found = plan(&PLAN.replace("\"usual\"", "\"usal\"")).unwrap_err();
        assert!(found.contains("did you mean `usual`") && found.contains("^^^^"), "{found}");
        assert!(plan(&format!("{PLAN}{PLAN}")).unwrap_err().contains("twice"));
    }
}
