//! Opt-outs and consent: who is on the list is in no figure and nowhere in the store, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pathlink::domain::nhs_number::{self, Accepts};
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};

use crate::parquet_input;
use crate::program::{Project, Table, files_under, pathlink};
use crate::scan::Needles;

/// People of the hand-worked fixture: one of the trust and its list, one of A&E, a practice and a charity.
const OUT: [&str; 2] = ["9456381072", "9534761028"];

/// Headings of ids that other rows hang on.
const IDS: [&str; 9] = [
    "LocalPatientId",
    "UniqServReqID",
    "UniqCareContID",
    "UniqHospProvSpellID",
    "ServiceRequestId",
    "CareContactId",
    "CareActId",
    "local_client_id",
    "referral_id",
];

fn with_list(project: &Project, list: &str, keys: &str) {
    fs::write(project.path("in/list.csv"), list).unwrap();
    set(project, &format!("exclude_nhs_numbers = \"in/list.csv\"\n{keys}"));
}

fn set(project: &Project, keys: &str) {
    project.edit("pathlink.toml", |text| text.replace("[identity]\n", &format!("[identity]\n{keys}\n")));
}

fn extracts(project: &Project) -> Vec<PathBuf> {
    let all = files_under(&project.path("in")).into_keys();
    let is_extract = |path: &PathBuf| path.components().count() == 2 && !path.starts_with("lookups");
    all.filter(is_extract).filter(|path| path.extension().is_some_and(|end| end == "csv")).collect()
}

/// Takes people out of the extracts by hand: their rows, and whatever hangs on them.
fn take_out(project: &Project, people: &[&str]) {
    let mut gone: BTreeSet<String> = people.iter().map(|number| (*number).to_owned()).collect();
    loop {
        let before = gone.len();
        for path in extracts(project) {
            let path = project.path("in").join(path);
            let text = fs::read_to_string(&path).unwrap();
            let mut lines = text.lines();
            let headings: Vec<&str> = lines.next().unwrap().split(',').collect();
            let (mut kept, mut taken) = (vec![headings.join(",")], Vec::new());
            for line in lines {
                let cells: Vec<&str> = line.split(',').collect();
                let is_out = cells.iter().any(|cell| gone.contains(*cell));
                if is_out { taken.push(cells) } else { kept.push(line.to_owned()) }
            }
            for cells in taken {
                let ids =
                    headings.iter().zip(&cells).filter(|(heading, cell)| IDS.contains(heading) && !cell.is_empty());
                gone.extend(ids.map(|(_, cell)| (*cell).to_owned()));
            }
            fs::write(&path, kept.join("\n") + "\n").unwrap();
        }
        if gone.len() == before {
            return;
        }
    }
}

/// Exact and released figures of a run, and its linked rows; not the counts of what was read.
fn outcome(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_under(run);
    files.retain(|path, _| {
        let is_table = path.extension().is_some_and(|end| end == "csv" || end == "parquet");
        let is_count = path.ends_with("data_quality.csv") || path.starts_with("restricted/rejects");
        is_table && !is_count && !path.ends_with("linkage_quality.csv")
    });
    files
}

#[test]
fn figures_are_those_without_the_people_on_the_list() {
    let by_hand = Project::tiny();
    let all = outcome(&by_hand.good_run(&[]));
    take_out(&by_hand, &OUT);
    let expected = outcome(&by_hand.good_run(&[]));
    assert!(all != expected && expected.len() > 10);

    let removing = Project::tiny();
    with_list(&removing, &format!("nhs_number\r\n{}\r\n943 476 5919\r\n{}\r\n", OUT[0], OUT[1]), "");
    let needles = Needles::of(&removing);
    let done = removing.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    needles.assert_not_in(&removing, &done);
    assert_same(&expected, &outcome(&removing.latest()));
    let quality = Table::read(&removing.latest().join("internal/data_quality.csv"));
    let count = |file: &str, check: &str| -> u64 {
        let is_it =
            |row: &&Vec<String>| quality.cell(row, "file") == file && quality.cell(row, "check").starts_with(check);
        quality.rows().iter().filter(is_it).map(|row| quality.cell(row, "count").parse::<u64>().unwrap()).sum()
    };
    for path in ["mental_health/ZT1_MHS001MPI.csv", "emergency_care/ZA1_ECDS.csv"] {
        let text = fs::read_to_string(removing.path("in").join(path)).unwrap();
        let out = text.lines().filter(|line| OUT.iter().any(|number| line.contains(number))).count() as u64;
        assert!(out > 0);
        assert_eq!(count(path.split('/').next_back().unwrap(), "excluded:opted_out"), out, "{path}");
    }
    // What hangs on a row that was taken away is left out with it, and is no orphan.
    assert!(count("ZT1_MHS101Referral.csv", "excluded:") > 0);
    assert!(quality.rows().iter().all(|row| !quality.cell(row, "check").starts_with("rejected:")));

    let keeping = Project::tiny();
    let accepts = Accepts { test_range: true, other_uk: true };
    let everyone: BTreeSet<String> = extracts(&keeping)
        .iter()
        .flat_map(|path| {
            fs::read_to_string(keeping.path("in").join(path)).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .flat_map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>())
        .filter(|cell| nhs_number::read(cell.as_bytes(), None, accepts).0.is_some())
        .filter(|number| !OUT.contains(&number.as_str()))
        .collect();
    let list = everyone.into_iter().collect::<Vec<_>>().join("\n");
    with_list(&keeping, &list, "mode = \"keep_only_listed\"\nwithout_number = \"keep\"");
    assert_same(&expected, &outcome(&keeping.good_run(&[])));
}

fn assert_same(before: &BTreeMap<PathBuf, Vec<u8>>, after: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in before {
        assert!(bytes == &after[name], "{} differs", name.display());
    }
}

/// Files that hold a number's token, as text or as staged.
fn holders(project: &Project, number: &str) -> Vec<PathBuf> {
    let token = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Nhs).token(&[number.as_bytes()]);
    let (hex, half) = (token.to_hex(), token.halves().0.to_le_bytes());
    let all = files_under(&project.path("")).into_iter().filter(|(path, _)| !path.starts_with("in"));
    let holds = |bytes: &[u8]| {
        memchr::memmem::find(bytes, hex.as_bytes()).is_some() || memchr::memmem::find(bytes, &half).is_some()
    };
    all.filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path).collect()
}

#[test]
fn a_new_list_reaches_the_store_and_earlier_runs() {
    let project = Project::tiny();
    let first = project.good_run(&[]);
    let held = holders(&project, OUT[0]);
    assert!(held.iter().any(|path| path.starts_with("store/staged")), "{held:?}");
    assert!(held.iter().any(|path| path.starts_with("store/linked")), "{held:?}");
    assert!(held.iter().any(|path| path.starts_with("store/registry")), "{held:?}");
    assert!(first.join("restricted/linked/persons.parquet").exists());
    let figures = files_under(&first.join("release"));

    with_list(&project, OUT[0], "");
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("the linked rows of earlier runs were deleted (1 runs)"), "{}", done.stdout);
    assert_eq!(holders(&project, OUT[0]), Vec::<PathBuf>::new());
    assert!(!holders(&project, OUT[1]).is_empty());
    assert!(!first.join("restricted/linked").exists());
    assert_eq!(files_under(&first.join("release")), figures);
    assert_ne!(project.latest(), first);

    // The same list takes nothing away again; another one does.
    let second = project.latest();
    let done = project.run(&[]);
    assert!(!done.stdout.contains("earlier run"), "{}", done.stdout);
    assert!(second.join("restricted/linked/persons.parquet").exists());
    fs::write(project.path("in/list.csv"), format!("{}\n{}\n", OUT[0], OUT[1])).unwrap();
    project.good_run(&[]);
    assert_eq!([holders(&project, OUT[0]), holders(&project, OUT[1])], [Vec::<PathBuf>::new(), Vec::new()]);
    assert!(!second.join("restricted/linked").exists());
}

#[test]
fn a_run_that_fails_takes_nothing_away() {
    let project = Project::tiny();
    let first = project.good_run(&[]);
    let before = files_under(&first);
    with_list(&project, OUT[0], "");
    fs::remove_file(project.path("in/community/ZC1_community_client.csv")).unwrap();
    fs::remove_file(project.path("in/community/ZC2_community_client.csv")).unwrap();
    assert_ne!(project.run(&[]).code, 0);
    assert_eq!(files_under(&first), before);
}

#[test]
fn rows_without_a_number_stay_or_go_as_config_says() {
    let kept = |keys: &str| {
        let project = Project::tiny();
        with_list(&project, OUT[0], keys);
        let table = Table::read(&project.good_run(&[]).join("internal/data_quality.csv"));
        table.rows().iter().filter(|row| table.cell(row, "check") == "excluded:no_number").count()
    };
    assert_eq!(kept(""), 0);
    assert!(kept("without_number = \"remove\"") > 0);
}

#[test]
fn files_that_hold_tokens_obey_the_list_as_config_says() {
    let run = |keys: &str| {
        let (project, _) = parquet_input::pseudonymised(ProjectKey::demonstration());
        with_list(&project, OUT[0], keys);
        let done = project.run(&[]);
        (done, project)
    };
    let (done, project) = run("");
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(holders(&project, OUT[0]), Vec::<PathBuf>::new());
    let (done, project) = run("tokens_only = \"keep\"");
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(!holders(&project, OUT[0]).is_empty());
    let (done, _) = run("tokens_only = \"refuse\"");
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("OPT01") && done.stderr.contains("holds tokens"), "{}", done.stderr);
}

#[test]
fn lists_that_cannot_be_used_stop_the_run() {
    let project = Project::tiny();
    let good = project.good_run(&[]);
    with_list(&project, OUT[0], "list_max_age_days = 21");
    let refused = |why: &str| {
        let done = project.run(&[]);
        assert_eq!(done.code, 3, "{}", done.stderr);
        assert!(done.stderr.contains("OPT01") && done.stderr.contains(why), "{}", done.stderr);
        assert!(!done.stderr.contains("94563"), "{}", done.stderr);
        assert_eq!(project.latest(), good);
    };
    for (list, why) in
        [("", "no NHS number"), ("9456381072\n945638107\n", "1 of its lines"), ("nhs_number\n", "no NHS")]
    {
        fs::write(project.path("in/list.csv"), list).unwrap();
        refused(why);
    }
    fs::remove_file(project.path("in/list.csv")).unwrap();
    refused("not there");
    fs::write(project.path("in/list.csv"), OUT[0]).unwrap();
    set(&project, "list_date = 2020-01-01");
    refused("days old");
    set(&project, "mode = \"drop\"");
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
}

#[test]
fn a_source_that_must_have_consent_has_a_rule_and_its_heading() {
    let project = Project::tiny();
    set(&project, "consent_required = [\"community\"]");
    project.good_run(&[]);
    project.edit("in/community/ZC1_community_client.csv", |text| text.replace("consent_to_link", "consents"));
    let done = project.run(&[]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(done.stderr.contains("HDR01") && done.stderr.contains("consent_to_link"), "{}", done.stderr);
    let project = Project::tiny();
    set(&project, "consent_required = [\"gp\"]");
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("must have consent, and gp_"), "{}", done.stderr);
    let checked = pathlink(&project.path(""), &["check"]);
    assert_eq!(checked.code, 3, "{}", checked.stderr);
}

/// A visit without a number, of somebody on the list: nothing of the person is there that it could be linked to, so it is
/// nobody's but its own; `without_number = "remove"` takes it away, counted.
#[test]
fn rows_without_a_number_are_never_linked_to_somebody_on_the_list() {
    let people = |list: bool, keys: &str| {
        let project = Project::tiny();
        project.edit("pathlink.toml", |text| text.replace("\"nhs_only\"]", "\"nhs_only\", \"demographic_name\"]"));
        // One of two visits of one person loses its number and its local number; name, birth date and place stay.
        project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
            text.replacen(&format!("{},01,G6GYHD8LQ4,EDATM87088102", OUT[1]), ",,,EDATM87088102", 1)
        });
        if list {
            with_list(&project, OUT[1], keys);
        }
        let run = project.good_run(&[]);
        let linked = run.join("restricted/linked");
        let words = pathlink::frame::batches(&linked.join("persons.parquet")).unwrap();
        let people: usize = words.iter().map(arrow::array::RecordBatch::num_rows).sum();
        let visits = pathlink::frame::batches(&linked.join("attendances.parquet")).unwrap();
        let visits: usize = visits.iter().map(arrow::array::RecordBatch::num_rows).sum();
        let quality = Table::read(&run.join("internal/data_quality.csv"));
        let count = |check: &str| -> u64 {
            let own = quality.rows().iter().filter(|row| quality.cell(row, "check") == check);
            own.map(|row| quality.cell(row, "count").parse::<u64>().unwrap()).sum()
        };
        (people, visits, count("excluded:opted_out"), count("excluded:no_number"), holders(&project, OUT[1]).len())
    };
    let (all, all_visits, ..) = people(false, "");
    let (kept, kept_visits, out, none, held) = people(true, "");
    assert!(out > 1 && none == 0 && held == 0, "{out} {none} {held}");
    // The person is gone, and the visit is a person of its own.
    assert_eq!(kept, all);
    let (removed, removed_visits, same, none, held) = people(true, "without_number = \"remove\"");
    assert!(same == out && none > 0 && held == 0);
    assert!(removed < kept && removed_visits < kept_visits && kept_visits < all_visits);
}

#[test]
fn lists_as_spreadsheets_and_other_systems_write_them_are_the_same_list() {
    let expected = {
        let project = Project::tiny();
        with_list(&project, &format!("{}\n{}\n", OUT[0], OUT[1]), "");
        outcome(&project.good_run(&[]))
    };
    let spaced = |number: &str, by: &str| format!("{}{by}{}{by}{}", &number[..3], &number[3..6], &number[6..]);
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("mark and CRLF", format!("\u{feff}{}\r\n{}\r\n", OUT[0], OUT[1]).into_bytes()),
        ("blanks", format!("  {} \n {}\t\n", spaced(OUT[0], " "), OUT[1]).into_bytes()),
        ("hyphens", format!("NHS Number\r\n{}\r\n{}", spaced(OUT[0], "-"), spaced(OUT[1], "-")).into_bytes()),
        ("no-break blanks", format!("{}\n{}\n", spaced(OUT[0], "\u{a0}"), OUT[1]).into_bytes()),
        ("quotes", format!("\"nhs\",\"why\"\r\n\"{}\",\"a, b\"\r\n\"{} \",x\r\n", OUT[0], OUT[1]).into_bytes()),
        ("old line ends and blank lines", format!("{}\r\r{}\r", OUT[0], OUT[1]).into_bytes()),
        ("UTF-16", [vec![0xff, 0xfe], utf_16(&format!("{}\r\n{}\r\n", OUT[0], OUT[1]))].concat()),
    ];
    for (form, bytes) in forms {
        let project = Project::tiny();
        with_list(&project, "", "");
        fs::write(project.path("in/list.csv"), bytes).unwrap();
        let done = project.run(&[]);
        // A list that is not read as it stands must stop the run; it must never let a person on it through.
        if form == "UTF-16" {
            assert!(done.code == 3 && done.stderr.contains("OPT01"), "{form}: {} {}", done.code, done.stderr);
            continue;
        }
        assert_eq!(done.code, 0, "{form}: {}", done.stderr);
        assert_same(&expected, &outcome(&project.latest()));
    }
}

#[test]
fn an_empty_consent_cell_is_no_consent() {
    let project = Project::tiny();
    set(&project, "consent_required = [\"community\"]");
    let name = "in/community/ZC1_community_client.csv";
    let table = Table::read(&project.path(name));
    let at = table.headings().iter().position(|heading| heading == "consent_to_link").unwrap();
    let empty = [""; 1].into_iter().chain(["  ", "\u{a0}", "-"]).cycle();
    let lines = table.rows().iter().zip(empty).map(|(row, empty)| {
        let mut cells = row.clone();
        empty.clone_into(&mut cells[at]);
        cells.join(",")
    });
    let text = std::iter::once(table.headings().join(",")).chain(lines).collect::<Vec<_>>().join("\n") + "\n";
    fs::write(project.path(name), text).unwrap();
    let run = project.good_run(&[]);
    let quality = Table::read(&run.join("internal/data_quality.csv"));
    let count = |check: &str| -> u64 {
        let is_own = |row: &&Vec<String>| {
            quality.cell(row, "file") == "ZC1_community_client.csv" && quality.cell(row, "check") == check
        };
        quality.rows().iter().filter(is_own).map(|row| quality.cell(row, "count").parse::<u64>().unwrap()).sum()
    };
    assert_eq!((count("kept"), count("excluded:no_consent")), (0, table.rows().len() as u64));
    // Nor may a config take an empty cell for a yes where consent is required.
    let config = fs::read_to_string(crate::support::root().join("config/sources/community.toml")).unwrap();
    fs::create_dir(project.path("in/sources")).unwrap();
    let changed = config.replacen("unless = [\"yes\", ", "unless = [\"\", \"yes\", ", 1);
    assert_ne!(changed, config);
    fs::write(project.path("in/sources/community.toml"), changed).unwrap();
    project.edit("pathlink.toml", |text| text.replace("[paths]", "[paths]\nsources = \"in/sources\""));
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("must have consent"), "{}", done.stderr);
}
