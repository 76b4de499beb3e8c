//! Errors that fall on deprived and minority groups: the linkage quality pack shows them there, and nowhere else.

use std::collections::BTreeMap;

use crate::program::{Project, Table};

/// Shares with their limits, and standardised differences, by section, source, division, level and measure.
struct Pack(BTreeMap<[String; 5], [Option<f64>; 3]>);

impl Pack {
    fn of(errors: &str) -> Self {
        let run = Project::synth(&["--people", "50000", "--seed", "7", "--errors", errors]);
        let table = Table::read(&run.good_run(&[]).join("internal/linkage_quality.csv"));
        let of = |row: &Vec<String>| {
            let key = [0, 1, 4, 5, 6].map(|at| row[at].clone());
            (key, [9, 10, 11].map(|at| row[at].parse().ok()))
        };
        Self(table.rows().iter().filter(|row| row[2].is_empty() && row[3].is_empty()).map(of).collect())
    }

    fn figures(&self, [section, source, division, level, measure]: [&str; 5]) -> [Option<f64>; 3] {
        self.0[&[section, source, division, level, measure].map(str::to_owned)]
    }

    /// Whether the first level's whole interval of sensitivity is below the second's.
    fn is_below(&self, division: &str, level: &str, other: &str) -> bool {
        let limits = |level| self.figures(["hold_out", "", division, level, "sensitivity"]);
        limits(level)[2].unwrap() < limits(other)[1].unwrap()
    }

    /// How far those A&E linked to other sources are from those it did not, for a level.
    fn difference(&self, division: &str, level: &str) -> f64 {
        let key = ["match_rate_by_group", "emergency_care", division, level, "standardised_difference"];
        self.figures(key)[0].unwrap()
    }
}

/// Groups that errors were planted on, each beside one that was spared.
const PLANTED: [(&str, &str, &str); 3] =
    [("imd_quintile", "1", "5"), ("ethnic_group", "asian", "white"), ("ethnic_group", "black", "white")];

#[test]
fn errors_on_deprived_and_minority_groups_show_in_their_rows_alone() {
    let (biased, random) = (Pack::of("biased"), Pack::of("random"));
    for (division, level, other) in PLANTED {
        assert!(biased.is_below(division, level, other), "{level} is not below {other}");
        assert!(!random.is_below(division, level, other), "{level} is below {other} where errors fall on everybody");
        // The unlinked are more often of the group, and less often of the spared one.
        assert!(biased.difference(division, level) < 0.0 && biased.difference(division, other) > 0.0, "{level}");
    }
    let linked =
        |level| biased.figures(["match_rate_by_group", "emergency_care", "ethnic_group", level, "records_linked"]);
    for level in ["asian", "black"] {
        assert!(linked(level)[2].unwrap() < linked("white")[1].unwrap(), "match rate of {level}");
    }
    let ages = ["0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"];
    for (level, other) in ages.into_iter().flat_map(|level| ages.map(|other| (level, other))) {
        assert!(!biased.is_below("age_band", level, other), "age {level} is below {other}");
    }
}
