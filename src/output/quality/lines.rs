//! Lines for a terminal: a table of files for each source, and below it what to do.

use super::{FileQuality, Quality};
use crate::error::grouped;

/// Problems that are listed; the page has all of them.
const LISTED: usize = 30;

const HEADINGS: [&str; 11] =
    ["file", "table", "provider", "read", "kept", "rejected", "duplicated", "left out", "NHS number", "first", "last"];
/// Columns with numbers stand to the right.
const NUMBERS: std::ops::Range<usize> = 3..9;

/// What was found, and below it what to do.
pub fn lines(quality: &Quality) -> Vec<String> {
    let mut lines = Vec::new();
    for source in &quality.sources {
        let files: Vec<&FileQuality> = quality.files.iter().filter(|file| file.source == source.id).collect();
        lines.push(format!("{} ({})", source.title, source.id));
        if files.is_empty() {
            lines.push("  no file was found".to_owned());
        }
        table(&files, &mut lines);
        lines.push(String::new());
    }
    let rows = quality.rows;
    lines.push(format!(
        "{} rows read: {} kept, {} rejected, {} duplicated, {} left out on purpose",
        grouped(rows.read),
        grouped(rows.kept),
        grouped(rows.rejected),
        grouped(rows.duplicated),
        grouped(rows.excluded)
    ));
    let silent: Vec<&str> =
        quality.sources.iter().filter(|source| !source.declares_expected_rows).map(|source| source.id).collect();
    if !silent.is_empty() {
        lines.push(format!(
            "no expected rows are declared for {}: a file cut at the end of a record would look whole there",
            silent.join(", ")
        ));
    }
    lines.push(String::new());
    lines.extend(to_do(quality));
    lines
}

fn to_do(quality: &Quality) -> Vec<String> {
    if quality.problems.is_empty() {
        return vec!["nothing to do".to_owned()];
    }
    let mut lines = vec!["what to do, most important first".to_owned()];
    let listed = quality.problems.iter().take(LISTED).enumerate();
    lines.extend(listed.map(|(at, problem)| format!("{:3}. {}", at + 1, problem.line())));
    if quality.problems.len() > LISTED {
        lines.push(format!("     and {} more, in quality.html", quality.problems.len() - LISTED));
    }
    lines
}

fn table(files: &[&FileQuality], lines: &mut Vec<String>) {
    if files.is_empty() {
        return;
    }
    let mut rows: Vec<Vec<String>> = vec![HEADINGS.map(str::to_owned).to_vec()];
    rows.extend(files.iter().map(|file| cells(file)));
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    for (at, row) in rows.iter().enumerate() {
        let cell = |(at, text): (usize, &String)| {
            let width = widths[at];
            if NUMBERS.contains(&at) { format!("{text:>width$}") } else { format!("{text:<width$}") }
        };
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        lines.push(format!("  {}", cells.join("  ").trim_end()));
        let Some(file) = at.checked_sub(1).map(|at| files[at]) else { continue };
        lines.extend(below(file).map(|line| format!("      {line}")));
    }
}

/// A file's row.
fn cells(file: &FileQuality) -> Vec<String> {
    let mut cells = vec![file.file.clone(), file.table.clone(), providers(file)];
    let Some(rows) = file.rows else {
        cells.push("not read".to_owned());
        cells.resize(HEADINGS.len(), "-".to_owned());
        return cells;
    };
    let counts = [rows.read, rows.kept, rows.rejected, rows.duplicated, rows.excluded];
    cells.extend(counts.map(grouped));
    cells.push(file.nhs_numbers.as_ref().map_or_else(|| "-".to_owned(), super::NhsNumbers::percent));
    let day = |day: Option<&String>| day.cloned().unwrap_or_else(|| "-".to_owned());
    cells.push(day(file.covers.as_ref().map(|covers| &covers.from)));
    cells.push(day(file.covers.as_ref().map(|covers| &covers.to)));
    cells
}

/// The first few providers of a file.
pub(super) fn providers(file: &FileQuality) -> String {
    match file.providers.as_slice() {
        [] => "-".to_owned(),
        few if few.len() <= 3 => few.join(" "),
        many => format!("{} and {} more", many[..2].join(" "), many.len() - 2),
    }
}

/// The error or the worst check of a file, under its row.
fn below(file: &FileQuality) -> impl Iterator<Item = String> + '_ {
    let fault = file.fault.iter().chain(&file.gate).flat_map(|fault| {
        let first = format!("{}: {}", fault.code, fault.what);
        let why = fault.why.iter().map(|line| format!("  {line}"));
        std::iter::once(first).chain(why).chain([format!("  fix: {}", fault.fix)])
    });
    fault.chain(worst(file))
}

/// The worst check of a file in one sentence.
pub(super) fn worst(file: &FileQuality) -> Option<String> {
    let worst = file.checks.first()?;
    let about = worst.column.as_deref().unwrap_or("the row");
    let word = if worst.outcome == "reject" { "rejected" } else { "emptied" };
    Some(format!("{} {word} {}: {about} {}", worst.check, grouped(worst.rows), worst.sentence))
}
