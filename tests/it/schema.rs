//! Schemas: those in the repository are current, every bundled configuration file obeys its own, and a wrong one does not.

use std::fs;

use pathlink::describe::schema;
use serde_json::{Value, json};

use crate::support::root;

/// What is wrong with a value by a schema: the words of JSON Schema that are in ours, each of them checked or known to say
/// nothing of whether a value fits.
fn faults(value: &Value, schema: &Value, whole: &Value, at: &str) -> Vec<String> {
    let Value::Object(rules) = schema else {
        return if *schema == Value::Bool(false) { vec![format!("{at}: nothing may be here")] } else { Vec::new() };
    };
    let mut found = Vec::new();
    let fits = |schema: &Value| faults(value, schema, whole, at).is_empty();
    for (word, rule) in rules {
        let holds = match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => true,
            "$ref" => {
                let target = whole.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(faults(value, target, whole, at));
                true
            }
            "type" => {
                let names: Vec<&Value> = rule.as_array().map_or_else(|| vec![rule], |list| list.iter().collect());
                names.iter().any(|name| is_of_type(value, name.as_str().unwrap()))
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(fits),
            "oneOf" => rule.as_array().unwrap().iter().filter(|one| fits(one)).count() == 1,
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
            "required" => value.as_object().is_none_or(|object| {
                rule.as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap()))
            }),
            "items" | "prefixItems" | "properties" | "additionalProperties" => {
                found.extend(of_parts((word, rule), value, (rules, whole), at));
                true
            }
            other => panic!("{at}: the word `{other}` is not checked here"),
        };
        if !holds {
            found.push(format!("{at}: {word}"));
        }
    }
    found
}

/// The faults of what a list or an object holds.
fn of_parts(
    (word, rule): (&str, &Value),
    value: &Value,
    (rules, whole): (&serde_json::Map<String, Value>, &Value),
    at: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    match (word, value) {
        ("items", Value::Array(list)) => {
            for (place, one) in list.iter().enumerate() {
                found.extend(faults(one, rule, whole, &format!("{at}[{place}]")));
            }
        }
        ("prefixItems", Value::Array(list)) => {
            for (place, (one, rule)) in list.iter().zip(rule.as_array().unwrap()).enumerate() {
                found.extend(faults(one, rule, whole, &format!("{at}[{place}]")));
            }
        }
        ("properties", Value::Object(object)) => {
            for (name, one) in object {
                if let Some(rule) = rule.get(name) {
                    found.extend(faults(one, rule, whole, &format!("{at}.{name}")));
                }
            }
        }
        ("additionalProperties", Value::Object(object)) => {
            let known = |name: &String| rules.get("properties").is_some_and(|known| known.get(name).is_some());
            for (name, one) in object.iter().filter(|(name, _)| !known(name)) {
                found.extend(faults(one, rule, whole, &format!("{at}.{name}")));
            }
        }
        _ => {}
    }
    found
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    }
}

/// TOML as an editor hands it to a schema: dates as text.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(truth) => json!(truth),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(name, value)| (name.clone(), as_json(value))).collect(),
    }
}

fn schema_of(kind: &str) -> Value {
    serde_json::from_str(&schema::text(Some(kind)).unwrap()).unwrap()
}

fn faults_of(kind: &str, text: &str) -> Vec<String> {
    let (value, schema) = (as_json(&toml::from_str(text).unwrap()), schema_of(kind));
    faults(&value, &schema, &schema, kind)
}

#[test]
fn the_schemas_in_the_repository_are_current() {
    for kind in schema::KINDS {
        let name = format!("docs/schema/{kind}.json");
        let held = fs::read_to_string(root().join(&name)).unwrap_or_default();
        assert!(
            held == schema::text(Some(kind)).unwrap(),
            "{name} is not current: read `git diff` after `pathlink describe schema {kind} > {name}`"
        );
    }
}

#[test]
fn every_bundled_configuration_file_obeys_its_schema() {
    let files = |folder: &str| {
        let names = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect::<Vec<_>>()
    };
    let mut all: Vec<(&str, _)> = files("config/pathways").into_iter().map(|path| ("pathways", path)).collect();
    all.extend(files("config/sources").into_iter().map(|path| ("source", path)));
    all.push(("pathlink", root().join("config/pathlink.toml")));
    all.push(("pathlink", root().join("fixtures/tiny/pathlink.toml")));
    all.push(("pathways", root().join("fixtures/tiny/pathways.toml")));
    all.push(("analysis_plan", root().join("config/analysis_plan.toml")));
    assert!(all.len() >= 14);
    for (kind, path) in all {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(faults_of(kind, &text), Vec::<String>::new(), "{}", path.display());
        // With every setting that stands there as a comment, too.
        if path.ends_with("config/pathlink.toml") {
            assert!(
                faults_of(kind, &text.replace("# file = \"unit_costs.csv\"", "file = \"unit_costs.csv\"")).is_empty()
            );
        }
    }
}

#[test]
fn what_the_reader_refuses_its_schema_refuses_too() {
    let cases = [
        ("pathlink", "[periods]\nquaters = 4\n", "pathlink.periods.quaters: nothing may be here"),
        ("pathlink", "[periods]\nquarters = \"4\"\n", "pathlink.periods.quarters: type"),
        ("pathlink", "extracts = [{ source = \"gp\" }]\n", "pathlink.extracts[0]: required"),
        ("pathlink", "extracts = [{ source = \"g\", folder = \"x\" }]\n", "pathlink.extracts[0].source: enum"),
        ("pathlink", "[identity]\nmode = \"remove\"\n", "pathlink.identity.mode"),
        ("pathways", "[pathway.x]\ntitle = \"x\"\n", "pathways.pathway.x: required"),
        ("analysis_plan", "[[comparison]]\npathway = \"a\"\n", "analysis_plan.comparison[0]: required"),
        ("source", "[source]\nid = \"gp\"\n", "source: required"),
    ];
    for (kind, text, fault) in cases {
        let found = faults_of(kind, text);
        assert!(found.iter().any(|one| one.starts_with(fault)), "{text}: {found:?}");
    }
}
