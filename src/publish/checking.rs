//! `checking/`: for the person who checks outputs before they leave. Says what each table rests on and what was done;
//! holds nothing that the release does not hold.

use std::fmt::Write as _;

use super::contents::Contents;
use super::verify::Verdict;

/// The files, by name.
pub(super) fn files(contents: &Contents, verdict: &Verdict) -> Vec<(&'static str, String)> {
    vec![("tables.csv", tables(contents)), ("audit.txt", audit(verdict)), ("checklist.txt", CHECKLIST.to_owned())]
}

/// Rows of each table, how many are shown, how many of these an earlier release showed with other numbers, and the smallest count of people that is.
fn tables(contents: &Contents) -> String {
    let mut text =
        "table,rows,rows_shown,rows_revised,rows_hidden,percentages_withheld,smallest_people_shown\r\n".to_owned();
    for table in &contents.tables {
        let marked = |marker: &str| (0..table.rows.len()).filter(|row| table.cell(*row, "marker") == marker).count();
        let people = (0..table.rows.len()).filter_map(|row| table.cell(row, "people").parse::<u64>().ok());
        let smallest = people.filter(|people| *people > 0).min().map_or_else(String::new, |people| people.to_string());
        let _ = write!(
            text,
            "{},{},{},{},{},{},{smallest}\r\n",
            table.name,
            table.rows.len(),
            marked("") + marked("r"),
            marked("r"),
            marked("c"),
            marked("u")
        );
    }
    text
}

fn audit(verdict: &Verdict) -> String {
    format!(
        "What was done\n\n\
         Rules: {}.\n\
         A figure that rests on too few people is hidden, and so is one whose complement does. Further figures are hidden, and\n\
         percentages of exact counts withheld, until no hidden number can be told from what is shown: over all figures of this\n\
         release and, where the same figures were released before, over those too. Everything else is rounded.\n\n\
         What was checked\n\n\
         {} tables with {} cells were attacked as a reader would: every hidden number ({} of them) was narrowed by all totals,\n\
         levels, periods, pathways, percentages and limits that are published. None came out closer than the rules allow.\n\n\
         What was not checked\n\n\
         What a reader may know from elsewhere about a person, and releases that were not made with this program.\n",
        verdict.rules, verdict.tables, verdict.cells, verdict.hidden
    )
}

/// What a person should look at all the same.
const CHECKLIST: &str = "Before this leaves\n\n\
[ ] The recipient is the one that was agreed, and may have figures of these services.\n\
[ ] Organisations that are named in it agreed to be named.\n\
[ ] No pathway's title, level or note says something about a person.\n\
[ ] `pathlink verify` on this folder ends without a finding.\n\
[ ] tables.csv: the smallest number of people shown is what the rules allow.\n\
[ ] Nothing else goes with it: no e-mail text, chart or slide with figures from internal/.\n";
