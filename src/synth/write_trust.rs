//! Rows of the trust. In: a person. Out: lines of the MHSDS-shaped tables. Leaves alone: what happened (`trust.rs`).

use super::calendar::{Day, LAST_DAY};
use super::files::trust;
use super::person::Person;
use super::recorded::Holder;
use super::trust::{Spell, TrustReferral};
use super::world::TRUSTS;
use super::writer::Writer;

/// Days after the last sign of care in which the trust still hears of a death.
const HEARS_OF_DEATH_DAYS: i32 = 120;

/// Writes everything the trust sends about a person.
pub(super) fn write_trust(writer: &mut Writer, person: &Person) {
    let used = &person.trust;
    if used.referrals.is_empty() && used.spells.is_empty() {
        return;
    }
    let local = writer.local_id(('M', used.provider));
    write_index(writer, person, &local);
    for (number, referral) in used.referrals.iter().enumerate() {
        let id = writer.record_id(('R', used.provider), number);
        write_referral(writer, used.provider, (&id, &local), referral);
        write_contacts(writer, (used.provider, number), &id, referral);
    }
    for (number, spell) in used.spells.iter().enumerate() {
        let id = writer.record_id(('R', used.provider), used.referrals.len() + number);
        let own = TrustReferral {
            received: spell.start,
            discharged: Some(spell.end).filter(|&end| end <= LAST_DAY),
            rejected: None,
            team: "A02",
            source: "H1",
            contacts: Vec::new(),
        };
        write_referral(writer, used.provider, (&id, &local), &own);
        write_spell(writer, (used.provider, number), &id, spell);
    }
}

fn write_index(writer: &mut Writer, person: &Person, local: &str) {
    let provider = person.trust.provider;
    let record = writer.record(person, Holder::Trust, TRUSTS[provider], local);
    let death = person.death.filter(|&death| last_sign(person) + HEARS_OF_DEATH_DAYS >= death || death % 3 == 0);
    let mut row = writer.pages.row(trust(0, provider));
    row.optional_number(record.number).text(record.status()).text(local).text(TRUSTS[provider]);
    row.day(record.birth).text(&record.postcode).text(record.ethnic).small(record.sex.into());
    row.optional_day(death).text(&record.given).text(&record.family).end();
}

/// Last day the trust dealt with the person; the end of the data while a referral is open.
fn last_sign(person: &Person) -> Day {
    let of_referrals = person.trust.referrals.iter().map(|referral| referral.discharged.unwrap_or(LAST_DAY));
    let of_spells = person.trust.spells.iter().map(|spell| spell.end);
    of_referrals.chain(of_spells).max().unwrap_or(0)
}

fn write_referral(writer: &mut Writer, provider: usize, (id, local): (&str, &str), referral: &TrustReferral) {
    let priority = writer.details.pick(&["3", "3", "3", "2", "4", "1"]);
    let team = writer.details.between(10, 99);
    let mut row = writer.pages.row(trust(1, provider));
    row.text(id).text(local).text(TRUSTS[provider]).day(referral.received).text(referral.source);
    row.text(priority).optional_day(referral.discharged).end();
    let mut row = writer.pages.row(trust(2, provider));
    row.text(id).text(&format!("TEAM{}{team}", referral.team)).text(referral.team);
    row.optional_day(referral.discharged).optional_day(referral.rejected).end();
}

fn write_contacts(
    writer: &mut Writer,
    (provider, referral_number): (usize, usize),
    id: &str,
    referral: &TrustReferral,
) {
    for (number, contact) in referral.contacts.iter().enumerate() {
        let contact_id = writer.record_id(('C', provider), referral_number * 700 + number);
        let minute = writer.details.between(9 * 60, 17 * 60);
        let status = if contact.attended {
            writer.details.pick(&["5", "5", "5", "5", "5", "5", "5", "5", "5", "6"])
        } else {
            writer.details.pick(&["3", "3", "3", "2", "2", "4", "7"])
        };
        let status = writer.untidy(status);
        let mechanism = writer.details.pick(&["01", "01", "01", "02", "11"]);
        let length = writer.details.between(3, 12) * 5;
        let file = trust(3, provider);
        let mut row = writer.pages.row(file);
        row.text(&contact_id).text(id).day(contact.day).minute(minute).text(&status).text(mechanism);
        let start = row.small(if contact.attended { length } else { 0 }).end();
        writer.perhaps_again(file, start);
    }
}

fn write_spell(writer: &mut Writer, (provider, number): (usize, usize), referral_id: &str, spell: &Spell) {
    let within = |end: Day| Some(end).filter(|&end| end <= LAST_DAY);
    let id = writer.record_id(('S', provider), number);
    let class = writer.details.pick(&["200", "200", "200", "201", "202"]);
    let mut row = writer.pages.row(trust(4, provider));
    row.text(&id).text(referral_id).day(spell.start).optional_day(within(spell.end)).end();
    if let [first, second] = spell.stays[..] {
        writer.pages.planted.stays_overlapping += u64::from(second.0 < first.1);
    }
    for (stay_number, &(start, end)) in spell.stays.iter().enumerate().filter(|(_, stay)| stay.0 <= LAST_DAY) {
        let stay_id = writer.record_id(('W', provider), number * 2 + stay_number);
        let mut row = writer.pages.row(trust(5, provider));
        row.text(&stay_id).text(&id).day(start).optional_day(within(end)).text(class).end();
    }
}
