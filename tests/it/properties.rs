//! Properties that hold for every figure, over many small towns.

use std::collections::BTreeMap;

use pathlink::domain::period::Span;
use pathlink::metrics::{self, Breakdown, Dating, Form, Statistic};
use pathlink::settings::Deprived;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options};

use crate::town::{Town, of_files, town};

const SEEDS: u64 = 20;
const PEOPLE: u64 = 300;

/// Every fourth town lacks the GP extract, every third has no errors.
fn towns() -> impl Iterator<Item = Town> {
    (0..SEEDS).map(|seed| {
        let gp = if seed % 4 == 3 { GpExtract::Missing } else { GpExtract::Sent };
        let errors = if seed % 3 == 2 { Errors::None } else { Errors::Planted };
        town(&Options { people: PEOPLE, seed: 100 + seed, gp, errors, charity_numbers: CharityNumbers::Some })
    })
}

fn shares_stay_within_their_denominators(town: &Town) {
    for row in &town.evaluation.estimates.rows {
        let form = metrics::ALL[row.metric].statistic.form();
        let Some(cell) = row.cell.filter(|_| form != Form::Value) else { continue };
        let id = metrics::ALL[row.metric].id;
        assert!(cell.numerator <= cell.denominator, "{id}: {row:?}");
        assert!(
            u64::from(cell.people) <= cell.denominator
                && cell.people_in <= cell.people
                && cell.people_out <= cell.people,
            "{id}: {row:?}"
        );
        assert!(cell.top_two[0] + cell.top_two[1] <= cell.numerator, "{id}: {row:?}");
        if form == Form::Count {
            assert_eq!(row.value, Some(cell.numerator as f64), "{id}: {row:?}");
            continue;
        }
        assert_eq!(row.value.is_none(), cell.denominator == 0, "{id}: {row:?}");
        let Some((value, interval)) = row.value.zip(row.interval) else { continue };
        assert!((0.0..=100.0).contains(&value), "{id}: {row:?}");
        assert!(0.0 <= interval.lower && interval.upper <= 100.0, "{id}: {row:?}");
        assert!(interval.lower <= value + 1e-9 && value <= interval.upper + 1e-9, "{id}: {row:?}");
    }
}

/// Rows are in one level of each breakdown, so counts, and both sides of proportions, add up to the whole.
fn levels_add_up_to_all(town: &Town) {
    let mut sums: BTreeMap<_, BTreeMap<&str, [u64; 2]>> = BTreeMap::new();
    for row in &town.evaluation.estimates.rows {
        let is_of_rows =
            matches!(metrics::ALL[row.metric].statistic, Statistic::Count { .. } | Statistic::Proportion { .. });
        let Some(cell) = row.cell.filter(|_| is_of_rows) else { continue };
        let sum = sums.entry((row.metric, row.pathway, row.period)).or_default().entry(row.breakdown.id()).or_default();
        sum[0] += cell.numerator;
        sum[1] += cell.denominator;
    }
    for (key, by_breakdown) in sums {
        let is_divided = matches!(town.evaluation.estimates.periods[key.2].span, Span::Quarter | Span::Year);
        assert_eq!(by_breakdown.len() >= 6, is_divided, "{key:?}: {by_breakdown:?}");
        assert!(
            by_breakdown.values().all(|sum| *sum == by_breakdown["all"]),
            "{} {key:?}: {by_breakdown:?}",
            metrics::ALL[key.0].id
        );
    }
}

/// Three months make a quarter, and the twelve months to March a financial year, where rows are counted once.
fn short_periods_add_up_to_long_ones(town: &Town) {
    let periods = &town.evaluation.estimates.periods;
    let mut sums: BTreeMap<_, BTreeMap<usize, u64>> = BTreeMap::new();
    for row in town.evaluation.estimates.rows.iter().filter(|row| row.breakdown == Breakdown::All) {
        let metric = metrics::ALL[row.metric];
        let is_once = matches!(metric.dated, Dating::On(_) | Dating::DaysWithin(..));
        let Some(cell) = row.cell.filter(|_| is_once && matches!(metric.statistic, Statistic::Count { .. })) else {
            continue;
        };
        sums.entry((row.metric, row.pathway)).or_default().insert(row.period, cell.numerator);
    }
    let mut compared = 0;
    for (key, counts) in sums {
        for (long, count) in &counts {
            let span = match periods[*long].span {
                Span::Quarter => Span::Month,
                Span::Year | Span::TwelveMonths => Span::Quarter,
                Span::Month => continue,
            };
            let within = |short: &&usize| {
                let short = &periods[**short];
                short.span == span && periods[*long].start <= short.start && short.end <= periods[*long].end
            };
            let parts: Vec<&usize> = counts.keys().filter(within).collect();
            let days: i32 = parts.iter().map(|short| periods[**short].days()).sum();
            if days == periods[*long].days() {
                let sum: u64 = parts.iter().map(|short| counts[*short]).sum();
                assert_eq!(sum, *count, "{} {key:?} {}", metrics::ALL[key.0].id, periods[*long].name);
                compared += 1;
            }
        }
    }
    assert!(compared > 50);
}

/// A mean or a quantile lies within its interval, and has one only where it has a value.
fn values_lie_within_their_intervals(town: &Town) {
    for row in &town.evaluation.estimates.rows {
        let (Some(cell), Some(interval)) = (row.cell, row.interval) else { continue };
        let value = row.value.expect("an interval has a value");
        let id = metrics::ALL[row.metric].id;
        assert!(interval.lower <= value + 1e-9 && value <= interval.upper + 1e-9, "{id}: {row:?}");
        assert!(cell.denominator > 0 && cell.people > 0, "{id}: {row:?}");
    }
}

fn every_row_of_every_file_is_accounted_for(town: &Town) {
    for file in &town.evaluation.staged.files {
        let path = town.files.keys().find(|path| path.ends_with(&format!("/{}", file.name))).unwrap();
        let rows = town.text(path).lines().count() as u64 - 1;
        let tally = &file.tally;
        let fates = tally.kept + tally.rejected_total() + tally.duplicated + tally.excluded_total();
        assert_eq!((tally.read, fates), (rows, rows), "{path}");
        assert_eq!(tally.rejected_total(), file.rejects.len() as u64, "{path}");
    }
    let read = town
        .files
        .keys()
        .filter(|path| path.contains('/') && !path.starts_with("truth/") && !path.starts_with("lookups/"));
    assert_eq!(town.evaluation.staged.files.len(), read.count());
}

fn nobody_is_observed_longer_than_a_year(town: &Town) {
    for row in &town.evaluation.estimates.before_after {
        let Some(counts) = &row.counts else { continue };
        assert!(counts.days <= 365 * u64::from(counts.people), "{row:?}");
        assert!(
            counts.people_with_events <= counts.people && u64::from(counts.people_with_events) <= counts.events,
            "{row:?}"
        );
        assert!(
            counts.interval.lower <= counts.events as f64 && counts.events as f64 <= counts.interval.upper,
            "{row:?}"
        );
        assert!(counts.coverage_percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)), "{row:?}");
    }
    for arm in &town.evaluation.pathways.windows {
        for person in &arm.people {
            assert!(person.days.iter().all(|days| *days <= 365), "{person:?}");
            assert!(person.events.iter().zip(person.days).all(|(events, days)| days > 0 || *events == 0), "{person:?}");
        }
    }
}

#[test]
fn what_holds_for_every_figure_holds_in_twenty_towns() {
    let mut figures = 0;
    for town in towns() {
        shares_stay_within_their_denominators(&town);
        levels_add_up_to_all(&town);
        short_periods_add_up_to_long_ones(&town);
        values_lie_within_their_intervals(&town);
        every_row_of_every_file_is_accounted_for(&town);
        nobody_is_observed_longer_than_a_year(&town);
        figures += town
            .evaluation
            .estimates
            .rows
            .iter()
            .filter(|row| row.cell.is_some_and(|cell| cell.denominator > 0))
            .count();
    }
    assert!(figures > 10_000, "{figures}");
}

#[test]
fn a_missing_gp_extract_is_not_available_and_never_zero() {
    let town = town(&Options {
        people: PEOPLE,
        seed: 3,
        gp: GpExtract::Missing,
        errors: Errors::Planted,
        charity_numbers: CharityNumbers::Some,
    });
    for row in town.evaluation.estimates.rows.iter().filter(|row| metrics::ALL[row.metric].id.starts_with("gp_")) {
        assert!(row.cell.is_none() && row.value.is_none() && row.interval.is_none(), "{row:?}");
    }
    for row in &town.evaluation.estimates.before_after {
        assert_eq!(row.counts.is_none(), metrics::before_after::ALL[row.metric].id == "px_rate_gp", "{row:?}");
    }
}

/// Trap: decile 1 is the most deprived in one office's files and the least in another's. A look-up that counts from the least
/// deprived gives the same figures with its fifths turned round, once settings say so.
#[test]
fn a_look_up_that_counts_from_the_least_deprived_is_turned_round() {
    let (gp, errors) = (GpExtract::Sent, Errors::Planted);
    let as_it_is = town(&Options { people: PEOPLE, seed: 7, gp, errors, charity_numbers: CharityNumbers::Some });
    let turned = of_files(as_it_is.files.clone(), |settings| {
        settings.lookups.postcode_imd_one_is = Deprived::LeastDeprived;
    });
    let figures = |town: &Town, is_turned: bool| -> BTreeMap<_, _> {
        let rows = town.evaluation.estimates.rows.iter().filter(|row| row.breakdown == Breakdown::ImdQuintile);
        rows.map(|row| {
            let level = match row.level.parse::<u8>() {
                Ok(fifth) if is_turned => (6 - fifth).to_string(),
                _ => row.level.clone(),
            };
            ((row.metric, row.pathway, row.period, level), row.cell)
        })
        .collect()
    };
    let (plain, back) = (figures(&as_it_is, false), figures(&turned, true));
    assert!(plain == back && plain != figures(&turned, false) && plain.len() > 1000);
}
