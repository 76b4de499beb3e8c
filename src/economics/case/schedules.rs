//! Schedules: discount rates and optimism bias, as data with their editions.
//!
//! In: `config/discount_rates.csv` and `config/optimism_bias.csv`, or a project's own. Out: discount factors and shares by grade. A
//! year or grade that the table lacks is an error.

use crate::error::{self, Error};
use crate::settings::did_you_mean;

/// The embedded discount rates.
pub const RATES: &str = include_str!("../../../config/discount_rates.csv");
/// The embedded optimism bias.
pub const BIAS: &str = include_str!("../../../config/optimism_bias.csv");

/// What a pound of each year is worth in the first: rates compound year by year, and the first year is not discounted.
///
/// `rates` has the headings `schedule,from_year,to_year,percent,edition`.
pub fn discount(rates: &str, schedule: &str, years: usize) -> Result<Vec<f64>, Error> {
    let rows = rows(rates, ["schedule", "from_year", "to_year", "percent", "edition"])?;
    let own: Vec<&Vec<String>> = rows.iter().filter(|row| row[0] == schedule).collect();
    if own.is_empty() {
        let fix = did_you_mean(schedule, rows.iter().map(|row| row[0].as_str()), "name one of the table");
        return Err(wrong(&format!("`{schedule}` is not a schedule of discount rates"), &fix));
    }
    let spans: Vec<(usize, usize, f64)> = own
        .iter()
        .map(|row| Some((row[1].parse().ok()?, row[2].parse().ok()?, row[3].parse().ok()?)))
        .collect::<Option<_>>()
        .ok_or_else(|| wrong("a discount rate is not a number", "see config/discount_rates.csv for the form"))?;
    let mut factors = vec![1.0];
    for year in 1..years {
        let rate = spans.iter().find(|(from, to, _)| (*from..=*to).contains(&year)).map(|(_, _, rate)| rate);
        let rate = rate.ok_or_else(|| {
            wrong(&format!("`{schedule}` has no discount rate for year {year}"), "shorten the case, or add the years")
        })?;
        factors.push(factors[year - 1] / (1.0 + rate / 100.0));
    }
    factors.truncate(years);
    Ok(factors)
}

/// Which edition a schedule is of.
pub fn edition(rates: &str, schedule: &str) -> String {
    let rows = rows(rates, ["schedule", "from_year", "to_year", "percent", "edition"]).unwrap_or_default();
    rows.into_iter().find(|row| row[0] == schedule).map_or_else(String::new, |row| row[4].clone())
}

/// The optimism bias of a grade of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Bias {
    /// The share that is put on costs and taken off benefits. Unit: of one.
    pub share: f64,
    /// Whether the table was checked against its source.
    pub is_verified: bool,
}

/// Optimism bias by grade; `table` has the headings `grade,percent,evidence,verified,source`.
pub fn bias(table: &str, grade: u8) -> Result<Bias, Error> {
    let rows = rows(table, ["grade", "percent", "evidence", "verified", "source"])?;
    let own = rows.iter().find(|row| row[0] == grade.to_string());
    let own = own.ok_or_else(|| {
        let grades: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        wrong(&format!("{grade} is not a grade of evidence"), &format!("name one of {}", grades.join(", ")))
    })?;
    let percent: Option<f64> = own[1].parse().ok().filter(|percent| (0.0..100.0).contains(percent));
    let percent =
        percent.ok_or_else(|| wrong("a grade has no percentage from 0 to 100", "see config/optimism_bias.csv"))?;
    Ok(Bias { share: percent / 100.0, is_verified: own[3] == "true" })
}

fn rows<const COLUMNS: usize>(text: &str, headings: [&str; COLUMNS]) -> Result<Vec<Vec<String>>, Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let form =
        || wrong(&format!("the headings are not {}", headings.join(",")), "see the table of that name in config/");
    if reader.headers().map_err(|_| form())?.iter().ne(headings) {
        return Err(form());
    }
    let record = |record: Result<csv::StringRecord, csv::Error>| {
        record.map(|record| record.iter().map(str::to_owned).collect()).map_err(|_| form())
    };
    reader.records().map(record).collect()
}

fn wrong(why: &str, fix: &str) -> Error {
    Error::new(&error::CONFIG_VALUE, "a business case cannot be worked out", fix).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_those_of_the_green_book() {
        let factors = discount(RATES, "green_book", 77).unwrap();
        let known =
            [(0, 1.0), (1, 0.966_183_574_9), (5, 0.841_973_166_9), (10, 0.708_918_813_8), (30, 0.356_278_410_6)];
        let late = [(31, 0.345_901_369_5), (75, 0.094_213_772_6), (76, 0.091_915_875_7)];
        for (year, factor) in known.into_iter().chain(late) {
            assert!((factors[year] - factor).abs() < 1e-10, "{year}: {}", factors[year]);
        }
        let health = discount(RATES, "green_book_health", 6).unwrap();
        assert!((health[5] - 0.928_260_325_4).abs() < 1e-10);
    }

    #[test]
    fn present_values_are_the_known_ones() {
        let net = |flows: &[f64]| {
            let factors = discount(RATES, "green_book", flows.len()).unwrap();
            flows.iter().zip(factors).map(|(own, factor)| own * factor).sum::<f64>()
        };
        assert!((net(&[-100.0, 30.0, 30.0, 30.0, 30.0, 30.0]) - 35.451_571_264_1).abs() < 1e-9);
        assert!((net(&[-100.0, 50.0, 50.0, 50.0]) - 40.081_849_045_7).abs() < 1e-9);
    }

    #[test]
    fn what_a_table_lacks_is_told() {
        let error = discount(RATES, "green_bok", 5).unwrap_err().to_string();
        assert!(error.contains("did you mean `green_book`?"), "{error}");
        assert!(discount(RATES, "green_book", 200).is_err() && bias(BIAS, 9).is_err());
        let grade = bias(BIAS, 4).unwrap();
        assert!((grade.share - 0.15).abs() < 1e-12 && !grade.is_verified);
    }
}
