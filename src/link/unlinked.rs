//! Identity records as linkage gets them. In: staged tables. Out: [`Records`], not linked, and their groups. Leaves alone: everything
//! else; it serves to measure linkage apart from what is made of it.

use super::assembly::Assembly;
use super::audit::LinkAudit;
use super::people::People;
use super::quality::Groups;
use super::records::{self, Identity, Records};
use crate::error::Error;
use crate::ingest::Staged;
use crate::schema::Table;
use crate::sources::Sources;

/// The identity records of all staged tables: local patients first, then rows of the list in their order, then A&E.
pub fn records_of(staged: &Staged, sources: &Sources) -> Result<Records, Error> {
    Ok(records_in_groups(staged, sources)?.0)
}

/// The same, with the groups that the quality pack counts each record in.
pub fn records_in_groups(staged: &Staged, sources: &Sources) -> Result<(Records, Groups), Error> {
    let assembly = Assembly { staged, sources };
    let patients = assembly.load(Table::PersonRecords)?;
    let attendances = assembly.load(Table::Attendances)?;
    let registrations = assembly.load(Table::Registrations)?;
    let identity = Identity {
        person_records: (&patients.rows, &patients.fates),
        attendances: (&attendances.rows, &attendances.fates),
        registrations: (&registrations.rows, &registrations.fates),
    };
    let (records, record_of) = records::build(&identity, &assembly.source_of(), &mut LinkAudit::default());
    let people = People {
        keys: records.key.clone(),
        of_record: (0..records.len() as u32).collect(),
        of_appointment: Vec::new(),
        appointments_without_record: 0,
    };
    let groups = Groups::of((&records, &record_of), &identity, &people);
    Ok((records, groups))
}
