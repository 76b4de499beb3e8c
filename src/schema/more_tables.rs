//! Tables that no figure uses yet: staged, checked, counted and tied to their parents, so that what a sender has is
//! known before a metric needs it.

use super::codes::CodeSet;
use super::columns::{Column, Kind, Table, column};

/// The own columns of one of these tables; none for any other.
pub(super) fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::Teams => TEAMS,
        Table::IndirectContacts => INDIRECT_CONTACTS,
        Table::CareActions => CARE_ACTIONS,
        Table::Problems => PROBLEMS,
        Table::LongTermConditions => LONG_TERM_CONDITIONS,
        Table::Employment => EMPLOYMENT,
        Table::TrustRegistrations => TRUST_REGISTRATIONS,
        Table::Consultations => CONSULTATIONS,
        Table::AppointmentCounts => APPOINTMENT_COUNTS,
        _ => &[],
    }
}

const TEAMS: &[Column] = &[
    column("record", Kind::RecordId, "CARE PROFESSIONAL TEAM LOCAL IDENTIFIER"),
    column(
        "team_type",
        Kind::Code(CodeSet::TeamType),
        "SERVICE OR TEAM TYPE (MENTAL HEALTH): from version 6 on it stands here and not beside the referral",
    ),
];

const INDIRECT_CONTACTS: &[Column] = &[
    column("referral", Kind::ParentId(Table::Referrals), "the referral it was done for"),
    column("date", Kind::Date, "INDIRECT ACTIVITY DATE"),
    column("minute", Kind::Minute, "INDIRECT ACTIVITY TIME; null when not given, and then never a duplicate"),
];

const CARE_ACTIONS: &[Column] = &[
    column("record", Kind::RecordId, "CARE PLAN IDENTIFIER; null for an onward referral"),
    column("referral", Kind::ParentId(Table::Referrals), "the referral; null for a care plan"),
    column("patient", Kind::ParentId(Table::PersonRecords), "the local patient; null where a referral is given"),
    column("date", Kind::Date, "ONWARD REFERRAL DATE, or the day the care plan was agreed; null when not given"),
    column("receiving_org", Kind::Org, "organisation referred on to; null when not given"),
];

const PROBLEMS: &[Column] = &[
    column("record", Kind::RecordId, "id of the row; null when not given"),
    column("referral", Kind::ParentId(Table::Referrals), "the referral"),
    column("code", Kind::Clinical, "diagnosis or presenting complaint; null when not given or not a code"),
    column("date", Kind::Date, "when it was recorded; null when not given"),
];

const LONG_TERM_CONDITIONS: &[Column] = &[
    column("patient", Kind::ParentId(Table::PersonRecords), "the local patient"),
    column("code", Kind::Clinical, "long-term physical condition; null when not given or not a code"),
];

const EMPLOYMENT: &[Column] = &[
    column("patient", Kind::ParentId(Table::PersonRecords), "the local patient"),
    column("status", Kind::Short, "EMPLOYMENT STATUS; null when not given"),
    column("date", Kind::Date, "when it was recorded; null when not given"),
];

const TRUST_REGISTRATIONS: &[Column] = &[
    column("patient", Kind::ParentId(Table::PersonRecords), "the local patient"),
    column("practice", Kind::Org, "GENERAL MEDICAL PRACTICE CODE as the trust has it"),
    column("start", Kind::Date, "first day; null when not given"),
    column("end", Kind::Date, "last day; null while registered or when not given"),
];

const CONSULTATIONS: &[Column] = &[
    column("record", Kind::RecordId, "consultation identifier"),
    column("nhs", Kind::NhsNumber, "NHS NUMBER; null when it may not be used"),
    column("date", Kind::Date, "day of the consultation"),
    column("minute", Kind::Minute, "time of the consultation; null when not given"),
];

const APPOINTMENT_COUNTS: &[Column] = &[
    column("practice", Kind::Org, "GENERAL MEDICAL PRACTICE CODE"),
    column("date", Kind::Date, "first day of the month"),
    column("clinician", Kind::Code(CodeSet::Clinician), "HCP_TYPE; null for unknown"),
    column("mode", Kind::Code(CodeSet::AppointmentMode), "APPT_MODE; null for unknown"),
    column("category", Kind::Code(CodeSet::NationalCategory), "NATIONAL_CATEGORY; null for unmapped"),
    column("booking_wait", Kind::Code(CodeSet::BookingWait), "TIME_BETWEEN_BOOK_AND_APPT; null for unknown"),
    column("status", Kind::Code(CodeSet::AppointmentStatus), "APPT_STATUS"),
    column("appointments", Kind::Whole, "COUNT_OF_APPOINTMENTS"),
];
