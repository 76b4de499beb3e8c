//! CSV on the Web metadata: what every column of a table means.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::units;
use crate::disclosure::{Sheet, sheets::Kind};
use crate::domain::day;

/// Where a run's figures come from, as every metadata file and the manifest say it.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// The run's id.
    pub run: String,
    /// SHA-256 of the configuration.
    pub config_sha256: String,
    /// The key's check value.
    pub key_check_value: String,
    /// Whether the data are the demonstration's.
    pub is_demonstration: bool,
    /// The licence of the released tables, by name or address.
    pub licence: String,
    /// The day up to which data were used.
    pub as_of: i32,
    /// What disclosure control did, in words.
    pub disclosure: String,
    /// The rules it went by.
    pub rules: Rules,
}

/// Rules of disclosure control as a release states them, so that others can check it by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Fewer people are not shown.
    pub threshold: u32,
    /// Counts are multiples of this.
    pub round_to: u32,
    /// Whether nobody is hidden too.
    pub hides_nobody: bool,
}

/// The field of the metadata that has them.
pub const RULES: &str = "pathlink:rules";

/// The licence of tables for which nobody named one.
pub const NO_LICENCE: &str = "not stated; ask whoever gave you these tables before you pass them on";

/// How the name of a metadata file ends.
pub const ENDING: &str = ".csv-metadata.json";

/// The metadata of a run as those of another that made the same table; none where the run's name is not just where it should be.
pub fn again(text: &str, [from, to]: [&str; 2]) -> Option<String> {
    let told = |id: &str| format!("run {id}\"");
    (text.matches(&told(from)).count() == 2 && text.matches(from).count() == 2)
        .then(|| text.replace(&told(from), &told(to)))
}

/// The metadata of one table.
pub fn of(sheet: &Sheet, provenance: &Provenance) -> Json {
    let has_unit = sheet.columns.iter().any(|column| column.name == "unit");
    let columns = sheet.columns.iter().map(|column| {
        let datatype = match column.kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Decimal => "decimal",
            Kind::Date => "date",
        };
        let mut said =
            json!({ "name": column.name, "titles": column.name, "datatype": datatype, "dc:description": column.meaning });
        let is_number = matches!(column.kind, Kind::Whole | Kind::Decimal);
        if let Some(unit) = units::of(sheet.name, column.name, has_unit).filter(|_| is_number) {
            said["schema:unitText"] = json!(unit);
        }
        said
    });
    let licence = match provenance.licence.as_str() {
        address if address.starts_with("https://") => json!({ "@id": address }),
        name => json!(name),
    };
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": format!("{}.csv", sheet.name),
        "dc:title": sheet.title,
        "dc:license": licence,
        "dc:source": format!("pathlink {} run {}", env!("CARGO_PKG_VERSION"), provenance.run),
        "pathlink:disclosure": provenance.disclosure,
        (RULES): provenance.rules,
        "pathlink:data": if provenance.is_demonstration { "demonstration" } else { "project" },
        "pathlink:config_sha256": provenance.config_sha256,
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "dc:title": format!("run {}", provenance.run),
            "prov:wasAssociatedWith": format!("pathlink {}", env!("CARGO_PKG_VERSION")),
            "pathlink:data_until": day::to_iso(provenance.as_of),
            "pathlink:key_check_value": provenance.key_check_value,
        },
        "dialect": { "encoding": "utf-8", "lineTerminators": ["\r\n"], "header": true },
        "tableSchema": { "columns": columns.collect::<Vec<_>>() }
    })
}
