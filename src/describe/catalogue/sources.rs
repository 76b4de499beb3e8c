//! Sources: the tables that are read, from the source configs in force.

use super::Entry;
use crate::sources::{ColumnPlan, Empty, Sources, TablePlan};

/// Every table of every source.
pub(super) fn entries(sources: &Sources) -> Vec<Entry> {
    sources.tables.iter().map(entry).collect()
}

fn entry(plan: &TablePlan) -> Entry {
    let columns = plan.columns.iter().chain(&plan.details);
    let ignored = plan.ignored.iter().map(|one| format!("{} ({})", one.headings.join(" or "), one.why));
    let excluded = plan.exclusions.iter().map(|one| one.reason.clone());
    let provider = plan.provider.as_ref().map_or_else(
        || "the file's name".to_owned(),
        |heading| std::iter::once(heading).chain(&plan.provider_aliases).cloned().collect::<Vec<_>>().join(" or "),
    );
    let entry = Entry::new(
        format!("{}.{}", plan.source.id(), plan.name),
        plan.source.id(),
        format!("{} becomes {}", plan.name, plan.table.id()),
    )
    .with("files", plan.files.join(", "))
    .with("needed", if plan.is_required { "yes: a source without it is an error" } else { "no" })
    .with("provider from", provider)
    .with("left out on purpose", excluded.collect::<Vec<_>>().join("; "))
    .with("known and not read", ignored.collect::<Vec<_>>().join("; "));
    Entry {
        table: Some((vec!["heading", "also known as", "becomes", "if empty", "codes"], columns.map(row).collect())),
        ..entry
    }
}

fn row(plan: &ColumnPlan) -> Vec<String> {
    let empty = match plan.empty {
        Empty::Keep => "kept",
        Empty::Warn => "kept and counted",
        Empty::Reject => "row rejected",
    };
    let codes = match plan.column.kind {
        crate::schema::Kind::Code(set) => set.id(),
        _ => "",
    };
    let cells = [plan.heading.as_str(), &plan.aliases.join(", "), plan.column.name, empty, codes];
    cells.map(str::to_owned).to_vec()
}
