//! `fixtures/tiny`: every expected number was worked out by hand in its README, before disclosure control.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use pathlink::economics::declared::What;
use pathlink::economics::difference::Part;
use pathlink::economics::{Money, Pounds, UnitCosts};
use pathlink::metrics::{self, Form, Statistic};
use pathlink::run::Evaluation;
use pathlink::settings::Settings;
use pathlink::sources::Sources;

use crate::support::{csv_rows, evaluate, root, settings};

/// The fixture and what comes of it, worked out once for every test.
struct World {
    tiny: PathBuf,
    settings: Settings,
    evaluation: Evaluation,
    sources: Sources,
}

static TINY: LazyLock<World> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let tiny = root().join("fixtures/tiny");
    let settings = settings(&tiny.join("pathlink.toml"), folder.path());
    let (evaluation, sources) = evaluate(&settings);
    World { tiny, settings, evaluation, sources }
});

/// A year must follow a discharge, and the fixture's figures are of its last year: this one is looked at with a year more.
const NEEDS_ANOTHER_YEAR: &str = "mh_rereferral_365";

#[test]
fn every_figure_is_the_one_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let estimates = &evaluation.estimates;
    let mut found: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for row in &estimates.rows {
        let cell = row.cell.expect("every source is there");
        let metric = metrics::ALL[row.metric];
        if cell.denominator == 0 {
            continue;
        }
        let pathway = row.pathway.map_or("everyone", |at| evaluation.pathways.configs[at].id.as_str());
        let key = [metric.id, pathway, &estimates.periods[row.period].name, row.breakdown.id(), &row.level];
        let form = metric.statistic.form();
        // Of one course there is no standard deviation, and so no effect size.
        let Some(value) = row.value else {
            assert!(matches!(metric.statistic, Statistic::EffectSize { .. }), "{} has no value", metric.id);
            continue;
        };
        let shown = [
            if form == Form::Value { String::new() } else { cell.numerator.to_string() },
            if form == Form::Count { String::new() } else { cell.denominator.to_string() },
            cell.people.to_string(),
            format!("{value:.4}"),
        ];
        found.insert(key.map(str::to_owned).to_vec(), shown.to_vec());
    }
    let mut expected = BTreeMap::new();
    for row in csv_rows(&tiny.join("expected.csv")) {
        let value: f64 = row[8].parse().unwrap();
        expected.insert(row[..5].to_vec(), vec![row[5].clone(), row[6].clone(), row[7].clone(), format!("{value:.4}")]);
    }
    // What is worked out by hand for one level of a breakdown is for all of them; and everything is, without a breakdown.
    let worked: BTreeSet<(&str, &str)> = expected.keys().map(|key| (key[0].as_str(), key[3].as_str())).collect();
    for metric in metrics::ALL.iter().filter(|metric| metric.id != NEEDS_ANOTHER_YEAR) {
        assert!(worked.contains(&(metric.id, "all")), "nothing is worked out by hand for {}", metric.id);
    }
    let is_worked = |key: &Vec<String>| worked.contains(&(key[0].as_str(), key[3].as_str()));
    let wrong: Vec<String> = expected
        .iter()
        .filter(|(key, value)| found.get(*key) != Some(value))
        .map(|(key, value)| format!("{key:?}: expected {value:?}, found {:?}", found.get(key)))
        .chain(
            found
                .keys()
                .filter(|key| is_worked(key) && !expected.contains_key(*key))
                .map(|key| format!("{key:?}: not expected, found {:?}", found[key])),
        )
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn what_needs_another_year_is_as_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&TINY.tiny.join("pathlink.toml"), folder.path());
    settings.periods.quarters = 8;
    let (evaluation, _) = evaluate(&settings);
    let own = evaluation.estimates.rows.iter().filter(|row| metrics::ALL[row.metric].id == NEEDS_ANOTHER_YEAR);
    let everyone = own.filter(|row| row.pathway.is_none() && row.breakdown == metrics::Breakdown::All);
    let counted = everyone.filter_map(|row| {
        let cell = row.cell.filter(|cell| cell.denominator > 0)?;
        Some((evaluation.estimates.periods[row.period].name.as_str(), [cell.numerator, cell.denominator]))
    });
    assert_eq!(counted.collect::<Vec<_>>(), [("2024/25 Q4", [1, 1])]);
}

#[test]
fn before_and_after_are_the_ones_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let mut wrong = Vec::new();
    let expected = csv_rows(&tiny.join("expected_before_after.csv"));
    for row in &expected {
        let found = evaluation.estimates.before_after.iter().find(|found| {
            evaluation.pathways.configs[found.pathway].id == row[0]
                && found.window.id() == row[1]
                && metrics::before_after::ALL[found.metric].id == row[2]
        });
        let counts = found.and_then(|found| found.counts.as_ref()).unwrap();
        let shown = [counts.people.to_string(), counts.events.to_string(), counts.days.to_string()];
        if shown != row[3..6] {
            wrong.push(format!("{row:?}: found {shown:?}"));
        }
    }
    assert_eq!(expected.len(), evaluation.estimates.before_after.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn follow_up_is_the_one_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let rows = metrics::follow_up::rows(&evaluation.pathways, |_| true);
    let found: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let id = evaluation.pathways.configs[row.pathway].id.clone();
            let days = row.days.map_or(String::new(), |days| days.to_string());
            let metric = metrics::follow_up::ALL[row.metric].id.to_owned();
            vec![id, metric, row.numerator.to_string(), row.people.to_string(), days]
        })
        .collect();
    assert_eq!(found, csv_rows(&tiny.join("expected_follow_up.csv")));
}

#[test]
fn what_to_expect_by_itself_is_the_one_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let rows = evaluation.pathways.selections.iter().map(|own| {
        let after = evaluation.estimates.before_after.iter().find(|row| {
            let is_own = row.pathway == own.pathway && metrics::before_after::ALL[row.metric].id == own.rate;
            is_own && row.window.id() == "after"
        });
        let expected = after.and_then(|row| row.counts.as_ref()).and_then(|counts| counts.expected).unwrap();
        let mut people: Vec<String> =
            own.people.iter().map(|one| one.map(|number| number.to_string()).join(" ")).collect();
        people.sort();
        let pathway = evaluation.pathways.configs[own.pathway].id.clone();
        let sums = own.population.map(|sum| sum.to_string());
        let rate = format!("{:.2}", expected[0] * 36_525.0);
        [vec![pathway], sums.to_vec(), people, vec![rate]].concat()
    });
    assert_eq!(rows.collect::<Vec<_>>(), csv_rows(&tiny.join("expected_selection.csv")));
}

#[test]
fn who_moved_where_is_as_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let found = evaluation.pathways.movements.iter().flat_map(|own| {
        let pathway = &evaluation.pathways.configs[own.pathway].id;
        own.steps.iter().map(move |step| {
            let days: Vec<String> =
                step.days.iter().flat_map(|(days, people)| vec![days.to_string(); *people as usize]).collect();
            [pathway, step.from.id(), step.to.id(), &step.people().to_string(), &days.join(" ")].map(str::to_owned)
        })
    });
    let mut found: Vec<Vec<String>> = found.map(Vec::from).collect();
    let mut expected = csv_rows(&tiny.join("expected_flow.csv"));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(evaluation.pathways.movements.iter().all(|own| own.people == 2));
}

#[test]
fn linkage_is_the_one_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let audit = &evaluation.linked.audit;
    for row in csv_rows(&tiny.join("expected_linkage.csv")) {
        let total: u64 = audit
            .sources
            .values()
            .flat_map(|flow| &flow.by_pass)
            .filter(|(pass, _)| pass.id() == row[0])
            .map(|(_, count)| count)
            .sum();
        assert_eq!(total.to_string(), row[1], "{}", row[0]);
    }
    let labels: std::collections::BTreeSet<String> = csv_rows(&tiny.join("expected_persons.csv"))
        .into_iter()
        .map(|row| row[3].clone())
        .filter(|label| !label.starts_with("excluded"))
        .collect();
    assert_eq!(audit.people, labels.len() as u64);
}

#[test]
fn costs_are_the_ones_worked_out_by_hand() {
    let World { tiny, settings, evaluation, sources } = &*TINY;
    let costs = UnitCosts::load(settings, &sources.values).unwrap();
    let money = Money::of(&evaluation.pathways, &costs);
    let expected = csv_rows(&tiny.join("expected_costs.csv"));
    let mut wrong = Vec::new();
    for row in &expected {
        let found = money.rows.iter().find(|found| {
            let service = found.service.map_or("total", |service| service.id());
            evaluation.pathways.configs[found.pathway].id == row[0] && found.window.id() == row[1] && service == row[2]
        });
        let found = found.unwrap();
        let days = found.days.map_or(String::new(), |days| days.to_string());
        let shown = [vec![found.events.to_string()], pounds(found.cost).to_vec(), vec![days]].concat();
        if shown != row[3..8] {
            wrong.push(format!("{row:?}: found {shown:?}"));
        }
    }
    assert_eq!(expected.len(), money.rows.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn minutes_of_gp_appointments_are_the_ones_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let rows = metrics::gp_minutes::rows(&evaluation.pathways);
    let found: Vec<Vec<String>> = rows
        .iter()
        .filter(|row| row.clinician == "all")
        .map(|row| {
            let names = [&evaluation.pathways.configs[row.pathway].id, row.window.id()].map(str::to_owned);
            let counts = [row.appointments, row.timed, row.minutes, row.days].map(|count| count.to_string());
            let value = row.value.map_or(String::new(), |value| format!("{value:.2}"));
            [&names[..], &counts, &[value]].concat()
        })
        .collect();
    assert_eq!(found, csv_rows(&tiny.join("expected_gp_minutes.csv")));
}

#[test]
fn ae_use_of_the_registered_population_is_the_one_worked_out_by_hand() {
    let World { tiny, evaluation, .. } = &*TINY;
    let rows = metrics::standardised::rows(&evaluation.pathways.populations);
    let found: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            assert!(row.rate.is_none(), "twelve people are not of every age: {row:?}");
            let level = match row.quintile {
                None => "all".to_owned(),
                Some(6) => "not_known".to_owned(),
                Some(quintile) => quintile.to_string(),
            };
            let id = metrics::standardised::ALL[row.metric].id.to_owned();
            let own = &row.counts;
            let counts =
                [own.people, own.days, own.people_with_events, own.events, own.squares].map(|one| one.to_string());
            [&[id, level][..], &counts].concat()
        })
        .collect();
    assert_eq!(found, csv_rows(&tiny.join("expected_population.csv")));
}

/// Central, low and high.
fn pounds(pounds: Option<Pounds>) -> [String; 3] {
    let text = |value: f64| format!("{value:.2}");
    pounds.map_or(Default::default(), |own| [own.central, own.low, own.high].map(text))
}

#[test]
fn what_the_pathway_costs_beside_the_comparator_is_the_one_worked_out_by_hand() {
    let World { tiny, settings, evaluation, sources } = &*TINY;
    let costs = UnitCosts::load(settings, &sources.values).unwrap();
    let money = Money::of(&evaluation.pathways, &costs);
    let id = |at: usize| evaluation.pathways.configs[at].id.as_str();
    let row = |what: What, pathway: usize, part: &str, value: Option<Pounds>| {
        let metric = pathlink::economics::declared::ALL.iter().find(|metric| metric.what == what).unwrap();
        [&[metric.id, id(pathway), part].map(str::to_owned)[..], &pounds(value)].concat()
    };
    let differences = money.differences.iter().map(|one| {
        let part = match &one.part {
            Part::All => "all",
            Part::WithoutIndexServices => "without_index_services",
            Part::Payer(payer) => payer,
        };
        // Where one of two people is known to a practice, a quarter of the draws are without anyone who is.
        assert!(one.interval.is_some() || part != "acute hospital", "{one:?}");
        row(What::NetDifference, one.pathway, part, one.value)
    });
    let recoveries = money.per_recovery.iter().map(|one| row(What::PerRecovery, one.pathway, "all", one.value));
    let people = money.per_person.iter().map(|one| row(What::PerPerson, one.pathway, "all", one.value));
    let found: Vec<Vec<String>> = differences.chain(recoveries).chain(people).collect();
    assert_eq!(found, csv_rows(&tiny.join("expected_cost_summary.csv")));
}
