//! Published figures of a provider beside ours, and how completely a division is known, as a user sees them.

use crate::program::{Project, Table};

const PUBLISHED: &str = r#"

[[published]]
metric = "tt_recovery"
period = "2025/26"
value = 50.5
numerator = 321061
denominator = 635185
source = "annual report"

[[published]]
metric = "ed_attendances"
period = "2025/26"
provider = "ZA2"
value = 1000
source = "monthly table"

[[published]]
metric = "ed_attendances"
period = "1999/00"
value = 3
source = "monthly table"
"#;

/// What stands in `published.csv` is what `outcomes.csv` shows, and the difference is plain arithmetic.
#[test]
fn a_published_figure_stands_beside_ours_with_the_difference() {
    let project = Project::year();
    project.edit("pathlink.toml", |text| text.to_owned() + PUBLISHED);
    let run = project.good_run(&[]);
    let published = Table::read(&run.join("release/published.csv"));
    let row = |at: usize, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| published.cell(&published.rows()[at], name).to_owned()).collect()
    };
    let shown = |table: &str, wanted: [&str; 3]| -> [String; 3] {
        let table = Table::read(&run.join("release").join(table));
        let keys = ["metric_id", "breakdown", "level"];
        let is_own = |row: &&Vec<String>| {
            keys.iter().zip(wanted).all(|(key, value)| table.cell(row, key) == value)
                && (table.cell(row, "pathway"), table.cell(row, "period")) == ("everyone", "2025/26")
        };
        let own = table.rows().iter().find(is_own).unwrap();
        ["value", "numerator", "denominator"].map(|name| table.cell(own, name).to_owned())
    };
    let [value, numerator, denominator] = shown("outcomes.csv", ["tt_recovery", "all", "all"]);
    let ours: f64 = value.parse().unwrap();
    assert_eq!(
        row(0, &["group", "published_value", "value", "numerator", "denominator", "marker"]),
        ["everyone", "50.5", &value, &numerator, &denominator, ""]
    );
    assert_eq!(row(0, &["difference"]), [format!("{:.1}", ours - 50.5)]);
    let [attendances, ..] = shown("demand.csv", ["ed_attendances", "provider", "ZA2"]);
    let difference = attendances.parse::<i64>().unwrap() - 1000;
    assert_eq!(row(1, &["group", "value", "difference"]), ["ZA2", &attendances, &difference.to_string()]);
    assert_eq!(row(2, &["value", "difference", "marker"]), ["", "", "x"]);
    assert!(row(2, &["note"])[0].contains("no row of this period"));
    for tier in ["release", "internal"] {
        let report = std::fs::read_to_string(run.join(tier).join("report.html")).unwrap();
        assert!(report.contains("Beside what was published") && report.contains("annual report"), "{tier}");
    }
    project.edit("pathlink.toml", |text| text.replace("numerator = 321061", "numerator = 999999"));
    let refused = project.run(&[]);
    assert!(refused.code == 3 && refused.stderr.contains("counts more than it is out of"), "{}", refused.stderr);
    project.edit("pathlink.toml", |text| text.replace("metric = \"tt_recovery\"", "metric = \"tt_recovry\""));
    assert_eq!(project.run(&[]).code, 3);
}

/// Every row of people of whom a division is not known says of how many it is known, as the two rows that it is made of show.
#[test]
fn a_division_says_how_completely_it_is_known() {
    let project = Project::year();
    let run = project.good_run(&[]);
    let mut seen = 0;
    for table in ["outcomes", "demand"] {
        let table = Table::read(&run.join(format!("release/{table}.csv")));
        let key = |row: &Vec<String>| ["metric_id", "pathway", "period"].map(|name| table.cell(row, name).to_owned());
        let whole: std::collections::BTreeMap<_, _> = table
            .rows()
            .iter()
            .filter(|row| table.cell(row, "breakdown") == "all")
            .map(|row| (key(row), row))
            .collect();
        for row in table.rows() {
            let known = table.cell(row, "known_percent");
            if table.cell(row, "level") != "not_known" {
                assert_eq!(known, "");
                continue;
            }
            let counts = |row: &Vec<String>| {
                let of = |name: &str| table.cell(row, name).parse::<f64>().ok();
                of("denominator").or(of("numerator")).or(of("people"))
            };
            let missing = if table.cell(row, "marker") == "z" { Some(0.0) } else { counts(row) };
            let expected = missing.zip(counts(whole[&key(row)])).map(|(missing, all)| 100.0 * (1.0 - missing / all));
            match expected {
                Some(expected) if expected.is_finite() => {
                    let known: f64 = known.parse().unwrap();
                    assert!((known - expected.max(0.0)).abs() <= 0.5 + 1e-9, "{row:?}");
                    seen += 1;
                }
                _ => assert_eq!(known, "", "{row:?}"),
            }
        }
    }
    assert!(seen > 50, "{seen}");
}
