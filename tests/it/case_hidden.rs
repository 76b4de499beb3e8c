//! Business cases under disclosure control: what rests on few people, or on two, is in none of their tables, and nothing tells it.

use crate::program::{Project, Table, pathlink};
use crate::report::bundled;
use crate::support::root;

const TABLES: [&str; 7] = ["cba_inputs", "cba_lines", "cba_summary", "cba_scenarios", "tornado", "cba_grid", "psa"];

/// Every number of a case in any table of a release.
fn numbers_of(release: &std::path::Path, case: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in TABLES {
        let table = Table::read(&release.join(format!("{name}.csv")));
        for row in table.rows().iter().filter(|row| table.cell(row, "case") == case) {
            let numbers = row.iter().filter(|cell| cell.parse::<f64>().is_ok());
            found.extend(numbers.map(|cell| format!("{name} {cell}")));
        }
    }
    found
}

/// One benefit of two rests on few: nothing of the case is shown, for the line that may be shown and the total would tell the other.
#[test]
fn a_line_that_rests_on_few_people_takes_every_figure_of_its_case_with_it() {
    let project = bundled();
    let alone = project.good_run(&[]).join("release");
    let text = std::fs::read_to_string(project.path("case.toml")).unwrap();
    let (head, rest) = text.split_once("[[benefit]]").unwrap();
    let (benefit, tail) = rest.split_once("[[scenario]]").unwrap();
    let few = benefit
        .replace("A&E attendances avoided", "Self-harm avoided")
        .replace("need = { of_run = \"px_rate_ed\" }", "need = { of_run = \"px_rate_self_harm\" }")
        .replace(
            "design = \"did\", of_run = \"px_rate_ed\"",
            "design = \"trial\", ratio = 0.8, low = 0.7, high = 0.9, source = \"a trial\"",
        );
    let both = format!("{head}[[benefit]]{benefit}[[benefit]]{few}[[scenario]]{tail}");
    std::fs::write(project.path("both.toml"), both.replace("id = \"stockport\"", "id = \"both\"")).unwrap();
    project.edit("pathlink.toml", |text| text.replace("[\"case.toml\"]", "[\"case.toml\", \"both.toml\"]"));
    let run = project.good_run(&[]);
    let release = run.join("release");
    let rates = Table::read(&release.join("before_after.csv"));
    let is_it = |row: &&Vec<String>| {
        ["pathway", "window", "metric_id"].map(|name| rates.cell(row, name))
            == ["prevention", "after", "px_rate_self_harm"]
    };
    assert_eq!(rates.cell(rates.rows().iter().find(is_it).unwrap(), "marker"), "c");
    assert_eq!(numbers_of(&release, "both"), Vec::<String>::new());
    let summary = Table::read(&release.join("cba_summary.csv"));
    let marks: Vec<&str> = summary
        .rows()
        .iter()
        .filter(|row| summary.cell(row, "case") == "both")
        .map(|row| summary.cell(row, "marker"))
        .collect();
    assert_eq!(marks, ["c"; 3]);
    // The case beside it, of the line that is shown, is the same to the last digit whether or not the other is there.
    assert_eq!(numbers_of(&release, "stockport"), numbers_of(&alone, "stockport"));
    assert!(numbers_of(&release, "stockport").len() > 500);
    // What is kept for `compare` has no more.
    let grounds = std::fs::read_to_string(run.join("internal/business_cases.json")).unwrap();
    let grounds: serde_json::Value = serde_json::from_str(&grounds).unwrap();
    let rate = &grounds["answers"]["rates"]["prevention px_rate_self_harm"];
    assert!(
        rate.is_null() && grounds["answers"]["rates"].as_object().unwrap().contains_key("prevention px_rate_self_harm")
    );
    assert!(!release.join("business_cases.json").exists());
}

/// The bundled people, two of whom come to A&E so often in the year after that nearly all visits are theirs, and once more or less.
fn dominated(more: usize) -> Project {
    let project = bundled();
    let people = Table::read(&root().join("fixtures/year/truth/people.csv"));
    let known = |row: &&Vec<String>| {
        people.cell(row, "arms") == "prevention"
            && people.cell(row, "death").is_empty()
            && people.cell(row, "moved_out").is_empty()
            && people.cell(row, "index_dates") < "2024-06-01"
    };
    let two: Vec<[String; 2]> = people
        .rows()
        .iter()
        .filter(known)
        .map(|row| ["nhs_number", "index_dates"].map(|name| people.cell(row, name).to_owned()))
        .take(2)
        .collect();
    assert_eq!(two.len(), 2);
    project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
        let mut lines = vec![text.trim_end().to_owned()];
        for (at, [number, index]) in two.iter().enumerate() {
            // In the year after the index date, well before its end.
            let (year, rest) = index.split_once('-').unwrap();
            let is_late = rest > "06";
            let year = year.parse::<u32>().unwrap() + u32::from(is_late);
            let day = format!("{year}-{}", if is_late { "01-15" } else { "10-15" });
            for visit in 0..700 + at * more {
                let (minute, id) = (visit % 60, format!("A9{at}{visit:04}"));
                let times = format!("{day},08:{minute:02}:00,21522001,,{day},09:{minute:02}:00");
                lines.push(format!("{number},01,,{id},,,,,ZA1,01,1,{times},182992009,,"));
            }
        }
        lines.join("\n") + "\n"
    });
    project
}

#[test]
fn a_cost_that_two_people_dominate_is_hidden_and_one_visit_more_changes_no_byte_of_the_case() {
    let shown: Vec<Vec<Vec<u8>>> = [0, 1]
        .map(|more| {
            let project = dominated(more);
            let release = project.good_run(&[]).join("release");
            let rates = Table::read(&release.join("before_after.csv"));
            let is_it = |row: &&Vec<String>| {
                ["pathway", "window", "metric_id"].map(|name| rates.cell(row, name))
                    == ["prevention", "after", "px_rate_ed"]
            };
            let row = rates.rows().iter().find(is_it).unwrap();
            assert_eq!(["people", "events", "marker"].map(|name| rates.cell(row, name)), ["", "", "c"]);
            let costs = Table::read(&release.join("costs.csv"));
            let hidden = costs.rows().iter().filter(|row| {
                ["pathway", "window", "marker"].map(|name| costs.cell(row, name)) == ["prevention", "after", "c"]
            });
            let services: Vec<&str> = hidden.map(|row| costs.cell(row, "service")).collect();
            assert!(services.len() >= 2 && services.contains(&"total"), "{services:?}");
            assert_eq!(numbers_of(&release, "stockport"), Vec::<String>::new());
            TABLES.map(|name| std::fs::read(release.join(format!("{name}.csv"))).unwrap()).to_vec()
        })
        .to_vec();
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn compare_says_that_a_case_is_hidden_and_gives_no_number() {
    let project = bundled();
    let name = |run: std::path::PathBuf| run.file_name().unwrap().to_string_lossy().into_owned();
    let first = name(project.good_run(&["-q"]));
    let text = std::fs::read_to_string(dominated(0).path("in/emergency_care/ZA1_ECDS.csv")).unwrap();
    std::fs::write(project.path("in/emergency_care/ZA1_ECDS.csv"), text).unwrap();
    let last = name(project.good_run(&["-q"]));
    for pair in [[&first, &last], [&last, &first]] {
        let done = pathlink(&project.path(""), &["compare", pair[0], pair[1], "--most", "0"]);
        let own: Vec<&str> = done.stdout.lines().filter(|line| line.starts_with("business case")).collect();
        assert_eq!(own.len(), 3, "{}", done.stdout);
        assert!(
            own.iter().all(|line| line.contains(&format!("not shown in {last}: hidden: ")) && !line.contains('£')),
            "{own:?}"
        );
    }
}
