//! Pseudonymised at a partner's site: no identifier leaves, and every figure is the one that the raw extracts give.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use pathlink::ingest::checks;

use crate::program::{Finished, Project, Table, copy_tree, files_under, pathlink};
use crate::scan::Needles;
use crate::shapes;
use crate::support::root;

const SOURCES: [&str; 5] = ["mental_health", "emergency_care", "talking_therapies", "gp", "community"];

/// A site: a config without pathways, periods or other sources, and the vectors' key in a file.
fn site(project: &Project) {
    let config = "[identity]\nallow_test_numbers = true\n[pseudonymise]\nfield_tokens = true\n[lookups]\npostcode_imd = \"in/lookups/postcode_imd.csv\"\n";
    fs::write(project.path("site.toml"), config).unwrap();
    let line = "PATHLINK-KEY-1 demo-project 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= ae284495\n";
    fs::write(project.path("site.key"), line).unwrap();
    fs::set_permissions(project.path("site.key"), fs::Permissions::from_mode(0o600)).unwrap();
}

/// `pathlink pseudonymise` at the site.
fn pseudonymise(project: &Project, source: &str, arguments: &[&str]) -> Finished {
    let start = ["pseudonymise", "--config", "site.toml", "--source", source];
    pathlink(&project.path(""), &[&start, arguments].concat())
}

fn good(done: &Finished) {
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
}

/// Every CSV of the tiers for analysts and for others, without the column that names files.
fn figures(run: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut found = BTreeMap::new();
    for tier in ["release", "internal"] {
        for path in
            files_under(&run.join(tier)).into_keys().filter(|path| path.extension().is_some_and(|end| end == "csv"))
        {
            let table = Table::read(&run.join(tier).join(&path));
            let file = table.headings().iter().position(|heading| heading == "file");
            let mut rows = vec![table.headings().to_vec()];
            rows.extend(table.rows().iter().cloned());
            for row in &mut rows {
                if let Some(at) = file {
                    row[at].clear();
                }
            }
            found.insert(format!("{tier}/{}", path.display()), rows);
        }
    }
    assert!(found.len() > 8, "{:?}", found.keys());
    found
}

/// Pseudonymises every source into `form/` and runs on what came of it.
fn figures_at_source(project: &Project, form: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    for source in SOURCES {
        let (input, output) = (format!("in/{source}"), format!("{form}/{source}"));
        good(&pseudonymise(project, source, &[&input, "--to", &output, "--format", form, "--key-file", "site.key"]));
    }
    let config = fs::read_to_string(project.path("pathlink.toml")).unwrap();
    let config =
        SOURCES.iter().fold(config, |text, source| text.replace(&format!("in/{source}"), &format!("{form}/{source}")));
    fs::write(project.path("partners.toml"), config).unwrap();
    let run = project.good_run(&["--config", "partners.toml"]);
    // A second night reads none of it again and says the same.
    let again = project.good_run(&["--config", "partners.toml"]);
    assert_eq!(figures(&run), figures(&again));
    figures(&run)
}

fn assert_same_figures(project: &Project) {
    site(project);
    let raw = figures(&project.good_run(&[]));
    for form in ["parquet", "csv"] {
        let at_source = figures_at_source(project, form);
        assert_eq!(raw.keys().collect::<Vec<_>>(), at_source.keys().collect::<Vec<_>>());
        for (name, rows) in &raw {
            let differs = rows.iter().zip(&at_source[name]).find(|(a, b)| a != b);
            assert!(rows.len() == at_source[name].len() && differs.is_none(), "{name} as {form}: {differs:?}");
        }
    }
}

#[test]
fn figures_of_the_tiny_world_are_those_of_the_raw_extracts() {
    assert_same_figures(&Project::tiny());
}

/// Without tokens of names the figures are those of raw extracts of which names are compared whole and together with date
/// of birth, sex and postcode only: match keys say as much. Without match keys they are those of names not compared.
#[test]
fn field_tokens_stay_at_the_site_unless_its_settings_say_otherwise() {
    let project = Project::synth(&["--people", "1500", "--seed", "9"]);
    site(&project);
    let passes = "[\"nhs_only\", \"local_demographic\"";
    let mut linked = Vec::new();
    for (said, passes) in
        [("false", format!("{passes}, \"demographic_name\"]")), ("false\nmatch_keys = false", format!("{passes}]"))]
    {
        project.edit("site.toml", |text| text.replace("field_tokens = true", &format!("field_tokens = {said}")));
        linked.push(figures_without_names(&project, &passes));
        project.edit("site.toml", |text| text.replace(&format!("field_tokens = {said}"), "field_tokens = true"));
        fs::remove_dir_all(project.path("parquet")).unwrap();
        fs::remove_dir_all(project.path("runs")).unwrap();
    }
    assert!(linked[0] > linked[1] + 5, "people found by match keys: {linked:?}");
}

/// Checks the figures of files without field tokens against those of raw extracts and these passes; how many records found
/// their person by name.
fn figures_without_names(project: &Project, passes: &str) -> u64 {
    let without = figures_at_source(project, "parquet");
    for path in files_under(&project.path("parquet")).into_keys() {
        let bytes = fs::read(project.path("parquet").join(path)).unwrap();
        for column in ["surname", "forename", "outcode", "postcode_sector"] {
            assert!(!contains(&bytes, column.as_bytes()), "{column}");
        }
    }
    let said = pathlink(&project.path(""), &["--config", "partners.toml", "run"]);
    assert!(said.stdout.contains("came without tokens of names"), "{}", said.stdout);
    project.edit("pathlink.toml", |text| {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("passes =")).collect();
        let text = lines.join("\n") + "\n";
        text.replace("[linkage]\n", &format!("[linkage]\npasses = {passes}\n"))
    });
    let raw = figures(&project.good_run(&[]));
    for (name, rows) in
        raw.iter().filter(|(name, _)| !name.contains("data_quality") && !name.contains("linkage_quality"))
    {
        // How good linkage is hangs on how many records there are to hide the number of.
        let is_figure = |row: &&Vec<String>| !row.iter().any(|cell| cell.contains("NHS number was hidden"));
        let (raw, at_source) = (rows.iter().filter(is_figure), without[name].iter().filter(is_figure));
        let differs = raw.clone().zip(at_source.clone()).find(|(a, b)| a != b);
        assert!(raw.count() == at_source.count() && differs.is_none(), "{name}: {differs:?}");
    }
    let of_quality = &without["internal/linkage_quality.csv"];
    let place = |heading: &str| of_quality[0].iter().position(|own| own == heading).unwrap();
    let (measure, pass, count) = (place("measure"), place("pass"), place("numerator"));
    let joined = of_quality.iter().filter(|row| row[measure] == "records_joined" && row[pass] == "demographic_name");
    joined.map(|row| row[count].parse::<u64>().unwrap()).sum()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn figures_of_the_invented_year_are_those_of_the_raw_extracts() {
    let project = Project::synth(&["--people", "40", "--seed", "1"]);
    fs::remove_dir_all(project.path("in")).unwrap();
    copy_tree(&root().join("fixtures/year"), &project.path("in"));
    assert_same_figures(&project);
}

#[test]
fn figures_of_extracts_with_planted_errors_are_those_of_the_raw_extracts() {
    let project = Project::synth(&["--people", "1500", "--seed", "9"]);
    // Rows that are rejected, numbers that may not be used, and a date that stands for none.
    project.edit("in/community/ZC1_community_client.csv", |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let rows = lines.len();
        lines[1] = lines[1].split(',').skip(1).fold(String::new(), |line, cell| format!("{line},{cell}"));
        lines[rows - 2].push_str(",one too many");
        lines.join("\n") + "\n"
    });
    assert_same_figures(&project);
}

/// Every column of every shape, those that no figure uses and lists among them.
#[test]
fn what_is_staged_is_what_the_raw_extracts_of_every_shape_give() {
    let shapes = files_under(&root().join("fixtures/shapes")).into_keys();
    let shapes: BTreeSet<PathBuf> = shapes.filter_map(|path| Some(path.parent()?.parent()?.to_owned())).collect();
    let mut columns = BTreeSet::new();
    for shape in shapes.iter().filter(|shape| shape.components().count() == 1) {
        let project = Project::tiny();
        site(&project);
        copy_tree(&root().join("fixtures/shapes").join(shape), &project.path("raw"));
        for source in SOURCES.iter().filter(|source| project.path("raw").join(source).exists()) {
            let (input, output) = (format!("raw/{source}"), format!("made/{source}"));
            good(&pseudonymise(&project, source, &[&input, "--to", &output, "--key-file", "site.key"]));
        }
        let mut rows = |folder: &str| {
            let mut rows = shapes::read_folder(&project.path(folder)).rows();
            for (table, rows) in &mut rows {
                rows.retain(|row| row["excluded"] == "-");
                rows.sort();
                columns.extend(rows.iter().flat_map(|row| row.keys().map(|name| (*table, name.clone()))));
            }
            rows.retain(|_, rows| !rows.is_empty());
            rows
        };
        let (raw, made) = (rows("raw"), rows("made"));
        assert_eq!(raw.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>(), "{}", shape.display());
        for (table, rows) in &raw {
            let differs = rows.iter().zip(&made[table]).find(|(a, b)| a != b);
            let differs =
                differs.map(|(a, b)| a.keys().filter(|name| a.get(*name) != b.get(*name)).collect::<Vec<_>>());
            assert!(rows.len() == made[table].len() && differs.is_none(), "{} {table:?} {differs:?}", shape.display());
        }
    }
    assert!(columns.len() > 200, "{}", columns.len());
}

#[test]
fn nothing_that_leaves_holds_an_identifier_and_what_is_left_out_leaves_as_a_token_alone() {
    let project = Project::tiny();
    site(&project);
    let needles = Needles::of(&project);
    for source in SOURCES {
        let input = format!("in/{source}");
        for form in ["csv", "parquet"] {
            let output = format!("out/{form}/{source}");
            let done =
                pseudonymise(&project, source, &[&input, "--to", &output, "--format", form, "--key-file", "site.key"]);
            good(&done);
            assert_eq!(needles.found_in(done.stdout.as_bytes()), BTreeSet::new());
            assert_eq!(needles.found_in(done.stderr.as_bytes()), BTreeSet::new());
        }
    }
    let files = files_under(&project.path("out"));
    assert!(files.len() > 30);
    // Dates of birth leave to the day, as agreed.
    let allowed = BTreeSet::from(["token", "birth date"]);
    for (path, bytes) in &files {
        let found = needles.found_in(bytes);
        assert!(found.is_subset(&allowed), "{}: {found:?}", path.display());
        let mode = fs::metadata(project.path("out").join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    let clients = files.keys().find(|path| path.to_string_lossy().ends_with("ZC2_community_client.csv")).unwrap();
    let clients = Table::read(&project.path("out").join(clients));
    let (left_out, kept): (Vec<_>, Vec<_>) = clients.rows().iter().partition(|row| clients.cell(row, "kept") == "no");
    assert!(!left_out.is_empty() && !kept.is_empty());
    for row in left_out {
        let filled =
            clients.headings().iter().zip(row).filter(|(_, cell)| !cell.is_empty()).map(|(name, _)| name.as_str());
        assert_eq!(filled.collect::<Vec<_>>(), ["provider", "kept", "record"]);
    }
}

#[test]
fn a_number_has_the_token_that_was_published_for_its_key() {
    let project = Project::tiny();
    site(&project);
    fs::create_dir(project.path("one")).unwrap();
    let text = "nhs_number,date_of_birth,sex,postcode,given_name,practice_code,start_date,end_date\n\
                943 476 5919,1973-11-29,1,cb22 3ad,Élodie,Y90001,2024-04-01,\n\
                ,1973-11-29,9,cb22 3ad,Élodie,Y90001,2024-04-01,\n";
    fs::write(project.path("one/x_gp_registration.csv"), text).unwrap();
    let target = ["one/x_gp_registration.csv", "--key-file", "site.key", "--to", "out_gp_registration.csv"];
    let done = pseudonymise(&project, "gp", &target);
    good(&done);
    assert!(done.stdout.contains("demo-project version 1 check value ae284495"), "{}", done.stdout);
    let made = Table::read(&project.path("out_gp_registration.csv"));
    // Rows stand in the order of their tokens.
    let [without, with] = made.rows() else { panic!("{} rows", made.rows().len()) };
    assert_eq!(made.cell(with, "nhs"), "2e0dbef2f73a098abd9520babb230e38");
    assert_eq!(made.cell(with, "nhs_reason"), "test_range");
    // Half of HMAC-SHA-256 under HKDF's `mk:dob.sex.pc.fn` of 1973-11-29, 1, CB223AD and ELODIE, worked out in Python. A sex that
    // is not known makes none.
    assert_eq!(made.cell(with, "match_key"), "7eba39046928cc3b");
    assert_eq!(made.cell(without, "match_key"), "");
    let about = fs::read_to_string(project.path("out_gp_registration.csv.pathlink.json")).unwrap();
    for said in [
        "demo-project",
        "\"pathlink.key_version\": \"1\"",
        "ae284495",
        "config_sha256",
        "\"pathlink.rows\": \"2\"",
        "mk:dob.sex.pc.fn",
        "\"day\"",
    ] {
        assert!(about.contains(said), "{said} in {about}");
    }
}

#[test]
fn a_preview_needs_no_key_shows_no_value_and_writes_nothing() {
    let project = Project::tiny();
    site(&project);
    let needles = Needles::of(&project);
    let before = files_under(&project.path(""));
    for source in SOURCES {
        let done = pseudonymise(&project, source, &[&format!("in/{source}"), "--preview"]);
        good(&done);
        for said in ["would leave", "a token in place of the identifier", "nothing was written"] {
            assert!(done.stdout.contains(said), "{}", done.stdout);
        }
        assert_eq!(needles.found_in(done.stdout.as_bytes()), BTreeSet::new());
        assert_eq!(needles.found_in(done.stderr.as_bytes()), BTreeSet::new());
    }
    assert!(before == files_under(&project.path("")));
}

#[test]
fn dates_as_exact_as_agreed_and_the_run_says_so() {
    let project = Project::tiny();
    site(&project);
    fs::create_dir(project.path("sources")).unwrap();
    let config = fs::read_to_string(root().join("config/sources/community.toml")).unwrap();
    fs::write(
        project.path("sources/community.toml"),
        config.replacen("[source]\n", "[source]\ndate_precision = \"month\"\n", 1),
    )
    .unwrap();
    project.edit("site.toml", |text| format!("{text}[paths]\nsources = \"sources\"\n"));
    let done = pseudonymise(
        &project,
        "community",
        &["in/community", "--to", "out", "--format", "csv", "--key-file", "site.key"],
    );
    good(&done);
    assert!(done.stdout.contains("first of their month"), "{}", done.stdout);
    let mut dates = 0;
    for path in
        files_under(&project.path("out")).into_keys().filter(|path| path.extension().is_some_and(|end| end == "csv"))
    {
        let table = Table::read(&project.path("out").join(&path));
        for row in table.rows() {
            for (heading, cell) in table.headings().iter().zip(row) {
                assert!(heading != "birth_date" || cell.is_empty());
                assert!(!heading.ends_with("minute") || cell.is_empty());
                if heading.ends_with("date") && !cell.is_empty() {
                    assert!(cell.ends_with("-01"), "{heading} of {}", path.display());
                    dates += 1;
                }
            }
        }
    }
    assert!(dates > 10);
    project.edit("pathlink.toml", |text| text.replace("in/community", "out"));
    let done = project.run(&[]);
    good(&done);
    assert!(done.stdout.contains("are months"), "{}", done.stdout);
    let manifest = fs::read_to_string(project.latest().join("manifest.json")).unwrap();
    assert!(manifest.contains("\"date_precision\": \"month\"") && manifest.contains("\"date_precision\": \"day\""));
}

#[test]
fn what_cannot_be_made_whole_leaves_nothing() {
    let project = Project::tiny();
    site(&project);
    let refused = |source: &str, arguments: &[&str], code: i32, id: &str| {
        let done = pseudonymise(&project, source, arguments);
        assert_eq!(done.code, code, "{id} {}", done.stderr);
        assert!(done.stderr.contains(id), "{id} {}", done.stderr);
        assert!(done.stdout.is_empty(), "{}", done.stdout);
    };
    let client = "in/community/ZC1_community_client.csv";
    let referral = "in/community/ZC1_community_referral.csv";
    let key = ["--key-file", "site.key"];
    refused("community", &[&[referral, "--to", "out"], &key[..]].concat(), 4, "PSD02");
    refused("community", &[&[client, referral, "--to", "x_community_client.csv"], &key[..]].concat(), 2, "PSD03");
    refused("community", &[&[client, "--to", "clients.csv"], &key[..]].concat(), 2, "PSD03");
    refused("community", &[&[client, "--to", "x_community_contact.csv"], &key[..]].concat(), 2, "PSD03");
    refused("gp", &[&[client, "--to", "out"], &key[..]].concat(), 4, "INP13");
    refused(
        "community",
        &["in/community/none_community_client.csv", "--to", "out", "--key-file", "site.key"],
        4,
        "INP01",
    );
    refused("community", &[client, "--to", "x_community_client.csv"], 7, "KEY01");
    refused("nobody", &[&[client, "--to", "out"], &key[..]].concat(), 3, "CFG04");
    // A gate of the second file: neither is there.
    project.edit(referral, |text| text.replace("20", "x"));
    refused("community", &[&[client, referral, "--to", "out"], &key[..]].concat(), 5, "GAT01");
    assert_eq!(files_under(&project.path("out")), BTreeMap::new());
    // What is there is never replaced, and tokens are not hashed again.
    good(&pseudonymise(&project, "community", &[&[client, "--to", "out"], &key[..]].concat()));
    let before = files_under(&project.path("out"));
    refused("community", &[&[client, "--to", "out"], &key[..]].concat(), 2, "PSD03");
    refused("community", &[&["out/ZC1_community_client.parquet", "--to", "more"], &key[..]].concat(), 4, "PSD02");
    assert!(before == files_under(&project.path("out")) && files_under(&project.path("more")).is_empty());
}

/// The list of who opted out is applied before anything leaves, to what hangs on their rows too.
#[test]
fn nothing_of_a_person_who_opted_out_leaves_but_what_keeps_them_out() {
    let project = Project::tiny();
    site(&project);
    let clients = Table::read(&project.path("in/community/ZC1_community_client.csv"));
    let row = &clients.rows()[0];
    let (number, local) = (clients.cell(row, "nhs_number"), clients.cell(row, "local_client_id"));
    let referrals = Table::read(&project.path("in/community/ZC1_community_referral.csv"));
    let hang = referrals.rows().iter().filter(|row| referrals.cell(row, "local_client_id") == local).count();
    assert!(hang > 0);
    fs::write(project.path("list.csv"), format!("{number}\n")).unwrap();
    let make = |to: &str| {
        let done = pseudonymise(
            &project,
            "community",
            &["in/community", "--to", to, "--format", "csv", "--key-file", "site.key"],
        );
        good(&done);
        assert!(!done.stdout.contains(number) && !done.stderr.contains(number));
        (
            Table::read(&project.path(to).join("ZC1_community_client.csv")),
            Table::read(&project.path(to).join("ZC1_community_referral.csv")),
        )
    };
    let (before, referrals_before) = make("before");
    project.edit("site.toml", |text| text.replace("[identity]\n", "[identity]\nexclude_nhs_numbers = \"list.csv\"\n"));
    let (after, referrals_after) = make("after");
    let kept = |table: &Table| table.rows().iter().filter(|row| table.cell(row, "kept") == "yes").count();
    assert_eq!((kept(&before), kept(&referrals_before)), (kept(&after) + 1, kept(&referrals_after) + hang));
    let gone =
        |row: &&Vec<String>| !after.rows().iter().any(|other| after.cell(other, "nhs") == before.cell(row, "nhs"));
    let gone: Vec<&Vec<String>> = before.rows().iter().filter(gone).collect();
    assert_eq!(gone.len(), 1);
    let (nhs, record) = (before.cell(gone[0], "nhs"), before.cell(gone[0], "record"));
    for (path, bytes) in files_under(&project.path("after")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(nhs), "{}", path.display());
        assert!(!text.contains(record) || path.to_string_lossy().ends_with("_client.csv"), "{}", path.display());
    }
    let about = fs::read_to_string(project.path("after/ZC1_community_client.csv.pathlink.json")).unwrap();
    assert!(about.contains("opted_out"), "{about}");
    // A run that has the same list, or none, has nothing of them; one whose list is longer leaves those out as well.
    project.edit("pathlink.toml", |text| text.replace("in/community", "before"));
    project.good_run(&[]);
    let read = || Table::read(&project.latest().join("internal/data_quality.csv"));
    let reasons =
        |table: &Table| table.rows().iter().filter(|row| table.cell(row, "check") == "excluded:opted_out").count();
    assert_eq!(reasons(&read()), 0);
    project
        .edit("pathlink.toml", |text| text.replace("[identity]\n", "[identity]\nexclude_nhs_numbers = \"list.csv\"\n"));
    project.good_run(&[]);
    assert!(reasons(&read()) > 1);
}

#[test]
fn the_demonstration_key_meets_no_real_number() {
    let project = Project::tiny();
    site(&project);
    fs::write(
        project.path("x_gp_registration.csv"),
        "nhs_number,practice_code,start_date,end_date\n4010232137,Y90001,2024-04-01,\n",
    )
    .unwrap();
    let done = pseudonymise(&project, "gp", &["x_gp_registration.csv", "--key-file", "site.key", "--to", "out"]);
    assert_eq!(done.code, 7, "{}", done.stderr);
    assert!(done.stderr.contains("KEY05") && !done.stderr.contains("4010232137"), "{}", done.stderr);
}

#[test]
fn lines_that_cannot_be_used_are_named_without_their_values() {
    let project = Project::tiny();
    site(&project);
    let needles = Needles::of(&project);
    project.edit("in/gp/list_gp_registration.csv", |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[2] = format!("{},Quimbrell", lines[2]);
        lines.join("\n") + "\n"
    });
    project.edit("site.toml", |text| format!("{text}[gates]\nmax_rejects_percent = 50.0\n"));
    let done = pseudonymise(&project, "gp", &["in/gp", "--to", "out", "--key-file", "site.key"]);
    good(&done);
    assert!(done.stdout.contains("1 could not be used"), "{}", done.stdout);
    let rejects = fs::read(project.path("out/list_gp_registration.rejects.csv")).unwrap();
    assert_eq!(String::from_utf8_lossy(&rejects), format!("line,column,check,shape\n3,,{},\n", checks::FIELDS.id));
    assert_eq!(needles.found_in(&rejects), BTreeSet::new());
    // It may lie beside the result where a run looks.
    project.edit("pathlink.toml", |text| text.replace("in/gp", "out"));
    project.edit("pathlink.toml", |text| format!("{text}[gates]\nmax_rejects_percent = 50.0\n"));
    let done = project.run(&[]);
    good(&done);
    assert!(!done.stdout.contains("INP13"), "{}", done.stdout);
}

#[test]
fn a_file_that_was_changed_after_it_was_made_is_refused() {
    let project = Project::tiny();
    site(&project);
    good(&pseudonymise(&project, "gp", &["in/gp", "--to", "out", "--format", "csv", "--key-file", "site.key"]));
    project.edit("pathlink.toml", |text| text.replace("in/gp", "out"));
    project.good_run(&[]);
    let list = "out/list_gp_registration.csv";
    let whole = fs::read_to_string(project.path(list)).unwrap();
    let cut: Vec<&str> = whole.lines().take(3).collect();
    fs::write(project.path(list), cut.join("\n") + "\n").unwrap();
    let done = project.run(&[]);
    assert!(done.code == 4 && done.stderr.contains("INP04"), "{}", done.stderr);
    fs::write(project.path(list), &whole).unwrap();
    for (from, to, code) in [
        ("canonical-1", "canonical-2", "PSD01"),
        ("registrations", "contacts", "PSD01"),
        ("ae284495", "ae284496", "KEY06"),
    ] {
        let about = format!("{list}.pathlink.json");
        let before = fs::read_to_string(project.path(&about)).unwrap();
        project.edit(&about, |text| text.replace(from, to));
        let done = project.run(&[]);
        assert!(matches!(done.code, 4 | 7) && done.stderr.contains(code), "{code} {}", done.stderr);
        fs::write(project.path(&about), before).unwrap();
    }
    // Without what says that they are tokens they are no numbers.
    fs::remove_file(project.path(&format!("{list}.pathlink.json"))).unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 4, "{}", done.stderr);
}

#[test]
fn doctor_explains_what_was_made() {
    let project = Project::tiny();
    site(&project);
    good(&pseudonymise(&project, "gp", &["in/gp", "--to", "out", "--key-file", "site.key"]));
    let said = pathlink(&project.path(""), &["doctor", "--file", "out/list_gp_registration.parquet"]);
    good(&said);
    assert!(said.stdout.contains("made by `pathlink pseudonymise`"), "{}", said.stdout);
    let needles = Needles::of(&project);
    assert_eq!(needles.found_in(said.stdout.as_bytes()), BTreeSet::new());
}

#[test]
fn rows_do_not_stand_in_the_order_of_the_extract() {
    let project = Project::tiny();
    site(&project);
    good(&pseudonymise(&project, "gp", &["in/gp", "--to", "a", "--format", "csv", "--key-file", "site.key"]));
    project.edit("in/gp/list_gp_registration.csv", |text| {
        let (heading, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        format!("{heading}\n{}\n", rows.join("\n"))
    });
    good(&pseudonymise(
        &project,
        "gp",
        &["in/gp", "--to", "b", "--format", "csv", "--key-file", "site.key", "--threads", "1"],
    ));
    assert!(files_under(&project.path("a")) == files_under(&project.path("b")));
}

#[test]
fn a_process_that_is_killed_leaves_whole_files_or_none() {
    let project = Project::synth(&["--people", "1500", "--seed", "3"]);
    site(&project);
    let whole: PathBuf = project.path("whole");
    good(&pseudonymise(&project, "gp", &["in/gp", "--to", "whole", "--key-file", "site.key"]));
    let expected = files_under(&whole);
    for (round, delay) in [0, 5, 15, 30, 60, 120].into_iter().enumerate() {
        let folder = format!("killed{round}");
        let mut child = Command::new(env!("CARGO_BIN_EXE_pathlink"))
            .args([
                "pseudonymise",
                "--config",
                "site.toml",
                "--source",
                "gp",
                "in/gp",
                "--to",
                &folder,
                "--key-file",
                "site.key",
            ])
            .current_dir(project.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        for (path, bytes) in files_under(&project.path(&folder)) {
            assert!(expected.get(&path) == Some(&bytes), "{} after {delay} ms", path.display());
        }
    }
}
