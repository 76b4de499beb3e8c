//! Order within a row: dates and times of one row against each other and against the clock. Counted, never changed.

use super::Columns;
use crate::domain::clock::{self, Change};
use crate::ingest::checks::{self, Check};
use crate::ingest::values::{NO_CODE, NO_DAY, Values};
use crate::schema::Table;

/// Two dates of a row in their right order, each with its time of day where the table has one.
struct Order {
    first: [&'static str; 2],
    then: [&'static str; 2],
    check: &'static Check,
}

const fn order(first: [&'static str; 2], then: [&'static str; 2], check: &'static Check) -> Order {
    Order { first, then, check }
}

const STAY: &[Order] = &[order(["start", ""], ["end", ""], &checks::END_FIRST)];

fn orders(table: Table) -> &'static [Order] {
    const REFERRALS: &[Order] = &[order(["received_date", ""], ["discharge_date", ""], &checks::DISCHARGE_FIRST)];
    const ARRIVAL: [&str; 2] = ["arrived_date", "arrived_minute"];
    const ATTENDANCES: &[Order] = &[
        order(ARRIVAL, ["departed_date", "departed_minute"], &checks::DEPARTURE_FIRST),
        order(ARRIVAL, ["decided_date", "decided_minute"], &checks::DECISION_FIRST),
    ];
    match table {
        Table::Referrals => REFERRALS,
        Table::Attendances => ATTENDANCES,
        Table::Registrations | Table::Spells | Table::WardStays | Table::TrustRegistrations => STAY,
        _ => &[],
    }
}

impl Columns<'_, '_> {
    /// Counts rows whose dates are in the wrong order, and times of arrival and departure within a clock change.
    pub(super) fn check_order(&mut self) {
        let table = self.page.reader.plan.table;
        for order in orders(table) {
            self.check_pair(order);
        }
        if table == Table::Attendances {
            for pair in [["arrived_date", "arrived_minute"], ["departed_date", "departed_minute"]] {
                self.check_clock(pair);
            }
        }
    }

    fn check_pair(&mut self, order: &Order) {
        let Some(at) = self.planned(order.then[0]) else { return };
        let (first, then) = (order.first.map(|name| self.whole(name)), order.then.map(|name| self.whole(name)));
        let (Some(first_day), Some(then_day)) = (first[0], then[0]) else { return };
        let minute = |values: Option<&[i32]>, row: usize| values.map_or(NO_DAY, |values| values[row]);
        let is_wrong = |row: usize| {
            let days = (first_day[row], then_day[row]);
            let minutes = (minute(first[1], row), minute(then[1], row));
            is_reversed(days, minutes)
        };
        let found = (0..first_day.len()).filter(|row| self.is_counted(*row) && is_wrong(*row)).count();
        self.warn(at, order.check, found as u64);
    }

    fn check_clock(&mut self, [date, minute]: [&str; 2]) {
        let Some(at) = self.planned(minute) else { return };
        let (Some(dates), Some(minutes)) = (self.whole(date), self.whole(minute)) else { return };
        let (mut skipped, mut doubled) = (0, 0);
        for (row, (date, minute)) in dates.iter().zip(minutes).enumerate() {
            match clock::change_at(*date, *minute) {
                Some(Change::Skipped) if self.is_counted(row) => skipped += 1,
                Some(Change::Doubled) if self.is_counted(row) => doubled += 1,
                _ => {}
            }
        }
        self.warn(at, &checks::SKIPPED_HOUR, skipped);
        self.warn(at, &checks::DOUBLED_HOUR, doubled);
    }

    fn is_counted(&self, row: usize) -> bool {
        self.is_kept[row] && self.page.excluded[row] == NO_CODE
    }

    /// The days, minutes or numbers of a column or detail, if the file has it.
    fn whole(&self, name: &str) -> Option<&[i32]> {
        let plan = self.page.reader.plan;
        let own = plan.table.columns().iter().position(|column| column.name == name);
        let detail = || {
            plan.details.iter().zip(&self.details).find(|(plan, values)| plan.column.name == name && values.is_some())
        };
        let values = match own {
            Some(at) => self.values[at].as_ref(),
            None => detail().and_then(|(_, values)| values.as_ref()),
        };
        match values {
            Some(Values::Whole(values)) => Some(values),
            _ => None,
        }
    }

    /// The planned column that was read as a canonical one.
    fn planned(&self, name: &str) -> Option<usize> {
        let plan = self.page.reader.plan;
        let mut all = plan.columns.iter().chain(&plan.details).zip(&self.page.reader.slot_of);
        all.position(|(plan, slot)| plan.column.name == name && slot.is_some())
    }
}

/// Whether the second of two times is before the first. Times of one day decide only where both are known, and not within
/// the hour that happens twice.
fn is_reversed((first, then): (i32, i32), (from, to): (i32, i32)) -> bool {
    if first == NO_DAY || then == NO_DAY || first < then {
        return false;
    }
    let is_doubled = |minute| clock::change_at(first, minute) == Some(Change::Doubled);
    first > then || (from != NO_DAY && to != NO_DAY && to < from && !(is_doubled(from) && is_doubled(to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::day;

    #[test]
    fn times_of_one_day_decide_where_both_are_known() {
        assert!(is_reversed((10, 9), (NO_DAY, NO_DAY)) && is_reversed((10, 10), (600, 599)));
        for (days, minutes) in [
            ((10, 10), (600, 600)),
            ((10, 10), (600, NO_DAY)),
            ((10, 11), (600, 1)),
            ((NO_DAY, 1), (1, 0)),
            ((1, NO_DAY), (1, 0)),
        ] {
            assert!(!is_reversed(days, minutes), "{days:?} {minutes:?}");
        }
    }

    #[test]
    fn a_departure_in_the_second_of_two_hours_is_in_order() {
        let sunday = day::from_parts(2025, 10, 26).unwrap();
        assert!(!is_reversed((sunday, sunday), (110, 65)));
        assert!(is_reversed((sunday, sunday), (130, 65)) && is_reversed((sunday + 1, sunday + 1), (110, 65)));
    }
}
