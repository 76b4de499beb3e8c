//! What the trust's rules look for among coded values: lists of the standards, as positions in the code lists in force.

use crate::schema::codes::CodeSet;
use crate::sources::CodeValues;

/// Which values of a set are meant.
pub struct Meant(Vec<bool>);

impl Meant {
    /// Some values of a set; one that no code list has is met by nothing.
    fn of(codes: &CodeValues, set: CodeSet, values: &[&str]) -> Self {
        Self(codes.of(set).iter().map(|value| values.contains(&value.as_str())).collect())
    }

    /// Whether a code is one of them; a code that is not known is not.
    pub fn has(&self, code: Option<u16>) -> bool {
        code.is_some_and(|code| self.0.get(usize::from(code)).copied().unwrap_or(false))
    }
}

/// How a contact is held that counts as direct: face to face, by telephone, talk type or video (01, 02, 04, 11; to MHSDS
/// version 4 also 03, telemedicine).
pub fn direct(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::Mechanism, &["face_to_face", "telephone", "talk_type", "video"])
}

/// Face to face (01).
pub fn face_to_face(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::Mechanism, &["face_to_face"])
}

/// Core community teams.
pub fn core_teams(codes: &CodeValues) -> Meant {
    let teams = ["A05", "A06", "A08", "A09", "A12", "A13", "A14", "A16", "C03", "C10", "D05"];
    Meant::of(codes, CodeSet::TeamType, &teams)
}

/// Community teams of adults that report paired outcomes.
pub fn outcome_teams(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::TeamType, &["A05", "A06", "A08", "A09", "A12", "A13", "A14", "A16"])
}

/// Teams that the outcomes of children and young people leave out.
pub fn specialist_teams(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::TeamType, &["B02", "E01", "E02", "E03", "E04", "A14"])
}

/// Crisis teams.
pub fn crisis_teams(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::TeamType, &["A02", "A18", "A19"])
}

/// Liaison teams.
pub fn liaison_teams(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::TeamType, &["A11", "C05"])
}

/// Very urgent (4).
pub fn very_urgent(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::Priority, &["very_urgent"])
}

/// Urgent (2).
pub fn urgent(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::Priority, &["urgent"])
}

/// Referred by A&E (H1).
pub fn from_emergency_care(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::ReferralSource, &["emergency_care"])
}

/// Acute beds of adults.
pub fn adult_acute_beds(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::BedType, &["10", "200"])
}

/// Acute beds of older adults.
pub fn older_acute_beds(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::BedType, &["11", "201"])
}

/// Acute beds of adults and older adults, and psychiatric intensive care.
pub fn acute_beds(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::BedType, &["10", "11", "12", "200", "201", "202"])
}

/// Beds after which the follow-up within 72 hours counts.
pub fn followed_up_beds(codes: &CodeValues) -> Meant {
    let beds = ["10", "11", "12", "16", "17", "18", "200", "201", "202", "205", "212", "213"];
    Meant::of(codes, CodeSet::BedType, &beds)
}

/// Where somebody comes from who was in hospital before: no new admission.
pub fn admitted_from_hospital(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::AdmissionSource, &["49", "53", "87"])
}

/// Discharge methods that leave a discharge out of those that may be followed by another admission.
pub fn no_index_methods(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::DischargeMethod, &["4", "6", "7", "8"])
}

/// Destinations that leave a discharge out of those that may be followed by another admission.
pub fn no_index_destinations(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::DischargeDestination, &["48", "49", "50", "53", "79", "84", "87"])
}

/// Discharge methods that leave a discharge out of the follow-up within 72 hours: the person died, or was stillborn.
pub fn not_followed_methods(codes: &CodeValues) -> Meant {
    Meant::of(codes, CodeSet::DischargeMethod, &["4", "5"])
}

/// Destinations that leave a discharge out of the follow-up within 72 hours.
pub fn not_followed_destinations(codes: &CodeValues) -> Meant {
    let destinations = ["30", "37", "38", "40", "42", "48", "49", "50", "53", "79", "84", "87", "89"];
    Meant::of(codes, CodeSet::DischargeDestination, &destinations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::Sources;

    type Find = fn(&CodeValues) -> Meant;

    /// A code that no list has would be met by nothing, and nobody would be told.
    #[test]
    fn every_code_that_is_looked_for_is_in_a_list() {
        let values = Sources::load(None, None).unwrap().values;
        let wanted: [(Find, usize); 18] = [
            (direct, 4),
            (face_to_face, 1),
            (core_teams, 11),
            (outcome_teams, 8),
            (specialist_teams, 6),
            (crisis_teams, 3),
            (liaison_teams, 2),
            (very_urgent, 1),
            (urgent, 1),
            (from_emergency_care, 1),
            (adult_acute_beds, 2),
            (older_acute_beds, 2),
            (acute_beds, 6),
            (followed_up_beds, 12),
            (admitted_from_hospital, 3),
            (no_index_methods, 4),
            (no_index_destinations, 7),
            (not_followed_methods, 2),
        ];
        for (at, (find, count)) in wanted.into_iter().chain([(not_followed_destinations as Find, 13)]).enumerate() {
            assert_eq!(find(&values).0.iter().filter(|is| **is).count(), count, "list {at}");
        }
    }
}
