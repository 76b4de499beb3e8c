//! The truth of the windows. In: a person's facts. Out: days observed and events, before and after
//! the index day, by plain loops. Leaves alone: the sums over people
//! (`superpopulation.rs`, `stored_truth.rs`).

use super::arms::{Arm, ArmEntry};
use super::calendar::{Day, END_DAY};
use super::emergency::{AppointmentStatus, AttendanceKind};
use super::life::practice_on;
use super::person::Person;
use super::world::World;

pub use super::stored_truth::{stored, stored_world};
pub use super::superpopulation::{ArmService, superpopulation};

/// Days of a window.
const WINDOW_DAYS: i32 = 365;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Unplanned A&E attendances.
    Emergency,
    /// Attended GP appointments.
    Gp,
    /// Attended trust contacts.
    Contacts,
    /// Distinct nights in hospital.
    Nights,
}

impl Service {
    /// All services, in the order of the tables.
    pub const ALL: [Self; 4] = [Self::Emergency, Self::Gp, Self::Contacts, Self::Nights];

    /// Name in the tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Emergency => "ed",
            Self::Gp => "gp",
            Self::Contacts => "mh_contacts",
            Self::Nights => "bed_nights",
        }
    }
}

/// A year before or after the index day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Index day - 365 to index day - 1.
    Before,
    /// Index day + 1 to index day + 365.
    After,
}

impl Window {
    /// Name in the tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }

    /// First and last day, both counted.
    fn days(self, index: Day) -> (Day, Day) {
        match self {
            Self::Before => (index - WINDOW_DAYS, index - 1),
            Self::After => (index + 1, index + WINDOW_DAYS),
        }
    }
}

/// What is true of one person, arm, service and window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowTruth {
    /// The arm.
    pub arm: Arm,
    /// The index day, in neither window.
    pub index: Day,
    /// Day of crossing over; it and later days are not counted.
    pub crossover: Option<Day>,
    /// The service.
    pub service: Service,
    /// The window.
    pub window: Window,
    /// Days observed.
    pub days: u32,
    /// Events on those days.
    pub events: u32,
}

/// All windows of a person: for each arm, each service before and after.
#[must_use]
pub fn windows(world: &World, person: &Person) -> Vec<WindowTruth> {
    let mut truths = Vec::new();
    for entry in &person.arms {
        for service in Service::ALL {
            for window in [Window::Before, Window::After] {
                truths.push(window_truth(world, person, entry, (service, window)));
            }
        }
    }
    truths
}

fn window_truth(world: &World, person: &Person, entry: &ArmEntry, (service, window): (Service, Window)) -> WindowTruth {
    let (first, last) = window.days(entry.index);
    let is_counted = |day: Day| {
        first <= day
            && day <= last
            && entry.crossover.is_none_or(|crossover| day < crossover)
            && is_observed(world, person, service, day)
    };
    let days = (first..=last).filter(|&day| is_counted(day)).count();
    let events = event_days(person, service).filter(|&day| is_counted(day)).count();
    WindowTruth {
        arm: entry.arm,
        index: entry.index,
        crossover: entry.crossover,
        service,
        window,
        days: u32::try_from(days).unwrap_or(0),
        events: u32::try_from(events).unwrap_or(0),
    }
}

/// Whether an event of the service on this day would be in the data.
fn is_observed(world: &World, person: &Person, service: Service, day: Day) -> bool {
    if !(0..END_DAY).contains(&day) {
        return false;
    }
    match practice_on(&person.registrations, day) {
        None => false,
        Some(practice) => service != Service::Gp || world.has_whole_month(practice, day),
    }
}

/// Days of a service's events, one for each event. Spells never overlap each other, and the stays of
/// a spell cover it, so its nights are the distinct nights.
fn event_days(person: &Person, service: Service) -> Box<dyn Iterator<Item = Day> + '_> {
    match service {
        Service::Emergency => {
            Box::new(person.attendances.iter().filter(|row| row.kind == AttendanceKind::Unplanned).map(|row| row.day))
        }
        Service::Gp => Box::new(
            person.appointments.iter().filter(|row| row.status == AppointmentStatus::Attended).map(|row| row.day),
        ),
        Service::Contacts => Box::new(
            person.trust.referrals.iter().flat_map(|one| &one.contacts).filter(|row| row.attended).map(|row| row.day),
        ),
        Service::Nights => Box::new(person.trust.spells.iter().flat_map(|spell| spell.start..spell.end)),
    }
}
