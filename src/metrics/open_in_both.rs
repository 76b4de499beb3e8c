//! Open in both: stretches of time in which a person has an open referral to the trust and one to Talking Therapies.

use polars::prelude::DataFrame;

use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::rules::{self, contacts};
use crate::schema::Source;

/// One referral: when it was received, when it ended, its row.
type Open = (i32, Option<i32>, usize);

/// Stretches in which two referrals of a person are open, one to each service.
///
/// Grain: pair of referrals that overlap, sorted by person. `from` is the first day on which both are open, `until` the day on
/// which the first of them ends; null while both are open. The provider is the trust.
pub fn stretches(linked: &Linked) -> Result<DataFrame, Error> {
    let referrals = &linked.referrals;
    let services = [Source::MentalHealth, Source::TalkingTherapies].map(contacts::of_service);
    let is_of = rules::met(referrals, &services)?;
    let person = frame::whole_u32(referrals, "person")?;
    let (received, ended) =
        (frame::nullable_i32(referrals, "received_date")?, frame::nullable_i32(referrals, "discharge_date")?);
    let (mut rows, mut from, mut until) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = 0;
    for own in person.values().chunk_by(|a, b| a == b) {
        let of = |service: usize| -> Vec<Open> {
            let is_own = |row: &usize| is_of[service].get_bit(*row);
            let open = |row: usize| Some((received.get(row)?, ended.get(row), row));
            (first..first + own.len()).filter(is_own).filter_map(open).collect()
        };
        let (trust, therapies) = (of(0), of(1));
        first += own.len();
        for (begun, end, row) in &trust {
            for (other, other_end, _) in &therapies {
                let start = *begun.max(other);
                let end = [*end, *other_end].into_iter().flatten().min();
                if end.is_none_or(|end| end > start) {
                    rows.push(*row as u32);
                    from.push(start);
                    until.push(end);
                }
            }
        }
    }
    let columns =
        referrals.select(["person", "provider", "age"]).map_err(Error::silent("select a referral's columns"))?;
    let mut stretches = frame::rows(&columns, rows)?;
    for column in [frame::i32s("from", from), frame::opt_i32s("until", until.into_iter())] {
        stretches.with_column(column).map_err(Error::silent("add when both are open"))?;
    }
    Ok(stretches)
}
