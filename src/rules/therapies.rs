//! Talking Therapies: which courses are finished, were waited for too long, ended well.
//!
//! Rules over the frame of `courses.rs`, each true or false and never null. Source: NHS Talking Therapies monthly
//! metadata (nhstt, 2026-07).

use polars::prelude::*;

use crate::schema::measures::Change;

/// A finished course has at least this many attended treatment contacts.
const FINISHED_TREATMENTS: u32 = 2;
/// Longest wait that meets the six-week standard. Day 42 meets it; day 43 does not.
const SIX_WEEKS_DAYS: i32 = 42;
/// Longest wait that meets the eighteen-week standard. Day 126 meets it; day 127 does not.
const EIGHTEEN_WEEKS_DAYS: i32 = 126;
/// The measure of depression, and the one of anxiety.
const BOTH: [&str; 2] = ["phq9", "anxiety"];

/// Discharged.
pub fn is_ended() -> Expr {
    col("discharge_date").is_not_null()
}

/// Discharged without any treatment.
pub fn is_ended_before_treatment() -> Expr {
    is_ended().and(col("treatments").eq(lit(0u32)))
}

/// Discharged after treatment.
pub fn is_ended_treated() -> Expr {
    is_ended().and(col("treatments").gt_eq(lit(1u32)))
}

/// Discharged after a single treatment.
pub fn is_ended_treated_once() -> Expr {
    is_ended().and(col("treatments").eq(lit(1u32)))
}

/// Discharged after at least two attended treatment contacts.
pub fn is_finished() -> Expr {
    is_ended().and(col("treatments").gt_eq(lit(FINISHED_TREATMENTS)))
}

/// Attended treatment contacts.
pub fn treatments() -> Expr {
    col("treatments")
}

/// First treated within six weeks of referral.
pub fn is_seen_within_six_weeks() -> Expr {
    is_seen_within(SIX_WEEKS_DAYS)
}

/// First treated within eighteen weeks of referral.
pub fn is_seen_within_eighteen_weeks() -> Expr {
    is_seen_within(EIGHTEEN_WEEKS_DAYS)
}

fn is_seen_within(days: i32) -> Expr {
    is_finished().and((col("first_treatment") - col("received_date")).lt_eq(lit(days))).fill_null(lit(false))
}

/// Days from referral to first treatment; null without one, or if it comes before the referral.
pub fn days_to_first_treatment() -> Expr {
    let days = col("first_treatment") - col("received_date");
    when(days.clone().gt_eq(lit(0))).then(days).otherwise(lit(NULL))
}

/// Treated a second time.
pub fn is_treated_twice() -> Expr {
    col("second_treatment").is_not_null()
}

/// More than 28 days between the first two treatments. Day 28 is not more.
pub fn is_second_after_28_days() -> Expr {
    is_second_after(28)
}

/// More than 90 days between the first two treatments. Day 90 is not more.
pub fn is_second_after_90_days() -> Expr {
    is_second_after(90)
}

fn is_second_after(days: i32) -> Expr {
    (col("second_treatment") - col("first_treatment")).gt(lit(days)).fill_null(lit(false))
}

/// A column of codes holds this one. Null where it holds none.
fn holds(column: &str, code: u16) -> Expr {
    col(column).eq(lit(u32::from(code)).cast(DataType::UInt16))
}

/// A rule of one measure that holds for either.
fn either(rule: impl Fn(&str) -> Expr) -> Expr {
    let [depression, anxiety] = BOTH.map(|measure| rule(measure).fill_null(lit(false)));
    depression.or(anxiety)
}

/// A rule of one measure that holds for both.
fn both(rule: impl Fn(&str) -> Expr) -> Expr {
    let [depression, anxiety] = BOTH.map(|measure| rule(measure).fill_null(lit(false)));
    depression.and(anxiety)
}

fn changed(change: Change) -> Expr {
    either(|measure| holds(&format!("{measure}_change"), change as u16))
}

/// First and last scores on PHQ-9 and on an anxiety measure.
pub fn is_paired() -> Expr {
    is_finished().and(col("is_paired"))
}

/// It is known how both measures moved.
pub fn is_change_known() -> Expr {
    is_finished().and(both(|measure| col(format!("{measure}_change")).is_not_null()))
}

/// It is known whether the course ended in recovery and how both measures moved.
pub fn is_judged() -> Expr {
    is_change_known().and(both(|measure| col(format!("{measure}_case_last")).is_not_null()))
}

/// The problem has an anxiety measure of its own.
pub fn has_specific_measure() -> Expr {
    is_finished().and(col("has_specific"))
}

/// And that measure has a first and a last score.
pub fn is_specific_measure_paired() -> Expr {
    has_specific_measure().and(col("is_specific_paired"))
}

/// Below caseness on both first scores. Without a score nobody is below.
pub fn is_not_at_caseness() -> Expr {
    is_finished().and(both(|measure| holds(&format!("{measure}_case_first"), 0)))
}

/// It is known whether the course began at caseness: one first score is, or both are below.
pub fn is_caseness_known() -> Expr {
    is_not_at_caseness().or(is_finished().and(either(|measure| holds(&format!("{measure}_case_first"), 1))))
}

/// It is known whether the course ended in recovery: where it began, and where both measures ended.
pub fn is_recovery_known() -> Expr {
    is_caseness_known().and(both(|measure| col(format!("{measure}_case_last")).is_not_null()))
}

/// What recovery is out of: finished courses minus those not at caseness. People without a pair of scores stay in.
pub fn is_finished_at_risk() -> Expr {
    is_finished().and(is_not_at_caseness().not())
}

/// At caseness on either first score, below on both last scores.
pub fn is_recovered() -> Expr {
    let was_case = either(|measure| holds(&format!("{measure}_case_first"), 1));
    is_finished().and(was_case).and(both(|measure| holds(&format!("{measure}_case_last"), 0)))
}

/// Reliably better on either measure and reliably worse on neither.
pub fn is_reliably_improved() -> Expr {
    is_change_known().and(changed(Change::Better)).and(changed(Change::Worse).not())
}

/// Reliably worse on either measure and reliably better on neither.
pub fn is_reliably_deteriorated() -> Expr {
    is_change_known().and(changed(Change::Worse)).and(changed(Change::Better).not())
}

/// Reliably better on one measure and reliably worse on the other.
pub fn is_mixed() -> Expr {
    is_change_known().and(changed(Change::Better)).and(changed(Change::Worse))
}

/// Known how both measures moved, and neither improved nor deteriorated. Mixed changes are in here.
pub fn is_unchanged() -> Expr {
    is_change_known().and(is_reliably_improved().not()).and(is_reliably_deteriorated().not())
}

/// Recovered and reliably improved.
pub fn is_reliably_recovered() -> Expr {
    is_recovered().and(is_reliably_improved())
}

/// The first PHQ-9 score.
pub fn first_phq9() -> Expr {
    col("phq9_first")
}

/// The last PHQ-9 score; null unless there are two.
pub fn last_phq9() -> Expr {
    col("phq9_last")
}
