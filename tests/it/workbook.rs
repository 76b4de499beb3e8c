//! The workbook of a release: the checklist of accessible spreadsheets line by line, read from the file's own XML; every value
//! is that of the CSV; and another program reads it as we do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::book::{Book, Cell, Sheet, attribute, elements};
use crate::program::{Project, Table};
use crate::tools;

const FILE: &str = "tables.xlsx";
/// Worksheets that are not tables of the release.
const FRONT: [&str; 3] = ["Cover", "Contents", "Notes"];

/// The worksheets with tables of the release.
fn tables(book: &Book) -> impl Iterator<Item = &Sheet> {
    book.sheets.iter().filter(|sheet| !FRONT.contains(&sheet.name.as_str()))
}

/// The rows of a CSV of the release that the workbook has.
fn rows_of(release: &Path, name: &str) -> (Table, Vec<Vec<String>>) {
    let table = Table::read(&release.join(format!("{name}.csv")));
    let is_figures = ["outcomes", "demand"].contains(&name);
    let rows: Vec<Vec<String>> =
        table.rows().iter().filter(|row| !is_figures || table.cell(row, "breakdown") == "all").cloned().collect();
    (table, rows)
}

/// Headings whose cells are numbers, by what the metadata says.
fn number_headings(release: &Path, name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(release.join(format!("{name}.csv-metadata.json"))).unwrap();
    let about: serde_json::Value = serde_json::from_str(&text).unwrap();
    let columns = about["tableSchema"]["columns"].as_array().unwrap();
    let is_number =
        |column: &&serde_json::Value| ["integer", "decimal"].contains(&column["datatype"].as_str().unwrap());
    columns.iter().filter(is_number).map(|column| column["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_workbook_of_the_bundled_people_keeps_every_line_of_the_checklist() {
    let project = crate::report::bundled();
    let release = project.good_run(&[]).join("release");
    let book = Book::read(&release.join(FILE));
    assert!(fs::metadata(release.join(FILE)).unwrap().len() < 3_000_000);
    the_archive_holds_nothing_else(&book);
    worksheets_are_named_once_and_the_first_is_where_the_reader_starts(&book);
    tables_are_marked_up_named_and_alone(&book);
    no_cell_is_merged_empty_hidden_filtered_or_frozen(&book);
    looks_say_nothing(&book);
    lines_above_say_title_count_notes_shorthand_and_source(&book);
    notes_and_links_lead_somewhere(&book, &release);
    document_properties_are_there(&book);
    every_value_is_that_of_the_csv(&book, &release);
    another_program_reads_the_same(&book, &release);
}

#[test]
fn a_small_release_has_its_workbook_too() {
    let project = Project::tiny();
    let release = project.good_run(&[]).join("release");
    let book = Book::read(&release.join(FILE));
    the_archive_holds_nothing_else(&book);
    tables_are_marked_up_named_and_alone(&book);
    no_cell_is_merged_empty_hidden_filtered_or_frozen(&book);
    lines_above_say_title_count_notes_shorthand_and_source(&book);
    notes_and_links_lead_somewhere(&book, &release);
    every_value_is_that_of_the_csv(&book, &release);
}

#[test]
fn the_same_input_gives_the_same_workbook() {
    let project = Project::tiny();
    let first = fs::read(project.good_run(&["--threads", "1"]).join("release").join(FILE)).unwrap();
    let second = fs::read(project.good_run(&["--threads", "2"]).join("release").join(FILE)).unwrap();
    assert!(first == second, "another run, other bytes");
}

/// The parts of a workbook and no other: no macro, no link to elsewhere, no formula.
fn the_archive_holds_nothing_else(book: &Book) {
    let known = [
        "xl/worksheets/",
        "xl/tables/table",
        "xl/theme/theme1.xml",
        "docProps/",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ];
    let whole = ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"];
    for (name, xml) in &book.parts {
        assert!(whole.contains(&name.as_str()) || known.iter().any(|known| name.starts_with(known)), "{name}");
        assert!(!xml.contains("TargetMode=\"External\""), "{name} links to elsewhere");
        assert!(elements(xml, "f").is_empty(), "{name} has a formula");
    }
}

fn worksheets_are_named_once_and_the_first_is_where_the_reader_starts(book: &Book) {
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names[..3], FRONT);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    assert!(names.len() >= 15 && names.iter().all(|name| name.len() <= 31), "{names:?}");
    let own = &book.parts["xl/workbook.xml"];
    assert!(!own.contains("state=") && !own.contains("activeTab") && !own.contains("firstSheet"));
    for (at, sheet) in book.sheets.iter().enumerate() {
        assert_eq!(sheet.xml.contains("tabSelected=\"1\""), at == 0, "{}", sheet.name);
        for (selection, _) in elements(&sheet.xml, "selection") {
            assert_eq!(attribute(&selection, "activeCell").as_deref(), Some("A1"), "{}", sheet.name);
        }
        assert!(!sheet.xml.contains("topLeftCell"), "{}", sheet.name);
    }
}

fn tables_are_marked_up_named_and_alone(book: &Book) {
    let mut names = BTreeSet::new();
    for sheet in book.sheets.iter().filter(|sheet| sheet.name != "Cover") {
        let [top, bottom, right] = sheet.table();
        let (own, inner) = &elements(&sheet.tables[0], "table")[0];
        let name = attribute(own, "displayName").unwrap();
        assert_eq!(name, format!("table_{}", sheet.name.to_lowercase().replace('-', "_")));
        assert!(names.insert(name));
        assert!(attribute(own, "headerRowCount").is_none_or(|count| count == "1"));
        assert!(attribute(own, "totalsRowCount").is_none());
        let headings: Vec<String> =
            elements(inner, "tableColumn").iter().map(|(own, _)| attribute(own, "name").unwrap()).collect();
        let shown: Vec<&str> = (1..=right).map(|column| sheet.cell(top, column).words()).collect();
        assert_eq!(headings, shown, "{}", sheet.name);
        assert!(headings.iter().all(|heading| !heading.is_empty() && !heading.contains('_')), "{headings:?}");
        // Nothing is below it or beside it.
        let last = sheet.cells.keys().map(|(row, _)| *row).max().unwrap();
        let widest = sheet.cells.keys().map(|(_, column)| *column).max().unwrap();
        assert_eq!((last, widest), (bottom, right), "{}", sheet.name);
        assert!(sheet.cells.keys().all(|(row, column)| *row >= top || *column == 1), "{}", sheet.name);
    }
}

fn no_cell_is_merged_empty_hidden_filtered_or_frozen(book: &Book) {
    for sheet in &book.sheets {
        for unwanted in ["<mergeCell", "<autoFilter", "<pane", " hidden=\"", "<sheetProtection", "<drawing", "<picture"]
        {
            assert!(!sheet.xml.contains(unwanted), "{}: {unwanted}", sheet.name);
            assert!(!sheet.tables.iter().any(|table| table.contains(unwanted)), "{}: {unwanted}", sheet.name);
        }
        let last = sheet.cells.keys().map(|(row, _)| *row).max().unwrap();
        assert!((1..=last).all(|row| sheet.cells.contains_key(&(row, 1))), "{}: an empty row", sheet.name);
        for (place, (cell, _)) in &sheet.cells {
            assert!(!matches!(cell, Cell::Words(words) if words.trim().is_empty()), "{}: {place:?}", sheet.name);
        }
        if sheet.name != "Cover" {
            // Fails where a cell is not there.
            assert!(sheet.rows().len() > 1, "{}", sheet.name);
        }
    }
}

/// No fill, no colour but of links, nothing raised; what is longer than its cell goes on below.
fn looks_say_nothing(book: &Book) {
    let styles = &book.parts["xl/styles.xml"];
    let fills: BTreeSet<String> = elements(styles, "patternFill")
        .iter()
        .map(|(own, inner)| {
            assert_eq!(inner, "");
            attribute(own, "patternType").unwrap()
        })
        .collect();
    assert_eq!(fills, BTreeSet::from(["none".to_owned(), "gray125".to_owned()]));
    for unwanted in ["vertAlign", "<strike", "rgb=\"FFFF"] {
        assert!(!styles.contains(unwanted), "{unwanted}");
    }
    assert!(!book.parts["xl/sharedStrings.xml"].contains("<rPr>"), "looks within a cell");
    let forms: Vec<String> =
        elements(&elements(styles, "cellXfs")[0].1, "xf").into_iter().map(|(own, inner)| own + &inner).collect();
    for sheet in book.sheets.iter().filter(|sheet| sheet.name != "Cover") {
        assert!(!sheet.xml.contains("<conditionalFormatting"));
        let [top, ..] = sheet.table();
        for ((row, column), (cell, style)) in &sheet.cells {
            if *row >= top && matches!(cell, Cell::Words(_)) {
                assert!(forms[*style].contains("wrapText=\"1\""), "{}: {row}, {column}", sheet.name);
            }
        }
        for (own, _) in elements(&sheet.xml, "col") {
            let width: f64 = attribute(&own, "width").unwrap().parse().unwrap();
            assert!((8.0..=60.0).contains(&width), "{}: {width}", sheet.name);
        }
    }
}

fn lines_above_say_title_count_notes_shorthand_and_source(book: &Book) {
    let titles: BTreeSet<&str> = book.sheets.iter().map(|sheet| sheet.cell(1, 1).words()).collect();
    assert_eq!(titles.len(), book.sheets.len());
    for sheet in tables(book) {
        let lines = sheet.lines();
        let [_, count, notes, shorthand, source] = lines[..] else { panic!("{lines:?}") };
        assert!(
            count.starts_with(&format!("This worksheet contains one table, table_{}", sheet.name.replace('-', "_")))
        );
        assert!(notes.starts_with("Notes about this table are") || notes.starts_with("No note is"), "{notes}");
        assert!(source.starts_with(&format!("Source: {}.csv", sheet.name)), "{source}");
        let mut used = BTreeSet::new();
        for row in sheet.rows() {
            for cell in row {
                if let Cell::Words(words) = cell
                    && words.starts_with('[')
                {
                    used.insert(words.clone());
                }
            }
        }
        for sign in &used {
            assert!(shorthand.contains(&format!("{sign} ")), "{}: {sign} is not explained: {shorthand}", sheet.name);
        }
        assert_eq!(shorthand.matches('[').count(), used.len(), "{}: {shorthand}", sheet.name);
        assert!(!shorthand.contains("as its column says"), "{shorthand}");
    }
}

fn notes_and_links_lead_somewhere(book: &Book, release: &Path) {
    let notes = book.sheet("Notes").rows();
    let marks: Vec<&str> = notes[1..].iter().map(|row| row[0].words()).collect();
    let wanted: Vec<String> = (1..=marks.len()).map(|at| format!("[note {at}]")).collect();
    assert_eq!(marks, wanted);
    for sheet in tables(book) {
        let line = sheet.cell(3, 1).words();
        for mark in line.split('[').skip(1).map(|rest| format!("[{}]", rest.split_once(']').unwrap().0)) {
            let note = notes[1..].iter().find(|row| row[0].words() == mark).unwrap();
            assert!(note[2].words().split(", ").any(|name| name == sheet.name), "{}: {mark}", sheet.name);
        }
    }
    let contents = book.sheet("Contents");
    let listed: Vec<&str> = contents.rows()[1..].iter().map(|row| row[0].words()).collect();
    let there: Vec<&str> = book.sheets[2..].iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(listed, there);
    let links: Vec<String> = elements(&contents.xml, "hyperlink")
        .iter()
        .map(|(own, _)| attribute(own, "location").unwrap().replace('\'', "").replace("!A1", ""))
        .collect();
    assert_eq!(links, there);
    // What is not there is named.
    let all = fs::read_dir(release).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let said: String = notes.iter().map(|row| row[1].words()).collect();
    for name in all.filter_map(|name| name.strip_suffix(".csv").map(str::to_owned)) {
        assert!(there.contains(&name.as_str()) || said.contains(&name), "{name} is nowhere");
    }
}

fn document_properties_are_there(book: &Book) {
    let core = &book.parts["docProps/core.xml"];
    for name in ["dc:title", "dc:subject", "dc:creator", "cp:keywords", "cp:category", "dc:description"] {
        assert!(elements(core, name).first().is_some_and(|(_, text)| text.len() > 5), "{name}");
    }
    for name in ["dcterms:created", "dcterms:modified"] {
        assert_eq!(elements(core, name)[0].1, "2026-03-31T00:00:00Z", "{name}: the day of the data, never today");
    }
}

fn every_value_is_that_of_the_csv(book: &Book, release: &Path) {
    for sheet in tables(book) {
        let (table, wanted) = rows_of(release, &sheet.name);
        let numbers = number_headings(release, &sheet.name);
        let rows = sheet.rows();
        assert_eq!(rows.len() - 1, wanted.len(), "{}", sheet.name);
        let headings: Vec<String> = rows[0].iter().map(|cell| cell.words().to_lowercase().replace(' ', "_")).collect();
        assert_eq!(headings, table.headings(), "{}", sheet.name);
        for (found, wanted) in rows[1..].iter().zip(&wanted) {
            for (heading, (cell, text)) in headings.iter().zip(found.iter().zip(wanted)) {
                let own = format!("{}, {heading} of {wanted:?}: {cell:?}", sheet.name);
                let is_marker = heading.ends_with("marker");
                match cell {
                    Cell::Number(number) => {
                        assert!(numbers.contains(heading) && text.parse() == Ok(*number), "{own}");
                    }
                    Cell::Words(words) if text.is_empty() => {
                        let is_sign = ["[c]", "[u]", "[x]", "[z]"].contains(&words.as_str());
                        assert!(if is_marker { words == "none" } else { is_sign }, "{own}");
                        // A number that is hidden is never said to be nothing.
                        let marker = if heading.contains("ratio") { "ratio_marker" } else { "marker" };
                        let has_marker = headings.iter().any(|name| name == marker);
                        if has_marker && numbers.contains(heading) && table.cell(wanted, marker) == "c" {
                            assert_eq!(words, "[c]", "{own}");
                        }
                    }
                    Cell::Words(words) if is_marker || text == "p" => assert_eq!(*words, format!("[{text}]"), "{own}"),
                    Cell::Words(words) => assert!(words == text && !numbers.contains(heading), "{own}"),
                }
            }
        }
    }
}

/// `LibreOffice` writes each worksheet as a CSV file: the same words, and numbers that are the same numbers.
fn another_program_reads_the_same(book: &Book, release: &Path) {
    let Some(office) = tools::program("libreoffice", &["soffice", "libreoffice"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let own = |name: &str| folder.path().join(name).display().to_string();
    let arguments = [
        format!("-env:UserInstallation=file://{}", own("profile")),
        "--headless".to_owned(),
        "--norestore".to_owned(),
        "--convert-to".to_owned(),
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1".to_owned(),
        "--outdir".to_owned(),
        own("out"),
        release.join(FILE).display().to_string(),
    ];
    tools::output_of(&office, &arguments);
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for entry in fs::read_dir(folder.path().join("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().strip_prefix("tables-").unwrap().to_owned();
        found.insert(name, path);
    }
    assert_eq!(found.len(), book.sheets.len());
    for sheet in tables(book) {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&found[&sheet.name]).unwrap();
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let (table, wanted) = rows_of(release, &sheet.name);
        let numbers = number_headings(release, &sheet.name);
        let rows = &rows[sheet.lines().len() + 1..];
        assert_eq!(rows.len(), wanted.len(), "{}", sheet.name);
        for (found, wanted) in rows.iter().zip(&wanted) {
            for (heading, (found, wanted)) in table.headings().iter().zip(found.iter().zip(wanted)) {
                let is_same = match wanted.as_str() {
                    "" => found == "none" || (found.starts_with('[') && found.ends_with(']')),
                    sign if heading.ends_with("marker") || sign == "p" => *found == format!("[{sign}]"),
                    number if numbers.contains(heading) => number.parse::<f64>().ok() == found.parse().ok(),
                    words => found == words,
                };
                assert!(is_same, "{}, {heading}: {found} for {wanted}", sheet.name);
            }
        }
    }
}
