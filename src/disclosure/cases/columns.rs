//! Columns of the tables of business cases.

use crate::disclosure::sheets::{Column, Kind, column};

/// Of `cba_lines.csv`.
pub(super) const LINES: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column(
        "scenario",
        Kind::Text,
        "base; cautious: every effect and cost at the end of its interval that speaks against the case; or one of the case's own",
    ),
    column("year", Kind::Text, "the financial year; the first is not discounted"),
    column("line", Kind::Text, "the cost or the benefit"),
    column("kind", Kind::Text, "benefit, or what the cost is of: capital, revenue, in_kind"),
    column("agency", Kind::Text, "whose budget it falls on, or carries less"),
    column(
        "cohort",
        Kind::Decimal,
        "people of the plan, of all cohorts so far who took it up and stayed; empty for a cost",
    ),
    column(
        "people_at_full_effect",
        Kind::Decimal,
        "the same, each counted by how much of the effect there is: 1 less the lag in the year in which they begin, then less the drop-off year by year; empty for a cost",
    ),
    column(
        "units_each",
        Kind::Decimal,
        "units that one of them avoids in a year: need, times 1 less the effect, times 1 less the deadweight; empty for a cost",
    ),
    column("units_before_bias", Kind::Decimal, "people at full effect times units each; empty for a cost"),
    column("units", Kind::Decimal, "units avoided, optimism bias taken off; empty for a cost"),
    column("unit", Kind::Text, "what is counted"),
    column("unit_cost", Kind::Decimal, "pounds for one"),
    column("pounds", Kind::Decimal, "units times unit cost; of a cost with optimism bias on top"),
    column("discount_factor", Kind::Decimal, "what a pound of the year is worth in the first"),
    column("present_value", Kind::Decimal, "pounds times the discount factor"),
    column("fiscal", Kind::Decimal, "the part of it that falls to public budgets: value of activity, not cash"),
    column("economic", Kind::Decimal, "the part that falls to the economy"),
    column("social", Kind::Decimal, "the part that is people's well-being"),
    column("cashable", Kind::Decimal, "the part of the fiscal value that can be taken out of a budget"),
    column("grade", Kind::Whole, "the grade of the evidence, 1 to 6"),
    column("optimism_bias_percent", Kind::Decimal, "what is put on the cost or taken off the benefit for it"),
    column("source", Kind::Text, "where the numbers come from"),
    column("worked", Kind::Text, "the line worked out, from the inputs of cba_inputs.csv to its present value"),
];

/// Of `cba_inputs.csv`.
pub(super) const INPUTS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column("line", Kind::Text, "the cost or the benefit that it is an input of; empty for one of the whole case"),
    column("input", Kind::Text, "what it is"),
    column(
        "year",
        Kind::Text,
        "the financial year, where it has another value in each; of a price and of a price index, the year in whose prices it was given",
    ),
    column("value", Kind::Decimal, "the value that the scenario is worked out with"),
    column("low", Kind::Decimal, "the lower end of its 95 % interval; empty where it is taken as known"),
    column("high", Kind::Decimal, "the upper end"),
    column("unit", Kind::Text, "what the value is in"),
    column("source", Kind::Text, "where it comes from"),
];

/// Of `cba_summary.csv`.
pub(super) const SUMMARY: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("title", Kind::Text, "what a reader calls it"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column(
        "part",
        Kind::Text,
        "effect: what changes for people; economic: all costs and benefits; financial: public budgets alone; agency: one of them; break_even; uncertainty; benchmark",
    ),
    column("measure", Kind::Text, "what it is"),
    column("agency", Kind::Text, "whose budget, in rows of agencies"),
    column("value", Kind::Decimal, "the value at the best estimates"),
    column("lower_90", Kind::Decimal, "5 in 100 draws lie below"),
    column("upper_90", Kind::Decimal, "5 in 100 draws lie above"),
    column("unit", Kind::Text, "what the value is in"),
    column("price_year", Kind::Text, "the year of all prices"),
    column("plain_english", Kind::Text, "the finding in a sentence"),
    column("marker", Kind::Text, "x not available: the note says why; z not applicable; empty for a plain value"),
    column("note", Kind::Text, "what it rests on, and how not to read it"),
];

/// Of `cba_scenarios.csv`.
pub(super) const SCENARIOS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column("differs", Kind::Text, "what the scenario sets, and what that is in the base case"),
    column("cohort", Kind::Decimal, "people of the plan, of all years, who take it up and stay"),
    column("cost", Kind::Decimal, "present value of all costs, whoever bears them"),
    column("benefit", Kind::Decimal, "present value of all benefits, whoever has them"),
    column("net", Kind::Decimal, "net present value: benefits less costs"),
    column("net_lower_90", Kind::Decimal, "5 in 100 draws of the net present value lie below"),
    column("net_upper_90", Kind::Decimal, "5 in 100 draws lie above"),
    column("benefit_for_a_pound", Kind::Decimal, "benefits for each pound of cost"),
    column(
        "payback_years",
        Kind::Decimal,
        "years until it has paid for itself; empty where it does not in these years",
    ),
    column("chance_above_nothing", Kind::Decimal, "share of draws in which it is worth more than it costs"),
    column("paid", Kind::Decimal, "present value of what is paid; what is given in kind is not in it"),
    column(
        "budgets_spared",
        Kind::Decimal,
        "present value of what public budgets are spared: value of activity, not cash",
    ),
    column("budget_net", Kind::Decimal, "what budgets are spared less what is paid"),
    column("cashable", Kind::Decimal, "the part of what budgets are spared that can be taken out of them"),
    column("marker", Kind::Text, "c hidden; x not available: the note says why; empty for a plain row"),
    column("note", Kind::Text, "why there are no figures and what to do, or that it does not pay for itself"),
];

/// Of `tornado.csv`.
pub(super) const TORNADO: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("rank", Kind::Whole, "1 moves the net present value most"),
    column("input", Kind::Text, "the input that is moved; all others are as estimated"),
    column("central", Kind::Decimal, "its best estimate"),
    column("low", Kind::Decimal, "the lower end of its interval"),
    column("high", Kind::Decimal, "the upper end of its interval"),
    column("net_at_low", Kind::Decimal, "net present value at the lower end, in pounds"),
    column("net_at_high", Kind::Decimal, "net present value at the upper end, in pounds"),
    column("swing", Kind::Decimal, "how far apart they are, in pounds"),
    column("unit", Kind::Text, "what the input is in"),
    column(
        "plain_english",
        Kind::Text,
        "each end of the interval, and by how much the case is worth more or less than it costs with it",
    ),
];

/// Of `cba_grid.csv`.
pub(super) const GRID: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("benefit", Kind::Text, "the benefit whose effect and unit cost are moved together"),
    column("effect", Kind::Decimal, "how often with the pathway over how often without"),
    column("unit_cost", Kind::Decimal, "pounds for one"),
    column("net", Kind::Decimal, "net present value, in pounds"),
];

/// Of `psa.csv`.
pub(super) const PSA: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column("year", Kind::Text, "benefits less costs up to the end of this financial year"),
    column("lower_95", Kind::Decimal, "2.5 in 100 draws lie below, in pounds"),
    column("lower_90", Kind::Decimal, "5 in 100 draws lie below"),
    column("lower_50", Kind::Decimal, "25 in 100 draws lie below"),
    column("middle", Kind::Decimal, "half of the draws lie below"),
    column("upper_50", Kind::Decimal, "25 in 100 draws lie above"),
    column("upper_90", Kind::Decimal, "5 in 100 draws lie above"),
    column("upper_95", Kind::Decimal, "2.5 in 100 draws lie above"),
    column("draws", Kind::Whole, "how often all inputs were drawn together"),
    column("plain_english", Kind::Text, "by how much it is worth more or less than it costs so far"),
];
