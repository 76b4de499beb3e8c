//! Extracts in the shapes in which senders write them: every heading is known, every shape reads without a reject, and
//! siblings give the same canonical rows (`fixtures/shapes/README.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::{Content, Extract, StagedFile};
use pathlink::link::persons::Basis;
use pathlink::run::{self, Evaluation};
use pathlink::schema::{Source, Table};
use pathlink::sources::Sources;

use crate::support::{csv_rows, root, settings};

/// A file: source, name, text.
pub(crate) type File = (Source, String, String);

/// A row by column, as text.
pub(crate) type Row = BTreeMap<String, String>;

/// Extracts read, and where they were staged while the test looks.
pub(crate) struct Read {
    pub(crate) evaluation: Evaluation,
    sources: Sources,
    _folder: tempfile::TempDir,
}

pub(crate) fn read(files: &[File]) -> Read {
    let content = |text: &String| Content::Memory(Arc::new(text.clone().into_bytes()));
    read_contents(files.iter().map(|(source, name, text)| (*source, name.clone(), content(text))).collect())
}

/// The files of a folder that has a folder a source.
pub(crate) fn read_folder(folder: &Path) -> Read {
    let mut files = Vec::new();
    for source in Source::ALL {
        for entry in fs::read_dir(folder.join(source.id())).into_iter().flatten() {
            let entry = entry.unwrap();
            files.push((source, entry.file_name().to_string_lossy().into_owned(), Content::File(entry.path())));
        }
    }
    read_contents(files)
}

fn read_contents(files: Vec<(Source, String, Content)>) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&root().join("fixtures/tiny/pathlink.toml"), folder.path());
    settings.gates.max_rejects_percent = 100.0;
    let sources = Sources::load(None, None).unwrap();
    let extract = |(source, name, content): (Source, String, Content)| {
        let (plan, found) = sources.recognise(source, &name).unwrap_or_else(|| panic!("{name} is not recognised"));
        Extract { plan, name, provider: found.provider, content }
    };
    let mut extracts: Vec<Extract> = files.into_iter().map(extract).collect();
    extracts.sort_by(|a, b| (a.plan, &a.name).cmp(&(b.plan, &b.name)));
    let evaluation =
        run::evaluate(&settings, &sources, &extracts, &ProjectKey::demonstration(), &|_| ()).map_err(|e| e.to_string());
    Read { evaluation: evaluation.unwrap(), sources, _folder: folder }
}

pub(crate) fn shape(name: &str) -> Vec<File> {
    let mut files = Vec::new();
    for source in Source::ALL {
        let folder = root().join("fixtures/shapes").join(name).join(source.id());
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            files.push((source, entry.file_name().to_string_lossy().into_owned(), text));
        }
    }
    assert!(!files.is_empty(), "{name}");
    files
}

pub(crate) fn file(source: Source, name: &str, text: &str) -> File {
    (source, name.to_owned(), text.to_owned())
}

/// Changes the text of one file of a shape.
pub(crate) fn edit(files: &mut [File], name: &str, change: impl Fn(&str) -> String) {
    let (_, _, text) = files.iter_mut().find(|(_, known, _)| known == name).unwrap();
    let changed = change(text);
    assert_ne!(*text, changed, "{name} did not change");
    *text = changed;
}

impl Read {
    pub(crate) fn staged(&self, name: &str) -> &StagedFile {
        self.evaluation.staged.files.iter().find(|file| file.name == name).unwrap()
    }

    pub(crate) fn warnings(&self, name: &str) -> Vec<(String, u64)> {
        self.staged(name).tally.warnings.iter().map(|(what, count)| (what.clone(), *count)).collect()
    }

    /// The rows of every staged table, in the order of their text; line numbers say nothing here.
    pub(crate) fn rows(&self) -> BTreeMap<Table, Vec<Row>> {
        let mut tables: BTreeMap<Table, Vec<Row>> = BTreeMap::new();
        for file in &self.evaluation.staged.files {
            tables.entry(self.sources.tables[file.plan].table).or_default().extend(rows_of(file));
        }
        tables
    }

    pub(crate) fn table(&self, table: Table) -> Vec<Row> {
        self.rows().remove(&table).unwrap_or_default()
    }
}

/// What stands for a missing day, code or score in staged files.
const MISSING: [&str; 3] = ["-2147483648", "65535", "NaN"];

fn rows_of(file: &StagedFile) -> Vec<Row> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&file.path).unwrap()).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let schema = batch.schema();
        let options = FormatOptions::default().with_null("-");
        let columns: Vec<_> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        for row in 0..batch.num_rows() {
            let cells = schema.fields().iter().zip(&columns);
            let cells = cells.filter(|(field, _)| field.name() != "line");
            let shown = |text: String| if MISSING.contains(&text.as_str()) { "-".to_owned() } else { text };
            rows.push(
                cells.map(|(field, column)| (field.name().clone(), shown(column.value(row).to_string()))).collect(),
            );
        }
    }
    rows
}

/// The same rows, as far as both shapes have a column and it is not to be left out.
fn assert_same(a: &str, b: &str, without: &[(Table, &[&str])]) {
    let (of_a, of_b) = (read(&shape(a)).rows(), read(&shape(b)).rows());
    for (table, rows) in &of_a {
        let Some(others) = of_b.get(table) else { continue };
        let names = |rows: &[Row]| rows.iter().flat_map(|row| row.keys().cloned()).collect::<BTreeSet<String>>();
        let mut common: BTreeSet<String> = names(rows).intersection(&names(others)).cloned().collect();
        for (_, left_out) in without.iter().filter(|(of, _)| of == table) {
            common.retain(|name| !left_out.contains(&name.as_str()));
        }
        let cut = |rows: &[Row]| {
            let cell = |row: &Row, name: &str| row.get(name).cloned().unwrap_or_else(|| "-".to_owned());
            let mut rows: Vec<Vec<(String, String)>> =
                rows.iter().map(|row| common.iter().map(|name| (name.clone(), cell(row, name))).collect()).collect();
            rows.sort();
            rows
        };
        assert_eq!(cut(rows), cut(others), "{} of {a} and {b}", table.id());
    }
}

#[test]
fn every_heading_and_alias_of_the_schemas_is_known() {
    let sources = Sources::load(None, None).unwrap();
    let rows = csv_rows(&root().join("fixtures/shapes/headings.csv"));
    assert_eq!(rows.len(), 312);
    let mut unknown = Vec::new();
    for row in &rows {
        let source = Source::from_id(&row[0]).unwrap();
        let plan = sources.tables.iter().find(|plan| plan.source == source && plan.name == row[1]);
        let plan = plan.unwrap_or_else(|| panic!("no table {}", row[1]));
        for heading in std::iter::once(row[2].as_str()).chain(row[3].split_whitespace()) {
            if !plan.knows(heading) {
                unknown.push(format!("{} {heading}", row[1]));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn only_a_key_or_an_event_date_rejects_a_row() {
    use pathlink::schema::Kind;
    use pathlink::sources::Empty;
    let sources = Sources::load(None, None).unwrap();
    for plan in &sources.tables {
        let may =
            |kind: Kind| matches!(kind, Kind::RecordId | Kind::ParentId(_) | Kind::LocalId | Kind::Org | Kind::Date);
        let rejecting = plan.columns.iter().filter(|column| column.empty == Empty::Reject);
        assert!(rejecting.clone().all(|column| may(column.column.kind)), "{}", plan.name);
        assert!(plan.details.iter().all(|column| column.empty != Empty::Reject), "{}", plan.name);
    }
}

const SHAPES: [&str; 12] = [
    "mhsds_v5",
    "mhsds_v6",
    "mhsds_national",
    "iapt_2_0",
    "iapt_2_1",
    "iapt_national",
    "ecds_provider",
    "ecds_national",
    "gp_canonical",
    "gp_tpp",
    "gp_emis",
    "community",
];

#[test]
fn every_shape_reads_without_a_reject_and_every_row_is_accounted_for() {
    for name in SHAPES {
        let read = read(&shape(name));
        for file in &read.evaluation.staged.files {
            assert_eq!(file.tally.rejected_total(), 0, "{name} {}: {:?}", file.name, file.rejects);
            assert_eq!(file.tally.duplicated, 0, "{name} {}", file.name);
            assert!(file.tally.adds_up() && file.tally.kept > 0, "{name} {}", file.name);
            assert!(file.tally.unread_headings.is_empty(), "{name} {}: {:?}", file.name, file.tally.unread_headings);
            let unexpected: Vec<_> = file.tally.warnings.keys().filter(|key| !key.ends_with("C15")).collect();
            assert!(unexpected.is_empty(), "{name} {}: {unexpected:?}", file.name);
        }
    }
}

const IDENTITY: &[&str] = &["nhs_high", "nhs_low", "nhs_status", "nhs_reason", "initial", "surname_start"];

#[test]
fn versions_5_and_6_of_a_trust_give_the_same_rows() {
    let without: &[(Table, &[&str])] = &[
        // Version 6 has other bed classes, and a team's type in a table of its own.
        (Table::WardStays, &["bed_type"]),
        (Table::ReferralTeams, &["team_type"]),
    ];
    assert_same("mhsds_v5", "mhsds_v6", without);
    let teams = |name: &str| read(&shape(name)).evaluation.linked.referral_teams;
    assert!(teams("mhsds_v5").equals_missing(&teams("mhsds_v6")), "types of teams come from the team table");
    assert!(teams("mhsds_v5").equals_missing(&teams("mhsds_national")));
}

#[test]
fn a_national_extract_gives_the_rows_of_the_provider() {
    let people = (Table::PersonRecords, IDENTITY);
    assert_same("mhsds_v6", "mhsds_national", &[people]);
    assert_same("iapt_2_1", "iapt_national", &[people]);
    assert_same("ecds_provider", "ecds_national", &[(Table::Attendances, IDENTITY)]);
}

#[test]
fn versions_2_0_and_2_1_of_talking_therapies_give_the_same_rows() {
    assert_same("iapt_2_0", "iapt_2_1", &[]);
}

#[test]
fn suppliers_of_practices_give_the_same_rows() {
    assert_same("gp_canonical", "gp_tpp", &[]);
    assert_same("gp_canonical", "gp_emis", &[]);
    for name in ["gp_canonical", "gp_tpp", "gp_emis"] {
        let read = read(&shape(name));
        assert_eq!(read.staged("Y90001_gp_appointment.csv").tally.excluded["empty_slot"], 1, "{name}");
    }
}

#[test]
fn every_status_of_tpp_and_emis_is_mapped() {
    let words = [
        "Booked",
        "Arrived",
        "Did Not Attend",
        "In Progress",
        "Finished",
        "Requested",
        "Visit",
        "Waiting",
        "Cancelled by Patient",
        "Cancelled by Unit",
        "Cancelled by Other Service",
        "No Access Visit",
        "Cancelled Due To Death",
        "Patient Walked Out",
        "DNA",
        "Left",
    ];
    let list = fs::read_to_string(root().join("config/codes/gp_appointment_status.csv")).unwrap();
    for word in words {
        assert!(list.lines().any(|line| line.starts_with(&format!("{word},"))), "{word}");
    }
}

#[test]
fn a_national_pseudonym_is_never_an_nhs_number() {
    for (name, table) in [
        ("mhsds_national", Table::PersonRecords),
        ("iapt_national", Table::PersonRecords),
        ("ecds_national", Table::Attendances),
    ] {
        let read = read(&shape(name));
        let rows = read.table(table);
        let is_none = |row: &Row| row.get("nhs_high").is_none_or(|high| high == "0" && row["nhs_low"] == "0");
        assert!(rows.iter().all(is_none), "{name}");
        let pseudonyms: BTreeSet<&str> = rows.iter().map(|row| row["national_pseudonym_low"].as_str()).collect();
        assert!(pseudonyms.len() >= 2, "{name}");
        assert!(read.evaluation.linked.persons.basis.iter().all(|basis| *basis == Basis::Single), "{name}");
    }
}

#[test]
fn a_file_has_an_nhs_number_or_a_national_pseudonym() {
    let mut files = shape("mhsds_v6");
    edit(&mut files, "ZT1_MHS001MPI.csv", |text| text.replacen("NHSNumber,", "Number,", 1));
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&root().join("fixtures/tiny/pathlink.toml"), folder.path());
    let sources = Sources::load(None, None).unwrap();
    let (_, name, text) = files.iter().find(|(_, name, _)| name == "ZT1_MHS001MPI.csv").unwrap();
    let (plan, found) = sources.recognise(Source::MentalHealth, name).unwrap();
    let content = Content::Memory(Arc::new(text.clone().into_bytes()));
    let extract = Extract { plan, name: name.clone(), provider: found.provider, content };
    let said = run::evaluate(&settings, &sources, &[extract], &ProjectKey::demonstration(), &|_| ());
    assert_eq!(said.err().unwrap().code().id, "HDR01");
}

#[test]
fn a_code_in_scientific_notation_matches_nothing_and_is_a_warning_of_its_own() {
    let mut files = shape("mhsds_v6");
    edit(&mut files, "ZT1_MHS606CodedScoreAssessmentRefer.csv", |text| {
        text.replace("720433000", "7.20433E+08").replace("445455005", "4.45455E+08")
    });
    edit(&mut files, "ZT1_MHS202CareActivity.csv", |text| text.replace("304891004:424361007=733828005", "3.04891E+08"));
    let read = read(&files);
    assert_eq!(read.warnings("ZT1_MHS606CodedScoreAssessmentRefer.csv"), [("CodedAssToolType C14".to_owned(), 2)]);
    assert_eq!(read.warnings("ZT1_MHS202CareActivity.csv"), [("Procedure C14".to_owned(), 1)]);
    let scales: Vec<String> = read.table(Table::Scores).iter().map(|row| row["scale"].clone()).collect();
    assert_eq!(scales.iter().filter(|scale| *scale == "-").count(), 2);
    // Without a scale the key is not whole, so neither repeats the other.
    assert_eq!(read.staged("ZT1_MHS606CodedScoreAssessmentRefer.csv").tally.kept, 2);
}

#[test]
fn lists_of_diagnoses_are_one_list_in_their_order() {
    for name in ["ecds_provider", "ecds_national"] {
        let rows = read(&shape(name)).table(Table::Attendances);
        let lists: BTreeSet<&str> = rows.iter().map(|row| row["diagnoses"].as_str()).collect();
        assert_eq!(lists, BTreeSet::from(["[13746004, 197480006]", "[]"]), "{name}");
        assert!(rows.iter().any(|row| row["referred_to"] == "[306136006]" && row["requested_minutes"] == "[540]"));
    }
}

#[test]
fn a_withheld_identity_is_counted_and_never_linked() {
    let mut files = shape("ecds_provider");
    edit(&mut files, "ZA1_ECDS.csv", |text| text.replacen(",,,,,\n", ",,,,,03\n", 1));
    let read = read(&files);
    let rows = read.table(Table::Attendances);
    assert_eq!(rows.len(), 3);
    let withheld: Vec<&Row> = rows.iter().filter(|row| row["withheld_reason"] != "0").collect();
    assert_eq!(withheld.len(), 2);
    for row in withheld {
        assert!(row["nhs_low"] == "0" && row["local_low"] == "0" && row["birth_date"] == "-");
    }
    assert_eq!(read.staged("ZA1_ECDS.csv").tally.nhs["withheld"], 2);
}
