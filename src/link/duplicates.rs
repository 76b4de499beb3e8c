//! Duplicates: rows of one key. The later submission stays, and of one submission the row with the greatest content,
//! never the first in a file or the first file, so that order of input decides nothing. The losers are charged to their
//! files.

use std::borrow::Cow;
use std::cmp::Ordering;

use rayon::prelude::*;

use super::piles::Share;
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
    for (row, key) in (0u32..).zip(keys.iter()).filter(|(row, key)| key.is_some() && is_excluded(*row as usize)) {
        refused.first(*key, row);
    }
    for (fate, key) in fates.iter_mut().zip(keys.iter()).filter(|(_, key)| key.is_some()) {
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

/// Rows that share a key, a group a key, in the order of the keys.
fn repeated(keys: &[Token], fates: &[Fate]) -> Vec<Vec<u32>> {
    let suspects = suspects(keys, fates);
    let mut entries: Vec<(Token, u32)> = suspects.into_iter().map(|row| (keys[row as usize], row)).collect();
    entries.par_sort_unstable();
    let groups = entries.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
    groups.map(|same| same.iter().map(|(_, row)| *row).collect()).collect()
}

/// Rows whose key may stand twice. Tokens are uniform, so eight bits a row are enough to clear nine rows in ten: a row is a
/// suspect if another set its bit too.
fn suspects(keys: &[Token], fates: &[Fate]) -> Vec<u32> {
    let shares = Share::all();
    let bits = (keys.len() * 8 / shares.len()).next_power_of_two().max(64);
    let is_kept = |row: usize| fates[row] == Fate::Kept;
    let bit = |key: Token| key.halves().1 as usize & (bits - 1);
    let of_share = |share: Share| {
        // Which bits were set once, and beside them which were set again.
        let mut set = vec![[0u64; 2]; bits / 64];
        share.each(keys, is_kept, |_, key| {
            let (word, mask) = (&mut set[bit(key) / 64], 1 << (bit(key) % 64));
            word[1] |= word[0] & mask;
            word[0] |= mask;
        });
        let mut suspects = Vec::new();
        share.each(keys, is_kept, |row, key| {
            if set[bit(key) / 64][1] >> (bit(key) % 64) & 1 == 1 {
                suspects.push(row);
            }
        });
        suspects
    };
    shares.into_par_iter().flat_map_iter(of_share).collect()
}

/// One token per row that stands for its key; none where a key part is null, for such rows are never de-duplicated.
fn keys<'r>(rows: &'r Rows, source_of: &dyn Fn(u32) -> Source) -> Cow<'r, [Token]> {
    Cow::Owned(match rows.table {
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
        _ => match super::other_tables::keys(rows) {
            Some(keys) => keys,
            None => return Cow::Borrowed(rows.tokens("record")),
        },
    })
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
