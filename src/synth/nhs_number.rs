//! NHS numbers. In: a person's index. Out: a number of its own that starts with 9 and passes
//! modulus 11, and the way back. Leaves alone: who holds a wrong one (`recorded.rs`).

use super::chance::{Chance, mix};

/// Bodies without the last digit: seven digits after the leading 9, never 99 (test numbers).
const PREFIXES: u64 = 9_900_000;
const HALF_BITS: u64 = 12;
const HALF_MASK: u64 = (1 << HALF_BITS) - 1;

/// The check digit of nine leading digits; `None` if the sum asks for 10.
#[must_use]
pub fn check_digit(nine_digits: u64) -> Option<u64> {
    let mut rest = nine_digits;
    let mut sum = 0;
    for weight in 2..=10 {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

/// Whether ten digits pass modulus 11.
#[must_use]
pub fn is_valid(number: u64) -> bool {
    check_digit(number / 10) == Some(number % 10)
}

/// The number of a person; unique up to 49 million people.
#[must_use]
pub fn number_of(key: u64, person: u64) -> u64 {
    let mut prefix = scramble(key, person % PREFIXES);
    while prefix >= PREFIXES {
        prefix = scramble(key, prefix);
    }
    let first = last_digit_offset(key, prefix) + person / PREFIXES * 2;
    for digit in [first % 10, (first + 1) % 10] {
        let nine_digits = 900_000_000 + prefix * 10 + digit;
        if let Some(check) = check_digit(nine_digits) {
            return nine_digits * 10 + check;
        }
    }
    // Two neighbouring last digits are never both without a check digit: their sums differ by 2.
    0
}

/// The number a person had before another was issued: nobody's among so many people.
pub(super) fn former_number_of(key: u64, person: u64, people: u64) -> u64 {
    number_of(key, people + person)
}

/// Whose number it is among so many people; `None` if nobody's.
#[must_use]
pub fn owner_of(key: u64, number: u64, people: u64) -> Option<u64> {
    let prefix = number / 100 % 10_000_000;
    if prefix >= PREFIXES || number / 1_000_000_000 != 9 {
        return None;
    }
    let mut place = unscramble(key, prefix);
    while place >= PREFIXES {
        place = unscramble(key, place);
    }
    (0..5).map(|block| place + block * PREFIXES).find(|&person| person < people && number_of(key, person) == number)
}

/// A mistyped copy: it fails modulus 11 nine times of ten, keeps the leading 9, and is nobody's, now or before.
pub(super) fn mistyped(key: u64, number: u64, people: u64, chance: &mut Chance) -> u64 {
    let wanted_valid = chance.yes(0.1);
    loop {
        let mut typed = one_digit_changed(number, chance);
        if wanted_valid {
            typed = one_digit_changed(typed, chance);
        }
        if typed != number && is_valid(typed) == wanted_valid && owner_of(key, typed, 2 * people).is_none() {
            return typed;
        }
    }
}

fn one_digit_changed(number: u64, chance: &mut Chance) -> u64 {
    let unit = 10_u64.pow(u32::try_from(chance.below(9)).unwrap_or(0));
    let old = number / unit % 10;
    let step = u64::try_from(chance.between(1, 9)).unwrap_or(1);
    number - old * unit + (old + step) % 10 * unit
}

fn last_digit_offset(key: u64, prefix: u64) -> u64 {
    mix(key ^ prefix ^ 0x5151) % 10
}

fn scramble(key: u64, number: u64) -> u64 {
    let (mut left, mut right) = (number >> HALF_BITS, number & HALF_MASK);
    for round in 0..4 {
        (left, right) = (right, left ^ (mix(key ^ (round << 32) ^ right) & HALF_MASK));
    }
    left << HALF_BITS | right
}

fn unscramble(key: u64, number: u64) -> u64 {
    let (mut left, mut right) = (number >> HALF_BITS, number & HALF_MASK);
    for round in (0..4).rev() {
        (left, right) = (right ^ (mix(key ^ (round << 32) ^ left) & HALF_MASK), left);
    }
    left << HALF_BITS | right
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    #[test]
    fn numbers_pass_modulus_11_start_with_9_and_lead_back_to_their_person() {
        let mut seen: Vec<u64> = (0..20_000).map(|person| number_of(7, person)).collect();
        for (person, &number) in (0..).zip(&seen) {
            assert!(is_valid(number) && number / 1_000_000_000 == 9, "{number}");
            assert_eq!(owner_of(7, number, 20_000), Some(person));
            assert_eq!(owner_of(7, number, person), None);
        }
        let far = number_of(7, 9_900_000 * 3 + 5);
        assert_eq!(owner_of(7, far, 40_000_000), Some(9_900_000 * 3 + 5));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 20_000);
    }

    #[test]
    fn a_published_number_passes_and_its_neighbour_fails() {
        assert!(is_valid(9_434_765_919));
        assert!(!is_valid(9_434_765_918));
    }

    #[test]
    fn a_mistyped_number_fails_nine_times_of_ten_and_is_nobodys() {
        let mut chance = Chance::new(1, 1, Purpose::Details);
        let number = number_of(7, 12);
        let typed: Vec<u64> = (0..2_000).map(|_| mistyped(7, number, 50_000, &mut chance)).collect();
        let valid = typed.iter().filter(|&&number| is_valid(number)).count();
        assert!((140..260).contains(&valid), "{valid}");
        assert!(typed.iter().all(|&t| t != number && owner_of(7, t, 50_000).is_none() && t / 1_000_000_000 == 9));
    }
}
