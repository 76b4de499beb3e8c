//! Scale: the SQL that is handed to a region gives the run's own figures in `DuckDB`, from the tables as they are and from tables
//! partitioned as Hive has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use pathlink::frame;

use crate::program::{Project, Table, pathlink};
use crate::support::root;

/// Figures by metric, pathway and quarter: numerator and denominator as written.
type Figures = BTreeMap<[String; 3], [String; 2]>;

const METRICS: [&str; 7] =
    ["ed_attendances", "mh_bed_days", "mh_new_referrals", "tt_finished", "tt_recovery", "tt_referrals", "vc_referrals"];

/// Runs the SQL of standard input statement by statement and writes the rows of the last one.
const PROGRAM: &str = "
import csv, sys, duckdb
connection = duckdb.connect()
rows = []
for statement in duckdb.extract_statements(sys.stdin.read()):
    rows = connection.execute(statement).fetchall()
csv.writer(sys.stdout, lineterminator='\\n').writerows(rows)
";

/// A Python that has `DuckDB`: that of `PATHLINK_PYTHON`, else the machine's; none where neither has.
#[expect(clippy::disallowed_methods, reason = "a test looks for a tool of the machine")]
fn python() -> Option<String> {
    let named = std::env::var("PATHLINK_PYTHON").ok().into_iter().chain(["python3".to_owned()]);
    let has_it = |python: &String| {
        let tried = Command::new(python).args(["-c", "import duckdb"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    named.into_iter().find(has_it)
}

fn in_duckdb(python: &str, sql: &str) -> Figures {
    let mut command = Command::new(python);
    let child = command.args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), sql.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(done.stdout.as_slice());
    let cell = |record: &csv::StringRecord, at: usize| record[at].to_owned();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| ([0, 1, 2].map(|at| cell(&row, at)), [3, 4].map(|at| cell(&row, at)))).collect()
}

/// What the run itself has of those figures.
fn of_run(run: &Path) -> Figures {
    let table = Table::read(&run.join("internal/estimates.csv"));
    let is_wanted = |row: &&Vec<String>| {
        METRICS.contains(&table.cell(row, "metric_id"))
            && table.cell(row, "breakdown") == "all"
            && table.cell(row, "period").contains(" Q")
    };
    let cells = |row: &Vec<String>, names: &[&str]| {
        names.iter().map(|name| table.cell(row, name).to_owned()).collect::<Vec<_>>()
    };
    let figure = |row: &Vec<String>| {
        let key = cells(row, &["metric_id", "pathway", "period"]).try_into().unwrap();
        (key, cells(row, &["numerator", "denominator"]).try_into().unwrap())
    };
    table.rows().iter().filter(is_wanted).map(figure).collect()
}

fn sql(project: &Project, run: &Path, more: &[&str]) -> String {
    let linked = run.join("restricted/linked");
    let linked = ["--quiet", "describe", "scale", "--engine", "duckdb", "--linked", linked.to_str().unwrap()];
    let done = pathlink(&project.path(""), &[&linked, more].concat());
    assert_eq!(done.code, 0, "{}", done.stderr);
    done.stdout
}

/// The bundled extracts under the bundled settings.
fn bundled() -> Project {
    let project = Project::tiny();
    let text = fs::read_to_string(root().join("config/pathlink.toml")).unwrap();
    let fixtures = root().join("fixtures");
    let pathways = root().join("config/pathways");
    let text = text
        .replace("../fixtures", fixtures.to_str().unwrap())
        .replace("\"../", "\"")
        .replace("\"pathways/", &format!("\"{}/", pathways.display()))
        .replace("\"analysis_plan.toml\"", &format!("\"{}/config/analysis_plan.toml\"", root().display()))
        .replace("\"business_case/", &format!("\"{}/config/business_case/", root().display()))
        .replace("sensitivity = true", "sensitivity = false");
    fs::write(project.path("pathlink.toml"), text).unwrap();
    project
}

#[test]
fn the_sql_gives_the_figures_of_the_run_in_duckdb() {
    let Some(python) = python() else {
        println!("SKIPPED: no python3 with duckdb; name one by PATHLINK_PYTHON");
        return;
    };
    for (project, at_tiny) in [(bundled(), false), (Project::tiny(), true)] {
        let run = project.good_run(&["-q"]);
        let mut wanted = of_run(&run);
        assert!(wanted.len() >= METRICS.len() * 20, "{}", wanted.len());
        assert_eq!(wanted.keys().map(|key| key[0].as_str()).collect::<std::collections::BTreeSet<_>>().len(), 7);
        // In tiny the measure of a disorder decides about somebody, and the SQL knows PHQ-9 and GAD-7 alone, as its page says.
        let all = wanted.len();
        wanted.retain(|key, _| !at_tiny || key[0] != "tt_recovery");
        let lake = project.path("lake");
        fs::create_dir(&lake).unwrap();
        for more in [&[][..], &["--lake", lake.to_str().unwrap()]] {
            let found = in_duckdb(&python, &sql(&project, &run, more));
            for (key, figure) in &wanted {
                assert_eq!(found.get(key), Some(figure), "{key:?} {more:?}");
            }
            assert_eq!(found.len(), all);
        }
        assert!(lake.join("attendances/year=2025").is_dir());
    }
}

/// Other tables name people by their number, and the table of people says whose it is.
#[test]
fn every_person_has_the_number_that_other_tables_use() {
    let project = Project::tiny();
    let run = project.good_run(&["-q"]);
    let batches = frame::batches(&run.join("restricted/linked/persons.parquet")).unwrap();
    let numbers: Vec<u32> = batches
        .iter()
        .flat_map(|batch| {
            let column = batch.column_by_name("person").unwrap();
            arrow::array::AsArray::as_primitive::<arrow::datatypes::UInt32Type>(column).values().to_vec()
        })
        .collect();
    assert!(numbers.iter().copied().eq(0..numbers.len() as u32) && numbers.len() > 5);
}

#[test]
fn without_a_day_the_sql_is_refused_with_the_flag_that_gives_it() {
    let folder = tempfile::tempdir().unwrap();
    let done = pathlink(folder.path(), &["--quiet", "describe", "scale", "--engine", "spark"]);
    assert_eq!(done.code, 3);
    assert!(done.stderr.contains("--as-of"), "{}", done.stderr);
    let given =
        pathlink(folder.path(), &["--quiet", "describe", "scale", "--engine", "spark", "--as-of", "2026-03-31"]);
    assert_eq!(given.code, 0, "{}", given.stderr);
    assert!(
        given.stdout.contains("'2025/26 Q4')")
            && given.stdout.contains("parquet.`restricted/linked/referrals.parquet`")
    );
}
