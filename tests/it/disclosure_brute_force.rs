//! Disclosure control against brute force: on ten thousand invented tables every way in which hidden cells can be filled
//! is tried, by plain loops, and no hidden number may come out closer than the policy allows.

use std::collections::BTreeMap;

use pathlink::audit::{Range, Relation, sums::Sum};
use pathlink::disclosure::Policy;
use pathlink::disclosure::secondary::protect::protect;
use pathlink::disclosure::secondary::puzzle::{Entry, Puzzle, State};
use pathlink::settings::Settings;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng as Chance;

/// A table: cells at the bottom, and totals of some of them.
struct Table {
    cells: Vec<u64>,
    totals: Vec<Vec<usize>>,
    sums: Vec<Sum>,
    /// Whether no two cells stand in two sums together.
    is_tree: bool,
}

fn policy() -> Policy {
    Policy::new(&Settings::default().disclosure)
}

/// One, two or three dimensions: levels; rows by columns with both margins; groups of levels.
fn table(chance: &mut Chance) -> Table {
    let most: u64 = [9, 15, 30][chance.random_range(0..3)];
    let mut cell = |_| if chance.random_range(0..5) == 0 { 0 } else { chance.random_range(0..most) };
    let equal = |whole: usize, parts: Vec<usize>| Sum { whole, parts, relation: Relation::Equal };
    let kind = cell(0) % 3;
    match kind {
        0 => {
            let count = 2 + (cell(0) % 4) as usize;
            let cells: Vec<u64> = (0..count).map(&mut cell).collect();
            let all: Vec<usize> = (0..count).collect();
            Table { cells, sums: vec![equal(count, all.clone())], totals: vec![all], is_tree: true }
        }
        1 => {
            let (rows, columns) = (2, 2 + (cell(0) % 2) as usize);
            let cells: Vec<u64> = (0..rows * columns).map(&mut cell).collect();
            let at = |row: usize, column: usize| row * columns + column;
            let by_row = (0..rows).map(|row| (0..columns).map(|column| at(row, column)).collect::<Vec<_>>());
            let by_column = (0..columns).map(|column| (0..rows).map(|row| at(row, column)).collect::<Vec<_>>());
            let mut totals: Vec<Vec<usize>> = by_row.chain(by_column).collect();
            let first = cells.len();
            let mut sums: Vec<Sum> =
                totals.iter().zip(first..).map(|(parts, whole)| equal(whole, parts.clone())).collect();
            let whole = first + totals.len();
            sums.push(equal(whole, (first..first + rows).collect()));
            sums.push(equal(whole, (first + rows..whole).collect()));
            totals.push((0..cells.len()).collect());
            Table { cells, totals, sums, is_tree: false }
        }
        _ => {
            let groups: Vec<usize> = (0..2).map(|_| 1 + (cell(0) % 3) as usize).collect();
            let cells: Vec<u64> = (0..groups.iter().sum()).map(&mut cell).collect();
            let mut totals = Vec::new();
            let mut next = 0;
            for size in groups {
                totals.push((next..next + size).collect::<Vec<_>>());
                next += size;
            }
            let first = cells.len();
            let mut sums: Vec<Sum> =
                totals.iter().zip(first..).map(|(parts, whole)| equal(whole, parts.clone())).collect();
            sums.push(equal(first + totals.len(), (first..first + totals.len()).collect()));
            totals.push((0..first).collect());
            Table { cells, totals, sums, is_tree: true }
        }
    }
}

impl Table {
    fn truths(&self) -> Vec<u64> {
        let sum = |cells: &Vec<usize>| cells.iter().map(|cell| self.cells[*cell]).sum();
        self.cells.iter().copied().chain(self.totals.iter().map(sum)).collect()
    }

    /// Counts of people, some of them with a percentage beside them that tells the exact count.
    fn puzzle(&self, policy: &Policy, chance: &mut Chance) -> Puzzle {
        let mut puzzle = Puzzle::default();
        for (at, truth) in self.truths().into_iter().enumerate() {
            let number = puzzle.number(truth);
            puzzle.numbers[number].is_small = policy.is_small(truth);
            puzzle.numbers[number].least = truth.min(1) as i64;
            let is_exact = chance.random_range(0..4) == 0;
            let state = match truth {
                _ if policy.is_small(truth) => State::Hidden,
                _ if is_exact => State::Exact,
                _ => State::Rounded,
            };
            let is_total = at >= self.cells.len();
            let worth = (u8::from(is_total), truth, at);
            puzzle.entry(Entry {
                printed: vec![number],
                told: vec![number],
                kept: vec![number],
                state,
                worth,
                is_total,
                halves: None,
            });
        }
        puzzle.sums.clone_from(&self.sums);
        puzzle
    }

    /// The least and the greatest value of every cell and total, by trying all that cells can be.
    fn possible(&self, ranges: &[Range]) -> Vec<Range> {
        let highest: i64 = ranges.iter().filter(|range| range.high < 1_000_000).map(|range| range.high).sum();
        let highest = highest.max(34);
        let mut found = vec![Range { low: i64::MAX, high: i64::MIN }; ranges.len()];
        let mut cells = vec![0; self.cells.len()];
        self.fill(0, &mut cells, (ranges, highest), &mut found);
        found
    }

    fn fill(&self, at: usize, cells: &mut Vec<i64>, (ranges, highest): (&[Range], i64), found: &mut [Range]) {
        // A total of which every cell is set, or that is exceeded already, decides at once.
        for (total, range) in self.totals.iter().zip(&ranges[cells.len()..]) {
            let sum: i64 = total.iter().filter(|cell| **cell < at).map(|cell| cells[*cell]).sum();
            let is_full = total.iter().all(|cell| *cell < at);
            if sum > range.high || (is_full && sum < range.low) {
                return;
            }
        }
        if at == cells.len() {
            let sum = |total: &Vec<usize>| total.iter().map(|cell| cells[*cell]).sum::<i64>();
            let values = cells.iter().copied().chain(self.totals.iter().map(sum));
            for (value, range) in values.zip(found) {
                (range.low, range.high) = (range.low.min(value), range.high.max(value));
            }
            return;
        }
        for value in ranges[at].low..=ranges[at].high.min(highest) {
            cells[at] = value;
            self.fill(at + 1, cells, (ranges, highest), found);
        }
    }
}

#[test]
fn no_way_to_fill_ten_thousand_tables_tells_a_hidden_number() {
    let policy = policy();
    let (mut hidden, mut dropped, mut told) = (0, 0, 0);
    let mut states: BTreeMap<State, usize> = BTreeMap::new();
    for seed in 0..10_000 {
        let mut chance = Chance::seed_from_u64(seed);
        let table = table(&mut chance);
        let mut puzzle = table.puzzle(&policy, &mut chance);
        let Ok(_) = protect(&mut puzzle, &policy) else { panic!("{seed}: nothing safe") };
        let as_read = puzzle.as_read(&policy);
        let ranges: Vec<Range> = (0..puzzle.numbers.len()).map(|at| as_read.range(at)).collect();
        // Of a table of which nothing is shown everything is possible.
        if ranges.iter().all(|range| range.high > 1_000_000) {
            dropped += 1;
            continue;
        }
        let possible = table.possible(&ranges);
        let mut narrowed = as_read.clone();
        narrowed.narrow().unwrap();
        for (at, entry) in puzzle.entries.iter().enumerate() {
            *states.entry(entry.state).or_default() += 1;
            let (range, number) = (possible[at], &puzzle.numbers[at]);
            assert!(range.holds(number.truth), "{seed}: the truth is not possible");
            assert_eq!(range.and(narrowed.range(at)), range, "{seed}: narrowed too far");
            if !entry.state.is_hidden() {
                continue;
            }
            hidden += 1;
            let is_safe = range.high - range.low >= 4 || range == Range::only(0);
            assert!(is_safe || !table.is_tree, "{seed}: {at} of {range:?}");
            told += usize::from(!is_safe);
        }
    }
    // Of rows by columns, whoever solves all sums at once may tell a few more than they tell one by one.
    assert!(told * 50 < hidden, "{told} of {hidden}");
    assert!(hidden > 10_000 && dropped < 2_000 && states.len() >= 3, "{hidden} {dropped} {states:?}");
}

#[test]
fn the_audits_bounds_are_those_of_brute_force() {
    let policy = policy();
    let mut compared = 0;
    for seed in 0..10_000 {
        let mut chance = Chance::seed_from_u64(seed);
        let table = table(&mut chance);
        // As it would be published without secondary control, so that there is something to find.
        let puzzle = table.puzzle(&policy, &mut chance);
        let mut sums = puzzle.as_read(&policy);
        let ranges: Vec<Range> = (0..puzzle.numbers.len()).map(|at| sums.range(at)).collect();
        let possible = table.possible(&ranges);
        sums.narrow().unwrap();
        for (at, range) in possible.into_iter().enumerate() {
            if table.is_tree {
                assert_eq!(sums.range(at), range, "{seed}: {at}");
                compared += 1;
            } else {
                assert_eq!(range.and(sums.range(at)), range, "{seed}: {at}");
            }
        }
    }
    assert!(compared > 30_000, "{compared}");
}

#[test]
fn one_more_person_in_a_hidden_cell_seldom_changes_what_is_published() {
    let policy = policy();
    let (mut same, mut other) = (0, 0);
    for seed in 0..2_000 {
        let mut chance = Chance::seed_from_u64(seed);
        let mut table = table(&mut chance);
        let states = |table: &Table| {
            let mut puzzle = table.puzzle(&policy, &mut Chance::seed_from_u64(seed));
            protect(&mut puzzle, &policy).unwrap();
            let shown = puzzle.entries.iter().zip(table.truths());
            shown
                .map(|(entry, truth)| match entry.state {
                    State::Hidden | State::Dropped => None,
                    State::Exact => Some(truth),
                    State::Rounded => Some(policy.round(truth)),
                })
                .collect::<Vec<_>>()
        };
        let Some(cell) = table.cells.iter().position(|count| (1..7).contains(count)) else { continue };
        let (before, was) = (states(&table), table.truths());
        table.cells[cell] += 1;
        let (after, is) = (states(&table), table.truths());
        assert_eq!(before[cell], None);
        let is_edge = |was: u64, is: u64| {
            policy.is_small(was) != policy.is_small(is) || (was > 7 && policy.round(was) != policy.round(is))
        };
        let crosses = was.iter().zip(&is).any(|(was, is)| is_edge(*was, *is));
        let is_exact = before.iter().zip(&was).zip(&is).any(|((shown, was), is)| shown == &Some(*was) && was != is);
        if !crosses && !is_exact {
            if before == after { same += 1 } else { other += 1 }
        }
    }
    // What is hidden beside it may be another row, for what can be told depends on how many there are.
    assert!(same > 200 && same > 9 * other, "{same} {other}");
}
