//! Referrals to voluntary-sector services: when people were first seen, how it ended, and how scores moved.
//!
//! In: referrals, contacts, scores. Out: the frame of these referrals, and the rules over it.

use polars::prelude::*;

use super::contacts::{is_attended, of_service};
use super::is_code;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::schema::measures::{COMMUNITY_OUTCOMES, Outcome};

/// A goal that moved by so much has moved reliably, in hundredths of a point.
///
/// Source: NHS England community mental health outcome code (`nhsengland/MHSDS`, July 2025): goal-based outcomes, 3 points.
const GOAL_RELIABLE: i32 = 300;
/// Hundredths in a point.
const HUNDREDTHS: f64 = 100.0;
const NO_ROW: usize = usize::MAX;
const NEVER: (i32, u16) = (i32::MAX, u16::MAX);

/// The first and the last score of one scale, each with its day.
#[derive(Clone, Copy)]
struct Pair {
    first: (i32, f32),
    last: (i32, f32),
}

const NO_PAIR: Pair = Pair { first: (i32::MAX, 0.0), last: (i32::MIN, 0.0) };

impl Pair {
    fn add(&mut self, date: i32, score: f32) {
        if date < self.first.0 {
            self.first = (date, score);
        }
        if date > self.last.0 {
            self.last = (date, score);
        }
    }

    /// By how much it got better, in hundredths of a point; none without a later score.
    fn gain(self, outcome: &Outcome) -> Option<i32> {
        let rise = ((f64::from(self.last.1) - f64::from(self.first.1)) * HUNDREDTHS).round() as i32;
        (self.last.0 > self.first.0).then_some(if outcome.is_higher_better { rise } else { -rise })
    }
}

/// Referrals to voluntary-sector services.
///
/// Grain: referral. `first_contact` is the day of the first attended contact on or after the day of referral, with
/// `first_contact_age`; null without one. Of every scale: `_gain`, the last score less the first in hundredths of a point,
/// its sign turned so that more is better; null without two scores on different days.
pub fn referrals(linked: &Linked) -> Result<DataFrame, Error> {
    let own = super::met_by(&linked.referrals, of_service(Source::Community))?;
    let mut referrals = frame::rows(&linked.referrals, own.true_idx_iter().map(|row| row as u32).collect())?;
    let mut row_of = vec![NO_ROW; linked.referrals.height()];
    for (row, place) in frame::whole_u32(&referrals, "referral")?.values().iter().enumerate() {
        row_of[*place as usize] = row;
    }
    let seen = first_contacts(linked, &row_of, &referrals)?;
    let mut added = vec![
        frame::i32s_but("first_contact", seen.iter().map(|(day, _)| *day).collect(), NEVER.0),
        frame::u16s_but("first_contact_age", seen.iter().map(|(_, age)| *age).collect(), NEVER.1),
    ];
    added.extend(gains(linked, &row_of, referrals.height())?);
    for column in added {
        referrals.with_column(column).map_err(Error::silent("put voluntary-sector referrals together"))?;
    }
    Ok(referrals)
}

/// The day of the first attended contact of each referral, and the age on it.
fn first_contacts(linked: &Linked, row_of: &[usize], referrals: &DataFrame) -> Result<Vec<(i32, u16)>, Error> {
    let contacts = &linked.contacts;
    let is_seen = super::met_by(contacts, of_service(Source::Community).and(is_attended()))?;
    let (referral, date) = (frame::whole_u32(contacts, "referral")?, frame::nullable_i32(contacts, "date")?);
    let age = frame::nullable_u16(contacts, "age")?;
    let received = frame::nullable_i32(referrals, "received_date")?;
    let mut first = vec![NEVER; referrals.height()];
    for contact in is_seen.true_idx_iter() {
        let row = row_of.get(referral.values()[contact] as usize).filter(|row| **row != NO_ROW);
        let Some((row, date)) = row.zip(date.get(contact)) else { continue };
        if received.get(*row).is_some_and(|received| received <= date) {
            first[*row] = first[*row].min((date, age.get(contact).unwrap_or(NEVER.1)));
        }
    }
    Ok(first)
}

/// By how much each scale of each referral got better.
fn gains(linked: &Linked, row_of: &[usize], rows: usize) -> Result<Vec<Column>, Error> {
    let scores = &linked.scores;
    let (referral, date) = (frame::whole_u32(scores, "referral")?, frame::nullable_i32(scores, "date")?);
    let (scale, score) = (frame::nullable_u16(scores, "scale")?, frame::nullable_f32(scores, "score")?);
    let place = |scale: u16| COMMUNITY_OUTCOMES.iter().position(|own| CodeSet::Scale.position(own.scale) == scale);
    let mut pairs = vec![[NO_PAIR; COMMUNITY_OUTCOMES.len()]; rows];
    for at in 0..scores.height() {
        let row = row_of.get(referral.values()[at] as usize).filter(|row| **row != NO_ROW);
        let known = row.zip(scale.get(at).and_then(place)).zip(date.get(at).zip(score.get(at)));
        if let Some(((row, place), (date, score))) = known {
            pairs[*row][place].add(date, score);
        }
    }
    let column = |(place, outcome): (usize, &Outcome)| {
        frame::opt_i32s(&format!("{}_gain", outcome.scale), pairs.iter().map(|own| own[place].gain(outcome)))
    };
    Ok(COMMUNITY_OUTCOMES.iter().enumerate().map(column).collect())
}

/// Ended.
pub fn is_ended() -> Expr {
    col("discharge_date").is_not_null()
}

/// Ended, and why is known.
pub fn has_end_reason() -> Expr {
    is_ended().and(col("end_reason").is_not_null())
}

/// Ended as completed, or with goals met.
pub fn is_completed() -> Expr {
    is_ended().and(is_code("end_reason", CodeSet::EndReason, &["completed", "goals_met"]).fill_null(lit(false)))
}

/// Days from referral to the first attended contact; null without one.
pub fn days_to_first_contact() -> Expr {
    col("first_contact") - col("received_date")
}

/// By how much a scale got better, in hundredths of a point; null without a pair of scores.
pub fn gain(scale: &str) -> Expr {
    col(format!("{scale}_gain"))
}

/// Ended, with two scores of one scale.
pub fn is_paired() -> Expr {
    let of_any = COMMUNITY_OUTCOMES.iter().map(|outcome| gain(outcome.scale).is_not_null()).reduce(Expr::or);
    is_ended().and(of_any.unwrap_or_else(|| lit(false)))
}

/// Ended, with two scores of goals.
pub fn has_goals() -> Expr {
    is_ended().and(gain("gbo").is_not_null())
}

/// Ended with goals that rose reliably.
pub fn is_goal_improved() -> Expr {
    has_goals().and(gain("gbo").gt_eq(lit(GOAL_RELIABLE)))
}
