//! A workbook as its file has it: the parts of the archive, and each worksheet's cells, read by plain loops over the XML.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Number(f64),
    Words(String),
}

impl Cell {
    /// Its words; fails for a number.
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Number(number) => panic!("{number} is no text"),
        }
    }
}

/// A worksheet.
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) xml: String,
    /// Cells by row and column, both from 1, and the number of each one's style.
    pub(crate) cells: BTreeMap<(usize, usize), (Cell, usize)>,
    /// The XML of its tables.
    pub(crate) tables: Vec<String>,
}

/// A workbook.
pub(crate) struct Book {
    pub(crate) parts: BTreeMap<String, String>,
    pub(crate) sheets: Vec<Sheet>,
}

/// Every part of an archive by its name. Fails for one that is no archive.
pub(crate) fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut part = Vec::new();
        file.read_to_end(&mut part).unwrap();
        assert!(parts.insert(file.name().unwrap().into_owned(), part).is_none(), "a part twice");
    }
    parts
}

/// The theme of a workbook that holds nothing.
pub(crate) fn theme() -> Vec<u8> {
    let mut empty = rust_xlsxwriter::Workbook::new();
    empty.add_worksheet();
    parts(&empty.save_to_buffer().unwrap()).remove("xl/theme/theme1.xml").unwrap()
}

impl Book {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let parts: BTreeMap<String, String> =
            parts(&std::fs::read(path).unwrap()).into_iter().map(|(name, bytes)| (name, text(bytes))).collect();
        let strings: Vec<String> = elements(&parts["xl/sharedStrings.xml"], "si")
            .iter()
            .map(|(_, inner)| elements(inner, "t").iter().map(|(_, text)| plain(text)).collect())
            .collect();
        let sheets = elements(&parts["xl/workbook.xml"], "sheet").into_iter().enumerate().map(|(at, (own, _))| {
            let xml = parts[&format!("xl/worksheets/sheet{}.xml", at + 1)].clone();
            let links = parts.get(&format!("xl/worksheets/_rels/sheet{}.xml.rels", at + 1));
            let links = links.map_or_else(Vec::new, |links| elements(links, "Relationship"));
            let tables = links.iter().filter_map(|(link, _)| {
                let target = attribute(link, "Target")?;
                parts.get(&format!("xl/{}", target.trim_start_matches("../"))).cloned()
            });
            let (name, tables) = (attribute(&own, "name").unwrap(), tables.collect());
            Sheet { name, cells: cells(&xml, &strings), tables, xml }
        });
        let sheets = sheets.collect();
        Self { parts, sheets }
    }

    /// A worksheet by its name.
    pub(crate) fn sheet(&self, name: &str) -> &Sheet {
        self.sheets.iter().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("no worksheet {name}"))
    }
}

impl Sheet {
    /// A cell; fails where there is none.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &Cell {
        &self.cells.get(&(row, column)).unwrap_or_else(|| panic!("{}: nothing in {row}, {column}", self.name)).0
    }

    /// The rows of its one table: the first and the last row and the last column, its heading among them.
    pub(crate) fn table(&self) -> [usize; 3] {
        assert_eq!(self.tables.len(), 1, "{}", self.name);
        let own = attribute(&elements(&self.tables[0], "table")[0].0, "ref").unwrap();
        let (from, to) = own.split_once(':').unwrap();
        let ((top, left), (bottom, right)) = (place(from), place(to));
        assert_eq!(left, 1, "{}: the table is not at the left edge", self.name);
        [top, bottom, right]
    }

    /// The lines above its table.
    pub(crate) fn lines(&self) -> Vec<&str> {
        (1..self.table()[0]).map(|row| self.cell(row, 1).words()).collect()
    }

    /// The rows of its table, headings first.
    pub(crate) fn rows(&self) -> Vec<Vec<&Cell>> {
        let [top, bottom, right] = self.table();
        (top..=bottom).map(|row| (1..=right).map(|column| self.cell(row, column)).collect()).collect()
    }
}

fn cells(xml: &str, strings: &[String]) -> BTreeMap<(usize, usize), (Cell, usize)> {
    let cell = |(own, inner): (String, String)| {
        let value = elements(&inner, "v").into_iter().next().map(|(_, text)| text)?;
        let cell = match attribute(&own, "t").as_deref() {
            Some("s") => Cell::Words(strings[value.parse::<usize>().unwrap()].clone()),
            None => Cell::Number(value.parse().unwrap()),
            Some(kind) => panic!("a cell of the kind {kind}"),
        };
        let style = attribute(&own, "s").map_or(0, |style| style.parse().unwrap());
        Some((place(&attribute(&own, "r").unwrap()), (cell, style)))
    };
    elements(xml, "c").into_iter().filter_map(cell).collect()
}

/// `B12` as row 12 and column 2.
fn place(name: &str) -> (usize, usize) {
    let (letters, digits) = name.split_at(name.find(|sign: char| sign.is_ascii_digit()).unwrap());
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    (digits.parse().unwrap(), column)
}

/// The elements of a name, each with its attributes and what is in it; none of them holds another of the same name.
pub(crate) fn elements(xml: &str, name: &str) -> Vec<(String, String)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find(&open) {
        rest = &rest[at + open.len()..];
        if !rest.starts_with([' ', '>', '/']) {
            continue;
        }
        let end = rest.find('>').unwrap();
        let own = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(own) = own.strip_suffix('/') {
            found.push((own.to_owned(), String::new()));
        } else {
            let end = rest.find(&close).unwrap();
            found.push((own.to_owned(), rest[..end].to_owned()));
            rest = &rest[end + close.len()..];
        }
    }
    found
}

/// The value of an attribute.
pub(crate) fn attribute(own: &str, name: &str) -> Option<String> {
    let start = own.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(plain(&own[start..start + own[start..].find('"')?]))
}

/// Text without the spelling of XML and of the format.
fn plain(text: &str) -> String {
    let spelt = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
        ("_x000D_", "\r"),
        ("_x005F_", "_"),
    ];
    spelt.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
