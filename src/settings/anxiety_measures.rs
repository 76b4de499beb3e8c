//! Cut-offs of the anxiety disorder specific measures of NHS Talking Therapies.
//!
//! Only those that a source gives are declared: caseness of PDSS and of OCI. No source gives a reliable change. What is not
//! set is not used: there GAD-7 judges the course, until a project sets the cut-off.

use super::cut_offs::{CutOff, CutOffs};
use crate::schema::measures::{Caseness, Cuts, MEASURES, Measures};

/// The metrics that rest on caseness.
const OF_CASENESS: &[&str] = &["tt_not_at_caseness", "tt_recovery", "tt_reliable_recovery", "px_cost_per_recovery"];
/// The metrics that rest on reliable change.
const OF_CHANGE: &[&str] = &[
    "tt_reliable_improvement",
    "tt_reliable_recovery",
    "tt_reliable_deterioration",
    "tt_no_reliable_change",
    "tt_mixed_change",
    "px_cost_per_recovery",
];
const NONE: &str = "no source gives it";
const LIBRARY: &str = "NCDR reference library (nhsengland/NCDR-reference-library)";

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

/// A cut-off that is declared only if a source gives it.
const fn cut(id: &'static str, title: &'static str, value: Option<f64>, metrics: &'static [&'static str]) -> CutOff {
    let verified = value.is_some();
    CutOff { id, title, value, verified, source: if verified { LIBRARY } else { NONE }, metrics }
}

macro_rules! edges {
    ($scale:literal, $name:literal, $case:expr) => {
        edges!($scale, $name, $case, " caseness, at and above", false)
    };
    ($scale:literal, $name:literal, $case:expr, $from:literal, $above:literal) => {
        Edges {
            scale: $scale,
            caseness: cut(concat!($scale, "_caseness"), concat!($name, $from), $case, OF_CASENESS),
            reliable: cut(concat!($scale, "_reliable"), concat!($name, " reliable change"), None, OF_CHANGE),
            is_above: $above,
        }
    };
}

/// Every such measure.
pub static EDGES: [Edges; 10] = [
    edges!("mobility", "Mobility Inventory", None, " caseness, strictly above", true),
    edges!("spin", "SPIN", None),
    edges!("pdss", "PDSS", Some(8.0)),
    edges!("oci", "OCI", Some(40.0)),
    edges!("pcl5", "PCL-5", None),
    edges!("hai", "HAI", None),
    edges!("biq", "BIQ", None),
    edges!("cfq", "CFQ", None),
    edges!("ibs_sss", "IBS-SSS", None),
    edges!("phq15", "PHQ-15", None),
];

/// The measure that a cut-off is of; none for one that is not of an anxiety measure.
pub(super) fn measure_of(cut_off: &CutOff) -> Option<&'static str> {
    let is_its = |one: &&Edges| [one.caseness.id, one.reliable.id].contains(&cut_off.id);
    EDGES.iter().find(is_its).map(|one| one.scale)
}

impl CutOffs {
    /// The edges in force of every scale.
    pub fn measures(&self) -> Measures {
        let own = EDGES.iter().map(|one| {
            let side = if one.is_above { Caseness::Above } else { Caseness::From };
            (one.scale, Cuts::new(self.value(&one.caseness).map(side), self.value(&one.reliable)))
        });
        let both = MEASURES.iter().map(|known| (known.scale, Cuts::new(Some(known.caseness), Some(known.reliable))));
        Measures::of(both.chain(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::codes::CodeSet;
    use crate::schema::measures::Change;

    fn cuts(given: &CutOffs, scale: &str) -> Cuts {
        given.measures().cuts(CodeSet::Scale.position(scale))
    }

    /// `research/standards.md` and `iapt_measures.csv` of the specification: nothing else has a source.
    #[test]
    fn only_what_a_source_gives_is_used_unless_a_project_sets_more() {
        let none = CutOffs::default();
        assert_eq!([7.0, 8.0].map(|score| cuts(&none, "pdss").is_case(score)), [Some(false), Some(true)]);
        assert_eq!([39.0, 40.0].map(|score| cuts(&none, "oci").is_case(score)), [Some(false), Some(true)]);
        for one in &EDGES {
            let own = cuts(&none, one.scale);
            assert_eq!(own.has_caseness(), ["pdss", "oci"].contains(&one.scale), "{}", one.scale);
            assert!(!own.has_reliable(), "{}", one.scale);
            assert_eq!((one.caseness.verified, one.reliable.verified), (own.has_caseness(), false));
        }
        let given = "spin_caseness = { value = 19, verified = false, source = \"a\" }
            mobility_caseness = { value = 2.3, verified = false, source = \"a\" }
            oci_reliable = { value = 32, verified = false, source = \"a\" }";
        let given: CutOffs = toml::from_str(given).unwrap();
        assert_eq!([18.0, 19.0].map(|score| cuts(&given, "spin").is_case(score)), [Some(false), Some(true)]);
        assert_eq!([2.3, 2.31].map(|score| cuts(&given, "mobility").is_case(score)), [Some(false), Some(true)]);
        assert_eq!(cuts(&given, "oci").change(72.0, 40.0), Some(Change::Better));
        assert!(!cuts(&given, "spin").has_reliable());
    }

    #[test]
    fn rows_name_the_measures_that_a_project_uses_unverified_and_only_on_what_rests_on_them() {
        let note = |given: &str, metric: &str| toml::from_str::<CutOffs>(given).unwrap().note(metric);
        assert_eq!(note("", "tt_recovery"), "");
        let spin = "spin_caseness = { value = 19, verified = false, source = \"a\" }";
        assert_eq!(note(spin, "tt_recovery"), "cut-offs not verified: spin");
        assert_eq!(note(spin, "px_cost_per_recovery"), "cut-offs not verified: spin");
        assert_eq!(note(spin, "tt_reliable_improvement"), "");
        assert_eq!(note(&spin.replace("false", "true"), "tt_recovery"), "");
        let ids = || EDGES.iter().flat_map(|one| [one.caseness.id, one.reliable.id]);
        let line = |id| format!("{id} = {{ value = 3, verified = false, source = \"a\" }}\n");
        let all = note(&ids().map(line).collect::<String>(), "tt_reliable_recovery");
        assert_eq!(all, "cut-offs not verified: mobility, spin, pdss, oci, pcl5, hai, biq, cfq, ibs_sss, phq15");
    }
}
