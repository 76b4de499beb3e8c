//! Charities a second time: plain loops over the raw text of two hundred small towns, from the definitions alone.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures, Of};
use crate::raw::{day, rows};
use crate::service_towns::TOWNS_OF_SERVICES;
use crate::town::Town;

const METRICS: [&str; 7] =
    ["vc_referrals", "vc_engaged", "vc_contacts_attended", "vc_dna", "vc_completed", "vc_paired", "vc_goal_improved"];
/// Scales with the most and least points, and whether more points are better.
const SCALES: [(&str, &str, f64, f64, bool); 8] = [
    ("vc_change_swemwbs", "SWEMWBS", 7.0, 35.0, true),
    ("vc_change_phq9", "PHQ9", 0.0, 27.0, false),
    ("vc_change_gad7", "GAD7", 0.0, 21.0, false),
    ("vc_change_gbo", "GBO", 0.0, 10.0, true),
    ("vc_change_ons4_satisfaction", "ONS4_satisfaction", 0.0, 10.0, true),
    ("vc_change_ons4_worthwhile", "ONS4_worthwhile", 0.0, 10.0, true),
    ("vc_change_ons4_happiness", "ONS4_happiness", 0.0, 10.0, true),
    ("vc_change_ons4_anxiety", "ONS4_anxiety", 0.0, 10.0, false),
];

/// A referral of somebody who agreed.
struct Referral<'a> {
    of: Of<'a>,
    received: &'a str,
    ended: &'a str,
    reason: &'a str,
    /// Days on which somebody came.
    seen: Vec<&'a str>,
    /// By scale, days with hundredths of points.
    scores: BTreeMap<&'a str, Vec<(&'a str, i32)>>,
}

fn referrals<'a>(town: &'a Town, figures: &mut Figures) -> Vec<Referral<'a>> {
    let list = rows(town, "gp/", "gp_registration.csv");
    let sexes: BTreeMap<&str, &str> = list.iter().map(|row| (row.get("nhs_number"), row.get("sex"))).collect();
    // Of somebody without a number A&E may know the sex, but not that it is the same person.
    let sex = |number: &str| match sexes.get(number) {
        Some(&"1") => "male",
        Some(_) => "female",
        None => "not_known",
    };
    let mut clients = BTreeMap::new();
    for row in rows(town, "community/", "_community_client.csv") {
        if row.get("consent_to_link") == "yes" {
            let (number, local) = (row.get("nhs_number"), row.get("local_client_id"));
            let person = if number.is_empty() { local } else { number };
            clients.insert(local, Of { provider: "ZC1", sex: sex(number), person });
        }
    }
    let mut referrals = BTreeMap::new();
    for row in rows(town, "community/", "_community_referral.csv") {
        let Some(of) = clients.get(row.get("local_client_id")) else { continue };
        let (ended, reason) = (row.get("end_date"), row.get("end_reason"));
        let received = row.get("referral_date");
        let referral = Referral { of: *of, received, ended, reason, seen: Vec::new(), scores: BTreeMap::new() };
        referrals.insert(row.get("referral_id"), referral);
    }
    for row in rows(town, "community/", "_community_contact.csv") {
        let Some(referral) = referrals.get_mut(row.get("referral_id")) else { continue };
        let on = row.get("contact_date");
        match row.get("attended") {
            "attended" => {
                figures.count("vc_contacts_attended", on, referral.of);
                figures.share("vc_dna", on, referral.of, false);
                referral.seen.push(on);
            }
            "did_not_attend" => figures.share("vc_dna", on, referral.of, true),
            _ => {}
        }
    }
    for row in rows(town, "community/", "_community_outcome.csv") {
        let Some(referral) = referrals.get_mut(row.get("referral_id")) else { continue };
        let (_, scale, least, most, _) = SCALES.iter().find(|known| known.1 == row.get("scale")).unwrap();
        if let Ok(score) = row.get("score").parse::<f64>()
            && (*least..=*most).contains(&score)
        {
            let hundredths = (score * 100.0).round() as i32;
            referral.scores.entry(scale).or_default().push((row.get("score_date"), hundredths));
        }
    }
    referrals.into_values().collect()
}

fn add(figures: &mut Figures, referral: &Referral<'_>) {
    let (of, received) = (referral.of, referral.received);
    figures.count("vc_referrals", received, of);
    let first = referral.seen.iter().filter(|on| day(on) >= day(received)).min();
    let wait = first.map(|first| day(first) - day(received));
    if day(received) + 90 <= day("2026-03-31") {
        figures.share("vc_engaged", received, of, wait.is_some_and(|days| days <= 90));
    }
    if let Some((first, wait)) = first.zip(wait) {
        figures.number("vc_wait_first_median", first, of, [wait; 2]);
        figures.number("vc_wait_first_p90", first, of, [wait; 2]);
    }
    let on = referral.ended;
    if on.is_empty() {
        return;
    }
    if !referral.reason.is_empty() {
        figures.share("vc_completed", on, of, matches!(referral.reason, "completed" | "goals_met"));
    }
    let mut is_paired = false;
    for (metric, scale, _, _, is_more_better) in SCALES {
        let mut scores = referral.scores.get(scale).cloned().unwrap_or_default();
        scores.sort_unstable();
        let [(_, first), .., (_, last)] = scores[..] else { continue };
        is_paired = true;
        let gain = if is_more_better { last - first } else { first - last };
        figures.number(metric, on, of, [gain; 2]);
        if scale == "GBO" {
            figures.share("vc_goal_improved", on, of, gain >= 300);
        }
    }
    figures.share("vc_paired", on, of, is_paired);
}

/// Of sorted numbers the one at a part of the way, between two where it falls between them.
fn at(numbers: &[[i32; 2]], part: f64) -> f64 {
    let mut all: Vec<i32> = numbers.iter().map(|pair| pair[0]).collect();
    all.sort_unstable();
    let place = (all.len() - 1) as f64 * part;
    let (low, high) = (all[place.floor() as usize], all[place.ceil() as usize]);
    f64::from(low) + (place - place.floor()) * f64::from(high - low)
}

fn mean_of_hundredths(numbers: &[[i32; 2]]) -> f64 {
    let sum: i32 = numbers.iter().map(|pair| pair[0]).sum();
    f64::from(sum) / 100.0 / numbers.len() as f64
}

#[test]
fn charity_figures_equal_plain_loops_in_two_hundred_small_towns_full_of_edges() {
    let mut seen = BTreeMap::new();
    let mut values = BTreeMap::new();
    for town in TOWNS_OF_SERVICES.iter() {
        let mut figures = Figures::default();
        figures.watch(&METRICS);
        for referral in &referrals(town, &mut figures) {
            add(&mut figures, referral);
        }
        figures.assert_equal(town, &[], Depth::People);
        for metric in METRICS {
            *seen.entry(metric).or_insert(0) += figures.denominators(metric);
        }
        let of = (town, Depth::People);
        for (metric, ..) in SCALES {
            *values.entry(metric).or_insert(0) +=
                figures.assert_values(of, metric, |gains| Some(mean_of_hundredths(gains)));
        }
        *values.entry("median").or_insert(0) +=
            figures.assert_values(of, "vc_wait_first_median", |waits| Some(at(waits, 0.5)));
        *values.entry("p90").or_insert(0) +=
            figures.assert_values(of, "vc_wait_first_p90", |waits| Some(at(waits, 0.9)));
    }
    assert!(seen.values().all(|rows| *rows > 100), "{seen:?}");
    assert!(values.values().all(|found| *found > 100), "{values:?}");
}
