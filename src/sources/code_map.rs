//! Code maps: what each code of a list stands for.
//!
//! In: codes with their positions. Out: the position of a cell's code. Leaves alone: where codes come from
//! (`code_lists.rs`). Cells are looked up by the million, so a look-up neither allocates nor hashes byte by byte.

use super::code_lists::normalise;

/// A code list for one column: code to position, or to none for "not known".
#[derive(Debug, Default)]
pub struct CodeMap {
    /// Codes as the list writes them and normalised, each in the first free slot from its own on. A power of two of slots,
    /// at most a quarter of them taken.
    slots: Vec<Option<Entry>>,
    taken: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    ends: Ends,
    code: Box<[u8]>,
    position: Option<u16>,
}

/// How long a text is, and its first and last bytes: texts of up to sixteen bytes are the same if these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    length: usize,
    first: u64,
    last: u64,
}

impl Ends {
    #[inline]
    fn of(text: &[u8]) -> Self {
        let (first, last) = match (text.first_chunk(), text.last_chunk(), text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last), ..) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            (_, _, Some(first), Some(last)) => (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()),
            _ => (text.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte)), 0),
        };
        Self { length: text.len(), first, last }
    }

    fn hash(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(29) ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize
    }
}

impl CodeMap {
    /// The values of a set, each standing for itself.
    pub(super) fn of_values(values: &[String]) -> Self {
        let mut map = Self::default();
        for (position, value) in (0..).zip(values) {
            map.add(value.as_bytes(), Some(position));
        }
        map
    }

    /// What a cell means: `None` if the code is not in the list, `Some(None)` if it says "not known".
    #[inline]
    pub fn find(&self, cell: &[u8]) -> Option<Option<u16>> {
        let known = self.get(cell).or_else(|| if is_normal(cell) { None } else { self.get(&normalise(cell)) });
        known.map(|entry| entry.position)
    }

    #[inline]
    fn get(&self, code: &[u8]) -> Option<&Entry> {
        let ends = Ends::of(code);
        let mut slot = ends.hash();
        loop {
            let entry = self.slots.get(slot & self.slots.len().wrapping_sub(1))?.as_ref()?;
            if entry.ends == ends && (ends.length <= 16 || *entry.code == *code) {
                return Some(entry);
            }
            slot += 1;
        }
    }

    /// Adds a code, as the list writes it and normalised; false if the list has it with another position.
    pub(super) fn add(&mut self, code: &[u8], position: Option<u16>) -> bool {
        let normal = normalise(code);
        if normal != code {
            self.set(code, position);
        }
        let is_sound = self.get(&normal).is_none_or(|earlier| earlier.position == position);
        self.set(&normal, position);
        is_sound
    }

    fn set(&mut self, code: &[u8], position: Option<u16>) {
        if (self.taken + 1) * 4 > self.slots.len() {
            let room = (self.slots.len() * 2).max(16);
            for entry in std::mem::replace(&mut self.slots, vec![None; room]).into_iter().flatten() {
                self.place(entry);
            }
        }
        self.taken += usize::from(self.get(code).is_none());
        self.place(Entry { ends: Ends::of(code), code: code.into(), position });
    }

    fn place(&mut self, entry: Entry) {
        let mask = self.slots.len() - 1;
        let mut slot = entry.ends.hash() & mask;
        while self.slots[slot].as_ref().is_some_and(|taken| taken.code != entry.code) {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = Some(entry);
    }
}

/// Whether a code without outer blanks is certain to be in its normal form.
fn is_normal(code: &[u8]) -> bool {
    code.first() != Some(&b'0') && !code.iter().any(|byte| byte.is_ascii_lowercase() || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_length_are_told_apart() {
        let long = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890";
        let mut map = CodeMap::default();
        for length in 1..long.len() {
            assert!(map.add(&long[..length], Some(length as u16)));
        }
        for length in 1..long.len() {
            assert_eq!(map.find(&long[..length]), Some(Some(length as u16)));
            let mut other = long[..length].to_vec();
            for at in 0..length {
                other[at] ^= 1;
                assert_eq!(map.find(&other), None, "{length} bytes, another at {at}");
                other[at] ^= 1;
            }
        }
        assert_eq!(map.find(b""), None);
    }

    #[test]
    fn a_cell_is_found_however_it_is_written() {
        let mut map = CodeMap::default();
        assert!(map.add(b"01", Some(1)) && map.add(b"Did Not Attend", Some(2)) && map.add(b"Z", None));
        for (cell, found) in [
            (&b"1"[..], Some(Some(1))),
            (b"01", Some(Some(1))),
            (b"001", Some(Some(1))),
            (b"did  not attend", Some(Some(2))),
            (b"z", Some(None)),
            (b"2", None),
        ] {
            assert_eq!(map.find(cell), found);
        }
        assert!(!map.add(b"1", Some(3)));
        assert_eq!(CodeMap::default().find(b"1"), None);
    }
}
