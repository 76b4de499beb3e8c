//! Other parties' digests: made for them from a CSV, and met in an extract in place of NHS numbers.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use pathlink::domain::scheme::Scheme;
use pathlink::identity::compat::{Edges, Salt, written};

use crate::program::{Finished, Project, Table, files_under, pathlink};
use crate::scan::Needles;
use crate::support::{csv_rows, root};

const SALT: &str = "mackerel";

fn write_salt(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A folder with a salt and a CSV of numbers, good and bad.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_salt(&folder.path().join("salt"), &format!("{SALT}\n"));
    let rows = "dob,nhs_number,x\n29.11.1973,943 476 5919,a\n29.11.1973,,b\n29.11.1973,9434765918,c\n,9990000018,d\n";
    fs::write(folder.path().join("in.csv"), rows).unwrap();
    folder
}

fn compat(folder: &Path, options: &[&str]) -> Finished {
    let fixed = ["compat", "in.csv", "--salt-file", "salt", "--to", "out.csv", "--allow-test-numbers"];
    pathlink(folder, &[&fixed, options].concat())
}

/// A word, a code, and what is done to a file.
type Damage<'a> = (&'a str, &'a str, &'a dyn Fn(&Path));

#[test]
fn digests_are_made_of_checked_numbers_alone() {
    let folder = folder();
    let done = compat(folder.path(), &["--mode", "openpseudonymiser", "--columns", "nhs_number"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(done.stdout, "2 digests, 1 without: check_digit, 1 without: missing in out.csv\n");
    assert!(done.stderr.contains("whoever has the salt can try every NHS number against these digests in seconds"));
    let rows = csv_rows(&folder.path().join("out.csv"));
    // S4 and S5 of the published vectors.
    let s4 = "643574A0AEFDA8DAC01EEBE45F7E8CFE814B15BBC3F654AC934518A34A53D575";
    let s5 = "66A3A2C07DCAFC49B5409DCB4E78EB8FE5AE66EA1CB32DE43A883F9EE4884712";
    assert_eq!(rows, [["1", s4, ""], ["2", "", "missing"], ["3", "", "check_digit"], ["4", s5, ""]]);
    assert_eq!(fs::metadata(folder.path().join("out.csv")).unwrap().permissions().mode() & 0o7777, 0o600);
    let again = compat(folder.path(), &["--mode", "openpseudonymiser", "--columns", "nhs_number"]);
    assert_eq!(again.code, 9, "{}", again.stderr);
}

#[test]
fn the_order_of_columns_is_the_one_that_is_asked_for() {
    let folder = folder();
    let done = compat(
        folder.path(),
        &["--mode", "openpseudonymiser", "--columns", "dob,nhs_number", "--nhs-number", "nhs_number"],
    );
    assert_eq!(done.code, 0, "{}", done.stderr);
    let rows = csv_rows(&folder.path().join("out.csv"));
    // S3 of the published vectors.
    assert_eq!(rows[0][1], "ED72F814B7905F3D3958749FA90FE657C101EC657402783DB68CBE3513E76087");
    assert_eq!(rows[3][1..], ["", "missing"]);
}

#[test]
fn every_mode_writes_digests_of_its_length() {
    for (mode, columns, length) in [
        ("ndrs", "nhs_number", 64),
        ("crate_md5", "nhs_number", 32),
        ("crate_sha256", "nhs_number", 64),
        ("crate_sha512", "nhs_number", 128),
        ("ndrs_birthdate_postcode", "dob,x", 0),
        ("ndrs_pseudoid", "x", 0),
    ] {
        let folder = folder();
        let done = compat(folder.path(), &["--mode", mode, "--columns", columns]);
        assert_eq!(done.code, 0, "{mode}: {}", done.stderr);
        let rows = csv_rows(&folder.path().join("out.csv"));
        assert_eq!(rows[0][1].len(), length, "{mode}");
        assert_eq!(rows[0][2], if length == 0 { "format" } else { "" }, "{mode}");
    }
}

#[test]
fn a_salt_obeys_the_rules_of_keys() {
    let asked = ["--mode", "openpseudonymiser", "--columns", "nhs_number"];
    let damages: [Damage<'_>; 5] = [
        ("it is open to others", "KEY02", &|path| {
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }),
        ("it is a link", "KEY02", &|path| {
            fs::rename(path, path.with_file_name("real")).unwrap();
            symlink("real", path).unwrap();
        }),
        ("it is a folder", "KEY02", &|path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
        ("it is not there", "KEY01", &|path| fs::remove_file(path).unwrap()),
        ("it is blank", "KEY03", &|path| write_salt(path, " \n")),
    ];
    for (name, code, damage) in damages {
        let folder = folder();
        damage(&folder.path().join("salt"));
        fs::remove_file(folder.path().join("in.csv")).unwrap();
        let done = compat(folder.path(), &asked);
        assert_eq!(done.code, 7, "{name}: {}", done.stderr);
        assert!(done.stderr.starts_with(&format!("error {code}: the salt file salt")), "{name}: {}", done.stderr);
        assert!(!done.stderr.contains(SALT) && !folder.path().join("out.csv").exists(), "{name}");
    }
}

#[test]
fn blanks_around_a_salt_count_unless_trimmed() {
    let of = |text: &str, options: &[&str]| {
        let folder = folder();
        write_salt(&folder.path().join("salt"), text);
        let done = compat(folder.path(), &[&["--mode", "ndrs", "--columns", "nhs_number"], options].concat());
        assert_eq!(done.code, 0, "{}", done.stderr);
        csv_rows(&folder.path().join("out.csv"))[0][1].clone()
    };
    assert_eq!(of(" salt \n", &["--trim-salt"]), of("salt", &[]));
    assert_ne!(of(" salt \n", &[]), of("salt", &[]));
    assert_eq!(of("salt\r\n", &[]), of("salt", &[]));
}

#[test]
fn a_damaged_input_leaves_no_output() {
    let folder = folder();
    fs::write(folder.path().join("in.csv"), "nhs_number,x\n9434765919,a\n9434765919\n").unwrap();
    let done = compat(folder.path(), &["--mode", "ndrs", "--columns", "nhs_number"]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(done.stderr.contains("row 2") && !done.stderr.contains("9434765919"), "{}", done.stderr);
    assert!(!folder.path().join("out.csv").exists());
    let missing = compat(folder.path(), &["--mode", "ndrs", "--columns", "number"]);
    assert!(missing.code == 4 && missing.stderr.contains("HDR01"), "{}", missing.stderr);
}

const CLIENTS: [&str; 2] = ["in/community/ZC1_community_client.csv", "in/community/ZC2_community_client.csv"];

/// The numbers of every other source, in ten digits.
fn numbers_elsewhere(project: &Project) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    for (path, bytes) in files_under(&project.path("in")).iter().filter(|(path, _)| !path.starts_with("community")) {
        let text =
            if path.extension().is_some_and(|end| end == "csv") { String::from_utf8_lossy(bytes) } else { continue };
        let cells = text.split([',', '\n', '\r']).map(|cell| cell.trim().replace(['-', ' '], ""));
        numbers.extend(cells.filter(|cell| cell.len() == 10 && cell.starts_with('9')));
    }
    numbers
}

/// A charity that holds another party's digests in place of numbers, and a config that declares it.
fn with_digests(scheme: Scheme) -> (Project, [u64; 2]) {
    let project = Project::tiny();
    let elsewhere = numbers_elsewhere(&project);
    let salt = Salt::of(SALT, Edges::Kept).unwrap();
    let mut counts = [0; 2];
    for name in CLIENTS {
        let table = Table::read(&project.path(name));
        let mut text = table.headings().join(",").replace("nhs_number", "other_party_id") + "\n";
        for row in table.rows() {
            let digits = row[2].replace([' ', '-'], "");
            let digest = if digits.len() == 10 {
                counts[usize::from(!elsewhere.contains(&digits))] += 1;
                written(scheme, &salt.digest(scheme, &[digits.as_bytes()]).unwrap())
            } else {
                String::new()
            };
            let cells: Vec<&str> =
                row.iter().enumerate().map(|(at, cell)| if at == 2 { &*digest } else { cell }).collect();
            text += &(cells.join(",") + "\n");
        }
        fs::write(project.path(name), text).unwrap();
    }
    let config = fs::read_to_string(root().join("config/sources/community.toml")).unwrap();
    let declared = format!("{{ heading = \"other_party_id\", to = \"nhs\", digest = \"{}\" }}", scheme.id());
    let changed = config.replacen("{ heading = \"nhs_number\", to = \"nhs\" }", &declared, 1);
    assert_ne!(config, changed);
    fs::create_dir(project.path("in/sources")).unwrap();
    fs::write(project.path("in/sources/community.toml"), changed).unwrap();
    write_salt(&project.path("in/other.salt"), SALT);
    project.edit("pathlink.toml", |text| {
        let named = format!("{text}\n[compat.{}]\nsalt_file = \"in/other.salt\"\n", scheme.id());
        named.replace("[paths]", "[paths]\nsources = \"in/sources\"")
    });
    (project, counts)
}

fn release(project: &Project, name: &str) -> Vec<u8> {
    fs::read(project.latest().join("release").join(name)).unwrap()
}

#[test]
fn an_extract_of_digests_links_as_one_of_numbers_does() {
    let raw = Project::tiny();
    raw.good_run(&[]);
    for scheme in [Scheme::OpenPseudonymiser, Scheme::Ndrs, Scheme::CrateSha512] {
        let (project, [known, unknown]) = with_digests(scheme);
        let done = project.run(&[]);
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert!(known >= 8, "{known} known, {unknown} not");
        for name in ["outcomes.csv", "demand.csv", "before_after.csv", "costs.csv"] {
            assert!(unknown > 0 || release(&project, name) == release(&raw, name), "{name}");
        }
        let quality = fs::read_to_string(project.latest().join("internal/data_quality.csv")).unwrap();
        assert_eq!(quality.contains("unknown_digest"), unknown > 0);
        let mut needles = Needles::of(&Project::tiny());
        needles.add(&project);
        needles.assert_not_in(&project, &done);
    }
}

#[test]
fn a_digest_of_nobody_here_is_counted_and_links_to_nobody() {
    let (project, _) = with_digests(Scheme::OpenPseudonymiser);
    write_salt(&project.path("in/other.salt"), "herring");
    project.good_run(&[]);
    let quality = fs::read_to_string(project.latest().join("internal/data_quality.csv")).unwrap();
    assert!(quality.contains("unknown_digest"), "another salt finds nobody");
    // The right salt is another address in the store: nothing of the wrong one is met again.
    write_salt(&project.path("in/other.salt"), SALT);
    project.good_run(&[]);
    let after = fs::read_to_string(project.latest().join("internal/data_quality.csv")).unwrap();
    assert_ne!(quality, after);
}

#[test]
fn opt_outs_reach_people_who_are_here_by_their_digest_alone() {
    let (project, _) = with_digests(Scheme::Ndrs);
    project.good_run(&[]);
    let excluded = || {
        let table = Table::read(&project.latest().join("internal/data_quality.csv"));
        table.rows().iter().filter(|row| row.iter().any(|cell| cell == "excluded:opted_out")).count()
    };
    assert_eq!(excluded(), 0);
    // A number that no extract holds in clear, put in place of a client's digest.
    let lonely = "9990000018";
    let salt = Salt::of(SALT, Edges::Kept).unwrap();
    let digest = written(Scheme::Ndrs, &salt.digest(Scheme::Ndrs, &[lonely.as_bytes()]).unwrap());
    let old = Table::read(&project.path(CLIENTS[0])).rows()[0][2].clone();
    project.edit(CLIENTS[0], |text| text.replace(&old, &digest));
    fs::write(project.path("in/opted_out.txt"), format!("{lonely}\n")).unwrap();
    let list = "exclude_nhs_numbers = \"in/opted_out.txt\"\ntokens_only = \"keep\"\n";
    project.edit("pathlink.toml", |text| text.replace("[identity]\n", &format!("[identity]\n{list}")));
    project.good_run(&[]);
    assert!(excluded() > 0, "the digest of somebody on the list was kept");
}

#[test]
fn digests_without_a_salt_or_with_an_open_one_end_the_run_before_data_is_read() {
    let (project, _) = with_digests(Scheme::Ndrs);
    fs::set_permissions(project.path("in/other.salt"), fs::Permissions::from_mode(0o644)).unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 7, "{}", done.stderr);
    assert!(done.stderr.contains("the salt file"), "{}", done.stderr);
    project.edit("pathlink.toml", |text| text.split("[compat.").next().unwrap().to_owned());
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("[compat.ndrs]"), "{}", done.stderr);
    let checked = pathlink(&project.path(""), &["check"]);
    assert_eq!(checked.code, 3, "{}", checked.stderr);
}

#[test]
fn a_partner_cannot_turn_digests_into_tokens_and_is_told_what_to_do() {
    let (project, _) = with_digests(Scheme::Ndrs);
    for more in [&["--preview"][..], &["--to", "out"]] {
        let done =
            pathlink(&project.path(""), &[&["pseudonymise", "--source", "community", "in/community"], more].concat());
        assert_eq!(done.code, 4, "{}", done.stderr);
        assert!(done.stderr.contains("PSD02") && done.stderr.contains("send the file as it is"), "{}", done.stderr);
        assert!(!project.path("out").exists());
    }
    // Another source of the same project has numbers, and is made as ever.
    let done = pathlink(&project.path(""), &["pseudonymise", "--source", "gp", "in/gp", "--to", "out"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
}
