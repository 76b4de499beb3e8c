//! Each fault by its error code, exit code and fix; no cell is shown, and the last good run stays as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use pathlink::error::Exit;

use crate::program::{Project, files_under, pathlink};
use crate::scan::Needles;
use crate::support::root;

const PEOPLE: &str = "in/mental_health/ZT1_MHS001MPI.csv";
const CONTACTS: &str = "in/community/ZC1_community_contact.csv";

/// Damages a project that had a good run, runs it again, and checks how it fails; what it said on standard error.
fn fails(project: &Project, (id, exit): (&str, i32), damage: impl FnOnce()) -> String {
    let good = project.good_run(&[]);
    let before = (fs::read(project.path("runs/LATEST")).unwrap(), files_under(&good));
    let mut needles = Needles::of(project);
    damage();
    needles.add(project);
    let done = project.run(&[]);
    assert_eq!(done.code, exit, "{}", done.stderr);
    assert!(done.stderr.starts_with(&format!("error {id}: ")), "{}", done.stderr);
    assert_eq!(done.stderr.matches("\n  fix: ").count(), 1, "{}", done.stderr);
    assert_eq!(done.stdout, "");
    needles.assert_not_in(project, &done);
    assert!(
        before == (fs::read(project.path("runs/LATEST")).unwrap(), files_under(&good)),
        "the last good run was touched"
    );
    let entries = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut left: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    left.sort();
    let id = good.file_name().unwrap().to_string_lossy().into_owned();
    let attempt = ["last_attempt.log.jsonl", "last_attempt.txt"].map(str::to_owned);
    assert_eq!(left, [&[".lock".to_owned(), id, "LATEST".to_owned()], &attempt[..]].concat());
    done.stderr
}

/// The same for a change of one file of the hand-worked fixture.
fn fails_after(expected: (&str, i32), name: &str, change: impl Fn(&str) -> String) -> String {
    let project = Project::tiny();
    let said = fails(&project, expected, || project.edit(name, change));
    if expected.1 != 3 {
        let last = project.latest();
        let last = last.file_name().unwrap().to_string_lossy();
        assert!(said.contains(&format!("nothing was published; the last good run is {last}\n")), "{said}");
    }
    said
}

#[test]
fn a_missing_required_file_is_inp01() {
    let project = Project::tiny();
    let said = fails(&project, ("INP01", 4), || fs::remove_file(project.path(PEOPLE)).unwrap());
    assert!(said.contains("{provider}_MHS001MPI*.csv") && said.contains("required = false"), "{said}");
}

#[test]
fn a_wrong_heading_is_hdr01_and_the_nearest_is_named() {
    let said = fails_after(("HDR01", 4), PEOPLE, |text| text.replacen("NHSNumber,", "NHSNumbr,", 1));
    assert!(said.contains("no heading `NHSNumber`") && said.contains("`NHSNumbr`"), "{said}");
}

#[test]
fn a_repeated_heading_is_hdr02() {
    let said = fails_after(("HDR02", 4), PEOPLE, |text| text.replacen("Gender", "postcode", 1));
    assert!(said.contains("the heading `postcode` stands twice"), "{said}");
}

#[test]
fn an_unknown_config_key_is_cfg03_with_its_line_and_the_nearest_name() {
    let project = Project::tiny();
    let line = fs::read_to_string(project.path("pathlink.toml"))
        .unwrap()
        .lines()
        .position(|line| line == "quarters = 4")
        .unwrap()
        + 1;
    let said = fails(&project, ("CFG03", 3), || {
        project.edit("pathlink.toml", |text| text.replace("quarters = 4", "quaters = 4"));
    });
    assert!(
        said.contains(&format!("pathlink.toml:{line} `quaters`")) && said.contains("did you mean `quarters`?"),
        "{said}"
    );
    has_carets_under(&said, "quaters");
}

/// That an error shows the line of a file that was changed, with carets under a word of it.
fn has_carets_under(said: &str, word: &str) {
    let lines: Vec<&str> = said.lines().collect();
    let at =
        lines.iter().position(|line| line.contains('^') && line.contains(" | ")).unwrap_or_else(|| panic!("{said}"));
    let (from, to) = (lines[at].find('^').unwrap(), lines[at].rfind('^').unwrap());
    let under: String = lines[at - 1].chars().skip(from).take(to + 1 - from).collect();
    assert_eq!(under.trim_matches('"'), word, "{said}");
    let number = lines[at - 1].trim_start().split(' ').next().unwrap();
    assert!(lines[0].contains(&format!(".toml:{number}")), "{said}");
}

#[test]
fn an_unknown_pathway_column_is_cfg04_with_the_nearest_name() {
    let said = fails_after(("CFG04", 3), "in/pathways.toml", |text| {
        text.replacen("column = \"offer\"", "column = \"ofer\"", 1)
    });
    assert!(said.contains("`ofer` is not a column") && said.contains("did you mean `offer`?"), "{said}");
    has_carets_under(&said, "ofer");
}

#[test]
fn an_unknown_pathway_value_is_cfg04_with_the_nearest_name() {
    let said =
        fails_after(("CFG04", 3), "in/pathways.toml", |text| text.replacen("\"peer_support\"", "\"peer_suport\"", 1));
    assert!(said.contains("`peer_suport` is not a value") && said.contains("did you mean `peer_support`?"), "{said}");
    has_carets_under(&said, "peer_suport");
}

#[test]
fn an_unknown_key_of_a_pathway_is_cfg03_in_its_own_line() {
    let said = fails_after(("CFG03", 3), "in/pathways.toml", |text| text.replacen("\nrole = ", "\nrol = ", 1));
    assert!(said.contains("pathways.toml:") && said.contains("did you mean `role`?"), "{said}");
    has_carets_under(&said, "rol");
}

#[test]
fn a_name_that_a_setting_gives_and_nobody_knows_is_shown_with_the_nearest() {
    let target = |metric: &str, pathway: &str| {
        format!("\n[[target]]\nmetric = \"{metric}\"\npathway = \"{pathway}\"\nat_least = 50\nsource = \"invented\"\n")
    };
    let cases = [
        (target("tt_recovry", "everyone"), "tt_recovry", "tt_recovery"),
        (target("tt_recovery", "everyon"), "everyon", "everyone"),
        (
            "\n[cut_offs]\nengage_days = { value = 1, verified = false, source = \"x\" }\n".to_owned(),
            "engage_days",
            "engaged_days",
        ),
    ];
    for (added, wrong, nearest) in cases {
        let said = fails_after(("CFG04", 3), "pathlink.toml", |text| text.to_owned() + &added);
        assert!(said.contains(&format!("did you mean `{nearest}`?")), "{said}");
        has_carets_under(&said, wrong);
    }
    let said = fails_after(("CFG04", 3), "pathlink.toml", |text| {
        text.replacen("source = \"community\"", "source = \"comunity\"", 1)
    });
    assert!(said.contains("`comunity` is not a source") && said.contains("did you mean `community`?"), "{said}");
    has_carets_under(&said, "comunity");
}

#[test]
fn a_value_of_the_wrong_type_is_cfg02_and_is_not_shown() {
    let said =
        fails_after(("CFG02", 3), "pathlink.toml", |text| text.replace("quarters = 4", "quarters = \"hunter2\""));
    assert!(said.contains("a text in quotes, where a whole number is expected") && !said.contains("hunter2"), "{said}");
    has_carets_under(&said, "…");
}

#[test]
fn a_fault_in_a_source_config_is_shown_in_its_line_with_the_nearest_name() {
    let bundled = fs::read_to_string(root().join("config/sources/community.toml")).unwrap();
    let cases = [
        ("CFG03", "required = ", "requird = ", "requird", "`required`"),
        ("CFG04", "to = \"birth_date\"", "to = \"birth_dat\"", "birth_dat", "`birth_date`"),
        ("CFG04", "to = \"referrals\"", "to = \"referals\"", "referals", "`referrals`"),
    ];
    for (code, from, to, wrong, nearest) in cases {
        assert!(bundled.contains(from), "the bundled config has no {from}");
        let project = Project::tiny();
        project.edit("pathlink.toml", |text| {
            text.replace("store = \"store\"", "store = \"store\"\nsources = \"in/sources\"")
        });
        let said = fails(&project, (code, 3), || {
            fs::create_dir(project.path("in/sources")).unwrap();
            fs::write(project.path("in/sources/community.toml"), bundled.replacen(from, to, 1)).unwrap();
        });
        assert!(said.contains("community.toml:") && said.contains(nearest), "{said}");
        has_carets_under(&said, wrong);
    }
}

/// The hand-worked fixture under a new key of its own.
fn with_key() -> Project {
    let project = Project::tiny();
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "tiny", "--to", "project.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    project
}

#[test]
fn a_key_file_that_others_can_read_is_key02() {
    for mode in [0o640, 0o604] {
        let project = with_key();
        let close = fs::Permissions::from_mode(mode);
        let said = fails(&project, ("KEY02", 7), || fs::set_permissions(project.path("project.key"), close).unwrap());
        assert!(said.contains("chmod 600"), "{said}");
    }
}

#[test]
fn a_key_file_altered_by_one_character_is_key03() {
    let project = with_key();
    let text = fs::read_to_string(project.path("project.key")).unwrap();
    let altered = |at: usize| {
        let other = if text.as_bytes()[at] == b'a' { "b" } else { "a" };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    for at in 0..text.len() {
        fs::write(project.path("project.key"), altered(at)).unwrap();
        let checked = pathlink(&project.path(""), &["key", "check", "--key-file", "project.key"]);
        assert_eq!(checked.code, 7, "character {at}: {}", checked.stderr);
        assert!(checked.stderr.starts_with("error KEY03: "), "{}", checked.stderr);
    }
    fs::write(project.path("project.key"), &text).unwrap();
    let key_at = text.len() - 30;
    let said = fails(&project, ("KEY03", 7), || fs::write(project.path("project.key"), altered(key_at)).unwrap());
    assert!(
        !said.contains(text.split(' ').nth(3).unwrap()) && !said.contains(altered(key_at).split(' ').nth(3).unwrap())
    );
}

/// A number of the issued range, made digit by digit so that none stands in this file.
fn issued_number() -> String {
    let digits = [4, 0, 0, 0, 0, 0, 0, 3, 1];
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    assert!(check < 10);
    digits.iter().chain([&check]).map(ToString::to_string).collect()
}

#[test]
fn the_demonstration_key_refuses_an_issued_number_with_key05() {
    let number = issued_number();
    let said = fails_after(("KEY05", 7), PEOPLE, |text| replace_first_cell(text, &number));
    assert!(
        said.contains("ZT1_MHS001MPI.csv") && said.contains("pathlink key new") && !said.contains(&number),
        "{said}"
    );
}

/// Puts a value in the first cell of the first row.
fn replace_first_cell(text: &str, value: &str) -> String {
    let row = text.lines().nth(1).unwrap();
    text.replacen(row, &format!("{value},{}", row.split_once(',').unwrap().1), 1)
}

#[test]
fn numbers_that_a_spreadsheet_damaged_are_xls01() {
    for tail in ["9.43E+09", "9456381072.0", "##########"] {
        let said = fails_after(("XLS01", 4), PEOPLE, |text| replace_first_cell(text, tail));
        assert!(said.contains("`NHSNumber`") && said.contains("line 2") && !said.contains(tail), "{said}");
    }
}

#[test]
fn a_file_cut_inside_a_quoted_field_is_inp04() {
    let lines = fs::read_to_string(crate::support::root().join("fixtures/tiny/mental_health/ZT1_MHS001MPI.csv"))
        .unwrap()
        .lines()
        .count();
    let said =
        fails_after(("INP04", 4), PEOPLE, |text| text.trim_end().rsplit_once(',').unwrap().0.to_owned() + ",\"Pask");
    assert!(said.contains(&format!("line {lines}")) && !said.contains("Pask"), "{said}");
}

#[test]
fn a_file_that_is_not_utf8_is_enc01() {
    let project = Project::tiny();
    let said = fails(&project, ("ENC01", 4), || {
        let mut bytes = fs::read(project.path(PEOPLE)).unwrap();
        let at = memchr::memmem::find(&bytes, b"Thaddock").unwrap();
        bytes[at + 1] = 0xa3;
        fs::write(project.path(PEOPLE), bytes).unwrap();
    });
    assert!(
        said.contains("ZT1_MHS001MPI.csv")
            && said.contains("0xA3")
            && said.contains("line 2")
            && !said.contains("addock"),
        "{said}"
    );
}

#[test]
fn too_many_rejects_are_gat01() {
    let said = fails_after(("GAT01", 5), CONTACTS, |text| text.replace("2025-", "2025."));
    assert!(
        said.contains("ZC1_community_contact.csv") && said.contains("C03") && said.contains("max_rejects_percent"),
        "{said}"
    );
}

#[test]
fn a_run_beside_another_is_lck01() {
    let project = Project::tiny();
    let mut held = None;
    fails(&project, ("LCK01", 8), || {
        let lock = fs::OpenOptions::new().write(true).open(project.path("runs/.lock")).unwrap();
        lock.try_lock().unwrap();
        held = Some(lock);
    });
    drop(held);
    project.good_run(&[]);
}

#[test]
fn a_runs_folder_that_cannot_be_written_is_out01() {
    // Below a plain file nobody can make a folder, not even root.
    for (from, to) in
        [("runs = \"runs\"", "runs = \"pathlink.toml/runs\""), ("store = \"store\"", "store = \"pathlink.toml/store\"")]
    {
        let project = Project::tiny();
        let said = fails(&project, ("OUT01", 9), || project.edit("pathlink.toml", |text| text.replace(from, to)));
        assert!(said.contains("pathlink.toml/") && said.contains("cannot be"), "{said}");
    }
}

#[test]
fn an_unknown_flag_exits_with_2() {
    let project = Project::tiny();
    let done = project.run(&["--treads", "2"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("--threads"), "{}", done.stderr);
    assert!(!project.path("runs").exists() && !project.path("store").exists());
}

/// The smallest extract of the hand-worked fixture.
const SMALLEST: &str = "in/community/ZC1_community_outcome.csv";

/// Cuts a file at every byte and runs; each error, which must have a place, show no cell and leave the last run alone.
fn cut_at_every_byte(project: &Project, name: &str) -> Vec<String> {
    let whole = fs::read(project.path(name)).unwrap();
    let latest = project.latest();
    let mut said = Vec::new();
    for end in 0..whole.len() {
        fs::write(project.path(name), &whole[..end]).unwrap();
        let done = project.run(&["-q"]);
        assert_eq!(done.code, Exit::Input as i32, "cut at byte {end}: {}", done.stderr);
        let has_place = ["line ", "row ", "rows ", "heading row", "stops at byte", "counted "];
        assert!(has_place.iter().any(|place| done.stderr.contains(place)), "cut at byte {end}: {}", done.stderr);
        assert!(["PHQ", "QR1", "2025-"].iter().all(|cell| !done.stderr.contains(cell)), "{}", done.stderr);
        assert_eq!(project.latest(), latest, "cut at byte {end}");
        said.push(done.stderr);
    }
    assert_eq!(fs::read_dir(project.path("runs")).unwrap().count(), 5, "a run, LATEST, the lock and the last attempt");
    said
}

#[test]
fn nothing_is_published_from_a_counted_file_cut_at_any_byte() {
    let rows = fs::read_to_string(root().join("fixtures/tiny/community/ZC1_community_outcome.csv")).unwrap();
    let rows = rows.lines().count() - 1;
    let expected = format!("\n[gates.community]\nexpected_rows = {{ community_outcome = {rows} }}\n");
    let totals = "\n[gates.community]\ncontrol_totals = \"totals.csv\"\n";
    for declared in [expected.as_str(), totals] {
        let project = Project::tiny();
        fs::write(project.path("totals.csv"), format!("file,rows\nZC1_community_outcome.csv,{rows}\n")).unwrap();
        project.edit("pathlink.toml", |text| text.to_owned() + declared);
        project.good_run(&[]);
        let said = cut_at_every_byte(&project, SMALLEST);
        // All its records are there, and the last field may have lost its end.
        assert!(said.last().unwrap().contains(&format!("ends without a line end after row {rows}")), "{said:?}");
        let whole = fs::read(root().join("fixtures/tiny/community/ZC1_community_outcome.csv")).unwrap();
        fs::write(project.path(SMALLEST), &whole[..whole.len() - 1]).unwrap();
        project.edit("pathlink.toml", |text| text.to_owned() + "final_line_end = false\n");
        project.good_run(&[]);
    }
}

#[test]
fn nothing_is_published_from_a_counted_gzip_file_cut_at_any_byte() {
    let project = Project::tiny();
    let text = fs::read(project.path(SMALLEST)).unwrap();
    let half = text.iter().rposition(|byte| *byte == b'\n').unwrap();
    let half = text[..half].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let packed = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    // A member ends where the rest is cut away: what is left is whole, and only the count says that it is too little.
    fs::write(project.path(&format!("{SMALLEST}.gz")), [packed(&text[..half]), packed(&text[half..])].concat())
        .unwrap();
    fs::remove_file(project.path(SMALLEST)).unwrap();
    let rows = memchr::memchr_iter(b'\n', &text).count() - 1;
    let declared = format!("\n[gates.community]\nexpected_rows = {{ community_outcome = {rows} }}\n");
    project.edit("pathlink.toml", |text| text.to_owned() + &declared);
    project.good_run(&[]);
    let said = cut_at_every_byte(&project, &format!("{SMALLEST}.gz"));
    assert_eq!(said.iter().filter(|text| text.contains("INP11")).count(), 1);
}

#[test]
fn files_whose_names_fit_no_pattern_are_told_and_not_read() {
    let project = Project::tiny();
    fs::write(project.path("in/gp/9434765919 late list.csv"), "a,b\n1,2\n").unwrap();
    fs::write(project.path("in/gp/.keep"), "").unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("warning INP13") && done.stdout.contains("1 file lies there"), "{}", done.stdout);
    let checked = pathlink(&project.path(""), &["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("warning INP13"), "{}", checked.stdout);
    assert!(!format!("{}{}{}", done.stdout, done.stderr, checked.stdout).contains("9434765919"));
}
