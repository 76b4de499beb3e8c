//! The pack put together: what can be counted on records while tables are being made, and what needs the tables.

use std::sync::Arc;

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::super::assembly::Part;
use super::super::care::CareFrames;
use super::super::options::Options;
use super::super::parents::NO_ROW;
use super::super::pass::Pass;
use super::super::passes::Linkage;
use super::super::people::People;
use super::super::persons::Basis;
use super::super::records::{Identity, RecordOf, Records};
use super::super::values::NO_DAY;
use super::count::{Count, Section};
use super::holdout::{self, Hidden};
use super::implausible::{self, Events, Lives};
use super::lists::{self, Entry, Listed};
use super::rows::{self, NO_REASON, Row};
use super::subjects::{self, Subjects};
use super::{clusters, conflicts, groups, identifiers, pairs};
use crate::domain::supersession::Supersession;
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::ingest::Staged;
use crate::schema::Source;

/// How good linkage is, in exact counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The counts, table by table.
    pub counts: Vec<Count>,
    /// Records to be looked at; restricted.
    pub lists: Vec<Entry>,
}

/// How records came to their people.
pub(in super::super) struct Trail {
    pub(in super::super) quarantined: Vec<u32>,
    joined_by: Vec<Pass>,
    is_indirect: Vec<bool>,
    supersession: Arc<Supersession>,
}

impl Trail {
    /// Of a linkage.
    pub(in super::super) fn of(linkage: &Linkage, options: &Options) -> Self {
        Self {
            quarantined: linkage.conflicts.clone(),
            joined_by: linkage.joined_by.clone(),
            is_indirect: linkage.indirect.clone(),
            supersession: options.supersession.clone(),
        }
    }
}

/// What the pack is counted on: records, whose they are, and the tables they come from.
pub(in super::super) struct Given<'a, 't> {
    pub(in super::super) records: &'a Records,
    pub(in super::super) record_of: &'t RecordOf,
    pub(in super::super) people: &'a People,
    pub(in super::super) basis: &'t [Basis],
    pub(in super::super) trail: &'t Trail,
    pub(in super::super) hidden: &'t Hidden,
    pub(in super::super) staged: &'t Staged,
    pub(in super::super) source_of: &'t (dyn Fn(u32) -> Source + Sync),
    /// Person records, attendances, registrations.
    pub(in super::super) tables: [&'t Part; 3],
    /// GP appointments.
    pub(in super::super) appointments: &'t Part,
    /// The person of every row of each.
    pub(in super::super) of_rows: [&'t [u32]; 3],
}

/// What is counted before the linked tables are made.
pub(in super::super) struct Begun<'a> {
    subjects: Subjects<'a>,
    counts: Vec<Count>,
    listed: Vec<Listed>,
    patients: Vec<Option<Row>>,
    is_identified: Vec<bool>,
    keys: &'a [Token],
}

/// Counts on records, and on rows of attendances and registrations.
pub(in super::super) fn begin<'a>(given: &Given<'a, '_>) -> Result<Begun<'a>, Error> {
    let [patients, attendances, registrations] = given.tables;
    let identity = Identity {
        person_records: (&patients.rows, &patients.fates),
        attendances: (&attendances.rows, &attendances.fates),
        registrations: (&registrations.rows, &registrations.fates),
    };
    let day = subjects::day_of_most(attendances.rows.whole("arrived_date").iter().copied());
    let subjects = Subjects::new((given.records, given.record_of), &identity, given.people, day);
    let is_identified: Vec<bool> = given.basis.iter().map(|basis| *basis != Basis::Single).collect();
    let outcome = |record: usize| {
        let person = given.people.of_record[record] as usize;
        u8::from(is_identified[person]) | u8::from(subjects.is_linked(record)) << 1
    };
    let of_table = |at: usize, records: &[u32], dated: &str| {
        rows::of_table((given.tables[at], records, given.of_rows[at]), (given.staged, given.source_of), dated, &outcome)
    };
    let record_of = given.record_of;
    let (patients, (attended, registered)) = rayon::join(
        || of_table(0, &record_of.person_records, ""),
        || (of_table(1, &record_of.attendances, "arrived_date"), of_table(2, &record_of.registrations, "start")),
    );
    let mut counts = groups::counts(&subjects, &is_identified);
    counts.extend(clusters::counts(&subjects, given.basis, (&given.trail.is_indirect, &given.trail.supersession)));
    let (own, mut listed) = conflicts::counts(&subjects, &given.trail.quarantined);
    counts.extend(own);
    counts.extend(pairs::counts(&subjects, &given.trail.joined_by));
    counts.extend(pairs::overlap(&subjects, given.basis));
    let (own, wrong) = holdout::counts(&subjects, given.hidden);
    counts.extend(own);
    listed.extend(wrong);
    for (unit, rows) in [("attendances", attended?), ("registrations", registered?)] {
        let rows = rows::sorted(rows.into_iter().flatten().collect());
        counts.extend(identifiers::counts(unit, &rows::by_month(rows.len(), |at| rows[at])));
    }
    let of_appointments = (given.appointments, given.people.of_appointment.as_slice());
    let reasons = rows::by_reason(of_appointments, given.staged, subjects.people())?;
    counts.extend(identifiers::by_reason("appointments", Source::Gp, &reasons));
    Ok(Begun { subjects, counts, listed, patients: patients?, is_identified, keys: &given.people.keys })
}

/// The linked tables that the pack looks at, and what referrals were known by before they were sorted.
pub(in super::super) struct Tables<'a> {
    /// The row of person records of every kept referral, and the day it was received.
    pub(in super::super) referred: Vec<(u32, i32)>,
    pub(in super::super) care: &'a CareFrames,
    pub(in super::super) attendances: &'a DataFrame,
    pub(in super::super) appointments: &'a DataFrame,
    /// Days of birth and death.
    pub(in super::super) lives: (&'a [i32], &'a [i32]),
}

impl Begun<'_> {
    /// Counts on the linked tables, and puts the pack together.
    pub(in super::super) fn finish(self, tables: &Tables<'_>) -> Result<Pack, Error> {
        let (mut counts, mut listed) = (self.counts, self.listed);
        let referred = tables.referred.iter().filter(|(patient, _)| *patient != NO_ROW);
        let referred = referred.filter_map(|(patient, day)| {
            Some(Row { month: rows::month_of(*day), ..(*self.patients.get(*patient as usize)?)? })
        });
        let referred = rows::sorted(referred.collect());
        counts.extend(identifiers::counts("referrals", &rows::by_month(referred.len(), |at| referred[at])));
        counts.extend(of_appointments(tables.appointments, &self.subjects, &self.is_identified)?);
        let (births, deaths) = tables.lives;
        let lives = Lives { births, deaths, missing: NO_DAY };
        let event = |frame, dated, source| Events { frame, dated, source };
        let events = [
            event(&tables.care.referrals, "received_date", None),
            event(&tables.care.contacts, "date", None),
            event(&tables.care.ward_stays, "start", Some(Source::MentalHealth)),
            event(tables.attendances, "date", Some(Source::EmergencyCare)),
            event(tables.appointments, "date", Some(Source::Gp)),
        ];
        let (own, own_listed) = implausible::of_lives(&implausible::seen(&events, lives)?, &self.subjects);
        counts.extend(own);
        listed.extend(own_listed);
        let (own, own_listed) = implausible::of_stays(&tables.care.ward_stays, &self.subjects)?;
        counts.extend(own);
        listed.extend(own_listed);
        // Tables in their order; within one, the order in which they were counted.
        counts.sort_by_key(|count| count.section);
        Ok(Pack { counts, lists: lists::entries(&listed, &self.subjects, self.keys) })
    }
}

/// GP appointments, which carry a number and nothing else: linked where anybody's record has it.
fn of_appointments(
    appointments: &DataFrame,
    subjects: &Subjects<'_>,
    is_identified: &[bool],
) -> Result<Vec<Count>, Error> {
    let (person, date) = (frame::whole_u32(appointments, "person")?, frame::nullable_i32(appointments, "date")?);
    let (person, outcomes) = (person.values(), rows::IDENTIFIERS.len());
    let row = |at: usize| {
        let whose = person[at] as usize;
        let has_number = u8::from(is_identified[whose]);
        let is_linked = u8::from(subjects.sources[whose] != 0);
        Row {
            person: person[at],
            month: date.get(at).map_or(rows::NO_MONTH, rows::month_of),
            has: has_number | (has_number | is_linked << 1) << outcomes,
            reason: NO_REASON,
            source: Source::Gp,
        }
    };
    let mut counts = identifiers::counts("appointments", &rows::by_month(person.len(), row));
    // Nothing else of an appointment is known, which is not the same as that it lacks it.
    let number = format!("appointments_with_{}", rows::IDENTIFIERS[0]);
    counts.retain(|count| count.section != Section::IdentifierQuality || count.measure == number);
    Ok(counts)
}
