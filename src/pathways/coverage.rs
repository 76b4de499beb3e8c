//! Coverage: which days each provider, and for GP each practice, sent data for. Time that is not covered is not
//! observed; a missing source is "not available", never zero.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::spans::Spans;
use super::standing::{Standing, Status};
use crate::domain::day;
use crate::domain::org_code::OrgCode;
use crate::error::{self, Error};
use crate::ingest::Staged;
use crate::schema::{Source, Table};
use crate::settings::Settings;
use crate::sources::Sources;

/// Covered days.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Per source and provider.
    by_provider: BTreeMap<(Source, OrgCode), Spans>,
    /// Sources without a declared coverage: theirs runs from the first to the last event.
    pub inferred: Vec<Source>,
    /// Data are used up to this day.
    pub as_of: i32,
    /// Whether what was sent is final, where the coverage file says.
    pub standing: Standing,
}

impl Coverage {
    /// From the coverage file, else from the first to the last event day of each source.
    pub fn load(settings: &Settings, staged: &Staged, sources: &Sources) -> Result<Self, Error> {
        let mut ranges: BTreeMap<(Source, OrgCode), Vec<(i32, i32)>> = BTreeMap::new();
        let mut standing = Standing::default();
        if let Some(path) = &settings.covers.file {
            standing = read(&settings.resolve(path), &mut ranges)?;
        }
        let present: Vec<Source> = Source::ALL
            .into_iter()
            .filter(|source| staged.files.iter().any(|file| sources.tables[file.plan].source == *source))
            .collect();
        ranges.retain(|(source, _), _| present.contains(source));
        let mut inferred = Vec::new();
        for source in present {
            if !ranges.keys().any(|(known, _)| *known == source) {
                inferred.push(source);
                if let Some(range) = event_days(staged, sources, source) {
                    ranges.insert((source, OrgCode::default()), vec![range]);
                }
            }
        }
        let mut coverage = Self { by_provider: BTreeMap::new(), inferred, as_of: i32::MAX, standing };
        let last_of = |spans: &Vec<(i32, i32)>| spans.iter().map(|(_, to)| *to).max();
        let last_common = Source::ALL
            .into_iter()
            .filter_map(|source| {
                ranges.iter().filter(|((known, _), _)| *known == source).filter_map(|(_, spans)| last_of(spans)).max()
            })
            .min();
        let last_month_end = last_common.map(|last| day::month_start(day::month_number(last + 1)) - 1);
        coverage.as_of = settings.pinned_as_of().or(last_month_end).ok_or_else(no_data)?;
        let as_of = coverage.as_of;
        coverage.by_provider = ranges
            .into_iter()
            .map(|(key, spans)| (key, Spans::new(spans.into_iter().map(|(from, to)| (from, to.min(as_of))).collect())))
            .collect();
        Ok(coverage)
    }

    /// All that coverage says, as one hash: what was worked out from other coverage is not used again.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.as_of.to_le_bytes());
        for ((source, provider), spans) in &self.by_provider {
            hash.update([*source as u8]);
            hash.update(provider.packed().to_le_bytes());
            hash.update((spans.ranges().len() as u64).to_le_bytes());
            for (from, to) in spans.ranges() {
                hash.update(from.to_le_bytes());
                hash.update(to.to_le_bytes());
            }
        }
        hash.finalize().into()
    }

    /// Whether anything of a source was sent.
    pub fn has(&self, source: Source) -> bool {
        self.by_provider.keys().any(|(known, _)| *known == source)
    }

    /// The days that every provider of a source covers. Not for GP, where coverage is per practice and month.
    pub fn common(&self, source: Source) -> Spans {
        let mut providers = self.by_provider.iter().filter(|((known, _), _)| *known == source).map(|(_, spans)| spans);
        let first = providers.next().cloned().unwrap_or_default();
        providers.fold(first, |common, spans| common.intersect(spans))
    }

    /// The days that one provider covers.
    pub fn of(&self, source: Source, provider: OrgCode) -> Spans {
        let own = self.by_provider.get(&(source, provider));
        own.or_else(|| self.by_provider.get(&(source, OrgCode::default()))).cloned().unwrap_or_default()
    }

    /// The whole calendar months that a practice covers, as days.
    pub fn practice_months(&self, practice: OrgCode) -> Spans {
        let whole = |(from, to): &(i32, i32)| {
            let month = day::month_number(*from);
            let first = if day::month_start(month) == *from { *from } else { day::month_start(month + 1) };
            let after = day::month_start(day::month_number(*to) + 1);
            let last = if after == to + 1 { *to } else { day::month_start(day::month_number(*to)) - 1 };
            (first, last)
        };
        Spans::new(self.of(Source::Gp, practice).ranges().iter().map(whole).collect())
    }
}

fn event_days(staged: &Staged, sources: &Sources, source: Source) -> Option<(i32, i32)> {
    let is_event = |table: Table| matches!(table, Table::Contacts | Table::Attendances | Table::Appointments);
    let files = || {
        staged
            .files
            .iter()
            .filter(|file| sources.tables[file.plan].source == source && is_event(sources.tables[file.plan].table))
    };
    let first = files().filter_map(|file| file.tally.first_day).min()?;
    Some((first, files().filter_map(|file| file.tally.last_day).max()?))
}

/// Reads source, provider, from, to and, where the file has it, a column `status`: `provisional` or `final`.
fn read(path: &Path, ranges: &mut BTreeMap<(Source, OrgCode), Vec<(i32, i32)>>) -> Result<Standing, Error> {
    let wrong = |why: String| {
        Error::new(
            &error::CODE_LIST,
            format!("the coverage file {} cannot be used", path.display()),
            "give a CSV with the columns source, provider, from, to, with ISO dates, and status (provisional or final) if you like",
        )
        .because(why)
    };
    let mut reader = csv::Reader::from_path(path).map_err(|_| wrong("it cannot be read".to_owned()))?;
    let headings = reader.headers().map_err(|_| wrong("it has no heading row".to_owned()))?;
    let status_at = headings.iter().position(|heading| heading == "status");
    let mut standing = Standing::default();
    for (line, record) in (2..).zip(reader.byte_records()) {
        let record = record.map_err(|_| wrong(format!("line {line} is not whole")))?;
        let field = |at: usize| record.get(at).unwrap_or_default();
        let source = std::str::from_utf8(field(0)).ok().and_then(Source::from_id);
        let parsed = (source, OrgCode::parse(field(1)), day::parse_iso(field(2)), day::parse_iso(field(3)));
        let (Some(source), Some(provider), Some(from), Some(to)) = parsed else {
            return Err(wrong(format!("line {line} is not source, provider, from, to")));
        };
        let status = status_at.map_or(Some(Status::NotStated), |at| Status::parse(field(at)));
        let status = status.ok_or_else(|| wrong(format!("the status in line {line} is not provisional or final")))?;
        standing.add(source, (from, to), status);
        ranges.entry((source, provider)).or_default().push((from, to));
    }
    Ok(standing)
}

fn no_data() -> Error {
    Error::new(&error::INPUT_MISSING, "no extract holds a dated event", "check the extract folders under [[extracts]]")
}
