//! Test vectors: values that were made with other programs, so that ours cannot agree with itself alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use pathlink::domain::nhs_number::{Accepts, REASONS, Reason, check, read};
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser, subkey};
use pathlink::ingest::fields;
use pathlink::schema::columns::{Field, Whole};
use sha2::{Digest, Sha256};

use crate::support::{csv_rows, root};

fn vectors(name: &str) -> Vec<Vec<String>> {
    csv_rows(&root().join("tests/vectors").join(name))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Bytes 00 to 1f.
fn master() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at).unwrap())
}

fn key(project: &str, version: &str) -> ProjectKey {
    ProjectKey::new(Box::new(master()), project, version.parse().unwrap()).ok().unwrap()
}

fn key_file(name: &str, mode: u32, text: &str) -> Result<ProjectKey, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    ProjectKey::read(&path).map_err(|error| error.code().id.to_owned())
}

/// The purposes that the product has by name, for checking that they lead to the same token as their label.
fn purpose(label: &str) -> Option<Purpose> {
    let fields = Field::ALL.map(fields::purpose);
    let all = [Purpose::Nhs, Purpose::Local, Purpose::Record, Purpose::Check].into_iter().chain(fields);
    all.into_iter().find(|purpose| purpose.label() == label)
}

#[test]
fn every_nhs_number_gets_the_published_verdict() {
    let rows = vectors("nhs_number.csv");
    for row in &rows {
        let (cell, verdict) = (row[0].as_bytes(), row[1].as_str());
        let (number, reason) = check(cell);
        let name = REASONS.iter().find(|(known, _)| *known == reason).unwrap().1;
        let expected = if verdict == "valid_test_range" { "test_range" } else { verdict };
        assert_eq!(name, expected, "{:?} {}", row[0], row[2]);
        assert_eq!(number.is_some(), matches!(verdict, "valid" | "valid_test_range" | "other_uk"), "{:?}", row[0]);
    }
    assert_eq!(rows.len(), 55);
}

#[test]
fn a_number_is_used_only_where_its_range_is_accepted() {
    for row in vectors("nhs_number.csv") {
        for (test_range, other_uk) in [(false, false), (true, false), (false, true), (true, true)] {
            let (number, reason) = read(row[0].as_bytes(), None, Accepts { test_range, other_uk });
            let is_used = match row[1].as_str() {
                "valid" => true,
                "valid_test_range" => test_range,
                "other_uk" => other_uk,
                _ => false,
            };
            assert_eq!(number.is_some(), is_used, "{:?}", row[0]);
            assert!(reason == check(row[0].as_bytes()).1, "{:?}", row[0]);
            let withheld = read(row[0].as_bytes(), Some(7), Accepts { test_range, other_uk });
            assert!(withheld.0.is_none() && (!is_used || withheld.1 == Reason::Withheld), "{:?}", row[0]);
        }
    }
}

#[test]
fn subkeys_are_the_ones_openssl_derives() {
    for row in vectors("pseudonym_subkeys.csv") {
        assert_eq!(hex(&subkey(&key(&row[1], &row[2]), &row[0])), row[3], "{row:?}");
    }
}

#[test]
fn tokens_are_the_ones_openssl_computes() {
    for row in [vectors("pseudonym_hmac.csv"), vectors("field_hmac.csv")].concat() {
        let message = row[4].replace("<US>", "\u{1f}");
        if row[0] == "H1" {
            let mut mac = Hmac::<Sha256>::new_from_slice(master().as_slice()).unwrap();
            mac.update(message.as_bytes());
            assert_eq!(hex(&mac.finalize().into_bytes()), row[5]);
            continue;
        }
        let key = key(&row[1], &row[2]);
        let by_label = Tokeniser::for_label(&key, &row[3]);
        let pieces: Vec<&[u8]> = message.split_inclusive('\u{1f}').map(str::as_bytes).collect();
        assert_eq!(hex(&by_label.digest(&pieces)), row[5], "{row:?}");
        assert_eq!(by_label.token(&[message.as_bytes()]).to_hex(), row[6], "{row:?}");
        if let Some(purpose) = purpose(&row[3]) {
            assert_eq!(Tokeniser::new(&key, purpose).token(&pieces).to_hex(), row[6], "{row:?}");
        }
    }
}

/// Ó Briain, Élodie and cb22 3ad in canonical form, and their tokens as openssl computes them.
#[test]
fn every_field_of_a_name_or_postcode_has_its_published_token() {
    let known = vectors("field_hmac.csv");
    let key = key("demo-project", "1");
    for (whole, cell) in [(Whole::Surname, "Ó Briain"), (Whole::Forename, " élodie"), (Whole::Postcode, "cb22 3ad")] {
        let values = fields::canonical(whole, cell.as_bytes()).unwrap();
        for (field, value) in whole.fields().into_iter().zip(values) {
            let purpose = fields::purpose(field);
            let row = known.iter().find(|row| row[3] == purpose.label()).unwrap();
            assert_eq!(String::from_utf8(value.clone()).unwrap(), row[4], "{field:?}");
            assert_eq!(Tokeniser::new(&key, purpose).token(&[&value]).to_hex(), row[6], "{field:?}");
        }
    }
    assert_eq!(known.len(), Field::ALL.len());
}

#[test]
fn a_key_file_of_bytes_00_to_1f_has_check_value_ae284495() {
    let encoded = base64::engine::general_purpose::STANDARD.encode(master().as_slice());
    let line = format!("PATHLINK-KEY-1 demo-project 1 {encoded} ae284495\n");
    let key = key_file("own.key", 0o600, &line).ok().unwrap();
    assert_eq!((key.check_value().as_str(), key.project(), key.version()), ("ae284495", "demo-project", 1));
    assert!(key.is_demonstration());
    assert_eq!(key_file("other.key", 0o600, &line.replace("ae284495", "ae284496")).err().unwrap(), "KEY03");
    assert_eq!(key_file("other.key", 0o600, &line.replace(" 1 ", " 2 ")).err().unwrap(), "KEY03");
    assert_eq!(key_file("open.key", 0o640, &line).err().unwrap(), "KEY02");
}

/// For a later issue (compatibility modes): the file itself is right.
#[test]
fn salted_hashes_of_other_parties_are_plain_sha_256() {
    for row in vectors("salted_sha256.csv") {
        assert_eq!(hex(&Sha256::digest(row[1].as_bytes())), row[2], "{row:?}");
    }
}
