//! Which monthly figures are steady: the values are those of the tables beside, hidden months have no limits, and limits are made
//! anew only where settings say so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::program::{Project, Table};

/// The bundled people with 24 months.
fn project() -> Project {
    let project = Project::year();
    project.edit("pathlink.toml", |text| text.replace("[periods]\n", "[periods]\nmonths = 24\n"));
    project
}

/// Values and markers of the months in the tables of figures, by metric, pathway and month.
fn figures(run: &Path) -> BTreeMap<[String; 3], [String; 2]> {
    let mut found = BTreeMap::new();
    for name in ["outcomes", "demand"] {
        let table = Table::read(&run.join(format!("release/{name}.csv")));
        for row in table.rows().iter().filter(|row| table.cell(row, "breakdown") == "all") {
            let key = ["metric_id", "pathway", "period"].map(|name| table.cell(row, name).to_owned());
            found.insert(key, ["value", "marker"].map(|name| table.cell(row, name).to_owned()));
        }
    }
    found
}

#[test]
fn months_are_those_of_the_tables_and_a_hidden_month_leaves_no_limits() {
    let project = project();
    let run = project.good_run(&[]);
    let (spc, figures) = (Table::read(&run.join("release/spc.csv")), figures(&run));
    let mut series: BTreeMap<[&str; 2], Vec<&Vec<String>>> = BTreeMap::new();
    for row in spc.rows() {
        let key = ["metric_id", "pathway", "period"].map(|name| spc.cell(row, name).to_owned());
        let number = |text: &str| text.parse::<f64>().ok();
        let [value, marker] = &figures[&key];
        assert_eq!(number(spc.cell(row, "value")), number(value), "{key:?}");
        assert_eq!(spc.cell(row, "marker"), marker, "{key:?}");
        series.entry(["metric_id", "pathway"].map(|name| spc.cell(row, name))).or_default().push(row);
    }
    let (mut judged, mut not) = (0, 0);
    for (key, rows) in &series {
        assert_eq!(rows.len(), 24, "{key:?}");
        let is_whole = rows.iter().all(|row| !spc.cell(row, "value").is_empty());
        let has_limits = |row: &&&Vec<String>| !spc.cell(row, "upper_limit").is_empty();
        assert_eq!(rows.iter().filter(has_limits).count(), if is_whole { 24 } else { 0 }, "{key:?}");
        for row in rows {
            assert_eq!(spc.cell(row, "variation").is_empty(), !is_whole);
            assert_eq!(spc.cell(row, "note").is_empty(), is_whole, "{row:?}");
        }
        judged += usize::from(is_whole);
        not += usize::from(!is_whole);
    }
    assert!(judged > 3 && not > 3, "{judged} {not}");
    // A series with a hidden month is a run chart; the others are of single values, or of shares.
    let charts: BTreeSet<&str> = spc.rows().iter().map(|row| spc.cell(row, "chart")).collect();
    assert!(charts.contains("xmr") && charts.iter().all(|chart| ["xmr", "p", "run"].contains(chart)), "{charts:?}");
}

/// The mean of the months' exact values, as the internal table has it, by plain arithmetic.
#[test]
fn limits_are_made_anew_where_settings_say_so_and_never_by_themselves() {
    let project = project();
    let rebase = "\n[spc]\nprofile = \"ptd-0.2.2\"\nrebase = [{ metric = \"ed_attendances\", pathway = \"everyone\", from = 2025-04-01, reason = \"a new unit\" }]\n";
    project.edit("pathlink.toml", |text| text.to_owned() + rebase);
    let spc = Table::read(&project.good_run(&[]).join("internal/spc.csv"));
    let own = |metric: &str| {
        let is_own =
            |row: &&Vec<String>| spc.cell(row, "metric_id") == metric && spc.cell(row, "pathway") == "everyone";
        let rows = spc.rows().iter().filter(is_own);
        let number = |row: &Vec<String>, name: &str| spc.cell(row, name).parse::<f64>().unwrap();
        rows.map(|row| (number(row, "value"), number(row, "centre"), spc.cell(row, "note").to_owned()))
            .collect::<Vec<_>>()
    };
    let rows = own("ed_attendances");
    for (part, note) in [(&rows[..12], ""), (&rows[12..], "limits made anew: a new unit")] {
        let mean = part.iter().map(|(value, ..)| value).sum::<f64>() / part.len() as f64;
        assert!(part.iter().all(|(_, centre, own)| (centre - mean).abs() < 1e-5 && own == note), "{part:?}");
    }
    let other = own("gp_appts");
    assert!(other.iter().all(|(_, centre, note)| (centre - other[0].1).abs() < 1e-9 && note.is_empty()));
    project.edit("pathlink.toml", |text| text.replace("\"ed_attendances\", pathway", "\"ed_attendence\", pathway"));
    let done = crate::program::pathlink(&project.path(""), &["run"]);
    assert!(done.code == 3 && done.stderr.contains("did you mean `ed_attendances`"), "{} {}", done.code, done.stderr);
}

#[test]
fn a_target_stands_beside_the_national_standard_and_its_metric_must_be_known() {
    let project = project();
    let target = |metric: &str| format!("\n[[target]]\nmetric = \"{metric}\"\nat_least = 52\nsource = \"plan 2026\"\n");
    project.edit("pathlink.toml", |text| text.to_owned() + &target("tt_recovery"));
    let run = project.good_run(&[]);
    let outcomes = Table::read(&run.join("release/outcomes.csv"));
    let seen: std::collections::BTreeSet<[&str; 3]> = outcomes
        .rows()
        .iter()
        .map(|row| ["metric_id", "standard", "target"].map(|name| outcomes.cell(row, name)))
        .collect();
    assert!(seen.contains(&["tt_recovery", "at least 50 %", "at least 52 % (plan 2026)"]), "{seen:?}");
    assert!(seen.iter().all(|[metric, _, target]| (*metric == "tt_recovery") != target.is_empty()), "{seen:?}");
    let spc = Table::read(&run.join("internal/spc.csv"));
    let of_recovery = spc.rows().iter().filter(|row| spc.cell(row, "metric_id") == "tt_recovery");
    assert!(of_recovery.clone().count() > 0);
    assert!(of_recovery.clone().all(|row| spc.cell(row, "target") == "at least 52 %"));
    project.edit("pathlink.toml", |text| text.replace(&target("tt_recovery"), &target("tt_recovry")));
    let refused = project.run(&[]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(refused.stderr.contains("`[[target]]`: `tt_recovry` is no metric"), "{}", refused.stderr);
    assert!(refused.stderr.contains("did you mean `tt_recovery`?"), "{}", refused.stderr);
}
