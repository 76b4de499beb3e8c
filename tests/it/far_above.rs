//! Use before that is far above everyone's is flagged, from the tables that a reader has.

use crate::program::{Project, Table};

/// Where use before is more than one and a half times that of everyone registered, the rows warn of it, unless people were chosen
/// for their use and what is to be expected by itself stands beside it; and nothing else does.
#[test]
fn a_rate_far_above_everyones_is_flagged_where_nobody_was_chosen_for_it() {
    let project = Project::year();
    let run = project.good_run(&[]);
    let read = |name: &str| Table::read(&run.join("release").join(name));
    let (rows, population) = (read("before_after.csv"), read("standardised.csv"));
    let everyone = |rate: &str| -> Option<f64> {
        let id = match rate {
            "px_rate_ed" => "ed_attendances_standardised",
            "px_rate_ed_mh" => "ed_mh_standardised",
            _ => return None,
        };
        let is_it =
            |row: &&Vec<String>| population.cell(row, "metric_id") == id && population.cell(row, "level") == "all";
        population.cell(population.rows().iter().find(is_it)?, "crude_rate").parse().ok().map(|rate: f64| rate / 10.0)
    };
    let mut flagged = 0;
    for row in rows.rows() {
        let of = |window: &str, name: &str| -> String {
            let own = ["pathway", "metric_id"].map(|name| rows.cell(row, name));
            let is_it = |other: &&Vec<String>| {
                ["pathway", "metric_id"].map(|name| rows.cell(other, name)) == own
                    && rows.cell(other, "window") == window
            };
            rows.cell(rows.rows().iter().find(is_it).unwrap(), name).to_owned()
        };
        let before = of("before", "rate_per_100_person_years").parse::<f64>().ok();
        let is_far = before.zip(everyone(rows.cell(row, "metric_id"))).is_some_and(|(own, all)| own > 1.5 * all);
        let is_chosen = !of("after", "expected_rate_per_100_person_years").is_empty();
        let is_flagged = rows.cell(row, "caution").contains("one and a half times that of everyone registered");
        assert_eq!(is_flagged, is_far && !is_chosen, "{row:?}");
        flagged += usize::from(is_flagged);
    }
    assert!(flagged >= 4, "{flagged}");
}
