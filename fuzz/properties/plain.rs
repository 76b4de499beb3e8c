//! A second reader of records, sign by sign, as the rule of quotes is written; slow and plain.

use pathlink::ingest::quotes::Format;

/// A record: its fields, or none if a quote stands in the wrong place; and its line.
pub(crate) type Row = (Option<Vec<Vec<u8>>>, u64);

/// The records of a text after its heading, or none if a quote is never closed.
pub(crate) fn records(text: &[u8], format: &Format, first_line: u64) -> Option<Vec<Row>> {
    let (mut at, mut line, mut rows) = (0, first_line, Vec::new());
    while at < text.len() {
        let start = at;
        let mut fields = Vec::new();
        let is_whole = loop {
            let mut field = Vec::new();
            let open = at;
            let is_quoted = format.quote.is_some() && text.get(at).copied() == format.quote;
            if is_quoted {
                at += 1;
                loop {
                    let sign = *text.get(at)?;
                    at += 1;
                    if Some(sign) != format.quote {
                        field.push(sign);
                    } else if text.get(at).copied() == format.quote {
                        field.push(sign);
                        at += 1;
                    } else {
                        break;
                    }
                }
            } else {
                while at < text.len() && !format.ends_field(text[at]) && Some(text[at]) != format.quote {
                    field.push(text[at]);
                    at += 1;
                }
            }
            fields.push(field);
            let next = text.get(at);
            if is_quoted && next.is_some_and(|sign| !format.ends_field(*sign)) {
                at = open;
                break false;
            }
            match next {
                Some(sign) if *sign == format.delimiter => at += 1,
                None | Some(b'\n' | b'\r') => break true,
                Some(_) => break false,
            }
        };
        // A broken record ends with the line in which the quote that broke it opened.
        while at < text.len() && !matches!(text[at], b'\n' | b'\r') {
            at += 1;
        }
        if text[at..].starts_with(b"\r\n") {
            at += 2;
        } else if at < text.len() {
            at += 1;
        }
        rows.push((is_whole.then_some(fields), line));
        line += lines(&text[start..at]);
    }
    Some(rows)
}

/// How many line ends there are: LF, CR LF or CR.
pub(crate) fn lines(text: &[u8]) -> u64 {
    let mut count = 0;
    for (at, sign) in text.iter().enumerate() {
        count += u64::from(*sign == b'\n' && (at == 0 || text[at - 1] != b'\r') || *sign == b'\r');
    }
    count
}
