//! Likeness: what people are matched by, measured before the index date. A missing value is a level of its own.

use super::panel::{PRIOR, Panel, sum};
use super::{BalanceRow, Exact, Given};
use crate::domain::day;
use crate::error::Error;
use crate::evaluation::balance::Balance;
use crate::evaluation::{Matches, People};
use crate::frame;
use crate::pathways::months::MONTHS;
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::settings::{Comparison, Covariate, Exact as Same};
use crate::stats::matrix::Design;

/// A level that fewer people have says too little to be told from the others.
const FEWEST: usize = 10;
/// Months just before the index date, in which use is often what led to it.
const RECENT: usize = 3;
/// Days to which use is scaled where people were not observed all the time.
const SCALE: [f64; 2] = [274.0, 91.0];

/// A column of the design.
struct Column {
    covariate: String,
    level: String,
    values: Vec<f64>,
    missing: u64,
}

/// The people of a comparison as matching wants them, and what its columns are.
pub(super) struct Likeness {
    pub(super) people: People,
    columns: Vec<Column>,
}

impl Likeness {
    /// Measures everyone.
    pub(super) fn new(given: Given<'_>, panel: &Panel<'_>, asked: &Comparison) -> Result<Self, Error> {
        let mut columns = Vec::new();
        for covariate in &asked.covariates {
            columns.extend(measured(given, panel, *covariate)?);
        }
        // Whoever was not observed by one source was mostly observed by none: what says the same twice says it once.
        let mut kept: Vec<Column> = Vec::new();
        for column in columns {
            let is_known = kept.iter().any(|other| other.values == column.values);
            let varies = column.values.windows(2).any(|two| (two[0] - two[1]).abs() > 0.0);
            if varies && !is_known {
                kept.push(column);
            }
        }
        let mut covariates = Design::new(1 + kept.len());
        for row in 0..panel.len() {
            covariates.push(std::iter::once(1.0).chain(kept.iter().map(|column| column.values[row])));
        }
        let people = People {
            is_case: (0..panel.len()).map(|row| row < panel.cases).collect(),
            stratum: strata(given, panel, &asked.exact),
            covariates,
            key: panel.episodes.iter().map(|episode| u64::from(episode.person)).collect(),
        };
        Ok(Self { people, columns: kept })
    }

    /// A row of the balance table.
    pub(super) fn row(&self, balance: &Balance, matches: &Matches) -> BalanceRow {
        let column = &self.columns[balance.column - 1];
        let count = |people: &mut dyn Iterator<Item = usize>| {
            people.fold([0, 0], |[own, all], row| [own + u64::from(column.values[row] > 0.0), all + 1])
        };
        let everyone = |is_case: bool| {
            count(&mut (0..self.people.is_case.len()).filter(|row| self.people.is_case[*row] == is_case))
        };
        let cases = count(&mut matches.sets.iter().map(|set| set.case as usize));
        let beside = count(&mut matches.sets.iter().flat_map(|set| set.controls.iter().map(|row| *row as usize)));
        BalanceRow {
            covariate: column.covariate.clone(),
            level: column.level.clone(),
            differences: [balance.before, balance.after].map(|one| one.map(Exact)),
            variance_ratio: balance.variance_ratio.map(Exact),
            missing: [column.missing, self.people.is_case.len() as u64],
            behind: [[everyone(true), everyone(false)], [cases, beside]],
        }
    }

    /// What a column is, in words.
    pub(super) fn name(&self, column: usize) -> String {
        let Column { covariate, level, .. } = &self.columns[column - 1];
        if level.is_empty() { covariate.clone() } else { format!("{covariate} ({level})") }
    }
}

fn measured(given: Given<'_>, panel: &Panel<'_>, covariate: Covariate) -> Result<Vec<Column>, Error> {
    let persons = &given.linked.persons;
    let of = |values: &[Option<u16>]| -> Vec<Option<u16>> {
        panel.episodes.iter().map(|episode| values[episode.person as usize]).collect()
    };
    let words = |set: CodeSet| given.sources.values.of(set).to_vec();
    Ok(match covariate {
        Covariate::Age => number("age", ages(given, panel)),
        Covariate::Sex => levels("sex", &of(&persons.sex), &words(CodeSet::Sex)),
        Covariate::EthnicGroup => levels("ethnic group", &of(&persons.ethnic_group), &words(CodeSet::EthnicGroup)),
        Covariate::Deprivation => {
            let words: Vec<String> = (0..=5).map(|quintile| format!("quintile {quintile}")).collect();
            levels("deprivation", &of(&persons.imd_quintile), &words)
        }
        Covariate::PriorUse => PRIOR.iter().flat_map(|(service, name)| prior(panel, *service, name)).collect(),
        Covariate::OpenReferral => number("open referral to the trust", open_referrals(given, panel)?),
    })
}

/// Whole years at the index date, by the month of birth.
fn ages(given: Given<'_>, panel: &Panel<'_>) -> Vec<Option<f64>> {
    let age = |born: i32, index: i32| f64::from((day::month_number(index) - born).max(0) / 12);
    let own = |episode: &&crate::pathways::Episode| {
        given.linked.persons.birth_month[episode.person as usize].map(|born| age(born, episode.index))
    };
    panel.episodes.iter().map(own).collect()
}

/// A number, those who have none at the mean of the others, and who has none.
fn number(name: &str, values: Vec<Option<f64>>) -> Vec<Column> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = if known.is_empty() { 0.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
    let missing = (values.len() - known.len()) as u64;
    let column =
        |level: &str, values: Vec<f64>| Column { covariate: name.to_owned(), level: level.to_owned(), values, missing };
    let is_missing = values.iter().map(|value| f64::from(u8::from(value.is_none()))).collect();
    let mut found = vec![column("", values.into_iter().map(|value| value.unwrap_or(mean)).collect())];
    if missing >= FEWEST as u64 {
        found.push(column("not known", is_missing));
    }
    found
}

/// A column for each level but the most frequent one and those that few people have.
fn levels(name: &str, values: &[Option<u16>], words: &[String]) -> Vec<Column> {
    let count = |level: Option<u16>| values.iter().filter(|own| **own == level).count();
    let mut all: Vec<Option<u16>> = values.to_vec();
    all.sort_unstable();
    all.dedup();
    let most = all.iter().copied().max_by_key(|level| (count(*level), std::cmp::Reverse(*level)));
    let missing = count(None) as u64;
    let column = |level: Option<u16>| Column {
        covariate: name.to_owned(),
        level: level.map_or_else(
            || "not known".to_owned(),
            |level| words.get(usize::from(level)).cloned().unwrap_or_else(|| level.to_string()),
        ),
        values: values.iter().map(|own| f64::from(u8::from(*own == level))).collect(),
        missing,
    };
    let is_told = |level: &Option<u16>| Some(*level) != most && count(*level) >= FEWEST;
    all.into_iter().filter(is_told).map(column).collect()
}

/// Use of a service in the nine months up to the three before the index date, and in those; as logarithms of one more, for use
/// differs by factors.
fn prior(panel: &Panel<'_>, service: crate::pathways::Service, name: &str) -> Vec<Column> {
    let Some(months) = panel.of(service) else { return Vec::new() };
    let spans = [(0..MONTHS - RECENT, "months 4 to 12 before"), (MONTHS - RECENT..MONTHS, "months 1 to 3 before")];
    let of = |((span, words), scale): ((std::ops::Range<usize>, &str), f64)| {
        let own = |person: &crate::pathways::months::PersonMonths| {
            let [events, days] = sum(&person[span.clone()]);
            (days > 0).then(|| (f64::from(events) * scale / f64::from(days)).ln_1p())
        };
        number(&format!("{name}, {words}"), months.iter().map(own).collect())
    };
    spans.into_iter().zip(SCALE).flat_map(of).collect()
}

/// Whether a referral to the trust was open on the day before the index date.
fn open_referrals(given: Given<'_>, panel: &Panel<'_>) -> Result<Vec<Option<f64>>, Error> {
    if !given.observation.has(Source::MentalHealth) {
        return Ok(vec![None; panel.len()]);
    }
    let table = &given.linked.referrals;
    let person = frame::whole_u32(table, "person")?;
    let service = frame::nullable_u16(table, "service")?;
    let received = frame::nullable_i32(table, "received_date")?;
    let discharged = frame::nullable_i32(table, "discharge_date")?;
    let own = Source::MentalHealth as u16;
    let is_open = |row: usize, before: i32| {
        service.get(row) == Some(own)
            && received.get(row).is_some_and(|day| day <= before)
            && discharged.get(row).is_none_or(|day| day > before)
    };
    let of = |episode: &&crate::pathways::Episode| {
        let first = person.values().partition_point(|other| *other < episode.person);
        let rows = (first..person.values().len()).take_while(|row| person.values()[*row] == episode.person);
        Some(f64::from(u8::from(rows.into_iter().any(|row| is_open(row, episode.index - 1)))))
    };
    Ok(panel.episodes.iter().map(of).collect())
}

/// What must be the same, as one number.
fn strata(given: Given<'_>, panel: &Panel<'_>, exact: &[Same]) -> Vec<u64> {
    let persons = &given.linked.persons;
    let ages = ages(given, panel);
    let own = |(row, episode): (usize, &&crate::pathways::Episode)| {
        let at = episode.person as usize;
        exact.iter().fold(0, |stratum, same| {
            let part = match same {
                Same::Sex => persons.sex[at].map_or(0, |sex| u64::from(sex) + 1),
                Same::Deprivation => persons.imd_quintile[at].map_or(0, |one| u64::from(one) + 1),
                Same::AgeBand => ages[row].map_or(0, |age| (age / 10.0) as u64 + 1),
                Same::IndexQuarter => (day::month_number(episode.index) / 3) as u64,
            };
            stratum * 100_000 + part
        })
    };
    panel.episodes.iter().enumerate().map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_few_people_is_none_and_the_most_frequent_is_what_others_differ_from() {
        let values: Vec<Option<u16>> = (0..60)
            .map(|at| [Some(0), Some(0), Some(1), None, Some(0), Some(2)][at % 6 * usize::from(at < 54)])
            .collect();
        let found = levels("x", &values, &["a", "b", "c"].map(str::to_owned));
        // 9 of each of the rarer.
        assert!(found.is_empty());
        let values: Vec<Option<u16>> = (0..60).map(|at| [Some(0), Some(0), Some(1), None][at % 4]).collect();
        let found = levels("x", &values, &["a", "b", "c"].map(str::to_owned));
        let names: Vec<&str> = found.iter().map(|column| column.level.as_str()).collect();
        assert_eq!(names, ["not known", "b"]);
        assert!(
            found.iter().all(|column| column.missing == 15 && (column.values.iter().sum::<f64>() - 15.0).abs() < 1e-9)
        );
    }

    #[test]
    fn a_number_that_is_not_known_is_the_mean_and_said_to_be_missing() {
        let found = number("age", (0..40).map(|at| (at % 4 > 0).then_some(f64::from(at % 4))).collect());
        assert_eq!((found.len(), found[0].missing), (2, 10));
        assert!((found[0].values[0] - 2.0).abs() < 1e-12 && (found[1].values[0] - 1.0).abs() < 1e-12);
        assert_eq!(number("age", vec![None, Some(1.0)]).len(), 1);
    }
}
