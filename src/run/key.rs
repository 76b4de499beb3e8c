//! The run's key: found, read, and held against what the settings say of it, all before any extract is opened.

use std::path::PathBuf;

use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::settings::Settings;

/// The project's key: the demonstration key, or the one in the file that settings or the caller name.
pub fn key(settings: &Settings, key_file: Option<&PathBuf>) -> Result<ProjectKey, Error> {
    let named = key_file.cloned().or_else(|| settings.key.file.as_ref().map(|path| settings.resolve(path)));
    let (key, place) = match (named, settings.key.demo) {
        (Some(path), _) => (ProjectKey::read(&path)?, format!("the key file {}", path.display())),
        (None, true) => (ProjectKey::demonstration(), "the built-in demonstration key".to_owned()),
        (None, false) => {
            return Err(Error::new(
                &error::KEY_MISSING,
                "no project key is named",
                "set file under [key], or --key-file, or PATHLINK_KEY_FILE; `pathlink key new` makes one",
            ));
        }
    };
    check(settings, &key, &place)?;
    Ok(key)
}

/// Refuses a key that is not the one that the settings name, with both.
fn check(settings: &Settings, key: &ProjectKey, place: &str) -> Result<(), Error> {
    let project = settings.key.project.as_deref();
    let value = settings.key.check_value.as_deref();
    if project.is_none_or(|name| name == key.project()) && value.is_none_or(|value| value == key.check_value()) {
        return Ok(());
    }
    let wanted = [("project", project), ("check value", value)];
    let wanted = wanted.iter().filter_map(|(what, text)| text.map(|text| format!("{what} {text}")));
    Err(Error::new(
        &error::KEY_NAME,
        "the key is not the one that the settings name",
        "name this project's key file; after a rotation put the new key's check value under [key]",
    )
    .because(format!("the settings: {}, from [key]", wanted.collect::<Vec<_>>().join(" ")))
    .because(format!("{place}: {}", key.shown())))
}
