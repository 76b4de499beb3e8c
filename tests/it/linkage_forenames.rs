//! Forenames: twins stay apart, slips and short forms do not.

use pathlink::link::Options;
use pathlink::link::passes::{Doubt, Pass};

use crate::linkage_people::linked;

#[test]
fn twins_at_one_address_are_never_merged() {
    let found = linked(
        "
        james         | gp      | 1 | 2001-05-06 | m | James | Harbrake | SK1 1AA
        jack          | charity | - | 2001-05-06 | m | Jack  | Harbrake | SK1 1AA
        jacob         | trust   | - | 2001-05-06 | m | Jacob | Harbrake | SK1 1AA
        jack again    | a&e     | - | 2001-05-06 | m | Jack  | Harbrake | SK1 1AA
        james again   | charity | - | 2001-05-06 | - | James | Harbrake | SK1 1AA
        nameless      | charity | - | 2001-05-06 | m | -     | -        | SK1 1AA
        baby          | trust   | - | 2001-05-06 | m | Baby  | Twin One | SK1 1AA
        ",
        &Options::default(),
    );
    assert!(found.are_one("james", "james again") && found.are_one("jack", "jack again"));
    let people = ["james", "jack", "jacob", "nameless", "baby"].map(|name| found.key(name));
    assert!((0..5).all(|at| !people[..at].contains(&people[at])));
    assert!(found.doubts("jacob").contains(&Doubt::OtherForename));
    assert!(found.doubts("nameless").iter().all(|why| *why == Doubt::NoName) && !found.doubts("baby").is_empty());
}

#[test]
fn a_forename_that_nobody_has_is_a_slip_of_one_that_many_have() {
    let found = linked(
        "
        list    | gp      | 1 | 2001-05-06 | m | James   | Harbrake | SK1 1AA
        slip    | charity | - | 2001-05-06 | - | Jamse   | Harbrake | SK1 1AA
        second  | charity | - | 2001-05-06 | - | Jmes    | Harbrake | SK1 1AA
        other   | charity | - | 2001-05-06 | - | Bames   | Harbrake | SK1 1AA
        rare    | trust   | 2 | 1999-08-07 | f | Elspira | Nockold  | SK1 1AB
        rarer   | charity | - | 1999-08-07 | - | Elowen  | Nockold  | SK1 1AB
        ",
        &Options::default(),
    );
    assert!(found.are_one("list", "slip") && found.are_one("list", "second"));
    assert!(!found.are_one("list", "other") && !found.are_one("rare", "rarer"));
}

#[test]
fn another_forename_is_one_person_only_where_the_list_shows_no_twin() {
    let found = linked(
        "
        bill       | gp      | 1 | 1949-05-06 | m | William | Harbrake  | SK1 1AA
        short      | charity | - | 1949-05-06 | - | Bill    | Harbrake  | SK1 1AA
        unlisted   | trust   | 2 | 1951-06-07 | f | Mary    | Quimbrell | SK1 1AB
        polly      | charity | - | 1951-06-07 | - | Polly   | Quimbrell | SK1 1AB
        twin       | gp      | 3 | 1990-07-08 | f | Ruth    | Nockold   | SK1 1AC
        other twin | gp      | 4 | 1990-07-08 | f | Jane    | Nokold    | SK1 2AC
        whose      | charity | - | 1990-07-08 | - | Martha  | Nockold   | SK1 1AC
        first born | gp      | 5 | 2025-08-09 | m | Adam    | Paskeby   | SK1 1AD
        newborn    | gp      | - | 2025-08-09 | m | Harry   | Paskeby   | SK1 1AD
        wedded     | gp      | 6 | 1985-09-10 | f | Emily   | Pever     | SK1 1AE
        at home    | gp      | 7 | 1985-09-10 | f | Grace   | Wrenfield | SK1 1AE
        who        | charity | - | 1985-09-10 | - | Chloe   | Pever     | SK1 1AE
        moved      | gp      | 8 | 1971-10-11 | m | Oliver  | Dunmere   | SK1 1AF
        away       | charity | - | 1971-10-11 | - | Peter   | Dunmere   | M9 2ZZ
        ",
        &Options::default(),
    );
    assert!(found.are_one("bill", "short") && found.pass("short") == Pass::Probabilistic);
    for (one, other) in [
        ("unlisted", "polly"),
        ("twin", "whose"),
        ("other twin", "whose"),
        ("first born", "newborn"),
        ("wedded", "who"),
        ("at home", "who"),
        ("moved", "away"),
    ] {
        assert!(!found.are_one(one, other), "{one}, {other}");
    }
    for name in ["polly", "whose", "newborn", "who"] {
        assert!(found.doubts(name).contains(&Doubt::OtherForename), "{name}");
    }
}

#[test]
fn a_twin_who_stayed_is_no_rival_of_one_who_moved() {
    let found = linked(
        "
        moved   | gp      | 1 | 1990-07-08 | f | Ruth  | Nockold | M9 2ZZ
        stayed  | gp      | 2 | 1990-07-08 | f | Jane  | Nockold | SK1 1AC
        earlier | charity | - | 1990-07-08 | - | Ruth  | Nockold | SK1 1AC
        ",
        &Options::default(),
    );
    assert!(found.are_one("moved", "earlier") && !found.are_one("stayed", "earlier"));
}
