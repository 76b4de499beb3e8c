//! Duplicates: rows of one key. The one with the greatest content stays, never the first in a file or the first file,
//! so that order of input decides nothing. The losers are charged to their files.

use std::cmp::Ordering;

use super::values::{Rows, Values};
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
pub fn resolve(rows: &Rows, source_of: &dyn Fn(u32) -> Source) -> Vec<Fate> {
    let keys = keys(rows, source_of);
    let mut fates = vec![Fate::Kept; rows.len()];
    let mut winners = TokenMap::with_capacity(rows.len());
    for (row, key) in keys.iter().enumerate() {
        if rows.excluded[row] != super::values::NO_CODE {
            fates[row] = Fate::Excluded;
        }
        if !key.is_some() || fates[row] == Fate::Excluded {
            continue;
        }
        let best = winners.first(*key, row as u32) as usize;
        if best == row {
            continue;
        }
        if compare(rows, row, best) == Ordering::Greater {
            fates[best] = Fate::Duplicated;
            winners.set(*key, row as u32);
        } else {
            fates[row] = Fate::Duplicated;
        }
    }
    fates
}

/// One token per row that stands for its key; none where a key part is null, for such rows are never de-duplicated.
fn keys(rows: &Rows, source_of: &dyn Fn(u32) -> Source) -> Vec<Token> {
    let own = |name: &str| rows.tokens(name).to_vec();
    match rows.table {
        Table::PersonRecords => {
            let tokens = rows.tokens("record").iter().zip(&rows.file);
            tokens.map(|(token, file)| if token.is_some() { token.within(source_of(*file) as u8) } else { *token }).collect()
        }
        Table::Registrations => {
            let (practice, start) = (rows.orgs("practice"), rows.whole("start"));
            keyed(rows.tokens("nhs"), |row| [practice[row], start[row] as u64, 0])
        }
        Table::ReferralTeams => {
            let (team, closed, rejected) = (rows.codes("team_type"), rows.whole("closed_date"), rows.whole("rejected_date"));
            keyed(rows.tokens("referral"), |row| [u64::from(team[row]), closed[row] as u64, rejected[row] as u64])
        }
        Table::Scores => {
            let (referral, activity) = (rows.tokens("referral"), rows.tokens("activity"));
            let parent: Vec<Token> = referral.iter().zip(activity).map(|(a, b)| if a.is_some() { *a } else { *b }).collect();
            let (scale, date) = (rows.codes("scale"), rows.whole("date"));
            keyed(&parent, |row| [u64::from(scale[row]), date[row] as u64, 0])
        }
        _ => own("record"),
    }
}

fn keyed(tokens: &[Token], parts: impl Fn(usize) -> [u64; 3]) -> Vec<Token> {
    let one = |(row, token): (usize, &Token)| {
        if token.is_some() { parts(row).into_iter().fold(*token, Token::with) } else { *token }
    };
    tokens.iter().enumerate().map(one).collect()
}

/// Compares two rows by their content, column by column.
fn compare(rows: &Rows, a: usize, b: usize) -> Ordering {
    let by_column = rows.columns.iter().map(|column| match column {
        Values::Token(values) => values[a].cmp(&values[b]),
        Values::Whole(values) => values[a].cmp(&values[b]),
        Values::Code(values) => values[a].cmp(&values[b]),
        Values::Org(values) => values[a].cmp(&values[b]),
        Values::Decimal(values) => values[a].total_cmp(&values[b]),
    });
    by_column.fold(Ordering::Equal, Ordering::then).then_with(|| rows.provider[a].cmp(&rows.provider[b]))
}
