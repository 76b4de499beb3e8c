//! The rates of `before_after.csv`, each declared once: the `px_rate` metrics.
//!
//! All count events per person-year in [index - 365, index) and (index, index + 365], on days on which they would have been
//! seen. What differs from one to the next is which events.

use super::metric::Better;
use crate::pathways::{EventType, Flag, Service};

/// A rate of one kind of event.
pub struct RateMetric {
    /// Id in outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// The events counted.
    pub service: Service,
    /// What counts as an event, for a clinician to check.
    pub definition: &'static str,
    /// How it departs from a published measure, or what it leaves out; none where it leaves nothing out.
    pub differs: Option<&'static str>,
    /// Which direction is better.
    pub better: Better,
    /// Whether a funder reads it; the others are parts of those that are read.
    pub is_headline: bool,
}

/// Where the rates come from: none of them is a published measure.
pub const SOURCE: &str = "ours; person-time as in evaluation of care by the Improvement Analytics Unit";

/// Every rate, in the order of outputs.
pub const ALL: &[RateMetric] = &[
    RateMetric {
        id: "px_rate_ed",
        title: "A&E attendances before and after index",
        plain_english: "visits to A&E",
        service: Service::Events(EventType::EdAttendance),
        definition: "Unplanned attendances at A&E departments of types 01 to 04.",
        differs: None,
        better: Better::Neither,
        is_headline: true,
    },
    RateMetric {
        id: "px_rate_ed_mh",
        title: "MH-related A&E attendances before and after index",
        plain_english: "visits to A&E for mental health",
        service: Service::Flagged(EventType::EdAttendance, Flag::MentalHealth),
        definition: "A&E attendances with a mental-health or self-harm chief complaint, an injury meant by the person, or a primary diagnosis of mental health.",
        differs: None,
        better: Better::Neither,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_self_harm",
        title: "Self-harm A&E attendances before and after index",
        plain_english: "visits to A&E after self-harm",
        service: Service::Flagged(EventType::EdAttendance, Flag::SelfHarm),
        definition: "A&E attendances with self-harm as chief complaint or injury intent.",
        differs: None,
        better: Better::Lower,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_over_12h",
        title: "A&E waits over 12 hours before and after index",
        plain_english: "visits to A&E of more than 12 hours",
        service: Service::Flagged(EventType::EdAttendance, Flag::Over12Hours),
        definition: "A&E attendances of more than 720 minutes from arrival to departure.",
        differs: Some("attendances without a departure time are not counted as long"),
        better: Better::Lower,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_gp",
        title: "Attended GP appointments before and after index",
        plain_english: "GP appointments",
        service: Service::Events(EventType::GpAppointment),
        definition: "Attended appointments, on days on which the person was registered with a practice that sent the whole month.",
        differs: Some("appointments of unknown status are not counted"),
        better: Better::Neither,
        is_headline: true,
    },
    RateMetric {
        id: "px_rate_mh_contacts",
        title: "Mental-health contacts before and after index",
        plain_english: "appointments with the mental-health trust",
        service: Service::Events(EventType::MhContact),
        definition: "Attended contacts with the trust, on time or late but seen.",
        differs: None,
        better: Better::Neither,
        is_headline: true,
    },
    RateMetric {
        id: "px_rate_crisis",
        title: "Crisis team contacts before and after index",
        plain_english: "appointments with a crisis team",
        service: Service::Flagged(EventType::MhContact, Flag::Crisis),
        definition: "Attended contacts with teams of types A02, A18 and A19.",
        differs: Some("contacts whose team is not known, because the referral has several, are not counted"),
        better: Better::Lower,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_admissions",
        title: "Mental-health admissions before and after index",
        plain_english: "admissions to a mental-health hospital",
        service: Service::Events(EventType::MhAdmission),
        definition: "First nights of unbroken runs of nights in mental-health beds.",
        differs: Some(
            "a transfer from ward to ward or trust to trust without a night between is no new admission; a stay without a night is none",
        ),
        better: Better::Neither,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_bed_days",
        title: "Mental-health bed days before and after index",
        plain_english: "nights in a mental-health hospital",
        service: Service::Events(EventType::MhNight),
        definition: "Nights in mental-health beds, one a person and date however many stays overlap.",
        differs: None,
        better: Better::Neither,
        is_headline: true,
    },
    RateMetric {
        id: "px_rate_tt",
        title: "Talking-therapy treatment contacts before and after index",
        plain_english: "treatment sessions in talking therapies",
        service: Service::Events(EventType::TtTreatment),
        definition: "Attended treatment contacts: appointment types 02, 03 and 05, and unplanned contacts.",
        differs: None,
        better: Better::Neither,
        is_headline: false,
    },
    RateMetric {
        id: "px_rate_community",
        title: "Community contacts before and after index",
        plain_english: "meetings with voluntary-sector services",
        service: Service::Events(EventType::CommunityContact),
        definition: "Attended contacts with voluntary-sector services.",
        differs: Some("contacts of the index referral are the pathway itself and are not counted"),
        better: Better::Neither,
        is_headline: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_counts_what_its_id_stands_for() {
        let own: Vec<_> = ALL.iter().map(|rate| (rate.id, rate.service)).collect();
        assert_eq!(own, Service::RATES);
    }
}
