//! Identifier errors by kind, and on whom they fall. In: a person and the options. Out: the kinds, and how much more
//! often than on average a person's records are wrong. Leaves alone: what the wrong value is (`recorded.rs`, `slips.rs`).

use super::identity::Identity;
use super::world::Errors;

/// One thing that is wrong with a record's identifiers. A record may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// No NHS number.
    NumberMissing,
    /// A mistyped NHS number, nobody's.
    NumberMistyped,
    /// Another person's NHS number.
    NumberShared,
    /// The number that the person had before another was issued.
    NumberFormer,
    /// A wrong date of birth that shares two of year, month and day.
    BirthPart,
    /// Day and month of birth swapped.
    BirthSwapped,
    /// A wrong date of birth that shares at most one part.
    BirthOther,
    /// A misspelt forename.
    ForenameTypo,
    /// A short form of the forename.
    ForenameShort,
    /// Quite another forename.
    ForenameOther,
    /// A misspelt surname.
    SurnameTypo,
    /// Another form of the surname: Mc for Mac, one half of two.
    SurnameForm,
    /// Quite another surname, as after a marriage.
    SurnameChanged,
    /// The wrong sex.
    Sex,
    /// The postcode of an earlier address.
    PostcodeMoved,
    /// No fixed abode: `ZZ99 3VZ`.
    PostcodeNone,
}

impl Slip {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::NumberMissing,
        Self::NumberMistyped,
        Self::NumberShared,
        Self::NumberFormer,
        Self::BirthPart,
        Self::BirthSwapped,
        Self::BirthOther,
        Self::ForenameTypo,
        Self::ForenameShort,
        Self::ForenameOther,
        Self::SurnameTypo,
        Self::SurnameForm,
        Self::SurnameChanged,
        Self::Sex,
        Self::PostcodeMoved,
        Self::PostcodeNone,
    ];

    /// Name in `truth/errors.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "number_missing",
            "number_mistyped",
            "number_shared",
            "number_former",
            "birth_part",
            "birth_swapped",
            "birth_other",
            "forename_typo",
            "forename_short",
            "forename_other",
            "surname_typo",
            "surname_form",
            "surname_changed",
            "sex",
            "postcode_moved",
            "postcode_none",
        ][self as usize]
    }
}

/// How much more often than on average a person's records are wrong; 1 on average over people.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble {
    /// Missing numbers and old postcodes.
    pub(super) usual: f64,
    /// Every other error.
    pub(super) other: f64,
}

/// On whom errors fall.
pub(super) fn trouble(errors: Errors, who: &Identity) -> Trouble {
    let of_place = |shares: [f64; 5]| shares.get(usize::from(who.quintile - 1)).copied().unwrap_or(1.0);
    let of_group = |most: f64, minority: f64| if matches!(who.ethnic, "A" | "B" | "C") { most } else { minority };
    match errors {
        Errors::Planted => Trouble { usual: of_place([1.4, 1.15, 1.0, 0.8, 0.65]) * of_group(0.94, 1.28), other: 1.0 },
        Errors::Biased => {
            let steep = of_place([2.0, 1.3, 0.8, 0.5, 0.4]) * of_group(0.8, 1.9);
            Trouble { usual: steep, other: steep }
        }
        Errors::Random | Errors::None => Trouble { usual: 1.0, other: 1.0 },
    }
}
