//! Test vectors: values that were made with other programs, so that ours cannot agree with itself alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use pathlink::domain::nhs_number::{Accepts, REASONS, Reason, check, read};
use pathlink::domain::scheme::Scheme;
use pathlink::identity::compat::{Edges, Salt, written};
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
        assert_eq!(hex(subkey(&key(&row[1], &row[2]), &row[0]).as_slice()), row[3], "{row:?}");
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

/// A published row: what is hashed, cut into the values and the salt that its party would have.
fn salted(row: &[String]) -> (Scheme, Vec<&str>, &str) {
    let text = row[1].as_str();
    let cut = |at: usize| (&text[..at], &text[at..]);
    match row[0].as_str() {
        // No salt: the last digits are one here, for a salt may not be blank.
        "S1" => (Scheme::OpenPseudonymiser, vec![cut(6).0], cut(6).1),
        "S2" => (Scheme::OpenPseudonymiser, vec![cut(9).0], "hello"),
        "S3" => (Scheme::OpenPseudonymiser, vec!["29.11.1973", "943 476 5919"], "mackerel"),
        "S4" | "S5" | "S6" => (Scheme::OpenPseudonymiser, vec![cut(10).0], "mackerel"),
        "S7" => (Scheme::OpenPseudonymiser, vec![""], "mackerel"),
        "S8" => (Scheme::Ndrs, vec!["1234567881"], "1234567890abcdef1234567890abcdef"),
        "S9" => (Scheme::NdrsBirthdatePostcode, vec!["1975-10-22", "CB22 3AD"], "1234567890abcdef1234567890abcdef"),
        "S10" => (Scheme::NdrsPseudoid, vec![&text[9..73]], &text[73..]),
        other => panic!("a row of salted_sha256.csv is not known: {other}"),
    }
}

#[test]
fn digests_of_other_parties_are_the_published_ones_and_none_is_made_of_a_blank() {
    let rows = vectors("salted_sha256.csv");
    assert_eq!(rows.len(), 10);
    for row in &rows {
        assert_eq!(hex(&Sha256::digest(row[1].as_bytes())), row[2], "the file itself: {row:?}");
        let (scheme, values, salt) = salted(row);
        let values: Vec<&[u8]> = values.into_iter().map(str::as_bytes).collect();
        let digest = Salt::of(salt, Edges::Kept).unwrap().digest(scheme, &values);
        if row[0] == "S7" {
            assert!(digest.is_none(), "a hash of nothing is everybody's");
            continue;
        }
        let text = written(scheme, &digest.unwrap());
        assert_eq!(text.to_lowercase(), row[2], "{row:?}");
        assert_eq!(text == text.to_uppercase(), scheme == Scheme::OpenPseudonymiser, "{row:?}");
    }
}

/// Made with `printf %s NUMBER | openssl dgst -HASH -hmac tiger`; the first is in CRATE's documentation.
#[test]
fn crate_digests_are_those_of_openssl() {
    let expected = [
        (Scheme::CrateMd5, "1234567890", "35b102550cd6b3118153d0372dffb0aa"),
        (Scheme::CrateMd5, "9434765919", "5d249b5c35ba5530dca0bc871fa4d8a6"),
        (Scheme::CrateSha256, "9434765919", "589001723bbfd3108e8d58967e0f052e183d470d43a01accf621c6d1de4a737f"),
        (
            Scheme::CrateSha512,
            "9434765919",
            "0b2fc6f6269becc54caf283957d41ab0cbf710dd221f6e135d144c55522550668d9c76386db50e987431faf87c25ac8328c9d6c4f21c0dd39402e695b47765cf",
        ),
    ];
    let key = Salt::of("tiger", Edges::Kept).unwrap();
    for (scheme, number, digest) in expected {
        assert_eq!(written(scheme, &key.digest(scheme, &[number.as_bytes()]).unwrap()), digest, "{}", scheme.id());
    }
}

/// The vectors that others made lie in the repository whole: as many rows as were published.
#[test]
fn every_published_row_is_tested() {
    let files =
        [("nhs_number.csv", 55), ("pseudonym_hmac.csv", 12), ("pseudonym_subkeys.csv", 7), ("salted_sha256.csv", 10)];
    for (name, rows) in files {
        assert_eq!(vectors(name).len(), rows, "{name}");
    }
}
