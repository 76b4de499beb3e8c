//! Fault points: places where a test stops the program as a power cut, a signal or a bug would. They are nothing at all
//! without the feature `faults`, which no build that is used has. Declared with them is what each fault leaves.

/// A place where a test stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The name that a test gives.
    pub name: &'static str,
    /// What the run has done when it comes there.
    pub after: &'static str,
    /// What is on the disk of this run if it is stopped there and cannot tidy up.
    pub left: &'static str,
    /// Whether the new run is published by then: `LATEST` names it.
    pub is_published: bool,
}

const fn point_at(name: &'static str, after: &'static str, left: &'static str) -> Point {
    Point { name, after, left, is_published: false }
}

const STAGING: &str = "a folder `runs/.staging-*`, which the next run removes; in the store what was finished, which the next run takes up";

/// Every point, in the order of a run.
pub const POINTS: [Point; 11] = [
    point_at(
        "locked",
        "The lock is held; nothing was read.",
        "an empty folder `runs/.staging-*`, which the next run removes",
    ),
    point_at("staging", "An extract was read into the store, and has yet to be found unchanged since.", STAGING),
    point_at("read", "Every extract was read and checked.", STAGING),
    point_at("linked", "Records have become people.", STAGING),
    point_at("counted", "Pathways and figures were worked out.", STAGING),
    point_at("figures", "Everything to be published is in memory; nothing is in the run's folder.", STAGING),
    point_at("released", "Disclosure control is done.", STAGING),
    point_at("written", "Every table is written under the staging name.", STAGING),
    point_at("flushed", "Everything is on the disk, under the staging name.", STAGING),
    point_at(
        "named",
        "The folder has its name; `LATEST` has yet to be replaced.",
        "a whole run folder that `LATEST` does not name",
    ),
    Point {
        name: "latest",
        after: "`LATEST` was replaced by one rename.",
        left: "the new run, whole",
        is_published: true,
    },
];

/// Another fault that a run or a command survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survived {
    /// What happens.
    pub what: &'static str,
    /// How it ends.
    pub ends: &'static str,
    /// The test that does it, in `tests/it`.
    pub test: &'static str,
}

const fn survived(what: &'static str, ends: &'static str, test: &'static str) -> Survived {
    Survived { what, ends, test }
}

/// Faults beside those points, each an automatic test.
pub const SURVIVED: &[Survived] = &[
    survived(
        "kill -9 at any moment of a run",
        "identifiers are only where they may be; the next run cleans up",
        "a_killed_run_leaves_identifiers_only_where_they_may_be",
    ),
    survived(
        "SIGINT or SIGTERM",
        "exit 130 or 143; the staging folder is gone",
        "a_signal_ends_a_run_tidily_with_the_code_that_schedulers_know",
    ),
    survived(
        "a panic with an NHS number in it",
        "exit 70; no value is shown",
        "a_panic_shows_no_value_and_leaves_nothing_half_done",
    ),
    survived(
        "an extract that grows while it is read",
        "exit 4, INP03",
        "an_input_that_grows_while_it_is_read_ends_the_run",
    ),
    survived(
        "an extract cut at any byte",
        "its whole records and nothing more, or exit 4",
        "a_file_cut_at_any_byte_is_whole_to_its_last_record_or_refused",
    ),
    survived(
        "a gzip file cut at any byte",
        "exit 4, unless a member ends there",
        "a_gzip_file_cut_at_any_byte_is_refused_unless_a_member_ends_there",
    ),
    survived(
        "a cut file whose rows were counted by its sender",
        "exit 4 at every byte; nothing is published",
        "nothing_is_published_from_a_counted_file_cut_at_any_byte",
    ),
    survived(
        "a gzip file that unpacks without end",
        "exit 4 at the cap",
        "a_gzip_bomb_is_refused_and_a_higher_cap_lets_it_through",
    ),
    survived("a file without end", "exit 4 in bounded memory", "files_without_end_are_refused_in_bounded_memory"),
    survived(
        "one table in many encodings and dialects",
        "the same rows",
        "one_table_gives_the_same_rows_in_every_dialect",
    ),
    survived(
        "eight runs started together",
        "one is published, seven end with 8",
        "of_eight_runs_started_together_one_is_published_and_seven_end_with_8",
    ),
    survived(
        "a table of the last good run that was changed after it was published",
        "it is not taken over; everything is worked out again",
        "what_figures_rest_on_beside_extracts_is_noticed",
    ),
    survived("a folder that cannot be written", "exit 9, OUT01", "a_runs_folder_that_cannot_be_written_is_out01"),
    survived("a key file that others can read", "exit 7, KEY02", "a_key_file_that_others_can_read_is_key02"),
    survived("a key file altered by one character", "exit 7, KEY03", "a_key_file_altered_by_one_character_is_key03"),
    survived("a planted symbolic link", "it is not written through", "planted_links_are_not_written_through"),
    survived(
        "another time zone, locale or no terminal",
        "the same bytes",
        "time_zone_locale_and_terminal_change_no_byte",
    ),
    survived(
        "nights on which files are late or damaged, the disk is full or the run is killed",
        "in the end the figures of one clean run",
        "sixty_nights_with_faults_end_as_one_clean_run",
    ),
];

/// Nothing.
#[cfg(not(feature = "faults"))]
pub fn point(_name: &str) {}

/// Does what `PATHLINK_FAULT=NAME:WHAT` asks for at the point of that name: `kill`, `panic`, `wait` until a signal comes, or
/// `append:FILE`, which lets a file grow by a line.
///
/// # Panics
///
/// Where it is asked to.
#[cfg(feature = "faults")]
#[expect(clippy::disallowed_methods, clippy::panic, reason = "a test says by the environment where to fail")]
pub fn point(name: &str) {
    let Ok(asked) = std::env::var("PATHLINK_FAULT") else { return };
    let Some(what) = asked.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')) else { return };
    match what.split_once(':') {
        None if what == "kill" => {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
        None if what == "panic" => panic!("9534761028 is in the payload"),
        None => loop {
            std::thread::sleep(std::time::Duration::from_millis(10));
        },
        Some((_, file)) => {
            let grown = std::fs::OpenOptions::new().append(true).open(file);
            let _ = grown.and_then(|mut file| std::io::Write::write_all(&mut file, b"\n"));
        }
    }
}
