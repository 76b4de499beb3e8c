//! The clock changes of Europe/London, from 1996 on: last Sunday of March and of October, at 01:00 universal time.
//!
//! Source: the Summer Time Order 2002 (SI 2002/262), after the directive that has fixed both days since 1996.

use super::day;

/// First year with these rules; before it the autumn change had another Sunday.
const FIRST_YEAR: i32 = 1996;
/// First minute of the hour that is skipped or doubled: 01:00.
const FROM_MINUTE: i32 = 60;
/// First minute after it.
const TO_MINUTE: i32 = 120;

/// What a clock change does to the hour from 01:00 to 01:59.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// March: the hour does not exist.
    Skipped,
    /// October: the hour happens twice.
    Doubled,
}

/// The clock change that a local time falls into; none for any other time, and before 1996.
pub fn change_at(date: i32, minute: i32) -> Option<Change> {
    if (FROM_MINUTE..TO_MINUTE).contains(&minute) { change_on(date) } else { None }
}

/// The clock change of a day.
pub fn change_on(date: i32) -> Option<Change> {
    // Day 3, 1970-01-04, was a Sunday. A missing date is the least of numbers, from which no 3 can be taken.
    if date.checked_sub(3).is_none_or(|days| days.rem_euclid(7) != 0) {
        return None;
    }
    match day::parts(date) {
        (FIRST_YEAR.., 3, 25..) => Some(Change::Skipped),
        (FIRST_YEAR.., 10, 25..) => Some(Change::Doubled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Day of March and of October on which clocks changed, as the time-zone database has them.
    const CHANGES: [(i32, u32, u32); 35] = [
        (1996, 31, 27),
        (1997, 30, 26),
        (1998, 29, 25),
        (1999, 28, 31),
        (2000, 26, 29),
        (2001, 25, 28),
        (2002, 31, 27),
        (2003, 30, 26),
        (2004, 28, 31),
        (2005, 27, 30),
        (2006, 26, 29),
        (2007, 25, 28),
        (2008, 30, 26),
        (2009, 29, 25),
        (2010, 28, 31),
        (2011, 27, 30),
        (2012, 25, 28),
        (2013, 31, 27),
        (2014, 30, 26),
        (2015, 29, 25),
        (2016, 27, 30),
        (2017, 26, 29),
        (2018, 25, 28),
        (2019, 31, 27),
        (2020, 29, 25),
        (2021, 28, 31),
        (2022, 27, 30),
        (2023, 26, 29),
        (2024, 31, 27),
        (2025, 30, 26),
        (2026, 29, 25),
        (2027, 28, 31),
        (2028, 26, 29),
        (2029, 25, 28),
        (2030, 31, 27),
    ];

    #[test]
    fn the_changes_of_1996_to_2030_are_those_of_the_time_zone_database() {
        for (year, march, october) in CHANGES {
            let (first, last) = (day::from_parts(year, 1, 1).unwrap(), day::from_parts(year, 12, 31).unwrap());
            let found: Vec<_> = (first..=last).filter_map(|date| Some((date, change_on(date)?))).collect();
            let on = |month, dom| day::from_parts(year, month, dom).unwrap();
            assert_eq!(found, [(on(3, march), Change::Skipped), (on(10, october), Change::Doubled)], "{year}");
        }
    }

    #[test]
    fn one_o_clock_is_within_and_two_o_clock_is_not() {
        let sunday = day::from_parts(2025, 3, 30).unwrap();
        let at = |minute| change_at(sunday, minute);
        assert_eq!([at(59), at(60), at(119), at(120)], [None, Some(Change::Skipped), Some(Change::Skipped), None]);
        assert_eq!(change_on(day::from_parts(1995, 3, 26).unwrap()), None);
        assert_eq!([change_at(i32::MIN, 90), change_at(i32::MAX, 90)], [None, None]);
    }
}
