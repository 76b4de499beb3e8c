//! Metrics across services a second time: loops over days and rows of linked tables, for many small towns. Only who is on
//! which pathway, and what was covered, are taken from the program.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::org_code::OrgCode;
use pathlink::domain::period::{Period, Span};
use pathlink::frame;
use pathlink::link::persons::Basis;
use pathlink::metrics::{self, Breakdown};
use pathlink::pathways::Episode;
use pathlink::schema::Source;
use pathlink::schema::codes::CodeSet;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options};

use crate::oracle_journeys::journeys;
use crate::oracle_recovery::{self, scored_town};
use crate::town::Town;

/// Metric, pathway (none is everyone), period.
type Key = (&'static str, Option<usize>, usize);

/// Numerator, denominator, the days of those counted, the people of the denominator.
#[derive(Default)]
struct Figure {
    counted: u64,
    of: u64,
    days: Vec<i32>,
    people: BTreeSet<u32>,
}

struct Loops<'a> {
    town: &'a Town,
    periods: Vec<(usize, &'a Period)>,
    figures: BTreeMap<Key, Figure>,
}

/// Service, attendance as a code, referral, day.
type Contact = (u16, Option<u16>, u32, i32);

impl Loops<'_> {
    fn add(&mut self, metric: &'static str, pathway: Option<usize>, (person, day): (u32, i32), is_in: bool) {
        for (at, period) in &self.periods {
            if period.holds(day) {
                let figure = self.figures.entry((metric, pathway, *at)).or_default();
                figure.counted += u64::from(is_in);
                figure.of += 1;
                figure.people.insert(person);
            }
        }
    }

    fn last_day(&self, source: Source, provider: u64) -> i32 {
        let coverage = &self.town.evaluation.coverage;
        let own = coverage.of(source, OrgCode::from_packed(provider));
        own.ranges().last().map_or(i32::MIN / 2, |(_, last)| (*last).min(coverage.as_of))
    }
}

/// Contacts of every person that count as attended, with whether they are treatment.
fn attended(town: &Town) -> BTreeMap<u32, Vec<(Contact, bool)>> {
    let table = &town.evaluation.linked.contacts;
    let [person, referral] = ["person", "referral"].map(|name| frame::values_u32(table, name).unwrap());
    let date = frame::values_i32(table, "date").unwrap();
    let [service, attendance, planned, kind] =
        ["service", "attendance", "planned", "appointment_type"].map(|name| frame::values_u16(table, name).unwrap());
    let mut found: BTreeMap<u32, Vec<(Contact, bool)>> = BTreeMap::new();
    for row in 0..table.height() {
        let is_therapy = service[row] == Some(Source::TalkingTherapies as u16);
        let is_seen = matches!(attendance[row], Some(0 | 1)) || (is_therapy && planned[row] == Some(1));
        if is_seen {
            let contact = (service[row].unwrap(), attendance[row], referral[row], date[row].unwrap());
            let is_treatment = is_therapy && matches!(kind[row], Some(1 | 2 | 4));
            found.entry(person[row]).or_default().push((contact, is_treatment));
        }
    }
    found
}

/// Days of attended GP appointments in months that the practice sent.
fn seen_by_practices(town: &Town) -> BTreeMap<u32, Vec<i32>> {
    let table = &town.evaluation.linked.appointments;
    let person = frame::values_u32(table, "person").unwrap();
    let practice = frame::values_u64(table, "provider").unwrap();
    let date = frame::values_i32(table, "date").unwrap();
    let status = frame::values_u16(table, "status").unwrap();
    let mut found: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
    for row in 0..table.height() {
        let months = town.evaluation.coverage.practice_months(OrgCode::from_packed(practice[row]));
        if status[row] == Some(0) && months.holds(date[row].unwrap()) {
            found.entry(person[row]).or_default().push(date[row].unwrap());
        }
    }
    found
}

fn after_attendances(loops: &mut Loops<'_>, episodes: &[Episode]) {
    let linked = &loops.town.evaluation.linked;
    let (contacts, practices) = (attended(loops.town), seen_by_practices(loops.town));
    let table = &linked.attendances;
    let person = frame::values_u32(table, "person").unwrap();
    let date = frame::values_i32(table, "date").unwrap();
    let [department, complaint, intent] =
        ["department_type", "chief_complaint", "injury_intent"].map(|name| frame::values_u16(table, name).unwrap());
    let coverage = &loops.town.evaluation.coverage;
    let last = [Source::MentalHealth, Source::TalkingTherapies]
        .map(|source| coverage.common(source).ranges().last().map_or(i32::MAX, |(_, last)| *last));
    for row in 0..table.height() {
        let (person, day) = (person[row], date[row].unwrap());
        let is_own = department[row] != Some(4) && (complaint[row].is_some() || intent[row] == Some(1));
        if !is_own || linked.persons.basis[person as usize] != Basis::Nhs {
            continue;
        }
        let lived = |days: i32| linked.persons.death_date[person as usize].is_none_or(|death| death > day + days);
        let is_followed = |days: i32| last.iter().all(|last| day + days <= *last) && lived(days);
        let empty = Vec::new();
        let own = contacts.get(&person).unwrap_or(&empty);
        let by_trust = |on: i32| own.iter().any(|((service, .., day), _)| *service == 0 && *day == on);
        let by_any = |on: i32| {
            own.iter().any(|((service, .., day), _)| *service != Source::Community as u16 && *day == on)
                || practices.get(&person).is_some_and(|days| days.contains(&on))
        };
        let first = |is_seen: &dyn Fn(i32) -> bool| (1..=28).find(|after| is_seen(day + after));
        let (treated, seen) = (first(&by_trust), first(&by_any));
        let on = episodes.iter().filter(|one| one.person == person && (one.index..one.end).contains(&day));
        let slots: Vec<Option<usize>> = on.map(|one| Some(one.pathway)).chain([None]).collect();
        for slot in slots {
            let who = (person, day);
            let shares =
                [("px_time_to_treatment_1d", 1), ("px_time_to_treatment_7d", 7), ("px_time_to_treatment_28d", 28)];
            for (metric, days) in shares.into_iter().filter(|(_, days)| is_followed(*days)) {
                loops.add(metric, slot, who, treated.is_some_and(|after| after <= days));
            }
            for (metric, days) in [("px_followup_any_7d", 7), ("px_followup_any_28d", 28)] {
                if is_followed(days) {
                    loops.add(metric, slot, who, seen.is_some_and(|after| after <= days));
                }
            }
            if let Some(after) = treated.filter(|_| is_followed(28)) {
                loops.add("px_time_to_treatment", slot, who, true);
                for (at, _) in loops.periods.iter().filter(|(_, period)| period.holds(day)) {
                    loops.figures.get_mut(&("px_time_to_treatment", slot, *at)).unwrap().days.push(after);
                }
            }
        }
    }
}

fn reach(loops: &mut Loops<'_>, episodes: &[Episode]) {
    let linked = &loops.town.evaluation.linked;
    let table = &linked.referrals;
    let provider = frame::values_u64(table, "provider").unwrap();
    let [service, reason] = ["service", "end_reason"].map(|name| frame::values_u16(table, name).unwrap());
    let ended = frame::values_i32(table, "discharge_date").unwrap();
    let done = ["completed", "goals_met"].map(|value| loops.town.sources.values.position(CodeSet::EndReason, value));
    let contacts = attended(loops.town);
    for episode in episodes {
        let at = episode.referral as usize;
        let source = Source::ALL.into_iter().find(|source| Some(*source as u16) == service[at]).unwrap();
        let last = loops.last_day(source, provider[at]);
        let empty = Vec::new();
        let own = contacts.get(&episode.person).unwrap_or(&empty);
        let own: Vec<&(Contact, bool)> = own.iter().filter(|((_, _, of, _), _)| *of == episode.referral).collect();
        let (who, slot) = ((episode.person, episode.index), Some(episode.pathway));
        if episode.index + 90 <= last {
            let is_met = own.iter().any(|((.., day), _)| *day <= episode.index + 90);
            loops.add("px_reach_accepted", slot, who, is_met);
        }
        if episode.index + 180 <= last {
            let is_done = match source {
                Source::Community => reason[at].is_some() && done.contains(&reason[at]),
                Source::TalkingTherapies => own.iter().filter(|(_, is_treatment)| *is_treatment).count() > 1,
                _ => !own.is_empty(),
            };
            let is_over = ended[at].is_some_and(|day| day <= episode.index + 180);
            loops.add("px_reach_completed", slot, who, is_done && is_over);
        }
    }
}

fn concurrent(loops: &mut Loops<'_>, episodes: &[Episode]) {
    let table = &loops.town.evaluation.linked.referrals;
    let person = frame::values_u32(table, "person").unwrap();
    let service = frame::values_u16(table, "service").unwrap();
    let [received, ended] = ["received_date", "discharge_date"].map(|name| frame::values_i32(table, name).unwrap());
    for (at, period) in loops.periods.clone() {
        let is_open =
            |row: usize| received[row].unwrap() <= period.end && ended[row].is_none_or(|day| day > period.end);
        let open = |of: Source| -> Vec<usize> {
            (0..table.height()).filter(|row| service[*row] == Some(of as u16) && is_open(*row)).collect()
        };
        let therapies = open(Source::TalkingTherapies);
        for trust in open(Source::MentalHealth) {
            for other in therapies.iter().copied().filter(|other| person[*other] == person[trust]) {
                let from = received[trust].max(received[other]).unwrap();
                let who = person[trust];
                let on = episodes.iter().filter(|one| one.person == who && (one.index..one.end).contains(&from));
                for slot in on.map(|one| Some(one.pathway)).chain([None]) {
                    loops.figures.entry(("px_concurrent", slot, at)).or_default().people.insert(who);
                }
            }
        }
    }
}

const METRICS: [&str; 10] = [
    "px_cohort",
    "px_reach_accepted",
    "px_reach_completed",
    "px_time_to_treatment",
    "px_time_to_treatment_1d",
    "px_time_to_treatment_7d",
    "px_time_to_treatment_28d",
    "px_followup_any_7d",
    "px_followup_any_28d",
    "px_concurrent",
];

/// Fails where a figure is another; adds up what was compared.
fn compare(loops: &Loops<'_>, compared: &mut BTreeMap<&'static str, u64>) {
    let estimates = &loops.town.evaluation.estimates;
    let nothing = Figure::default();
    for row in &estimates.rows {
        let id = metrics::ALL[row.metric].id;
        let Some(metric) = METRICS.into_iter().find(|own| *own == id) else { continue };
        if row.breakdown != Breakdown::All || estimates.periods[row.period].span != Span::Quarter {
            continue;
        }
        let Some(cell) = row.cell else { continue };
        let own = loops.figures.get(&(metric, row.pathway, row.period)).unwrap_or(&nothing);
        let people = own.people.len() as u64;
        let expected = match metric {
            "px_concurrent" => [people, people],
            "px_time_to_treatment" => [u64::from(cell.people), own.of],
            _ => [own.counted, own.of],
        };
        let found = if metric == "px_time_to_treatment" { u64::from(cell.people) } else { cell.numerator };
        let shown = format!("{metric} {:?} {}", row.pathway, estimates.periods[row.period].name);
        if metric != "px_concurrent" {
            assert_eq!(cell.denominator, expected[1], "{shown}");
        }
        assert_eq!((found, u64::from(cell.people)), (expected[0], people), "{shown}");
        if metric == "px_time_to_treatment" && own.of > 0 {
            let mut days = own.days.clone();
            days.sort_unstable();
            let middle = f64::from(days[(days.len() - 1) / 2] + days[days.len() / 2]) / 2.0;
            assert_eq!(row.value, Some(middle), "{shown}");
        }
        *compared.entry(metric).or_default() += own.counted.max(people * u64::from(metric == "px_concurrent"));
    }
}

#[test]
fn figures_across_services_equal_plain_loops_over_many_towns() {
    let mut compared = BTreeMap::new();
    for seed in 0..200 {
        let errors = if seed % 3 == 2 { Errors::None } else { Errors::Planted };
        let gp = if seed % 4 == 3 { GpExtract::Missing } else { GpExtract::Sent };
        let people = [300, 350, 400][seed as usize % 3];
        let town =
            scored_town(&Options { people, seed: 900 + seed, gp, errors, charity_numbers: CharityNumbers::Some });
        let periods = town.evaluation.estimates.periods.iter().enumerate();
        let periods = periods.filter(|(_, period)| period.span == Span::Quarter).collect();
        let (_, episodes) = journeys(&town);
        let mut loops = Loops { town: &town, periods, figures: BTreeMap::new() };
        after_attendances(&mut loops, &episodes);
        reach(&mut loops, &episodes);
        concurrent(&mut loops, &episodes);
        for episode in &episodes {
            loops.add("px_cohort", Some(episode.pathway), (episode.person, episode.index), true);
        }
        compare(&loops, &mut compared);
        oracle_recovery::compare(&town, &episodes, &mut compared);
    }
    assert!(
        METRICS
            .into_iter()
            .chain(oracle_recovery::METRICS)
            .all(|metric| compared.get(metric).is_some_and(|count| *count > 50)),
        "{compared:?}"
    );
}
