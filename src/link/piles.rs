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
            let parts: Vec<&[Entry]> = parted.iter().map(|piles| piles[pile].as_slice()).collect();
            work(&sorted(&parts))
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

/// The entries of a pile by token and row: put where the bits that follow say, for tokens are uniform, then sorted among
/// the few that are there.
fn sorted(parts: &[&[Entry]]) -> Vec<Entry> {
    let rows: usize = parts.iter().map(|part| part.len()).sum();
    let bits = rows.max(2).ilog2();
    let bucket = |token: Token| (token.first_half() << BITS >> (64 - bits)) as usize;
    let mut ends = vec![0u32; (1 << bits) + 1];
    let entries = || parts.iter().copied().flatten();
    for (token, _) in entries() {
        ends[bucket(*token) + 1] += 1;
    }
    for at in 0..1 << bits {
        ends[at + 1] += ends[at];
    }
    let mut all = vec![(Token::NONE, 0); rows];
    for entry in entries() {
        let end = &mut ends[bucket(entry.0)];
        all[*end as usize] = *entry;
        *end += 1;
    }
    let mut start = 0;
    for end in ends.into_iter().take(1 << bits) {
        all[start..end as usize].sort_unstable();
        start = end as usize;
    }
    all
}

/// One of several shares of all tokens, so that each thread has its own.
#[derive(Clone, Copy)]
pub(super) struct Share {
    at: usize,
    of: usize,
}

impl Share {
    /// A share for each thread, or a few more.
    pub(super) fn all() -> Vec<Self> {
        let of = rayon::current_num_threads().next_power_of_two().min(64);
        (0..of).map(|at| Self { at, of }).collect()
    }

    /// The place of the share that a token is in among [`Share::all`].
    fn of(token: Token, shares: usize) -> usize {
        (token.first_half() >> 58) as usize & (shares - 1)
    }

    /// Calls `found` with every row that is wanted and has a token of this share.
    pub(super) fn each(self, tokens: &[Token], is_wanted: impl Fn(usize) -> bool, mut found: impl FnMut(u32, Token)) {
        let is_own = |row: usize| {
            let token = tokens[row];
            (Self::of(token, self.of) == self.at) & token.is_some() & is_wanted(row)
        };
        each_row(tokens.len(), is_own, |row| found(row as u32, tokens[row]));
    }
}

/// Rows that are parted in one go.
const AT_ONCE: usize = 1024;

/// Calls `found` with every row that is wanted. Which thread's a row is cannot be guessed, so rows are parted without a
/// branch.
pub(super) fn each_row(rows: usize, is_wanted: impl Fn(usize) -> bool, mut found: impl FnMut(usize)) {
    let mut wanted = [0; AT_ONCE];
    for start in (0..rows).step_by(AT_ONCE) {
        let mut count = 0;
        for row in start..(start + AT_ONCE).min(rows) {
            wanted[count] = row;
            count += usize::from(is_wanted(row));
        }
        wanted[..count].iter().for_each(|row| found(*row));
    }
}

/// Rows by their tokens: of rows with one token the first.
pub(super) struct RowsByToken<'a> {
    tokens: &'a [Token],
    /// For each share its slots: part of a token above its row, or [`EMPTY`]. Never full.
    slots: Vec<Vec<u64>>,
}

const EMPTY: u64 = u64::MAX;

impl<'a> RowsByToken<'a> {
    /// Of the wanted rows that have a token.
    pub(super) fn new(tokens: &'a [Token], is_wanted: &(dyn Fn(usize) -> bool + Sync)) -> Self {
        let of_share = |share: Share| {
            let mut rows = 0;
            share.each(tokens, is_wanted, |_, _| rows += 1);
            let mut slots = vec![EMPTY; rows * 3 / 2 + 1];
            share.each(tokens, is_wanted, |row, token| {
                if let Err(at) = find(&slots, tokens, token) {
                    slots[at] = mark(token) << 32 | u64::from(row);
                }
            });
            slots
        };
        Self { tokens, slots: Share::all().into_par_iter().map(of_share).collect() }
    }

    /// The row of a token.
    pub(super) fn get(&self, token: Token) -> Option<u32> {
        find(&self.slots[Share::of(token, self.slots.len())], self.tokens, token).ok()
    }
}

/// The part of a token that a slot holds.
fn mark(token: Token) -> u64 {
    token.first_half() & u64::from(u32::MAX)
}

/// The row of a token, or the empty slot where it would be.
fn find(slots: &[u64], tokens: &[Token], token: Token) -> Result<u32, usize> {
    let (_, low) = token.halves();
    let mut at = ((u128::from(low) * slots.len() as u128) >> 64) as usize;
    loop {
        let slot = slots[at];
        if slot == EMPTY {
            return Err(at);
        }
        if slot >> 32 == mark(token) && tokens[slot as u32 as usize] == token {
            return Ok(slot as u32);
        }
        at = if at + 1 < slots.len() { at + 1 } else { 0 };
    }
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
    fn of_rows_with_one_token_the_first_wanted_is_found() {
        let tokens: Vec<Token> =
            (0..10_000).map(|row| if row % 5 == 0 { Token::NONE } else { token(row % 700) }).collect();
        let rows = RowsByToken::new(&tokens, &|row| row >= 100);
        for number in 1..700 {
            let first = (100..10_000).find(|row| tokens[*row as usize] == token(number));
            assert_eq!(rows.get(token(number)), first);
        }
        assert_eq!((rows.get(token(701)), RowsByToken::new(&[], &|_| true).get(token(1))), (None, None));
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
