//! Hospital provider spells, their ward stays, and work for patients without them, as frames.
//!
//! In: rows with their fates and people, and the details that their files have. Sentinels become nulls here.

use polars::prelude::DataFrame;

use super::assembly::{Assembly, Part};
use super::details;
use super::frames::{ages, carried, hop, opt_codes, opt_days, pick, sorted};
use crate::error::Error;
use crate::frame;
use crate::schema::codes::CodeSet;

/// Coded details of spells, under the names that the frame gives them, with their sets.
pub(super) const CODED: [(&str, &str, CodeSet); 3] = [
    ("source", "admission_source", CodeSet::AdmissionSource),
    ("discharge_method", "discharge_method", CodeSet::DischargeMethod),
    ("destination", "discharge_destination", CodeSet::DischargeDestination),
];

/// Spells with the rows of their referrals.
pub(super) struct Spells {
    pub(super) part: Part,
    pub(super) parent: Vec<u32>,
}

impl Spells {
    /// The kept spells by person, start and own token.
    pub(super) fn order(&self, person: &[u32]) -> Vec<u32> {
        let rows = &self.part.rows;
        sorted(&hop(&self.parent, person), rows.whole("start"), rows.tokens("record"), &self.part.fates)
    }

    /// One row per spell, in this order; `place` is where each referral stands in its frame. `age` is the age on the first
    /// day, `end_age` the age on the day of discharge.
    pub(super) fn frame(
        &self,
        assembly: &Assembly<'_>,
        order: &[u32],
        (person, place): (&[u32], &[u32]),
        births: &[i32],
    ) -> Result<DataFrame, Error> {
        let rows = &self.part.rows;
        let person = pick(&hop(&self.parent, person), order);
        let start = pick(rows.whole("start"), order);
        let mut columns = vec![
            ages("age", &person, &start, births),
            ages("end_age", &person, &pick(rows.whole("end"), order), births),
            frame::u32s("person", person),
            frame::u32s("referral", pick(&hop(&self.parent, place), order)),
            frame::i32s("start", start),
            opt_days("end", rows.whole("end"), order),
            frame::u64s("provider", pick(&rows.provider, order)),
        ];
        for (detail, name, _) in CODED {
            columns.push(opt_codes(name, &details::codes_of(rows, assembly, detail)?, order));
        }
        frame::frame(columns)
    }
}

/// One row per ward stay, by person, start and own token, with the row of its spell.
pub(super) fn stay_frame(part: &Part, (person, spell): (&[u32], &[u32]), births: &[i32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("start"), rows.tokens("record"), &part.fates);
    let person = pick(person, &order);
    let start = pick(rows.whole("start"), &order);
    let mut columns = vec![
        ages("age", &person, &start, births),
        frame::u32s("person", person),
        frame::u32s("spell", pick(spell, &order)),
        frame::i32s("start", start),
        frame::u64s("provider", pick(&rows.provider, &order)),
    ];
    columns.extend(carried(rows, &["end", "bed_type"], &order));
    frame::frame(columns)
}

/// One row per indirect activity, by person and date.
pub(super) fn indirect_frame(part: &Part, parent: &[u32], person: &[u32]) -> Result<DataFrame, Error> {
    let person = hop(parent, person);
    let order = sorted(&person, part.rows.whole("date"), part.rows.tokens("referral"), &part.fates);
    frame::frame(vec![
        frame::u32s("person", pick(&person, &order)),
        frame::i32s("date", pick(part.rows.whole("date"), &order)),
    ])
}
