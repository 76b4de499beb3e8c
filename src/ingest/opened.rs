//! Opening: from an extract to text that is cut into blocks, whether it came as text or as Parquet.

use super::decode::{self, Opened, Origin, Text};
use super::extracts::Extract;
use super::quotes::Format;
use super::stamp::Stamp;
use crate::error::Error;
use crate::settings::Caps;
use crate::sources::{Dialect, TablePlan};

/// An extract as text, how it parts into fields, and whose tokens it holds if it is pseudonymised.
pub(super) fn open<'e>(
    extract: &'e Extract,
    plan: &TablePlan,
    dialect: &Dialect,
    caps: Caps,
) -> Result<(Text<'e>, Format, Option<Stamp>), Error> {
    let origin = Origin { file: &extract.name, source: plan.source.id() };
    match decode::open(extract, origin, dialect.encoding, &caps)? {
        Opened::Text(text) => Ok((text, Format::new(dialect, caps), Stamp::beside(extract)?)),
        Opened::Parquet => {
            let (text, metadata) = decode::read_parquet(extract, plan, origin)?;
            let stamp = Stamp::of(&metadata, "its Parquet metadata", &extract.name)?;
            Ok((text, Format::new(&Dialect::default(), caps), stamp))
        }
    }
}
