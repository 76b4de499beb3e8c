//! Uprating: prices of one financial year in those of another, by a table of yearly changes.
//!
//! In: `config/price_index.csv` or the project's own. Out: [`PriceIndex`]. A year that the table lacks is an error.

use serde::{Deserialize, Serialize};

use crate::error::{self, Error};
use crate::settings::Settings;

const EMBEDDED: &str = include_str!("../../config/price_index.csv");
const HEADINGS: [&str; 4] = ["year", "percent", "status", "source"];

/// How prices changed from each year to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceIndex {
    /// The first calendar year of each financial year, in order, and by how much prices rose to it. Unit: percent.
    changes: Vec<(u16, f64)>,
    /// Where the table comes from.
    source: String,
}

impl PriceIndex {
    /// The embedded table, or the project's own.
    pub fn load(settings: &Settings) -> Result<Self, Error> {
        match &settings.costs.index_file {
            None => Self::of_text(EMBEDDED),
            Some(path) => {
                let text = std::fs::read_to_string(settings.resolve(path));
                Self::of_text(&text.map_err(|_| wrong("the file cannot be read"))?)
            }
        }
    }

    fn of_text(text: &str) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().map_err(|_| wrong("the file has no headings"))?;
        if headings.iter().ne(HEADINGS) {
            return Err(wrong(&format!("the headings are not {}", HEADINGS.join(","))));
        }
        let (mut changes, mut source): (Vec<(u16, f64)>, String) = (Vec::new(), String::new());
        for record in reader.records() {
            let record = record.map_err(|_| wrong("a row does not have four columns"))?;
            let year = first_year(&record[0]).ok_or_else(|| wrong("a year is not written like 2024/25"))?;
            let percent: f64 = record[1].parse().map_err(|_| wrong(&format!("{}: no percentage", &record[0])))?;
            if !percent.is_finite() || percent <= -100.0 || record[3].is_empty() {
                return Err(wrong(&format!("{}: no possible change, or no source", &record[0])));
            }
            if changes.last().is_some_and(|(last, _)| last + 1 != year) {
                return Err(wrong(&format!("{} does not follow the year above it", &record[0])));
            }
            changes.push((year, percent));
            record[3].split(';').next().unwrap_or_default().clone_into(&mut source);
        }
        Ok(Self { changes, source })
    }

    /// What prices of a year are multiplied by to be those of another, earlier or later.
    pub fn factor(&self, from: &str, to: &str) -> Result<f64, Error> {
        let year = |text: &str| first_year(text).ok_or_else(|| wrong(&format!("`{text}` is not a year like 2024/25")));
        let (from, to) = (year(from)?, year(to)?);
        let (early, late) = (from.min(to), from.max(to));
        let mut rise = 1.0;
        for year in early + 1..=late {
            let change = self.changes.iter().find(|(known, _)| *known == year);
            let (_, percent) = change.ok_or_else(|| self.lacks(year))?;
            rise *= 1.0 + percent / 100.0;
        }
        Ok(if from <= to { rise } else { 1.0 / rise })
    }

    /// Where the table comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn lacks(&self, year: u16) -> Error {
        let span = match (self.changes.first(), self.changes.last()) {
            (Some((first, _)), Some((last, _))) => format!("it goes from {} to {}", shown(*first), shown(*last)),
            _ => "it is empty".to_owned(),
        };
        wrong(&format!("the price index has no change to {}: {span}", shown(year)))
    }
}

/// The first calendar year of a financial year: 2024 of `2024/25`.
pub fn first_year(text: &str) -> Option<u16> {
    let (first, second) = text.split_once('/')?;
    let is_digits = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let year: u16 = Some(first).filter(|part| is_digits(part, 4))?.parse().ok()?;
    (is_digits(second, 2) && second.parse() == Ok((year + 1) % 100)).then_some(year)
}

fn shown(year: u16) -> String {
    format!("{year}/{:02}", (year + 1) % 100)
}

fn wrong(why: &str) -> Error {
    Error::new(
        &error::CONFIG_VALUE,
        "prices cannot be brought to one year",
        "see config/price_index.csv for the form; name a table with every year that unit costs need as `index_file` under [costs]",
    )
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_uprated_by_the_known_factors() {
        // NHS Cost Inflation Index, 2019/20 and 2022/23 to 2024/25; then with 2023/24 as it was before its revision.
        let index = PriceIndex::of_text(EMBEDDED).unwrap();
        let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 5e-10, "{found}");
        close(index.factor("2019/20", "2024/25").unwrap(), 1.202_647_734_5);
        close(index.factor("2022/23", "2024/25").unwrap(), 1.065_892_94);
        close(index.factor("2024/25", "2022/23").unwrap(), 1.0 / 1.065_892_94);
        close(index.factor("2024/25", "2024/25").unwrap(), 1.0);
        let superseded = PriceIndex::of_text(&EMBEDDED.replace("2023/24,2.47", "2023/24,4.31")).unwrap();
        close(superseded.factor("2022/23", "2024/25").unwrap(), 1.085_032_62);
    }

    #[test]
    fn a_year_that_the_table_lacks_is_named() {
        let index = PriceIndex::of_text(EMBEDDED).unwrap();
        assert!(index.factor("2014/15", "2015/16").is_ok());
        for (from, to, year) in [("2013/14", "2024/25", "2014/15"), ("2024/25", "2025/26", "2025/26")] {
            let error = index.factor(from, to).unwrap_err().to_string();
            assert!(error.contains(&format!("no change to {year}: it goes from 2015/16 to 2024/25")), "{error}");
        }
        for year in ["2024", "2024/26", "24/25", "2024/5", "", "2024-25"] {
            assert!(index.factor(year, "2024/25").is_err(), "{year}");
        }
    }

    #[test]
    fn a_table_with_a_gap_or_without_a_source_is_refused() {
        for text in [
            "year,percent,status,source\n2021/22,2,final,x\n2023/24,2,final,x\n",
            "year,percent,status,source\n2021/22,2,final,\n",
            "year,percent,status,source\n2021/22,two,final,x\n",
            "year,percent\n2021/22,2\n",
        ] {
            assert!(PriceIndex::of_text(text).is_err(), "{text}");
        }
    }
}
