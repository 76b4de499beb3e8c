//! Where in a configuration file a fault is: its line, drawn with carets under the fault and without whatever could be a
//! secret, and the place of a word that a later check does not know.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Error;

/// The most of a line that is shown before and after the start of a fault.
const AROUND: (usize, usize) = (60, 100);
/// What stands for what is not shown.
const HIDDEN: &str = "…";

/// The number of the line on which a span starts, and the line with carets under the span. Of values only numbers, dates,
/// `true` and `false` are shown, and the fault itself where `shows_word` says that it is a name that is not known.
pub(super) fn draw(text: &str, span: &Range<usize>, shows_word: bool) -> (usize, [String; 2]) {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = text[..from].matches('\n').count() + 1;
    let fault = start - from..span.end.clamp(start, to) - from;
    let (shown, carets) = shown(&text[from..to], &fault, shows_word);
    let margin = " ".repeat(line.to_string().len());
    (line, [format!("{line} | {shown}"), format!("{margin} | {carets}")])
}

/// Whether a text has the form of a name: an id, a heading or a code, and not of a number of a person.
pub(super) fn is_name(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let has_digits = text.as_bytes().windows(5).any(|five| five.iter().all(u8::is_ascii_digit));
    (1..=40).contains(&text.len()) && text.bytes().all(is_sign) && !has_digits
}

/// A number, a date, `true` or `false`.
fn is_literal(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'+' | b'.');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    matches!(text, "true" | "false") || (text.bytes().all(is_sign) && (1..=8).contains(&digits))
}

/// Whether what a key names is never shown, whatever it looks like.
fn is_secret(key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let ends = ["key", "token", "pwd", "pass", "pin"];
    ["secret", "passw", "credential", "salt"].iter().any(|part| name.contains(part))
        || ends.iter().any(|end| name == *end || name.ends_with(&format!("_{end}")))
}

/// A line without what is not shown, and the carets under its fault.
fn shown(row: &str, fault: &Range<usize>, shows_word: bool) -> (String, String) {
    let pieces = pieces(row);
    let is_header = row.trim_start().starts_with('[');
    let is_key = |at: usize| {
        let mut later = pieces.iter().skip(at + 1).map(|piece| &row[piece.clone()]);
        is_header || later.find(|piece| !piece.trim().is_empty()) == Some("=")
    };
    let (mut text, mut is_hidden) = (String::new(), false);
    let mut under: Option<Range<usize>> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let own = &row[piece.clone()];
        if text.is_empty() && own.trim().is_empty() {
            continue;
        }
        let start = text.chars().count();
        let is_fault = piece.start < fault.end && fault.start < piece.end;
        let bare = own.trim_matches(['"', '\'']);
        let is_word = !own.starts_with(|sign| is_blank(sign) || is_sign(sign));
        let is_seen = if is_word && is_key(at) {
            is_hidden = is_secret(bare);
            // A key in a value that is wrong as a whole is a part of that value.
            is_name(bare) && (shows_word || !is_fault || is_header || !text.contains('='))
        } else {
            !is_hidden && (is_literal(own) || (is_fault && shows_word && is_name(bare)))
        };
        match own.chars().next() {
            Some(sign) if is_blank(sign) || is_sign(sign) || is_seen => text.push_str(own),
            Some(quote @ ('"' | '\'')) => text.extend([quote.to_string(), HIDDEN.to_owned(), quote.to_string()]),
            _ => text.push_str(HIDDEN),
        }
        if is_fault {
            under = Some(under.map_or(start, |under| under.start)..text.chars().count());
        } else if under.is_none() && piece.start >= fault.end {
            under = Some(start..start + 1);
        }
    }
    let text = text.trim_end();
    let end = text.chars().count();
    let under = under.unwrap_or(end..end + 1);
    let left = under.start.saturating_sub(AROUND.0);
    let kept: String = text.chars().skip(left).take(AROUND.0 + AROUND.1).collect();
    let width = under.len().clamp(1, AROUND.1);
    (kept, format!("{}{}", " ".repeat(under.start - left), "^".repeat(width)))
}

fn is_blank(sign: char) -> bool {
    sign.is_whitespace()
}

fn is_sign(sign: char) -> bool {
    matches!(sign, '[' | ']' | '{' | '}' | ',' | '=')
}

/// The parts of a line up to its comment: blanks and signs one by one, words, and texts with their quotes.
fn pieces(row: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(first) = row[at..].chars().next().filter(|first| *first != '#') {
        let rest = &row[at..];
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            sign if is_blank(sign) || is_sign(sign) => first.len_utf8(),
            _ => rest
                .find(|sign| is_blank(sign) || is_sign(sign) || matches!(sign, '"' | '\'' | '#'))
                .unwrap_or(rest.len()),
        };
        pieces.push(at..at + length);
        at += length;
    }
    pieces
}

/// How long a text in quotes is, with them; to the end of the line where it is not closed there.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, sign) in rest.char_indices().skip(1) {
        if sign == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = sign == '\\' && quote == '"' && !is_escaped;
    }
    rest.len()
}

/// Adds to an error where in a file a word is that it names: the first key or text of that name below the path of keys. A
/// number in the path is a place in a list. As it was where there is no such word.
pub fn point(error: Error, (file, text): (&str, &str), path: &[&str], word: &str) -> Error {
    match find(text, path, word) {
        Some(span) => {
            let (line, drawn) = draw(text, &span, true);
            error.at(file, line, drawn)
        }
        None => error,
    }
}

/// The same, of the word that an error names first: below the pathway or the section that it names before.
pub fn point_out(error: Error, (file, text): (&str, &str), path: &[&str]) -> Error {
    let why = error.why().first().cloned().unwrap_or_default();
    let of_pathway = [error.what(), why.as_str()].into_iter().find_map(|line| {
        let (id, rest) = line.strip_prefix("pathway `")?.split_once('`')?;
        Some((id.to_owned(), if line == why { rest.to_owned() } else { why.clone() }))
    });
    let (mut path, mut why) = (path.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>(), why);
    if let Some((id, rest)) = of_pathway {
        path.extend(["pathway".to_owned(), id]);
        why = rest;
    }
    let section = why.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((section, rest)) = section.map(|(section, rest)| (section.to_owned(), rest.to_owned())) {
        path.extend(section.split('.').map(str::to_owned));
        why = rest;
    }
    let mut word = why.split('`').nth(1).map(str::to_owned).or_else(|| path.pop()).unwrap_or_default();
    if let Some((_, value)) = word.split_once(" = ") {
        word = value.trim_matches('"').to_owned();
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if find(text, &path, &word).is_none()
        && let Some((section, last)) = word.rsplit_once('.')
    {
        let path: Vec<&str> = path.into_iter().chain(section.split('.')).collect();
        return point(error, (file, text), &path, last);
    }
    point(error, (file, text), &path, &word)
}

/// The first place of a key or a text of that name below a path of keys.
fn find(text: &str, path: &[&str], word: &str) -> Option<Range<usize>> {
    let mut found = Vec::new();
    in_table(DeTable::parse(text).ok()?.get_ref(), path, word, &mut found);
    found.into_iter().min_by_key(|span| span.start)
}

fn in_table(table: &DeTable<'_>, path: &[&str], word: &str, found: &mut Vec<Range<usize>>) {
    for (key, value) in table {
        match path.split_first() {
            None => {
                if key.get_ref() == word {
                    found.push(key.span());
                }
                in_value(value, path, word, found);
            }
            Some((first, rest)) if key.get_ref() == first => in_value(value, rest, word, found),
            Some(_) => {}
        }
    }
}

fn in_value(value: &Spanned<DeValue<'_>>, path: &[&str], word: &str, found: &mut Vec<Range<usize>>) {
    let place = path.split_first().and_then(|(first, rest)| Some((first.parse::<usize>().ok()?, rest)));
    match (value.get_ref(), place) {
        (DeValue::String(text), _) if path.is_empty() && text == word => found.push(value.span()),
        (DeValue::Table(table), _) => in_table(table, path, word, found),
        (DeValue::Array(list), Some((at, rest))) => {
            list.iter().skip(at).take(1).for_each(|one| in_value(one, rest, word, found));
        }
        (DeValue::Array(list), None) => list.iter().for_each(|one| in_value(one, path, word, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, fault: &str, shows_word: bool) -> String {
        let start = text.find(fault).unwrap();
        let (line, drawn) = draw(text, &(start..start + fault.len()), shows_word);
        format!("{line}: {}", drawn.join("/"))
    }

    #[test]
    fn carets_stand_under_the_fault_and_values_are_hidden() {
        let text = "a = 1\n  quaters = 8   # every hunter2\nfile = \"/secure/hunter2\"\n";
        assert_eq!(drawn(text, "quaters", true), "2: 2 | quaters = 8/  | ^^^^^^^");
        assert_eq!(drawn(text, "file", true), "3: 3 | file = \"…\"/  | ^^^^");
        assert_eq!(drawn(text, "\"/secure/hunter2\"", true), "3: 3 | file = \"…\"/  |        ^^^");
        assert_eq!(drawn("mode = \"aply\"", "\"aply\"", true), "1: 1 | mode = \"aply\"/  |        ^^^^^^");
        assert_eq!(drawn("mode = \"aply\"", "\"aply\"", false), "1: 1 | mode = \"…\"/  |        ^^^");
        assert_eq!(drawn("password = hunter2", "hunter2", true), "1: 1 | password = …/  |            ^");
        assert_eq!(drawn("pin = 1234", "1234", true), "1: 1 | pin = …/  |       ^");
        assert_eq!(drawn("hunter2 and more", "and", true), "1: 1 | … and …/  |   ^^^");
        assert_eq!(drawn("n = 9434765919", "9434765919", true), "1: 1 | n = …/  |     ^");
    }

    #[test]
    fn a_long_line_is_shown_around_its_fault() {
        let text = format!("list = [{}\"wrong\", {}]", "1, ".repeat(200), "2, ".repeat(200));
        let (_, [line, carets]) =
            draw(&text, &(text.find("\"wrong\"").unwrap()..text.find("\", 2").unwrap() + 1), true);
        let at = carets.find('^').unwrap();
        assert_eq!(&line[at..at + 7], "\"wrong\"");
        assert!(line.chars().count() < 170, "{line}");
    }

    #[test]
    fn every_span_of_every_text_can_be_drawn() {
        for text in ["", "\n", "a = \"é\\\"", "[x]\n'", "a=1\r\nü = 2", "# only a comment"] {
            for start in 0..text.len() + 3 {
                for end in start..text.len() + 3 {
                    draw(text, &(start..end), true);
                }
            }
        }
    }

    #[test]
    fn a_word_is_found_below_its_path() {
        let text = "[[table]]\nto = \"x\"\n[[table]]\nto = \"x\"\nlist = [\"y\", \"x\"]\n[a.b]\nx = 1\n";
        let line = |path: &[&str], word: &str| find(text, path, word).map(|span| draw(text, &span, true).0);
        assert_eq!(line(&[], "x"), Some(2));
        assert_eq!(line(&["table", "1"], "x"), Some(4));
        assert_eq!(line(&["table", "1", "list"], "x"), Some(5));
        assert_eq!(line(&["a", "b"], "x"), Some(7));
        assert_eq!(line(&["a"], "z"), None);
    }
}
