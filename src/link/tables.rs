//! Linked tables: every kept row with the person it belongs to, sorted by person and date.
//!
//! In: staged tables. Out: [`Linked`]. Event tables carry age at the event; nobody beyond has a birth date.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::audit::LinkAudit;
use super::date_order::{self, Dated, Lives, Warned};
use super::duplicates::{self, Fate};
use super::frames::{self, Hung, ScoreLinks, hop};
use super::parents::{NO_ROW, Parents};
use super::passes;
use super::people::{self, People};
use super::persons::{Basis, Gathered, Persons};
use super::records::{self, Identity};
use super::values::{NO_CODE, Rows};
use super::{other_tables, teams, versions};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::{Reject, Staged, checks};
use crate::schema::{Source, Table};
use crate::sources::Sources;

/// Everything after linkage. Frames are sorted by person, then date, then the record's own token.
pub struct Linked {
    /// People.
    pub persons: Persons,
    /// Stage-1 key of each person; restricted.
    pub keys: Vec<Token>,
    /// One row per referral.
    pub referrals: DataFrame,
    /// One row per referral and team.
    pub referral_teams: DataFrame,
    /// One row per contact.
    pub contacts: DataFrame,
    /// One row per score.
    pub scores: DataFrame,
    /// One row per ward stay.
    pub ward_stays: DataFrame,
    /// One row per attendance.
    pub attendances: DataFrame,
    /// One row per appointment.
    pub appointments: DataFrame,
    /// One row per person, practice and start.
    pub registrations: DataFrame,
    /// How records became people.
    pub audit: LinkAudit,
    /// Quarantined records: source and the record's token; restricted.
    pub conflicts: Vec<(Source, Token)>,
}

/// Rows of a table with their fates and parents, until they become a frame.
pub(super) struct Part {
    pub(super) rows: Rows,
    pub(super) fates: Vec<Fate>,
}

pub(super) struct Assembly<'a> {
    pub(super) staged: &'a Staged,
    pub(super) sources: &'a Sources,
}

impl Assembly<'_> {
    pub(super) fn source_of(&self) -> impl Fn(u32) -> Source + use<> {
        let sources: Vec<Source> = self.staged.files.iter().map(|file| self.sources.tables[file.plan].source).collect();
        move |file| sources[file as usize]
    }

    pub(super) fn load(&self, table: Table) -> Result<Part, Error> {
        let mut rows = Rows::load(table, self.staged, self.sources)?;
        rows.version = versions::of(&rows, self)?;
        if table == Table::ReferralTeams {
            teams::fill_types(&mut rows, self)?;
        }
        let fates = duplicates::resolve(&rows, &self.source_of());
        Ok(Part { rows, fates })
    }

    /// Loads a child table and follows its parent tokens.
    pub(super) fn load_child(
        &self,
        table: Table,
        parent_column: &str,
        parent: &Part,
    ) -> Result<(Part, Vec<u32>), Error> {
        let mut part = self.load(table)?;
        let parents = Parents::new(parent.rows.tokens("record"), &parent.fates);
        let found = parents.follow(part.rows.tokens(parent_column), &mut part.fates);
        Ok((part, found))
    }

    /// What duplicates, orphans and rows of excluded parents cost each file.
    pub(super) fn charge(&self, part: &Part, parent_column: &'static str) -> Result<Vec<Charge>, Error> {
        let mut charges = Vec::new();
        for (at, (file, start)) in part.rows.starts.iter().enumerate() {
            let end = part.rows.starts.get(at + 1).map_or(part.rows.len(), |(_, next)| *next);
            let fates = &part.fates[*start..end];
            let count = |wanted: Fate| fates.iter().filter(|fate| **fate == wanted).count() as u64;
            let by_parent = fates.iter().zip(&part.rows.excluded[*start..end]);
            let by_parent =
                by_parent.filter(|(fate, rule)| **fate == Fate::Excluded && **rule == NO_CODE).count() as u64;
            let (duplicated, orphans) = (count(Fate::Duplicated), count(Fate::Orphan));
            let mut charge =
                Charge { file: *file as usize, duplicated, by_parent, orphans: Vec::new(), column: parent_column };
            if orphans > 0 {
                let lines = super::part::lines(&self.staged.files[charge.file])?;
                charge.orphans =
                    fates.iter().zip(lines).filter(|(fate, _)| **fate == Fate::Orphan).map(|(_, line)| line).collect();
            }
            charges.push(charge);
        }
        Ok(charges)
    }
}

/// Rows of a file that are not kept after all.
pub(super) struct Charge {
    file: usize,
    duplicated: u64,
    by_parent: u64,
    orphans: Vec<u32>,
    column: &'static str,
}

/// Brings the files' tallies up to date.
fn apply(charges: [Vec<Charge>; 2], staged: &mut Staged) {
    let check = checks::ORPHAN.id;
    for charge in charges.into_iter().flatten() {
        let file = &mut staged.files[charge.file];
        file.tally.kept -= charge.duplicated + charge.by_parent + charge.orphans.len() as u64;
        file.tally.duplicated += charge.duplicated;
        if charge.by_parent > 0 {
            *file.tally.excluded.entry("parent_excluded".to_owned()).or_default() += charge.by_parent;
        }
        if !charge.orphans.is_empty() {
            *file.tally.rejected.entry(check.to_owned()).or_default() += charge.orphans.len() as u64;
        }
        file.rejects.extend(charge.orphans.into_iter().map(|line| Reject {
            line: u64::from(line),
            column: charge.column.to_owned(),
            check: check.to_owned(),
            shape: String::new(),
        }));
    }
}

/// Links everything.
pub fn link(staged: &mut Staged, sources: &Sources) -> Result<Linked, Error> {
    let assembly = Assembly { staged, sources };
    let source_of = assembly.source_of();
    let ((patients, attendances), (registrations, appointments)) = rayon::join(
        || (assembly.load(Table::PersonRecords), assembly.load(Table::Attendances)),
        || (assembly.load(Table::Registrations), assembly.load(Table::Appointments)),
    );
    let (patients, attendances, registrations, appointments) = (patients?, attendances?, registrations?, appointments?);
    let mut audit = LinkAudit::default();
    let identity = Identity {
        person_records: (&patients.rows, &patients.fates),
        attendances: (&attendances.rows, &attendances.fates),
        registrations: (&registrations.rows, &registrations.fates),
    };
    let (records, record_of) = records::build(&identity, &source_of, &mut audit);
    let linkage = passes::by_nhs_number(&records, &mut audit);
    let conflicts = quarantined(&records, &linkage);
    let is_linked = linked_by_number(&records, &linkage);
    let people = people::number(linkage, (&appointments.rows, &appointments.fates));
    let [of_patient, of_attendance, of_registration] = people::of_identity(&record_of, &people);
    super::audit::finish(&mut audit, &records, &people);
    let mut gathered = Gathered::new(people.keys.len());
    gathered.add((&patients.rows, &patients.fates), &of_patient, &source_of, "death_date");
    gathered.add((&attendances.rows, &attendances.fates), &of_attendance, &source_of, "arrived_date");
    gathered.add((&registrations.rows, &registrations.fates), &of_registration, &source_of, "start");
    let basis = basis(&is_linked, &people, &appointments);
    drop((records, record_of));
    let lives = gathered.lives();
    let mut charges = Vec::new();
    for part in [&patients, &attendances, &registrations, &appointments] {
        charges.extend(assembly.charge(part, "")?);
    }
    let events = [(&attendances, &of_attendance), (&registrations, &of_registration)];
    let warned = date_order::of_events(events, (&appointments, &people.of_appointment), lives);
    let (care, events) = rayon::join(
        || care_frames(&assembly, PatientRows { part: patients, person: of_patient }, lives),
        || -> Result<_, Error> {
            let attended = frames::attendance_frame(&attendances, &of_attendance, lives.births)?;
            let registered = frames::registration_frame(&registrations, &of_registration)?;
            drop((attendances, registrations));
            Ok((attended, registered, frames::appointment_frame(appointments, &people.of_appointment, lives.births)?))
        },
    );
    let (care, own, own_warned) = care?;
    let (attendances_frame, registrations_frame, appointments_frame) = events?;
    apply([charges, own], staged);
    date_order::apply([warned, own_warned], staged, sources);
    Ok(Linked {
        persons: gathered.finish(basis),
        keys: people.keys,
        referrals: care.referrals,
        referral_teams: care.referral_teams,
        contacts: care.contacts,
        scores: care.scores,
        ward_stays: care.ward_stays,
        attendances: attendances_frame,
        appointments: appointments_frame,
        registrations: registrations_frame,
        audit,
        conflicts,
    })
}

fn quarantined(records: &records::Records, linkage: &passes::Linkage) -> Vec<(Source, Token)> {
    let of = |record: &u32| (records.source[*record as usize], records.key[*record as usize]);
    let mut conflicts: Vec<_> = linkage.conflicts.iter().map(of).collect();
    conflicts.sort_unstable();
    conflicts
}

/// Whether each record's person is the one of its number.
fn linked_by_number(records: &records::Records, linkage: &passes::Linkage) -> Vec<bool> {
    records.nhs.par_iter().zip(&linkage.key).map(|(nhs, key)| nhs.is_some() && nhs == key).collect()
}

/// A person rests on an NHS number if one of their records has it, or if a practice saw them under it.
fn basis(is_linked: &[bool], people: &People, appointments: &Part) -> Vec<Basis> {
    let mut basis = vec![Basis::Single; people.keys.len()];
    for (person, is_linked) in people.of_record.iter().zip(is_linked) {
        if *is_linked {
            basis[*person as usize] = Basis::Nhs;
        }
    }
    for (token, person) in appointments.rows.tokens("nhs").iter().zip(&people.of_appointment) {
        if token.is_some() && *person != NO_ROW {
            basis[*person as usize] = Basis::Nhs;
        }
    }
    basis
}

struct PatientRows {
    part: Part,
    person: Vec<u32>,
}

struct CareFrames {
    referrals: DataFrame,
    referral_teams: DataFrame,
    contacts: DataFrame,
    scores: DataFrame,
    ward_stays: DataFrame,
}

/// Referrals and everything that hangs on them.
fn care_frames(
    assembly: &Assembly<'_>,
    patients: PatientRows,
    lives: Lives<'_>,
) -> Result<(CareFrames, Vec<Charge>, Vec<Warned>), Error> {
    let births = lives.births;
    let source_of = assembly.source_of();
    let (referrals, patient) = {
        // A local patient number is unique within a source: the token says so on both sides.
        let mut part = assembly.load(Table::Referrals)?;
        let own: Vec<Token> = within_source(patients.part.rows.tokens("record"), &patients.part.rows.file, &source_of);
        let wanted = within_source(part.rows.tokens("patient"), &part.rows.file, &source_of);
        let found = Parents::new(&own, &patients.part.fates).follow(&wanted, &mut part.fates);
        (part, found)
    };
    let mut charges = assembly.charge(&referrals, "patient")?;
    charges.extend(other_tables::charges(assembly, &patients.part, &referrals)?);
    let person: Vec<u32> = hop(&patient, &patients.person);
    let order = frames::sorted(
        &person,
        referrals.rows.whole("received_date"),
        referrals.rows.tokens("record"),
        &referrals.fates,
    );
    let place = frames::inverse(&order, referrals.rows.len());
    let (teams, team_parent) = assembly.load_child(Table::ReferralTeams, "referral", &referrals)?;
    charges.extend(assembly.charge(&teams, "referral")?);
    let only_team = frames::only_team(&teams, &team_parent, referrals.rows.len());
    let (contacts, contact_parent) = assembly.load_child(Table::Contacts, "referral", &referrals)?;
    charges.extend(assembly.charge(&contacts, "referral")?);
    let (activities, activity_parent) = assembly.load_child(Table::Activities, "contact", &contacts)?;
    charges.extend(assembly.charge(&activities, "contact")?);
    let (mut scores, score_activity) = assembly.load_child(Table::Scores, "activity", &activities)?;
    let by_own = Parents::new(referrals.rows.tokens("record"), &referrals.fates);
    let score_referral = by_own.follow(scores.rows.tokens("referral"), &mut scores.fates);
    charges.extend(assembly.charge(&scores, "referral")?);
    let (spells, spell_parent) = assembly.load_child(Table::Spells, "referral", &referrals)?;
    charges.extend(assembly.charge(&spells, "referral")?);
    let (stays, stay_parent) = assembly.load_child(Table::WardStays, "spell", &spells)?;
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

pub(super) fn within_source(tokens: &[Token], files: &[u32], source_of: &dyn Fn(u32) -> Source) -> Vec<Token> {
    let one =
        |(token, file): (&Token, &u32)| if token.is_some() { token.within(source_of(*file) as u8) } else { *token };
    tokens.iter().zip(files).map(one).collect()
}
