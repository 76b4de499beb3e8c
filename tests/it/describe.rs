//! Describe: the pages that people read are those in the repository, and say what the settings leave unsaid.

use std::fs;

use pathlink::fault;
use pathlink::metrics::elsewhere;

use crate::program::{Project, Table, pathlink};
use crate::support::root;

/// What a page is, the file that holds it, and how it is written again once a change of it was looked at.
fn same_as_file(arguments: &[&str], name: &str) {
    let done = pathlink(&root(), arguments);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let held = fs::read_to_string(root().join(name)).unwrap_or_default();
    assert!(
        done.stdout == held,
        "{name} is not current: read `git diff` after `pathlink {} > {name}`",
        arguments.join(" ")
    );
}

#[test]
fn the_page_of_the_bundled_settings_is_current() {
    let arguments = ["--config", "config/pathlink.toml", "describe", "security", "--format", "markdown"];
    same_as_file(&arguments, "docs/security.md");
}

#[test]
fn the_page_of_a_filled_project_is_current() {
    same_as_file(&["--config", "tests/golden/security.toml", "describe", "security"], "tests/golden/security.txt");
}

#[test]
fn the_page_on_scale_is_current() {
    same_as_file(&["--config", "config/pathlink.toml", "describe", "scale", "--format", "markdown"], "docs/scale.md");
}

#[test]
fn the_page_on_business_cases_is_current_and_has_every_schedule_with_edition_and_source() {
    let arguments = |format| ["--config", "config/pathlink.toml", "describe", "business-case", "--format", format];
    same_as_file(&arguments("markdown"), "docs/business-case.md");
    let text = pathlink(&root(), &arguments("text")).stdout;
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let sections: Vec<serde_json::Value> = serde_json::from_str(&pathlink(&root(), &arguments("json")).stdout).unwrap();
    let section = |heading: &str| sections.iter().find(|own| own["heading"] == heading).unwrap();
    // Each row of the data is a row of the page, with its edition and its source.
    for (heading, file, edition, source) in [
        ("Discount rates", "discount_rates", Some("Edition"), "Source"),
        ("Optimism bias", "optimism_bias", None, "Source"),
        ("Price index", "price_index", Some("Edition"), "Source"),
        ("Unit costs", "unit_costs", None, "Edition and source"),
    ] {
        let data = Table::read(&root().join(format!("config/{file}.csv")));
        let mut wanted: Vec<String> = data
            .rows()
            .iter()
            .filter(|row| file != "unit_costs" || !data.cell(row, "cost").is_empty())
            .map(|row| data.cell(row, "source").to_owned())
            .collect();
        let rows = section(heading)["tables"][0].as_array().unwrap();
        let mut found: Vec<String> = rows.iter().map(|row| row[source].as_str().unwrap().to_owned()).collect();
        // Two items are priced by the settings, for the list may not.
        found.retain(|own| !own.is_empty() && own != "invented for the demonstration");
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{heading}");
        let editions = edition.into_iter().flat_map(|name| rows.iter().map(move |row| row[name].as_str().unwrap()));
        assert!(editions.into_iter().all(|own| own.len() > 20), "{heading}");
    }
    // What was before a number of the case is there too.
    let page = fs::read_to_string(root().join("docs/business-case.md")).unwrap();
    for formula in [
        "Unit cost: price as given × price index",
        "(expected rate over rate of the year before)",
        "100 × (1 − effect)",
    ] {
        assert!(page.contains(formula), "{formula}");
    }
}

#[test]
fn every_line_fits_a_terminal() {
    let done = pathlink(&root(), &["describe", "security"]);
    for line in done.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
        assert!(!line.contains("**"), "{line}");
    }
}

#[test]
fn what_the_settings_leave_unsaid_is_missing_and_can_be_copied() {
    let project = Project::tiny();
    let flows = || pathlink(&project.path(""), &["describe", "security", "flows"]).stdout;
    let empty = flows();
    assert!(empty.contains("legal basis: MISSING: set legal_basis under [governance.gp]"), "{empty}");
    let skeleton: Vec<&str> = empty.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let start = skeleton.iter().position(|line| *line == "[governance]").unwrap();
    let filled = skeleton[start..].join("\n").replace("\"\"", "\"said\"");
    project.edit("pathlink.toml", |text| format!("{text}\n{filled}\n"));
    let said = flows();
    assert!(!said.contains("MISSING") && said.contains("legal basis: said"), "{said}");
    let page = pathlink(&project.path(""), &["describe", "security"]).stdout;
    assert!(page.contains("Nothing that the settings can say is missing."), "{page}");
    // A run reads the same settings.
    project.good_run(&[]);
}

#[test]
fn an_agreement_fits_a_page() {
    let project = Project::tiny();
    let page = pathlink(&project.path(""), &["describe", "security", "agreement"]).stdout;
    let pages: Vec<&str> = page.split("Sharing agreement: ").skip(1).collect();
    assert_eq!(pages.len(), 2);
    for page in pages {
        assert!(page.lines().count() <= 60, "{page}");
    }
}

#[test]
fn a_reader_who_stops_is_no_fault() {
    let command = "\"$0\" describe security | head -1";
    let done = std::process::Command::new("sh")
        .args(["-c", command, env!("CARGO_BIN_EXE_pathlink")])
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}

#[test]
fn it_needs_no_project_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let done = pathlink(folder.path(), &["describe", "security", "custody"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("MISSING: set project and check_value under [key]"), "{}", done.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The catalogues: in a document, whole.
const CATALOGUES: [&str; 5] = ["metrics", "sources", "columns", "checks", "errors"];

#[test]
fn the_catalogues_in_the_repository_are_current() {
    for topic in CATALOGUES {
        same_as_file(
            &["--config", "config/pathlink.toml", "describe", topic, "--format", "markdown"],
            &format!("docs/{topic}.md"),
        );
    }
}

#[test]
fn every_catalogue_is_short_on_a_terminal_and_whole_for_a_program() {
    for topic in CATALOGUES {
        let text = pathlink(&root(), &["--quiet", "describe", topic]).stdout;
        let json = pathlink(&root(), &["--quiet", "describe", topic, "--format", "json"]).stdout;
        let entries: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert!(entries.len() > 15, "{topic}: {}", entries.len());
        for entry in &entries {
            let id = entry["id"].as_str().unwrap();
            assert!(text.contains(&format!("- {id}: ")), "{topic} {id}");
            assert!(!entry["title"].as_str().unwrap().is_empty(), "{topic} {id}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{topic}");
    }
}

#[test]
fn one_metric_has_a_page() {
    let page = pathlink(&root(), &["--quiet", "describe", "metrics", "tt_recovery"]).stdout;
    for wanted in ["M192", "definition", "discharge_date", "at least 50 %", "fixtures/tiny/README.md"] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let done = pathlink(&root(), &["--quiet", "describe", "metrics", "tt_recovry"]);
    assert_eq!(done.code, 2, "{}", done.stderr);
    assert!(done.stderr.contains("did you mean `tt_recovery`?"), "{}", done.stderr);
}

/// The metrics that the specification lists: each has an entry of its id, or is split by a parameter into entries whose ids are its
/// own and one of its parts, and then there is no other.
#[test]
fn every_metric_of_the_specification_is_in_the_catalogue() {
    let json = pathlink(&root(), &["--quiet", "describe", "metrics", "--format", "json"]).stdout;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let known: Vec<&str> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    let listed = Table::read(&root().join("tests/vectors/metric_ids.csv"));
    assert_eq!(listed.rows().len(), 123);
    let ids: Vec<&str> = listed.rows().iter().map(|row| listed.cell(row, "id")).collect();
    for row in listed.rows() {
        let (id, parts) = (listed.cell(row, "id"), listed.cell(row, "parts"));
        if parts.is_empty() {
            assert!(known.contains(&id), "{id} is in no catalogue");
            continue;
        }
        assert!(!known.contains(&id), "{id} is whole, and in parts");
        // `mh_wait_first_p90` is a metric of its own, and no part of `mh_wait_first`.
        let is_own = |own: &&&str| {
            let is_anothers = ids.iter().any(|other| other.len() > id.len() && own.starts_with(other));
            own.starts_with(&format!("{id}_")) && !is_anothers
        };
        let mut found: Vec<&str> = known.iter().filter(is_own).copied().collect();
        let mut wanted: Vec<String> = parts.split(' ').map(|part| format!("{id}_{part}")).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{id}");
    }
}

#[test]
fn the_difference_in_differences_has_a_page() {
    let page = pathlink(&root(), &["--quiet", "describe", "metrics", "px_did"]).stdout;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "release/effects.csv",
        "`design` is or begins with `did`",
        "none: ours",
        "reference: ours",
        "1 less 1 over the ratio",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
}

/// A run that has something of everything: the fixture, whose Talking Therapies extract also says who recovered.
fn with_flags() -> Project {
    let project = Project::tiny();
    project.edit("in/talking_therapies/ZI1_IDS101Referral.csv", |text| {
        let line = |(at, line): (usize, &str)| format!("{line},{}\n", if at == 0 { "Recovery_Flag" } else { "True" });
        text.lines().enumerate().map(line).collect()
    });
    project
}

/// A figure that the catalogue says stands in another table is there, and has counts.
#[test]
fn figures_that_stand_elsewhere_are_where_the_catalogue_says() {
    let run = with_flags();
    let folder = run.good_run(&[]);
    // The fixture has no analysis plan.
    let planned = Project::synth(&["--people", "400", "--seed", "3"]);
    let planned_folder = planned.good_run(&[]);
    for one in elsewhere::ALL {
        let folder = if one.table == "release/effects.csv" { &planned_folder } else { &folder };
        let table = Table::read(&folder.join(one.table));
        for wanted in one.rows {
            let is_it = |row: &&Vec<String>| {
                let word = table.cell(row, one.column);
                if wanted.ends_with(':') { word.starts_with(wanted) } else { word == *wanted }
            };
            assert!(table.rows().iter().any(|row| is_it(&row)), "{}: no {wanted} in {}", one.id, one.table);
        }
        let page = pathlink(&root(), &["--quiet", "describe", "metrics", one.id]).stdout;
        assert!(page.contains(one.table) && page.contains(one.rows[0]), "{page}");
    }
}

/// Of `fixtures/tiny`: Ruvane's number is used by Gorlan at ZA2 with status 02; the trust's eight patients all have 01.
#[test]
fn status_codes_are_counted_as_the_fixture_has_them() {
    let project = Project::tiny();
    let run = project.good_run(&[]);
    let table = Table::read(&run.join("internal/data_quality.csv"));
    let counts = |file: &str| -> Vec<String> {
        let own = table.rows().iter().filter(|row| table.cell(row, "file") == file);
        let own = own.filter(|row| table.cell(row, "check").starts_with("nhs_status:"));
        own.map(|row| format!("{} {}", table.cell(row, "check"), table.cell(row, "count"))).collect()
    };
    assert_eq!(counts("ZT1_MHS001MPI.csv"), ["nhs_status:01 8"]);
    assert_eq!(counts("ZA2_ECDS.csv"), ["nhs_status:01 12", "nhs_status:02 2"]);
}

/// The page of faults names tests that there are, and every point of the program is on it.
#[test]
fn the_faults_on_the_page_are_tested_and_every_point_is_on_it() {
    let page = pathlink(&root(), &["--quiet", "describe", "security", "faults"]).stdout;
    let read = |folder: &str| -> String {
        let files = crate::program::files_under(&root().join(folder)).into_iter();
        files
            .filter(|(path, _)| path.extension().is_some_and(|end| end == "rs"))
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
            .collect()
    };
    let (tests, source) = (read("tests/it"), read("src"));
    for one in fault::SURVIVED {
        assert!(tests.contains(&format!("#[test]\nfn {}() {{", one.test)), "{}", one.test);
    }
    let mut called: Vec<&str> =
        source.split("fault::point(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    called.sort_unstable();
    let mut declared = fault::POINTS.map(|point| point.name);
    declared.sort_unstable();
    assert_eq!(called, declared);
    assert_eq!(page.matches("the last good run, untouched").count(), fault::POINTS.len() - 1);
}
