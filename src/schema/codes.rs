//! Canonical values of coded columns. Config maps each source's codes to these; rules use nothing else.

use super::scales;

/// A set of canonical values. Sets that rules use are fixed here; the others hold whatever their code list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum CodeSet {
    /// Phenotypic sex.
    Sex = 0,
    /// Ethnic group, six values of the 2001 census groups.
    EthnicGroup,
    /// What became of a contact.
    Attendance,
    /// What became of a GP appointment.
    AppointmentStatus,
    /// Talking Therapies appointment type.
    AppointmentType,
    /// Outcome instrument.
    Scale,
    /// A&E department type.
    Department,
    /// Mental-health chief complaint or injury intent.
    Complaint,
    /// Who referred.
    ReferralSource,
    /// A voluntary-sector offer.
    Offer,
    /// Yes or no.
    YesNo,
    /// How a contact was held.
    Mechanism,
    /// How a GP appointment was held.
    AppointmentMode,
    /// Who held a GP appointment.
    Clinician,
    /// Team type.
    TeamType,
    /// Bed type.
    BedType,
    /// Response priority.
    Priority,
    /// Why a referral ended.
    EndReason,
    /// Gender identity: never evidence for or against a link.
    GenderIdentity,
    /// Why someone was referred to a trust.
    ReferralReason,
    /// Where an inpatient came from.
    AdmissionSource,
    /// How an inpatient was admitted.
    AdmissionMethod,
    /// How an inpatient was discharged.
    DischargeMethod,
    /// Where an inpatient went.
    DischargeDestination,
    /// How someone came to A&E.
    ArrivalMode,
    /// How urgent an A&E attendance was.
    Acuity,
    /// First or follow-up, planned or not.
    AttendanceCategory,
    /// How an A&E attendance ended.
    EmergencyStatus,
    /// Where someone went from A&E.
    EmergencyDestination,
    /// Disorder-specific measure of Talking Therapies.
    AnxietyMeasure,
    /// Primary or secondary.
    Significance,
    /// What a care action is.
    CareAction,
    /// National category of a GP appointment.
    NationalCategory,
    /// Time from booking to appointment, in bands.
    BookingWait,
    /// What a course of Talking Therapies is about.
    Problem,
}

impl CodeSet {
    /// Every set.
    pub const ALL: [Self; 35] = [
        Self::Sex,
        Self::EthnicGroup,
        Self::Attendance,
        Self::AppointmentStatus,
        Self::AppointmentType,
        Self::Scale,
        Self::Department,
        Self::Complaint,
        Self::ReferralSource,
        Self::Offer,
        Self::YesNo,
        Self::Mechanism,
        Self::AppointmentMode,
        Self::Clinician,
        Self::TeamType,
        Self::BedType,
        Self::Priority,
        Self::EndReason,
        Self::GenderIdentity,
        Self::ReferralReason,
        Self::AdmissionSource,
        Self::AdmissionMethod,
        Self::DischargeMethod,
        Self::DischargeDestination,
        Self::ArrivalMode,
        Self::Acuity,
        Self::AttendanceCategory,
        Self::EmergencyStatus,
        Self::EmergencyDestination,
        Self::AnxietyMeasure,
        Self::Significance,
        Self::CareAction,
        Self::NationalCategory,
        Self::BookingWait,
        Self::Problem,
    ];

    /// The set's fixed values in order, or `None` for a set that its code list defines.
    pub fn fixed(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Sex => &["male", "female", "indeterminate"],
            Self::EthnicGroup => &["white", "mixed", "asian", "black", "other", "not_stated"],
            Self::Attendance => &[
                "attended",
                "attended_late",
                "late_not_seen",
                "cancelled_by_patient",
                "did_not_attend",
                "cancelled_by_provider",
            ],
            Self::AppointmentStatus => &["attended", "did_not_attend", "unknown", "cancelled"],
            Self::AppointmentType => &[
                "assessment",
                "treatment",
                "assessment_and_treatment",
                "review",
                "review_and_treatment",
                "follow_up",
                "employment_support",
            ],
            Self::Scale => &scales::VALUES,
            Self::Problem => super::problems::VALUES,
            Self::Department => &["emergency", "single_specialty", "minor_injury", "walk_in", "same_day"],
            Self::Complaint => &["mental_health", "self_harm"],
            Self::YesNo => &["yes", "no"],
            Self::Significance => &["primary", "secondary"],
            Self::CareAction => &["intervention", "care_plan", "onward", "pause"],
            Self::AppointmentMode => &["face_to_face", "home_visit", "telephone", "video"],
            Self::Clinician => &["gp", "other_staff"],
            Self::EmergencyStatus => &[
                "completed",
                "left_before_assessment",
                "left_after_assessment",
                "left_before_completion",
                "streamed",
                "streamed_away",
                "dead_on_arrival",
                "died",
            ],
            Self::EmergencyDestination => &["admitted", "short_stay", "discharged", "transfer", "died"],
            Self::EndReason => &[
                "completed",
                "goals_met",
                "disengaged",
                "moved_on",
                "referred_on",
                "died",
                "other",
                "referred_not_seen_or_assessed_only",
                "seen_not_taken_on",
                "treated",
                "not_seen",
            ],
            _ => return None,
        })
    }

    /// The position of a fixed value; the values that rules name are all fixed, which a test holds.
    pub fn position(self, value: &str) -> u16 {
        let found = self.fixed().and_then(|values| values.iter().position(|known| *known == value));
        found.map_or(u16::MAX, |at| at as u16)
    }

    /// The name in messages and `describe`.
    pub fn id(self) -> &'static str {
        [
            "sex",
            "ethnic_group",
            "attendance",
            "appointment_status",
            "appointment_type",
            "scale",
            "department",
            "complaint",
            "referral_source",
            "offer",
            "yes_no",
            "mechanism",
            "appointment_mode",
            "clinician",
            "team_type",
            "bed_type",
            "priority",
            "end_reason",
            "gender_identity",
            "referral_reason",
            "admission_source",
            "admission_method",
            "discharge_method",
            "discharge_destination",
            "arrival_mode",
            "acuity",
            "attendance_category",
            "emergency_status",
            "emergency_destination",
            "anxiety_measure",
            "significance",
            "care_action",
            "national_category",
            "booking_wait",
            "problem",
        ][self as usize]
    }
}
