//! Reach: which people on a pathway took it up, and which completed it.
//!
//! In: linked tables, episodes. Out: columns of the frame of episodes. Leaves alone: who is on a pathway.

use polars::prelude::*;

use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::pathways::{Coverage, Episode};
use crate::rules::{self, contacts, is_code};
use crate::schema::Source;
use crate::schema::codes::CodeSet;

/// Treatments that make a course of Talking Therapies finished.
const TREATMENTS: u32 = 2;

/// Followed for long enough to see whether the person took the pathway up.
pub fn could_accept() -> Expr {
    col("could_accept")
}

/// Had an attended contact under the referral that put the person on the pathway.
pub fn has_accepted() -> Expr {
    could_accept().and(col("accepted"))
}

/// Followed for long enough to see whether the person completed the pathway.
pub fn could_complete() -> Expr {
    col("could_complete")
}

/// Completed it.
pub fn has_completed() -> Expr {
    could_complete().and(col("completed"))
}

/// What the index referrals of the linked tables came to, by place: an attended contact up to a day, and completion.
struct Referral {
    /// Days of attended contacts, first one.
    first_attended: i32,
    treatments: u32,
    ended: Option<i32>,
    /// Ended as completed or with the goals met.
    is_completed: bool,
    service: Option<Source>,
}

/// Adds `could_accept`, `accepted`, `could_complete` and `completed` to the frame of episodes, one row each, in order.
/// Nobody could where config gives no limit of days.
pub fn add(
    frame: &mut DataFrame,
    (linked, coverage): (&Linked, &Coverage),
    episodes: &[&Episode],
    [accepted_days, completed_days]: [Option<i32>; 2],
) -> Result<(), Error> {
    let referrals = referrals(linked)?;
    let providers = frame::whole_u64(&linked.referrals, "provider")?;
    let mut columns: [Vec<bool>; 4] = Default::default();
    for episode in episodes {
        let place = episode.referral as usize;
        let own = &referrals[place];
        let provider = OrgCode::from_packed(providers.values()[place]);
        let last = own.service.and_then(|source| Some(coverage.of(source, provider).ranges().last()?.1));
        let is_followed = |days: i32| last.is_some_and(|last| episode.index + days <= last.min(coverage.as_of));
        let is_in_time = |day: i32, days: i32| day <= episode.index + days;
        let has_met = own.first_attended != i32::MAX;
        let is_done = match own.service {
            Some(Source::Community) => own.is_completed,
            Some(Source::TalkingTherapies) => own.treatments >= TREATMENTS,
            _ => has_met,
        };
        let found = [
            accepted_days.is_some_and(is_followed),
            has_met && accepted_days.is_some_and(|days| is_in_time(own.first_attended, days)),
            completed_days.is_some_and(is_followed),
            is_done && own.ended.zip(completed_days).is_some_and(|(ended, days)| is_in_time(ended, days)),
        ];
        for (column, value) in columns.iter_mut().zip(found) {
            column.push(value);
        }
    }
    for (name, values) in ["could_accept", "accepted", "could_complete", "completed"].into_iter().zip(&columns) {
        frame.with_column(frame::bools(name, values)).map_err(Error::silent("add reach"))?;
    }
    Ok(())
}

/// Every referral by place.
fn referrals(linked: &Linked) -> Result<Vec<Referral>, Error> {
    let table = &linked.referrals;
    let is_completed = rules::met_by(table, is_code("end_reason", CodeSet::EndReason, &["completed", "goals_met"]))?;
    let (service, ended) = (frame::nullable_u16(table, "service")?, frame::nullable_i32(table, "discharge_date")?);
    let service_of = |row: usize| {
        let own = service.get(row)?;
        Source::ALL.into_iter().find(|source| *source as u16 == own)
    };
    let mut referrals: Vec<Referral> = (0..table.height())
        .map(|row| Referral {
            first_attended: i32::MAX,
            treatments: 0,
            ended: ended.get(row),
            is_completed: is_completed.get_bit(row),
            service: service_of(row),
        })
        .collect();
    let is_therapy = contacts::of_service(Source::TalkingTherapies);
    let attended = contacts::is_attended().or(is_therapy.and(contacts::is_attended_or_unplanned()));
    let met = rules::met(&linked.contacts, &[attended, contacts::is_treatment()])?;
    let (of, date) = (frame::whole_u32(&linked.contacts, "referral")?, frame::nullable_i32(&linked.contacts, "date")?);
    for row in met[0].true_idx_iter() {
        let (Some(own), Some(day)) = (referrals.get_mut(of.values()[row] as usize), date.get(row)) else { continue };
        own.first_attended = own.first_attended.min(day);
        own.treatments += u32::from(met[1].get_bit(row));
    }
    Ok(referrals)
}
