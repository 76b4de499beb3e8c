//! Identity records as linkage gets them. In: staged tables. Out: [`Records`], not linked. Leaves alone: everything
//! else; it serves to measure linkage apart from what is made of it.

use super::assembly::Assembly;
use super::audit::LinkAudit;
use super::records::{self, Identity, Records};
use crate::error::Error;
use crate::ingest::Staged;
use crate::schema::Table;
use crate::sources::Sources;

/// The identity records of all staged tables: local patients first, then rows of the list in their order, then A&E.
pub fn records_of(staged: &Staged, sources: &Sources) -> Result<Records, Error> {
    let assembly = Assembly { staged, sources };
    let patients = assembly.load(Table::PersonRecords)?;
    let attendances = assembly.load(Table::Attendances)?;
    let registrations = assembly.load(Table::Registrations)?;
    let identity = Identity {
        person_records: (&patients.rows, &patients.fates),
        attendances: (&attendances.rows, &attendances.fates),
        registrations: (&registrations.rows, &registrations.fates),
    };
    Ok(records::build(&identity, &assembly.source_of(), &mut LinkAudit::default()).0)
}
