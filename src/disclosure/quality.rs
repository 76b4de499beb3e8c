//! Data quality: what became of every row read, and of every cell, in the words valid, other, default, invalid and
//! missing. Exact by file and column for the internal tier; for a release summed by source and table, under control.

use std::collections::BTreeMap;

use super::policy::{Marker, Policy};
use super::secondary;
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::audit::{Relation, sums::Sum};
use crate::domain::nhs_number::Accepts;
use crate::error::Error;
use crate::ingest::checks;
use crate::ingest::tally::{Class, Tally};
use crate::ingest::{Staged, StagedFile};
use crate::link::national::FLAGS;
use crate::metrics::national::{Agreement, Courses};
use crate::schema::{Kind as CellKind, Source, Table};
use crate::sources::TablePlan;

const INTERNAL_COLUMNS: &[Column] = &[
    column("source", Kind::Text, "the source"),
    column("provider", Kind::Text, "the provider that the file's name gives; empty where rows carry their own"),
    column("table", Kind::Text, "the table"),
    column("file", Kind::Text, "the file"),
    column("column", Kind::Text, "the heading, where one is meant"),
    column(
        "check",
        Kind::Text,
        "read, kept, duplicated, excluded:<reason>, rejected:<check>, warning:<check>, nhs_number:<reason>, nhs_status:<code>, or of cells valid, other, default, invalid, missing; of a flag of a national extract flag:both, flag:agree, flag:differ",
    ),
    column("count", Kind::Whole, "rows, or cells of the column; of a flag, courses of treatment"),
    column(
        "percent",
        Kind::Decimal,
        "of the rows read; of cells, of the rows whose cells were looked at; of a flag, of the courses that can be compared",
    ),
    column("meaning", Kind::Text, "what the check says"),
];

const RELEASE_COLUMNS: &[Column] = &[
    column("source", Kind::Text, "the source"),
    column("table", Kind::Text, "the table"),
    column(
        "measure",
        Kind::Text,
        "read, kept, rejected, duplicated, excluded; warning:<check>; nhs_status:<code>; cells:<valid, other, default, invalid or missing>; flag:<both, agree or differ>:<heading>",
    ),
    column(
        "count",
        Kind::Whole,
        "rows, cells or courses of treatment, rounded to the nearest 5; empty where the marker says why",
    ),
    column(
        "percent",
        Kind::Whole,
        "of the rows read, the status codes, the cells looked at or the courses compared: rounded counts of rounded counts, where these are at least 80",
    ),
    column("meaning", Kind::Text, "what is counted"),
    column("marker", Kind::Text, "c hidden; z not applicable; empty for a plain value"),
];

/// What a count of status codes is.
const STATUS: &str = "NHS NUMBER STATUS INDICATOR CODE of rows that are not left out";

/// The word for a cell with nothing against it.
const VALID: &str = "valid";

/// What became of every row of every file: read = kept + rejected + duplicated + excluded; and of every cell.
pub fn internal((staged, tables): (&Staged, &[TablePlan]), accepts: Accepts, national: &[Agreement]) -> Sheet {
    let mut rows = Vec::new();
    for file in &staged.files {
        let plan = &tables[file.plan];
        let provider = plan.provider_of(&file.name).map(|code| code.to_string()).unwrap_or_default();
        for line in lines(file, plan, accepts) {
            rows.push(vec![
                Value::text(plan.source.id()),
                Value::text(&provider),
                Value::text(&plan.name),
                Value::text(&file.name),
                Value::text(line.column),
                Value::text(line.check),
                Value::whole(Some(line.count)),
                Value::decimal(percent(line.count, line.of), 2),
                Value::text(line.meaning),
            ]);
        }
    }
    for (plan, line) in flags(staged, tables, national) {
        rows.push(vec![
            Value::text(plan.source.id()),
            Value::text(""),
            Value::text(&plan.name),
            Value::text(""),
            Value::text(line.heading),
            Value::text(format!("flag:{}", line.word)),
            Value::whole(Some(line.courses.count)),
            Value::decimal(percent(line.courses.count, line.of), 2),
            Value::text(line.meaning),
        ]);
    }
    Sheet { name: "data_quality", title: "What became of every row and every cell", columns: INTERNAL_COLUMNS, rows }
}

/// Courses of which a national extract and we both say something, or of which both say the same, or not.
struct FlagLine {
    heading: &'static str,
    word: &'static str,
    courses: Courses,
    /// Courses of which both say something.
    of: u64,
    meaning: &'static str,
}

/// What is counted of the flags of a national extract, with the table that has them. A flag that no row has is none.
fn flags<'a>(staged: &Staged, tables: &'a [TablePlan], national: &[Agreement]) -> Vec<(&'a TablePlan, FlagLine)> {
    let is_own = |plan: &&TablePlan| plan.source == Source::TalkingTherapies && plan.table == Table::Referrals;
    let sent = staged.files.iter().map(|file| &tables[file.plan]);
    let Some(plan) = sent.filter(|plan| is_own(plan)).min_by_key(|plan| &plan.name) else { return Vec::new() };
    let given = FLAGS.iter().zip(national).filter(|(_, one)| one.both.count > 0);
    let lines = given.flat_map(|(flag, one)| {
        let line =
            |word, courses, meaning| FlagLine { heading: flag.heading, word, courses, of: one.both.count, meaning };
        [
            line("both", one.both, "courses with this flag of the extract, of which our own figure is known too"),
            line("agree", one.agree, "those of them of which both say the same"),
            line("differ", one.differ, "those of them of which they do not; figures are ours"),
        ]
    });
    lines.map(|line| (plan, line)).collect()
}

/// Which counts of one flag are hidden: those of few people's courses, and both parts where one is: the other and the whole
/// would give it away.
fn hidden_of_flag(lines: [&Courses; 3], policy: &Policy) -> [bool; 3] {
    let [both, agree, differ] = lines.map(|courses| policy.is_small(courses.people));
    let is_split_hidden = both || agree || differ;
    [both, is_split_hidden, is_split_hidden]
}

/// One count of a file.
struct Line {
    column: String,
    check: String,
    count: u64,
    /// What it is a share of.
    of: u64,
    meaning: &'static str,
}

fn lines(file: &StagedFile, plan: &TablePlan, accepts: Accepts) -> Vec<Line> {
    let tally = &file.tally;
    let mut lines = Vec::new();
    let mut add = |column: &str, check: String, count: u64, of: u64, meaning: &'static str| {
        lines.push(Line { column: column.to_owned(), check, count, of, meaning });
    };
    let read = tally.read;
    add("", "read".to_owned(), read, read, "rows after the heading");
    add("", "kept".to_owned(), tally.kept, read, "rows used");
    add("", "duplicated".to_owned(), tally.duplicated, read, "rows that repeat another row's key");
    for (reason, count) in &tally.excluded {
        add("", format!("excluded:{reason}"), *count, read, "left out on purpose");
    }
    for (check, count) in &tally.rejected {
        add("", format!("rejected:{check}"), *count, read, sentence(check));
    }
    for (key, count) in &tally.warnings {
        let (column, check) = key.rsplit_once(' ').unwrap_or((key, ""));
        add(column, format!("warning:{check}"), *count, read, sentence(check));
    }
    for (reason, count) in &tally.nhs {
        add("nhs_number", format!("nhs_number:{reason}"), *count, read, "NHS number by reason code");
    }
    let statuses = tally.statuses.values().sum();
    for (status, count) in &tally.statuses {
        add("nhs_status", format!("nhs_status:{status}"), *count, statuses, STATUS);
    }
    for (column, classes) in classes(tally, plan, accepts) {
        let of = classes.iter().map(|(_, count)| count).sum();
        for (word, count) in classes.into_iter().filter(|(word, count)| *word == VALID || *count > 0) {
            add(&column, word.to_owned(), count, of, class_meaning(word));
        }
    }
    lines
}

fn sentence(check: &str) -> &'static str {
    checks::by_id(check).map_or("", |check| check.sentence)
}

fn class_meaning(word: &str) -> &'static str {
    match word {
        VALID => "cells with nothing against them",
        "other" => "codes that say that it is not known or another",
        "default" => "values that stand for none, such as the first day of 1900, practice V81999 or postcode ZZ99",
        "invalid" => "cells that failed a check",
        _ => "empty cells",
    }
}

/// Cells of each heading by class, the five words in their order. NHS numbers are classed by their reasons, over kept
/// rows.
fn classes(tally: &Tally, plan: &TablePlan, accepts: Accepts) -> BTreeMap<String, [(&'static str, u64); 5]> {
    let mut found = BTreeMap::new();
    let mut add = |heading: &str, counts: [u64; 4], of: u64| {
        let valid = of.saturating_sub(counts.iter().sum());
        let [other, default, invalid, missing] = [0, 1, 2, 3].map(|at| (Class::ALL[at].1, counts[at]));
        found.insert(heading.to_owned(), [(VALID, valid), other, default, invalid, missing]);
    };
    for (heading, counts) in &tally.classes {
        add(heading, *counts, tally.looked_at);
    }
    let number = plan.columns.iter().find(|column| column.column.kind == CellKind::NhsNumber);
    if let Some((number, (of, counts))) = number.zip(tally.number_classes(accepts)) {
        add(&number.heading, counts, of);
    }
    found
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// Counts of a source's table: by measure the count, what it is a share of, and its meaning.
type Measures = BTreeMap<(u8, String), (u64, u64, &'static str)>;

/// The same summed by source and table. Small counts are hidden, and so is a share whose rest is small.
pub(super) fn released(
    (staged, tables): (&Staged, &[TablePlan]),
    accepts: Accepts,
    national: &[Agreement],
    policy: &Policy,
) -> Result<Sheet, Error> {
    let mut rows = Vec::new();
    let flags = flags(staged, tables, national);
    for (at, plan) in tables.iter().enumerate() {
        let files: Vec<&StagedFile> = staged.files.iter().filter(|file| file.plan == at).collect();
        if files.is_empty() {
            continue;
        }
        let found = measures(&files, plan, accepts);
        let hidden = hidden(&found, policy)?;
        for (((_, measure), (count, of, meaning)), is_hidden) in found.into_iter().zip(hidden) {
            let percent = policy.rounded_percent(count, of).filter(|_| !is_hidden);
            rows.push(vec![
                Value::text(plan.source.id()),
                Value::text(&plan.name),
                Value::text(measure),
                Value::whole(Some(policy.round(count)).filter(|_| !is_hidden)),
                Value::decimal(percent, 0),
                Value::text(meaning),
                Value::text(if is_hidden { Marker::Hidden } else { Marker::None }.sign()),
            ]);
        }
        let own: Vec<&FlagLine> = flags.iter().filter(|(of, _)| of.name == plan.name).map(|(_, line)| line).collect();
        rows.extend(own.chunks(3).flat_map(|flag| released_flag(plan, flag, policy)));
    }
    Ok(Sheet {
        name: "data_quality",
        title: "What became of the rows and cells read, by table",
        columns: RELEASE_COLUMNS,
        rows,
    })
}

/// The rows of one flag.
fn released_flag(plan: &TablePlan, lines: &[&FlagLine], policy: &Policy) -> Vec<Vec<Value>> {
    let [both, agree, differ] = lines else { return Vec::new() };
    let hidden = hidden_of_flag([&both.courses, &agree.courses, &differ.courses], policy);
    let row = |(line, is_hidden): (&&FlagLine, bool)| {
        let percent = policy.rounded_percent(line.courses.count, line.of).filter(|_| !is_hidden);
        vec![
            Value::text(plan.source.id()),
            Value::text(&plan.name),
            Value::text(format!("flag:{}:{}", line.word, line.heading)),
            Value::whole(Some(policy.round(line.courses.count)).filter(|_| !is_hidden)),
            Value::decimal(percent, 0),
            Value::text(line.meaning),
            Value::text(if is_hidden { Marker::Hidden } else { Marker::None }.sign()),
        ]
    };
    lines.iter().zip(hidden).map(row).collect()
}

/// Which counts are hidden: the few, and those that would give them away. What became of rows adds up to the rows read;
/// codes and cells add up to wholes that are not printed, and yet may be guessed.
fn hidden(found: &Measures, policy: &Policy) -> Result<Vec<bool>, Error> {
    let counts: Vec<u64> = found.values().map(|(count, ..)| *count).collect();
    let orders: Vec<u8> = found.keys().map(|(order, _)| *order).collect();
    let of = |wanted: &std::ops::RangeInclusive<u8>| -> Vec<usize> {
        (0..counts.len()).filter(|at| wanted.contains(&orders[*at])).collect()
    };
    let mut numbers = counts.clone();
    let mut sums = Vec::new();
    if let Some(whole) = of(&(0..=0)).first() {
        sums.push(Sum { whole: *whole, parts: of(&(1..=4)), relation: Relation::Equal });
    }
    for orders in [6..=6, 7..=u8::MAX] {
        let parts = of(&orders);
        if !parts.is_empty() {
            numbers.push(parts.iter().map(|part| counts[*part]).sum());
            sums.push(Sum { whole: numbers.len() - 1, parts, relation: Relation::Equal });
        }
    }
    let rows: Vec<Vec<usize>> = (0..numbers.len()).map(|at| vec![at]).collect();
    let mut hidden = secondary::rows::hidden(&numbers, &rows, sums, policy)?;
    hidden.truncate(counts.len());
    Ok(hidden)
}

fn measures(files: &[&StagedFile], plan: &TablePlan, accepts: Accepts) -> Measures {
    let mut found = Measures::new();
    let read: u64 = files.iter().map(|file| file.tally.read).sum();
    let mut add = |order: u8, measure: String, count: u64, meaning: &'static str| {
        found.entry((order, measure)).or_insert((0, 0, meaning)).0 += count;
    };
    for file in files {
        let tally = &file.tally;
        add(0, "read".to_owned(), tally.read, "rows after the heading");
        add(1, "kept".to_owned(), tally.kept, "rows used");
        add(2, "rejected".to_owned(), tally.rejected_total(), "rows that could not be used");
        add(3, "duplicated".to_owned(), tally.duplicated, "rows that repeat another row's key");
        add(4, "excluded".to_owned(), tally.excluded_total(), "rows left out on purpose");
        for (key, count) in &tally.warnings {
            let check = key.rsplit_once(' ').map_or("", |(_, check)| check);
            add(5, format!("warning:{check}"), *count, sentence(check));
        }
        for (status, count) in &tally.statuses {
            add(6, format!("nhs_status:{status}"), *count, STATUS);
        }
        for classes in classes(tally, plan, accepts).into_values() {
            for (order, (word, count)) in (7..).zip(classes) {
                add(order, format!("cells:{word}"), count, class_meaning(word));
            }
        }
    }
    let sum = |found: &Measures, orders: std::ops::RangeInclusive<u8>| {
        found.iter().filter(|((order, _), _)| orders.contains(order)).map(|(_, (count, ..))| count).sum::<u64>()
    };
    let (statuses, cells) = (sum(&found, 6..=6), sum(&found, 7..=u8::MAX));
    for ((order, _), (_, of, _)) in &mut found {
        *of = match order {
            0..=5 => read,
            6 => statuses,
            _ => cells,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_flag_are_hidden_together() {
        let hidden = |people: [u64; 3]| {
            let [both, agree, differ] = people.map(|people| Courses { count: people + 9, people });
            hidden_of_flag([&both, &agree, &differ], &Policy::STANDARD)
        };
        assert_eq!(hidden([40, 30, 10]), [false; 3]);
        assert_eq!(hidden([40, 40, 0]), [false; 3]);
        // Courses of seven people, however many they are.
        assert_eq!(hidden([40, 33, 7]), [false, true, true]);
        assert_eq!(hidden([40, 7, 33]), [false, true, true]);
        assert_eq!(hidden([7, 7, 0]), [true; 3]);
    }
}
