//! After A&E: who was seen, and when, after coming to A&E for their mental health.
//!
//! In: linked tables and coverage. Out: the frame whose columns the rules here look at. Leaves alone: which attendances are
//! for mental health and which contacts are attended (`rules`).

use polars::prelude::*;

use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame::{self, Bits, Nullable};
use crate::link::Linked;
use crate::link::persons::Basis;
use crate::pathways::Coverage;
use crate::pathways::observation::starts;
use crate::rules::{self, appointments, attendances, contacts};
use crate::schema::Source;

/// The longest time in which a contact is looked for, in days after the day of arrival.
const LONGEST: i32 = 28;
/// No contact within it.
const NOT_SEEN: i32 = i32::MAX;

/// Whether the trust and Talking Therapies sent everything for so many days after the attendance, and the person lived
/// through them.
pub fn is_followed(days: i32) -> Expr {
    col("followed_days").gt_eq(lit(days))
}

/// Followed, and an attended contact with the trust within so many days. The day itself does not count: whether a
/// contact on it was before or after the arrival is not known.
pub fn is_treated(days: i32) -> Expr {
    is_followed(days).and(col("days_to_contact").lt_eq(lit(days)).fill_null(lit(false)))
}

/// Followed for 28 days, and an attended contact with the trust within them.
pub fn is_treated_at_all() -> Expr {
    is_followed(LONGEST).and(col("days_to_contact").is_not_null())
}

/// Followed, and an attended contact with the trust, Talking Therapies or a practice within so many days.
pub fn is_seen(days: i32) -> Expr {
    is_followed(days).and(col("days_to_any").lt_eq(lit(days)).fill_null(lit(false)))
}

/// Days from the attendance to the next attended contact with the trust, within 28 days; null without one.
pub fn days_to_contact() -> Expr {
    col("days_to_contact")
}

/// A&E attendances for mental health of people whose records in other sources could be linked.
///
/// Grain: attendance, sorted by person. `followed_days` is 0 to 28; `days_to_contact` (trust) and `days_to_any` are 1 to 28,
/// null where there was no such contact.
pub fn attendances(linked: &Linked, coverage: &Coverage) -> Result<DataFrame, Error> {
    let is_own = rules::met_by(&linked.attendances, attendances::is_mental_health())?;
    let person = frame::whole_u32(&linked.attendances, "person")?;
    let has_number = |row: &usize| linked.persons.basis[person.values()[*row] as usize] == Basis::Nhs;
    let rows: Vec<u32> = is_own.true_idx_iter().filter(has_number).map(|row| row as u32).collect();
    let mut own = frame::rows(&linked.attendances, rows)?.select(["person", "provider", "age", "date"]);
    let own = own.as_mut().map_err(|_| Error::bug("an attendance lacks a column"))?;
    let by_contacts = Seen::by_contacts(linked)?;
    let by_practices = Seen::by_practices(linked, coverage)?;
    let (people, dates) = (frame::whole_u32(own, "person")?, frame::nullable_i32(own, "date")?);
    let last = last_day(coverage);
    let of = |row: usize| -> [Option<i32>; 3] {
        let (person, date) = (people.values()[row], dates.get(row).unwrap_or(NOT_SEEN - LONGEST));
        let [of_trust, of_any] = by_contacts.next(person, date);
        let [_, of_practice] = by_practices.next(person, date);
        let died = linked.persons.death_date[person as usize].map_or(LONGEST, |death| (death - 1 - date).max(0));
        let followed = (last - date).clamp(0, LONGEST).min(died);
        let found = |day: i32| Some(day).filter(|day| *day != NOT_SEEN).map(|day| day - date);
        [Some(followed), found(of_trust), found(of_any.min(of_practice))]
    };
    let found: Vec<[Option<i32>; 3]> = (0..people.values().len()).map(of).collect();
    for (at, name) in ["followed_days", "days_to_contact", "days_to_any"].into_iter().enumerate() {
        let column = frame::opt_i32s(name, found.iter().map(|one| one[at]));
        own.with_column(column).map_err(Error::silent("add what came after"))?;
    }
    Ok(own.clone())
}

/// The last day that the trust and Talking Therapies cover, of those that sent anything.
fn last_day(coverage: &Coverage) -> i32 {
    let sent = [Source::MentalHealth, Source::TalkingTherapies].into_iter().filter(|source| coverage.has(*source));
    let last = sent.map(|source| coverage.common(source).ranges().last().map_or(i32::MIN / 2, |(_, last)| *last));
    last.min().unwrap_or(i32::MIN / 2).min(coverage.as_of)
}

/// Attended contacts of a table sorted by person and date.
struct Seen {
    starts: Vec<u32>,
    date: Nullable<i32>,
    is_trust: Option<Bits>,
    is_any: Bits,
}

impl Seen {
    /// Contacts with the trust and with Talking Therapies.
    fn by_contacts(linked: &Linked) -> Result<Self, Error> {
        let of_trust = contacts::of_service(Source::MentalHealth).and(contacts::is_attended());
        let of_therapies = contacts::of_service(Source::TalkingTherapies).and(contacts::is_attended_or_unplanned());
        let met = rules::met(&linked.contacts, &[of_trust.clone(), of_trust.fill_null(lit(false)).or(of_therapies)])?;
        let [is_trust, is_any] = <[Bits; 2]>::try_from(met).map_err(|_| Error::bug("a rule gave nothing"))?;
        let person = frame::whole_u32(&linked.contacts, "person")?;
        let starts = starts(person.values(), linked.persons.len());
        Ok(Self { starts, date: frame::nullable_i32(&linked.contacts, "date")?, is_trust: Some(is_trust), is_any })
    }

    /// GP appointments in months that the practice covers.
    fn by_practices(linked: &Linked, coverage: &Coverage) -> Result<Self, Error> {
        let is_attended = rules::met_by(&linked.appointments, appointments::is_attended())?;
        let practice = frame::whole_u64(&linked.appointments, "provider")?;
        let known = frame::distinct(practice.values());
        let months: Vec<_> = known.iter().map(|code| coverage.practice_months(OrgCode::from_packed(*code))).collect();
        let date = frame::nullable_i32(&linked.appointments, "date")?;
        let is_covered = |row: usize| {
            let own = &months[known.partition_point(|code| *code < practice.values()[row])];
            let is_in = |day: i32| own.ranges().iter().any(|(first, last)| (*first..=*last).contains(&day));
            is_attended.get_bit(row) && date.get(row).is_some_and(is_in)
        };
        let is_any = (0..practice.values().len()).map(is_covered).collect();
        let person = frame::whole_u32(&linked.appointments, "person")?;
        Ok(Self { starts: starts(person.values(), linked.persons.len()), date, is_trust: None, is_any })
    }

    /// The days of a person's next contacts with the trust and with anybody, within 28 days after a day and not on it.
    fn next(&self, person: u32, day: i32) -> [i32; 2] {
        let [mut trust, mut any] = [NOT_SEEN; 2];
        let at = person as usize;
        for row in self.starts[at] as usize..self.starts[at + 1] as usize {
            let Some(date) = self.date.get(row).filter(|date| *date > day && *date - day <= LONGEST) else { continue };
            if self.is_any.get_bit(row) {
                any = any.min(date);
            }
            if self.is_trust.as_ref().is_some_and(|bits| bits.get_bit(row)) {
                trust = trust.min(date);
            }
        }
        [trust, any]
    }
}
