//! Metaphone: how an English name sounds. In: letters A to Z. Out: its code, whole, not cut to four signs.
//!
//! Source: Philips (1990), Hanging on the Metaphone, Computer Language 7(12): the original rules, not Double Metaphone. `0`
//! stands for th, `X` for sh.

/// The code of a name; empty if the name is.
pub(super) fn metaphone(name: &[u8]) -> Vec<u8> {
    let letters = start(name);
    let mut code = Vec::with_capacity(letters.len());
    for at in 0..letters.len() {
        if at > 0 && letters[at] == letters[at - 1] && letters[at] != b'C' {
            continue;
        }
        Place { letters: &letters, at }.add(&mut code);
    }
    code
}

/// The letters with a silent first one gone.
fn start(name: &[u8]) -> Vec<u8> {
    match name {
        [b'K' | b'G' | b'P', b'N', ..] | [b'A', b'E', ..] | [b'W', b'R', ..] => name[1..].to_vec(),
        [b'X', rest @ ..] => [b"S", rest].concat(),
        [b'W', b'H', rest @ ..] => [b"W", rest].concat(),
        _ => name.to_vec(),
    }
}

/// A letter among the others.
struct Place<'n> {
    letters: &'n [u8],
    at: usize,
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U')
}

const fn is_front(letter: u8) -> bool {
    matches!(letter, b'E' | b'I' | b'Y')
}

impl Place<'_> {
    /// The letter so many places on; 0 past the end.
    fn next(&self, on: usize) -> u8 {
        self.letters.get(self.at + on).copied().unwrap_or(0)
    }

    /// The letter before; 0 at the start.
    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(0, |at| self.letters[at])
    }

    /// Adds what this letter sounds like.
    fn add(&self, code: &mut Vec<u8>) {
        let (before, next, after) = (self.before(), self.next(1), self.next(2));
        match self.next(0) {
            vowel if is_vowel(vowel) => code.extend((self.at == 0).then_some(vowel)),
            b'B' => code.extend((before != b'M' || next != 0).then_some(b'B')),
            b'C' => code.extend(self.c()),
            b'D' => code.push(if next == b'G' && is_front(after) { b'J' } else { b'T' }),
            b'G' => code.extend(self.g()),
            b'H' => {
                let is_silent =
                    matches!(before, b'C' | b'S' | b'P' | b'T' | b'G') || (is_vowel(before) && !is_vowel(next));
                code.extend((!is_silent).then_some(b'H'));
            }
            b'K' => code.extend((before != b'C').then_some(b'K')),
            b'P' => code.push(if next == b'H' { b'F' } else { b'P' }),
            b'Q' => code.push(b'K'),
            b'S' => code.push(if next == b'H' || (next == b'I' && matches!(after, b'O' | b'A')) { b'X' } else { b'S' }),
            b'T' => code.extend(self.t()),
            b'V' => code.push(b'F'),
            b'W' | b'Y' => code.extend(is_vowel(next).then_some(self.next(0))),
            b'X' => code.extend(b"KS"),
            b'Z' => code.push(b'S'),
            letter => code.push(letter),
        }
    }

    fn c(&self) -> Option<u8> {
        match (self.before(), self.next(1), self.next(2)) {
            (b'S', next, _) if is_front(next) => None,
            (b'S', b'H', _) => Some(b'K'),
            (_, b'I', b'A') | (_, b'H', _) => Some(b'X'),
            (_, next, _) if is_front(next) => Some(b'S'),
            _ => Some(b'K'),
        }
    }

    fn g(&self) -> Option<u8> {
        let (before, next, after) = (self.before(), self.next(1), self.next(2));
        match next {
            b'H' if after != 0 && !is_vowel(after) => None,
            b'H' if after == 0 && self.at > 0 => None,
            b'N' if after == 0 || (after == b'E' && self.next(3) == b'D' && self.next(4) == 0) => None,
            _ if before == b'D' && is_front(next) => None,
            next if is_front(next) && before != b'G' => Some(b'J'),
            _ => Some(b'K'),
        }
    }

    fn t(&self) -> Option<u8> {
        match (self.next(1), self.next(2)) {
            (b'I', b'A' | b'O') => Some(b'X'),
            (b'H', _) => Some(b'0'),
            (b'C', b'H') => None,
            _ => Some(b'T'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_published_codes() {
        for (word, code) in [
            ("THUMB", "0M"),
            ("KNUTH", "N0"),
            ("WRIGHT", "RT"),
            ("PHISH", "FX"),
            ("SCIENCE", "SNS"),
            ("SCHOOL", "SKL"),
            ("EXETER", "EKSTR"),
            ("METAPHONE", "MTFN"),
            ("WHOLE", "WL"),
            ("DUMB", "TM"),
            ("NATION", "NXN"),
            ("XAVIER", "SFR"),
        ] {
            assert_eq!(metaphone(word.as_bytes()), code.as_bytes(), "{word}");
        }
    }

    #[test]
    fn spellings_of_a_name_sound_alike_and_names_do_not() {
        let sounds = |a: &str, b: &str| metaphone(a.as_bytes()) == metaphone(b.as_bytes());
        assert!(sounds("SMITH", "SMYTH") && sounds("CLARK", "CLARKE"));
        assert!(sounds("REID", "REED") && sounds("PHILIPS", "PHILLIPS") && sounds("STEPHENS", "STEVENS"));
        assert!(!sounds("SMITH", "JONES") && !sounds("KHAN", "CANE"));
        assert!(metaphone(b"").is_empty());
    }
}
