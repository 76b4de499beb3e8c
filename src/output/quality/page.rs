//! The page: `quality.html`, one file without script or outside reference, made from [`Quality`] and from nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Field, FileQuality, Quality, lines};
use crate::domain::day;
use crate::error::{Error, grouped};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// Width of a bar, in the units of its drawing.
const BAR: u64 = 240;
/// Fills of the five parts. Each part is also named in the table beside its bar.
const FILLS: [&str; 5] = ["#12436D", "#28A197", "#F46A25", "#801650", "#aeb7bd"];
/// Fields drawn on the page; `quality.json` has all of them.
const DRAWN: usize = 200;

#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    title: &'a str,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    table: &'a str,
    providers: String,
    fault: Option<&'a super::Fault>,
    cells: Vec<(&'static str, String, bool)>,
    worst: String,
}

#[derive(Serialize)]
struct FieldRow<'a> {
    file: &'a str,
    heading: &'a str,
    counts: Vec<(&'static str, String)>,
    bar: Vec<Part>,
    sentence: String,
}

#[derive(Serialize)]
struct Part {
    x: u64,
    width: u64,
    fill: &'static str,
}

/// The page.
pub fn page(quality: &Quality) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_keep_trailing_newline(true);
    environment.add_filter("grouped", grouped);
    environment.add_template("page.html", PAGE).map_err(Error::silent("read the page's template"))?;
    let template = environment.get_template("page.html").map_err(Error::silent("read the page's template"))?;
    let sources: Vec<Source<'_>> = quality.sources.iter().map(|source| of_source(quality, source)).collect();
    let silent: Vec<&str> =
        quality.sources.iter().filter(|source| !source.declares_expected_rows).map(|source| source.title).collect();
    let drawn: Vec<FieldRow<'_>> = fields(quality).take(DRAWN).collect();
    let page = template.render(context! {
        style => minijinja::Value::from_safe_string(STYLE.to_owned()),
        style_hash => STANDARD.encode(Sha256::digest(STYLE)),
        title => title(quality),
        is_good => quality.exit_code == 0,
        rows => quality.rows,
        silent => silent.join(", "),
        problems => problems(quality),
        more_fields => fields(quality).count() - drawn.len(),
        fields => drawn,
        sources,
        version => quality.version,
        legend => legend(),
    });
    page.map_err(Error::silent("fill the page in"))
}

/// The finding, in a sentence.
fn title(quality: &Quality) -> String {
    let files = quality.files.len();
    let unread = quality.files.iter().filter(|file| file.fault.is_some()).count();
    let gated = quality.files.iter().filter(|file| file.gate.is_some()).count();
    let missing = quality.problems.iter().filter(|one| one.rows.is_none() && one.files.is_empty()).count();
    let word = |count: usize| if count == 1 { "file" } else { "files" };
    match (unread, missing, gated) {
        (0, 0, 0) => format!("All {files} {} can be used", word(files)),
        (0, 0, gated) => format!("{gated} of {files} {} lost too many rows", word(files)),
        (0, missing, _) => format!("{missing} required {} did not arrive", word(missing)),
        (unread, _, _) => format!("{unread} of {files} {} cannot be read", word(files)),
    }
}

fn problems(quality: &Quality) -> Vec<(String, String, String, String)> {
    let one = |problem: &super::Problem| {
        let code = format!("{} {}", problem.kind.word(), problem.code);
        (code, problem.text.clone(), problem.fix.clone(), problem.kind.word().to_owned())
    };
    quality.problems.iter().map(one).collect()
}

fn of_source<'a>(quality: &'a Quality, source: &'a super::SourceQuality) -> Source<'a> {
    let files = quality.files.iter().filter(|file| file.source == source.id).map(of_file).collect();
    Source { id: source.id, title: source.title, files }
}

fn of_file(file: &FileQuality) -> File<'_> {
    let count = |label, count: u64| (label, grouped(count), true);
    let days = |day: Option<&String>| day.map_or_else(|| "No date".to_owned(), |day| in_words(day));
    let cells = file.rows.map_or_else(Vec::new, |rows| {
        let share = file.nhs_numbers.as_ref().map_or_else(|| "Not applicable".to_owned(), super::NhsNumbers::percent);
        vec![
            count("Rows read", rows.read),
            count("Kept", rows.kept),
            count("Rejected", rows.rejected),
            count("Duplicated", rows.duplicated),
            count("Left out", rows.excluded),
            ("NHS numbers usable", share, true),
            ("First day", days(file.covers.as_ref().map(|covers| &covers.from)), false),
            ("Last day", days(file.covers.as_ref().map(|covers| &covers.to)), false),
        ]
    });
    let providers = if file.providers.is_empty() { "Not known".to_owned() } else { lines::providers(file) };
    let worst = lines::worst(file).unwrap_or_else(|| "None failed".to_owned());
    File { name: &file.file, table: &file.table, providers, fault: file.fault.as_ref(), cells, worst }
}

/// `6 August 2018`.
fn in_words(iso: &str) -> String {
    let Some(found) = day::parse_iso(iso.as_bytes()) else { return iso.to_owned() };
    let (year, month, dom) = day::parts(found);
    format!("{dom} {} {year}", day::MONTH_NAMES[(month as usize).saturating_sub(1) % 12])
}

fn legend() -> Vec<(&'static str, &'static str)> {
    ["valid", "other", "default", "invalid", "missing"].into_iter().zip(FILLS).collect()
}

/// Fields with any fault, and NHS numbers whatever they are.
fn fields(quality: &Quality) -> impl Iterator<Item = FieldRow<'_>> {
    quality.files.iter().flat_map(|file| file.fields.iter().map(move |field| of_field(&file.file, field)))
}

fn of_field<'a>(file: &'a str, field: &'a Field) -> FieldRow<'a> {
    let shown = |count: Option<u64>| count.map_or_else(|| "Not counted".to_owned(), grouped);
    let counts = vec![
        ("Valid", shown(field.valid)),
        ("Other", shown(field.other)),
        ("Default", shown(field.default)),
        ("Invalid", shown(field.invalid)),
        ("Missing", shown(field.missing)),
    ];
    let whole = field.whole();
    let sentence = whole.map_or_else(
        || "No bar: valid values are not counted".to_owned(),
        |counts| {
            counts.iter().map(|(word, count)| format!("{word} {}", grouped(*count))).collect::<Vec<_>>().join(", ")
        },
    );
    FieldRow { file, heading: &field.heading, counts, bar: whole.map_or_else(Vec::new, bar), sentence }
}

/// The parts of a bar. A part that is there is never too thin to be seen.
fn bar(counts: [(&'static str, u64); 5]) -> Vec<Part> {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let widths = counts.map(|(_, count)| if count == 0 { 0 } else { (count * BAR / total.max(1)).max(3) });
    let over = widths.iter().sum::<u64>() as i64 - BAR as i64;
    let largest = (0..5).max_by_key(|at| widths[*at]).unwrap_or(0);
    let (mut x, mut parts) = (0, Vec::new());
    for (at, width) in widths.into_iter().enumerate().filter(|(_, width)| *width > 0) {
        let width = if at == largest { (width as i64 - over).max(3) as u64 } else { width };
        parts.push(Part { x, width, fill: FILLS[at] });
        x += width;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_bar_and_every_one_can_be_seen() {
        for counts in [[1, 0, 0, 0, 100_000], [1, 1, 1, 1, 1], [0, 0, 0, 0, 7], [99_999, 1, 1, 1, 1]] {
            let parts = bar(["valid", "other", "default", "invalid", "missing"]
                .map(|word| word)
                .into_iter()
                .zip(counts)
                .collect::<Vec<_>>()
                .try_into()
                .unwrap());
            assert_eq!(parts.iter().map(|part| part.width).sum::<u64>(), BAR);
            assert_eq!(parts.len(), counts.iter().filter(|count| **count > 0).count());
            assert!(parts.iter().all(|part| part.width >= 3));
        }
    }

    #[test]
    fn days_are_in_words() {
        assert_eq!(in_words("2018-08-06"), "6 August 2018");
    }
}
