//! What went wrong, where, why, and what to do: the one error type, and the registry of its codes.
//!
//! A bad row is data (a `Reject`); a bad file or setting is an `Error` and ends the run. Texts never hold a cell's
//! value, a token, a key or another library's message: Polars, csv and arrow print cell values in theirs.

use std::fmt;
use std::path::Path;

/// How the process ends. Public constants: schedulers act on them, so they never change meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; warnings are allowed.
    Done = 0,
    /// Done, with warnings, under `--fail-on warn`.
    Warnings = 1,
    /// The command line was not understood.
    Usage = 2,
    /// A setting is wrong.
    Config = 3,
    /// An input is missing, unreadable, cut short, stale or changed while it was read.
    Input = 4,
    /// A data-quality gate stopped the run.
    Quality = 5,
    /// Disclosure control could not make the release safe.
    Disclosure = 6,
    /// The key file is missing, unsafe, damaged or not the right one.
    Key = 7,
    /// Another run holds the lock.
    Locked = 8,
    /// An output could not be written.
    Output = 9,
    /// A fault in pathlink itself.
    Bug = 70,
    /// Interrupted, as by Ctrl-C (SIGINT).
    Interrupted = 130,
    /// Told to end (SIGTERM), as by a scheduler or a machine that goes down.
    Terminated = 143,
}

/// One kind of error: its code, its exit code and its meaning. Listed in [`ALL`].
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// Short code that users search for, such as `CFG02`.
    pub id: &'static str,
    /// How the process ends.
    pub exit: Exit,
    /// What this code means, in one sentence.
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal, $exit:ident, $title:literal;)*) => {
        $(#[doc = $title] pub const $name: ErrorCode = ErrorCode { id: $id, exit: Exit::$exit, title: $title };)*
        /// Every error code, in the order of the documentation.
        pub const ALL: &[&ErrorCode] = &[$(&$name),*];
    };
}

codes! {
    CONFIG_MISSING = "CFG01", Config, "No configuration file was found.";
    CONFIG_SYNTAX = "CFG02", Config, "A configuration file is not valid TOML or a value has the wrong type.";
    CONFIG_KEY = "CFG03", Config, "A configuration key is not known.";
    CONFIG_VALUE = "CFG04", Config, "A configuration value is not possible.";
    CODE_LIST = "CFG05", Config, "A code list or lookup file is missing or damaged.";
    OPT_OUTS = "OPT01", Config, "The list of NHS numbers to leave out or to keep cannot be used, or is too old.";
    INPUT_MISSING = "INP01", Input, "An extract that the configuration names is not there.";
    INPUT_UNREADABLE = "INP02", Input, "An extract cannot be read.";
    INPUT_CHANGED = "INP03", Input, "An extract changed while it was being read.";
    INPUT_CUT = "INP04", Input, "An extract ends inside a field, a record or a gzip stream.";
    INPUT_EMPTY = "INP05", Input, "An extract has no heading row.";
    HEADING_MISSING = "HDR01", Input, "A required heading is not in the extract.";
    HEADING_REPEATED = "HDR02", Input, "A heading is repeated in the extract.";
    HEADING_BLANK = "HDR03", Input, "A heading of the extract is blank or not readable.";
    NOT_UTF8 = "ENC01", Input, "An extract is not in its declared encoding.";
    RECORD_CAP = "INP06", Input, "A record is longer than the cap.";
    FIELD_CAP = "INP07", Input, "A field is longer than the cap.";
    COLUMN_CAP = "INP08", Input, "An extract has more headings than the cap.";
    GZIP_CAP = "INP09", Input, "A gzip file unpacks to more than the cap allows.";
    STRAY_NUL = "INP10", Input, "A field holds a NUL byte among others.";
    QUERY_CONNECTION = "ODB01", Input, "The database of a query cannot be reached.";
    QUERY = "ODB02", Input, "A query is refused, or its rows cannot be read to the last one.";
    QUERY_TYPE = "ODB03", Input, "A column of a query has a type or a length that is not read.";
    CONTROL_TOTAL = "INP11", Input, "An extract does not hold the rows or the total that its sender declared.";
    INPUT_STALE = "INP12", Input, "The extracts of a source end too long before the day up to which data are used.";
    INPUT_STRANGER = "INP13", Input, "A file lies in a source's folder whose name fits no pattern; a warning.";
    NOT_TEXT = "FMT01", Input, "An extract is a workbook, an archive or a document, not text.";
    PARQUET_TYPE = "PQT01", Input, "A column of a Parquet file has a type that is not read.";
    EXCEL_DAMAGE = "XLS01", Input, "A column of NHS numbers or ids was damaged by a spreadsheet.";
    RUN_UNKNOWN = "RUN01", Input, "The run that was named is not there.";
    RUN_KEY = "RUN02", Key, "The run that was named was made with another key.";
    SHARE_REFUSED = "SHR01", Disclosure, "No agreement in force allows rows to be shared.";
    SHARE_REQUEST = "SHR02", Config, "A table, column or period that was asked for cannot be shared.";
    STORE_DAMAGED = "STO01", Output, "A file in the store cannot be read back.";
    REGISTRY_DAMAGED = "STO02", Output, "The registry of people cannot be read back, or a part of it is gone.";
    GATE_REJECTS = "GAT01", Quality, "Too many rows of an extract were rejected.";
    GATE_UNKNOWN = "GAT02", Quality, "Too many statuses of an extract are not known.";
    GATE_CHANGE = "GAT03", Quality, "The rows of a table changed by too much since the last good run.";
    NOTHING_SAFE = "SDC01", Disclosure, "Nothing could be released safely.";
    RELEASE_UNSAFE = "SDC02", Disclosure, "A release is not whole, or something can be worked out from it.";
    RELEASE_NAME = "SDC04", Usage, "A recipient cannot have the name that was given.";
    RELEASE_STALE = "SDC03", Disclosure, "A run does not know of a release that was made since.";
    AT_SOURCE = "PSD01", Input, "A file of `pathlink pseudonymise` is not whole, or is of another table than its name says.";
    NOT_ALONE = "PSD02", Input, "A file hangs on another that was not given with it, or holds tokens or digests already.";
    CATALOGUE = "DSC01", Usage, "Nothing in a catalogue has the name that was asked for.";
    PURGE_LIMITS = "PRG01", Usage, "Nothing says which runs are to be deleted.";
    OUTPUT_NAME = "PSD03", Usage, "A result cannot have the name that was asked for.";
    KEY_MISSING = "KEY01", Key, "No key file was named, or it is not there.";
    KEY_UNSAFE = "KEY02", Key, "The key file can be read by others, or is not a plain file of the current user.";
    KEY_DAMAGED = "KEY03", Key, "The key file is not a whole key line.";
    KEY_EXISTS = "KEY04", Key, "A key file is never overwritten.";
    KEY_DEMO = "KEY05", Key, "The demonstration key met a number outside the test range.";
    KEY_OTHER = "KEY06", Key, "A pseudonymised file was made with another key than the run's.";
    KEY_NAME = "KEY07", Key, "The key is not the one that the settings name.";
    LOCKED = "LCK01", Locked, "Another run of this project is going on.";
    WARNINGS = "WRN01", Warnings, "All is done, with warnings, and `--fail-on warn` makes them count.";
    INTERRUPTED = "STP01", Interrupted, "The run was interrupted, as by Ctrl-C; nothing was published.";
    TERMINATED = "STP02", Terminated, "The run was told to end; nothing was published.";
    CANNOT_WRITE = "OUT01", Output, "An output cannot be written.";
    BUG = "BUG01", Bug, "A fault in pathlink itself.";
}

impl ErrorCode {
    /// Whether the same command may well succeed later with nothing changed but the world around it: a file that had not
    /// arrived, a lock that was held, a full disk, a machine that went down.
    pub fn is_retryable(&self) -> bool {
        let waits = [&INPUT_MISSING, &QUERY_CONNECTION, &INPUT_CHANGED, &INPUT_CUT, &INPUT_STALE, &CANNOT_WRITE];
        matches!(self.exit, Exit::Locked | Exit::Interrupted | Exit::Terminated) || waits.contains(&self)
    }
}

/// What ends a run. Shown as `error CODE: what`, then the reason, then the fix.
#[derive(Debug, thiserror::Error)]
pub struct Error {
    code: &'static ErrorCode,
    what: String,
    why: Vec<String>,
    fix: String,
}

impl Error {
    /// A new error: what happened and where, and what to do about it. Never a cell's value.
    pub fn new(code: &'static ErrorCode, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, what: what.into(), why: Vec::new(), fix: fix.into() }
    }

    /// Adds a line that says why or exactly where.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// Adds where in a file it is, once: its line, and the line with carets under the fault before any other reason.
    #[must_use]
    pub fn at(mut self, file: &str, line: usize, drawn: [String; 2]) -> Self {
        let place = format!("{file}:{line}");
        if self.why.first().is_some_and(|first| first.contains(" | ")) {
            return self;
        }
        self.what = if self.what.contains(file) {
            self.what.replacen(file, &place, 1)
        } else {
            format!("{} ({place})", self.what)
        };
        self.why.splice(0..0, drawn);
        self
    }

    /// A file or folder that cannot be written.
    pub fn cannot_write(path: &Path) -> Self {
        let what = format!("{} cannot be written", path.display());
        Self::new(&CANNOT_WRITE, what, "check the disk's free space and the folder's permissions")
    }

    /// A fault of ours: something that the design rules out happened.
    pub fn bug(what: impl Into<String>) -> Self {
        Self::new(&BUG, what, "please report this with the version and the step named above; nothing was published")
    }

    /// Something in `step` failed inside a library whose message may hold cell values, so it is dropped.
    pub fn silent<E>(step: &'static str) -> impl Fn(E) -> Self {
        move |_| Self::bug(format!("the step `{step}` failed"))
    }

    /// The code, for tests and for the JSON log.
    pub fn code(&self) -> &'static ErrorCode {
        self.code
    }

    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        self.code.exit as u8
    }

    /// What happened and where.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Why, or exactly where, line by line.
    pub fn why(&self) -> &[String] {
        &self.why
    }

    /// The same for a program: code, exit code, whether a retry may help, and the texts.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code.id, "exit_code": self.exit_code(), "retryable": self.code.is_retryable(),
            "what": self.what, "why": self.why, "fix": self.fix,
        })
    }

    /// What to do.
    pub fn fix(&self) -> &str {
        &self.fix
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}: {}", self.code.id, self.what)?;
        for line in &self.why {
            write!(f, "\n  {line}")?;
        }
        write!(f, "\n  fix: {}", self.fix)
    }
}

/// A count with its thousands apart, as messages show places: 18,204.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let shown = [0, 999, 1000, 18_204, 1_048_576].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "18,204", "1,048,576"]);
    }

    #[test]
    fn codes_are_unique_and_well_formed() {
        let mut ids: Vec<_> = ALL.iter().map(|code| code.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
        for code in ALL {
            assert_eq!(code.id.len(), 5, "{}", code.id);
            assert!(code.title.ends_with('.'));
        }
    }
}
