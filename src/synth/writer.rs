//! What all writers of rows share. In: a person. Out: ids, records with their truth, dirt. Leaves
//! alone: the tables themselves (`write_*.rs`).

use super::chance::{Chance, Purpose};
use super::files::{ERRORS, FORMER, MISTYPED, RECORDS, REUSED, SHARED};
use super::ids;
use super::pages::Pages;
use super::person::Person;
use super::rare::local_id_of;
use super::recorded::{Holder, NumberIs, Recorded, recorded};
use super::world::World;

/// Writes the rows of one person.
pub(super) struct Writer<'run> {
    pub(super) world: &'run World,
    pub(super) pages: &'run mut Pages,
    /// Chance for what is not a fact of the person: minutes, modes, dirt.
    pub(super) details: Chance,
    person: u64,
}

impl<'run> Writer<'run> {
    pub(super) fn new(world: &'run World, pages: &'run mut Pages, person: u64) -> Self {
        let details = Chance::new(world.options.seed, person, Purpose::Details);
        Self { world, pages, details, person }
    }

    pub(super) fn local_id(&self, kind: (char, usize)) -> String {
        ids::local_id(self.world.key, kind, self.person)
    }

    pub(super) fn record_id(&self, kind: (char, usize), number: usize) -> String {
        ids::record_id(self.world.key, kind, self.person, number)
    }

    pub(super) fn has_dirt(&self) -> bool {
        self.world.options.errors.are_planted()
    }

    /// The identifiers as the system holds them; their truth is noted.
    pub(super) fn record(&mut self, person: &Person, holder: Holder, provider: &str, local: &str) -> Recorded {
        let record = recorded(self.world, person, holder);
        self.note_record(person, holder.source(), provider, local);
        let (who, planted) = (&person.identity, &mut self.pages.planted);
        planted.births_wrong += u64::from(record.birth != who.birth);
        planted.given_names_wrong += u64::from(record.given != who.given);
        planted.family_names_wrong += u64::from(record.family != [who.family.0, who.family.1].concat());
        planted.sexes_wrong += u64::from(record.sex != who.sex);
        planted.postcodes_old += u64::from(record.postcode != self.world.postcodes[who.postcode].text);
        match record.number_is {
            NumberIs::Right => {}
            NumberIs::Missing => planted.numbers_missing += 1,
            NumberIs::Mistyped => {
                planted.numbers_mistyped += 1;
                let mut row = self.pages.row(MISTYPED);
                row.text(holder.source()).text(provider).text(local).number(person.index);
                row.number(who.nhs_number).optional_number(record.number).end();
            }
            NumberIs::Shared(rightful) => {
                planted.numbers_shared += 1;
                let mut row = self.pages.row(SHARED);
                row.optional_number(record.number).number(rightful).number(person.index).text(holder.source()).end();
            }
            NumberIs::Former => {
                planted.numbers_former += 1;
                let mut row = self.pages.row(FORMER);
                row.text(holder.source()).text(provider).text(local).number(person.index);
                row.optional_number(record.number).number(who.nhs_number).end();
            }
        }
        for slip in &record.slips {
            *self.pages.planted.errors.entry(slip.name()).or_default() += 1;
            let mut row = self.pages.row(ERRORS);
            row.text(holder.source()).text(provider).text(local).number(person.index).text(slip.name()).end();
        }
        record
    }

    /// The id that an A&E department holds a person under: now and then one that was somebody else's.
    pub(super) fn emergency_id(&mut self, person: &Person, (provider, name): (usize, &str)) -> String {
        let own = self.local_id(('E', provider));
        let Some(other) = local_id_of(self.world, person, provider) else { return own };
        let local = ids::local_id(self.world.key, ('E', provider), other);
        let born = recorded(self.world, person, Holder::Emergency(provider)).birth;
        self.pages.planted.local_ids_reused += 1;
        let mut row = self.pages.row(REUSED);
        row.text("emergency_care").text(name).text(&local).number(person.index).number(other).day(born).end();
        local
    }

    /// Notes whose local id it is.
    pub(super) fn note_record(&mut self, person: &Person, source: &str, provider: &str, local: &str) {
        self.pages.row(RECORDS).text(source).text(provider).text(local).number(person.index).end();
    }

    /// A code, now and then with a leading zero.
    pub(super) fn untidy(&mut self, code: &str) -> String {
        let is_untidy = self.details.yes(0.05) && self.has_dirt();
        if is_untidy { ["0", code].concat() } else { code.to_owned() }
    }

    /// Sends one contact row in a thousand a second time.
    pub(super) fn perhaps_again(&mut self, file: usize, start: usize) {
        let is_again = self.details.yes(0.001) && self.has_dirt();
        if is_again {
            self.pages.send_again(file, start);
        }
    }
}
