//! Control totals: what senders counted, against what was read. A file that was cut at the end of a record is found by
//! nothing else.

use std::path::Path;

use crate::error::{self, Error, grouped};
use crate::ingest::{Staged, StagedFile};
use crate::link::control;
use crate::run::evaluation::Given;
use crate::schema::Source;

/// One line of a control-total file.
struct Declared {
    file: String,
    rows: Option<u64>,
    /// A heading, and the total of its column.
    total: Option<(String, f64)>,
}

/// Compares every declared count and total of a source. A counted file without a last line end has all its records and
/// may still have been cut in its last field.
pub(super) fn check(given: Given<'_>, staged: &Staged, source: Source) -> Result<(), Error> {
    let own = given.settings.gates.own(source);
    let has_ends = own.final_line_end.unwrap_or(true);
    let is_of = |file: &&StagedFile| given.sources.tables[file.plan].source == source;
    let files: Vec<&StagedFile> = staged.files.iter().filter(is_of).collect();
    for (table, expected) in &own.expected_rows {
        let of_table = files.iter().filter(|file| given.sources.tables[file.plan].name == *table);
        if let Some(cut) = of_table.clone().find(|file| has_ends && file.notes.is_unended()) {
            return Err(unended(cut, source));
        }
        let read: u64 = of_table.map(|file| file.tally.read).sum();
        if read != *expected {
            let what = format!("{table} of {} does not have the rows that are expected", source.id());
            return Err(wrong(what, (grouped(read), grouped(*expected))));
        }
    }
    if let Some(path) = &own.control_totals {
        for declared in self::read(&given.settings.resolve(path))? {
            let file = compare(given, &files, &declared)?;
            if has_ends && file.notes.is_unended() {
                return Err(unended(file, source));
            }
        }
    }
    Ok(())
}

/// The file that a line is about, if it has what is declared.
fn compare<'f>(given: Given<'_>, files: &[&'f StagedFile], declared: &Declared) -> Result<&'f StagedFile, Error> {
    let name = &declared.file;
    let Some(file) = files.iter().find(|file| file.name == *name) else {
        return Err(Error::new(
            &error::INPUT_MISSING,
            format!("{name} stands among the control totals and was not read"),
            "put the file there, or take its line out of the control totals",
        ));
    };
    if let Some(rows) = declared.rows.filter(|rows| *rows != file.tally.read) {
        let what = format!("{name} does not have the rows that its sender counted");
        return Err(wrong(what, (grouped(file.tally.read), grouped(rows))));
    }
    let Some((heading, expected)) = &declared.total else { return Ok(file) };
    let counted = control::total(file, &given.sources.tables[file.plan], heading)?.ok_or_else(|| {
        Error::new(
            &error::CONFIG_VALUE,
            format!("the control total of {name} is of a column that is not read as a number"),
            "name a heading of whole or decimal numbers that the source config reads",
        )
    })?;
    // Scores are kept with seven figures.
    if (counted - expected).abs() <= 0.005 + expected.abs() * 1e-6 {
        return Ok(file);
    }
    let what = format!("`{heading}` of {name} does not have the total that its sender counted");
    let rejected = file.tally.rejected_total();
    let error = wrong(what, (format!("{counted}"), format!("{expected}")));
    Err(if rejected > 0 { error.because(format!("{} rejected rows are not in it", grouped(rejected))) } else { error })
}

fn unended(file: &StagedFile, source: Source) -> Error {
    Error::new(
        &error::INPUT_CUT,
        format!("{} ends without a line end after row {}", file.name, grouped(file.tally.read)),
        format!(
            "ask the sender for the file again; if its files never end with a line end, set final_line_end = false under [gates.{}]",
            source.id()
        ),
    )
    .because("it has the rows that its sender counted, and its last field may have been cut")
}

fn wrong(what: String, (counted, expected): (String, String)) -> Error {
    Error::new(
        &error::CONTROL_TOTAL,
        what,
        "ask the sender for the file again: it was cut short, or the count is of another file",
    )
    .because(format!("counted {counted}, expected {expected}"))
}

/// Reads file, rows and, where the file has them, column and total.
fn read(path: &Path) -> Result<Vec<Declared>, Error> {
    let wrong = |why: String| {
        Error::new(
            &error::CODE_LIST,
            format!("the control totals {} cannot be used", path.display()),
            "give a CSV with the columns file, rows, and column and total if you like",
        )
        .because(why)
    };
    let mut reader = csv::Reader::from_path(path).map_err(|_| wrong("it cannot be read".to_owned()))?;
    let headings = reader.headers().map_err(|_| wrong("it has no heading row".to_owned()))?.clone();
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let (Some(file), Some(rows)) = (place("file"), place("rows")) else {
        return Err(wrong("a column `file` or `rows` is missing".to_owned()));
    };
    let mut declared = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|_| wrong(format!("line {line} is not whole")))?;
        let field = |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim).filter(|text| !text.is_empty());
        let not_a_number = || wrong(format!("line {line}: rows or total is not a number"));
        let rows = field(Some(rows)).map(str::parse).transpose().map_err(|_| not_a_number())?;
        let total: Option<f64> = field(place("total")).map(str::parse).transpose().map_err(|_| not_a_number())?;
        let total = field(place("column")).map(str::to_owned).zip(total);
        let file = field(Some(file)).ok_or_else(|| wrong(format!("line {line} names no file")))?.to_owned();
        declared.push(Declared { file, rows, total });
    }
    Ok(declared)
}
