//! Hospital spells a second time: plain loops, from the definitions alone. `oracle_trust` compares what they find.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{Figures, Of, Often};
use crate::raw::quarter;
use crate::therapy_towns::date;
use crate::trust_sent::{Sent, Spell, is_covered};

const ACUTE: [&str; 6] = ["10", "11", "12", "200", "201", "202"];
const FOLLOWED: [&str; 12] = ["10", "11", "12", "16", "17", "18", "200", "201", "202", "205", "212", "213"];

/// People by quarter, breakdown and level, with how many rows each has.
pub(crate) type Counted = BTreeMap<[String; 3], BTreeMap<String, u64>>;

/// Adds a person's rows.
pub(crate) fn add_to(counted: &mut Counted, quarter: &str, of: Of<'_>, rows: u64) {
    for (breakdown, level) in [("all", "all"), ("provider", of.provider), ("sex", of.sex)] {
        let key = [quarter, breakdown, level].map(str::to_owned);
        *counted.entry(key).or_default().entry(of.person.to_owned()).or_insert(0) += rows;
    }
}

/// People with any row, out of all.
pub(crate) fn add_often(figures: &mut Figures, metric: &str, counted: &Counted) {
    for (key, rows) in counted.iter().filter(|(_, rows)| !rows.is_empty()) {
        let of = Often { rows, at_least: 1, counts_rows: false };
        figures.often(metric, [&key[0], &key[1], &key[2]], &of);
    }
}

/// Lengths of stay: whom they are of.
fn groups(spell: &Spell<'_>, end: i32) -> Vec<&'static str> {
    let aged = |from, to| spell.patient.is_aged(end, from, to);
    let mut groups = Vec::new();
    if aged(18, 64) && matches!(spell.last_bed, "10" | "200") {
        groups.push("adult");
    }
    if aged(65, 200) && matches!(spell.last_bed, "11" | "201") {
        groups.push("older");
    }
    if aged(0, 17) {
        groups.push("young");
    }
    if aged(18, 200) && ACUTE.contains(&spell.last_bed) {
        groups.push("acute");
    }
    groups
}

/// Everything of spells.
pub(crate) fn add_spells(figures: &mut Figures, sent: &Sent<'_>) {
    let mut long: BTreeMap<String, Counted> = BTreeMap::new();
    for spell in &sent.spells {
        let of = spell.patient.of();
        figures.count("mh_admissions", &date(spell.start), of);
        let is_new = spell.patient.is_aged(spell.start, 18, 200) && ACUTE.contains(&spell.first_bed);
        let is_out = matches!(spell.source, "49" | "53" | "87");
        if is_new && !is_out && is_covered(of.provider, spell.start - 365, spell.start) {
            figures.share("mh_no_prior_contact", &date(spell.start), of, !had_contact(sent, spell));
        }
        let Some(end) = spell.end else { continue };
        figures.count("mh_discharges", &date(end), of);
        for group in groups(spell, end) {
            let days = end - spell.start;
            for metric in ["mean", "median"] {
                figures.number(&format!("mh_los_{metric}_{group}"), &date(end), of, [days, 0]);
            }
            for most in [60, 90] {
                if let Some(quarter) = quarter(&date(end)) {
                    let counted = long.entry(format!("mh_los_{most}_{group}")).or_default();
                    add_to(counted, &quarter, of, u64::from(days >= most));
                }
            }
        }
        add_after(figures, sent, (spell, end));
    }
    for (metric, counted) in long.iter().filter(|(metric, _)| !metric.ends_with("acute")) {
        add_often(figures, metric, counted);
    }
}

fn had_contact(sent: &Sent<'_>, spell: &Spell<'_>) -> bool {
    let days = spell.start - 365..=spell.start - 3;
    let own = sent.referrals.values().filter(|one| one.patient.person == spell.patient.person);
    own.flat_map(|one| &one.contacts).any(|contact| days.contains(&contact.day))
        || sent.indirect.iter().any(|(person, day)| *person == spell.patient.person && days.contains(day))
}

/// What follows a discharge.
fn add_after(figures: &mut Figures, sent: &Sent<'_>, (spell, end): (&Spell<'_>, i32)) {
    let of = spell.patient.of();
    let others = || {
        let is_other = |other: &&Spell<'_>| other.id != spell.id && other.patient.person == of.person;
        sent.spells.iter().filter(is_other)
    };
    let is_index = !matches!(spell.method, "4" | "6" | "7" | "8")
        && !matches!(spell.destination, "48" | "49" | "50" | "53" | "79" | "84" | "87");
    for (days, most) in [(14, 13), (28, 28), (30, 30)] {
        if is_index && is_covered(of.provider, end, end + days) {
            let is_again = others().any(|other| other.start >= end && other.start <= end + most);
            figures.share(&format!("mh_readmit_{days}"), &date(end), of, is_again);
        }
    }
    let destinations = ["30", "37", "38", "40", "42", "48", "49", "50", "53", "79", "84", "87", "89"];
    let is_out = matches!(spell.method, "4" | "5")
        || destinations.contains(&spell.destination)
        || spell.patient.died.is_some_and(|died| died <= end + 3);
    let responsible = responsible(sent, (spell, end));
    let is_sent = responsible.iter().chain([&of.provider]).all(|trust| is_covered(trust, end, end + 3));
    if is_out || !FOLLOWED.contains(&spell.last_bed) || !is_sent {
        return;
    }
    let is_in_time = |day: i32| day > end && day <= end + 3;
    let is_seen = sent.referrals.values().any(|one| {
        let is_own = one.patient.person == of.person && responsible.contains(one.patient.provider);
        is_own && one.contacts.iter().any(|contact| contact.is_direct && is_in_time(contact.day))
    });
    let is_back = others().any(|other| responsible.contains(other.patient.provider) && is_in_time(other.start));
    figures.share("mh_fu72", &date(end + 4), of, is_seen || is_back);
}

/// Trusts that a discharge leaves responsible: those that the person was referred on to in the stay and that send data; the own one
/// for each that does not, and where there is none.
fn responsible<'a>(sent: &Sent<'a>, (spell, end): (&Spell<'a>, i32)) -> BTreeSet<&'a str> {
    let own = spell.patient.provider;
    let mut found = BTreeSet::new();
    for (provider, referral, day, to) in &sent.onward {
        let is_of_stay = (*provider, *referral) == (own, spell.referral) && (spell.start..=end).contains(day);
        if !is_of_stay || to.is_empty() || to[..3] == *own {
            continue;
        }
        found.insert(sent.trusts.get(&to[..3]).copied().unwrap_or(own));
    }
    if found.is_empty() {
        found.insert(own);
    }
    found
}
