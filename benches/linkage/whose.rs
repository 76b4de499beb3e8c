//! Whose every identity record is, and what is wrong with it. In: the generator's files and the records that pathlink
//! made of them. Out: [`Whose`], by position of the record. Leaves alone: who was linked with whom (`score.rs`).

use std::collections::BTreeMap;

use pathlink::domain::org_code::OrgCode;
use pathlink::domain::token::Token;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::link::records::Records;
use pathlink::schema::Source;
use pathlink::synth::{Slip, is_valid};

use crate::extracts::{Files, Outcome, table};

/// Somebody's place among the people of the generator.
pub(crate) type PersonNumber = u64;

/// What is true of each record. Columns of equal length, as in `Records`.
pub(crate) struct Whose {
    /// The person.
    pub(crate) person: Vec<PersonNumber>,
    /// What is wrong with the record: one bit for each of `Slip::ALL`.
    pub(crate) slips: Vec<u32>,
}

/// Source, provider, local id: what a record is called in the truth.
type Name<'a> = (&'a str, &'a str, &'a str);

/// The bit of a kind of error.
pub(crate) fn bit(slip: Slip) -> u32 {
    1 << slip as u32
}

impl Whose {
    /// Reads the truth of the records.
    pub(crate) fn of(records: &Records, files: &Files) -> Outcome<Self> {
        let errors = errors(files)?;
        let named = Named { files, whose: whose(files)?, errors: &errors };
        let by_key = named.by_key()?;
        let mut of_list = named.of_list()?.into_iter();
        let mut this = Self { person: Vec::new(), slips: Vec::new() };
        for (at, (source, key)) in records.source.iter().zip(&records.key).enumerate() {
            let (person, slips, number) = if *source == Source::Gp {
                of_list.next().ok_or("more records of the list than rows")?
            } else {
                *by_key.get(key).ok_or("a record of nobody")?
            };
            // Positions and keys are checked against the number that was sent.
            if source == &Source::Gp && number != records.nhs[at] {
                return Err("the rows of the list are in another order".into());
            }
            this.person.push(person);
            this.slips.push(slips);
        }
        if of_list.next().is_some() { Err("more rows of the list than records".into()) } else { Ok(this) }
    }
}

/// Person, errors, and token of the number as sent.
type Known = (PersonNumber, u32, Token);

struct Named<'a> {
    files: &'a Files,
    /// Everybody who has a record of a name.
    whose: BTreeMap<Name<'a>, Vec<PersonNumber>>,
    errors: &'a BTreeMap<(Name<'a>, PersonNumber), u32>,
}

impl<'a> Named<'a> {
    fn known(&self, name: Name<'a>, person: PersonNumber, number: Token) -> Known {
        (person, self.errors.get(&(name, person)).copied().unwrap_or(0), number)
    }

    fn only(&self, name: Name<'a>) -> Outcome<PersonNumber> {
        match self.whose.get(&name).map(Vec::as_slice) {
            Some([person]) => Ok(*person),
            _ => Err(format!("{}: a record of nobody or of two people", name.0).into()),
        }
    }

    /// Records that have an id, by pathlink's key of them.
    fn by_key(&self) -> Outcome<BTreeMap<Token, Known>> {
        let key = ProjectKey::demonstration();
        let (local, record) = (Tokeniser::new(&key, Purpose::Local), Tokeniser::new(&key, Purpose::Record));
        let mut all = BTreeMap::new();
        for source in [Source::MentalHealth, Source::TalkingTherapies, Source::Community] {
            let ids = self.whose.iter().filter(|(name, _)| name.0 == source.id());
            for (name, people) in ids {
                let [person] = people[..] else { return Err("two people have one record".into()) };
                let token = local.of_id("", org(name.1)?, name.2.as_bytes()).within(source as u8);
                all.insert(token, self.known(*name, person, Token::NONE));
            }
        }
        let reused = table(self.files, "truth/reused_local_ids.csv")?;
        let births = reused.rows.iter().map(|row| Ok(((row[1], row[2], row[5]), row[3].parse::<u64>()?)));
        let births: BTreeMap<_, _> = births.collect::<Outcome<_>>()?;
        for path in self.files.keys().filter(|path| path.ends_with("_ECDS.csv")) {
            let attendances = table(self.files, path)?;
            let [provider, id, own, birth] =
                attendances.at(["Provider_Code", "Local_Patient_ID", "Generated_Record_ID", "Date_of_Birth"])?;
            for row in &attendances.rows {
                let name = ("emergency_care", row[provider], row[id]);
                let person = match births.get(&(row[provider], row[id], row[birth])) {
                    Some(person) => *person,
                    None => self.whose.get(&name).and_then(|people| people.first().copied()).ok_or("nobody's")?,
                };
                let token = record.of_id("emergency_care.attendances", org(row[provider])?, row[own].as_bytes());
                all.insert(token.within(Source::EmergencyCare as u8), self.known(name, person, Token::NONE));
            }
        }
        Ok(all)
    }

    /// Rows of the list, in their order.
    fn of_list(&self) -> Outcome<Vec<Known>> {
        let tokens = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Nhs);
        let Some(path) = self.files.keys().find(|path| path.ends_with("gp_registration.csv")) else {
            return Ok(Vec::new());
        };
        let list = table(self.files, path)?;
        let [number, practice, start, birth, given, family] =
            list.at(["nhs_number", "practice_code", "start_date", "date_of_birth", "given_name", "family_name"])?;
        let names: BTreeMap<Name<'_>, (Name<'a>, &Vec<PersonNumber>)> = self
            .whose
            .iter()
            .filter(|(name, _)| name.0 == "gp")
            .map(|(name, people)| (*name, (*name, people)))
            .collect();
        let mut known = Vec::with_capacity(list.rows.len());
        for row in &list.rows {
            let text = if row[number].is_empty() {
                [row[start], row[birth], row[given], row[family]].join(" ")
            } else {
                row[number].to_owned()
            };
            let (name, _) = names.get(&("gp", row[practice], text.as_str())).ok_or("a row of nobody")?;
            let is_usable = row[number].parse().is_ok_and(is_valid);
            let token = if is_usable { tokens.token(&[row[number].as_bytes()]) } else { Token::NONE };
            known.push(self.known(*name, self.only(*name)?, token));
        }
        Ok(known)
    }
}

fn whose(files: &Files) -> Outcome<BTreeMap<Name<'_>, Vec<PersonNumber>>> {
    let mut all: BTreeMap<Name<'_>, Vec<PersonNumber>> = BTreeMap::new();
    for row in table(files, "truth/records.csv")?.rows {
        let people = all.entry((row[0], row[1], row[2])).or_default();
        let person = row[3].parse()?;
        if !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(all)
}

/// Errors by record. The list's rows of a person who changed practice have the errors of the first.
fn errors(files: &Files) -> Outcome<BTreeMap<(Name<'_>, PersonNumber), u32>> {
    let kinds: BTreeMap<&str, u32> = Slip::ALL.iter().map(|slip| (slip.name(), bit(*slip))).collect();
    let mut all = BTreeMap::new();
    let mut of_list: BTreeMap<PersonNumber, u32> = BTreeMap::new();
    for row in table(files, "truth/errors.csv")?.rows {
        let (person, slip) = (row[3].parse()?, kinds.get(row[4]).copied().ok_or("an unknown error")?);
        *all.entry(((row[0], row[1], row[2]), person)).or_default() |= slip;
        if row[0] == "gp" {
            *of_list.entry(person).or_default() |= slip;
        }
    }
    for row in table(files, "truth/records.csv")?.rows.iter().filter(|row| row[0] == "gp") {
        let person = row[3].parse()?;
        if let Some(slips) = of_list.get(&person) {
            all.insert(((row[0], row[1], row[2]), person), *slips);
        }
    }
    Ok(all)
}

fn org(code: &str) -> Outcome<OrgCode> {
    Ok(OrgCode::parse(code.as_bytes()).ok_or("no code of an organisation")?)
}
