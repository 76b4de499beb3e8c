//! Piles: rows parted by the leading bits of their tokens. Tokens are uniform, so piles are of one size and can be worked on
//! side by side; equal tokens are in one pile, and piles are in the order of their tokens.

use rayon::prelude::*;

use crate::domain::token::Token;

/// A token and its row.
pub(super) type Entry = (Token, u32);

/// Leading bits that part the rows.
const BITS: u32 = 8;

/// Calls `work` with the rows of each pile, sorted by token and row; results are in the order of the tokens.
pub(super) fn by_token<T: Send>(
    tokens: &[Token],
    is_wanted: &(dyn Fn(usize) -> bool + Sync),
    work: &(dyn Fn(&[Entry]) -> T + Sync),
) -> Vec<T> {
    let chunk = tokens.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
    let parted: Vec<Vec<Vec<Entry>>> =
        tokens.par_chunks(chunk).enumerate().map(|(at, tokens)| part(tokens, at * chunk, is_wanted)).collect();
    (0..1usize << BITS)
        .into_par_iter()
        .map(|pile| {
            let mut entries: Vec<Entry> = parted.iter().flat_map(|piles| &piles[pile]).copied().collect();
            entries.sort_unstable();
            work(&entries)
        })
        .collect()
}

fn part(tokens: &[Token], first: usize, is_wanted: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Vec<Entry>> {
    let room = (tokens.len() >> BITS) * 9 / 8 + 16;
    let mut piles: Vec<Vec<Entry>> = (0..1 << BITS).map(|_| Vec::with_capacity(room)).collect();
    for (row, token) in (first..).zip(tokens) {
        if is_wanted(row) {
            piles[(token.first_half() >> (64 - BITS)) as usize].push((*token, row as u32));
        }
    }
    piles
}

/// Unique tokens in order, found by their leading bits.
pub(super) struct Index {
    tokens: Vec<Token>,
    starts: Vec<u32>,
    shift: u32,
}

impl Index {
    /// Of tokens that are sorted and unique.
    pub(super) fn new(tokens: Vec<Token>) -> Self {
        let bits = (tokens.len().max(2).ilog2() + 1).min(30);
        let shift = 64 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for token in &tokens {
            starts[(token.first_half() >> shift) as usize + 1] += 1;
        }
        for at in 0..1 << bits {
            starts[at + 1] += starts[at];
        }
        Self { tokens, starts, shift }
    }

    /// The place of a token.
    pub(super) fn get(&self, token: Token) -> Option<u32> {
        let bucket = (token.first_half() >> self.shift) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        (start..end).find(|at| self.tokens[*at as usize] == token)
    }

    /// The tokens in order.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens in order, without the index.
    pub(super) fn into_tokens(self) -> Vec<Token> {
        self.tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u64) -> Token {
        Token::from_halves(number.wrapping_mul(0x9e37_79b9_7f4a_7c15), number)
    }

    #[test]
    fn piles_hold_every_wanted_row_in_the_order_of_tokens() {
        let tokens: Vec<Token> = (0..10_000).map(|row| token(row % 700)).collect();
        let piles = by_token(&tokens, &|row| row % 3 != 0, &<[Entry]>::to_vec);
        let all = piles.concat();
        let mut expected: Vec<Entry> =
            (0..10_000u32).filter(|row| row % 3 != 0).map(|row| (tokens[row as usize], row)).collect();
        expected.sort_unstable();
        assert_eq!(all, expected);
    }

    #[test]
    fn an_index_finds_what_it_has_and_nothing_else() {
        for length in [0, 1, 2, 1000] {
            let mut tokens: Vec<Token> = (0..length).map(token).collect();
            tokens.sort_unstable();
            let index = Index::new(tokens.clone());
            for (at, own) in tokens.iter().enumerate() {
                assert_eq!(index.get(*own), Some(at as u32));
            }
            assert_eq!(index.get(token(length + 5)), None);
        }
    }
}
