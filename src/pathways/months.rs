//! Months: for every person of an arm and a service, the days observed and the events in each of the twelve months before and
//! the twelve months after the index. The index day is in none, and together the months are the windows.

use super::episodes::Episode;
use super::events::{EventType, Events};
use super::observation::Observation;
use super::windows::{Service, WINDOW_DAYS, is_analysed, seen};

/// Months before the index date, and as many after.
pub const MONTHS: usize = 12;

/// Events and days observed of each month, from twelve before the index date to twelve after.
pub type PersonMonths = [[u16; 2]; 2 * MONTHS];

/// The people of a pathway who are analysed before and after, in the order of their windows.
pub fn analysed<'a>(episodes: &'a [Episode], pathway: usize, observation: &Observation<'_>) -> Vec<&'a Episode> {
    episodes.iter().filter(|own| own.pathway == pathway && is_analysed(own, observation)).collect()
}

/// First and last day of a month: 0 is the first of the twelve before the index date, 12 the first after it.
pub fn days(index: i32, month: usize) -> (i32, i32) {
    let after = |months: usize| index + (WINDOW_DAYS as usize * months / MONTHS) as i32;
    if month < MONTHS {
        let before = |months: usize| index - (WINDOW_DAYS as usize * months / MONTHS) as i32;
        (before(MONTHS - month), before(MONTHS - month - 1) - 1)
    } else {
        (after(month - MONTHS) + 1, after(month - MONTHS + 1))
    }
}

/// The months of one person and one service, as far as they could be seen.
pub fn of(episode: &Episode, service: Service, events: &Events, observation: &Observation<'_>) -> PersonMonths {
    let observed = seen(episode, service.source(), observation, &observation.resident(episode.person));
    let own = events.of(service.events()).zip(events.seat(episode.person));
    let mut found = [[0; 2]; 2 * MONTHS];
    for (month, cell) in found.iter_mut().enumerate() {
        let (from, to) = days(episode.index, month);
        let is_event = |rows: &super::events::EventRows, row: usize| {
            let is_delivery = service.events() == EventType::CommunityContact && rows.referral[row] == episode.referral;
            !is_delivery && service.holds(rows, row) && observed.holds(rows.date[row])
        };
        let count = own.map_or(0, |(rows, seat)| rows.of(seat, from, to).filter(|row| is_event(rows, *row)).count());
        *cell = [count.min(usize::from(u16::MAX)) as u16, observed.days_within(from, to) as u16];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_are_the_windows() {
        let all: Vec<(i32, i32)> = (0..2 * MONTHS).map(|month| days(1000, month)).collect();
        assert_eq!((all[0].0, all[11].1, all[12].0, all[23].1), (1000 - 365, 999, 1001, 1365));
        assert!(all.windows(2).enumerate().all(|(at, two)| two[0].1 + if at == 11 { 2 } else { 1 } == two[1].0));
        assert!(all.iter().all(|(from, to)| (30..=31).contains(&(to - from + 1))));
    }
}
