//! Views: the columns of a frame as they lie in memory, shared with it and not copied.

use std::sync::Arc;

use arrow::array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::ArrowNativeType;
use polars::prelude::{ChunkedArray, Column, DataFrame, PolarsNumericType};
use polars_arrow::array::{BooleanArray, PrimitiveArray as PolarsArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::types::NativeType;
use rayon::prelude::*;

use crate::error::Error;

/// Yes or no for every row.
pub type Bits = Bitmap;

/// The values of a column and which of them are there.
#[derive(Clone)]
pub struct Nullable<T: NativeType>(PolarsArray<T>);

impl<T: NativeType> Nullable<T> {
    fn of<P: PolarsNumericType<Native = T>>(values: &ChunkedArray<P>) -> Self {
        let whole = values.rechunk();
        let array = whole.downcast_iter().next().cloned().unwrap_or_else(|| PolarsArray::from_vec(Vec::new()));
        let has_nulls = array.validity().is_some_and(|bits| bits.unset_bits() > 0);
        Self(if has_nulls { array } else { array.with_validity(None) })
    }

    /// The value of a row; none for null.
    pub fn get(&self, row: usize) -> Option<T> {
        match self.0.validity() {
            Some(is_some) if !is_some.get_bit(row) => None,
            _ => Some(self.values()[row]),
        }
    }

    /// Every row's value; that of a null row means nothing.
    pub fn values(&self) -> &[T] {
        self.0.values()
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn to_arrow<A: ArrowPrimitiveType<Native = T>>(&self) -> ArrayRef
    where
        T: ArrowNativeType,
    {
        let nulls = self.0.validity().map(|bits| {
            let (bytes, offset, length) = bits.as_slice();
            NullBuffer::new(BooleanBuffer::from_bits(bytes, offset, length))
        });
        Arc::new(PrimitiveArray::<A>::new(self.values().to_vec().into(), nulls))
    }
}

/// A column without nulls.
pub fn whole_u32(frame: &DataFrame, name: &str) -> Result<Nullable<u32>, Error> {
    Ok(Nullable::of(find(frame, name)?.u32().map_err(Error::silent("read a column"))?))
}

/// A column of organisations, without nulls.
pub fn whole_u64(frame: &DataFrame, name: &str) -> Result<Nullable<u64>, Error> {
    Ok(Nullable::of(find(frame, name)?.u64().map_err(Error::silent("read a column"))?))
}

/// A column of days, minutes or whole numbers.
pub fn nullable_i32(frame: &DataFrame, name: &str) -> Result<Nullable<i32>, Error> {
    Ok(Nullable::of(find(frame, name)?.i32().map_err(Error::silent("read a column"))?))
}

/// A column of codes or ages.
pub fn nullable_u16(frame: &DataFrame, name: &str) -> Result<Nullable<u16>, Error> {
    Ok(Nullable::of(find(frame, name)?.u16().map_err(Error::silent("read a column"))?))
}

/// A column of scores.
pub fn nullable_f32(frame: &DataFrame, name: &str) -> Result<Nullable<f32>, Error> {
    Ok(Nullable::of(find(frame, name)?.f32().map_err(Error::silent("read a column"))?))
}

/// A yes-or-no column as bits; null is no.
pub fn bits(frame: &DataFrame, name: &str) -> Result<Bits, Error> {
    let whole = find(frame, name)?.bool().map_err(Error::silent("read a column"))?.rechunk();
    let bits = |array: &BooleanArray| array.validity().map_or_else(|| array.values().clone(), |is| array.values() & is);
    Ok(whole.downcast_iter().next().map(bits).unwrap_or_default())
}

fn find<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Column, Error> {
    frame.column(name).map_err(Error::silent("find a column"))
}

/// The different values among many, in order: organisations are few, so most rows are known at a glance.
pub fn distinct(values: &[u64]) -> Vec<u64> {
    let of_part = |part: &[u64]| {
        let mut seen = Seen::default();
        let mut last = None;
        for value in part {
            if last != Some(*value) {
                seen.add(*value);
                last = Some(*value);
            }
        }
        seen.values
    };
    let mut all = values.par_chunks(1 << 18).map(of_part).collect::<Vec<_>>().concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// Values met so far, and by their last bits those met last.
struct Seen {
    recent: Vec<Option<u64>>,
    values: Vec<u64>,
}

const RECENT: usize = 1 << 10;

impl Default for Seen {
    fn default() -> Self {
        Self { recent: vec![None; RECENT], values: Vec::new() }
    }
}

impl Seen {
    fn add(&mut self, value: u64) {
        let slot = &mut self.recent[slot(value)];
        if *slot != Some(value) {
            *slot = Some(value);
            // Values that push each other out are met again; few are, and the sort drops them.
            if let Err(at) = self.values.binary_search(&value) {
                self.values.insert(at, value);
            }
        }
    }
}

/// A place among [`RECENT`] that spreads values which differ in a few characters.
fn slot(value: u64) -> usize {
    (value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_once_and_in_order() {
        let values: Vec<u64> = (0..20_000).map(|row| (row * 7919) % 3001).collect();
        assert_eq!(distinct(&values), (0..3001).collect::<Vec<u64>>());
        assert!(distinct(&Vec::new()).is_empty());
    }
}
