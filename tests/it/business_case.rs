//! The business case from outside: followed with a calculator, and refused where it would rest on nothing.

use std::collections::BTreeMap;

use crate::program::{Project, Table};
use crate::report::bundled;
use crate::support::root;

fn number(table: &Table, row: &[String], name: &str) -> f64 {
    table.cell(row, name).parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))
}

/// The value of a measure of the base case.
fn value(summary: &Table, measure: &str) -> f64 {
    let is_it = |row: &&Vec<String>| {
        summary.cell(row, "scenario") == "base"
            && summary.cell(row, "measure") == measure
            && summary.cell(row, "agency").is_empty()
    };
    number(summary, summary.rows().iter().find(is_it).unwrap_or_else(|| panic!("no {measure}")), "value")
}

#[test]
fn a_finance_director_with_a_calculator_gets_the_printed_figures() {
    let project = bundled();
    let release = project.good_run(&[]).join("release");
    let [lines, summary, effects, rates] = ["cba_lines", "cba_summary", "effects", "before_after"]
        .map(|name| Table::read(&release.join(format!("{name}.csv"))));
    let mut present: BTreeMap<bool, f64> = BTreeMap::new();
    let mut first_units = None;
    for row in lines.rows().iter().filter(|row| lines.cell(row, "scenario") == "base") {
        let of = |name: &str| number(&lines, row, name);
        assert!((of("pounds") * of("discount_factor") - of("present_value")).abs() < 0.01, "{row:?}");
        let is_benefit = lines.cell(row, "kind") == "benefit";
        if is_benefit {
            assert!((of("units") * of("unit_cost") - of("pounds")).abs() < 0.05, "{row:?}");
            let kept = 1.0 - of("optimism_bias_percent") / 100.0;
            assert!((of("units_before_bias") * kept - of("units")).abs() < 0.001, "{row:?}");
            first_units = first_units.or(Some((of("cohort"), of("units_before_bias"))));
        }
        *present.entry(is_benefit).or_default() += of("present_value");
    }
    assert!((present[&true] - value(&summary, "present value of benefits")).abs() < 0.05);
    assert!((present[&false] - value(&summary, "present value of costs")).abs() < 0.05);
    assert!((present[&true] - present[&false] - value(&summary, "net present value")).abs() < 0.1);
    assert!((present[&true] / present[&false] - value(&summary, "benefits for each pound of cost")).abs() < 0.0002);
    // From people to units: 200 × 0.75 × 0.8 people, (rate after over effect) less rate after, half of it in the first year.
    let of = |table: &Table, place: &[(&str, &str)], name: &str| {
        let row = table.rows().iter().find(|row| place.iter().all(|(column, text)| table.cell(row, column) == *text));
        number(table, row.unwrap(), name)
    };
    let effect = of(&effects, &[("pathway", "prevention"), ("metric_id", "px_rate_ed"), ("design", "did")], "estimate");
    let place = [("pathway", "prevention"), ("metric_id", "px_rate_ed"), ("window", "after")];
    let after = of(&rates, &place, "rate_per_100_person_years") / 100.0;
    let (cohort, units) = first_units.unwrap();
    assert!((cohort - 120.0).abs() < 1e-9);
    assert!((units - cohort * (after / effect - after) * 0.5).abs() < 0.01, "{units}");
    // Agencies apart, and nothing of it is cash.
    let spared: f64 = summary
        .rows()
        .iter()
        .filter(|row| summary.cell(row, "scenario") == "base" && summary.cell(row, "measure") == "is spared")
        .map(|row| number(&summary, row, "value"))
        .sum();
    assert!((spared - value(&summary, "present value of what public budgets are spared")).abs() < 0.05);
    assert!(value(&summary, "of which cashable").abs() < f64::EPSILON);
    let funder = std::fs::read_to_string(release.join("funder_summary.csv")).unwrap();
    assert!(funder.contains("For every £1 that goes in"), "{funder}");
    let fan = Table::read(&release.join("psa.csv"));
    let scenarios: Vec<&str> = fan.rows().iter().map(|row| fan.cell(row, "scenario")).collect();
    assert_eq!(scenarios.len(), 15, "five years of three scenarios");
    assert!(scenarios.contains(&"cautious") && scenarios.contains(&"half_as_many_take_it_up"));
}

/// A small project with the case of a file changed.
fn changed(from: &str, to: &str) -> Project {
    let project = Project::synth(&["--people", "400", "--seed", "3"]);
    let text = std::fs::read_to_string(root().join("config/business_case/stockport.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(project.path("case.toml"), text.replace(from, to)).unwrap();
    project.edit("pathlink.toml", |text| text.replace("business_cases = []", "business_cases = [\"case.toml\"]"));
    project
}

#[test]
fn an_effect_that_is_not_shown_gives_no_figure_and_says_what_to_do() {
    // Few people: their effects are not estimated, or hidden.
    let project = changed("design = \"did\"", "design = \"matched\"");
    let release = project.good_run(&[]).join("release");
    let summary = Table::read(&release.join("cba_summary.csv"));
    assert_eq!(summary.rows().len(), 3, "a row for each scenario");
    for row in summary.rows() {
        assert_eq!([summary.cell(row, "marker"), summary.cell(row, "value")], ["c", ""]);
        let note = summary.cell(row, "note");
        assert!(note.contains("hidden in this run: it rests on too few") && note.contains("give the number"), "{note}");
    }
    let lines = Table::read(&release.join("cba_lines.csv"));
    assert!(lines.rows().is_empty());
    let page = std::fs::read_to_string(release.join("report.html")).unwrap();
    assert!(page.contains("there is no business case yet"));
}

#[test]
fn a_case_that_counts_too_much_is_refused_before_anything_is_read() {
    for (from, to, why) in [
        ("cashability = 0.0", "cashability = 1.2", "`cashability` that is not from 0 to 1"),
        ("design = \"did\"", "design = \"before_after\"", "has no deadweight"),
        (
            "lag = {",
            "deadweight = { value = 0.2, source = \"x\" }\nlag = {",
            "takes deadweight off an effect that has a comparison",
        ),
        ("price_year = \"2024/25\"\ngrade = 2", "grade = 2", "no price year"),
        ("item = \"ae_attendance\"", "item = \"ae_atendance\"", "did you mean `ae_attendance`?"),
        ("pathway = \"prevention\"", "pathway = \"prevntion\"", "did you mean `prevention`?"),
        ("discount = \"green_book\"", "discount = \"grey_book\"", "is not a schedule of discount rates"),
        ("retention =", "retension =", "retension"),
    ] {
        let done = changed(from, to).run(&[]);
        assert_eq!(done.code, 3, "{to}: {}", done.stderr);
        assert!(done.stderr.contains(why), "{to}: {}", done.stderr);
    }
}
