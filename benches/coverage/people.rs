//! The same cells by plain loops over the people as they truly are, and by two wrong ways to count them. In: options.
//! Out: cells. Leaves alone: the program (`study.rs`); only its formula of the ratio is used.

use std::array::from_fn;

use pathlink::stats::ratio::Pair;
use pathlink::synth::truth::{Service, Window, windows};
use pathlink::synth::{
    AppointmentStatus, Arm, ArmEntry, LAST_DAY, Options, Person, Practice, World, is_candidate, person,
};

use crate::study::{Cell, Cells};

/// Days of a window.
const WINDOW_DAYS: i32 = 365;

/// How people's time and events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// As the truth of the generator has it.
    Right,
    /// Every registered day counts as GP time, whether or not the practice sent its appointments.
    IgnoresPracticeCoverage,
    /// People who die within the year after the index are left out.
    DropsTheDead,
}

impl Counting {
    /// Every way, the right one first.
    pub(crate) const ALL: [Self; 3] = [Self::Right, Self::IgnoresPracticeCoverage, Self::DropsTheDead];
}

/// Pairs by arm, then service.
type Pairs = [[Vec<Pair>; 4]; 4];

/// The cells of so many people of the options' world, counted in each way, in the order of [`Counting::ALL`].
///
/// With more people than the options say, it is a larger draw from the same world: practices and postcodes hang on the
/// options alone.
pub(crate) fn cells(options: &Options, people: u64) -> [Cells; 3] {
    let world = World::new(options);
    let mut pairs: [Pairs; 3] = from_fn(|_| from_fn(|_| from_fn(|_| Vec::new())));
    for index in (0..people).filter(|index| is_candidate(&world, *index)) {
        let person = person(&world, index);
        for (counting, pairs) in Counting::ALL.into_iter().zip(&mut pairs) {
            add_person(&world, &person, counting, pairs);
        }
    }
    pairs.map(|pairs| pairs.map(|services| services.map(|pairs| Cell::of(&pairs))))
}

fn add_person(world: &World, person: &Person, counting: Counting, pairs: &mut Pairs) {
    let truths = windows(world, person);
    for (place, entry) in person.arms.iter().enumerate() {
        let died = person.death.is_some_and(|death| death <= entry.index + WINDOW_DAYS);
        if counting == Counting::DropsTheDead && died {
            continue;
        }
        let Some(arm) = Arm::ALL.iter().position(|arm| *arm == entry.arm) else { continue };
        for (at, service) in Service::ALL.into_iter().enumerate() {
            let own = [0, 1].map(|window| &truths[place * 8 + at * 2 + window]);
            debug_assert!(own[0].service == service && own[0].window == Window::Before && own[0].arm == entry.arm);
            let pair = if service == Service::Gp && counting == Counting::IgnoresPracticeCoverage {
                gp_of_every_day(world, person, entry)
            } else {
                Pair { events: own.map(|own| f64::from(own.events)), time: own.map(|own| f64::from(own.days)) }
            };
            if pair.time != [0.0, 0.0] {
                pairs[arm][at].push(pair);
            }
        }
    }
}

/// GP appointments that were sent, over all days on the list.
fn gp_of_every_day(world: &World, person: &Person, entry: &ArmEntry) -> Pair {
    let sides = [(entry.index - WINDOW_DAYS, entry.index - 1), (entry.index + 1, entry.index + WINDOW_DAYS)];
    let is_counted = |side: (i32, i32), day: i32| {
        let is_registered =
            person.registrations.iter().any(|own| own.start <= day && own.end.is_none_or(|end| day < end));
        (side.0.max(0)..=side.1.min(LAST_DAY)).contains(&day)
            && is_registered
            && entry.crossover.is_none_or(|crossover| day < crossover)
    };
    let attended = || person.appointments.iter().filter(|row| row.status == AppointmentStatus::Attended);
    let sent = |practice: &Practice, day: i32| practice.has_sent(day);
    Pair {
        time: sides.map(|side| (side.0..=side.1).filter(|day| is_counted(side, *day)).count() as f64),
        events: sides.map(|side| {
            let rows =
                attended().filter(|row| is_counted(side, row.day) && sent(&world.practices[row.practice], row.day));
            rows.count() as f64
        }),
    }
}
