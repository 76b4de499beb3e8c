//! The effect among people who were matched: an adjusted ratio of rates, and the difference in differences.

use super::{FEWEST_EVENTS, Matches, NoEffect, People};
use crate::stats::differences;
use crate::stats::matrix::{Design, dot};
use crate::stats::model::{Data, Family, Ratio, fit, negative_binomial};
use crate::stats::ratio::Pair;
use crate::stats::tail;
use crate::stats::unmeasured::{e_value, e_value_of};

/// A person's events and years, before and after the index date.
pub type Outcome = Pair;

/// Before, after.
const AFTER: usize = 1;
/// People who have to differ from most others in a covariate that is adjusted for.
const FEWEST_PEOPLE: usize = 10;
/// What is left of a column's squares, once what others say is taken out, where it says nothing new.
const SAME: f64 = 1e-9;
/// The term of the arm.
const ARM: usize = 1;

/// What a comparison says.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Rate of the cases over that of those beside them, as much alike as what was measured makes them.
    pub ratio: Ratio,
    /// Chance of a ratio as far from 1, were there no effect.
    pub p: f64,
    /// Events more, or fewer, per 100 person-years of the cases than without the effect, with its limits. The rate of the cases is
    /// taken as it is.
    pub per_100_years: [f64; 3],
    /// People with observed time: cases, and those beside them.
    pub people: [u64; 2],
    /// Their events.
    pub events: [f64; 2],
    /// Pearson's chi-square over its degrees of freedom.
    pub dispersion: f64,
    /// E-value of the ratio, and of the limit nearer to 1.
    pub e_values: [Option<f64>; 2],
}

/// The matched people with observed time, row by row.
#[derive(Default)]
struct Sample {
    rows: Vec<usize>,
    sets: Vec<u32>,
    weights: Vec<f64>,
}

impl Sample {
    /// A case counts 1, and those beside it 1 together.
    fn new(matches: &Matches, is_seen: impl Fn(usize) -> bool) -> Self {
        let mut found = Self::default();
        for (set, own) in (0..).zip(&matches.sets) {
            let weight = 1.0 / own.controls.len() as f64;
            let controls = own.controls.iter().map(|row| (*row as usize, weight));
            for (row, weight) in std::iter::once((own.case as usize, 1.0)).chain(controls) {
                if is_seen(row) {
                    found.rows.push(row);
                    found.sets.push(set);
                    found.weights.push(weight);
                }
            }
        }
        found
    }

    /// Constant, arm, and the covariates in which enough people differ and that do not follow from those before them: what says a
    /// thing again adds nothing, and what only a few have would decide their outcome alone. Matching has seen to these.
    fn design(&self, people: &People) -> Design {
        let all: Vec<&[f64]> = people.covariates.rows().collect();
        let differ = |at: &usize| {
            let mut own: Vec<f64> = self.rows.iter().map(|row| all[*row][*at]).collect();
            own.sort_unstable_by(f64::total_cmp);
            let most = own.chunk_by(|a, b| a.total_cmp(b).is_eq()).map(<[f64]>::len).max().unwrap_or_default();
            own.len() - most >= FEWEST_PEOPLE
        };
        let vary: Vec<usize> = (1..people.covariates.columns()).filter(differ).collect();
        let kept = independent(vary, |at| self.rows.iter().map(|row| all[*row][at]).collect());
        let mut design = Design::new(2 + kept.len());
        for row in &self.rows {
            let arm = f64::from(u8::from(people.is_case[*row]));
            design.push([1.0, arm].into_iter().chain(kept.iter().map(|at| all[*row][*at])));
        }
        design
    }

    /// A sum over the cases, and over those beside them.
    fn by_arm(&self, people: &People, of: impl Fn(usize) -> f64) -> [f64; 2] {
        let mut sums = [0.0; 2];
        self.rows.iter().for_each(|row| sums[usize::from(!people.is_case[*row])] += of(*row));
        sums
    }
}

/// The columns that do not follow from the constant and those before them, by orthogonalising them in turn.
fn independent(columns: Vec<usize>, values: impl Fn(usize) -> Vec<f64>) -> Vec<usize> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut take = |own: Vec<f64>| {
        let length = dot(&own, &own);
        let mut left = own;
        for other in &basis {
            let along = dot(&left, other);
            left.iter_mut().zip(other).for_each(|(left, other)| *left -= along * other);
        }
        let rest = dot(&left, &left);
        let is_new = rest > SAME * length;
        if is_new {
            let length = rest.sqrt();
            for one in &mut left {
                *one /= length;
            }
            basis.push(left);
        }
        is_new
    };
    if let Some(at) = columns.first() {
        take(vec![1.0; values(*at).len()]);
    }
    columns.into_iter().filter(|at| take(values(*at))).collect()
}

/// The adjusted ratio of the rates after the index date.
///
/// Source: Ho and others (2007), Political Analysis 15:199 (matching, then regression); Zou (2004), Am J Epidemiol 159:702, and
/// Austin (2011), Stat Med 30:1292 (robust variance, matched sets as clusters).
pub fn effect(people: &People, matches: &Matches, outcomes: &[Outcome]) -> Result<Effect, NoEffect> {
    let After { sample, events, design, response, offset } = After::of(people, matches, outcomes)?;
    let data = Data { design: &design, response: &response, offset: &offset, weights: Some(&sample.weights) };
    let model = fit(data, Family::Poisson).map_err(NoEffect::Model)?;
    let variance = model.clustered(&design, &sample.sets).ok_or(NoEffect::FewEvents)?;
    let ratio = model.ratio(ARM, &variance);
    let years = sample.by_arm(people, |row| outcomes[row].time[AFTER]);
    let more = |ratio: f64| 100.0 * events[0] / years[0] * (1.0 - 1.0 / ratio);
    Ok(Effect {
        ratio,
        p: tail::two_sided(model.coefficients[ARM] / ratio.standard_error),
        per_100_years: [more(ratio.ratio), more(ratio.interval.lower), more(ratio.interval.upper)],
        people: sample.by_arm(people, |_| 1.0).map(|people| people as u64),
        events,
        dispersion: model.dispersion(),
        e_values: [e_value(ratio.ratio), e_value_of(ratio.interval)],
    })
}

/// The same ratio by a model in which people differ by more than chance, each counting once: a check of the model, with its own
/// variance.
pub fn overdispersed(people: &People, matches: &Matches, outcomes: &[Outcome]) -> Result<Ratio, NoEffect> {
    let After { design, response, offset, .. } = After::of(people, matches, outcomes)?;
    let data = Data { design: &design, response: &response, offset: &offset, weights: None };
    let model = negative_binomial(data).map_err(NoEffect::Model)?;
    Ok(model.fit.ratio(ARM, &model.fit.variance))
}

/// What happened to the matched after the index date, as a model takes it.
struct After {
    sample: Sample,
    /// Events of the cases, and of those beside them.
    events: [f64; 2],
    design: Design,
    response: Vec<f64>,
    offset: Vec<f64>,
}

impl After {
    fn of(people: &People, matches: &Matches, outcomes: &[Outcome]) -> Result<Self, NoEffect> {
        let sample = Sample::new(matches, |row| outcomes[row].time[AFTER] > 0.0);
        let events = sample.by_arm(people, |row| outcomes[row].events[AFTER]);
        if events.iter().any(|events| *events < FEWEST_EVENTS) {
            return Err(NoEffect::FewEvents);
        }
        let design = sample.design(people);
        let response = sample.rows.iter().map(|row| outcomes[*row].events[AFTER]).collect();
        let offset = sample.rows.iter().map(|row| outcomes[*row].time[AFTER].ln()).collect();
        Ok(Self { sample, events, design, response, offset })
    }
}

/// The ratio of the cases' after to before over that of those beside them, each person against themselves.
pub fn differences(people: &People, matches: &Matches, outcomes: &[Outcome]) -> Result<Ratio, NoEffect> {
    let sample = Sample::new(matches, |row| outcomes[row].time.iter().all(|time| *time > 0.0));
    let few = |at: usize| {
        let events = sample.by_arm(people, |row| outcomes[row].events[at]);
        events.iter().any(|events| *events < FEWEST_EVENTS)
    };
    if few(0) || few(AFTER) {
        return Err(NoEffect::FewEvents);
    }
    let mut arms = [Vec::new(), Vec::new()];
    for (row, weight) in sample.rows.iter().zip(&sample.weights) {
        let own = outcomes[*row];
        let pair = Pair { events: own.events.map(|one| one * weight), time: own.time.map(|one| one * weight) };
        arms[usize::from(!people.is_case[*row])].push(pair);
    }
    differences::by_person(&arms[0], &arms[1]).ok_or(NoEffect::FewEvents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::matching::Set;
    use crate::stats::model::NoModel;

    /// Cases with so many events after and those beside them, one to one, a year each way; before, everybody has `before`.
    fn arms(cases: &[f64], others: &[f64], before: f64) -> (People, Matches, Vec<Outcome>) {
        let count = cases.len();
        let mut covariates = Design::new(1);
        (0..2 * count).for_each(|_| covariates.push([1.0]));
        let people = People {
            is_case: (0..2 * count).map(|at| at < count).collect(),
            stratum: vec![0; 2 * count],
            covariates,
            key: (0..2 * count as u64).collect(),
        };
        let set = |at: usize| Set { case: at as u32, controls: vec![(at + count) as u32] };
        let matches = Matches { sets: (0..count).map(set).collect(), unmatched: Vec::new() };
        let outcome = |after: &f64| Outcome { events: [before, *after], time: [1.0, 1.0] };
        (people, matches, cases.iter().chain(others).map(outcome).collect())
    }

    #[test]
    fn an_effect_by_hand() {
        // 12 events of 6 against 24 of 6: ratio 0.5. Residuals of pairs: (-1, 1) against (-2, 2), over 12 and 24, cancel but for
        // the order: cases 1 3 1 3 1 3, others 2 6 6 2 2 6: influence -1/12 +2/24, 1/12 -2/24, -1/12 -2/24, 1/12 +2/24, 0, 0.
        let (people, matches, outcomes) = arms(&[1.0, 3.0, 1.0, 3.0, 1.0, 3.0], &[2.0, 6.0, 6.0, 2.0, 2.0, 6.0], 2.0);
        let found = effect(&people, &matches, &outcomes).unwrap();
        assert!((found.ratio.ratio - 0.5).abs() < 1e-9 && (found.people, found.events) == ([6, 6], [12.0, 24.0]));
        let variance: f64 = 2.0 * (1.0_f64 / 6.0).powi(2) * 6.0 / 5.0;
        assert!((found.ratio.standard_error - variance.sqrt()).abs() < 1e-9);
        // 200 per 100 years against 400 to expect; chi-square 6 (1/2) + 6 (4/4) on 10 degrees of freedom.
        assert!((found.per_100_years[0] + 200.0).abs() < 1e-6 && (found.dispersion - 0.9).abs() < 1e-9);
        assert!((found.e_values[0].unwrap() - (2.0 + 2.0_f64.sqrt())).abs() < 1e-9);
        assert!((found.p - tail::two_sided(0.5_f64.ln() / variance.sqrt())).abs() < 1e-12);
        assert!((overdispersed(&people, &matches, &outcomes).unwrap().ratio - 0.5).abs() < 1e-6);
    }

    #[test]
    fn two_beside_a_case_count_as_one() {
        // The case has 20; those beside it 10 and 30; another set has 20 against 40: 40 against 20 + 40.
        let (mut people, mut matches, mut outcomes) = arms(&[20.0, 20.0], &[10.0, 40.0], 0.0);
        people.is_case.push(false);
        people.covariates.push([1.0]);
        matches.sets[0].controls.push(4);
        outcomes.push(Outcome { events: [0.0, 30.0], time: [1.0, 1.0] });
        let found = effect(&people, &matches, &outcomes).unwrap();
        assert!((found.ratio.ratio - 40.0 / 60.0).abs() < 1e-9, "{found:?}");
        // Someone who was not observed afterwards is left out.
        outcomes[4].time[1] = 0.0;
        let found = effect(&people, &matches, &outcomes).unwrap();
        assert!((found.ratio.ratio - 40.0 / 2.0 / ((0.5 * 10.0 + 40.0) / 1.5)).abs() < 1e-9 && found.people == [2, 2]);
    }

    #[test]
    fn each_against_themselves() {
        let (people, matches, outcomes) = arms(&[3.0; 6], &[4.0; 6], 2.0);
        assert!((differences(&people, &matches, &outcomes).unwrap().ratio - 0.75).abs() < 1e-12);
        let (people, matches, outcomes) = arms(&[3.0; 6], &[4.0; 6], 1.0);
        assert_eq!(differences(&people, &matches, &outcomes), Err(NoEffect::FewEvents));
    }

    #[test]
    fn a_covariate_that_follows_from_others_is_left_out() {
        let columns = [vec![1.0, 2.0, 4.0, 7.0], vec![3.0, 5.0, 9.0, 15.0], vec![0.0, 1.0, 0.0, 0.0]];
        assert_eq!(independent(vec![0, 1, 2], |at| columns[at].clone()), [0, 2]);
        assert_eq!(independent(Vec::new(), |at| columns[at].clone()), [0_usize; 0]);
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        let (people, matches, outcomes) = arms(&[1.0; 9], &[2.0; 9], 0.0);
        assert_eq!(effect(&people, &matches, &outcomes), Err(NoEffect::FewEvents));
        let (mut people, matches, outcomes) = arms(&[2.0; 12], &[3.0; 12], 0.0);
        // A covariate that is the arm again.
        people.covariates = Design::new(2);
        people.is_case.iter().for_each(|is_case| people.covariates.push([1.0, f64::from(u8::from(*is_case))]));
        assert_eq!(effect(&people, &matches, &outcomes), Err(NoEffect::Model(NoModel::Rank)));
        // One that only nine people have is not adjusted for.
        people.covariates = Design::new(2);
        (0..24_u32).for_each(|at| people.covariates.push([1.0, f64::from(u8::from(at < 9))]));
        assert!(effect(&people, &matches, &outcomes).is_ok_and(|found| (found.ratio.ratio - 2.0 / 3.0).abs() < 1e-9));
        people.covariates = Design::new(2);
        // One whose people have no events at all decides the outcome alone.
        let none: Vec<Outcome> = (0..24)
            .map(|at| if at % 12 < 5 { Outcome { events: [0.0, 0.0], ..outcomes[at] } } else { outcomes[at] })
            .collect();
        (0..24_u32).for_each(|at| people.covariates.push([1.0, f64::from(u8::from(at % 12 < 5))]));
        assert_eq!(effect(&people, &matches, &none), Err(NoEffect::Model(NoModel::Separated)));
        assert_eq!(NoEffect::Model(NoModel::Rank).text(), NoModel::Rank.text());
    }
}
