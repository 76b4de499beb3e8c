//! Staging: every extract read once, and again only when it, its config or the key changed.
//!
//! A staged file's address is a hash over the extract's bytes, the source configs, the code lists, the look-ups, the
//! accepted numbers, the key's check value and `STAGE_FORMAT`, so a new rule can never meet old rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::blocks::{Block, Blocks};
use super::cells::Context;
use super::decode::Origin;
use super::digests::{self, Digests};
use super::extracts::{Content, Extract};
use super::file_fields::{FileFields, Names};
use super::fresh::Handover;
use super::headings::{self, Layout};
use super::kept::Made;
use super::lookups::Deprivation;
use super::opened::{self, Opened};
use super::opt_outs::OptOuts;
use super::pseudonyms::{Recent, Tokenisers};
use super::rows::{Parsed, RowReader};
use super::sidecar::{self, Sidecar};
use super::staged::{Staged, StagedFile};
use super::stamp::{KeyName, Stamp};
use super::tally::{Reject, Tally};
use super::writer::StagedWriter;
use crate::domain::hex;
use crate::error::{self, Error};
use crate::fault;
use crate::identity::keys::ProjectKey;
use crate::schema::Kind;
use crate::settings::{Caps, Settings};
use crate::sources::{Precision, Sources, TablePlan};

/// Changes whenever the form of staged files does.
const STAGE_FORMAT: u32 = 17;

/// An extract of which the start was read.
struct Started<'e> {
    layout: Layout,
    first: Option<Block>,
    blocks: Blocks<'e>,
    /// Whose tokens it holds, if it is pseudonymised.
    stamp: Option<Stamp>,
    /// How it is read, if it is in canonical form.
    canonical: Option<TablePlan>,
}

/// An extract read whole, with its rows in memory.
pub struct Whole {
    /// Its rows, in order.
    pub parts: Vec<Parsed>,
    /// What became of them.
    pub tally: Tally,
    /// Rejected rows.
    pub rejects: Vec<Reject>,
}

/// Everything that staging needs beside the extracts.
pub struct Stager<'a> {
    sources: &'a Sources,
    tokenisers: Tokenisers,
    context: Context<'a>,
    store: PathBuf,
    rules: [u8; 32],
    /// What workers remember from block to block.
    recent: Mutex<Vec<Recent>>,
    caps: Caps,
    /// The key that tokens of pseudonymised files must be of.
    key_name: KeyName,
}

impl<'a> Stager<'a> {
    /// For a project: its sources, settings and key.
    pub fn new(settings: &Settings, sources: &'a Sources, key: &ProjectKey, deprivation: &'a Deprivation) -> Self {
        let accepts = settings.accepts();
        let mut rules = Sha256::new();
        rules.update(STAGE_FORMAT.to_le_bytes());
        rules.update(sources.fingerprint);
        rules.update(deprivation.fingerprint);
        rules.update([u8::from(accepts.test_range), u8::from(accepts.other_uk)]);
        rules.update(key.check_value());
        rules.update(settings.caps.to_bytes());
        let fields = settings.linkage.compares_fields();
        rules.update([u8::from(fields)]);
        Self {
            sources,
            tokenisers: Tokenisers::new(key),
            context: Context { accepts, deprivation, opt_outs: None, fields, match_keys: false },
            store: settings.resolve(&settings.paths.store),
            rules: rules.finalize().into(),
            recent: Mutex::default(),
            caps: settings.caps,
            key_name: KeyName::of(key),
        }
    }

    /// With a list of people to leave out.
    #[must_use]
    pub fn leaving_out(mut self, opt_outs: Option<&'a OptOuts>) -> Self {
        if let Some(opt_outs) = opt_outs {
            self.rules = Sha256::new().chain_update(self.rules).chain_update(opt_outs.fingerprint).finalize().into();
        }
        self.context.opt_outs = opt_outs;
        self
    }

    /// With names and places read, or not, whatever linkage is asked for; for what is not staged.
    #[must_use]
    pub fn with_fields(mut self, fields: bool) -> Self {
        self.context.fields = fields;
        self
    }

    /// With match keys made of names and places, to find people of files that hold nothing else of them, or to send.
    #[must_use]
    pub fn with_match_keys(mut self, match_keys: bool) -> Self {
        self.context.match_keys = match_keys;
        self
    }

    /// With the digests of another party that some of the extracts hold.
    #[must_use]
    pub fn with_digests(mut self, digests: Digests) -> Self {
        self.tokenisers.digests = digests;
        self
    }

    /// Whether an extract holds match keys, so that those of the others are wanted too. One that cannot be opened holds none:
    /// staging says so.
    pub fn holds_match_keys(&self, extract: &Extract) -> bool {
        if matches!(extract.content, Content::Query(_)) {
            // It holds what a warehouse has, and no tokens.
            return false;
        }
        let plan = self.plan(extract);
        let own = (self.caps, &self.sources.values);
        let opened = opened::open(extract, plan, &plan.dialect, own).ok();
        opened
            .and_then(|opened| opened.stamp)
            .is_some_and(|stamp| stamp.at_source.is_some() && stamp.has(Kind::MatchKey))
    }

    fn plan(&self, extract: &Extract) -> &'a TablePlan {
        &self.sources.tables[extract.plan]
    }

    fn stage(&self, at: usize, extract: &Extract, fresh: &Handover) -> Result<StagedFile, Error> {
        let stamp = extract.stamp()?;
        // What can be refused by its start is, before a hash has read it all.
        let started = self.start(extract)?;
        let digest = extract.digest()?;
        let plan = self.plan(extract);
        let (address, path) = self.address(extract, &digest, started.stamp.as_ref())?;
        let found = sidecar::read(&path).filter(|sidecar| sidecar.rows == 0 || path.exists());
        let is_new = found.is_none();
        let (sidecar, blocks) = match found {
            Some(sidecar) => (sidecar, None),
            None => self.read(extract, started, &path).map(|(sidecar, blocks)| (sidecar, Some(blocks)))?,
        };
        fresh.add(plan.table, at, blocks);
        fault::point("staging");
        if extract.stamp()? != stamp {
            return Err(changed(extract));
        }
        Ok(StagedFile {
            plan: extract.plan,
            name: extract.name.clone(),
            bytes: extract.size(),
            query_sha256: extract.query_sha256(),
            sha256: hex::lower(&digest),
            address,
            path,
            tally: sidecar.tally,
            rejects: sidecar.rejects,
            notes: sidecar.notes,
            is_new,
            rows: sidecar.rows,
            is_monthly: sidecar.is_monthly,
            names: sidecar.names,
            is_pseudonymised: sidecar.is_pseudonymised,
        })
    }

    /// A file's address in the store, and where its rows are or would be.
    fn address(&self, extract: &Extract, digest: &[u8; 32], stamp: Option<&Stamp>) -> Result<(String, PathBuf), Error> {
        let plan = self.plan(extract);
        let mut address = Sha256::new();
        address.update(self.rules);
        address.update(digest);
        address.update(plan.name.as_bytes());
        address.update(extract.provider.unwrap_or_default().packed().to_le_bytes());
        if digests::scheme(plan).is_some() {
            address.update(self.tokenisers.digests.fingerprint);
        }
        // Its side file is no part of a CSV's bytes.
        address.update(stamp.map_or_else(|| Ok(Vec::new()), Stamp::bytes)?);
        let address = hex::lower(&address.finalize());
        let path = self.store.join("staged").join(plan.source.id()).join(format!("{address}.parquet"));
        Ok((address, path))
    }

    /// The SHA-256 of an extract, and whether the store has its rows, so that a run would not read it. Nothing is written.
    pub fn look_up(&self, extract: &Extract) -> Result<(String, bool), Error> {
        let started = self.start(extract)?;
        let digest = extract.digest()?;
        let (_, path) = self.address(extract, &digest, started.stamp.as_ref())?;
        let is_staged = sidecar::read(&path).is_some_and(|sidecar| sidecar.rows == 0 || path.exists());
        Ok((hex::lower(&digest), is_staged))
    }

    /// Reads a staged file's fields of identity again from its extract.
    pub(super) fn fields_of(&self, extract: &Extract, file: &StagedFile) -> Result<FileFields, Error> {
        if hex::lower(&extract.digest()?) != file.sha256 {
            return Err(changed(extract));
        }
        let mut started = self.start(extract)?;
        let canonical = started.canonical.take();
        let plan = canonical.as_ref().unwrap_or(self.plan(extract));
        let (mut sidecar, mut fields) = (Sidecar::default(), FileFields::default());
        self.each_part(extract, (plan, started), &mut sidecar, &mut |part| {
            fields.append(plan.table, part);
            Ok(())
        })?;
        if sidecar.rows == file.rows { Ok(fields) } else { Err(changed(extract)) }
    }

    /// Opens an extract and reads its heading row and first block.
    fn start<'e>(&self, extract: &'e Extract) -> Result<Started<'e>, Error> {
        let plan = self.plan(extract);
        let origin = Origin { file: &extract.name, source: plan.source.id() };
        let own = (self.caps, &self.sources.values);
        let Opened { text, format, stamp, canonical } = opened::open(extract, plan, &plan.dialect, own)?;
        if let Some(stamp) = &stamp {
            stamp.check(&extract.name, &self.key_name)?;
            self.context.opt_outs.map_or(Ok(()), |opt_outs| opt_outs.check_tokens(&extract.name))?;
        }
        let mut blocks = Blocks::new(text, origin, format);
        let form = canonical.as_ref().unwrap_or(plan);
        let layout = headings::layout(form, &blocks.heading()?, &format, origin, stamp.as_ref())?;
        let first = blocks.next_block()?;
        Ok(Started { layout, first, blocks, stamp, canonical })
    }

    /// Reads an extract on from its start into the store.
    fn read(&self, extract: &Extract, mut started: Started<'_>, path: &Path) -> Result<(Sidecar, Vec<Parsed>), Error> {
        let canonical = started.canonical.take();
        let plan = canonical.as_ref().unwrap_or(self.plan(extract));
        let mut writer = StagedWriter::new(plan, path);
        let made = Made { key_check_value: self.key_name.check_value().to_owned(), table: plan.table.id().to_owned() };
        let mut sidecar = Sidecar { made, ..Sidecar::default() };
        sidecar.is_pseudonymised = started.stamp.is_some();
        let mut fresh = Vec::new();
        let mut names = Names::No;
        self.each_part(extract, (plan, started), &mut sidecar, &mut |part| {
            writer.write(&part)?;
            names = names.max(Names::of(plan.table, &part));
            fresh.push(part);
            Ok(())
        })?;
        writer.finish()?;
        sidecar.names = names;
        sidecar::write(path, &sidecar)?;
        Ok((sidecar, fresh))
    }

    /// Reads an extract whole, for what is made of it elsewhere than in the store. One that holds tokens is refused.
    pub fn whole(&self, extract: &Extract) -> Result<Whole, Error> {
        let before = extract.stamp()?;
        let started = self.start(extract)?;
        if started.stamp.is_some() {
            return Err(Error::new(
                &error::NOT_ALONE,
                format!("{} holds tokens already", extract.name),
                "give the extract that it was made from, or send it on as it is",
            ));
        }
        let (mut sidecar, mut parts) = (Sidecar::default(), Vec::new());
        self.each_part(extract, (self.plan(extract), started), &mut sidecar, &mut |part| {
            parts.push(part);
            Ok(())
        })?;
        if extract.stamp()? != before {
            return Err(changed(extract));
        }
        Ok(Whole { parts, tally: sidecar.tally, rejects: sidecar.rejects })
    }

    /// Reads an extract on from its start and gives its parts away, in order; what they came to is in `sidecar` then.
    fn each_part(
        &self,
        extract: &Extract,
        (plan, started): (&TablePlan, Started<'_>),
        sidecar: &mut Sidecar,
        take: &mut dyn FnMut(Parsed) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Started { layout, mut first, mut blocks, stamp, .. } = started;
        let reader = RowReader::new((extract, plan), &layout, &self.tokenisers, &self.context);
        let width = rayon::current_num_threads();
        loop {
            let mut batch = Vec::with_capacity(width);
            while batch.len() < width {
                match first.take().map_or_else(|| blocks.next_block(), |block| Ok(Some(block)))? {
                    Some(block) => batch.push(block),
                    None => break,
                }
            }
            if batch.is_empty() {
                break;
            }
            let parsed: Vec<_> = batch.into_par_iter().map(|block| self.parse(&reader, block)).collect();
            for part in parsed {
                let mut part = part?;
                sidecar.tally.add(&part.tally);
                sidecar.rejects.append(&mut part.rejects);
                sidecar.rows += part.line.len() as u64;
                take(part)?;
            }
        }
        let at_source = stamp.as_ref().and_then(|stamp| stamp.at_source.as_ref());
        if sidecar.tally.read == 0 && plan.is_required && at_source.is_none_or(|one| one.tally.read == 0) {
            return Err(Error::new(
                &error::INPUT_EMPTY,
                format!("{} has a heading row and no other", extract.name),
                "ask the sender for the file again",
            ));
        }
        sidecar.tally.unread_headings = layout.unread;
        sidecar.notes = blocks.notes();
        sidecar.tally.warn_of_rounded_ids();
        sidecar.tally.warn_of_line_ends(blocks.odd_line_ends());
        if let Some(at_source) = at_source {
            sidecar.tally = at_source.tally(&sidecar.tally, &extract.name, self.plan(extract))?;
            sidecar.is_monthly = at_source.precision == Precision::Month;
        }
        Ok(())
    }

    /// Reads an extract on this thread as staging does and keeps its counts alone, so that reading can be timed.
    pub fn count(&self, extract: &Extract) -> Result<Tally, Error> {
        let Started { layout, mut first, mut blocks, canonical, .. } = self.start(extract)?;
        let plan = canonical.as_ref().unwrap_or(self.plan(extract));
        let reader = RowReader::new((extract, plan), &layout, &self.tokenisers, &self.context);
        let mut tally = Tally::default();
        while let Some(block) = first {
            tally.add(&self.parse(&reader, block)?.tally);
            first = blocks.next_block()?;
        }
        Ok(tally)
    }

    fn parse(&self, reader: &RowReader<'_>, block: Block) -> Result<Parsed, Error> {
        let remembered = self.recent.lock().ok().and_then(|mut pool| pool.pop());
        let mut recent = remembered.unwrap_or_default();
        let parsed = reader.parse(&block, &mut recent);
        if let Ok(mut pool) = self.recent.lock() {
            pool.push(recent);
        }
        parsed
    }
}

/// Stages every extract, in parallel over files and over the blocks of each.
pub fn all(extracts: &[Extract], stager: &Stager<'_>, done: &(dyn Fn(&StagedFile) + Sync)) -> Result<Staged, Error> {
    let (files, fresh) = each(extracts, stager, done)?;
    Ok(Staged { files: files.into_iter().collect::<Result<_, _>>()?, fresh })
}

/// Stages every extract, and goes on where one cannot be read: its place then holds the error.
pub fn each(
    extracts: &[Extract],
    stager: &Stager<'_>,
    done: &(dyn Fn(&StagedFile) + Sync),
) -> Result<(Vec<Result<StagedFile, Error>>, Handover), Error> {
    for source in crate::schema::Source::ALL {
        let folder = stager.store.join("staged").join(source.id());
        fs::create_dir_all(&folder).map_err(|_| Error::cannot_write(&folder))?;
    }
    let sizes: Vec<_> = extracts
        .iter()
        .map(|extract| (stager.plan(extract).table, extract.stamp().map_or(0, |(bytes, _)| bytes)))
        .collect();
    let fresh = Handover::new(&sizes);
    // Each worker takes the next extract in order, so that tables grow in the order of their files.
    let next = AtomicUsize::new(0);
    let work = |_| {
        let mut done_here = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(extract) = extracts.get(at) else { return done_here };
            let file = stager.stage(at, extract, &fresh);
            if let Ok(file) = &file {
                done(file);
            }
            done_here.push((at, file));
        }
    };
    let mut staged: Vec<(usize, Result<StagedFile, Error>)> =
        (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).flat_map_iter(work).collect();
    staged.sort_by_key(|(at, _)| *at);
    Ok((staged.into_iter().map(|(_, file)| file).collect(), fresh))
}

fn changed(extract: &Extract) -> Error {
    Error::new(
        &error::INPUT_CHANGED,
        format!("{} changed while it was read", extract.name),
        "run again when the file has arrived whole",
    )
}
