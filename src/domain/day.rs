//! Days: dates as whole days since 1970-01-01, as Arrow's `date32` has them.
//!
//! In: text in a declared form. Out: day numbers. Leaves alone: what a date means (`ingest/cells.rs`).

/// The months' names.
pub const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const FIRST_YEAR: i32 = 1850;
const LAST_YEAR: i32 = 2200;
const MONTH_COUNT: usize = 12 * (LAST_YEAR - FIRST_YEAR + 1) as usize;

/// First day and length of every month from [`FIRST_YEAR`] to [`LAST_YEAR`], so that parsing is a look-up.
static MONTHS: [(i32, u8); MONTH_COUNT] = months();

#[expect(clippy::large_stack_arrays, reason = "made by the compiler, on no stack of ours")]
const fn months() -> [(i32, u8); MONTH_COUNT] {
    // 1850-01-01 is so many days before 1970-01-01.
    let mut first = -43_829;
    let mut months = [(0, 0); MONTH_COUNT];
    let mut slot = 0;
    while slot < MONTH_COUNT {
        let (year, month) = (FIRST_YEAR + (slot / 12) as i32, slot % 12 + 1);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        months[slot] = (first, length);
        first += length as i32;
        slot += 1;
    }
    months
}

/// The day number of a civil date; `None` if there is no such date between 1850 and 2200.
pub fn from_parts(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let (first, length) = MONTHS[(year - FIRST_YEAR) as usize * 12 + month as usize - 1];
    (1..=u32::from(length)).contains(&day).then(|| first + day as i32 - 1)
}

/// Year, month and day of a day number.
pub fn parts(day: i32) -> (i32, u32, u32) {
    // Near the right month by its average length, then at most a step or two.
    let guess = (i64::from(day) - i64::from(MONTHS[0].0)) * 4800 / 146_097;
    let mut slot = guess.clamp(0, MONTHS.len() as i64 - 1) as usize;
    while slot > 0 && MONTHS[slot].0 > day {
        slot -= 1;
    }
    while slot + 1 < MONTHS.len() && MONTHS[slot + 1].0 <= day {
        slot += 1;
    }
    let year = FIRST_YEAR + (slot / 12) as i32;
    (year, (slot % 12) as u32 + 1, (day - MONTHS[slot].0 + 1).max(1) as u32)
}

/// Months since year 0: the grain of birth months and of coverage.
pub fn month_number(day: i32) -> i32 {
    let (year, month, _) = parts(day);
    year * 12 + month as i32 - 1
}

/// First day of a month number, as made by [`month_number`].
pub fn month_start(month: i32) -> i32 {
    from_parts(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1).unwrap_or(i32::MIN)
}

/// `YYYY-MM-DD`; `None` for anything else or for a date that does not exist.
#[inline]
pub fn parse_iso(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, dash, m1, m2, then, d1, d2] = *text else { return None };
    let [y1, y2, y3, y4, _, m1, m2, _] = digits_of([y1, y2, y3, y4, dash, m1, m2, then], *b"0000-00-")?;
    let (d1, d2) = (d1.wrapping_sub(b'0'), d2.wrapping_sub(b'0'));
    if d1 > 9 || d2 > 9 {
        return None;
    }
    let two = |tens: u8, ones: u8| u32::from(tens * 10 + ones);
    from_parts((two(y1, y2) * 100 + two(y3, y4)) as i32, two(m1, m2), two(d1, d2))
}

/// The values of the digits of eight bytes, all at once; `None` if they are not written like `form`, in which `0` stands
/// for any digit and another sign for itself.
#[inline]
pub fn digits_of(text: [u8; 8], form: [u8; 8]) -> Option<[u8; 8]> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // What may be added to a byte before its high bit is set: a digit's value is under 10, a sign leaves 0.
    let room = form.map(|sign| if sign == b'0' { 0x80 - 10 } else { 0x80 - 1 });
    let values = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    let is_like = (values | values.wrapping_add(u64::from_le_bytes(room))) & HIGH == 0;
    is_like.then(|| values.to_le_bytes())
}

/// The value of a run of ASCII digits; `None` if another byte is among them, or if it is beyond 32 bits.
pub fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0u32, |value, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// A day as a reader has it: 6 August 2018.
pub fn in_words(day: i32) -> String {
    let (year, month, dom) = parts(day);
    format!("{dom} {} {year}", MONTH_NAMES[(month as usize).saturating_sub(1) % 12])
}

/// `YYYY-MM-DD`.
pub fn to_iso(day: i32) -> String {
    let (year, month, day) = parts(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Whole years lived on `on` by someone born on `birth`. Born on 29 February: a year older on 1 March.
pub fn age_on(birth: i32, on: i32) -> i32 {
    let (birth_year, birth_month, birth_day) = parts(birth);
    let (year, month, day) = parts(on);
    year - birth_year - i32::from((month, day) < (birth_month, birth_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_and_writing_agree_with_a_calendar() {
        for day in [-40_000, -1, 0, 58, 59, 60, 11_016, 20_000, 20_513] {
            assert_eq!(parse_iso(to_iso(day).as_bytes()), Some(day));
        }
        assert_eq!(parse_iso(b"1970-01-01"), Some(0));
        assert_eq!(parse_iso(b"2024-02-29"), Some(19_782));
        for wrong in [&b"2023-02-29"[..], b"2024-13-01", b"24-01-01", b"2024-1-01", b"2024/01/01", b"", b"2024-00-10"] {
            assert_eq!(parse_iso(wrong), None);
        }
    }

    #[test]
    fn every_month_starts_and_ends_as_in_a_calendar() {
        use jiff::civil::Date;
        let epoch = Date::constant(1970, 1, 1);
        for (slot, (first, length)) in (0..).zip(MONTHS) {
            let start = Date::constant((FIRST_YEAR + slot / 12) as i16, (slot % 12) as i8 + 1, 1);
            assert_eq!(epoch.until(start).unwrap().get_days(), first, "{start}");
            assert_eq!(start.days_in_month(), length as i8, "{start}");
        }
    }

    #[test]
    fn eight_bytes_are_digits_only_where_their_form_has_them() {
        assert_eq!(
            digits_of(*b"23:59:07", *b"00:00:00").map(|values| [values[0], values[4], values[7]]),
            Some([2, 9, 7])
        );
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut text = *b"23:59:07";
                text[at] = byte;
                let is_like = if at == 2 || at == 5 { byte == b':' } else { byte.is_ascii_digit() };
                assert_eq!(digits_of(text, *b"00:00:00").is_some(), is_like, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn a_run_of_digits_beyond_32_bits_has_no_value() {
        assert_eq!(digits(b"4294967295"), Some(u32::MAX));
        assert_eq!(digits(b"4294967296"), None);
        assert_eq!(digits(b"99999999999"), None);
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let birth = parse_iso(b"2000-02-29").unwrap();
        assert_eq!(age_on(birth, parse_iso(b"2018-02-28").unwrap()), 17);
        assert_eq!(age_on(birth, parse_iso(b"2018-03-01").unwrap()), 18);
        assert_eq!(age_on(birth, parse_iso(b"2020-02-29").unwrap()), 20);
    }
}
