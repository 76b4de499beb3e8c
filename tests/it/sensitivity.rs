//! Headline figures under stricter and looser linkage: those of a run that links so itself.

use std::collections::BTreeMap;
use std::path::Path;

use crate::program::Project;

/// The sensitivity rows of a run's exact table by what they are of, without those of differences.
fn headlines(run: &Path, linkage: &str) -> BTreeMap<[String; 3], Vec<String>> {
    let mut reader = csv::Reader::from_path(run.join("internal/linkage_quality.csv")).unwrap();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<String>>());
    let own = rows.filter(|row| row[0] == "sensitivity" && row[3] == linkage && !row[6].starts_with("difference"));
    own.map(|row| ([row[4].clone(), row[5].clone(), row[6].clone()], row[7..].to_vec())).collect()
}

/// A world whose own linkage is as said.
fn linked_by(change: impl Fn(&str) -> String) -> Project {
    let project = Project::synth(&["--people", "6000", "--seed", "11"]);
    project.edit("pathlink.toml", |text| change(&text.replace("years = 3", "years = 2")));
    project
}

const PASSES: &str =
    "passes = [\"nhs_partial_dob\", \"nhs_only\", \"local_demographic\", \"demographic_name\", \"probabilistic\"]";

#[test]
fn the_people_whom_other_linkage_changes_stand_where_it_would_put_them() {
    let project = linked_by(str::to_owned);
    let base = project.good_run(&[]);
    let [strict, own, loose] = ["strict", "base", "loose"].map(|linkage| headlines(&base, linkage));
    assert!(strict.len() >= 10 && strict != own && loose != own, "{strict:?}");
    // A run that links strictly by its own settings, and one that links loosely: nothing of theirs is exchanged.
    let strictly = linked_by(|text| text.replace(PASSES, "passes = [\"nhs_partial_dob\"]"));
    assert_eq!(headlines(&strictly.good_run(&[]), "base"), strict);
    let every = PASSES.replace("\"probabilistic\"", "\"demographic\", \"probabilistic\"");
    let loosely = linked_by(|text| text.replace(PASSES, &every).replace("link_at = 0.99", "link_at = 0.9"));
    assert_eq!(headlines(&loosely.good_run(&[]), "base"), loose);
}

#[test]
fn the_share_is_that_of_all_quarters_each_once() {
    let project = linked_by(str::to_owned);
    let run = project.good_run(&[]);
    let mut reader = csv::Reader::from_path(run.join("internal/estimates.csv")).unwrap();
    let places = ["metric_id", "pathway", "period", "breakdown", "numerator", "denominator"]
        .map(|name| reader.headers().unwrap().iter().position(|heading| heading == name).unwrap());
    let mut sums = [0_u64; 2];
    for row in reader.records().map(Result::unwrap) {
        let [metric, pathway, period, breakdown, numerator, denominator] = places.map(|at| &row[at]);
        if [metric, pathway, breakdown] == ["tt_recovery", "everyone", "all"] && period.contains(" Q") {
            sums = [sums[0] + numerator.parse::<u64>().unwrap(), sums[1] + denominator.parse::<u64>().unwrap()];
        }
    }
    let own = &headlines(&run, "base")[&["all", "all", "tt_recovery"].map(str::to_owned)];
    assert!(sums[1] > 50, "{sums:?}");
    assert_eq!(own[..2], sums.map(|sum| sum.to_string()));
}
