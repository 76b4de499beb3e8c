//! The business case in the workbook alone: every line followed from its inputs to the net present value.

use std::collections::BTreeMap;

use crate::book::{Book, Cell};
use crate::program::Project;
use crate::report::bundled;

/// A row of a worksheet by its headings.
type Row<'a> = BTreeMap<&'a str, &'a Cell>;

fn worksheet<'a>(book: &'a Book, name: &str) -> Vec<Row<'a>> {
    let rows = book.sheet(name).rows();
    let headings: Vec<&str> = rows[0].iter().map(|cell| cell.words()).collect();
    rows[1..].iter().map(|row| headings.iter().copied().zip(row.iter().copied()).collect()).collect()
}

fn words<'a>(row: &Row<'a>, heading: &str) -> &'a str {
    row[heading].words()
}

/// A number; nothing where shorthand says why there is none.
fn figure(row: &Row<'_>, heading: &str) -> Option<f64> {
    match row[heading] {
        Cell::Number(number) => Some(*number),
        Cell::Words(_) => None,
    }
}

/// What `cba_inputs` has of one scenario.
struct Inputs<'a>(Vec<&'a Row<'a>>);

impl Inputs<'_> {
    /// Nought where a plan has no number for a year.
    fn of(&self, line: &str, input: &str, year: &str) -> f64 {
        let line = if line.is_empty() { "[z]" } else { line };
        let year = if year.is_empty() { "[z]" } else { year };
        let is_it = |row: &&&Row<'_>| {
            words(row, "Line") == line && words(row, "Input").starts_with(input) && words(row, "Year") == year
        };
        let found: Vec<_> = self.0.iter().filter(is_it).collect();
        assert!(found.len() <= 1, "{line} {input} {year}");
        found.first().map_or(0.0, |row| figure(row, "Value").unwrap())
    }

    /// What prices are multiplied by: each yearly change that the source names, one after the other. It is printed as the same.
    fn index(&self, line: &str) -> f64 {
        let is_it = |row: &&&Row<'_>| words(row, "Line") == line && words(row, "Input").starts_with("price index");
        let row = self.0.iter().find(is_it).unwrap();
        let source = words(row, "Source");
        if source.ends_with("already") {
            return 1.0;
        }
        let (_, changes) = source.split_once(": ").unwrap();
        assert!(
            source.contains("NHS Cost Inflation Index") && source.contains("edition: Unit Costs of Health"),
            "{source}"
        );
        let (changes, _) = changes.split_once(';').unwrap();
        let of = |change: &str| change.split_once(" (").unwrap().0.parse::<f64>().unwrap();
        let product: f64 = changes.trim_start_matches("one over (").split(" × ").map(of).product();
        let by_hand = if changes.starts_with("one over") { 1.0 / product } else { product };
        assert!((figure(row, "Value").unwrap() - by_hand).abs() < 1e-9, "{source}");
        by_hand
    }

    /// An input of the year in whose prices it was given.
    fn as_given(&self, line: &str) -> f64 {
        let is_it = |row: &&&Row<'_>| words(row, "Line") == line && words(row, "Input") == "price as given";
        let row = self.0.iter().find(is_it).unwrap();
        assert!(words(row, "Year").contains('/'), "the year of its prices");
        figure(row, "Value").unwrap()
    }

    /// From the price as it was given to the unit cost of the case.
    fn unit_cost(&self, line: &str) -> f64 {
        let by_hand = self.as_given(line) * self.index(line) * self.of(line, "price multiplied by", "");
        assert!((self.of(line, "unit cost", "") - by_hand).abs() < 1e-4, "{line} {by_hand}");
        by_hand
    }

    /// The effect of a benefit: that of a comparison as it is, a change without what would have come of itself.
    fn effect(&self, line: &str) -> f64 {
        let of = |input: &str| self.of(line, input, "");
        let effect = of("effect");
        if of("change as found") > 0.0 {
            let by_hand = of("change as found") / of("change expected by itself");
            assert!((effect - by_hand).abs() < 1e-5, "{line} {by_hand}");
        }
        effect
    }

    /// From people to units of a benefit: at full effect, each, before optimism bias, after it.
    fn units(&self, line: &str, years: &[&str]) -> [f64; 4] {
        let of = |input: &str| self.of(line, input, "");
        let mut people = 0.0;
        for (began, year) in years.iter().enumerate() {
            let later = years.len() - 1 - began;
            let phase = if later == 0 { 1.0 - of("lag") } else { (1.0 - of("drop-off")).powi(later as i32 - 1) };
            people += self.of("", "people who begin", year) * phase;
        }
        people *= self.of("", "share who take it up", "") * self.of("", "share of those who stay", "");
        // Of the two one is there.
        let effect = self.effect(line);
        let need = of("need") + of("rate") / effect;
        let each = need * (1.0 - effect) * (1.0 - of("deadweight"));
        [people, each, people * each, people * each * (1.0 - of("optimism bias"))]
    }
}

/// The bundled case, and one that has everything: a change in the same people, deadweight, capital, a value that falls to all three,
/// and cash.
fn with_two_cases() -> Project {
    let project = bundled();
    let text = std::fs::read_to_string(project.path("case.toml")).unwrap();
    let text = text
        .replace("id = \"stockport\"", "id = \"other\"")
        .replace("design = \"did\", of_run = \"px_rate_ed\" }", "design = \"before_after\", of_run = \"px_rate_ed\" }\ndeadweight = { value = 0.3, low = 0.2, high = 0.4, source = \"invented\" }")
        .replace("need = { of_run = \"px_rate_ed\" }", "need = { value = 4.5, source = \"invented\" }")
        .replace("cashability = 0.0", "cashability = 0.4\nfiscal = 0.6\neconomic = 0.3\nsocial = 0.1")
        .replacen("kind = \"revenue\"", "kind = \"capital\"", 1)
        .replace("{ item = \"ae_attendance\" }", "{ value = 150, low = 120, high = 200, price_year = \"2022/23\", source = \"invented\" }")
        .replace("engagement = 0.375", "unit_cost_factor = 1.5\nengagement = 0.375")
        .replace("price_year = \"2024/25\"\ngrade = 4", "price_year = \"2022/23\"\ngrade = 4")
        .replace("people = [200, 200, 200]", "people = [120.5, 0, 300]");
    std::fs::write(project.path("other.toml"), text).unwrap();
    project.edit("pathlink.toml", |text| {
        // A price of the list in those of another year, too.
        let local = "local = [\n  { item = \"ae_attendance\", cost = 300.00, price_year = \"2022/23\", source = \"invented\" },";
        text.replace("local = [", local).replace("[\"case.toml\"]", "[\"case.toml\", \"other.toml\"]")
    });
    project
}

#[test]
fn the_workbook_alone_is_enough_to_follow_every_line_to_the_net_present_value() {
    let project = with_two_cases();
    let book = Book::read(&project.good_run(&[]).join("release/tables.xlsx"));
    let [inputs, lines, summary] = ["cba_inputs", "cba_lines", "cba_summary"].map(|name| worksheet(&book, name));
    let mut scenarios: Vec<[&str; 2]> =
        lines.iter().map(|row| ["Case", "Scenario"].map(|name| words(row, name))).collect();
    scenarios.dedup();
    assert_eq!(scenarios.len(), 6);
    for place in scenarios {
        let own = |row: &&Row<'_>| ["Case", "Scenario"].map(|name| words(row, name)) == place;
        let inputs = Inputs(inputs.iter().filter(own).collect());
        let lines: Vec<&Row<'_>> = lines.iter().filter(own).collect();
        let sums = followed(&inputs, &lines);
        for (measure, sum) in sums {
            let is_it = |row: &&Row<'_>| own(row) && words(row, "Measure") == measure && words(row, "Agency") == "[z]";
            let printed = figure(summary.iter().find(is_it).unwrap(), "Value").unwrap();
            let within = if measure.contains("each pound") { 0.0002 } else { 0.2 };
            assert!((printed - sum).abs() < within, "{place:?} {measure}: {printed}, by hand {sum}");
        }
    }
    a_number_of_the_run_is_where_its_source_says(&book, &inputs);
    // The formulas are there in words, and each input says where it comes from.
    let notes: String = worksheet(&book, "Notes").iter().map(|row| words(row, "What it says")).collect();
    for formula in ["Units each: need × (1 - effect) × (1 - deadweight).", "Present value: pounds × discount factor."]
    {
        assert!(notes.contains(formula), "{formula}");
    }
    assert!(inputs.iter().all(|row| words(row, "Source").len() > 3 || figure(row, "Value") == Some(0.0)));
    let set = inputs.iter().filter(|row| words(row, "Source").starts_with("as the scenario has it"));
    let set: Vec<[&str; 2]> = set.map(|row| [words(row, "Scenario"), words(row, "Input")]).collect();
    assert!(set.contains(&["half_as_many_take_it_up", "share who take it up"]), "{set:?}");
    assert!(
        set.contains(&["cautious", "multiplied by"]) && set.iter().all(|[scenario, _]| *scenario != "base"),
        "{set:?}"
    );
}

/// What comes from the run stands on other worksheets of the same workbook: the rate, the effect, and the change before it entered.
fn a_number_of_the_run_is_where_its_source_says(book: &Book, inputs: &[Row<'_>]) {
    let [rates, effects] = ["before_after", "effects"].map(|name| worksheet(book, name));
    let rate = |window: &str, heading: &str| {
        let wanted = [("Pathway", "prevention"), ("Metric ID", "px_rate_ed"), ("Window", window)];
        let row = rates.iter().find(|row| wanted.iter().all(|(heading, own)| words(row, heading) == *own)).unwrap();
        figure(row, heading).unwrap()
    };
    let wanted = [("Pathway", "prevention"), ("Metric ID", "px_rate_ed"), ("Design", "did")];
    let effect = effects.iter().find(|row| wanted.iter().all(|(heading, own)| words(row, heading) == *own)).unwrap();
    let of = |case: &str, input: &str| {
        let wanted = [("Case", case), ("Scenario", "base"), ("Line", "A&E attendances avoided")];
        let is_it = |row: &&Row<'_>| {
            wanted.iter().all(|(heading, own)| words(row, heading) == *own) && words(row, "Input").starts_with(input)
        };
        let row = inputs.iter().find(is_it).unwrap();
        (figure(row, "Value").unwrap(), words(row, "Source"))
    };
    let before = rate("before", "Rate per 100 person years");
    for (case, input, by_hand, named) in [
        ("stockport", "rate", rate("after", "Rate per 100 person years") / 100.0, ["before_after", "px_rate_ed"]),
        ("stockport", "effect", figure(effect, "Estimate").unwrap(), ["effects", "px_rate_ed by did"]),
        ("other", "change as found", rate("after", "After before ratio"), ["before_after", "px_rate_ed"]),
        (
            "other",
            "change expected by itself",
            rate("after", "Expected rate per 100 person years") / before,
            ["expected rate", "rate of the year before"],
        ),
    ] {
        let (printed, source) = of(case, input);
        assert!((printed - by_hand).abs() < 1e-5, "{case} {input}: {printed}, by hand {by_hand}");
        assert!(source.starts_with("this run") && named.iter().all(|name| source.contains(name)), "{source}");
    }
    // Without a correction the effect would be another.
    assert!((of("other", "change expected by itself").0 - 1.0).abs() > 0.01);
}

/// Works every line out from inputs alone and compares it with what is printed; what the lines come to.
fn followed(inputs: &Inputs<'_>, lines: &[&Row<'_>]) -> BTreeMap<&'static str, f64> {
    let mut years: Vec<&str> = lines.iter().map(|row| words(row, "Year")).collect();
    years.dedup();
    let mut sums = BTreeMap::<&str, f64>::new();
    for row in lines {
        let (line, year) = (words(row, "Line"), words(row, "Year"));
        let is_near = |heading: &str, by_hand: f64, within: f64| {
            let printed = figure(row, heading).unwrap();
            assert!((printed - by_hand).abs() <= within, "{line} {year} {heading}: {printed}, by hand {by_hand}");
        };
        let until = &years[..=years.iter().position(|own| *own == year).unwrap()];
        let is_benefit = words(row, "Kind") == "benefit";
        let pounds = if is_benefit {
            let [people, each, before, units] = inputs.units(line, until);
            is_near("People at full effect", people, 0.000_01);
            is_near("Units each", each, 0.000_01);
            is_near("Units before bias", before, 0.01);
            is_near("Units", units, 0.01);
            units * inputs.unit_cost(line)
        } else {
            let plan = inputs.of(line, "pounds as given", year) * inputs.index(line);
            assert!((inputs.of(line, "pounds before optimism bias", year) - plan).abs() < 1e-4, "{line} {plan}");
            plan * inputs.of(line, "multiplied by", "") * (1.0 + inputs.of(line, "optimism bias", ""))
        };
        // Each later year's factor is that of the year before over one more than the rate.
        let factor: f64 =
            until[1..].iter().map(|year| 1.0 / (1.0 + inputs.of("", "discount rate", year) / 100.0)).product();
        assert!((inputs.of("", "discount factor", year) - factor).abs() < 1e-9, "{year} {factor}");
        let present = pounds * factor;
        is_near("Pounds", pounds, 0.1);
        is_near("Present value", present, 0.1);
        let last = words(row, "Worked").rsplit_once("= £").unwrap().1.replace(',', "");
        is_near("Present value", last.parse().unwrap(), 0.001);
        let mut add = |measure: &'static str, part: f64| *sums.entry(measure).or_default() += part;
        if is_benefit {
            let share = |input: &str| present * inputs.of(line, input, "");
            let fiscal = share("share of public budgets");
            add("present value of benefits", present);
            add("present value of what public budgets are spared", fiscal);
            add("of which economic", share("share of the economy"));
            add("of which social", share("share of people's well-being"));
            add("of which cashable", fiscal * inputs.of(line, "share that can be taken out", ""));
        } else {
            add("present value of costs", present);
            add("present value of what is paid", if words(row, "Kind") == "in_kind" { 0.0 } else { present });
        }
    }
    let of = |measure: &str| sums[measure];
    let (benefit, cost) = (of("present value of benefits"), of("present value of costs"));
    let (fiscal, paid) = (of("present value of what public budgets are spared"), of("present value of what is paid"));
    let whole = [
        ("net present value", benefit - cost),
        ("benefits for each pound of cost", benefit / cost),
        ("net present budget impact", fiscal - paid),
        ("fiscal return for each pound paid", fiscal / paid),
    ];
    sums.into_iter().chain(whole).collect()
}
