//! Costs a second time: loops over days, events and prices, from the definitions alone. Only who is where on a day
//! (`Observation`) and who is on which pathway are taken from the program.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::economics::cost::CostRow;
use pathlink::economics::difference::Part;
use pathlink::economics::{Money, Pounds, UnitCosts};
use pathlink::frame;
use pathlink::metrics::gp_minutes;
use pathlink::pathways::observation::Observation;
use pathlink::pathways::{Episode, Pathways, Window};
use pathlink::schema::Source;
use pathlink::schema::codes::CodeSet;
use pathlink::settings::Role;

use crate::oracle_journeys::{arm, journeys};
use crate::support::{csv_rows, root};
use crate::town::{TIDY_TOWN, Town};

/// One thing that is paid for.
struct Use {
    day: i32,
    /// Team or bed type as its code.
    kind: Option<String>,
    is_paid: bool,
    minutes: Option<u16>,
    referral: Option<u32>,
}

/// By event and person.
type Log = BTreeMap<&'static str, BTreeMap<u32, Vec<Use>>>;

/// Central, low and high.
type Money3 = [f64; 3];

const SERVICES: [(&str, Source); 8] = [
    ("ed_attendance", Source::EmergencyCare),
    ("gp_appointment", Source::Gp),
    ("mh_contact", Source::MentalHealth),
    ("mh_night", Source::MentalHealth),
    ("tt_assessment", Source::TalkingTherapies),
    ("tt_treatment", Source::TalkingTherapies),
    ("community_contact", Source::Community),
    ("pathway_delivery", Source::Community),
];

fn nights(town: &Town) -> BTreeMap<(u32, i32), Option<u16>> {
    let as_of = town.evaluation.coverage.as_of;
    let table = &town.evaluation.linked.ward_stays;
    let person = frame::values_u32(table, "person").unwrap();
    let [start, end] = ["start", "end"].map(|name| frame::values_i32(table, name).unwrap());
    let bed = frame::values_u16(table, "bed_type").unwrap();
    let mut nights: BTreeMap<(u32, i32), Option<u16>> = BTreeMap::new();
    for row in 0..table.height() {
        for night in start[row].unwrap()..end[row].unwrap_or(as_of + 1).min(as_of + 1) {
            // Of two beds on a night the one whose code comes first is paid for.
            let known = nights.entry((person[row], night)).or_insert(bed[row]);
            *known = (*known).min(bed[row]);
        }
    }
    nights
}

fn log(town: &Town) -> Log {
    let linked = &town.evaluation.linked;
    let as_of = town.evaluation.coverage.as_of;
    let text = |set: CodeSet, code: Option<u16>| code.map(|code| town.sources.values.of(set)[code as usize].clone());
    let mut log = Log::new();
    let mut add = |what: &'static str, person: u32, own: Use| {
        if own.day <= as_of {
            log.entry(what).or_default().entry(person).or_default().push(own);
        }
    };
    let plain = |day: i32| Use { day, kind: None, is_paid: true, minutes: None, referral: None };
    let table = &linked.attendances;
    let (person, date) = (frame::values_u32(table, "person").unwrap(), frame::values_i32(table, "date").unwrap());
    let department = frame::values_u16(table, "department_type").unwrap();
    for row in 0..table.height() {
        if text(CodeSet::Department, department[row]).as_deref() != Some("same_day") {
            add("ed_attendance", person[row], plain(date[row].unwrap()));
        }
    }
    let table = &linked.appointments;
    let (person, date) = (frame::values_u32(table, "person").unwrap(), frame::values_i32(table, "date").unwrap());
    let [status, clinician, minutes] =
        ["status", "clinician", "minutes"].map(|name| frame::values_u16(table, name).unwrap());
    for row in 0..table.height() {
        if text(CodeSet::AppointmentStatus, status[row]).as_deref() == Some("attended") {
            let kind = text(CodeSet::Clinician, clinician[row]);
            add("gp_appointment", person[row], Use { kind, minutes: minutes[row], ..plain(date[row].unwrap()) });
        }
    }
    let nights = nights(town);
    for ((person, night), bed) in &nights {
        add("mh_night", *person, Use { kind: text(CodeSet::BedType, *bed), ..plain(*night) });
    }
    let table = &linked.contacts;
    let (person, date) = (frame::values_u32(table, "person").unwrap(), frame::values_i32(table, "date").unwrap());
    let referral = frame::values_u32(table, "referral").unwrap();
    let [service, attendance, team, kind, planned] =
        ["service", "attendance", "team_type", "appointment_type", "planned"]
            .map(|name| frame::values_u16(table, name).unwrap());
    for row in 0..table.height() {
        let (person, day) = (person[row], date[row].unwrap());
        let attended = text(CodeSet::Attendance, attendance[row]);
        let is_seen = matches!(attended.as_deref(), Some("attended" | "attended_late"));
        let is_seen_or_unplanned = is_seen || text(CodeSet::YesNo, planned[row]).as_deref() == Some("no");
        let own = Use { kind: text(CodeSet::TeamType, team[row]), referral: Some(referral[row]), ..plain(day) };
        if service[row] == Some(Source::MentalHealth as u16) && is_seen {
            add("mh_contact", person, Use { is_paid: !nights.contains_key(&(person, day)), ..own });
        } else if service[row] == Some(Source::Community as u16) && is_seen {
            add("community_contact", person, own);
        } else if service[row] == Some(Source::TalkingTherapies as u16) && is_seen_or_unplanned {
            match text(CodeSet::AppointmentType, kind[row]).as_deref() {
                Some("assessment") => add("tt_assessment", person, own),
                Some("treatment" | "assessment_and_treatment" | "review_and_treatment") => {
                    add("tt_treatment", person, own);
                }
                _ => {}
            }
        }
    }
    log
}

/// The price list: events, kinds, and what a unit costs.
struct Prices(Vec<(String, String, Option<Money3>)>);

impl Prices {
    fn of(has_gp: bool, factor: f64) -> Self {
        let row = |row: Vec<String>| {
            let own = match row[0].as_str() {
                "gp_consultation" => has_gp.then_some([42.0, 33.6, 50.4]),
                "community_contact" => Some([60.0, 48.0, 72.0]),
                _ => {
                    let cost: f64 = row[4].parse().unwrap();
                    let limit =
                        |text: &str, assumed: f64| if text.is_empty() { cost * assumed } else { text.parse().unwrap() };
                    Some([cost, limit(&row[5], 0.8), limit(&row[6], 1.2)])
                }
            };
            (row[1].clone(), row[2].clone(), own.map(|own| own.map(|pounds| pounds * factor)))
        };
        let mut all: Vec<_> = csv_rows(&root().join("config/unit_costs.csv")).into_iter().map(row).collect();
        all.push((
            "pathway_delivery".to_owned(),
            String::new(),
            Some([74.0, 59.2, 88.8].map(|pounds| pounds * factor)),
        ));
        Self(all)
    }

    fn price(&self, service: &str, kind: Option<&str>) -> Option<Money3> {
        let priced = |row: &&(String, String, Option<Money3>)| row.0.split(' ').any(|event| event == service);
        let own =
            self.0.iter().filter(priced).find(|row| kind.is_some_and(|kind| row.1.split(' ').any(|own| own == kind)));
        own.or_else(|| self.0.iter().filter(priced).find(|row| row.1.is_empty())).unwrap().2
    }
}

/// What one person's year came to: events and pounds by service, days by service.
#[derive(Clone, Default)]
struct Year {
    events: [u64; 8],
    pounds: [Money3; 8],
    days: [u64; 8],
    lacks_price: [bool; 8],
}

fn year(
    (log, prices): (&Log, &Prices),
    (episode, observation): (&Episode, &Observation<'_>),
    (window, role): (Window, Role),
) -> Year {
    let mut own = Year::default();
    let resident = observation.resident(episode.person);
    let is_in = |day: i32| match window {
        Window::Before => day < episode.index && day >= episode.index - 365,
        Window::After => day > episode.index && day <= episode.index + 365,
    };
    let nothing = Vec::new();
    for (at, (service, source)) in SERVICES.into_iter().enumerate() {
        let observed = observation.observed(episode.person, source, &resident);
        let is_seen = |day: i32| observed.holds(day) && episode.crossover.is_none_or(|crossover| day < crossover);
        own.days[at] =
            (episode.index - 365..=episode.index + 365).filter(|day| is_in(*day) && is_seen(*day)).count() as u64;
        let is_delivery = service == "pathway_delivery";
        if is_delivery && role == Role::Comparator {
            continue;
        }
        let name = if is_delivery { "community_contact" } else { service };
        for one in log.get(name).and_then(|people| people.get(&episode.person)).unwrap_or(&nothing) {
            let is_of_index = one.referral == Some(episode.referral);
            let on_index_day = is_delivery && window == Window::After && one.day == episode.index;
            let is_wanted = match service {
                "pathway_delivery" => is_of_index,
                "community_contact" => !is_of_index,
                _ => true,
            };
            if !is_wanted || !one.is_paid || !is_seen(one.day) || !(is_in(one.day) || on_index_day) {
                continue;
            }
            own.events[at] += 1;
            match prices.price(service, one.kind.as_deref()) {
                Some(price) => {
                    for (sum, pounds) in own.pounds[at].iter_mut().zip(price) {
                        *sum += pounds;
                    }
                }
                None => own.lacks_price[at] = true,
            }
        }
    }
    own
}

fn sum(years: &[Year]) -> Year {
    let mut all = Year::default();
    for own in years {
        for at in 0..8 {
            all.events[at] += own.events[at];
            all.days[at] += own.days[at];
            all.lacks_price[at] |= own.lacks_price[at];
            for level in 0..3 {
                all.pounds[at][level] += own.pounds[at][level];
            }
        }
    }
    all
}

fn is_close(found: Option<Pounds>, wanted: Option<Money3>) -> bool {
    let values = found.map(|own| [own.central, own.low, own.high]);
    match (values, wanted) {
        (Some(found), Some(wanted)) => found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + b.abs())),
        (None, None) => true,
        _ => false,
    }
}

fn per_year(own: &Year, at: usize) -> Option<Money3> {
    (own.days[at] > 0).then(|| own.pounds[at].map(|pounds| pounds / own.days[at] as f64 * 365.25))
}

/// The two years of one arm: before, after.
type Both = [Year; 2];

fn rows_are_right(rows: &[CostRow], pathway: usize, both: &Both, sent: &dyn Fn(Source) -> bool, role: Role) -> u64 {
    let has_service = |service: &str| service != "pathway_delivery" || role == Role::Redesigned;
    let is_missing = (0..8).any(|at| {
        let (service, source) = SERVICES[at];
        has_service(service) && (!sent(source) || both.iter().any(|year| year.lacks_price[at]))
    });
    let mut compared = 0;
    for window in Window::ALL {
        let year = &both[window as usize];
        let own = || rows.iter().filter(|row| row.pathway == pathway && row.window == window);
        let mut total = Some([0.0; 3]);
        for (at, (service, source)) in SERVICES.into_iter().enumerate().filter(|(_, (service, _))| has_service(service))
        {
            let row = own().find(|row| row.service.is_some_and(|one| one.id() == service)).unwrap();
            if !sent(source) {
                assert!(
                    row.cost.is_none() && row.missing.iter().any(|part| part.starts_with("no data from")),
                    "{row:?}"
                );
                continue;
            }
            let wanted = (!year.lacks_price[at]).then_some(year.pounds[at]);
            assert_eq!((row.events, row.days), (year.events[at], Some(year.days[at])), "{service} {row:?}");
            assert!(is_close(row.cost, wanted), "{service} {wanted:?} {row:?}");
            assert!(is_close(row.per_person_year, wanted.and_then(|_| per_year(year, at))), "{row:?}");
            assert_eq!(row.missing.is_empty(), !year.lacks_price[at], "{row:?}");
            total = total.map(|total| [0, 1, 2].map(|level| total[level] + year.pounds[at][level]));
            compared += row.events;
        }
        let row = own().find(|row| row.service.is_none()).unwrap();
        assert!(is_close(row.cost, total.filter(|_| !is_missing)), "{total:?} {row:?}");
        assert_eq!(row.missing.is_empty(), !is_missing, "{row:?}");
    }
    compared
}

/// Which services a part of a difference is about, by the words of the price list.
fn is_of_part(part: &Part, service: &str, index_sources: &BTreeSet<Source>, source: Source) -> bool {
    let payer = match service {
        "ed_attendance" => "acute hospital",
        "gp_appointment" => "general practice",
        "mh_contact" | "mh_night" => "mental-health trust",
        "tt_assessment" | "tt_treatment" => "NHS Talking Therapies",
        "community_contact" => "voluntary sector",
        _ => "funder of the pathway",
    };
    match part {
        Part::All => true,
        Part::WithoutIndexServices => service == "pathway_delivery" || !index_sources.contains(&source),
        Part::Payer(own) => own == payer,
    }
}

fn differences_are_right(money: &Money, pathways: &Pathways, arms: &[Both], sent: &dyn Fn(Source) -> bool) -> u64 {
    let mut compared = 0;
    for one in &money.differences {
        let comparator = one.comparator.unwrap();
        assert_eq!(pathways.configs[comparator].of.as_ref(), Some(&pathways.configs[one.pathway].id));
        let index_sources = BTreeSet::from([Source::Community, Source::MentalHealth]);
        let mut wanted = Some([0.0; 3]);
        for (at, (service, source)) in SERVICES.into_iter().enumerate() {
            if !is_of_part(&one.part, service, &index_sources, source) {
                continue;
            }
            for (pathway, sign) in [(one.pathway, 1.0), (comparator, -1.0)] {
                if service == "pathway_delivery" && pathway == comparator {
                    continue;
                }
                let [before, after] = &arms[pathway];
                let is_known = sent(source) && !before.lacks_price[at] && !after.lacks_price[at];
                let change = per_year(after, at).zip(per_year(before, at)).filter(|_| is_known);
                wanted = wanted.zip(change).map(|(sum, (after, before))| {
                    [0, 1, 2].map(|level| sum[level] + sign * (after[level] - before[level]))
                });
            }
        }
        assert!(is_close(one.value, wanted), "{wanted:?} {one:?}");
        if let (Some(value), Some(limits)) = (one.value, one.interval) {
            assert!(limits.lower <= limits.upper, "{one:?}");
            compared += u64::from(value.central.abs() > 0.0);
        }
    }
    compared
}

/// First and last of scores taken on days: by day, then by score.
fn ends(mut scores: Vec<(i32, i32)>) -> Option<(i32, i32)> {
    scores.sort_unstable();
    (scores.len() > 1).then(|| (scores[0].1, scores[scores.len() - 1].1))
}

/// Referral day and whether reliably recovered, of every finished course with scores, by person.
fn courses(town: &Town, log: &Log) -> BTreeMap<u32, Vec<(i32, bool)>> {
    let linked = &town.evaluation.linked;
    let text = |set: CodeSet, code: Option<u16>| code.map(|code| town.sources.values.of(set)[code as usize].clone());
    let mut treatments: BTreeMap<u32, u32> = BTreeMap::new();
    for own in log.get("tt_treatment").into_iter().flat_map(BTreeMap::values).flatten() {
        *treatments.entry(own.referral.unwrap()).or_default() += 1;
    }
    let table = &linked.scores;
    let referral = frame::values_u32(table, "referral").unwrap();
    let date = frame::values_i32(table, "date").unwrap();
    let [scale, at_contact, attendance, planned] =
        ["scale", "is_at_contact", "attendance", "planned"].map(|name| frame::values_u16(table, name).unwrap());
    let score = frame::nullable_f32(table, "score").unwrap();
    let mut scores: BTreeMap<(u32, String), Vec<(i32, i32)>> = BTreeMap::new();
    for row in 0..table.height() {
        let is_seen =
            matches!(text(CodeSet::Attendance, attendance[row]).as_deref(), Some("attended" | "attended_late"));
        let happened =
            at_contact[row] == Some(0) || is_seen || text(CodeSet::YesNo, planned[row]).as_deref() == Some("no");
        let (Some(scale), Some(score), Some(day)) = (text(CodeSet::Scale, scale[row]), score.get(row), date[row])
        else {
            continue;
        };
        if happened {
            scores.entry((referral[row], scale)).or_default().push((day, score as i32));
        }
    }
    let table = &linked.referrals;
    let [person, place] = ["person", "referral"].map(|name| frame::values_u32(table, name).unwrap());
    let service = frame::values_u16(table, "service").unwrap();
    let [received, closed] = ["received_date", "discharge_date"].map(|name| frame::values_i32(table, name).unwrap());
    let mut all: BTreeMap<u32, Vec<(i32, bool)>> = BTreeMap::new();
    for row in (0..table.height()).filter(|row| service[*row] == Some(Source::TalkingTherapies as u16)) {
        let (Some(received), Some(closed)) = (received[row], closed[row]) else { continue };
        let of = |scale: &str| {
            let own = scores.get(&(place[row], scale.to_owned()))?;
            ends(own.iter().filter(|(day, _)| *day >= received && *day <= closed).copied().collect())
        };
        if treatments.get(&place[row]).is_none_or(|count| *count < 2) {
            continue;
        }
        let (Some(phq9), Some(gad7)) = (of("phq9"), of("gad7")) else { continue };
        let is_recovered = (phq9.0 >= 10 || gad7.0 >= 8) && phq9.1 < 10 && gad7.1 < 8;
        let is_better = phq9.0 - phq9.1 >= 6 || gad7.0 - gad7.1 >= 4;
        let is_worse = phq9.1 - phq9.0 >= 6 || gad7.1 - gad7.0 >= 4;
        all.entry(person[row]).or_default().push((received, is_recovered && is_better && !is_worse));
    }
    all
}

fn deliveries_are_right(
    (town, money): (&Town, &Money),
    (log, prices): (&Log, &Prices),
    (episodes, observation): (&[Episode], &Observation<'_>),
    lacks: &dyn Fn(usize) -> bool,
) -> u64 {
    let price = prices.price("pathway_delivery", None).unwrap();
    let courses = courses(town, log);
    let mut compared = 0;
    for (per_person, per_recovery) in money.per_person.iter().zip(&money.per_recovery) {
        let pathway = per_person.pathway;
        let (mut people, mut met, mut scored, mut met_scored, mut recovered) = (0, 0, 0, 0, 0);
        for episode in arm(episodes, pathway, observation) {
            let own = year((log, prices), (episode, observation), (Window::After, Role::Redesigned)).events[7];
            people += 1;
            met += own;
            let on_pathway = courses
                .get(&episode.person)
                .into_iter()
                .flatten()
                .filter(|(day, _)| *day >= episode.index && *day < episode.end);
            let on_pathway: Vec<bool> = on_pathway.map(|(_, recovered)| *recovered).collect();
            if !on_pathway.is_empty() {
                scored += 1;
                met_scored += own;
                recovered += u64::from(on_pathway.contains(&true));
            }
        }
        let over = |sum: u64, over: u64| (over > 0).then(|| price.map(|pounds| pounds * sum as f64 / over as f64));
        assert!(is_close(per_person.value, over(met, people)), "{per_person:?}");
        assert_eq!((per_recovery.people, per_recovery.over), (scored, recovered), "{per_recovery:?}");
        let wanted = over(met_scored, recovered).filter(|_| !lacks(pathway));
        assert!(is_close(per_recovery.value, wanted), "{wanted:?} {per_recovery:?}");
        compared += recovered;
    }
    compared
}

/// Minutes of attended appointments by who held them: those that say nothing are taken at the mean of their like.
fn gp_minutes_are_right(
    (pathways, log): (&Pathways, &Log),
    (episodes, observation): (&[Episode], &Observation<'_>),
) -> u64 {
    let nothing = Vec::new();
    let rows = gp_minutes::rows(pathways);
    let mut compared = 0;
    for pathway in 0..pathways.configs.len() {
        for window in Window::ALL {
            let (mut days, mut all) = (0_u64, Some(0.0));
            let mut by_kind: BTreeMap<Option<String>, [u64; 3]> = BTreeMap::new();
            for episode in arm(episodes, pathway, observation) {
                let observed = observation.observed(episode.person, Source::Gp, &observation.resident(episode.person));
                let is_counted = |day: i32| {
                    let offset = if window == Window::Before { episode.index - day } else { day - episode.index };
                    let is_own = episode.crossover.is_none_or(|crossover| day < crossover);
                    (1..=365).contains(&offset) && is_own && observed.holds(day)
                };
                days += (episode.index - 365..=episode.index + 365).filter(|day| is_counted(*day)).count() as u64;
                let own = log.get("gp_appointment").and_then(|people| people.get(&episode.person)).unwrap_or(&nothing);
                for one in own.iter().filter(|one| is_counted(one.day)) {
                    let sum = by_kind.entry(one.kind.clone()).or_default();
                    let terms = [1, u64::from(one.minutes.is_some()), u64::from(one.minutes.unwrap_or(0))];
                    *sum = std::array::from_fn(|at| sum[at] + terms[at]);
                }
            }
            let own = || rows.iter().filter(|row| row.pathway == pathway && row.window == window);
            if !observation.has(Source::Gp) {
                assert!(own().all(|row| !row.is_available && row.value.is_none()));
                continue;
            }
            for (kind, sum) in &by_kind {
                let name = kind.as_deref().unwrap_or("not_known");
                let row = own().find(|row| row.clinician == name).unwrap();
                assert_eq!([row.appointments, row.timed, row.minutes], *sum, "{row:?}");
                let mean = (sum[1] > 0).then(|| sum[2] as f64 / sum[1] as f64);
                all = all.zip(mean).map(|(all, mean)| all + mean * sum[0] as f64);
                compared += sum[2];
            }
            let row = own().find(|row| row.clinician == "all").unwrap();
            assert_eq!((row.days, row.appointments), (days, by_kind.values().map(|sum| sum[0]).sum()), "{row:?}");
            let wanted = all.filter(|_| days > 0).map(|minutes| minutes / days as f64 * 365.25);
            let is_right = match (row.value, wanted) {
                (Some(found), Some(wanted)) => (found - wanted).abs() < 1e-6 * (1.0 + wanted),
                (None, None) => true,
                _ => false,
            };
            assert!(is_right, "{wanted:?} {row:?}");
        }
    }
    compared
}

/// What was compared: events paid for, differences, recoveries, minutes.
pub(crate) fn costs_are_those_of_plain_loops(
    (town, seed): (&Town, u64),
    (pathways, episodes): (&Pathways, &[Episode]),
    observation: &Observation<'_>,
) -> [u64; 4] {
    let mut settings = town.settings.clone();
    let has_gp = seed % 5 != 4;
    if !has_gp {
        settings.costs.local.retain(|local| local.item != "gp_consultation");
    }
    let mut factor = 1.0;
    if seed % 7 == 0 {
        "2022/23".clone_into(&mut settings.costs.price_year);
        factor = 1.0 / 1.024_7 / 1.040_2;
    }
    let money = Money::of(pathways, &UnitCosts::load(&settings, &town.sources.values).unwrap());
    let (log, prices) = (log(town), Prices::of(has_gp, factor));
    let sent = |source: Source| observation.has(source);
    let arms: Vec<Both> = (0..pathways.configs.len())
        .map(|pathway| {
            let role = pathways.configs[pathway].role;
            Window::ALL.map(|window| {
                let people = arm(episodes, pathway, observation).into_iter();
                let years: Vec<Year> =
                    people.map(|one| year((&log, &prices), (one, observation), (window, role))).collect();
                sum(&years)
            })
        })
        .collect();
    let mut paid = 0;
    for (pathway, both) in arms.iter().enumerate() {
        paid += rows_are_right(&money.rows, pathway, both, &sent, pathways.configs[pathway].role);
    }
    let differences = differences_are_right(&money, pathways, &arms, &sent);
    let lacks = |pathway: usize| {
        (0..8).any(|at| !sent(SERVICES[at].1) || arms[pathway].iter().any(|year| year.lacks_price[at]))
    };
    let recoveries = deliveries_are_right((town, &money), (&log, &prices), (episodes, observation), &lacks);
    [paid, differences, recoveries, gp_minutes_are_right((pathways, &log), (episodes, observation))]
}

#[test]
fn costs_of_a_larger_town_equal_plain_loops() {
    let town = &*TIDY_TOWN;
    let observation = Observation::new(&town.evaluation.linked, &town.settings, &town.evaluation.coverage).unwrap();
    let (pathways, episodes) = journeys(town);
    let [paid, differences, recoveries, minutes] =
        costs_are_those_of_plain_loops((town, 7), (&pathways, &episodes), &observation);
    assert!(paid > 5_000 && differences > 10 && minutes > 5_000, "{paid} {differences} {recoveries} {minutes}");
}
