//! Marks: where either of two bytes stands in a block, 64 bytes at a look. Fields are short, so what a search costs to
//! start again after every find would be most of it.

/// The places of two bytes, in order.
pub(super) struct Marks<'b> {
    bytes: &'b [u8],
    wanted: [u8; 2],
    /// The 64 bytes last looked at start here.
    start: usize,
    /// Those of them that are marks and were not told yet, the first in the lowest bit.
    found: u64,
}

const WIDTH: usize = 64;

impl<'b> Marks<'b> {
    /// Of the `wanted` bytes in `bytes`.
    pub(super) fn new(bytes: &'b [u8], wanted: [u8; 2]) -> Self {
        let mut new = Self { bytes, wanted, start: 0, found: 0 };
        new.look();
        new
    }

    #[inline]
    fn look(&mut self) {
        let rest = &self.bytes[self.start..];
        self.found = if let Some(chunk) = rest.first_chunk() {
            find(chunk, self.wanted)
        } else {
            // What lies beyond the end is no mark, whatever is wanted.
            let mut chunk = [0; WIDTH];
            chunk[..rest.len()].copy_from_slice(rest);
            find(&chunk, self.wanted) & ((1 << rest.len()) - 1)
        };
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.bytes.len() - self.start <= WIDTH {
                return None;
            }
            self.start += WIDTH;
            self.look();
        }
        let at = self.start + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// A bit for each byte, set for marks. Written so that the compiler compares many bytes in one step.
#[inline]
fn find(chunk: &[u8; WIDTH], [one, other]: [u8; 2]) -> u64 {
    let mut is_mark = [0u8; WIDTH];
    for (is_mark, byte) in is_mark.iter_mut().zip(chunk) {
        *is_mark = u8::from(*byte == one) | u8::from(*byte == other);
    }
    // Of eight bytes of 0 or 1 the multiplication brings one bit each into the highest byte.
    let (eights, _) = is_mark.as_chunks();
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |found, eight| found << 8 | bits(eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for length in 0..200 {
            let text: Vec<u8> = (0..length).map(|at| b",\nabc,de\n,\x2d\x0bfghijk"[(at * 7 + length) % 18]).collect();
            let slow: Vec<usize> = (0..length).filter(|at| matches!(text[*at], b',' | b'\n')).collect();
            assert_eq!(Marks::new(&text, [b',', b'\n']).collect::<Vec<_>>(), slow, "{length} bytes");
            let none = vec![b'x'; length];
            assert_eq!(Marks::new(&none, [0, b'\n']).count(), 0);
        }
    }
}
