//! Clocks of community waits: referrals of one person to one trust that follow each other closely are one wait.
//!
//! In: referrals to trusts, care plans. Out: on the first referral of each clock the days on which it passes a limit, the
//! day on which it stops, and the day on which it stops in full; null on every other referral.

use polars::prelude::Column;

use super::trust_days::Dated;
use super::trust_referrals::Referrals;
use crate::domain::day;
use crate::frame;
use crate::link::Persons;

/// Days between the end of one referral and the receipt of the next within which both are one wait.
const GAP_DAYS: i32 = 5;
/// Limits in weeks, and the columns with the first day after them.
const LIMITS: [(i32, &str); 3] = [(52, "clock_52wk_date"), (78, "clock_78wk_date"), (104, "clock_104wk_date")];

/// One wait.
struct Clock {
    /// The row of its first referral.
    first: usize,
    start: i32,
    /// The last day of its referrals; none while one is open.
    end: Option<i32>,
    /// The two earliest direct contacts of all its referrals.
    contacts: [Option<i32>; 2],
    /// The first score of all its referrals.
    scored: Option<i32>,
}

impl Clock {
    fn meet(&mut self, own: &Referrals, row: usize) {
        let hung = &own.hung[row];
        for (day, _) in hung.first.into_iter().chain(hung.second) {
            let mut days: Vec<i32> = self.contacts.iter().flatten().copied().chain([day]).collect();
            days.sort_unstable();
            self.contacts = [days.first().copied(), days.get(1).copied()];
        }
        self.scored = self.scored.into_iter().chain(hung.scored).min();
    }

    /// The day of the second contact, or of the end without one.
    fn until(&self) -> Option<i32> {
        self.contacts[1].into_iter().chain(self.end).min()
    }

    /// The day by which there were a contact, a score and a care plan; none while one of them is missing.
    fn full_stop(&self, own: &Referrals, plans: &Dated) -> Option<i32> {
        let (person, provider) = (own.person.values()[self.first], own.provider.values()[self.first]);
        let planned = plans.first_of(provider, person, (self.start, self.end.unwrap_or(i32::MAX)))?;
        Some(self.contacts[0]?.max(self.scored?).max(planned))
    }
}

/// Whether a referral is one of those whose waits are measured.
fn is_measured(own: &Referrals, row: usize) -> bool {
    let hung = &own.hung[row];
    hung.kinds.is_core && !hung.has_spell && own.age.get(row).is_some_and(|age| age >= 18) && !own.is_rejected(row)
}

/// The clocks of one person's referrals to one trust, which come in the order of receipt.
fn clocks_of(own: &Referrals, rows: &[usize]) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = Vec::new();
    for row in rows {
        let Some(received) = own.received.get(*row) else { continue };
        let end = own.discharged.get(*row);
        match clocks.last_mut() {
            Some(clock) if clock.end.is_none_or(|last| received <= last + GAP_DAYS) => {
                clock.end = clock.end.zip(end).map(|(last, end)| last.max(end));
                clock.meet(own, *row);
            }
            _ => {
                let mut clock = Clock { first: *row, start: received, end, contacts: [None, None], scored: None };
                clock.meet(own, *row);
                clocks.push(clock);
            }
        }
    }
    clocks
}

/// The clocks of everyone.
fn clocks(own: &Referrals) -> Vec<Clock> {
    let (people, providers) = (own.person.values(), own.provider.values());
    let mut clocks = Vec::new();
    let mut start = 0;
    for of_person in people.chunk_by(|one, next| one == next) {
        let mut rows: Vec<usize> = (start..start + of_person.len()).filter(|row| is_measured(own, *row)).collect();
        rows.sort_by_key(|row| providers[*row]);
        for of_trust in rows.chunk_by(|one, next| providers[*one] == providers[*next]) {
            clocks.extend(clocks_of(own, of_trust));
        }
        start += of_person.len();
    }
    clocks
}

/// The columns of the clocks.
pub fn columns(own: &Referrals, plans: &Dated, persons: &Persons) -> Vec<Column> {
    let mut until = vec![None; own.height()];
    let mut passed = LIMITS.map(|(weeks, name)| (weeks, name, vec![None; own.height()]));
    let (mut stopped, mut waited, mut age) = (until.clone(), until.clone(), vec![None; own.height()]);
    for clock in clocks(own) {
        until[clock.first] = clock.until();
        for (weeks, _, days) in &mut passed {
            days[clock.first] = Some(clock.start + *weeks * 7 + 1);
        }
        let stop = clock.full_stop(own, plans);
        let born = persons.birth_month[own.person.values()[clock.first] as usize];
        let months = stop.zip(born).map(|(stop, born)| day::month_number(stop) - born);
        stopped[clock.first] = stop;
        waited[clock.first] = stop.map(|stop| stop - clock.start);
        age[clock.first] = months.and_then(|months| u16::try_from(months.div_euclid(12)).ok());
    }
    let mut columns = vec![
        frame::opt_i32s("clock_until_date", until.into_iter()),
        frame::opt_i32s("full_stop_date", stopped.into_iter()),
        frame::opt_i32s("full_stop_days", waited.into_iter()),
        frame::opt_u16s("full_stop_age", age.into_iter()),
    ];
    columns.extend(passed.map(|(_, name, days)| frame::opt_i32s(name, days.into_iter())));
    columns
}
