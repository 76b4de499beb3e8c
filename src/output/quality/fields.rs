//! Fields: how many values of each are valid, other, default, invalid and missing. The one place that knows where a
//! tally keeps such counts.

use serde::Serialize;

use super::NhsNumbers;
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
    let field = |(heading, counts): (&String, &[u64; Class::ALL.len()])| {
        let of = |class: Class| counts[class as usize];
        Field {
            heading: heading.clone(),
            valid: file.tally.looked_at.checked_sub(counts.iter().sum()),
            other: Some(of(Class::Other)),
            default: Some(of(Class::Default)),
            invalid: Some(of(Class::Invalid)),
            missing: Some(of(Class::Missing)),
        }
    };
    let mut fields: Vec<Field> = file.tally.classes.iter().map(field).filter(|field| field.faults() > 0).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.faults()));
    fields.splice(0..0, numbers(file, settings));
    fields
}

/// The NHS number's reasons in five words.
fn numbers(file: &StagedFile, settings: &Settings) -> Option<Field> {
    let numbers = NhsNumbers::of(&file.tally, settings)?;
    let of = |words: &[&str]| words.iter().filter_map(|word| numbers.reasons.get(*word)).sum::<u64>();
    let (missing, default) = (of(&["missing", "withheld"]), of(&["placeholder"]));
    Some(Field {
        heading: "NHS number".to_owned(),
        valid: Some(numbers.usable),
        other: Some(0),
        default: Some(default),
        invalid: Some(numbers.of - numbers.usable - missing - default),
        missing: Some(missing),
    })
}
