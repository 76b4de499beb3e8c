//! What the reader of TOML found, in our words. Its own messages quote values, which may be secrets; names of settings are not.

use std::ops::Range;

use super::did_you_mean;
use super::place::{draw, is_name};
use crate::domain::key_text::holds_key;
use crate::error::{self, Error};

/// A TOML fault as our own error: file, line, the line with carets under the fault, and the nearest valid name. No value is
/// shown but a name that is not known.
pub fn toml_error(file: &str, text: &str, problem: &toml::de::Error) -> Error {
    of_message(file, text, &problem.span().unwrap_or(0..0), problem.message())
}

fn of_message(file: &str, text: &str, span: &Range<usize>, message: &str) -> Error {
    let (wrong, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let (line, drawn) = draw(text, span, is_unknown);
    let whole = text.lines().nth(line - 1).unwrap_or_default();
    if holds_key(whole.trim()) || holds_key(message) {
        return Error::new(
            &error::CONFIG_KEY,
            format!("{file}:{line} holds what looks like a key itself"),
            "name the key's file instead, `file = \"PATH\"` under [key], and treat this key as leaked: `pathlink describe security leaks`",
        );
    }
    let error = if is_unknown {
        let wrong = wrong.split_once('`').map_or("", |(_, rest)| rest.trim_end_matches('`'));
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        unknown(&format!("{file}:{line}"), wrong, &known)
    } else {
        let fix = "compare the line with config/pathlink.toml, which explains every setting";
        match message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(name) => {
                let fix = format!("add `{name} = ...`");
                Error::new(&error::CONFIG_SYNTAX, format!("{file}:{line} has no `{name}`, which is needed here"), fix)
            }
            None => Error::new(&error::CONFIG_SYNTAX, format!("{file}:{line} is not understood"), fix),
        }
    };
    let error = drawn.into_iter().fold(error, Error::because);
    match why(message, expected) {
        Some(why) if !is_unknown => error.because(why),
        _ => error,
    }
}

/// A key or a word that is not known, with the nearest that is.
fn unknown(place: &str, wrong: &str, known: &[&str]) -> Error {
    let what = if is_name(wrong) { format!("`{wrong}`") } else { "a name".to_owned() };
    let all = if known.is_empty() { "take it away".to_owned() } else { format!("use one of: {}", known.join(", ")) };
    let fix = did_you_mean(wrong, known.iter().copied(), &all);
    Error::new(&error::CONFIG_KEY, format!("{place} {what} is not known here"), fix)
}

/// Why a value is not understood; none where nothing can be said without showing it.
fn why(message: &str, expected: &str) -> Option<String> {
    for (start, is_kind) in [("invalid type: ", true), ("invalid value: ", false), ("invalid length", false)] {
        if let Some(rest) = message.strip_prefix(start) {
            let found = if is_kind { found(rest) } else { "a value that is not possible" };
            return Some(format!("{found}, where {} is expected", wanted(expected)));
        }
    }
    if message.contains("untagged enum") {
        return Some("neither a text in quotes nor a list of them".to_owned());
    }
    let is_ours = message.split('`').skip(1).step_by(2).any(|part| part.chars().any(char::is_alphanumeric));
    let first = message.lines().next().unwrap_or_default();
    (!is_ours && !first.contains('"') && !message.starts_with("missing field")).then(|| first.to_owned())
}

/// The kind of a value, of the start of the reader's own words for it.
fn found(text: &str) -> &'static str {
    let kinds = [
        ("string", "a text in quotes"),
        ("integer", "a whole number"),
        ("floating point", "a number with a point"),
        ("boolean", "true or false"),
        ("sequence", "a list"),
        ("map", "a table"),
    ];
    kinds.iter().find(|(start, _)| text.starts_with(start)).map_or("something else", |(_, words)| words)
}

fn wanted(expected: &str) -> &'static str {
    let is_whole = |text: &str| {
        let size = text.strip_prefix(['u', 'i']);
        size.is_some_and(|size| matches!(size, "8" | "16" | "32" | "64" | "128" | "size"))
    };
    match expected {
        whole if is_whole(whole) || whole.starts_with("a nonzero") => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        text if text.contains("datetime") => "a date without quotes, such as 2026-03-31,",
        text if text.contains("string") => "a text in quotes",
        text if text.contains("tuple") => "a list of two",
        text if text.contains("sequence") => "a list in [ ]",
        text if text.contains("struct") || text.contains("map") => "a table",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn said(text: &str) -> String {
        toml_error("pathlink.toml", text, &toml::from_str::<Settings>(text).unwrap_err()).to_string()
    }

    #[test]
    fn a_key_in_the_settings_is_told_of_and_not_shown() {
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for text in [format!("[key]\nsecret = \"{base64}\"\n"), format!("[key]\nPATHLINK-KEY-1 p 1 {base64} 0\n")] {
            assert!(said(&text).contains("pathlink.toml:2") && !said(&text).contains(base64), "{}", said(&text));
        }
    }

    #[test]
    fn an_unknown_key_gets_its_line_a_caret_and_the_nearest_name() {
        let wanted = "error CFG03: pathlink.toml:3 `quaters` is not known here\n  3 | quaters = 8\n    | ^^^^^^^\n  fix: did you mean `quarters`?";
        assert_eq!(said("as_of = 2026-03-31\n[periods]\nquaters = 8\n"), wanted);
    }

    #[test]
    fn a_wrong_type_is_told_in_words_and_its_value_is_not_shown() {
        let wanted = "error CFG02: pathlink.toml:2 is not understood\n  2 | quarters = \"…\"\n    |            ^^^\n  a text in quotes, where a whole number is expected\n";
        assert!(
            said("[periods]\nquarters = \"hunter2\"\n").starts_with(wanted),
            "{}",
            said("[periods]\nquarters = \"hunter2\"\n")
        );
        assert!(
            said("[identity]\nallow_other_uk = 1\n").contains("\n  a whole number, where true or false is expected\n")
        );
        assert!(said("pathways = \"x\"\n").contains("where a list in [ ] is expected"));
        assert!(said("[periods]\nquarters = -1\n").contains("a value that is not possible, where a whole number"));
    }

    #[test]
    fn nothing_that_could_be_a_secret_is_shown() {
        let texts = [
            "[key]\nfile = hunter2\n",
            "[key]\nfile = \"hunter2\nproject = 1\n",
            "[key]\nfile = 'hunter2' hunter2\n",
            "[key]\nhunter2\n",
            "[key]\nfile = [\"hunter2\"]\n",
            "[key]\ndemo = \"hunter2\" # hunter2\n",
            "[key]\npasswort = \"hunter2\"\n",
            "[key]\ncheck_value = { hunter2 = \"hunter2\" }\n",
            "[identity]\nmode = \"hunter2 `hunter2` x\"\n",
            "[[share]]\nrecipient = \"hunter2\"\n",
            "as_of = \"hunter2\"\n",
            "extracts = [{ source = \"gp\", folder = \"hunter2\" , required = \"hunter2\" }]\n",
        ];
        for text in texts {
            let said = said(text);
            assert!(
                said.contains("pathlink.toml:") && said.contains('^') && !said.contains("hunter2"),
                "{text}\n{said}"
            );
        }
    }

    #[test]
    fn a_missing_key_is_named() {
        let said = said("extracts = [{ source = \"gp\" }]\n");
        assert!(said.contains("pathlink.toml:1 has no `folder`, which is needed here"), "{said}");
    }
}
