//! The mental-health trust: referrals that it rejects, closes, and receives again.

use polars::prelude::{Expr, col, lit};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};
use crate::rules;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] =
    &[&REJECTED, &CONTACTS_PER_REFERRAL, &REREFERRAL_30, &REREFERRAL_90, &REREFERRAL_180, &REREFERRAL_365];

const OURS: &str = "MHSDS; the measure is ours, since no published one was found";

fn is_rejected() -> Expr {
    col("is_rejected")
}

fn was_met() -> Expr {
    col("direct_contacts").gt(lit(0))
}

fn direct_contacts() -> Expr {
    col("direct_contacts")
}

/// Referrals rejected.
const REJECTED: Metric = Metric {
    id: "mh_rejected",
    title: "Referrals that the trust rejected",
    plain_english: "Referrals that the mental-health trust did not take on.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("received_date"),
    statistic: Statistic::Proportion { numerator: is_rejected, denominator: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals received in the period that every team rejected, out of all received. A referral without a team is not rejected.",
    official_id: None,
    source: "MHSDS referral rejection date (MHS102)",
    differs: Some("Not published as a rate. A rejection counts in the period in which the referral was received."),
};

/// Attended contacts per closed referral.
const CONTACTS_PER_REFERRAL: Metric = Metric {
    id: "mh_contacts_per_referral",
    title: "Attended direct contacts of closed referrals to the trust",
    plain_english: "How often people were seen by the mental-health trust before their care ended.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Mean { of: was_met, value: direct_contacts, least: 0, parts: 1, unit: "contacts" },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Mean number of attended direct contacts, from the day of receipt to the day of discharge, of referrals discharged in the period that had any. Direct is face to face, by telephone, talk type or video.",
    official_id: None,
    source: "MHSDS monthly statistics (menh_bbrb, 03_cmh: direct contacts)",
    differs: Some("Not published. Telemedicine (03) counts as video throughout."),
};

macro_rules! rereferral {
    ($name:ident, $id:literal, $days:literal) => {
        const $name: Metric = {
            fn is_followed() -> Expr {
                col("followed_days").gt_eq(lit($days))
            }
            fn is_again() -> Expr {
                is_followed().and(col("again_days").lt_eq(lit($days)))
            }
            Metric {
                id: $id,
                title: concat!("Closed referrals followed by another within ", $days, " days"),
                plain_english: concat!(
                    "People whose care with the mental-health trust ended and who were referred to it again within ",
                    $days,
                    " days."
                ),
                subject: Subject::TrustReferrals,
                dated: Dating::On("discharge_date"),
                statistic: Statistic::Proportion { numerator: is_again, denominator: is_followed },
                sheet: Sheet::Demand,
                better: Better::Lower,
                standard: None,
                definition: concat!(
                    "Referrals discharged in the period, with another referral of the person to the same trust received at least 1 and at most ",
                    $days,
                    " days after, out of those of which the trust sent data for ",
                    $days,
                    " days after. A referral received on the day of discharge is a transfer and does not count."
                ),
                official_id: None,
                source: OURS,
                differs: None,
            }
        };
    };
}

rereferral!(REREFERRAL_30, "mh_rereferral_30", 30);
rereferral!(REREFERRAL_90, "mh_rereferral_90", 90);
rereferral!(REREFERRAL_180, "mh_rereferral_180", 180);
rereferral!(REREFERRAL_365, "mh_rereferral_365", 365);
