//! Headings found against expected, and the dialect that parts the heading row best.

use serde::Serialize;

use crate::ingest::quotes::Format;
use crate::ingest::trial;
use crate::settings::{Caps, nearest};
use crate::sources::dialect::DELIMITERS;
use crate::sources::{Dialect, Sources, TablePlan};

/// Headings of a file beside those of its table.
#[derive(Debug, Default, Serialize)]
pub struct Headings {
    /// Expected headings that are there as written in the standard.
    pub found: Vec<String>,
    /// Expected headings that are there under another name: expected, found.
    pub by_alias: Vec<(String, String)>,
    /// Expected headings that are not there.
    pub missing: Vec<Missing>,
    /// Headings that nothing reads. Their names only where the first row is surely a heading row, else their places.
    pub extra: Vec<String>,
    /// Whether the first row is surely a heading row: most of its fields are known names.
    pub is_sure: bool,
}

/// An expected heading that is not there.
#[derive(Debug, Serialize)]
pub struct Missing {
    /// The heading.
    pub heading: String,
    /// Whether the file is refused without it.
    pub is_required: bool,
    /// The extra heading most like it.
    pub nearest: Option<String>,
}

/// How many names a table knows.
pub(super) fn known(plan: &TablePlan, names: &[String]) -> usize {
    names.iter().filter(|name| plan.knows(name)).count()
}

/// Whether a first row is surely a heading row.
pub(super) fn is_sure(plan: &TablePlan, names: &[String]) -> bool {
    !names.is_empty() && known(plan, names) * 2 >= names.len()
}

/// Compares.
pub(super) fn compare(plan: &TablePlan, names: &[String]) -> Headings {
    let is_sure = is_sure(plan, names);
    let mut headings = Headings { is_sure, ..Headings::default() };
    let place = |wanted: &str| names.iter().find(|name| name.eq_ignore_ascii_case(wanted));
    let extra: Vec<(usize, &String)> = names.iter().enumerate().filter(|(_, name)| !plan.knows(name)).collect();
    let like = |heading: &str| {
        let found = nearest(heading, extra.iter().map(|(_, name)| name.as_str()));
        found.filter(|_| is_sure).map(str::to_owned)
    };
    let mut seen = std::collections::BTreeSet::new();
    let provider = plan.provider.iter().map(|heading| {
        let all: Vec<String> = std::iter::once(heading).chain(&plan.provider_aliases).cloned().collect();
        (heading.clone(), all, !plan.provider_is_optional)
    });
    let columns = plan.columns.iter().map(|column| (column.heading.clone(), column.headings(), column.is_required));
    for (heading, all, is_required) in provider.chain(columns) {
        if heading.is_empty() || !seen.insert(heading.clone()) {
            continue;
        }
        match all.iter().find_map(|name| place(name)) {
            Some(found) if found.eq_ignore_ascii_case(&heading) => headings.found.push(heading),
            Some(found) => headings.by_alias.push((heading, found.clone())),
            None => headings.missing.push(Missing { nearest: like(&heading), heading, is_required }),
        }
    }
    headings.missing.sort_by_key(|missing| !missing.is_required);
    let shown = |(at, name): &(usize, &String)| if is_sure { (*name).clone() } else { format!("column {}", at + 1) };
    headings.extra = extra.iter().map(shown).collect();
    headings
}

/// The delimiter that parts the first line into most known names, else into most parts; and how a config writes it.
pub(super) fn delimiter(start: &[u8], plans: &[&TablePlan], caps: Caps) -> Option<(u8, &'static str)> {
    let score = |(byte, _): &(u8, &'static str)| {
        let names = names(start, &Dialect { delimiter: *byte, ..Dialect::default() }, caps).unwrap_or_default();
        (plans.iter().map(|plan| known(plan, &names)).max().unwrap_or(0), names.len())
    };
    DELIMITERS.into_iter().rev().max_by_key(score).filter(|found| score(found).1 > 1)
}

/// The names in the first line of some text, in a dialect.
pub(super) fn names(start: &[u8], dialect: &Dialect, caps: Caps) -> Option<Vec<String>> {
    let end = start.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(start.len());
    trial::names(&start[..end], &Format::new(dialect, caps))
}

/// The tables whose headings a file has most of, the best first, and how many.
pub(super) fn best<'a>(sources: &'a Sources, names: &[String]) -> Option<(&'a TablePlan, usize)> {
    let score = |plan: &&TablePlan| {
        let known = known(plan, names);
        let expected = plan.columns.iter().filter(|column| column.is_required).count().max(1);
        let required = plan.columns.iter().filter(|column| column.is_required);
        let there = required.filter(|column| {
            column.headings().iter().any(|name| names.iter().any(|found| found.eq_ignore_ascii_case(name)))
        });
        (there.count() * 1000 / expected, known)
    };
    let best = sources.tables.iter().max_by_key(score)?;
    let known = known(best, names);
    (known >= 2).then_some((best, known))
}
