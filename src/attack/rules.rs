//! What can be seen in a row by itself: a count that is not rounded, a hidden row with a number in it, a marker that
//! there is not.

use super::{Finding, Published, Rules};

/// Counts of people or of what happened to them, by heading.
const COUNTS: [&str; 8] =
    ["numerator", "denominator", "people", "of_people", "events", "person_years", "excluded", "appointments"];
/// Headings whose cells are counts in one table only.
const OWN_COUNTS: [(&str, &str); 1] = [("data_quality", "count")];
/// The markers.
const MARKERS: [&str; 8] = ["", "c", "u", "x", "z", "a", "low", "r"];
/// The marker of a hidden row.
const HIDDEN: &str = "c";
/// The marker of a row of which an earlier release showed other numbers, and the tables that are held against earlier ones;
/// the summary says it of a row of theirs.
const REVISED: &str = "r";
const COMPARED: [&str; 3] = ["outcomes", "demand", "funder_summary"];

/// The rows of a table that are not as the rules want them.
pub(super) fn check(table: &Published, rules: Rules) -> Vec<Finding> {
    let finding = |row: usize, what: String| Finding { table: table.name.clone(), row: row + 1, what };
    let is_count = |heading: &&String| {
        COUNTS.contains(&heading.as_str()) || OWN_COUNTS.contains(&(table.name.as_str(), heading.as_str()))
    };
    let counts: Vec<&str> = table.headings.iter().filter(is_count).map(String::as_str).collect();
    let mut findings = Vec::new();
    for row in 0..table.rows.len() {
        let marker = table.cell(row, "marker");
        if !MARKERS.contains(&marker) {
            findings.push(finding(row, "its marker is none that a release has".to_owned()));
        }
        if marker == REVISED && !COMPARED.contains(&table.name.as_str()) {
            findings
                .push(finding(row, "it is marked as revised, and its table is held against no earlier one".to_owned()));
        }
        if marker == REVISED && counts.iter().all(|heading| table.cell(row, heading).is_empty()) {
            findings.push(finding(row, "it is marked as revised, and shows no count".to_owned()));
        }
        for heading in &counts {
            let cell = table.cell(row, heading);
            match cell.parse::<u64>() {
                Ok(_) if marker == HIDDEN => {
                    findings.push(finding(row, format!("it is marked as hidden, and `{heading}` is not")));
                }
                Ok(count) if count % rules.round_to != 0 => {
                    findings
                        .push(finding(row, format!("`{heading}` is not rounded to the nearest {}", rules.round_to)));
                }
                // People are what the rule is about: nothing may have happened to many of them.
                Ok(0) if rules.hides_nobody && *heading == "people" => {
                    findings.push(finding(row, "it shows that there is nobody, which its rules hide".to_owned()));
                }
                Ok(_) => {}
                Err(_) if cell.is_empty() => {}
                Err(_) => findings.push(finding(row, format!("`{heading}` is not a whole number"))),
            }
        }
        if let Some(what) = people(table, row, rules) {
            findings.push(finding(row, what.to_owned()));
        }
        if marker == HIDDEN && !table.cell(row, "value").is_empty() {
            findings.push(finding(row, "it is marked as hidden, and its value is not".to_owned()));
        }
    }
    findings
}

/// What is wrong with the people of a row: as many as its rules hide, or none where something happened to somebody.
fn people(table: &Published, row: usize, rules: Rules) -> Option<&'static str> {
    let count = |heading: &str| table.cell(row, heading).parse::<u64>().ok();
    let own = count("people")?;
    if own > 0 && own + (rules.round_to - 1) / 2 < rules.threshold {
        return Some("`people` is fewer than its rules let be shown");
    }
    let is_of_nobody = own == 0 && count("numerator").or_else(|| count("events")).is_some_and(|events| events > 0);
    is_of_nobody.then_some("it counts what happened to nobody")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cells: [&str; 4]) -> Vec<String> {
        let table = Published {
            name: "outcomes".to_owned(),
            headings: ["numerator", "denominator", "value", "marker"].map(str::to_owned).to_vec(),
            rows: vec![cells.map(str::to_owned).to_vec()],
        };
        check(&table, Rules { threshold: 8, round_to: 5, hides_nobody: false })
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn a_row_is_rounded_or_hidden_and_nothing_else() {
        assert!(found(["10", "20", "50", ""]).is_empty());
        assert!(found(["", "", "", "c"]).is_empty());
        assert_eq!(found(["12", "20", "60", ""]), ["`numerator` is not rounded to the nearest 5"]);
        assert_eq!(found(["", "20", "", "c"]), ["it is marked as hidden, and `denominator` is not"]);
        assert_eq!(found(["", "", "50", "c"]), ["it is marked as hidden, and its value is not"]);
        assert_eq!(found(["ten", "20", "", ""]), ["`numerator` is not a whole number"]);
        assert_eq!(found(["", "", "", "?"]), ["its marker is none that a release has"]);
    }

    #[test]
    fn a_revised_row_shows_what_was_revised() {
        assert!(found(["10", "20", "50", "r"]).is_empty());
        assert_eq!(found(["12", "20", "60", "r"]), ["`numerator` is not rounded to the nearest 5"]);
        assert_eq!(found(["", "", "", "r"]), ["it is marked as revised, and shows no count"]);
    }

    #[test]
    fn a_table_that_is_held_against_no_earlier_one_has_nothing_revised() {
        let cells = |marker: &str| ["10", marker].map(str::to_owned).to_vec();
        let headings = ["people", "marker"].map(str::to_owned).to_vec();
        let table = Published { name: "flow".to_owned(), headings, rows: vec![cells(""), cells("r")] };
        let found = check(&table, Rules { threshold: 8, round_to: 5, hides_nobody: false });
        let what = "it is marked as revised, and its table is held against no earlier one".to_owned();
        assert_eq!(found, [Finding { table: "flow".to_owned(), row: 2, what }]);
    }
}
