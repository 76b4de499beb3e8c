//! The business case from outside: followed with a calculator, and refused where it would rest on nothing.

use std::collections::BTreeMap;

use crate::book::{Book, Cell};
use crate::program::{Project, Table, pathlink};
use crate::report::bundled;
use crate::support::root;

fn number(table: &Table, row: &[String], name: &str) -> f64 {
    table.cell(row, name).parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))
}

/// The value of a measure of the base case.
fn value(summary: &Table, measure: &str) -> f64 {
    let is_it = |row: &&Vec<String>| {
        summary.cell(row, "scenario") == "base"
            && summary.cell(row, "measure") == measure
            && summary.cell(row, "agency").is_empty()
    };
    number(summary, summary.rows().iter().find(is_it).unwrap_or_else(|| panic!("no {measure}")), "value")
}

#[test]
fn a_finance_director_with_a_calculator_gets_the_printed_figures() {
    let project = bundled();
    let release = project.good_run(&[]).join("release");
    let [lines, summary, effects, rates] = ["cba_lines", "cba_summary", "effects", "before_after"]
        .map(|name| Table::read(&release.join(format!("{name}.csv"))));
    let mut present: BTreeMap<bool, f64> = BTreeMap::new();
    let mut first_units = None;
    for row in lines.rows().iter().filter(|row| lines.cell(row, "scenario") == "base") {
        let of = |name: &str| number(&lines, row, name);
        assert!((of("pounds") * of("discount_factor") - of("present_value")).abs() < 0.01, "{row:?}");
        let is_benefit = lines.cell(row, "kind") == "benefit";
        if is_benefit {
            assert!((of("units") * of("unit_cost") - of("pounds")).abs() < 0.05, "{row:?}");
            let kept = 1.0 - of("optimism_bias_percent") / 100.0;
            assert!((of("units_before_bias") * kept - of("units")).abs() < 0.001, "{row:?}");
            first_units = first_units.or(Some((of("cohort"), of("units_before_bias"))));
        }
        *present.entry(is_benefit).or_default() += of("present_value");
    }
    assert!((present[&true] - value(&summary, "present value of benefits")).abs() < 0.05);
    assert!((present[&false] - value(&summary, "present value of costs")).abs() < 0.05);
    assert!((present[&true] - present[&false] - value(&summary, "net present value")).abs() < 0.1);
    assert!((present[&true] / present[&false] - value(&summary, "benefits for each pound of cost")).abs() < 0.0002);
    // From people to units: 200 × 0.75 × 0.8 people, (rate after over effect) less rate after, half of it in the first year.
    let of = |table: &Table, place: &[(&str, &str)], name: &str| {
        let row = table.rows().iter().find(|row| place.iter().all(|(column, text)| table.cell(row, column) == *text));
        number(table, row.unwrap(), name)
    };
    let effect = of(&effects, &[("pathway", "prevention"), ("metric_id", "px_rate_ed"), ("design", "did")], "estimate");
    let place = [("pathway", "prevention"), ("metric_id", "px_rate_ed"), ("window", "after")];
    let after = of(&rates, &place, "rate_per_100_person_years") / 100.0;
    let (cohort, units) = first_units.unwrap();
    assert!((cohort - 120.0).abs() < 1e-9);
    assert!((units - cohort * (after / effect - after) * 0.5).abs() < 0.01, "{units}");
    // Agencies apart, and nothing of it is cash.
    let spared: f64 = summary
        .rows()
        .iter()
        .filter(|row| summary.cell(row, "scenario") == "base" && summary.cell(row, "measure") == "is spared")
        .map(|row| number(&summary, row, "value"))
        .sum();
    assert!((spared - value(&summary, "present value of what public budgets are spared")).abs() < 0.05);
    assert!(value(&summary, "of which cashable").abs() < f64::EPSILON);
    let funder = std::fs::read_to_string(release.join("funder_summary.csv")).unwrap();
    assert!(funder.contains("For every £1 that goes in"), "{funder}");
    let fan = Table::read(&release.join("psa.csv"));
    let scenarios: Vec<&str> = fan.rows().iter().map(|row| fan.cell(row, "scenario")).collect();
    assert_eq!(scenarios.len(), 15, "five years of three scenarios");
    assert!(scenarios.contains(&"cautious") && scenarios.contains(&"half_as_many_take_it_up"));
}

/// A small project with the case of a file changed.
fn changed(from: &str, to: &str) -> Project {
    let project = Project::synth(&["--people", "400", "--seed", "3"]);
    let text = std::fs::read_to_string(root().join("config/business_case/stockport.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(project.path("case.toml"), text.replace(from, to)).unwrap();
    project.edit("pathlink.toml", |text| text.replace("business_cases = []", "business_cases = [\"case.toml\"]"));
    project
}

#[test]
fn an_effect_that_is_not_shown_gives_no_figure_and_says_what_to_do() {
    // Few people: their effects are not estimated, or hidden.
    let project = changed("design = \"did\"", "design = \"matched\"");
    let release = project.good_run(&[]).join("release");
    let summary = Table::read(&release.join("cba_summary.csv"));
    assert_eq!(summary.rows().len(), 3, "a row for each scenario");
    for row in summary.rows() {
        assert_eq!([summary.cell(row, "marker"), summary.cell(row, "value")], ["c", ""]);
        let note = summary.cell(row, "note");
        assert!(note.contains("hidden in this run: it rests on too few") && note.contains("give the number"), "{note}");
    }
    let lines = Table::read(&release.join("cba_lines.csv"));
    assert!(lines.rows().is_empty());
    let page = std::fs::read_to_string(release.join("report.html")).unwrap();
    assert!(page.contains("there is no business case yet"));
}

#[test]
fn a_case_that_counts_too_much_is_refused_before_anything_is_read() {
    for (from, to, why) in [
        ("cashability = 0.0", "cashability = 1.2", "`cashability` that is not from 0 to 1"),
        ("design = \"did\"", "design = \"before_after\"", "has no deadweight"),
        (
            "lag = {",
            "deadweight = { value = 0.2, source = \"x\" }\nlag = {",
            "takes deadweight off an effect that has a comparison",
        ),
        ("price_year = \"2024/25\"\ngrade = 2", "grade = 2", "no price year"),
        ("item = \"ae_attendance\"", "item = \"ae_atendance\"", "did you mean `ae_attendance`?"),
        ("pathway = \"prevention\"", "pathway = \"prevntion\"", "did you mean `prevention`?"),
        ("discount = \"green_book\"", "discount = \"grey_book\"", "is not a schedule of discount rates"),
        ("retention =", "retension =", "retension"),
    ] {
        let done = changed(from, to).run(&[]);
        assert_eq!(done.code, 3, "{to}: {}", done.stderr);
        assert!(done.stderr.contains(why), "{to}: {}", done.stderr);
    }
}

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
        let need = of("need") + of("rate") / of("effect");
        let each = need * (1.0 - of("effect")) * (1.0 - of("deadweight"));
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
        .replace("design = \"did\", of_run = \"px_rate_ed\" }", "design = \"before_after\", of_run = \"px_rate_gp\" }\ndeadweight = { value = 0.3, low = 0.2, high = 0.4, source = \"invented\" }")
        .replace("need = { of_run = \"px_rate_ed\" }", "need = { value = 4.5, source = \"invented\" }")
        .replace("cashability = 0.0", "cashability = 0.4\nfiscal = 0.6\neconomic = 0.3\nsocial = 0.1")
        .replacen("kind = \"revenue\"", "kind = \"capital\"", 1)
        .replace("price_year = \"2024/25\"\ngrade = 4", "price_year = \"2022/23\"\ngrade = 4")
        .replace("people = [200, 200, 200]", "people = [120.5, 0, 300]");
    std::fs::write(project.path("other.toml"), text).unwrap();
    project.edit("pathlink.toml", |text| text.replace("[\"case.toml\"]", "[\"case.toml\", \"other.toml\"]"));
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
            units * inputs.of(line, "unit cost", "")
        } else {
            let plan = inputs.of(line, "pounds before optimism bias", year);
            plan * inputs.of(line, "multiplied by", "") * (1.0 + inputs.of(line, "optimism bias", ""))
        };
        let present = pounds * inputs.of("", "discount factor", year);
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

const TABLES: [&str; 6] = ["cba_inputs", "cba_lines", "cba_summary", "tornado", "cba_grid", "psa"];

/// Every number of a case in any table of a release.
fn numbers_of(release: &std::path::Path, case: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in TABLES {
        let table = Table::read(&release.join(format!("{name}.csv")));
        for row in table.rows().iter().filter(|row| table.cell(row, "case") == case) {
            let numbers = row.iter().filter(|cell| cell.parse::<f64>().is_ok());
            found.extend(numbers.map(|cell| format!("{name} {cell}")));
        }
    }
    found
}

/// One benefit of two rests on few: nothing of the case is shown, for the line that may be shown and the total would tell the other.
#[test]
fn a_line_that_rests_on_few_people_takes_every_figure_of_its_case_with_it() {
    let project = bundled();
    let alone = project.good_run(&[]).join("release");
    let text = std::fs::read_to_string(project.path("case.toml")).unwrap();
    let (head, rest) = text.split_once("[[benefit]]").unwrap();
    let (benefit, tail) = rest.split_once("[[scenario]]").unwrap();
    let few = benefit
        .replace("A&E attendances avoided", "Self-harm avoided")
        .replace("need = { of_run = \"px_rate_ed\" }", "need = { of_run = \"px_rate_self_harm\" }")
        .replace(
            "design = \"did\", of_run = \"px_rate_ed\"",
            "design = \"trial\", ratio = 0.8, low = 0.7, high = 0.9, source = \"a trial\"",
        );
    let both = format!("{head}[[benefit]]{benefit}[[benefit]]{few}[[scenario]]{tail}");
    std::fs::write(project.path("both.toml"), both.replace("id = \"stockport\"", "id = \"both\"")).unwrap();
    project.edit("pathlink.toml", |text| text.replace("[\"case.toml\"]", "[\"case.toml\", \"both.toml\"]"));
    let run = project.good_run(&[]);
    let release = run.join("release");
    let rates = Table::read(&release.join("before_after.csv"));
    let is_it = |row: &&Vec<String>| {
        ["pathway", "window", "metric_id"].map(|name| rates.cell(row, name))
            == ["prevention", "after", "px_rate_self_harm"]
    };
    assert_eq!(rates.cell(rates.rows().iter().find(is_it).unwrap(), "marker"), "c");
    assert_eq!(numbers_of(&release, "both"), Vec::<String>::new());
    let summary = Table::read(&release.join("cba_summary.csv"));
    let marks: Vec<&str> = summary
        .rows()
        .iter()
        .filter(|row| summary.cell(row, "case") == "both")
        .map(|row| summary.cell(row, "marker"))
        .collect();
    assert_eq!(marks, ["c"; 3]);
    // The case beside it, of the line that is shown, is the same to the last digit whether or not the other is there.
    assert_eq!(numbers_of(&release, "stockport"), numbers_of(&alone, "stockport"));
    assert!(numbers_of(&release, "stockport").len() > 500);
    // What is kept for `compare` has no more.
    let grounds = std::fs::read_to_string(run.join("internal/business_cases.json")).unwrap();
    let grounds: serde_json::Value = serde_json::from_str(&grounds).unwrap();
    let rate = &grounds["answers"]["rates"]["prevention px_rate_self_harm"];
    assert!(
        rate.is_null() && grounds["answers"]["rates"].as_object().unwrap().contains_key("prevention px_rate_self_harm")
    );
    assert!(!release.join("business_cases.json").exists());
}

/// The bundled people, two of whom come to A&E so often in the year after that nearly all visits are theirs, and once more or less.
fn dominated(more: usize) -> Project {
    let project = bundled();
    let people = Table::read(&root().join("fixtures/year/truth/people.csv"));
    let known = |row: &&Vec<String>| {
        people.cell(row, "arms") == "prevention"
            && people.cell(row, "death").is_empty()
            && people.cell(row, "moved_out").is_empty()
            && people.cell(row, "index_dates") < "2024-06-01"
    };
    let two: Vec<[String; 2]> = people
        .rows()
        .iter()
        .filter(known)
        .map(|row| ["nhs_number", "index_dates"].map(|name| people.cell(row, name).to_owned()))
        .take(2)
        .collect();
    assert_eq!(two.len(), 2);
    project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
        let mut lines = text.trim_end().to_owned();
        for (at, [number, index]) in two.iter().enumerate() {
            let (year, rest) = index.split_once('-').unwrap();
            // In the year after the index date, well before its end.
            let day = format!("{}-{}", year.parse::<u32>().unwrap() + u32::from(&rest[..2] > "06"), if &rest[..2] > "06" { "01-15" } else { "10-15" });
            for visit in 0..700 + at * more {
                lines += &format!("\n{number},01,,A9{at}{visit:04},,,,,ZA1,01,1,{day},08:{:02}:00,21522001,,{day},09:{:02}:00,182992009,,", visit % 60, visit % 60);
            }
        }
        lines + "\n"
    });
    project
}

#[test]
fn a_cost_that_two_people_dominate_is_hidden_and_one_visit_more_changes_no_byte_of_the_case() {
    let shown: Vec<Vec<Vec<u8>>> = [0, 1]
        .map(|more| {
            let project = dominated(more);
            let release = project.good_run(&[]).join("release");
            let rates = Table::read(&release.join("before_after.csv"));
            let is_it = |row: &&Vec<String>| {
                ["pathway", "window", "metric_id"].map(|name| rates.cell(row, name))
                    == ["prevention", "after", "px_rate_ed"]
            };
            let row = rates.rows().iter().find(is_it).unwrap();
            assert_eq!(["people", "events", "marker"].map(|name| rates.cell(row, name)), ["", "", "c"]);
            let costs = Table::read(&release.join("costs.csv"));
            let hidden = costs.rows().iter().filter(|row| {
                ["pathway", "window", "marker"].map(|name| costs.cell(row, name)) == ["prevention", "after", "c"]
            });
            let services: Vec<&str> = hidden.map(|row| costs.cell(row, "service")).collect();
            assert!(services.len() >= 2 && services.contains(&"total"), "{services:?}");
            assert_eq!(numbers_of(&release, "stockport"), Vec::<String>::new());
            TABLES.map(|name| std::fs::read(release.join(format!("{name}.csv"))).unwrap()).to_vec()
        })
        .to_vec();
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn compare_says_that_a_case_is_hidden_and_gives_no_number() {
    let project = bundled();
    let name = |run: std::path::PathBuf| run.file_name().unwrap().to_string_lossy().into_owned();
    let first = name(project.good_run(&["-q"]));
    let text = std::fs::read_to_string(dominated(0).path("in/emergency_care/ZA1_ECDS.csv")).unwrap();
    std::fs::write(project.path("in/emergency_care/ZA1_ECDS.csv"), text).unwrap();
    let last = name(project.good_run(&["-q"]));
    for pair in [[&first, &last], [&last, &first]] {
        let done = pathlink(&project.path(""), &["compare", pair[0], pair[1], "--most", "0"]);
        let own: Vec<&str> = done.stdout.lines().filter(|line| line.starts_with("business case")).collect();
        assert_eq!(own.len(), 3, "{}", done.stdout);
        assert!(
            own.iter().all(|line| line.contains(&format!("not shown in {last}: hidden: ")) && !line.contains('£')),
            "{own:?}"
        );
    }
}
