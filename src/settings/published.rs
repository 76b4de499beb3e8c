//! Published figures: what a national body has printed of a provider, to stand beside ours.

use schemars::JsonSchema;
use serde::Deserialize;

/// One published figure of one metric.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedFigure {
    /// The metric's id.
    pub metric: String,
    /// The period as outputs name it: `2024/25`, `2024/25 Q2`.
    pub period: String,
    /// The provider's code; everyone in the extracts without it.
    pub provider: Option<String>,
    /// The figure as it was printed, in the metric's unit.
    pub value: f64,
    /// What was counted, if that was printed too.
    pub numerator: Option<u64>,
    /// What it was out of, if that was printed too.
    pub denominator: Option<u64>,
    /// Where it was printed and when; it stands in the output.
    pub source: String,
}

impl PublishedFigure {
    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<String> {
        let is_over = self.numerator.zip(self.denominator).is_some_and(|(own, of)| own > of);
        let why = match self {
            _ if !self.value.is_finite() || self.value < 0.0 => "has a value that is not a number from 0 on",
            _ if self.period.trim().is_empty() => "has no period",
            _ if self.provider.as_ref().is_some_and(|code| code.trim().is_empty()) => "has a provider without a code",
            _ if is_over => "counts more than it is out of",
            _ if self.source.trim().is_empty() => "has no source",
            _ => return None,
        };
        Some(format!("the published figure of `{}` {why}", self.metric))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<String> {
        toml::from_str::<PublishedFigure>(&format!("metric = \"tt_recovery\"\n{text}")).unwrap().fault()
    }

    #[test]
    fn a_published_figure_has_a_value_a_period_and_a_source() {
        let whole =
            "period = \"2024/25\"\nvalue = 50\nnumerator = 4060\ndenominator = 8115\nsource = \"annual report\"";
        assert_eq!(fault(whole), None);
        for (right, wrong, why) in [
            ("value = 50", "value = -1", "has a value that is not a number from 0 on"),
            ("\"2024/25\"", "\" \"", "has no period"),
            ("value = 50", "value = 50\nprovider = \"\"", "has a provider without a code"),
            ("numerator = 4060", "numerator = 9000", "counts more than it is out of"),
            ("\"annual report\"", "\" \"", "has no source"),
        ] {
            let said = fault(&whole.replace(right, wrong));
            assert_eq!(said, Some(format!("the published figure of `tt_recovery` {why}")));
        }
    }
}
