//! Parse, run, print the error and its fix, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    let threads = pathlink::cli::threads_asked(std::env::args());
    if let Some(threads) = threads.filter(|threads| *threads > 0) {
        size_polars(threads);
    }
    std::panic::set_hook(Box::new(|panic| {
        // A panic's payload may hold a value, so only its place is told.
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        pathlink::cli::fault(&place);
    }));
    let code = std::panic::catch_unwind(pathlink::cli::main);
    ExitCode::from(code.unwrap_or(pathlink::error::Exit::Bug as u8))
}

/// Polars sizes its own pool once, from the environment: the same number as ours. This is the first act of `main`,
/// before any thread starts, which is what makes it sound.
#[expect(unsafe_code, reason = "no other thread runs yet, so nothing can read the environment meanwhile")]
fn size_polars(threads: usize) {
    unsafe { std::env::set_var("POLARS_MAX_THREADS", threads.to_string()) };
}
