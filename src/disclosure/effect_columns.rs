//! The columns of the tables of effects: names, kinds, meanings.

use super::sheets::{Column, Kind, column};

const PATHWAY: Column = column("pathway", Kind::Text, "the redesigned pathway");
const COMPARATOR: Column = column("comparator", Kind::Text, "the pathway that it is compared with");
const METRIC_ID: Column = column("metric_id", Kind::Text, "the outcome: a rate of before_after.csv by its id");
const METRIC: Column = column("metric", Kind::Text, "what is counted");

/// Columns of the effects.
pub(super) const EFFECTS: &[Column] = &[
    PATHWAY,
    COMPARATOR,
    METRIC_ID,
    METRIC,
    column(
        "design",
        Kind::Text,
        "before_after: the same people, a change and not an effect; matched: people of the comparator who are like them; did: change over the change of those; its, its_controlled: month by month around the index date",
    ),
    column(
        "grade",
        Kind::Whole,
        "Maryland scale of how far a design can be trusted: 1 before and after, 2 and 3 with a comparison, 5 an experiment",
    ),
    column("planned", Kind::Text, "yes where the analysis plan has this outcome and design; else no"),
    column("primary", Kind::Text, "yes for the outcome that the plan says decides; else no"),
    column("estimate_type", Kind::Text, "what the estimate is"),
    column(
        "estimate",
        Kind::Decimal,
        "the ratio, two significant figures; below 1 less happened than without the pathway; empty where the marker or the caution says why",
    ),
    column("lower_95", Kind::Decimal, "lower limit of the 95 % interval"),
    column("upper_95", Kind::Decimal, "upper limit of the 95 % interval"),
    column(
        "p_value",
        Kind::Decimal,
        "chance of a ratio as far from 1 were there no difference; 0.0001 stands for less, too",
    ),
    column(
        "difference_per_100_person_years",
        Kind::Decimal,
        "events more (or, with a minus, fewer) for every 100 people on the pathway in a year than without it",
    ),
    column("difference_lower_95", Kind::Decimal, "lower limit of that"),
    column("difference_upper_95", Kind::Decimal, "upper limit of that"),
    column("people", Kind::Whole, "people on the pathway who are in it, rounded to the nearest 5"),
    column("comparator_people", Kind::Whole, "people beside them, rounded to the nearest 5"),
    column("events", Kind::Whole, "events of the pathway's people after the index date, rounded to the nearest 5"),
    column("comparator_events", Kind::Whole, "events of those beside them, rounded to the nearest 5"),
    column("dispersion", Kind::Decimal, "chi-square over degrees of freedom; above 1 where people differ much"),
    column(
        "e_value",
        Kind::Decimal,
        "how strongly something unmeasured would have to go with both pathway and outcome to explain the estimate away",
    ),
    column("e_value_interval", Kind::Decimal, "the same for the limit nearer to 1; 1 where the interval holds 1"),
    column(
        "rtm_expected",
        Kind::Decimal,
        "before_after only: the ratio to expect by itself, from each person's use before and how the registered population differs",
    ),
    column("caution", Kind::Text, "why there is no estimate, where there is none; then what to keep in mind"),
    column(
        "marker",
        Kind::Text,
        "c hidden: fewer than 8 people with events, or the threshold of the rules, stand behind a part of it; x not available; z no estimate; empty for a plain value",
    ),
    column("plan_sha256", Kind::Text, "SHA-256 of the analysis plan"),
    column("plan_first_seen", Kind::Text, "the day on which a run first used that plan"),
];

/// Columns of the table of balance.
pub(super) const BALANCE: &[Column] = &[
    PATHWAY,
    COMPARATOR,
    column("covariate", Kind::Text, "what people are matched by, measured before the index date"),
    column("level", Kind::Text, "the level that the row is of; empty for numbers"),
    column(
        "smd_before",
        Kind::Decimal,
        "standardised difference of everyone on the two pathways, two significant figures",
    ),
    column("smd_after", Kind::Decimal, "the same of those who were matched, in the same standard deviations"),
    column("variance_ratio", Kind::Decimal, "variance of the pathway's matched people over that of those beside them"),
    column("missing_percent", Kind::Whole, "people of both pathways of whom it is not known, of rounded counts"),
    column("is_balanced", Kind::Text, "yes where the difference after matching is under 0.1; empty where it is hidden"),
    column("marker", Kind::Text, "c hidden: a level that few people have, or lack; empty for a plain value"),
];

/// Columns of the event study.
pub(super) const MONTHS: &[Column] = &[
    PATHWAY,
    COMPARATOR,
    METRIC_ID,
    METRIC,
    column(
        "planned",
        Kind::Text,
        "yes where the analysis plan has the difference in differences of this outcome; else no",
    ),
    column(
        "month",
        Kind::Whole,
        "-1 is the month before the index date, which the others are compared with, and 1 the one after it",
    ),
    column(
        "ratio",
        Kind::Decimal,
        "rate of the pathway's matched people over that of those beside them, over that ratio in month -1",
    ),
    column("lower_95", Kind::Decimal, "lower limit of the ratio"),
    column("upper_95", Kind::Decimal, "upper limit of the ratio"),
    column(
        "months_before_p_value",
        Kind::Decimal,
        "chance of months before as uneven as these had the two groups moved alike, of all months together; small where they did not",
    ),
    column(
        "marker",
        Kind::Text,
        "c hidden: fewer than 8 people with events in the month or in month -1; z an arm has no events; empty for a plain value",
    ),
];

/// Columns of the table of sensitivity.
pub(super) const SENSITIVITY: &[Column] = &[
    PATHWAY,
    COMPARATOR,
    column(
        "analysis",
        Kind::Text,
        "what is different: the caliper, how many stand beside each, without those who died, without the first month, a model in which people differ by more than chance (negative binomial); negative control: an outcome that the pathway cannot change, where a difference warns",
    ),
    METRIC_ID,
    METRIC,
    column("design", Kind::Text, "matched or did, as in effects.csv"),
    column("estimate", Kind::Decimal, "the ratio, two significant figures"),
    column("lower_95", Kind::Decimal, "lower limit of the 95 % interval"),
    column("upper_95", Kind::Decimal, "upper limit of the 95 % interval"),
    column("people", Kind::Whole, "people on the pathway who are in it, rounded to the nearest 5"),
    column("comparator_people", Kind::Whole, "people beside them, rounded to the nearest 5"),
    column("events", Kind::Whole, "events of the pathway's people after the index date, rounded to the nearest 5"),
    column("comparator_events", Kind::Whole, "events of those beside them, rounded to the nearest 5"),
    column("caution", Kind::Text, "why there is no estimate; empty where there is one"),
    column(
        "marker",
        Kind::Text,
        "c hidden: too few people with events stand behind a part of it; z no estimate; empty for a plain value",
    ),
];
