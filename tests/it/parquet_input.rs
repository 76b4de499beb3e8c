//! Parquet beside CSV, and files that were pseudonymised where they come from: the same rows and the same figures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use pathlink::domain::day;
use pathlink::domain::nhs_number::{self, Accepts};
use pathlink::domain::org_code::OrgCode;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::ingest::{fields, lookups::Deprivation};
use pathlink::schema::columns::Field as Identity;
use pathlink::schema::{Kind, Source, Table as Canonical};
use pathlink::settings::Deprived;
use pathlink::sources::{ColumnPlan, Sources, TablePlan};

use crate::program::{Project, Table, files_under, pathlink};
use crate::scan::Needles;

const SOURCES: [&str; 5] = ["mental_health", "emergency_care", "talking_therapies", "gp", "community"];

/// A column as the narrowest type that holds all its cells: days, timestamps, whole numbers as integers or floats, text.
fn typed(heading: &str, cells: &[&str]) -> ArrayRef {
    let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let all = |is_it: &dyn Fn(&str) -> bool| !filled.is_empty() && filled.iter().all(|cell| is_it(cell));
    let is_plain = |cell: &str| cell.len() < 9 && cell.parse::<i64>().is_ok_and(|number| number.to_string() == cell);
    let stamp = |cell: &str| {
        let day = day::parse_iso(cell.get(..10)?.as_bytes())?;
        let time: Vec<i64> = cell.get(11..)?.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [hour, minute, second] = time.as_slice() else { return None };
        Some((i64::from(day) * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000)
    };
    if all(&|cell| day::parse_iso(cell.as_bytes()).is_some()) {
        Arc::new(cells.iter().map(|cell| day::parse_iso(cell.as_bytes())).collect::<Date32Array>())
    } else if all(&|cell| stamp(cell).is_some()) {
        Arc::new(cells.iter().map(|cell| stamp(cell)).collect::<TimestampMicrosecondArray>())
    } else if all(&is_plain) && heading.len().is_multiple_of(2) {
        Arc::new(cells.iter().map(|cell| cell.parse::<f64>().ok()).collect::<Float64Array>())
    } else if all(&is_plain) {
        Arc::new(cells.iter().map(|cell| cell.parse::<i64>().ok()).collect::<Int64Array>())
    } else {
        Arc::new(cells.iter().map(|cell| Some(*cell).filter(|cell| !cell.is_empty())).collect::<StringArray>())
    }
}

fn write(path: &Path, columns: Vec<(String, ArrayRef)>, metadata: &[(String, String)]) {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, array)| array).collect()).unwrap();
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(7))
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer = ArrowWriter::try_new(fs::File::create(path).unwrap(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Every extract of a project, by its path.
fn extracts(project: &Project) -> Vec<(Source, PathBuf)> {
    let of = |source: &&str| {
        let folder = project.path("in").join(source);
        let names: Vec<PathBuf> = files_under(&folder).into_keys().collect();
        let id = Source::from_id(source).unwrap();
        names.into_iter().map(move |name| (id, folder.join(name))).collect::<Vec<_>>()
    };
    SOURCES.iter().flat_map(of).collect()
}

fn column(table: &Table, at: usize) -> Vec<&str> {
    table.rows().iter().map(|row| row[at].as_str()).collect()
}

fn to_parquet(path: &Path) {
    let table = Table::read(path);
    let columns = table.headings().iter().enumerate();
    let columns = columns.map(|(at, name)| (name.clone(), typed(name, &column(&table, at)))).collect();
    write(&path.with_extension("parquet"), columns, &[]);
    fs::remove_file(path).unwrap();
}

/// The released and exact figures and the linked rows of a run.
fn outcome(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_under(run);
    files.retain(|path, _| {
        path.starts_with("restricted/linked")
            || path.ends_with("estimates.csv")
            || (path.starts_with("release") && path.extension().is_some_and(|end| end == "csv"))
    });
    assert!(files.len() > 10);
    files
}

fn assert_same(before: &BTreeMap<PathBuf, Vec<u8>>, after: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in before {
        assert!(bytes == &after[name], "{} differs", name.display());
    }
}

#[test]
fn the_same_tables_as_csv_and_as_parquet_give_the_same_rows_and_figures() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let before = outcome(&project.good_run(&[]));
    for (_, path) in extracts(&project) {
        to_parquet(&path);
    }
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    needles.assert_not_in(&project, &done);
    assert_same(&before, &outcome(&project.latest()));
    let checked = pathlink(&project.path(""), &["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    needles.assert_not_in(&project, &checked);
    let said = pathlink(&project.path(""), &["doctor", "--file", "in/gp/list_gp_registration.parquet"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains(": parquet"), "{}", said.stdout);
    needles.assert_not_in(&project, &said);
}

#[test]
fn parquet_that_cannot_be_read_is_told() {
    let list = "in/gp/list_gp_registration.csv";
    let with = |change: &dyn Fn(&str, ArrayRef) -> ArrayRef| {
        let project = Project::tiny();
        let needles = Needles::of(&project);
        let table = Table::read(&project.path(list));
        let columns = table.headings().iter().enumerate();
        let columns =
            columns.map(|(at, name)| (name.clone(), change(name, typed(name, &column(&table, at))))).collect();
        fs::remove_file(project.path(list)).unwrap();
        let path = project.path("in/gp/list_gp_registration.parquet");
        write(&path, columns, &[]);
        (project, needles, path)
    };
    let told = |(project, needles): (&Project, &Needles), code: &str| {
        let done = project.run(&[]);
        assert_eq!(done.code, 4, "{}", done.stderr);
        assert!(done.stderr.contains(code), "{}", done.stderr);
        needles.assert_not_in(project, &done);
    };
    let as_float = |name: &str, array: ArrayRef| -> ArrayRef {
        if name == "nhs_number" { Arc::new(Float64Array::from(vec![9_434_765_919.0; array.len()])) } else { array }
    };
    let (project, needles, _) = with(&as_float);
    told((&project, &needles), "XLS01");
    let as_list = |name: &str, array: ArrayRef| -> ArrayRef {
        let lists = (0..array.len()).map(|_| Some(vec![Some(1)]));
        if name == "sex" { Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists)) } else { array }
    };
    let (project, needles, _) = with(&as_list);
    told((&project, &needles), "PQT01");
    // Of a column that nothing reads the type is nobody's concern.
    let (project, _, path) = with(&|_, array| array);
    assert_eq!(project.run(&[]).code, 0);
    let bytes = fs::read(&path).unwrap();
    for length in [4, 12, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        told((&project, &Needles::default()), "INP04");
    }
}

/// What a test needs to do as `pseudonymise` will.
struct Pseudonymiser {
    key: ProjectKey,
    nhs: Tokeniser,
    local: Tokeniser,
    record: Tokeniser,
    identity: [Tokeniser; Identity::ALL.len()],
    deprivation: Deprivation,
}

impl Pseudonymiser {
    fn new(key: ProjectKey, deprivation: Deprivation) -> Self {
        let of = |purpose| Tokeniser::new(&key, purpose);
        let identity = Identity::ALL.map(|field| of(fields::purpose(field)));
        Self {
            nhs: of(Purpose::Nhs),
            local: of(Purpose::Local),
            record: of(Purpose::Record),
            identity,
            deprivation,
            key,
        }
    }

    fn metadata(&self) -> Vec<(String, String)> {
        [
            ("project", self.key.project().to_owned()),
            ("key_version", self.key.version().to_string()),
            ("key_check_value", self.key.check_value()),
            (
                "purposes",
                format!(
                    "id:nhs id:local id:record {}",
                    Identity::ALL.map(|field| fields::purpose(field).label()).join(" ")
                ),
            ),
        ]
        .map(|(key, value)| (format!("pathlink.{key}"), value))
        .to_vec()
    }

    /// An identifier's token as text; the cell itself for a column of another kind.
    fn cell(&self, (plan, kind): (&TablePlan, Kind), cell: &str, (provider, status): (OrgCode, Option<u8>)) -> String {
        let source = plan.source.id();
        let id = |table: String| self.record.of_id(&table, provider, cell.as_bytes()).to_hex();
        let local = || self.local.of_id("", provider, cell.to_ascii_uppercase().as_bytes()).to_hex();
        let accepts = Accepts { test_range: true, other_uk: false };
        match kind {
            _ if cell.is_empty() => String::new(),
            Kind::NhsNumber if nhs_number::read(cell.as_bytes(), status, accepts).0.is_some() => {
                let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
                self.nhs.token(&[&digits]).to_hex()
            }
            Kind::NhsNumber => String::new(),
            Kind::LocalId | Kind::ParentId(Canonical::PersonRecords) => local(),
            Kind::RecordId => id(format!("{source}.{}", plan.table.id())),
            Kind::ParentId(parent) => id(format!("{source}.{}", parent.id())),
            Kind::OtherId(name) => id(format!("{source}.{name}")),
            _ => cell.to_owned(),
        }
    }

    fn field(&self, kind: Kind, cell: &str) -> String {
        let Kind::Field(field) = kind else {
            return self.deprivation.quintile(cell.as_bytes()).map_or_else(String::new, |one| one.to_string());
        };
        let tokeniser = &self.identity[field as usize];
        let values = fields::canonical(field.whole(), cell.as_bytes());
        let value = values.map(|values| values[field.place()].clone());
        value.map_or_else(String::new, |value| format!("{:016x}", tokeniser.token(&[&value]).first_half()))
    }

    /// The columns of a file with tokens in place of identifiers.
    fn columns(&self, plan: &TablePlan, named: Option<OrgCode>, table: &Table) -> Vec<(String, Vec<String>)> {
        let of = |name: &str| -> Vec<&ColumnPlan> {
            let all = plan.columns.iter().chain(&plan.details);
            all.filter(|one| one.headings().iter().any(|known| known.eq_ignore_ascii_case(name))).collect()
        };
        let place = |is_it: &dyn Fn(&str) -> bool| table.headings().iter().position(|name| is_it(name));
        let provider = place(&|name| {
            plan.provider.iter().chain(&plan.provider_aliases).any(|known| known.eq_ignore_ascii_case(name))
        });
        let status = place(&|name| of(name).iter().any(|one| one.column.kind == Kind::NhsStatus));
        let who = |row: &Vec<String>| {
            let provider = provider.and_then(|at| OrgCode::parse(row[at].as_bytes())).or(named).unwrap();
            (provider, status.and_then(|at| row[at].trim_start_matches('0').parse().ok()))
        };
        let mut columns = Vec::new();
        for (at, name) in table.headings().iter().enumerate() {
            let own = of(name);
            let is_identity = |one: &&&ColumnPlan| matches!(one.column.kind, Kind::Field(_) | Kind::Postcode);
            for field in own.iter().filter(is_identity) {
                let cells = table.rows().iter().map(|row| self.field(field.column.kind, row[at].trim())).collect();
                columns.push((field.column.name.to_owned(), cells));
            }
            if own.iter().any(|one| is_identity(&one)) {
                continue;
            }
            let kind = own.iter().map(|one| one.column.kind).find(|kind| kind.is_token());
            let kind = kind.unwrap_or(Kind::Whole);
            let cells = table.rows().iter().map(|row| self.cell((plan, kind), row[at].trim(), who(row))).collect();
            columns.push((name.clone(), cells));
        }
        columns
    }

    /// Replaces a file by its pseudonymised form: Parquet for some, CSV with a side file for others.
    fn replace(&self, sources: &Sources, (source, path): (Source, &Path), as_csv: bool) {
        let name = path.file_name().unwrap().to_string_lossy();
        let (plan, found) = sources.recognise(source, &name).unwrap();
        let columns = self.columns(&sources.tables[plan], found.provider, &Table::read(path));
        if as_csv {
            let mut writer = csv::Writer::from_path(path).unwrap();
            writer.write_record(columns.iter().map(|(name, _)| name)).unwrap();
            for row in 0..columns[0].1.len() {
                writer.write_record(columns.iter().map(|(_, cells)| &cells[row])).unwrap();
            }
            writer.flush().unwrap();
            let pairs: BTreeMap<String, String> = self.metadata().into_iter().collect();
            fs::write(format!("{}.pathlink.json", path.display()), serde_json::to_vec(&pairs).unwrap()).unwrap();
        } else {
            let columns = columns.into_iter().map(|(name, cells)| {
                let array = typed(&name, &cells.iter().map(String::as_str).collect::<Vec<_>>());
                (name, array)
            });
            write(&path.with_extension("parquet"), columns.collect(), &self.metadata());
            fs::remove_file(path).unwrap();
        }
    }
}

/// Replaces the files of one source by their pseudonymised form.
pub(crate) fn pseudonymise(project: &Project, key: ProjectKey, source: Source) {
    let deprivation =
        Deprivation::load(Some(&project.path("in/lookups/postcode_imd.csv")), Deprived::MostDeprived).unwrap();
    let (pseudonymiser, sources) = (Pseudonymiser::new(key, deprivation), Sources::load(None, None).unwrap());
    for (at, (own, path)) in extracts(project).iter().enumerate().filter(|(_, (own, _))| *own == source) {
        pseudonymiser.replace(&sources, (*own, path), at % 2 == 0);
    }
}

pub(crate) fn pseudonymised(key: ProjectKey) -> (Project, BTreeMap<PathBuf, Vec<u8>>) {
    let project = Project::tiny();
    let before = outcome(&project.good_run(&[]));
    let deprivation =
        Deprivation::load(Some(&project.path("in/lookups/postcode_imd.csv")), Deprived::MostDeprived).unwrap();
    let (pseudonymiser, sources) = (Pseudonymiser::new(key, deprivation), Sources::load(None, None).unwrap());
    for (at, (source, path)) in extracts(&project).iter().enumerate() {
        pseudonymiser.replace(&sources, (*source, path), at % 2 == 0);
    }
    (project, before)
}

#[test]
fn figures_from_pseudonymised_files_are_those_from_the_raw_ones() {
    let (project, mut before) = pseudonymised(ProjectKey::demonstration());
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let mut after = outcome(&project.latest());
    // What the identifiers of the raw cells looked like is the sender's to know: only figures are the same.
    for files in [&mut before, &mut after] {
        assert!(files.remove(Path::new("release/data_quality.csv")).is_some());
        let linkage = files.get_mut(Path::new("release/linkage_quality.csv")).unwrap();
        let text = String::from_utf8(std::mem::take(linkage)).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("identifier_quality,"));
        *linkage = lines.collect::<Vec<_>>().join("\n").into_bytes();
        assert!(text.lines().count() > 50 && linkage.len() < text.len());
    }
    assert_same(&before, &after);
    let needles = Needles::of(&Project::tiny());
    needles.assert_not_in(&project, &done);
    let checked = pathlink(&project.path(""), &["check"]);
    needles.assert_not_in(&project, &checked);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
}

#[test]
fn tokens_of_another_key_are_refused_with_both_check_values() {
    let other = || ProjectKey::new(Box::new([7; 32]), "other-project", 2).unwrap();
    let (project, _) = pseudonymised(other());
    let done = project.run(&[]);
    assert_eq!(done.code, 7, "{}", done.stderr);
    assert!(done.stderr.contains("KEY06"), "{}", done.stderr);
    let values = [other().check_value(), ProjectKey::demonstration().check_value()];
    for shown in [values[0].as_str(), values[1].as_str(), "other-project", "from its"] {
        assert!(done.stderr.contains(shown), "{shown}\n{}", done.stderr);
    }
}
