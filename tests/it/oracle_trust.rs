//! Trusts a second time: plain loops over the raw text of two hundred small towns, from the definitions alone.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures};
use crate::oracle_spells::{Counted, add_often, add_spells, add_to};
use crate::raw::{day, quarter};
use crate::therapy_towns::date;
use crate::trust_sent::{CORE, Referral, Sent, is_covered, sent};
use crate::trust_towns::TOWNS_OF_TRUSTS;

const SHARES: [&str; 10] = [
    "mh_rejected",
    "mh_crisis_4h",
    "mh_crisis_24h",
    "mh_liaison_1h",
    "mh_wait_4wk",
    "mh_fu72",
    "mh_no_prior_contact",
    "mh_admissions",
    "mh_discharges",
    "mh_access_2plus",
];
const QUARTERS: [(i32, i32); 12] = [
    (2023, 7),
    (2023, 10),
    (2024, 1),
    (2024, 4),
    (2024, 7),
    (2024, 10),
    (2025, 1),
    (2025, 4),
    (2025, 7),
    (2025, 10),
    (2026, 1),
    (2026, 4),
];

fn ends() -> impl Iterator<Item = (String, i32)> {
    QUARTERS.iter().map(|(year, month)| {
        let end = pathlink::synth::day_of(*year, *month, 1) - 1;
        (date(end), end)
    })
}

fn add_referrals(figures: &mut Figures, sent: &Sent<'_>) {
    for referral in sent.referrals.values() {
        let (of, received) = (referral.patient.of(), date(referral.received));
        figures.share("mh_rejected", &received, of, referral.is_rejected);
        let is_timed = referral.received_minute.is_some();
        let is_crisis = referral.has_team(&["A02", "A18", "A19"]) && is_timed;
        if is_crisis && referral.priority == "4" {
            figures.share("mh_crisis_4h", &received, of, referral.is_seen_within(240));
        }
        if is_crisis && referral.priority == "2" {
            figures.share("mh_crisis_24h", &received, of, referral.is_seen_within(1440));
        }
        if referral.has_team(&["A11", "C05"]) && referral.source == "H1" && is_timed {
            figures.share("mh_liaison_1h", &received, of, referral.is_seen_within(60));
        }
        let direct = referral.direct();
        if let Some(first) = direct.first() {
            for metric in ["mh_wait_first", "mh_wait_first_p90"] {
                figures.number(metric, &date(*first), of, [first - referral.received, 0]);
            }
        }
        if let Some(second) = direct.get(1).filter(|_| referral.is_community()) {
            for metric in ["mh_wait_second", "mh_wait_second_p90"] {
                figures.number(metric, &date(*second), of, [second - referral.received, 0]);
            }
        }
        for (text, end) in ends() {
            let is_open = referral.received <= end && referral.ended.is_none_or(|ended| ended > end);
            if !is_open || referral.is_rejected || direct.iter().any(|day| *day <= end) {
                continue;
            }
            figures.count("mh_still_waiting", &text, of);
            for weeks in [4, 18, 52] {
                if end - referral.received > weeks * 7 {
                    figures.count(&format!("mh_still_waiting_{weeks}wk"), &text, of);
                }
            }
        }
        add_end(figures, sent, referral, direct.len());
    }
}

/// What is counted on the day a referral ends.
fn add_end(figures: &mut Figures, sent: &Sent<'_>, referral: &Referral<'_>, direct: usize) {
    let Some(ended) = referral.ended else { return };
    let of = referral.patient.of();
    if direct > 0 {
        figures.number("mh_contacts_per_referral", &date(ended), of, [direct as i32, 0]);
    }
    for most in [30, 90, 180, 365] {
        if is_covered(of.provider, ended, ended + most) {
            let is_again = sent.referrals.values().any(|other| {
                let is_same = other.patient.person == of.person && other.patient.provider == of.provider;
                is_same && other.received > ended && other.received <= ended + most
            });
            figures.share(&format!("mh_rereferral_{most}"), &date(ended), of, is_again);
        }
    }
}

/// Waits of referrals that follow each other closely.
fn add_clocks(figures: &mut Figures, sent: &Sent<'_>) {
    let mut by_person: BTreeMap<(&str, &str), Vec<&Referral<'_>>> = BTreeMap::new();
    for referral in sent.referrals.values().filter(|one| one.is_community() && !one.is_rejected) {
        by_person.entry((referral.patient.provider, referral.patient.person)).or_default().push(referral);
    }
    for own in by_person.values_mut() {
        own.sort_by_key(|referral| referral.received);
        let mut clocks: Vec<Vec<&Referral<'_>>> = Vec::new();
        for referral in own {
            let is_near = clocks.last().is_some_and(|clock| {
                clock.iter().any(|one| one.ended.is_none_or(|ended| referral.received <= ended + 5))
            });
            if is_near { clocks.last_mut().unwrap().push(referral) } else { clocks.push(vec![referral]) }
        }
        for clock in clocks {
            let mut direct: Vec<i32> = clock.iter().flat_map(|referral| referral.direct()).collect();
            direct.sort_unstable();
            add_full_stop(figures, sent, &clock, direct.first().copied());
            for (text, end) in ends() {
                let is_open = clock.iter().any(|one| one.ended.is_none_or(|ended| ended > end));
                let is_waiting = direct.iter().filter(|day| **day <= end).count() < 2;
                for weeks in [52, 78, 104] {
                    if is_open && is_waiting && end - clock[0].received > weeks * 7 {
                        figures.count(&format!("mh_wait_{weeks}wk"), &text, clock[0].patient.of());
                    }
                }
            }
        }
    }
}

/// A wait that stopped in full, on the day of the last of a contact, a score and a care plan.
fn add_full_stop(figures: &mut Figures, sent: &Sent<'_>, clock: &[&Referral<'_>], contact: Option<i32>) {
    let (patient, start) = (&clock[0].patient, clock[0].received);
    let is_in = |day: i32| day >= start && clock.iter().any(|one| one.ended.is_none_or(|ended| day <= ended));
    let is_own = |plan: &&(&str, &str, i32)| plan.0 == patient.provider && plan.1 == patient.person && is_in(plan.2);
    let planned = sent.plans.iter().filter(is_own).map(|plan| plan.2).min();
    let scored = clock.iter().flat_map(|one| one.scored()).min();
    if let (Some(contact), Some(scored), Some(planned)) = (contact, scored, planned) {
        let stop = contact.max(scored).max(planned);
        figures.share("mh_wait_4wk", &date(stop), patient.of(), stop - start <= 28);
    }
}

fn add_access(figures: &mut Figures, sent: &Sent<'_>) {
    let mut counted = Counted::new();
    for (text, end) in ends() {
        let from = pathlink::synth::day_of(text[..4].parse::<i32>().unwrap() - 1, text[5..7].parse().unwrap(), 1);
        // The month after the one of a year before.
        let from = day(&format!("{}-01", &date(from + 31)[..7]));
        for referral in sent.referrals.values().filter(|one| one.has_team(&CORE)) {
            for contact in referral.contacts.iter().filter(|one| one.is_direct && (from..=end).contains(&one.day)) {
                if referral.patient.is_aged(contact.day, 18, 200) {
                    add_to(&mut counted, &quarter(&text).unwrap(), referral.patient.of(), 1);
                }
            }
        }
    }
    for rows in counted.values_mut() {
        rows.retain(|_, rows| *rows >= 2);
    }
    add_often(figures, "mh_access_2plus", &counted);
}

fn mean(values: &[[i32; 2]]) -> Option<f64> {
    let sum: i32 = values.iter().map(|pair| pair[0]).sum();
    (!values.is_empty()).then(|| f64::from(sum) / values.len() as f64)
}

fn quantile(values: &[[i32; 2]], part: f64) -> Option<f64> {
    let mut sorted: Vec<i32> = values.iter().map(|pair| pair[0]).collect();
    sorted.sort_unstable();
    let place = sorted.len().checked_sub(1)? as f64 * part;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(f64::from(low) + (place - place.floor()) * f64::from(high - low))
}

fn median(values: &[[i32; 2]]) -> Option<f64> {
    quantile(values, 0.5)
}

fn p90(values: &[[i32; 2]]) -> Option<f64> {
    quantile(values, 0.9)
}

/// A metric of values, and what they come to.
type Valued = (&'static str, fn(&[[i32; 2]]) -> Option<f64>);

const VALUED: [Valued; 12] = [
    ("mh_contacts_per_referral", mean),
    ("mh_wait_first", median),
    ("mh_wait_first_p90", p90),
    ("mh_wait_second", median),
    ("mh_wait_second_p90", p90),
    ("mh_los_mean_adult", mean),
    ("mh_los_mean_older", mean),
    ("mh_los_mean_young", mean),
    ("mh_los_mean_acute", mean),
    ("mh_los_median_adult", median),
    ("mh_los_median_older", median),
    ("mh_los_median_young", median),
];

/// Every metric that is a count or a share.
fn counted() -> Vec<String> {
    let family = |stem: &str, ends: &[&str]| ends.iter().map(|end| format!("{stem}{end}")).collect::<Vec<String>>();
    [
        SHARES.map(str::to_owned).to_vec(),
        family("mh_rereferral_", &["30", "90", "180", "365"]),
        family("mh_readmit_", &["14", "28", "30"]),
        family("mh_still_waiting", &["", "_4wk", "_18wk", "_52wk"]),
        family("mh_wait_", &["52wk", "78wk", "104wk"]),
        family("mh_los_60_", &["adult", "older", "young"]),
        family("mh_los_90_", &["adult", "older", "young"]),
    ]
    .concat()
}

#[test]
fn figures_of_trusts_are_those_of_plain_loops_in_two_hundred_towns() {
    let metrics = counted();
    let names: Vec<&str> = metrics.iter().map(String::as_str).collect();
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut values: BTreeMap<&str, usize> = BTreeMap::new();
    assert!(TOWNS_OF_TRUSTS.len() >= 200);
    for town in TOWNS_OF_TRUSTS.iter() {
        let mut figures = Figures::default();
        figures.watch(&names);
        let sent = sent(town);
        add_referrals(&mut figures, &sent);
        add_clocks(&mut figures, &sent);
        add_access(&mut figures, &sent);
        add_spells(&mut figures, &sent);
        figures.assert_equal(town, &[], Depth::People);
        for metric in &names {
            *seen.entry(metric).or_insert(0) += figures.denominators(metric);
        }
        for (metric, of) in VALUED {
            *values.entry(metric).or_insert(0) += figures.assert_values((town, Depth::People), metric, of);
        }
    }
    assert!(seen.values().all(|rows| *rows > 50), "{seen:?}");
    assert!(values.values().all(|cells| *cells > 50), "{values:?}");
}

/// No percentage exceeds 100, and no numerator its denominator.
#[test]
fn no_share_of_a_trust_exceeds_the_whole() {
    let mut shares = 0;
    for town in TOWNS_OF_TRUSTS.iter() {
        for row in &town.evaluation.estimates.rows {
            let metric = pathlink::metrics::ALL[row.metric];
            let Some(cell) = row.cell.filter(|_| metric.statistic.form() == pathlink::metrics::Form::Share) else {
                continue;
            };
            assert!(cell.numerator <= cell.denominator, "{}", metric.id);
            assert!(row.value.is_none_or(|value| (0.0..=100.0).contains(&value)), "{}", metric.id);
            shares += usize::from(cell.denominator > 0 && metric.id.starts_with("mh_"));
        }
    }
    assert!(shares > 1000);
}
