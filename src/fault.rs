//! Fault points: places where a test stops the program as a power cut, a signal or a bug would. They are nothing at all
//! without the feature `faults`, which no build that is used has.

/// Every point, in the order of a run.
pub const POINTS: [&str; 11] =
    ["locked", "staging", "read", "linked", "counted", "figures", "released", "written", "flushed", "named", "latest"];

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
