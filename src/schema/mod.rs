//! The canonical tables, declared once: names, kinds, meanings. Everything else (source configs, staging, `describe`)
//! reads this declaration.

pub mod codes;
pub mod columns;
mod details;
pub mod measures;
mod more_tables;
mod own_tables;
pub mod problems;
pub mod reliable;
pub mod scales;
pub mod words;

pub use columns::{Column, Kind, Storage, Table};
pub use details::VERSION;

/// A kind of extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[repr(u8)]
pub enum Source {
    /// A mental-health trust (MHSDS).
    MentalHealth = 0,
    /// Accident and emergency (ECDS).
    EmergencyCare,
    /// NHS Talking Therapies (IAPT data set).
    TalkingTherapies,
    /// General practices.
    Gp,
    /// Voluntary-sector services.
    Community,
}

impl Source {
    /// Every source, in the order of every output.
    pub const ALL: [Self; 5] =
        [Self::MentalHealth, Self::EmergencyCare, Self::TalkingTherapies, Self::Gp, Self::Community];

    /// The id in config and outputs.
    pub const fn id(self) -> &'static str {
        ["mental_health", "emergency_care", "talking_therapies", "gp", "community"][self as usize]
    }

    /// What a reader calls it.
    pub fn title(self) -> &'static str {
        ["mental-health trust", "A&E", "NHS Talking Therapies", "GP practices", "voluntary-sector services"]
            [self as usize]
    }

    /// The source with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.id() == id)
    }
}
