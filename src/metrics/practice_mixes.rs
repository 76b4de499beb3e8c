//! General practice: how long before appointments are booked, how they are held, and with whom.

use super::general_practice::GPAD;
use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::appointments::{self, is_appointment};

/// A band of days from booking to appointment.
macro_rules! booked {
    ($id:literal, $rule:ident, $plain:literal, $band:literal) => {
        Metric {
            id: $id,
            title: concat!("GP appointments booked ", $band),
            plain_english: concat!("GP appointments that were booked ", $plain, "."),
            subject: Subject::Appointments,
            dated: Dating::On("date"),
            statistic: Statistic::Proportion { numerator: appointments::$rule, denominator: appointments::has_booking },
            sheet: Sheet::Demand,
            better: Better::Neither,
            standard: None,
            definition: concat!(
                "Appointments booked ",
                $band,
                ", out of appointments whose day of booking is known and not after the appointment. Bands as GPAD."
            ),
            official_id: None,
            source: GPAD,
            differs: Some(
                "GPAD shows unknown times between booking and appointment beside the bands; here they are left out.",
            ),
        }
    };
}

/// A class of appointments.
macro_rules! mix {
    ($id:literal, $rule:ident, $plain:literal, $class:literal) => {
        Metric {
            id: $id,
            title: concat!("GP appointments ", $class),
            plain_english: concat!("GP appointments ", $plain, "."),
            subject: Subject::Appointments,
            dated: Dating::On("date"),
            statistic: Statistic::Proportion { numerator: appointments::$rule, denominator: is_appointment },
            sheet: Sheet::Demand,
            better: Better::Neither,
            standard: None,
            definition: concat!(
                "Appointments ",
                $class,
                ", out of appointments attended, not attended or of unknown outcome."
            ),
            official_id: None,
            source: GPAD,
            differs: Some("Practices that sent nothing are not in it; GPAD counts appointments and not people."),
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &booked!("gp_same_day", is_same_day, "on the day", "on the day"),
    &booked!("gp_lead_time_1", is_next_day, "the day before", "1 day before"),
    &booked!("gp_lead_time_2_7", is_2_to_7_days, "2 to 7 days before", "2 to 7 days before"),
    &booked!("gp_lead_time_8_14", is_8_to_14_days, "8 to 14 days before", "8 to 14 days before"),
    &booked!("gp_lead_time_15_21", is_15_to_21_days, "15 to 21 days before", "15 to 21 days before"),
    &booked!("gp_lead_time_22_28", is_22_to_28_days, "22 to 28 days before", "22 to 28 days before"),
    &booked!("gp_lead_time_over28", is_over_28_days, "more than 28 days before", "more than 28 days before"),
    &mix!("gp_mode_face_to_face", is_face_to_face, "held face to face", "held face to face"),
    &mix!("gp_mode_home_visit", is_home_visit, "held at home", "held as home visits"),
    &mix!("gp_mode_telephone", is_telephone, "held by telephone", "held by telephone"),
    &mix!("gp_mode_video", is_video, "held by video or online", "held by video or online"),
    &mix!("gp_mode_unknown", is_mode_unknown, "of which nothing says how they were held", "of unknown mode"),
    &mix!("gp_hcp_gp", is_with_gp, "with a GP", "with a GP"),
    &mix!("gp_hcp_other_staff", is_with_other_staff, "with other practice staff", "with other practice staff"),
    &mix!(
        "gp_hcp_unknown",
        is_clinician_unknown,
        "of which nothing says with whom",
        "with a clinician of unknown type"
    ),
];
