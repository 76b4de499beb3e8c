//! The settings file: every key, its default and its check.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::analysis::{AnalysisPlan, EvaluationSettings};
use super::business_case::CaseConfig;
use super::caps::Caps;
use super::costs::Costs;
use super::cut_offs::CutOffs;
use super::disclosure::Disclosure;
use super::gates::Gates;
use super::governance::Governance;
use super::identity::Identity;
use super::linkage::LinkageSettings;
use super::lookups::Lookups;
use super::pathway::{PathwayConfig, PathwayFile, PathwaysOfFile};
use super::periods::Periods;
use super::place;
use super::published::PublishedFigure;
use super::retention::Retention;
use super::share::ShareConfig;
use super::spc::Spc;
use super::target::Target;
use super::toml_error;
use super::warehouse::{FromWarehouse, Odbc};
use crate::domain::day;
use crate::domain::nhs_number::Accepts;
use crate::error::{self, Error};
use crate::schema::Source;
use crate::schema::reliable::{self, ReliableChange};

/// Everything a run needs to know. The defaults hold no extract, so nobody publishes demonstration data by mistake.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Data are used up to this day; else the last full month that every required source covers.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub as_of: Option<toml::value::Datetime>,
    /// Where things are.
    pub paths: Paths,
    /// The project key.
    pub key: Key,
    /// Which NHS numbers are accepted.
    pub identity: Identity,
    /// Where the extracts lie.
    pub extracts: Vec<ExtractFolder>,
    /// How a warehouse is reached.
    pub odbc: Odbc,
    /// Sources that come from a warehouse, by their ids.
    pub source: BTreeMap<String, FromWarehouse>,
    /// What the extracts cover.
    pub covers: Covers,
    /// Look-up files.
    pub lookups: Lookups,
    /// Reporting periods.
    pub periods: Periods,
    /// How deaths and moves are known.
    pub ascertainment: Ascertainment,
    /// Which of the trust's teams are secondary care.
    pub secondary_care: SecondaryCare,
    /// How monthly series are judged.
    pub spc: Spc,
    /// What a place has agreed to reach.
    pub target: Vec<Target>,
    /// What was published elsewhere, to stand beside ours.
    pub published: Vec<PublishedFigure>,
    /// Cut-offs in place of the declared ones.
    pub cut_offs: CutOffs,
    /// How records become people.
    pub linkage: LinkageSettings,
    /// What leaves a partner's site.
    pub pseudonymise: Pseudonymise,
    /// Unit costs.
    pub costs: Costs,
    /// Effects.
    pub evaluation: EvaluationSettings,
    /// Disclosure control.
    pub disclosure: Disclosure,
    /// Data-quality gates.
    pub gates: Gates,
    /// How much of earlier nights is kept.
    pub retention: Retention,
    /// How large a field, a record, a heading row and an unpacked extract may be.
    pub caps: Caps,
    /// Other parties' salts, by the scheme of their pseudonyms; none unless a source config declares their digests.
    pub compat: BTreeMap<String, SaltFile>,
    /// Who decides, who holds what, and by what right; for `describe security`.
    pub governance: Governance,
    /// Agreements under which rows may be shared, by the recipient's name.
    pub share: BTreeMap<String, ShareConfig>,
    /// Pathway files, in the order of outputs.
    pub pathways: Vec<PathBuf>,
    /// The pathways read from those files.
    #[serde(skip)]
    pub pathway: Vec<PathwayConfig>,
    /// Files of business cases, one case each.
    pub business_cases: Vec<PathBuf>,
    /// The cases read from those files.
    #[serde(skip)]
    pub case: Vec<CaseConfig>,
    /// Reliable change of the scales of children and young people, read from the look-up.
    #[serde(skip)]
    pub reliable: ReliableChange,
    /// What is compared, read from the analysis plan; none without one.
    #[serde(skip)]
    pub plan: Option<AnalysisPlan>,
    /// The settings file's folder: other paths are relative to it.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The settings file's text, for the config hash.
    #[serde(skip)]
    pub text: String,
    /// The texts of the settings and pathway files, by what messages call them: for the place of a fault.
    #[serde(skip)]
    pub texts: Vec<(String, String)>,
    /// Worker threads; 0 for one per core. A flag, not a setting: it changes no output.
    #[serde(skip)]
    pub threads: usize,
}

/// What `pathlink pseudonymise` writes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pseudonymise {
    /// Whether tokens of names and places leave too, so that people without a number can be found by them. There are few
    /// names and fewer dates: whoever has the key finds out what such a token stands for by trying.
    pub field_tokens: bool,
    /// Whether one token of date of birth, sex, postcode and forename together leaves, so that people without a number can be
    /// found where all four agree. It stands for one person nearly always, so nothing shows by how often it occurs.
    pub match_keys: bool,
}

impl Default for Pseudonymise {
    fn default() -> Self {
        Self { field_tokens: false, match_keys: true }
    }
}

/// Folders of outputs and of configuration.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Paths {
    /// Run folders are made here.
    pub runs: PathBuf,
    /// Staged tables; restricted.
    pub store: PathBuf,
    /// The project's own source configs; embedded ones where it has none.
    pub sources: Option<PathBuf>,
    /// The project's own code lists; embedded ones where it has none.
    pub codes: Option<PathBuf>,
}

impl Default for Paths {
    fn default() -> Self {
        Self { runs: PathBuf::from("runs"), store: PathBuf::from("store"), sources: None, codes: None }
    }
}

/// The project key.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Key {
    /// The built-in demonstration key; works with test numbers only.
    pub demo: bool,
    /// The key file.
    pub file: Option<PathBuf>,
    /// The project that the key must be of; another's is refused.
    pub project: Option<String>,
    /// The check value that the key must have; another key is refused.
    pub check_value: Option<String>,
}

impl Key {
    /// What is wrong with it, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let is_check =
            |text: &String| text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        self.check_value.as_ref().filter(|text| !is_check(text)).map(|_| "`key.check_value` is not 8 of 0-9 and a-f")
    }
}

/// Another party's salt or text key.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaltFile {
    /// Its file, which obeys the rules of key files.
    pub salt_file: PathBuf,
    /// Whether blanks around it are no part of it, as in the Java port of `OpenPseudonymiser`.
    #[serde(default)]
    pub trim_salt: bool,
}

/// A folder of extracts of one source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtractFolder {
    /// The source.
    #[schemars(extend("enum" = Source::ALL.map(Source::id)))]
    pub source: String,
    /// The folder.
    pub folder: PathBuf,
    /// Whether a run without them fails; else figures that need them are marked not available.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

/// What the extracts cover.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Covers {
    /// A CSV of source, provider, from, to (both days in it), and if wanted status: `provisional` or `final`.
    pub file: Option<PathBuf>,
}

/// How a fact is known, for every arm alike or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ascertained {
    /// From the GP registered list, for every person of every arm.
    RegisteredList,
    /// Not known, or known better in one arm than in another: time is not censored on it and rows say so.
    #[default]
    Unequal,
}

/// How deaths and moves are known. Time is censored only on what is known equally in every arm.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ascertainment {
    /// Deaths.
    pub deaths: Ascertained,
    /// Moves into and out of the area.
    pub moves: Ascertained,
}

/// Which of the trust's teams are secondary care, for who enters and leaves it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SecondaryCare {
    /// Team types that are not; every other is.
    pub not_teams: Vec<String>,
}

impl Default for SecondaryCare {
    /// Front door, liaison, single point of access, crisis line.
    fn default() -> Self {
        Self { not_teams: ["A05", "A11", "A18", "A19"].map(str::to_owned).to_vec() }
    }
}

impl Settings {
    /// A path of the settings file, made relative to its folder.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        let mut whole = PathBuf::new();
        for part in self.folder.join(path).components() {
            let can_go_up = matches!(whole.components().next_back(), Some(Component::Normal(_)));
            match part {
                Component::CurDir => {}
                Component::ParentDir if can_go_up => drop(whole.pop()),
                part => whole.push(part),
            }
        }
        if whole.as_os_str().is_empty() { PathBuf::from(".") } else { whole }
    }

    /// Which NHS numbers are accepted.
    pub fn accepts(&self) -> Accepts {
        Accepts { test_range: self.identity.allow_test_numbers, other_uk: self.identity.allow_other_uk }
    }

    /// The day up to which data are used, if config pins it.
    pub fn pinned_as_of(&self) -> Option<i32> {
        self.as_of.as_ref().and_then(day_of)
    }

    pub(super) fn load_pathways(&mut self) -> Result<(), Error> {
        for path in self.pathways.clone() {
            let path = self.resolve(&path);
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(&path)
                .map_err(|_| wrong(&shown, "the pathway file cannot be read", "check `pathways` in pathlink.toml"))?;
            self.add_pathways(&shown, &text)?;
            self.text.push_str(&text);
        }
        Ok(())
    }

    pub(super) fn load_cases(&mut self) -> Result<(), Error> {
        for path in self.business_cases.clone() {
            let path = self.resolve(&path);
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(&path).map_err(|_| {
                wrong(&shown, "the business case cannot be read", "check `business_cases` in pathlink.toml")
            })?;
            let case: CaseConfig = toml::from_str(&text).map_err(|problem| toml_error(&shown, &text, &problem))?;
            if let Some((why, fix)) = case.fault() {
                return Err(wrong(&shown, &why, &fix));
            }
            if self.case.iter().any(|other| other.id == case.id) {
                return Err(wrong(&shown, "another business case has the same `id`", "give each its own"));
            }
            self.texts.push((shown, text.clone()));
            self.case.push(case);
            self.text.push_str(&text);
        }
        Ok(())
    }

    /// What every row of a metric says of what it rests on; empty where all of it is verified.
    pub fn note(&self, metric: &str) -> String {
        if reliable::METRICS.contains(&metric) { self.reliable.note() } else { self.cut_offs.note(metric) }
    }

    /// Reads the project's own table of reliable change, if it has one.
    pub(super) fn load_reliable_change(&mut self) -> Result<(), Error> {
        let Some(path) = &self.lookups.reliable_change else { return Ok(()) };
        let path = self.resolve(path);
        let wrong = |why: &str| {
            let fix =
                "see config/reliable_change.csv for the form, and `reliable_change` under [lookups] in pathlink.toml";
            wrong(&path.display().to_string(), why, fix)
        };
        let text = std::fs::read_to_string(&path).map_err(|_| wrong("the table of reliable change cannot be read"))?;
        self.reliable = ReliableChange::of_text(&text).map_err(|why| wrong(&why))?;
        self.text.push_str(&text);
        Ok(())
    }

    /// Adds the pathways of a pathway file's text; `shown` is what messages call it.
    pub fn add_pathways(&mut self, shown: &str, text: &str) -> Result<(), Error> {
        // Read twice: in the order of the file, and with the place of each value.
        let file: PathwayFile = toml::from_str(text).map_err(|problem| toml_error(shown, text, &problem))?;
        let mut typed: PathwaysOfFile = toml::from_str(text).map_err(|problem| toml_error(shown, text, &problem))?;
        self.texts.push((shown.to_owned(), text.to_owned()));
        for id in file.pathway.keys() {
            let Some(pathway) = typed.pathway.remove(id) else { continue };
            let mut pathway = PathwayConfig { id: id.clone(), ..pathway };
            pathway.title.retain(|letter| !turns_text_around(letter));
            self.pathway.push(pathway);
        }
        Ok(())
    }

    /// Adds to an error where in these settings the word is that it names first.
    #[must_use]
    pub fn point_out(&self, error: Error) -> Error {
        self.texts.iter().fold(error, |error, (file, text)| place::point_out(error, (file, text), &[]))
    }

    /// Adds to an error where in these settings a word is, below a path of keys.
    #[must_use]
    pub fn point(&self, error: Error, path: &[&str], word: &str) -> Error {
        self.texts.iter().fold(error, |error, (file, text)| place::point(error, (file, text), path, word))
    }
}

/// Whether a letter, itself unseen, turns the letters after it around: a sentence with a title would show its numbers backwards.
fn turns_text_around(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The day of a TOML date.
pub fn day_of(date: &toml::value::Datetime) -> Option<i32> {
    let date = date.date?;
    day::from_parts(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

pub(super) fn wrong(file: &str, why: &str, fix: &str) -> Error {
    Error::new(&error::CONFIG_VALUE, format!("{file} cannot be used"), fix).because(why)
}
