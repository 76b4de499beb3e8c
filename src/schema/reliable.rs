//! Reliable change of children's and young people's scales: which way each is better, and by how much it must move.
//!
//! In: `config/reliable_change.csv` or the project's own, `config/rcads_norms.csv`. Out: [`ReliableChange`].

use std::sync::LazyLock;

use super::codes::CodeSet;
use super::measures::Change;
use super::scales;

const EMBEDDED: &str = include_str!("../../config/reliable_change.csv");
const NORMS: &str = include_str!("../../config/rcads_norms.csv");
const HEADINGS: [&str; 6] = ["scale", "title", "better", "reliable", "verified", "source"];
/// Changes are compared in thousandths of a point, so that those with decimals have exact edges.
const PARTS: f64 = 1000.0;
/// T-scores have this standard deviation.
const T_DEVIATION: f64 = 10.0;
/// Scales that are judged as T-scores.
const T_SCORED: &str = "rcads_";

/// The metrics that rest on the table.
pub const METRICS: &[&str] = &["mh_cyp_outcome"];

/// The edges of one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edges {
    is_higher_better: bool,
    /// The least change that is reliable, in thousandths of a point.
    reliable: i32,
    /// Whether direction and least change are as an official or published source has them.
    is_verified: bool,
    /// Whether the edge is of T-scores.
    is_t_score: bool,
}

/// Which way each scale is better and which change is reliable, by its position; none for a scale that is not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReliableChange(Vec<Option<Edges>>);

impl Default for ReliableChange {
    fn default() -> Self {
        // The embedded table is whole, which a test holds.
        Self::of_text(EMBEDDED).unwrap_or_else(|_| Self(vec![None; scales::COUNT]))
    }
}

/// Whose score it is: what T-scores depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// Position in [`CodeSet::Sex`]; none if not known.
    pub sex: Option<u16>,
    /// Age when referred; none if not known.
    pub age: Option<u16>,
}

impl ReliableChange {
    /// Reads a table; what is wrong with it, if anything is.
    pub fn of_text(text: &str) -> Result<Self, String> {
        let mut all = vec![None; scales::COUNT];
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        if reader.headers().map_or(true, |headings| headings.iter().ne(HEADINGS)) {
            return Err(format!("the headings are not {}", HEADINGS.join(",")));
        }
        for record in reader.records() {
            let record = record.map_err(|_| "a row does not have six columns".to_owned())?;
            let cell = |at: usize| record.get(at).unwrap_or_default();
            let scale = cell(0);
            let wrong = |why: &str| format!("{scale}: {why}");
            let own = all.get_mut(usize::from(CodeSet::Scale.position(scale)));
            let own = own.ok_or_else(|| wrong("no scale is called so"))?;
            if own.is_some() {
                return Err(wrong("it is given twice"));
            }
            let reliable = cell(3).parse::<f64>().ok().filter(|value| *value > 0.0 && *value <= 1000.0);
            *own = Some(Edges {
                is_higher_better: word(cell(2), ["higher", "lower"])
                    .ok_or_else(|| wrong("better is higher or lower"))?,
                reliable: parts(reliable.ok_or_else(|| wrong("reliable is a number above 0"))?),
                is_verified: word(cell(4), ["yes", "no"]).ok_or_else(|| wrong("verified is yes or no"))?,
                is_t_score: scale.starts_with(T_SCORED),
            });
            if cell(5).is_empty() {
                return Err(wrong("it has no source"));
            }
        }
        Ok(Self(all))
    }

    /// How somebody's scale moved by a change of so many thousandths of a point. None for a scale that is not judged, and for
    /// T-scores where no norm is known for the person.
    pub fn change(&self, scale: u16, rise: i32, whose: Whose) -> Option<Change> {
        let edges = (*self.0.get(usize::from(scale))?)?;
        let rise = if edges.is_t_score { in_t_scores(scale, rise, whose)? } else { rise };
        let gain = if edges.is_higher_better { rise } else { -rise };
        Some(if gain >= edges.reliable {
            Change::Better
        } else if gain <= -edges.reliable {
            Change::Worse
        } else {
            Change::Unchanged
        })
    }

    /// What every row that rests on the table says; empty where everything in it is verified.
    pub fn note(&self) -> String {
        let names = self.unverified();
        if names.is_empty() {
            return names;
        }
        format!("rests on a cut-off that is not verified: reliable change of {names}")
    }

    /// How many scales it judges and which of them are not verified, for the catalogue.
    pub fn summary(&self) -> String {
        let (count, names) = (self.0.iter().flatten().count(), self.unverified());
        let but = if names.is_empty() { String::new() } else { format!(" but {names}") };
        format!(
            "`reliable_change`, direction and reliable change of {count} scales: verified{but} (config/reliable_change.csv names the source of each)"
        )
    }

    /// The scales whose row is not verified.
    fn unverified(&self) -> String {
        let is_unverified = |(_, edges): &(&&str, &Option<Edges>)| edges.is_some_and(|own| !own.is_verified);
        let of = scales::VALUES.iter().zip(&self.0).filter(is_unverified).map(|(value, _)| *value);
        of.collect::<Vec<_>>().join(", ")
    }
}

fn word(text: &str, [yes, no]: [&str; 2]) -> Option<bool> {
    (text == yes || text == no).then(|| text == yes)
}

fn parts(points: f64) -> i32 {
    (points * PARTS).round() as i32
}

/// A norm of RCADS: sex and scale as positions, age in years, and the standard deviation of raw scores.
struct Norm {
    sex: u16,
    age: u16,
    scale: u16,
    deviation: f64,
}

/// The norms. Their means fall out of a change, since one norm is used for both scores.
static ALL_NORMS: LazyLock<Vec<Norm>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(NORMS.as_bytes());
    let norm = |record: csv::StringRecord| {
        Some(Norm {
            sex: CodeSet::Sex.position(record.get(0)?),
            age: record.get(1)?.parse().ok()?,
            scale: CodeSet::Scale.position(record.get(2)?),
            deviation: record.get(4)?.parse().ok().filter(|deviation| *deviation > 0.0)?,
        })
    };
    reader.records().filter_map(|record| norm(record.ok()?)).collect()
});

/// A change of raw scores in T-scores, in thousandths, by the norm for sex and age when referred.
fn in_t_scores(scale: u16, rise: i32, whose: Whose) -> Option<i32> {
    let (sex, age) = (whose.sex?, whose.age?);
    let norm = ALL_NORMS.iter().find(|norm| norm.scale == scale && norm.sex == sex && norm.age == age)?;
    Some((f64::from(rise) * T_DEVIATION / norm.deviation).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIRL: Whose = Whose { sex: Some(1), age: Some(14) };

    fn change(scale: &str, rise: i32, whose: Whose) -> Option<Change> {
        ReliableChange::default().change(CodeSet::Scale.position(scale), rise, whose)
    }

    #[test]
    fn the_embedded_tables_are_whole() {
        let table = ReliableChange::of_text(EMBEDDED).unwrap();
        assert_eq!(table.0.iter().flatten().count(), 77);
        assert_eq!(ALL_NORMS.len(), 240);
        assert!(ALL_NORMS.iter().all(|norm| norm.sex < 2 && norm.scale != u16::MAX && (8..18).contains(&norm.age)));
    }

    #[test]
    fn direction_is_that_of_the_scale() {
        let [better, worse] = [Some(Change::Better), Some(Change::Worse)];
        assert_eq!([change("phq9", -6000, GIRL), change("phq9", 6000, GIRL)], [better, worse]);
        assert_eq!([change("gbo_1", 3000, GIRL), change("gbo_1", -3000, GIRL)], [better, worse]);
        assert_eq!([change("sdq_prosocial", 4000, GIRL), change("score15", -10_000, GIRL)], [better, better]);
        assert_eq!(change("gbo_1", 2999, GIRL), Some(Change::Unchanged));
        assert_eq!([change("dialog_1", 7000, GIRL), change("other", 7000, GIRL)], [None, None]);
    }

    #[test]
    fn rcads_moves_in_t_scores_of_sex_and_age() {
        // Girls of 14 have a standard deviation of 3.68 in depression: 17.73 T-points are 6.52 points.
        assert_eq!(change("rcads_depression", -7000, GIRL), Some(Change::Better));
        assert_eq!(change("rcads_depression", -6000, GIRL), Some(Change::Unchanged));
        // Boys of 14: 4.10, so 7.27 points.
        assert_eq!(change("rcads_depression", -7000, Whose { sex: Some(0), ..GIRL }), Some(Change::Unchanged));
        for whose in [Whose { sex: None, ..GIRL }, Whose { age: None, ..GIRL }, Whose { age: Some(7), ..GIRL }] {
            assert_eq!(change("rcads_depression", -20_000, whose), None);
        }
    }

    #[test]
    fn what_is_not_verified_is_named() {
        let note =
            "rests on a cut-off that is not verified: reliable change of score15, sdq_prosocial, sdq_parent_prosocial";
        assert_eq!(ReliableChange::default().note(), note);
    }

    #[test]
    fn a_table_with_a_fault_is_refused() {
        let heads = HEADINGS.join(",");
        let of = |row: &str| ReliableChange::of_text(&format!("{heads}\n{row}\n"));
        assert_eq!(of("phq9,PHQ-9,lower,6,yes,manual").map(|table| table.note()), Ok(String::new()));
        assert_eq!(of("phq,PHQ-9,lower,6,yes,manual"), Err("phq: no scale is called so".to_owned()));
        for row in
            ["phq9,P,down,6,yes,m", "phq9,P,lower,0,yes,m", "phq9,P,lower,6,maybe,m", "phq9,P,lower,6,yes,", "phq9,P"]
        {
            assert!(of(row).is_err(), "{row}");
        }
        assert!(ReliableChange::of_text("scale,better\n").is_err());
    }
}
