//! Linked tables: every kept row with the person it belongs to, sorted by person and date.
//!
//! In: staged tables. Out: [`Linked`]. Event tables carry age at the event; nobody beyond has a birth date.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::audit::LinkAudit;
use super::duplicates::{self, Fate};
use super::parents::{self, NO_ROW};
use super::passes;
use super::people::{self, People};
use super::persons::{Basis, Gathered, Persons};
use super::records::{self, Identity};
use super::values::{NO_CODE, NO_DAY, Rows};
use crate::domain::day;
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::ingest::{Reject, Staged};
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
struct Part {
    rows: Rows,
    fates: Vec<Fate>,
}

struct Assembly<'a> {
    staged: &'a Staged,
    sources: &'a Sources,
}

impl Assembly<'_> {
    fn source_of(&self) -> impl Fn(u32) -> Source + use<> {
        let sources: Vec<Source> = self.staged.files.iter().map(|file| self.sources.tables[file.plan].source).collect();
        move |file| sources[file as usize]
    }

    fn load(&self, table: Table) -> Result<Part, Error> {
        let rows = Rows::load(table, self.staged, self.sources)?;
        let fates = duplicates::resolve(&rows, &self.source_of());
        Ok(Part { rows, fates })
    }

    /// Loads a child table and follows its parent tokens.
    fn load_child(&self, table: Table, parent_column: &str, parent: &Part) -> Result<(Part, Vec<u32>), Error> {
        let mut part = self.load(table)?;
        let own = parent.rows.tokens("record");
        let index = parents::index(own, &parent.fates);
        let found = parents::follow(part.rows.tokens(parent_column), &mut part.fates, &index, &parent.fates);
        Ok((part, found))
    }

    /// What duplicates, orphans and rows of excluded parents cost each file.
    fn charge(&self, part: &Part, parent_column: &'static str) -> Result<Vec<Charge>, Error> {
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
                let lines = super::values::lines(&self.staged.files[charge.file], part.rows.table)?;
                charge.orphans =
                    fates.iter().zip(lines).filter(|(fate, _)| **fate == Fate::Orphan).map(|(_, line)| line).collect();
            }
            charges.push(charge);
        }
        Ok(charges)
    }
}

/// Rows of a file that are not kept after all.
struct Charge {
    file: usize,
    duplicated: u64,
    by_parent: u64,
    orphans: Vec<u32>,
    column: &'static str,
}

/// Brings the files' tallies up to date.
fn apply(charges: Vec<Charge>, staged: &mut Staged) {
    let check = crate::ingest::checks::ORPHAN.id;
    for charge in charges {
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
    let people = people::number(&linkage, (&appointments.rows, &appointments.fates));
    let [of_patient, of_attendance, of_registration] = people::of_identity(&record_of, &people);
    let conflicts = quarantined(&records, &linkage);
    super::audit::finish(&mut audit, &records, &people);
    let mut gathered = Gathered::new(people.keys.len());
    gathered.add((&patients.rows, &patients.fates), &of_patient, &source_of, "death_date");
    gathered.add((&attendances.rows, &attendances.fates), &of_attendance, &source_of, "arrived_date");
    gathered.add((&registrations.rows, &registrations.fates), &of_registration, &source_of, "start");
    let basis = basis(&records, &linkage, &people, &appointments);
    drop((records, record_of, linkage));
    let births = gathered.births();
    let mut charges = Vec::new();
    for part in [&patients, &attendances, &registrations, &appointments] {
        charges.extend(assembly.charge(part, "")?);
    }
    let (care, events) = rayon::join(
        || care_frames(&assembly, PatientRows { part: patients, person: of_patient }, births),
        || -> Result<_, Error> {
            let attended = attendance_frame(&attendances, &of_attendance, births)?;
            let registered = registration_frame(&registrations, &of_registration)?;
            drop((attendances, registrations));
            Ok((attended, registered, appointment_frame(appointments, &people.of_appointment, births)?))
        },
    );
    let (care, own) = care?;
    let (attendances_frame, registrations_frame, appointments_frame) = events?;
    charges.extend(own);
    apply(charges, staged);
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
    let is_conflict = |at: &usize| linkage.pass[*at] == Some(super::audit::Pass::NhsConflict);
    let mut conflicts: Vec<_> =
        (0..records.len()).filter(is_conflict).map(|at| (records.source[at], records.key[at])).collect();
    conflicts.sort_unstable();
    conflicts
}

/// A person rests on an NHS number if one of their records has it, or if a practice saw them under it.
fn basis(records: &records::Records, linkage: &passes::Linkage, people: &People, appointments: &Part) -> Vec<Basis> {
    let mut basis = vec![Basis::Single; people.keys.len()];
    for (at, person) in people.of_record.iter().enumerate() {
        if records.nhs[at].is_some() && linkage.key[at] == records.nhs[at] {
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
    births: &[i32],
) -> Result<(CareFrames, Vec<Charge>), Error> {
    let source_of = assembly.source_of();
    let (referrals, patient) = {
        // A local patient number is unique within a source: the token says so on both sides.
        let mut part = assembly.load(Table::Referrals)?;
        let own: Vec<Token> = within_source(patients.part.rows.tokens("record"), &patients.part.rows.file, &source_of);
        let wanted = within_source(part.rows.tokens("patient"), &part.rows.file, &source_of);
        let index = parents::index(&own, &patients.part.fates);
        let found = parents::follow(&wanted, &mut part.fates, &index, &patients.part.fates);
        (part, found)
    };
    let mut charges = assembly.charge(&referrals, "patient")?;
    let person: Vec<u32> = hop(&patient, &patients.person);
    let order =
        sorted(&person, referrals.rows.whole("received_date"), referrals.rows.tokens("record"), &referrals.fates);
    let place = inverse(&order, referrals.rows.len());
    let (teams, team_parent) = assembly.load_child(Table::ReferralTeams, "referral", &referrals)?;
    charges.extend(assembly.charge(&teams, "referral")?);
    let only_team = only_team(&teams, &team_parent, referrals.rows.len());
    let (contacts, contact_parent) = assembly.load_child(Table::Contacts, "referral", &referrals)?;
    charges.extend(assembly.charge(&contacts, "referral")?);
    let (activities, activity_parent) = assembly.load_child(Table::Activities, "contact", &contacts)?;
    charges.extend(assembly.charge(&activities, "contact")?);
    let (mut scores, score_activity) = assembly.load_child(Table::Scores, "activity", &activities)?;
    let index = parents::index(referrals.rows.tokens("record"), &referrals.fates);
    let score_referral = parents::follow(scores.rows.tokens("referral"), &mut scores.fates, &index, &referrals.fates);
    charges.extend(assembly.charge(&scores, "referral")?);
    let (spells, spell_parent) = assembly.load_child(Table::Spells, "referral", &referrals)?;
    charges.extend(assembly.charge(&spells, "referral")?);
    let (stays, stay_parent) = assembly.load_child(Table::WardStays, "spell", &spells)?;
    charges.extend(assembly.charge(&stays, "spell")?);
    let links = ScoreLinks { referral: score_referral, contact: hop(&score_activity, &activity_parent) };
    let frames = CareFrames {
        scores: score_frame(&scores, &links, (&contacts, &contact_parent), &place)?,
        ward_stays: stay_frame(&stays, &hop(&hop(&stay_parent, &spell_parent), &person), births)?,
        contacts: contact_frame(
            &contacts,
            &Hung { parent: &contact_parent, person: &person, place: &place, team: &only_team },
            (births, &source_of),
        )?,
        referral_teams: team_frame(&teams, &team_parent, &place)?,
        referrals: referral_frame(&referrals, &order, (&person, &only_team), (births, &source_of))?,
    };
    Ok((frames, charges))
}

fn within_source(tokens: &[Token], files: &[u32], source_of: &dyn Fn(u32) -> Source) -> Vec<Token> {
    let one =
        |(token, file): (&Token, &u32)| if token.is_some() { token.within(source_of(*file) as u8) } else { *token };
    tokens.iter().zip(files).map(one).collect()
}

/// From a row's parent to what the parent has.
fn hop(parent: &[u32], of_parent: &[u32]) -> Vec<u32> {
    parent.iter().map(|row| of_parent.get(*row as usize).copied().unwrap_or(NO_ROW)).collect()
}

/// Kept rows by owner (person or referral), date and own token: piled by owner, each pile sorted on its own.
fn sorted(owner: &[u32], date: &[i32], own: &[Token], fates: &[Fate]) -> Vec<u32> {
    let kept = || (0..owner.len()).filter(|row| fates[*row] == Fate::Kept && owner[*row] != NO_ROW);
    let owners = kept().map(|row| owner[row] as usize + 1).max().unwrap_or(0);
    let mut ends = vec![0u32; owners + 1];
    for row in kept() {
        ends[owner[row] as usize + 1] += 1;
    }
    for at in 0..owners {
        ends[at + 1] += ends[at];
    }
    let mut order = vec![0u32; ends[owners] as usize];
    let mut next = ends.clone();
    for row in kept() {
        let at = &mut next[owner[row] as usize];
        order[*at as usize] = row as u32;
        *at += 1;
    }
    let mut piles: Vec<&mut [u32]> = Vec::new();
    let mut rest = order.as_mut_slice();
    for pair in ends.windows(2).filter(|pair| pair[1] > pair[0]) {
        let (pile, tail) = rest.split_at_mut((pair[1] - pair[0]) as usize);
        if pile.len() > 1 {
            piles.push(pile);
        }
        rest = tail;
    }
    piles.par_iter_mut().with_min_len(1024).for_each(|pile| {
        pile.sort_unstable_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            date[a].cmp(&date[b]).then_with(|| own.get(a).cmp(&own.get(b)))
        });
    });
    order
}

/// Place of each row in the sorted table; [`NO_ROW`] where it was not kept.
fn inverse(order: &[u32], rows: usize) -> Vec<u32> {
    let mut place = vec![NO_ROW; rows];
    for (at, row) in (0u32..).zip(order) {
        place[*row as usize] = at;
    }
    place
}

fn pick<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|row| values[*row as usize]).collect()
}

fn days(values: &[i32], order: &[u32]) -> Vec<Option<i32>> {
    order.iter().map(|row| Some(values[*row as usize]).filter(|day| *day != NO_DAY)).collect()
}

fn codes(values: &[u16], order: &[u32]) -> Vec<Option<u16>> {
    order.iter().map(|row| Some(values[*row as usize]).filter(|code| *code != NO_CODE)).collect()
}

fn opt_days(name: &str, values: &[i32], order: &[u32]) -> polars::prelude::Column {
    frame::opt_i32s(name, days(values, order).into_iter())
}

fn opt_codes(name: &str, values: &[u16], order: &[u32]) -> polars::prelude::Column {
    frame::opt_u16s(name, codes(values, order).into_iter())
}

/// Age on a day; none without a date of birth or before birth.
fn ages(name: &str, person: &[u32], date: &[i32], births: &[i32]) -> polars::prelude::Column {
    let ages: Vec<Option<u16>> = person
        .par_iter()
        .zip(date)
        .map(|(person, date)| {
            let birth = births[*person as usize];
            let age = if birth == NO_DAY || *date == NO_DAY { -1 } else { day::age_on(birth, *date) };
            u16::try_from(age).ok()
        })
        .collect();
    frame::opt_u16s(name, ages.into_iter())
}

fn attendance_frame(part: &Part, person: &[u32], births: &[i32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("arrived_date"), rows.tokens("record"), &part.fates);
    let person = pick(person, &order);
    let date = pick(rows.whole("arrived_date"), &order);
    let minute = |date: Option<i32>, minute: Option<i32>| date.zip(minute).map(|(date, minute)| date * 1440 + minute);
    let arrived: Vec<_> =
        days(rows.whole("arrived_date"), &order).into_iter().zip(days(rows.whole("arrived_minute"), &order)).collect();
    let left = days(rows.whole("departed_date"), &order).into_iter().zip(days(rows.whole("departed_minute"), &order));
    let stayed = arrived.iter().zip(left).map(|(arrived, left)| {
        minute(left.0, left.1)
            .zip(minute(arrived.0, arrived.1))
            .map(|(to, from)| to - from)
            .filter(|minutes| *minutes >= 0)
    });
    frame::frame(vec![
        frame::opt_i32s("minutes", stayed),
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, &order)),
        opt_codes("department_type", rows.codes("department_type"), &order),
        opt_codes("chief_complaint", rows.codes("chief_complaint"), &order),
        opt_codes("injury_intent", rows.codes("injury_intent"), &order),
    ])
}

fn registration_frame(part: &Part, person: &[u32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("start"), rows.tokens("nhs"), &part.fates);
    frame::frame(vec![
        frame::u32s("person", pick(person, &order)),
        frame::u64s("provider", pick(rows.orgs("practice"), &order)),
        opt_days("start", rows.whole("start"), &order),
        opt_days("end", rows.whole("end"), &order),
    ])
}

fn appointment_frame(part: Part, person: &[u32], births: &[i32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("start_date"), rows.tokens("record"), &part.fates);
    let person = pick(person, &order);
    let date = pick(rows.whole("start_date"), &order);
    frame::frame(vec![
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, &order)),
        opt_codes("status", rows.codes("status"), &order),
    ])
}

/// The only team type of each referral; [`NO_CODE`] where it has none or several.
fn only_team(part: &Part, parent: &[u32], referrals: usize) -> Vec<u16> {
    let mut team = vec![NO_CODE; referrals];
    let mut is_mixed = vec![false; referrals];
    for (row, referral) in parent.iter().enumerate() {
        let code = part.rows.codes("team_type")[row];
        if part.fates[row] != Fate::Kept || *referral == NO_ROW || code == NO_CODE {
            continue;
        }
        let at = *referral as usize;
        is_mixed[at] |= team[at] != NO_CODE && team[at] != code;
        team[at] = code;
    }
    team.into_iter().zip(is_mixed).map(|(code, mixed)| if mixed { NO_CODE } else { code }).collect()
}

fn referral_frame(
    part: &Part,
    order: &[u32],
    (person, team): (&[u32], &[u16]),
    (births, source_of): (&[i32], &dyn Fn(u32) -> Source),
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let person = pick(person, order);
    let received = pick(rows.whole("received_date"), order);
    let discharged = pick(rows.whole("discharge_date"), order);
    let service = order.iter().map(|row| Some(source_of(rows.file[*row as usize]) as u16));
    frame::frame(vec![
        frame::u32s("referral", (0..order.len() as u32).collect()),
        ages("age", &person, &received, births),
        ages("discharge_age", &person, &discharged, births),
        frame::u32s("person", person),
        frame::opt_u16s("service", service),
        frame::u64s("provider", pick(&rows.provider, order)),
        frame::i32s("received_date", received),
        opt_codes("referral_source", rows.codes("referral_source"), order),
        opt_codes("offer", rows.codes("offer"), order),
        opt_codes("priority", rows.codes("priority"), order),
        opt_days("discharge_date", rows.whole("discharge_date"), order),
        opt_codes("end_reason", rows.codes("end_reason"), order),
        opt_codes("team_type", team, order),
    ])
}

fn team_frame(part: &Part, parent: &[u32], place: &[u32]) -> Result<DataFrame, Error> {
    let referral = hop(parent, place);
    let order = sorted(&referral, part.rows.whole("closed_date"), part.rows.tokens("referral"), &part.fates);
    frame::frame(vec![
        frame::u32s("referral", pick(&referral, &order)),
        opt_codes("team_type", part.rows.codes("team_type"), &order),
        opt_days("rejected_date", part.rows.whole("rejected_date"), &order),
    ])
}

/// What contacts take from the referrals they hang on.
struct Hung<'a> {
    parent: &'a [u32],
    person: &'a [u32],
    place: &'a [u32],
    team: &'a [u16],
}

fn contact_frame(
    part: &Part,
    hung: &Hung<'_>,
    (births, source_of): (&[i32], &dyn Fn(u32) -> Source),
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let person = hop(hung.parent, hung.person);
    let order = sorted(&person, rows.whole("date"), rows.tokens("record"), &part.fates);
    let person = pick(&person, &order);
    let date = pick(rows.whole("date"), &order);
    let team = |row: &u32| hung.team.get(hung.parent[*row as usize] as usize).copied().filter(|code| *code != NO_CODE);
    frame::frame(vec![
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, &order)),
        frame::opt_u16s("service", order.iter().map(|row| Some(source_of(rows.file[*row as usize]) as u16))),
        frame::u32s("referral", pick(&hop(hung.parent, hung.place), &order)),
        opt_codes("attendance", rows.codes("attendance"), &order),
        opt_codes("appointment_type", rows.codes("appointment_type"), &order),
        opt_codes("planned", rows.codes("planned"), &order),
        frame::opt_u16s("team_type", order.iter().map(team)),
    ])
}

/// What scores hang on.
struct ScoreLinks {
    referral: Vec<u32>,
    contact: Vec<u32>,
}

fn score_frame(
    part: &Part,
    links: &ScoreLinks,
    (contacts, contact_parent): (&Part, &[u32]),
    place: &[u32],
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let own = hop(&links.contact, contact_parent);
    let referral: Vec<u32> = links.referral.iter().zip(&own).map(|(a, b)| if *a == NO_ROW { *b } else { *a }).collect();
    let referral = hop(&referral, place);
    let of_contact = |values: &[i32], row: usize| values.get(links.contact[row] as usize).copied().unwrap_or(NO_DAY);
    let own_date = rows.whole("date");
    let contact_dates = contacts.rows.whole("date");
    let date: Vec<i32> = (0..rows.len())
        .map(|row| if own_date[row] == NO_DAY { of_contact(contact_dates, row) } else { own_date[row] })
        .collect();
    let tie = rows.tokens(if rows.tokens("activity").is_empty() { "referral" } else { "activity" });
    let order = sorted(&referral, &date, tie, &part.fates);
    let of = |name: &str| -> Vec<Option<u16>> {
        let values = contacts.rows.codes(name);
        order
            .iter()
            .map(|row| values.get(links.contact[*row as usize] as usize).copied().filter(|code| *code != NO_CODE))
            .collect()
    };
    let is_at_contact = order.iter().map(|row| Some(u16::from(links.contact[*row as usize] != NO_ROW)));
    let score = rows.decimals("score");
    frame::frame(vec![
        frame::u32s("referral", pick(&referral, &order)),
        opt_days("date", &date, &order),
        opt_codes("scale", rows.codes("scale"), &order),
        frame::opt_f32s("score", order.iter().map(|row| Some(score[*row as usize]).filter(|score| !score.is_nan()))),
        frame::opt_u16s("is_at_contact", is_at_contact),
        frame::opt_u16s("attendance", of("attendance").into_iter()),
        frame::opt_u16s("planned", of("planned").into_iter()),
    ])
}

fn stay_frame(part: &Part, person: &[u32], births: &[i32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("start"), rows.tokens("record"), &part.fates);
    let person = pick(person, &order);
    let start = pick(rows.whole("start"), &order);
    frame::frame(vec![
        ages("age", &person, &start, births),
        frame::u32s("person", person),
        frame::i32s("start", start),
        opt_days("end", rows.whole("end"), &order),
        frame::u64s("provider", pick(&rows.provider, &order)),
        opt_codes("bed_type", rows.codes("bed_type"), &order),
    ])
}
