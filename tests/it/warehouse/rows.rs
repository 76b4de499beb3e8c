//! Runs whose every extract is a query.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pathlink::domain::day;
use pathlink::domain::hex;
use pathlink::schema::Source;
use pathlink::sources::Sources;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::server::{PASSWORD, Server, write_secret};
use crate::program::{Finished, Project, Table, files_under, pathlink};

/// An extract as a table of the database.
struct Loaded {
    source: Source,
    table: String,
    name: String,
    provider: Option<String>,
    query: String,
}

/// The narrowest type that holds all cells of a column.
fn type_of(heading: &str, cells: &[&str]) -> &'static str {
    let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let all = |is_it: &dyn Fn(&str) -> bool| !filled.is_empty() && filled.iter().all(|cell| is_it(cell));
    let is_plain = |cell: &str| cell.len() < 9 && cell.parse::<i64>().is_ok_and(|number| number.to_string() == cell);
    let is_moment = |cell: &str| {
        cell.len() == 19 && cell.as_bytes()[10] == b'T' && day::parse_iso(&cell.as_bytes()[..10]).is_some()
    };
    if all(&|cell| day::parse_iso(cell.as_bytes()).is_some()) {
        "date"
    } else if all(&is_moment) {
        "timestamp"
    } else if all(&is_plain) {
        ["bigint", "double precision", "numeric(12,2)"][heading.len() % 3]
    } else {
        ["text", "varchar(120)"][heading.len() % 2]
    }
}

/// Loads a file; nulls are its empty fields.
fn load(server: &Server, (source, path): (Source, &Path), sources: &Sources, number: usize) -> Loaded {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let (plan, told) = sources.recognise(source, &file).unwrap();
    let table = Table::read(path);
    let mut columns = vec!["n integer".to_owned()];
    for (at, heading) in table.headings().iter().enumerate() {
        let cells: Vec<&str> = table.rows().iter().map(|row| row[at].as_str()).collect();
        columns.push(format!("\"{heading}\" {}", type_of(heading, &cells)));
    }
    let mut statements = format!("CREATE TABLE t{number} ({});\n", columns.join(", "));
    for (at, row) in table.rows().iter().enumerate() {
        let cell =
            |cell: &String| if cell.is_empty() { "NULL".to_owned() } else { format!("'{}'", cell.replace('\'', "''")) };
        let cells: Vec<String> = row.iter().map(cell).collect();
        writeln!(statements, "INSERT INTO t{number} VALUES ({at}, {});", cells.join(", ")).unwrap();
    }
    server.run(&statements);
    let headings: Vec<String> = table.headings().iter().map(|heading| format!("\"{heading}\"")).collect();
    Loaded {
        source,
        table: sources.tables[plan].name.clone(),
        name: file,
        provider: told.provider.map(|code| code.to_string()),
        query: format!("SELECT {} FROM t{number} ORDER BY n", headings.join(", ")),
    }
}

/// The settings with a query for every file, and no folder.
fn settings(text: &str, loaded: &[Loaded]) -> String {
    let (before, rest) = text.split_once("extracts = [").unwrap();
    let (_, after) = rest.split_once("\n]\n").unwrap();
    let mut text = format!("{before}{after}\n[odbc]\nconnection_file = \"warehouse.odbc\"\n");
    for one in loaded {
        writeln!(text, "[[source.{}.odbc]]\ntable = \"{}\"\nname = \"{}\"", one.source.id(), one.table, one.name)
            .unwrap();
        writeln!(text, "query = '''{}'''", one.query).unwrap();
        if let Some(code) = &one.provider {
            writeln!(text, "provider = \"{code}\"").unwrap();
        }
    }
    text
}

/// A project whose rows are all in a database, and what a run of its files came to.
struct Warehouse {
    server: Server,
    project: Project,
    loaded: Vec<Loaded>,
    by_files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Warehouse {
    fn new() -> Option<Self> {
        let server = Server::start()?;
        let project = Project::tiny();
        let by_files = outcome(&project.good_run(&[]));
        let sources = Sources::load(None, None).unwrap();
        let mut loaded = Vec::new();
        for source in Source::ALL {
            let folder = project.path("in").join(source.id());
            for name in files_under(&folder).into_keys() {
                loaded.push(load(&server, (source, &folder.join(name)), &sources, loaded.len()));
            }
            fs::remove_dir_all(folder).unwrap();
        }
        project.edit("pathlink.toml", |text| settings(text, &loaded));
        write_secret(&project.path("warehouse.odbc"), &server.connection());
        for part in ["store", "runs"] {
            fs::remove_dir_all(project.path(part)).unwrap();
        }
        Some(Self { server, project, loaded, by_files })
    }

    /// A run with another query for the first file of a source.
    fn with_query(&self, query: &str) -> Finished {
        let settings = fs::read_to_string(self.project.path("pathlink.toml")).unwrap();
        let own = self.loaded.iter().find(|one| one.source == Source::EmergencyCare).unwrap();
        fs::write(self.project.path("pathlink.toml"), settings.replace(&own.query, query)).unwrap();
        let done = self.project.run(&[]);
        fs::write(self.project.path("pathlink.toml"), settings).unwrap();
        done
    }
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

fn object(project: &Project, arguments: &[&str]) -> Json {
    let done = pathlink(&project.path(""), &[arguments, &["--json"]].concat());
    assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
    serde_json::from_str(&done.stdout).unwrap()
}

/// A run fails with a code, and says nothing of what the driver, the row or the connection file says.
fn assert_fails(done: &Finished, (code, exit): (&str, i32), words: &str) {
    let said = format!("{}{}", done.stdout, done.stderr);
    assert_eq!(done.code, exit, "{said}");
    assert!(said.contains(code) && said.contains(words), "{said}");
    for secret in [PASSWORD, "reader", "FATAL", "relation", "syntax", "psqlodbc", "127.0.0.1", "planted"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[test]
fn the_same_rows_by_query_and_by_file_give_the_same_figures_and_the_manifest_says_what_was_asked() {
    let Some(warehouse) = Warehouse::new() else { return };
    let Warehouse { project, loaded, server, by_files } = &warehouse;
    assert_eq!(object(project, &["plan"])["files_to_read"], loaded.len());
    let first = project.good_run(&[]);
    assert_same(by_files, &outcome(&first));
    let manifest: Json = serde_json::from_slice(&fs::read(first.join("manifest.json")).unwrap()).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), loaded.len());
    for input in inputs {
        let own = loaded.iter().find(|one| input["name"] == one.name.as_str()).unwrap();
        assert_eq!(input["query_sha256"], hex::lower(&Sha256::digest(own.query.as_bytes())));
        assert!(input["bytes"].as_u64().unwrap() > 0 && input["rows"]["read"].as_u64().unwrap() > 0, "{input}");
        assert_eq!((input["sha256"].as_str().unwrap().len(), input["encoding"].as_str()), (64, Some("odbc")));
    }
    for (path, bytes) in files_under(&project.path("")) {
        let is_own = path.ends_with("warehouse.odbc");
        let has = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(is_own || !has(PASSWORD), "the password is in {}", path.display());
    }
    // The next night knows the rows again, and reads one table anew when a row of it is another.
    let again = object(project, &["plan"]);
    assert_eq!((&again["files_to_read"], &again["works_out"]), (&0.into(), &false.into()));
    assert_same(by_files, &outcome(&project.good_run(&[])));
    let contacts = loaded.iter().position(|one| one.name == "ZT1_MHS201CareContact.csv").unwrap();
    server.run(&format!("DELETE FROM t{contacts} WHERE n = 0;"));
    let changed = object(project, &["plan"]);
    assert_eq!(changed["files_to_read"], 1);
    let outcome_of_fewer = outcome(&project.good_run(&[]));
    assert!(*by_files != outcome_of_fewer);
    // `check` reads them too.
    let checked = pathlink(&project.path(""), &["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
}

#[test]
fn what_goes_wrong_has_a_code_and_no_words_of_the_driver() {
    let Some(warehouse) = Warehouse::new() else { return };
    let Warehouse { project, server, .. } = &warehouse;
    server.run("CREATE TABLE odd (n integer, cell text, bytes bytea); INSERT INTO odd VALUES (1, 'planted', 'x');");
    assert_fails(&warehouse.with_query("SELECT * FROM nowhere"), ("ODB02", 4), "SQLSTATE 42P01");
    assert_fails(&warehouse.with_query("SELEC nothing"), ("ODB02", 4), "SQLSTATE 42601");
    // The driver's message holds the cell.
    assert_fails(
        &warehouse.with_query("SELECT CAST(cell AS integer) AS \"NHS_Number\" FROM odd"),
        ("ODB02", 4),
        "ECDS",
    );
    assert_fails(&warehouse.with_query("SELECT bytes AS \"NHS_Number\" FROM odd"), ("ODB03", 4), "column 1");
    assert_fails(&warehouse.with_query("SELECT n AS other FROM odd"), ("HDR01", 4), "ECDS");
    let own = warehouse.loaded.iter().position(|one| one.source == Source::EmergencyCare).unwrap();
    let query = &warehouse.loaded[own].query;
    assert_fails(&warehouse.with_query(&query.replace("ORDER BY n", "ORDER BY random()")), ("INP03", 4), "ORDER BY");
    let first = query.split_once("SELECT ").unwrap().1.split_once(", ").unwrap().0;
    let long = query.replacen(first, &format!("repeat('planted', 3000) AS {first}"), 1);
    assert_fails(&warehouse.with_query(&long), ("ODB03", 4), "column 1");
    let binary = query.replacen(first, &format!("CAST('planted' AS bytea) AS {first}"), 1);
    assert_fails(&warehouse.with_query(&binary), ("ODB03", 4), "column 1");

    let file = project.path("warehouse.odbc");
    let connection = server.connection();
    write_secret(&file, &connection.replace(PASSWORD, "planted"));
    assert_fails(&project.run(&[]), ("ODB01", 4), "connection file");
    let closed = connection.replace(&format!("Port={}", server.port), "Port=1");
    write_secret(&file, &closed);
    assert_fails(&project.run(&[]), ("ODB01", 4), "error ODB01");
    write_secret(&file, "Driver=/nowhere/planted.so;Server=127.0.0.1;");
    assert_fails(&project.run(&[]), ("ODB01", 4), "driver");
    write_secret(&file, &connection);
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(&file, open).unwrap();
    assert_fails(&project.run(&[]), ("KEY02", 7), "connection file");
    fs::remove_file(&file).unwrap();
    assert_fails(&project.run(&[]), ("KEY01", 7), "connection file");
    assert!(!project.path("runs/LATEST").exists(), "something was published");
}
