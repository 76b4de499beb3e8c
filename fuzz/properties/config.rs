//! Config: any text is taken or refused with a code, a fix and one message of few lines; never a panic.

use pathlink::error::{Error, Exit};
use pathlink::schema::Source;
use pathlink::settings;
use pathlink::sources::Sources;

/// Bytes: which file it is, then its text.
pub(crate) fn holds(bytes: &[u8]) {
    let Some((kind, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let taken = match kind % 7 {
        0 => settings::of_text("pathlink.toml", text).map(|settings| {
            assert!((1..=200).contains(&settings.periods.quarters) && settings.disclosure.threshold() >= 2);
            let _ = settings.pinned_as_of();
        }),
        1 => {
            settings::of_text("pathlink.toml", "").and_then(|mut settings| settings.add_pathways("pathways.toml", text))
        }
        source => {
            let source = Source::ALL[usize::from(source) - 2];
            Sources::of_text(source, "source.toml", text).map(|tables| {
                assert!(tables.iter().all(|table| table.source == source));
            })
        }
    };
    if let Err(error) = taken {
        is_told(&error);
    }
}

/// An error has a code that is in the registry and no bug's, and a fix.
pub(crate) fn is_told(error: &Error) {
    let said = error.to_string();
    assert!(pathlink::error::ALL.contains(&error.code()), "{said}");
    assert!(error.code().exit != Exit::Bug, "{said}");
    assert!(!error.fix().is_empty() && said.contains("\n  fix: "), "{said}");
}
