//! Tests of planted identifier errors. In: small populations. Out: rates, and on whom they fall. Leaves alone: the
//! rest of the generator (`tests.rs`).

use std::collections::BTreeMap;

use super::errors::Slip;
use super::identity::identity;
use super::tests::{files, options};
use super::*;

/// Rows of a truth table, headings left out, split at commas.
fn truth_rows(memory: &Memory, name: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8(memory.files[&format!("truth/{name}.csv")].clone()).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Share of a group's records that have an error of a kind.
fn share_wrong(memory: &Memory, slip: Slip, is_in: &dyn Fn(u64) -> bool) -> f64 {
    let count = |rows: Vec<Vec<String>>| rows.iter().filter(|row| is_in(row[3].parse().unwrap())).count();
    let wrong = truth_rows(memory, "errors").into_iter().filter(|row| row[4] == slip.name()).collect();
    f64::from(u32::try_from(count(wrong)).unwrap())
        / f64::from(u32::try_from(count(truth_rows(memory, "records"))).unwrap())
}

#[test]
fn errors_fall_on_everybody_alike_or_on_deprived_people_as_asked() {
    let people = 20_000;
    let world = World::new(&options(people));
    let deprived = |person: u64| identity(&world, person).quintile == 1;
    let other = |person: u64| identity(&world, person).quintile > 1;
    for (errors, least, most) in [(Errors::Random, 0.85, 1.15), (Errors::Biased, 2.0, 4.0)] {
        let made = files(&Options { errors, ..options(people) }, 2);
        for slip in [Slip::NumberMissing, Slip::PostcodeMoved, Slip::SurnameChanged] {
            let ratio = share_wrong(&made, slip, &deprived) / share_wrong(&made, slip, &other);
            assert!((least..most).contains(&ratio), "{errors:?} {}: {ratio}", slip.name());
        }
    }
}

#[test]
fn errors_come_at_the_measured_rates() {
    let made = files(&options(20_000), 2);
    let rate = |slips: &[Slip]| slips.iter().map(|slip| share_wrong(&made, *slip, &|_| true)).sum::<f64>();
    // Half of the measured difference of two systems, which each err on their own; the list's rows of people who
    // changed practice are counted among the records but their errors once.
    let near = |slips: &[Slip], measured: f64| {
        let found = rate(slips);
        assert!((found / measured - 1.0).abs() < 0.3, "{slips:?}: {found} for {measured}");
    };
    near(&[Slip::BirthPart, Slip::BirthSwapped, Slip::BirthOther], 0.004_92 / 2.0);
    near(&[Slip::ForenameTypo, Slip::ForenameShort, Slip::ForenameOther], 0.0236 / 2.0);
    near(&[Slip::SurnameTypo, Slip::SurnameForm, Slip::SurnameChanged], 0.0486 / 2.0);
    near(&[Slip::Sex], 0.0033 / 2.0);
    near(&[Slip::PostcodeMoved], 0.19);
    let of_sex = |sex| {
        let world = World::new(&options(20_000));
        share_wrong(&made, Slip::SurnameChanged, &|person| identity(&world, person).sex == sex)
    };
    assert!((0.8..1.25).contains(&(of_sex(2) / (0.0567 / 2.0))) && of_sex(2) > 3.0 * of_sex(1));
}

#[test]
fn charities_without_numbers_hold_none_and_nothing_else_moves() {
    let some = files(&options(1_500), 2).files;
    let none = files(&Options { charity_numbers: CharityNumbers::None, ..options(1_500) }, 2).files;
    for (file, bytes) in &some {
        let is_changed = file.ends_with("_client.csv")
            || ["truth.json", "truth/errors.csv", "truth/mistyped.csv", "truth/shared_numbers.csv"]
                .contains(&file.as_str());
        assert!(is_changed || none[file] == *bytes, "{file}");
    }
    let (mut clients, mut other) = (0, 0);
    for file in some.keys().filter(|file| file.ends_with("_client.csv")) {
        let text = |files: &BTreeMap<String, Vec<u8>>| String::from_utf8(files[file].clone()).unwrap();
        for (with, without) in text(&some).lines().zip(text(&none).lines()).skip(1) {
            let (with, without): (Vec<_>, Vec<_>) = (with.split(',').collect(), without.split(',').collect());
            assert_eq!(without[2], "");
            assert_eq!((&with[..2], &with[3..]), (&without[..2], &without[3..]));
            clients += 1;
            other += usize::from(!with[2].is_empty());
        }
    }
    assert!(clients > 100 && other > 40, "{other} of {clients}");
}

#[test]
fn what_befalls_few_people_is_as_the_truth_says() {
    let people = 20_000;
    let made = files(&options(people), 2);
    let world = World::new(&options(people));
    let of = |row: &[String], at: usize| row[at].parse::<u64>().unwrap();
    let former = truth_rows(&made, "former_numbers");
    for row in &former {
        assert_eq!(of(row, 5), number_of(world.key, of(row, 3)));
        assert!(is_valid(of(row, 4)) && of(row, 4) != of(row, 5) && owner_of(world.key, of(row, 4), people).is_none());
    }
    let doubles = truth_rows(&made, "doubles");
    for row in &doubles {
        let (one, other) = (identity(&world, of(row, 0)), identity(&world, of(row, 1)));
        let names = (one.given, one.family) == (other.given, other.family);
        let (birth, place) = (one.birth == other.birth, one.postcode == other.postcode);
        let alike = match row[2].as_str() {
            "names_and_birth" => names && birth,
            "names_and_address" => names && place && !birth,
            _ => birth && place && one.given != other.given,
        };
        assert!(alike && one.sex == other.sex && one.nhs_number != other.nhs_number, "{row:?}");
        assert!(!is_candidate(&world, of(row, 0)) && !is_candidate(&world, of(row, 1)));
    }
    let records = truth_rows(&made, "records");
    let reused = truth_rows(&made, "reused_local_ids");
    for row in &reused {
        let holders: Vec<u64> = records.iter().filter(|one| one[..3] == row[..3]).map(|one| of(one, 3)).collect();
        assert_eq!(holders, [of(row, 4), of(row, 3)]);
    }
    assert!(former.len() > 3 && doubles.len() > 3 && reused.len() > 1, "{former:?} {doubles:?} {reused:?}");
}
