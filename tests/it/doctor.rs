//! `pathlink doctor`: files explained without a value of theirs, and what a machine lacks.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value as Json;

use crate::program::{Finished, Project, files_under, pathlink};
use crate::scan::Needles;

fn doctor(project: &Project, arguments: &[&str]) -> Finished {
    pathlink(&project.path(""), &[&["doctor"], arguments].concat())
}

/// Explains a file both ways; checks that no value is shown.
fn explain(project: &Project, needles: &Needles, name: &str) -> (Finished, Json) {
    let said = doctor(project, &["--file", name]);
    needles.assert_not_in(project, &said);
    let json = doctor(project, &["--file", name, "--json"]);
    needles.assert_not_in(project, &json);
    assert_eq!(said.code, json.code);
    let found = serde_json::from_str(&json.stdout).unwrap_or(Json::Null);
    (said, found)
}

const LIST: &str = "in/gp/list_gp_registration.csv";

#[test]
fn every_file_of_the_tiny_world_is_explained_without_a_value() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    for source in ["mental_health", "emergency_care", "talking_therapies", "gp", "community"] {
        let folder = project.path("in").join(source);
        for name in files_under(&folder).keys() {
            let name = format!("in/{source}/{}", name.display());
            let (said, found) = explain(&project, &needles, &name);
            assert_eq!(said.code, 0, "{name}\n{}{}", said.stdout, said.stderr);
            assert_eq!(found["table"]["source"], source);
            assert_eq!(found["headings"]["is_sure"], true, "{name}");
            assert!(found["rows"].as_u64().unwrap() > 0, "{name}");
        }
    }
    // Nothing is written.
    assert!(!project.path("runs").exists() && !project.path("store").exists());
}

#[test]
fn what_is_found_stands_beside_what_is_declared() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let text = fs::read_to_string(project.path(LIST)).unwrap();
    let windows: Vec<u8> = [text.as_bytes(), b"\xa3\n"].concat();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>, &[&str]); 5] = [
        ("windows", windows, &["windows-1252, declared utf-8", "encoding = \"windows-1252\"", "0xA3"]),
        ("utf16", utf16, &["utf-16le, declared utf-8", "encoding = \"utf-16le\""]),
        ("pipes", text.replace(',', "|").into_bytes(), &["found \"|\", declared \",\"", "delimiter = \"|\""]),
        ("alias", text.replacen("nhs_number", "NHSNumber", 1).into_bytes(), &["nhs_number under NHSNumber"]),
        ("lost", text.replacen("start_date", "startdate", 1).into_bytes(), &["is it `startdate`?", "HDR01"]),
    ];
    for (name, bytes, wanted) in cases {
        fs::write(project.path(LIST), bytes).unwrap();
        let (said, _) = explain(&project, &needles, LIST);
        for text in wanted {
            assert!(said.stdout.contains(text), "{name}: {text}\n{}", said.stdout);
        }
    }
}

#[test]
fn a_file_without_its_heading_row_shows_no_cell() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    for source in ["mental_health", "gp", "community", "emergency_care", "talking_therapies"] {
        for (name, bytes) in files_under(&project.path("in").join(source)) {
            let rest = String::from_utf8(bytes).unwrap().split_once('\n').unwrap().1.to_owned();
            let name = format!("in/{source}/{}", name.display());
            fs::write(project.path(&name), rest).unwrap();
            let (said, _) = explain(&project, &needles, &name);
            assert_ne!(said.code, 0, "{name}");
        }
    }
}

#[test]
fn the_order_of_days_and_months_is_proved_by_counts() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    project.edit(LIST, |text| {
        let turned = |cell: &str| match cell.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, day] if year.len() == 4 => format!("{day}/{month}/{year}"),
            _ => cell.to_owned(),
        };
        let rows = text.lines().map(|row| row.split(',').map(turned).collect::<Vec<_>>().join(","));
        rows.map(|row| row + "\n").collect()
    });
    let (said, _) = explain(&project, &needles, LIST);
    assert!(said.stdout.contains("values have a day above 12: the day comes first"), "{}", said.stdout);
    assert!(said.stdout.contains("format = \"%d/%m/%Y\""), "{}", said.stdout);
    assert!(said.stdout.contains("C03"), "{}", said.stdout);
}

#[test]
fn a_file_of_another_name_is_known_by_its_headings() {
    let project = Project::tiny();
    fs::rename(project.path(LIST), project.path("in/gp/patients.csv")).unwrap();
    let said = doctor(&project, &["--file", "in/gp/patients.csv"]);
    assert!(said.stdout.contains("known by its headings"), "{}", said.stdout);
    assert!(said.stdout.contains("the nearest is *gp_registration*"), "{}", said.stdout);
    let asked = doctor(&project, &["--file", "in/gp/patients.csv", "--source", "gp", "--table", "gp_registration"]);
    assert_eq!(asked.code, 0, "{}", asked.stdout);
    assert_eq!(doctor(&project, &["--file", "in/gp/patients.csv", "--table", "gp_registartion"]).code, 3);
    assert_eq!(doctor(&project, &["--file", "in/gp/none.csv"]).code, 4);
}

#[test]
fn workbooks_get_the_way_out() {
    let project = Project::tiny();
    for start in [&b"PK\x03\x04xl/workbook.xml"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"] {
        fs::write(project.path(LIST), start).unwrap();
        let said = doctor(&project, &["--file", LIST]);
        assert_eq!(said.code, 4);
        assert!(
            said.stdout.contains("workbook") && said.stdout.contains("as CSV from the source system"),
            "{}",
            said.stdout
        );
    }
}

#[test]
fn the_environment_is_told_line_by_line() {
    let project = Project::tiny();
    let good = doctor(&project, &[]);
    assert_eq!(good.code, 0, "{}", good.stdout);
    for what in ["config", "key", "extracts", "runs folder", "store folder", "disk", "threads", "memory"] {
        assert!(good.stdout.contains(what), "{what}\n{}", good.stdout);
    }
    assert!(!project.path("runs").exists());
    let made = pathlink(&project.path(""), &["key", "new", "--project", "tiny", "--to", "project.key"]);
    assert_eq!(made.code, 0);
    fs::set_permissions(project.path("project.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let open = doctor(&project, &["--key-file", "project.key"]);
    assert_eq!(open.code, 7);
    assert!(open.stdout.contains("chmod 600"), "{}", open.stdout);
    let line = fs::read_to_string(project.path("project.key")).unwrap();
    assert!(!open.stdout.contains(line.split(' ').nth(3).unwrap()));
    fs::write(project.path("pathlink.toml"), "[periods]\nquaters = 8\n").unwrap();
    let wrong = doctor(&project, &[]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.stdout.contains("`quarters`") && wrong.stdout.contains("memory"), "{}", wrong.stdout);
}
