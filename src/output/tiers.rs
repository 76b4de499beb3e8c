//! What each tier of a run folder holds.

use std::path::Path;

use super::folder::{RunFolder, Tier};
use super::metadata::{self, Provenance};
use super::{checksums, csv, dictionary, linked};
use crate::disclosure::cases::answers;
use crate::disclosure::linkage::{self, Quality, lists};
use crate::disclosure::{Release, Sheet, exact};
use crate::domain::token::Token;
use crate::economics::case::Case;
use crate::economics::case::grounds::{self, Grounds};
use crate::error::Error;
use crate::ingest::Staged;
use crate::link;
use crate::link::links::Review;
use crate::link::quality::Pack;
use crate::pathways;
use crate::registry::{self, Registered};
use crate::schema::Source;
use crate::sources::TablePlan;

/// Linked rows, who is on which pathway, quarantined records and pairs for review: the trust only.
pub fn restricted(
    out: &mut RunFolder,
    (conflicts, review): (&[(Source, Token)], &[Review]),
    registered: &Registered,
    (linked, evaluated): (&Path, &Path),
) -> Result<(), Error> {
    let folder = out.path(Tier::Restricted).join("linked");
    linked::link_in(linked, &folder, &link::cache::INTERNAL)?;
    linked::link_file(&registered.persons, &folder.join(link::cache::PERSONS))?;
    linked::link_in(&evaluated.join(pathways::cache::RESTRICTED), &folder, &[])?;
    let events = registry::events_csv(&registered.events);
    out.write(Tier::Restricted, "person_events.csv", events.as_bytes(), Some(registered.events.len() as u64))?;
    write(out, Tier::Restricted, "linkage_review.csv", &exact::review(review))?;
    write(out, Tier::Restricted, "conflicts.csv", &exact::conflicts(conflicts))
}

/// Rejected rows by source: the trust only, for they name files and lines.
pub fn rejects(out: &mut RunFolder, staged: &Staged, tables: &[TablePlan]) -> Result<(), Error> {
    for source in Source::ALL {
        write(out, Tier::Restricted, &format!("rejects/{}.csv", source.id()), &exact::rejects(staged, tables, source))?;
    }
    Ok(())
}

/// Records of the linkage quality pack that somebody should look at: the trust only.
pub fn linkage_lists(out: &mut RunFolder, pack: &Pack) -> Result<(), Error> {
    for sheet in lists::sheets(pack) {
        write(out, Tier::Restricted, &format!("linkage/{}.csv", sheet.name), &sheet)?;
    }
    Ok(())
}

/// How good linkage is, exact: the trust's analysts.
pub fn linkage(out: &mut RunFolder, quality: &Quality<'_>) -> Result<(), Error> {
    internal(out, &linkage::internal(quality))?;
    linkage_json(out, quality.pack)
}

/// The exact counts of the linkage quality pack with the people behind each, for programs: the trust's analysts.
fn linkage_json(out: &mut RunFolder, pack: &Pack) -> Result<(), Error> {
    let counts = pack.counts.iter().map(|count| {
        serde_json::json!({
            "table": count.section.id(),
            "source": count.source.map(Source::id),
            "other_source": count.other.map(Source::id),
            "pass": count.pass,
            "breakdown": count.division.id(),
            "level": count.level,
            "measure": count.measure,
            "numerator": count.numerator,
            "denominator": count.denominator,
            "people": count.people[0],
            "other_people": count.people[1],
        })
    });
    let counts = serde_json::json!({ "counts": counts.collect::<Vec<_>>() });
    out.write(Tier::Internal, "linkage.json", &json_bytes(&counts)?, None)
}

/// An exact table: the trust's analysts.
pub fn internal(out: &mut RunFolder, sheet: &Sheet) -> Result<(), Error> {
    write(out, Tier::Internal, &format!("{}.csv", sheet.name), sheet)
}

/// Released tables and their dictionary, each with its metadata.
pub fn release(out: &mut RunFolder, release: &Release, provenance: &Provenance) -> Result<(), Error> {
    let dictionary = dictionary::of(release.sheets());
    for sheet in release.sheets().iter().chain([&dictionary]) {
        write(out, Tier::Release, &format!("{}.csv", sheet.name), sheet)?;
        let metadata = json_bytes(&metadata::of(sheet, provenance))?;
        out.write(Tier::Release, &format!("{}{}", sheet.name, metadata::ENDING), &metadata, None)?;
    }
    Ok(())
}

/// What disclosure control took away and why: the trust's analysts.
pub fn disclosure(out: &mut RunFolder, release: &Release) -> Result<(), Error> {
    out.write(Tier::Internal, "disclosure.json", &json_bytes(release.record())?, None)
}

/// What each business case was worked out from, so that what moved it can be told: the trust's analysts.
pub fn cases(out: &mut RunFolder, cases: &[Case], release: &Release) -> Result<(), Error> {
    let Some(grounds) = Grounds::of(cases, answers(release.sheets())) else { return Ok(()) };
    out.write(Tier::Internal, grounds::FILE, &json_bytes(&grounds)?, None)
}

/// What every file of the release has to come to; the last that is written there.
pub fn checksums(out: &mut RunFolder) -> Result<(), Error> {
    let text = checksums::of(out.files());
    out.write(Tier::Release, checksums::FILE, text.as_bytes(), None)
}

fn write(out: &mut RunFolder, tier: Tier, name: &str, sheet: &Sheet) -> Result<(), Error> {
    out.write(tier, name, &csv::bytes(sheet)?, Some(sheet.rows.len() as u64))
}

/// JSON, indented.
pub fn json_bytes(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(Error::silent("write JSON"))
}
