//! JSON Schemas of the configuration files, for editors: they know every key, what it is for and what it takes.

use serde_json::{Value, json};

use crate::error::Error;
use crate::{settings, sources};

/// The kinds of configuration file: the settings, pathways, the analysis plan, a business case, and a source config.
pub const KINDS: [&str; 5] = ["pathlink", "pathways", "analysis_plan", "business_case", "source"];

/// The schema of a kind of file, as JSON text; every one by its kind where none is named.
pub fn text(kind: Option<&str>) -> Result<String, Error> {
    let own = settings::schemas().into_iter().chain([("source", sources::schema())]);
    let mut all: Vec<(&str, Value)> = own.collect();
    let value = match kind.and_then(|kind| all.iter().position(|(known, _)| *known == kind)) {
        Some(at) => all.swap_remove(at).1,
        None => all.into_iter().fold(json!({}), |mut object, (kind, schema)| {
            object[kind] = schema;
            object
        }),
    };
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(Error::silent("write a schema"))
}
