//! General practice.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::appointments;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[&APPOINTMENTS, &DID_NOT_ATTEND];

/// Where the classes of appointments are from.
pub(super) const GPAD: &str = "Appointments in General Practice (GPAD), NHS England";

/// Appointments.
const APPOINTMENTS: Metric = Metric {
    id: "gp_appts",
    title: "GP appointments",
    plain_english: "GP appointments.",
    subject: Subject::Appointments,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: appointments::is_appointment },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Appointments in the period that were attended, not attended or of unknown outcome; cancelled ones and empty slots are none.",
    official_id: None,
    source: GPAD,
    differs: Some("Practices that sent nothing are not in it; GPAD estimates no patient-level figure."),
};

/// Did not attend.
const DID_NOT_ATTEND: Metric = Metric {
    id: "gp_dna",
    title: "GP appointments not attended",
    plain_english: "GP appointments that people missed.",
    subject: Subject::Appointments,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion {
        numerator: appointments::is_not_attended,
        denominator: appointments::has_outcome,
    },
    sheet: Sheet::Demand,
    better: Better::Lower,
    standard: None,
    definition: "Appointments not attended, out of those attended or not attended; unknown outcomes are in neither.",
    official_id: None,
    source: GPAD,
    differs: Some("GPAD shows unknown beside both; here it is left out of the share."),
};
