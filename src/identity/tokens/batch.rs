//! Batches: values hashed many at a time. A keyed hash is two hashes, of which the second waits for the first; a processor
//! does nearly twice as many in the same time if the next one need not wait.

use sha2::block_api::compress256;

use super::{BLOCK, Tokeniser, bytes_of, one_block, padded};
use crate::domain::token::Token;

/// Blocks that wait at most: they stay in the processor's nearest memory.
const TOGETHER: usize = 64;

/// Values of one purpose. Each has a place, at which its token stands when all are hashed.
pub struct Batch<'a> {
    tokeniser: &'a Tokeniser,
    /// Values not hashed yet, as blocks, and their places.
    waiting: Vec<([u8; BLOCK], u32)>,
    tokens: Vec<Token>,
}

impl<'a> Batch<'a> {
    /// The place of no token.
    pub const NONE: u32 = 0;

    /// Without a value yet.
    pub fn new(tokeniser: &'a Tokeniser) -> Self {
        Self { tokeniser, waiting: Vec::with_capacity(TOGETHER), tokens: vec![Token::NONE] }
    }

    /// Adds a value given in pieces, as [`Tokeniser::token`] takes them; its place.
    pub fn add(&mut self, pieces: &[&[u8]]) -> u32 {
        let Some(block) = one_block(pieces) else { return self.add_known(self.tokeniser.token(pieces)) };
        let place = self.add_known(Token::NONE);
        self.waiting.push((block, place));
        if self.waiting.len() == TOGETHER {
            self.hash();
        }
        place
    }

    /// Adds a value whose token is known; its place.
    pub fn add_known(&mut self, token: Token) -> u32 {
        self.tokens.push(token);
        self.tokens.len() as u32 - 1
    }

    /// The tokens, by place.
    pub fn finish(mut self) -> Vec<Token> {
        self.hash();
        self.tokens
    }

    fn hash(&mut self) {
        for (block, _) in &mut self.waiting {
            let mut state = self.tokeniser.inner;
            compress256(&mut state, std::slice::from_ref(block));
            let mut outer = [0; BLOCK];
            outer[..32].copy_from_slice(&bytes_of(state));
            *block = padded(outer, 32);
        }
        for (block, place) in self.waiting.drain(..) {
            let mut state = self.tokeniser.outer;
            compress256(&mut state, std::slice::from_ref(&block));
            self.tokens[place as usize] = Token::of_digest(bytes_of(state));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Purpose;
    use super::*;
    use crate::identity::keys::ProjectKey;

    #[test]
    fn a_batch_has_the_tokens_of_its_values_in_their_order() {
        let tokeniser = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Record);
        let value = |at: usize| vec![b'a' + (at % 26) as u8; at];
        let mut batch = Batch::new(&tokeniser);
        let known = Token::from_halves(1, 2);
        let places: Vec<u32> = (0..150).map(|at| batch.add(&[b"id", &value(at)])).collect();
        let last = batch.add_known(known);
        let tokens = batch.finish();
        for (at, place) in places.iter().enumerate() {
            assert_eq!(tokens[*place as usize], tokeniser.token(&[b"id", &value(at)]), "{at} bytes");
        }
        assert_eq!((tokens[last as usize], tokens[Batch::NONE as usize]), (known, Token::NONE));
    }
}
