//! CSV on the Web metadata: what every column of a table means.

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
}

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
        "pathlink:data": if provenance.is_demonstration { "demonstration" } else { "project" },
        "pathlink:config_sha256": provenance.config_sha256,
        "dialect": { "encoding": "utf-8", "lineTerminators": ["\r\n"], "header": true },
        "tableSchema": { "columns": columns.collect::<Vec<_>>() }
    })
}
