//! The before-and-after coverage study: are the ratios and their intervals right? Run by
//! `cargo bench --bench coverage`; prints Markdown, and fails if the program fails or a wrong analysis passes.
//!
//! `cargo bench --bench coverage -- superpopulation 480000000` prints the stored truth anew.

mod judge;
mod people;
mod study;

use std::io::{StdoutLock, Write};
use std::process::ExitCode;

use judge::{Judged, Truth};
use pathlink::synth::truth::{Service, stored, stored_world, superpopulation};
use pathlink::synth::{Arm, EFFECT, World};
use people::Counting;
use rayon::prelude::*;
use study::{Cells, Outcome, Study};

/// Fixed seeds.
const SEEDS: u64 = 200;
/// Seeds that also go through files.
const FILE_SEEDS: u64 = 5;
/// Arms so many times as large, for the fault that a small arm cannot show.
const LARGER: u64 = 16;

fn main() -> Outcome<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let mut report = Report { out: std::io::stdout().lock(), is_right: true };
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["superpopulation", people] => {
            for row in superpopulation(&World::new(&stored_world()), people.parse()?) {
                writeln!(report.out, "({:.5}, {:.5}), // {} {}", row.ratio, row.log_ratio_error, row.arm, row.service)?;
            }
        }
        _ => report.study()?,
    }
    Ok(if report.is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Which arms and services a table shows.
type Shown<'a> = &'a dyn Fn(Arm, Service) -> bool;

/// What is printed, and whether all of it is as it should be.
struct Report {
    out: StdoutLock<'static>,
    is_right: bool,
}

impl Report {
    fn study(&mut self) -> Outcome<()> {
        let people = stored_world().people;
        let study = Study::new(people)?;
        let (truth, effects) = (truth(), effects());
        let seeds = (1..=SEEDS).into_par_iter();
        let program: Vec<Cells> = seeds.map(|seed| study.in_memory(seed)).collect::<Outcome<_>>()?;
        let [right, all_days, _] = counted(&study, 1);

        let judged =
            self.table(&format!("The program, {SEEDS} extracts of {people} people"), &program, &truth, &|_, _| true)?;
        self.check("every arm and service passes", judged.iter().all(passes))?;
        let agree = program.iter().zip(&right).all(|(program, loops)| study::agree(program, loops));
        self.check("people, events and days are those of plain loops over the true people, in every seed", agree)?;
        let files = (1..=FILE_SEEDS).map(|seed| study.through_files(seed)).collect::<Outcome<Vec<_>>>()?;
        let same = files[..] == program[..files.len()];
        self.check(&format!("{FILE_SEEDS} seeds through files give the same, bit for bit"), same)?;

        let is_gp = |_: Arm, service| service == Service::Gp;
        let judged =
            self.table("Wrong: GP time whether or not the practice sent its appointments", &all_days, &truth, &is_gp)?;
        self.check("fails in every arm", !judged.iter().any(passes))?;

        let is_selected = |arm: Arm, service| arm.is_selected() && service == Service::Emergency;
        let judged = self.table(
            "Wrong: the change read as the effect; A&E, by which arms are selected",
            &program,
            &effects,
            &is_selected,
        )?;
        self.check("covers under half of the time", judged.iter().all(|one| 2 * one.covered < program.len()))?;
        let title = "The same elsewhere, where little but the trend of -5 % a year lies between the two";
        self.table(title, &program, &effects, &|arm, service| !is_selected(arm, service))?;
        self.larger(&study, &truth)
    }

    /// The fault that arms of 250 people cannot show, in larger draws from the same world.
    fn larger(&mut self, study: &Study, truth: &Truth) -> Outcome<()> {
        let [right, _, without_the_dead] = counted(study, LARGER);
        let title = format!("Plain loops, arms {LARGER} times as large");
        let judged = self.table(&title, &right, truth, &|_, _| true)?;
        self.check("every arm and service passes", judged.iter().all(passes))?;
        // Before death the generator raises the use of A&E and of GPs.
        let is_raised = |_: Arm, service| matches!(service, Service::Emergency | Service::Gp);
        let title = format!("Wrong: those who die within the year left out, arms {LARGER} times as large");
        let judged = self.table(&title, &without_the_dead, truth, &is_raised)?;
        self.check("fails in every arm", !judged.iter().any(passes))
    }

    fn check(&mut self, name: &str, holds: bool) -> Outcome<()> {
        self.is_right &= holds;
        writeln!(self.out, "- {name}: {}", if holds { "yes" } else { "**NO**" })?;
        Ok(())
    }

    fn table(&mut self, title: &str, seeds: &[Cells], truth: &Truth, is_shown: Shown<'_>) -> Outcome<Vec<Judged>> {
        let judged = judge::judge(seeds, truth);
        writeln!(self.out, "\n**{title}**\n\n{}", judge::table(&judged, truth, is_shown))?;
        let places = Arm::ALL.into_iter().flat_map(|arm| Service::ALL.map(|service| (arm, service)));
        let cells = places.zip(judged.into_iter().flatten());
        Ok(cells.filter(|((arm, service), _)| is_shown(*arm, *service)).map(|(_, one)| one).collect())
    }
}

fn passes(one: &Judged) -> bool {
    one.faults().is_empty()
}

/// Every seed counted in each way from the true people.
fn counted(study: &Study, times: u64) -> [Vec<Cells>; 3] {
    let people = stored_world().people * times;
    let seeds: Vec<[Cells; 3]> =
        (1..=SEEDS).into_par_iter().map(|seed| people::cells(&study.options(seed), people)).collect();
    Counting::ALL.map(|counting| seeds.iter().map(|ways| ways[counting as usize]).collect())
}

/// The stored ratio of after to before, selection included.
fn truth() -> Truth {
    Arm::ALL.map(|arm| Service::ALL.map(|service| stored(arm, service).0.ln()))
}

/// The planted effects, which before and after do not estimate.
fn effects() -> Truth {
    Arm::ALL.map(|arm| [if arm.is_redesigned() { EFFECT.ln() } else { 0.0 }; 4])
}
