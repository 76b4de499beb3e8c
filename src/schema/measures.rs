//! Measures: from which score a scale is at caseness, and by how much it must change for the change to be reliable.
//!
//! Declared here with where they come from; settings may give others for measures of particular disorders.

use super::codes::CodeSet;

/// Scores are compared in thousandths of a point, so that those with decimals have exact edges.
const PARTS: f64 = 1000.0;

/// The edges of a scale on which higher is worse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cuts {
    /// At caseness at this score and above, in thousandths of a point; none if not known.
    case_from: Option<i32>,
    /// The least change that is reliable, in thousandths of a point; none if not known.
    reliable: Option<i32>,
}

/// How a score moved, as frames hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Change {
    /// Reliably worse.
    Worse = 0,
    /// Neither.
    Unchanged = 1,
    /// Reliably better.
    Better = 2,
}

/// Where caseness begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Caseness {
    /// At this score.
    From(f64),
    /// Strictly above it.
    Above(f64),
}

impl Cuts {
    /// From points of the scale, each if it is known.
    pub fn new(caseness: Option<Caseness>, reliable: Option<f64>) -> Self {
        let case_from = caseness.map(|caseness| match caseness {
            Caseness::From(score) => parts(score),
            Caseness::Above(score) => parts(score) + 1,
        });
        Self { case_from, reliable: reliable.map(parts) }
    }

    /// Whether it is known where caseness begins.
    pub fn has_caseness(self) -> bool {
        self.case_from.is_some()
    }

    /// Whether the least reliable change is known.
    pub fn has_reliable(self) -> bool {
        self.reliable.is_some()
    }

    /// Whether a score is at caseness. The edge is. None where that is not known.
    pub fn is_case(self, score: f32) -> Option<bool> {
        self.case_from.map(|from| parts(f64::from(score)) >= from)
    }

    /// How a score moved from first to last. A change of just the least amount is reliable. None where that is not known.
    pub fn change(self, first: f32, last: f32) -> Option<Change> {
        let (fall, reliable) = (parts(f64::from(first)) - parts(f64::from(last)), self.reliable?);
        Some(if fall >= reliable {
            Change::Better
        } else if fall <= -reliable {
            Change::Worse
        } else {
            Change::Unchanged
        })
    }
}

fn parts(points: f64) -> i32 {
    (points * PARTS).round() as i32
}

/// A scale with edges.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its value in [`CodeSet::Scale`].
    pub scale: &'static str,
    /// Where caseness begins.
    pub caseness: Caseness,
    /// The least change that is reliable, in points.
    pub reliable: f64,
}

/// The scales that every course is judged by.
///
/// Source: PMC8411661. Measures of particular disorders are cut-offs under settings.
pub const MEASURES: &[Measure] = &[
    Measure { scale: "phq9", caseness: Caseness::From(10.0), reliable: 6.0 },
    Measure { scale: "gad7", caseness: Caseness::From(8.0), reliable: 4.0 },
];

/// A scale that voluntary-sector services measure outcomes with.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Its value in [`CodeSet::Scale`].
    pub scale: &'static str,
    /// Whether a higher score is a better one.
    pub is_higher_better: bool,
}

const fn outcome(scale: &'static str, is_higher_better: bool) -> Outcome {
    Outcome { scale, is_higher_better }
}

/// The scales of voluntary-sector outcomes, and which way each is better: the manuals of each scale, and of ONS personal
/// well-being, where anxiety alone is worse when it is higher.
pub const COMMUNITY_OUTCOMES: [Outcome; 8] = [
    outcome("phq9", false),
    outcome("gad7", false),
    outcome("swemwbs", true),
    outcome("gbo", true),
    outcome("ons4_satisfaction", true),
    outcome("ons4_worthwhile", true),
    outcome("ons4_happiness", true),
    outcome("ons4_anxiety", false),
];

/// The edges in force, by the position of their scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures(Vec<Cuts>);

impl Default for Measures {
    fn default() -> Self {
        Self::of(MEASURES.iter().map(|known| (known.scale, Cuts::new(Some(known.caseness), Some(known.reliable)))))
    }
}

impl Measures {
    /// Edges of some scales; a later one replaces an earlier one of the same scale.
    pub fn of<'a>(edges: impl Iterator<Item = (&'a str, Cuts)>) -> Self {
        let mut all = vec![Cuts::default(); CodeSet::Scale.fixed().map_or(0, <[&str]>::len)];
        for (scale, cuts) in edges {
            if let Some(own) = all.get_mut(usize::from(CodeSet::Scale.position(scale))) {
                *own = cuts;
            }
        }
        Self(all)
    }

    /// The edges of a scale by its position, as far as they are known.
    pub fn cuts(&self, scale: u16) -> Cuts {
        self.0.get(usize::from(scale)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliable_is_at_least_and_caseness_starts_at_its_edge() {
        let phq9 = Cuts::new(Some(Caseness::From(10.0)), Some(6.0));
        assert_eq!([10.0, 9.0].map(|score| phq9.is_case(score)), [Some(true), Some(false)]);
        assert_eq!(phq9.change(15.0, 9.0), Some(Change::Better));
        assert_eq!(phq9.change(15.0, 10.0), Some(Change::Unchanged));
        assert_eq!(phq9.change(9.0, 15.0), Some(Change::Worse));
        assert_eq!(phq9.change(9.0, 14.0), Some(Change::Unchanged));
    }

    #[test]
    fn decimals_have_exact_edges() {
        let mobility = Cuts::new(Some(Caseness::Above(2.3)), Some(0.73));
        assert_eq!([2.3, 2.304, 2.31].map(|score| mobility.is_case(score)), [Some(false), Some(true), Some(true)]);
        assert_eq!(mobility.change(2.73, 2.0), Some(Change::Better));
        assert_eq!(mobility.change(2.72, 2.0), Some(Change::Unchanged));
        assert_eq!(mobility.change(1.27, 2.0), Some(Change::Worse));
    }

    #[test]
    fn nothing_is_judged_by_an_edge_that_is_not_known() {
        let oci = Cuts::new(Some(Caseness::From(40.0)), None);
        assert_eq!((oci.is_case(40.0), oci.change(72.0, 40.0)), (Some(true), None));
        assert_eq!(Measures::default().cuts(u16::MAX), Cuts::default());
    }
}
