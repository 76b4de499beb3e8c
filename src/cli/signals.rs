//! Signals: whoever interrupts a run finds nothing half done, and a code that schedulers know.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::voice;
use crate::error::{self, Error};
use crate::output::attempt::{self, Outcome};
use crate::output::folder;

/// From here on SIGINT and SIGTERM take away what a run with this id has under way among the runs, and end the process with
/// 130 or 143.
pub(super) fn end_tidily(command: &'static str, runs: PathBuf, id: String) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        end(command, (&runs, &id), signal);
    });
}

fn end(command: &str, (runs, id): (&PathBuf, &str), signal: i32) {
    let (code, what) = match signal {
        SIGINT => (&error::INTERRUPTED, "interrupted"),
        _ => (&error::TERMINATED, "told to end"),
    };
    let last = folder::latest(runs);
    let problem = if last.as_deref() == Some(id) {
        Error::new(code, format!("{what} after run {id} was published"), "nothing needs to be done: the run is whole")
    } else {
        let problem = Error::new(code, what, "run again: what was read is in the store and is not read again");
        problem.because("nothing was published, and the last good run is as it was")
    };
    let staging = runs.join(format!(".staging-{id}"));
    // Others of our threads may be writing there yet; what is left in the end the next run takes away.
    for _ in 0..50 {
        if !staging.exists() || fs::remove_dir_all(&staging).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    if command == "run" {
        attempt::write(runs, id, &Outcome::Failed(&problem, last), &[]);
    }
    voice::complain(&problem);
    voice::finish(command, problem.exit_code(), Some(&problem));
    std::process::exit(i32::from(problem.exit_code()));
}
