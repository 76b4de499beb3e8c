//! The mental-health trust: admissions, discharges, and what came before and after them.

use polars::prelude::{Expr, col, lit};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};
use crate::rules;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] =
    &[&ADMISSIONS, &DISCHARGES, &FOLLOWED_UP, &READMIT_14, &READMIT_28, &READMIT_30, &NO_PRIOR_CONTACT];

fn is_due() -> Expr {
    col("is_due").and(col("followed_days").gt_eq(lit(3)))
}

fn is_followed_up() -> Expr {
    is_due().and(col("is_followed_up"))
}

fn is_new_admission() -> Expr {
    col("is_new_admission")
}

fn had_no_contact() -> Expr {
    is_new_admission().and(col("had_no_contact"))
}

/// Admissions.
const ADMISSIONS: Metric = Metric {
    id: "mh_admissions",
    title: "Admissions to mental-health hospital",
    plain_english: "Stays in a mental-health hospital that began.",
    subject: Subject::Spells,
    dated: Dating::On("start"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Hospital provider spells that began in the period.",
    official_id: Some("MHS27"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
};

/// Discharges.
const DISCHARGES: Metric = Metric {
    id: "mh_discharges",
    title: "Discharges from mental-health hospital",
    plain_english: "Stays in a mental-health hospital that ended.",
    dated: Dating::On("end"),
    definition: "Hospital provider spells that ended in the period.",
    official_id: Some("MHS28"),
    ..ADMISSIONS
};

/// Followed up within 72 hours.
const FOLLOWED_UP: Metric = Metric {
    id: "mh_fu72",
    title: "Discharges from acute beds followed up within 72 hours",
    plain_english: "People who were seen or spoken to within three days of leaving a mental-health hospital.",
    subject: Subject::Spells,
    dated: Dating::On("follow_up_date"),
    statistic: Statistic::Proportion { numerator: is_followed_up, denominator: is_due },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Discharges from an acute bed (last ward stay 10, 11, 12, 16, 17, 18, 200, 201, 202, 205, 212 or 213) with an attended direct contact with the responsible trust, or another admission to it, on one of the three days after the day of discharge, out of all such discharges. Responsible is the trust that discharged; where it referred the person on in the stay (MHS105) to another trust that sends data, that one. A discharge counts in the period of the fourth day after it. Left out: discharge method 4 or 5; destination 30, 37, 38, 40, 42, 48, 49, 50, 53, 79, 84, 87 or 89; people who died by the third day; discharges after which the data of either do not run for three days.",
    official_id: Some("MHS80"),
    source: "MHSDS monthly statistics (menh_publications, 02_72HOURS)",
    differs: Some(
        "A discharge counts under the trust that discharged, also where another is responsible; one with several responsible trusts counts once, and as followed up if any of them met the person. Destination 38 is left out throughout, not only to September 2021. No source was found for the standard of 80 % that is often named, so none is set.",
    ),
};

macro_rules! readmit {
    ($name:ident, $id:literal, $days:literal, $most:literal, $differs:expr) => {
        const $name: Metric = {
            fn is_followed() -> Expr {
                col("is_index").and(col("followed_days").gt_eq(lit($days)))
            }
            fn is_again() -> Expr {
                is_followed().and(col("again_days").lt_eq(lit($most)))
            }
            Metric {
                id: $id,
                title: concat!("Discharges followed by another admission within ", $days, " days"),
                plain_english: concat!(
                    "People who went back into a mental-health hospital within ",
                    $days,
                    " days of leaving one."
                ),
                dated: Dating::On("end"),
                statistic: Statistic::Proportion { numerator: is_again, denominator: is_followed },
                sheet: Sheet::Outcomes,
                better: Better::Lower,
                definition: concat!(
                    "Discharges with the next admission of the person, to any trust, on the day of discharge or at most ",
                    $most,
                    " days later, in another spell, out of discharges after which the trust's data run for ",
                    $days,
                    " days. Left out: discharge method 4, 6, 7 or 8; destination 48, 49, 50, 53, 79, 84 or 87."
                ),
                official_id: None,
                source: "NHS England, MHSDS Acute Inpatient Dashboard 2025",
                differs: Some($differs),
                ..ADMISSIONS
            }
        };
    };
}

readmit!(
    READMIT_14,
    "mh_readmit_14",
    14,
    13,
    "No published measure of MHSDS. The dashboard's limit: fewer than 14 days. Beds of every kind count."
);
readmit!(
    READMIT_28,
    "mh_readmit_28",
    28,
    28,
    "No published measure of MHSDS. The dashboard has 14 days. Beds of every kind count."
);
readmit!(
    READMIT_30,
    "mh_readmit_30",
    30,
    30,
    "No published measure of MHSDS. The dashboard has 14 days; 30 is the convention elsewhere. Beds of every kind count."
);

/// Admitted without a contact before.
const NO_PRIOR_CONTACT: Metric = Metric {
    id: "mh_no_prior_contact",
    title: "Acute admissions without a contact in the year before",
    plain_english: "Adults admitted to a mental-health hospital whom no trust had been in contact with in the year before.",
    dated: Dating::On("start"),
    statistic: Statistic::Proportion { numerator: had_no_contact, denominator: is_new_admission },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    definition: "Admissions of people aged 18 or over to an acute bed (first ward stay 10, 11, 12, 200, 201 or 202), not from another hospital (admission source 49, 53 or 87), without an attended contact or indirect activity of any trust 3 to 365 days before, out of all such admissions. The trust's data must run for the 365 days before.",
    official_id: Some("MHS107b"),
    source: "MHSDS monthly statistics (menh_bbrb, 03_cmh; measure_metadata.py)",
    differs: Some(
        "MHS107b is the count without a contact; this is its share. Contacts with every trust in the data count.",
    ),
    ..ADMISSIONS
};
