//! The summary: what a run found and where to look, in under 15 lines. Safe to e-mail: released figures only, and row
//! counts of whole sources, never a small number.

use crate::disclosure::linkage::headline;
use crate::disclosure::{Release, Value};
use crate::ingest::{Names, Staged};
use crate::schema::{Source, Table};
use crate::settings::Settings;
use crate::sources::Sources;

/// The lines.
pub fn lines(staged: &Staged, sources: &Sources, release: &Release, settings: &Settings) -> Vec<String> {
    let disclosure = &settings.disclosure;
    let mut lines = Vec::new();
    let total = |of: fn(&crate::ingest::Tally) -> u64| staged.files.iter().map(|file| of(&file.tally)).sum::<u64>();
    lines.push(format!(
        "read {} rows of {} files: kept {}, rejected {}, duplicated {}, left out on purpose {}",
        total(|tally| tally.read),
        staged.files.len(),
        total(|tally| tally.kept),
        disclosure.shown(total(crate::ingest::Tally::rejected_total)),
        disclosure.shown(total(|tally| tally.duplicated)),
        disclosure.shown(total(crate::ingest::Tally::excluded_total)),
    ));
    let sent: Vec<Source> = Source::ALL
        .into_iter()
        .filter(|source| staged.files.iter().any(|file| sources.tables[file.plan].source == *source))
        .collect();
    for source in Source::ALL.into_iter().filter(|source| !sent.contains(source)) {
        lines.push(format!("warning: nothing came from {}: its figures are marked x, not available", source.title()));
    }
    let monthly = staged.files.iter().filter(|file| file.is_monthly).count();
    if monthly > 0 {
        lines.push(format!(
            "warning: dates of {monthly} pseudonymised files are months, told by their first day: what is counted in days from them (waits, stays, the year before and after) is approximate, and times of day are missing"
        ));
    }
    lines.extend(settings.linkage.compares_fields().then(|| without_names(staged, sources)).flatten());
    lines.push(format!(
        "released {} figures, hid {} that rest on too few people or would tell of some; an attack on the release found nothing",
        release.shown(),
        release.hidden(),
    ));
    if let Some(sheet) = release.sheet("linkage_quality") {
        let said = [headline::identity(sheet), headline::hold_out(sheet)].into_iter().flatten().collect::<Vec<_>>();
        lines.extend((!said.is_empty()).then(|| said.join(" ")));
        lines.extend(headline::bias(sheet));
    }
    let text = |value: &Value| value.print();
    if let Some(sheet) = release.sheet("funder_summary") {
        let findings = sheet.rows.iter().filter(|row| text(&row[8]).is_empty());
        let wanted = ["recovered by the end", "visits to A&E", "before and after joining"];
        let mut shown = Vec::new();
        for want in wanted {
            let found = findings.clone().find(|row| {
                text(&row[0]).to_lowercase().contains(&want.to_lowercase())
                    || text(&row[1]).to_lowercase().contains(&want.to_lowercase())
            });
            if let Some(row) = found {
                shown.push(format!("  {}: {}", text(&row[3]), text(&row[1])));
            }
        }
        shown.dedup();
        lines.extend(shown);
    }
    lines
}

/// Which sources came pseudonymised without tokens of names and places: without a number people are found there only by the
/// provider's own number, or by match keys if they came.
fn without_names(staged: &Staged, sources: &Sources) -> Option<String> {
    let is_of_people = |table: Table| matches!(table, Table::PersonRecords | Table::Attendances | Table::Registrations);
    let own = staged.files.iter().filter(|file| file.is_pseudonymised && file.names != Names::Each && file.rows > 0);
    let own = own.map(|file| &sources.tables[file.plan]).filter(|plan| is_of_people(plan.table));
    let mut titles: Vec<&str> = own.map(|plan| plan.source.title()).collect();
    titles.dedup();
    (!titles.is_empty()).then(|| {
        format!(
            "note: {} came without tokens of names: without an NHS number people are found there by the provider's own number, \
             or where date of birth, sex, postcode and forename all agree (match_keys)",
            titles.join(", ")
        )
    })
}
