//! Cut-offs of the anxiety disorder specific measures of NHS Talking Therapies. Where a project gives none and none is
//! declared, a course is judged by GAD-7.

use super::cut_offs::{CutOff, CutOffs};
use crate::schema::measures::{Caseness, Cuts, MEASURES, Measures};

/// The metrics that rest on them.
pub const OUTCOMES: &[&str] = &[
    "tt_not_at_caseness",
    "tt_recovery",
    "tt_reliable_improvement",
    "tt_reliable_recovery",
    "tt_reliable_deterioration",
    "tt_no_reliable_change",
    "tt_mixed_change",
];
const MEMORY: &str = "the Talking Therapies manual from memory: check it there";
const LIBRARY: &str = "NCDR reference library";

/// A measure with where its caseness begins and its reliable change.
pub struct Edges {
    /// Its value in the code set of scales.
    pub scale: &'static str,
    /// Where caseness begins.
    pub caseness: CutOff,
    /// The least reliable change.
    pub reliable: CutOff,
    /// Whether a score must be above the first, not at it.
    pub is_above: bool,
}

const fn cut(
    id: &'static str,
    title: &'static str,
    value: Option<f64>,
    (verified, source): (bool, &'static str),
) -> CutOff {
    CutOff { id, title, value, verified, source, metrics: OUTCOMES }
}

macro_rules! edges {
    ($scale:literal, $name:literal, $case:expr, $known:expr, $reliable:expr, $above:literal) => {
        Edges {
            scale: $scale,
            caseness: cut(concat!($scale, "_caseness"), concat!($name, " caseness"), $case, $known),
            reliable: cut(concat!($scale, "_reliable"), concat!($name, " reliable change"), $reliable, (false, MEMORY)),
            is_above: $above,
        }
    };
}

/// Every such measure.
pub static EDGES: [Edges; 10] = [
    edges!("mobility", "Mobility Inventory (above)", Some(2.3), (false, MEMORY), Some(0.73), true),
    edges!("spin", "SPIN", Some(19.0), (false, MEMORY), Some(10.0), false),
    edges!("pdss", "PDSS", Some(8.0), (true, LIBRARY), Some(5.0), false),
    edges!("oci", "OCI", Some(40.0), (true, LIBRARY), Some(32.0), false),
    edges!("pcl5", "PCL-5", Some(32.0), (false, MEMORY), Some(10.0), false),
    edges!("hai", "HAI", Some(18.0), (false, MEMORY), Some(4.0), false),
    edges!("biq", "BIQ", None, (false, MEMORY), None, false),
    edges!("cfq", "CFQ", None, (false, MEMORY), None, false),
    edges!("ibs_sss", "IBS-SSS", None, (false, MEMORY), None, false),
    edges!("phq15", "PHQ-15", None, (false, MEMORY), None, false),
];

impl CutOffs {
    /// The edges in force of every scale that has both of its own.
    pub fn measures(&self) -> Measures {
        let own = EDGES.iter().filter_map(|one| {
            let (case, reliable) = (self.value(&one.caseness)?, self.value(&one.reliable)?);
            let caseness = if one.is_above { Caseness::Above(case) } else { Caseness::From(case) };
            Some((one.scale, Cuts::new(caseness, reliable)))
        });
        Measures::of(MEASURES.iter().map(|known| (known.scale, Cuts::new(known.caseness, known.reliable))).chain(own))
    }

    /// What rows say of the measures in use whose edges are not all verified; their values stand in the catalogue.
    pub(super) fn note_of_measures(&self) -> String {
        let is_used = |one: &CutOff| self.value(one).is_some();
        let own = EDGES.iter().filter(|one| is_used(&one.caseness) && is_used(&one.reliable));
        let open = own.filter(|one| !(self.is_verified(&one.caseness) && self.is_verified(&one.reliable)));
        let names: Vec<&str> = open.map(|one| one.scale).collect();
        if names.is_empty() {
            return String::new();
        }
        format!("may rest on cut-offs that are not verified, of {}", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::codes::CodeSet;

    #[test]
    fn a_measure_without_cut_offs_has_no_edges_until_a_project_gives_both() {
        let cuts = |given: &CutOffs, scale: &str| given.measures().cuts(CodeSet::Scale.position(scale));
        let none = CutOffs::default();
        assert!(cuts(&none, "biq").is_none() && cuts(&none, "phq9").is_some());
        assert!(cuts(&none, "pdss").is_some_and(|pdss| pdss.is_case(8.0) && !pdss.is_case(7.0)));
        assert!(cuts(&none, "mobility").is_some_and(|one| one.is_case(2.31) && !one.is_case(2.3)));
        let given: CutOffs = toml::from_str(
            "biq_caseness = { value = 3, verified = false, source = \"a\" }\nbiq_reliable = { value = 1, verified = false, source = \"a\" }",
        )
        .unwrap();
        assert!(cuts(&given, "biq").is_some_and(|biq| biq.is_case(3.0)));
    }

    #[test]
    fn rows_name_the_measures_that_are_not_verified_in_a_short_note() {
        let note = CutOffs::default().note("tt_recovery");
        assert_eq!(note, "may rest on cut-offs that are not verified, of mobility, spin, pdss, oci, pcl5, hai");
        let all = |verified: bool| -> CutOffs {
            let ids = EDGES.iter().flat_map(|one| [one.caseness.id, one.reliable.id]);
            let line = |id| format!("{id} = {{ value = 3, verified = {verified}, source = \"a\" }}\n");
            toml::from_str(&ids.map(line).collect::<String>()).unwrap()
        };
        assert!(all(false).note("tt_recovery").len() < 120);
        assert_eq!(all(true).note("tt_recovery"), "");
    }
}
