//! The mental-health trust: waits for contacts, and who waits still.

use polars::prelude::{Expr, col, lit};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};
use crate::rules;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &WAIT_FIRST,
    &WAIT_FIRST_P90,
    &WAIT_SECOND,
    &WAIT_SECOND_P90,
    &STILL_WAITING,
    &STILL_WAITING_4,
    &STILL_WAITING_18,
    &STILL_WAITING_52,
    &CLOCK_4,
    &CLOCK_52,
    &CLOCK_78,
    &CLOCK_104,
    &ACCESS,
];

const COMMUNITY: &str = "MHSDS monthly statistics (menh_bbrb, 03_cmh)";
const DIFFERS: &str = "Telemedicine (03) counts as video throughout; teams A14 and D05 count throughout, where the published measure has them from April 2023.";

fn is_community() -> Expr {
    col("is_community")
}

fn is_taken_on() -> Expr {
    col("is_rejected").not()
}

fn is_stopped_within_four_weeks() -> Expr {
    col("full_stop_days").lt_eq(lit(28)).fill_null(lit(false))
}

fn first_days() -> Expr {
    col("first_direct_days")
}

fn second_days() -> Expr {
    col("second_direct_days")
}

/// Median wait for the first contact.
const WAIT_FIRST: Metric = Metric {
    id: "mh_wait_first",
    title: "Median days from referral to the trust to a first direct contact",
    plain_english: "How long people wait to be seen by the mental-health trust: half wait no longer than this.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("first_direct_date"),
    statistic: Statistic::Quantile { percent: 50, of: rules::every, value: first_days, unit: "days" },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Days from the day of receipt to the first attended direct contact while the referral is open, of referrals whose first such contact is in the period. Direct is face to face, by telephone, talk type or video. Exact median, interpolated.",
    official_id: None,
    source: COMMUNITY,
    differs: Some(
        "Not published: the published measure is the wait for the second contact. Telemedicine (03) counts as video throughout.",
    ),
};

/// 90th percentile of the wait for the first contact.
const WAIT_FIRST_P90: Metric = Metric {
    id: "mh_wait_first_p90",
    title: "90th percentile of days from referral to the trust to a first direct contact",
    plain_english: "How long people wait to be seen by the mental-health trust: nine in ten wait no longer than this.",
    statistic: Statistic::Quantile { percent: 90, of: rules::every, value: first_days, unit: "days" },
    definition: "The days of mh_wait_first. Exact 90th percentile, interpolated.",
    ..WAIT_FIRST
};

/// Median wait for the second contact.
const WAIT_SECOND: Metric = Metric {
    id: "mh_wait_second",
    title: "Median days from referral to a community team to a second direct contact",
    plain_english: "How long adults wait to be seen a second time by a community mental-health team: half wait no longer than this.",
    dated: Dating::On("second_direct_date"),
    statistic: Statistic::Quantile { percent: 50, of: is_community, value: second_days, unit: "days" },
    definition: "Days from the day of receipt to the second attended direct contact while the referral is open, of referrals whose second such contact is in the period, to a core community team (A05, A06, A08, A09, A12, A13, A14, A16, C03, C10, D05), of people aged 18 or over when referred, without a hospital spell under the referral. Exact median, interpolated.",
    official_id: Some("MHS125"),
    differs: Some(DIFFERS),
    ..WAIT_FIRST
};

/// 90th percentile of the wait for the second contact.
const WAIT_SECOND_P90: Metric = Metric {
    id: "mh_wait_second_p90",
    title: "90th percentile of days from referral to a community team to a second direct contact",
    plain_english: "How long adults wait to be seen a second time by a community mental-health team: nine in ten wait no longer than this.",
    statistic: Statistic::Quantile { percent: 90, of: is_community, value: second_days, unit: "days" },
    definition: "The days of mh_wait_second. Exact 90th percentile, interpolated.",
    official_id: Some("MHS126"),
    ..WAIT_SECOND
};

/// Still waiting.
const STILL_WAITING: Metric = Metric {
    id: "mh_still_waiting",
    title: "Referrals to the trust still waiting for a first direct contact",
    plain_english: "Referrals to the mental-health trust of people who had not been seen yet.",
    subject: Subject::TrustReferrals,
    dated: Dating::OpenAtEnd("received_date", "waiting_until_date"),
    statistic: Statistic::Count { of: is_taken_on },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Referrals open on the last day of the period, not rejected by every team, without an attended direct contact by then. The waits of those who were seen say nothing of them.",
    official_id: None,
    source: "MHSDS; the measure is ours",
    differs: Some("Presence in the provider's submission is taken from the declared coverage."),
};

macro_rules! still_waiting {
    ($name:ident, $id:literal, $weeks:literal, $days:literal, $from:literal) => {
        const $name: Metric = Metric {
            id: $id,
            title: concat!("Referrals to the trust waiting more than ", $weeks, " weeks for a first direct contact"),
            plain_english: concat!(
                "Referrals to the mental-health trust of people who had not been seen after ",
                $weeks,
                " weeks."
            ),
            dated: Dating::OpenAtEnd($from, "waiting_until_date"),
            definition: concat!(
                "The referrals of mh_still_waiting that were received more than ",
                $days,
                " days before the last day of the period."
            ),
            ..STILL_WAITING
        };
    };
}

still_waiting!(STILL_WAITING_4, "mh_still_waiting_4wk", 4, 28, "over_4wk_date");
still_waiting!(STILL_WAITING_18, "mh_still_waiting_18wk", 18, 126, "over_18wk_date");
still_waiting!(STILL_WAITING_52, "mh_still_waiting_52wk", 52, 364, "over_52wk_date");

/// Waits that stopped in full within four weeks.
const CLOCK_4: Metric = Metric {
    id: "mh_wait_4wk",
    title: "Community waits that stopped within 28 days",
    plain_english: "Adults for whom a community mental-health team had met them, scored how they were and agreed a care plan within four weeks.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("full_stop_date"),
    statistic: Statistic::Proportion { numerator: is_stopped_within_four_weeks, denominator: rules::every },
    sheet: Sheet::Demand,
    better: Better::Higher,
    standard: None,
    definition: "Waits that stopped in full in the period at most 28 days after they began, out of waits that stopped in full in the period. Waits are those of mh_wait_52wk. One stops in full on the latest of its first attended direct contact, its first score of any measure at or between receipt and discharge, and the first care plan that the trust agreed with the person in these days; without one of the three it does not stop.",
    official_id: Some("MRS01b"),
    source: "MHSDS monthly statistics (menh_bbrb, 02_4w_waits)",
    differs: Some(
        "Meaningful assessments and interventions are groups of SNOMED codes that are not published with the measure: here no assessment is asked for, and only a care plan agreement (MHS009) stops a wait, not an intervention. A trust that sends no care plans or no scores has no such waits. Referrals that every team rejected are left out; so are no organisations. Teams A14 and D05 count too.",
    ),
};

macro_rules! clock {
    ($name:ident, $id:literal, $weeks:literal, $days:literal, $from:literal) => {
        const $name: Metric = Metric {
            id: $id,
            title: concat!("Community waits of more than ", $weeks, " weeks for a second contact"),
            plain_english: concat!(
                "Adults who had waited more than ",
                $weeks,
                " weeks to be seen a second time by a community mental-health team."
            ),
            dated: Dating::OpenAtEnd($from, "clock_until_date"),
            statistic: Statistic::Count { of: rules::every },
            definition: concat!(
                "Waits open on the last day of the period, begun more than ",
                $days,
                " days before, without a second attended direct contact by then. Referrals to core community teams (see mh_wait_second) of one adult to one trust, of which each was received at most 5 days after those before it were closed, are one wait, which begins with the first."
            ),
            official_id: Some("MRS02/MRS07"),
            source: "MHSDS monthly statistics (menh_bbrb, 02_4w_waits)",
            differs: Some(
                "Referrals that every team rejected are left out; so are no organisations. Teams A14 and D05 count too. Presence in the provider's submission is taken from the declared coverage.",
            ),
            ..STILL_WAITING
        };
    };
}

clock!(CLOCK_52, "mh_wait_52wk", 52, 364, "clock_52wk_date");
clock!(CLOCK_78, "mh_wait_78wk", 78, 546, "clock_78wk_date");
clock!(CLOCK_104, "mh_wait_104wk", 104, 728, "clock_104wk_date");

/// People with two contacts.
const ACCESS: Metric = Metric {
    id: "mh_access_2plus",
    title: "Adults with two or more direct contacts with community teams in twelve months",
    plain_english: "Adults seen at least twice in a year by community mental-health teams.",
    subject: Subject::TrustContacts,
    dated: Dating::YearToEnd("date"),
    statistic: Statistic::PeopleWith { rows: 2, of: is_community },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Different people with two or more attended direct contacts in the twelve months that end with the period, each under a referral to a core community team (see mh_wait_second) and at the age of 18 or over.",
    official_id: Some("MHS108"),
    source: COMMUNITY,
    differs: Some(
        "Both contacts are with one organisation where figures are by organisation. Telemedicine (03) counts as video throughout; teams A14 and D05 count throughout.",
    ),
};
