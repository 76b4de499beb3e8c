//! Care: referrals and everything that hangs on them, as frames.
//!
//! In: staged tables and patients' rows. [`follow`] does all that needs no people, so that it runs beside linkage; out of
//! [`Care::frames`] come frames.

use polars::prelude::DataFrame;

use super::assembly::{Assembly, Part, within_source};
use super::charges::Charge;
use super::date_order::{Dated, Lives, Warned};
use super::details;
use super::frames::{self, Hung, ScoreLinks, hop};
use super::national;
use super::other_tables::{self, Others};
use super::parents::Parents;
use super::problems;
use super::spells::{self, Spells};
use crate::error::Error;
use crate::ingest::checks;
use crate::schema::Table;

/// Referrals and what hangs on them, with the parent of every row, before anyone knows who they are about.
pub(super) struct Care {
    referrals: Part,
    /// Row of the patient of each referral.
    patient: Vec<u32>,
    teams: Part,
    team_parent: Vec<u32>,
    contacts: Part,
    contact_parent: Vec<u32>,
    scores: Part,
    links: ScoreLinks,
    spells: Spells,
    stays: Part,
    /// Row of the spell of each stay.
    stay_spell: Vec<u32>,
    indirect: Part,
    indirect_parent: Vec<u32>,
    others: Others,
    /// What parents cost the files.
    pub(super) charges: Vec<Charge>,
    warned: Vec<Warned>,
}

/// The frames of referrals and of what hangs on them.
pub(super) struct CareFrames {
    /// Of each kept referral the row of its patient and the day it was received, in no order.
    pub(super) referred: Vec<(u32, i32)>,
    pub(super) referrals: DataFrame,
    pub(super) referral_teams: DataFrame,
    pub(super) contacts: DataFrame,
    pub(super) scores: DataFrame,
    pub(super) spells: DataFrame,
    pub(super) ward_stays: DataFrame,
    pub(super) indirect_contacts: DataFrame,
    pub(super) care_plans: DataFrame,
    pub(super) onward_referrals: DataFrame,
}

/// Loads referrals and everything that hangs on them, and follows every row to its parent.
pub(super) fn follow(assembly: &Assembly<'_>, patients: &Part) -> Result<Care, Error> {
    let source_of = assembly.source_of();
    // A local patient number is unique within a source: the token says so on both sides.
    let own = within_source(patients.rows.tokens("record"), &patients.rows.file, &source_of);
    let by_patient = Parents::new(&own, &patients.fates);
    let mut referrals = assembly.load(Table::Referrals)?;
    let wanted = within_source(referrals.rows.tokens("patient"), &referrals.rows.file, &source_of);
    let patient = by_patient.follow(&wanted, &mut referrals.fates);
    let by_referral = Parents::new(referrals.rows.tokens("record"), &referrals.fates);
    let mut charges = assembly.charge(&referrals, "patient")?;
    let (others, charged) = other_tables::follow(assembly, &by_patient, &by_referral)?;
    charges.extend(charged);
    drop((by_patient, wanted));
    drop(own);
    let (teams, team_parent) = assembly.load_child(Table::ReferralTeams, "referral", &by_referral)?;
    charges.extend(assembly.charge(&teams, "referral")?);
    let (mut contacts, contact_parent) = assembly.load_child(Table::Contacts, "referral", &by_referral)?;
    charges.extend(assembly.charge(&contacts, "referral")?);
    let by_contact = Parents::new(contacts.rows.tokens("record"), &contacts.fates);
    let (activities, activity_parent) = assembly.load_child(Table::Activities, "contact", &by_contact)?;
    charges.extend(assembly.charge(&activities, "contact")?);
    let by_activity = Parents::new(activities.rows.tokens("record"), &activities.fates);
    let (mut scores, score_activity) = assembly.load_child(Table::Scores, "activity", &by_activity)?;
    let score_referral = by_referral.follow(scores.rows.tokens("referral"), &mut scores.fates);
    charges.extend(assembly.charge(&scores, "referral")?);
    let links = ScoreLinks { referral: score_referral, contact: hop(&score_activity, &activity_parent) };
    let (mut spells, spell_parent) = assembly.load_child(Table::Spells, "referral", &by_referral)?;
    charges.extend(assembly.charge(&spells, "referral")?);
    let by_spell = Parents::new(spells.rows.tokens("record"), &spells.fates);
    let (mut stays, stay_spell) = assembly.load_child(Table::WardStays, "spell", &by_spell)?;
    charges.extend(assembly.charge(&stays, "spell")?);
    let (indirect, indirect_parent) = assembly.load_child(Table::IndirectContacts, "referral", &by_referral)?;
    charges.extend(assembly.charge(&indirect, "referral")?);
    drop((by_referral, by_contact, by_activity, by_spell));
    // Whose parents are known needs their tokens no more.
    referrals.rows.forget(&["patient"]);
    contacts.rows.forget(&["referral"]);
    spells.rows.forget(&["referral"]);
    stays.rows.forget(&["spell"]);
    let mut care = Care {
        referrals,
        patient,
        teams,
        team_parent,
        contacts,
        contact_parent,
        scores,
        links,
        spells: Spells { part: spells, parent: spell_parent },
        stays,
        stay_spell,
        indirect,
        indirect_parent,
        others,
        charges,
        warned: Vec::new(),
    };
    care.warned = care.dated();
    Ok(care)
}

impl Care {
    /// What is odd about the dates of rows beside those of their parents.
    fn dated(&self) -> Vec<Warned> {
        let received = self.referrals.rows.whole("received_date");
        let mut warned =
            Dated::new(&self.teams, "closed_date").before(&self.team_parent, received, &checks::CLOSURE_FIRST);
        let contacts = Dated::new(&self.contacts, "date");
        warned.extend(contacts.before(&self.contact_parent, received, &checks::CONTACT_FIRST));
        let discharged = self.referrals.rows.whole("discharge_date");
        warned.extend(contacts.after(&self.contact_parent, discharged, &checks::CONTACT_LATE));
        let spells = &self.spells.part.rows;
        let spell_dates = (spells.whole("start"), spells.whole("end"));
        warned.extend(Dated::new(&self.stays, "start").outside(&self.stay_spell, spell_dates));
        warned
    }

    /// What is odd about dates, of the rows by themselves and beside the lives of their people.
    pub(super) fn warned(&mut self, person_of_patient: &[u32], lives: Lives<'_>) -> Vec<Warned> {
        let mut warned = std::mem::take(&mut self.warned);
        let person = hop(&self.patient, person_of_patient);
        let of_contact = hop(&self.contact_parent, &person);
        let of_stay = hop(&hop(&self.stay_spell, &self.spells.parent), &person);
        warned.extend(Dated::new(&self.referrals, "received_date").against_lives(&person, lives));
        warned.extend(Dated::new(&self.contacts, "date").against_lives(&of_contact, lives));
        warned.extend(Dated::new(&self.stays, "start").against_lives(&of_stay, lives));
        warned
    }

    /// The frames, from the person of every row of the patients.
    pub(super) fn frames(
        &self,
        assembly: &Assembly<'_>,
        person_of_patient: &[u32],
        births: &[i32],
    ) -> Result<CareFrames, Error> {
        let source_of = assembly.source_of();
        let Self { referrals, teams, team_parent, contacts, contact_parent, scores, links, stays, .. } = self;
        let person: Vec<u32> = hop(&self.patient, person_of_patient);
        let received = referrals.rows.whole("received_date");
        let order = frames::sorted(&person, received, referrals.rows.tokens("record"), &referrals.fates);
        let referred = order.iter().map(|row| (self.patient[*row as usize], received[*row as usize])).collect();
        let place = frames::inverse(&order, referrals.rows.len());
        let only_team = frames::only_team(teams, team_parent, referrals.rows.len());
        let spell_order = self.spells.order(&person);
        let spell_place = frames::inverse(&spell_order, self.spells.part.rows.len());
        let stay_person = hop(&hop(&self.stay_spell, &self.spells.parent), &person);
        let stay_spell = hop(&self.stay_spell, &spell_place);
        let problem = problems::of_referrals(&self.others, assembly, referrals.rows.len())?;
        let received_minute = details::whole_of(&referrals.rows, assembly, "received_minute")?;
        let mut detailed = vec![frames::minutes("received_minute", &received_minute, &order)];
        detailed.extend(national::columns(&referrals.rows, assembly, &order)?);
        let hung = Hung { parent: contact_parent, person: &person, place: &place, team: &only_team };
        let (contact_frame, others) = rayon::join(
            || frames::contact_frame(contacts, &hung, (births, &source_of)),
            || -> Result<_, Error> {
                Ok((
                    frames::score_frame(scores, links, (contacts, contact_parent), &place)?,
                    self.spells.frame(assembly, &spell_order, (&person, &place), births)?,
                    spells::stay_frame(stays, (&stay_person, &stay_spell), births)?,
                    spells::indirect_frame(&self.indirect, &self.indirect_parent, &person)?,
                    other_tables::care_plan_frame(&self.others, person_of_patient)?,
                    other_tables::onward_frame(&self.others, &place)?,
                    frames::team_frame(teams, team_parent, &place)?,
                    frames::referral_frame(
                        referrals,
                        &order,
                        (&person, &only_team, &problem),
                        (births, &source_of),
                        detailed,
                    )?,
                ))
            },
        );
        let (scores, spells, ward_stays, indirect_contacts, care_plans, onward_referrals, referral_teams, referrals) =
            others?;
        Ok(CareFrames {
            referred,
            referrals,
            referral_teams,
            contacts: contact_frame?,
            scores,
            spells,
            ward_stays,
            indirect_contacts,
            care_plans,
            onward_referrals,
        })
    }
}
