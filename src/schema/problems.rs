//! Problem descriptors of NHS Talking Therapies: the presenting complaint that a course is about, and the scale that fits it.

use super::codes::CodeSet;
use super::words;

/// One problem descriptor.
#[derive(Debug, Clone, Copy)]
pub struct Problem {
    /// Its value in [`CodeSet::Problem`].
    pub value: &'static str,
    /// What codes begin with: ICD-10 without dots; SNOMED CT ids are whole.
    pub codes: &'static [&'static str],
    /// The anxiety disorder specific measure, a value of [`CodeSet::Scale`]; none where it is GAD-7.
    pub scale: Option<&'static str>,
}

const fn problem(value: &'static str, codes: &'static [&'static str], scale: Option<&'static str>) -> Problem {
    Problem { value, codes, scale }
}

/// Every problem descriptor; the last is any other code.
///
/// Source: NHS Talking Therapies metadata M203 and M205 (nhstt, 2026-07) for those with a measure; ICD-10 for the others.
pub const PROBLEMS: [Problem; 15] = [
    problem("agoraphobia", &["F400"], Some("mobility")),
    problem("social_phobia", &["F401"], Some("spin")),
    problem("specific_phobia", &["F402"], None),
    problem("panic", &["F410"], Some("pdss")),
    problem("generalised_anxiety", &["F411"], None),
    problem("mixed_anxiety_depression", &["F412"], None),
    problem("obsessive_compulsive", &["F42"], Some("oci")),
    problem("post_traumatic_stress", &["F431"], Some("pcl5")),
    problem("health_anxiety", &["F452"], Some("hai")),
    problem("body_image", &["83482000"], Some("biq")),
    problem("fatigue", &["G933"], Some("cfq")),
    problem("irritable_bowel", &["K58"], Some("ibs_sss")),
    problem("unexplained_symptoms", &["723916001"], Some("phq15")),
    problem("depression", &["F32", "F33"], None),
    problem("other", &[], None),
];

/// The names of all, in their order.
pub(super) const VALUES: &[&str] = &[
    "agoraphobia",
    "social_phobia",
    "specific_phobia",
    "panic",
    "generalised_anxiety",
    "mixed_anxiety_depression",
    "obsessive_compulsive",
    "post_traumatic_stress",
    "health_anxiety",
    "body_image",
    "fatigue",
    "irritable_bowel",
    "unexplained_symptoms",
    "depression",
    "other",
];

/// The position of the problem descriptor of a clinical code as staged.
pub fn of_code(code: u64) -> u16 {
    let text = words::clinical_text(code);
    let is_icd = text.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let is_meant = |known: &&str| if is_icd { text.starts_with(*known) } else { text == **known };
    let found = PROBLEMS.iter().position(|one| one.codes.iter().any(is_meant));
    found.unwrap_or(PROBLEMS.len() - 1) as u16
}

/// The position of the scale that fits a problem descriptor; none where that is GAD-7, or no problem is known.
pub fn scale_of(problem: Option<u16>) -> Option<u16> {
    let scale = PROBLEMS.get(usize::from(problem?))?.scale?;
    Some(CodeSet::Scale.position(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_problem_and_problems_their_scale() {
        let of = |text: &str| PROBLEMS[usize::from(of_code(words::clinical(text.as_bytes()).unwrap()))];
        let scale = |text: &str| of(text).scale;
        assert_eq!([scale("F40.0"), scale("F401"), scale("f42.2")], [Some("mobility"), Some("spin"), Some("oci")]);
        assert_eq!([scale("83482000"), scale("K58.9")], [Some("biq"), Some("ibs_sss")]);
        assert_eq!(
            [of("F33.1").value, of("F41.1").value, of("F60").value],
            ["depression", "generalised_anxiety", "other"]
        );
        assert!(PROBLEMS.iter().map(|one| one.value).eq(VALUES.iter().copied()));
        let scales = PROBLEMS.iter().filter_map(|one| one.scale);
        assert!(scales.clone().all(|scale| CodeSet::Scale.position(scale) != u16::MAX) && scales.count() == 10);
        assert_eq!(scale_of(None), None);
    }
}
