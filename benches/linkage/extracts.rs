//! Extracts of invented people, and the identity records that pathlink makes of them. In: the generator's options. Out:
//! files as text and [`Records`]. Leaves alone: who they are (`whose.rs`).

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::lookups::Deprivation;
use pathlink::ingest::stage::Stager;
use pathlink::ingest::{self, Content, Extract, Staged};
use pathlink::link::records::Records;
use pathlink::schema::Source;
use pathlink::settings::{self, Settings};
use pathlink::sources::Sources;
use pathlink::synth::{self, Memory, Options};

/// What can go wrong ends the study.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Files by path.
pub(crate) type Files = BTreeMap<String, Arc<Vec<u8>>>;

/// The extracts of invented people, in memory.
pub(crate) fn made(options: &Options) -> Outcome<Files> {
    let mut memory = Memory::default();
    synth::generate(options, &mut memory, &mut |_| ())?;
    Ok(memory.files.into_iter().map(|(path, bytes)| (path, Arc::new(bytes))).collect())
}

/// The identity records of these sources' extracts, not yet linked.
pub(crate) fn records(files: &Files, wanted: &[Source]) -> Outcome<Records> {
    let own = staged(files, wanted)?;
    Ok(pathlink::link::records_of(&own.staged, &own.sources)?)
}

/// Extracts as linkage gets them.
pub(crate) struct Ready {
    /// Staged tables.
    pub(crate) staged: Staged,
    /// What their columns mean.
    pub(crate) sources: Sources,
    /// Where the staged tables are.
    _folder: tempfile::TempDir,
}

/// These sources' extracts as linkage gets them.
pub(crate) fn staged(files: &Files, wanted: &[Source]) -> Outcome<Ready> {
    let sources = Sources::load(None, None)?;
    let folder = tempfile::tempdir()?;
    let settings = settings_in(folder.path(), files)?;
    let mut extracts = Vec::new();
    for (path, bytes) in files {
        let Some((folder, name)) = path.split_once('/') else { continue };
        let Some(source) = Source::from_id(folder).filter(|source| wanted.contains(source)) else { continue };
        if let Some((plan, found)) = sources.recognise(source, name) {
            let content = Content::Memory(bytes.clone());
            extracts.push(Extract { plan, name: name.to_owned(), provider: found.provider, content });
        }
    }
    extracts.sort_by(|a, b| (a.plan, &a.name).cmp(&(b.plan, &b.name)));
    let deprivation = Deprivation::of(&settings)?;
    let stager = Stager::new(&settings, &sources, &ProjectKey::demonstration(), &deprivation);
    let staged = ingest::all(&extracts, &stager, &|_| ())?;
    Ok(Ready { staged, sources, _folder: folder })
}

/// Settings as a project would write them, in a folder of their own.
fn settings_in(folder: &Path, files: &Files) -> Outcome<Settings> {
    for name in ["coverage.csv", "lookups/postcode_imd.csv"] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, files[name].as_slice())?;
    }
    let pathways = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/pathways/stockport.toml");
    let mut text = format!("as_of = 2026-03-31\npathways = ['{}']\nextracts = [\n", pathways.display());
    for source in Source::ALL {
        text.extend(["  { source = \"", source.id(), "\", folder = \"", source.id(), "\" },\n"]);
    }
    text.push_str("]\n[key]\ndemo = true\n[identity]\nallow_test_numbers = true\n[covers]\nfile = \"coverage.csv\"\n");
    text.push_str("[lookups]\npostcode_imd = \"lookups/postcode_imd.csv\"\npostcode_imd_edition = \"invented\"\n");
    text.push_str("[ascertainment]\ndeaths = \"registered_list\"\nmoves = \"registered_list\"\n");
    let path = folder.join("pathlink.toml");
    fs::write(&path, text)?;
    Ok(settings::load(&path)?)
}

/// A file as text cells; the generator quotes nothing.
pub(crate) struct TextTable<'a> {
    headings: Vec<&'a str>,
    /// Cells by row.
    pub(crate) rows: Vec<Vec<&'a str>>,
}

/// Reads one of the files.
pub(crate) fn table<'a>(files: &'a Files, path: &str) -> Outcome<TextTable<'a>> {
    let bytes = files.get(path).ok_or_else(|| format!("{path} is missing"))?;
    let mut lines = std::str::from_utf8(bytes)?.lines().map(|line| line.split(',').collect::<Vec<_>>());
    Ok(TextTable { headings: lines.next().ok_or("an empty file")?, rows: lines.collect() })
}

impl TextTable<'_> {
    /// Places of some columns.
    pub(crate) fn at<const N: usize>(&self, headings: [&str; N]) -> Outcome<[usize; N]> {
        let place = |heading: &str| self.headings.iter().position(|known| *known == heading);
        let places: Option<Vec<usize>> = headings.into_iter().map(place).collect();
        Ok(places.and_then(|places| places.try_into().ok()).ok_or("a heading is missing")?)
    }
}
