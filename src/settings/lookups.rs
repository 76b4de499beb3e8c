//! Look-up files, and how deprivation is numbered in them.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Look-up files.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lookups {
    /// A CSV of postcode, lsoa, and `imd_quintile` (1 to 5) or `imd_decile` (1 to 10).
    pub postcode_imd: Option<PathBuf>,
    /// Which end its groups are numbered from. Outputs always number from the most deprived.
    pub postcode_imd_one_is: Deprived,
    /// Its edition, printed in the manifest.
    pub postcode_imd_edition: Option<String>,
    /// A CSV in the form of `config/reliable_change.csv`; the embedded one without it.
    pub reliable_change: Option<PathBuf>,
}

/// An end of the scale of deprivation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deprived {
    /// 1 is the most deprived, as in the files of the ONS.
    #[default]
    MostDeprived,
    /// 1 is the least deprived, as in some files on Talking Therapies.
    LeastDeprived,
}

impl Lookups {
    /// Where deprivation comes from and how it is numbered, in a sentence.
    pub fn deprivation(&self) -> String {
        let edition = self.postcode_imd_edition.as_deref().unwrap_or("without an edition");
        let from = match self.postcode_imd_one_is {
            Deprived::MostDeprived => "also counts from the most deprived",
            Deprived::LeastDeprived => "counts from the least deprived, and was turned round",
        };
        match &self.postcode_imd {
            Some(_) => {
                format!("Fifths are counted from the most deprived. The look-up of postcodes ({edition}) {from}.")
            }
            None => "There is no look-up of postcodes, so it is not known for anybody.".to_owned(),
        }
    }
}
