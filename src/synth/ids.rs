//! Ids that sources give. In: a person and what the id is for. Out: text of letters and digits,
//! unique in its provider and table. Leaves alone: NHS numbers (`nhs_number.rs`).

use super::chance::mix;

/// Letters and digits that cannot be mixed up.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An id of nine signs or more: a letter, a digit, and the scrambled person.
pub(super) fn local_id(key: u64, kind: (char, usize), person: u64) -> String {
    let mut text = String::with_capacity(12);
    text.push(kind.0);
    add_signs(&mut text, u64::try_from(kind.1).unwrap_or(0), 1);
    let salt = key ^ mix(u64::from(u32::from(kind.0)) << 8 ^ u64::try_from(kind.1).unwrap_or(0));
    add_signs(&mut text, scramble(salt, person), 7);
    text
}

/// The id of the nth record of a person in a table: as many as 32,768.
pub(super) fn record_id(key: u64, kind: (char, usize), person: u64, number: usize) -> String {
    let mut text = local_id(key, kind, person);
    let number = u64::try_from(number).unwrap_or(0);
    add_signs(&mut text, number, if number < 1024 { 2 } else { 3 });
    text
}

fn add_signs(text: &mut String, number: u64, signs: u32) {
    for place in (0..signs).rev() {
        let sign = usize::try_from(number >> (5 * place) & 31).unwrap_or(0);
        text.push(char::from(SIGNS[sign]));
    }
}

/// A one-to-one mixing of 32 bits.
fn scramble(salt: u64, number: u64) -> u64 {
    let (mut left, mut right) = (number >> 16 & 0xFFFF, number & 0xFFFF);
    for round in 0..4 {
        (left, right) = (right, left ^ (mix(salt ^ (round << 32) ^ right) & 0xFFFF));
    }
    left << 16 | right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_long_and_unique() {
        let mut ids: Vec<String> = (0..50_000).map(|person| record_id(5, ('C', 1), person, 3)).collect();
        assert!(ids.iter().all(|id| id.len() >= 8 && id.bytes().any(|sign| sign.is_ascii_digit())));
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 50_000);
    }
}
