//! Hospital spells of trusts, with what came before and after them.
//!
//! In: spells, ward stays, contacts. Out: the frame that the metrics of `trust_hospital.rs` look at.

use polars::prelude::{Column, DataFrame};

use super::trust_codes as codes;
use super::trust_codes::Meant;
use super::trust_days::{Covered, Dated};
use super::trust_onward::Responsible;
use crate::error::Error;
use crate::frame::{self, Nullable};
use crate::link::Linked;
use crate::pathways::Coverage;
use crate::sources::CodeValues;

/// Days after discharge in which somebody is to be followed up.
pub const FOLLOW_UP_DAYS: i32 = 3;
/// Days by which the follow-up is counted later than the discharge.
const OFFSET_DAYS: i32 = 4;
/// Days before an admission in which a contact counts as one before it: the last and the first of them.
const PRIOR_DAYS: (i32, i32) = (3, 365);

/// The bed of a spell's first ward stay and of its last; none without a ward stay, or where it is not known.
#[derive(Clone, Copy)]
struct Beds {
    first: (i32, i32, Option<u16>),
    last: (i32, i32, Option<u16>),
}

const NO_BED: Beds = Beds { first: (i32::MAX, i32::MAX, None), last: (i32::MIN, i32::MIN, None) };

/// Spells as columns.
struct Spells {
    person: Nullable<u32>,
    provider: Nullable<u64>,
    referral: Nullable<u32>,
    start: Nullable<i32>,
    end: Nullable<i32>,
    age: Nullable<u16>,
    end_age: Nullable<u16>,
    source: Nullable<u16>,
    method: Nullable<u16>,
    destination: Nullable<u16>,
    beds: Vec<Beds>,
}

impl Spells {
    fn of(linked: &Linked) -> Result<Self, Error> {
        let table = &linked.spells;
        Ok(Self {
            person: frame::whole_u32(table, "person")?,
            provider: frame::whole_u64(table, "provider")?,
            referral: frame::whole_u32(table, "referral")?,
            start: frame::nullable_i32(table, "start")?,
            end: frame::nullable_i32(table, "end")?,
            age: frame::nullable_u16(table, "age")?,
            end_age: frame::nullable_u16(table, "end_age")?,
            source: frame::nullable_u16(table, "admission_source")?,
            method: frame::nullable_u16(table, "discharge_method")?,
            destination: frame::nullable_u16(table, "discharge_destination")?,
            beds: beds(linked)?,
        })
    }

    fn len(&self) -> usize {
        self.person.len()
    }

    /// The person's spells beside this one, all of whose rows are next to each other.
    fn others(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let people = self.person.values();
        let before = (0..row).rev().take_while(move |other| people[*other] == people[row]);
        let after = (row + 1..people.len()).take_while(move |other| people[*other] == people[row]);
        before.chain(after)
    }

    /// Days from discharge to the next admission on that day or later, in another spell.
    fn again_days(&self, row: usize) -> Option<i32> {
        let end = self.end.get(row)?;
        let starts = self.others(row).filter_map(|other| self.start.get(other));
        starts.map(|start| start - end).filter(|days| *days >= 0).min()
    }
}

/// The beds of each spell. Ward stays that began and ended on one day are told apart by their kind of bed.
fn beds(linked: &Linked) -> Result<Vec<Beds>, Error> {
    let stays = &linked.ward_stays;
    let mut beds = vec![NO_BED; linked.spells.height()];
    let (spell, start) = (frame::whole_u32(stays, "spell")?, frame::nullable_i32(stays, "start")?);
    let (end, bed) = (frame::nullable_i32(stays, "end")?, frame::nullable_u16(stays, "bed_type")?);
    for row in 0..stays.height() {
        let (Some(own), Some(start)) = (beds.get_mut(spell.values()[row] as usize), start.get(row)) else { continue };
        let stay = (start, end.get(row).unwrap_or(i32::MAX), bed.get(row));
        own.first = own.first.min(stay);
        own.last = own.last.max(stay);
    }
    Ok(beds)
}

/// What is looked for among codes.
struct Looked {
    adult: Meant,
    older: Meant,
    acute: Meant,
    from_hospital: Meant,
    no_method: Meant,
    no_destination: Meant,
}

/// Spells with what is derived of them. Grain: hospital provider spell. `days` is null while the person is in hospital,
/// `again_days` where no admission follows, `followed_days` where the day of discharge is not covered.
pub fn spells(linked: &Linked, coverage: &Coverage, values: &CodeValues) -> Result<DataFrame, Error> {
    let own = Spells::of(linked)?;
    let looked = Looked {
        adult: codes::adult_acute_beds(values),
        older: codes::older_acute_beds(values),
        acute: codes::acute_beds(values),
        from_hospital: codes::admitted_from_hospital(values),
        no_method: codes::no_index_methods(values),
        no_destination: codes::no_index_destinations(values),
    };
    let covered = Covered::of(coverage, &frame::whole_u64(&linked.referrals, "provider")?);
    let rows = 0..own.len();
    let stay = |row: usize| Some(own.end.get(row)? - own.start.get(row)?).filter(|days| *days >= 0);
    let followed = |row: usize| {
        let end = own.end.get(row)?;
        covered.about(own.provider.values()[row], end).map(|(_, to)| to - end)
    };
    let is_aged =
        |row: usize, ages: std::ops::RangeInclusive<u16>| own.end_age.get(row).is_some_and(|age| ages.contains(&age));
    let last = |row: usize| own.beds[row].last.2;
    let is_index = |row: usize| {
        own.end.get(row).is_some()
            && !looked.no_method.has(own.method.get(row))
            && !looked.no_destination.has(own.destination.get(row))
    };
    let all = |is: &dyn Fn(usize) -> bool| rows.clone().map(is).collect::<Vec<bool>>();
    let mut spells = linked.spells.clone();
    let mut added = vec![
        frame::opt_i32s("days", rows.clone().map(stay)),
        frame::opt_i32s("again_days", rows.clone().map(|row| own.again_days(row))),
        frame::opt_i32s("followed_days", rows.clone().map(followed)),
        frame::bools("is_adult", &all(&|row| looked.adult.has(last(row)) && is_aged(row, 18..=64))),
        frame::bools("is_older", &all(&|row| looked.older.has(last(row)) && is_aged(row, 65..=u16::MAX))),
        frame::bools("is_young", &all(&|row| is_aged(row, 0..=17))),
        frame::bools("is_acute", &all(&|row| looked.acute.has(last(row)) && is_aged(row, 18..=u16::MAX))),
        frame::bools("is_index", &all(&is_index)),
    ];
    added.extend(follow_up(linked, &own, &covered, values)?);
    added.extend(prior(linked, &own, &covered, &looked)?);
    for column in added {
        spells.with_column(column).map_err(Error::silent("put hospital spells together"))?;
    }
    Ok(spells)
}

/// Which discharges are to be followed up within 72 hours, which were, and the day that dates them. Whoever was referred on in the
/// stay is to be followed up by whom they were referred to, as far as that trust's data run.
fn follow_up(linked: &Linked, own: &Spells, covered: &Covered, values: &CodeValues) -> Result<[Column; 4], Error> {
    let direct = codes::direct(values);
    let contacts = Dated::attended(linked, Some(&direct))?;
    let beds = codes::followed_up_beds(values);
    let (methods, destinations) = (codes::not_followed_methods(values), codes::not_followed_destinations(values));
    let deaths = &linked.persons.death_date;
    let referred_on = Responsible::of(linked)?;
    let responsible = |row: usize, end: i32| {
        let provider = own.provider.values()[row];
        referred_on.by(own.referral.values()[row], provider, (own.start.get(row).unwrap_or(end), end))
    };
    let is_sent = |row: usize, end: i32| {
        let runs = |provider: &u64| covered.about(*provider, end).is_some_and(|(_, to)| to >= end + FOLLOW_UP_DAYS);
        responsible(row, end).iter().all(runs)
    };
    let is_due = |row: usize| {
        let Some(end) = own.end.get(row) else { return false };
        let died = deaths[own.person.values()[row] as usize].is_some_and(|death| death <= end + FOLLOW_UP_DAYS);
        let is_out = methods.has(own.method.get(row)) || destinations.has(own.destination.get(row));
        beds.has(own.beds[row].last.2) && !died && !is_out && is_sent(row, end)
    };
    let is_seen = |row: usize| {
        let Some(end) = own.end.get(row) else { return false };
        let (person, days) = (own.person.values()[row], (end + 1, end + FOLLOW_UP_DAYS));
        let is_seen_by = |provider: &u64| {
            let is_readmitted = |other: usize| {
                let is_in_time = own.start.get(other).is_some_and(|start| (days.0..=days.1).contains(&start));
                is_in_time && own.provider.values()[other] == *provider
            };
            contacts.any_of(*provider, person, days) || own.others(row).any(is_readmitted)
        };
        responsible(row, end).iter().any(is_seen_by)
    };
    let rows = 0..own.len();
    let later = |row: usize| own.end.get(row).map(|end| end + OFFSET_DAYS);
    Ok([
        frame::opt_i32s("follow_up_date", rows.clone().map(later)),
        frame::opt_u16s("follow_up_age", rows.clone().map(|row| own.end_age.get(row))),
        frame::bools("is_due", &rows.clone().map(is_due).collect::<Vec<bool>>()),
        frame::bools("is_followed_up", &rows.map(is_seen).collect::<Vec<bool>>()),
    ])
}

/// Which admissions are of adults to acute beds, from elsewhere than a hospital and with a year before them that is
/// covered; and before which of them there was no contact.
fn prior(linked: &Linked, own: &Spells, covered: &Covered, looked: &Looked) -> Result<[Column; 2], Error> {
    let (contacts, indirect) = (Dated::attended(linked, None)?, Dated::indirect(linked)?);
    let is_new = |row: usize| {
        let Some(start) = own.start.get(row) else { return false };
        let is_adult = own.age.get(row).is_some_and(|age| age >= 18);
        let about = covered.about(own.provider.values()[row], start);
        let is_watched = about.is_some_and(|(from, _)| from <= start - PRIOR_DAYS.1);
        let is_out = looked.from_hospital.has(own.source.get(row));
        looked.acute.has(own.beds[row].first.2) && is_adult && is_watched && !is_out
    };
    let is_unknown = |row: usize| {
        let Some(start) = own.start.get(row) else { return false };
        let (person, days) = (own.person.values()[row], (start - PRIOR_DAYS.1, start - PRIOR_DAYS.0));
        !contacts.any(person, days) && !indirect.any(person, days)
    };
    let rows = 0..own.len();
    Ok([
        frame::bools("is_new_admission", &rows.clone().map(is_new).collect::<Vec<bool>>()),
        frame::bools("had_no_contact", &rows.map(is_unknown).collect::<Vec<bool>>()),
    ])
}
