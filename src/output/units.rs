//! Units: what a column of numbers is in.

/// Names of columns, whole or by their ending, and what they are in. The first that fits holds.
const UNITS: &[(&str, &str)] = &[
    ("rate_per_100_person_years", "events per 100 person-years"),
    ("deaths_per_1000_person_years", "deaths per 1,000 person-years"),
    ("expected_rate_gap_30", "events per 100 person-years"),
    ("expected_rate_gap_90", "events per 100 person-years"),
    ("cost_per_person_year", "pounds sterling per person-year"),
    ("cost_per_person_year_low", "pounds sterling per person-year"),
    ("cost_per_person_year_high", "pounds sterling per person-year"),
    ("unit_cost", "pounds sterling"),
    ("unit_cost_low", "pounds sterling"),
    ("unit_cost_high", "pounds sterling"),
    ("cost", "pounds sterling"),
    ("cost_low", "pounds sterling"),
    ("cost_high", "pounds sterling"),
    ("percent", "percent"),
    ("people", "people"),
    ("excluded", "people"),
    ("person_years", "person-years"),
    ("median_days", "days"),
    ("events", "events"),
    ("appointments", "appointments"),
    ("rank", "place in order"),
    ("position", "place in order"),
    ("count", "rows or cells"),
    ("dispersion", "ratio"),
    ("after_before_ratio", "ratio"),
    ("ratio_lower_95", "ratio"),
    ("ratio_upper_95", "ratio"),
    ("relative_index", "ratio"),
    ("difference_per_100_person_years", "events per 100 person-years"),
    ("difference_lower_95", "events per 100 person-years"),
    ("difference_upper_95", "events per 100 person-years"),
    ("grade", "Maryland scale, 1 to 5"),
    ("p_value", "probability"),
    ("estimate", "ratio"),
    ("e_value", "ratio"),
    ("e_value_interval", "ratio"),
    ("rtm_expected", "ratio"),
    ("smd_before", "standard deviations"),
    ("smd_after", "standard deviations"),
    ("variance_ratio", "ratio"),
    ("month", "months from the index date"),
];

/// What a column of a table is in; none where neither its name nor a column beside it says so.
pub fn of(table: &str, column: &str, has_unit: bool) -> Option<&'static str> {
    // What one row of these tables is in depends on its metric, and a column of its own says it.
    if let Some(unit) = own(table, column) {
        return Some(unit);
    }
    let named = UNITS.iter().find(|(name, _)| *name == column || column.ends_with(&format!("_{name}")));
    match named {
        Some((_, unit)) => Some(unit),
        None if has_unit => Some("as the column unit says"),
        None => None,
    }
}

/// Columns whose name means something else in one table.
fn own(table: &str, column: &str) -> Option<&'static str> {
    let is_limit = column.starts_with("lower_") || column.starts_with("upper_");
    match (table, column) {
        ("before_after", _) if is_limit => Some("events per 100 person-years"),
        ("psa", "draws") => Some("draws"),
        ("cba_lines" | "cba_scenarios", "cohort" | "people_at_full_effect") => Some("people"),
        ("cba_scenarios", "payback_years") => Some("years"),
        ("cba_scenarios", "chance_above_nothing") => Some("share of draws"),
        ("cba_scenarios", "benefit_for_a_pound") => Some("pounds for a pound"),
        ("cba_lines", "units_each") => Some("units for a person and year"),
        ("cba_inputs" | "tornado", "value" | "central" | "low" | "high") => Some("as the column unit says"),
        ("cba_lines", "grade") => Some("grade of evidence, 1 to 6"),
        ("cba_lines", "discount_factor") | ("cba_grid", "effect") => Some("ratio"),
        ("cba_lines", "pounds" | "present_value" | "fiscal" | "economic" | "social" | "cashable" | "unit_cost")
        | (
            "cba_scenarios",
            "cost" | "benefit" | "net" | "net_lower_90" | "net_upper_90" | "paid" | "budgets_spared" | "budget_net"
            | "cashable",
        )
        | ("tornado", "net_at_low" | "net_at_high" | "swing")
        | ("cba_grid", "net" | "unit_cost")
        | ("psa", "middle" | "lower_95" | "lower_90" | "lower_50" | "upper_50" | "upper_90" | "upper_95") => {
            Some("pounds sterling")
        }
        ("sensitivity" | "effects" | "event_study", _) if is_limit || column == "ratio" => Some("ratio"),
        ("inequality", "slope_index") => Some("percentage points"),
        ("inequality", _) if is_limit => Some("percentage points"),
        ("spc", "value" | "centre" | "lower_limit" | "upper_limit") => Some("as in outcomes.csv or demand.csv"),
        ("linkage_quality", "numerator" | "denominator") => Some("as its measure says"),
        ("linkage_quality", "value" | "low" | "high") => Some("percent for a share, else as its measure says"),
        (_, "numerator" | "denominator") => Some("what the metric counts"),
        _ => None,
    }
}
