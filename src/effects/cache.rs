//! Effects on disk, beside the evaluation that they belong to.

use std::path::Path;

use super::Effects;
use crate::error::Error;

/// The file in the folder of an evaluation.
const FILE: &str = "effects.json";

/// Writes what was found, if anything was looked for.
pub fn write(effects: Option<&Effects>, folder: &Path) -> Result<(), Error> {
    let Some(effects) = effects else { return Ok(()) };
    let text = serde_json::to_vec(effects).map_err(Error::silent("write effects"))?;
    std::fs::write(folder.join(FILE), text).map_err(|_| Error::cannot_write(folder))
}

/// Reads back what was found; none if it is not there or not whole.
pub fn read(folder: &Path) -> Option<Effects> {
    serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::{Behind, Compared, Exact, Found, Row, Said};
    use crate::settings::DesignKind;

    #[test]
    fn effects_are_the_same_after_they_were_kept() {
        let found = Found {
            ratio: Exact(0.1 + 0.2),
            limits: [Exact(1.0 / 3.0), Exact(f64::MAX)],
            p: Exact(5e-324),
            per_100_years: None,
            dispersion: Some(Exact(-0.0)),
            e_values: [None, Some(Exact(1.0))],
        };
        let row = |found| Row {
            rate: 0,
            design: DesignKind::Did,
            grade: 3,
            said: Said::Planned,
            is_sent: true,
            found,
            is_of_few: false,
            arms: [Some(Behind::default()), None],
            behind: Vec::new(),
            expected: None,
            cautions: vec!["x".to_owned()],
        };
        let rows = vec![row(Ok(found)), row(Err("nobody".to_owned()))];
        let compared = Compared {
            pathway: 0,
            comparator: 1,
            rows,
            balance: Vec::new(),
            studies: Vec::new(),
            variants: Vec::new(),
        };
        let effects = Effects { compared: vec![compared] };
        let folder = tempfile::tempdir().unwrap();
        write(Some(&effects), folder.path()).unwrap();
        assert_eq!(read(folder.path()), Some(effects));
        assert_eq!(read(&folder.path().join("none")), None);
    }
}
