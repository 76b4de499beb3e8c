//! One extract through the program. In: a seed and a number of people. Out: the ratio of every arm and service as
//! `run::evaluate` finds it, from memory or from files. Leaves alone: what is true (`people.rs`) and whether it is
//! right (`judge.rs`).
//!
//! Identifier errors are off: the study judges person-time and intervals. With them on, community clients without a
//! number (two in five) would leave the redesigned arms at random and people wrongly joined would mix the arms; that
//! is for the linkage tests.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::{Content, Extract};
use pathlink::metrics::before_after::{self, Design};
use pathlink::pathways::{EventType, Service, Window};
use pathlink::run::{self, Evaluation};
use pathlink::schema::Source;
use pathlink::settings::{self, Settings};
use pathlink::sources::Sources;
use pathlink::stats::ratio::{Pair, after_over_before};
use pathlink::synth::{self, Arm, CharityNumbers, Errors, Folder, GpExtract, Memory, Options};

/// Whatever goes wrong.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The program's events, in the order of the generator's services.
const EVENTS: [EventType; 4] =
    [EventType::EdAttendance, EventType::GpAppointment, EventType::MhContact, EventType::MhNight];

/// Sums and ratio of one arm and service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    /// People with time on either side.
    pub(crate) people: usize,
    /// Events before and after.
    pub(crate) events: [u64; 2],
    /// Days observed before and after.
    pub(crate) days: [u64; 2],
    /// Ln of the ratio and its standard error; none without events on a side.
    pub(crate) log_ratio: Option<(f64, f64)>,
}

/// Whether two ways to the same cells agree: counts exactly, ratios but for the order in which people are summed.
pub(crate) fn agree(one: &Cells, other: &Cells) -> bool {
    one.iter().flatten().zip(other.iter().flatten()).all(|(a, b)| {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9;
        let ratios = match (a.log_ratio, b.log_ratio) {
            (Some(a), Some(b)) => near(a.0, b.0) && near(a.1, b.1),
            (None, None) => true,
            _ => false,
        };
        a.people == b.people && a.events == b.events && a.days == b.days && ratios
    })
}

/// Cells by arm, then service.
pub(crate) type Cells = [[Cell; 4]; 4];

impl Cell {
    /// By the program's own ratio.
    pub(crate) fn of(pairs: &[Pair]) -> Self {
        let sum = |of: fn(&Pair) -> [f64; 2]| {
            pairs.iter().map(of).fold([0, 0], |sum, own| [sum[0] + own[0] as u64, sum[1] + own[1] as u64])
        };
        Self {
            people: pairs.len(),
            events: sum(|pair| pair.events),
            days: sum(|pair| pair.time),
            log_ratio: after_over_before(pairs).map(|found| (found.ratio.ln(), found.standard_error)),
        }
    }
}

/// What all seeds share: sources, key, a folder with coverage and look-up.
pub(crate) struct Study {
    sources: Sources,
    folder: tempfile::TempDir,
    options: Options,
}

impl Study {
    /// For extracts of so many people.
    pub(crate) fn new(people: u64) -> Outcome<Self> {
        let sources = Sources::load(None, None)?;
        let options = Options {
            people,
            seed: 0,
            gp: GpExtract::Sent,
            errors: Errors::None,
            charity_numbers: CharityNumbers::Some,
        };
        Ok(Self { sources, folder: tempfile::tempdir()?, options })
    }

    /// The options of one seed.
    pub(crate) fn options(&self, seed: u64) -> Options {
        Options { seed, ..self.options.clone() }
    }

    /// The cells of a seed, its extracts held in memory.
    pub(crate) fn in_memory(&self, seed: u64) -> Outcome<Cells> {
        let mut memory = Memory::default();
        synth::generate(&self.options(seed), &mut memory, &mut |_| ())?;
        let folder = self.folder.path().join(format!("memory_{seed}"));
        fs::create_dir_all(folder.join("lookups"))?;
        for file in ["coverage.csv", "lookups/postcode_imd.csv"] {
            fs::write(folder.join(file), &memory.files[file])?;
        }
        let settings = settings_in(&folder)?;
        let extracts = self.recognised(memory);
        let cells = self.evaluate(&settings, &extracts)?;
        fs::remove_dir_all(&folder)?;
        Ok(cells)
    }

    /// The cells of a seed, its extracts written to files and found there.
    pub(crate) fn through_files(&self, seed: u64) -> Outcome<Cells> {
        let folder = self.folder.path().join(format!("files_{seed}"));
        let mut sink = Folder::create(&folder)?;
        synth::generate(&self.options(seed), &mut sink, &mut |_| ())?;
        let settings = settings_in(&folder)?;
        let extracts = run::find_extracts(&settings, &self.sources)?;
        let cells = self.evaluate(&settings, &extracts)?;
        fs::remove_dir_all(&folder)?;
        Ok(cells)
    }

    /// The files that a run would find, in its order.
    fn recognised(&self, memory: Memory) -> Vec<Extract> {
        let mut extracts = Vec::new();
        for (path, bytes) in memory.files {
            let Some((folder, name)) = path.split_once('/') else { continue };
            let found = Source::from_id(folder).and_then(|source| self.sources.recognise(source, name));
            if let Some((plan, found)) = found {
                let content = Content::Memory(Arc::new(bytes));
                extracts.push(Extract { plan, name: name.to_owned(), provider: found.provider, content });
            }
        }
        extracts.sort_by(|a, b| (a.plan, &a.name).cmp(&(b.plan, &b.name)));
        extracts
    }

    fn evaluate(&self, settings: &Settings, extracts: &[Extract]) -> Outcome<Cells> {
        let key = ProjectKey::demonstration();
        cells(&run::evaluate(settings, &self.sources, extracts, &key, &|_| ())?)
    }
}

/// Settings as a project would write them, beside the extracts.
fn settings_in(folder: &Path) -> Outcome<Settings> {
    let pathways = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/pathways/stockport.toml");
    let mut text = format!("as_of = 2026-03-31\npathways = ['{}']\nextracts = [\n", pathways.display());
    for source in Source::ALL {
        let line = format!("  {{ source = \"{0}\", folder = \"{0}\" }},\n", source.id());
        text.push_str(&line);
    }
    text.push_str("]\n[key]\ndemo = true\n[identity]\nallow_test_numbers = true\n[covers]\nfile = \"coverage.csv\"\n");
    text.push_str("[lookups]\npostcode_imd = \"lookups/postcode_imd.csv\"\npostcode_imd_edition = \"invented\"\n");
    text.push_str(
        "[ascertainment]\ndeaths = \"registered_list\"\nmoves = \"registered_list\"\n[periods]\nquarters = 1\n",
    );
    let path = folder.join("pathlink.toml");
    fs::write(&path, text)?;
    Ok(settings::load(&path)?)
}

/// Every arm and service. Rows that are `mechanical` publish no ratio; theirs is worked out all the same, by the same
/// functions, because the generator plants no mechanical change. Where a ratio is published it must be this one.
fn cells(evaluation: &Evaluation) -> Outcome<Cells> {
    let mut by_place = BTreeMap::new();
    for (arm, kind) in Arm::ALL.iter().flat_map(|arm| EVENTS.iter().map(move |kind| (arm, *kind))) {
        let service = Service::Events(kind);
        let pathways = &evaluation.pathways;
        let pathway = pathways.configs.iter().position(|config| config.id == arm.name()).ok_or("no such pathway")?;
        let windows = pathways.windows.iter().find(|found| found.pathway == pathway && found.service == service);
        let pairs = before_after::pairs(windows.ok_or("no windows")?);
        let cell = Cell::of(&pairs);
        let row = evaluation.estimates.before_after.iter().find(|row| {
            row.pathway == pathway && row.window == Window::After && before_after::ALL[row.metric].service == service
        });
        let row = row.ok_or("no row of before and after")?;
        let published = row.counts.as_ref().and_then(|counts| counts.ratio).map(|ratio| ratio.ratio.ln());
        let expected = cell.log_ratio.map(|(log_ratio, _)| log_ratio).filter(|_| row.design == Design::BeforeAfter);
        if published != expected {
            return Err(format!("{} {}: another ratio is published", arm.name(), service.id()).into());
        }
        by_place.insert((arm.name(), service.id()), cell);
    }
    let cell = |arm: usize, service: usize| by_place[&(Arm::ALL[arm].name(), EVENTS[service].id())];
    Ok(std::array::from_fn(|arm| std::array::from_fn(|service| cell(arm, service))))
}
