//! How far two dates of birth agree.
//!
//! Source: NHS Master Person Service partial date-of-birth rule: two of three parts, or a plain slip of the keyboard.

use crate::domain::day;

/// Agreement of two dates of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Not even two of the three parts.
    Conflict,
    /// Two of three parts, day and month swapped, digits of the day swapped, or the last two of the year swapped.
    Partial,
    /// The same day.
    Equal,
}

/// Compares two dates of birth.
pub fn agreement(a: i32, b: i32) -> Agreement {
    if a == b {
        return Agreement::Equal;
    }
    let ((year_a, month_a, day_a), (year_b, month_b, day_b)) = (day::parts(a), day::parts(b));
    let same = usize::from(year_a == year_b) + usize::from(month_a == month_b) + usize::from(day_a == day_b);
    let is_turned = year_a == year_b && month_a == day_b && day_a == month_b;
    let swap = |value: u32| value % 10 * 10 + value / 10;
    let has_day_slip = (year_a, month_a) == (year_b, month_b) && swap(day_a) == day_b;
    let has_year_slip = (month_a, day_a) == (month_b, day_b)
        && year_a / 100 == year_b / 100
        && swap(year_a as u32 % 100) == year_b as u32 % 100;
    if same >= 2 || is_turned || has_day_slip || has_year_slip { Agreement::Partial } else { Agreement::Conflict }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_agree_partly_and_strangers_do_not() {
        let d = |text: &str| day::parse_iso(text.as_bytes()).unwrap();
        assert_eq!(agreement(d("1983-12-03"), d("1983-12-03")), Agreement::Equal);
        assert_eq!(agreement(d("1983-12-03"), d("1983-03-12")), Agreement::Partial);
        assert_eq!(agreement(d("1983-12-03"), d("1984-12-03")), Agreement::Partial);
        assert_eq!(agreement(d("1983-12-03"), d("1984-11-03")), Agreement::Conflict);
        assert_eq!(agreement(d("1977-06-18"), d("1994-01-29")), Agreement::Conflict);
    }
}
