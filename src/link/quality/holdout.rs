//! Q6, the hold-out: the numbers of some records are hidden, the passes run again, and who each of these records joins
//! without its number is held against who it is with it.
//!
//! In: records, the linkage made with all numbers, the options. Out: of hidden records with a true match the share that was
//! linked to the right person again (sensitivity), and of hidden records that were linked, and whose number is confirmed, the
//! share that was linked to the right person (predictive value), overall and by group. Leaves alone: the linkage. People who have a number are not
//! people who have none: for these the figures are likely lower.

use super::super::audit::LinkAudit;
use super::super::options::Options;
use super::super::passes;
use super::super::records::Records;
use super::count::{Cell, Count, Division, Section, merge_all};
use super::groups::Layout;
use super::lists::{Listed, Problem};
use super::subjects::Subjects;
use crate::domain::token::Token;
use crate::schema::Source;

/// Of the records with a number, one in so many is hidden: the people they belong to must still be there to be found.
const ONE_IN: u64 = 8;
/// No more records are hidden than about this many. It holds each overall share to less than half a percentage point.
const MOST: u64 = 60_000;

/// Which records are hidden, and whom they would have joined.
pub(in super::super) struct Hidden {
    /// Whether each record's number was hidden.
    numbers: Vec<bool>,
    key: Vec<Token>,
    keys: Vec<Token>,
}

/// Links again, without the numbers of some records.
pub(in super::super) fn hide(records: &Records, quarantined: &[u32], options: &Options) -> Hidden {
    let numbers = sample(records, quarantined);
    let again = passes::link_but(&|at| numbers[at], records, options, &mut LinkAudit::default());
    Hidden { numbers, key: again.key, keys: again.keys }
}

/// Records with a usable number that is theirs, chosen by the bits of their own tokens: chance as far as anything about
/// the person is concerned, and the same records whatever the order of input.
fn sample(records: &Records, quarantined: &[u32]) -> Vec<bool> {
    let mut is_usable: Vec<bool> = records.nhs.iter().map(|nhs| nhs.is_some()).collect();
    for record in quarantined {
        is_usable[*record as usize] = false;
    }
    let usable = is_usable.iter().filter(|usable| **usable).count() as u64;
    let one_in = ONE_IN.max(usable.div_ceil(MOST));
    let is_chosen = |token: Token| token.with(HOLD_OUT).first_half().is_multiple_of(one_in);
    is_usable.iter().zip(&records.key).map(|(usable, key)| *usable && is_chosen(*key)).collect()
}

/// Told apart from every other use of the bits.
const HOLD_OUT: u64 = 0x686f_6c64;

/// What the second linkage made of a hidden record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nobody,
    Right,
    Wrong,
    /// To somebody of another number who is the same in everything else, and no other record has the record's own number:
    /// one of the two numbers is mistyped, and nobody knows which.
    Alike,
}

/// Sensitivity and predictive value.
pub(super) fn counts(subjects: &Subjects<'_>, hidden: &Hidden) -> (Vec<Count>, Vec<Listed>) {
    let layout = Layout::new(subjects);
    let held = Held::new(subjects, hidden);
    let size = layout.size * (Source::ALL.len() + 1);
    let new = || (vec![Cell::default(); size], vec![Cell::default(); size], Vec::new());
    let (sensitivity, predictive, listed) = subjects.fold(
        new,
        |(sensitivity, predictive, listed), person, own| {
            for record in own.iter().map(|record| *record as usize).filter(|record| hidden.numbers[*record]) {
                let found = held.found(subjects, record);
                let source = subjects.records.source[record] as usize + 1;
                for place in layout.places(subjects, record) {
                    for at in [place, source * layout.size + place] {
                        if held.has_match(subjects, record, own) {
                            sensitivity[at].add(person as u32, found == Found::Right);
                        }
                        if matches!(found, Found::Right | Found::Wrong) && held.is_confirmed[record] {
                            predictive[at].add(person as u32, found == Found::Right);
                        }
                    }
                }
                if matches!(found, Found::Wrong | Found::Alike) {
                    listed.push(Listed::new(Problem::WrongLink, person as u32, record as u32));
                }
            }
        },
        |all, part| {
            merge_all(&mut all.0, &part.0);
            merge_all(&mut all.1, &part.1);
            all.2.extend(part.2);
        },
    );
    let mut found = Vec::new();
    for (measure, cells) in [("sensitivity", &sensitivity), ("predictive_value", &predictive)] {
        for at in 0..=Source::ALL.len() {
            let own = &cells[at * layout.size..][..layout.size];
            // A group within a source would be a table of two ways, of which too little could be shown.
            let is_wanted =
                |division: Division| division == Division::All || (at == 0 && division != Division::Provider);
            let groups =
                layout.names.iter().zip(own).filter(|((division, _), cell)| cell.of > 0 && is_wanted(*division));
            for ((division, level), cell) in groups {
                let count = Count::new(Section::HoldOut, measure, *cell).part(*division, level);
                found.push(if at == 0 { count } else { count.of(Source::ALL[at - 1]) });
            }
        }
    }
    (found, listed)
}

/// The second linkage by its people, with the records whose true person is known.
struct Held<'a> {
    hidden: &'a Hidden,
    starts: Vec<u32>,
    order: Vec<u32>,
    place: Vec<u32>,
    /// Whether more than a record's own word says that its number is its person's: another record, the registered list, or
    /// status 01. A number that only one record has may be mistyped, and would call a right link wrong.
    is_confirmed: Vec<bool>,
    /// How many records of each person have a number.
    numbered: Vec<u32>,
}

impl<'a> Held<'a> {
    fn new(subjects: &Subjects<'_>, hidden: &'a Hidden) -> Self {
        let index = super::super::piles::Index::new(hidden.keys.clone());
        let place: Vec<u32> = hidden.key.iter().map(|key| index.get(*key).unwrap_or(0)).collect();
        let (starts, order) = super::subjects::by_person(&place, hidden.keys.len().max(1));
        debug_assert_eq!(place.len(), subjects.records.len());
        let mut numbered = vec![0u32; subjects.people()];
        let records = subjects.records;
        for (person, nhs) in subjects.person.iter().zip(&records.nhs) {
            numbered[*person as usize] += u32::from(nhs.is_some());
        }
        let is_confirmed = |at: usize| {
            records.nhs[at].is_some() && (records.trust[at] > 0 || numbered[subjects.person[at] as usize] > 1)
        };
        let is_confirmed = (0..records.len()).map(is_confirmed).collect();
        Self { hidden, starts, order, place, is_confirmed, numbered }
    }

    /// Whom a hidden record is with now. Only records with a confirmed number tell: of the others nobody knows whose they are.
    fn found(&self, subjects: &Subjects<'_>, record: usize) -> Found {
        let cluster = self.place[record] as usize;
        let others = &self.order[self.starts[cluster] as usize..self.starts[cluster + 1] as usize];
        let mut found = Found::Nobody;
        for other in others.iter().map(|other| *other as usize).filter(|other| *other != record) {
            if subjects.person[other] == subjects.person[record] {
                found = if found == Found::Nobody { Found::Right } else { found };
            } else if self.is_confirmed[other] {
                let is_alone = self.numbered[subjects.person[record] as usize] == 1;
                let is_alike = is_alone && subjects.records.is_alike(record, other);
                found = if is_alike && found != Found::Wrong { Found::Alike } else { Found::Wrong };
            }
        }
        found
    }

    /// Whether another record of the same person has a number, so that there is somebody to be linked to again.
    fn has_match(&self, subjects: &Subjects<'_>, record: usize, own: &[u32]) -> bool {
        debug_assert!(self.hidden.numbers[record]);
        let others = own.iter().map(|other| *other as usize).filter(|other| *other != record);
        others.into_iter().any(|other| subjects.records.nhs[other].is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::records::Fields;
    use super::*;
    use crate::domain::day;

    /// A record of somebody by a number that stands for all of their names and places.
    fn push(records: &mut Records, person: u64, looks_like: u64, source: Source) {
        let mix = |part: u64| Token::NONE.with(looks_like).with(part).first_half() | 1;
        records.source.push(source);
        records.nhs.push(Token::NONE.with(person).with(10));
        records.birth.push(day::from_parts(1950 + (person % 50) as i32, 1 + (person % 12) as u32, 9).unwrap());
        records.sex.push((person % 2) as u16);
        records.fields.push(Fields::of([[1, 2, 3], [4, 5, 6], [7, 8, 9]].map(|parts| parts.map(mix))));
        records.local.push(Token::NONE);
        records.trust.push(1);
        records.key.push(Token::NONE.with(records.key.len() as u64).with(11));
    }

    /// Of every ten people one is called something else in A&E than on the list: without a number nothing joins the two.
    #[test]
    fn the_estimate_is_the_planted_truth() {
        let people = 6000u64;
        let mut records = Records::default();
        for person in 0..people {
            push(&mut records, person, person, Source::Gp);
            let looks_like = if person % 10 == 0 { person + people } else { person };
            push(&mut records, person, looks_like, Source::EmergencyCare);
        }
        let options = Options::default();
        let linkage = passes::link_all(&records, &options, &mut LinkAudit::default());
        let hidden = hide(&records, &linkage.conflicts, &options);
        let person: Vec<u32> = (0..records.len() as u32).map(|record| record / 2).collect();
        let (counts, listed) = counts(&Subjects::of_records(&records, &person), &hidden);
        // Whose record was hidden, whose other record still has a number, and who is called one thing.
        let chosen = (0..records.len()).filter(|record| hidden.numbers[*record]);
        let (all, right) =
            chosen.fold((0, 0), |(all, right), record| (all + 1, right + u64::from(record / 2 % 10 != 0)));
        assert!((1200..1800).contains(&all), "{all}");
        let whole = |measure: &str| {
            let count = counts.iter().find(|count| count.measure == measure && count.source.is_none()).unwrap();
            (count.numerator, count.denominator.unwrap())
        };
        let (found, of) = whole("sensitivity");
        assert_eq!(of, all);
        // Where both records of a person were hidden they find each other.
        assert_eq!(found, right);
        assert_eq!(whole("predictive_value"), (right, right));
        assert!(listed.is_empty());
    }

    /// Two people of one name and date of birth, each with one record and a number of their own, at two places: a link between
    /// them is a wrong one. Where the place is the same too, one number may be mistyped, and the link counts neither way.
    #[test]
    fn a_link_to_somebody_else_is_a_wrong_one_unless_only_the_number_differs() {
        let (wrong, listed) = of_namesakes(true);
        let wrong = wrong.unwrap();
        assert!(wrong.numerator == 0 && wrong.denominator.unwrap() > 300, "{wrong:?}");
        assert_eq!(listed as u64, wrong.denominator.unwrap());
        let (alike, listed) = of_namesakes(false);
        assert!(alike.is_none() && listed > 300, "{alike:?} {listed}");
    }

    /// The predictive value among such people, and how many links are listed.
    fn of_namesakes(at_two_places: bool) -> (Option<Count>, usize) {
        let people = 4000u64;
        let mut records = Records::default();
        for person in 0..people {
            push(&mut records, person, person % 2000, Source::Gp);
            let at = records.birth.len() - 1;
            records.birth[at] =
                day::from_parts(1950 + (person % 2000 % 50) as i32, 1 + (person % 2000 % 12) as u32, 9).unwrap();
            records.sex[at] = (person % 2) as u16;
            if at_two_places {
                let place = |part: u64| Token::NONE.with(person).with(part).first_half() | 1;
                let fields = &mut records.fields[at];
                (fields.postcode, fields.postcode_sector, fields.outcode) = (place(20), place(21), 1);
            }
        }
        let options = Options::default();
        let linkage = passes::link_all(&records, &options, &mut LinkAudit::default());
        let hidden = hide(&records, &linkage.conflicts, &options);
        let person: Vec<u32> = (0..records.len() as u32).collect();
        let (counts, listed) = counts(&Subjects::of_records(&records, &person), &hidden);
        assert!(counts.iter().all(|count| count.measure != "sensitivity"), "nobody had anybody to be linked to");
        let whole = |count: &Count| count.measure == "predictive_value" && count.source.is_none();
        (counts.into_iter().find(whole), listed.len())
    }
}
