//! Interrupted time series around the index date: a pathway's people month by month, alone or beside those matched with them.
//! Months count from each person's own index date, so the calendar's seasons are spread over all of them.

use super::designs::{ALIKE, Asked, Estimated, MECHANICAL, chance, is_few};
use super::panel::behind;
use super::{Behind, Exact, Found};
use crate::evaluation::{Matches, NoEffect};
use crate::pathways::months::{MONTHS, PersonMonths};
use crate::stats::model::segmented::{Month, Shape, controlled, segmented};
use crate::stats::model::{NoModel, Ratio};
use crate::stats::unmeasured::{e_value, e_value_of};

/// Fewer months than this on a side show no trend.
const FEWEST_MONTHS: usize = 6;
/// Before the index date a trend, after it the same trend on another level; no seasons.
const SHAPE: Shape = Shape { slope: false, harmonics: 0 };

const SHORT: &str = "fewer than 6 months before or after the index date";
const HEIGHT: &str = "People are often referred when their use is at its height: a rise just before the index date reads as a fall after it.";

/// Of all the pathway's people.
pub(super) fn alone(asked: &Asked<'_>) -> Estimated {
    let rows: Vec<(usize, f64)> =
        (0..asked.outcomes.len()).filter(|row| asked.people.is_case[*row]).map(|row| (row, 1.0)).collect();
    let cells = cells(asked, &rows);
    let found = told(asked, &cells).and_then(|()| {
        let series = segmented(&months(asked, &rows), SHAPE).map_err(words)?;
        Ok((series.level, series.fit.dispersion()))
    });
    estimated((found, rate(asked, &rows)), cells.to_vec(), [Some(cells[1]), None], (2, HEIGHT))
}

/// Of the matched, beside those who stand beside them.
pub(super) fn beside(asked: &Asked<'_>, matches: &Matches) -> Estimated {
    let cases: Vec<(usize, f64)> = matches.sets.iter().map(|set| (set.case as usize, 1.0)).collect();
    let others = matches.sets.iter().flat_map(|set| {
        let weight = 1.0 / set.controls.len() as f64;
        set.controls.iter().map(move |row| (*row as usize, weight))
    });
    let others: Vec<(usize, f64)> = others.collect();
    let of_arms = [&cases, &others].map(|rows| cells(asked, rows));
    let all = of_arms.concat();
    let found = told(asked, &all).and_then(|()| {
        let fitted = controlled(&months(asked, &cases), &months(asked, &others), SHAPE).map_err(words)?;
        Ok((fitted.level, fitted.fit.dispersion()))
    });
    estimated((found, rate(asked, &cases)), all, of_arms.map(|cells| Some(cells[1])), (3, ALIKE))
}

fn cells(asked: &Asked<'_>, rows: &[(usize, f64)]) -> [Behind; 2] {
    [0, 1].map(|window| behind(asked.outcomes, rows.iter().map(|(row, _)| *row), window))
}

/// Whether there is something to tell.
fn told(asked: &Asked<'_>, cells: &[Behind]) -> Result<(), String> {
    if asked.is_mechanical() {
        Err(MECHANICAL.to_owned())
    } else if asked.windows.iter().any(|months| *months < FEWEST_MONTHS) {
        Err(SHORT.to_owned())
    } else if is_few(cells) {
        Err(NoEffect::FewEvents.text().to_owned())
    } else {
        Ok(())
    }
}

fn words(reason: NoModel) -> String {
    NoEffect::Model(reason).text().to_owned()
}

/// The series of some people, each counting so much.
fn months(asked: &Asked<'_>, rows: &[(usize, f64)]) -> Vec<Month> {
    let own = |month: usize| {
        let sum = |of: fn(&PersonMonths, usize) -> u16| {
            rows.iter().map(|(row, weight)| weight * f64::from(of(&asked.months[*row], month))).sum::<f64>()
        };
        let (events, time) = (sum(|person, month| person[month][0]), sum(|person, month| person[month][1]));
        Month { of_year: 1, events, time, is_after: month >= MONTHS }
    };
    (MONTHS - asked.windows[0]..MONTHS + asked.windows[1]).map(own).collect()
}

/// Events a year of some people after the index date.
fn rate(asked: &Asked<'_>, rows: &[(usize, f64)]) -> f64 {
    let sum = rows.iter().map(|(row, _)| asked.outcomes[*row]);
    let [events, years] = sum.fold([0.0; 2], |sum, own| [sum[0] + own.events[1], sum[1] + own.time[1]]);
    events / years
}

fn estimated(
    (found, rate): (Result<(Ratio, f64), String>, f64),
    behind: Vec<Behind>,
    arms: [Option<Behind>; 2],
    (grade, caution): (u8, &str),
) -> Estimated {
    let is_few = is_few(&behind);
    let more = |ratio: f64| Exact(100.0 * rate * (1.0 - 1.0 / ratio));
    let found = found.map(|(ratio, dispersion)| Found {
        per_100_years: Some([ratio.ratio, ratio.interval.lower, ratio.interval.upper].map(more)),
        dispersion: Some(Exact(dispersion)),
        e_values: [e_value(ratio.ratio), e_value_of(ratio.interval)].map(|value| value.map(Exact)),
        ..Found::of(ratio, chance(ratio))
    });
    Estimated { found, is_of_few: is_few, arms, behind, grade, cautions: vec![caution.to_owned()] }
}
