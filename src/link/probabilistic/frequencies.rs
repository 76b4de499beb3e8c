//! Frequencies: how often people share a value by chance, counted in the data. One value a person.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::super::clusters::Clusters;
use super::super::records::{Fields, Records};
use super::super::values::NO_DAY;
use crate::domain::day;

/// How many people have each value of a field. Looked up, never listed.
#[derive(Default)]
pub(super) struct Counts {
    people: f64,
    /// Ordered pairs of people with one value.
    sharing: f64,
    of_value: HashMap<u64, u32>,
}

impl Counts {
    fn of(values: impl Iterator<Item = u64>) -> Self {
        let (mut counts, mut people, mut sharing) = (HashMap::new(), 0u64, 0u64);
        for value in values.filter(|value| *value != 0) {
            let before = counts.entry(value).or_insert(0u32);
            people += 1;
            sharing += 2 * u64::from(*before);
            *before += 1;
        }
        Self { people: people as f64, sharing: sharing as f64, of_value: counts }
    }

    /// How many people have a value.
    pub(super) fn people_with(&self, value: u64) -> u32 {
        self.of_value.get(&value).copied().unwrap_or(0)
    }

    /// How many people have any value.
    pub(super) fn people(&self) -> f64 {
        self.people
    }

    /// The share of people whose value at most so many people have.
    pub(super) fn share_of_rare(&self, at_most: f64) -> f64 {
        let counts = self.of_value.values().filter(|count| f64::from(**count) <= at_most);
        counts.map(|count| u64::from(*count)).sum::<u64>() as f64 / self.people.max(1.0)
    }

    /// The share of people with a value, as if a hundred more had it as often as anybody's value is shared on average: few
    /// people say little about how rare a name is.
    pub(super) fn share(&self, value: u64, on_average: f64) -> f64 {
        const MORE: f64 = 100.0;
        ((f64::from(self.people_with(value)) + MORE * on_average) / (self.people + MORE)).max(LEAST_SHARE)
    }
}

/// Nothing counts as rarer.
///
/// Source: CRATE, `NAME_MIN_FREQ`.
const LEAST_SHARE: f64 = 5e-6;

/// Pairs that the published shares count as, beside those of the data.
const PUBLISHED_PAIRS: f64 = 10_000.0;

/// The share of pairs that share a value.
fn blend(sharing: f64, people: f64, published: f64) -> f64 {
    let pairs = people * (people - 1.0).max(0.0);
    (sharing + PUBLISHED_PAIRS * published) / (pairs + PUBLISHED_PAIRS)
}

/// Shares of the levels of a field, most alike first and each without those before it; the rest is the last.
fn shares<const N: usize>(counts: &[&Counts], published: [f64; N]) -> [f64; N] {
    let mut u = [0.0; N];
    let (mut before, mut published_before) = (0.0, 0.0);
    for (at, counts) in counts.iter().enumerate() {
        published_before += published[at];
        let up_to = blend(counts.sharing, counts.people, published_before).max(before);
        u[at] = (up_to - before).max(1e-9);
        before += u[at];
    }
    u[N - 1] = (1.0 - before).max(1e-9);
    u
}

/// Parts of a date, from year, month and day, as one number.
type OfDate = fn((i32, u32, u32)) -> u64;

/// What the data says about chance agreement.
pub(super) struct Frequencies {
    /// People in all.
    pub(super) people: f64,
    /// Shares of the levels of each field.
    pub(super) birth: [f64; 3],
    /// Of sexes.
    pub(super) sex: [f64; 2],
    /// Of surnames.
    pub(super) surname: [f64; 4],
    /// Of forenames.
    pub(super) forename: [f64; 3],
    /// Of postcodes.
    pub(super) postcode: [f64; 4],
    /// People by surname.
    pub(super) surnames: Counts,
    /// People by forename.
    pub(super) forenames: Counts,
    /// People by postcode.
    pub(super) postcodes: Counts,
}

impl Frequencies {
    /// Counts the people so far.
    pub(super) fn of(records: &Records, clusters: &Clusters) -> Self {
        let (fields, births) = (&records.fields, &records.birth);
        let founders: Vec<u32> =
            (0..records.len() as u32).into_par_iter().map(|record| clusters.founder(record)).collect();
        let of_people = |is_known: &(dyn Fn(usize) -> bool + Sync)| representatives(records, &founders, is_known);
        let ((surname, forename), (postcode, birth)) = rayon::join(
            || rayon::join(|| of_people(&|at| fields[at].surname != 0), || of_people(&|at| fields[at].forename != 0)),
            || rayon::join(|| of_people(&|at| fields[at].postcode != 0), || of_people(&|at| births[at] != NO_DAY)),
        );
        let by =
            |people: &[u32], part: fn(&Fields) -> u64| Counts::of(people.iter().map(|at| part(&fields[*at as usize])));
        let parts =
            |people: &[u32], part: OfDate| Counts::of(people.iter().map(|at| part(day::parts(births[*at as usize]))));
        let named =
            || (by(&surname, |own| own.surname), by(&forename, |own| own.forename), by(&postcode, |own| own.postcode));
        let alike = || {
            let sound = by(&surname, |own| own.surname_sound);
            let start = by(&surname, |own| own.surname_start);
            let first = by(&forename, |own| own.forename_start);
            let sector = by(&postcode, |own| own.postcode_sector);
            (sound, start, first, sector, by(&postcode, |own| own.outcode))
        };
        let born = || {
            let part = |part| parts(&birth, part);
            let whole = part(|(y, m, d)| y as u64 * 10_000 + u64::from(m * 100 + d));
            let two: [OfDate; 3] = [
                |(y, m, _)| y as u64 * 100 + u64::from(m),
                |(y, _, d)| y as u64 * 100 + u64::from(d),
                |(_, m, d)| u64::from(m * 100 + d),
            ];
            (whole.sharing, two.map(|two| part(two).sharing - whole.sharing).iter().sum::<f64>(), whole.people)
        };
        let ((surnames, forenames, postcodes), ((sound, start, first, sector, outcode), birth)) =
            rayon::join(named, || rayon::join(alike, born));
        Self {
            people: (0u32..).zip(&founders).filter(|(record, founder)| record == *founder).count() as f64,
            birth: of_birth(birth),
            sex: of_sex(records, &founders),
            surname: shares(&[&surnames, &sound, &start], super::weights::SURNAME.map(|one| one.u)),
            forename: shares(&[&forenames, &first], super::weights::FORENAME.map(|one| one.u)),
            postcode: shares(&[&postcodes, &sector, &outcode], super::weights::POSTCODE.map(|one| one.u)),
            surnames,
            forenames,
            postcodes,
        }
    }
}

fn of_birth((equal, partly, people): (f64, f64, f64)) -> [f64; 3] {
    let published = super::weights::BIRTH.map(|one| one.u);
    let equal = blend(equal, people, published[0]);
    let partly = blend(partly, people, published[1]);
    [equal, partly, 1.0 - equal - partly]
}

fn of_sex(records: &Records, founders: &[u32]) -> [f64; 2] {
    let known = (0u32..).zip(founders).filter(|(record, founder)| record == *founder);
    let sexes = Counts::of(known.map(|(at, _)| super::super::demographic::sex_part(records.sex[at as usize])));
    let equal = blend(sexes.sharing, sexes.people, super::weights::SEX[0].u).clamp(0.01, 0.99);
    [equal, 1.0 - equal]
}

/// Of each person the record that stands for one of its fields: the founder if it has the field, else of those that do the
/// first (`Records::rank`).
fn representatives(records: &Records, founders: &[u32], is_known: &(dyn Fn(usize) -> bool + Sync)) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let mut best = vec![NONE; founders.len()];
    for (record, founder) in (0u32..).zip(founders).filter(|(record, _)| is_known(*record as usize)) {
        let own = &mut best[*founder as usize];
        let is_better = || records.rank(record) < records.rank(*own);
        if record == *founder || *own == NONE || (*own != *founder && is_better()) {
            *own = record;
        }
    }
    best.retain(|record| *record != NONE);
    best
}
