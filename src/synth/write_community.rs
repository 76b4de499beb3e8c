//! Rows of the charities. In: a person. Out: clients, referrals, contacts, outcomes. Leaves alone:
//! what happened (`community.rs`).

use super::community::CommunityReferral;
use super::files::charity;
use super::person::Person;
use super::recorded::Holder;
use super::world::CHARITIES;
use super::writer::Writer;

/// Writes everything the charities send about a person.
pub(super) fn write_community(writer: &mut Writer, person: &Person) {
    for provider in 0..CHARITIES.len() {
        let mut referrals = person.community.iter().enumerate().filter(|(_, one)| one.provider == provider).peekable();
        if referrals.peek().is_none() {
            continue;
        }
        let local = writer.local_id(('L', provider));
        write_client(writer, person, provider, &local);
        for (number, referral) in referrals {
            write_referral(writer, number, &local, referral);
        }
    }
}

fn write_client(writer: &mut Writer, person: &Person, provider: usize, local: &str) {
    let record = writer.record(person, Holder::Charity(provider), CHARITIES[provider], local);
    let is_refused = writer.details.yes(0.01) && writer.has_dirt();
    writer.pages.planted.consents_refused += u64::from(is_refused);
    let mut row = writer.pages.row(charity(0, provider));
    row.text(CHARITIES[provider]).text(local).optional_number(record.number).text(&record.given).text(&record.family);
    row.day(record.birth).text(&record.postcode).small(record.sex.into()).text(record.ethnic);
    row.text(if is_refused { "no" } else { "yes" }).end();
}

fn write_referral(writer: &mut Writer, number: usize, local: &str, referral: &CommunityReferral) {
    let provider = referral.provider;
    let name = CHARITIES[provider];
    let id = writer.record_id(('F', provider), number);
    let mut row = writer.pages.row(charity(1, provider));
    row.text(name).text(&id).text(local).day(referral.day).text(referral.source).text(referral.offer);
    row.optional_day(referral.ended.map(|(day, _)| day)).text(referral.ended.map_or("", |(_, reason)| reason)).end();
    for (place, &(day, is_attended)) in referral.contacts.iter().enumerate() {
        let contact_id = writer.record_id(('N', provider), number * 20 + place);
        let outcome = if is_attended {
            "attended"
        } else {
            writer.details.pick(&["did_not_attend", "cancelled_by_client", "cancelled_by_service"])
        };
        let mode = writer.details.pick(&["face_to_face", "face_to_face", "telephone", "video", "group", "outreach"]);
        let length = if is_attended { writer.details.between(3, 12) * 5 } else { 0 };
        let file = charity(2, provider);
        let mut row = writer.pages.row(file);
        let start = row.text(name).text(&contact_id).text(&id).day(day).text(outcome).text(mode).small(length).end();
        writer.perhaps_again(file, start);
    }
    for &(day, score) in &referral.outcomes {
        writer.pages.row(charity(3, provider)).text(name).text(&id).day(day).text("SWEMWBS").small(score).end();
    }
}
