//! Details: columns that few extracts have, or that no figure uses yet. They stand after a table's own columns in its
//! staged files, and only where the extract has their headings. Null, everywhere: not given or not known.

use super::codes::CodeSet;
use super::columns::{Column, Kind, Table, column};

/// The details of a table.
pub(super) fn of(table: Table) -> &'static [Column] {
    match table {
        Table::PersonRecords => PERSON_RECORDS,
        Table::Referrals => REFERRALS,
        Table::ReferralTeams => REFERRAL_TEAMS,
        Table::Contacts => CONTACTS,
        Table::Activities => ACTIVITIES,
        Table::Spells => SPELLS,
        Table::WardStays => WARD_STAYS,
        Table::Scores => SCORES,
        Table::Attendances => ATTENDANCES,
        Table::Appointments => APPOINTMENTS,
        Table::IndirectContacts => INDIRECT_CONTACTS,
        Table::CareActions => CARE_ACTIONS,
        Table::Problems => PROBLEMS,
        Table::TrustRegistrations => TRUST_REGISTRATIONS,
        Table::Consultations => CONSULTATIONS,
        _ => &[],
    }
}

/// When a row was submitted. Every table may have it; of two rows of one key the later submission wins.
pub static VERSION: Column =
    column("version", Kind::Version, "day, or last day of the month, of the submission; null when not given");

const NATIONAL_PSEUDONYM: Column =
    column("national_pseudonym", Kind::NationalPseudonym, "pseudonym of a national extract; never an NHS number");
const TEAM: Column = column("team", Kind::ParentId(Table::Teams), "the team");
const SITE: Column = column("site", Kind::Org, "ORGANISATION SITE IDENTIFIER (OF TREATMENT)");
const AGE_GIVEN: Column = column("age_given", Kind::Whole, "age as the sender has it; years; ages in figures are ours");
const MINUTES: Column = column("minutes", Kind::Whole, "duration");
const PROCEDURE: Column = column("procedure", Kind::Snomed, "what was done, left of the first colon");
const COMMISSIONER: Column = column("commissioner", Kind::Org, "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)");
const SUB_ICB: Column = column("sub_icb", Kind::Org, "sub-ICB location, or CCG before July 2022");

const fn flag(name: &'static str, meaning: &'static str) -> Column {
    column(name, Kind::Code(CodeSet::YesNo), meaning)
}

const PERSON_RECORDS: &[Column] = &[
    NATIONAL_PSEUDONYM,
    column("ethnic_group_2021", Kind::Code(CodeSet::EthnicGroup), "ETHNIC CATEGORY 2021, in six groups"),
    column("gender_identity", Kind::Code(CodeSet::GenderIdentity), "GENDER IDENTITY CODE; never evidence for a link"),
    column("marital_status", Kind::Short, "PERSON MARITAL STATUS"),
    column("lsoa", Kind::Area, "lower layer super output area"),
    column("local_authority", Kind::Area, "local authority of residence"),
    SUB_ICB,
    column("practice_given", Kind::Org, "practice as the sender has it; never coverage, never a denominator"),
    AGE_GIVEN,
    column("record_start", Kind::Date, "first day this version of the row holds"),
    column("record_end", Kind::Date, "last day this version of the row holds; null while it holds"),
];

/// With the derived flags of national Talking Therapies extracts, which specs call `therapy_flags`: for comparison with
/// our own figures only.
const REFERRALS: &[Column] = &[
    NATIONAL_PSEUDONYM,
    column("pathway", Kind::OtherId("pathway"), "pathway made nationally"),
    column("received_minute", Kind::Minute, "REFERRAL REQUEST RECEIVED TIME"),
    COMMISSIONER,
    column("referring_org", Kind::Org, "ORGANISATION IDENTIFIER (REFERRING)"),
    column("reason", Kind::Code(CodeSet::ReferralReason), "PRIMARY REASON FOR REFERRAL (MENTAL HEALTH)"),
    column("out_of_area_reason", Kind::Short, "REASON FOR OUT OF AREA REFERRAL"),
    column("specialised_service", Kind::Short, "SPECIALISED MENTAL HEALTH SERVICE CODE"),
    column("discharge_minute", Kind::Minute, "SERVICE DISCHARGE TIME"),
    AGE_GIVEN,
    flag("uses_pathway", "UsePathway_Flag"),
    column("phq9_first", Kind::Decimal, "first PHQ-9 score as derived nationally"),
    column("phq9_last", Kind::Decimal, "last PHQ-9 score as derived nationally"),
    column("gad7_first", Kind::Decimal, "first GAD-7 score as derived nationally"),
    column("gad7_last", Kind::Decimal, "last GAD-7 score as derived nationally"),
    column("anxiety_measure", Kind::Code(CodeSet::AnxietyMeasure), "disorder-specific measure as derived nationally"),
    column("anxiety_first", Kind::Decimal, "its first score"),
    column("anxiety_last", Kind::Decimal, "its last score"),
    column("first_session", Kind::Date, "first treatment session as derived nationally"),
    column("second_session", Kind::Date, "second treatment session"),
    column("last_session", Kind::Date, "last treatment session"),
    column("first_assessment", Kind::Date, "first assessment"),
    column("treatment_contacts", Kind::Whole, "treatment contacts as derived nationally"),
    column("all_contacts", Kind::Whole, "contacts as derived nationally"),
    flag("is_completed", "CompletedTreatment_Flag"),
    flag("is_caseness", "Caseness_Flag"),
    flag("is_not_caseness", "NotCaseness_Flag"),
    flag("is_recovered", "Recovery_Flag"),
    flag("is_improved", "ReliableImprovement_Flag"),
    flag("is_deteriorated", "ReliableDeterioration_Flag"),
    flag("is_unchanged", "NoChange_Flag"),
];

const REFERRAL_TEAMS: &[Column] = &[
    TEAM,
    column("close_reason", Kind::Short, "REFERRAL CLOSURE REASON"),
    column("reject_reason", Kind::Short, "REFERRAL REJECTION REASON"),
];

const CONTACTS: &[Column] = &[
    TEAM,
    column("consultation_type", Kind::Short, "CONSULTATION TYPE"),
    column("subject", Kind::Short, "CARE CONTACT SUBJECT"),
    column("location_type", Kind::Short, "ACTIVITY LOCATION TYPE CODE"),
    column("cancelled_date", Kind::Date, "CARE CONTACT CANCELLATION DATE"),
    column("cancel_reason", Kind::Short, "CARE CONTACT CANCELLATION REASON"),
    column("earliest_offer_date", Kind::Date, "EARLIEST REASONABLE OFFER DATE"),
    column("earliest_appointment_date", Kind::Date, "EARLIEST CLINICALLY APPROPRIATE DATE"),
    SITE,
    flag("long_term_condition_service", "INTEGRATED IAPT LONG TERM CONDITION SERVICE INDICATOR"),
];

const ACTIVITIES: &[Column] = &[PROCEDURE, MINUTES];

const SPELLS: &[Column] = &[
    column("start_minute", Kind::Minute, "START TIME (HOSPITAL PROVIDER SPELL)"),
    column("source", Kind::Code(CodeSet::AdmissionSource), "ADMISSION SOURCE"),
    column("method", Kind::Code(CodeSet::AdmissionMethod), "ADMISSION METHOD"),
    column("estimated_end", Kind::Date, "ESTIMATED DISCHARGE DATE"),
    column("planned_end", Kind::Date, "PLANNED DISCHARGE DATE"),
    column("end_minute", Kind::Minute, "DISCHARGE TIME (HOSPITAL PROVIDER SPELL)"),
    column("discharge_method", Kind::Code(CodeSet::DischargeMethod), "DISCHARGE METHOD"),
    column("destination", Kind::Code(CodeSet::DischargeDestination), "DISCHARGE DESTINATION"),
];

const WARD_STAYS: &[Column] = &[
    column("ward_type", Kind::Short, "WARD SETTING TYPE"),
    column("security_level", Kind::Short, "WARD SECURITY LEVEL"),
    SITE,
];

const SCORES: &[Column] = &[column("minute", Kind::Minute, "time it was completed")];

const ATTENDANCES: &[Column] = &[
    NATIONAL_PSEUDONYM,
    flag("nhs_is_valid", "NHS_Number_Is_Valid as the sender has it; validity in figures is ours"),
    AGE_GIVEN,
    column("practice_given", Kind::Org, "practice as the sender has it; never coverage, never a denominator"),
    SITE,
    column("category", Kind::Code(CodeSet::AttendanceCategory), "EMERGENCY CARE ATTENDANCE CATEGORY"),
    column("arrival_mode", Kind::Code(CodeSet::ArrivalMode), "EMERGENCY CARE ARRIVAL MODE"),
    column("attendance_source", Kind::Snomed, "EMERGENCY CARE ATTENDANCE SOURCE"),
    column("acuity", Kind::Code(CodeSet::Acuity), "EMERGENCY CARE ACUITY"),
    column("injury_date", Kind::Date, "EMERGENCY CARE INJURY DATE"),
    column(
        "primary_diagnosis",
        Kind::Code(CodeSet::Complaint),
        "first of the EMERGENCY CARE DIAGNOSES where it is of mental health; null for any other",
    ),
    column("diagnoses", Kind::List(&Kind::Snomed), "EMERGENCY CARE DIAGNOSES, the primary one first"),
    column("assessed_date", Kind::Date, "initial assessment"),
    column("assessed_minute", Kind::Minute, "initial assessment"),
    column("seen_date", Kind::Date, "seen for treatment"),
    column("seen_minute", Kind::Minute, "seen for treatment"),
    column("decided_date", Kind::Date, "decision to admit"),
    column("decided_minute", Kind::Minute, "decision to admit"),
    column("concluded_date", Kind::Date, "conclusion"),
    column("concluded_minute", Kind::Minute, "conclusion"),
    column("minutes_given", Kind::Whole, "minutes from arrival to departure as the sender has them"),
    column("status", Kind::Code(CodeSet::EmergencyStatus), "EMERGENCY CARE DISCHARGE STATUS"),
    column("destination", Kind::Code(CodeSet::EmergencyDestination), "EMERGENCY CARE DISCHARGE DESTINATION"),
    column("referred_to", Kind::List(&Kind::Snomed), "services referred to, in the sender's order"),
    column("requested_dates", Kind::List(&Kind::Date), "service requests, as `referred_to`"),
    column("requested_minutes", Kind::List(&Kind::Minute), "service requests, as `referred_to`"),
    column("service_assessed_dates", Kind::List(&Kind::Date), "service assessments, as `referred_to`"),
    column("service_assessed_minutes", Kind::List(&Kind::Minute), "service assessments, as `referred_to`"),
    column("withheld_reason", Kind::Short, "WITHHELD IDENTITY REASON: counted, never linked"),
];

const APPOINTMENTS: &[Column] = &[
    column("start_minute", Kind::Minute, "time of the appointment"),
    column("booked_minute", Kind::Minute, "time it was booked"),
    column("arrived_date", Kind::Date, "arrival"),
    column("arrived_minute", Kind::Minute, "arrival"),
    column("category", Kind::Code(CodeSet::NationalCategory), "national category"),
];

const INDIRECT_CONTACTS: &[Column] = &[TEAM, MINUTES, PROCEDURE];

const CARE_ACTIONS: &[Column] = &[
    column("kind", Kind::Code(CodeSet::CareAction), "onward referral or care plan"),
    column("plan_type", Kind::Short, "CARE PLAN TYPE (MENTAL HEALTH)"),
];

const PROBLEMS: &[Column] = &[
    column("scheme", Kind::Short, "DIAGNOSIS SCHEME IN USE"),
    column("significance", Kind::Code(CodeSet::Significance), "primary or secondary"),
    column("minute", Kind::Minute, "time it was recorded"),
];

const TRUST_REGISTRATIONS: &[Column] = &[SUB_ICB];

const CONSULTATIONS: &[Column] = &[
    column("appointment", Kind::ParentId(Table::Appointments), "the appointment it was held in"),
    column("source_code", Kind::Short, "the supplier's code of where it was held"),
    column("problems", Kind::List(&Kind::Snomed), "coded problems"),
];
