//! CSV on the Web metadata: what every column of a table means.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::disclosure::{Sheet, sheets::Kind};

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
    /// What disclosure control has and has not done.
    pub disclosure: &'static str,
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
}

/// The field of the metadata that has them.
pub const RULES: &str = "pathlink:rules";

/// The metadata of one table.
pub fn of(sheet: &Sheet, provenance: &Provenance) -> Json {
    let columns = sheet.columns.iter().map(|column| {
        let datatype = match column.kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Decimal => "decimal",
            Kind::Date => "date",
        };
        json!({ "name": column.name, "titles": column.name, "datatype": datatype, "dc:description": column.meaning })
    });
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": format!("{}.csv", sheet.name),
        "dc:title": sheet.title,
        "dc:source": format!("pathlink {} run {}", env!("CARGO_PKG_VERSION"), provenance.run),
        "pathlink:disclosure": provenance.disclosure,
        (RULES): provenance.rules,
        "pathlink:data": if provenance.is_demonstration { "demonstration" } else { "project" },
        "pathlink:config_sha256": provenance.config_sha256,
        "dialect": { "encoding": "utf-8", "lineTerminators": ["\r\n"], "header": true },
        "tableSchema": { "columns": columns.collect::<Vec<_>>() }
    })
}
