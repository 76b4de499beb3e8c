//! Date formats of one column. Several may be declared and are tried in order, but never two that read one cell as two
//! days.

/// Whether the day or the month comes first where both are numbers and the year does not lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// `31/12/2025`.
    DayFirst,
    /// `12/31/2025`.
    MonthFirst,
}

/// Refuses formats that no date fits and formats that could be taken for each other.
pub(super) fn check(formats: &[String]) -> Result<(), &'static str> {
    if !formats.iter().all(|format| is_whole(format)) {
        return Err(
            "a date format needs %Y, %d and one of %m and %b, and may have %H, %M and %S and no other sign with %",
        );
    }
    let mut orders = formats.iter().filter_map(|format| order(format));
    let first = orders.next();
    if orders.any(|order| Some(order) != first) {
        return Err("one column cannot have dates with the day first and dates with the month first");
    }
    Ok(())
}

/// Whether a format has a day, a month and a year of four digits, each once, and nothing that is not understood.
fn is_whole(format: &str) -> bool {
    let signs: Vec<&str> = format.split('%').skip(1).map(|part| part.get(..1).unwrap_or_default()).collect();
    let count = |of: &[&str]| signs.iter().filter(|sign| of.contains(sign)).count();
    let known = ["Y", "m", "b", "d", "H", "M", "S"];
    count(&["Y"]) == 1 && count(&["m", "b"]) == 1 && count(&["d"]) == 1 && count(&known) == signs.len()
}

/// None where nothing can be mistaken: the year leads, or the month is a name.
fn order(format: &str) -> Option<Order> {
    if format.starts_with("%Y") {
        return None;
    }
    let (day, month) = (format.find("%d")?, format.find("%m")?);
    Some(if day < month { Order::DayFirst } else { Order::MonthFirst })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_never_mixes_day_first_and_month_first() {
        let of = |formats: &[&str]| check(&formats.iter().map(|format| (*format).to_owned()).collect::<Vec<_>>());
        assert!(of(&["%Y-%m-%d", "%d%b%Y"]).is_ok());
        assert!(of(&["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]).is_ok());
        assert!(of(&["%d/%m/%Y", "%m/%d/%Y"]).is_err());
        assert!(of(&[]).is_ok());
    }

    #[test]
    fn a_format_that_no_date_fits_is_refused() {
        for format in ["%d/%m/%y", "%d/%m", "dd/mm/yyyy", "%d/%m/%Y %p", "%d/%m/%Y %", "%Y", "%d%d/%m/%Y", ""] {
            assert!(check(&[format.to_owned()]).is_err(), "{format}");
        }
        assert!(check(&["%d/%m/%Y %H:%M:%S".to_owned(), "%d-%b-%Y".to_owned()]).is_ok());
    }
}
