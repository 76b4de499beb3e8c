//! The people of a comparison, with the months of every service that matters.

use super::{Behind, Given, rate};
use crate::evaluation::Outcome;
use crate::metrics::before_after::YEAR_DAYS;
use crate::pathways::months::{self, MONTHS, PersonMonths};
use crate::pathways::{Episode, EventType, Service};
use crate::settings::Comparison;
use rayon::prelude::*;

/// Services whose use before the index date makes people alike.
pub(super) const PRIOR: [(Service, &str); 5] = [
    (Service::Events(EventType::EdAttendance), "A&E attendances"),
    (Service::Events(EventType::GpAppointment), "GP appointments"),
    (Service::Events(EventType::MhContact), "trust contacts"),
    (Service::Events(EventType::MhNight), "nights in a mental-health bed"),
    (Service::Events(EventType::TtTreatment), "Talking Therapies contacts"),
];

/// Cases, then comparators.
pub(super) struct Panel<'a> {
    /// Who, and the index date.
    pub(super) episodes: Vec<&'a Episode>,
    /// How many of them are cases: the first.
    pub(super) cases: usize,
    /// The months of services, in the order of people.
    services: Vec<(Service, Vec<PersonMonths>)>,
    /// Whole months counted before and after.
    pub(super) windows: [usize; 2],
}

impl<'a> Panel<'a> {
    /// The people of two pathways, and the months of these rates and of all prior use.
    pub(super) fn new(given: Given<'a>, pair: [usize; 2], (asked, rates): (&Comparison, &[usize])) -> Self {
        let [cases, others] =
            pair.map(|pathway| months::analysed(&given.journeys.episodes, pathway, given.observation));
        let (count, episodes) = (cases.len(), [cases, others].concat());
        let mut wanted: Vec<Service> = PRIOR.iter().map(|(service, _)| *service).collect();
        wanted.extend(rates.iter().map(|at| rate(*at).service));
        wanted.extend(asked.negative_control.as_deref().and_then(Service::of_rate));
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|service| given.observation.has(service.source()));
        let of = |service: Service| {
            let own = |episode: &&Episode| months::of(episode, service, &given.journeys.events, given.observation);
            (service, episodes.par_iter().map(own).collect())
        };
        let services = wanted.into_iter().map(of).collect();
        let windows = [asked.months_before, asked.months_after].map(|months| usize::from(months).min(MONTHS));
        Self { episodes, cases: count, services, windows }
    }

    /// How many people.
    pub(super) fn len(&self) -> usize {
        self.episodes.len()
    }

    /// The months of a service, person by person; none where its source sent nothing.
    pub(super) fn of(&self, service: Service) -> Option<&[PersonMonths]> {
        self.services.iter().find(|(own, _)| *own == service).map(|(_, months)| months.as_slice())
    }

    /// Events and years before and after, person by person.
    pub(super) fn outcomes(&self, months: &[PersonMonths]) -> Vec<Outcome> {
        let own = |person: &PersonMonths| {
            let sums = [sum(&person[MONTHS - self.windows[0]..MONTHS]), sum(&person[MONTHS..MONTHS + self.windows[1]])];
            Outcome { events: sums.map(|sum| f64::from(sum[0])), time: sums.map(|sum| f64::from(sum[1]) / YEAR_DAYS) }
        };
        months.iter().map(own).collect()
    }
}

/// Events and days of some months.
pub(super) fn sum(months: &[[u16; 2]]) -> [u32; 2] {
    months.iter().fold([0, 0], |sum, own| [sum[0] + u32::from(own[0]), sum[1] + u32::from(own[1])])
}

/// What stands behind some people in one window: 0 before, 1 after.
pub(super) fn behind(outcomes: &[Outcome], people: impl Iterator<Item = usize>, window: usize) -> Behind {
    let mut found = Behind::default();
    people
        .filter(|row| outcomes[*row].time[window] > 0.0)
        .for_each(|row| found.add(outcomes[row].events[window] as u64));
    found
}
