//! Q1: from rows read to records and people, by source (RECORD 6.3). Worked out from tallies and the audit.

use super::Quality;
use crate::ingest::Tally;
use crate::link::audit::{Pass, SourceFlow};
use crate::link::quality::count::Cell;
use crate::link::quality::{Count, Division, Section};
use crate::schema::{Source, Table};

/// The tables whose rows say who somebody is.
const IDENTITY: [Table; 4] = [Table::PersonRecords, Table::Attendances, Table::Registrations, Table::Appointments];

/// The flow of every source. A source that sent nothing has no counts, which is not the same as none.
pub(super) fn counts(quality: &Quality<'_>) -> Vec<Count> {
    let mut found = Vec::new();
    for source in Source::ALL {
        let flow = quality.audit.sources.get(&source).cloned().unwrap_or_default();
        if flow.records > 0 {
            found.extend(rows(quality, source));
            found.extend(records(source, &flow));
            found.push(default_births(quality, source));
        }
    }
    found
}

/// Sources that sent no record.
pub(super) fn missing(quality: &Quality<'_>) -> impl Iterator<Item = Source> {
    let is_there = |source: &Source| quality.audit.sources.get(source).is_some_and(|flow| flow.records > 0);
    Source::ALL.into_iter().filter(move |source| !is_there(source))
}

/// What became of the rows of some tables.
fn tally(quality: &Quality<'_>, source: Source, of: &[Table]) -> Tally {
    let (staged, tables) = quality.staged;
    let mut tally = Tally::default();
    let is_own = |plan: usize| tables[plan].source == source && of.contains(&tables[plan].table);
    for file in staged.files.iter().filter(|file| is_own(file.plan)) {
        tally.add(&file.tally);
    }
    tally
}

/// Q2: rows with a date of birth that stands for none, which linkage takes as missing. Appointments have none.
fn default_births(quality: &Quality<'_>, source: Source) -> Count {
    let tally = tally(quality, source, &IDENTITY[..3]);
    let cell = Cell::of_people(tally.default_births(), tally.read);
    Count::new(Section::IdentifierQuality, "identity_rows_with_default_birth_date", cell).of(source)
}

/// What became of the rows that identify somebody.
fn rows(quality: &Quality<'_>, source: Source) -> Vec<Count> {
    let tally = tally(quality, source, &IDENTITY);
    let count = |number: u64| {
        let cell = Cell::of_people(number, tally.read);
        Count::new(Section::Flow, "identity_rows", cell).of(source)
    };
    let fates = [
        ("rejected", tally.rejected_total()),
        ("duplicated", tally.duplicated),
        ("left_out", tally.excluded_total()),
        ("kept", tally.kept),
    ];
    let parts = fates.map(|(fate, number)| count(number).part(Division::Fate, fate));
    [count(tally.read).plain()].into_iter().chain(parts).collect()
}

/// Records, how they joined, and people.
fn records(source: Source, flow: &SourceFlow) -> Vec<Count> {
    let count = |measure: &str, number: u64| {
        Count::new(Section::Flow, measure, Cell::of_people(number, flow.records)).of(source)
    };
    let mut found = vec![count("records", flow.records).plain(), count("records_with_usable_number", flow.with_number)];
    for pass in Pass::ALL.into_iter().filter(|pass| *pass != Pass::Local) {
        let measure = if pass == Pass::NhsConflict { "records_kept_apart" } else { "records_joined" };
        found.push(count(measure, flow.by_pass.get(&pass).copied().unwrap_or_default()).by(pass.id()));
    }
    found.push(count("people", flow.people).plain());
    let also = Cell::of_people(flow.people_in_another, flow.people);
    found.push(Count::new(Section::Flow, "people_also_in_another_source", also).of(source));
    found
}
