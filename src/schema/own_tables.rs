//! The own columns of the tables that figures use.

use super::codes::CodeSet;
use super::columns::{Column, Field, Kind, Table, column};

/// The own columns of one of these tables; none for any other.
pub(super) fn columns(table: Table) -> Option<&'static [Column]> {
    Some(match table {
        Table::PersonRecords => PERSON_RECORDS,
        Table::Registrations => REGISTRATIONS,
        Table::Attendances => ATTENDANCES,
        Table::Appointments => APPOINTMENTS,
        Table::Referrals => REFERRALS,
        Table::ReferralTeams => REFERRAL_TEAMS,
        Table::Contacts => CONTACTS,
        Table::Activities => ACTIVITIES,
        Table::Spells => SPELLS,
        Table::WardStays => WARD_STAYS,
        Table::Scores => SCORES,
        _ => return None,
    })
}

/// Identity columns that a person-level row carries.
macro_rules! identity {
    ($($own:expr),* $(,)?) => {
        &[
            $($own,)*
            column("nhs", Kind::NhsNumber, "NHS NUMBER; null when it may not be used, with the reason beside it"),
            column("nhs_status", Kind::NhsStatus, "NHS NUMBER STATUS INDICATOR CODE; null when not given"),
            column("birth_date", Kind::BirthDate, "PERSON BIRTH DATE; kept in person records alone, for linkage and age"),
            column("sex", Kind::Code(CodeSet::Sex), "PERSON PHENOTYPIC SEX; null when not known"),
            column("ethnic_group", Kind::Code(CodeSet::EthnicGroup), "ETHNIC CATEGORY, in six groups; null when not known"),
            column("imd_quintile", Kind::Postcode, "deprivation quintile of the postcode's area, 1 most deprived; null without a look-up"),
            column("death_date", Kind::Date, "PERSON DEATH DATE; null when not known to have died"),
            column("surname", Kind::Field(Field::Surname), "the surname; linkage only"),
            column("surname_sound", Kind::Field(Field::SurnameSound), "how the surname sounds (Metaphone); linkage only"),
            column("surname_start", Kind::Field(Field::SurnameStart), "first three letters of the surname; linkage only"),
            column("forename", Kind::Field(Field::Forename), "the forename; linkage only"),
            column("forename_start", Kind::Field(Field::ForenameStart), "first two letters of the forename; linkage only"),
            column("initial", Kind::Field(Field::Initial), "first letter of the forename; linkage only"),
            column("postcode", Kind::Field(Field::Postcode), "the postcode; linkage only"),
            column("postcode_sector", Kind::Field(Field::PostcodeSector), "the postcode without its last two signs; linkage only"),
            column("outcode", Kind::Field(Field::Outcode), "first part of the postcode; linkage only"),
            column("match_key", Kind::MatchKey, "date of birth, sex, postcode and forename as one token; linkage only; null if one is missing"),
        ]
    };
}

const PERSON_RECORDS: &[Column] =
    identity![column("record", Kind::LocalId, "LOCAL PATIENT IDENTIFIER, unique within source, provider and system")];

const REGISTRATIONS: &[Column] = identity![
    column("practice", Kind::Org, "GENERAL MEDICAL PRACTICE CODE"),
    column("start", Kind::Date, "first day registered; null is before the data start"),
    column("end", Kind::Date, "first day no longer registered; null while registered"),
];

const REFERRALS: &[Column] = &[
    column("record", Kind::RecordId, "SERVICE REQUEST IDENTIFIER"),
    column("patient", Kind::ParentId(Table::PersonRecords), "the local patient referred"),
    column("received_date", Kind::Date, "REFERRAL REQUEST RECEIVED DATE: the clock starts here"),
    column("referral_source", Kind::Code(CodeSet::ReferralSource), "SOURCE OF REFERRAL; null when not given"),
    column("offer", Kind::Code(CodeSet::Offer), "what a voluntary-sector service offers; null elsewhere"),
    column("priority", Kind::Code(CodeSet::Priority), "CLINICAL RESPONSE PRIORITY TYPE; null when not given"),
    column("discharge_date", Kind::Date, "SERVICE DISCHARGE DATE; null while open"),
    column("end_reason", Kind::Code(CodeSet::EndReason), "why it ended; null while open or not given"),
];

const REFERRAL_TEAMS: &[Column] = &[
    column("referral", Kind::ParentId(Table::Referrals), "the referral"),
    column("team_type", Kind::Code(CodeSet::TeamType), "SERVICE OR TEAM TYPE REFERRED TO (MENTAL HEALTH)"),
    column("closed_date", Kind::Date, "REFERRAL CLOSURE DATE of this team; null while open"),
    column("rejected_date", Kind::Date, "REFERRAL REJECTION DATE of this team; null unless rejected"),
];

const CONTACTS: &[Column] = &[
    column("record", Kind::RecordId, "CARE CONTACT IDENTIFIER"),
    column("referral", Kind::ParentId(Table::Referrals), "the referral it belongs to"),
    column("date", Kind::Date, "CARE CONTACT DATE"),
    column("minute", Kind::Minute, "CARE CONTACT TIME; null when not given"),
    column("attendance", Kind::Code(CodeSet::Attendance), "ATTENDANCE STATUS; null when not given or not known"),
    column(
        "appointment_type",
        Kind::Code(CodeSet::AppointmentType),
        "Talking Therapies appointment type; null elsewhere",
    ),
    column("planned", Kind::Code(CodeSet::YesNo), "PLANNED CARE CONTACT INDICATOR; null when not given"),
    column("mechanism", Kind::Code(CodeSet::Mechanism), "CONSULTATION MECHANISM; null when not given"),
    column("minutes", Kind::Whole, "CLINICAL CONTACT DURATION; null when not given"),
];

const ACTIVITIES: &[Column] = &[
    column("record", Kind::RecordId, "CARE ACTIVITY IDENTIFIER"),
    column("contact", Kind::ParentId(Table::Contacts), "the contact it happened in"),
];

const SPELLS: &[Column] = &[
    column("record", Kind::RecordId, "HOSPITAL PROVIDER SPELL IDENTIFIER"),
    column("referral", Kind::ParentId(Table::Referrals), "the referral it belongs to"),
    column("start", Kind::Date, "first day of the spell"),
    column("end", Kind::Date, "day of discharge; null while in hospital"),
];

const WARD_STAYS: &[Column] = &[
    column("record", Kind::RecordId, "WARD STAY IDENTIFIER"),
    column("spell", Kind::ParentId(Table::Spells), "the spell it belongs to"),
    column("start", Kind::Date, "first day on the ward"),
    column("end", Kind::Date, "day of leaving the ward; null while there"),
    column("bed_type", Kind::Code(CodeSet::BedType), "MENTAL HEALTH ADMITTED PATIENT CLASSIFICATION"),
];

const SCORES: &[Column] = &[
    column("referral", Kind::ParentId(Table::Referrals), "the referral; null where the score hangs on an activity"),
    column("activity", Kind::ParentId(Table::Activities), "the activity; null where the score hangs on a referral"),
    column("scale", Kind::Code(CodeSet::Scale), "which instrument; null for one that no metric uses"),
    column("score", Kind::Decimal, "the score; 0 is a score"),
    column("date", Kind::Date, "when it was completed; null where the contact's date is meant"),
];

const ATTENDANCES: &[Column] = identity![
    column("record", Kind::RecordId, "attendance identifier"),
    column("local", Kind::LocalId, "LOCAL PATIENT IDENTIFIER; null when not given"),
    column("arrived_date", Kind::Date, "EMERGENCY CARE ARRIVAL DATE"),
    column("arrived_minute", Kind::Minute, "EMERGENCY CARE ARRIVAL TIME; null keeps it out of waiting times"),
    column("departed_date", Kind::Date, "EMERGENCY CARE DEPARTURE DATE; null when not given"),
    column("departed_minute", Kind::Minute, "EMERGENCY CARE DEPARTURE TIME; null when not given"),
    column("department_type", Kind::Code(CodeSet::Department), "EMERGENCY CARE DEPARTMENT TYPE; null when not given"),
    column(
        "chief_complaint",
        Kind::Code(CodeSet::Complaint),
        "EMERGENCY CARE CHIEF COMPLAINT where it is mental-health related; null for any other"
    ),
    column("injury_intent", Kind::Code(CodeSet::Complaint), "self-inflicted injury, or null"),
];

const APPOINTMENTS: &[Column] = &[
    column("record", Kind::RecordId, "appointment identifier"),
    column("nhs", Kind::NhsNumber, "NHS NUMBER; null when it may not be used"),
    column("start_date", Kind::Date, "day of the appointment"),
    column("booked_date", Kind::Date, "day it was booked; null when not given"),
    column("status", Kind::Code(CodeSet::AppointmentStatus), "attended, did not attend, cancelled or unknown"),
    column("mode", Kind::Code(CodeSet::AppointmentMode), "face to face, telephone ...; null when not given"),
    column("clinician", Kind::Code(CodeSet::Clinician), "GP or other practice staff; null when not given"),
    column("seen_date", Kind::Date, "day of being called in; null when not given"),
    column("seen_minute", Kind::Minute, "time of being called in; null when not given"),
    column("left_date", Kind::Date, "day of leaving; null when not given"),
    column("left_minute", Kind::Minute, "time of leaving; null when not given"),
];
