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

/// Refuses formats that could be taken for each other.
pub(super) fn check(formats: &[String]) -> Result<(), &'static str> {
    let mut orders = formats.iter().filter_map(|format| order(format));
    let first = orders.next();
    if orders.any(|order| Some(order) != first) {
        return Err("one column cannot have dates with the day first and dates with the month first");
    }
    Ok(())
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
}
