//! Paired outcomes of trusts a second time: plain loops over the raw text of two hundred small towns.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures};
use crate::therapy_towns::date;
use crate::trust_sent::{Referral, sent};
use crate::trust_towns::{TOOLS, TOWNS_OF_TRUSTS};

/// Days and points of one scale.
type Scale = Vec<(i32, f64)>;

const TEAMS: [&str; 8] = ["A05", "A06", "A08", "A09", "A12", "A13", "A14", "A16"];
/// Teams that outcomes of children leave out; the towns have no other.
const SPECIALIST: &str = "A14";
/// Scale, whether higher is better, and the least change, in points or T-points.
const CHILDREN: [(&str, bool, f64); 7] = [
    ("phq9", false, 6.0),
    ("gbo 0", true, 3.0),
    ("gbo 1", true, 3.0),
    ("prosocial", true, 4.0),
    ("score15", false, 10.0),
    ("rcads", false, 17.73),
    ("honosca", false, 2.0),
];
/// Standard deviations of RCADS depression, of boys and girls, in two-year bands from 8.
const DEVIATIONS: [[f64; 5]; 2] = [[4.09, 3.64, 3.64, 4.10, 3.81], [4.75, 4.10, 3.91, 3.68, 4.45]];

/// Valid scores by scale.
fn valid(referral: &Referral<'_>) -> BTreeMap<&'static str, Scale> {
    let mut scales: BTreeMap<&str, Scale> = BTreeMap::new();
    for (code, day, text) in &referral.scores {
        let tool = TOOLS.iter().find(|tool| tool.code == *code).unwrap();
        if let Ok(score) = text.parse::<f64>()
            && score >= tool.range.0
            && score <= tool.range.1
        {
            scales.entry(tool.scale).or_default().push((*day, score));
        }
    }
    scales
}

/// Last less first, of two days; the first from one day on, the last from another on, both to a third.
fn change(scores: &[(i32, f64)], [first_from, last_from, to]: [i32; 3]) -> Option<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).unwrap());
    let first = sorted.iter().find(|(day, _)| (first_from..=to).contains(day))?;
    let last = sorted.iter().rev().find(|(day, _)| (last_from..=to).contains(day))?;
    (last.0 > first.0).then_some(last.1 - first.1)
}

fn add_adult(figures: &mut Figures, referral: &Referral<'_>, ended: i32) {
    let (of, on) = (referral.patient.of(), date(ended));
    let scales = valid(referral);
    for (id, stem, least) in [
        ("dialog", "dialog", Some(1.0)),
        ("reqol", "reqol", Some(5.0)),
        ("gbo", "gbo", Some(3.0)),
        ("honos", "honos ", None),
    ] {
        let days = [referral.received, referral.received, ended];
        let own = scales.iter().filter(|(scale, _)| scale.starts_with(stem));
        let changes: Vec<f64> = own.filter_map(|(_, scores)| change(scores, days)).collect();
        figures.share(&format!("mh_proms_paired_{id}"), &on, of, !changes.is_empty());
        if changes.is_empty() {
            continue;
        }
        let mean = changes.iter().sum::<f64>() / changes.len() as f64;
        figures.number(&format!("mh_proms_change_{id}"), &on, of, [(mean * 100.0).round() as i32, 0]);
        if let Some(least) = least {
            figures.share(&format!("mh_proms_improved_{id}"), &on, of, mean >= least);
        }
    }
}

fn add_child(figures: &mut Figures, referral: &Referral<'_>, ended: i32) {
    let direct = referral.direct();
    let all_special = !referral.teams.is_empty() && referral.teams.iter().all(|team| *team == SPECIALIST);
    if direct.len() < 2 || referral.has_spell || all_special {
        return;
    }
    let (mut pairs, mut better, mut worse) = (0, 0, 0);
    let scales = valid(referral);
    for (scale, is_higher_better, least) in CHILDREN {
        let empty = Scale::new();
        let scores = scales.get(scale).unwrap_or(&empty);
        let Some(mut rise) = change(scores, [direct[0], direct[1], ended]) else { continue };
        if scale == "rcads" {
            let age = referral.patient.age(referral.received).unwrap();
            if age < 8 {
                continue;
            }
            let sex = usize::from(referral.patient.sex == "female");
            rise *= 10.0 / DEVIATIONS[sex][(age as usize - 8) / 2];
        }
        let gain = if is_higher_better { rise } else { -rise };
        pairs += 1;
        better += i32::from(gain >= least);
        worse += i32::from(gain <= -least);
    }
    if pairs > 0 {
        figures.share("mh_cyp_outcome", &date(ended), referral.patient.of(), better > 0 && worse == 0);
    }
}

fn hundredths(values: &[[i32; 2]]) -> Option<f64> {
    let sum: i32 = values.iter().map(|pair| pair[0]).sum();
    (!values.is_empty()).then(|| f64::from(sum) / values.len() as f64 / 100.0)
}

#[test]
fn paired_outcomes_are_those_of_plain_loops_in_two_hundred_towns() {
    let family = |stem: &str, ends: &[&str]| ends.iter().map(|end| format!("{stem}{end}")).collect::<Vec<String>>();
    let all = ["dialog", "reqol", "gbo", "honos"];
    let shares =
        [family("mh_proms_paired_", &all), family("mh_proms_improved_", &all[..3]), vec!["mh_cyp_outcome".to_owned()]];
    let (shares, changes) = (shares.concat(), family("mh_proms_change_", &all));
    let names: Vec<&str> = shares.iter().map(String::as_str).collect();
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut values: BTreeMap<&str, usize> = BTreeMap::new();
    assert!(TOWNS_OF_TRUSTS.len() >= 200);
    for town in TOWNS_OF_TRUSTS.iter() {
        let mut figures = Figures::default();
        figures.watch(&names);
        let sent = sent(town);
        for referral in sent.referrals.values().filter(|one| !one.is_rejected) {
            let Some(ended) = referral.ended else { continue };
            if referral.patient.is_aged(referral.received, 18, 200) && referral.has_team(&TEAMS) {
                add_adult(&mut figures, referral, ended);
            } else if referral.patient.is_aged(referral.received, 0, 17) {
                add_child(&mut figures, referral, ended);
            }
        }
        figures.assert_equal(town, &[], Depth::People);
        for metric in &names {
            *seen.entry(metric).or_insert(0) += figures.denominators(metric);
        }
        for metric in &changes {
            *values.entry(metric).or_insert(0) += figures.assert_values((town, Depth::People), metric, hundredths);
        }
    }
    // Few referrals of children close after two contacts with a pair of scores: 49 in these towns.
    assert!(seen.values().all(|rows| *rows > 40), "{seen:?}");
    assert!(values.values().all(|cells| *cells > 50), "{values:?}");
}
