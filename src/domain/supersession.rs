//! Supersession: numbers that were replaced by another of the same person, as tokens.
//!
//! Only what a supplied table says. Numbers are re-issued on adoption, gender change and for protection; such pairs must not
//! be in the table and are never inferred, for joining them would out somebody.

use super::token::{Token, TokenMap};

/// From a superseded number's token to the one that replaced it. Looked up, never listed.
#[derive(Default)]
pub struct Supersession {
    pairs: Vec<(Token, Token)>,
    place: TokenMap,
}

impl Supersession {
    /// From pairs of old and new, in any order. Chains are followed. None if a number is replaced by two others, or in the
    /// end by itself.
    pub fn new(mut pairs: Vec<(Token, Token)>) -> Option<Self> {
        pairs.sort_unstable();
        pairs.dedup();
        if pairs.windows(2).any(|two| two[0].0 == two[1].0) {
            return None;
        }
        let mut place = TokenMap::with_capacity(pairs.len());
        for (at, (old, _)) in (0..).zip(&pairs) {
            place.set(*old, at);
        }
        for at in 0..pairs.len() {
            let mut steps = 0;
            while let Some(next) = place.get(pairs[at].1) {
                steps += 1;
                if steps > pairs.len() {
                    return None;
                }
                pairs[at].1 = pairs[next as usize].1;
            }
            if pairs[at].0 == pairs[at].1 {
                return None;
            }
        }
        Some(Self { pairs, place })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The number that stands for a number today: itself unless it was superseded.
    #[must_use]
    pub fn current(&self, number: Token) -> Token {
        self.place.get(number).map_or(number, |at| self.pairs[at as usize].1)
    }

    /// What of it changes who is who.
    pub fn bytes(&self) -> Vec<u8> {
        let halves = |token: &Token| {
            let (high, low) = token.halves();
            [high.to_le_bytes(), low.to_le_bytes()].concat()
        };
        self.pairs.iter().flat_map(|(old, new)| [halves(old), halves(new)].concat()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u64) -> Token {
        Token::from_halves(number, number)
    }

    #[test]
    fn chains_are_followed_and_circles_refused() {
        let pairs = |pairs: &[(u64, u64)]| pairs.iter().map(|(a, b)| (token(*a), token(*b))).collect();
        let table = Supersession::new(pairs(&[(2, 3), (1, 2), (5, 6), (1, 2)])).unwrap();
        assert_eq!([1, 2, 3, 5, 9].map(|n| table.current(token(n))), [3, 3, 3, 6, 9].map(token));
        for wrong in [&[(1, 2), (1, 3)][..], &[(1, 2), (2, 1)], &[(1, 1)], &[(0, 1), (1, 2), (2, 3), (3, 1)]] {
            assert!(Supersession::new(pairs(wrong)).is_none(), "{wrong:?}");
        }
    }
}
