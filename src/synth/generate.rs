//! Generating. In: options. Out: all files, in order of person, and a summary. People are made in
//! parallel and do not depend on threads. Leaves alone: who people are and what rows look like.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::arms::{Arm, CROSSING_DAYS, EFFECT};
use super::calendar::{Day, LAST_DAY, write_day};
use super::files::{FileShape, shapes};
use super::pages::{Pages, Planted};
use super::person::{Person, person};
use super::sink::Sink;
use super::world::{CHARITIES, EMERGENCY, GpExtract, Options, SHOCK, THERAPIES, TREND_A_YEAR, TRUSTS, WINTER, World};
use super::write_community::write_community;
use super::write_emergency::write_emergency;
use super::write_gp::write_gp;
use super::write_therapies::write_therapies;
use super::write_trust::write_trust;
use super::write_truth::write_truth;
use super::writer::Writer;

/// People whose rows are held at a time.
const CHUNK: u64 = 20_000;
/// People made in one go by one thread.
const BATCH: u64 = 500;

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// People made.
    pub people: u64,
    /// Rows by file, headings not counted.
    pub rows: BTreeMap<String, u64>,
    /// Counts of planted things.
    pub planted: Planted,
}

/// Writes all files; `progress` hears how many people are done.
///
/// # Errors
/// If the sink cannot write.
pub fn generate(options: &Options, sink: &mut dyn Sink, progress: &mut dyn FnMut(u64)) -> io::Result<Summary> {
    let world = World::new(options);
    let shapes = shapes(&world);
    for shape in shapes.iter().filter(|shape| shape.is_written) {
        sink.append(&shape.path, format!("{}\n", shape.heading).as_bytes())?;
    }
    write_world(&world, sink)?;
    let mut rows = vec![0; shapes.len()];
    let mut planted = Planted::default();
    for start in (0..options.people).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
        let end = (start + CHUNK).min(options.people);
        for pages in chunk(&world, shapes.len(), start, end) {
            append(&shapes, &pages, sink)?;
            rows.iter_mut().zip(&pages.rows).for_each(|(all, more)| *all += more);
            planted.add(&pages.planted);
        }
        progress(end);
    }
    let named = shapes.iter().zip(rows).filter(|(shape, _)| shape.is_written);
    let rows = named.map(|(shape, rows)| (shape.path.clone(), rows)).collect();
    let summary = Summary { people: options.people, rows, planted };
    let mut truth = serde_json::to_vec_pretty(&truth(options, &summary)).map_err(io::Error::other)?;
    truth.push(b'\n');
    sink.append("truth.json", &truth)?;
    sink.finish()?;
    Ok(summary)
}

fn chunk(world: &World, files: usize, start: u64, end: u64) -> Vec<Pages> {
    let batches = (end - start).div_ceil(BATCH);
    let made = (0..batches).into_par_iter().map(|batch| {
        let from = start + batch * BATCH;
        let mut pages = Pages::new(files);
        for index in from..(from + BATCH).min(end) {
            write_person(&mut Writer::new(world, &mut pages, index), &person(world, index));
        }
        pages
    });
    made.collect()
}

fn write_person(writer: &mut Writer, person: &Person) {
    write_trust(writer, person);
    write_therapies(writer, person);
    write_emergency(writer, person);
    write_gp(writer, person);
    write_community(writer, person);
    write_truth(writer, person);
}

fn append(shapes: &[FileShape], pages: &Pages, sink: &mut dyn Sink) -> io::Result<()> {
    let filled = shapes.iter().zip(&pages.bytes).filter(|(shape, bytes)| shape.is_written && !bytes.is_empty());
    for (shape, bytes) in filled {
        sink.append(&shape.path, bytes)?;
    }
    Ok(())
}

/// Writes the lookup of postcodes and the coverage.
fn write_world(world: &World, sink: &mut dyn Sink) -> io::Result<()> {
    let mut lookup = String::from("postcode,lsoa,imd_quintile\n");
    for place in &world.postcodes {
        lookup.extend([&place.text, ",", &place.lsoa, ",", &place.quintile.to_string(), "\n"]);
    }
    sink.append("lookups/postcode_imd.csv", lookup.as_bytes())?;
    let mut coverage = b"source,provider,from,to\n".to_vec();
    let mut add = |source: &str, provider: &str, (from, to): (Day, Day)| {
        coverage.extend_from_slice([source, ",", provider, ","].concat().as_bytes());
        write_day(&mut coverage, from);
        coverage.push(b',');
        write_day(&mut coverage, to);
        coverage.push(b'\n');
    };
    for provider in TRUSTS {
        add("mental_health", provider, (0, LAST_DAY));
    }
    for provider in EMERGENCY {
        add("emergency_care", provider, (0, LAST_DAY));
    }
    for provider in THERAPIES {
        add("talking_therapies", provider, (0, LAST_DAY));
    }
    for provider in CHARITIES {
        add("community", provider, (0, LAST_DAY));
    }
    if world.options.gp == GpExtract::Sent {
        for practice in &world.practices {
            practice.sent.iter().for_each(|&stretch| add("gp", &practice.code, stretch));
        }
    }
    sink.append("coverage.csv", &coverage)
}

fn truth(options: &Options, summary: &Summary) -> serde_json::Value {
    let arms: Vec<_> = Arm::ALL
        .iter()
        .map(|arm| {
            json!({
                "arm": arm.name(),
                "effect": if arm.is_redesigned() { EFFECT } else { 1.0 },
                "selected_on_recent_use": arm.is_selected(),
            })
        })
        .collect();
    json!({
        "options": options,
        "parameters": {
            "arms": arms,
            "crossing_days": CROSSING_DAYS,
            "trend_a_year": TREND_A_YEAR,
            "winter": WINTER,
            "shock_quarter": "2024/25 Q1",
            "shock": SHOCK,
        },
        "planted": summary.planted,
        "rows": summary.rows,
    })
}
