//! The business case: what it is worked out by, every formula in words.

use super::page::Block;
use crate::economics::case::schedules::{Grade, Rate, Schedules};

/// The page, with the schedules of a project.
pub fn page(schedules: &Schedules) -> Vec<Block> {
    let mut blocks = arithmetic();
    blocks.extend(limits(schedules));
    blocks
}

/// From people to pounds, and what they come to.
fn arithmetic() -> Vec<Block> {
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
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
            "Optimism bias: units × (1 − the percentage of the grade of evidence). `cba_lines.csv` has units before and after it, and each line worked out in numbers; `cba_inputs.csv` has every number with its interval and source.",
            "Pounds: units × unit cost, in the prices of the case's year. Costs: pounds × (1 + the percentage of their grade).",
            "Present value: pounds × discount factor. The first year is not discounted; each later year's factor is that of the year before over (1 + the rate).",
        ]),
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
                    "the value at which the net present value is nothing, everything else as it is",
                ]),
            ],
        ),
    ]
}

/// How sure it is, what is refused, and by which schedules.
fn limits(schedules: &Schedules) -> Vec<Block> {
    vec![
        Block::Heading(2, "How sure it is".to_owned()),
        Block::list([
            "One input at a time: the net present value with it at each end of its 95 % interval (`tornado.csv`), and with effect and unit cost together (`cba_grid.csv`).",
            "All inputs at once: 10,000 draws, the same every night. Effects are lognormal, shares beta, other numbers gamma, by their mean and by a standard error of the interval's width over 3.92. All effects of a case are drawn together, as if whoever finds one too large finds all too large; a rate in the year after that was found with its effect is lognormal, and a part of the effect: the covariance of their logarithms is the variance of the rate's less one over its people (`psa.csv`).",
            "Scenarios: the base case; the cautious case, with every effect and cost at the end of its interval that speaks against it; and those of your own.",
        ]),
        Block::Heading(2, "What is refused".to_owned()),
        Block::list([
            "Deadweight on an effect that has a comparison: the comparison has taken it off.",
            "A change in the same people without deadweight. It is divided by the change to be expected by itself, is graded 1 of 5, and the case says so first.",
            "A cost or a unit cost without its price year and source; a cashability that is not from 0 to 1; shares that are not one together.",
            "An effect or a rate that this run did not estimate or may not show: the case has no figures then, and its row says what to do.",
        ]),
        Block::Heading(2, "Schedules".to_owned()),
        Block::Table(
            vec!["Discount rates", "Years", "Percent", "Edition", "Checked", "Where"],
            schedules.rates.iter().map(rate).collect(),
        ),
        Block::Table(
            vec!["Grade of evidence", "Optimism bias, percent", "Evidence", "Checked"],
            schedules.grades.iter().map(grade).collect(),
        ),
        Block::text(
            "Checked says whether a percentage was read in its source; every case says where one of optimism bias was not. Both tables are in `config/discount_rates.csv` and `config/optimism_bias.csv`. Unit costs are those of `config/unit_costs.csv` and [costs] in the settings, brought to the case's price year by the price index.",
        ),
    ]
}

fn rate(rate: &Rate) -> Vec<String> {
    let Rate { schedule, from, to, percent, edition, is_verified, source } = rate;
    let years = format!("{from} to {to}");
    vec![schedule.clone(), years, format!("{percent:?}"), edition.clone(), yes(*is_verified), source.clone()]
}

fn grade(grade: &Grade) -> Vec<String> {
    let Grade { grade, percent, evidence, is_verified } = grade;
    vec![grade.to_string(), format!("{percent:?}"), evidence.clone(), yes(*is_verified)]
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}
