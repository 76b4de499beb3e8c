//! Canonical tables and their columns (grain, kind, meaning).
//!
//! `nhs` and `local` never leave ingest in clear: they are staged as tokens. A postcode is staged as the deprivation
//! quintile of its area and nothing else.

use super::codes::CodeSet;
use super::{details, more_tables};

/// What a cell of a column is, and so how it is read and staged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The row's own id within the provider: staged as a token of this table.
    RecordId,
    /// The id of the row of another table that this row belongs to: staged as that table's token.
    ParentId(Table),
    /// A patient number within the provider: staged as an `id:local` token.
    LocalId,
    /// An NHS number: staged as a token, with its reason code beside it.
    NhsNumber,
    /// NHS number status indicator code, 1 to 8: decides whether the number is used, and is staged.
    NhsStatus,
    /// An organisation code.
    Org,
    /// A date. Unit: days.
    Date,
    /// A date of birth: default dates count as missing.
    BirthDate,
    /// A time of day. Unit: minutes after midnight.
    Minute,
    /// A code, staged as the position of its canonical value in a set.
    Code(CodeSet),
    /// A whole number.
    Whole,
    /// A decimal number.
    Decimal,
    /// A postcode: staged as the deprivation quintile (1 = most deprived) of a look-up, then dropped.
    Postcode,
    /// One field of a person's identity: staged as the first 8 bytes of its `f:` token, for linkage only.
    Field(Field),
    /// An id of something that has no table, such as a pathway: staged as a token of that name.
    OtherId(&'static str),
    /// A pseudonym made by a national body: staged as a token of its own. It is never read as an NHS number, for one
    /// pseudonym in eleven would pass as one.
    NationalPseudonym,
    /// A SNOMED CT concept id: read as text, staged as its number, which 64 bits hold exactly. Of a post-coordinated
    /// expression only what stands left of the first colon.
    Snomed,
    /// An ICD-10 code (without its dot) or a SNOMED CT concept id, packed; see [`super::words`].
    Clinical,
    /// A code of at most 8 letters and digits of which no list is held, packed as it is written.
    Short,
    /// An area's code, such as an LSOA: a letter and eight digits, packed.
    Area,
    /// When the row was submitted: a day, or the last day of a month. Unit: days.
    Version,
    /// Several values in order, from one cell parted by commas or from numbered headings.
    List(&'static Self),
}

/// A field that corroborates a link. Canonical forms: spec of `f:` tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// First part of a postcode, `f:outcode`.
    Outcode,
    /// First letter of the forename, `f:fn.f1`.
    Initial,
    /// First three letters of the surname, `f:sn.f3`.
    SurnameStart,
}

impl Kind {
    /// Whether the cell is hashed before it is staged.
    pub fn is_token(self) -> bool {
        matches!(
            self,
            Self::RecordId
                | Self::ParentId(_)
                | Self::LocalId
                | Self::NhsNumber
                | Self::OtherId(_)
                | Self::NationalPseudonym
        )
    }

    /// Whether it is staged as one packed 64-bit word; 0 in memory is none.
    pub fn is_word(self) -> bool {
        matches!(self, Self::Org | Self::Field(_) | Self::Snomed | Self::Clinical | Self::Short | Self::Area)
    }
}

/// One column of a canonical table.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in frames, Parquet and pathway rules.
    pub name: &'static str,
    /// How it is read and staged.
    pub kind: Kind,
    /// What it means; what null means where that is not plain.
    pub meaning: &'static str,
}

/// A canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Table {
    /// One row per local patient.
    PersonRecords = 0,
    /// One row per person, practice and start.
    Registrations,
    /// One row per referral.
    Referrals,
    /// One row per referral and team.
    ReferralTeams,
    /// One row per contact.
    Contacts,
    /// One row per activity within a contact; only a step from scores to contacts.
    Activities,
    /// One row per hospital provider spell; only a step from ward stays to referrals.
    Spells,
    /// One row per ward stay.
    WardStays,
    /// One row per score.
    Scores,
    /// One row per A&E attendance.
    Attendances,
    /// One row per GP appointment.
    Appointments,
    /// One row per team of a provider (MHSDS version 6), with its type.
    Teams,
    /// One row per activity for a patient without the patient.
    IndirectContacts,
    /// One row per onward referral or care plan.
    CareActions,
    /// One row per problem or diagnosis of a referral.
    Problems,
    /// One row per patient and long-term physical condition.
    LongTermConditions,
    /// One row per patient and employment status.
    Employment,
    /// One row per patient and practice as a trust recorded it: never coverage, never a denominator.
    TrustRegistrations,
    /// One row per GP consultation; never added to appointments.
    Consultations,
    /// One row per practice, month and category of published counts: nobody's, context only.
    AppointmentCounts,
}

pub(super) const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, meaning }
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
            column("outcode", Kind::Field(Field::Outcode), "first part of the postcode; linkage only"),
            column("initial", Kind::Field(Field::Initial), "first letter of the forename; linkage only"),
            column("surname_start", Kind::Field(Field::SurnameStart), "first three letters of the surname; linkage only"),
        ]
    };
}

impl Table {
    /// Every canonical table, parents before children.
    pub const ALL: [Self; 20] = [
        Self::PersonRecords,
        Self::Registrations,
        Self::Referrals,
        Self::ReferralTeams,
        Self::Contacts,
        Self::Activities,
        Self::Spells,
        Self::WardStays,
        Self::Scores,
        Self::Attendances,
        Self::Appointments,
        Self::Teams,
        Self::IndirectContacts,
        Self::CareActions,
        Self::Problems,
        Self::LongTermConditions,
        Self::Employment,
        Self::TrustRegistrations,
        Self::Consultations,
        Self::AppointmentCounts,
    ];

    /// The name in config and on disk.
    pub fn id(self) -> &'static str {
        [
            "person_records",
            "registrations",
            "referrals",
            "referral_teams",
            "contacts",
            "activities",
            "spells",
            "ward_stays",
            "scores",
            "attendances",
            "appointments",
            "teams",
            "indirect_contacts",
            "care_actions",
            "problems",
            "long_term_conditions",
            "employment",
            "trust_registrations",
            "consultations",
            "appointment_counts",
        ][self as usize]
    }

    /// The table with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.id() == id)
    }

    /// The columns that extracts fill. Provider, source and file stand beside them.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::PersonRecords => PERSON_RECORDS,
            Self::Registrations => REGISTRATIONS,
            Self::Attendances => ATTENDANCES,
            Self::Appointments => APPOINTMENTS,
            Self::Referrals => REFERRALS,
            Self::ReferralTeams => REFERRAL_TEAMS,
            Self::Contacts => CONTACTS,
            Self::Activities => ACTIVITIES,
            Self::Spells => SPELLS,
            Self::WardStays => WARD_STAYS,
            Self::Scores => SCORES,
            _ => more_tables::columns(self),
        }
    }

    /// Columns that few extracts have: staged after a table's own, and only where a file has their headings, so that a
    /// file without them costs nothing.
    pub fn details(self) -> &'static [Column] {
        details::of(self)
    }

    /// The detail with this name.
    pub fn detail(self, name: &str) -> Option<&'static Column> {
        self.details().iter().find(|column| column.name == name)
    }

    /// The column with this name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// Whether rows of other tables hang on this one, so that an excluded row's token must be known to exclude them too.
    pub fn is_parent(self) -> bool {
        matches!(self, Self::PersonRecords | Self::Referrals | Self::Contacts | Self::Activities | Self::Spells)
    }
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
];
