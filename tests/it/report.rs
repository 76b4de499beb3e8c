//! The report: every number on it is in the tables beside it, its mark-up is whole, and nothing that stands in the inputs can
//! become mark-up.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::Project;

/// The bundled people.
pub(crate) fn bundled() -> Project {
    let project = Project::year();
    let case = crate::support::root().join("config/business_case/stockport.toml");
    std::fs::copy(case, project.path("case.toml")).unwrap();
    project.edit("pathlink.toml", |text| text.replace("business_cases = []", "business_cases = [\"case.toml\"]"));
    project
}

/// The words of a page without what stands in tags, with the numbers at ticks of axes left out.
fn words(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page.split_once("<body>").unwrap().1;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let (tag, after) = after.split_once('>').unwrap();
        rest = if tag.contains("class=\"tick\"") { after.split_once("</text>").unwrap().1 } else { after };
    }
    let spelt = [("&#x27;", "'"), ("&#x2f;", "/"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    spelt.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// Every number in a text: digits with their decimals, without the commas of groups.
fn numbers(text: &str) -> BTreeSet<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    let mut own = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let is_in_group = *letter == ','
            && !own.is_empty()
            && letters[at + 1..].iter().take_while(|next| next.is_ascii_digit()).count() == 3;
        let is_point = *letter == '.' && !own.is_empty() && letters.get(at + 1).is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() || is_point {
            own.push(*letter);
        } else if !is_in_group && !own.is_empty() {
            found.insert(std::mem::take(&mut own));
        }
    }
    if !own.is_empty() {
        found.insert(own);
    }
    found
}

/// Every number in the CSV files of a folder.
fn in_tables(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "csv") {
            let mut reader = csv::Reader::from_path(&path).unwrap();
            for record in reader.records() {
                record.unwrap().iter().for_each(|cell| found.extend(numbers(cell)));
            }
        }
    }
    found
}

/// Tags that end themselves.
const EMPTY: [&str; 6] = ["meta", "rect", "line", "circle", "path", "!doctype"];

/// Fails where a tag is not ended, an id stands twice, a reference leads nowhere, a table lacks its caption or a cell its words.
pub(crate) fn is_whole(page: &str) {
    let (mut open, mut ids, mut wanted) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap();
        rest = after;
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !EMPTY.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
        for part in tag.split(' ').skip(1).collect::<Vec<_>>().join(" ").split("\" ") {
            let Some((attribute, value)) = part.split_once("=\"") else { continue };
            let value = value.trim_end_matches(['"', '/']);
            match attribute {
                "id" => assert!(ids.insert(value.to_owned()), "{value} twice"),
                "aria-labelledby" => wanted.extend(value.split(' ').map(str::to_owned)),
                "href" => wanted.extend(value.strip_prefix('#').map(str::to_owned)),
                _ => {}
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(wanted.is_subset(&ids), "{:?}", wanted.difference(&ids));
    assert_eq!(page.matches("<h1").count(), 1);
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    assert_eq!(page.matches("<th>").count(), 0, "a heading without its scope");
    for empty in ["></td>", "></th>", "></caption>", "></h2>", "></h3>", "<p></p>", "<script", "http://", "https://"] {
        let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assert!(!page.contains(empty), "{empty}");
    }
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
}

#[test]
fn every_number_on_the_report_is_in_the_tables_and_its_mark_up_is_whole() {
    let project = bundled();
    let run = project.good_run(&[]);
    let page = std::fs::read_to_string(run.join("release/report.html")).unwrap();
    is_whole(&page);
    let mut known = in_tables(&run.join("release"));
    // What the page says of itself: the data end, the run, the program, hashes, and the constants of its prose.
    let footing = page.split_once("<caption>This run</caption>").unwrap().1;
    known.extend(numbers(&words(&format!("<body>{footing}"))));
    known.extend(["31", "2026", "95", "19", "20", "100", "90"].map(str::to_owned));
    let definitions: Vec<&str> = pathlink::metrics::ALL
        .iter()
        .flat_map(|own| [own.title, own.plain_english, own.definition, own.source])
        .collect();
    known.extend(numbers(&definitions.join(" ")));
    known.extend(numbers(&pathlink::metrics::ALL.iter().filter_map(|own| own.differs).collect::<Vec<_>>().join(" ")));
    known.extend(numbers(
        &pathlink::metrics::ALL.iter().filter_map(|own| own.official_id).collect::<Vec<_>>().join(" "),
    ));
    let found = numbers(&words(&page));
    assert!(found.len() > 150, "{}", found.len());
    let strange: Vec<&String> = found.difference(&known).collect();
    assert!(strange.is_empty(), "not in the tables: {strange:?}");
    for caption in ["Rows by table", "Cost beside usual care, by who pays", "Definitions"] {
        assert!(page.contains(caption), "{caption}");
    }
    assert!(page.matches("<svg").count() >= 15, "{}", page.matches("<svg").count());
    let own = std::fs::read_to_string(run.join("internal/report.html")).unwrap();
    is_whole(&own);
    assert!(own.contains("must not leave the organisation") && !page.contains("must not leave the organisation"));
    assert!(own.contains("There is no earlier run to compare with."));
    let again = project.good_run(&[]);
    let own = std::fs::read_to_string(again.join("internal/report.html")).unwrap();
    assert!(own.contains("Every finding reads as it did in the run before."));
}

#[test]
fn what_a_title_holds_stays_words() {
    let project = Project::tiny();
    let strange = "<b onclick=x>&\\\"'</b> \u{5e9}\u{5dc}\u{5d5}\u{5dd} ".to_owned() + &"long ".repeat(60);
    project.edit("in/pathways.toml", |text| {
        text.replace("title = \"Prevention Pathway\"", &format!("title = \"{strange}\""))
    });
    let run = project.good_run(&[]);
    for tier in ["release", "internal"] {
        let page = std::fs::read_to_string(run.join(tier).join("report.html")).unwrap();
        is_whole(&page);
        assert!(!page.contains("<b onclick") && page.contains("&lt;b onclick=x&gt;"), "{tier}");
    }
}

#[test]
fn every_released_file_is_listed_with_its_checksum_and_every_column_is_in_the_dictionary() {
    let project = Project::tiny();
    let release = project.good_run(&[]).join("release");
    let list = std::fs::read_to_string(release.join("checksums.sha256")).unwrap();
    let listed: BTreeSet<String> = list.lines().map(|line| line.split_once("  ").unwrap().1.to_owned()).collect();
    let there = std::fs::read_dir(&release).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| name != "checksums.sha256").collect();
    assert_eq!(listed, there);
    let mut command = std::process::Command::new("sha256sum");
    command.args(["--check", "--quiet", "checksums.sha256"]).current_dir(&release);
    assert!(command.status().unwrap().success());
    let mut dictionary = csv::Reader::from_path(release.join("data-dictionary.csv")).unwrap();
    let known: BTreeSet<[String; 2]> =
        dictionary.records().map(|row| row.unwrap()).map(|row| [row[0].to_owned(), row[3].to_owned()]).collect();
    for name in there.iter().filter_map(|name| name.strip_suffix(".csv")) {
        let mut reader = csv::Reader::from_path(release.join(format!("{name}.csv"))).unwrap();
        for heading in reader.headers().unwrap() {
            assert!(known.contains(&[name.to_owned(), heading.to_owned()]), "{name} {heading}");
        }
    }
}

#[test]
fn every_table_says_its_licence_where_it_comes_from_and_what_its_numbers_are_in() {
    let project = Project::tiny();
    let licence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
    project.edit("pathlink.toml", |text| format!("{text}\n[governance]\nlicence = \"{licence}\"\n"));
    let run = project.good_run(&[]);
    let name = run.file_name().unwrap().to_str().unwrap();
    let mut numbers = 0;
    for entry in std::fs::read_dir(run.join("release")).unwrap() {
        let path = entry.unwrap().path();
        if !path.display().to_string().ends_with(".csv-metadata.json") {
            continue;
        }
        let about: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(about["dc:license"]["@id"], licence, "{}", path.display());
        assert_eq!(about["prov:wasGeneratedBy"]["dc:title"], format!("run {name}"), "{}", path.display());
        for column in about["tableSchema"]["columns"].as_array().unwrap() {
            if column["datatype"] == "integer" || column["datatype"] == "decimal" {
                assert!(column["schema:unitText"].is_string(), "{}: {column}", path.display());
                numbers += 1;
            }
        }
    }
    assert!(numbers > 80, "{numbers}");
}
