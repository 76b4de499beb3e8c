//! Rows of a small table as a puzzle: which of them are hidden so that no other can be worked out.

use super::protect::protect;
use super::puzzle::{Entry, Puzzle, State};
use crate::audit::sums::Sum;
use crate::disclosure::Policy;
use crate::error::Error;

/// Which rows are hidden. Each prints some of the numbers, all of people or none; a row with a number of few is hidden,
/// and others with it where the sums would give it away.
pub fn hidden(numbers: &[u64], rows: &[Vec<usize>], sums: Vec<Sum>, policy: &Policy) -> Result<Vec<bool>, Error> {
    let mut puzzle = Puzzle::default();
    for number in numbers {
        let at = puzzle.number(*number);
        puzzle.numbers[at].is_small = policy.is_small(*number);
        puzzle.numbers[at].least = (*number).min(policy.fewest()) as i64;
    }
    for (at, row) in rows.iter().enumerate() {
        let is_small = row.iter().any(|number| policy.is_small(numbers[*number]));
        let size = row.iter().map(|number| numbers[*number]).max().unwrap_or(0);
        puzzle.entry(Entry {
            printed: row.clone(),
            told: Vec::new(),
            kept: row.iter().copied().filter(|number| numbers[*number] > 0).collect(),
            halves: None,
            state: if is_small { State::Hidden } else { State::Rounded },
            worth: (0, size, at),
            is_total: false,
        });
    }
    let holds = |sum: &Sum| sum.error(|number| numbers[number] as i64).is_none();
    puzzle.sums = sums.into_iter().filter(holds).collect();
    protect(&mut puzzle, policy)?;
    Ok(puzzle.entries.iter().map(|entry| entry.state.is_hidden()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Relation;

    const POLICY: Policy = Policy::STANDARD;

    /// Rows of one number each, and a total after them.
    fn markers(parts: &[u64]) -> String {
        let mut numbers = parts.to_vec();
        numbers.push(parts.iter().sum());
        let rows: Vec<Vec<usize>> = (0..numbers.len()).map(|at| vec![at]).collect();
        let sum = Sum { whole: parts.len(), parts: (0..parts.len()).collect(), relation: Relation::Equal };
        let hidden = hidden(&numbers, &rows, vec![sum], &POLICY).unwrap();
        hidden.into_iter().map(|is_hidden| if is_hidden { 'c' } else { '.' }).collect()
    }

    #[test]
    fn a_hidden_part_that_total_and_rest_narrow_takes_another_with_it() {
        // 18 and 12: the total is shown as 20 and the other part as 10, so the hidden one would be 6 or 7.
        assert_eq!(markers(&[6, 12]), "cc.");
        assert_eq!(markers(&[6, 12, 30]), "cc..");
    }

    #[test]
    fn a_hidden_part_that_rounding_covers_stands_alone() {
        // 14, 23, 33 and 75 are shown as 15, 25, 35 and 75: the hidden part could be -8 to 8.
        assert_eq!(markers(&[5, 14, 23, 33]), "c....");
    }

    #[test]
    fn a_total_of_hidden_parts_alone_is_hidden_where_it_tells() {
        // 7 and 7 would be known to be 6 or 7 each from a total of 15.
        assert_eq!(markers(&[7, 7]), "ccc");
    }

    #[test]
    fn nothing_is_hidden_for_nothing() {
        assert_eq!(markers(&[20, 0, 40]), "....");
    }
}
