//! The passes without NHS numbers on people made by hand, among two thousand others.

use std::collections::BTreeMap;

use pathlink::domain::day;
use pathlink::domain::supersession::Supersession;
use pathlink::domain::token::Token;
use pathlink::ingest::fields;
use pathlink::link::passes::{Doubt, Linkage, Pass, link_all};
use pathlink::link::records::{Fields, Records};
use pathlink::link::{LinkAudit, Options};
use pathlink::schema::Source;
use pathlink::schema::columns::Whole;

/// Nothing known.
const NONE: &str = "-";

/// A token that any two different texts do not share.
fn token(purpose: &str, text: &str) -> Token {
    let bytes = purpose.bytes().chain([0]).chain(text.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Token::from_halves(mixed ^ (mixed >> 29), hash)
}

fn three(whole: Whole, text: &str) -> [u64; 3] {
    let words = if text == NONE { None } else { fields::canonical(whole, text.as_bytes()) };
    let mut tokens = [0; 3];
    for ((to, field), word) in tokens.iter_mut().zip(whole.fields()).zip(words.into_iter().flatten()) {
        *to = token(&format!("{field:?}"), &String::from_utf8(word).unwrap()).first_half();
    }
    tokens
}

/// Adds a record: name, source, number, birth date, sex, forename, surname, postcode.
fn add(records: &mut Records, cells: &[&str]) {
    let [name, source, number, birth, sex, forename, surname, postcode] = cells.try_into().unwrap();
    let source = match source {
        "gp" => Source::Gp,
        "trust" => Source::MentalHealth,
        "a&e" => Source::EmergencyCare,
        _ => Source::Community,
    };
    // Least first and whole last, where `Fields` has the whole first.
    let [surname_sound, surname_start, surname] = three(Whole::Surname, surname);
    let [forename_start, initial, forename] = three(Whole::Forename, forename);
    let [postcode_sector, outcode, postcode] = three(Whole::Postcode, postcode);
    records.source.push(source);
    records.nhs.push(if number == NONE { Token::NONE } else { token("nhs", number) });
    records.local.push(Token::NONE);
    records.birth.push(day::parse_iso(birth.as_bytes()).unwrap_or(i32::MIN));
    records.sex.push(match sex {
        "m" => 0,
        "f" => 1,
        _ => u16::MAX,
    });
    records.trust.push(u8::from(source == Source::Gp));
    records.key.push(token("record", name));
    records.fields.push(Fields::of([
        [surname, surname_sound, surname_start],
        [forename, forename_start, initial],
        [postcode, postcode_sector, outcode],
    ]));
}

/// Two thousand people of the registered list, a twentieth of them James.
fn others(records: &mut Records) {
    let men = ["James", "Jack", "Oliver", "Thomas", "Mohammed", "William", "Peter", "Harry", "Adam", "Jacob"];
    let women = ["Olivia", "Amelia", "Grace", "Sarah", "Fatima", "Emily", "Ruth", "Jane", "Chloe", "Martha"];
    for at in 0..2_000usize {
        let birth = day::parse_iso(b"1940-01-01").unwrap() + (at * 7_919 % 29_000) as i32;
        let (year, month, dom) = day::parts(birth);
        let forename = if at % 2 == 0 { men[at / 2 % 10] } else { women[at / 2 % 10] };
        let surname = format!("{}{}", ["Ash", "Birch", "Cole", "Dun", "Elm"][at % 5], letters(at / 10 % 97));
        add(
            records,
            &[
                &format!("other {at}"),
                "gp",
                &format!("number {at}"),
                &format!("{year}-{month:02}-{dom:02}"),
                if at % 2 == 0 { "m" } else { "f" },
                forename,
                &surname,
                &format!("M{} {}{}", at % 40 + 1, at / 40 % 9 + 1, ["AA", "BB", "CC", "DD"][at % 4]),
            ],
        );
    }
}

fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..2 {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text + "ton"
}

/// A table of records, linked among the two thousand.
struct Linked {
    records: Records,
    linkage: Linkage,
    audit: LinkAudit,
}

fn records(table: &str) -> Records {
    let mut records = Records::default();
    others(&mut records);
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        add(&mut records, &line.split('|').map(str::trim).collect::<Vec<_>>());
    }
    records
}

fn linked(table: &str, options: &Options) -> Linked {
    let records = records(table);
    let mut audit = LinkAudit::default();
    let linkage = link_all(&records, options, &mut audit);
    Linked { records, linkage, audit }
}

impl Linked {
    fn at(&self, name: &str) -> usize {
        self.records.key.iter().position(|key| *key == token("record", name)).unwrap()
    }

    fn key(&self, name: &str) -> Token {
        self.linkage.key[self.at(name)]
    }

    fn pass(&self, name: &str) -> Pass {
        self.linkage.joined_by[self.at(name)]
    }

    fn are_one(&self, a: &str, b: &str) -> bool {
        self.key(a) == self.key(b)
    }

    fn doubts(&self, name: &str) -> Vec<Doubt> {
        let at = self.at(name) as u32;
        self.linkage.review.iter().filter(|pair| pair.record == at || pair.with == at).map(|pair| pair.why).collect()
    }
}

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
        rare    | gp      | 2 | 1999-08-07 | f | Elspira | Nockold  | SK1 1AB
        rarer   | charity | - | 1999-08-07 | - | Elowen  | Nockold  | SK1 1AB
        ",
        &Options::default(),
    );
    assert!(found.are_one("list", "slip") && found.are_one("list", "second"));
    assert!(!found.are_one("list", "other") && !found.are_one("rare", "rarer"));
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
