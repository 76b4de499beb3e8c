//! How often the flags of a national Talking Therapies extract say what our own figures say of the same courses.
//!
//! In: courses with the flags of the extract. Out: counts. Figures never rest on the flags.

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::frame::{self, Bits};
use crate::rules;
use crate::rules::national::comparisons;

/// Courses, and the different people whose they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courses {
    /// Courses.
    pub count: u64,
    /// People.
    pub people: u64,
}

/// One flag; positions are those of [`crate::link::national::FLAGS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Courses of which the extract says yes or no, and of which it is known what we say.
    pub both: Courses,
    /// Those of them of which both say the same.
    pub agree: Courses,
    /// Those of which they do not.
    pub differ: Courses,
}

/// Counts every flag over the frame of courses, which is sorted by person.
pub fn count(courses: &DataFrame) -> Result<Vec<Agreement>, Error> {
    let rules = comparisons().into_iter().flat_map(|one| [one.both, one.agree]).collect::<Vec<_>>();
    let met = rules::met(courses, &rules)?;
    let person = frame::whole_u32(courses, "person")?;
    let courses = |bits: &Bits| {
        let mut people: Vec<u32> = bits.true_idx_iter().map(|row| person.values()[row]).collect();
        let count = people.len() as u64;
        people.sort_unstable();
        people.dedup();
        Courses { count, people: people.len() as u64 }
    };
    let agreement = |pair: &[Bits]| match pair {
        [both, agree] => Agreement { both: courses(both), agree: courses(agree), differ: courses(&(both & &!agree)) },
        _ => Agreement::default(),
    };
    Ok(met.chunks(2).map(agreement).collect())
}
