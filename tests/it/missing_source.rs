//! A source that sent nothing: the run goes on, its figures are marked not available, and no zero stands for them.

use crate::program::{Finished, Project, Table, files_under};

/// A world without general practice, run; what it said.
fn run_without_gp() -> (Project, Finished) {
    let project = Project::synth(&["--people", "1500", "--seed", "5", "--without-gp"]);
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    (project, done)
}

/// The rows of a released table that are about something, which must be marked `x` with no number under `headings`.
fn assert_not_available(table: &Table, wanted: impl Fn(&[String]) -> bool, headings: &[&str]) {
    let rows: Vec<_> = table.rows().iter().filter(|row| wanted(row)).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(table.cell(row, "marker"), "x", "{row:?}");
        for heading in headings {
            assert_eq!(table.cell(row, heading), "", "{heading} of {row:?}");
        }
    }
}

#[test]
fn a_missing_source_gives_not_available_and_never_zero() {
    let (project, done) = run_without_gp();
    assert!(done.stdout.contains("warning: nothing came from GP practices"), "{}", done.stdout);
    let release = project.latest().join("release");
    let demand = Table::read(&release.join("demand.csv"));
    for metric in ["gp_appts", "gp_dna"] {
        let headings = ["numerator", "denominator", "people", "value", "lower_95", "upper_95"];
        assert_not_available(&demand, |row| demand.cell(row, "metric_id") == metric, &headings);
    }
    let costs = Table::read(&release.join("costs.csv"));
    let headings = ["events", "unit_cost", "cost", "person_years", "cost_per_person_year"];
    let is_gp_or_total = |row: &[String]| matches!(costs.cell(row, "service"), "gp_appointment" | "total");
    assert_not_available(&costs, is_gp_or_total, &headings);
    for row in costs.rows().iter().filter(|row| is_gp_or_total(row)) {
        assert_eq!(costs.cell(row, "note"), "no data from GP practices");
    }
}

#[test]
fn before_and_after_say_that_deaths_and_moves_are_not_known_without_the_list() {
    let (project, _) = run_without_gp();
    let table = Table::read(&project.latest().join("release/before_after.csv"));
    let numbers = [
        "people",
        "events",
        "person_years",
        "rate_per_100_person_years",
        "lower_95",
        "upper_95",
        "dispersion",
        "after_before_ratio",
        "ratio_lower_95",
        "ratio_upper_95",
        "coverage_percent",
        "deaths_per_1000_person_years",
    ];
    let is_gp = |row: &[String]| table.cell(row, "metric_id") == "px_rate_gp";
    assert_not_available(&table, is_gp, &numbers);
    for row in table.rows().iter().filter(|row| !is_gp(row)) {
        let design = table.cell(row, "design");
        assert!(matches!(design, "unascertained" | "mechanical"), "{row:?}");
    }
    assert!(
        table
            .rows()
            .iter()
            .any(|row| table.cell(row, "design") == "unascertained" && table.cell(row, "marker").is_empty())
    );
}

#[test]
fn no_rate_of_deaths_is_shown_where_deaths_are_not_known() {
    let (project, _) = run_without_gp();
    let table = Table::read(&project.latest().join("release/before_after.csv"));
    for row in table.rows() {
        assert_eq!(table.cell(row, "deaths_per_1000_person_years"), "", "{row:?}");
    }
}

#[test]
fn the_funder_reads_that_the_data_were_not_sent() {
    let (project, _) = run_without_gp();
    let table = Table::read(&project.latest().join("release/funder_summary.csv"));
    let rows: Vec<_> = table.rows().iter().filter(|row| row[0].contains("GP appointments")).collect();
    assert!(!rows.is_empty());
    assert!(rows.iter().all(
        |row| row[1].contains("not available, because the data were not sent") && table.cell(row, "marker") == "x"
    ));
}

#[test]
fn linkage_quality_shows_no_zero_for_a_missing_source() {
    let (project, _) = run_without_gp();
    let table = Table::read(&project.latest().join("release/linkage_quality.csv"));
    assert_not_available(
        &table,
        |row| table.cell(row, "source") == "gp",
        &["numerator", "denominator", "value", "low", "high"],
    );
}

#[test]
fn a_second_run_with_unchanged_files_releases_the_same_tables() {
    let (project, _) = run_without_gp();
    let tables = |project: &Project| {
        let mut files = files_under(&project.latest().join("release"));
        files.retain(|path, _| path.extension().is_some_and(|kind| kind == "csv"));
        files
    };
    let first = tables(&project);
    let again = project.run(&[]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(!first.is_empty());
    assert!(first == tables(&project));
}
