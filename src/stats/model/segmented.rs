//! Interrupted time series: a segmented model of a series of counts, month by month.
//!
//! In: months in order, each with events, time and whether the change had come. Out: the change of level and of slope, with the
//! season taken out; and the series as it would have been.

use super::{Data, Family, Fit, NoModel, Ratio, fit};
use crate::stats::matrix::{Design, Symmetric, dot};

/// Months in a year.
const YEAR: f64 = 12.0;
/// Months that a month is taken to be related to, for the check of the variance.
const LAG: usize = 3;
/// Terms that a change of level and of slope are.
const LEVEL: usize = 2;
const SLOPE: usize = 3;

/// A month of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// 1 for January to 12 for December.
    pub of_year: u32,
    /// Events.
    pub events: f64,
    /// People or time that could have had them, in any one unit.
    pub time: f64,
    /// Whether it is after the change.
    pub is_after: bool,
}

/// What a model of a series has beside its level, its trend and its change of level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Whether the slope may change too.
    pub slope: bool,
    /// Pairs of sine and cosine for the season: none, once a year, twice a year.
    pub harmonics: u32,
}

/// A fitted series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The model.
    pub fit: Fit,
    /// Change of level, by the quasi-Poisson variance.
    pub level: Ratio,
    /// The same by Newey and West's variance.
    pub level_newey_west: Ratio,
    /// Change of slope a month; none where it was not asked for.
    pub slope: Option<Ratio>,
    /// Events to expect in each month had there been no change.
    pub counterfactual: Vec<f64>,
    design: Design,
}

impl Series {
    /// The level change by another variance of the coefficients.
    pub fn level_by(&self, variance: &Symmetric) -> Ratio {
        self.fit.ratio(LEVEL, variance)
    }

    /// The plain sandwich variance.
    pub fn sandwich(&self) -> Symmetric {
        self.fit.newey_west(&self.design, 0)
    }
}

/// Terms: constant, time in months, level, slope where asked for, season.
fn design(months: &[Month], shape: Shape) -> Design {
    let last_before = months.iter().take_while(|month| !month.is_after).count() as f64;
    let mut design = Design::new(3 + usize::from(shape.slope) + 2 * shape.harmonics as usize);
    for (at, month) in (1_u32..).zip(months) {
        let (time, after) = (f64::from(at), f64::from(u8::from(month.is_after)));
        let slope = shape.slope.then_some((time - last_before) * after);
        let season = (1..=shape.harmonics).flat_map(|k| {
            let angle = std::f64::consts::TAU * f64::from(k) * f64::from(month.of_year) / YEAR;
            [angle.sin(), angle.cos()]
        });
        design.push([1.0, time, after].into_iter().chain(slope).chain(season));
    }
    design
}

/// Fits a series; quasi-Poisson, with its time as an offset.
///
/// Source: Lopez Bernal, Cummins and Gasparrini (2017), Int J Epidemiol 46:348.
pub fn segmented(months: &[Month], shape: Shape) -> Result<Series, NoModel> {
    let design = design(months, shape);
    if months.len() <= design.columns() || months.iter().any(|month| month.time <= 0.0) {
        return Err(NoModel::Empty);
    }
    let response: Vec<f64> = months.iter().map(|month| month.events).collect();
    let offset: Vec<f64> = months.iter().map(|month| month.time.ln()).collect();
    let fit = fit(Data { design: &design, response: &response, offset: &offset, weights: None }, Family::Poisson)?;
    let quasi = fit.quasi();
    let expected = |(row, offset): (&[f64], &f64)| {
        let change: f64 = (LEVEL..=LEVEL + usize::from(shape.slope)).map(|at| row[at] * fit.coefficients[at]).sum();
        (dot(row, &fit.coefficients) - change + offset).exp()
    };
    let counterfactual = design.rows().zip(&offset).map(expected).collect();
    let level = fit.ratio(LEVEL, &quasi);
    let level_newey_west = fit.ratio(LEVEL, &fit.newey_west(&design, LAG));
    let slope = shape.slope.then(|| fit.ratio(SLOPE, &quasi));
    Ok(Series { fit, level, level_newey_west, slope, counterfactual, design })
}

/// Two fitted series.
#[derive(Debug, Clone, PartialEq)]
pub struct Controlled {
    /// The model of both.
    pub fit: Fit,
    /// Change of level of the first series beyond that of the second, by the quasi-Poisson variance.
    pub level: Ratio,
    /// The same by the plain sandwich variance.
    pub level_sandwich: Ratio,
    /// Change of slope a month beyond that of the second series; none where it was not asked for.
    pub slope: Option<Ratio>,
}

/// Fits a series beside one that had no change, month for month; the season is the same in both, everything else is each's own.
///
/// Source: Lopez Bernal, Cummins and Gasparrini (2018), Int J Epidemiol 47:2082.
pub fn controlled(months: &[Month], control: &[Month], shape: Shape) -> Result<Controlled, NoModel> {
    let all: Vec<Month> = months.iter().chain(control).copied().collect();
    let own = LEVEL + 1 + usize::from(shape.slope);
    let (first, second) = (design(months, shape), design(control, shape));
    let shared = first.columns();
    let mut both = Design::new(shared + own);
    for (row, is_first) in first.rows().map(|row| (row, 1.0)).chain(second.rows().map(|row| (row, 0.0))) {
        both.push(row.iter().copied().chain(row[..own].iter().map(|term| term * is_first)));
    }
    if all.len() <= both.columns() || all.iter().any(|month| month.time <= 0.0) {
        return Err(NoModel::Empty);
    }
    let response: Vec<f64> = all.iter().map(|month| month.events).collect();
    let offset: Vec<f64> = all.iter().map(|month| month.time.ln()).collect();
    let data = Data { design: &both, response: &response, offset: &offset, weights: None };
    let fit = fit(data, Family::Poisson)?;
    let quasi = fit.quasi();
    let level = fit.ratio(shared + LEVEL, &quasi);
    let level_sandwich = fit.ratio(shared + LEVEL, &fit.newey_west(&both, 0));
    let slope = shape.slope.then(|| fit.ratio(shared + SLOPE, &quasi));
    Ok(Controlled { fit, level, level_sandwich, slope })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Acute coronary events in Sicily, January 2002 to November 2006, with the standard population; smoking in public places
    /// was banned in January 2005 (the example of the paper).
    #[rustfmt::skip]
    const SICILY: [(u32, f64); 59] = [(728, 379_875.3), (659, 376_495.5), (791, 377_040.8), (734, 377_116.4), (757, 377_383.4), (726, 374_113.1), (760, 379_513.3), (740, 376_295.5), (720, 374_653.2), (814, 378_485.6), (795, 375_955.5), (858, 378_349.7), (887, 376_762.4), (766, 379_032.3), (851, 379_360.4), (769, 376_162.0), (781, 377_972.4), (756, 381_830.7), (766, 379_888.6), (752, 380_872.2), (765, 380_966.9), (831, 381_240.4), (879, 382_104.9), (928, 381_802.7), (914, 381_656.3), (808, 383_680.0), (937, 383_504.2), (840, 386_462.9), (916, 383_783.1), (828, 380_836.8), (845, 383_483.0), (818, 380_906.2), (860, 382_926.8), (839, 384_052.4), (887, 384_449.6), (886, 383_428.4), (831, 388_153.2), (796, 388_373.2), (833, 386_470.1), (820, 386_033.2), (877, 383_686.4), (758, 385_509.3), (767, 385_901.9), (738, 386_516.6), (781, 388_436.5), (843, 383_255.2), (850, 390_148.7), (908, 385_874.9), (1_021, 391_613.6), (859, 391_750.4), (976, 394_005.6), (888, 391_364.9), (962, 391_664.6), (838, 389_022.3), (810, 391_878.5), (876, 388_575.3), (843, 392_989.0), (936, 390_018.8), (912, 390_712.3)];

    fn sicily(slope: bool, harmonics: u32) -> Series {
        let month = |(at, (events, time)): (u32, (u32, f64))| Month {
            of_year: at % 12 + 1,
            events: f64::from(events),
            time,
            is_after: at >= 36,
        };
        let months: Vec<Month> = (0_u32..).zip(SICILY).map(month).collect();
        segmented(&months, Shape { slope, harmonics }).unwrap()
    }

    /// To one of the last digit that is given.
    fn is_near(found: &Ratio, ratio: f64, lower: f64, upper: f64) {
        let all = [(found.ratio, ratio), (found.interval.lower, lower), (found.interval.upper, upper)];
        assert!(all.iter().all(|(a, b)| (a - b).abs() < 1e-8), "{found:?}");
    }

    #[test]
    fn sicily_by_time_and_ban() {
        let found = sicily(false, 0);
        is_near(&found.level_by(&found.fit.variance), 0.894_376_51, 0.864_686_39, 0.925_086_07);
        assert!((found.fit.coefficients[1].exp() - 1.004_957_24).abs() < 5.1e-9);
        assert!((found.fit.deviance - 197.309_612_51).abs() < 5.1e-9, "{}", found.fit.deviance);
        assert_eq!(found.slope, None);
    }

    #[test]
    fn sicily_with_a_slope() {
        let found = sicily(true, 0);
        is_near(&found.level_by(&found.fit.variance), 0.892_158_90, 0.860_069_09, 0.925_446_00);
        let slope = found.fit.ratio(SLOPE, &found.fit.variance);
        is_near(&slope, 1.000_416_93, 0.998_041_36, 1.002_798_16);
        assert!((found.slope.unwrap().ratio - slope.ratio).abs() < 1e-15);
    }

    #[test]
    fn sicily_with_its_seasons() {
        let found = sicily(false, 2);
        is_near(&found.level_by(&found.fit.variance), 0.885_071_55, 0.854_437_82, 0.916_803_57);
        assert!((found.fit.deviance - 117.266_119_55).abs() < 5.1e-9);
        assert!((found.fit.dispersion() - 2.262_182_64).abs() < 5.1e-9);
        is_near(&found.level, 0.885_071_55, 0.839_400_97, 0.933_226_99);
        is_near(&found.level_by(&found.sandwich()), 0.885_071_55, 0.843_178_04, 0.929_046_54);
        is_near(&found.level_newey_west, 0.885_071_55, 0.848_104_58, 0.923_649_82);
        // What is expected without the ban is what was fitted before it, and more by the ratio after.
        assert!((found.counterfactual[35] - found.fit.means[35]).abs() < 1e-9);
        assert!((found.fit.means[58] / found.counterfactual[58] - found.level.ratio).abs() < 1e-9);
    }

    #[test]
    fn the_published_means_before_and_after() {
        let mean = |values: &[(u32, f64)], of: fn(&(u32, f64)) -> f64| {
            values.iter().map(of).sum::<f64>() / values.len() as f64
        };
        let rate = |one: &(u32, f64)| f64::from(one.0) / one.1 * 1e5;
        assert!((mean(&SICILY[..36], |one| f64::from(one.0)) - 810.861_111).abs() < 5.1e-7);
        assert!((mean(&SICILY[36..], |one| f64::from(one.0)) - 857.521_739).abs() < 5.1e-7);
        assert!((mean(&SICILY[..36], rate) - 213.271_940).abs() < 5.1e-7);
        assert!((mean(&SICILY[36..], rate) - 220.511_757).abs() < 5.1e-7);
    }

    #[test]
    fn a_series_beside_one_without_its_change() {
        // Without a season the two series are fitted each by itself: the ratio of their changes of level.
        let month = |(at, (events, time)): (u32, (u32, f64))| Month {
            of_year: at % 12 + 1,
            events: f64::from(events),
            time,
            is_after: at >= 36,
        };
        let months: Vec<Month> = (0_u32..).zip(SICILY).map(month).collect();
        let other: Vec<Month> =
            months.iter().rev().zip(&months).map(|(a, b)| Month { events: a.events, ..*b }).collect();
        let shape = Shape { slope: true, harmonics: 0 };
        let (own, second) = (segmented(&months, shape).unwrap(), segmented(&other, shape).unwrap());
        let found = controlled(&months, &other, shape).unwrap();
        assert!((found.level.ratio - own.level.ratio / second.level.ratio).abs() < 1e-9);
        assert!((found.slope.unwrap().ratio - own.slope.unwrap().ratio / second.slope.unwrap().ratio).abs() < 1e-9);
        let variance = [&own, &second].map(|one| one.sandwich().at(LEVEL, LEVEL)).iter().sum::<f64>();
        assert!((found.level_sandwich.standard_error - variance.sqrt()).abs() < 1e-9);
        assert_eq!(controlled(&months[..3], &other[..3], shape), Err(NoModel::Empty));
    }

    #[test]
    fn too_short_a_series_has_no_model() {
        let month = Month { of_year: 1, events: 3.0, time: 1.0, is_after: false };
        assert_eq!(segmented(&[month; 3], Shape { slope: false, harmonics: 0 }), Err(NoModel::Empty));
        // Nothing after the change: its level cannot be told.
        let none_after: Vec<Month> = (0..12).map(|at| Month { of_year: at + 1, ..month }).collect();
        assert_eq!(segmented(&none_after, Shape { slope: false, harmonics: 0 }), Err(NoModel::Rank));
    }
}
