//! Digests of another party, met in an extract in place of NHS numbers.
//!
//! In: the extracts that hold NHS numbers, and that party's salt. Out: from digest to this project's own token. A token made
//! from a digest could never equal one made from the number, so the numbers that this project reads anyway are hashed the
//! other party's way: who is in both is found, and nobody else. Nothing is written.

use hashbrown::HashMap;
use sha2::{Digest, Sha256};

use super::blocks::Blocks;
use super::decode::Origin;
use super::extracts::Extract;
use super::headings;
use super::opened::{self, Opened};
use super::opt_outs::OptOuts;
use super::records::{Record, Splitter};
use crate::domain::nhs_number::{self, NhsNumber, Reason};
use crate::domain::scheme::Scheme;
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::compat::{self, Edges, Salt};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
use crate::schema::Kind;
use crate::settings::Settings;
use crate::sources::{Sources, TablePlan};

/// From the first 16 bytes of a digest to a token, by scheme. Looked up, never listed.
#[derive(Default)]
pub struct Digests {
    tokens: HashMap<(Scheme, [u8; 16]), Token>,
    /// SHA-256 over the digests: part of the address of every staged table that holds some.
    pub(super) fingerprint: [u8; 32],
}

impl Digests {
    /// Hashes the numbers of all extracts, and of the list of those who opted out, for each scheme that a table declares;
    /// nothing where none does. A file that cannot be read is left to staging, which says why.
    pub fn gather(
        settings: &Settings,
        sources: &Sources,
        extracts: &[Extract],
        key: &ProjectKey,
        opt_outs: Option<&OptOuts>,
    ) -> Result<Self, Error> {
        let mut schemes: Vec<Scheme> =
            extracts.iter().filter_map(|extract| scheme(&sources.tables[extract.plan])).collect();
        schemes.sort_unstable();
        schemes.dedup();
        if schemes.is_empty() {
            return Ok(Self::default());
        }
        let salts: Vec<(Scheme, Salt)> =
            schemes.iter().map(|scheme| Ok((*scheme, salt(settings, *scheme)?))).collect::<Result<_, Error>>()?;
        // Whoever is on the list must be known by their digest, also where no extract has their number.
        let mut numbers = opt_outs.map_or_else(Vec::new, |opt_outs| opt_outs.numbers().to_vec());
        for extract in extracts {
            let _ = read(settings, sources, extract, &mut numbers);
            numbers.sort_unstable();
            numbers.dedup();
        }
        let tokeniser = Tokeniser::new(key, Purpose::Nhs);
        let (mut tokens, mut hash) = (HashMap::with_capacity(numbers.len() * salts.len()), Sha256::new());
        for (scheme, salt) in &salts {
            hash.update(scheme.id());
            for number in &numbers {
                let digits = format!("{number:010}");
                let digest = salt.digest(*scheme, &[digits.as_bytes()]).unwrap_or_default();
                if let Some(head) = digest.first_chunk::<16>() {
                    hash.update(head);
                    tokens.insert((*scheme, *head), tokeniser.token(&[digits.as_bytes()]));
                }
            }
        }
        Ok(Self { tokens, fingerprint: hash.finalize().into() })
    }

    /// The token of whoever a digest is of, and why there is none.
    pub(super) fn find(&self, scheme: Scheme, text: &[u8]) -> (Token, Reason) {
        if text.is_empty() {
            return (Token::NONE, Reason::Missing);
        }
        let Some(head) = compat::first_half(scheme, text) else { return (Token::NONE, Reason::Format) };
        let found = self.tokens.get(&(scheme, head));
        found.map_or((Token::NONE, Reason::UnknownDigest), |token| (*token, Reason::Valid))
    }
}

/// The scheme of the digests that a table's files hold, if they do.
pub(super) fn scheme(plan: &TablePlan) -> Option<Scheme> {
    plan.columns.iter().find_map(|column| column.digest)
}

fn salt(settings: &Settings, scheme: Scheme) -> Result<Salt, Error> {
    let Some(entry) = settings.compat.get(scheme.id()) else {
        return Err(Error::new(
            &error::CONFIG_VALUE,
            format!("a source config declares digest = \"{}\", and no salt is named for it", scheme.id()),
            format!("name the other party's salt file: salt_file = \"PATH\" under [compat.{}]", scheme.id()),
        ));
    };
    let edges = if entry.trim_salt { Edges::Trimmed } else { Edges::Kept };
    Salt::read(&settings.resolve(&entry.salt_file), edges)
}

/// Adds the usable NHS numbers of an extract.
fn read(settings: &Settings, sources: &Sources, extract: &Extract, numbers: &mut Vec<u64>) -> Result<(), Error> {
    let plan = &sources.tables[extract.plan];
    let is_number =
        |column: &crate::sources::ColumnPlan| column.column.kind == Kind::NhsNumber && column.digest.is_none();
    let Some(at) = plan.columns.iter().position(is_number) else { return Ok(()) };
    let origin = Origin { file: &extract.name, source: plan.source.id() };
    let how = (settings.caps, &sources.values);
    let Opened { text, format, stamp, .. } = opened::open(extract, plan, &plan.dialect, how)?;
    if stamp.is_some() {
        return Ok(());
    }
    let mut blocks = Blocks::new(text, origin, format);
    let layout = headings::layout(plan, &blocks.heading()?, &format, origin, None)?;
    let Some(field) = layout.fields[at] else { return Ok(()) };
    let splitter = Splitter { file: &extract.name, width: layout.width, null_words: &plan.dialect.null_words };
    let accepts = settings.accepts();
    while let Some(block) = blocks.next_block()? {
        splitter.each(&block, |record, _| {
            if let Record::Fields(fields) = record
                && fields.len() == layout.width
            {
                let number = nhs_number::read(fields[field].trim_ascii(), None, accepts).0;
                numbers.extend(number.map(NhsNumber::value));
            }
            Ok(())
        })?;
    }
    Ok(())
}
