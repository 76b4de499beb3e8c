//! Directly standardised rates of A&E use, of everyone on the registered list and by deprivation quintile.
//!
//! In: [`Population`], whole numbers. Out: rows, exact. Leaves alone: disclosure control.

use super::before_after::YEAR_DAYS;
use super::metric::Better;
use crate::pathways::Population;
use crate::pathways::population::{AGE_BANDS, Group as Counts, QUINTILES};
use crate::stats::inequality::{self, Indices};
use crate::stats::standard::{Standardised, Stratum, directly_standardised};
use crate::stats::{Interval, Z_95};

/// One rate, declared once.
pub struct StandardisedMetric {
    /// Id in outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// Which direction is better.
    pub better: Better,
    /// A paragraph that a clinician can check.
    pub definition: &'static str,
    /// How it departs from a published measure.
    pub differs: &'static str,
}

/// The unit of every rate.
pub const UNIT: &str = "attendances per 1,000 person-years";
/// Where the method comes from.
pub const SOURCE: &str = "ours; direct standardisation and Dobson's interval as in Public Health England's technical guides, European Standard Population 2013";

/// Every rate, in the order of [`crate::pathways::population::RATES`].
pub const ALL: &[StandardisedMetric] = &[
    StandardisedMetric {
        id: "ed_attendances_standardised",
        title: "A&E attendances, age-standardised",
        plain_english: "Visits to A&E, as if every group had the same ages.",
        better: Better::Neither,
        definition: "Unplanned attendances at A&E departments of types 01 to 04 in the twelve months that end with the data, by people on the registered list, over the time in it during which they live here, standardised to the European Standard Population 2013 in bands of five years. None with fewer than ten attendances or where an age band has nobody.",
        differs: "people are in the band of their age in the middle of the twelve months; attendances of people who are not on the list or have no usable number are not in it",
    },
    StandardisedMetric {
        id: "ed_mh_standardised",
        title: "MH-related A&E attendances, age-standardised",
        plain_english: "Visits to A&E for mental health, as if every group had the same ages.",
        better: Better::Neither,
        definition: "The same of attendances with a mental-health or self-harm chief complaint, an injury meant by the person, or a primary diagnosis of mental health.",
        differs: "as the rate of all attendances",
    },
];

/// European Standard Population 2013, 0-4 to 85-89 and 90 and over. Source: Eurostat (2013), Revision of the European Standard
/// Population, KS-RA-13-028.
const EUROPEAN_2013: [f64; AGE_BANDS] = [
    5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0, 5500.0,
    5000.0, 4000.0, 2500.0, 1500.0, 1000.0,
];

/// One rate of everyone or of one quintile, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Position in [`ALL`].
    pub metric: usize,
    /// First and last day.
    pub days: (i32, i32),
    /// Quintile 1 to 5, or 6 for not known; none for everyone.
    pub quintile: Option<usize>,
    /// What it rests on.
    pub counts: Counts,
    /// Attendances per 1,000 person-years as they are; none without time.
    pub crude: Option<f64>,
    /// The same standardised; none with too few events or an empty age band.
    pub rate: Option<f64>,
    /// 95 % interval of it.
    pub interval: Option<Interval>,
    /// Slope and relative index over the quintiles, on the row of everyone.
    pub indices: Option<Indices>,
}

/// Every rate: everyone, then by quintile.
pub fn rows(populations: &[Population]) -> Vec<Row> {
    populations.iter().enumerate().flat_map(|(metric, population)| of_rate(metric, population)).collect()
}

fn of_rate(metric: usize, population: &Population) -> Vec<Row> {
    let everyone: Vec<Counts> = (0..AGE_BANDS)
        .map(|band| population.groups.iter().fold(Counts::default(), |sum, bands| sum.and(&bands[band])))
        .collect();
    let quintiles: Vec<Row> =
        (0..QUINTILES).map(|at| row((metric, population.days), Some(at + 1), &population.groups[at])).collect();
    let groups: Option<Vec<inequality::Group>> = quintiles.iter().take(QUINTILES - 1).map(group).collect();
    let mut all = row((metric, population.days), None, &everyone);
    all.indices = groups.and_then(|groups| inequality::indices(&groups));
    std::iter::once(all).chain(quintiles).collect()
}

/// A quintile's rate, with the error that its interval stands for.
fn group(row: &Row) -> Option<inequality::Group> {
    let limits = row.interval?;
    Some(inequality::Group {
        size: row.counts.people as f64,
        value: row.rate?,
        error: (limits.upper - limits.lower) / (2.0 * Z_95),
    })
}

fn row((metric, days): (usize, (i32, i32)), quintile: Option<usize>, bands: &[Counts]) -> Row {
    let years = |days: u64| days as f64 / YEAR_DAYS / 1000.0;
    let stratum = |(own, weight): (&Counts, f64)| Stratum {
        events: own.events,
        squares: own.squares,
        time: years(own.days),
        weight,
    };
    let strata: Vec<Stratum> = bands.iter().zip(EUROPEAN_2013).map(stratum).collect();
    let counts = bands.iter().fold(Counts::default(), |sum, own| sum.and(own));
    let found: Option<Standardised> = directly_standardised(&strata);
    Row {
        metric,
        days,
        quintile,
        counts,
        crude: (counts.days > 0).then(|| counts.events as f64 / years(counts.days)),
        rate: found.map(|found| found.rate),
        interval: found.map(|found| found.interval),
        indices: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pathways::population::RATES;

    fn group(people: u64, events: u64) -> Counts {
        let days = people * 365;
        Counts { people, days, people_with_events: events, events, squares: events, top_two: [1, 1] }
    }

    #[test]
    fn every_rate_counted_is_declared() {
        assert_eq!(RATES.map(|(id, _)| id).to_vec(), ALL.iter().map(|metric| metric.id).collect::<Vec<_>>());
    }

    #[test]
    fn groups_of_one_rate_at_every_age_have_it_whatever_their_ages() {
        // Quintile 1 is young and quintile 5 old, with one attendance a year for every ten people of every age.
        let bands = |young: u64, old: u64| (0..AGE_BANDS).map(move |band| if band < 9 { young } else { old });
        let quintile = |young: u64, old: u64| bands(young, old).map(|people| group(people, people / 10)).collect();
        let groups = vec![
            quintile(900, 100),
            quintile(500, 500),
            quintile(500, 500),
            quintile(500, 500),
            quintile(100, 900),
            quintile(10, 10),
        ];
        let population = Population { days: (0, 364), groups, without_age: [0, 0] };
        let found = rows(&[population]);
        assert_eq!(found.len(), 1 + QUINTILES);
        let wanted = 100.0 * YEAR_DAYS / 365.0;
        for row in &found {
            assert!((row.rate.unwrap() - wanted).abs() < 1e-9 && (row.crude.unwrap() - wanted).abs() < 1e-9, "{row:?}");
        }
        let indices = found[0].indices.unwrap();
        assert!(indices.slope.abs() < 1e-9 && (indices.relative.unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn an_age_that_nobody_has_leaves_no_rate() {
        let mut groups = vec![vec![group(100, 20); AGE_BANDS]; QUINTILES];
        groups[2][18] = Counts::default();
        let found = rows(&[Population { days: (0, 364), groups, without_age: [0, 0] }]);
        assert!(found[3].rate.is_none() && found[3].crude.is_some() && found[0].indices.is_none());
        assert!(found[0].rate.is_some() && found[2].rate.is_some());
    }
}
