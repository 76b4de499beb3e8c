//! The passes without NHS numbers on people made by hand.

use std::collections::BTreeMap;

use pathlink::domain::supersession::Supersession;
use pathlink::domain::token::Token;
use pathlink::link::passes::{Doubt, Pass, link_all};
use pathlink::link::records::Records;
use pathlink::link::{LinkAudit, Options};
use pathlink::schema::Source;

use crate::linkage_people::{NONE, letters, linked, records, token};

#[test]
fn a_record_without_a_number_finds_its_person() {
    let found = linked(
        "
        list     | gp      | 1 | 1987-03-14 | f | Orla    | Quimbrell | SK1 1AA
        same     | trust   | - | 1987-03-14 | f | Orla    | Quimbrell | SK1 1AA
        no sex   | charity | - | 1987-03-14 | - | Orla    | Quimbrell | SK1 1AA
        moved    | charity | - | 1987-03-14 | - | Orla    | Quimbrell | M9 2ZZ
        married  | a&e     | - | 1987-03-14 | f | Orla    | Wrenfield | SK1 1AA
        mistyped | charity | - | 1987-03-14 | - | Orla    | Quimbrel  | SK1 1AA
        slip     | charity | - | 1978-03-14 | - | Orla    | Quimbrell | SK1 1AA
        stranger | charity | - | 1971-11-02 | - | Orla    | Quimbrell | M9 2ZZ
        ",
        &Options::default(),
    );
    for name in ["same", "married"] {
        assert!(found.are_one("list", name), "{name}");
        assert_eq!(found.pass(name), Pass::DemographicName, "{name}");
    }
    for name in ["no sex", "moved", "mistyped", "slip"] {
        assert!(found.are_one("list", name), "{name}");
        assert_eq!(found.pass(name), Pass::Probabilistic, "{name}");
    }
    assert!(!found.are_one("list", "stranger"));
    assert_eq!(found.key("list"), token("nhs", "1"));
    assert_eq!(found.linkage.probability.len(), 4);
    assert!(found.linkage.probability.iter().all(|(_, probability)| *probability >= 0.99));
    assert_eq!(found.audit.sources[&Source::Community].by_pass[&Pass::Probabilistic], 4);
}

#[test]
fn ties_give_no_match_and_two_numbers_are_never_one_person() {
    // The second number was issued to the same person again: nobody may learn that from us.
    let table = "
        before  | gp      | 1 | 1987-03-14 | f | Orla | Quimbrell | SK1 1AA
        after   | trust   | 2 | 1987-03-14 | f | Orla | Quimbrell | SK1 1AA
        unknown | charity | - | 1987-03-14 | - | Orla | Quimbrell | SK1 1AA
        and     | a&e     | - | 1987-03-14 | f | Orla | Quimbrell | SK1 1AA
        ";
    for options in [Options::default(), Options::default().loose()] {
        let found = linked(table, &options);
        assert!(!found.are_one("before", "after"));
        for name in ["unknown", "and"] {
            assert!(!found.are_one(name, "before") && !found.are_one(name, "after"), "{name}");
            assert!(found.doubts(name).contains(&Doubt::Tie), "{name}");
        }
    }
    let supersession = Supersession::new(vec![(token("nhs", "1"), token("nhs", "2"))]).unwrap();
    let found = linked(table, &Options { supersession: supersession.into(), ..Options::default() });
    assert!(["after", "unknown", "and"].iter().all(|name| found.are_one("before", name)));
    assert_eq!(found.key("before"), token("nhs", "2"));
}

#[test]
fn records_without_a_number_join_each_other_under_the_smallest_of_their_keys() {
    let found = linked(
        "
        here    | charity | - | 1966-02-03 | - | Wilmorrow | Paskeby | SK1 1AA
        there   | charity | - | 1966-02-03 | - | Wilmorrow | Paskeby | SK1 1AA
        a&e     | a&e     | - | 1966-02-03 | m | Wilmorrow | Paskeby | -
        brother | charity | - | 1968-09-30 | - | Mardeth   | Paskeby | SK1 1AA
        ",
        &Options::default(),
    );
    let smallest = ["here", "there", "a&e"].map(|name| token("record", name)).into_iter().min().unwrap();
    for name in ["here", "there", "a&e"] {
        assert_eq!(found.key(name), smallest, "{name}");
    }
    assert_eq!(found.key("brother"), token("record", "brother"));
    assert!(found.linkage.keys.is_sorted() && found.linkage.keys.binary_search(&smallest).is_ok());
}

#[test]
fn what_holds_through_a_third_record_alone_is_marked() {
    let found = linked(
        "
        list   | gp      | 1 | 1987-03-14 | m | James | Ashaaton | SK1 1AA
        bridge | charity | - | 1987-03-14 | - | James | Ashaaton | M9 2ZZ
        far    | a&e     | - | -          | - | James | Ashaaton | M9 2ZZ
        ",
        &Options::default(),
    );
    assert!(found.are_one("list", "far"));
    let marks = ["list", "bridge", "far"].map(|name| found.linkage.indirect[found.at(name)]);
    assert_eq!(marks, [false, false, true]);
}

#[test]
fn sex_is_no_veto_for_a_number_and_a_quarantined_record_stays_alone() {
    let found = linked(
        "
        list      | gp      | 1 | 1987-03-14 | f | Orla   | Quimbrell | SK1 1AA
        other sex | trust   | 1 | 1987-03-14 | m | Orla   | Quimbrell | SK1 1AA
        shared    | a&e     | 1 | 1961-10-30 | m | Gorlan | Pever     | M9 2ZZ
        numbered  | gp      | 2 | 1961-10-30 | m | Gorlan | Pever     | M9 2ZZ
        ",
        &Options::default(),
    );
    assert!(found.are_one("list", "other sex"));
    assert_eq!(found.linkage.conflicts, [found.at("shared") as u32]);
    assert_eq!(found.key("shared"), token("record", "shared"));
}

#[test]
fn without_a_name_people_are_joined_only_where_it_is_asked_for() {
    let table = "
        list     | gp    | 1 | 1987-03-14 | f | Orla | Quimbrell | SK1 1AA
        nameless | trust | - | 1987-03-14 | f | -    | -         | SK1 1AA
        ";
    let base = linked(table, &Options::default());
    assert!(!base.are_one("list", "nameless"));
    assert_eq!(base.doubts("nameless"), [Doubt::NoName]);
    let loose = linked(table, &Options::default().loose());
    assert_eq!(loose.pass("nameless"), Pass::Demographic);
    let strict = linked(table, &Options::default().strict());
    assert!(!strict.are_one("list", "nameless") && strict.linkage.review.is_empty());
}

#[test]
fn one_local_number_of_a_provider_joins_two_sources_if_date_and_sex_agree() {
    let mut own = records(
        "
        trust  | trust | 1 | 1987-03-14 | f | - | - | -
        ward   | a&e   | - | 1987-03-14 | f | - | - | -
        reused | a&e   | - | 1950-01-02 | f | - | - | -
        ",
    );
    let first = own.len() - 3;
    own.local[first..].fill(token("local", "P1"));
    let linkage = link_all(&own, &Options::default(), &mut LinkAudit::default());
    assert_eq!(linkage.joined_by[first..], [Pass::Founder, Pass::LocalDemographic, Pass::Founder]);
}

#[test]
fn a_block_that_too_many_share_is_skipped_and_counted() {
    let table = "
        list  | gp      | 1 | 1987-03-14 | f | Orla | Quimbrell | SK1 1AA
        twice | trust   | 2 | 1987-03-14 | f | Orla | Quimbrell | M1 1AA
        third | charity | - | 1987-03-14 | - | Orla | Quimbrell | -
        ";
    let found = linked(table, &Options { max_block: 1, ..Options::default() });
    assert!(found.audit.skipped_blocks > 0 && found.linkage.probability.is_empty());
    assert_eq!(linked(table, &Options::default()).audit.skipped_blocks, 0);
}

#[test]
fn the_order_of_records_and_the_number_of_threads_decide_nothing() {
    // A hundred people with three records each: some moved, some mistyped, some alike, few with a number.
    let rows: Vec<String> = (0..300)
        .map(|at| {
            let person = at / 3;
            let birth = format!("19{:02}-{:02}-{:02}", 40 + person % 50, person % 12 + 1, person % 27 + 1);
            let forename = ["James", "Jack", "Ruth", "Jane", "Mohammed"][person % 5];
            let forename = if at % 7 == 0 { "Jamse" } else { forename };
            let surname = format!("Quim{}", letters(person / 2));
            let surname = if at % 11 == 0 { surname.replace("ton", "tonn") } else { surname };
            let postcode = format!("SK{} {}AA", person % 9 + 1, at % 2 + 1);
            let number = if at % 6 == 0 { at.to_string() } else { NONE.to_owned() };
            let source = ["gp", "trust", "a&e", "charity"][at % 4];
            format!("r{at} | {source} | {number} | {birth} | - | {forename} | {surname} | {postcode}")
        })
        .collect();
    let table = rows.join("\n");
    let whole = |records: &Records| {
        let linkage = link_all(records, &Options::default(), &mut LinkAudit::default());
        let of = |at: u32| records.key[at as usize];
        let review: Vec<_> = linkage.review.iter().map(|pair| (of(pair.record), of(pair.with), pair.why)).collect();
        let each: BTreeMap<Token, _> = (0..records.len())
            .map(|at| (records.key[at], (linkage.key[at], linkage.joined_by[at], linkage.indirect[at])))
            .collect();
        (each, review, linkage.keys)
    };
    let straight = records(&table);
    let mut turned = Records::default();
    for at in (0..straight.len()).rev() {
        turned.source.push(straight.source[at]);
        turned.nhs.push(straight.nhs[at]);
        turned.local.push(straight.local[at]);
        turned.birth.push(straight.birth[at]);
        turned.sex.push(straight.sex[at]);
        turned.trust.push(straight.trust[at]);
        turned.key.push(straight.key[at]);
        turned.fields.push(straight.fields[at]);
    }
    let in_threads = |threads: usize, records: &Records| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| whole(records))
    };
    let expected = in_threads(1, &straight);
    assert!(expected.0.values().filter(|(_, pass, _)| *pass == Pass::Probabilistic).count() > 100);
    assert!(in_threads(2, &straight) == expected && in_threads(2, &turned) == expected);
}
