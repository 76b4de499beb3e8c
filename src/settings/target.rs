//! Targets: what a place has agreed to reach, beside the national standards.

use schemars::JsonSchema;
use serde::Deserialize;

/// One target of one metric.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The metric's id.
    pub metric: String,
    /// The pathway's id, or `everyone`; all of them without it.
    pub pathway: Option<String>,
    /// Met by this and more, in the metric's unit.
    pub at_least: Option<f64>,
    /// Met by this and less, in the metric's unit.
    pub at_most: Option<f64>,
    /// Who agreed it and when; it stands in the output.
    pub source: String,
}

impl Target {
    /// Whether it is about a series.
    pub fn is_of(&self, metric: &str, pathway: &str) -> bool {
        self.metric == metric && self.pathway.as_deref().is_none_or(|own| own == pathway)
    }

    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<String> {
        let limits: Vec<f64> = self.at_least.into_iter().chain(self.at_most).collect();
        let why = match limits[..] {
            [limit] if !limit.is_finite() || limit < 0.0 => "is not a number from 0 on",
            [_] if self.source.trim().is_empty() => "has no source",
            [_] => return None,
            _ => "has to give either `at_least` or `at_most`",
        };
        Some(format!("the target of `{}` {why}", self.metric))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<String> {
        toml::from_str::<Target>(&format!("metric = \"tt_recovery\"\n{text}")).unwrap().fault()
    }

    #[test]
    fn a_target_has_one_limit_and_a_source() {
        assert_eq!(fault("at_least = 55\nsource = \"contract\""), None);
        let either = "the target of `tt_recovery` has to give either `at_least` or `at_most`";
        assert_eq!(fault("source = \"contract\"").as_deref(), Some(either));
        assert_eq!(fault("at_least = 55\nat_most = 60\nsource = \"contract\"").as_deref(), Some(either));
        assert_eq!(fault("at_most = 55\nsource = \" \"").as_deref(), Some("the target of `tt_recovery` has no source"));
        assert!(fault("at_most = -1\nsource = \"contract\"").unwrap().ends_with("is not a number from 0 on"));
    }

    #[test]
    fn a_target_of_a_pathway_is_of_no_other() {
        let text = "metric = \"tt_recovery\"\npathway = \"prevention\"\nat_least = 55\nsource = \"contract\"";
        let target: Target = toml::from_str(text).unwrap();
        assert!(target.is_of("tt_recovery", "prevention") && !target.is_of("tt_recovery", "everyone"));
        assert!(!target.is_of("tt_access", "prevention"));
    }
}
