//! Outcome instruments by scale: what canonical value each has, and which scores are possible.
//!
//! An instrument of several questions has a scale for each, so that a question is compared with itself alone.

/// One scale.
struct Scale {
    value: &'static str,
    /// The lowest and the highest possible score; none where they are not known.
    range: Option<(f32, f32)>,
}

const fn scale(value: &'static str, least: f32, most: f32) -> Scale {
    Scale { value, range: Some((least, most)) }
}

/// Every scale; what is none of them is `other`.
///
/// Source: NHS England score ranges (MHSDS assessment scales); of PDSS, OCI and SPIN the NCDR reference library; ONS personal well-being 0 to 10. NHS England lists an item of
/// DIALOG as 0 to 8 and takes 8 for no score (community mental health outcomes): it is 0 to 7 here.
const ALL: [Scale; COUNT] = [
    scale("phq9", 0.0, 27.0),
    scale("gad7", 0.0, 21.0),
    scale("swemwbs", 7.0, 35.0),
    scale("gbo", 0.0, 10.0),
    scale("ons4_satisfaction", 0.0, 10.0),
    scale("ons4_worthwhile", 0.0, 10.0),
    scale("ons4_happiness", 0.0, 10.0),
    scale("ons4_anxiety", 0.0, 10.0),
    Scale { value: "other", range: None },
    scale("dialog_1", 0.0, 7.0),
    scale("dialog_2", 0.0, 7.0),
    scale("dialog_3", 0.0, 7.0),
    scale("dialog_4", 0.0, 7.0),
    scale("dialog_5", 0.0, 7.0),
    scale("dialog_6", 0.0, 7.0),
    scale("dialog_7", 0.0, 7.0),
    scale("dialog_8", 0.0, 7.0),
    scale("dialog_9", 0.0, 7.0),
    scale("dialog_10", 0.0, 7.0),
    scale("dialog_11", 0.0, 7.0),
    scale("reqol10", 0.0, 40.0),
    scale("gbo_1", 0.0, 10.0),
    scale("gbo_2", 0.0, 10.0),
    scale("gbo_3", 0.0, 10.0),
    scale("honos_1", 0.0, 4.0),
    scale("honos_2", 0.0, 4.0),
    scale("honos_3", 0.0, 4.0),
    scale("honos_4", 0.0, 4.0),
    scale("honos_5", 0.0, 4.0),
    scale("honos_6", 0.0, 4.0),
    scale("honos_7", 0.0, 4.0),
    scale("honos_8", 0.0, 4.0),
    scale("honos_9", 0.0, 4.0),
    scale("honos_10", 0.0, 4.0),
    scale("honos_11", 0.0, 4.0),
    scale("honos_12", 0.0, 4.0),
    scale("honos65_1", 0.0, 4.0),
    scale("honos65_2", 0.0, 4.0),
    scale("honos65_3", 0.0, 4.0),
    scale("honos65_4", 0.0, 4.0),
    scale("honos65_5", 0.0, 4.0),
    scale("honos65_6", 0.0, 4.0),
    scale("honos65_7", 0.0, 4.0),
    scale("honos65_8", 0.0, 4.0),
    scale("honos65_9", 0.0, 4.0),
    scale("honos65_10", 0.0, 4.0),
    scale("honos65_11", 0.0, 4.0),
    scale("honos65_12", 0.0, 4.0),
    scale("wemwbs", 14.0, 70.0),
    scale("core10", 0.0, 40.0),
    scale("ypcore", 0.0, 40.0),
    scale("ors", 0.0, 40.0),
    scale("cors", 0.0, 40.0),
    scale("score15", 15.0, 75.0),
    scale("cgas", 1.0, 100.0),
    scale("sdq_conduct", 0.0, 10.0),
    scale("sdq_emotional", 0.0, 10.0),
    scale("sdq_hyperactivity", 0.0, 10.0),
    scale("sdq_impact", 0.0, 10.0),
    scale("sdq_peer", 0.0, 10.0),
    scale("sdq_prosocial", 0.0, 10.0),
    scale("sdq_parent_conduct", 0.0, 10.0),
    scale("sdq_parent_emotional", 0.0, 10.0),
    scale("sdq_parent_hyperactivity", 0.0, 10.0),
    scale("sdq_parent_impact", 0.0, 10.0),
    scale("sdq_parent_peer", 0.0, 10.0),
    scale("sdq_parent_prosocial", 0.0, 10.0),
    scale("rcads_depression", 0.0, 30.0),
    scale("rcads_gad", 0.0, 18.0),
    scale("rcads_ocd", 0.0, 18.0),
    scale("rcads_panic", 0.0, 27.0),
    scale("rcads_separation", 0.0, 21.0),
    scale("rcads_social", 0.0, 27.0),
    scale("rcads_parent_depression", 0.0, 30.0),
    scale("rcads_parent_gad", 0.0, 18.0),
    scale("rcads_parent_ocd", 0.0, 18.0),
    scale("rcads_parent_panic", 0.0, 27.0),
    scale("rcads_parent_separation", 0.0, 21.0),
    scale("rcads_parent_social", 0.0, 27.0),
    scale("honosca_self_1", 0.0, 4.0),
    scale("honosca_self_2", 0.0, 4.0),
    scale("honosca_self_3", 0.0, 4.0),
    scale("honosca_self_4", 0.0, 4.0),
    scale("honosca_self_5", 0.0, 4.0),
    scale("honosca_self_6", 0.0, 4.0),
    scale("honosca_self_7", 0.0, 4.0),
    scale("honosca_self_8", 0.0, 4.0),
    scale("honosca_self_9", 0.0, 4.0),
    scale("honosca_self_10", 0.0, 4.0),
    scale("honosca_self_11", 0.0, 4.0),
    scale("honosca_self_12", 0.0, 4.0),
    scale("honosca_self_13", 0.0, 4.0),
    scale("honosca_parent_1", 0.0, 4.0),
    scale("honosca_parent_2", 0.0, 4.0),
    scale("honosca_parent_3", 0.0, 4.0),
    scale("honosca_parent_4", 0.0, 4.0),
    scale("honosca_parent_5", 0.0, 4.0),
    scale("honosca_parent_6", 0.0, 4.0),
    scale("honosca_parent_7", 0.0, 4.0),
    scale("honosca_parent_8", 0.0, 4.0),
    scale("honosca_parent_9", 0.0, 4.0),
    scale("honosca_parent_10", 0.0, 4.0),
    scale("honosca_parent_11", 0.0, 4.0),
    scale("honosca_parent_12", 0.0, 4.0),
    scale("honosca_parent_13", 0.0, 4.0),
    scale("honosca_clinician_1", 0.0, 4.0),
    scale("honosca_clinician_2", 0.0, 4.0),
    scale("honosca_clinician_3", 0.0, 4.0),
    scale("honosca_clinician_4", 0.0, 4.0),
    scale("honosca_clinician_5", 0.0, 4.0),
    scale("honosca_clinician_6", 0.0, 4.0),
    scale("honosca_clinician_7", 0.0, 4.0),
    scale("honosca_clinician_8", 0.0, 4.0),
    scale("honosca_clinician_9", 0.0, 4.0),
    scale("honosca_clinician_10", 0.0, 4.0),
    scale("honosca_clinician_11", 0.0, 4.0),
    scale("honosca_clinician_12", 0.0, 4.0),
    scale("honosca_clinician_13", 0.0, 4.0),
    scale("spin", 0.0, 68.0),
    scale("pdss", 0.0, 28.0),
    scale("oci", 0.0, 168.0),
    Scale { value: "mobility", range: None },
    Scale { value: "pcl5", range: None },
    Scale { value: "hai", range: None },
    Scale { value: "biq", range: None },
    Scale { value: "cfq", range: None },
    Scale { value: "ibs_sss", range: None },
    Scale { value: "phq15", range: None },
];

/// How many scales there are.
pub const COUNT: usize = 128;

/// Their values, in the order of their positions.
pub const VALUES: [&str; COUNT] = {
    let mut values = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        values[at] = ALL[at].value;
        at += 1;
    }
    values
};

/// The lowest and the highest possible score of the scale at a position.
pub fn range(position: u16) -> Option<(f32, f32)> {
    ALL.get(usize::from(position))?.range
}

/// An instrument whose scales are taken together: each is compared with itself, and the instrument's change is the mean of
/// those that have both scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instrument {
    /// Its name in ids and columns.
    pub id: &'static str,
    /// Its scales: this one, and those that are called so and have a number.
    stems: &'static [&'static str],
}

impl Instrument {
    /// Whether a scale is one of its own.
    pub fn has(&self, position: u16) -> bool {
        let value = VALUES.get(usize::from(position)).copied().unwrap_or_default();
        let is_numbered = |rest: &str| rest.strip_prefix('_').is_some_and(|digits| digits.parse::<u8>().is_ok());
        self.stems.iter().any(|stem| value.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || is_numbered(rest)))
    }
}

/// Satisfaction with eleven parts of life and care, higher is better.
pub const DIALOG: Instrument = Instrument { id: "dialog", stems: &["dialog"] };
/// Recovering quality of life in ten questions, one score, higher is better.
pub const REQOL: Instrument = Instrument { id: "reqol", stems: &["reqol10"] };
/// Progress towards a person's own goals, higher is better.
pub const GBO: Instrument = Instrument { id: "gbo", stems: &["gbo"] };
/// Twelve problems as a clinician rates them, of people of working age and older people, lower is better.
pub const HONOS: Instrument = Instrument { id: "honos", stems: &["honos", "honos65"] };
/// Mental well-being in seven questions, one score, higher is better.
pub const SWEMWBS: Instrument = Instrument { id: "swemwbs", stems: &["swemwbs"] };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::codes::CodeSet;

    #[test]
    fn every_scale_has_a_value_of_its_own() {
        let mut values = VALUES.to_vec();
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), COUNT);
    }

    #[test]
    fn an_item_of_dialog_ends_at_seven() {
        assert_eq!(range(CodeSet::Scale.position("dialog_3")), Some((0.0, 7.0)));
        assert_eq!(range(CodeSet::Scale.position("other")), None);
        assert_eq!(range(u16::MAX), None);
    }

    #[test]
    fn an_instrument_has_its_own_scales_and_no_others() {
        let of = |own: Instrument| {
            let is_own = |value: &&&str| own.has(CodeSet::Scale.position(value));
            VALUES.iter().filter(is_own).count()
        };
        assert_eq!([DIALOG, REQOL, GBO, HONOS, SWEMWBS].map(of), [11, 1, 4, 24, 1]);
        assert!(!HONOS.has(CodeSet::Scale.position("honosca_self_1")) && !HONOS.has(u16::MAX));
    }
}
