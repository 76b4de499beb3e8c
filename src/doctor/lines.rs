//! What `doctor` prints of one file.

use super::findings::{Counted, FileFindings};
use crate::error::grouped;

/// The findings, line by line.
pub(super) fn of_file(found: &FileFindings) -> Vec<String> {
    let mut lines =
        vec![format!("{}: {}", found.file, if found.bytes.kind.is_empty() { "not known" } else { found.bytes.kind })];
    if !found.bytes.why.is_empty() {
        lines.push(format!("  {}: {}", found.bytes.encoding.unwrap_or("encoding not known"), found.bytes.why));
    }
    if let Some(table) = &found.table {
        lines.push(format!("  table {} of {}, known by {}", table.name, table.source, known_by(table.by)));
        if let Some(pattern) = &table.nearest_pattern {
            lines.push(format!("  its name fits no pattern; the nearest is {pattern}"));
        }
    }
    for part in &found.dialect {
        let declared = part.declared.as_ref().map_or_else(String::new, |declared| format!(", declared {declared}"));
        let mark = if part.fits { "" } else { "   <- differs" };
        lines.push(format!("  {}: found {}{declared}{mark}", part.what, part.found));
    }
    headings(found, &mut lines);
    columns(found, &mut lines);
    rows(found, &mut lines);
    if let Some(fault) = &found.fault {
        lines.push("as it is, a run would end with".to_owned());
        lines.extend(fault.text.lines().map(|line| format!("  {line}")));
    }
    if !found.settings.is_empty() {
        lines.push("settings to change".to_owned());
        lines.extend(found.settings.iter().map(|line| format!("  {line}")));
    }
    lines
}

fn known_by(by: &str) -> &str {
    match by {
        "name" => "its name",
        "headings" => "its headings",
        _ => "--table",
    }
}

fn headings(found: &FileFindings, lines: &mut Vec<String>) {
    let headings = &found.headings;
    if headings.found.is_empty() && headings.by_alias.is_empty() && headings.missing.is_empty() {
        return;
    }
    lines.push(format!(
        "headings: {} found, {} under an alias, {} missing, {} extra",
        headings.found.len(),
        headings.by_alias.len(),
        headings.missing.len(),
        headings.extra.len()
    ));
    if !headings.is_sure {
        lines.push("  the first line may be no heading row: its fields are not shown".to_owned());
    }
    lines.extend(headings.by_alias.iter().map(|(heading, alias)| format!("  {heading} under {alias}")));
    for missing in &headings.missing {
        let need = if missing.is_required { "required" } else { "not required" };
        let like = missing.nearest.as_ref().map_or_else(String::new, |near| format!("; is it `{near}`?"));
        lines.push(format!("  missing: {} ({need}{like})", missing.heading));
    }
    if !headings.extra.is_empty() {
        lines.push(format!("  nothing reads: {}", headings.extra.join(", ")));
    }
}

fn columns(found: &FileFindings, lines: &mut Vec<String>) {
    if found.columns.is_empty() {
        return;
    }
    lines.push("columns: kind, share empty, most frequent shapes (D digit, A letter, _ blank)".to_owned());
    let width = found.columns.iter().map(|column| column.heading.chars().count()).max().unwrap_or(0);
    for column in &found.columns {
        let shapes: Vec<String> = column.shapes.iter().map(|(shape, share)| format!("{shape} {share}")).collect();
        let shapes = if shapes.is_empty() { "no value".to_owned() } else { shapes.join(", ") };
        lines.push(format!(
            "  {:<width$}  {:<12}  empty {:>7}  {shapes}",
            column.heading, column.kind, column.empty_percent
        ));
        lines.extend(column.date_proof.iter().map(|proof| format!("      {proof}")));
    }
}

fn rows(found: &FileFindings, lines: &mut Vec<String>) {
    if found.columns.is_empty() {
        return;
    }
    lines.push(if found.rows == 0 && found.rows_seen > 0 {
        format!("rows: {} seen, none checked: first mend what a run would end with", grouped(found.rows_seen))
    } else {
        format!("rows: {} read", grouped(found.rows))
    });
    let one = |word: &str, count: &Counted| {
        let about = if count.column.is_empty() { "the row" } else { &count.column };
        format!("  {word} {} by {}: {about} {}", grouped(count.count), count.check, count.sentence)
    };
    lines.extend(found.rejected.iter().map(|count| one("rejected", count)));
    lines.extend(found.warned.iter().map(|count| one("emptied", count)));
    if !found.lines.is_empty() {
        let shown: Vec<String> =
            found.lines.iter().map(|(line, check)| format!("{} ({check})", grouped(*line))).collect();
        lines.push(format!("  first lines with faults: {}", shown.join(", ")));
    }
}
