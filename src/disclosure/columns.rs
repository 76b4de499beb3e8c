//! The columns of released tables: names, kinds, meanings. Headings and metadata are read from here.

use super::sheets::{Column, Kind, column};

/// Columns of the figure tables.
pub(super) const FIGURE_COLUMNS: &[Column] = &[
    column("period_start", Kind::Date, "first day of the period"),
    column("period_end", Kind::Date, "last day of the period"),
    column(
        "period",
        Kind::Text,
        "month, financial quarter or year, or twelve months; 2025/26 Q2 is July to September 2025",
    ),
    column("pathway", Kind::Text, "everyone, or the pathway on which the row's episode or event started"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("breakdown", Kind::Text, "how the figure is divided"),
    column("level", Kind::Text, "the part that this row is about"),
    column(
        "numerator",
        Kind::Whole,
        "what is counted, rounded to the nearest 5; empty for means and medians, or where the marker says why",
    ),
    column("denominator", Kind::Whole, "what it is out of, rounded to the nearest 5; empty for counts"),
    column("people", Kind::Whole, "different people behind the figure, rounded to the nearest 5"),
    column(
        "value",
        Kind::Decimal,
        "the figure in its unit: a rounded count, a whole percentage, a mean or a median. The percentage is of exact counts where that gives nobody away, else of the rounded ones where they are at least 80",
    ),
    column("unit", Kind::Text, "what the value is in: count, people, days, percent, ..."),
    column("lower_95", Kind::Decimal, "lower limit of the 95 % interval; empty for counts"),
    column("upper_95", Kind::Decimal, "upper limit of the 95 % interval; empty for counts"),
    column(
        "method",
        Kind::Text,
        "how the interval was made; of rounded counts where a percentage of exact ones would tell too much",
    ),
    column("standard", Kind::Text, "the national standard, where there is one"),
    column("target", Kind::Text, "what the place has agreed to reach, and with whom; empty without a target"),
    column(
        "marker",
        Kind::Text,
        "c hidden; u too few for a percentage; x not available; z not applicable; r revised: an earlier release showed another numerator, denominator, number of people or value in this row; empty for a plain value",
    ),
    column(
        "provisional",
        Kind::Text,
        "p where a later submission may change a part of what it rests on; final; not_stated where coverage does not say",
    ),
    column("note", Kind::Text, "what the metric rests on that is not verified; empty for nothing"),
    column(
        "known_percent",
        Kind::Decimal,
        "on rows of the level not_known: completeness, the share of what the undivided row counts of which the level is known, a whole percentage of the counts that the two rows show; empty where one of them is not shown, and on other rows",
    ),
];

/// Columns of the before after tables.
pub(super) const BEFORE_AFTER_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("role", Kind::Text, "redesigned or comparator"),
    column(
        "window",
        Kind::Text,
        "before: the 365 days before the index date; after: the 365 days after it; the index day is in neither",
    ),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("people", Kind::Whole, "people with observed time, rounded to the nearest 5"),
    column("events", Kind::Whole, "events on observed days, rounded to the nearest 5"),
    column("person_years", Kind::Whole, "time observed, rounded to the nearest 5 years"),
    column("rate_per_100_person_years", Kind::Decimal, "rounded events per 100 rounded person-years"),
    column("lower_95", Kind::Decimal, "lower limit of the rate, two significant figures"),
    column("upper_95", Kind::Decimal, "upper limit of the rate, two significant figures"),
    column("method", Kind::Text, "how the interval was made"),
    column(
        "dispersion",
        Kind::Decimal,
        "chi-square over degrees of freedom; above 1 where some people have many events",
    ),
    column("after_before_ratio", Kind::Decimal, "rate after over rate before, on the after row; not an effect"),
    column("ratio_lower_95", Kind::Decimal, "lower limit of the ratio"),
    column("ratio_upper_95", Kind::Decimal, "upper limit of the ratio"),
    column(
        "ratio_method",
        Kind::Text,
        "how its interval was made: robust, people as clusters; exact with fewer than ten independent events on a side",
    ),
    column(
        "expected_rate_per_100_person_years",
        Kind::Decimal,
        "on the after row of what the arm was selected on: the rate to expect by itself, from each person's use before and how people of the registered population differ; two significant figures",
    ),
    column("expected_rate_gap_30", Kind::Decimal, "the same without the last 30 days before the index"),
    column("expected_rate_gap_90", Kind::Decimal, "the same without the last 90 days before the index"),
    column("coverage_percent", Kind::Whole, "share of the window's days that were observed"),
    column(
        "deaths_per_1000_person_years",
        Kind::Decimal,
        "deaths after the index; empty where the next column says why",
    ),
    column(
        "deaths_marker",
        Kind::Text,
        "c hidden, because they are too few to show; x deaths or moves are not known equally in every arm; z before the index; empty for a plain value",
    ),
    column(
        "design",
        Kind::Text,
        "before_after; mechanical: the service supplies the index event; unascertained: deaths or moves not known equally",
    ),
    column("caution", Kind::Text, "how the row is to be read"),
    column("marker", Kind::Text, "c hidden; x not available; z not applicable; empty for a plain value"),
    column("ratio_marker", Kind::Text, "the marker of the ratio, on the after row"),
];

/// Columns of the flow tables.
pub(super) const FLOW_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("stage", Kind::Text, "what the people have in common"),
    column("people", Kind::Whole, "people, rounded to the nearest 5"),
    column("excluded", Kind::Whole, "people of the stage before who are not in this one, rounded to the nearest 5"),
    column("reason", Kind::Text, "why they are not"),
    column("marker", Kind::Text, "c hidden; empty for a plain value"),
];
