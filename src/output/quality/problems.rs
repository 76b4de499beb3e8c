//! Problems: one line for each thing to do, the most important first. The same check on the same heading of several files
//! is one problem, because one message to one sender mends it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{CheckCount, Fault, FileQuality};
use crate::error::grouped;
use crate::ingest::checks;

/// Source, table, outcome or check, heading and check: what problems are told together by.
type Where<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, &'a str);

/// How important a problem is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A file that could not be read, or that is not there.
    Error,
    /// A gate that a run would stop at.
    Gate,
    /// Rows that were rejected.
    Reject,
    /// Cells that became empty.
    Warning,
}

impl Kind {
    /// The word in front of a line.
    pub fn word(self) -> &'static str {
        ["error", "gate", "rejected", "warning"][self as usize]
    }
}

/// One thing to do.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// How important it is.
    pub kind: Kind,
    /// The code of the error or check.
    pub code: String,
    /// The source's id.
    pub source: &'static str,
    /// The files, in order.
    pub files: Vec<String>,
    /// What is wrong, where and why.
    pub text: String,
    /// What to do.
    pub fix: String,
    /// Rows or cells concerned; none for a whole file.
    pub rows: Option<u64>,
}

impl Problem {
    /// Of an error.
    pub fn of_fault(kind: Kind, source: &'static str, file: Option<&str>, fault: &Fault) -> Self {
        let why: String = fault.why.iter().flat_map(|line| ["; ", line.as_str()]).collect();
        Self {
            kind,
            code: fault.code.to_owned(),
            source,
            files: file.map(str::to_owned).into_iter().collect(),
            text: format!("{}{why}", fault.what),
            fix: fault.fix.clone(),
            rows: None,
        }
    }

    /// The problem in one line.
    pub fn line(&self) -> String {
        format!("{} {}: {}. Fix: {}", self.kind.word(), self.code, self.text, self.fix)
    }
}

/// Every problem of some files, those of required tables that sent none, and warnings of whole folders.
pub fn problems(files: &[FileQuality], missing: Vec<Problem>, of_folders: Vec<Problem>) -> Vec<Problem> {
    let mut all = missing;
    let mut by_check: BTreeMap<Where<'_>, Vec<(&FileQuality, &CheckCount)>> = BTreeMap::new();
    for file in files {
        let own = |kind: Kind, fault: &Fault| Problem::of_fault(kind, file.source, Some(&file.file), fault);
        all.extend(file.fault.iter().map(|fault| own(Kind::Error, fault)));
        all.extend(file.gate.iter().map(|fault| own(Kind::Gate, fault)));
        for count in &file.checks {
            let key = (file.source, file.table.as_str(), count.outcome, count.column.as_deref(), count.check.as_str());
            by_check.entry(key).or_default().push((file, count));
        }
    }
    let is_part_missing = files.iter().any(|file| file.fault.is_some()) || !all.is_empty();
    all.extend(by_check.into_values().filter_map(|found| of_check(&found, is_part_missing)));
    all.extend(of_folders);
    all.sort_by_key(|problem| (problem.kind, Reverse(problem.rows)));
    all
}

/// Of one check on one heading, in all files that failed it.
fn of_check(found: &[(&FileQuality, &CheckCount)], is_part_missing: bool) -> Option<Problem> {
    let (file, first) = found.first()?;
    let rows: u64 = found.iter().map(|(_, count)| count.rows).sum();
    let files: Vec<String> = found.iter().map(|(file, _)| file.file.clone()).collect();
    let place = if files.len() == 1 { files[0].clone() } else { format!("{} files of {}", files.len(), file.table) };
    let unit = match (first.outcome, rows) {
        ("reject", 1) => "row",
        ("reject", _) => "rows",
        (_, 1) => "cell",
        _ => "cells",
    };
    let about = first.column.as_deref().unwrap_or("the row");
    let mut text = format!("{place}: {} {unit}: {about} {}", grouped(rows), first.sentence);
    let mut fix = first.fix.to_owned();
    if first.check == checks::ORPHAN.id && is_part_missing {
        text.push_str("; a file that could not be read may hold it");
        "first mend the files that could not be read".clone_into(&mut fix);
    }
    Some(Problem {
        kind: if first.outcome == "reject" { Kind::Reject } else { Kind::Warning },
        code: first.check.clone(),
        source: file.source,
        files,
        text,
        fix,
        rows: Some(rows),
    })
}
