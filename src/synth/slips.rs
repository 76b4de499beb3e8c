//! Wrong names and dates of birth. In: the true identity and two streams of chance. Out: the record's names and date,
//! with what is wrong with them. Leaves alone: numbers, sex and postcode (`recorded.rs`).
//!
//! The measured rates compare two systems, so each system errs half as often: forenames differ for 2.36 % of people,
//! surnames wholly for 5.67 % of women and 1.34 % of men and in all for 4.86 %, dates of birth for 0.49 %, of which
//! 93 % share two parts (CRATE, two NHS systems, 126,904 people with one NHS number).

use super::calendar::{Day, civil, day_of};
use super::chance::Chance;
use super::errors::Slip;
use super::identity::Identity;
use super::names::{FAMILY_ENDS, FAMILY_STARTS, MEN, SHORT_NAMES, WOMEN};
use super::recorded::Recorded;

/// Spoils names. `chance` says whether and how badly, `detail` which sort of slip.
pub(super) fn spoil_names(
    who: &Identity,
    trouble: f64,
    chance: &mut Chance,
    detail: &mut Chance,
    record: &mut Recorded,
) {
    if chance.yes(0.0119 * trouble) {
        if chance.yes(0.5) {
            let other = chance.pick(if who.sex == 2 { &WOMEN } else { &MEN });
            match short_name(who.given).filter(|_| detail.yes(0.7)) {
                Some(short) => set(&mut record.given, short.to_owned(), Slip::ForenameShort, &mut record.slips),
                None => set(&mut record.given, other.to_owned(), Slip::ForenameOther, &mut record.slips),
            }
        } else {
            let misspelt = misspelt(&record.given, chance, detail);
            set(&mut record.given, misspelt, Slip::ForenameTypo, &mut record.slips);
        }
    }
    // Women change family name more often.
    if chance.yes(trouble * if who.sex == 2 { 0.0339 } else { 0.0079 }) {
        if chance.yes(0.85) {
            let other = [chance.pick(&FAMILY_STARTS), chance.pick(&FAMILY_ENDS)].concat();
            set(&mut record.family, other, Slip::SurnameChanged, &mut record.slips);
        } else {
            let misspelt = misspelt(&record.family, chance, detail);
            set(&mut record.family, misspelt, Slip::SurnameTypo, &mut record.slips);
        }
    } else if let Some(form) = other_form(who.family, trouble, detail) {
        set(&mut record.family, form, Slip::SurnameForm, &mut record.slips);
    }
}

fn set(name: &mut String, wrong: String, slip: Slip, slips: &mut Vec<Slip>) {
    if *name != wrong {
        *name = wrong;
        slips.push(slip);
    }
}

fn short_name(given: &str) -> Option<&'static str> {
    SHORT_NAMES.iter().find(|(full, _)| *full == given).map(|(_, short)| *short)
}

/// Mc for Mac or the other way round, and one half of a double-barrelled name; `None` for plain names and most others.
fn other_form((start, end): (&str, &str), trouble: f64, detail: &mut Chance) -> Option<String> {
    let other = match start {
        "Mc" => ["Mac", end].concat(),
        "Mac" => ["Mc", end].concat(),
        _ => start.strip_suffix('-').map(|first| (if detail.yes(0.5) { first } else { end }).to_owned())?,
    };
    let share = if start.ends_with('-') { 0.08 } else { 0.05 };
    detail.yes(share * trouble).then_some(other)
}

/// After the first letter: two neighbours swapped, one left out, one doubled, or one hit beside the right key.
fn misspelt(name: &str, chance: &mut Chance, detail: &mut Chance) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 3 {
        letters.push('e');
        return letters.into_iter().collect();
    }
    let place = 1 + chance.below(letters.len() - 2);
    let is_swap = chance.yes(0.5) && letters[place] != letters[place + 1];
    match (is_swap, detail.below(3)) {
        (true, _) => letters.swap(place, place + 1),
        (false, 0) => drop(letters.remove(place)),
        (false, 1) => letters.insert(place, letters[place]),
        (false, _) => letters[place] = beside(letters[place]),
    }
    letters.into_iter().collect()
}

/// The key to the right on the keyboard; to the left at its edge.
fn beside(letter: char) -> char {
    const KEYS: &str = "qwertyuiopo asdfghjklk zxcvbnmn";
    let at = KEYS.find(letter.to_ascii_lowercase());
    at.and_then(|at| KEYS[at + 1..].chars().next()).unwrap_or('e')
}

/// Another day of birth and what is wrong with it; 93 % still share two of year, month and day.
pub(super) fn wrong_birth(birth: Day, chance: &mut Chance, detail: &mut Chance) -> (Day, Slip) {
    let (year, month, day) = civil(birth);
    let wrong = match chance.below(100) {
        0..=6 => {
            let other = day_of(year - chance.between(1, 3), month % 12 + 1, chance.between(1, 28));
            if day <= 12 && day != month && detail.yes(0.5) { day_of(year, day, month) } else { other }
        }
        7..=40 => day_of(year, month, (day + chance.between(1, 20)) % 28 + 1),
        41..=65 => day_of(year, (month + chance.between(0, 9)) % 12 + 1, day.min(28)),
        _ => day_of(year - chance.between(1, 10), month, day.min(28)),
    };
    let wrong = if wrong == birth { birth - 1 } else { wrong };
    let (wrong_year, wrong_month, wrong_day) = civil(wrong);
    let slip = if parts_alike(wrong, birth) == 2 {
        Slip::BirthPart
    } else if (wrong_year, wrong_month, wrong_day) == (year, day, month) {
        Slip::BirthSwapped
    } else {
        Slip::BirthOther
    };
    (wrong, slip)
}

/// How many of year, month and day two dates share.
pub(super) fn parts_alike(one: Day, other: Day) -> usize {
    let (one, other) = (civil(one), civil(other));
    usize::from(one.0 == other.0) + usize::from(one.1 == other.1) + usize::from(one.2 == other.2)
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    #[test]
    fn a_misspelt_name_keeps_its_first_letter_and_differs_by_one_stroke() {
        let (mut chance, mut detail) = (Chance::new(1, 1, Purpose::Details), Chance::new(1, 2, Purpose::Details));
        for name in ["Ashington", "Khan", "Okafor", "Li"] {
            for _ in 0..200 {
                let wrong = misspelt(name, &mut chance, &mut detail);
                assert!(wrong != name && wrong.starts_with(&name[..1]), "{wrong}");
                assert!(wrong.len().abs_diff(name.len()) <= 1, "{wrong}");
            }
        }
    }

    #[test]
    fn a_wrong_date_is_wrong_in_the_way_it_says() {
        let (mut chance, mut detail) = (Chance::new(1, 3, Purpose::Details), Chance::new(1, 4, Purpose::Details));
        let birth = day_of(1983, 12, 3);
        let mut parts = 0;
        for _ in 0..2_000 {
            let (wrong, slip) = wrong_birth(birth, &mut chance, &mut detail);
            assert_ne!(wrong, birth);
            assert_eq!(slip == Slip::BirthPart, parts_alike(wrong, birth) == 2);
            assert_eq!(slip == Slip::BirthSwapped, wrong == day_of(1983, 3, 12));
            parts += u32::from(slip == Slip::BirthPart);
        }
        assert!((1_800..1_920).contains(&parts), "{parts}");
    }
}
