//! Adding a metric takes one file and one line: a metric that only tests know is in every output, the catalogue and the
//! skeleton.

use std::path::Path;

use crate::describe::catalogue::{self, Topic};
use crate::describe::{Facts, Format};
use crate::domain::period::Span;
use crate::metrics::{ALL, Breakdown};
use crate::run::{self, Caller};
use crate::settings;
use crate::sources::Sources;

const ID: &str = "test_one_more";

#[test]
fn one_file_and_one_line_make_a_metric() {
    let folder = tempfile::tempdir().expect("a folder");
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tiny/pathlink.toml");
    let mut settings = settings::load(&tiny).expect("settings");
    settings.paths.store = folder.path().join("store");
    settings.paths.runs = folder.path().join("runs");
    let caller =
        Caller { key_file: None, run_id: "2026-04-01T000000Z_0000".to_owned(), seconds: &|| 0.0, progress: &|_| () };
    let done = run::run(&settings, &caller).expect("a run");
    let metric = ALL.iter().find(|metric| metric.id == ID).expect("it is on a shelf");
    for table in ["release/demand.csv", "internal/estimates.csv"] {
        let text = std::fs::read_to_string(done.folder.join(table)).expect("a table");
        for breakdown in metric.subject.breakdowns() {
            let is_it = |line: &str| line.contains(ID) && line.contains(&format!(",{},", breakdown.id()));
            // A release divides financial years, and these settings ask for quarters.
            let is_inside = breakdown != Breakdown::All && table == "release/demand.csv";
            assert!(is_inside || text.lines().any(is_it), "{table}: {}", breakdown.id());
        }
        let periods =
            text.lines().filter(|line| line.contains(ID) && line.contains(",everyone,") && line.contains(",all,all,"));
        assert_eq!(periods.count(), 4, "{table}");
    }
    assert_eq!(settings.periods.up_to(0).iter().map(|periods| periods[0].span).collect::<Vec<_>>(), [Span::Quarter]);
    let sources = Sources::of(&settings).expect("sources");
    let facts = Facts { settings: &settings, sources: &sources };
    let page = catalogue::page(Topic::Metrics, &facts, Some(ID), Format::Text).expect("a page");
    assert!(page.contains("One metric more") && page.contains("period by: date"), "{page}");
}
