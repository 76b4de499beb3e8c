//! Rows of Talking Therapies. In: a person. Out: lines of the IAPT-shaped tables. Leaves alone: what
//! happened (`therapies.rs`).

use super::calendar::Day;
use super::files::therapies;
use super::person::Person;
use super::recorded::Holder;
use super::therapies::{Scores, Session, TherapyReferral};
use super::world::THERAPIES;
use super::writer::Writer;

const GAD: &str = "445455005";

/// Writes everything Talking Therapies sends about a person.
pub(super) fn write_therapies(writer: &mut Writer, person: &Person) {
    let used = &person.therapies;
    if used.referrals.is_empty() {
        return;
    }
    let provider = used.provider;
    let local = writer.local_id(('T', provider));
    let record = writer.record(person, Holder::Therapies, THERAPIES[provider], &local);
    let is_in_care = used.referrals.iter().any(|referral| referral.ended.is_none());
    let mut row = writer.pages.row(therapies(0, provider));
    row.optional_number(record.number).text(record.status()).text(&local).text(THERAPIES[provider]).day(record.birth);
    row.text(&record.postcode).small(record.sex.into()).text(record.ethnic);
    row.optional_day(person.death.filter(|_| is_in_care)).text(&record.given).text(&record.family).end();
    for (number, referral) in used.referrals.iter().enumerate() {
        write_referral(writer, (provider, number), &local, referral);
    }
}

fn write_referral(writer: &mut Writer, (provider, number): (usize, usize), local: &str, referral: &TherapyReferral) {
    let id = writer.record_id(('H', provider), number);
    let mut row = writer.pages.row(therapies(1, provider));
    row.text(&id).text(local).text(THERAPIES[provider]).day(referral.received).text(referral.source);
    row.optional_day(referral.ended.map(|(day, _)| day)).text(referral.ended.map_or("", |(_, code)| code)).end();
    if let Some((day, scores)) = referral.self_scored {
        write_self_scores(writer, provider, &id, (day, scores));
    }
    for (place, session) in referral.sessions.iter().enumerate() {
        write_session(writer, (provider, number * 100 + place), &id, session);
    }
}

fn write_self_scores(writer: &mut Writer, provider: usize, id: &str, (day, scores): (Day, Scores)) {
    for (tool, score) in [(patient_health_tool(writer), scores.0), (GAD, scores.1)] {
        writer.pages.row(therapies(4, provider)).text(id).text(tool).small(score).day(day).end();
    }
}

/// The PHQ-9 code; one in ten is the older one.
fn patient_health_tool(writer: &mut Writer) -> &'static str {
    if writer.details.yes(0.1) { "506701000000100" } else { "720433000" }
}

fn write_session(writer: &mut Writer, (provider, number): (usize, usize), referral_id: &str, session: &Session) {
    let contact_id = writer.record_id(('K', provider), number);
    let attendance = if session.attended {
        writer.details.pick(&["5", "5", "5", "5", "5", "5", "5", "5", "6"])
    } else {
        writer.details.pick(&["3", "3", "2", "2", "4", "7"])
    };
    let attendance = writer.untidy(attendance);
    let mechanism = writer.details.pick(&["02", "02", "11", "01"]);
    let length = if session.attended { writer.details.between(4, 12) * 5 } else { 0 };
    let file = therapies(2, provider);
    let mut row = writer.pages.row(file);
    row.text(&contact_id).text(referral_id).day(session.day).text(&attendance).text(session.kind);
    let start = row.text(mechanism).text("Y").small(length).end();
    writer.perhaps_again(file, start);
    if !session.attended {
        return;
    }
    let activity_id = writer.record_id(('V', provider), number);
    writer.pages.row(therapies(3, provider)).text(&activity_id).text(&contact_id).end();
    if let Some(scores) = session.scores {
        for (tool, score) in [(patient_health_tool(writer), scores.0), (GAD, scores.1)] {
            writer.pages.row(therapies(5, provider)).text(&activity_id).text(tool).small(score).end();
        }
    }
}
