//! The age of the list of NHS numbers: people go on opting out, and an old list lets them through.

use std::time::UNIX_EPOCH;

use crate::domain::day;
use crate::error::{self, Error};
use crate::settings::{Settings, day_of};

/// Refuses a list that is older than settings allow. A run's id begins with its day.
pub(in crate::run) fn check(settings: &Settings, run_id: &str) -> Result<(), Error> {
    let identity = &settings.identity;
    let (Some(path), Some(most)) = (&identity.exclude_nhs_numbers, identity.list_max_age_days) else { return Ok(()) };
    let today = run_id.get(..10).and_then(|text| day::parse_iso(text.as_bytes()));
    let dated = identity.list_date.as_ref().and_then(day_of);
    let path = settings.resolve(path);
    let changed = || {
        let changed = std::fs::metadata(&path).ok()?.modified().ok()?;
        i32::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_secs() / 86_400).ok()
    };
    // A list that is not there is told by whoever reads it.
    let Some(age) = today.zip(dated.or_else(changed)).map(|(today, listed)| today - listed) else { return Ok(()) };
    if age <= most {
        return Ok(());
    }
    let since = if dated.is_some() { "by list_date" } else { "by the day on which its file was last changed" };
    Err(Error::new(
        &error::OPT_OUTS,
        format!("the list of NHS numbers {} is {age} days old", path.display()),
        "fetch the latest list, or raise list_max_age_days under [identity]",
    )
    .because(format!("at most {most} days are allowed; its age is {since}")))
}
