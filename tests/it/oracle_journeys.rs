//! Before and after, what became of people, and costs (`oracle_costs`), a second time: loops over days and rows, for many small towns. Only who is
//! where on a day (`Observation`) and who is on which pathway are taken from the program.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::frame;
use pathlink::metrics::{before_after, follow_up};
use pathlink::pathways::movement::{Place, Step};
use pathlink::pathways::observation::Observation;
use pathlink::pathways::{self, Episode, Pathways, Window};
use pathlink::schema::Source;
use pathlink::schema::codes::CodeSet;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options};

use crate::oracle_costs::costs_are_those_of_plain_loops;
use crate::town::{Town, town};

/// Who had what on which day; one entry an event.
type Log = BTreeMap<&'static str, BTreeMap<u32, Vec<i32>>>;

fn add(log: &mut Log, what: &'static str, person: u32, day: i32) {
    log.entry(what).or_default().entry(person).or_default().push(day);
}

fn log(town: &Town) -> Log {
    let linked = &town.evaluation.linked;
    let as_of = town.evaluation.coverage.as_of;
    let mut log = Log::new();
    let table = &linked.attendances;
    let person = frame::values_u32(table, "person").unwrap();
    let date = frame::values_i32(table, "date").unwrap();
    let minutes = frame::values_i32(table, "minutes").unwrap();
    let [department, complaint, intent] =
        ["department_type", "chief_complaint", "injury_intent"].map(|name| frame::values_u16(table, name).unwrap());
    for row in 0..table.height() {
        if department[row] == Some(4) || date[row].unwrap() > as_of {
            continue;
        }
        let mut event = |what| add(&mut log, what, person[row], date[row].unwrap());
        event("px_rate_ed");
        let self_harm = complaint[row] == Some(1) || intent[row] == Some(1);
        if complaint[row].is_some() || self_harm {
            event("px_rate_ed_mh");
        }
        if self_harm {
            event("px_rate_self_harm");
        }
        if minutes[row].is_some_and(|minutes| minutes >= 721) {
            event("px_rate_over_12h");
        }
    }
    add_contacts(&mut log, town);
    let table = &linked.appointments;
    let (person, date) = (frame::values_u32(table, "person").unwrap(), frame::values_i32(table, "date").unwrap());
    let status = frame::values_u16(table, "status").unwrap();
    let attended = town.sources.values.position(CodeSet::AppointmentStatus, "attended");
    for row in (0..table.height()).filter(|row| status[*row] == attended && date[*row].unwrap() <= as_of) {
        add(&mut log, "px_rate_gp", person[row], date[row].unwrap());
    }
    let table = &linked.ward_stays;
    let person = frame::values_u32(table, "person").unwrap();
    let [start, end] = ["start", "end"].map(|name| frame::values_i32(table, name).unwrap());
    let mut nights: BTreeSet<(u32, i32)> = BTreeSet::new();
    for row in 0..table.height() {
        for night in start[row].unwrap()..end[row].unwrap_or(as_of + 1).min(as_of + 1) {
            nights.insert((person[row], night));
        }
    }
    for (person, night) in &nights {
        add(&mut log, "px_rate_bed_days", *person, *night);
        if !nights.contains(&(*person, night - 1)) {
            add(&mut log, "px_rate_admissions", *person, *night);
        }
    }
    log
}

/// Contacts of the trust, Talking Therapies and charities that took place.
fn add_contacts(log: &mut Log, town: &Town) {
    let (table, codes) = (&town.evaluation.linked.contacts, &town.sources.values);
    let (person, date) = (frame::values_u32(table, "person").unwrap(), frame::values_i32(table, "date").unwrap());
    let [service, attendance, team, kind, planned] =
        ["service", "attendance", "team_type", "appointment_type", "planned"]
            .map(|name| frame::values_u16(table, name).unwrap());
    let crisis = ["A02", "A18", "A19"].map(|team| codes.position(CodeSet::TeamType, team));
    let treatments = ["treatment", "assessment_and_treatment", "review_and_treatment"]
        .map(|kind| codes.position(CodeSet::AppointmentType, kind));
    let unplanned = codes.position(CodeSet::YesNo, "no");
    for row in 0..table.height() {
        let is_of = |source: Source| service[row] == Some(source as u16);
        let is_attended = matches!(attendance[row], Some(0 | 1));
        let mut event = |what| add(log, what, person[row], date[row].unwrap());
        if date[row].unwrap() > town.evaluation.coverage.as_of {
            continue;
        }
        if is_of(Source::MentalHealth) && is_attended {
            event("px_rate_mh_contacts");
            if team[row].is_some() && crisis.contains(&team[row]) {
                event("px_rate_crisis");
            }
        }
        let is_seen = is_attended || planned[row].is_some() && planned[row] == unplanned;
        if is_of(Source::TalkingTherapies) && is_seen && kind[row].is_some() && treatments.contains(&kind[row]) {
            event("px_rate_tt");
        }
        if is_of(Source::Community) && is_attended {
            event("px_rate_community");
        }
    }
}

/// Days of the charities' contacts under each referral, which are no use of a service where the pathway is that referral.
fn delivered(town: &Town) -> BTreeMap<u32, Vec<i32>> {
    let table = &town.evaluation.linked.contacts;
    let (referral, date) = (frame::values_u32(table, "referral").unwrap(), frame::values_i32(table, "date").unwrap());
    let [service, attendance] = ["service", "attendance"].map(|name| frame::values_u16(table, name).unwrap());
    let mut days: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
    for row in 0..table.height() {
        if service[row] == Some(Source::Community as u16) && matches!(attendance[row], Some(0 | 1)) {
            days.entry(referral[row]).or_default().push(date[row].unwrap());
        }
    }
    days
}

pub(crate) fn journeys(town: &Town) -> (Pathways, Vec<Episode>) {
    let (linked, coverage) = (&town.evaluation.linked, &town.evaluation.coverage);
    let (pathways, journeys) = pathways::build(linked, &town.settings, &town.sources, coverage).unwrap();
    (pathways, journeys.episodes)
}

/// People of an arm who can be followed.
pub(crate) fn arm<'a>(episodes: &'a [Episode], pathway: usize, observation: &Observation<'_>) -> Vec<&'a Episode> {
    let is_own = |one: &&Episode| {
        one.pathway == pathway
            && one.is_arm
            && observation.has_number(one.person)
            && observation.is_followed(one.person)
    };
    episodes.iter().filter(is_own).collect()
}

fn rates_are_those_of_plain_loops(
    town: &Town,
    log: &Log,
    (episodes, observation): (&[Episode], &Observation<'_>),
    compared: &mut BTreeMap<&'static str, u64>,
) {
    let (delivered, none) = (delivered(town), BTreeMap::new());
    for row in &town.evaluation.estimates.before_after {
        let rate = &before_after::ALL[row.metric];
        let Some(counts) = &row.counts else { continue };
        let own = log.get(rate.id).unwrap_or(&none);
        let (mut people, mut events, mut days) = (0, 0, 0);
        for episode in arm(episodes, row.pathway, observation) {
            let resident = observation.resident(episode.person);
            let observed = observation.observed(episode.person, rate.service.source(), &resident);
            let is_community = rate.id == "px_rate_community";
            let delivery = delivered.get(&episode.referral).filter(|_| is_community).map_or(&[][..], Vec::as_slice);
            let mut own_days = 0;
            for offset in 1..=365 {
                let day = if row.window == Window::Before { episode.index - offset } else { episode.index + offset };
                if observed.holds(day) && episode.crossover.is_none_or(|crossover| day < crossover) {
                    own_days += 1;
                    let happened = own.get(&episode.person).map_or(&[][..], Vec::as_slice);
                    let on_day = |days: &[i32]| days.iter().filter(|on| **on == day).count() as u64;
                    events += on_day(happened) - on_day(delivery);
                }
            }
            days += own_days;
            people += u32::from(own_days > 0);
        }
        assert_eq!((counts.people, counts.events, counts.days), (people, events, days), "{} {row:?}", rate.id);
        *compared.entry(rate.id).or_default() += events;
    }
}

/// Everyone on the list, by quintile and band of five years, in the last twelve months; what was counted.
fn population_is_that_of_plain_loops(
    town: &Town,
    log: &Log,
    pathways: &Pathways,
    observation: &Observation<'_>,
) -> u64 {
    let (persons, as_of) = (&town.evaluation.linked.persons, town.evaluation.coverage.as_of);
    if !observation.is_ascertained() {
        assert!(pathways.populations.is_empty());
        return 0;
    }
    let nothing = BTreeMap::new();
    let mut compared = 0;
    for (rate, found) in ["px_rate_ed", "px_rate_ed_mh"].into_iter().zip(&pathways.populations) {
        let own = log.get(rate).unwrap_or(&nothing);
        let mut groups: BTreeMap<(usize, usize), [u64; 5]> = BTreeMap::new();
        let mut without_age = 0;
        for person in
            (0..persons.len() as u32).filter(|one| observation.has_number(*one) && observation.is_followed(*one))
        {
            let observed = observation.observed(person, Source::EmergencyCare, &observation.resident(person));
            let is_seen = |day: &i32| *day > as_of - 365 && *day <= as_of && observed.holds(*day);
            let days = (as_of - 364..=as_of).filter(is_seen).count() as u64;
            let events = own.get(&person).map_or(0, |days| days.iter().filter(|day| is_seen(day)).count()) as u64;
            // Ages in whole months on the first of the month half a year before the end.
            let half_way = pathlink::domain::day::month_number(as_of - 182);
            match persons.birth_month[person as usize].filter(|_| days > 0) {
                Some(born) => {
                    let band = (((half_way - born) / 60).max(0) as usize).min(18);
                    let quintile = persons.imd_quintile[person as usize].map_or(5, |one| one as usize - 1);
                    let sum = groups.entry((quintile, band)).or_default();
                    let terms = [1, days, u64::from(events > 0), events, events * events];
                    *sum = std::array::from_fn(|at| sum[at] + terms[at]);
                }
                None => without_age += u64::from(days > 0),
            }
        }
        for (quintile, bands) in found.groups.iter().enumerate() {
            for (band, group) in bands.iter().enumerate() {
                let own = [group.people, group.days, group.people_with_events, group.events, group.squares];
                let wanted = groups.get(&(quintile, band)).copied().unwrap_or_default();
                assert_eq!(own, wanted, "{rate} {quintile} {band}");
                assert!(group.days <= 365 * group.people && group.top_two[0] <= group.events, "{group:?}");
                compared += group.events;
            }
        }
        assert_eq!(found.without_age[0], without_age);
    }
    assert_eq!(pathways.populations.len(), 2);
    compared
}

/// A referral to secondary care: received, first day not open, place.
type Referral = (i32, Option<i32>, u32);

fn secondary(town: &Town) -> BTreeMap<u32, Vec<Referral>> {
    let linked = &town.evaluation.linked;
    let not = ["A05", "A11", "A18", "A19"].map(|team| town.sources.values.position(CodeSet::TeamType, team));
    let mut teams: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    let table = &linked.referral_teams;
    let (of, kind) = (frame::values_u32(table, "referral").unwrap(), frame::values_u16(table, "team_type").unwrap());
    let rejected = frame::values_i32(table, "rejected_date").unwrap();
    for row in 0..table.height() {
        let counts = rejected[row].is_none() && (kind[row].is_none() || !not.contains(&kind[row]));
        teams.entry(of[row]).or_default().push(counts);
    }
    let table = &linked.referrals;
    let [person, place] = ["person", "referral"].map(|name| frame::values_u32(table, name).unwrap());
    let service = frame::values_u16(table, "service").unwrap();
    let [received, closed] = ["received_date", "discharge_date"].map(|name| frame::values_i32(table, name).unwrap());
    let mut all: BTreeMap<u32, Vec<Referral>> = BTreeMap::new();
    for row in 0..table.height() {
        let is_in = teams.get(&place[row]).is_none_or(|teams| teams.contains(&true));
        if service[row] == Some(Source::MentalHealth as u16) && is_in {
            all.entry(person[row]).or_default().push((received[row].unwrap(), closed[row], place[row]));
        }
    }
    all
}

/// Attended trust contacts by referral.
fn contacts(town: &Town) -> BTreeMap<u32, Vec<i32>> {
    let table = &town.evaluation.linked.contacts;
    let of = frame::values_u32(table, "referral").unwrap();
    let date = frame::values_i32(table, "date").unwrap();
    let attendance = frame::values_u16(table, "attendance").unwrap();
    let mut all: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
    for row in (0..table.height()).filter(|row| matches!(attendance[*row], Some(0 | 1))) {
        all.entry(of[row]).or_default().push(date[row].unwrap());
    }
    all
}

/// How a person's year ends, day by day: event, competing event, censored.
fn year(town: &Town, episode: &Episode, own: &[Referral], seen: &BTreeMap<u32, Vec<i32>>, gone: Option<i32>) -> usize {
    let is_open = |day: i32| own.iter().any(|one| one.0 <= day && one.1.is_none_or(|closed| closed > day));
    let is_inside = is_open(episode.index);
    for day in episode.index + 1..=episode.index + 365 {
        if episode.crossover == Some(day) {
            return 2;
        }
        let has_left = !is_open(day) && !own.iter().any(|one| one.0 > day && one.0 <= day + 90);
        let has_entered = own.iter().any(|one| {
            let on_the_day = seen.get(&one.2).is_some_and(|days| days.contains(&day));
            one.0 > episode.index && one.0 <= episode.index + 365 && on_the_day
        });
        let is_event = if is_inside { has_left } else { has_entered && day <= town.evaluation.coverage.as_of };
        match (is_event, gone == Some(day)) {
            (true, false) => return 0,
            (true, true) => return usize::from(is_inside),
            (false, true) => return 1,
            _ => {}
        }
    }
    2
}

fn follow_up_is_that_of_plain_loops(
    town: &Town,
    pathways: &Pathways,
    episodes: &[Episode],
    observation: &Observation<'_>,
) {
    let as_of = town.evaluation.coverage.as_of;
    let end = observation.last_day(Source::MentalHealth).unwrap();
    let (referrals, seen) = (secondary(town), contacts(town));
    for own in &pathways.follow_up {
        let (mut deaths, mut lost, mut days, mut people) = (0, 0, 0, 0);
        let mut ends = [[0_u32; 3]; 2];
        for episode in arm(episodes, own.pathway, observation) {
            people += 1;
            let resident = observation.resident(episode.person);
            let (death, moved) = observation.gone(episode.person, episode.index);
            let mut last_is_home = None;
            for day in episode.index + 1..=episode.index + 365 {
                if day > as_of || episode.crossover.is_some_and(|crossover| day >= crossover) {
                    break;
                }
                if death == Some(day) {
                    deaths += u32::from(resident.holds(day - 1));
                }
                if death.is_none_or(|death| day < death) {
                    days += u64::from(resident.holds(day));
                    last_is_home = Some(resident.holds(day));
                }
            }
            lost += u32::from(last_is_home == Some(false));
            let gone = death.into_iter().chain(moved).min();
            if gone.is_some_and(|day| day <= episode.index) {
                continue;
            }
            let none = Vec::new();
            let mine = referrals.get(&episode.person).unwrap_or(&none);
            let is_inside =
                mine.iter().any(|one| one.0 <= episode.index && one.1.is_none_or(|closed| closed > episode.index));
            if episode.index + if is_inside { 455 } else { 365 } <= end {
                ends[usize::from(is_inside)][year(town, episode, mine, &seen, gone)] += 1;
            }
        }
        assert_eq!((own.people, own.deaths, own.lost, own.days), (people, deaths, lost, days), "{own:?}");
        for (times, ends) in [&own.entry, &own.exit].into_iter().zip(ends) {
            let sum = times.iter().fold([0; 3], |sum, (_, counts)| [0, 1, 2].map(|at| sum[at] + counts[at]));
            assert_eq!(sum, ends, "{own:?}");
            assert!(times.iter().all(|(day, _)| *day <= 365));
        }
    }
}

/// Parts sum to their wholes, time never exceeds the calendar, and values lie within their intervals.
fn what_holds(pathways: &Pathways) {
    for own in &pathways.movements {
        let first: u64 = own.steps.iter().filter(|step| step.from == Place::Index).map(Step::people).sum();
        let of_sequences: u64 = own.sequences.iter().map(|(_, people)| u64::from(*people)).sum();
        assert_eq!(
            [first, of_sequences],
            [u64::from(own.people); 2],
            "everyone takes a first step, and has a sequence"
        );
        assert!(own.steps.iter().all(|step| step.days.iter().all(|(days, _)| *days <= 90)), "{own:?}");
        let followed = pathways.follow_up.iter().find(|other| other.pathway == own.pathway).unwrap();
        assert!(own.people <= followed.people);
    }
    for row in follow_up::rows(pathways, |_| true) {
        assert!(row.numerator <= row.people, "{row:?}");
        assert!(row.days.is_none_or(|days| days <= 365 * row.people), "person-years exceed calendar time: {row:?}");
        if let (Some(value), Some(limits)) = (row.value, row.interval) {
            assert!(limits.lower <= value + 1e-9 && value <= limits.upper + 1e-9, "{row:?}");
        }
    }
}

#[test]
fn before_after_and_follow_up_equal_plain_loops_over_many_towns() {
    let (mut compared, mut costed, mut rates) = (0, [0; 4], BTreeMap::new());
    for seed in 0..200 {
        let errors = if seed % 3 == 2 { Errors::None } else { Errors::Planted };
        let gp = if seed % 4 == 3 { GpExtract::Missing } else { GpExtract::Sent };
        let people = [300, 350, 400][seed as usize % 3];
        let town = town(&Options { people, seed: 500 + seed, gp, errors, charity_numbers: CharityNumbers::Some });
        let observation = Observation::new(&town.evaluation.linked, &town.settings, &town.evaluation.coverage).unwrap();
        let (pathways, episodes) = journeys(&town);
        rates_are_those_of_plain_loops(&town, &log(&town), (&episodes, &observation), &mut rates);
        follow_up_is_that_of_plain_loops(&town, &pathways, &episodes, &observation);
        what_holds(&pathways);
        compared += population_is_that_of_plain_loops(&town, &log(&town), &pathways, &observation);
        let costs = costs_are_those_of_plain_loops((&town, seed), (&pathways, &episodes), &observation);
        costed = [0, 1, 2, 3].map(|at| costed[at] + costs[at]);
    }
    assert!(costed[0] > 2_000 && costed[1] > 500 && costed[2] > 10 && costed[3] > 5_000, "{costed:?}");
    assert!(compared > 1_000, "{compared}");
    // Nobody of these towns is in A&E for twelve hours: the loops say so too, and `oracle_emergency` has such stays.
    let happens = before_after::ALL.iter().filter(|rate| rate.id != "px_rate_over_12h");
    assert!(happens.into_iter().all(|rate| rates.get(rate.id).is_some_and(|events| *events > 20)), "{rates:?}");
}
