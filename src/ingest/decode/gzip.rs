//! Gzip: every member of a stream unpacked, under a cap on how much it may unpack to.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::fault::Fault;

/// Packed bytes held at a time.
const HELD: usize = 64 << 10;

/// Unpacked bytes below which the ratio says nothing: a short file of blank lines packs well too.
const FLOOR: u64 = 8 << 20;

/// A reader that counts what it hands out.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count += length as u64;
        Ok(length)
    }
}

/// The unpacked bytes of all members of a gzip stream. Faults are [`Fault`]s inside the error of a read.
pub(super) struct Gunzip<R> {
    inner: MultiGzDecoder<BufReader<Counted<R>>>,
    unpacked: u64,
    ratio: u64,
}

impl<R: Read> Gunzip<R> {
    /// Unpacks at most `ratio` bytes for each byte read.
    pub(super) fn new(packed: R, ratio: u64) -> Self {
        let counted = Counted { inner: packed, count: 0 };
        Self { inner: MultiGzDecoder::new(BufReader::with_capacity(HELD, counted)), unpacked: 0, ratio }
    }

    /// Bytes of the packed file that were used.
    fn used(&self) -> u64 {
        let buffered = self.inner.get_ref();
        buffered.get_ref().count - buffered.buffer().len() as u64
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(length) => {
                self.unpacked += length as u64;
                let used = self.used();
                if self.unpacked > FLOOR && self.unpacked / self.ratio > used {
                    return Err(Fault::GzipCap { at: used, ratio: self.ratio }.into());
                }
                Ok(length)
            }
            Err(problem) => Err(match problem.kind() {
                io::ErrorKind::UnexpectedEof => Fault::GzipCut { at: self.used() }.into(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    Fault::GzipDamaged { at: self.used() }.into()
                }
                _ => problem,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(packed: &[u8]) -> Result<Vec<u8>, Option<Fault>> {
        let mut text = Vec::new();
        match Gunzip::new(packed, 200).read_to_end(&mut text) {
            Ok(_) => Ok(text),
            Err(problem) => Err(problem.downcast().ok()),
        }
    }

    #[test]
    fn all_members_are_read() {
        let members = [packed(b"a,b\n"), packed(b""), packed(b"1,2\n")].concat();
        assert_eq!(unpacked(&members).unwrap(), b"a,b\n1,2\n");
    }

    #[test]
    fn a_cut_and_a_changed_byte_are_faults_with_a_place() {
        let members = [packed(b"a,b\n"), packed(b"1,2\n")].concat();
        let first = packed(b"a,b\n").len();
        for end in 1..members.len() {
            let result = unpacked(&members[..end]);
            if end == first {
                assert_eq!(result.unwrap(), b"a,b\n");
            } else {
                assert_eq!(result.unwrap_err(), Some(Fault::GzipCut { at: end as u64 }));
            }
        }
        let mut damaged = members.clone();
        damaged[first - 8] ^= 1;
        assert!(matches!(unpacked(&damaged).unwrap_err(), Some(Fault::GzipDamaged { .. })));
    }

    #[test]
    fn the_ratio_counts_above_the_floor_only() {
        let zeros = vec![0; FLOOR as usize];
        assert_eq!(unpacked(&packed(&zeros)).unwrap().len(), zeros.len());
        let bomb = packed(&[zeros.as_slice(), &zeros].concat());
        assert!(matches!(unpacked(&bomb).unwrap_err(), Some(Fault::GzipCap { ratio: 200, .. })));
    }
}
