//! The mental-health trust: how scores moved between the beginning and the end of a referral.

use polars::prelude::{Expr, col};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

const SOURCE: &str = "NHS England community mental health outcomes (nhsengland/MHSDS, July 2025)";
/// Changes count from here: no scale has more points than 1,000.
const LEAST_CHANGE: i32 = -100_000;

fn is_proms() -> Expr {
    col("is_proms")
}

fn is_paired(instrument: &str) -> Expr {
    is_proms().and(col(format!("{instrument}_change")).is_not_null())
}

fn is_childs_paired() -> Expr {
    col("is_childs_paired")
}

fn is_childs_improved() -> Expr {
    col("is_childs_improved")
}

macro_rules! paired {
    ($id:literal, $name:literal, $about:literal, $scales:literal) => {
        Metric {
            id: concat!("mh_proms_paired_", $id),
            title: concat!("Closed referrals of adults with first and later ", $name, " scores"),
            plain_english: concat!(
                "Adults whose change in ",
                $about,
                " was measured while they were with a community mental-health team."
            ),
            subject: Subject::TrustReferrals,
            dated: Dating::On("discharge_date"),
            statistic: Statistic::Proportion { numerator: || is_paired($id), denominator: is_proms },
            sheet: Sheet::Outcomes,
            better: Better::Higher,
            standard: None,
            definition: concat!(
                "Referrals discharged in the period with two valid scores of one scale of ",
                $name,
                " on different days from receipt to discharge, out of referrals discharged in the period of people aged 18 or more when referred, to a team of type A05, A06, A08, A09, A12, A13, A14 or A16, that not every team rejected. ",
                $scales,
                " A score that is no number or outside the range of its scale is not valid, nor is one of a contact that was not attended."
            ),
            official_id: None,
            source: SOURCE,
            differs: Some(
                "Published code gives the teams, the scores and the reliable change, and no rate: which referrals it is out of is ours.",
            ),
        }
    };
}

macro_rules! improved {
    ($id:literal, $name:literal, $least:literal, $plain:literal) => {
        Metric {
            id: concat!("mh_proms_improved_", $id),
            title: concat!("Reliable improvement in ", $name, " of adults with closed referrals"),
            plain_english: concat!("Adults who were ", $plain, " when a community mental-health team discharged them."),
            subject: Subject::TrustReferrals,
            dated: Dating::On("discharge_date"),
            statistic: Statistic::Proportion {
                numerator: || is_paired($id).and(col(concat!($id, "_improved"))),
                denominator: || is_paired($id),
            },
            sheet: Sheet::Outcomes,
            better: Better::Higher,
            standard: None,
            definition: concat!(
                "Referrals of mh_proms_paired_",
                $id,
                " with a pair of scores whose last score is above the first by at least ",
                $least,
                ", out of all that have a pair. How far it must rise is a setting. A scale is compared with itself alone."
            ),
            official_id: None,
            source: SOURCE,
            differs: Some(
                "Published code judges each item or goal by itself; here the mean of those with both scores is judged, so that a referral counts once.",
            ),
        }
    };
}

macro_rules! change {
    ($id:literal, $name:literal, $about:literal, $mean:literal, $better:literal) => {
        Metric {
            id: concat!("mh_proms_change_", $id),
            title: concat!("Mean change in ", $name, " of adults with closed referrals"),
            plain_english: concat!(
                "How far ",
                $about,
                " changed while adults were with a community mental-health team; ",
                $better,
                " is better."
            ),
            subject: Subject::TrustReferrals,
            dated: Dating::On("discharge_date"),
            statistic: Statistic::Mean {
                of: || is_paired($id),
                value: || col(concat!($id, "_change")),
                least: LEAST_CHANGE,
                parts: 100,
                unit: "points",
            },
            sheet: Sheet::Outcomes,
            better: Better::Neither,
            standard: None,
            definition: concat!(
                "Mean of the last less the first ",
                $name,
                " score over the referrals of mh_proms_paired_",
                $id,
                " with a pair; of one referral the mean ",
                $mean,
                ". The sign is as scored: a ",
                $better,
                " score is better. mh_proms_paired_",
                $id,
                " shows how many have a pair."
            ),
            official_id: None,
            source: SOURCE,
            differs: Some("The mean is ours: published code counts referrals whose scores changed reliably."),
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &paired!("dialog", "DIALOG", "satisfaction with life and care", "Each of its eleven items is a scale of its own."),
    &paired!("reqol", "ReQoL-10", "recovering quality of life", "The version of 20 items is another scale."),
    &paired!("gbo", "goal-based outcome", "progress towards own goals", "Each goal is a scale of its own."),
    &paired!(
        "honos",
        "HoNOS",
        "problems as a clinician rates them",
        "Each of its twelve items is a scale of its own; those of working age and of older people, no other versions."
    ),
    &improved!("dialog", "DIALOG", "1 point in the mean of the items", "clearly more satisfied"),
    &improved!("reqol", "ReQoL-10", "5 points", "clearly further in their recovery"),
    &improved!("gbo", "goal-based outcome", "3 points in the mean of the goals", "clearly closer to their own goals"),
    &change!("dialog", "DIALOG", "satisfaction with life and care", "of the items that have both scores", "higher"),
    &change!("reqol", "ReQoL-10", "recovering quality of life", "of the one score", "higher"),
    &change!("gbo", "goal-based outcome", "progress towards own goals", "of the goals that have both scores", "higher"),
    &change!("honos", "HoNOS", "the severity of problems", "of the items that have both scores", "lower"),
    &CHILDREN,
];

/// Measurable improvement of children and young people.
const CHILDREN: Metric = Metric {
    id: "mh_cyp_outcome",
    title: "Children and young people with measurable improvement",
    plain_english: "Children and young people who were clearly better, and in no way clearly worse, when the mental-health trust discharged them.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: is_childs_improved, denominator: is_childs_paired },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals with at least one scale that got reliably better and none that got reliably worse, out of referrals discharged in the period with a pair of scores: of people aged 0 to 17 when referred, with two attended direct contacts, not rejected, without a hospital spell and not to teams of type A14, B02 or E01 to E04 alone. A pair is the first score of a scale from the first contact on and its last one, of a later day, from the second contact to discharge. Which way a scale is better and how far it must move is in config/reliable_change.csv; RCADS moves in T-scores by the norm for sex and age when referred.",
    official_id: Some("MHS92 to MHS94"),
    source: "MHSDS monthly statistics (menh_bbrb, 05_cyp_outcomes, September 2025)",
    differs: Some(
        "Published separately for self, parent and clinician; here a referral counts once, by all of them. A scale without a reliable change makes no pair here. RCADS without a norm is left out, where published code takes the raw score for a T-score. Indirect activity is no contact here. SDQ prosocial and SCORE-15 are turned round: the published table of directions contradicts the manuals.",
    ),
};
