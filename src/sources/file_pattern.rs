//! File patterns: `{provider}` stands for an organisation code, `{month}` for a month such as 2026-11, 202611 or
//! Nov2026, `*` for anything. `*` may match nothing; a code or a month may not.

use crate::domain::day;
use crate::domain::org_code::OrgCode;

/// What a file name told.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The organisation named in the file name, where the pattern has `{provider}`.
    pub provider: Option<OrgCode>,
    /// The month in the file name, as months since year 0, where the pattern has `{month}`.
    pub month: Option<i32>,
}

const PROVIDER: &str = "{provider}";
const MONTH: &str = "{month}";

/// Matches a file name against a pattern, upper and lower case alike.
pub fn matches(pattern: &str, name: &str) -> Option<Match> {
    walk(&pattern.to_ascii_lowercase(), &name.to_ascii_lowercase(), 0, Match::default())
}

/// Matches what is left of a pattern with what is left of a name, from byte `at` on.
fn walk(pattern: &str, name: &str, at: usize, found: Match) -> Option<Match> {
    let text = &name[at..];
    if let Some(rest) = pattern.strip_prefix('*') {
        return (at..=name.len())
            .filter(|next| name.is_char_boundary(*next))
            .find_map(|next| walk(rest, name, next, found));
    }
    if let Some(rest) = pattern.strip_prefix(PROVIDER) {
        let ends = (1..=text.len().min(8)).rev().filter(|end| text.is_char_boundary(*end));
        return ends.into_iter().find_map(|end| {
            let provider = OrgCode::parse(&text.as_bytes()[..end])?;
            walk(rest, name, at + end, Match { provider: Some(provider), ..found })
        });
    }
    if let Some(rest) = pattern.strip_prefix(MONTH) {
        let (month, length) = month(name.as_bytes(), at)?;
        return walk(rest, name, at + length, Match { month: Some(month), ..found });
    }
    let Some(sign) = pattern.chars().next() else { return text.is_empty().then_some(found) };
    let rest = text.strip_prefix(sign)?;
    walk(&pattern[sign.len_utf8()..], name, name.len() - rest.len(), found)
}

/// A month and its length in bytes. Digits on either side would make it part of another number.
fn month(name: &[u8], at: usize) -> Option<(i32, usize)> {
    const NAMES: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let text = &name[at..];
    let named = NAMES.iter().position(|name| text.starts_with(name)).map(|month| month as u32 + 1);
    let (year, month, length) = match (named, text) {
        (Some(month), [_, _, _, year @ ..]) => (year.get(..4)?, month, 7),
        (None, [y1, _, _, _, b'-', ..]) if y1.is_ascii_digit() => (&text[..4], day::digits(text.get(5..7)?)?, 7),
        (None, _) => (text.get(..4)?, day::digits(text.get(4..6)?)?, 6),
        _ => return None,
    };
    let year = day::digits(year)?;
    let is_apart = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_digit());
    let is_month = (1990..2200).contains(&year) && (1..=12).contains(&month);
    let stands_alone = is_apart(at.checked_sub(1).and_then(|before| name.get(before))) && is_apart(text.get(length));
    (is_month && stands_alone).then_some((year as i32 * 12 + month as i32 - 1, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_from_the_name() {
        let found = matches("{provider}_MHS001MPI*.csv", "RT2_MHS001MPI_2026-11.csv").unwrap();
        assert_eq!(found.provider, OrgCode::parse(b"RT2"));
        assert!(matches("{provider}_MHS001MPI*.csv", "MHS001MPI.csv").is_none());
        assert!(matches("*gp_appointment*.csv", "Y90001_gp_appointment.csv").is_some());
        assert!(matches("*gp_appointment*.csv", "Y90001_gp_registration.csv").is_none());
    }

    #[test]
    fn a_month_is_read_from_the_name_in_three_forms() {
        let month = |name: &str| matches("{provider}_MHS001MPI*{month}*.csv", name).and_then(|found| found.month);
        for name in ["RT2_MHS001MPI_2026-11.csv", "RT2_MHS001MPI_202611_final.csv", "RT2_MHS001MPINov2026.csv"] {
            assert_eq!(month(name), Some(2026 * 12 + 10), "{name}");
        }
        for name in ["RT2_MHS001MPI.csv", "RT2_MHS001MPI_20261130.csv", "RT2_MHS001MPI_2026-13.csv"] {
            assert_eq!(month(name), None, "{name}");
        }
    }
}
