//! Talking Therapies courses: treatment counted, first and last scores found, outcomes judged.
//!
//! In: referrals, contacts, scores. Out: referrals with `treatments`, `first_treatment` and the four scores.
//! Source: NHS Talking Therapies monthly metadata (nhstt, 2026-07); thresholds PMC8411661.

use polars::prelude::*;

use super::contacts::{is_attended_or_unplanned, is_treatment};
use super::is_code;
use crate::error::Error;
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

/// Talking Therapies referrals with what happened in them.
///
/// Grain: referral. `treatment_age` is the age at the first treatment. Scores are null without one; a last score is null unless the scale was scored at least twice.
pub fn courses(linked: &Linked) -> Result<DataFrame, Error> {
    let referrals = linked
        .referrals
        .clone()
        .lazy()
        .filter(col("service").eq(lit(Source::TalkingTherapies as u32).cast(DataType::UInt16)));
    let treatments = linked.contacts.clone().lazy().filter(is_treatment()).group_by([col("referral")]).agg([
        len().cast(DataType::UInt32).alias("treatments"),
        col("date").min().alias("first_treatment"),
        col("age").min().alias("treatment_age"),
    ]);
    let left = |frame: LazyFrame, other: LazyFrame| {
        frame.join(other, [col("referral")], [col("referral")], JoinArgs::new(JoinType::Left))
    };
    let spans = referrals.clone().select([col("referral"), col("received_date"), col("discharge_date")]);
    let scores = linked
        .scores
        .clone()
        .lazy()
        .filter(col("is_at_contact").eq(lit(0)).or(is_attended_or_unplanned()))
        .join(spans, [col("referral")], [col("referral")], JoinArgs::new(JoinType::Inner))
        .filter(
            col("date")
                .gt_eq(col("received_date"))
                .and(col("discharge_date").is_null().or(col("date").lt_eq(col("discharge_date")))),
        );
    let mut courses = left(referrals, treatments);
    for scale in ["phq9", "gad7"] {
        courses = left(courses, first_and_last(scores.clone(), scale));
    }
    courses
        .sort(["referral"], SortMultipleOptions::default())
        .collect()
        .map_err(Error::silent("put Talking Therapies courses together"))
}

/// First and last score of a scale per referral. Ties of a day are broken by the score, so that order decides nothing.
fn first_and_last(scores: LazyFrame, scale: &str) -> LazyFrame {
    let own = scores.filter(is_code("scale", CodeSet::Scale, &[scale]).and(col("score").is_not_null()));
    own.sort(["referral", "date", "score"], SortMultipleOptions::default()).group_by([col("referral")]).agg([
        col("score").first().alias(format!("{scale}_first")),
        when(len().gt(lit(1))).then(col("score").last()).otherwise(lit(NULL)).alias(format!("{scale}_last")),
    ])
}

/// Discharged after at least two attended treatment contacts.
pub fn is_finished() -> Expr {
    col("discharge_date").is_not_null().and(col("treatments").gt_eq(lit(FINISHED_TREATMENTS))).fill_null(lit(false))
}

/// First treated within six weeks of referral.
pub fn is_seen_within_six_weeks() -> Expr {
    is_finished().and((col("first_treatment") - col("received_date")).lt_eq(lit(SIX_WEEKS_DAYS))).fill_null(lit(false))
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
