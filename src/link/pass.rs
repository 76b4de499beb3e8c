//! Passes: every way in which a record becomes somebody's, in the order in which they run.

use serde::{Deserialize, Serialize};

/// A linkage pass, in the order in which they run. Each works on what earlier ones left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pass {
    /// Same source, provider and local patient.
    Local,
    /// NHS number and date of birth equal.
    NhsDob,
    /// NHS number equal, date of birth partly, corroborated.
    NhsPartialDob,
    /// NHS number equal, no date of birth on a side.
    NhsOnly,
    /// NHS number equal, dates of birth not even partly: not linked, reported.
    NhsConflict,
    /// Provider, local patient number, date of birth and sex equal.
    LocalDemographic,
    /// Date of birth, sex, postcode and full forename equal, and unique on both sides.
    DemographicName,
    /// Date of birth, sex and postcode equal, and unique on both sides. Off unless asked for.
    Demographic,
    /// Fellegi-Sunter on the field tokens.
    Probabilistic,
    /// No pass: the record that its person began with.
    Founder,
}

impl Pass {
    /// Every pass by which a record joins somebody, or is kept from it.
    pub const ALL: [Self; 9] = [
        Self::Local,
        Self::NhsDob,
        Self::NhsPartialDob,
        Self::NhsOnly,
        Self::NhsConflict,
        Self::LocalDemographic,
        Self::DemographicName,
        Self::Demographic,
        Self::Probabilistic,
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::NhsDob => "nhs_dob",
            Self::NhsPartialDob => "nhs_partial_dob",
            Self::NhsOnly => "nhs_only",
            Self::NhsConflict => "nhs_conflict",
            Self::LocalDemographic => "local_demographic",
            Self::DemographicName => "demographic_name",
            Self::Demographic => "demographic",
            Self::Probabilistic => "probabilistic",
            Self::Founder => "founder",
        }
    }

    /// How sure a link by it is.
    pub fn class(self) -> &'static str {
        match self {
            Self::Local => "dedupe",
            Self::NhsDob | Self::NhsPartialDob | Self::LocalDemographic => "confident",
            Self::NhsOnly | Self::DemographicName => "probable",
            Self::NhsConflict => "not linked",
            Self::Demographic => "weak",
            Self::Probabilistic => "by probability",
            Self::Founder => "",
        }
    }
}
