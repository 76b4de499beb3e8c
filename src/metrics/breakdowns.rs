//! Breakdowns: how a figure is divided. Every breakdown has a "not known" level.

use serde::{Deserialize, Serialize};

/// A way of dividing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Breakdown {
    /// Not divided.
    All = 0,
    /// By the provider of the row; the practice for GP.
    Provider,
    /// By age at the event, bands closed on the left.
    AgeBand,
    /// By phenotypic sex.
    Sex,
    /// By ethnic group; "not stated" counts as not known.
    EthnicGroup,
    /// By deprivation quintile, 1 most deprived.
    ImdQuintile,
    /// By the problem a course of therapy is for.
    ProblemDescriptor,
    /// By the type of the referral's team.
    TeamType,
    /// By who referred.
    ReferralSource,
    /// By what was offered.
    Offer,
}

impl Breakdown {
    /// Every breakdown, in the order of outputs.
    pub const ALL: [Self; 10] = [
        Self::All,
        Self::Provider,
        Self::AgeBand,
        Self::Sex,
        Self::EthnicGroup,
        Self::ImdQuintile,
        Self::ProblemDescriptor,
        Self::TeamType,
        Self::ReferralSource,
        Self::Offer,
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        [
            "all",
            "provider",
            "age_band",
            "sex",
            "ethnic_group",
            "imd_quintile",
            "problem_descriptor",
            "team_type",
            "referral_source",
            "offer",
        ][self as usize]
    }
}
