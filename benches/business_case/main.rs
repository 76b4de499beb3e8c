//! Planted truth of the business case: is the true net present value as often inside the 90 % interval as it says? Run by
//! `cargo bench --bench business_case`; prints Markdown, and fails if the program fails or a wrong analysis passes.

mod planted;

use std::io::Write;
use std::process::ExitCode;

use planted::{Found, Net, Way};
use rayon::prelude::*;

/// Fixed seeds.
const SEEDS: u64 = 200;
/// How many of them have to hold the truth: 85 to 95 in 100.
const ENOUGH: std::ops::RangeInclusive<usize> = 170..=190;

fn main() -> Found<ExitCode> {
    let mut out = std::io::stdout().lock();
    let truth = planted::truth();
    writeln!(
        out,
        "| case | true NPV | mean NPV | mean width of the interval | covered | |\n|---|---|---|---|---|---|"
    )?;
    let ways = [
        ("`matched`", Way::Matched, true),
        ("`did`", Way::Did, true),
        ("wrong: deadweight taken off an effect with a comparison", Way::Deadweight, false),
        ("wrong: before and after read as the effect", Way::Change, false),
    ];
    let mut is_right = true;
    for (name, way, is_sound) in ways {
        let nets = (0..SEEDS).into_par_iter().map(|seed| planted::net(seed, way)).collect::<Found<Vec<Net>>>()?;
        let covered = nets.iter().filter(|net| net.holds(truth)).count();
        let passes = ENOUGH.contains(&covered);
        is_right &= passes == is_sound;
        let mean = |of: fn(&Net) -> f64| nets.iter().map(of).sum::<f64>() / nets.len() as f64;
        let (central, width) = (mean(|net| net.central), mean(|net| net.limits[1] - net.limits[0]));
        let verdict = if passes { "passes" } else { "fails" };
        writeln!(out, "| {name} | £{truth:.0} | £{central:.0} | £{width:.0} | {covered} of {SEEDS} | {verdict} |")?;
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
