//! Measures: from which score a scale is at caseness, and by how much it must change for the change to be reliable.
//!
//! Declared here with where they come from; settings may give others for measures of particular disorders.

use super::codes::CodeSet;

/// Scores are compared in thousandths of a point, so that those with decimals have exact edges.
const PARTS: f64 = 1000.0;

/// The edges of a scale on which higher is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cuts {
    /// At caseness at this score and above, in thousandths of a point.
    case_from: i32,
    /// The least change that is reliable, in thousandths of a point.
    reliable: i32,
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
    /// From points of the scale.
    pub fn new(caseness: Caseness, reliable: f64) -> Self {
        let case_from = match caseness {
            Caseness::From(score) => parts(score),
            Caseness::Above(score) => parts(score) + 1,
        };
        Self { case_from, reliable: parts(reliable) }
    }

    /// Whether a score is at caseness. The edge is.
    pub fn is_case(self, score: f32) -> bool {
        parts(f64::from(score)) >= self.case_from
    }

    /// How a score moved from first to last. A change of just the least amount is reliable.
    pub fn change(self, first: f32, last: f32) -> Change {
        let fall = parts(f64::from(first)) - parts(f64::from(last));
        if fall >= self.reliable {
            Change::Better
        } else if fall <= -self.reliable {
            Change::Worse
        } else {
            Change::Unchanged
        }
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
    /// Whether both were found in an official or published source.
    pub verified: bool,
}

/// The scales whose edges are known or believed.
///
/// Source: PHQ-9 and GAD-7 PMC8411661; caseness of OCI and PDSS, and every range, NCDR reference library; the rest is
/// from memory of the Talking Therapies manual, and so not verified.
pub const MEASURES: &[Measure] = &[
    Measure { scale: "phq9", caseness: Caseness::From(10.0), reliable: 6.0, verified: true },
    Measure { scale: "gad7", caseness: Caseness::From(8.0), reliable: 4.0, verified: true },
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
pub struct Measures(Vec<Option<Cuts>>);

impl Default for Measures {
    fn default() -> Self {
        Self::of(MEASURES.iter().map(|known| (known.scale, Cuts::new(known.caseness, known.reliable))))
    }
}

impl Measures {
    /// Edges of some scales; a later one replaces an earlier one of the same scale.
    pub fn of<'a>(edges: impl Iterator<Item = (&'a str, Cuts)>) -> Self {
        let mut all = vec![None; CodeSet::Scale.fixed().map_or(0, <[&str]>::len)];
        for (scale, cuts) in edges {
            if let Some(own) = all.get_mut(usize::from(CodeSet::Scale.position(scale))) {
                *own = Some(cuts);
            }
        }
        Self(all)
    }

    /// The edges of a scale by its position; none where they are not known.
    pub fn cuts(&self, scale: u16) -> Option<Cuts> {
        self.0.get(usize::from(scale)).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliable_is_at_least_and_caseness_starts_at_its_edge() {
        let phq9 = Cuts::new(Caseness::From(10.0), 6.0);
        assert!(phq9.is_case(10.0) && !phq9.is_case(9.0));
        assert_eq!(phq9.change(15.0, 9.0), Change::Better);
        assert_eq!(phq9.change(15.0, 10.0), Change::Unchanged);
        assert_eq!(phq9.change(9.0, 15.0), Change::Worse);
        assert_eq!(phq9.change(9.0, 14.0), Change::Unchanged);
    }

    #[test]
    fn decimals_have_exact_edges() {
        let mobility = Cuts::new(Caseness::Above(2.3), 0.73);
        assert!(!mobility.is_case(2.3) && mobility.is_case(2.304) && mobility.is_case(2.31));
        assert_eq!(mobility.change(2.73, 2.0), Change::Better);
        assert_eq!(mobility.change(2.72, 2.0), Change::Unchanged);
        assert_eq!(mobility.change(1.27, 2.0), Change::Worse);
    }
}
