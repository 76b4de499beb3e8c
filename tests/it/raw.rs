//! Extracts as text: rows split at commas, nothing else. The generator quotes nothing, which is checked.

use std::collections::BTreeSet;
use std::rc::Rc;

use pathlink::synth;

use crate::town::Town;

/// One row of an extract.
#[derive(Clone)]
pub(crate) struct Row<'a> {
    /// The file's path.
    pub(crate) file: &'a str,
    /// The organisation that the file's name starts with.
    pub(crate) place: &'a str,
    headings: Rc<Vec<&'a str>>,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The cell under a heading.
    pub(crate) fn get(&self, heading: &str) -> &'a str {
        let at = self.headings.iter().position(|known| *known == heading);
        self.cells[at.unwrap_or_else(|| panic!("{} has no {heading}", self.file))]
    }

    /// The cell under a heading, without leading zeros: `03` is `3`.
    pub(crate) fn code(&self, heading: &str) -> &'a str {
        self.get(heading).trim().trim_start_matches('0')
    }
}

/// The rows of every file of a folder whose name ends so, in order of file.
pub(crate) fn rows<'a>(town: &'a Town, folder: &str, ending: &str) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for path in town.files.keys().filter(|path| path.starts_with(folder) && path.ends_with(ending)) {
        let text = town.text(path);
        assert!(!text.contains('"'), "{path} is quoted");
        let mut lines = text.lines();
        let headings: Rc<Vec<&str>> = Rc::new(lines.next().unwrap().split(',').collect());
        let name = path.rsplit('/').next().unwrap();
        let place = name.split('_').next().unwrap();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), headings.len(), "{path}: {line}");
            rows.push(Row { file: path, place, headings: headings.clone(), cells });
        }
    }
    rows
}

/// Rows sent again are counted once: the first of each organisation and id stays.
pub(crate) fn distinct<'a>(rows: Vec<Row<'a>>, id: &str) -> Vec<Row<'a>> {
    let mut seen = BTreeSet::new();
    rows.into_iter().filter(|row| seen.insert((row.place, row.get(id)))).collect()
}

/// Days since some day, of `2026-03-31`.
pub(crate) fn day(text: &str) -> i32 {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    synth::day_of(parts[0], parts[1], parts[2])
}

/// Minutes since midnight, of `23:59:00`.
pub(crate) fn minute(text: &str) -> i32 {
    let parts: Vec<i32> = text.split(':').map(|part| part.parse().unwrap()).collect();
    parts[0] * 60 + parts[1]
}

/// The financial quarter of a date, if it is one of the twelve that are shown.
pub(crate) fn quarter(date: &str) -> Option<String> {
    let (year, month): (i32, i32) = (date.get(..4)?.parse().unwrap(), date[5..7].parse().unwrap());
    let (first, quarter) = match month {
        1..=3 => (year - 1, 4),
        4..=6 => (year, 1),
        7..=9 => (year, 2),
        _ => (year, 3),
    };
    (2023..=2025).contains(&first).then(|| format!("{first}/{:02} Q{quarter}", (first + 1) % 100))
}
