//! Errors, from their registry.

use super::Entry;
use crate::error::{ALL, Exit};

/// Every error code, by how the process ends.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |code: &&crate::error::ErrorCode| {
        Entry::new(code.id, format!("exit {}", code.exit as u8), code.title)
            .with("the process ends with", ending(code.exit))
            .with("a retry may help", if code.is_retryable() { "yes" } else { "" })
    };
    let mut codes = ALL.to_vec();
    codes.sort_by_key(|code| code.exit as u8);
    codes.iter().map(entry).collect()
}

fn ending(exit: Exit) -> String {
    let meaning = match exit {
        Exit::Done => "done",
        Exit::Warnings => "done, with warnings, where those were to count",
        Exit::Usage => "the command line was not understood",
        Exit::Config => "a setting is wrong",
        Exit::Input => "an input is missing, unreadable, cut short, stale or changed while it was read",
        Exit::Quality => "a gate of data quality stopped the run",
        Exit::Disclosure => "the release could not be made safe",
        Exit::Key => "the key file is missing, unsafe, damaged or not the right one",
        Exit::Locked => "another run is at work",
        Exit::Output => "an output could not be written",
        Exit::Bug => "a fault in pathlink itself",
        Exit::Interrupted => "interrupted, as by Ctrl-C",
        Exit::Terminated => "told to end, as by a scheduler",
    };
    format!("{} ({meaning})", exit as u8)
}
