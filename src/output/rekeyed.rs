//! The re-keying table: what each stage-1 token is under the next key, and which tokens have no new one.
//!
//! In: tokens of the same rows under both keys. Out: Parquet files for a restricted folder, in the order of the old tokens;
//! and of such a folder, found again among the runs, its pairs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::frame;
use crate::identity::tokens::Purpose;

/// Rows that are turned into text in one go.
const ROWS_AT_ONCE: usize = 1 << 17;

/// Why a token has no new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It came as a token in a pseudonymised file: its sender holds the identifier, and sends the file again.
    Pseudonymised,
    /// It is in the store, and no current extract holds its identifier.
    NotFoundAgain,
}

impl Why {
    /// Every reason, in the order of outputs.
    pub const ALL: [Self; 2] = [Self::Pseudonymised, Self::NotFoundAgain];

    /// As outputs say it.
    pub fn word(self) -> &'static str {
        ["pseudonymised", "not_found_again"][self as usize]
    }
}

/// Old tokens of one purpose and their new ones.
#[derive(Default)]
pub struct Table {
    pairs: Vec<(Token, Token)>,
}

impl Table {
    /// Adds the tokens of the same rows under both keys.
    pub fn add(&mut self, old: &[Token], new: &[Token]) -> Result<(), Error> {
        if old.len() != new.len() || old.iter().zip(new).any(|(old, new)| old.is_some() != new.is_some()) {
            return Err(Error::bug("a row has another identity under the new key"));
        }
        self.pairs.extend(old.iter().copied().zip(new.iter().copied()).filter(|(old, _)| old.is_some()));
        self.settle();
        Ok(())
    }

    /// In order, each pair once. Rows repeat, so it is done file by file.
    fn settle(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
    }

    /// Fails if an old token has two new ones: it would be two people's.
    pub fn check(&self) -> Result<(), Error> {
        let is_twofold = self.pairs.windows(2).any(|pair| pair[0].0 == pair[1].0);
        if is_twofold { Err(Error::bug("a token has two new ones")) } else { Ok(()) }
    }

    /// How many tokens have a new one.
    pub fn rows(&self) -> u64 {
        self.pairs.len() as u64
    }

    /// The tokens that have no new one, each once with its first reason.
    pub fn without(&self, tokens: impl Iterator<Item = (Token, Why)>) -> Vec<(Token, Why)> {
        let is_known = |token: &Token| self.pairs.binary_search_by_key(token, |(old, _)| *old).is_ok();
        let mut lost: Vec<_> = tokens.filter(|(token, _)| token.is_some() && !is_known(token)).collect();
        lost.sort_unstable();
        lost.dedup_by_key(|(token, _)| *token);
        lost
    }
}

const OLD: &str = "old_token";
const NEW: &str = "new_token";

/// The name of the folder of a rotation, of the versions and check values of its keys.
pub fn folder_name([(from, old), (to, new)]: [(u32, &str); 2]) -> String {
    format!("rekey_v{from}_{old}_to_v{to}_{new}")
}

/// The rotation that made a key.
pub struct Rotation {
    /// Its folder among the runs.
    pub folder: PathBuf,
    /// Check value of the key before.
    pub from: String,
}

/// Finds the rotation that made the key of a check value among the runs; none if it was made by no rotation.
pub fn rotation_to(runs: &Path, check_value: &str) -> Option<Rotation> {
    let names = std::fs::read_dir(runs).ok()?.flatten().map(|entry| entry.file_name());
    let mut all: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    all.sort_unstable();
    all.into_iter().find_map(|name| {
        let (from, to) = name.strip_prefix("rekey_v")?.split_once("_to_v")?;
        let ((from, old), (to, new)) = (from.split_once('_')?, to.split_once('_')?);
        // A key has a later version than the one that it replaces: rotations never go round in a circle.
        let is_later = from.parse::<u32>().ok()? < to.parse::<u32>().ok()?;
        let from = old.to_owned();
        (is_later && new == check_value).then(|| Rotation { folder: runs.join(&name), from })
    })
}

impl Rotation {
    /// Tells every pair of an old token and its new one, some at a time.
    pub fn pairs(&self, mut each: impl FnMut(&[(Token, Token)])) -> Result<(), Error> {
        let folder = self.folder.join("restricted");
        let damaged = || {
            Error::new(
                &error::REGISTRY_DAMAGED,
                format!("the re-keying table in {} cannot be read", folder.display()),
                "bring the folder back from a backup; or move it away, and person ids start anew under the new key",
            )
        };
        for purpose in PURPOSES {
            for batch in frame::batches(&folder.join(file_name(purpose))).map_err(|_| damaged())? {
                let texts = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
                let (old, new) = texts(OLD).zip(texts(NEW)).ok_or_else(damaged)?;
                let token = |text: Option<&str>| text.and_then(Token::from_hex);
                let pair = |(old, new)| token(old).zip(token(new));
                let pairs: Option<Vec<(Token, Token)>> = old.iter().zip(new).map(pair).collect();
                each(&pairs.ok_or_else(damaged)?);
            }
        }
        Ok(())
    }
}

/// The purposes of stage-1 tokens, in the order of outputs.
pub const PURPOSES: [Purpose; 3] = [Purpose::Nhs, Purpose::Local, Purpose::Record];

/// The file of a purpose's table.
pub fn file_name(purpose: Purpose) -> String {
    format!("{}.parquet", purpose.label().replace(':', "_"))
}

/// Writes `old_token`, `new_token`.
pub fn write(path: &Path, table: &Table) -> Result<(), Error> {
    write_parts(path, [OLD, NEW], &table.pairs, |pairs| {
        let (old, new): (Vec<Token>, Vec<Token>) = pairs.iter().copied().unzip();
        Ok(vec![frame::token_texts(&old)?, frame::token_texts(&new)?])
    })
}

/// Writes `purpose`, `old_token`, `why`.
pub fn write_lost(path: &Path, lost: &[(&'static str, Token, Why)]) -> Result<(), Error> {
    write_parts(path, ["purpose", "old_token", "why"], lost, |rows| {
        let purposes: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|(purpose, ..)| purpose)));
        let tokens = frame::token_texts(&rows.iter().map(|(_, token, _)| *token).collect::<Vec<_>>())?;
        let why: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|(.., why)| why.word())));
        Ok(vec![purposes, tokens, why])
    })
}

fn write_parts<T, const N: usize>(
    path: &Path,
    names: [&str; N],
    rows: &[T],
    columns: impl Fn(&[T]) -> Result<Vec<ArrayRef>, Error>,
) -> Result<(), Error> {
    let failed = |_| Error::cannot_write(path);
    let schema = Arc::new(Schema::new(names.map(|name| Field::new(name, DataType::Utf8, false)).to_vec()));
    let level = ZstdLevel::try_new(1).map_err(Error::silent("set up a table"))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level));
    let properties = properties.set_dictionary_enabled(false).build();
    let file = File::create(path).map_err(|_| Error::cannot_write(path))?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(failed)?;
    for part in rows.chunks(ROWS_AT_ONCE) {
        let batch = RecordBatch::try_new(schema.clone(), columns(part)?).map_err(Error::silent("write tokens"))?;
        writer.write(&batch).map_err(failed)?;
    }
    let file = writer.into_inner().map_err(failed)?;
    file.sync_all().map_err(|_| Error::cannot_write(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_has_one_new_one_or_one_reason() {
        let token = |number: u8| Token::from_bytes([number; 16]);
        let mut table = Table::default();
        table
            .add(&[token(2), token(1), Token::NONE, token(2)], &[token(12), token(11), Token::NONE, token(12)])
            .unwrap();
        assert_eq!(table.rows(), 2);
        assert!(table.check().is_ok());
        let lost = [(token(3), Why::NotFoundAgain), (token(1), Why::NotFoundAgain), (token(3), Why::Pseudonymised)];
        assert_eq!(table.without(lost.into_iter()), [(token(3), Why::Pseudonymised)]);
        assert!(table.add(&[token(4)], &[Token::NONE]).is_err());
        table.add(&[token(1)], &[token(13)]).unwrap();
        assert!(table.check().is_err());
    }
}
