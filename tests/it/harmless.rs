//! Words of others do no harm: formulas, mark-up, letters from right to left and very long titles, in tables, workbook and report.

use std::fs;
use std::path::Path;

use crate::book::{Book, Cell, elements};
use crate::program::{Project, files_under};

const FORMULA: &str = "=HYPERLINK(\"http://example.org/?\"&A1,\"see\")";
const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";
/// Hebrew, and a mark that turns what follows around.
const FROM_THE_RIGHT: &str = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}abc";

/// The title: 300 letters and more, of every kind.
fn title() -> String {
    format!("@SUM(1+1) {MARKUP} {FROM_THE_RIGHT} _x0041_ {}", "long ".repeat(60))
}

/// Names in a project's pathways as nobody should choose them.
pub(crate) fn name_strangely(project: &Project, file: &str) {
    let quoted = |words: &str| serde_json::to_string(words).unwrap();
    let (title, formula) = (quoted(&title()), quoted(FORMULA));
    project.edit(file, |text| {
        text.replace("title = \"Prevention Pathway\"", &format!("title = {title}")).replace(
            "source = \"consortium accounts (invented for the demonstration)\"",
            &format!("source = {formula}"),
        )
    });
}

/// No table has a cell that a spreadsheet would run.
fn assert_tables_are_harmless(folder: &Path) {
    let mut cells = 0;
    for (name, bytes) in files_under(folder) {
        if name.extension().is_some_and(|ending| ending == "csv") {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            // Fails where a row has another number of cells than the heading.
            for row in reader.records() {
                for cell in &row.unwrap() {
                    let is_armed = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
                    assert!(!is_armed || cell.parse::<f64>().is_ok(), "{}: {cell}", name.display());
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 1000, "{cells}");
}

#[test]
fn formulas_mark_up_and_long_titles_stay_words_everywhere() {
    let project = crate::report::bundled();
    name_strangely(&project, "pathways.toml");
    let run = project.good_run(&[]);
    for tier in ["release", "internal"] {
        assert_tables_are_harmless(&run.join(tier));
        let page = fs::read_to_string(run.join(tier).join("report.html")).unwrap();
        crate::report::is_whole(&page);
        for unwanted in ["<script", "<img", "onerror=alert(2)>", "=HYPERLINK(\""] {
            assert!(!page.contains(unwanted), "{tier}: {unwanted}");
        }
        assert!(page.contains("&lt;script&gt;"), "{tier}");
    }
    let costs = fs::read_to_string(run.join("release/costs.csv")).unwrap();
    assert!(costs.contains("\"'=HYPERLINK(\"\"http"), "a formula is disarmed in the CSV");
    let book = Book::read(&run.join("release/tables.xlsx"));
    for (name, xml) in &book.parts {
        assert!(elements(xml, "f").is_empty() && !xml.contains("<script") && !xml.contains("External"), "{name}");
    }
    let words = || {
        let cells = book.sheets.iter().flat_map(|sheet| sheet.cells.values());
        cells.filter_map(|(cell, _)| if let Cell::Words(words) = cell { Some(words.as_str()) } else { None })
    };
    let shown = title().replace('\u{202e}', "");
    assert!(words().any(|words| words.contains(shown.trim())), "the title as it was given");
    for (name, bytes) in files_under(&run.join("release")) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains('\u{202e}'),
            "numbers are turned around in {}",
            name.display()
        );
    }
    assert!(book.parts.values().all(|xml| !xml.contains('\u{202e}')));
    assert!(!words().any(|words| words.starts_with(['=', '+', '-', '@'])));
    let formulas: Vec<&str> = words().filter(|words| words.contains("HYPERLINK")).collect();
    assert!(!formulas.is_empty() && formulas.iter().all(|words| *words == format!("'{FORMULA}")), "{formulas:?}");
}

#[test]
fn a_providers_name_that_is_mark_up_or_a_formula_reaches_nothing() {
    for strange in ["<b>Trust</b>", "=1+2", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"] {
        let project = Project::tiny();
        project.edit("in/emergency_care/ZA1_ECDS.csv", |text| text.replace(",ZA1,", &format!(",{strange},")));
        let done = project.run(&[]);
        let said = format!("{}{}", done.stdout, done.stderr);
        assert!(!said.contains(strange), "{said}");
        for (name, bytes) in files_under(&project.path("runs")) {
            let text = String::from_utf8_lossy(&bytes);
            let is_open = !name.components().any(|part| part.as_os_str() == "restricted");
            assert!(!is_open || !text.contains(strange), "{strange} in {}", name.display());
        }
    }
}
