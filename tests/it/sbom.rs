//! The bill of materials: what the lock file has, in `CycloneDX`, and its hash in what the program says of itself.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::program::pathlink;
use crate::support::root;

const FILE: &str = "docs/sbom.cdx.json";

/// Every package of the lock file but our own, as `CycloneDX` 1.6 has it.
fn of_lock_file() -> String {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let packages = lock["package"].as_array().unwrap();
    let components = packages.iter().filter(|package| text(package, "source").is_some()).map(|package| {
        let (name, version) = (text(package, "name").unwrap(), text(package, "version").unwrap());
        let purl = format!("pkg:cargo/{name}@{version}");
        let hash = json!([{ "alg": "SHA-256", "content": text(package, "checksum").unwrap() }]);
        json!({ "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hash })
    });
    let sbom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": "pathlink", "name": "pathlink", "version": env!("CARGO_PKG_VERSION"),
            "licenses": [{ "license": { "id": "MIT" } }],
        } },
        "components": components.collect::<Vec<Json>>(),
    });
    serde_json::to_string_pretty(&sbom).unwrap() + "\n"
}

#[test]
fn the_bill_of_materials_is_that_of_the_lock_file() {
    let (wanted, held) = (of_lock_file(), fs::read_to_string(root().join(FILE)).unwrap_or_default());
    let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sbom.cdx.json");
    fs::write(&new, &wanted).unwrap();
    assert!(wanted == held, "Cargo.lock has changed: look at it, then copy {} to {FILE}", new.display());
    assert!(wanted.matches("\"purl\"").count() > 200);
}

#[test]
fn version_says_the_hash_of_the_bill_of_materials() {
    let folder = tempfile::tempdir().unwrap();
    let done = pathlink(folder.path(), &["version", "--json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let said: Json = serde_json::from_str(&done.stdout).unwrap();
    let hash = pathlink::domain::hex::lower(&Sha256::digest(fs::read(root().join(FILE)).unwrap()));
    assert_eq!(
        (said["sbom_sha256"].as_str(), said["pathlink"].as_str()),
        (Some(hash.as_str()), Some(env!("CARGO_PKG_VERSION")))
    );
    let listed = pathlink(folder.path(), &["version", "--sbom"]).stdout;
    assert_eq!(listed, fs::read_to_string(root().join(FILE)).unwrap());
}
