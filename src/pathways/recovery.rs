//! Recovery: which people of a redesigned arm had their Talking Therapies scores taken, who reliably recovered, and how
//! often the pathway met them.
//!
//! In: linked tables, episodes, deliveries. Out: [`Recovery`], whole numbers. Leaves alone: money.

use super::episodes::Episode;
use super::observation::Observation;
use super::windows::{ArmService, Service, Window, is_analysed};
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::rules::{self, therapies};
use crate::schema::Source;
use crate::settings::{Role, Settings};

/// The people of one arm who have scores.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recovery {
    /// Position of the pathway.
    pub pathway: usize,
    /// Per person: deliveries after the index, and 1 for who reliably recovered, else 0.
    pub people: Vec<[u32; 2]>,
}

/// The recoveries of every redesigned arm; none where Talking Therapies or the pathway's own contacts were not sent.
pub fn count(
    linked: &Linked,
    (episodes, windows): (&[Episode], &[ArmService]),
    observation: &Observation<'_>,
    settings: &Settings,
) -> Result<Vec<Recovery>, Error> {
    let is_delivered =
        |arm: &&ArmService| arm.service == Service::Delivery && settings.pathway[arm.pathway].role == Role::Redesigned;
    if !observation.has(Source::TalkingTherapies) || !windows.iter().any(|arm| is_delivered(&arm)) {
        return Ok(Vec::new());
    }
    let courses = rules::courses::courses(linked, &settings.cut_offs.measures())?;
    let met = rules::met(&courses, &[therapies::is_judged(), therapies::is_reliably_recovered()])?;
    let person = frame::whole_u32(&courses, "person")?;
    let received = frame::nullable_i32(&courses, "received_date")?;
    // Courses with scores by person: when referred, and whether recovered.
    let mut scored: Vec<(u32, i32, bool)> = met[0]
        .true_idx_iter()
        .filter_map(|row| Some((person.values()[row], received.get(row)?, met[1].get_bit(row))))
        .collect();
    scored.sort_unstable();
    let of_arm = |arm: &ArmService| {
        let own = episodes.iter().filter(|one| one.pathway == arm.pathway && is_analysed(one, observation));
        let person = |(episode, window): (&Episode, &super::PersonWindow)| {
            let first = scored.partition_point(|course| course.0 < episode.person);
            let of_person = scored[first..].iter().take_while(|course| course.0 == episode.person);
            let on_pathway = of_person.filter(|course| (episode.index..episode.end).contains(&course.1));
            let recovered = on_pathway.map(|course| u32::from(course.2)).max()?;
            Some([window.events[Window::After as usize], recovered])
        };
        Recovery { pathway: arm.pathway, people: own.zip(&arm.people).filter_map(person).collect() }
    };
    Ok(windows.iter().filter(is_delivered).map(of_arm).collect())
}
