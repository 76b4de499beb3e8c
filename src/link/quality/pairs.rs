//! Q1 and Q3: records by the pass that joined them, and records of one source with a record in another, by the weakest
//! pass on the way between the two; and people of one source who are in another.

use super::super::pass::Pass;
use super::super::persons::Basis;
use super::count::{Cell, Count, Section, merge_all};
use super::subjects::{Subjects, bit};
use crate::schema::Source;

/// Passes in the order of their strength; a record that its person began with needed none.
const PASSES: usize = Pass::ALL.len() + 1;
const SOURCES: usize = Source::ALL.len();
/// The level of records that no pass joined to anything.
pub(super) const NONE: &str = "none";

fn rank(pass: Pass) -> usize {
    Pass::ALL.iter().position(|known| *known == pass).map_or(0, |at| at + 1)
}

/// Match rates of every pair of sources, in all and by pass, and the same added up from pass to pass.
pub(super) fn counts(subjects: &Subjects<'_>, joined_by: &[Pass]) -> Vec<Count> {
    let records = subjects.records;
    let place = |from: usize, to: usize, rank: usize| (from * SOURCES + to) * (PASSES + 2) + rank;
    let cells = subjects.fold(
        || vec![Cell::default(); SOURCES * SOURCES * (PASSES + 2)],
        |cells, person, own| {
            // How strongly each source's best record is held.
            let mut best = [usize::MAX; SOURCES];
            for record in own.iter().map(|record| *record as usize) {
                let source = records.source[record] as usize;
                best[source] = best[source].min(rank(joined_by[record]));
            }
            for record in own.iter().map(|record| *record as usize) {
                let (from, held) = (records.source[record] as usize, rank(joined_by[record]));
                for (to, best) in best.iter().enumerate().filter(|(to, _)| *to != from) {
                    let is_linked = *best != usize::MAX;
                    cells[place(from, to, PASSES)].add(person as u32, is_linked);
                    let by = if is_linked { (*best).max(held) } else { PASSES + 1 };
                    cells[place(from, to, by)].add(person as u32, true);
                }
            }
        },
        |all, part| merge_all(all, &part),
    );
    let mut found = Vec::new();
    for (from, to) in Source::ALL.into_iter().flat_map(|from| Source::ALL.map(|to| (from, to))) {
        let own = &cells[place(from as usize, to as usize, 0)..][..PASSES + 2];
        let all = own[PASSES];
        let has_other = records.source.contains(&to);
        if from == to || all.of == 0 || !has_other {
            continue;
        }
        let count = |measure: &str, cell: Cell| Count::new(Section::MatchRate, measure, cell).of(from).beside(to);
        let share = |cell: Cell| Cell { of: all.of, people_out: 0, ..cell };
        found.push(count("records_linked", all));
        let mut together = Cell { of: all.of, ..Cell::default() };
        for pass in Pass::ALL.into_iter().filter(|pass| own[rank(*pass)].of > 0) {
            let cell = own[rank(pass)];
            found.push(count("records_linked", share(cell)).by(pass.id()));
            together.within += cell.within;
            together.people_in += cell.people_in;
            found.push(count("records_linked_so_far", together).by(pass.id()));
        }
        found.push(count("records_linked", share(own[PASSES + 1])).by(NONE));
    }
    found
}

/// People of each source with a record in each other one, of those whose number says who they are: how far services see the
/// same people, and not how good linkage is.
pub(super) fn overlap(subjects: &Subjects<'_>, basis: &[Basis]) -> Vec<Count> {
    let known: Vec<u8> =
        subjects.sources.iter().zip(basis).filter(|(_, basis)| **basis == Basis::Nhs).map(|(own, _)| *own).collect();
    let having = |bits: u8| known.iter().filter(|own| **own & bits == bits).count() as u64;
    let mut found = Vec::new();
    for (from, to) in Source::ALL.into_iter().flat_map(|from| Source::ALL.map(|to| (from, to))) {
        let of = having(bit(from));
        if from == to || of == 0 || !subjects.records.source.contains(&to) {
            continue;
        }
        let cell = Cell::of_people(having(bit(from) | bit(to)), of);
        found.push(Count::new(Section::Overlap, "people_in_both", cell).of(from).beside(to));
    }
    found
}
