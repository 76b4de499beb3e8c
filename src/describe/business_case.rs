//! The business case: what it is worked out by, every formula in words.

use super::page::Block;
use crate::economics::case::items::{Item, Items};
use crate::economics::case::schedules::{Grade, Rate, Schedules};
use crate::economics::price_index::Change;

/// The page, with the schedules and the unit costs of a project.
pub fn page(schedules: &Schedules, items: &Items) -> Vec<Block> {
    let mut blocks = arithmetic();
    blocks.extend(measures());
    blocks.extend(limits());
    blocks.extend(tables(schedules, items));
    blocks
}

/// From people to pounds.
fn arithmetic() -> Vec<Block> {
    vec![
        Block::Heading(1, "The business case".to_owned()),
        Block::text(
            "Each file under `business_cases` in the settings is one case: who begins in each year, what it costs, and what happens less often. The form is that of the cost-benefit model of Greater Manchester and of the Treasury's Green Book. Copy `config/business_case/stockport.toml`, which says what each key is for; `pathlink describe schema business_case` is its JSON Schema.",
        ),
        Block::Heading(2, "From people to pounds".to_owned()),
        Block::steps([
            "People: those who begin in a year × the share who take it up (engagement) × the share who stay (retention).",
            "Units avoided in full by one of them in a year: how often it happens without the pathway (need) × (1 − effect) × (1 − deadweight). The effect is how often with the pathway over how often without; where the need comes from the run, it is the rate in the year after over the effect, also where the effect is another: in draws, at the ends of its interval, and in the cautious case.",
            "In the year in which they begin: units × (1 − lag). In the n-th year after it: units × (1 − drop-off), n − 1 times over. Everybody who began so far is added up.",
            "A change in the same people enters as an effect after what of it was to be expected by itself is taken off: (rate of the year after over that of the year before) over (expected rate over rate of the year before). The expected rate is that of the run for the metric that the pathway is `selected_on` (regression to the mean), or `by_itself` as the case gives it; where there is none, one is taken and `cba_inputs.csv` says so.",
            "Optimism bias: units × (1 − the percentage of the grade of evidence). `cba_lines.csv` has units before and after it, and each line worked out in numbers; `cba_inputs.csv` has every number with its interval and source.",
            "Unit cost: price as given × price index × what a scenario multiplies it by (`unit_cost_factor`). Price index: (1 + the change of prices) for each year after that of the price, up to the case's year, one times the other; one over that where the price is of a later year. Costs are brought to the case's year likewise.",
            "Pounds: units × unit cost, in the prices of the case's year. Costs: pounds × (1 + the percentage of their grade).",
            "Present value: pounds × discount factor. The first year is not discounted; each later year's factor is that of the year before over (1 + the rate).",
        ]),
    ]
}

/// What lines come to.
fn measures() -> Vec<Block> {
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    vec![
        Block::Heading(2, "What it comes to".to_owned()),
        Block::Table(
            vec!["Measure", "How"],
            vec![
                row(["net present value", "present value of all benefits less that of all costs"]),
                row(["benefits for each pound of cost", "the one over the other"]),
                row([
                    "years until it has paid for itself",
                    "until benefits less costs, added up, are above nothing and stay there; a straight line inside the year",
                ]),
                row([
                    "fiscal, economic, social",
                    "a benefit's shares: public budgets, the economy, people's well-being",
                ]),
                row([
                    "cashable",
                    "the fiscal part × the share that somebody can take out of a budget: 0 unless you say otherwise",
                ]),
                row([
                    "net present budget impact",
                    "the fiscal part of benefits less costs that are paid; what is given in kind is in the economic case alone",
                ]),
                row([
                    "effect or unit cost at which it breaks even",
                    "the value at which the net present value is nothing, everything else as it is: the present value that this benefit must have (its own less the net present value) over its own, times the unit cost; or times 1 − effect, where the need is given; where the need comes from the run, the effect follows from the need that goes with it",
                ]),
                row([
                    "is spared less what it pays",
                    "of one budget: the fiscal part of its benefits less the costs that it carries, in kind too",
                ]),
                row(["fiscal return for each pound paid", "the fiscal part of benefits over costs that are paid"]),
                row([
                    "fall at full effect, in 100",
                    "100 × (1 − effect); how often without the pathway is the need, and with it the need × effect",
                ]),
                row([
                    "chance that it is worth more than it costs",
                    "share of draws in which the net present value is above nothing",
                ]),
                row([
                    "swing",
                    "the net present value at one end of an input's interval less that at the other, without its sign",
                ]),
                row([
                    "benchmark",
                    "what was promised elsewhere, set beside the fall at full effect; it is in no figure of the case",
                ]),
            ],
        ),
    ]
}

/// How sure it is, and what is refused.
fn limits() -> Vec<Block> {
    vec![
        Block::Heading(2, "How sure it is".to_owned()),
        Block::list([
            "One input at a time: the net present value with it at each end of its 95 % interval (`tornado.csv`), and with effect and unit cost together (`cba_grid.csv`).",
            "All inputs at once: 10,000 draws, the same every night. Effects are lognormal, shares beta, other numbers gamma, by their mean and by a standard error of the interval's width over 3.92. All effects of a case are drawn together, as if whoever finds one too large finds all too large; a rate in the year after that was found with its effect is lognormal, and a part of the effect: the covariance of their logarithms is the variance of the rate's less one over its people (`psa.csv`).",
            "Scenarios: the base case; the cautious case, with every effect and cost at the end of its interval that speaks against it; and those of your own. `cba_scenarios.csv` has them side by side, with what each of them sets.",
        ]),
        Block::Heading(2, "What is refused".to_owned()),
        Block::list([
            "Deadweight on an effect that has a comparison: the comparison has taken it off.",
            "A change in the same people without deadweight. It is divided by the change to be expected by itself, is graded 1 of 5, and the case says so first.",
            "A cost or a unit cost without its price year and source; a cashability that is not from 0 to 1; shares that are not one together.",
            "An effect or a rate that this run did not estimate or may not show: the case has no figures then, and its row says what to do.",
        ]),
    ]
}

/// Schedules and unit costs, each with its edition and where it is from.
fn tables(schedules: &Schedules, items: &Items) -> Vec<Block> {
    vec![
        Block::Heading(2, "Discount rates".to_owned()),
        Block::text("A case names one schedule (`discount`). Checked says whether a rate was read in its source."),
        Block::Table(
            vec!["Discount rates", "Years", "Percent", "Edition", "Checked", "Source"],
            schedules.rates.iter().map(rate).collect(),
        ),
        Block::Heading(2, "Optimism bias".to_owned()),
        Block::text(
            "Each cost and each benefit has a grade of evidence. Checked says whether the percentage was read in its source; every case says where one was not.",
        ),
        Block::Table(
            vec!["Grade of evidence", "Optimism bias, percent", "Evidence", "Checked", "Source"],
            schedules.grades.iter().map(grade).collect(),
        ),
        Block::Heading(2, "Price index".to_owned()),
        Block::text(
            "How prices changed to each financial year from the one before. A provisional change is revised in the next edition: `pathlink compare` says what that moved. Another table is `index_file` under [costs].",
        ),
        Block::Table(
            vec!["Financial year", "Change, percent", "Status", "Edition", "Source"],
            schedules.prices.changes().iter().map(change).collect(),
        ),
        Block::Heading(2, "Unit costs".to_owned()),
        Block::text(
            "As they were given, each in the prices of its own year, from `config/unit_costs.csv` or the project's own list and [costs] in the settings. A benefit names one (`item`), or gives pounds of its own with their price year and source.",
        ),
        Block::Table(
            vec!["Item", "Pounds", "Low and high", "Price year", "Edition and source"],
            items.iter().map(|(name, item)| unit_cost(name, item.as_ref())).collect(),
        ),
    ]
}

fn change(change: &Change) -> Vec<String> {
    let Change { percent, status, edition, source, .. } = change;
    vec![change.financial_year(), format!("{percent:?}"), status.clone(), edition.clone(), source.clone()]
}

/// An item that the user is to price has no pounds.
fn unit_cost(name: &str, item: Option<&Item>) -> Vec<String> {
    let Some(Item { pounds, price_year, source }) = item else {
        let none = "none until you give it under [[costs.local]]";
        return vec![name.to_owned(), none.to_owned(), String::new(), String::new(), String::new()];
    };
    let range = format!("{:.2} to {:.2}", pounds.low, pounds.high);
    vec![name.to_owned(), format!("{:.2}", pounds.central), range, price_year.clone(), source.clone()]
}

fn rate(rate: &Rate) -> Vec<String> {
    let Rate { schedule, from, to, percent, edition, is_verified, source } = rate;
    let years = format!("{from} to {to}");
    vec![schedule.clone(), years, format!("{percent:?}"), edition.clone(), yes(*is_verified), source.clone()]
}

fn grade(grade: &Grade) -> Vec<String> {
    let Grade { grade, percent, evidence, is_verified, source } = grade;
    vec![grade.to_string(), format!("{percent:?}"), evidence.clone(), yes(*is_verified), source.clone()]
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}
