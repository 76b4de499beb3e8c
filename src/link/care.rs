//! Care: referrals and everything that hangs on them, as frames.

use polars::prelude::DataFrame;

use super::assembly::{Assembly, Part, within_source};
use super::charges::Charge;
use super::date_order::{Dated, Lives, Warned};
use super::frames::{self, Hung, ScoreLinks, hop};
use super::other_tables;
use super::parents::Parents;
use crate::error::Error;
use crate::ingest::checks;
use crate::schema::Table;

/// Patients' rows with the person of each.
pub(super) struct PatientRows {
    pub(super) part: Part,
    pub(super) person: Vec<u32>,
}

/// The frames of referrals and of what hangs on them.
pub(super) struct CareFrames {
    /// Of each kept referral the row of its patient and the day it was received, in no order.
    pub(super) referred: Vec<(u32, i32)>,
    pub(super) referrals: DataFrame,
    pub(super) referral_teams: DataFrame,
    pub(super) contacts: DataFrame,
    pub(super) scores: DataFrame,
    pub(super) ward_stays: DataFrame,
}

/// Referrals and everything that hangs on them.
pub(super) fn care_frames(
    assembly: &Assembly<'_>,
    patients: PatientRows,
    lives: Lives<'_>,
) -> Result<(CareFrames, Vec<Charge>, Vec<Warned>), Error> {
    let births = lives.births;
    let source_of = assembly.source_of();
    // A local patient number is unique within a source: the token says so on both sides.
    let own = within_source(patients.part.rows.tokens("record"), &patients.part.rows.file, &source_of);
    let by_patient = Parents::new(&own, &patients.part.fates);
    let mut referrals = assembly.load(Table::Referrals)?;
    let wanted = within_source(referrals.rows.tokens("patient"), &referrals.rows.file, &source_of);
    let patient = by_patient.follow(&wanted, &mut referrals.fates);
    let by_referral = Parents::new(referrals.rows.tokens("record"), &referrals.fates);
    let mut charges = assembly.charge(&referrals, "patient")?;
    charges.extend(other_tables::charges(assembly, &by_patient, &by_referral)?);
    let person: Vec<u32> = hop(&patient, &patients.person);
    let order = frames::sorted(
        &person,
        referrals.rows.whole("received_date"),
        referrals.rows.tokens("record"),
        &referrals.fates,
    );
    let place = frames::inverse(&order, referrals.rows.len());
    let (teams, team_parent) = assembly.load_child(Table::ReferralTeams, "referral", &by_referral)?;
    charges.extend(assembly.charge(&teams, "referral")?);
    let only_team = frames::only_team(&teams, &team_parent, referrals.rows.len());
    let (contacts, contact_parent) = assembly.load_child(Table::Contacts, "referral", &by_referral)?;
    charges.extend(assembly.charge(&contacts, "referral")?);
    let by_contact = Parents::new(contacts.rows.tokens("record"), &contacts.fates);
    let (activities, activity_parent) = assembly.load_child(Table::Activities, "contact", &by_contact)?;
    charges.extend(assembly.charge(&activities, "contact")?);
    let by_activity = Parents::new(activities.rows.tokens("record"), &activities.fates);
    let (mut scores, score_activity) = assembly.load_child(Table::Scores, "activity", &by_activity)?;
    let score_referral = by_referral.follow(scores.rows.tokens("referral"), &mut scores.fates);
    charges.extend(assembly.charge(&scores, "referral")?);
    let (spells, spell_parent) = assembly.load_child(Table::Spells, "referral", &by_referral)?;
    charges.extend(assembly.charge(&spells, "referral")?);
    let by_spell = Parents::new(spells.rows.tokens("record"), &spells.fates);
    let (stays, stay_parent) = assembly.load_child(Table::WardStays, "spell", &by_spell)?;
    charges.extend(assembly.charge(&stays, "spell")?);
    let received = referrals.rows.whole("received_date");
    let stay_person = hop(&hop(&stay_parent, &spell_parent), &person);
    let mut warned = Dated::new(&referrals, "received_date").against_lives(&person, lives);
    warned.extend(Dated::new(&teams, "closed_date").before(&team_parent, received, &checks::CLOSURE_FIRST));
    let dated = Dated::new(&contacts, "date");
    warned.extend(dated.before(&contact_parent, received, &checks::CONTACT_FIRST));
    warned.extend(dated.after(&contact_parent, referrals.rows.whole("discharge_date"), &checks::CONTACT_LATE));
    warned.extend(dated.against_lives(&hop(&contact_parent, &person), lives));
    let dated = Dated::new(&stays, "start");
    warned.extend(dated.outside(&stay_parent, (spells.rows.whole("start"), spells.rows.whole("end"))));
    warned.extend(dated.against_lives(&stay_person, lives));
    let links = ScoreLinks { referral: score_referral, contact: hop(&score_activity, &activity_parent) };
    let frames = CareFrames {
        referred: order.iter().map(|row| (patient[*row as usize], received[*row as usize])).collect(),
        scores: frames::score_frame(&scores, &links, (&contacts, &contact_parent), &place)?,
        ward_stays: frames::stay_frame(&stays, &stay_person, births)?,
        contacts: frames::contact_frame(
            &contacts,
            &Hung { parent: &contact_parent, person: &person, place: &place, team: &only_team },
            (births, &source_of),
        )?,
        referral_teams: frames::team_frame(&teams, &team_parent, &place)?,
        referrals: frames::referral_frame(&referrals, &order, (&person, &only_team), (births, &source_of))?,
    };
    Ok((frames, charges, warned))
}
