//! Duplicates: rows of one key. The later submission stays, and of one submission the row with the greatest content,
//! never the first in a file or the first file, so that order of input decides nothing. The losers are charged to their
//! files.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::values::{NO_CODE, NO_DAY, Rows, Values};
use crate::domain::token::{Token, TokenMap};
use crate::schema::{Source, Table};

/// What is to become of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Kept.
    Kept,
    /// Lost to another row of the same key.
    Duplicated,
    /// Left out on purpose, or its parent was.
    Excluded,
    /// Its parent is in no extract.
    Orphan,
}

/// The fate of every row as far as keys and exclusions decide it. `source_of` gives the source of a staged file.
pub fn resolve(rows: &Rows, source_of: &(dyn Fn(u32) -> Source + Sync)) -> Vec<Fate> {
    let is_excluded = |row: usize| rows.excluded[row] != super::values::NO_CODE;
    let mut fates: Vec<Fate> =
        (0..rows.len()).map(|row| if is_excluded(row) { Fate::Excluded } else { Fate::Kept }).collect();
    let keys = keys(rows, source_of);
    // What one row of a key refuses, every row of it refuses, whichever comes first.
    let mut refused = TokenMap::with_capacity(0);
    for (row, key) in (0u32..).zip(&keys).filter(|(row, key)| key.is_some() && is_excluded(*row as usize)) {
        refused.first(*key, row);
    }
    for (fate, key) in fates.iter_mut().zip(&keys).filter(|(_, key)| key.is_some()) {
        if refused.get(*key).is_some() {
            *fate = Fate::Excluded;
        }
    }
    for group in repeated(&keys, &fates) {
        let best = group.iter().copied().max_by(|a, b| compare(rows, *a as usize, *b as usize));
        for row in group.iter().filter(|row| Some(**row) != best) {
            fates[*row as usize] = Fate::Duplicated;
        }
    }
    fates
}

/// Rows that share a key, a group a key. Tokens are uniform, so their leading bits part them into small piles, and
/// each pile is sorted on its own.
fn repeated(keys: &[Token], fates: &[Fate]) -> Vec<Vec<u32>> {
    const PILES: usize = 1 << 10;
    let pile = |key: Token| (key.first_half() >> 54) as usize;
    let counted = || (0u32..).zip(keys).filter(|(row, key)| key.is_some() && fates[*row as usize] == Fate::Kept);
    let mut ends = vec![0usize; PILES + 1];
    for (_, key) in counted() {
        ends[pile(*key) + 1] += 1;
    }
    for at in 0..PILES {
        ends[at + 1] += ends[at];
    }
    let mut piled = vec![(0u64, 0u32); ends[PILES]];
    let mut next = ends.clone();
    for (row, key) in counted() {
        let at = &mut next[pile(*key)];
        piled[*at] = (key.first_half(), row);
        *at += 1;
    }
    let mut piles: Vec<&mut [(u64, u32)]> = Vec::with_capacity(PILES);
    let mut rest = piled.as_mut_slice();
    for at in 0..PILES {
        let (pile, tail) = rest.split_at_mut(ends[at + 1] - ends[at]);
        piles.push(pile);
        rest = tail;
    }
    piles.into_par_iter().flat_map_iter(|pile| groups_of(pile, keys)).collect()
}

/// The groups of one pile; half a token sorts it and whole tokens decide.
fn groups_of(pile: &mut [(u64, u32)], keys: &[Token]) -> Vec<Vec<u32>> {
    pile.sort_unstable();
    let mut groups = Vec::new();
    for near in pile.chunk_by(|a, b| a.0 == b.0).filter(|near| near.len() > 1) {
        let mut rows: Vec<u32> = near.iter().map(|(_, row)| *row).collect();
        rows.sort_unstable_by_key(|row| (keys[*row as usize], *row));
        let same = rows.chunk_by(|a, b| keys[*a as usize] == keys[*b as usize]).filter(|same| same.len() > 1);
        groups.extend(same.map(<[u32]>::to_vec));
    }
    groups
}

/// One token per row that stands for its key; none where a key part is null, for such rows are never de-duplicated.
fn keys(rows: &Rows, source_of: &dyn Fn(u32) -> Source) -> Vec<Token> {
    match rows.table {
        Table::PersonRecords => {
            let tokens = rows.tokens("record").iter().zip(&rows.file);
            tokens
                .map(|(token, file)| if token.is_some() { token.within(source_of(*file) as u8) } else { *token })
                .collect()
        }
        Table::Registrations => {
            let (practice, start) = (rows.orgs("practice"), rows.whole("start"));
            let known: Vec<Token> = rows
                .tokens("nhs")
                .iter()
                .zip(start)
                .map(|(nhs, start)| if *start == NO_DAY { Token::NONE } else { *nhs })
                .collect();
            keyed(&known, |row| [practice[row], start[row] as u64, 0])
        }
        Table::ReferralTeams => {
            let (team, closed, rejected) =
                (rows.codes("team_type"), rows.whole("closed_date"), rows.whole("rejected_date"));
            keyed(rows.tokens("referral"), |row| [u64::from(team[row]), closed[row] as u64, rejected[row] as u64])
        }
        Table::Scores => {
            let (referral, activity) = (rows.tokens("referral"), rows.tokens("activity"));
            let (scale, date) = (rows.codes("scale"), rows.whole("date"));
            let parent = referral.iter().zip(activity).map(|(a, b)| if a.is_some() { *a } else { *b });
            let parent: Vec<Token> =
                parent.zip(scale).map(|(parent, scale)| if *scale == NO_CODE { Token::NONE } else { parent }).collect();
            keyed(&parent, |row| [u64::from(scale[row]), date[row] as u64, 0])
        }
        _ => super::other_tables::keys(rows).unwrap_or_else(|| rows.tokens("record").to_vec()),
    }
}

pub(super) fn keyed(tokens: &[Token], parts: impl Fn(usize) -> [u64; 3]) -> Vec<Token> {
    let one = |(row, token): (usize, &Token)| {
        if token.is_some() { parts(row).into_iter().fold(*token, Token::with) } else { *token }
    };
    tokens.iter().enumerate().map(one).collect()
}

/// Compares two rows of one key by when they were submitted, where files say, then by their content, column by column.
/// A row without a submission loses to one with.
fn compare(rows: &Rows, a: usize, b: usize) -> Ordering {
    rows.version.get(a).cmp(&rows.version.get(b)).then_with(|| by_content(rows, a, b))
}

fn by_content(rows: &Rows, a: usize, b: usize) -> Ordering {
    // A column that nothing reads is empty and decides nothing.
    let used = rows.columns.iter().filter(|column| !column.is_empty());
    let by_column = used.map(|column| match column {
        Values::Token(values) => values[a].cmp(&values[b]),
        Values::Whole(values) => values[a].cmp(&values[b]),
        Values::Code(values) => values[a].cmp(&values[b]),
        Values::Org(values) => values[a].cmp(&values[b]),
        Values::Decimal(values) => values[a].total_cmp(&values[b]),
    });
    by_column.fold(Ordering::Equal, Ordering::then).then_with(|| rows.provider[a].cmp(&rows.provider[b]))
}
