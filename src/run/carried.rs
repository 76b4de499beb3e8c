//! After a rotation of the key: the people whom the registry of the key before knows, under the new key.

use std::path::Path;

use crate::error::Error;
use crate::output::rekeyed;
use crate::registry::{self, Carried, Rekeying};

/// The people whom the key of a check value takes over, by the re-keying tables among the runs; none where no rotation
/// leads to it or nobody was known before. Where nothing was run between two rotations, both tables are followed.
pub(super) fn find(runs: &Path, store: &Path, check_value: &str) -> Result<Option<Carried>, Error> {
    let Some(rotation) = rekeyed::rotation_to(runs, check_value) else { return Ok(None) };
    let mut known = registry::known_under(store, &rotation.from)?;
    let mut lost = 0;
    if known.is_empty() {
        let Some(before) = find(runs, store, &rotation.from)? else { return Ok(None) };
        (known, lost) = (before.known, before.lost);
    }
    let mut rekeying = Rekeying::of(known, lost);
    rotation.pairs(|pairs| rekeying.add(pairs))?;
    Ok(Some(rekeying.finish()))
}

/// Removes the registries of the keys before: under this key nobody can tell who in them is on a list of this key.
pub(super) fn forget(runs: &Path, store: &Path, check_value: &str) -> Result<(), Error> {
    let mut key = check_value.to_owned();
    while let Some(rotation) = rekeyed::rotation_to(runs, &key) {
        registry::remove(store, &rotation.from)?;
        key = rotation.from;
    }
    Ok(())
}
