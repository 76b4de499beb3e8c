//! `pathlink release` from outside: what whoever checks it and whoever gets it need is there, it passes the check, and the next one
//! is made with the last in mind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Finished, Project, Table, pathlink};

fn project() -> Project {
    let project = Project::synth(&["--people", "400", "--seed", "3"]);
    project.good_run(&[]);
    project
}

fn tell(project: &Project, arguments: &[&str]) -> Finished {
    pathlink(&project.path(""), arguments)
}

fn release(project: &Project, name: &str) -> Finished {
    tell(project, &["release", "LATEST", "--to", "out", "--recipient", name])
}

/// The one folder of a recipient.
fn folder(project: &Project, name: &str) -> PathBuf {
    let own = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(&format!("{name}-"));
    let found: Vec<PathBuf> =
        fs::read_dir(project.path("out")).unwrap().flatten().filter(own).map(|entry| entry.path()).collect();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

#[test]
fn a_release_has_what_its_checker_needs_and_passes_the_check() {
    let project = project();
    let made = release(&project, "funder");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let own = folder(&project, "funder");
    let path = own.display().to_string();
    let checked = tell(&project, &["verify", &path]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("none was worked out"), "{}", checked.stdout);
    for name in ["checking/tables.csv", "checking/audit.txt", "checking/checklist.txt", "report.html", "outcomes.csv"] {
        assert!(own.join(name).is_file(), "{name}");
    }
}

#[test]
fn the_next_release_is_made_with_the_last_in_mind() {
    let project = project();
    assert_eq!(release(&project, "funder").code, 0);
    // The run does not know of it.
    let second = release(&project, "board");
    assert_eq!(second.code, 6);
    assert!(second.stderr.contains("SDC03") && second.stderr.contains("run again"), "{}", second.stderr);
    assert!(fs::read_dir(project.path("out")).unwrap().count() == 1, "nothing is left of a refused release");
    project.good_run(&[]);
    let again = release(&project, "board");
    assert_eq!(again.code, 0, "{}", again.stderr);
    // Nothing was revised: both have the same figures.
    for name in ["outcomes.csv", "demand.csv"] {
        let [first, second] = ["funder", "board"].map(|who| fs::read(folder(&project, who).join(name)).unwrap());
        assert!(first == second, "{name}");
    }
    let ledger = fs::read_to_string(project.path("store/releases.jsonl")).unwrap();
    assert_eq!(ledger.lines().count(), 2);
    for (line, who) in ledger.lines().zip(["funder", "board"]) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["recipient"], who);
        assert!(line["tables"].as_array().unwrap().iter().any(|table| table["table"] == "outcomes"));
    }
    // A ledger that is damaged ends the run: what was released would not be known.
    fs::write(project.path("store/releases.jsonl"), "{").unwrap();
    let lost = project.run(&[]);
    assert_eq!(lost.code, 9, "{}", lost.stderr);
    assert!(lost.stderr.contains("STO01"), "{}", lost.stderr);
}

/// A place of a table of figures, and what is printed there.
type Printed = BTreeMap<Vec<String>, [String; 6]>;

fn printed(folder: &Path) -> Printed {
    let mut all = Printed::new();
    for name in ["outcomes", "demand"] {
        let table = Table::read(&folder.join(format!("{name}.csv")));
        let cells = |row: &[String], headings: &[&str]| {
            headings.iter().map(|heading| table.cell(row, heading).to_owned()).collect::<Vec<_>>()
        };
        for row in table.rows() {
            let place = cells(row, &["metric_id", "pathway", "period_start", "period_end", "breakdown", "level"]);
            let shown = cells(row, &["numerator", "denominator", "people", "value", "method", "unit"]);
            all.insert(place, shown.try_into().unwrap());
        }
    }
    all
}

/// What the numerator, denominator and people of a row can have been, by trying all that rounds to them.
fn possible([numerator, denominator, people, value, method, unit]: &[String; 6]) -> [Option<[i64; 2]>; 3] {
    let counts = |shown: &String| {
        let shown: Option<i64> = shown.parse().ok();
        shown.map(|shown| (0..=shown + 5).filter(|own| (own + 2) / 5 * 5 == shown && !(1..8).contains(own)).collect())
    };
    let span = |own: &[i64]| [own.iter().min().copied().unwrap(), own.iter().max().copied().unwrap()];
    let [owns, ofs, all]: [Option<Vec<i64>>; 3] = [numerator, denominator, people].map(counts);
    let is_exact = unit == "percent" && !value.is_empty() && !method.contains("rounded");
    let [mut own, mut of] = [owns.clone(), ofs.clone()].map(|counts| counts.map(|counts| span(&counts)));
    if let Some((owns, ofs)) = owns.zip(ofs).filter(|_| is_exact) {
        let pairs = owns.iter().flat_map(|own| ofs.iter().map(move |of| (*own, *of)));
        let fits = |(own, of): &(i64, i64)| *of > 0 && format!("{:.0}", 100.0 * *own as f64 / *of as f64) == *value;
        let (owns, ofs): (Vec<i64>, Vec<i64>) = pairs.filter(fits).unzip();
        (own, of) = (Some(span(&owns)), Some(span(&ofs)));
    }
    [own, of, all.map(|counts| span(&counts))]
}

/// How many rows print something else the second time, and how many of them tell the difference to within five or to be of few
/// people.
fn told(first: &Printed, second: &Printed) -> (usize, Vec<String>) {
    let mut changed = 0;
    let mut told = Vec::new();
    for (place, was) in first {
        let Some(is) = second.get(place).filter(|is| *is != was) else { continue };
        changed += 1;
        for (was, is) in possible(was).into_iter().zip(possible(is)) {
            let Some((was, is)) = was.zip(is) else { continue };
            let (low, high) = (is[0] - was[1], is[1] - was[0]);
            let is_of_few = (low >= 1 && high <= 7) || (low >= -7 && high <= -1);
            // Nobody was in it and nobody is: a zero that is shown is no secret.
            if (high - low < 4 && (low, high) != (0, 0)) || is_of_few {
                told.push(format!("{place:?}: {low} to {high}"));
            }
        }
    }
    (changed, told)
}

/// The NHS number of the nth person of a file.
fn person(text: &str, nth: usize) -> String {
    let number = |line: &str| line.split(',').find(|cell| cell.len() == 10 && cell.starts_with('9')).map(str::to_owned);
    let numbers: BTreeSet<String> = text.lines().filter_map(number).collect();
    numbers.into_iter().nth(nth).unwrap()
}

fn without(text: &str, person: &str) -> String {
    text.lines().filter(|line| !line.contains(person)).fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn two_releases_tell_nobody_that_was_added_or_taken_out_between_them() {
    let (mut changed, mut careless) = (0, 0);
    for (file, nth) in [("emergency_care/ZA1_ECDS.csv", 7), ("emergency_care/ZA2_ECDS.csv", 3)] {
        for is_added in [true, false] {
            let project = Project::synth(&["--people", "900", "--seed", "5"]);
            let file = format!("in/{file}");
            let whole = fs::read_to_string(project.path(&file)).unwrap();
            let less = without(&whole, &person(&whole, nth));
            let texts = if is_added { [&less, &whole] } else { [&whole, &less] };
            fs::write(project.path(&file), texts[0]).unwrap();
            project.good_run(&[]);
            assert_eq!(release(&project, "funder").code, 0);
            let first = printed(&folder(&project, "funder"));
            fs::write(project.path(&file), texts[1]).unwrap();
            // As it would be released if nobody remembered the first one.
            let ledger = project.path("store/releases.jsonl");
            fs::rename(&ledger, project.path("aside")).unwrap();
            let forgetful = project.good_run(&[]);
            careless += told(&first, &printed(&forgetful.join("release"))).1.len();
            fs::rename(project.path("aside"), &ledger).unwrap();
            project.good_run(&[]);
            assert_eq!(release(&project, "board").code, 0);
            let (more, told) = told(&first, &printed(&folder(&project, "board")));
            assert_eq!(told, Vec::<String>::new(), "{file} {nth} {is_added}");
            changed += more;
        }
    }

    assert!(changed > 20 && careless > 0, "{changed} rows changed, and without a ledger {careless} would have told");
}

/// The marker of every place.
fn markers(folder: &Path) -> BTreeMap<Vec<String>, String> {
    let mut all = BTreeMap::new();
    for name in ["outcomes", "demand"] {
        let table = Table::read(&folder.join(format!("{name}.csv")));
        for row in table.rows() {
            let place = ["metric_id", "pathway", "period_start", "period_end", "breakdown", "level"];
            let place = place.map(|heading| table.cell(row, heading).to_owned()).to_vec();
            all.insert(place, table.cell(row, "marker").to_owned());
        }
    }
    all
}

/// Whether two rows show another number where both show one: numerator, denominator, people, value.
fn is_another(was: &[String; 6], is: &[String; 6]) -> bool {
    (0..4).any(|at| !was[at].is_empty() && !is[at].is_empty() && was[at] != is[at])
}

/// Looks at the marker of every row of a release after an earlier one; how many are revised, and how many rows that are not
/// whole show another number all the same.
fn check_revised(first: &Printed, own: &Path) -> (usize, usize) {
    let (now, markers) = (printed(own), markers(own));
    let (mut revised, mut not_whole) = (0, 0);
    for (place, is) in &now {
        let differs = first.get(place).is_some_and(|was| is_another(was, is));
        match (markers[place].as_str(), differs) {
            ("r", true) => revised += 1,
            ("" | "c" | "x" | "z", false) | ("u", _) => not_whole += usize::from(differs),
            (marker, _) => panic!("{place:?} is marked `{marker}`, and it is {differs} that it shows another number"),
        }
    }
    (revised, not_whole)
}

#[test]
fn a_figure_that_an_earlier_release_showed_otherwise_is_marked_as_revised() {
    let project = Project::synth(&["--people", "900", "--seed", "5"]);
    let file = project.path("in/emergency_care/ZA1_ECDS.csv");
    let whole = fs::read_to_string(&file).unwrap();
    let short: String =
        whole.split_inclusive('\n').enumerate().filter(|(at, _)| at % 4 != 1).map(|(_, line)| line).collect();
    fs::write(&file, short).unwrap();
    let first_run = project.good_run(&[]);
    assert_eq!(release(&project, "funder").code, 0);
    let first = printed(&folder(&project, "funder"));
    assert!(!markers(&first_run.join("release")).values().any(|marker| marker == "r"), "nothing was released before");

    // The extract is corrected.
    fs::write(&file, whole).unwrap();
    let run = project.good_run(&[]);
    assert_eq!(release(&project, "board").code, 0);
    let own = folder(&project, "board");
    let (revised, _) = check_revised(&first, &own);
    assert!(revised > 20, "{revised} rows are revised");
    let checked = tell(&project, &["verify", &own.display().to_string()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let says_it = |name: &str| fs::read_to_string(own.join(name)).unwrap().contains("Revised (r): an earlier release");
    assert!(says_it("report.html"));
    let summary = Table::read(&own.join("funder_summary.csv"));
    let visits: Vec<&Vec<String>> =
        summary.rows().iter().filter(|row| summary.cell(row, "measure") == "Visits to A&E").collect();
    assert_eq!(visits.iter().map(|row| summary.cell(row, "marker")).collect::<Vec<_>>(), ["r"]);
    let told = Table::read(&own.join("checking/tables.csv"));
    let counted: usize = told
        .rows()
        .iter()
        .filter(|row| ["outcomes", "demand"].contains(&told.cell(row, "table")))
        .map(|row| told.cell(row, "rows_revised").parse::<usize>().unwrap())
        .sum();
    assert_eq!(counted, revised);
    // Inside figures are exact, and are held against no release.
    assert!(!fs::read_to_string(run.join("internal/report.html")).unwrap().contains("Revised (r)"));

    // Whoever has the first release alone is told in the third too.
    project.good_run(&[]);
    assert_eq!(release(&project, "council").code, 0);
    assert!(check_revised(&first, &folder(&project, "council")).0 > 0);
}

#[test]
fn a_recipient_has_a_plain_name_and_a_folder_of_its_own() {
    let project = project();
    for name in ["", "../funder", "a/b", "the funder"] {
        let refused = release(&project, name);
        assert_eq!(refused.code, 2, "{name}: {}", refused.stderr);
    }
    assert_eq!(release(&project, "funder").code, 0);
    project.good_run(&[]);
    let twice = release(&project, "funder");
    assert_eq!(twice.code, 9, "{}", twice.stderr);
}
