//! Consent: which rows are left out because of what their people decided, beside the rules of a source config.

use super::plan::{Exclusion, Judge, TablePlan};
use crate::error::{self, Error};
use crate::schema::{Kind, Source, Table};
use crate::settings::{ListMode, Settings};

/// The word that rows without consent are counted under.
pub(super) const NO_CONSENT: &str = "no_consent";

/// Holds every source that must have consent to having a rule for it in each table that says who a person is. A file
/// without the rule's heading is then refused when it is read.
pub(super) fn check(settings: &Settings, tables: &[TablePlan]) -> Result<(), Error> {
    let required = settings.identity.consent_required.iter().filter_map(|name| Source::from_id(name));
    for source in required {
        let mut people = tables.iter().filter(|plan| plan.source == source && says_who(plan.table));
        // A cell that says nothing is no consent.
        let is_said = |rule: &Exclusion| !rule.unless.is_empty() && !rule.unless.iter().any(Vec::is_empty);
        let is_rule = |rule: &Exclusion| rule.reason == NO_CONSENT && is_said(rule) && !rule.is_optional;
        if let Some(plan) = people.find(|plan| !plan.exclusions.iter().any(is_rule)) {
            return Err(Error::new(
                &error::CONFIG_VALUE,
                format!("{} must have consent, and {} has no rule for it", source.title(), plan.name),
                format!(
                    "add exclude = [{{ heading = \"...\", unless = [\"yes\"], reason = \"{NO_CONSENT}\" }}] to {} in {}.toml, or take the source out of consent_required",
                    plan.name,
                    source.id()
                ),
            ));
        }
    }
    Ok(())
}

/// Tables whose rows say who they are about; others hang on them.
fn says_who(table: Table) -> bool {
    matches!(table, Table::PersonRecords | Table::Registrations | Table::Attendances | Table::Appointments)
}

/// Adds what a list of NHS numbers leaves out to every table that has numbers.
pub(super) fn add_list_rules(mode: ListMode, tables: &mut [TablePlan]) {
    let reason = if mode == ListMode::RemoveListed { "opted_out" } else { "not_on_list" };
    let rule = |reason: &str, by| Exclusion {
        headings: Vec::new(),
        is_one_of: Vec::new(),
        unless: Vec::new(),
        reason: reason.to_owned(),
        is_optional: true,
        is_of_row: false,
        by,
    };
    let has_numbers = |plan: &&mut TablePlan| plan.columns.iter().any(|column| column.column.kind == Kind::NhsNumber);
    for plan in tables.iter_mut().filter(has_numbers) {
        plan.exclusions.push(rule(reason, Judge::Number));
        plan.exclusions.push(rule("no_number", Judge::NoNumber));
    }
}
