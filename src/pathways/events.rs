//! Events: one row per thing that happened to a person, as rates and costs count them.
//!
//! One night per person and date however many stays overlap; an unbroken run of nights is one admission; a trust contact
//! on a night in hospital is an event but is not costed again. Only people on a pathway are ever asked about, so only their rows are gathered.

use std::collections::BTreeMap;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::Error;
use crate::frame::{self, Bits};
use crate::link::Linked;
use crate::rules;
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::sources::Sources;

/// People whose events are gathered in one go.
const CHUNK: usize = 4096;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventType {
    /// An unplanned A&E attendance, department types 01 to 04.
    EdAttendance = 0,
    /// An attended trust contact.
    MhContact,
    /// A night in a mental-health bed.
    MhNight,
    /// An attended Talking Therapies assessment.
    TtAssessment,
    /// An attended Talking Therapies treatment contact.
    TtTreatment,
    /// An attended GP appointment.
    GpAppointment,
    /// An attended voluntary-sector contact.
    CommunityContact,
    /// The first of an unbroken run of nights in mental-health beds.
    MhAdmission,
}

/// What more is known of an event: bits of [`EventRows::flags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Flag {
    /// An A&E attendance for mental health.
    MentalHealth = 1,
    /// An A&E attendance for self-harm.
    SelfHarm = 2,
    /// More than twelve hours in A&E from arrival.
    Over12Hours = 4,
    /// A contact with a crisis team.
    Crisis = 8,
}

/// Crisis resolution, single point of access and crisis line.
const CRISIS_TEAMS: [&str; 3] = ["A02", "A18", "A19"];

impl EventType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::EdAttendance,
        Self::MhContact,
        Self::MhNight,
        Self::TtAssessment,
        Self::TtTreatment,
        Self::GpAppointment,
        Self::CommunityContact,
        Self::MhAdmission,
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        [
            "ed_attendance",
            "mh_contact",
            "mh_night",
            "tt_assessment",
            "tt_treatment",
            "gp_appointment",
            "community_contact",
            "mh_admission",
        ][self as usize]
    }

    /// The source it comes from.
    pub fn source(self) -> Source {
        match self {
            Self::EdAttendance => Source::EmergencyCare,
            Self::MhContact | Self::MhNight | Self::MhAdmission => Source::MentalHealth,
            Self::TtAssessment | Self::TtTreatment => Source::TalkingTherapies,
            Self::GpAppointment => Source::Gp,
            Self::CommunityContact => Source::Community,
        }
    }
}

/// Events of one type, sorted by person and date.
#[derive(Debug, Default)]
pub struct EventRows {
    /// Who.
    pub person: Vec<u32>,
    /// When.
    pub date: Vec<i32>,
    /// Team type, bed type or clinician, which decides the cost; none if not known.
    pub kind: Vec<Option<u16>>,
    /// Place of the referral it belongs to; `u32::MAX` for none.
    pub referral: Vec<u32>,
    /// Whether it is costed; a contact during one's own stay in hospital is in the price of the night.
    pub is_costed: Vec<bool>,
    /// Bits of [`Flag`].
    pub flags: Vec<u8>,
    /// How long it took, of appointments that say so.
    pub minutes: Vec<Option<u16>>,
    /// First row of each seat, and one more entry at the end.
    starts: Vec<u32>,
}

impl EventRows {
    /// The rows of one person, by seat, within some days, both in.
    pub fn of(&self, seat: usize, from: i32, to: i32) -> std::ops::Range<usize> {
        let (start, end) = (self.starts[seat] as usize, self.starts[seat + 1] as usize);
        let days = &self.date[start..end];
        start + days.partition_point(|day| *day < from)..start + days.partition_point(|day| *day <= to)
    }

    fn push(&mut self, person: u32, date: i32, (kind, referral): (Option<u16>, u32), flags: u8) {
        self.person.push(person);
        self.date.push(date);
        self.kind.push(kind);
        self.referral.push(referral);
        self.is_costed.push(true);
        self.flags.push(flags);
        self.minutes.push(None);
    }

    fn append(&mut self, other: &mut Self) {
        let rows = self.person.len() as u32;
        self.person.append(&mut other.person);
        self.date.append(&mut other.date);
        self.kind.append(&mut other.kind);
        self.referral.append(&mut other.referral);
        self.is_costed.append(&mut other.is_costed);
        self.flags.append(&mut other.flags);
        self.minutes.append(&mut other.minutes);
        self.starts.extend(other.starts.iter().map(|start| start + rows));
    }
}

/// The events of some people.
#[derive(Debug, Default)]
pub struct Events {
    people: Vec<u32>,
    by_type: BTreeMap<EventType, EventRows>,
}

impl Events {
    /// The events of a type; none where the source sent nothing.
    pub fn of(&self, kind: EventType) -> Option<&EventRows> {
        self.by_type.get(&kind)
    }

    /// A person's place among those whose events are here.
    pub fn seat(&self, person: u32) -> Option<usize> {
        self.people.binary_search(&person).ok()
    }
}

/// Derives the events of some people, in order, from the linked tables, up to `as_of`.
pub fn build(linked: &Linked, people: Vec<u32>, sources: &Sources, as_of: i32) -> Result<Events, Error> {
    let crisis = is_crisis(sources);
    let made: Vec<(EventType, EventRows)> = EventType::ALL
        .into_par_iter()
        .map(|kind| Ok((kind, of_type(kind, linked, &people, (&crisis, as_of))?)))
        .collect::<Result<_, Error>>()?;
    let mut by_type: BTreeMap<EventType, EventRows> = made.into_iter().collect();
    without_hospital_contacts(&mut by_type);
    Ok(Events { people, by_type })
}

/// The events of one type of everyone whose places are given, in order.
pub fn of_everyone(
    kind: EventType,
    linked: &Linked,
    people: &[u32],
    sources: &Sources,
    as_of: i32,
) -> Result<EventRows, Error> {
    of_type(kind, linked, people, (&is_crisis(sources), as_of))
}

/// The events of one type.
fn of_type(
    kind: EventType,
    linked: &Linked,
    people: &[u32],
    (crisis, as_of): (&Expr, i32),
) -> Result<EventRows, Error> {
    let until = || col("date").lt_eq(lit(as_of));
    let flagged = |rule: Expr, flags: &[(Flag, Expr)]| {
        select(&linked.contacts, people, rule.and(until()), Some("team_type"), flags)
    };
    let contact = |rule: Expr| flagged(rule, &[]);
    let attended = |source: Source| rules::contacts::of_service(source).and(rules::contacts::is_attended());
    match kind {
        EventType::EdAttendance => {
            let flags = [
                (Flag::MentalHealth, rules::attendances::is_mental_health()),
                (Flag::SelfHarm, rules::attendances::is_self_harm()),
                (Flag::Over12Hours, rules::attendances::is_over_12_hours()),
            ];
            select(&linked.attendances, people, rules::attendances::is_counted().and(until()), None, &flags)
        }
        EventType::MhContact => flagged(attended(Source::MentalHealth), &[(Flag::Crisis, crisis.clone())]),
        EventType::MhNight => nights(&linked.ward_stays, people, as_of, |_, _| true),
        EventType::MhAdmission => {
            let is_first = |before: Option<i32>, night: i32| before != Some(night - 1);
            let mut admissions = nights(&linked.ward_stays, people, as_of, is_first)?;
            // The nights are what is paid for.
            admissions.is_costed.fill(false);
            Ok(admissions)
        }
        EventType::TtAssessment => contact(rules::contacts::is_assessment_only()),
        EventType::TtTreatment => contact(rules::contacts::is_treatment()),
        EventType::GpAppointment => select(
            &linked.appointments,
            people,
            rules::appointments::is_attended().and(until()),
            Some("clinician"),
            &[],
        ),
        EventType::CommunityContact => contact(attended(Source::Community)),
    }
}

/// Whether a contact's team is a crisis team. A contact whose team is not known is not.
fn is_crisis(sources: &Sources) -> Expr {
    let positions = CRISIS_TEAMS.iter().filter_map(|team| sources.values.position(CodeSet::TeamType, team));
    let is_one = positions.map(|at| col("team_type").eq(lit(u32::from(at)).cast(DataType::UInt16)));
    is_one.reduce(Expr::or).unwrap_or_else(|| lit(false))
}

/// The people's rows of a table that meet a rule, as events.
fn select(
    table: &DataFrame,
    people: &[u32],
    rule: Expr,
    kind: Option<&str>,
    flags: &[(Flag, Expr)],
) -> Result<EventRows, Error> {
    let tests: Vec<Expr> = std::iter::once(rule).chain(flags.iter().map(|(_, flag)| flag.clone())).collect();
    let met = rules::met(table, &tests)?;
    let (is_event, has_flag) = met.split_first().ok_or_else(|| Error::bug("a rule gave nothing"))?;
    let bit = |row: usize, (own, (flag, _)): (&Bits, &(Flag, Expr))| if own.get_bit(row) { *flag as u8 } else { 0 };
    let date = frame::nullable_i32(table, "date")?;
    let kind = kind.map(|kind| frame::nullable_u16(table, kind)).transpose()?;
    let has_referral = table.column("referral").is_ok();
    // Of the tables of events only that of appointments has minutes of this kind.
    let has_minutes = table.column("clinician").is_ok();
    let minutes = has_minutes.then(|| frame::nullable_u16(table, "minutes")).transpose()?;
    let referral = has_referral.then(|| frame::whole_u32(table, "referral")).transpose()?;
    Ok(of_people(frame::whole_u32(table, "person")?.values(), people, &|events, person, rows| {
        for row in rows.filter(|row| is_event.get_bit(*row)) {
            let kind = kind.as_ref().and_then(|kind| kind.get(row));
            let referral = referral.as_ref().map_or(u32::MAX, |referral| referral.values()[row]);
            let flags = has_flag.iter().zip(flags).map(|own| bit(row, own)).sum();
            events.push(person, date.get(row).unwrap_or(i32::MIN), (kind, referral), flags);
            if let Some((minutes, last)) = minutes.as_ref().zip(events.minutes.last_mut()) {
                *last = minutes.get(row);
            }
        }
    }))
}

type Range = std::ops::Range<usize>;

/// Goes through the rows of some people in a table sorted by person; `add` turns those of one person into events.
fn of_people(table: &[u32], people: &[u32], add: &(dyn Fn(&mut EventRows, u32, Range) + Sync)) -> EventRows {
    let part = |people: &[u32]| {
        let mut events = EventRows::default();
        let mut at = people.first().map_or(0, |first| table.partition_point(|person| person < first));
        for person in people {
            events.starts.push(events.person.len() as u32);
            at += table[at..].iter().take_while(|other| *other < person).count();
            let end = at + table[at..].iter().take_while(|other| *other == person).count();
            add(&mut events, *person, at..end);
            at = end;
        }
        events
    };
    let parts: Vec<EventRows> = people.par_chunks(CHUNK).map(part).collect();
    let mut all = EventRows::default();
    for mut part in parts {
        all.append(&mut part);
    }
    all.starts.push(all.person.len() as u32);
    all
}

/// One night per person and date: the night of day d counts if start <= d < end; an open stay runs to the last day.
/// `is_wanted` is told the night before it, of the same person, and the night.
fn nights(
    stays: &DataFrame,
    people: &[u32],
    as_of: i32,
    is_wanted: fn(Option<i32>, i32) -> bool,
) -> Result<EventRows, Error> {
    let start = frame::nullable_i32(stays, "start")?;
    let end = frame::nullable_i32(stays, "end")?;
    let bed = frame::nullable_u16(stays, "bed_type")?;
    Ok(of_people(frame::whole_u32(stays, "person")?.values(), people, &|events, person, rows| {
        let mut own: Vec<(i32, Option<u16>)> = Vec::new();
        for stay in rows {
            let last = end.get(stay).map_or(as_of, |end| (end - 1).min(as_of));
            if let Some(first) = start.get(stay) {
                own.extend((first..=last).map(|night| (night, bed.get(stay))));
            }
        }
        own.sort_unstable();
        own.dedup_by_key(|(night, _)| *night);
        let mut before = None;
        for (night, bed) in own {
            if is_wanted(before, night) {
                events.push(person, night, (bed, u32::MAX), 0);
            }
            before = Some(night);
        }
    }))
}

/// Marks trust contacts on a person's own nights in hospital as not costed.
fn without_hospital_contacts(events: &mut BTreeMap<EventType, EventRows>) {
    let Some(nights) = events.remove(&EventType::MhNight) else { return };
    if let Some(contacts) = events.get_mut(&EventType::MhContact) {
        let mut night = 0;
        for row in 0..contacts.person.len() {
            let at = (contacts.person[row], contacts.date[row]);
            while night < nights.person.len() && (nights.person[night], nights.date[night]) < at {
                night += 1;
            }
            contacts.is_costed[row] = nights.person.get(night).zip(nights.date.get(night)) != Some((&at.0, &at.1));
        }
    }
    events.insert(EventType::MhNight, nights);
}
