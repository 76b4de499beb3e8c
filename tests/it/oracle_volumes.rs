//! How much the trusts of two hundred towns did, a second time: plain loops over the raw text, from the definitions alone.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures};
use crate::oracle_spells::{Counted, add_often, add_to};
use crate::raw::{Row, day, quarter, rows};
use crate::therapy_towns::date;
use crate::town::Town;
use crate::trust_sent::{Patient, Sent, sent};
use crate::trust_towns::TOWNS_OF_TRUSTS;

const METRICS: [&str; 10] = [
    "mh_new_referrals",
    "mh_open_referrals",
    "mh_caseload",
    "mh_discharged",
    "mh_contacts",
    "mh_contacts_attended",
    "mh_contacts_missed",
    "mh_dna",
    "mh_dna_late",
    "mh_bed_days",
];
const YEARS: std::ops::RangeInclusive<i32> = 2023..=2026;

/// The last days of the twelve quarters.
fn quarter_ends() -> impl Iterator<Item = i32> {
    let all = YEARS.flat_map(|year| [1, 4, 7, 10].map(|month| pathlink::synth::day_of(year, month, 1) - 1));
    all.filter(|end| quarter(&date(*end)).is_some())
}

/// The last of the rows of each id.
fn last_of<'a>(town: &'a Town, table: &str, id: &str) -> BTreeMap<(&'a str, &'a str), Row<'a>> {
    let all = rows(town, "mental_health/", &format!("_{table}.csv"));
    all.into_iter().map(|row| ((row.place, row.get(id)), row)).collect()
}

fn add_referrals(figures: &mut Figures, sent: &Sent<'_>) {
    let (mut open, mut ended) = (Counted::new(), Counted::new());
    for referral in sent.referrals.values() {
        let of = referral.patient.of();
        figures.count("mh_new_referrals", &date(referral.received), of);
        for end in quarter_ends() {
            if referral.received <= end && referral.ended.is_none_or(|ended| ended > end) {
                figures.count("mh_open_referrals", &date(end), of);
                add_to(&mut open, &quarter(&date(end)).unwrap(), of, 1);
            }
        }
        if let Some(quarter) = referral.ended.and_then(|ended| quarter(&date(ended))) {
            add_to(&mut ended, &quarter, of, 1);
        }
    }
    add_often(figures, "mh_caseload", &open);
    add_often(figures, "mh_discharged", &ended);
}

fn add_contacts(figures: &mut Figures, town: &Town, sent: &Sent<'_>) {
    for ((place, _), row) in last_of(town, "MHS201CareContact", "UniqCareContID") {
        let of = sent.referrals[&(place, row.get("UniqServReqID"))].patient.of();
        let (on, status) = (row.get("CareContDate"), row.code("AttendStatus"));
        figures.count("mh_contacts", on, of);
        let is_attended = matches!(status, "5" | "6");
        if is_attended {
            figures.count("mh_contacts_attended", on, of);
        }
        if matches!(status, "2" | "3" | "4" | "5" | "6" | "7") {
            figures.share("mh_contacts_missed", on, of, !is_attended);
        }
        if matches!(status, "3" | "5" | "6" | "7") {
            figures.share("mh_dna", on, of, status == "3");
            figures.share("mh_dna_late", on, of, !is_attended);
        }
    }
}

/// One row a night: the day of discharge is none, and who is still there stays the last night that is counted.
fn add_nights(figures: &mut Figures, town: &Town, sent: &Sent<'_>) {
    let spells: BTreeMap<(&str, &str), &Patient<'_>> =
        sent.spells.iter().map(|spell| (spell.id, &spell.patient)).collect();
    let last = town.evaluation.coverage.as_of;
    for ((place, _), row) in last_of(town, "MHS502WardStay", "UniqWardStayID") {
        let of = spells[&(place, row.get("UniqHospProvSpellID"))].of();
        let end = row.get("EndDateWardStay");
        let end = if end.is_empty() { last + 1 } else { day(end).min(last + 1) };
        for night in day(row.get("StartDateWardStay"))..end {
            figures.count("mh_bed_days", &date(night), of);
        }
    }
}

#[test]
fn what_trusts_did_is_that_of_plain_loops_in_two_hundred_towns() {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    assert!(TOWNS_OF_TRUSTS.len() >= 200);
    for town in TOWNS_OF_TRUSTS.iter() {
        let mut figures = Figures::default();
        figures.watch(&METRICS);
        let sent = sent(town);
        add_referrals(&mut figures, &sent);
        add_contacts(&mut figures, town, &sent);
        add_nights(&mut figures, town, &sent);
        figures.assert_equal(town, &[], Depth::People);
        for metric in METRICS {
            *seen.entry(metric).or_insert(0) += figures.denominators(metric);
        }
    }
    assert!(seen.values().all(|rows| *rows > 500), "{seen:?}");
}
