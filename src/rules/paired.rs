//! Paired scores: an early and a late score of one scale, and what instruments of several scales come to.
//!
//! In: linked scores. Out: usable scores, pairs, changes. Whole thousandths of a point, so that edges are exact.

use polars::prelude::{col, lit};

use super::contacts::is_attended_or_unplanned;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::schema::scales::Instrument;

/// Thousandths in a point.
const PARTS: f64 = 1000.0;
/// Thousandths in a hundredth.
const HUNDREDTH: f64 = 10.0;

/// A score that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// The place of its referral.
    pub referral: u32,
    /// When it was given.
    pub day: i32,
    /// Position of the scale.
    pub scale: u16,
    /// The score in thousandths of a point.
    pub parts: i32,
}

/// Scores that can be used, those of one referral together: with a scale, a score and a day, and not of a contact that the
/// person did not come to.
pub fn scores(linked: &Linked) -> Result<Vec<Scored>, Error> {
    let table = &linked.scores;
    let is_given = super::met_by(table, col("is_at_contact").eq(lit(0)).or(is_attended_or_unplanned()))?;
    let (referral, day) = (frame::whole_u32(table, "referral")?, frame::nullable_i32(table, "date")?);
    let (scale, score) = (frame::nullable_u16(table, "scale")?, frame::nullable_f32(table, "score")?);
    let scored = |row: usize| {
        let parts = (f64::from(score.get(row)?) * PARTS).round() as i32;
        Some(Scored { referral: referral.values()[row], day: day.get(row)?, scale: scale.get(row)?, parts })
    };
    Ok(is_given.true_idx_iter().filter_map(scored).collect())
}

/// An early and a late score of one scale. Ties of a day are broken by the score, so that order decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Position of the scale.
    pub scale: u16,
    early: Option<(i32, i32)>,
    late: Option<(i32, i32)>,
}

impl Pair {
    /// The late score less the early one in thousandths of a point; none unless the late one is of a later day.
    pub fn rise(&self) -> Option<i32> {
        let (early, late) = (self.early?, self.late?);
        (late.0 > early.0).then_some(late.1 - early.1)
    }
}

/// The pairs of one referral or person, by scale.
#[derive(Debug, Default)]
pub struct Pairs(Vec<Pair>);

impl Pairs {
    fn of(&mut self, scale: u16) -> &mut Pair {
        let at = self.0.iter().position(|pair| pair.scale == scale).unwrap_or_else(|| {
            self.0.push(Pair { scale, early: None, late: None });
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    /// May be the first score.
    pub fn first(&mut self, scored: &Scored) {
        let early = &mut self.of(scored.scale).early;
        *early = early.iter().copied().chain([(scored.day, scored.parts)]).min();
    }

    /// May be the last score before something.
    pub fn last_before(&mut self, scored: &Scored) {
        let early = &mut self.of(scored.scale).early;
        *early = early.iter().copied().chain([(scored.day, scored.parts)]).max();
    }

    /// May be the last score.
    pub fn last(&mut self, scored: &Scored) {
        let late = &mut self.of(scored.scale).late;
        *late = late.iter().copied().chain([(scored.day, scored.parts)]).max();
    }

    /// Each scale and by how much it rose, for those with both scores.
    pub fn rises(&self) -> impl Iterator<Item = (u16, i32)> {
        self.0.iter().filter_map(|pair| Some((pair.scale, pair.rise()?)))
    }

    /// By how much an instrument rose; none without a pair of one of its scales.
    pub fn rise_of(&self, instrument: Instrument) -> Option<Rise> {
        let own = self.rises().filter(|(scale, _)| instrument.has(*scale));
        let (sum, count) = own.fold((0, 0), |(sum, count), (_, rise)| (sum + i64::from(rise), count + 1));
        (count > 0).then_some(Rise { sum, count })
    }
}

/// By how much an instrument rose: the sum over its scales in thousandths of a point, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    sum: i64,
    count: i64,
}

impl Rise {
    /// The mean over the scales, to the nearest hundredth of a point.
    pub fn hundredths(self) -> i32 {
        (self.sum as f64 / (self.count as f64 * HUNDREDTH)).round() as i32
    }

    /// Whether the mean is at least so many points.
    pub fn is_at_least(self, points: f64) -> bool {
        self.sum as f64 >= (points * PARTS).round() * self.count as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::codes::CodeSet;
    use crate::schema::scales::{DIALOG, REQOL};

    fn scored(scale: &str, day: i32, points: i32) -> Scored {
        Scored { referral: 0, day, scale: CodeSet::Scale.position(scale), parts: points * 1000 }
    }

    fn pairs(scores: &[(&str, i32, i32)]) -> Pairs {
        let mut pairs = Pairs::default();
        for (scale, day, points) in scores {
            pairs.first(&scored(scale, *day, *points));
            pairs.last(&scored(scale, *day, *points));
        }
        pairs
    }

    #[test]
    fn an_instrument_is_the_mean_of_the_items_that_have_both_scores() {
        let own = pairs(&[
            ("dialog_1", 1, 3),
            ("dialog_1", 9, 5),
            ("dialog_2", 1, 4),
            ("dialog_2", 5, 4),
            ("dialog_3", 1, 2),
            ("dialog_4", 9, 7),
        ]);
        let rise = own.rise_of(DIALOG).unwrap();
        assert_eq!(rise.hundredths(), 100);
        assert!(rise.is_at_least(1.0) && !rise.is_at_least(1.001));
        assert_eq!(own.rise_of(REQOL), None);
    }

    #[test]
    fn scores_of_one_day_are_no_pair() {
        assert_eq!(pairs(&[("reqol10", 4, 10), ("reqol10", 4, 30)]).rise_of(REQOL), None);
        let three = pairs(&[("reqol10", 4, 10), ("reqol10", 4, 30), ("reqol10", 5, 12)]);
        assert_eq!(three.rise_of(REQOL).map(Rise::hundredths), Some(200));
    }

    #[test]
    fn the_last_before_is_the_last_one() {
        let mut own = Pairs::default();
        for (day, points) in [(1, 10), (3, 14), (2, 40)] {
            own.last_before(&scored("reqol10", day, points));
        }
        own.last(&scored("reqol10", 8, 15));
        assert_eq!(own.rise_of(REQOL).map(Rise::hundredths), Some(100));
    }
}
