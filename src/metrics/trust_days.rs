//! What one person had from trusts, day by day: found by binary search in tables sorted by person and date.

use super::trust_codes::Meant;
use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame::{self, Nullable};
use crate::link::Linked;
use crate::pathways::Coverage;
use crate::pathways::spans::Spans;
use crate::rules::{self, contacts};
use crate::schema::Source;

/// Days of some rows, sorted by person and date.
pub struct Dated {
    person: Vec<u32>,
    date: Vec<i32>,
    provider: Vec<u64>,
}

impl Dated {
    /// Attended contacts with trusts: those held in a way that is meant, or all.
    pub fn attended(linked: &Linked, meant: Option<&Meant>) -> Result<Self, Error> {
        let contacts = &linked.contacts;
        let is_own = rules::met_by(contacts, contacts::of_service(Source::MentalHealth).and(contacts::is_attended()))?;
        let (person, date) = (frame::whole_u32(contacts, "person")?, frame::nullable_i32(contacts, "date")?);
        let provider = frame::whole_u64(contacts, "provider")?;
        let mechanism = frame::nullable_u16(contacts, "mechanism")?;
        let mut dated = Self { person: Vec::new(), date: Vec::new(), provider: Vec::new() };
        for row in is_own.true_idx_iter().filter(|row| meant.is_none_or(|meant| meant.has(mechanism.get(*row)))) {
            let Some(day) = date.get(row) else { continue };
            dated.person.push(person.values()[row]);
            dated.date.push(day);
            dated.provider.push(provider.values()[row]);
        }
        Ok(dated)
    }

    /// Indirect activity of trusts, whose provider nobody asks for.
    pub fn indirect(linked: &Linked) -> Result<Self, Error> {
        let table = &linked.indirect_contacts;
        let date = frame::values_i32(table, "date")?.into_iter().flatten().collect();
        Ok(Self { person: frame::values_u32(table, "person")?, date, provider: Vec::new() })
    }

    /// Care plans of trusts, by the day they were agreed.
    pub fn planned(linked: &Linked) -> Result<Self, Error> {
        let table = &linked.care_plans;
        let (person, date) = (frame::whole_u32(table, "person")?, frame::nullable_i32(table, "date")?);
        let provider = frame::whole_u64(table, "provider")?;
        let mut dated = Self { person: Vec::new(), date: Vec::new(), provider: Vec::new() };
        // A plan without a day was not agreed yet.
        for row in 0..table.height() {
            let Some(day) = date.get(row) else { continue };
            dated.person.push(person.values()[row]);
            dated.date.push(day);
            dated.provider.push(provider.values()[row]);
        }
        Ok(dated)
    }

    /// The rows of a person on some days, both in.
    fn rows(&self, person: u32, (first, last): (i32, i32)) -> std::ops::Range<usize> {
        let of_person =
            self.person.partition_point(|one| *one < person)..self.person.partition_point(|one| *one <= person);
        let dates = &self.date[of_person.clone()];
        let from = of_person.start + dates.partition_point(|date| *date < first);
        let to = of_person.start + dates.partition_point(|date| *date <= last);
        from..to.max(from)
    }

    /// Whether the person has a row on these days, both in.
    pub fn any(&self, person: u32, days: (i32, i32)) -> bool {
        !self.rows(person, days).is_empty()
    }

    /// Whether the person has a row of this provider on these days, both in.
    pub fn any_of(&self, provider: u64, person: u32, days: (i32, i32)) -> bool {
        self.provider[self.rows(person, days)].contains(&provider)
    }

    /// The first of these days, both in, on which the person has a row of this provider.
    pub fn first_of(&self, provider: u64, person: u32, days: (i32, i32)) -> Option<i32> {
        self.rows(person, days).find(|row| self.provider[*row] == provider).map(|row| self.date[row])
    }
}

/// The days that trusts cover, by provider.
pub struct Covered {
    providers: Vec<u64>,
    spans: Vec<Spans>,
}

impl Covered {
    /// The days of the providers of some rows.
    pub fn of(coverage: &Coverage, provider: &Nullable<u64>) -> Self {
        let providers = frame::distinct(provider.values());
        let of = |provider: &u64| coverage.of(Source::MentalHealth, OrgCode::from_packed(*provider));
        let spans = providers.iter().map(of).collect();
        Self { providers, spans }
    }

    /// The unbroken covered days about a day, both in; none where it is not covered.
    pub fn about(&self, provider: u64, day: i32) -> Option<(i32, i32)> {
        let own = self.spans.get(self.providers.partition_point(|one| *one < provider))?;
        own.ranges().iter().copied().find(|(from, to)| (*from..=*to).contains(&day))
    }
}
