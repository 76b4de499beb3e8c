//! Moved: the people whom another linkage takes apart or puts together, as linked tables of their own.
//!
//! In: rows that carry identity, care, the run's own people, other options. Out: [`Moved`]. A person has the same key under two
//! linkages if the records are the same, so whoever differs is found by keys. Leaves alone: everybody else, who are nearly all.

use super::assembly::{Assembly, Part};
use super::audit::LinkAudit;
use super::care::Care;
use super::options::Options;
use super::parents::NO_ROW;
use super::passes;
use super::people::{self, People};
use super::records::{RecordOf, Records};
use super::tables::{self, Linked};
use crate::domain::token::Token;
use crate::error::Error;

/// What another linkage makes of the people whom it changes.
pub struct Moved {
    /// How many people there are under it, those included whom it leaves alone.
    pub people: u64,
    /// Those whom it changes, as the run has them.
    pub before: Linked,
    /// The same records as people of the other linkage.
    pub after: Linked,
}

/// What people are made of.
pub(super) struct Given<'a> {
    /// Patients, attendances, registrations, appointments.
    pub(super) rows: (&'a Assembly<'a>, &'a [Part; 4]),
    pub(super) care: &'a Care,
    pub(super) records: (&'a Records, &'a RecordOf),
}

impl Given<'_> {
    /// Whom other options change, of the people of the run.
    pub(super) fn moved(&self, own: &People, options: &Options) -> Result<Moved, Error> {
        let (records, _) = self.records;
        let [.., appointments] = self.rows.1;
        let linkage = passes::link_all(records, options, &mut LinkAudit::default());
        let other = people::number(linkage, (&appointments.rows, &appointments.fates), &options.supersession);
        let keys = differing(own, &other);
        Ok(Moved {
            people: other.keys.len() as u64,
            before: self.linked(&only(own, &keys), options)?,
            after: self.linked(&only(&other, &keys), options)?,
        })
    }

    /// The tables of some people.
    fn linked(&self, people: &People, options: &Options) -> Result<Linked, Error> {
        let ((assembly, [patients, attendances, registrations, appointments]), (records, record_of)) =
            (self.rows, self.records);
        let of_rows = people::of_identity(record_of, people);
        let [of_patient, of_attendance, of_registration] = &of_rows;
        let told = [(patients, of_patient), (attendances, of_attendance), (registrations, of_registration)];
        let gathered = tables::gather(assembly, people, told);
        let births = gathered.lives().births;
        let (care, events) = rayon::join(
            || self.care.frames(assembly, of_patient, births),
            || {
                let told = [(attendances, of_attendance.as_slice()), (registrations, of_registration.as_slice())];
                tables::event_frames(assembly, told, (appointments, &people.of_appointment), births)
            },
        );
        let (care, events) = (care?, events?);
        let is_linked = tables::have_their_number(records, people, options);
        let basis = tables::basis(&is_linked, people, appointments);
        let persons = gathered.finish(basis, vec![false; people.keys.len()]);
        Ok(Linked::of(persons, people.keys.clone(), care, events))
    }
}

/// The keys of everybody who is not the same person under both linkages, in order.
fn differing(own: &People, other: &People) -> Vec<Token> {
    let of = |people: &People, person: &u32| people.keys[*person as usize];
    let pairs = own.of_record.iter().zip(&other.of_record);
    let keys = pairs.map(|(one, two)| [of(own, one), of(other, two)]).filter(|[one, two]| one != two);
    let mut keys: Vec<Token> = keys.flatten().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The people of some keys, both in order; everybody else's rows are nobody's.
fn only(people: &People, keys: &[Token]) -> People {
    let mut wanted = keys.iter().peekable();
    let mut kept = Vec::new();
    let place: Vec<u32> = people
        .keys
        .iter()
        .map(|key| {
            while wanted.next_if(|own| *own < key).is_some() {}
            if wanted.next_if(|own| *own == key).is_none() {
                return NO_ROW;
            }
            kept.push(*key);
            kept.len() as u32 - 1
        })
        .collect();
    let moved = |rows: &[u32]| super::frames::hop(rows, &place);
    People {
        of_record: moved(&people.of_record),
        of_appointment: moved(&people.of_appointment),
        keys: kept,
        appointments_without_record: 0,
    }
}
