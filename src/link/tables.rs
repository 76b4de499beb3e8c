//! Linked tables: every kept row with the person it belongs to, sorted by person and date.
//!
//! In: staged tables. Out: [`Linked`]. Event tables carry age at the event; nobody beyond has a birth date.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::assembly::{Assembly, Part};
use super::attended;
use super::audit::LinkAudit;
use super::care::{self, Care, CareFrames};
use super::charges;
use super::date_order;
use super::frames;
use super::links::{self, Link, Review};
use super::members::{self, Members};
use super::moved::{self, Moved};
use super::options::Options;
use super::parents::NO_ROW;
use super::passes;
use super::people::{self, People};
use super::persons::{Basis, Gathered, Persons, Witness};
use super::quality::{self, Pack, Trail};
use super::records::{self, Identity, RecordOf, Records};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::Staged;
use crate::schema::{Source, Table};
use crate::sources::Sources;

/// Everything after linkage. Frames are sorted by person, then date, then the record's own token.
pub struct Linked {
    /// People.
    pub persons: Persons,
    /// Stage-1 key of each person; restricted.
    pub keys: Vec<Token>,
    /// Every key that each person goes by; none where linkage was read back, for they are only wanted anew.
    pub members: Option<Members>,
    /// One row per referral.
    pub referrals: DataFrame,
    /// One row per referral and team.
    pub referral_teams: DataFrame,
    /// One row per contact.
    pub contacts: DataFrame,
    /// One row per score.
    pub scores: DataFrame,
    /// One row per hospital provider spell.
    pub spells: DataFrame,
    /// One row per ward stay.
    pub ward_stays: DataFrame,
    /// One row per indirect activity of a trust.
    pub indirect_contacts: DataFrame,
    /// One row per care plan of a trust that says when it was agreed.
    pub care_plans: DataFrame,
    /// One row per referral on from a trust that says to whom and when.
    pub onward_referrals: DataFrame,
    /// One row per attendance.
    pub attendances: DataFrame,
    /// One row per appointment.
    pub appointments: DataFrame,
    /// One row per person, practice and start.
    pub registrations: DataFrame,
    /// How records became people.
    pub audit: LinkAudit,
    /// Quarantined records: source and the record's token; restricted.
    pub conflicts: Vec<(Source, Token)>,
    /// Pairs that somebody should look at; restricted.
    pub review: Vec<Review>,
    /// Records that joined without a number; restricted, and not there where linkage was read back.
    pub links: Vec<Link>,
    /// How good the linkage is.
    pub quality: Pack,
}

/// What is wanted of a linkage beside its tables.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// How good it is.
    pub quality: bool,
    /// Other linkages, and who is told, one linkage after the other, whom they change: their tables do not stay in memory.
    pub others: Option<(&'a [Options], Told<'a>)>,
}

/// Takes whom another linkage changes.
pub type Told<'a> = &'a (dyn Fn(Moved) -> Result<(), Error> + Sync);

/// Links everything.
pub fn link(staged: &mut Staged, sources: &Sources, options: &Options, wanted: Wanted<'_>) -> Result<Linked, Error> {
    staged.require_fields()?;
    let assembly = Assembly { staged, sources };
    let source_of = assembly.source_of();
    let mut parts = identity_tables(&assembly)?;
    let [patients, attendances, registrations, appointments] = &parts;
    let (identified, care) = rayon::join(
        || identify([patients, attendances, registrations], appointments, &source_of, (options, wanted.quality)),
        || care::follow(&assembly, patients),
    );
    let mut care = care?;
    let Identified { who, members, audit, conflicts, review, links, of_rows } = identified;
    let [of_patient, of_attendance, of_registration] = &of_rows;
    let tables = [(patients, of_patient), (attendances, of_attendance), (registrations, of_registration)];
    let ((gathered, charged), hidden) = rayon::join(
        || {
            let all = [patients, attendances, registrations, appointments];
            rayon::join(|| gather(&assembly, &who.people, tables), || assembly.charge_all(all))
        },
        || who.hide(options),
    );
    let begun = who.begin_quality(&assembly, tables, (appointments, hidden))?;
    let lives = gathered.lives();
    let mut charged = charged?;
    charged.append(&mut care.charges);
    let events = [(attendances, of_attendance), (registrations, of_registration)];
    let warned = date_order::of_events(events, (appointments, &who.people.of_appointment), lives);
    for part in &mut parts {
        part.rows.forget(&records::IDENTITY);
    }
    who.moved((&assembly, &parts), &care, wanted.others)?;
    let [patients, attendances, registrations, mut appointments] = parts;
    drop(patients);
    appointments.rows.forget(&["nhs"]);
    // The largest table first: its rows are gone before the frames of care are made.
    let told = [(attendances, of_attendance.as_slice()), (registrations, of_registration.as_slice())];
    let appointed = (appointments, who.people.of_appointment.as_slice());
    let events = last_event_frames(&assembly, told, appointed, lives.births)?;
    let own_warned = care.warned(of_patient, lives);
    let mut frames = care.frames(&assembly, of_patient, lives.births)?;
    drop(care);
    let (referred, lives) = (std::mem::take(&mut frames.referred), (lives.births, lives.deaths));
    let [attendances, _, appointments] = &events;
    let tables = quality::Tables { referred, care: &frames, attendances, appointments, lives };
    let quality = begun.map_or_else(|| Ok(Pack::default()), |begun| begun.finish(&tables))?;
    charges::apply(charged, staged);
    date_order::apply([warned, own_warned], staged, sources);
    let persons = gathered.finish(who.basis, links::are_indirect(&links, who.people.keys.len()));
    let tables = Linked::of(persons, who.people.keys, frames, events);
    Ok(Linked { members: Some(members), audit, conflicts, review, links, quality, ..tables })
}

impl Linked {
    /// People with their tables, and nothing of how they came about.
    pub(super) fn of(persons: Persons, keys: Vec<Token>, care: CareFrames, events: [DataFrame; 3]) -> Self {
        let [attendances, registrations, appointments] = events;
        Self {
            persons,
            keys,
            members: None,
            referrals: care.referrals,
            referral_teams: care.referral_teams,
            contacts: care.contacts,
            scores: care.scores,
            spells: care.spells,
            ward_stays: care.ward_stays,
            indirect_contacts: care.indirect_contacts,
            care_plans: care.care_plans,
            onward_referrals: care.onward_referrals,
            attendances,
            appointments,
            registrations,
            audit: LinkAudit::default(),
            conflicts: Vec::new(),
            review: Vec::new(),
            links: Vec::new(),
            quality: Pack::default(),
        }
    }
}

/// Attendances, registrations and appointments, each with the person of every row.
pub(super) fn event_frames(
    assembly: &Assembly<'_>,
    [attendances, registrations]: [(&Part, &[u32]); 2],
    (appointments, of_appointment): (&Part, &[u32]),
    births: &[i32],
) -> Result<[DataFrame; 3], Error> {
    let order = frames::appointment_order(appointments, of_appointment);
    Ok([
        attended::frame_of(assembly, attendances.0, (attendances.1, births))?,
        frames::registration_frame(registrations.0, registrations.1)?,
        frames::appointment_frame(&appointments.rows, &order, (of_appointment, births))?,
    ])
}

/// The same, of rows that nothing else needs: their memory is wanted for the frames.
fn last_event_frames(
    assembly: &Assembly<'_>,
    [attendances, registrations]: [(Part, &[u32]); 2],
    (mut appointments, of_appointment): (Part, &[u32]),
    births: &[i32],
) -> Result<[DataFrame; 3], Error> {
    let attended = attended::frame_of(assembly, &attendances.0, (attendances.1, births))?;
    let registered = frames::registration_frame(&registrations.0, registrations.1)?;
    drop((attendances, registrations));
    let order = frames::appointment_order(&appointments, of_appointment);
    appointments.rows.forget(&["record"]);
    let appointed = frames::appointment_frame(&appointments.rows, &order, (of_appointment, births))?;
    Ok([attended, registered, appointed])
}

/// The tables that say who somebody is: patients, attendances, registrations, appointments.
fn identity_tables(assembly: &Assembly<'_>) -> Result<[Part; 4], Error> {
    let ((patients, attendances), (registrations, appointments)) = rayon::join(
        || (assembly.load(Table::PersonRecords), assembly.load(Table::Attendances)),
        || (assembly.load(Table::Registrations), assembly.load(Table::Appointments)),
    );
    Ok([patients?, attendances?, registrations?, appointments?])
}

/// Records, and who they are about.
struct Who {
    records: Records,
    record_of: RecordOf,
    /// How the records came to their people, where that is wanted.
    trail: Option<Trail>,
    people: People,
    basis: Vec<Basis>,
}

impl Who {
    /// Tells what other linkages make of the people whom they change.
    fn moved(
        &self,
        rows: (&Assembly<'_>, &[Part; 4]),
        care: &Care,
        others: Option<(&[Options], Told<'_>)>,
    ) -> Result<(), Error> {
        let given = moved::Given { rows, care, records: (&self.records, &self.record_of) };
        let (others, told) = others.unwrap_or((&[], &|_| Ok(())));
        others.iter().try_for_each(|options| told(given.moved(&self.people, options)?))
    }

    /// Whom some records are with when their numbers are hidden, where it is wanted how good the linkage is.
    fn hide(&self, options: &Options) -> Option<quality::Hidden> {
        self.trail.as_ref().map(|trail| quality::hide(&self.records, &trail.quarantined, options))
    }

    /// Begins to count how good the linkage is, where that is wanted, on person records, attendances and registrations
    /// with the person of every row.
    fn begin_quality(
        &self,
        assembly: &Assembly<'_>,
        tables: [(&Part, &Vec<u32>); 3],
        (appointments, hidden): (&Part, Option<quality::Hidden>),
    ) -> Result<Option<quality::Begun<'_>>, Error> {
        let source_of = assembly.source_of();
        let begin = |(trail, hidden)| {
            quality::begin(&quality::Given {
                records: &self.records,
                record_of: &self.record_of,
                people: &self.people,
                basis: &self.basis,
                trail,
                hidden,
                staged: assembly.staged,
                source_of: &source_of,
                tables: tables.map(|(part, _)| part),
                appointments,
                of_rows: tables.map(|(_, person)| person.as_slice()),
            })
        };
        self.trail.as_ref().zip(hidden.as_ref()).map(begin).transpose()
    }
}

/// What person records, attendances and registrations say of people.
pub(super) fn gather<'p>(
    assembly: &Assembly<'_>,
    people: &People,
    [patients, attendances, registrations]: [(&'p Part, &'p Vec<u32>); 3],
) -> Gathered {
    let of_file: Vec<Source> = (0..assembly.staged.files.len() as u32).map(assembly.source_of()).collect();
    let witness = |(part, person_of): (_, &'p Vec<u32>), dated| Witness { part, person_of, dated };
    let witnesses =
        [witness(patients, "death_date"), witness(attendances, "arrived_date"), witness(registrations, "start")];
    Gathered::of(people.keys.len(), &witnesses, &of_file)
}

/// What became of the rows that carry identity.
struct Identified {
    who: Who,
    members: Members,
    audit: LinkAudit,
    conflicts: Vec<(Source, Token)>,
    review: Vec<Review>,
    links: Vec<Link>,
    /// The person of every row of person records, attendances and registrations.
    of_rows: [Vec<u32>; 3],
}

/// Makes records of the rows that carry identity, and people of the records.
fn identify(
    [patients, attendances, registrations]: [&Part; 3],
    appointments: &Part,
    source_of: &(dyn Fn(u32) -> Source + Sync),
    (options, is_judged): (&Options, bool),
) -> Identified {
    let mut audit = LinkAudit::default();
    let identity = Identity {
        person_records: (&patients.rows, &patients.fates),
        attendances: (&attendances.rows, &attendances.fates),
        registrations: (&registrations.rows, &registrations.fates),
    };
    let (records, record_of) = records::build(&identity, source_of, &mut audit);
    let linkage = passes::link_all(&records, options, &mut audit);
    let conflicts = quarantined(&records, &linkage);
    let review = links::review(&records, &linkage);
    let mut links = links::of(&records, &linkage);
    let trail = is_judged.then(|| Trail::of(&linkage, options));
    let people = people::number(linkage, (&appointments.rows, &appointments.fates), &options.supersession);
    links::number(&mut links, &people.of_record);
    let is_linked = have_their_number(&records, &people, options);
    let of_rows = people::of_identity(&record_of, &people);
    super::audit::finish(&mut audit, &records, &people);
    let members = members::gather(&records, &record_of, (&is_linked, attendances.rows.tokens("local")), &people);
    let basis = basis(&is_linked, &people, appointments);
    let who = Who { records, record_of, trail, people, basis };
    Identified { who, members, audit, conflicts, review, links, of_rows }
}

fn quarantined(records: &records::Records, linkage: &passes::Linkage) -> Vec<(Source, Token)> {
    let of = |record: &u32| (records.source[*record as usize], records.key[*record as usize]);
    let mut conflicts: Vec<_> = linkage.conflicts.iter().map(of).collect();
    conflicts.sort_unstable();
    conflicts
}

/// Whether each record's number is what its person goes by.
pub(super) fn have_their_number(records: &Records, people: &People, options: &Options) -> Vec<bool> {
    let key = |person: &u32| people.keys.get(*person as usize);
    let is_own =
        |(nhs, person): (&Token, &u32)| nhs.is_some() && key(person) == Some(&options.supersession.current(*nhs));
    records.nhs.par_iter().zip(&people.of_record).map(is_own).collect()
}

/// A person rests on an NHS number if one of their records has it, or if a practice saw them under it; else on what
/// several records agree on, or on a single one.
pub(super) fn basis(is_linked: &[bool], people: &People, appointments: &Part) -> Vec<Basis> {
    let mut basis = vec![Basis::Single; people.keys.len()];
    let mut has_record = vec![false; people.keys.len()];
    for person in people.of_record.iter().filter(|person| **person != NO_ROW) {
        if std::mem::replace(&mut has_record[*person as usize], true) {
            basis[*person as usize] = Basis::Demographic;
        }
    }
    for (person, is_linked) in people.of_record.iter().zip(is_linked) {
        if *is_linked {
            basis[*person as usize] = Basis::Nhs;
        }
    }
    for (token, person) in appointments.rows.tokens("nhs").iter().zip(&people.of_appointment) {
        if token.is_some() && *person != NO_ROW {
            basis[*person as usize] = Basis::Nhs;
        }
    }
    basis
}
