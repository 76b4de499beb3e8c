//! Events: one row per thing that happened to a person, as rates and costs count them.
//!
//! One night per person and date however many stays overlap; a trust contact on a night in hospital is an event but is
//! not costed again.

use std::collections::BTreeMap;

use polars::prelude::*;
use rayon::prelude::*;

use super::observation::starts;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::rules;
use crate::schema::Source;

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
}

impl EventType {
    /// Every type.
    pub const ALL: [Self; 7] = [
        Self::EdAttendance,
        Self::MhContact,
        Self::MhNight,
        Self::TtAssessment,
        Self::TtTreatment,
        Self::GpAppointment,
        Self::CommunityContact,
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
        ][self as usize]
    }

    /// The source it comes from.
    pub fn source(self) -> Source {
        match self {
            Self::EdAttendance => Source::EmergencyCare,
            Self::MhContact | Self::MhNight => Source::MentalHealth,
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
    /// Team type or bed type, which decides the cost; none if not known.
    pub kind: Vec<Option<u16>>,
    /// Place of the referral it belongs to; `u32::MAX` for none.
    pub referral: Vec<u32>,
    /// Whether it is costed; a contact during one's own stay in hospital is in the price of the night.
    pub is_costed: Vec<bool>,
    /// First row of each person, and one more entry at the end.
    starts: Vec<u32>,
}

impl EventRows {
    /// The rows of one person within some days, both in.
    pub fn of(&self, person: u32, from: i32, to: i32) -> std::ops::Range<usize> {
        let at = person as usize;
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        let days = &self.date[start..end];
        start + days.partition_point(|day| *day < from)..start + days.partition_point(|day| *day <= to)
    }

    fn push(&mut self, person: u32, date: i32, kind: Option<u16>, referral: u32) {
        self.person.push(person);
        self.date.push(date);
        self.kind.push(kind);
        self.referral.push(referral);
        self.is_costed.push(true);
    }
}

/// All events.
#[derive(Debug, Default)]
pub struct Events(BTreeMap<EventType, EventRows>);

impl Events {
    /// The events of a type; none where the source sent nothing.
    pub fn of(&self, kind: EventType) -> Option<&EventRows> {
        self.0.get(&kind)
    }
}

/// Derives the events from the linked tables, up to `as_of`.
pub fn build(linked: &Linked, as_of: i32) -> Result<Events, Error> {
    let made: Vec<(EventType, EventRows)> = EventType::ALL
        .into_par_iter()
        .map(|kind| Ok((kind, of_type(kind, linked, as_of)?)))
        .collect::<Result<_, Error>>()?;
    let mut events: BTreeMap<EventType, EventRows> = made.into_iter().collect();
    without_hospital_contacts(&mut events);
    for rows in events.values_mut() {
        rows.starts = starts(&rows.person, linked.persons.len());
    }
    Ok(Events(events))
}

/// The events of one type.
fn of_type(kind: EventType, linked: &Linked, as_of: i32) -> Result<EventRows, Error> {
    let until = || col("date").lt_eq(lit(as_of));
    let contact = |rule: Expr| select(&linked.contacts, rule.and(until()), Some("team_type"));
    let attended = |source: Source| rules::contacts::of_service(source).and(rules::contacts::is_attended());
    match kind {
        EventType::EdAttendance => select(&linked.attendances, rules::attendances::is_counted().and(until()), None),
        EventType::MhContact => contact(attended(Source::MentalHealth)),
        EventType::MhNight => nights(&linked.ward_stays, as_of),
        EventType::TtAssessment => contact(rules::contacts::is_assessment_only()),
        EventType::TtTreatment => contact(rules::contacts::is_treatment()),
        EventType::GpAppointment => select(&linked.appointments, rules::appointments::is_attended().and(until()), None),
        EventType::CommunityContact => contact(attended(Source::Community)),
    }
}

/// The rows of a table that meet a rule, as events.
fn select(table: &DataFrame, rule: Expr, kind: Option<&str>) -> Result<EventRows, Error> {
    let has_referral = table.column("referral").is_ok();
    let mut columns = vec![col("person"), col("date")];
    columns.extend(kind.map(col));
    if has_referral {
        columns.push(col("referral"));
    }
    let rows = table.clone().lazy().filter(rule).select(columns).collect().map_err(Error::silent("select events"))?;
    let person = frame::values_u32(&rows, "person")?;
    let length = person.len();
    Ok(EventRows {
        person,
        date: frame::values_i32(&rows, "date")?.into_iter().map(|day| day.unwrap_or(i32::MIN)).collect(),
        kind: kind.map_or_else(|| Ok(vec![None; length]), |kind| frame::values_u16(&rows, kind))?,
        referral: if has_referral { frame::values_u32(&rows, "referral")? } else { vec![u32::MAX; length] },
        is_costed: vec![true; length],
        starts: Vec::new(),
    })
}

/// One night per person and date: the night of day d counts if start <= d < end; an open stay runs to the last day.
fn nights(stays: &DataFrame, as_of: i32) -> Result<EventRows, Error> {
    let person = frame::values_u32(stays, "person")?;
    let start = frame::values_i32(stays, "start")?;
    let end = frame::values_i32(stays, "end")?;
    let bed = frame::values_u16(stays, "bed_type")?;
    let mut rows = EventRows::default();
    let mut own: Vec<(i32, Option<u16>)> = Vec::new();
    for stay in 0..person.len() {
        let last = end[stay].map_or(as_of, |end| (end - 1).min(as_of));
        if let Some(first) = start[stay] {
            own.extend((first..=last).map(|night| (night, bed[stay])));
        }
        if person.get(stay + 1) != Some(&person[stay]) {
            own.sort_unstable();
            own.dedup_by_key(|(night, _)| *night);
            for (night, bed) in own.drain(..) {
                rows.push(person[stay], night, bed, u32::MAX);
            }
        }
    }
    Ok(rows)
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
