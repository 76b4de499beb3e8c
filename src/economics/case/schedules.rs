//! Schedules: discount rates, optimism bias and the price index, as data with their editions.
//!
//! In: `config/discount_rates.csv`, `config/optimism_bias.csv` and the project's price index. Out: discount factors, shares by grade
//! and factors from year to year. A year or grade that a table lacks is an error.

use serde::{Deserialize, Serialize};

use crate::economics::price_index::PriceIndex;
use crate::error::{self, Error};
use crate::settings::{Settings, did_you_mean};

const RATES: &str = include_str!("../../../config/discount_rates.csv");
const GRADES: &str = include_str!("../../../config/optimism_bias.csv");

/// The discount rate of some years of a schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The name of the schedule.
    pub schedule: String,
    /// The first year that it is for; the first year of a case is 0 and not discounted.
    pub from: usize,
    /// The last year that it is for.
    pub to: usize,
    /// Unit: percent a year.
    pub percent: f64,
    /// Which edition it is of.
    pub edition: String,
    /// Whether it was checked against its source.
    pub is_verified: bool,
    /// Where it was read.
    pub source: String,
}

/// The optimism bias of a grade of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// Its number: 1 is the best.
    pub grade: u8,
    /// What is put on costs and taken off benefits. Unit: percent.
    pub percent: f64,
    /// What evidence has it.
    pub evidence: String,
    /// Whether it was checked against its source.
    pub is_verified: bool,
    /// Where it is from.
    pub source: String,
}

impl Grade {
    /// The same as a share of one.
    pub fn share(&self) -> f64 {
        self.percent / 100.0
    }
}

/// What pounds of later years are worth in the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Discount {
    /// Of a pound of each year, one for the first.
    pub factors: Vec<f64>,
    /// Which edition the rates are of.
    pub edition: String,
}

/// What pounds of different years are made comparable by, and what is put on for optimism.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedules {
    /// How prices rose.
    pub prices: PriceIndex,
    /// Discount rates.
    pub rates: Vec<Rate>,
    /// Optimism bias.
    pub grades: Vec<Grade>,
}

impl Schedules {
    /// Those of a project.
    pub fn load(settings: &Settings) -> Result<Self, Error> {
        let prices = PriceIndex::load(settings)?;
        Ok(Self { prices, rates: rates()?, grades: grades(GRADES)? })
    }

    /// What a pound of each year is worth in the first: rates compound year by year, and the first year is not discounted.
    pub fn discount(&self, schedule: &str, years: usize) -> Result<Discount, Error> {
        let own: Vec<&Rate> = self.rates.iter().filter(|rate| rate.schedule == schedule).collect();
        let Some(first) = own.first() else {
            let known = self.rates.iter().map(|rate| rate.schedule.as_str());
            let fix = did_you_mean(schedule, known, "name one of the table");
            return Err(wrong(&format!("`{schedule}` is not a schedule of discount rates"), &fix));
        };
        let mut factors = vec![1.0];
        for year in 1..years {
            let rate = own.iter().find(|rate| (rate.from..=rate.to).contains(&year)).ok_or_else(|| {
                let why = format!("`{schedule}` has no discount rate for year {year}");
                wrong(&why, "shorten the case, or add the years")
            })?;
            factors.push(factors[year - 1] / (1.0 + rate.percent / 100.0));
        }
        factors.truncate(years);
        Ok(Discount { factors, edition: first.edition.clone() })
    }

    /// The optimism bias of a grade of evidence.
    pub fn grade(&self, grade: u8) -> Result<&Grade, Error> {
        self.grades.iter().find(|known| known.grade == grade).ok_or_else(|| {
            let grades: Vec<String> = self.grades.iter().map(|known| known.grade.to_string()).collect();
            wrong(&format!("{grade} is not a grade of evidence"), &format!("name one of {}", grades.join(", ")))
        })
    }
}

/// The bundled discount rates.
fn rates() -> Result<Vec<Rate>, Error> {
    let rate = |row: Vec<String>| {
        let [schedule, from, to, percent, edition, verified, source] = row.try_into().ok()?;
        let (from, to, percent) = (from.parse().ok()?, to.parse().ok()?, percent.parse().ok()?);
        Some(Rate { schedule, from, to, percent, edition, is_verified: verified == "true", source })
    };
    let headings = ["schedule", "from_year", "to_year", "percent", "edition", "verified", "source"];
    let all = rows(RATES, &headings)?.into_iter().map(rate);
    all.collect::<Option<_>>()
        .ok_or_else(|| wrong("a discount rate is not a number", "see config/discount_rates.csv for the form"))
}

fn grades(table: &str) -> Result<Vec<Grade>, Error> {
    let own = |row: Vec<String>| {
        let [grade, percent, evidence, verified, source] = row.try_into().ok()?;
        let percent = percent.parse().ok().filter(|percent| (0.0..100.0).contains(percent))?;
        Some(Grade { grade: grade.parse().ok()?, percent, evidence, is_verified: verified == "true", source })
    };
    let all = rows(table, &["grade", "percent", "evidence", "verified", "source"])?.into_iter().map(own);
    all.collect::<Option<_>>()
        .ok_or_else(|| wrong("a grade has no percentage from 0 to 100", "see config/optimism_bias.csv"))
}

/// The rows of a table, each with as many cells as there are headings.
fn rows(text: &str, headings: &[&str]) -> Result<Vec<Vec<String>>, Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let form =
        || wrong(&format!("the headings are not {}", headings.join(",")), "see the table of that name in config/");
    if reader.headers().map_err(|_| form())?.iter().ne(headings.iter().copied()) {
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
impl Schedules {
    /// The bundled ones.
    pub(super) fn bundled() -> Self {
        Self::load(&Settings::default()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(schedule: &str, years: usize) -> Vec<f64> {
        Schedules::bundled().discount(schedule, years).unwrap().factors
    }

    #[test]
    fn factors_are_those_of_the_green_book() {
        let all = factors("green_book", 77);
        let known =
            [(0, 1.0), (1, 0.966_183_574_9), (5, 0.841_973_166_9), (10, 0.708_918_813_8), (30, 0.356_278_410_6)];
        let late = [(31, 0.345_901_369_5), (75, 0.094_213_772_6), (76, 0.091_915_875_7)];
        for (year, factor) in known.into_iter().chain(late) {
            assert!((all[year] - factor).abs() < 1e-10, "{year}: {}", all[year]);
        }
        assert!((factors("green_book_health", 6)[5] - 0.928_260_325_4).abs() < 1e-10);
    }

    #[test]
    fn present_values_are_the_known_ones() {
        let net = |flows: &[f64]| {
            flows.iter().zip(factors("green_book", flows.len())).map(|(own, factor)| own * factor).sum::<f64>()
        };
        assert!((net(&[-100.0, 30.0, 30.0, 30.0, 30.0, 30.0]) - 35.451_571_264_1).abs() < 1e-9);
        assert!((net(&[-100.0, 50.0, 50.0, 50.0]) - 40.081_849_045_7).abs() < 1e-9);
    }

    #[test]
    fn what_a_table_lacks_is_told() {
        let schedules = Schedules::bundled();
        let error = schedules.discount("green_bok", 5).unwrap_err().to_string();
        assert!(error.contains("did you mean `green_book`?"), "{error}");
        assert!(schedules.discount("green_book", 200).is_err() && schedules.grade(9).is_err());
        let grade = schedules.grade(4).unwrap();
        assert!((grade.share() - 0.15).abs() < 1e-12 && !grade.is_verified);
        assert!(grades("grade,percent,evidence,verified,source\n1,120,x,false,y\n").is_err());
        assert!(grades("grade,percent\n1,0\n").is_err());
    }
}
