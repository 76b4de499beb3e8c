//! The linked tables on disk: `store/linked/<address>/`, plain Parquet, addressed by what they were made from.
//!
//! When no extract, config or key changed, tonight's linkage is last night's and is read back instead. The same files
//! are what `restricted/linked` holds. Codes and organisations are numbers; `codes.csv` says what each means.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, StringArray, UInt8Array, UInt16Array,
    UInt32Array,
};
use polars::prelude::DataFrame;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::attended;
use super::audit::LinkAudit;
use super::links::Review;
use super::members;
use super::national;
use super::options::Options;
use super::persons::{Basis, Persons};
use super::quality::Pack;
use super::spells;
use super::tables::Linked;
use crate::domain::hex;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::ingest::{Reject, Staged, Tally};
use crate::schema::codes::CodeSet;
use crate::schema::{Kind, Source, Table};
use crate::sources::Sources;

/// Changes whenever linkage or the form of these files does.
const LINK_FORMAT: u32 = 20;
/// The file beside the tables that is none of them.
const SIDECAR: &str = "audit.json";
/// The table of people.
pub const PERSONS: &str = "persons.parquet";
/// What restricted outputs do not hold as it is here: what the store knows beside the tables, and what linkage calls
/// people, for which they hold the person ids that last.
pub const INTERNAL: [&str; 3] = [SIDECAR, PERSONS, members::FILE];

const CODES: &str = "codes.csv";
const TABLES: [&str; 12] = [
    "referrals",
    "referral_teams",
    "contacts",
    "scores",
    "spells",
    "ward_stays",
    "indirect_contacts",
    "care_plans",
    "onward_referrals",
    "attendances",
    "appointments",
    "registrations",
];

/// What is kept beside the tables.
#[derive(Serialize, Deserialize)]
struct Sidecar {
    audit: LinkAudit,
    conflicts: Vec<(Source, String)>,
    review: Vec<Review>,
    tallies: Vec<Tally>,
    rejects: Vec<Vec<Reject>>,
    quality: Pack,
}

/// Where the linked tables of these staged files under these options are, or would be.
pub fn folder(store: &Path, staged: &Staged, sources: &Sources, options: &Options) -> PathBuf {
    let mut address = Sha256::new();
    address.update(LINK_FORMAT.to_le_bytes());
    address.update(sources.fingerprint);
    let rules = options.bytes();
    address.update((rules.len() as u64).to_le_bytes());
    address.update(rules);
    for file in &staged.files {
        address.update(file.address.as_bytes());
        address.update(file.name.as_bytes());
        address.update([0]);
    }
    store.join("linked").join(hex::lower(&address.finalize()))
}

/// Whether a linkage is there, as far as a look at its names can tell.
pub fn is_there(folder: &Path) -> bool {
    folder.join(SIDECAR).is_file()
}

fn tables(linked: &Linked) -> [&DataFrame; 12] {
    [
        &linked.referrals,
        &linked.referral_teams,
        &linked.contacts,
        &linked.scores,
        &linked.spells,
        &linked.ward_stays,
        &linked.indirect_contacts,
        &linked.care_plans,
        &linked.onward_referrals,
        &linked.attendances,
        &linked.appointments,
        &linked.registrations,
    ]
}

/// Writes the linked tables and what stands [`beside`] them; the folder gets its name only when it is whole.
pub fn write(linked: &Linked, beside: &[u8], sources: &Sources, folder: &Path) -> Result<(), Error> {
    let part = folder.with_extension("part");
    let _ = std::fs::remove_dir_all(&part);
    std::fs::create_dir_all(&part).map_err(|_| Error::cannot_write(&part))?;
    let mut work: Vec<(&str, &DataFrame)> = TABLES.into_iter().zip(tables(linked)).collect();
    work.sort_by_key(|(_, table)| std::cmp::Reverse(table.height()));
    let (tables, persons) = rayon::join(
        || {
            work.par_iter()
                .map(|(name, table)| frame::write_table(&part.join(format!("{name}.parquet")), table))
                .collect::<Result<Vec<()>, Error>>()
        },
        || {
            write_persons(linked, &part)?;
            linked.members.as_ref().map_or(Ok(()), |members| members::write(members, &part))
        },
    );
    tables?;
    persons?;
    write_links(linked, &part)?;
    std::fs::write(part.join(CODES), codes(linked, sources)?).map_err(|_| Error::cannot_write(&part))?;
    std::fs::write(part.join(SIDECAR), beside).map_err(|_| Error::cannot_write(&part))?;
    // What is there could not be read back, or it would not be written again.
    let _ = std::fs::remove_dir_all(folder);
    std::fs::rename(&part, folder).map_err(|_| Error::cannot_write(folder))
}

/// What linkage leaves beside the tables, as written: taken before anything that depends on the day is counted.
pub fn beside(linked: &Linked, staged: &Staged) -> Result<Vec<u8>, Error> {
    let sidecar = Sidecar {
        audit: linked.audit.clone(),
        review: linked.review.clone(),
        conflicts: linked.conflicts.iter().map(|(source, token)| (*source, token.to_hex())).collect(),
        tallies: staged.files.iter().map(|file| file.tally.clone()).collect(),
        rejects: staged.files.iter().map(|file| file.rejects.clone()).collect(),
        quality: linked.quality.clone(),
    };
    serde_json::to_vec(&sidecar).map_err(Error::silent("write the audit of linkage"))
}

/// What linkage left beside the tables. Enough where nothing new is to be counted on them.
pub struct Beside {
    /// How records became people.
    pub audit: LinkAudit,
    /// Quarantined records; restricted.
    pub conflicts: Vec<(Source, Token)>,
    /// Pairs that somebody should look at; restricted.
    pub review: Vec<Review>,
    /// How good the linkage is.
    pub quality: Pack,
    tallies: Vec<Tally>,
    rejects: Vec<Vec<Reject>>,
}

impl Beside {
    /// Reads what is beside the tables; none if it, or a table, is not there.
    pub fn read(staged: &Staged, folder: &Path) -> Option<Self> {
        let Sidecar { audit, conflicts, review, tallies, rejects, quality } =
            serde_json::from_slice(&std::fs::read(folder.join(SIDECAR)).ok()?).ok()?;
        let is_there = |name: &str| folder.join(format!("{name}.parquet")).is_file();
        let is_whole = folder.join(CODES).is_file() && TABLES.into_iter().chain(["persons", "members"]).all(is_there);
        if !is_whole || tallies.len() != staged.files.len() {
            return None;
        }
        let token = |(source, text): (Source, String)| Some((source, Token::from_hex(&text)?));
        let conflicts = conflicts.into_iter().map(token).collect::<Option<_>>()?;
        Some(Self { audit, conflicts, review, quality, tallies, rejects })
    }

    /// What a linkage that was just made leaves, taken out of it; it has charged the files already.
    pub fn of(linked: &mut Linked) -> Self {
        Self {
            audit: std::mem::take(&mut linked.audit),
            conflicts: std::mem::take(&mut linked.conflicts),
            review: std::mem::take(&mut linked.review),
            quality: std::mem::take(&mut linked.quality),
            tallies: Vec::new(),
            rejects: Vec::new(),
        }
    }

    /// Brings the files' tallies up to date with what linkage did to them.
    pub fn charge(&mut self, staged: &mut Staged) {
        let own = std::mem::take(&mut self.tallies).into_iter().zip(std::mem::take(&mut self.rejects));
        for (file, (tally, rejects)) in staged.files.iter_mut().zip(own) {
            file.tally = tally;
            file.rejects = rejects;
        }
    }
}

/// Reads the linked tables back, with what linkage did to the files' tallies; none if they are not there.
pub fn read(staged: &mut Staged, folder: &Path) -> Option<Linked> {
    let mut beside = Beside::read(staged, folder)?;
    let frames: Vec<DataFrame> = TABLES
        .par_iter()
        .map(|name| frame::from_parquet(&folder.join(format!("{name}.parquet"))).ok())
        .collect::<Option<_>>()?;
    let [
        referrals,
        referral_teams,
        contacts,
        scores,
        spells,
        ward_stays,
        indirect_contacts,
        care_plans,
        onward_referrals,
        attendances,
        appointments,
        registrations,
    ] = <[DataFrame; 12]>::try_from(frames).ok()?;
    let (persons, keys) = read_persons(folder)?;
    beside.charge(staged);
    let Beside { audit, conflicts, review, quality, .. } = beside;
    Some(Linked {
        persons,
        keys,
        members: None,
        referrals,
        referral_teams,
        contacts,
        scores,
        spells,
        ward_stays,
        indirect_contacts,
        care_plans,
        onward_referrals,
        attendances,
        appointments,
        registrations,
        audit,
        conflicts,
        review,
        links: Vec::new(),
        quality,
    })
}

/// The table of people without what they are called: the columns of what is known of them.
pub fn person_columns(persons: &Persons) -> Vec<(String, ArrayRef)> {
    vec![
        (
            "person_basis".to_owned(),
            Arc::new(UInt8Array::from_iter_values(persons.basis.iter().map(|basis| *basis as u8))),
        ),
        ("is_indirect".to_owned(), Arc::new(BooleanArray::from(persons.is_indirect.clone()))),
        ("sex".to_owned(), Arc::new(UInt16Array::from(persons.sex.clone()))),
        ("ethnic_group".to_owned(), Arc::new(UInt16Array::from(persons.ethnic_group.clone()))),
        ("imd_quintile".to_owned(), Arc::new(UInt16Array::from(persons.imd_quintile.clone()))),
        ("birth_month".to_owned(), Arc::new(Int32Array::from(persons.birth_month.clone()))),
        ("death_date".to_owned(), Arc::new(Date32Array::from(persons.death_date.clone()))),
    ]
}

fn write_persons(linked: &Linked, folder: &Path) -> Result<(), Error> {
    let mut columns = members::token_columns("key", &linked.keys).to_vec();
    columns.extend(person_columns(&linked.persons));
    frame::write_file(&folder.join(PERSONS), columns)
}

/// Records that joined without a number: by which pass, how probable, and whether through a third record alone.
fn write_links(linked: &Linked, folder: &Path) -> Result<(), Error> {
    let links = &linked.links;
    let tokens: Vec<Token> = links.iter().map(|link| link.token).collect();
    let columns: Vec<(String, ArrayRef)> = vec![
        ("service".to_owned(), Arc::new(UInt8Array::from_iter_values(links.iter().map(|link| link.source as u8)))),
        ("record_token".to_owned(), frame::token_texts(&tokens)?),
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(links.iter().map(|link| link.person)))),
        ("pass".to_owned(), Arc::new(StringArray::from_iter_values(links.iter().map(|link| link.pass.id())))),
        ("probability".to_owned(), Arc::new(links.iter().map(|link| link.probability).collect::<Float64Array>())),
        ("is_indirect".to_owned(), Arc::new(links.iter().map(|link| Some(link.is_indirect)).collect::<BooleanArray>())),
    ];
    frame::write_file(&folder.join("links.parquet"), columns)
}

/// Reads the people back, with the keys under which linkage has them; none if they are not there.
pub fn read_persons(folder: &Path) -> Option<(Persons, Vec<Token>)> {
    use arrow::datatypes::{Date32Type, Int32Type, UInt8Type, UInt16Type};
    let mut persons = Persons {
        basis: Vec::new(),
        is_indirect: Vec::new(),
        sex: Vec::new(),
        ethnic_group: Vec::new(),
        imd_quintile: Vec::new(),
        birth_month: Vec::new(),
        death_date: Vec::new(),
    };
    let mut keys = Vec::new();
    for batch in frame::batches(&folder.join(PERSONS)).ok()? {
        let column = |name: &str| batch.column_by_name(name);
        keys.extend(members::tokens_of("key", &batch)?);
        let basis = |code: &u8| Basis::ALL.get(usize::from(*code)).copied().unwrap_or(Basis::Single);
        persons.basis.extend(column("person_basis")?.as_primitive::<UInt8Type>().values().iter().map(basis));
        persons.is_indirect.extend(column("is_indirect")?.as_boolean().values());
        persons.sex.extend(column("sex")?.as_primitive::<UInt16Type>());
        persons.ethnic_group.extend(column("ethnic_group")?.as_primitive::<UInt16Type>());
        persons.imd_quintile.extend(column("imd_quintile")?.as_primitive::<UInt16Type>());
        persons.birth_month.extend(column("birth_month")?.as_primitive::<Int32Type>());
        persons.death_date.extend(column("death_date")?.as_primitive::<Date32Type>());
    }
    Some((persons, keys))
}

/// What every number in the coded columns means.
fn codes(linked: &Linked, sources: &Sources) -> Result<String, Error> {
    let mut text = String::from("column,number,meaning\r\n");
    let mut add = |column: &str, number: u64, meaning: &str| {
        let _ = write!(text, "{column},{number},{meaning}\r\n");
    };
    for (number, source) in (0..).zip(Source::ALL) {
        add("service", number, source.id());
    }
    let mut sets: BTreeMap<&str, CodeSet> = BTreeMap::new();
    for column in Table::ALL.iter().flat_map(|table| table.columns()) {
        if let Kind::Code(set) = column.kind {
            sets.insert(column.name, set);
        }
    }
    sets.extend(attended::CODED.iter().chain(&spells::CODED).map(|(_, column, set)| (*column, *set)));
    sets.extend(national::FLAGS.map(|flag| (flag.column, CodeSet::YesNo)));
    sets.insert("problem", CodeSet::Problem);
    for (column, set) in sets {
        for (number, value) in (0..).zip(sources.values.of(set)) {
            add(column, number, value);
        }
    }
    for basis in Basis::ALL {
        add("person_basis", basis as u64, basis.id());
    }
    let mut providers: Vec<u64> = Vec::new();
    for table in tables(linked) {
        for column in ["provider", "receiving_org"].into_iter().filter(|column| table.column(column).is_ok()) {
            providers.extend(frame::distinct(frame::whole_u64(table, column)?.values()));
        }
    }
    providers.sort_unstable();
    providers.dedup();
    for provider in providers {
        add("provider", provider, &OrgCode::from_packed(provider).to_string());
    }
    Ok(text)
}
