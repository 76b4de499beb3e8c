//! Voluntary-sector services.

use polars::prelude::{Expr, col};

use crate::rules;

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[&REFERRALS, &ENGAGED];

/// Received long enough before the provider's data end to have been seen to engage.
fn is_followed() -> Expr {
    col("followed")
}

/// Attended in time.
fn is_engaged() -> Expr {
    is_followed().and(col("engaged"))
}

/// Referrals.
const REFERRALS: Metric = Metric {
    id: "vc_referrals",
    title: "Referrals to voluntary-sector services",
    plain_english: "Referrals to voluntary-sector services.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("received_date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals and self-referrals received in the period.",
    official_id: None,
    source: "ours; no national data set exists",
    differs: None,
};

/// Engaged.
const ENGAGED: Metric = Metric {
    id: "vc_engaged",
    title: "Voluntary-sector referrals that engaged",
    plain_english: "People who took up the voluntary-sector service they were referred to.",
    subject: Subject::CommunityReferrals,
    dated: Dating::On("received_date"),
    statistic: Statistic::Proportion { numerator: is_engaged, denominator: is_followed },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Referrals with an attended contact within 90 days, out of referrals received at least 90 days before the provider's data end. The 90 days are a setting.",
    official_id: None,
    source: "ours; no national data set exists",
    differs: None,
};
