//! Compat: pseudonyms made for another party, in its way, from columns of a CSV.
//!
//! In: a CSV, the columns in their order, the other party's salt. Out: a file of `row,digest,reason` that only its owner may
//! read, and counts. A row without a usable value has a reason and no digest. Leaves alone: this project's own tokens and key.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use crate::domain::day;
use crate::domain::nhs_number::{self, Accepts, REASONS, Reason};
use crate::domain::scheme::Scheme;
use crate::error::{self, Error};
use crate::identity::compat::{Salt, written};

/// What is asked for.
pub struct Asked {
    /// How the other party makes its pseudonyms.
    pub scheme: Scheme,
    /// The CSV.
    pub input: PathBuf,
    /// The columns whose values are hashed, in this order.
    pub columns: Vec<String>,
    /// Which of them holds NHS numbers, which are checked first; none for no such column.
    pub number: Option<String>,
    /// Which numbers are used.
    pub accepts: Accepts,
    /// The file to make.
    pub output: PathBuf,
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Rows with a digest.
    pub digests: u64,
    /// Rows without one, by reason.
    pub without: BTreeMap<&'static str, u64>,
}

/// Makes the digests. The file is taken away again if the input cannot be read to its end.
pub fn make(asked: &Asked, salt: &Salt) -> Result<Made, Error> {
    let input = File::open(&asked.input).map_err(|_| unreadable(asked, "it cannot be opened", "check its path"))?;
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(input);
    let headings =
        reader.byte_headers().map_err(|_| unreadable(asked, "it has no heading row", "give a CSV with headings"))?;
    let places = places(asked, headings)?;
    let number = asked.number.as_ref().and_then(|name| asked.columns.iter().position(|column| column == name));
    let out =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&asked.output).map_err(
            |problem| match problem.kind() {
                std::io::ErrorKind::AlreadyExists => Error::new(
                    &error::CANNOT_WRITE,
                    format!("{} is already there", asked.output.display()),
                    "name another file, or delete this one",
                ),
                _ => Error::cannot_write(&asked.output),
            },
        )?;
    let done = Rows { asked, salt, places, number }.write(&mut reader, out);
    if done.is_err() {
        let _ = fs::remove_file(&asked.output);
    }
    done
}

/// Where the columns stand.
fn places(asked: &Asked, headings: &ByteRecord) -> Result<Vec<usize>, Error> {
    let name = |heading: &[u8]| {
        let text = String::from_utf8_lossy(heading);
        text.trim_start_matches('\u{feff}').trim().to_owned()
    };
    let names: Vec<String> = headings.iter().map(name).collect();
    let place = |column: &String| {
        let mut found =
            names.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(column)).map(|(at, _)| at);
        let fault = |code, what: &str| {
            let what = format!("{} {what} `{column}`", shown(&asked.input));
            Err(Error::new(
                code,
                what,
                "name the columns as the file's heading row has them, in the order in which they are hashed",
            ))
        };
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(at),
            (None, _) => fault(&error::HEADING_MISSING, "has no heading"),
            (Some(_), Some(_)) => fault(&error::HEADING_REPEATED, "has more than one heading"),
        }
    };
    asked.columns.iter().map(place).collect()
}

struct Rows<'a> {
    asked: &'a Asked,
    salt: &'a Salt,
    places: Vec<usize>,
    /// Which of the columns holds NHS numbers.
    number: Option<usize>,
}

impl Rows<'_> {
    fn write(&self, reader: &mut csv::Reader<File>, out: File) -> Result<Made, Error> {
        let failed = |_: std::io::Error| Error::cannot_write(&self.asked.output);
        let (mut made, mut record, mut row) = (Made::default(), ByteRecord::new(), 0u64);
        let mut out = BufWriter::new(out);
        out.write_all(b"row,digest,reason\r\n").map_err(failed)?;
        while reader.read_byte_record(&mut record).map_err(|_| {
            let why = format!("row {} is not whole or has another number of fields", row + 1);
            unreadable(self.asked, &why, "export it again as UTF-8 with commas and quotes")
        })? {
            row += 1;
            match self.digest(&record) {
                Ok(digest) => {
                    made.digests += 1;
                    write!(out, "{row},{},\r\n", written(self.asked.scheme, &digest)).map_err(failed)?;
                }
                Err(reason) => {
                    *made.without.entry(reason).or_default() += 1;
                    write!(out, "{row},,{reason}\r\n").map_err(failed)?;
                }
            }
        }
        let out = out.into_inner().map_err(|_| Error::cannot_write(&self.asked.output))?;
        out.sync_all().map_err(failed)?;
        Ok(made)
    }

    /// The digest of a row, or why it has none.
    fn digest(&self, record: &ByteRecord) -> Result<Vec<u8>, &'static str> {
        let mut values = Vec::with_capacity(self.places.len());
        for (at, place) in self.places.iter().enumerate() {
            let cell = record.get(*place).unwrap_or_default().trim_ascii();
            if cell.is_empty() {
                return Err(word(Reason::Missing));
            }
            values.push(if self.number == Some(at) { self.checked(cell)? } else { self.other(at, cell)? });
        }
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        self.salt.digest(self.asked.scheme, &values).ok_or(word(Reason::Missing))
    }

    /// The ten digits of a usable number.
    fn checked(&self, cell: &[u8]) -> Result<Vec<u8>, &'static str> {
        let (number, reason) = nhs_number::read(cell, None, self.asked.accepts);
        number.map(|number| number.digits().to_vec()).ok_or(word(reason))
    }

    /// Another value, in the form that its scheme asks for.
    fn other(&self, at: usize, cell: &[u8]) -> Result<Vec<u8>, &'static str> {
        let (is_right, value) = match (self.asked.scheme, at) {
            (Scheme::NdrsBirthdatePostcode, 0) => (day::parse_iso(cell).is_some(), cell.to_vec()),
            (Scheme::NdrsBirthdatePostcode, _) => (true, cell.to_ascii_uppercase()),
            (Scheme::NdrsPseudoid, _) => {
                (cell.len() == 64 && cell.iter().all(u8::is_ascii_hexdigit), cell.to_ascii_lowercase())
            }
            _ => (true, cell.to_vec()),
        };
        if is_right { Ok(value) } else { Err(word(Reason::Format)) }
    }
}

fn word(reason: Reason) -> &'static str {
    REASONS.iter().find(|(known, _)| *known == reason).map_or("", |(_, word)| word)
}

fn shown(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn unreadable(asked: &Asked, why: &str, fix: &str) -> Error {
    Error::new(&error::INPUT_UNREADABLE, format!("{} cannot be read", shown(&asked.input)), fix).because(why)
}
