//! Comparison: how far two records agree, field by field. A field that a side lacks says nothing.

use super::super::dates::{Agreement, agreement};
use super::super::records::Records;
use super::super::values::NO_DAY;

/// How far the fields of two records agree: positions in the levels of `weights.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Date of birth: 0 equal, 1 partly, 2 not.
    pub birth: Option<usize>,
    /// Sex, male or female on both sides: 0 equal, 1 not.
    pub sex: Option<usize>,
    /// Surname: 0 equal, 1 sounds alike, 2 starts alike, 3 not.
    pub surname: Option<usize>,
    /// Forename: 0 equal, 1 starts alike, 2 not.
    pub forename: Option<usize>,
    /// Postcode: 0 equal, 1 of one sector, 2 of one outcode, 3 not.
    pub postcode: Option<usize>,
}

/// Compares two records. The order of the two does not matter.
pub fn compare(records: &Records, a: usize, b: usize) -> Comparison {
    let (own, other) = (&records.fields[a], &records.fields[b]);
    let (birth_a, birth_b) = (records.birth[a], records.birth[b]);
    let (sex_a, sex_b) = (records.sex[a], records.sex[b]);
    Comparison {
        birth: (birth_a != NO_DAY && birth_b != NO_DAY).then(|| match agreement(birth_a, birth_b) {
            Agreement::Equal => 0,
            Agreement::Partial => 1,
            Agreement::Conflict => 2,
        }),
        sex: (sex_a < 2 && sex_b < 2).then_some(usize::from(sex_a != sex_b)),
        surname: first_equal([
            (own.surname, other.surname),
            (own.surname_sound, other.surname_sound),
            (own.surname_start, other.surname_start),
        ]),
        forename: first_equal([(own.forename, other.forename), (own.forename_start, other.forename_start)]),
        postcode: first_equal([
            (own.postcode, other.postcode),
            (own.postcode_sector, other.postcode_sector),
            (own.outcode, other.outcode),
        ]),
    }
}

/// The first pair of tokens that are equal, or their number if none is. None if a side lacks the first, the whole value: a
/// part of it has its weight only where the whole was seen to differ.
fn first_equal<const N: usize>(pairs: [(u64, u64); N]) -> Option<usize> {
    let is_known = pairs[0].0 != 0 && pairs[0].1 != 0;
    is_known.then(|| pairs.iter().position(|(a, b)| a == b).unwrap_or(N))
}

impl Comparison {
    /// Whether a name agrees at all.
    pub fn has_name(&self) -> bool {
        matches!(self.surname, Some(0..=2)) || matches!(self.forename, Some(0..=1))
    }

    /// The fields that agree, each with how far, for people who review a pair: never a value.
    pub fn agreeing(&self) -> String {
        let words = [
            self.birth.and_then(|at| ["birth_date", "birth_date_partly"].get(at)),
            self.sex.and_then(|at| ["sex"].get(at)),
            self.surname.and_then(|at| ["surname", "surname_sound", "surname_start"].get(at)),
            self.forename.and_then(|at| ["forename", "forename_start"].get(at)),
            self.postcode.and_then(|at| ["postcode", "postcode_sector", "outcode"].get(at)),
        ];
        words.into_iter().flatten().copied().collect::<Vec<_>>().join(" ")
    }
}
