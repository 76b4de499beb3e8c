//! Compare: which published numbers moved between two runs, and because of what.
//!
//! In: two runs and those between them. Out: movements with their parts. A movement is taken apart run by run: what a number
//! moved by from one run to the next belongs to what changed between the two, and the parts add up to the whole. What
//! changed at once, from one run to the next, cannot be told apart and is named together; but for business cases, which are
//! worked out again with a part of what changed ([`cases`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::Value as Json;

use self::cases::{CaseMovement, Released};
use super::retention::published;
use crate::error::{self, Error};
use crate::output::{folder, manifest};
use crate::settings::Settings;

pub mod cases;

/// Tables that are compared: name, what tells rows apart, the number.
const TABLES: [(&str, &[&str], &str); 4] = [
    ("outcomes", PERIODIC, "value"),
    ("demand", PERIODIC, "value"),
    ("before_after", &["pathway", "window", "metric_id"], "rate_per_100_person_years"),
    ("costs", &["pathway", "window", "service"], "cost_per_person_year"),
];
const PERIODIC: &[&str] = &["period", "pathway", "metric_id", "breakdown", "level"];

/// What moved a number whose run was made from the same as the one before it.
const NOTHING: &str = "nothing that the manifests tell";

/// Numbers are held as whole millionths, so that parts add up without a rest.
const UNIT: f64 = 1e6;

/// The numbers of a run by table and row.
type Numbers = BTreeMap<(&'static str, String), i64>;

/// What became of the numbers between two runs.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The runs from the one to the other, with what changed before each but the first.
    pub steps: Vec<Step>,
    /// Numbers that both runs show.
    pub compared: usize,
    /// Numbers that only the later run shows.
    pub appeared: usize,
    /// Numbers that only the earlier run shows.
    pub gone: usize,
    /// Numbers that moved, those that moved most beside what they were first.
    pub moved: Vec<Movement>,
    /// Business cases by scenario, whether they moved or not.
    pub cases: Vec<CaseMovement>,
}

/// A run on the way.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its id.
    pub run: String,
    /// What changed since the run before; empty for the first.
    pub changed: Vec<&'static str>,
}

/// A number that moved.
#[derive(Debug, Serialize)]
pub struct Movement {
    /// The released table.
    pub table: &'static str,
    /// What tells its row from others.
    pub row: String,
    /// As it was.
    pub from: f64,
    /// As it is.
    pub to: f64,
    /// What it moved by because of what; adds up to the whole.
    pub parts: BTreeMap<String, f64>,
}

/// Compares two runs of a project by name.
pub fn compare(settings: &Settings, from: &str, to: &str) -> Result<Comparison, Error> {
    let runs = settings.resolve(&settings.paths.runs);
    let [from, to] = [folder::named(&runs, from)?, folder::named(&runs, to)?];
    for name in [&from, &to] {
        if manifest::read(&runs.join(name)).is_none() {
            let what = format!("there is no published run {name}");
            return Err(Error::new(&error::RUN_UNKNOWN, what, "name a folder of the runs, or LATEST"));
        }
    }
    // A run's name begins with its time.
    let (first, last) = if from <= to { (&from, &to) } else { (&to, &from) };
    let mut names: Vec<String> = published(&runs).into_iter().filter(|name| name >= first && name <= last).collect();
    if from <= to {
        names.reverse();
    }
    let all: Vec<(Numbers, Json)> = names.iter().map(|name| of_run(&runs.join(name))).collect();
    let changed = |at: usize| if at == 0 { Vec::new() } else { changes(&all[at - 1].1, &all[at].1) };
    let steps: Vec<Step> =
        names.iter().enumerate().map(|(at, run)| Step { run: run.clone(), changed: changed(at) }).collect();
    let released: Vec<Released> = names.iter().map(|name| Released::of(&runs.join(name))).collect();
    let cases = cases::moved(&released, &steps);
    let numbers: Vec<Numbers> = all.into_iter().map(|(numbers, _)| numbers).collect();
    Ok(Comparison { cases, ..put_together(&numbers, steps) })
}

/// The numbers that a run released, and its manifest.
fn of_run(run: &Path) -> (Numbers, Json) {
    let mut numbers = Numbers::new();
    for (table, keys, number) in TABLES {
        let Ok(mut reader) = csv::Reader::from_path(run.join("release").join(format!("{table}.csv"))) else { continue };
        let Ok(headings) = reader.headers().cloned() else { continue };
        let place = |name: &str| headings.iter().position(|heading| heading == name);
        let places: Option<Vec<usize>> = keys.iter().map(|name| place(name)).collect();
        let Some((places, number)) = places.zip(place(number)) else { continue };
        for row in reader.records().flatten() {
            let Some(value) = row.get(number).and_then(|text| text.parse::<f64>().ok()) else { continue };
            let key: Vec<&str> = places.iter().filter_map(|at| row.get(*at)).collect();
            numbers.insert((table, key.join(", ")), (value * UNIT).round() as i64);
        }
    }
    (numbers, manifest::read(run).unwrap_or_default())
}

/// What changed from one run to the next, by their manifests.
fn changes(before: &Json, after: &Json) -> Vec<&'static str> {
    let differs = |pointer: &str| before.pointer(pointer) != after.pointer(pointer);
    let mut found = BTreeSet::new();
    data(before, after, &mut found);
    let has_parts = before.pointer("/settings").is_some() && after.pointer("/settings").is_some();
    let others = if has_parts { "/settings/others_sha256" } else { "/config_sha256" };
    let facts = [
        ("version", "/pathlink"),
        ("key", "/key/check_value"),
        ("as-of date", "/as_of"),
        ("linkage settings", "/settings/linkage_sha256"),
        ("settings", others),
    ];
    found.extend(facts.iter().filter(|(_, pointer)| differs(pointer)).map(|(what, _)| *what));
    found.into_iter().collect()
}

/// New files, and files with more rows up to a later day, are new data; other changes of files are revisions.
fn data(before: &Json, after: &Json, found: &mut BTreeSet<&'static str>) {
    let (old, new) = (inputs(before), inputs(after));
    for (name, input) in &new {
        match old.get(name) {
            None => {
                found.insert("new data");
            }
            Some(known) if known["sha256"] != input["sha256"] => {
                let rows = |input: &Json| input["rows"]["read"].as_u64();
                let last = |input: &Json| input["last_date"].as_str().map(str::to_owned);
                let is_new = rows(input) > rows(known) && last(input) > last(known);
                found.insert(if is_new { "new data" } else { "revised data" });
            }
            Some(_) => {}
        }
    }
    if old.keys().any(|name| !new.contains_key(name)) {
        found.insert("files that are gone");
    }
}

/// The inputs of a run by source, table and name.
fn inputs(manifest: &Json) -> BTreeMap<[&str; 3], &Json> {
    let all = manifest["inputs"].as_array().into_iter().flatten();
    all.map(|input| (["source", "table", "name"].map(|key| input[key].as_str().unwrap_or_default()), input)).collect()
}

fn put_together(all: &[Numbers], steps: Vec<Step>) -> Comparison {
    let empty = Numbers::new();
    let (first, last) = (all.first().unwrap_or(&empty), all.last().unwrap_or(&empty));
    let both: Vec<&(&'static str, String)> = first.keys().filter(|key| last.contains_key(*key)).collect();
    let mut moved: Vec<Movement> = both.iter().filter_map(|key| movement(key, all, &steps)).collect();
    let size = |one: &Movement| (one.to - one.from).abs() / one.from.abs().max(1.0);
    moved.sort_by(|a, b| size(b).total_cmp(&size(a)));
    Comparison {
        compared: both.len(),
        appeared: last.len() - both.len(),
        gone: first.len() - both.len(),
        moved,
        steps,
        cases: Vec::new(),
    }
}

/// A number's movement, taken apart. Where a run between hides the number, what changed until the next that shows it counts
/// together.
fn movement(key: &(&'static str, String), all: &[Numbers], steps: &[Step]) -> Option<Movement> {
    let mut parts: BTreeMap<String, i64> = BTreeMap::new();
    let (mut before, mut causes) = (*all.first()?.get(key)?, BTreeSet::new());
    let from = before;
    for (numbers, step) in all.iter().zip(steps).skip(1) {
        causes.extend(step.changed.iter().copied());
        let Some(now) = numbers.get(key) else { continue };
        if *now != before {
            *parts.entry(together(&causes)).or_default() += now - before;
        }
        causes.clear();
        before = *now;
    }
    let shown = |value: i64| value as f64 / UNIT;
    let parts = parts.into_iter().filter(|(_, part)| *part != 0).map(|(cause, part)| (cause, shown(part))).collect();
    (before != from).then(|| Movement { table: key.0, row: key.1.clone(), from: shown(from), to: shown(before), parts })
}

/// Causes that are named together.
fn together(causes: &BTreeSet<&'static str>) -> String {
    if causes.is_empty() { NOTHING.to_owned() } else { causes.iter().copied().collect::<Vec<_>>().join(" + ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(value: Option<f64>) -> Numbers {
        value.map(|value| (("outcomes", "a".to_owned()), (value * UNIT).round() as i64)).into_iter().collect()
    }

    fn steps(changed: &[&[&'static str]]) -> Vec<Step> {
        changed
            .iter()
            .enumerate()
            .map(|(at, changed)| Step { run: at.to_string(), changed: changed.to_vec() })
            .collect()
    }

    /// 40.1 to 42.5 by new data, hidden while settings changed, 41.0 by settings and a revision, 43.3 by new data again.
    #[test]
    fn parts_add_up_to_the_whole_movement() {
        let all = [Some(40.1), Some(42.5), None, Some(41.0), Some(43.3)].map(numbers);
        let steps = steps(&[&[], &["new data"], &["settings"], &["revised data"], &["new data"]]);
        let found = put_together(&all, steps);
        assert_eq!((found.compared, found.appeared, found.gone), (1, 0, 0));
        let one = &found.moved[0];
        assert_eq!((one.from, one.to), (40.1, 43.3));
        let wanted = [("new data", 2.4 + 2.3), ("revised data + settings", -1.5)];
        assert_eq!(one.parts.len(), 2);
        for (cause, part) in wanted {
            assert!((one.parts[cause] - part).abs() < 1e-9, "{cause}");
        }
        assert!((one.parts.values().sum::<f64>() - 3.2).abs() < 1e-9);
    }

    #[test]
    fn a_file_that_goes_on_is_new_data_and_one_that_changed_is_revised() {
        let manifest = |sha: &str, rows: u64, last: &str| serde_json::json!({ "pathlink": "1", "inputs": [{ "source": "gp", "table": "t", "name": "n", "sha256": sha, "rows": { "read": rows }, "last_date": last }] });
        let before = manifest("a", 10, "2026-01-31");
        assert_eq!(changes(&before, &manifest("a", 10, "2026-01-31")), Vec::<&str>::new());
        assert_eq!(changes(&before, &manifest("b", 12, "2026-02-28")), ["new data"]);
        assert_eq!(changes(&before, &manifest("b", 10, "2026-01-31")), ["revised data"]);
        let mut other = manifest("a", 10, "2026-01-31");
        other["pathlink"] = "2".into();
        other["inputs"][0]["name"] = "m".into();
        assert_eq!(changes(&before, &other), ["files that are gone", "new data", "version"]);
    }
}
