//! Canonical tables and their columns (grain, kind, meaning).
//!
//! `nhs` and `local` never leave ingest in clear: they are staged as tokens. A postcode is staged as the deprivation
//! quintile of its area and nothing else.

use super::codes::CodeSet;
use super::{details, more_tables, own_tables};

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
    /// Date of birth, sex, postcode and whole forename together: the first 8 bytes of their `mk:` token, for linkage only.
    /// No cell holds it: it is made of the others, where a file with such tokens is linked.
    MatchKey,
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

/// The type of a column's values, in memory and in staged files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// A token: 16 bytes.
    Token,
    /// A position or small number: 16 bits.
    Code,
    /// Packed letters and digits: 64 bits.
    Word,
    /// A decimal number: 32 bits.
    Decimal,
    /// A day, a minute or a whole number: 32 bits.
    Whole,
}

/// A field that corroborates a link. Canonical forms: spec of `f:` tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// How the surname sounds, `f:sn.mph`: its Metaphone code.
    SurnameSound = 0,
    /// First three letters of the surname, `f:sn.f3`.
    SurnameStart,
    /// The surname, `f:sn`.
    Surname,
    /// First two letters of the forename, `f:fn.f2`.
    ForenameStart,
    /// First letter of the forename, `f:fn.f1`.
    Initial,
    /// The forename, `f:fn`.
    Forename,
    /// The postcode without its last two signs, `f:pcsector`.
    PostcodeSector,
    /// First part of a postcode, `f:outcode`.
    Outcode,
    /// The postcode, `f:pc`.
    Postcode,
}

/// What fields are parts or forms of: one cell gives three fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Whole {
    /// A surname.
    Surname = 0,
    /// A forename.
    Forename,
    /// A postcode.
    Postcode,
}

impl Field {
    /// Every field, those of one whole side by side.
    pub const ALL: [Self; 9] = [
        Self::SurnameSound,
        Self::SurnameStart,
        Self::Surname,
        Self::ForenameStart,
        Self::Initial,
        Self::Forename,
        Self::PostcodeSector,
        Self::Outcode,
        Self::Postcode,
    ];

    /// What it is a part or form of.
    pub fn whole(self) -> Whole {
        [Whole::Surname, Whole::Forename, Whole::Postcode][self as usize / 3]
    }

    /// Its place among the fields of its whole.
    pub fn place(self) -> usize {
        self as usize % 3
    }
}

impl Whole {
    /// Its three fields.
    pub fn fields(self) -> [Field; 3] {
        let first = self as usize * 3;
        [Field::ALL[first], Field::ALL[first + 1], Field::ALL[first + 2]]
    }
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

    /// Whether it says who somebody is by name or place: in memory while people are linked, and never staged.
    pub fn is_of_names(self) -> bool {
        matches!(self, Self::Field(_) | Self::MatchKey)
    }

    /// Whether it is staged as one packed 64-bit word; 0 in memory is none.
    pub fn is_word(self) -> bool {
        self.storage() == Storage::Word
    }

    /// How its values are held and staged. Parts of a list are held as their own kind.
    pub fn storage(self) -> Storage {
        match self {
            kind if kind.is_token() => Storage::Token,
            Self::Code(_) | Self::NhsStatus | Self::Postcode => Storage::Code,
            Self::Org | Self::Field(_) | Self::MatchKey | Self::Snomed | Self::Clinical | Self::Short | Self::Area => {
                Storage::Word
            }
            Self::Decimal => Storage::Decimal,
            _ => Storage::Whole,
        }
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
    /// One row per hospital provider spell; with the ward stays that hang on it.
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

    /// The grain, in a sentence.
    pub fn grain(self) -> &'static str {
        [
            "One row per local patient.",
            "One row per person, practice and start.",
            "One row per referral.",
            "One row per referral and team.",
            "One row per contact.",
            "One row per activity within a contact; only a step from scores to contacts.",
            "One row per hospital provider spell; only a step from ward stays to referrals.",
            "One row per ward stay.",
            "One row per score.",
            "One row per A&E attendance.",
            "One row per GP appointment.",
            "One row per team of a provider (MHSDS version 6), with its type.",
            "One row per activity for a patient without the patient.",
            "One row per onward referral or care plan.",
            "One row per problem or diagnosis of a referral.",
            "One row per patient and long-term physical condition.",
            "One row per patient and employment status.",
            "One row per patient and practice as a trust recorded it: never coverage, never a denominator.",
            "One row per GP consultation; never added to appointments.",
            "One row per practice, month and category of published counts: nobody's, context only.",
        ][self as usize]
    }

    /// The table with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.id() == id)
    }

    /// The columns that extracts fill. Provider, source and file stand beside them.
    pub fn columns(self) -> &'static [Column] {
        own_tables::columns(self).unwrap_or_else(|| more_tables::columns(self))
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

    /// Whether linkage or anything after it looks at a column; the others are staged for what comes later.
    pub fn is_linked(self, column: &str) -> bool {
        match self {
            Self::Contacts => column != "minutes",
            _ => true,
        }
    }

    /// Whether rows of other tables hang on this one, so that an excluded row's token must be known to exclude them too.
    pub fn is_parent(self) -> bool {
        matches!(self, Self::PersonRecords | Self::Referrals | Self::Contacts | Self::Activities | Self::Spells)
    }
}
