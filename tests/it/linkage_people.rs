//! People made by hand, among two thousand others: a table of their records, linked.

use pathlink::domain::day;
use pathlink::domain::token::Token;
use pathlink::ingest::fields;
use pathlink::link::passes::{Doubt, Linkage, Pass, link_all};
use pathlink::link::records::{Fields, Records};
use pathlink::link::{LinkAudit, Options};
use pathlink::schema::Source;
use pathlink::schema::columns::Whole;

/// Nothing known.
pub(crate) const NONE: &str = "-";

/// A token that any two different texts do not share.
pub(crate) fn token(purpose: &str, text: &str) -> Token {
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
pub(crate) fn add(records: &mut Records, cells: &[&str]) {
    let [name, source, number, birth, sex, forename, surname, postcode] = cells.try_into().unwrap();
    let source = match source {
        "gp" => Source::Gp,
        "trust" => Source::MentalHealth,
        "a&e" => Source::EmergencyCare,
        _ => Source::Community,
    };
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
    records.fields.push(Fields {
        surname,
        surname_sound,
        surname_start,
        forename,
        forename_start,
        initial,
        postcode,
        postcode_sector,
        outcode,
    });
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

pub(crate) fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..2 {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text + "ton"
}

/// A table of records, linked among the two thousand.
pub(crate) struct Linked {
    pub(crate) records: Records,
    pub(crate) linkage: Linkage,
    pub(crate) audit: LinkAudit,
}

pub(crate) fn records(table: &str) -> Records {
    let mut records = Records::default();
    others(&mut records);
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        add(&mut records, &line.split('|').map(str::trim).collect::<Vec<_>>());
    }
    records
}

pub(crate) fn linked(table: &str, options: &Options) -> Linked {
    let records = records(table);
    let mut audit = LinkAudit::default();
    let linkage = link_all(&records, options, &mut audit);
    Linked { records, linkage, audit }
}

impl Linked {
    pub(crate) fn at(&self, name: &str) -> usize {
        self.records.key.iter().position(|key| *key == token("record", name)).unwrap()
    }

    pub(crate) fn key(&self, name: &str) -> Token {
        self.linkage.key[self.at(name)]
    }

    pub(crate) fn pass(&self, name: &str) -> Pass {
        self.linkage.joined_by[self.at(name)]
    }

    pub(crate) fn are_one(&self, a: &str, b: &str) -> bool {
        self.key(a) == self.key(b)
    }

    pub(crate) fn doubts(&self, name: &str) -> Vec<Doubt> {
        let at = self.at(name) as u32;
        self.linkage.review.iter().filter(|pair| pair.record == at || pair.with == at).map(|pair| pair.why).collect()
    }
}
