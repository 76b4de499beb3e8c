//! Transcoding: UTF-16 and Windows-1252 to UTF-8, strictly: what stands for no character ends the reading.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::encoding::is_undefined;
use super::fault::Fault;
use crate::sources::Encoding;

/// Bytes decoded at a time.
const CHUNK: usize = 64 << 10;

/// Text in UTF-8, decoded as it is read. A byte-order mark must be gone before.
pub(super) struct Transcoder<R> {
    inner: R,
    encoding: Encoding,
    decoder: Decoder,
    input: Vec<u8>,
    /// Decoded text, of which the first `taken` bytes were handed out.
    output: Vec<u8>,
    written: usize,
    taken: usize,
    /// Offset in the file of the next byte that is read.
    at: u64,
    /// Met in the input; told once the text before it was handed out.
    fault: Option<Fault>,
    is_done: bool,
}

impl<R: Read> Transcoder<R> {
    /// Decodes from `encoding`; `at` is the offset in the file where `inner` stands.
    pub(super) fn new(inner: R, encoding: Encoding, at: u64) -> Self {
        let from = match encoding {
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
            Encoding::Utf16 | Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf8 => encoding_rs::UTF_8,
        };
        let decoder = from.new_decoder_without_bom_handling();
        // No chunk can become longer, so the decoder never stops for want of space.
        let longest = decoder.max_utf8_buffer_length_without_replacement(CHUNK).unwrap_or(4 * CHUNK);
        Self {
            inner,
            encoding,
            decoder,
            input: vec![0; CHUNK],
            output: vec![0; longest.max(4 * CHUNK)],
            written: 0,
            taken: 0,
            at,
            fault: None,
            is_done: false,
        }
    }

    /// Reads and decodes the next chunk.
    fn decode_chunk(&mut self) -> io::Result<()> {
        let length = self.inner.read(&mut self.input)?;
        let chunk = &self.input[..length];
        let undefined = match self.encoding {
            Encoding::Windows1252 => chunk.iter().position(|byte| is_undefined(*byte)),
            _ => None,
        };
        let sound = &chunk[..undefined.unwrap_or(length)];
        let is_last = length == 0;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(sound, &mut self.output, is_last);
        (self.written, self.taken) = (written, 0);
        self.is_done = is_last;
        self.fault = match (result, undefined) {
            (DecoderResult::InputEmpty, None) => None,
            (DecoderResult::InputEmpty, Some(place)) => {
                Some(Fault::Malformed { encoding: self.encoding, at: self.at + place as u64, byte: chunk[place] })
            }
            (DecoderResult::Malformed(length, after), _) => {
                let start = (self.at + read as u64).saturating_sub(u64::from(length) + u64::from(after));
                let malformed = Fault::Malformed { encoding: self.encoding, at: start, byte: 0 };
                Some(if is_last { Fault::CharacterCut { at: start } } else { malformed })
            }
            (DecoderResult::OutputFull, _) => return Err(io::ErrorKind::OutOfMemory.into()),
        };
        self.at += length as u64;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.written {
            if let Some(fault) = self.fault {
                return Err(fault.into());
            }
            if self.is_done {
                return Ok(0);
            }
            self.decode_chunk()?;
        }
        let text = &self.output[self.taken..self.written];
        let length = text.len().min(buffer.len());
        buffer[..length].copy_from_slice(&text[..length]);
        self.taken += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text, and the fault that ended it.
    fn read(bytes: &[u8], encoding: Encoding) -> (String, Option<Fault>) {
        let mut text = Vec::new();
        let end = Transcoder::new(bytes, encoding, 0).read_to_end(&mut text);
        (String::from_utf8(text).unwrap(), end.err().and_then(|problem| problem.downcast().ok()))
    }

    #[test]
    fn every_defined_byte_of_windows_1252_is_read_and_the_five_others_are_faults() {
        assert_eq!(read(b"Zo\xEB \x80\x92", Encoding::Windows1252), ("Zoë €’".to_owned(), None));
        for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
            let fault = Fault::Malformed { encoding: Encoding::Windows1252, at: 2, byte };
            assert_eq!(read(&[b'a', 0xE9, byte, b'b'], Encoding::Windows1252), ("aé".to_owned(), Some(fault)));
        }
    }

    #[test]
    fn a_surrogate_without_its_pair_is_a_fault_at_its_place() {
        let units = |units: &[u16]| units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>();
        let malformed = |at| Some(Fault::Malformed { encoding: Encoding::Utf16Le, at, byte: 0 });
        let lone = |bytes: &[u8]| read(bytes, Encoding::Utf16Le).1;
        assert_eq!(read(&units(&[0x41, 0xD83D, 0xDE00]), Encoding::Utf16Le), ("A😀".to_owned(), None));
        assert_eq!(lone(&units(&[0x41, 0xD83D, 0x42])), malformed(2));
        assert_eq!(lone(&units(&[0x41, 0x42, 0xDE00, 0x42])), malformed(4));
        assert_eq!(lone(&units(&[0xD83D, 0xD83D, 0xDE00])), malformed(0));
        assert_eq!(lone(&units(&[0x41, 0xD83D])), Some(Fault::CharacterCut { at: 2 }));
        assert_eq!(lone(b"A\0B"), Some(Fault::CharacterCut { at: 2 }));
    }

    /// Hands out one to three bytes at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1 % 3 + 1;
            let length = self.1.min(buffer.len()).min(self.0.len());
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    #[test]
    fn characters_that_two_reads_share_are_whole() {
        let text = "Zoë,😀,€\r\n".repeat(300);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut found = String::new();
        Transcoder::new(Trickle(&bytes, 0), Encoding::Utf16Be, 0).read_to_string(&mut found).unwrap();
        assert_eq!(found, text);
    }
}
