//! The form of files that `pathlink pseudonymise` writes: a canonical table under the names of its own columns, whatever
//! the sender's headings, formats and codes were. Values that passed their checks stand there in one form each.
//!
//! In: how a table is read from raw extracts, and the values of coded columns. Out: how it is read in canonical form.
//! Leaves alone: tokens, which are taken as they are (`ingest/given.rs`).

use std::sync::Arc;

use super::code_lists::CodeValues;
use super::code_map::CodeMap;
use super::dialect::Dialect;
use super::plan::{ColumnPlan, Empty, Exclusion, Ignored, Judge, TablePlan, Unknown};
use super::sentinels::Sentinels;
use crate::schema::{Column, Kind};

/// The column of the organisation that each row is of.
pub const PROVIDER: &str = "provider";
/// Whether a row is kept: `yes`, or `no` for one that was left out, of which only its own token is there, so that what
/// hangs on it is left out too.
pub const KEPT: &str = "kept";
/// What [`KEPT`] says of a row that is.
pub const IS_KEPT: &str = "yes";
/// What [`KEPT`] says of a row that was left out.
pub const IS_LEFT_OUT: &str = "no";
/// Why a row has no token of an NHS number; empty where it has one.
pub const REASON: &str = "nhs_reason";
/// Rows of canonical files that were left out where they came from.
pub const LEFT_OUT: &str = "left_out_at_source";

impl TablePlan {
    /// How the same table is read from a file in canonical form.
    #[must_use]
    pub fn canonical(&self, values: &CodeValues) -> Self {
        let declared = |column: &Column| self.columns.iter().find(|plan| plan.column.name == column.name);
        let own = self.table.columns().iter().enumerate().map(|(position, column)| {
            let plan = ColumnPlan::canonical(column, position, values);
            match declared(column) {
                Some(declared) if declared.empty == Empty::Reject => {
                    ColumnPlan { empty: Empty::Reject, is_required: declared.is_required, ..plan }
                }
                Some(declared) => ColumnPlan { is_required: declared.is_required, ..plan },
                None => plan,
            }
        });
        let details = self.table.details().iter().enumerate();
        let details = details.map(|(position, column)| ColumnPlan::canonical(column, position, values));
        let kept = Exclusion {
            headings: vec![KEPT.to_owned()],
            is_one_of: Vec::new(),
            unless: vec![IS_KEPT.to_ascii_uppercase().into_bytes()],
            reason: LEFT_OUT.to_owned(),
            is_optional: false,
            is_of_row: false,
            by: Judge::Cell,
        };
        // A list of NHS numbers is applied to tokens too.
        let of_list = self.exclusions.iter().filter(|rule| rule.by != Judge::Cell).cloned();
        let reason = Ignored { headings: vec![REASON.to_owned()], why: "read beside the token".to_owned() };
        Self {
            source: self.source,
            name: self.name.clone(),
            table: self.table,
            files: self.files.clone(),
            is_required: self.is_required,
            provider: Some(PROVIDER.to_owned()),
            provider_aliases: Vec::new(),
            provider_is_optional: false,
            require_any: Vec::new(),
            dialect: Dialect::default(),
            columns: own.collect(),
            details: details.chain(ColumnPlan::of_version(vec!["version".to_owned()])).collect(),
            ignored: vec![reason],
            exclusions: std::iter::once(kept).chain(of_list).collect(),
            date_precision: self.date_precision,
        }
    }
}

impl ColumnPlan {
    fn canonical(column: &'static Column, position: usize, values: &CodeValues) -> Self {
        let codes = match column.kind {
            Kind::Code(set) => Some(Arc::new(CodeMap::of_values(values.of(set)))),
            _ => None,
        };
        Self {
            heading: column.name.to_owned(),
            aliases: Vec::new(),
            column,
            position,
            format: "%Y-%m-%d".to_owned(),
            more_formats: Vec::new(),
            sentinels: Sentinels::default(),
            numbered: 0,
            is_first: false,
            value: None,
            codes,
            unknown: Unknown::Warn,
            is_required: false,
            empty: Empty::Keep,
            digest: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Source;
    use crate::sources::Sources;

    #[test]
    fn every_value_of_every_code_is_read_back_as_itself() {
        let sources = Sources::load(None, None).unwrap();
        for plan in sources.tables.iter().map(|plan| plan.canonical(&sources.values)) {
            for column in plan.columns.iter().chain(&plan.details) {
                let Kind::Code(set) = column.column.kind else { continue };
                for (position, value) in (0..).zip(sources.values.of(set)) {
                    let found = column.codes.as_ref().and_then(|codes| codes.find(value.as_bytes()));
                    assert_eq!(found, Some(Some(position)), "{value} of {}", set.id());
                }
            }
        }
    }

    #[test]
    fn columns_stand_under_their_own_names_and_extra_ones_under_none_of_them() {
        let sources = Sources::load(None, None).unwrap();
        for plan in &sources.tables {
            let plan = plan.canonical(&sources.values);
            for extra in [PROVIDER, KEPT, REASON] {
                assert!(plan.knows(extra));
                let is_taken = |plan: &ColumnPlan| plan.column.name == extra;
                assert!(!plan.columns.iter().chain(&plan.details).any(is_taken), "{extra} in {}", plan.name);
            }
        }
        assert!(sources.tables.iter().any(|plan| plan.source == Source::Community));
    }
}
