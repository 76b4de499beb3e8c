//! How right linkage is, against planted truth. Run by `cargo bench --bench linkage`; prints Markdown.
//!
//! `cargo bench --bench linkage -- charity DIR` links a charity's list without numbers that `pathlink synth
//! --charities-without-numbers` wrote, as `benches/splink_baseline.py DIR` does. `cargo bench --bench linkage -- hold-out` holds
//! the quality pack's estimates against planted truth.

#![expect(clippy::disallowed_methods, reason = "a bench is timed by the clock")]

mod charity;
mod extracts;
mod folder;
mod holdout;
mod score;
mod whose;

use std::collections::BTreeMap;
use std::io::{StdoutLock, Write};
use std::path::Path;
use std::time::Instant;

use charity::Clients;
use extracts::Outcome;
use pathlink::link::LinkAudit;
use pathlink::link::options::Options as LinkOptions;
use pathlink::link::pass::Pass;
use pathlink::link::passes::link_all;
use pathlink::schema::Source;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options};
use whose::Whose;

/// People of each study.
const PEOPLE: u64 = 100_000;
/// Seeds over which estimates are judged.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let mut out = std::io::stdout().lock();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["charity", folder] => return charity_list(&mut out, Path::new(folder)),
        ["hold-out"] => return hold_out(&mut out),
        _ => (),
    }
    [Errors::Planted, Errors::Random, Errors::Biased].into_iter().try_for_each(|errors| everything(&mut out, errors))
}

/// All five sources: pairs of records, people and passes.
fn everything(out: &mut StdoutLock<'static>, errors: Errors) -> Outcome<()> {
    let options =
        Options { people: PEOPLE, seed: 7, gp: GpExtract::Sent, errors, charity_numbers: CharityNumbers::Some };
    let files = extracts::made(&options)?;
    let records = extracts::records(&files, &Source::ALL)?;
    let whose = Whose::of(&records, &files)?;
    let start = Instant::now();
    let linkage = link_all(&records, &LinkOptions::default(), &mut LinkAudit::default());
    let seconds = start.elapsed().as_secs_f64();
    writeln!(out, "\n**{PEOPLE} people, errors {errors:?}: {} records linked in {seconds:.2} s**\n", records.len())?;
    writeln!(
        out,
        "| sources | pairs of one person | recall % | linked wrongly | precision % |\n|---|---|---|---|---|"
    )?;
    let pairs = score::pairs(&records, &whose, &linkage.key);
    let rows = pairs.iter().map(|((a, b), one)| (format!("{}, {}", a.id(), b.id()), *one));
    for (name, one) in rows.chain([("all".to_owned(), score::total(&pairs))]) {
        let (recall, precision) = (100.0 * one.recall(), 100.0 * one.precision());
        writeln!(out, "| {name} | {} | {recall:.2} | {} | {precision:.3} |", one.right + one.missed, one.wrong)?;
    }
    writeln!(out, "\n| pass | records joined | to another person | precision % |\n|---|---|---|---|")?;
    let by_pass = score::by_pass(&whose, &linkage);
    for (pass, joined) in Pass::ALL.into_iter().filter_map(|pass| Some((pass, by_pass.get(&pass)?))) {
        let precision = 100.0 * joined.precision();
        writeln!(out, "| {} | {} | {} | {precision:.3} |", pass.id(), joined.right + joined.wrong, joined.wrong)?;
    }
    let whole = score::whole(&records, &whose, &linkage.key);
    writeln!(
        out,
        "\nPeople with several records: {}, of whom {:.2} % are one whole cluster. Clusters of several records: {}, of \
         which {:.3} % are one person's. Clusters with two numbers: {}.",
        whole.people,
        100.0 * score::share(whole.people_right, whole.people),
        whole.clusters,
        100.0 * score::share(whole.clusters_right, whole.clusters),
        score::clusters_with_two_numbers(&records, &linkage.key),
    )?;
    Ok(())
}

/// Estimates of the hold-out against planted truth, over seeds, where errors fall on everybody alike.
fn hold_out(out: &mut StdoutLock<'static>) -> Outcome<()> {
    writeln!(out, "| seed | estimate % | truth % | groups within | estimate % | truth % | groups within |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    let mut outside: BTreeMap<String, u64> = BTreeMap::new();
    let mut groups = [[0u64; 2]; 2];
    for seed in SEEDS {
        let errors = Errors::Random;
        let options =
            Options { people: PEOPLE, seed, gp: GpExtract::Sent, errors, charity_numbers: CharityNumbers::Some };
        let judged = holdout::judged(&extracts::made(&options)?)?;
        write!(out, "| {seed} |")?;
        for (measure, sum) in ["sensitivity", "predictive_value"].into_iter().zip(&mut groups) {
            let own: Vec<_> = judged.iter().filter(|one| one.measure == measure).collect();
            let all = own.iter().find(|one| one.group == "all").ok_or("no estimate for all")?;
            let [estimate, truth] = [all.estimate, all.truth].map(|[part, of]| 100.0 * score::share(part, of));
            let of: Vec<_> = own.iter().filter(|one| one.group != "all").collect();
            let within = of.iter().filter(|one| one.is_within()).count();
            let mark = if all.is_within() { "" } else { ", outside" };
            write!(out, " {estimate:.2} of {}{mark} | {truth:.2} | {within} of {} |", all.estimate[1], of.len())?;
            *sum = [sum[0] + within as u64, sum[1] + of.len() as u64];
            for one in of.iter().filter(|one| !one.is_within()) {
                *outside.entry(format!("{measure}, {}", one.group)).or_default() += 1;
            }
        }
        writeln!(out)?;
    }
    for (measure, [within, of]) in ["sensitivity", "predictive value"].into_iter().zip(groups) {
        writeln!(out, "\nGroups within, {measure}: {within} of {of}, {:.1} %", 100.0 * score::share(within, of))?;
    }
    writeln!(out, "\nOutside: {outside:?}")?;
    Ok(())
}

/// A list without numbers, by kind of error.
fn charity_list(out: &mut StdoutLock<'static>, folder: &Path) -> Outcome<()> {
    let start = Instant::now();
    let counts = charity::counts(&folder::read(folder)?, &LinkOptions::default())?;
    let seconds = start.elapsed().as_secs_f64();
    writeln!(
        out,
        "| error in the client's record | clients to be found | recall % | linked | wrongly | precision % |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for (name, cell) in &counts {
        let Clients { to_find, right, wrong } = *cell;
        let (recall, precision) = (100.0 * cell.recall(), 100.0 * cell.precision());
        writeln!(out, "| {name} | {to_find} | {recall:.2} | {} | {wrong} | {precision:.2} |", right + wrong)?;
    }
    writeln!(out, "\npathlink, reading and everything: {seconds:.1} s")?;
    Ok(())
}
