//! The mental-health trust: the MHS metrics.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::{self, contacts};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &NEW_REFERRALS,
    &OPEN_REFERRALS,
    &CASELOAD,
    &DISCHARGED,
    &CONTACTS,
    &CONTACTS_ATTENDED,
    &CONTACTS_MISSED,
    &DID_NOT_ATTEND,
    &DID_NOT_ATTEND_OR_LATE,
    &BED_DAYS,
];

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

/// Open referrals.
const OPEN_REFERRALS: Metric = Metric {
    id: "mh_open_referrals",
    title: "Referrals open to the trust",
    plain_english: "Referrals that the mental-health trust was working on.",
    subject: Subject::TrustReferrals,
    dated: Dating::OpenAtEnd("received_date", "discharge_date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals received by, and not discharged by, the last day of the period. A person with two open referrals counts twice.",
    official_id: Some("MHS23"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: Some("Presence in the provider's submission is taken from the declared coverage."),
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

/// People discharged.
const DISCHARGED: Metric = Metric {
    id: "mh_discharged",
    title: "People discharged from a referral to the trust",
    plain_english: "People whose care under a referral to the mental-health trust ended.",
    subject: Subject::TrustReferrals,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::People { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Different people with a referral discharged in the period, whether or not another stays open.",
    official_id: Some("MHS57"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
};

/// Contacts.
const CONTACTS: Metric = Metric {
    id: "mh_contacts",
    title: "Contacts with the trust",
    plain_english: "Appointments with the mental-health trust, whether or not they took place.",
    subject: Subject::TrustContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Contacts in the period with any attendance status, or none.",
    official_id: Some("MHS29"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: None,
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

/// Missed contacts.
const CONTACTS_MISSED: Metric = Metric {
    id: "mh_contacts_missed",
    title: "Trust contacts that did not take place",
    plain_english: "Appointments with the mental-health trust that did not take place, cancelled ones among them.",
    subject: Subject::TrustContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: contacts::is_missed, denominator: contacts::is_recorded },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Contacts with attendance status 2, 3, 4 or 7, out of those with a known status. Cancellations by either side count as missed; mh_dna leaves them out.",
    official_id: Some("MHS58"),
    source: "MHSDS monthly statistics (menh_analysis, September 2025)",
    differs: Some("MHS58 is a count; this is its share of contacts with a known status."),
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

/// Did not attend, or too late to be seen.
const DID_NOT_ATTEND_OR_LATE: Metric = Metric {
    id: "mh_dna_late",
    title: "Trust contacts not attended, or attended too late",
    plain_english: "Appointments with the mental-health trust that people missed without warning or came to too late to be seen.",
    subject: Subject::TrustContacts,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: contacts::is_not_attended_or_late, denominator: contacts::is_due },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Contacts with attendance status 3 or 7, out of those with status 3, 5, 6 or 7.",
    official_id: None,
    source: "MHSDS attendance status; the rate is ours",
    differs: Some("mh_dna with people who came too late counted as not attending; out of the same contacts."),
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
