//! Charges: what duplicates, orphans and rows of excluded parents cost each file.

use super::assembly::{Assembly, Part};
use super::duplicates::Fate;
use super::values::NO_CODE;
use crate::error::Error;
use crate::ingest::{Reject, Staged, checks};

/// Rows of a file that are not kept after all.
pub(super) struct Charge {
    file: usize,
    duplicated: u64,
    by_parent: u64,
    orphans: Vec<u32>,
    column: &'static str,
}

/// Brings the files' tallies up to date.
pub(super) fn apply(charges: Vec<Charge>, staged: &mut Staged) {
    let check = checks::ORPHAN.id;
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

impl Assembly<'_> {
    /// What duplicates cost the files of tables without parents.
    pub(super) fn charge_all(&self, parts: [&Part; 4]) -> Result<Vec<Charge>, Error> {
        let charges: Vec<Vec<Charge>> =
            parts.into_iter().map(|part| self.charge(part, "")).collect::<Result<_, _>>()?;
        Ok(charges.into_iter().flatten().collect())
    }

    /// What duplicates, orphans and rows of excluded parents cost each file.
    pub(super) fn charge(&self, part: &Part, parent_column: &'static str) -> Result<Vec<Charge>, Error> {
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
                let lines = super::part::lines(&self.staged.files[charge.file])?;
                charge.orphans =
                    fates.iter().zip(lines).filter(|(fate, _)| **fate == Fate::Orphan).map(|(_, line)| line).collect();
            }
            charges.push(charge);
        }
        Ok(charges)
    }
}
