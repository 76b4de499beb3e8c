//! Rule profiles of statistical process control, by the names that settings and outputs use.

use schemars::JsonSchema;
use serde::Deserialize;

/// Which rules are used. They differ, so every output names its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Profile {
    /// Making Data Count from November 2023: no screening, two of three count beyond three sigma too, limits from 13 points,
    /// improvement shown where a point is both.
    #[default]
    #[serde(rename = "mdc-2023")]
    Mdc2023,
    /// The R package: large moving ranges are screened out once, two of three count between two and three sigma, limits from
    /// any number of points.
    #[serde(rename = "ptd-0.2.2")]
    Ptd022,
    /// The Excel template before November 2023: no screening, two of three as the R package, limits from 13 points.
    #[serde(rename = "excel-legacy")]
    ExcelLegacy,
}

impl Profile {
    /// Its name in config and outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Mdc2023 => "mdc-2023",
            Self::Ptd022 => "ptd-0.2.2",
            Self::ExcelLegacy => "excel-legacy",
        }
    }

    /// Points from which on limits are shown: fewer are a run chart.
    pub fn least_points(self) -> usize {
        if self == Self::Ptd022 { 2 } else { 13 }
    }
}
