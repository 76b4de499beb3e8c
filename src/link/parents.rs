//! Parents: from a row to the row that it belongs to. A row whose parent is in no extract is an orphan; a row whose
//! parent was excluded is excluded with it.

use rayon::prelude::*;

use super::duplicates::Fate;
use super::piles::{self, Index};
use crate::domain::token::Token;

/// No parent row.
pub const NO_ROW: u32 = u32::MAX;

/// The rows of a parent table by their own tokens.
pub struct Parents<'a> {
    index: Index,
    rows: Vec<u32>,
    fates: &'a [Fate],
}

impl<'a> Parents<'a> {
    /// Of a parent table's own tokens and fates. Of rows that share a token the first that was not a duplicate stands.
    pub fn new(own: &[Token], fates: &'a [Fate]) -> Self {
        let is_known = |row: usize| own[row].is_some() && fates[row] != Fate::Duplicated;
        let piles = piles::by_token(own, &is_known, &|entries| {
            let mut unique = entries.to_vec();
            unique.dedup_by_key(|(token, _)| *token);
            unique
        });
        let unique = piles.iter().map(Vec::len).sum();
        let (mut tokens, mut rows) = (Vec::with_capacity(unique), Vec::with_capacity(unique));
        for (token, row) in piles.into_iter().flatten() {
            tokens.push(token);
            rows.push(row);
        }
        Self { index: Index::new(tokens), rows, fates }
    }

    /// The parent row of every child, and the children's fates brought up to date. A child without a parent token keeps
    /// [`NO_ROW`] and its fate.
    pub fn follow(&self, children: &[Token], fates: &mut [Fate]) -> Vec<u32> {
        let row_of = |token: &Token| {
            let at = if token.is_some() { self.index.get(*token) } else { None };
            at.map_or(NO_ROW, |at| self.rows[at as usize])
        };
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
