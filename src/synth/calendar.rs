//! Days of the generator. In: a day number, or a year, month and day. Out: the same day in the
//! other form, and its text. Leaves alone: how busy a day is (`rates.rs`).

/// A day, counted from 2022-04-01, which is day 0; earlier days are negative.
pub type Day = i32;

/// The last day of the data, 2026-03-31.
pub const LAST_DAY: Day = 1460;
/// The day after the data end; ends of stretches are exclusive.
pub(super) const END_DAY: Day = LAST_DAY + 1;
/// Months of the data, April 2022 to March 2026.
pub(super) const MONTHS: usize = 48;
/// Financial quarters in which index dates lie, 2023/24 Q1 to 2025/26 Q4.
pub(super) const QUARTERS: usize = 12;

/// 2022-04-01 counted from 1970-01-01.
const EPOCH: i32 = 19_083;

/// Year, month and day of a day number (Hinnant, `civil_from_days`).
#[must_use]
pub fn civil(day: Day) -> (i32, i32, i32) {
    let shifted = day + EPOCH + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, of_month)
}

/// Day number of a year, month and day (Hinnant, `days_from_civil`).
#[must_use]
pub fn day_of(year: i32, month: i32, of_month: i32) -> Day {
    let shifted_year = year - i32::from(month <= 2);
    let era = shifted_year.div_euclid(400);
    let of_era = shifted_year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted_month + 2) / 5 + of_month - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    era * 146_097 + days - 719_468 - EPOCH
}

/// Month of a day, counted from April 2022, which is 0; negative before.
#[must_use]
pub(super) fn month_of(day: Day) -> i32 {
    let (year, month, _) = civil(day);
    (year - 2022) * 12 + month - 4
}

/// First day of a month counted from April 2022.
#[must_use]
pub(super) fn month_start(month: i32) -> Day {
    let from_january = month + 3;
    day_of(2022 + from_january.div_euclid(12), from_january.rem_euclid(12) + 1, 1)
}

/// Adds a day as `2026-03-31`.
pub(super) fn write_day(out: &mut Vec<u8>, day: Day) {
    let (year, month, of_month) = civil(day);
    two_digits(out, year / 100);
    two_digits(out, year % 100);
    out.push(b'-');
    two_digits(out, month);
    out.push(b'-');
    two_digits(out, of_month);
}

/// Adds a minute of the day as `23:59:00`.
pub(super) fn write_minute(out: &mut Vec<u8>, minute: i32) {
    two_digits(out, minute / 60);
    out.push(b':');
    two_digits(out, minute % 60);
    out.extend_from_slice(b":00");
}

fn two_digits(out: &mut Vec<u8>, number: i32) {
    for digit in [number / 10 % 10, number % 10] {
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_with_jiff() {
        let zero = jiff::civil::date(2022, 4, 1);
        for day in (-40_000..2_000).step_by(17) {
            let date = zero + jiff::Span::new().days(day);
            let mut text = Vec::new();
            write_day(&mut text, day);
            assert_eq!(String::from_utf8(text).unwrap(), date.to_string());
            assert_eq!(day_of(date.year().into(), date.month().into(), date.day().into()), day);
        }
    }

    #[test]
    fn the_data_end_on_the_last_of_march_2026() {
        assert_eq!(civil(LAST_DAY), (2026, 3, 31));
        assert_eq!(month_of(LAST_DAY), 47);
        assert_eq!(month_start(12), 365);
    }
}
