//! Parents: from a row to the row that it belongs to. A row whose parent is in no extract is an orphan; a row whose
//! parent was excluded is excluded with it.

use rayon::prelude::*;

use super::duplicates::Fate;
use super::piles::RowsByToken;
use crate::domain::token::Token;

/// No parent row.
pub const NO_ROW: u32 = u32::MAX;

/// The rows of a parent table by their own tokens.
pub struct Parents<'a> {
    rows: RowsByToken<'a>,
    fates: &'a [Fate],
}

impl<'a> Parents<'a> {
    /// Of a parent table's own tokens and fates. Of rows that share a token the first that was not a duplicate stands.
    pub fn new(own: &'a [Token], fates: &'a [Fate]) -> Self {
        Self { rows: RowsByToken::new(own, &|row| fates[row] != Fate::Duplicated), fates }
    }

    /// The parent row of every child, and the children's fates brought up to date. A child without a parent token keeps
    /// [`NO_ROW`] and its fate.
    pub fn follow(&self, children: &[Token], fates: &mut [Fate]) -> Vec<u32> {
        let row_of = |token: &Token| if token.is_some() { self.rows.get(*token).unwrap_or(NO_ROW) } else { NO_ROW };
        let found: Vec<u32> = children.par_iter().with_min_len(1 << 14).map(row_of).collect();
        for ((fate, row), token) in fates.iter_mut().zip(&found).zip(children) {
            if *fate != Fate::Kept || !token.is_some() {
                continue;
            }
            *fate = match self.fates.get(*row as usize) {
                None | Some(Fate::Orphan) => Fate::Orphan,
                Some(Fate::Excluded) => Fate::Excluded,
                _ => Fate::Kept,
            };
        }
        found
    }
}
