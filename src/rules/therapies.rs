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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame;
    use crate::rules::met;

    /// Counts that were published for England: courses finished, not at caseness, recovered, reliably recovered and
    /// reliably improved, and the published percentages of the last three.
    ///
    /// Source: NHS Talking Therapies annual figures (nhstt package data; OGL v3).
    const ENGLAND: [([u32; 5], [&str; 3]); 4] = [
        ([670_419, 35_234, 321_061, 301_815, 452_284], ["50.5", "47.5", "67.5"]),
        ([671_648, 37_164, 318_013, 298_780, 448_634], ["50.1", "47.1", "66.8"]),
        ([634_649, 37_267, 306_990, 291_091, 433_327], ["51.4", "48.7", "68.3"]),
        ([606_192, 36_054, 291_371, 276_261, 406_118], ["51.1", "48.5", "67.0"]),
    ];

    /// Counts that were published for two providers in 2024-25, and the published recovery: Pennine Care (RT2) and Self Help Services,
    /// Stockport (T6G0K). Courses finished, not at caseness, recovered; counts are rounded to the nearest 5.
    ///
    /// Source: NHS Talking Therapies annual report 2024-25, additional analyses (OGL v3).
    const LOCAL: [([u32; 3], &str); 2] = [([8_590, 475, 4_060], "50"), ([670, 10, 390], "59")];

    type Kind = ([u16; 2], Option<Change>);

    /// So many courses of each kind: whether depression was and is at caseness, and how it moved; anxiety is below and
    /// unchanged throughout. The last kind has no second scores.
    fn courses(kinds: [(u32, Kind); 5]) -> DataFrame {
        let column = |of: fn(&Kind) -> Option<u16>| -> Vec<Option<u16>> {
            kinds.iter().flat_map(|(rows, kind)| std::iter::repeat_n(of(kind), *rows as usize)).collect()
        };
        let u16s = |name: &str, of| frame::opt_u16s(name, column(of).into_iter());
        let rows: u32 = kinds.iter().map(|(rows, ..)| rows).sum();
        frame::frame(vec![
            frame::i32s("discharge_date", vec![0; rows as usize]),
            frame::u32s("treatments", vec![2; rows as usize]),
            u16s("phq9_case_first", |(cases, _)| Some(cases[0])),
            u16s("phq9_case_last", |(cases, change)| change.map(|_| cases[1])),
            u16s("phq9_change", |(_, change)| change.map(|change| change as u16)),
            u16s("anxiety_case_first", |_| Some(0)),
            u16s("anxiety_case_last", |(_, change)| change.map(|_| 0)),
            u16s("anxiety_change", |(_, change)| change.map(|_| Change::Unchanged as u16)),
        ])
        .unwrap()
    }

    #[test]
    fn published_recovery_of_two_providers_is_rebuilt_from_published_counts() {
        for ([finished, below, recovered], published) in LOCAL {
            let courses = courses([
                (recovered, ([1, 0], Some(Change::Better))),
                (below, ([0, 0], Some(Change::Unchanged))),
                (finished - below - recovered, ([1, 1], Some(Change::Unchanged))),
                (0, ([1, 1], None)),
                (0, ([1, 1], None)),
            ]);
            let counts: Vec<usize> = met(&courses, &[is_finished_at_risk(), is_recovered()])
                .unwrap()
                .iter()
                .map(|bits| bits.true_idx_iter().count())
                .collect();
            assert_eq!(format!("{:.0}", 100.0 * counts[1] as f64 / counts[0] as f64), published);
        }
    }

    /// With at caseness as denominator, or without the courses that have no second scores, they would not come out.
    #[test]
    fn published_percentages_of_england_are_rebuilt_from_published_counts() {
        for ([finished, below, recovered, reliably, improved], published) in ENGLAND {
            let unpaired = finished - below - recovered - (improved - reliably);
            let courses = courses([
                (reliably, ([1, 0], Some(Change::Better))),
                (recovered - reliably, ([1, 0], Some(Change::Unchanged))),
                (improved - reliably, ([1, 1], Some(Change::Better))),
                (below, ([0, 0], Some(Change::Unchanged))),
                (unpaired, ([1, 1], None)),
            ]);
            let rules =
                [is_finished(), is_finished_at_risk(), is_recovered(), is_reliably_recovered(), is_reliably_improved()];
            let counts: Vec<usize> =
                met(&courses, &rules).unwrap().iter().map(|bits| bits.true_idx_iter().count()).collect();
            let percent =
                |within: usize, of: usize| format!("{:.1}", 100.0 * counts[within] as f64 / counts[of] as f64);
            assert_eq!([percent(2, 1), percent(3, 1), percent(4, 0)], published);
        }
    }
}
