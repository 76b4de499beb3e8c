//! A&E attendances that another one of the same person follows.
//!
//! In: attendances by person, and who may be followed. Out: two columns more that the rules of `attendances.rs` look at.

use polars::prelude::DataFrame;

use super::attendances::is_counted;
use crate::error::Error;
use crate::frame::{self, Bits, Nullable};

/// An arrival no later than this after another is taken for a transfer: four hours.
const TRANSFER_MINUTES: i32 = 240;
/// An arrival later than this is no re-attendance: seven days.
const AGAIN_MINUTES: i32 = 7 * 1440;
/// Days that must be covered after an arrival.
pub const FOLLOWED_DAYS: i32 = 7;

/// Arrivals that are counted, each with the minute of arrival; none without a time.
struct Arrivals {
    is_counted: Bits,
    date: Nullable<i32>,
    minute: Nullable<u16>,
}

impl Arrivals {
    fn of(&self, row: usize) -> Option<i32> {
        let minute = i32::from(self.minute.get(row)?);
        self.date.get(row).filter(|_| self.is_counted.get_bit(row)).map(|date| date * 1440 + minute)
    }
}

/// The attendances with `followed`, for those of which it can be said whether the person came again, and `came_again`.
/// `is_watched` says of a person, a provider and a day whether the person is known and the seven days after it are covered.
///
/// Another attendance counts more than four hours and at most seven days after arrival, at the same department or another.
pub fn marked(attendances: &DataFrame, is_watched: impl Fn(u32, u64, i32) -> bool) -> Result<DataFrame, Error> {
    let arrivals = Arrivals {
        is_counted: super::met_by(attendances, is_counted())?,
        date: frame::nullable_i32(attendances, "date")?,
        minute: frame::nullable_u16(attendances, "arrived_minute")?,
    };
    let (person, provider) = (frame::whole_u32(attendances, "person")?, frame::whole_u64(attendances, "provider")?);
    let rows = attendances.height();
    let (mut followed, mut came_again) = (vec![false; rows], vec![false; rows]);
    let mut start = 0;
    for own in person.values().chunk_by(|one, next| one == next) {
        let end = start + own.len();
        let mut times: Vec<i32> = (start..end).filter_map(|row| arrivals.of(row)).collect();
        times.sort_unstable();
        for row in start..end {
            let (Some(arrived), Some(date)) = (arrivals.of(row), arrivals.date.get(row)) else { continue };
            let next = times.partition_point(|other| *other <= arrived + TRANSFER_MINUTES);
            followed[row] = is_watched(own[0], provider.values()[row], date);
            came_again[row] = times.get(next).is_some_and(|other| *other <= arrived + AGAIN_MINUTES);
        }
        start = end;
    }
    let mut marked = attendances.clone();
    for column in [frame::bools("followed", &followed), frame::bools("came_again", &came_again)] {
        marked.with_column(column).map_err(Error::silent("mark attendances that others follow"))?;
    }
    Ok(marked)
}
