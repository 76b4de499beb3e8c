//! Reading, against a bare pass of csv over the same bytes. `cargo bench --bench reader -- DIR`, where DIR holds extracts
//! as `pathlink synth` writes them; prints Markdown.
//!
//! The program's own source files are compiled here a second time, with tokens that are no hashes (`no_tokens.rs`): what
//! reading costs beside its tokens is timed and not reckoned. All passes but the last run on one thread.

#![expect(dead_code, unused_imports, unreachable_pub, reason = "of the program's modules only reading is called here")]
#![expect(
    clippy::pedantic,
    clippy::style,
    reason = "they are linted in the program, by what it exports; a benchmark has a clock"
)]

#[path = "../../src/domain/mod.rs"]
mod domain;
#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/fault.rs"]
mod fault;
mod identity;
#[path = "../../src/ingest/mod.rs"]
mod ingest;
#[macro_use]
mod passes;
#[path = "../../src/schema/mod.rs"]
mod schema;
#[path = "../../src/settings/mod.rs"]
mod settings;
#[path = "../../src/sources/mod.rs"]
mod sources;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Times each pass is made; the median counts.
const ROUNDS: usize = 3;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

reading_of!(whole, pathlink);
reading_of!(without_tokens, crate);

fn main() -> Outcome<()> {
    let Some(folder) = std::env::args().skip(1).find(|word| word != "--bench") else {
        return Err("name a folder of extracts, as `pathlink synth --to DIR` writes it".into());
    };
    let folder = Path::new(&folder);
    let files = passes::files(folder)?;
    let bytes: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let all = rayon::ThreadPoolBuilder::new().build()?;
    let store = tempfile::tempdir()?;
    let mut times: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut rows = [0; 3];
    let mut say = std::io::stdout().lock();
    for _ in 0..ROUNDS {
        let mut time = |name: &'static str, pass: &mut dyn FnMut() -> Outcome<()>| -> Outcome<()> {
            let start = Instant::now();
            pass()?;
            let seconds = start.elapsed().as_secs_f64();
            match times.iter_mut().find(|(other, _)| *other == name) {
                Some((_, all)) => all.push(seconds),
                None => times.push((name, vec![seconds])),
            }
            Ok(())
        };
        time("bare pass of csv", &mut || passes::bare(&files).map(|count| rows[0] = count))?;
        time("reading without tokens", &mut || without_tokens::count(&files).map(|count| rows[1] = count))?;
        time("reading with tokens", &mut || whole::count(&files).map(|count| rows[2] = count))?;
        time("staging, one thread", &mut || one.install(|| whole::stage(&files, store.path())))?;
        time("staging, a thread per core", &mut || all.install(|| whole::stage(&files, store.path())))?;
    }
    if rows[1] != rows[2] || rows[0] != rows[1] {
        return Err("the passes did not read the same rows".into());
    }
    writeln!(say, "{} files, {:.0} MB, {} rows, {ROUNDS} rounds\n", files.len(), bytes as f64 / 1e6, rows[2])?;
    writeln!(say, "| pass | seconds | median | MB/s | of the bare pass |\n|---|---|---|---|---|")?;
    let bare = median(&times[0].1);
    for (name, all) in &times {
        let shown: Vec<String> = all.iter().map(|seconds| format!("{seconds:.2}")).collect();
        let middle = median(all);
        let speed = bytes as f64 / 1e6 / middle;
        writeln!(say, "| {name} | {} | {middle:.2} | {speed:.0} | {:.2} |", shown.join(", "), middle / bare)?;
    }
    let rates = [passes::tokens_a_second(), passes::tokens_a_second(), passes::tokens_a_second()];
    writeln!(say, "\ntokens: {:.2} million a second on one core", median(&rates) / 1e6)?;
    Ok(())
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
