//! Standing: whether what a source sent for a time is final, or may still be changed by a later submission.

use crate::schema::Source;

/// What the coverage file says of one stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing.
    NotStated,
    /// A later submission may change it.
    Provisional,
    /// It will not change.
    Final,
}

impl Status {
    /// From the coverage file; none for any other word.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        match text.trim_ascii() {
            b"" => Some(Self::NotStated),
            b"provisional" => Some(Self::Provisional),
            b"final" => Some(Self::Final),
            _ => None,
        }
    }

    /// As in the column `provisional` of outputs.
    pub fn sign(self) -> &'static str {
        match self {
            Self::NotStated => "not_stated",
            Self::Provisional => "p",
            Self::Final => "final",
        }
    }
}

/// Stretches, first and last day, by source.
#[derive(Debug, Clone, Default)]
pub struct Standing(Vec<(Source, i32, i32, Status)>);

impl Standing {
    /// Adds a stretch.
    pub(super) fn add(&mut self, source: Source, (from, to): (i32, i32), status: Status) {
        self.0.push((source, from, to, status));
    }

    /// Of a period, both days in it: provisional if any part of it is in any of the sources; final only if the file
    /// says so of every part that was sent, and something was.
    pub fn of(&self, sources: &[Source], (from, to): (i32, i32)) -> Status {
        let touched =
            self.0.iter().filter(|(source, first, last, _)| sources.contains(source) && *first <= to && *last >= from);
        let found: Vec<Status> = touched.map(|(.., status)| *status).collect();
        if found.contains(&Status::Provisional) {
            Status::Provisional
        } else if found.is_empty() || found.contains(&Status::NotStated) {
            Status::NotStated
        } else {
            Status::Final
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_provisional_day_makes_a_period_provisional() {
        let mut standing = Standing::default();
        standing.add(Source::Gp, (0, 89), Status::Final);
        standing.add(Source::Gp, (90, 120), Status::Provisional);
        standing.add(Source::Community, (0, 120), Status::NotStated);
        assert_eq!(standing.of(&[Source::Gp], (0, 89)), Status::Final);
        assert_eq!(standing.of(&[Source::Gp], (0, 90)), Status::Provisional);
        assert_eq!(standing.of(&[Source::Gp], (121, 200)), Status::NotStated);
        assert_eq!(standing.of(&[Source::Gp, Source::Community], (0, 89)), Status::NotStated);
        assert_eq!(standing.of(&[Source::EmergencyCare], (0, 89)), Status::NotStated);
    }
}
