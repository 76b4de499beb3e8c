//! Withheld identities: a row with a reason for withholding is counted in demand and never linked.

use super::cells::Cell;
use super::headings::Layout;
use crate::domain::nhs_number::Reason;
use crate::schema::Kind;
use crate::sources::TablePlan;

/// Where a file says that an identity is withheld, and which cells then say nothing. Empty for other files.
pub(super) struct Withheld {
    field: Option<usize>,
    identity: Vec<(usize, Kind)>,
}

impl Withheld {
    pub(super) fn of(plan: &TablePlan, layout: &Layout) -> Self {
        let is_reason = |at: usize| plan.details[at].column.name == "withheld_reason";
        let reason = layout.details.iter().find(|(at, _)| is_reason(*at));
        let field = reason.and_then(|(_, fields)| fields.first().copied());
        let is_identity = |kind: Kind| {
            matches!(kind, Kind::NhsNumber | Kind::LocalId | Kind::BirthDate | Kind::Field(_) | Kind::Postcode)
        };
        let columns = plan.table.columns().iter().map(|column| column.kind).enumerate();
        Self { field, identity: columns.filter(|(_, kind)| is_identity(*kind)).collect() }
    }

    /// Empties the identity of a row that gives a reason.
    pub(super) fn hide(&self, record: &[&[u8]], cells: &mut [Cell<'_>]) {
        let is_withheld = self.field.is_some_and(|field| !record[field].trim_ascii().is_empty());
        if is_withheld {
            for (at, kind) in &self.identity {
                cells[*at] = if *kind == Kind::NhsNumber { Cell::Nhs(None, Reason::Withheld) } else { Cell::Null };
            }
        }
    }
}
