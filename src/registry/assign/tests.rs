use super::*;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::Purpose;

fn token(number: u64) -> Token {
    Token::from_halves(number, 7)
}

fn tokens() -> Tokeniser {
    Tokeniser::new(&ProjectKey::demonstration(), Purpose::Person)
}

/// People by the numbers of their keys; the first is their own.
fn linkage(people: &[&[u64]]) -> (Members, Vec<Token>) {
    let mut all: Vec<(Token, u32)> =
        (0..).zip(people).flat_map(|(person, keys)| keys.iter().map(move |key| (token(*key), person))).collect();
    all.sort_unstable();
    let (keys, person) = all.into_iter().unzip();
    (Members { keys, person }, people.iter().map(|keys| token(keys[0])).collect())
}

/// What is known after another linkage.
fn next(known: &Known, people: &[&[u64]]) -> (Known, Assigned, Vec<Change>) {
    let (members, own) = linkage(people);
    let assigned = assign(known, &members, &own, &tokens());
    let changes = assigned.changes(known, &members, false);
    let mut keys: Vec<Change> = (0..known.keys.len())
        .map(|at| Change { key: known.keys[at], person: known.person[at], is_there: known.is_there[at] })
        .filter(|one| changes.iter().all(|change| change.key != one.key))
        .chain(changes.iter().copied())
        .collect();
    keys.sort_by_key(|change| change.key);
    let known = Known {
        ids: known.ids.iter().chain(&assigned.new_ids).copied().collect(),
        keys: keys.iter().map(|change| change.key).collect(),
        person: keys.iter().map(|change| change.person).collect(),
        is_there: keys.iter().map(|change| change.is_there).collect(),
    };
    (known, assigned, changes)
}

/// The numbers that people have after linkages, one after the other, and the last's events.
fn after(linkages: &[&[&[u64]]]) -> (Vec<u32>, Vec<(Kind, u32, u32)>, Known) {
    let mut known = Known::default();
    let mut last = (Vec::new(), Vec::new());
    for people in linkages {
        let (now, assigned, _) = next(&known, people);
        known = now;
        last = (assigned.number, assigned.events);
    }
    (last.0, last.1, known)
}

#[test]
fn people_keep_their_ids_when_somebody_is_added() {
    let (numbers, events, known) = after(&[&[&[10, 11], &[20]], &[&[5, 6], &[10, 11], &[20, 21]]]);
    assert_eq!(numbers, [2, 0, 1]);
    assert!(events.is_empty());
    assert_eq!(known.person_of(token(21)), Some(known.ids[1]));
    assert_eq!(known.ids[0], id_of(&tokens(), token(10), 0));
}

#[test]
fn nothing_changes_where_nothing_changed() {
    let people: &[&[u64]] = &[&[10, 11], &[20]];
    let (known, _, _) = next(&Known::default(), people);
    let (_, again, changes) = next(&known, people);
    assert!(changes.is_empty() && again.new_ids.is_empty() && again.events.is_empty());
}

#[test]
fn two_people_who_are_one_keep_the_id_of_most_keys() {
    let (numbers, events, _) = after(&[&[&[10], &[20, 21]], &[&[10, 20, 21]]]);
    assert_eq!((numbers, events), (vec![1], vec![(Kind::Merge, 0, 1)]));
    // With as many keys, the earliest registered.
    let (numbers, events, _) = after(&[&[&[20]], &[&[10], &[20]], &[&[10, 20]]]);
    assert_eq!((numbers, events), (vec![0], vec![(Kind::Merge, 1, 0)]));
}

#[test]
fn one_person_who_is_two_keeps_the_id_with_most_keys() {
    let (numbers, events, _) = after(&[&[&[10, 11, 12]], &[&[10], &[11, 12]]]);
    assert_eq!((numbers, events), (vec![1, 0], vec![(Kind::Split, 0, 1)]));
    // With as many keys, the one for whom the id was made, though its key is not the smallest.
    let (numbers, events, known) = after(&[&[&[11, 10]], &[&[10], &[11]]]);
    assert_eq!((numbers, events), (vec![1, 0], vec![(Kind::Split, 0, 1)]));
    assert_eq!(known.ids[1], id_of(&tokens(), token(10), 0));
}

#[test]
fn an_id_is_never_given_twice() {
    // The key for which the id was made goes to another person, the id stays with the others.
    let (numbers, _, known) = after(&[&[&[10, 11, 12]], &[&[10], &[11, 12]]]);
    assert_eq!(numbers, [1, 0]);
    assert_eq!(known.ids, [id_of(&tokens(), token(10), 0), id_of(&tokens(), token(10), 1)]);
}

#[test]
fn a_key_that_goes_to_another_registered_person_is_moved() {
    let (numbers, events, _) = after(&[&[&[10, 11, 12], &[20, 21]], &[&[10, 11], &[12, 20, 21]]]);
    assert_eq!((numbers, events), (vec![0, 1], vec![(Kind::Move, 0, 1)]));
}

#[test]
fn people_who_come_back_have_the_id_they_had() {
    let (numbers, events, known) = after(&[&[&[10], &[20]], &[&[20]], &[&[10], &[20]]]);
    assert_eq!((numbers, events), (vec![0, 1], vec![]));
    assert_eq!(known.is_there, [true, true]);
    let (_, _, known) = after(&[&[&[10], &[20]], &[&[20]]]);
    assert_eq!(known.is_there, [false, true]);
}

#[test]
fn a_record_that_gets_a_number_stays_the_same_person() {
    // Known by a record alone, then under a number with that record and a new one.
    let (numbers, events, _) = after(&[&[&[50]], &[&[10, 50, 51]]]);
    assert_eq!((numbers, events), (vec![0], vec![]));
}
