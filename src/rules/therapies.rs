//! Talking Therapies courses: treatment counted, first and last scores found, outcomes judged.
//!
//! In: referrals, contacts, scores. Out: referrals with `treatments`, `first_treatment` and the four scores.
//! Source: NHS Talking Therapies monthly metadata (nhstt, 2026-07); thresholds PMC8411661.

use polars::prelude::*;

use super::contacts::{is_attended_or_unplanned, is_treatment};
use super::is_code;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::schema::Source;
use crate::schema::codes::CodeSet;

/// At caseness at this PHQ-9 score and above.
const PHQ9_CASENESS: f32 = 10.0;
/// At caseness at this GAD-7 score and above.
const GAD7_CASENESS: f32 = 8.0;
/// A PHQ-9 change of at least this many points is reliable.
const PHQ9_RELIABLE: f32 = 6.0;
/// A GAD-7 change of at least this many points is reliable.
const GAD7_RELIABLE: f32 = 4.0;
/// A finished course has at least this many attended treatment contacts.
const FINISHED_TREATMENTS: u32 = 2;
/// Longest wait that meets the six-week standard. Day 42 meets it; day 43 does not.
const SIX_WEEKS_DAYS: i32 = 42;

/// What happened in one course.
#[derive(Clone, Copy)]
struct Course {
    treatments: u32,
    first_treatment: i32,
    treatment_age: u16,
    phq9: Scores,
    gad7: Scores,
}

const NOTHING: Course =
    Course { treatments: 0, first_treatment: i32::MAX, treatment_age: u16::MAX, phq9: NO_SCORE, gad7: NO_SCORE };
const NO_SCORE: Scores = Scores { count: 0, first: (i32::MAX, f32::INFINITY), last: (i32::MIN, f32::NEG_INFINITY) };
const NO_COURSE: usize = usize::MAX;

/// First and last score of a scale. Ties of a day are broken by the score, so that order decides nothing.
#[derive(Clone, Copy)]
struct Scores {
    count: u32,
    first: (i32, f32),
    last: (i32, f32),
}

impl Scores {
    fn add(&mut self, date: i32, score: f32) {
        self.count += 1;
        if (date, score) < self.first {
            self.first = (date, score);
        }
        if (date, score) > self.last {
            self.last = (date, score);
        }
    }
}

/// Talking Therapies referrals with what happened in them.
///
/// Grain: referral. `first_treatment_age` is the age at the first treatment. Scores are null without one; a last score is null unless the scale was scored at least twice.
pub fn courses(linked: &Linked) -> Result<DataFrame, Error> {
    let own = super::met_by(&linked.referrals, super::contacts::of_service(Source::TalkingTherapies))?;
    let columns = [
        "referral",
        "person",
        "provider",
        "age",
        "discharge_age",
        "received_date",
        "discharge_date",
        "referral_source",
    ];
    let referrals = linked.referrals.select(columns).map_err(Error::silent("select a course's columns"))?;
    let mut courses = frame::rows(&referrals, own.true_idx_iter().map(|row| row as u32).collect())?;
    let place = frame::whole_u32(&courses, "referral")?;
    let mut course_of = vec![NO_COURSE; linked.referrals.height()];
    for (course, place) in place.values().iter().enumerate() {
        course_of[*place as usize] = course;
    }
    let mut found = vec![NOTHING; courses.height()];
    add_treatments(linked, &course_of, &mut found)?;
    add_scores(linked, &course_of, &courses, &mut found)?;
    let first = |scores: Scores| (scores.count > 0).then_some(scores.first.1);
    let last = |scores: Scores| (scores.count > 1).then_some(scores.last.1);
    let added = [
        frame::u32s("treatments", found.iter().map(|course| course.treatments).collect()),
        frame::i32s_but("first_treatment", found.iter().map(|course| course.first_treatment).collect(), i32::MAX),
        frame::u16s_but("first_treatment_age", found.iter().map(|course| course.treatment_age).collect(), u16::MAX),
        frame::opt_f32s("phq9_first", found.iter().map(|course| first(course.phq9))),
        frame::opt_f32s("phq9_last", found.iter().map(|course| last(course.phq9))),
        frame::opt_f32s("gad7_first", found.iter().map(|course| first(course.gad7))),
        frame::opt_f32s("gad7_last", found.iter().map(|course| last(course.gad7))),
    ];
    for column in added {
        courses.with_column(column).map_err(Error::silent("put Talking Therapies courses together"))?;
    }
    Ok(courses)
}

/// Counts attended treatment contacts, and finds the first.
fn add_treatments(linked: &Linked, course_of: &[usize], found: &mut [Course]) -> Result<(), Error> {
    let contacts = &linked.contacts;
    let is_treatment = super::met_by(contacts, is_treatment())?;
    let (referral, date) = (frame::whole_u32(contacts, "referral")?, frame::nullable_i32(contacts, "date")?);
    let age = frame::nullable_u16(contacts, "age")?;
    for row in is_treatment.true_idx_iter() {
        let course = course_of.get(referral.values()[row] as usize).and_then(|course| found.get_mut(*course));
        let Some(course) = course else { continue };
        course.treatments += 1;
        course.first_treatment = course.first_treatment.min(date.get(row).unwrap_or(i32::MAX));
        course.treatment_age = course.treatment_age.min(age.get(row).unwrap_or(u16::MAX));
    }
    Ok(())
}

/// Finds the first and the last score of each scale between referral and discharge.
fn add_scores(linked: &Linked, course_of: &[usize], courses: &DataFrame, found: &mut [Course]) -> Result<(), Error> {
    let scores = &linked.scores;
    let counts = || {
        let is_counted = col("is_at_contact").eq(lit(0)).or(is_attended_or_unplanned());
        is_counted.and(col("score").is_not_null())
    };
    let is_scale = |scale: &str| counts().and(is_code("scale", CodeSet::Scale, &[scale]));
    let of_scale = super::met(scores, &[is_scale("phq9"), is_scale("gad7")])?;
    let received = frame::nullable_i32(courses, "received_date")?;
    let discharged = frame::nullable_i32(courses, "discharge_date")?;
    let (referral, date) = (frame::whole_u32(scores, "referral")?, frame::nullable_i32(scores, "date")?);
    let score = frame::nullable_f32(scores, "score")?;
    let is_within = |course: usize, date: i32| {
        received.get(course).is_some_and(|received| date >= received)
            && discharged.get(course).is_none_or(|discharged| date <= discharged)
    };
    for (scale, is_scale) in of_scale.iter().enumerate() {
        for row in is_scale.true_idx_iter() {
            let course = course_of.get(referral.values()[row] as usize).filter(|course| **course != NO_COURSE);
            let (Some(course), Some(date), Some(score)) = (course, date.get(row), score.get(row)) else { continue };
            if is_within(*course, date) {
                let own = &mut found[*course];
                if scale == 0 { own.phq9.add(date, score) } else { own.gad7.add(date, score) }
            }
        }
    }
    Ok(())
}

/// Discharged after at least two attended treatment contacts.
pub fn is_finished() -> Expr {
    col("discharge_date").is_not_null().and(col("treatments").gt_eq(lit(FINISHED_TREATMENTS))).fill_null(lit(false))
}

/// First treated within six weeks of referral.
pub fn is_seen_within_six_weeks() -> Expr {
    is_finished().and((col("first_treatment") - col("received_date")).lt_eq(lit(SIX_WEEKS_DAYS))).fill_null(lit(false))
}

/// Days from referral to first treatment; null without one, or if it comes before the referral.
pub fn days_to_first_treatment() -> Expr {
    let days = col("first_treatment") - col("received_date");
    when(days.clone().gt_eq(lit(0))).then(days).otherwise(lit(NULL))
}

/// First and last scores on both measures.
pub fn is_paired() -> Expr {
    is_finished().and(col("phq9_last").is_not_null()).and(col("gad7_last").is_not_null())
}

/// Below caseness on both first scores. Null scores are not below.
pub fn is_not_at_caseness() -> Expr {
    let both = col("phq9_first").lt(lit(PHQ9_CASENESS)).and(col("gad7_first").lt(lit(GAD7_CASENESS)));
    is_finished().and(both).fill_null(lit(false))
}

/// What recovery is out of: finished courses minus those not at caseness. People without a pair of scores stay in.
pub fn is_finished_at_risk() -> Expr {
    is_finished().and(is_not_at_caseness().not())
}

/// At caseness on either first score, below on both last scores.
pub fn is_recovered() -> Expr {
    let was_case = col("phq9_first").gt_eq(lit(PHQ9_CASENESS)).or(col("gad7_first").gt_eq(lit(GAD7_CASENESS)));
    let is_below = col("phq9_last").lt(lit(PHQ9_CASENESS)).and(col("gad7_last").lt(lit(GAD7_CASENESS)));
    is_paired().and(was_case).and(is_below).fill_null(lit(false))
}

/// Reliably better on either measure and reliably worse on neither.
pub fn is_reliably_improved() -> Expr {
    let fall = |scale: &str| col(format!("{scale}_first")) - col(format!("{scale}_last"));
    let better = fall("phq9").gt_eq(lit(PHQ9_RELIABLE)).or(fall("gad7").gt_eq(lit(GAD7_RELIABLE)));
    let worse = fall("phq9").lt_eq(lit(-PHQ9_RELIABLE)).or(fall("gad7").lt_eq(lit(-GAD7_RELIABLE)));
    is_paired().and(better).and(worse.not()).fill_null(lit(false))
}

/// Recovered and reliably improved.
pub fn is_reliably_recovered() -> Expr {
    is_recovered().and(is_reliably_improved())
}
