//! What the program says: results on standard output, messages on standard error, each as text or as JSON.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, OnceLock};

use serde_json::{Value as Json, json};

use super::{Colour, Global, LogFormat};
use crate::error::{self, Error};

/// How it speaks; set once, when the command line was understood.
static MANNER: OnceLock<Manner> = OnceLock::new();
/// The result of a command that is to be one object: its own, or the lines that it would have printed.
static HELD: Mutex<Held> = Mutex::new(Held { lines: Vec::new(), object: None });

struct Held {
    lines: Vec<String>,
    object: Option<Json>,
}

/// How the program speaks.
#[derive(Debug, Default)]
pub(super) struct Manner {
    /// The result is one object.
    has_object: bool,
    /// Messages are JSON Lines.
    has_json_messages: bool,
    /// Errors have colours.
    is_coloured: bool,
}

impl Manner {
    /// As the flags say. `NO_COLOR` in the environment forbids colours unless a flag asks for them.
    pub(super) fn of(global: &Global, forbids_colour: bool) -> Self {
        let is_coloured = match global.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => !forbids_colour && std::io::stderr().is_terminal(),
        };
        let has_json_messages = global.log_format == LogFormat::Json;
        Self { has_object: global.json, has_json_messages, is_coloured: is_coloured && !has_json_messages }
    }
}

/// From here on the program speaks like this.
pub(super) fn speak(manner: Manner) {
    let _ = MANNER.set(manner);
}

fn manner() -> &'static Manner {
    static PLAIN: Manner = Manner { has_object: false, has_json_messages: false, is_coloured: false };
    MANNER.get().unwrap_or(&PLAIN)
}

/// A line for people, on standard error.
pub(super) fn say(text: &str) {
    if manner().has_json_messages {
        print_message(&json!({ "message": text }).to_string());
    } else {
        print_message(text);
    }
}

/// A step that ended, as a line of the log on standard error.
pub(super) fn log(line: &Json) {
    print_message(&line.to_string());
}

/// Whether messages are JSON Lines.
pub(super) fn logs_json() -> bool {
    manner().has_json_messages
}

/// An error, on standard error.
pub(super) fn complain(problem: &Error) {
    if manner().has_json_messages {
        return print_message(&json!({ "error": problem.to_json() }).to_string());
    }
    let text = problem.to_string();
    match text.split_once(": ") {
        Some((head, rest)) if manner().is_coloured => print_message(&format!("\u{1b}[1;31m{head}\u{1b}[0m: {rest}")),
        _ => print_message(&text),
    }
}

#[expect(clippy::print_stderr, reason = "the one place that writes messages")]
fn print_message(text: &str) {
    eprintln!("{text}");
}

/// Lines of results, on standard output; held where the result is to be one object.
pub(super) fn tell(text: &str) {
    if manner().has_object {
        if let Ok(mut held) = HELD.lock() {
            held.lines.extend(text.lines().map(str::to_owned));
        }
        return;
    }
    print_result(text);
}

/// The result as an object, where one is asked for.
pub(super) fn answer(object: Json) {
    if let Ok(mut held) = HELD.lock() {
        held.object = Some(object);
    }
}

/// Prints the object that stands for the command, where one is asked for.
pub(super) fn finish(command: &str, code: u8, problem: Option<&Error>) {
    if !manner().has_object {
        return;
    }
    let Ok(mut held) = HELD.lock() else { return };
    let held = std::mem::replace(&mut *held, Held { lines: Vec::new(), object: None });
    let object = match (problem, held.object) {
        (Some(problem), _) => {
            let retryable = problem.code().is_retryable();
            json!({ "command": command, "exit_code": code, "retryable": retryable, "error": problem.to_json() })
        }
        (None, Some(object)) => object,
        (None, None) => json!({ "command": command, "exit_code": code, "retryable": false, "lines": held.lines }),
    };
    print_result(&serde_json::to_string_pretty(&object).unwrap_or_default());
}

/// A reader who has seen enough, such as `head`, is no fault; a full disk is.
fn print_result(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    if let Err(problem) = written
        && problem.kind() != std::io::ErrorKind::BrokenPipe
    {
        let problem =
            Error::new(&error::CANNOT_WRITE, "standard output cannot be written", "check the disk's free space");
        complain(&problem);
        std::process::exit(i32::from(problem.exit_code()));
    }
}
