//! What can be seen in a row by itself: a count that is not rounded, a hidden row with a number in it, a marker that
//! there is not.

use super::{Finding, Published, Rules};

/// Counts of people or of what happened to them, by heading.
const COUNTS: [&str; 8] =
    ["numerator", "denominator", "people", "of_people", "events", "person_years", "excluded", "appointments"];
/// Headings whose cells are counts in one table only.
const OWN_COUNTS: [(&str, &str); 1] = [("data_quality", "count")];
/// The markers.
const MARKERS: [&str; 7] = ["", "c", "u", "x", "z", "a", "low"];
/// The marker of a hidden row.
const HIDDEN: &str = "c";

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
                Ok(_) => {}
                Err(_) if cell.is_empty() => {}
                Err(_) => findings.push(finding(row, format!("`{heading}` is not a whole number"))),
            }
        }
        if marker == HIDDEN && !table.cell(row, "value").is_empty() {
            findings.push(finding(row, "it is marked as hidden, and its value is not".to_owned()));
        }
    }
    findings
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
        check(&table, Rules { threshold: 8, round_to: 5 }).into_iter().map(|finding| finding.what).collect()
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
}
