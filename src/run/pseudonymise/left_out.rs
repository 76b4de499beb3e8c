//! What hangs on rows that are left out: it does not leave either. A run finds the same for rows that come in later files.
//!
//! In: sheets, parents before children. Out: the same, with more rows marked and counted as `parent_excluded`, as a run
//! counts them.

use std::collections::BTreeSet;

use super::sheet::{Cells, Sheet};
use crate::domain::token::Token;
use crate::ingest::values::{NO_CODE, Values};
use crate::schema::{Kind, Table};

/// Any rule: which one is counted already or is the parent's.
const BY_PARENT: u16 = 0;

/// Marks rows whose parent, or another row of whose key, is left out.
pub(super) fn follow(sheets: &mut [Sheet<'_>]) {
    let mut left_out: Vec<(Table, BTreeSet<Token>)> = Vec::new();
    let tables: BTreeSet<Table> = sheets.iter().map(|sheet| sheet.plan.table).collect();
    for table in tables {
        let of_table = |sheet: &&mut Sheet<'_>| sheet.plan.table == table;
        for sheet in sheets.iter_mut().filter(of_table) {
            let hangs = hang_on(sheet, &left_out);
            sheet.leave_out(&hangs);
        }
        if !table.is_parent() {
            continue;
        }
        let mut own = BTreeSet::new();
        for sheet in sheets.iter_mut().filter(of_table) {
            let Some(Values::Token(tokens)) = sheet.column("record") else { continue };
            let gone = tokens.iter().zip(&sheet.excluded).filter(|(token, rule)| token.is_some() && **rule != NO_CODE);
            own.extend(gone.map(|(token, _)| *token));
        }
        for sheet in sheets.iter_mut().filter(of_table) {
            let Some(Values::Token(tokens)) = sheet.column("record") else { continue };
            let same = (0..tokens.len()).filter(|row| own.contains(&tokens[*row])).collect::<Vec<_>>();
            sheet.leave_out(&same);
        }
        left_out.push((table, own));
    }
}

/// Rows of which a parent is left out.
fn hang_on(sheet: &Sheet<'_>, left_out: &[(Table, BTreeSet<Token>)]) -> Vec<usize> {
    let mut rows = Vec::new();
    for (column, cells) in &sheet.columns {
        let (Kind::ParentId(parent), Cells::One(Values::Token(tokens))) = (column.kind, cells) else { continue };
        let Some((_, gone)) = left_out.iter().find(|(table, gone)| *table == parent && !gone.is_empty()) else {
            continue;
        };
        rows.extend((0..tokens.len()).filter(|row| gone.contains(&tokens[*row])));
    }
    rows
}

impl Sheet<'_> {
    /// Leaves rows out that are not yet: of each its own token is kept and nothing else.
    fn leave_out(&mut self, rows: &[usize]) {
        for row in rows {
            if self.excluded[*row] != NO_CODE {
                continue;
            }
            self.excluded[*row] = BY_PARENT;
            self.tally.kept -= 1;
            *self.tally.excluded.entry("parent_excluded".to_owned()).or_default() += 1;
            for (column, cells) in &mut self.columns {
                if let Cells::One(values) = cells
                    && column.name != "record"
                {
                    values.clear(*row);
                }
            }
        }
    }
}
