//! Rotation: the next version of the key, and a table from old tokens to new ones.
//!
//! In: the current extracts, read under both keys. Out: a new key file, and a restricted folder that says for each stage-1
//! token what it is under the new key, or why that cannot be told. Nothing else changes until the settings name the new key.
//!
//! The folder stands beside the runs, closed like a run's own `restricted/`, and not in the store: what the store has of extracts may be deleted
//! and is made again, but once the old key is destroyed this table cannot be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Caller, find_extracts, gates, key, make_private};
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::Purpose;
use crate::ingest::digests::Digests;
use crate::ingest::lookups::Deprivation;
use crate::ingest::opt_outs::OptOuts;
use crate::ingest::stage::Stager;
use crate::ingest::{self, Extract, StagedFile, kept};
use crate::output::rekeyed::{self, Table, Why};
use crate::output::{RunFolder, Tier, tiers};
use crate::settings::Settings;
use crate::sources::Sources;

/// What a rotation did.
pub struct Rotated {
    /// The new key: project, version and check value.
    pub key: String,
    /// The folder of the table.
    pub folder: PathBuf,
    /// By purpose: tokens with a new one, and tokens without by reason.
    pub counts: Vec<(&'static str, u64, [u64; Why::ALL.len()])>,
}

/// Makes the next version of the key in the file `to` and the table of tokens. If anything fails the new file is taken
/// away again.
pub fn rotate(settings: &Settings, caller: &Caller<'_>, to: &Path) -> Result<Rotated, Error> {
    let old = key(settings, caller.key_file.as_ref())?;
    gates::list_age::check(settings, &caller.run_id)?;
    let sources = Sources::of(settings)?;
    let extracts = find_extracts(settings, &sources)?;
    let out = RunFolder::create(&settings.resolve(&settings.paths.runs), &format!("rotate-{}", caller.run_id))?;
    make_private(&settings.resolve(&settings.paths.store))?;
    let version = old.version().checked_add(1).ok_or_else(|| Error::bug("a key has the last version there is"))?;
    let new = ProjectKey::create(to, old.project(), version)?;
    let done = rekey((settings, &sources), &extracts, (&old, &new), out);
    if done.is_err() {
        let _ = fs::remove_file(to);
    }
    done
}

fn rekey(
    (settings, sources): (&Settings, &Sources),
    extracts: &[Extract],
    (old, new): (&ProjectKey, &ProjectKey),
    out: RunFolder,
) -> Result<Rotated, Error> {
    let deprivation = Deprivation::of(settings)?;
    let again = out.path(Tier::Restricted).join("again");
    let mut elsewhere = settings.clone();
    elsewhere.paths.store = std::path::absolute(&again).map_err(|_| Error::cannot_write(&again))?;
    let opted_out = [OptOuts::of(settings, old)?, OptOuts::of(settings, new)?];
    let [of_old, of_new] = [opted_out[0].as_ref(), opted_out[1].as_ref()];
    let digests = |key: &ProjectKey, list| Digests::gather(settings, sources, extracts, key, list);
    let under_old = Stager::new(settings, sources, old, &deprivation).leaving_out(of_old);
    let under_old = under_old.with_digests(digests(old, of_old)?);
    let under_new = Stager::new(&elsewhere, sources, new, &deprivation).leaving_out(of_new);
    let under_new = under_new.with_digests(digests(new, of_new)?);
    let (mut tables, mut lost) = (BTreeMap::<&str, Table>::new(), Vec::new());
    let mut current = Vec::with_capacity(extracts.len());
    for extract in extracts {
        let table = sources.tables[extract.plan].table;
        let before = one(extract, &under_old)?;
        let of_old = if before.rows > 0 { kept::tokens(table, &before.path)? } else { Vec::new() };
        match one(extract, &under_new) {
            // Its tokens are given: there is no identifier to hash again.
            Err(error) if *error.code() == error::KEY_OTHER => lost.push((Why::Pseudonymised, of_old)),
            Err(error) => return Err(error),
            Ok(after) if after.rows == before.rows => {
                let of_new = if after.rows > 0 { kept::tokens(table, &after.path)? } else { Vec::new() };
                for ((purpose, of_old), (_, of_new)) in of_old.into_iter().zip(of_new) {
                    tables.entry(purpose.label()).or_default().add(&of_old, &of_new)?;
                }
            }
            Ok(_) => return Err(Error::bug("an extract has other rows under the new key")),
        }
        let _ = fs::remove_dir_all(&again);
        current.push(before.path);
    }
    for (table, path) in kept::of_key(&settings.resolve(&settings.paths.store), &old.check_value()) {
        if !current.contains(&path) {
            lost.push((Why::NotFoundAgain, kept::tokens(table, &path)?));
        }
    }
    write(out, (tables, lost), (old, new))
}

/// Stages one extract.
fn one(extract: &Extract, stager: &Stager<'_>) -> Result<StagedFile, Error> {
    let (files, _) = ingest::each(std::slice::from_ref(extract), stager, &|_| ())?;
    files.into_iter().next().unwrap_or_else(|| Err(Error::bug("an extract was not staged")))
}

/// Tokens that could not be hashed again, by reason.
type Lost = Vec<(Why, Vec<(Purpose, Vec<Token>)>)>;

fn write(
    mut out: RunFolder,
    (mut tables, lost): (BTreeMap<&'static str, Table>, Lost),
    (old, new): (&ProjectKey, &ProjectKey),
) -> Result<Rotated, Error> {
    let folder = out.path(Tier::Restricted);
    let (mut counts, mut listed, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for purpose in rekeyed::PURPOSES {
        let table = tables.remove(purpose.label()).unwrap_or_default();
        table.check()?;
        rekeyed::write(&folder.join(rekeyed::file_name(purpose)), &table)?;
        let tokens = |(why, columns): &(Why, Vec<(Purpose, Vec<Token>)>)| {
            let own = columns.iter().filter(|(known, _)| *known == purpose).flat_map(|(_, tokens)| tokens);
            own.map(|token| (*token, *why)).collect::<Vec<_>>()
        };
        let without = table.without(lost.iter().flat_map(tokens));
        let count = |why: Why| without.iter().filter(|(_, own)| *own == why).count() as u64;
        let by_reason = Why::ALL.map(count);
        let reasons: serde_json::Map<_, _> =
            Why::ALL.iter().zip(by_reason).map(|(why, count)| (why.word().to_owned(), json!(count))).collect();
        told.push(json!({ "purpose": purpose.label(), "rekeyed": table.rows(), "not_rekeyable": reasons }));
        counts.push((purpose.label(), table.rows(), by_reason));
        listed.extend(without.into_iter().map(|(token, why)| (purpose.label(), token, why)));
    }
    rekeyed::write_lost(&folder.join("not_rekeyable.parquet"), &listed)?;
    let of = |key: &ProjectKey| json!({ "project": key.project(), "version": key.version(), "check_value": key.check_value() });
    let told = json!({ "from": of(old), "to": of(new), "tokens": told });
    out.write(Tier::Internal, "rekey.json", &tiers::json_bytes(&told)?, None)?;
    let values = [old, new].map(ProjectKey::check_value);
    let name = rekeyed::folder_name([(old.version(), &values[0]), (new.version(), &values[1])]);
    Ok(Rotated { key: new.shown(), folder: out.replace(&name)?, counts })
}
