//! Pseudonymise: what a practice or charity does on its own machine, so that no identifier leaves it.
//!
//! In: extracts of one source, its config and the project's key. Out: a file for each extract with tokens in place of
//! identifiers, which a run takes beside raw extracts, and the lines that could not be used. No file of another source, no
//! pathway and no store is needed. Leaves alone: duplicates and rows without a parent, which a run judges over all files.

mod cells;
mod held;
mod inputs;
mod left_out;
mod preview;
mod sheet;
mod write;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{gates, key};
use crate::domain::hex;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::lookups::Deprivation;
use crate::ingest::opt_outs::OptOuts;
use crate::ingest::stage::Stager;
use crate::ingest::stamp::{REJECTS, SIDE_FILE, Stamp};
use crate::ingest::{AtSource, Extract, Tally, rejects_csv};
use crate::schema::Source;
use crate::settings::Settings;
use crate::sources::{Precision, Sources};
use held::Held;
use sheet::Sheet;

pub use preview::{Leaving, Preview};

/// What the caller asks for.
pub struct Asked<'a> {
    /// The source.
    pub source: Source,
    /// Its files, or folders of them.
    pub inputs: &'a [PathBuf],
    /// The table that the one file is, where its name does not tell.
    pub table: Option<&'a str>,
    /// The run's id, of which the day is: the age of a list of NHS numbers is reckoned from it.
    pub run_id: &'a str,
    /// Told the name of each file that was read, and its rows.
    pub progress: &'a (dyn Fn(&str, u64) + Sync),
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Parquet, with all that is said of it inside.
    Parquet,
    /// CSV, with a `.pathlink.json` beside it.
    Csv,
}

impl Form {
    /// How its files' names end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }
}

/// Where results go.
pub struct Target<'a> {
    /// A file, if there is one extract; else a folder.
    pub to: &'a Path,
    /// Their form, where the name does not tell.
    pub form: Option<Form>,
    /// The key file named on the command line or in the environment.
    pub key_file: Option<PathBuf>,
}

/// One result.
pub struct MadeFile {
    /// The extract's name.
    pub from: String,
    /// The result.
    pub to: PathBuf,
    /// The lines that could not be used, if there are any.
    pub rejects: Option<PathBuf>,
    /// What became of its rows.
    pub tally: Tally,
    /// How exact its dates are.
    pub precision: Precision,
    /// The canonical names of its columns.
    pub columns: Vec<&'static str>,
}

/// What was made.
pub struct Made {
    /// A file for each extract.
    pub files: Vec<MadeFile>,
    /// Project, version and check value of the key.
    pub key: (String, u32, String),
    /// Whether that is the demonstration key.
    pub is_demonstration: bool,
}

/// Makes the files. Nothing is there before all of them are whole, and nothing is left if one cannot be made.
pub fn pseudonymise(settings: &Settings, asked: &Asked<'_>, target: &Target<'_>) -> Result<Made, Error> {
    let key = key(settings, target.key_file.as_ref())?;
    let sources = Sources::of(settings)?;
    let extracts = inputs::find(asked, &sources)?;
    let targets = inputs::targets(&extracts, (target.to, target.form), &sources)?;
    let sheets = read(settings, asked, (&sources, &extracts), &key)?;
    let mut held = Vec::new();
    let mut files = Vec::new();
    for (sheet, (to, form)) in sheets.into_iter().zip(targets) {
        let metadata = metadata(settings, &sources, &sheet, &key)?;
        let mut file = Held::beside(&to)?;
        write::write(&sheet, (&sources.values, form), &metadata, &mut file)?;
        if form == Form::Csv {
            let beside = with_ending(&to, SIDE_FILE);
            let json = serde_json::to_vec_pretty(&metadata).map_err(Error::silent("write JSON"))?;
            held.push((Held::of(&beside, &json)?, beside));
        }
        held.push((file, to.clone()));
        let rejects = if sheet.rejects.is_empty() {
            None
        } else {
            let rejects = rejects_of(&to);
            held.push((Held::of(&rejects, &rejects_csv(&sheet.rejects)?)?, rejects.clone()));
            Some(rejects)
        };
        files.push(MadeFile {
            from: sheet.name.clone(),
            to,
            rejects,
            precision: sheet.plan.date_precision,
            columns: sheet.column_names(),
            tally: sheet.tally,
        });
    }
    held::publish(held)?;
    let named = (key.project().to_owned(), key.version(), key.check_value());
    Ok(Made { files, key: named, is_demonstration: key.is_demonstration() })
}

/// What would leave, without a value and without the project's key. Nothing is written.
pub fn preview(settings: &Settings, asked: &Asked<'_>) -> Result<Vec<Preview>, Error> {
    let sources = Sources::of(settings)?;
    let extracts = inputs::find(asked, &sources)?;
    let sheets = read(settings, asked, (&sources, &extracts), &ProjectKey::throwaway()?)?;
    Ok(sheets.iter().map(|sheet| preview::of(sheet, &sources.values)).collect())
}

/// Reads the extracts as a run would, and leaves out what hangs on rows that are left out.
fn read<'a>(
    settings: &Settings,
    asked: &Asked<'_>,
    (sources, extracts): (&'a Sources, &[Extract]),
    key: &ProjectKey,
) -> Result<Vec<Sheet<'a>>, Error> {
    gates::list_age::check(settings, asked.run_id)?;
    let opt_outs = OptOuts::of(settings, key)?;
    let deprivation = Deprivation::of(settings)?;
    let stager = Stager::new(settings, sources, key, &deprivation).leaving_out(opt_outs.as_ref());
    let stager =
        stager.with_fields(settings.pseudonymise.field_tokens).with_match_keys(settings.pseudonymise.match_keys);
    let mut sheets = Vec::with_capacity(extracts.len());
    for extract in extracts {
        let whole = stager.whole(extract)?;
        let plan = &sources.tables[extract.plan];
        gates::of_tally(settings, (&extract.name, &whole.tally), plan)?;
        (asked.progress)(&extract.name, whole.tally.read);
        sheets.push(Sheet::of(extract, plan, whole)?);
    }
    left_out::follow(&mut sheets);
    sheets.iter_mut().for_each(Sheet::sort);
    Ok(sheets)
}

/// What a file says of itself.
fn metadata(
    settings: &Settings,
    sources: &Sources,
    sheet: &Sheet<'_>,
    key: &ProjectKey,
) -> Result<std::collections::BTreeMap<String, String>, Error> {
    let mut tally = sheet.tally.clone();
    tally.unread_headings.clear();
    (tally.first_day, tally.last_day) = (None, None);
    let at_source = AtSource {
        source: sheet.plan.source.id().to_owned(),
        table: sheet.plan.table.id().to_owned(),
        precision: sheet.plan.date_precision,
        rows: sheet.order.len() as u64,
        tally,
    };
    let mut metadata = Stamp::metadata(key, sheet.kinds());
    metadata.append(&mut at_source.metadata()?);
    let config = hex::lower(&Sha256::digest(settings.text.as_bytes()));
    metadata.insert("pathlink.config_sha256".to_owned(), config);
    metadata.insert("pathlink.sources_sha256".to_owned(), hex::lower(&sources.fingerprint));
    metadata.insert("pathlink.made_by".to_owned(), format!("pathlink {}", env!("CARGO_PKG_VERSION")));
    if key.is_demonstration() {
        metadata.insert("pathlink.demonstration".to_owned(), "yes".to_owned());
    }
    Ok(metadata)
}

/// Where the lines that could not be used are named.
fn rejects_of(result: &Path) -> PathBuf {
    with_ending(&result.with_extension(""), REJECTS)
}

/// A path with more at its end.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    PathBuf::from(whole)
}

fn name_refused(path: &Path, why: &str, fix: &str) -> Error {
    Error::new(&error::OUTPUT_NAME, format!("{} cannot be made", path.display()), fix).because(why)
}
