//! No identifier, key or token leaves `restricted/` and `store/`: every byte that a run says or writes is scanned.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::{Finished, Project, pathlink};
use crate::scan::{Needles, key_bytes};

#[test]
fn nothing_leaks_from_the_tiny_world() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let [numbers, names, births, postcodes, ids] = needles.counts();
    assert!(numbers >= 13 && names >= 20 && births >= 13 && postcodes >= 4 && ids >= 100);
    assert_clean(&project, &needles, &project.run(&[]));
    assert_clean(&project, &needles, &project.run(&["--threads", "1", "-q"]));
}

#[test]
fn nothing_leaks_from_an_invented_world_under_a_project_key() {
    let project = Project::synth(&["--people", "1500", "--seed", "5"]);
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "invented", "--to", "project.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    let mut needles = Needles::of(&project);
    needles.add_key(&key_bytes(&project.path("project.key")));
    let [numbers, names, births, postcodes, ids] = needles.counts();
    assert!(
        numbers >= 1000 && names >= 100 && births >= 1000 && postcodes >= 50 && ids >= 10_000,
        "{:?}",
        needles.counts()
    );
    assert_clean(&project, &needles, &project.run(&[]));
}

fn assert_clean(project: &Project, needles: &Needles, said: &Finished) {
    assert_eq!(said.code, 0, "{}", said.stderr);
    needles.assert_not_in(project, said);
}

#[test]
fn restricted_folders_and_the_store_are_closed_to_others() {
    let project = Project::tiny();
    // A store that was open is closed by the next run.
    fs::create_dir(project.path("store")).unwrap();
    fs::set_permissions(project.path("store"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = project.good_run(&[]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&run.join("restricted")), 0o700);
    assert_eq!(mode(&project.path("store")), 0o700);
    for folder in ["", "internal", "release"] {
        assert_eq!(mode(&run.join(folder)) & 0o007, 0, "others can read {folder:?}");
    }
}

#[test]
fn a_file_without_its_heading_row_shows_no_cell() {
    let project = Project::tiny();
    project.good_run(&[]);
    let needles = Needles::of(&project);
    // A child on the list since the day of birth: the two dates are the same.
    project.edit("in/gp/list_gp_registration.csv", |text| {
        let row = text.lines().find(|row| row.contains("Bryndle")).unwrap();
        let born = row.split(',').nth(4).unwrap();
        let since = row.split(',').nth(2).unwrap();
        row.replace(since, born).replace(",,2", ",x,2").replace(",,", ",y,") + "\n"
    });
    let done = project.run(&[]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    needles.assert_not_in(&project, &done);
}

#[test]
fn the_scanner_finds_a_planted_value_in_every_spelling() {
    let project = Project::tiny();
    let mut needles = Needles::of(&project);
    let key: Vec<u8> = (100..132).collect();
    needles.add_key(&key);
    let planted = [
        ("NHS number", "a 9534761028 b"),
        ("NHS number", "\"n\":9534761028,"),
        ("NHS number", "x 953 476 1028"),
        ("NHS number", "x=953-476-1028;"),
        ("NHS number", "9534761028.0"),
        ("NHS number", "9.534761028E9"),
        ("NHS number", "9.534761028e+09"),
        ("NHS number", "file_9534761028.csv"),
        ("NHS number", "id9534761028x"),
        ("name", "row,Quimbrell,x"),
        ("name", "thaddock"),
        ("name", "ORLATHE's"),
        ("birth date", "born 1987-03-14T00:00:00"),
        ("birth date", "14/03/1987"),
        ("postcode", "in ZQ1 1AA."),
        ("postcode", "zq11aa"),
        ("local or record id", "b4y667zrfs"),
        ("local or record id", "no parent EDATV85849601"),
        ("key", "6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283"),
        ("key", "k=ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="),
        ("token", "t 0123456789abcdef0123456789ABCDEF,"),
    ];
    for (kind, text) in planted {
        assert!(needles.found_in(text.as_bytes()).contains(kind), "{kind} in another spelling was not found");
    }
    assert!(needles.found_in(&key).contains("key"));
    let mut number = vec![b'4', b'0', b'0', b'0', b'0', b'0', b'0', b'1', b'2'];
    let sum: u32 = number.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    number.push(b'0' + ((11 - sum % 11) % 11) as u8);
    assert!(needles.found_in(&number).contains("ten digits that pass modulus 11"));
    let harmless =
        "period 2025-04-01 to 2025-06-30, 1234567 rows, sha256 0123456789abcdef0123456789abcdef0123456789abcdef";
    assert_eq!(needles.found_in(harmless.as_bytes()), BTreeSet::new());
}

#[test]
fn the_scanner_finds_every_kind_in_the_inputs_and_tokens_in_restricted() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let found = needles.found_in(&fs::read(project.path("in/mental_health/ZT1_MHS001MPI.csv")).unwrap());
    for kind in ["NHS number", "name", "birth date", "postcode", "local or record id"] {
        assert!(found.contains(kind), "{kind}");
    }
    let run = project.good_run(&[]);
    assert!(needles.found_in(&fs::read(run.join("restricted/conflicts.csv")).unwrap()).contains("token"));
}
