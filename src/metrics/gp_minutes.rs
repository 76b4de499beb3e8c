//! Minutes of GP appointments before and after the index date, per pathway and by who held them: `px_gp_minutes`.
//!
//! In: windows, whole numbers. Out: rows, exact. Leaves alone: disclosure control, and money.

use super::before_after::{Design, YEAR_DAYS, design};
use super::cell::with_one_more;
use crate::pathways::{ArmService, EventType, Pathways, Service, Window};

/// Id in outputs.
pub const ID: &str = "px_gp_minutes";
/// What a board paper would say.
pub const TITLE: &str = "GP appointment minutes before and after index";
/// What a funder reads.
pub const PLAIN_ENGLISH: &str =
    "How long people spent in GP appointments, in the year before joining and the year after.";
/// The unit.
pub const UNIT: &str = "minutes per person-year";
/// A paragraph that a practice manager can check.
pub const DEFINITION: &str = "Minutes from being called in to leaving, of attended appointments, over the days on which the person was registered with a practice that sent the whole month; by who held them.";
/// How it departs from what one might expect.
pub const DIFFERS: &str = "an appointment that does not say how long it took is taken at the mean of those that do, of the same clinician type, arm and window; timed_percent says how many do";

/// The service that it is about.
pub const SERVICE: Service = Service::Events(EventType::GpAppointment);

/// One arm, window and clinician type, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Position of the pathway.
    pub pathway: usize,
    /// Which window.
    pub window: Window,
    /// Who held them, `all` or `not_known`.
    pub clinician: String,
    /// Whether practices sent anything.
    pub is_available: bool,
    /// People with an appointment.
    pub people: u64,
    /// Attended appointments.
    pub appointments: u64,
    /// Those that say how long they took.
    pub timed: u64,
    /// How long these took. Unit: minutes.
    pub minutes: u64,
    /// The two largest sums of minutes of one person.
    pub top_two: [u64; 2],
    /// Days observed.
    pub days: u64,
    /// Minutes per person-year; none without time, or where appointments of a type never say how long they took.
    pub value: Option<f64>,
    /// How it is to be read.
    pub design: Design,
}

/// Every arm and window: all, then by clinician type, then not known.
pub fn rows(pathways: &Pathways) -> Vec<Row> {
    let mut rows = Vec::new();
    for (pathway, config) in pathways.configs.iter().enumerate() {
        let arm = pathways.windows.iter().find(|arm| arm.pathway == pathway && arm.service == SERVICE);
        let design = design(config, SERVICE, pathways.is_ascertained);
        for window in Window::ALL {
            let kinds = (0..pathways.clinicians.len() as u16).map(Some).chain([None]);
            let parts: Vec<Row> = kinds
                .map(|kind| {
                    let name = kind.map_or("not_known", |kind| pathways.clinicians[usize::from(kind)].as_str());
                    let is_own = move |own: Option<u16>| own == kind;
                    row(arm, (pathway, window), (name, design), is_own)
                })
                .collect();
            let mut all = row(arm, (pathway, window), ("all", design), |_| true);
            all.value = parts.iter().map(|part| part.value).sum::<Option<f64>>();
            rows.push(all);
            rows.extend(parts);
        }
    }
    rows
}

fn row(
    arm: Option<&ArmService>,
    (pathway, window): (usize, Window),
    (clinician, design): (&str, Design),
    is_own: impl Fn(Option<u16>) -> bool,
) -> Row {
    let at = window as usize;
    let mut row = Row {
        pathway,
        window,
        clinician: clinician.to_owned(),
        is_available: arm.is_some(),
        people: 0,
        appointments: 0,
        timed: 0,
        minutes: 0,
        top_two: [0, 0],
        days: 0,
        value: None,
        design,
    };
    let Some(arm) = arm else { return row };
    row.days = arm.people.iter().map(|person| u64::from(person.days[at])).sum();
    let own: Vec<_> = arm.costed.iter().filter(|one| is_own(one.kind) && one.events[at] > 0).collect();
    for person in own.chunk_by(|a, b| a.person == b.person) {
        let sum =
            |of: fn(&crate::pathways::Costed) -> [u32; 2]| person.iter().map(|one| u64::from(of(one)[at])).sum::<u64>();
        let minutes = sum(|one| one.minutes);
        row.people += 1;
        row.appointments += sum(|one| one.events);
        row.timed += sum(|one| one.timed);
        row.minutes += minutes;
        row.top_two = with_one_more(row.top_two, minutes);
    }
    let years = row.days as f64 / YEAR_DAYS;
    row.value = match (row.days, row.appointments, row.timed) {
        (0, ..) => None,
        (_, 0, _) => Some(0.0),
        (_, _, 0) => None,
        (_, appointments, timed) => Some(row.minutes as f64 / timed as f64 * appointments as f64 / years),
    };
    row
}
