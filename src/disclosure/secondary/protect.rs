//! Protect: hides further rows, or takes percentages of exact counts away, until nothing can be worked out that must not.
//!
//! Each round looks at the tables as a reader who knows every sum, which hidden cells rest on few people, and the exact
//! counts behind every percentage that is made of them. What he could tell too closely is mended at the sum that tells
//! it, with the row of least worth; then he looks again. It ends, for every step takes something away.

use std::collections::BTreeSet;

use super::puzzle::{Entry, Puzzle, State};
use crate::audit::{Range, Sums};
use crate::disclosure::Policy;
use crate::error::{self, Error};

/// What was done, and by which sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The row.
    pub entry: usize,
    /// How it is shown from now on.
    pub state: State,
    /// The row whose hidden number it protects; the same one for a difference.
    pub protects: usize,
    /// What would have told it.
    pub because: &'static str,
}

/// A number that could be told too closely.
struct Leak {
    number: usize,
    entry: usize,
    sum: Option<usize>,
}

/// Why a row is hidden beside another.
const TOLD: &str = "a sum of shown and hidden rows";
/// The same where it may not have been needed.
const UNSETTLED: &str = "a sum of shown and hidden rows that was not settled within the looks there are: perhaps more is hidden than need be";

/// How often the tables are looked at before giving up.
const MOST_ROUNDS: usize = 400;

/// The steps taken.
pub fn protect(puzzle: &mut Puzzle, policy: &Policy) -> Result<Vec<Step>, Error> {
    let mut steps = Vec::new();
    let mut sums = puzzle.as_read(policy);
    let told = told_before(puzzle, policy)?;
    let mut rounds = 0;
    loop {
        sums.over(puzzle.ranges(policy));
        sums.narrow().map_err(|_| Error::bug("published figures do not add up"))?;
        let (found, open) = round(puzzle, &sums, (policy, &told));
        if open == 0 {
            return Ok(steps);
        }
        rounds += 1;
        if found.is_empty() || rounds > MOST_ROUNDS {
            return Err(Error::new(
                &error::NOTHING_SAFE,
                format!("{open} hidden numbers could be worked out, and nothing is left to hide that would prevent it"),
                "release fewer tables, or wait for more people; see `disclosure` in the settings",
            ));
        }
        for step in &found {
            puzzle.entries[step.entry].state = step.state;
        }
        steps.extend(found);
    }
}

/// The steps of a round, and how many numbers are open: at most one step for each sum, so that one row that protects
/// several is not followed by more.
fn round(puzzle: &Puzzle, sums: &Sums, (policy, told): (&Policy, &[bool])) -> (Vec<Step>, usize) {
    let mut steps: Vec<Step> = Vec::new();
    let mut open = 0;
    let mut touched = BTreeSet::new();
    for (entry, number) in open_numbers(puzzle, sums, policy).filter(|(_, number)| !told[*number]) {
        let leak = Leak { number, entry, sum: telling(sums, number) };
        let is_first = leak.sum.is_none_or(|sum| touched.insert(sum));
        let mended = if is_first { mend(puzzle, sums, &leak) } else { Vec::new() };
        // That there is nobody may be seen from rows that show it, of which nothing is left to hide.
        let is_shown = mended.is_empty() && sums.range(number) == Range::only(0);
        open += usize::from(!is_shown);
        steps.extend(mended);
    }
    let (apart, close) = differences(puzzle, sums, policy);
    steps.extend(apart);
    let mut done = BTreeSet::new();
    steps.retain(|step| done.insert(step.entry));
    (steps, open + close)
}

/// The numbers that earlier releases tell by themselves. Hiding them now protects nobody.
fn told_before(puzzle: &Puzzle, policy: &Policy) -> Result<Vec<bool>, Error> {
    let mut sums = Sums::default();
    for number in &puzzle.numbers {
        sums.number(Range::any().and(number.also));
    }
    if puzzle.numbers.iter().all(|number| number.also == Range::any()) {
        return Ok(vec![false; puzzle.numbers.len()]);
    }
    for sum in &puzzle.sums {
        sums.sum(sum.clone());
    }
    sums.narrow().map_err(|_| Error::bug("released figures do not add up"))?;
    let is_told = |number: usize| {
        let range = sums.range(number);
        range.high - range.low < policy.least_width
    };
    Ok((0..puzzle.numbers.len()).map(is_told).collect())
}

fn open_numbers<'a>(
    puzzle: &'a Puzzle,
    sums: &'a Sums,
    policy: &'a Policy,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    hidden_numbers(puzzle).filter(|(entry, number)| {
        !sums.is_settled(*number) || is_open(sums, (&puzzle.entries[*entry], *number), policy)
    })
}

fn hidden_numbers(puzzle: &Puzzle) -> impl Iterator<Item = (usize, usize)> + '_ {
    let hidden = puzzle.entries.iter().enumerate().filter(|(_, entry)| entry.state.is_hidden());
    hidden.flat_map(|(at, entry)| entry.kept.iter().map(move |number| (at, *number)))
}

/// Whether a hidden number of a row can be told too closely. That nobody is in it may be seen from a whole that nobody is
/// in, and then how many are not is only the size.
fn is_open(sums: &Sums, (entry, number): (&Entry, usize), policy: &Policy) -> bool {
    let range = sums.range(number);
    let is_of_nobody = |number: usize| {
        let mut of = sums.sums_of(number).iter().map(|sum| sums.at(*sum));
        of.any(|sum| sum.whole != number && sums.range(sum.whole) == Range::only(0))
    };
    let is_size = entry.halves.is_some_and(|halves| halves.contains(&number) && halves.into_iter().any(is_of_nobody));
    range.high - range.low < policy.least_width && !is_of_nobody(number) && !is_size
}

/// The sum that says most about a number.
fn telling(sums: &Sums, number: usize) -> Option<usize> {
    let width = |sum: &usize| {
        let implied: Range = sums.implied(*sum, number);
        implied.high.saturating_sub(implied.low)
    };
    sums.sums_of(number).iter().copied().min_by_key(|sum| (width(sum), *sum))
}

/// What to take away so that a sum tells less: the percentage of a total, else the row of least worth, else the total;
/// then the rows of nobody, so that nobody knows of a hidden row that it is not of nobody too. Where all of that is gone,
/// the rows are as good as not there.
fn mend(puzzle: &Puzzle, sums: &Sums, leak: &Leak) -> Vec<Step> {
    let step = |entry: usize, state: State| Step {
        entry,
        state,
        protects: leak.entry,
        because: if sums.is_settled(leak.number) { TOLD } else { UNSETTLED },
    };
    let numbers: Vec<usize> = leak.sum.map_or_else(|| vec![leak.number], |sum| sums.at(sum).numbers().collect());
    let whole = leak.sum.map(|sum| sums.at(sum).whole);
    let least = |rows: Vec<usize>, keep: &dyn Fn(&Entry) -> bool| {
        rows.into_iter().filter(|row| keep(&puzzle.entries[*row])).min_by_key(|row| puzzle.entries[*row].worth)
    };
    let rows = |numbers: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
        let behind = |number: usize| {
            let own = &puzzle.numbers[number];
            own.rows.iter().chain(&own.kept_by).copied()
        };
        numbers.flat_map(behind).collect()
    };
    let parts = || rows(&mut numbers.iter().copied().filter(|number| whole != Some(*number)));
    let total = || rows(&mut numbers.iter().copied().filter(|number| whole == Some(*number)));
    let is_exact = |entry: &Entry| entry.state == State::Exact;
    let is_shown = |entry: &Entry| !entry.state.is_hidden() && entry.worth.1 > 0;
    let is_exact_total = |entry: &Entry| is_exact(entry) && entry.is_total;
    let one = least(parts(), &is_exact_total)
        .map(|row| step(row, State::Rounded))
        .or_else(|| least(parts(), &is_shown).map(|row| step(row, State::Hidden)))
        .or_else(|| least(total(), &is_exact).map(|row| step(row, State::Rounded)))
        .or_else(|| least(total(), &is_shown).map(|row| step(row, State::Hidden)));
    one.map_or_else(
        || further(puzzle, sums, leak.number).map(|(row, state)| step(row, state)).collect(),
        |one| vec![one],
    )
}

/// What to take away where nothing of the telling sum is left: of what adds up with it, and with that, and so on, the row of
/// least worth, else the rows of nobody; else all rows there are as good as not there. That there is nobody is not worth
/// looking far.
fn further(puzzle: &Puzzle, sums: &Sums, number: usize) -> impl Iterator<Item = (usize, State)> + use<> {
    let is_nobody = sums.range(number) == Range::only(0);
    let mut reached = BTreeSet::from([number]);
    loop {
        let near = reached.iter().flat_map(|number| sums.sums_of(*number)).flat_map(|sum| sums.at(*sum).numbers());
        let wider: BTreeSet<usize> = near.chain(reached.iter().copied()).collect();
        let found = of_rows(puzzle, &wider);
        if !found.is_empty() || is_nobody || wider.len() == reached.len() {
            return found.into_iter();
        }
        reached = wider;
    }
}

/// What can be taken away of the rows of some numbers.
fn of_rows(puzzle: &Puzzle, numbers: &BTreeSet<usize>) -> Vec<(usize, State)> {
    let behind = |number: &usize| puzzle.numbers[*number].rows.iter().chain(&puzzle.numbers[*number].kept_by).copied();
    let rows: BTreeSet<usize> = numbers.iter().flat_map(behind).collect();
    let entry = |row: &usize| &puzzle.entries[*row];
    let shown: Vec<usize> = rows.iter().copied().filter(|row| !entry(row).state.is_hidden()).collect();
    let least = shown.iter().filter(|row| entry(row).worth.1 > 0).min_by_key(|row| entry(row).worth);
    match least {
        Some(row) => vec![(*row, State::Hidden)],
        None if !shown.is_empty() => shown.into_iter().map(|row| (row, State::Hidden)).collect(),
        None => {
            let left = rows.into_iter().filter(|row| entry(row).state == State::Hidden);
            left.map(|row| (row, State::Dropped)).collect()
        }
    }
}

/// Steps against differences: a count and another that it lies in, told so closely that what lies between is known to be
/// few people.
fn differences(puzzle: &Puzzle, sums: &Sums, policy: &Policy) -> (Vec<Step>, usize) {
    let largest = policy.threshold as i64 - 1;
    let is_told = |(part, whole): &(usize, usize)| {
        // What is hidden is looked at by itself.
        if puzzle.is_hidden(*part) || puzzle.is_hidden(*whole) {
            return false;
        }
        let (part, whole) = (sums.range(*part), sums.range(*whole));
        whole.low - part.high >= 1 && whole.high.saturating_sub(part.low) <= largest
    };
    let mut steps = Vec::new();
    let mut open = 0;
    for (part, whole) in puzzle.nested.iter().copied().filter(is_told) {
        open += 1;
        let worth = |row: &&usize| puzzle.entries[**row].worth;
        let shown = |state: State| {
            let rows = [part, whole].map(|number| &puzzle.numbers[number].rows);
            rows.map(|rows| rows.iter().filter(|row| puzzle.entries[**row].state == state).collect::<Vec<_>>())
        };
        // The one that fewer rows tell.
        let fewest = |state: State| shown(state).into_iter().filter(|rows| !rows.is_empty()).min_by_key(Vec::len);
        let (rows, state) = match fewest(State::Exact) {
            Some(rows) => (rows, State::Rounded),
            None => (fewest(State::Rounded).unwrap_or_default(), State::Hidden),
        };
        let mut rows = rows;
        rows.sort_by_key(|row| worth(row));
        steps.extend(rows.into_iter().map(|row| Step {
            entry: *row,
            state,
            protects: *row,
            because: "the difference of two counts of which one is part of the other",
        }));
    }
    (steps, open)
}
