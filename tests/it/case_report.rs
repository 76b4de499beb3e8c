//! The business case on the report and side by side: in people's terms, with what was promised elsewhere, in whole pounds.

use crate::program::Table;
use crate::report::bundled;

/// A row by what stands in some of its columns.
fn row<'a>(table: &'a Table, wanted: &[(&str, &str)]) -> &'a Vec<String> {
    let is_it = |row: &&Vec<String>| wanted.iter().all(|(column, own)| table.cell(row, column) == *own);
    table.rows().iter().find(is_it).unwrap_or_else(|| panic!("{wanted:?}"))
}

fn number(table: &Table, row: &[String], name: &str) -> f64 {
    table.cell(row, name).parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))
}

/// Whole hundredths that a ratio is below one.
fn fall(ratio: f64) -> String {
    format!("a fall of {:.0} in 100", 100.0 * (1.0 - ratio))
}

/// The section of the business case with its pictures and without its tables, as words.
fn section(page: &str) -> String {
    let (_, section) = page.split_once("<section aria-labelledby=\"business-case\">").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    let mut words = String::new();
    let mut rest = section;
    while let Some((before, after)) = rest.split_once("<table>") {
        words.push_str(before);
        rest = after.split_once("</table>").unwrap().1;
    }
    words.push_str(rest);
    words.replace("&amp;", "&").replace("&#x27;", "'")
}

#[test]
fn the_section_speaks_of_people_in_whole_pounds_and_sets_the_benchmark_beside_what_was_found() {
    let project = bundled();
    let release = project.good_run(&[]).join("release");
    let [summary, inputs] = ["cba_summary", "cba_inputs"].map(|name| Table::read(&release.join(format!("{name}.csv"))));
    let words = section(&std::fs::read_to_string(release.join("report.html")).unwrap());
    let says = |what: &str| assert!(words.contains(what), "{what}: {words}");
    let input = |line: &str, name: &str| {
        let is_it = |row: &&Vec<String>| {
            ["scenario", "line"].map(|name| inputs.cell(row, name)) == ["base", line]
                && inputs.cell(row, "input").starts_with(name)
        };
        inputs.rows().iter().find(is_it).unwrap()
    };
    // People: the rate after for 100 people, that over the effect, and the interval of the effect as a fall.
    let (rate, effect) = (input("A&E attendances avoided", "rate"), input("A&E attendances avoided", "effect"));
    let after = 100.0 * number(&inputs, rate, "value");
    let [central, low, high] = ["value", "low", "high"].map(|name| number(&inputs, effect, name));
    says(&format!(
        "for every 100 people about {after:.0} a year with the pathway rather than about {:.0} without it, {} (we are 19 in 20 sure that it lies between {} and {})",
        after / central,
        fall(central),
        fall(high),
        fall(low)
    ));
    says("of 600 people who begin about 360 take it up and stay");
    // Break-even, as another fall and as another price.
    let even = |measure: &str| number(&summary, row(&summary, &[("scenario", "base"), ("measure", measure)]), "value");
    says(&format!("with {} rather than {}", fall(even("effect at which it breaks even")), fall(central)));
    let cost = number(&inputs, input("A&E attendances avoided", "unit cost"), "value");
    says(&format!("with a unit cost of £{:.0} rather than £{cost:.0}", even("unit cost at which it breaks even")));
    // What others promise beside it.
    says(&format!(
        "Elsewhere 7 % less cost was promised. This case finds {} (A&E attendances avoided).",
        fall(central)
    ));
    for sentence in [
        "The economic case: ",
        "The financial case: ",
        "Present value: ",
        "Optimism bias: ",
        "No budget can be cut for it",
    ] {
        says(sentence);
    }
    // Every amount in prose and in pictures is whole pounds, save what comes back for one of them.
    for after in words.split('£').skip(1) {
        let amount: String = after.chars().take_while(|own| own.is_ascii_digit() || [',', '.'].contains(own)).collect();
        let amount = amount.trim_end_matches(['.', ',']);
        assert!(!amount.contains('.') || amount.starts_with("0."), "£{amount}");
        let whole: f64 = amount.replace(',', "").parse().unwrap();
        assert!(whole < 1_000.0 || amount.contains(','), "£{amount}");
    }
    assert!(!words.contains("not worked out"));
    // Each budget is a row, with what it is spared less what it pays.
    for agency in ["acute hospital", "funder of the pathway", "voluntary sector"] {
        let of = |measure: &str| {
            let wanted = [("scenario", "base"), ("agency", agency), ("measure", measure)];
            number(&summary, row(&summary, &wanted), "value")
        };
        assert!((of("is spared") - of("pays") - of("is spared less what it pays")).abs() < 0.02, "{agency}");
    }
}

#[test]
fn scenarios_stand_side_by_side_with_what_each_sets() {
    let project = bundled();
    let release = project.good_run(&[]).join("release");
    let [summary, scenarios] =
        ["cba_summary", "cba_scenarios"].map(|name| Table::read(&release.join(format!("{name}.csv"))));
    let names: Vec<&str> = scenarios.rows().iter().map(|row| scenarios.cell(row, "scenario")).collect();
    assert_eq!(names, ["base", "cautious", "half_as_many_take_it_up"]);
    let differs: Vec<&str> = scenarios.rows().iter().map(|row| scenarios.cell(row, "differs")).collect();
    assert_eq!(differs[0], "the best estimates");
    assert!(
        differs[1].contains("Link workers: multiplied by 1.2 rather than 1") && differs[1].contains("effect "),
        "{differs:?}"
    );
    assert_eq!(differs[2], "share who take it up 0.375 rather than 0.75");
    for own in scenarios.rows() {
        let scenario = scenarios.cell(own, "scenario");
        for (column, measure, cell) in [
            ("cost", "present value of costs", "value"),
            ("benefit", "present value of benefits", "value"),
            ("net", "net present value", "value"),
            ("net_lower_90", "net present value", "lower_90"),
            ("net_upper_90", "net present value", "upper_90"),
            ("benefit_for_a_pound", "benefits for each pound of cost", "value"),
            ("payback_years", "years until it has paid for itself", "value"),
            ("chance_above_nothing", "chance that it is worth more than it costs", "value"),
            ("paid", "present value of what is paid", "value"),
            ("budgets_spared", "present value of what public budgets are spared", "value"),
            ("budget_net", "net present budget impact", "value"),
        ] {
            let there = row(&summary, &[("scenario", scenario), ("measure", measure)]);
            assert_eq!(scenarios.cell(own, column), summary.cell(there, cell), "{scenario} {column}");
        }
    }
}
