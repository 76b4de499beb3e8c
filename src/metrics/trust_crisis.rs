//! The mental-health trust: how soon people in a crisis are seen.

use polars::prelude::{Expr, col, lit};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[&CRISIS_4H, &CRISIS_24H, &LIAISON_1H];

fn is_very_urgent() -> Expr {
    col("is_very_urgent")
}

fn is_urgent() -> Expr {
    col("is_urgent")
}

fn is_liaison() -> Expr {
    col("is_liaison")
}

fn is_seen_within(minutes: i32) -> Expr {
    col("seen_minutes").lt_eq(lit(minutes))
}

fn is_seen_in_4h() -> Expr {
    is_very_urgent().and(is_seen_within(240))
}

fn is_seen_in_24h() -> Expr {
    is_urgent().and(is_seen_within(1440))
}

fn is_seen_in_1h() -> Expr {
    is_liaison().and(is_seen_within(60))
}

/// Very urgent referrals to crisis teams.
const CRISIS_4H: Metric = Metric {
    id: "mh_crisis_4h",
    title: "Very urgent crisis referrals seen within 4 hours",
    plain_english: "People in a very urgent crisis who were seen face to face within 4 hours.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("received_date"),
    statistic: Statistic::Proportion { numerator: is_seen_in_4h, denominator: is_very_urgent },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals received in the period by a crisis team (A02, A18, A19) with response priority 4, whose first attended contact face to face at or after receipt came at most 240 minutes after it, out of all such referrals whose time of receipt is known. A contact without a time is not one in time.",
    official_id: Some("CCR119"),
    source: "MHSDS monthly statistics (menh_bbrb, 07_uec)",
    differs: Some(
        "CCR119 is a count; this is its share of CCR117, without referrals whose time of receipt is not known. One referral to two crisis teams counts once.",
    ),
};

/// Urgent referrals to crisis teams.
const CRISIS_24H: Metric = Metric {
    id: "mh_crisis_24h",
    title: "Urgent crisis referrals seen within 24 hours",
    plain_english: "People in an urgent crisis who were seen face to face within 24 hours.",
    statistic: Statistic::Proportion { numerator: is_seen_in_24h, denominator: is_urgent },
    definition: "As mh_crisis_4h, with response priority 2 and at most 1,440 minutes.",
    official_id: Some("CCR120"),
    differs: Some(
        "CCR120 is a count; this is its share of CCR71, without referrals whose time of receipt is not known. One referral to two crisis teams counts once.",
    ),
    ..CRISIS_4H
};

/// Referrals from A&E to liaison teams.
const LIAISON_1H: Metric = Metric {
    id: "mh_liaison_1h",
    title: "Referrals from A&E to liaison teams seen within 1 hour",
    plain_english: "People in A&E who were seen face to face by the mental-health liaison team within an hour.",
    statistic: Statistic::Proportion { numerator: is_seen_in_1h, denominator: is_liaison },
    definition: "Referrals received in the period by a liaison team (A11, C05) from A&E (source H1), whose first attended contact face to face at or after receipt came at most 60 minutes after it, out of all such referrals whose time of receipt is known. A contact without a time is not one in time.",
    official_id: Some("PLS123"),
    differs: Some(
        "PLS123 is a count; this is its share of PLS121, without referrals whose time of receipt is not known.",
    ),
    ..CRISIS_4H
};
