//! Counts: how many rows and cells failed each check.

use std::collections::BTreeMap;

use super::CheckCount;
use crate::ingest::StagedFile;
use crate::ingest::checks::{self, Check};

/// The check with a code.
fn known(id: &str) -> Option<&'static Check> {
    checks::ALL.iter().find(|check| check.id == id).copied()
}

/// Rejected rows by column and check, then emptied cells, each the most frequent first.
pub(super) fn of(file: &StagedFile) -> Vec<CheckCount> {
    let mut counts: BTreeMap<(Outcome, String, String), u64> = BTreeMap::new();
    for reject in &file.rejects {
        *counts.entry((Outcome::Reject, reject.column.clone(), reject.check.clone())).or_default() += 1;
    }
    // Rows that were counted and not listed have no column.
    for (check, count) in &file.tally.rejected {
        let listed = file.rejects.iter().filter(|reject| reject.check == *check).count() as u64;
        if *count > listed {
            *counts.entry((Outcome::Reject, String::new(), check.clone())).or_default() += count - listed;
        }
    }
    for (key, count) in &file.tally.warnings {
        let (column, check) = key.rsplit_once(' ').unwrap_or((key, ""));
        counts.insert((Outcome::Warning, column.to_owned(), check.to_owned()), *count);
    }
    let one = |((severity, column, check), rows): ((Outcome, String, String), u64)| {
        let about = known(&check);
        CheckCount {
            outcome: if severity == Outcome::Reject { "reject" } else { "warning" },
            column: Some(column).filter(|column| !column.is_empty()),
            rows,
            sentence: about.map_or("", |about| about.sentence),
            fix: about.map_or("", |about| about.fix),
            check,
        }
    };
    let mut found: Vec<CheckCount> = counts.into_iter().map(one).collect();
    found.sort_by_key(|count| (count.outcome != "reject", std::cmp::Reverse(count.rows)));
    found
}

/// What a check did to a row, in the order of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Reject,
    Warning,
}
