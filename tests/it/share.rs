//! Rows for an evaluator: whose, under which tokens, and under which agreement.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type};
use pathlink::domain::token::Token;
use pathlink::frame;
use pathlink::identity::keys::ProjectKey;
use pathlink::registry::{Leavers, Registry};
use sha2::{Digest, Sha256};

use crate::program::{Finished, Project, files_under, pathlink};
use crate::registry::texts;
use crate::scan::Needles;

const TABLES: [&str; 8] =
    ["persons", "pathway_episodes", "referrals", "contacts", "scores", "ward_stays", "attendances", "appointments"];

/// A project with a run and agreements with two recipients.
fn project() -> Project {
    let project = Project::synth(&["--people", "2000", "--seed", "8"]);
    let agreements = r#"
[share.uni]
recipient = "A university's evaluators"
agreement = "DSA-1"
expires = 2099-12-31
study = "recovery"

[share.college]
recipient = "A college's evaluators"
agreement = "DSA-2"
expires = 2099-12-31
people = "all"
tables = ["persons", "attendances"]
columns = { persons = ["sex", "birth_month"] }
date_precision = "month"

[share.past]
recipient = "A former evaluator"
agreement = "DSA-0"
expires = 2020-12-31
"#;
    project.edit("pathlink.toml", |text| text.to_owned() + agreements);
    project.good_run(&[]);
    project
}

fn share(project: &Project, to: &str, recipient: &str, more: &[&str]) -> Finished {
    let agreement =
        ["DSA-1", "DSA-2", "DSA-0"][["uni", "college", "past"].iter().position(|one| *one == recipient).unwrap_or(0)];
    let arguments = ["share", "LATEST", "--to", to, "--recipient", recipient, "--agreement", agreement];
    pathlink(&project.path(""), &[&arguments, more].concat())
}

/// A share that must succeed; its folder.
fn good_share(project: &Project, to: &str, recipient: &str, more: &[&str]) -> PathBuf {
    let done = share(project, to, recipient, more);
    assert_eq!(done.code, 0, "{}", done.stderr);
    project.path(to)
}

/// Every token in a shared folder.
fn tokens(folder: &Path) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    for table in parquet(folder) {
        for column in ["person", "referral"] {
            let has = frame::batches(&table).unwrap()[0].column_by_name(column).is_some();
            tokens.extend(if has { texts(&table, column) } else { Vec::new() });
        }
    }
    assert!(tokens.iter().all(|token| token.len() == 32));
    tokens
}

fn parquet(folder: &Path) -> Vec<PathBuf> {
    let names = files_under(folder).into_keys().filter(|name| name.extension().is_some_and(|end| end == "parquet"));
    names.map(|name| folder.join(name)).collect()
}

/// All text in a shared folder's tables.
fn words(folder: &Path) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for table in parquet(folder) {
        for batch in frame::batches(&table).unwrap() {
            for column in batch.columns().iter().filter(|column| *column.data_type() == DataType::Utf8) {
                words.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
            }
        }
    }
    words
}

fn rows(table: &Path) -> usize {
    frame::batches(table).unwrap().iter().map(arrow::array::RecordBatch::num_rows).sum()
}

#[test]
fn only_people_on_a_pathway_or_its_comparator_are_shared() {
    let project = project();
    let folder = good_share(&project, "out", "uni", &[]);
    let linked = project.latest().join("restricted/linked");
    let on_pathway: BTreeSet<u32> = frame::batches(&linked.join("pathway_episodes.parquet"))
        .unwrap()
        .iter()
        .flat_map(|batch| {
            batch.column_by_name("person").unwrap().as_primitive::<arrow::datatypes::UInt32Type>().values().to_vec()
        })
        .collect();
    assert_eq!(rows(&folder.join("persons.parquet")), on_pathway.len());
    assert!(on_pathway.len() > 100 && on_pathway.len() < rows(&linked.join("persons.parquet")));
    let people: BTreeSet<String> = texts(&folder.join("persons.parquet"), "person").into_iter().collect();
    for name in TABLES {
        let table = folder.join(format!("{name}.parquet"));
        assert!(texts(&table, "person").iter().all(|person| people.contains(person)), "{name}");
        assert!(rows(&table) > 0, "{name}");
    }
    // Every row of theirs is there: visits to A&E, counted from the linked table.
    let visits = frame::batches(&linked.join("attendances.parquet")).unwrap();
    let of = |batch: &arrow::array::RecordBatch| {
        let person = batch.column_by_name("person").unwrap().as_primitive::<arrow::datatypes::UInt32Type>();
        person.values().iter().filter(|person| on_pathway.contains(person)).count()
    };
    assert_eq!(rows(&folder.join("attendances.parquet")), visits.iter().map(of).sum::<usize>());
    // Contacts and scores hang on referrals that are there.
    let referrals: BTreeSet<String> = texts(&folder.join("referrals.parquet"), "referral").into_iter().collect();
    assert_eq!(referrals.len(), rows(&folder.join("referrals.parquet")));
    for name in ["contacts", "scores"] {
        assert!(texts(&folder.join(format!("{name}.parquet")), "referral").iter().all(|one| referrals.contains(one)));
    }
}

#[test]
fn two_recipients_cannot_join_their_files_nor_one_two_periods() {
    let project = project();
    project.edit("pathlink.toml", |text| text.replace("people = \"all\"\ntables = [\"persons\", \"attendances\"]\ncolumns = { persons = [\"sex\", \"birth_month\"] }\ndate_precision = \"month\"\n", ""));
    let uni = good_share(&project, "uni", "uni", &[]);
    let college = good_share(&project, "college", "college", &[]);
    assert!(tokens(&uni).len() > 500 && tokens(&uni).len() == tokens(&college).len());
    assert!(tokens(&uni).is_disjoint(&tokens(&college)));
    // Nor by the place of their rows: those of a person stand elsewhere in each.
    for name in ["persons", "attendances"] {
        let column = if name == "persons" { "ethnic_group" } else { "provider" };
        let table = |folder: &Path| {
            let batches = frame::batches(&folder.join(format!("{name}.parquet"))).unwrap();
            let all = batches.iter().flat_map(|batch| {
                let column = batch.column_by_name(column).unwrap().as_string::<i32>();
                column.iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>()
            });
            all.collect::<Vec<_>>()
        };
        let (mut one, mut other) = (table(&uni), table(&college));
        assert_ne!(one, other, "{name}");
        one.sort();
        other.sort();
        assert_eq!(one, other, "{name}");
    }
    // The same recipient and period: the same tokens, byte for byte the same tables.
    let again = good_share(&project, "again", "uni", &["--period", "2025/26 Q4"]);
    for name in TABLES.map(|name| format!("{name}.parquet")) {
        assert!(fs::read(uni.join(&name)).unwrap() == fs::read(again.join(&name)).unwrap(), "{name}");
    }
    let later = good_share(&project, "later", "uni", &["--period", "2026/27 Q1"]);
    assert!(tokens(&uni).is_disjoint(&tokens(&later)));
    let study = good_share(&project, "study", "uni", &["--study", "recovery"]);
    assert!(tokens(&uni).is_disjoint(&tokens(&study)));
}

#[test]
fn a_study_has_the_same_tokens_in_the_next_quarter() {
    let project = project();
    let first = good_share(&project, "first", "uni", &["--study", "recovery"]);
    // Another quarter: figures up to another day, and the last visits of a hospital are not there.
    project.edit("pathlink.toml", |text| text.replace("as_of = 2026-03-31", "as_of = 2025-12-31"));
    project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
        let lines: Vec<&str> = text.lines().collect();
        lines[..lines.len() - 5].join("\n") + "\n"
    });
    project.good_run(&[]);
    let second = good_share(&project, "second", "uni", &["--study", "recovery"]);
    let people = |folder: &Path| texts(&folder.join("persons.parquet"), "person").into_iter().collect::<BTreeSet<_>>();
    let (one, other) = (people(&first), people(&second));
    assert!(other.len() > 100 && other.intersection(&one).count() * 10 > other.len() * 9);
    let referrals =
        |folder: &Path| texts(&folder.join("referrals.parquet"), "referral").into_iter().collect::<BTreeSet<_>>();
    let (one, other) = (referrals(&first), referrals(&second));
    assert!(other.len() > 100 && other.intersection(&one).count() * 10 > other.len() * 9);
}

#[test]
fn no_stage_1_token_and_no_identifier_is_in_a_share() {
    let project = project();
    let needles = Needles::of(&project);
    let run = project.latest();
    assert_eq!(pathlink(&project.path(""), &["people", "--to", "everybody"]).code, 0);
    let table = project.path("everybody/people.parquet");
    let mut stage_1: BTreeSet<String> = texts(&table, "key").into_iter().chain(texts(&table, "person_id")).collect();
    let conflicts = fs::read_to_string(run.join("restricted/conflicts.csv")).unwrap();
    stage_1.extend(conflicts.split([',', '\r', '\n', '"']).filter(|cell| cell.len() == 32).map(str::to_owned));
    fs::remove_dir_all(project.path("everybody")).unwrap();
    assert!(stage_1.len() > 3000);
    for recipient in ["uni", "college"] {
        let said = share(&project, recipient, recipient, &[]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let folder = project.path(recipient);
        let words = words(&folder);
        assert!(words.is_disjoint(&stage_1), "a stage-1 token is shared with {recipient}");
        let own = tokens(&folder);
        let others: Vec<&str> = words.iter().filter(|word| !own.contains(*word)).map(String::as_str).collect();
        assert_eq!(needles.found_in(others.join(",").as_bytes()), BTreeSet::new());
        for (name, bytes) in files_under(&folder) {
            if name.extension().is_none_or(|end| end != "parquet") {
                assert_eq!(needles.found_in(&bytes), BTreeSet::new(), "in {}", name.display());
            }
            for token in &stage_1 {
                assert!(memchr::memmem::find(&bytes, token.as_bytes()).is_none(), "in {}", name.display());
            }
        }
        fs::remove_dir_all(folder).unwrap();
        needles.assert_not_in(&project, &said);
    }
}

#[test]
fn what_was_agreed_is_what_is_shared() {
    let project = project();
    let folder = good_share(&project, "out", "college", &[]);
    let names: Vec<String> = files_under(&folder).keys().map(|name| name.display().to_string()).collect();
    assert_eq!(names, ["README.txt", "attendances.parquet", "manifest.json", "metadata.json", "persons.parquet"]);
    let persons = frame::batches(&folder.join("persons.parquet")).unwrap();
    let schema = persons[0].schema();
    assert_eq!(
        schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>(),
        ["person", "sex", "birth_month"]
    );
    assert_eq!(
        rows(&folder.join("persons.parquet")),
        rows(&project.latest().join("restricted/linked/persons.parquet"))
    );
    for batch in frame::batches(&folder.join("attendances.parquet")).unwrap() {
        for day in batch.column_by_name("date").unwrap().as_primitive::<Date32Type>().iter().flatten() {
            assert_eq!(pathlink::domain::day::parts(day).2, 1, "a date is no first of a month");
        }
    }
    let usual = good_share(&project, "usual", "uni", &[]);
    let schema = frame::batches(&usual.join("persons.parquet")).unwrap()[0].schema();
    assert!(schema.field_with_name("birth_year").is_ok() && schema.field_with_name("birth_month").is_err());
    let years = frame::batches(&usual.join("persons.parquet")).unwrap();
    let years = years[0].column_by_name("birth_year").unwrap().as_primitive::<arrow::datatypes::Int32Type>().clone();
    assert!(years.iter().flatten().all(|year| (1900..2026).contains(&year)) && years.null_count() < years.len());
}

#[test]
fn a_share_is_whole_closed_and_recorded() {
    let project = project();
    let folder = good_share(&project, "out", "uni", &[]);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let read = |path: &Path| -> serde_json::Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let manifest = read(&folder.join("manifest.json"));
    let ledger = fs::read_to_string(project.path("store/shares.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    assert_eq!(ledger.lines().count(), 1);
    assert_eq!(line["recipient"], "uni");
    assert_eq!(line["agreement"], "DSA-1");
    assert_eq!(line["tokens"], "release:uni:2025-26-Q4");
    assert_eq!(manifest["data"], "demonstration");
    assert_eq!(manifest["run"], line["run"]);
    for (at, name) in TABLES.iter().enumerate() {
        let path = folder.join(format!("{name}.parquet"));
        let hash = pathlink::domain::hex::lower(&Sha256::digest(fs::read(&path).unwrap()));
        for about in [&manifest["tables"][at], &line["tables"][at]] {
            assert_eq!((about["table"].as_str().unwrap(), about["sha256"].as_str().unwrap()), (*name, hash.as_str()));
            assert_eq!(about["rows"], rows(&path) as u64);
        }
    }
    let metadata = read(&folder.join("metadata.json"));
    for (about, name) in metadata["tables"].as_array().unwrap().iter().zip(TABLES) {
        let schema = frame::batches(&folder.join(format!("{name}.parquet"))).unwrap()[0].schema();
        let told: Vec<&str> = about["tableSchema"]["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(told, schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>());
    }
    let terms = fs::read_to_string(folder.join("README.txt")).unwrap();
    assert!(
        terms.starts_with("DEMONSTRATION") && terms.contains("A university's evaluators") && terms.contains("DSA-1")
    );
    // A folder that is there is never touched, and nothing more is recorded.
    let done = share(&project, "out", "uni", &[]);
    assert_eq!(done.code, 9);
    assert_eq!(fs::read_to_string(project.path("store/shares.jsonl")).unwrap(), ledger);
    good_share(&project, "more", "college", &[]);
    assert_eq!(fs::read_to_string(project.path("store/shares.jsonl")).unwrap().lines().count(), 2);
}

#[test]
fn without_an_agreement_in_force_nothing_is_shared() {
    let project = project();
    let refuse = |recipient: &str, more: &[&str], code: i32, id: &str| {
        let done = share(&project, "out", recipient, more);
        assert_eq!(done.code, code, "{}", done.stderr);
        assert!(done.stderr.contains(id), "{}", done.stderr);
        assert!(!project.path("out").exists() && !project.path(".out.part").exists());
        assert!(!project.path("store/shares.jsonl").exists());
        done.stderr
    };
    assert!(refuse("unni", &[], 6, "SHR01").contains("did you mean `uni`?"));
    assert!(refuse("past", &[], 6, "SHR01").contains("2020-12-31"));
    refuse("uni", &["--study", "other"], 6, "SHR01");
    refuse("college", &["--study", "recovery"], 6, "SHR01");
    refuse("uni", &["--period", "a:b"], 3, "SHR02");
    let other =
        pathlink(&project.path(""), &["share", "LATEST", "--to", "out", "--recipient", "uni", "--agreement", "DSA-2"]);
    assert_eq!(other.code, 6, "{}", other.stderr);
    let run =
        pathlink(&project.path(""), &["share", "2020", "--to", "out", "--recipient", "uni", "--agreement", "DSA-1"]);
    assert!(run.code == 4 && run.stderr.contains("RUN01"), "{}", run.stderr);
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "other", "--to", "project.key"]).code, 0);
    assert!(refuse("uni", &["--key-file", "project.key"], 7, "RUN02").contains("ae284495"));
    project.edit("pathlink.toml", |text| text.replace("\"attendances\"]", "\"atendances\"]"));
    assert!(refuse("college", &[], 3, "SHR02").contains("did you mean `attendances`?"));
    project.edit("pathlink.toml", |text| {
        text.replace("\"atendances\"]", "\"attendances\"]").replace("\"birth_month\"]", "\"birth_date\"]")
    });
    refuse("college", &[], 3, "SHR02");
    project.edit("pathlink.toml", |text| text.replace("expires = 2020-12-31", "expires = 2020-12-31\nexpire = 1"));
    assert!(refuse("uni", &[], 3, "CFG03").contains("expires"));
}

#[test]
fn people_who_were_removed_since_the_run_are_left_out() {
    let project = project();
    let before = good_share(&project, "before", "uni", &[]);
    let ids = texts(&project.latest().join("restricted/linked/persons.parquet"), "person_id");
    assert_eq!(pathlink(&project.path(""), &["people", "--to", "everybody"]).code, 0);
    let table = project.path("everybody/people.parquet");
    let first = ids.first().unwrap();
    let keys = texts(&table, "key").into_iter().zip(texts(&table, "person_id"));
    // Everybody but one in two goes.
    let gone: Vec<Token> =
        keys.filter(|(_, id)| id < &"8".repeat(32)).filter_map(|(key, _)| Token::from_hex(&key)).collect();
    assert!(!first.is_empty() && gone.len() > 500);
    let key = ProjectKey::demonstration();
    let mut registry = Registry::open(&project.path("store"), &project.path("runs"), &key, None).unwrap();
    assert!(registry.purge(Leavers::Listed(&gone)).unwrap() > 500);
    let done = share(&project, "after", "uni", &[]);
    assert!(done.code == 0 && done.stdout.contains("left out:"), "{} {}", done.stdout, done.stderr);
    let people = |folder: &Path| texts(&folder.join("persons.parquet"), "person").into_iter().collect::<BTreeSet<_>>();
    let (all, left) = (people(&before), people(&project.path("after")));
    assert!(left.is_subset(&all) && left.len() > all.len() / 4 && left.len() < all.len() * 3 / 4);
}

/// Starts a share and kills it as soon as a path is there; whether the share ended on its own before.
fn kill_at(project: &Project, path: &str) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pathlink"));
    command.args(["share", "LATEST", "--to", "out", "--recipient", "uni", "--agreement", "DSA-1"]);
    command.current_dir(project.path("")).env_remove("PATHLINK_KEY_FILE");
    let (stdout, stderr) = (std::process::Stdio::null(), std::process::Stdio::null());
    let mut child = command.stdout(stdout).stderr(stderr).spawn().unwrap();
    while !project.path(path).exists() && child.try_wait().unwrap().is_none() {}
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn no_share_is_delivered_without_its_line() {
    let project = project();
    let lines = || fs::read_to_string(project.path("store/shares.jsonl")).map_or(0, |text| text.lines().count());
    let (mut delivered, mut killed) = (0, 0);
    let moments = [".out.part", ".out.part/contacts.parquet", ".out.part/metadata.json", ".out.part/manifest.json"];
    for moment in moments.into_iter().chain(["store/shares.jsonl", "out"]) {
        kill_at(&project, moment);
        if project.path("out").exists() {
            delivered += 1;
            fs::remove_dir_all(project.path("out")).unwrap();
        } else {
            killed += 1;
        }
        assert!(lines() >= delivered, "a share was delivered at {moment}, and the ledger does not know");
    }
    assert!(killed > 0 && delivered > 0);
    // A line that cannot be written: nothing is delivered. A line that was cut short spoils no other.
    let ledger = project.path("store/shares.jsonl");
    let before = fs::read_to_string(&ledger).unwrap();
    fs::remove_file(&ledger).unwrap();
    fs::create_dir(&ledger).unwrap();
    let done = share(&project, "out", "uni", &[]);
    assert_eq!(done.code, 9, "{}", done.stderr);
    assert!(!project.path("out").exists() && !project.path(".out.part").exists());
    fs::remove_dir(&ledger).unwrap();
    fs::write(&ledger, format!("{before}{{\"date\":\"20")).unwrap();
    good_share(&project, "out", "uni", &[]);
    let text = fs::read_to_string(&ledger).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((last["recipient"].as_str(), text.lines().count()), (Some("uni"), before.lines().count() + 2));
}

/// Referrals alike in person, service, organisation and day are told apart by their own tokens, not by their rows.
#[test]
fn referrals_that_are_alike_have_the_same_tokens_however_rows_are_shuffled() {
    let project = project();
    let (referrals, contacts) =
        ("in/mental_health/ZT1_MHS101Referral.csv", "in/mental_health/ZT1_MHS201CareContact.csv");
    // Every tenth referral comes twice, the second time under another id; the contacts stay with the first.
    project.edit(referrals, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let again: Vec<String> = lines[1..].iter().step_by(10).map(|line| format!("Z{line}")).collect();
        lines.extend(again);
        lines.join("\n") + "\n"
    });
    project.good_run(&[]);
    let before = good_share(&project, "before", "uni", &[]);
    for name in [referrals, contacts] {
        project.edit(name, |text| {
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1..].reverse();
            lines.join("\n") + "\n"
        });
    }
    fs::remove_dir_all(project.path("store/staged")).unwrap();
    fs::remove_dir_all(project.path("store/linked")).unwrap();
    project.good_run(&["--threads", "1"]);
    let after = good_share(&project, "after", "uni", &[]);
    let tokens = texts(&before.join("referrals.parquet"), "referral");
    assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), tokens.len());
    for name in ["referrals.parquet", "contacts.parquet"] {
        assert!(fs::read(before.join(name)).unwrap() == fs::read(after.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn what_a_person_rests_on_is_told_with_every_word_that_is_there() {
    let project = project();
    let folder = good_share(&project, "out", "uni", &[]);
    let metadata = fs::read_to_string(folder.join("metadata.json")).unwrap();
    let told = metadata.lines().find(|line| line.contains("what the person rests on")).unwrap();
    let codes = fs::read_to_string(project.latest().join("restricted/linked/codes.csv")).unwrap();
    let words: Vec<&str> = codes
        .lines()
        .filter_map(|line| line.strip_prefix("person_basis,")?.split_once(','))
        .map(|pair| pair.1)
        .collect();
    assert_eq!(words, ["nhs", "demographic", "single"]);
    for word in words {
        assert!(told.contains(word), "{word} in {told}");
    }
    let used = texts(&folder.join("persons.parquet"), "person_basis");
    assert!(used.iter().all(|word| told.contains(word)));
}
