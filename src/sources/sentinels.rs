//! Sentinels: dates that a system fills in where there is none. They count as missing, and apart.

use crate::domain::day;

/// Year, month and day; years that no date of ours can have are among them.
type Parts = (i32, u32, u32);

/// Known from every system. A column of a source config may name more.
const KNOWN: [Parts; 15] = [
    (1, 1, 1),
    (1753, 1, 1),
    (1800, 1, 1),
    (1899, 12, 30),
    (1899, 12, 31),
    (1900, 1, 1),
    (1901, 1, 1),
    (2099, 1, 1),
    (2099, 12, 31),
    (2199, 12, 31),
    (2999, 12, 31),
    (3000, 1, 1),
    (4712, 12, 31),
    (9999, 1, 1),
    (9999, 12, 31),
];

/// The sentinels of one column.
#[derive(Debug, Clone)]
pub struct Sentinels {
    own: Vec<Parts>,
    /// Days from here to `last` are certain to be none; if a column names its own, no day is.
    first: i32,
    last: i32,
}

impl Default for Sentinels {
    fn default() -> Self {
        let edge = |year, month, day| day::from_parts(year, month, day).unwrap_or_default();
        Self { own: Vec::new(), first: edge(1901, 1, 2), last: edge(2098, 12, 31) }
    }
}

impl Sentinels {
    /// The known ones and a column's own, written as ISO dates; none if one of these is no date.
    pub(super) fn with(own: &[String]) -> Option<Self> {
        if own.is_empty() {
            return Some(Self::default());
        }
        let own = own.iter().map(|text| parse(text)).collect::<Option<_>>()?;
        Some(Self { own, first: i32::MAX, last: i32::MIN })
    }

    /// Whether a day is certain to be no sentinel. One comparison, for the many.
    pub fn is_clear(&self, found: i32) -> bool {
        (self.first..=self.last).contains(&found)
    }

    /// Whether a date stands for none.
    pub fn has(&self, parts: Parts) -> bool {
        KNOWN.contains(&parts) || self.own.contains(&parts)
    }
}

fn parse(text: &str) -> Option<Parts> {
    let parts: Vec<u32> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [year @ 1..=9999, month @ 1..=12, day @ 1..=31] => Some((year as i32, month, day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_between_the_first_and_the_last_sentinel_are_clear() {
        let known = Sentinels::default();
        let day = |text: &str| day::parse_iso(text.as_bytes()).unwrap();
        assert!(known.is_clear(day("1901-01-02")) && known.is_clear(day("2098-12-31")));
        assert!(!known.is_clear(day("1901-01-01")) && !known.is_clear(day("2099-01-01")));
        for parts in KNOWN {
            let is_clear = day::from_parts(parts.0, parts.1, parts.2).is_some_and(|day| known.is_clear(day));
            assert!(!is_clear && known.has(parts));
        }
        assert!(!known.has((1900, 1, 2)));
    }

    #[test]
    fn a_column_names_more() {
        let own = Sentinels::with(&["2000-01-01".to_owned()]).unwrap();
        assert!(own.has((2000, 1, 1)) && own.has((9999, 12, 31)) && !own.has((2000, 1, 2)));
        assert!(!own.is_clear(day::parse_iso(b"2000-01-01").unwrap()));
        assert!(Sentinels::with(&["01/01/2000".to_owned()]).is_none());
    }
}
