//! Parents: from a row to the row that it belongs to. A row whose parent is in no extract is an orphan; a row whose
//! parent was excluded is excluded with it.

use rayon::prelude::*;

use super::duplicates::Fate;
use crate::domain::token::{Token, TokenMap};

/// No parent row.
pub const NO_ROW: u32 = u32::MAX;

/// Finds the row of every parent token. `parents` are the parents' own tokens, with their fates.
pub fn index(parents: &[Token], fates: &[Fate]) -> TokenMap {
    let mut map = TokenMap::with_capacity(parents.len());
    for (row, token) in (0u32..).zip(parents) {
        if token.is_some() && matches!(fates[row as usize], Fate::Kept | Fate::Excluded | Fate::Orphan) {
            map.first(*token, row);
        }
    }
    map
}

/// The parent row of every child, and the children's fates brought up to date. A child without a parent token keeps
/// [`NO_ROW`] and its fate.
pub fn follow(children: &[Token], fates: &mut [Fate], parents: &TokenMap, parent_fates: &[Fate]) -> Vec<u32> {
    let found: Vec<u32> = children
        .par_iter()
        .map(|token| if token.is_some() { parents.get(*token).unwrap_or(NO_ROW) } else { NO_ROW })
        .collect();
    for ((fate, row), token) in fates.iter_mut().zip(&found).zip(children) {
        if *fate != Fate::Kept || !token.is_some() {
            continue;
        }
        *fate = match parent_fates.get(*row as usize) {
            None | Some(Fate::Orphan) => Fate::Orphan,
            Some(Fate::Excluded) => Fate::Excluded,
            _ => Fate::Kept,
        };
    }
    found
}
