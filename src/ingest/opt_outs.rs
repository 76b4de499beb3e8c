//! Opt-outs: a list of NHS numbers, applied before a number is destroyed. Rows that it takes away are counted, and nothing
//! else of them is kept.
//!
//! In: the list that settings name, and the project's key, for files that hold tokens already. Out: a verdict on each
//! number. Leaves alone: rows that hang on a row that was taken away (`link/parents.rs`).

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::domain::nhs_number::{self, Accepts, NhsNumber};
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
use crate::settings::{ListMode, Settings, TokensOnly};
use crate::sources::Judge;

/// A list. Sorted; never listed and never shown.
#[derive(Default)]
pub struct OptOuts {
    numbers: Vec<u64>,
    tokens: Vec<Token>,
    mode: ListMode,
    removes_unnumbered: bool,
    tokens_only: TokensOnly,
    /// SHA-256 over the list and how it is applied: part of every staged table's address.
    pub fingerprint: [u8; 32],
}

impl OptOuts {
    /// The list of a project; none without one.
    pub fn of(settings: &Settings, key: &ProjectKey) -> Result<Option<Self>, Error> {
        let identity = &settings.identity;
        let Some(path) = identity.exclude_nhs_numbers.as_ref().map(|path| settings.resolve(path)) else {
            return Ok(None);
        };
        let bytes = std::fs::read(&path).map_err(|_| wrong(&path, "it is not there or cannot be read"))?;
        let numbers = parse(&path, &bytes)?;
        let tokeniser = Tokeniser::new(key, Purpose::Nhs);
        let mut tokens: Vec<Token> = numbers.iter().map(|number| tokeniser.token(&[&number.digits()])).collect();
        let mut numbers: Vec<u64> = numbers.into_iter().map(NhsNumber::value).collect();
        tokens.sort_unstable();
        numbers.sort_unstable();
        let removes_unnumbered = identity.removes_unnumbered();
        let mut hash = Sha256::new();
        hash.update([identity.mode as u8, u8::from(removes_unnumbered), identity.tokens_only as u8]);
        hash.update(&bytes);
        let fingerprint = hash.finalize().into();
        Ok(Some(Self {
            numbers,
            tokens,
            mode: identity.mode,
            removes_unnumbered,
            tokens_only: identity.tokens_only,
            fingerprint,
        }))
    }

    /// Tokens of the people on the list, sorted, and whether they are those to remove rather than those to keep.
    pub fn people(&self) -> (&[Token], bool) {
        (&self.tokens, self.mode == ListMode::RemoveListed)
    }

    /// The people on the list, as numbers in order.
    pub(super) fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// Why a row with this number, or without one, is taken away; none if it stays.
    pub(super) fn of_number(&self, number: Option<NhsNumber>) -> Option<Judge> {
        self.judge(number.map(|number| self.numbers.binary_search(&number.value()).is_ok()))
    }

    /// The same for the token that a pseudonymised file gives.
    pub(super) fn of_token(&self, token: Token) -> Option<Judge> {
        if self.tokens_only != TokensOnly::Apply {
            return None;
        }
        self.of_found(token)
    }

    /// The same for a token that stands for another party's digest.
    pub(super) fn of_found(&self, token: Token) -> Option<Judge> {
        self.judge(token.is_some().then(|| self.tokens.binary_search(&token).is_ok()))
    }

    fn judge(&self, is_listed: Option<bool>) -> Option<Judge> {
        let goes_if_listed = self.mode == ListMode::RemoveListed;
        match is_listed {
            None => self.removes_unnumbered.then_some(Judge::NoNumber),
            Some(is_listed) => (is_listed == goes_if_listed).then_some(Judge::Number),
        }
    }

    /// Refuses a file that holds tokens, where settings say so.
    pub(super) fn check_tokens(&self, file: &str) -> Result<(), Error> {
        if self.tokens_only != TokensOnly::Refuse {
            return Ok(());
        }
        Err(Error::new(
            &error::OPT_OUTS,
            format!("{file} holds tokens, and opt-outs were to be applied before numbers are destroyed"),
            "ask for the file in clear, or set tokens_only = \"apply\" or \"keep\" under [identity]",
        ))
    }
}

/// Reads one NHS number a line, or the first column of a CSV, with or without a heading.
fn parse(path: &Path, bytes: &[u8]) -> Result<Vec<NhsNumber>, Error> {
    let accepts = Accepts { test_range: true, other_uk: true };
    let (mut numbers, mut malformed) = (Vec::new(), 0usize);
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    for (at, line) in lines.filter(|line| !line.trim_ascii().is_empty()).enumerate() {
        let cell = line.split(|byte| matches!(byte, b',' | b';' | b'\t')).next().unwrap_or_default().trim_ascii();
        let cell = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell);
        match nhs_number::read(cell, None, accepts).0 {
            Some(number) => numbers.push(number),
            None if at == 0 && !cell.iter().any(u8::is_ascii_digit) => {}
            None => malformed += 1,
        }
    }
    // A wrong or damaged list would let through everybody who opted out: nothing is guessed.
    if malformed > 0 {
        return Err(wrong(path, &format!("{malformed} of its lines do not begin with an NHS number")));
    }
    if numbers.is_empty() {
        return Err(wrong(path, "it holds no NHS number"));
    }
    Ok(numbers)
}

fn wrong(path: &Path, why: &str) -> Error {
    Error::new(
        &error::OPT_OUTS,
        format!("the list of NHS numbers {} cannot be used", path.display()),
        "give one NHS number a line, or a CSV with the number in its first column; if nobody opted out, take exclude_nhs_numbers away",
    )
    .because(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(mode: ListMode, removes_unnumbered: bool) -> OptOuts {
        let numbers = vec![9_434_765_919, 9_990_000_018];
        OptOuts { numbers, mode, removes_unnumbered, ..OptOuts::default() }
    }

    fn number(text: &str) -> Option<NhsNumber> {
        nhs_number::read(text.as_bytes(), None, Accepts { test_range: true, other_uk: true }).0
    }

    #[test]
    fn a_list_removes_those_on_it_or_all_others() {
        let (listed, other) = (number("943 476 5919"), number("9876543210"));
        let removing = list(ListMode::RemoveListed, false);
        assert_eq!([listed, other, None].map(|one| removing.of_number(one)), [Some(Judge::Number), None, None]);
        let keeping = list(ListMode::KeepOnlyListed, true);
        let judged = [listed, other, None].map(|one| keeping.of_number(one));
        assert_eq!(judged, [None, Some(Judge::Number), Some(Judge::NoNumber)]);
    }

    #[test]
    fn lists_are_taken_whole_or_refused() {
        let read = |text: &str| parse(Path::new("list.csv"), text.as_bytes()).map(|numbers| numbers.len());
        assert_eq!(read("nhs_number\r\n9434765919\r\n943-476-5919,x\r\n\r\n\"999 000 0018\"\r\n").ok(), Some(3));
        assert_eq!(read("\u{feff}9434765919").ok(), Some(1));
        for text in ["", "nhs_number\n", "9434765919\n943476591\n", "9434765918\n"] {
            let error = read(text).err().unwrap();
            assert_eq!(error.code().id, "OPT01");
            assert!(!error.to_string().contains("94347"));
        }
    }
}
