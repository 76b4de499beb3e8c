//! Opening: from an extract to text that is cut into blocks, whether it came as text or as Parquet.

use super::decode::{self, Origin, Text};
use super::extracts::{Content, Extract};
use super::notes::DialectNotes;
use super::quotes::Format;
use super::stamp::Stamp;
use crate::error::Error;
use crate::settings::Caps;
use crate::sources::code_lists::CodeValues;
use crate::sources::{Dialect, Encoding, TablePlan};

/// An extract that can be read.
pub(super) struct Opened<'e> {
    /// Its text.
    pub(super) text: Text<'e>,
    /// How the text parts into fields.
    pub(super) format: Format,
    /// Whose tokens it holds, if it is pseudonymised.
    pub(super) stamp: Option<Stamp>,
    /// How it is read, if it is in canonical form; else as its table is.
    pub(super) canonical: Option<TablePlan>,
}

/// Opens an extract of a table, in its own dialect unless it is in canonical form.
pub(super) fn open<'e>(
    extract: &'e Extract,
    plan: &TablePlan,
    dialect: &Dialect,
    (caps, values): (Caps, &CodeValues),
) -> Result<Opened<'e>, Error> {
    let origin = Origin { file: &extract.name, source: plan.source.id() };
    if let Content::Query(query) = &extract.content {
        let notes = DialectNotes {
            encoding: DialectNotes::QUERY.to_owned(),
            declared_encoding: dialect.encoding.id().to_owned(),
            ..DialectNotes::default()
        };
        let text = Text { reader: query.open()?, start: None, first_line: 0, notes };
        return Ok(Opened { text, format: Format::new(&Dialect::default(), caps), stamp: None, canonical: None });
    }
    let canonical = |stamp: &Option<Stamp>| -> Result<Option<TablePlan>, Error> {
        let Some(at_source) = stamp.as_ref().and_then(|stamp| stamp.at_source.as_ref()) else { return Ok(None) };
        at_source.check(&extract.name, plan)?;
        Ok(Some(plan.canonical(values)))
    };
    let beside = Stamp::beside(extract);
    let is_canonical = matches!(&beside, Ok(Some(stamp)) if stamp.at_source.is_some());
    let encoding = if is_canonical { Encoding::Utf8 } else { dialect.encoding };
    match decode::open(extract, origin, encoding, &caps)? {
        decode::Opened::Text(text) => {
            let stamp = beside?;
            let canonical = canonical(&stamp)?;
            let dialect = canonical.as_ref().map_or(dialect, |plan| &plan.dialect);
            Ok(Opened { text, format: Format::new(dialect, caps), stamp, canonical })
        }
        decode::Opened::Parquet => {
            let (text, metadata) = decode::read_parquet(extract, plan, origin)?;
            let stamp = Stamp::of(&metadata, "its Parquet metadata", &extract.name)?;
            let canonical = canonical(&stamp)?;
            let text = match &canonical {
                Some(plan) => decode::read_parquet(extract, plan, origin)?.0,
                None => text,
            };
            Ok(Opened { text, format: Format::new(&Dialect::default(), caps), stamp, canonical })
        }
    }
}
