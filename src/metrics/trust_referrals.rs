//! Referrals to trusts, with what happened in them and after them.
//!
//! In: referrals, their teams, contacts, spells. Out: the frame that the metrics of `trust.rs`, `trust_waits.rs` and
//! `trust_crisis.rs` look at.

use polars::prelude::{Column, DataFrame};

use super::compute::Wanted;
use super::trust_clocks;
use super::trust_codes as codes;
use super::trust_codes::Meant;
use super::trust_days::{Covered, Dated};
use super::trust_scores;
use crate::error::Error;
use crate::frame::{self, Nullable};
use crate::link::Linked;
use crate::pathways::Coverage;
use crate::rules::{self, contacts};
use crate::schema::Source;
use crate::sources::CodeValues;

const NO_REFERRAL: usize = usize::MAX;
/// A day and the age on it.
type Day = (i32, Option<u16>);

/// What kinds of team a referral has.
#[derive(Clone, Copy, Default)]
pub struct Kinds {
    /// A core community team.
    pub is_core: bool,
    is_crisis: bool,
    is_liaison: bool,
}

/// What hangs on one referral.
#[derive(Clone, Copy, Default)]
pub struct Hung {
    /// Attended direct contacts between the days of receipt and of discharge.
    pub direct: u16,
    /// The first of them.
    pub first: Option<Day>,
    /// The second of them.
    pub second: Option<Day>,
    /// The first score between the days of receipt and of discharge.
    pub scored: Option<i32>,
    /// Minutes from receipt to the first attended contact face to face that is not before it.
    pub seen_minutes: Option<i32>,
    teams: u16,
    rejecting: u16,
    /// Teams that report outcomes of adults.
    pub outcome_teams: u16,
    specialist_teams: u16,
    /// What kinds of team it has.
    pub kinds: Kinds,
    /// Whether the person was in hospital under it.
    pub has_spell: bool,
}

/// Referrals as columns.
pub struct Referrals {
    /// The person.
    pub person: Nullable<u32>,
    /// The trust.
    pub provider: Nullable<u64>,
    /// The day of receipt.
    pub received: Nullable<i32>,
    /// The day of discharge; null while open.
    pub discharged: Nullable<i32>,
    /// The age at receipt.
    pub age: Nullable<u16>,
    minute: Nullable<u16>,
    priority: Nullable<u16>,
    source: Nullable<u16>,
    /// What hangs on each.
    pub hung: Vec<Hung>,
}

/// From the place of a referral among all to its row here.
pub struct Places(Vec<usize>);

impl Places {
    fn of(linked: &Linked, own: &DataFrame) -> Result<Self, Error> {
        let mut places = vec![NO_REFERRAL; linked.referrals.height()];
        for (row, place) in frame::whole_u32(own, "referral")?.values().iter().enumerate() {
            places[*place as usize] = row;
        }
        Ok(Self(places))
    }

    /// The row of a referral; none if it is not one to a trust.
    pub fn row(&self, place: u32) -> Option<usize> {
        self.0.get(place as usize).copied().filter(|row| *row != NO_REFERRAL)
    }
}

impl Referrals {
    fn of(own: &DataFrame) -> Result<Self, Error> {
        Ok(Self {
            person: frame::whole_u32(own, "person")?,
            provider: frame::whole_u64(own, "provider")?,
            received: frame::nullable_i32(own, "received_date")?,
            discharged: frame::nullable_i32(own, "discharge_date")?,
            age: frame::nullable_u16(own, "age")?,
            minute: frame::nullable_u16(own, "received_minute")?,
            priority: frame::nullable_u16(own, "priority")?,
            source: frame::nullable_u16(own, "referral_source")?,
            hung: vec![Hung::default(); own.height()],
        })
    }

    /// How many.
    pub fn height(&self) -> usize {
        self.hung.len()
    }

    /// Whether a day is one of those from receipt to discharge.
    fn is_open_on(&self, row: usize, day: i32) -> bool {
        self.received.get(row).is_some_and(|received| received <= day)
            && self.discharged.get(row).is_none_or(|discharged| day <= discharged)
    }

    /// Contacts, which are sorted by person and date: of a referral the earlier ones come first.
    fn add_contacts(&mut self, linked: &Linked, places: &Places, values: &CodeValues) -> Result<(), Error> {
        let table = &linked.contacts;
        let (direct, face) = (codes::direct(values), codes::face_to_face(values));
        let is_own = rules::met_by(table, contacts::of_service(Source::MentalHealth).and(contacts::is_attended()))?;
        let (of, date) = (frame::whole_u32(table, "referral")?, frame::nullable_i32(table, "date")?);
        let (age, minute) = (frame::nullable_u16(table, "age")?, frame::nullable_u16(table, "minute")?);
        let mechanism = frame::nullable_u16(table, "mechanism")?;
        for contact in is_own.true_idx_iter() {
            let (Some(row), Some(day)) = (places.row(of.values()[contact]), date.get(contact)) else { continue };
            let mechanism = mechanism.get(contact);
            if direct.has(mechanism) && self.is_open_on(row, day) {
                self.hung[row].meet((day, age.get(contact)));
            }
            if face.has(mechanism) {
                let waited = self.minutes_to(row, day, minute.get(contact)).filter(|minutes| *minutes >= 0);
                let seen = &mut self.hung[row].seen_minutes;
                *seen = seen.iter().copied().chain(waited).min();
            }
        }
        Ok(())
    }

    /// Scores, which are sorted by referral and date: those of a contact only where it was attended.
    fn add_scores(&mut self, linked: &Linked, places: &Places) -> Result<(), Error> {
        let table = &linked.scores;
        let is_counted = rules::met_by(table, contacts::is_scored_and_attended())?;
        let (of, date) = (frame::whole_u32(table, "referral")?, frame::nullable_i32(table, "date")?);
        for score in is_counted.true_idx_iter() {
            let (Some(row), Some(day)) = (places.row(of.values()[score]), date.get(score)) else { continue };
            if self.is_open_on(row, day) {
                let first = &mut self.hung[row].scored;
                *first = first.iter().copied().chain([day]).min();
            }
        }
        Ok(())
    }

    /// Minutes from receipt to a time; none where one of the times is not known.
    fn minutes_to(&self, row: usize, day: i32, minute: Option<u16>) -> Option<i32> {
        let days = day - self.received.get(row)?;
        Some(days * 1440 + i32::from(minute?) - i32::from(self.minute.get(row)?))
    }

    fn add_teams(&mut self, linked: &Linked, places: &Places, values: &CodeValues) -> Result<(), Error> {
        let table = &linked.referral_teams;
        let of = frame::whole_u32(table, "referral")?;
        let (team, rejected) = (frame::nullable_u16(table, "team_type")?, frame::nullable_i32(table, "rejected_date")?);
        let (core, crisis) = (codes::core_teams(values), codes::crisis_teams(values));
        let liaison = codes::liaison_teams(values);
        let (outcome, specialist) = (codes::outcome_teams(values), codes::specialist_teams(values));
        for entry in 0..table.height() {
            let Some(row) = places.row(of.values()[entry]) else { continue };
            let (hung, team) = (&mut self.hung[row], team.get(entry));
            hung.teams = hung.teams.saturating_add(1);
            hung.rejecting = hung.rejecting.saturating_add(u16::from(rejected.get(entry).is_some()));
            hung.outcome_teams = hung.outcome_teams.saturating_add(u16::from(outcome.has(team)));
            hung.specialist_teams = hung.specialist_teams.saturating_add(u16::from(specialist.has(team)));
            hung.kinds.is_core |= core.has(team);
            hung.kinds.is_crisis |= crisis.has(team);
            hung.kinds.is_liaison |= liaison.has(team);
        }
        Ok(())
    }

    /// Days from discharge to the next referral of the person to the trust that was received later.
    fn again_days(&self, row: usize) -> Option<i32> {
        let (people, providers) = (self.person.values(), self.provider.values());
        let discharged = self.discharged.get(row)?;
        let is_same = |other: &usize| people[*other] == people[row];
        let before = (0..row).rev().take_while(is_same);
        let others = before.chain((row + 1..self.height()).take_while(is_same));
        let received =
            others.filter(|other| providers[*other] == providers[row]).filter_map(|one| self.received.get(one));
        received.map(|received| received - discharged).filter(|days| *days > 0).min()
    }

    /// Whether every team rejected it.
    pub fn is_rejected(&self, row: usize) -> bool {
        self.hung[row].teams > 0 && self.hung[row].rejecting == self.hung[row].teams
    }

    /// Whether every team is one whose outcomes of children are not published.
    pub fn is_specialist(&self, row: usize) -> bool {
        self.hung[row].teams > 0 && self.hung[row].specialist_teams == self.hung[row].teams
    }

    fn days<'a>(&'a self, of: impl Fn(usize) -> Option<i32> + 'a) -> impl Iterator<Item = Option<i32>> + 'a {
        (0..self.height()).map(of)
    }

    fn bools(&self, name: &str, is: impl Fn(usize) -> bool) -> Column {
        frame::bools(name, &(0..self.height()).map(is).collect::<Vec<bool>>())
    }
}

impl Hung {
    fn meet(&mut self, day: Day) {
        self.direct = self.direct.saturating_add(1);
        if self.first.is_none() {
            self.first = Some(day);
        } else if self.second.is_none() {
            self.second = Some(day);
        }
    }
}

/// Referrals to trusts with what is derived of them. Grain: referral. Dates and waits are null where nothing happened;
/// `again_days` where no referral follows; `followed_days` where the day of discharge is not covered; `seen_minutes` where
/// nobody was seen face to face or a time is not known.
pub fn referrals(linked: &Linked, coverage: &Coverage, wanted: Wanted<'_>) -> Result<DataFrame, Error> {
    let values = wanted.codes;
    let is_own = rules::met_by(&linked.referrals, contacts::of_service(Source::MentalHealth))?;
    let mut frame = frame::rows(&linked.referrals, is_own.true_idx_iter().map(|row| row as u32).collect())?;
    let mut own = Referrals::of(&frame)?;
    let places = Places::of(linked, &frame)?;
    own.add_contacts(linked, &places, values)?;
    own.add_scores(linked, &places)?;
    own.add_teams(linked, &places, values)?;
    for place in frame::whole_u32(&linked.spells, "referral")?.values() {
        if let Some(row) = places.row(*place) {
            own.hung[row].has_spell = true;
        }
    }
    let mut added = met(&own);
    added.extend(ended(&own, &Covered::of(coverage, &own.provider)));
    added.extend(urgent(&own, values));
    added.extend(trust_clocks::columns(&own, &Dated::planned(linked)?, &linked.persons));
    added.extend(trust_scores::columns(&own, (linked, &places), wanted)?);
    for column in added {
        frame.with_column(column).map_err(Error::silent("put referrals to trusts together"))?;
    }
    Ok(frame)
}

/// Attended direct contacts, and who still waits for the first of them.
fn met(own: &Referrals) -> Vec<Column> {
    let hung = |row: usize| &own.hung[row];
    let wait = |row: usize, day: Option<Day>| Some(day?.0 - own.received.get(row)?);
    let is_adult = |row: usize| own.age.get(row).is_some_and(|age| age >= 18);
    let until = |row: usize| hung(row).first.map(|first| first.0).into_iter().chain(own.discharged.get(row)).min();
    let later = |days: i32| move |row: usize| own.received.get(row).map(|received| received + days);
    vec![
        frame::opt_i32s("direct_contacts", own.days(|row| Some(i32::from(hung(row).direct)))),
        frame::opt_i32s("first_direct_date", own.days(|row| Some(hung(row).first?.0))),
        frame::opt_u16s("first_direct_age", own.hung.iter().map(|hung| hung.first?.1)),
        frame::opt_i32s("first_direct_days", own.days(|row| wait(row, hung(row).first))),
        frame::opt_i32s("second_direct_date", own.days(|row| Some(hung(row).second?.0))),
        frame::opt_u16s("second_direct_age", own.hung.iter().map(|hung| hung.second?.1)),
        frame::opt_i32s("second_direct_days", own.days(|row| wait(row, hung(row).second))),
        own.bools("is_community", |row| hung(row).kinds.is_core && !hung(row).has_spell && is_adult(row)),
        own.bools("is_rejected", |row| own.is_rejected(row)),
        frame::opt_i32s("waiting_until_date", own.days(until)),
        frame::opt_i32s("over_4wk_date", own.days(later(29))),
        frame::opt_i32s("over_18wk_date", own.days(later(127))),
        frame::opt_i32s("over_52wk_date", own.days(later(365))),
    ]
}

/// What follows a discharge, and for how long it can be told.
fn ended(own: &Referrals, covered: &Covered) -> Vec<Column> {
    let followed = |row: usize| {
        let discharged = own.discharged.get(row)?;
        covered.about(own.provider.values()[row], discharged).map(|(_, to)| to - discharged)
    };
    vec![
        frame::opt_i32s("again_days", own.days(|row| own.again_days(row))),
        frame::opt_i32s("followed_days", own.days(followed)),
    ]
}

/// Urgent referrals to crisis and liaison teams whose time of receipt is known, and how soon somebody was seen.
fn urgent(own: &Referrals, values: &CodeValues) -> Vec<Column> {
    let (very_urgent, urgent) = (codes::very_urgent(values), codes::urgent(values));
    let from_emergency_care: Meant = codes::from_emergency_care(values);
    let is_timed = |row: usize| own.minute.get(row).is_some();
    let is_crisis = |row: usize| own.hung[row].kinds.is_crisis && is_timed(row);
    vec![
        frame::opt_i32s("seen_minutes", own.hung.iter().map(|hung| hung.seen_minutes)),
        own.bools("is_very_urgent", |row| is_crisis(row) && very_urgent.has(own.priority.get(row))),
        own.bools("is_urgent", |row| is_crisis(row) && urgent.has(own.priority.get(row))),
        own.bools("is_liaison", |row| {
            own.hung[row].kinds.is_liaison && is_timed(row) && from_emergency_care.has(own.source.get(row))
        }),
    ]
}

/// Contacts with trusts, with whether each is an attended direct one of an adult under a referral to a core community team.
pub fn contacts_of(linked: &Linked, values: &CodeValues) -> Result<DataFrame, Error> {
    let core = codes::core_teams(values);
    let mut is_core = vec![false; linked.referrals.height()];
    let teams = &linked.referral_teams;
    let team = frame::nullable_u16(teams, "team_type")?;
    for (entry, place) in frame::whole_u32(teams, "referral")?.values().iter().enumerate() {
        if let Some(own) = is_core.get_mut(*place as usize) {
            *own |= core.has(team.get(entry));
        }
    }
    let table = &linked.contacts;
    let direct = codes::direct(values);
    let is_attended = rules::met_by(table, contacts::of_service(Source::MentalHealth).and(contacts::is_attended()))?;
    let (of, age) = (frame::whole_u32(table, "referral")?, frame::nullable_u16(table, "age")?);
    let mechanism = frame::nullable_u16(table, "mechanism")?;
    let is_meant = |row: usize| {
        is_attended.get_bit(row)
            && direct.has(mechanism.get(row))
            && age.get(row).is_some_and(|age| age >= 18)
            && is_core.get(of.values()[row] as usize).copied().unwrap_or(false)
    };
    let mut contacts = table.clone();
    let column = frame::bools("is_community", &(0..table.height()).map(is_meant).collect::<Vec<bool>>());
    contacts.with_column(column).map_err(Error::silent("mark contacts with community teams"))?;
    Ok(contacts)
}
