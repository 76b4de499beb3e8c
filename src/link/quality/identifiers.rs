//! Q2: which identifiers rows carry, by source and month, and why a number is not used; and, for Q4, how many rows are
//! identified and linked in each month.

use super::count::{Cell, Count, Division, Section};
use super::rows::{IDENTIFIERS, Months, OUTCOMES};
use crate::domain::day;
use crate::domain::nhs_number::REASONS;
use crate::schema::Source;

/// Rows without a day.
pub(super) const NO_MONTH: &str = "not_known";

/// Identifier quality and monthly match rates of one kind of row. `unit` is the word for such rows in measures.
pub(super) fn counts(unit: &str, counted: &[(Source, Months)]) -> Vec<Count> {
    let mut found = Vec::new();
    for (source, months) in counted {
        let names = IDENTIFIERS.iter().map(|name| (Section::IdentifierQuality, format!("{unit}_with_{name}")));
        let outcomes = OUTCOMES.iter().map(|name| (Section::MatchRateByGroup, format!("{unit}_{name}")));
        for (bit, (section, measure)) in names.chain(outcomes).enumerate() {
            found.push(Count::new(section, &measure, months.cells[0][bit]).of(*source));
            for (at, cells) in months.cells.iter().enumerate().skip(1).filter(|(_, cells)| cells[bit].of > 0) {
                let month = months.month(at).map_or_else(|| NO_MONTH.to_owned(), month_name);
                found.push(Count::new(section, &measure, cells[bit]).of(*source).part(Division::Month, month));
            }
        }
        found.extend(by_reason(unit, *source, &months.reasons));
    }
    found
}

/// Rows by why their number is or is not used; nothing where rows do not tell.
pub(super) fn by_reason(unit: &str, source: Source, reasons: &[Cell]) -> Vec<Count> {
    let measure = format!("{unit}_by_reason");
    let of = reasons.iter().map(|cell| cell.of).sum::<u64>();
    if of == 0 {
        return Vec::new();
    }
    let people_in = reasons.iter().map(|cell| cell.people_in).sum();
    let all = Cell { within: of, of, people_in, ..Cell::default() };
    let mut found = vec![Count::new(Section::IdentifierQuality, &measure, all).of(source).plain()];
    for ((_, reason), cell) in REASONS.iter().zip(reasons).filter(|(_, cell)| cell.of > 0) {
        let count = Count::new(Section::IdentifierQuality, &measure, Cell { of, ..*cell }).of(source);
        found.push(count.part(Division::Reason, *reason));
    }
    found
}

/// `2025-04`.
pub(super) fn month_name(month: i32) -> String {
    day::to_iso(day::month_start(month)).chars().take(7).collect()
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    #[test]
    fn a_row_without_a_number_has_its_reason_and_its_month() {
        let row = |person: u32, month: i32, has: u8, reason: u8| rows::Row {
            person,
            month,
            has,
            reason,
            source: Source::EmergencyCare,
        };
        let april = day::month_number(day::parse_iso(b"2025-04-09").unwrap());
        let missing = REASONS.iter().position(|(_, name)| *name == "missing").unwrap() as u8;
        let rows = [row(0, april, 0b1100_0111, 0), row(0, april, 0b1100_0011, 0), row(1, april + 1, 0b100, missing)];
        let counts = counts("attendances", &rows::by_month(rows.len(), |at| rows[at]));
        let shown = |measure: &str, level: &str| {
            let count = counts.iter().find(|count| count.measure == measure && count.level == level).unwrap();
            (count.numerator, count.denominator, count.people)
        };
        assert_eq!(shown("attendances_with_nhs_number", "all"), (2, Some(3), [1, 1]));
        assert_eq!(shown("attendances_with_birth_date", "2025-04"), (1, Some(2), [1, 1]));
        assert_eq!(shown("attendances_linked", "2025-05"), (0, Some(1), [0, 1]));
        assert_eq!(shown("attendances_by_reason", "missing"), (1, Some(3), [1, 0]));
    }
}
