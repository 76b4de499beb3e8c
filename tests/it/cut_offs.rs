//! Cut-offs that are settings: what a project gives moves the figures that rest on it, and rows say whether it is verified.

use std::collections::BTreeSet;

use crate::program::{Project, Table};

/// A setting of the limit after which nobody counts as engaged.
fn engaged_days(value: u32, verified: bool) -> String {
    format!("\n[cut_offs]\nengaged_days = {{ value = {value}, verified = {verified}, source = \"a contract\" }}\n")
}

/// The exact figures of `vc_engaged` for everyone, by quarter, and the notes of the released rows that rest on its limit.
fn engaged(project: &Project) -> (Vec<[String; 2]>, BTreeSet<String>) {
    let run = project.good_run(&[]);
    let table = Table::read(&run.join("internal/estimates.csv"));
    let wanted = [("metric_id", "vc_engaged"), ("pathway", "everyone"), ("breakdown", "all")];
    let is_quarter = |row: &&Vec<String>| table.cell(row, "period").contains(" Q");
    let is_wanted = |row: &&Vec<String>| wanted.iter().all(|(name, value)| table.cell(row, name) == *value);
    let own = table.rows().iter().filter(is_quarter).filter(is_wanted);
    let counts = own.map(|row| ["numerator", "denominator"].map(|name| table.cell(row, name).to_owned())).collect();
    let released = Table::read(&run.join("release/outcomes.csv"));
    let mut notes = BTreeSet::new();
    for row in released.rows() {
        let note = released.cell(row, "note");
        match released.cell(row, "metric_id") {
            "vc_engaged" | "px_reach_accepted" => drop(notes.insert(note.to_owned())),
            "px_reach_completed" => assert!(note.ends_with("completing the pathway 180"), "{row:?}"),
            "mh_cyp_outcome" => {
                assert!(note.ends_with("reliable change of score15, sdq_prosocial, sdq_parent_prosocial"));
            }
            _ => assert_eq!(note, "", "{row:?}"),
        }
    }
    (counts, notes)
}

/// Of `fixtures/tiny`: Tamsine came on day 90, Sorrelia on day 98.
#[test]
fn a_limit_of_ones_own_moves_the_figure_and_is_noted_until_it_is_verified() {
    let project = Project::tiny();
    let text = std::fs::read_to_string(project.path("pathlink.toml")).unwrap();
    let with = |more: String| {
        std::fs::write(project.path("pathlink.toml"), format!("{text}{more}")).unwrap();
        engaged(&project)
    };
    let of = |counts: [[&str; 2]; 4]| counts.map(|pair| pair.map(str::to_owned)).to_vec();
    let note = |days: u32| {
        let text =
            format!("rests on a cut-off that is not verified: days from referral to a first attended contact {days}");
        BTreeSet::from([text])
    };
    assert_eq!(with(String::new()), (of([["3", "4"], ["4", "4"], ["1", "1"], ["0", "0"]]), note(90)));
    assert_eq!(with(engaged_days(89, false)), (of([["3", "4"], ["3", "4"], ["1", "1"], ["0", "0"]]), note(89)));
    let verified = BTreeSet::from([String::new()]);
    assert_eq!(with(engaged_days(98, true)), (of([["4", "4"], ["4", "4"], ["1", "1"], ["0", "0"]]), verified));
}

#[test]
fn a_cut_off_that_there_is_not_is_refused_with_the_nearest_name() {
    let project = Project::tiny();
    project.edit("pathlink.toml", |text| format!("{text}{}", engaged_days(28, true).replace("engaged", "engage")));
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("`cut_offs.engage_days` is not a cut-off"), "{}", done.stderr);
    assert!(done.stderr.contains("did you mean `engaged_days`?"), "{}", done.stderr);
}

/// Of `fixtures/tiny`: Dunmarrow's PDSS went from 15 to 10, and he is still a case by the cut-off that a source gives.
#[test]
fn a_measure_of_the_disorder_is_used_as_far_as_its_cut_offs_are_set_and_rows_say_so_if_they_are_not_verified() {
    let project = Project::tiny();
    let text = std::fs::read_to_string(project.path("pathlink.toml")).unwrap();
    let with = |more: &str| {
        std::fs::write(project.path("pathlink.toml"), format!("{text}{more}")).unwrap();
        let run = project.good_run(&[]);
        let [exact, released] =
            ["internal/estimates.csv", "release/outcomes.csv"].map(|name| Table::read(&run.join(name)));
        let cell = |table: &Table, metric: &str, column: &str| {
            let wanted =
                [("metric_id", metric), ("pathway", "everyone"), ("breakdown", "all"), ("period", "2025/26 Q1")];
            let is_wanted = |row: &&Vec<String>| wanted.iter().all(|(name, value)| table.cell(row, name) == *value);
            table.cell(table.rows().iter().find(is_wanted).unwrap(), column).to_owned()
        };
        ["tt_recovery", "tt_reliable_improvement", "tt_paired"]
            .map(|metric| [cell(&exact, metric, "numerator"), cell(&released, metric, "note")])
    };
    let of = |own: [[&str; 2]; 3]| own.map(|pair| pair.map(str::to_owned));
    assert_eq!(with(""), of([["0", ""], ["0", ""], ["1", ""]]));
    let reliable = "\n[cut_offs]\npdss_reliable = { value = 5, verified = false, source = \"ours\" }\n";
    assert_eq!(with(reliable), of([["0", ""], ["1", "cut-offs not verified: pdss"], ["1", ""]]));
    let caseness = "\n[cut_offs]\npdss_caseness = { value = 11, verified = false, source = \"ours\" }\n";
    assert_eq!(with(caseness), of([["1", "cut-offs not verified: pdss"], ["0", ""], ["1", ""]]));
}
