//! Uprating: prices of one financial year in those of another, by a table of yearly changes.
//!
//! In: `config/price_index.csv` or the project's own. Out: [`PriceIndex`], and what prices were multiplied by, with the changes that
//! it is made of ([`Uprating`]). A year that the table lacks is an error.

use serde::{Deserialize, Serialize};

use crate::error::{self, Error};
use crate::settings::Settings;

const EMBEDDED: &str = include_str!("../../config/price_index.csv");
const HEADINGS: [&str; 5] = ["year", "percent", "status", "edition", "source"];

/// How prices changed from each year to the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceIndex {
    /// In the order of years, without a gap.
    changes: Vec<Change>,
}

/// How prices changed to a year from the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first calendar year of the financial year.
    pub year: u16,
    /// By how much they rose. Unit: percent.
    pub percent: f64,
    /// Whether it may still be revised: `final` or `provisional`.
    pub status: String,
    /// Which edition of the table it was read in.
    pub edition: String,
    /// Which index it is of, and after a semicolon what else is to be known of the year.
    pub source: String,
}

/// What prices of one year were multiplied by to be those of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Uprating {
    /// The year in whose prices they were given.
    pub from: String,
    /// What they were multiplied by; one where the years are the same.
    pub factor: f64,
    /// The changes that it is made of, with index, edition and status, for whoever multiplies again.
    pub words: String,
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
        let mut changes: Vec<Change> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| wrong("a row does not have five columns"))?;
            let year = first_year(&record[0]).ok_or_else(|| wrong("a year is not written like 2024/25"))?;
            let percent: f64 = record[1].parse().map_err(|_| wrong(&format!("{}: no percentage", &record[0])))?;
            if !percent.is_finite() || percent <= -100.0 || record[3].is_empty() || record[4].is_empty() {
                return Err(wrong(&format!("{}: no possible change, no edition, or no source", &record[0])));
            }
            if changes.last().is_some_and(|last| last.year + 1 != year) {
                return Err(wrong(&format!("{} does not follow the year above it", &record[0])));
            }
            let [status, edition, source] = [2, 3, 4].map(|at| record[at].to_owned());
            changes.push(Change { year, percent, status, edition, source });
        }
        Ok(Self { changes })
    }

    /// What prices of a year are multiplied by to be those of another, earlier or later.
    pub fn factor(&self, from: &str, to: &str) -> Result<f64, Error> {
        let rise: f64 = self.between(from, to)?.iter().map(|change| change.times()).product();
        Ok(if first_year(from) <= first_year(to) { rise } else { 1.0 / rise })
    }

    /// The same with the changes that it is made of.
    pub fn uprating(&self, from: &str, to: &str) -> Result<Uprating, Error> {
        let changes = self.between(from, to)?;
        let factor = self.factor(from, to)?;
        let words = match changes.last() {
            None => "the prices are of the case's year already".to_owned(),
            Some(last) => {
                let each =
                    |change: &&Change| format!("{} ({}, {})", short(change.times()), shown(change.year), change.status);
                let each: Vec<String> = changes.iter().map(each).collect();
                let product = each.join(" × ");
                let product =
                    if first_year(from) <= first_year(to) { product } else { format!("one over ({product})") };
                format!("from {from} to {to}: {product}; {}; edition: {}", last.index(), last.edition)
            }
        };
        Ok(Uprating { from: from.to_owned(), factor, words })
    }

    /// Where the table comes from.
    pub fn source(&self) -> &str {
        self.changes.last().map_or("", Change::index)
    }

    /// Every change, in the order of years.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes to every year after the earlier of two up to the later.
    fn between(&self, from: &str, to: &str) -> Result<Vec<&Change>, Error> {
        let year = |text: &str| first_year(text).ok_or_else(|| wrong(&format!("`{text}` is not a year like 2024/25")));
        let (from, to) = (year(from)?, year(to)?);
        let change = |year: u16| self.changes.iter().find(|known| known.year == year).ok_or_else(|| self.lacks(year));
        (from.min(to) + 1..=from.max(to)).map(change).collect()
    }

    fn lacks(&self, year: u16) -> Error {
        let span = match (self.changes.first(), self.changes.last()) {
            (Some(first), Some(last)) => format!("it goes from {} to {}", shown(first.year), shown(last.year)),
            _ => "it is empty".to_owned(),
        };
        wrong(&format!("the price index has no change to {}: {span}", shown(year)))
    }
}

impl Change {
    /// What prices are multiplied by.
    fn times(&self) -> f64 {
        1.0 + self.percent / 100.0
    }

    /// Which index it is of.
    fn index(&self) -> &str {
        self.source.split(';').next().unwrap_or_default()
    }

    /// The financial year.
    pub fn financial_year(&self) -> String {
        shown(self.year)
    }
}

/// A number of up to six places, without noughts at its end.
fn short(number: f64) -> String {
    format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
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
    fn what_prices_were_multiplied_by_can_be_multiplied_again() {
        let index = PriceIndex::of_text(EMBEDDED).unwrap();
        let words = |from: &str, to: &str| index.uprating(from, to).unwrap().words;
        let there = words("2022/23", "2024/25");
        let wanted = "from 2022/23 to 2024/25: 1.0247 (2023/24, final) × 1.0402 (2024/25, provisional); NHS Cost Inflation Index";
        assert!(there.starts_with(wanted) && there.contains("; edition: Unit Costs of Health"), "{there}");
        assert!(words("2024/25", "2023/24").contains(": one over (1.0402 (2024/25, provisional)); "));
        let same = index.uprating("2024/25", "2024/25").unwrap();
        assert!((same.factor - 1.0).abs() < 1e-12 && same.words.ends_with("already"), "{same:?}");
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
    fn a_table_with_a_gap_or_without_an_edition_or_a_source_is_refused() {
        for text in [
            "year,percent,status,edition,source\n2021/22,2,final,e,x\n2023/24,2,final,e,x\n",
            "year,percent,status,edition,source\n2021/22,2,final,e,\n",
            "year,percent,status,edition,source\n2021/22,2,final,,x\n",
            "year,percent,status,edition,source\n2021/22,two,final,e,x\n",
            "year,percent,status,source\n2021/22,2,final,x\n",
        ] {
            assert!(PriceIndex::of_text(text).is_err(), "{text}");
        }
    }
}
