//! The mental-health trust: the MHS metrics.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::{self, contacts};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[&NEW_REFERRALS, &CASELOAD, &CONTACTS_ATTENDED, &DID_NOT_ATTEND, &BED_DAYS];

/// New referrals.
const NEW_REFERRALS: Metric = Metric {
    id: "mh_new_referrals",
    title: "Referrals to the trust",
    plain_english: "Referrals to the mental-health trust.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("received_date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals whose request was received in the period.",
    official_id: Some("MHS32"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
};

/// People in contact.
const CASELOAD: Metric = Metric {
    id: "mh_caseload",
    title: "People open to the trust",
    plain_english: "People under the care of the mental-health trust.",
    subject: Subject::TrustReferrals,
    dated: Dating::OpenAtEnd("received_date", "discharge_date"),
    statistic: Statistic::People { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Different people with a referral received by, and not discharged by, the last day of the period.",
    official_id: Some("MHS01"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: Some("Presence in the provider's submission is taken from the declared coverage."),
};

/// Attended contacts.
const CONTACTS_ATTENDED: Metric = Metric {
    id: "mh_contacts_attended",
    title: "Attended contacts with the trust",
    plain_english: "Appointments with the mental-health trust that took place.",
    subject: Subject::TrustContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: contacts::is_attended },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Contacts in the period with attendance status 5 or 6.",
    official_id: Some("MHS30"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
};

/// Did not attend.
const DID_NOT_ATTEND: Metric = Metric {
    id: "mh_dna",
    title: "Trust contacts not attended without warning",
    plain_english: "Appointments with the mental-health trust that people missed without warning.",
    subject: Subject::TrustContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: contacts::is_not_attended, denominator: contacts::is_due },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Contacts with attendance status 3, out of those with status 3, 5, 6 or 7.",
    official_id: None,
    source: "MHSDS attendance status; the rate is ours",
    differs: Some("MHS58 mixes cancellations with missed contacts; this leaves cancellations out of both sides."),
};

/// Occupied bed days.
const BED_DAYS: Metric = Metric {
    id: "mh_bed_days",
    title: "Mental-health bed days",
    plain_english: "Days spent in a mental-health hospital bed.",
    subject: Subject::WardStays,
    dated: Dating::DaysWithin("start", "end"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Sum over ward stays of their days within the period; an open stay runs to the day after the period's last day, and a stay across two periods gives each its own days.",
    official_id: Some("MHS24"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
};
