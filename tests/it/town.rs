//! Invented towns: extracts made in memory, and what pathlink makes of them. Nothing stays on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use pathlink::domain::period::Span;
use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::{Content, Extract};
use pathlink::metrics::{self, Breakdown, Estimate};
use pathlink::run::{self, Evaluation};
use pathlink::schema::Source;
use pathlink::settings::{Periods, Settings};
use pathlink::sources::Sources;
use pathlink::synth::{self, CharityNumbers, Errors, GpExtract, Memory, Options};

use crate::support;

/// Extracts and truth by path, and the evaluation of the extracts.
pub(crate) struct Town {
    /// What the generator wrote.
    pub(crate) files: BTreeMap<String, Arc<Vec<u8>>>,
    /// What pathlink found.
    pub(crate) evaluation: Evaluation,
    /// What it was evaluated with; its folders are gone.
    pub(crate) settings: Settings,
    /// The bundled sources.
    pub(crate) sources: Sources,
}

/// 50,000 people whose records have the errors of real ones.
pub(crate) static TOWN: LazyLock<Town> = LazyLock::new(|| {
    town(&Options {
        people: 50_000,
        seed: 7,
        gp: GpExtract::Sent,
        errors: Errors::Planted,
        charity_numbers: CharityNumbers::Some,
    })
});

/// 10,000 people whose every record is right: whose NHS number it is says who it is.
pub(crate) static TIDY_TOWN: LazyLock<Town> = LazyLock::new(|| {
    town(&Options {
        people: 10_000,
        seed: 7,
        gp: GpExtract::Sent,
        errors: Errors::None,
        charity_numbers: CharityNumbers::Some,
    })
});

impl Town {
    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.files[path]).unwrap()
    }
}

/// Makes a town and evaluates it.
pub(crate) fn town(options: &Options) -> Town {
    let mut memory = Memory::default();
    synth::generate(options, &mut memory, &mut |_| ()).unwrap();
    of_files(memory.files.into_iter().map(|(path, bytes)| (path, Arc::new(bytes))).collect(), |_| ())
}

/// Evaluates the extracts among some files, with their coverage and look-ups, under settings that may be changed.
pub(crate) fn of_files(files: BTreeMap<String, Arc<Vec<u8>>>, change: impl Fn(&mut Settings)) -> Town {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&files, folder.path());
    change(&mut settings);
    let sources = Sources::load(None, None).unwrap();
    let key = ProjectKey::demonstration();
    let evaluation = run::evaluate(&settings, &sources, &extracts(&files, &sources), &key, &|_| ()).unwrap();
    Town { files, evaluation, settings, sources }
}

/// Evaluates the tables of one trust, ZT1, under settings that may be changed.
pub(crate) fn of_trust<const TABLES: usize>(
    names: [&str; TABLES],
    texts: [String; TABLES],
    change: impl Fn(&mut Settings),
) -> Town {
    of_tables(("mental_health", "ZT1"), names, texts, change)
}

/// The same of one provider of Talking Therapies, ZI1.
pub(crate) fn of_therapies<const TABLES: usize>(
    names: [&str; TABLES],
    texts: [String; TABLES],
    change: impl Fn(&mut Settings),
) -> Town {
    of_tables(("talking_therapies", "ZI1"), names, texts, change)
}

fn of_tables<const TABLES: usize>(
    (source, provider): (&str, &str),
    names: [&str; TABLES],
    texts: [String; TABLES],
    change: impl Fn(&mut Settings),
) -> Town {
    let paths = names.map(|name| format!("{source}/{provider}_{name}.csv"));
    let mut files: BTreeMap<String, Arc<Vec<u8>>> =
        paths.into_iter().zip(texts.map(|text| Arc::new(text.into_bytes()))).collect();
    let covered = format!("source,provider,from,to\n{source},{provider},2023-01-01,2026-03-31\n");
    files.insert("coverage.csv".to_owned(), Arc::new(covered.into_bytes()));
    files.insert("lookups/postcode_imd.csv".to_owned(), Arc::new(b"postcode,lsoa,imd_quintile\n".to_vec()));
    of_files(files, change)
}

/// The estimate of a metric for everyone in the last quarter of 2025/26.
pub(crate) fn in_last_quarter<'a>(town: &'a Town, id: &str) -> &'a Estimate {
    let estimates = &town.evaluation.estimates;
    let is_it = |row: &&Estimate| {
        let is_plain = row.pathway.is_none() && row.breakdown == Breakdown::All;
        is_plain && metrics::ALL[row.metric].id == id && estimates.periods[row.period].name == "2025/26 Q4"
    };
    estimates.rows.iter().find(is_it).unwrap()
}

/// Its numerator and denominator.
pub(crate) fn counts_in_last_quarter(town: &Town, id: &str) -> (u64, u64) {
    let cell = in_last_quarter(town, id).cell.unwrap();
    (cell.numerator, cell.denominator)
}

/// A town with only the figures that plain loops are compared with: two hundred whole ones would not fit into memory.
pub(crate) fn lean(mut town: Town) -> Town {
    let estimates = &mut town.evaluation.estimates;
    let periods = &estimates.periods;
    estimates.rows.retain(|row| {
        row.pathway.is_none()
            && [Breakdown::All, Breakdown::Provider, Breakdown::Sex].contains(&row.breakdown)
            && periods[row.period].span == Span::Quarter
            && row.cell.is_some_and(|cell| cell.denominator > 0)
    });
    estimates.rows.shrink_to_fit();
    town
}

/// The fixture's settings for a town: periods of every length, pathways from the first of them.
fn settings(files: &BTreeMap<String, Arc<Vec<u8>>>, folder: &Path) -> Settings {
    let mut settings = support::settings(&support::root().join("fixtures/tiny/pathlink.toml"), folder);
    folder.clone_into(&mut settings.folder);
    settings.periods = Periods { months: 6, quarters: 12, years: 2, twelve_months: 4 };
    for pathway in &mut settings.pathway {
        pathway.from = "2023-04-01".parse().unwrap();
    }
    for name in ["coverage.csv", "lookups/postcode_imd.csv"] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, files[name].as_slice()).unwrap();
    }
    settings
}

/// The extracts among the files, as `ingest::extracts::find` would find and sort them.
fn extracts(files: &BTreeMap<String, Arc<Vec<u8>>>, sources: &Sources) -> Vec<Extract> {
    let mut extracts: Vec<Extract> = files
        .iter()
        .filter_map(|(path, bytes)| {
            let (folder, name) = path.split_once('/')?;
            let (plan, found) = sources.recognise(Source::from_id(folder)?, name)?;
            Some(Extract {
                plan,
                name: name.to_owned(),
                provider: found.provider,
                content: Content::Memory(bytes.clone()),
            })
        })
        .collect();
    extracts.sort_by(|a, b| (a.plan, &a.name).cmp(&(b.plan, &b.name)));
    extracts
}
