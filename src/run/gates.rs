//! Gates: what stops a run because of its data, before anything is published. The earlier run stays as it was.

use std::collections::BTreeMap;

use super::evaluation::Given;
use crate::error::{self, Error, grouped};
use crate::ingest::{Staged, StagedFile, Tally, checks};
use crate::pathways::Coverage;
use crate::schema::codes::CodeSet;
use crate::schema::{Kind, Source, Table};
use crate::settings::Settings;
use crate::sources::TablePlan;

mod control_totals;
pub(super) mod list_age;

/// Sources of a project that do not say how many rows they send: of theirs a file cut at the end of a record cannot be
/// seen.
pub fn sources_without_counts(settings: &Settings) -> Vec<Source> {
    settings.sources_named().filter(|source| !settings.gates.declares_counts(*source)).collect()
}

/// Every row is accounted for, and nothing is beyond what the gates allow. What senders counted comes first: whatever
/// else is wrong with a file that was cut follows from that.
pub(super) fn check(given: Given<'_>, staged: &Staged, coverage: &Coverage) -> Result<(), Error> {
    for source in Source::ALL {
        control_totals::check(given, staged, source)?;
    }
    for file in &staged.files {
        of_file(given.settings, file, &given.sources.tables[file.plan])?;
    }
    for source in Source::ALL {
        check_age(given, staged, (source, coverage))?;
        check_change(given, staged, source)?;
    }
    Ok(())
}

/// The gates of one file.
pub(super) fn of_file(settings: &Settings, file: &StagedFile, plan: &TablePlan) -> Result<(), Error> {
    of_tally(settings, (&file.name, &file.tally), plan)
}

/// The gates of one file, by what became of its rows.
pub(super) fn of_tally(settings: &Settings, file: Counted<'_>, plan: &TablePlan) -> Result<(), Error> {
    if !file.1.adds_up() {
        return Err(Error::bug(format!("the rows of {} do not add up", file.0)));
    }
    check_rejects(settings, file, plan)?;
    check_unknown(settings, file, plan)
}

/// A file's name and its counts.
type Counted<'a> = (&'a str, &'a Tally);

/// The gates of whole sources, every one that is not passed: what senders counted, age, and change since the last good run.
/// Without coverage nothing is known of a source's age.
pub(super) fn of_sources(given: Given<'_>, staged: &Staged, coverage: Option<&Coverage>) -> Vec<(Source, Error)> {
    let mut found = Vec::new();
    for source in Source::ALL {
        let age = coverage.map_or(Ok(()), |coverage| check_age(given, staged, (source, coverage)));
        let all = [control_totals::check(given, staged, source), age, check_change(given, staged, source)];
        found.extend(all.into_iter().filter_map(Result::err).map(|error| (source, error)));
    }
    found
}

fn share(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / (whole as f64).max(1.0)
}

fn check_rejects(settings: &Settings, (name, tally): Counted<'_>, plan: &TablePlan) -> Result<(), Error> {
    let share = share(tally.rejected_total(), tally.read);
    if share <= settings.gates.limits(plan.source).max_rejects_percent {
        return Ok(());
    }
    let worst = tally.rejected.iter().max_by_key(|(_, count)| **count).map_or("", |(check, _)| check.as_str());
    Err(Error::new(
        &error::GATE_REJECTS,
        format!("{share:.1} % of the rows of {name} were rejected, most by check {worst}"),
        "mend the source config or ask the sender; with a higher max_rejects_percent under [gates] the run goes on and restricted/rejects names every line",
    ))
}

/// Statuses in no code list. Those that a list says to be unknown are known to be.
fn check_unknown(settings: &Settings, (name, tally): Counted<'_>, plan: &TablePlan) -> Result<(), Error> {
    let is_status = |kind: Kind| matches!(kind, Kind::Code(CodeSet::Attendance | CodeSet::AppointmentStatus));
    for column in plan.columns.iter().filter(|column| is_status(column.column.kind)) {
        let of = |id: &str| tally.warnings.get(&format!("{} {id}", column.heading)).copied().unwrap_or(0);
        let share = share(of(checks::CODE.id) + of(checks::UNMAPPED.id), tally.looked_at);
        let most = settings.gates.limits(plan.source).max_unknown_percent;
        if share > most {
            return Err(Error::new(
                &error::GATE_UNKNOWN,
                format!("{share:.1} % of `{}` of {name} are in no code list", column.heading),
                "add the statuses to their list under the codes folder, with their meaning, or raise max_unknown_percent under [gates]",
            )
            .because(format!("at most {most} % may be; such a row counts in no figure that asks what became of it")));
        }
    }
    Ok(())
}

/// The last event of a source, or where it has none the last day that it covers, against `as_of`.
fn check_age(given: Given<'_>, staged: &Staged, (source, coverage): (Source, &Coverage)) -> Result<(), Error> {
    let Some(most) = given.settings.gates.limits(source).max_age_days else { return Ok(()) };
    let is_event =
        |table: Table| matches!(table, Table::Contacts | Table::Attendances | Table::Appointments | Table::Referrals);
    let own = || staged.files.iter().filter(|file| given.sources.tables[file.plan].source == source);
    let events = own().filter(|file| is_event(given.sources.tables[file.plan].table));
    let covered = || coverage.common(source).ranges().last().map(|(_, to)| *to);
    let last = events.filter_map(|file| file.tally.last_used_day).max().or_else(covered);
    let Some(age) = last.map(|last| coverage.as_of - last).filter(|age| *age > most && own().next().is_some()) else {
        return Ok(());
    };
    Err(Error::new(
        &error::INPUT_STALE,
        format!("the extracts of {} end {age} days before the day up to which data are used", source.title()),
        format!("ask the sender for the latest extract, or raise max_age_days under [gates.{}]", source.id()),
    )
    .because(format!("at most {most} days are allowed")))
}

/// Rows kept by source and table.
type Kept = BTreeMap<(String, String), u64>;

/// Rows kept of each table of a source, against the last good run of the project.
fn check_change(given: Given<'_>, staged: &Staged, source: Source) -> Result<(), Error> {
    let Some(most) = given.settings.gates.limits(source).max_change_percent else { return Ok(()) };
    let Some((run, before)) = last_good(given.settings) else { return Ok(()) };
    let mut now = Kept::new();
    for file in &staged.files {
        let plan = &given.sources.tables[file.plan];
        *now.entry((plan.source.id().to_owned(), plan.name.clone())).or_default() += file.tally.kept;
    }
    let own = before.into_iter().filter(|((own, _), before)| own == source.id() && *before > 0);
    for ((source, table), before) in own {
        let now = now.get(&(source.clone(), table.clone())).copied().unwrap_or(0);
        let change = share(now.abs_diff(before), before);
        if change > most {
            let way = if now < before { "fewer" } else { "more" };
            return Err(Error::new(
                &error::GATE_CHANGE,
                format!("{table} of {source} has {change:.1} % {way} rows than in the last good run"),
                format!("compare the extracts with last time's; if the change is real, raise max_change_percent under [gates.{source}] for this run"),
            )
            .because(format!("{} rows were kept in {run}, {} now; at most {most} % may change", grouped(before), grouped(now))));
        }
    }
    Ok(())
}

/// The last good run and the rows that it kept, if there is one whose manifest can be read.
fn last_good(settings: &Settings) -> Option<(String, Kept)> {
    let runs = settings.resolve(&settings.paths.runs);
    let run = crate::output::folder::latest(&runs)?;
    let text = std::fs::read(runs.join(&run).join("manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let mut kept = Kept::new();
    for input in manifest["inputs"].as_array()? {
        let name = |key: &str| input[key].as_str().map(str::to_owned);
        *kept.entry((name("source")?, name("table")?)).or_default() += input["rows"]["kept"].as_u64()?;
    }
    Some((run, kept))
}
