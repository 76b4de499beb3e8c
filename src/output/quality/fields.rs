//! Fields: how many values of each are valid, other, default, invalid and missing. The one place that knows where a
//! tally keeps such counts.

use serde::Serialize;

use crate::ingest::StagedFile;
use crate::ingest::tally::Class;
use crate::settings::Settings;

/// One field of a file. A count is none where nothing counts it.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Field {
    /// The heading.
    pub heading: String,
    /// Values that are used.
    pub valid: Option<u64>,
    /// Values of the standard's "other" or "not known" codes.
    pub other: Option<u64>,
    /// Default values, such as a birth date of 1 January 1900.
    pub default: Option<u64>,
    /// Values that failed a check.
    pub invalid: Option<u64>,
    /// Empty cells.
    pub missing: Option<u64>,
}

impl Field {
    /// Everything that is not valid.
    pub fn faults(&self) -> u64 {
        [self.default, self.invalid, self.missing].into_iter().flatten().sum()
    }

    /// The five counts with their words, if all are known and there is any value.
    pub fn whole(&self) -> Option<[(&'static str, u64); 5]> {
        let counts = [
            ("valid", self.valid?),
            ("other", self.other?),
            ("default", self.default?),
            ("invalid", self.invalid?),
            ("missing", self.missing?),
        ];
        counts.iter().any(|(_, count)| *count > 0).then_some(counts)
    }
}

/// The fields of a file in five words, those with most faults first after the NHS number. A field without a fault is all
/// valid and is not told.
pub(super) fn of(file: &StagedFile, settings: &Settings) -> Vec<Field> {
    let field = |heading: &str, counts: &[u64; Class::ALL.len()], of: u64| {
        let count = |class: Class| Some(counts[class as usize]);
        Field {
            heading: heading.to_owned(),
            valid: of.checked_sub(counts.iter().sum()),
            other: count(Class::Other),
            default: count(Class::Default),
            invalid: count(Class::Invalid),
            missing: count(Class::Missing),
        }
    };
    let tally = &file.tally;
    let all = tally.classes.iter().map(|(heading, counts)| field(heading, counts, tally.looked_at));
    let mut fields: Vec<Field> = all.filter(|field| field.faults() > 0).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.faults()));
    let numbers = tally.number_classes(settings.accepts());
    fields.splice(0..0, numbers.map(|(of, counts)| field("NHS number", &counts, of)));
    fields
}
