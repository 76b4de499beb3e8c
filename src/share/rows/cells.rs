//! Cells of shared columns: words in place of numbers, tokens in place of row numbers, days as exact as agreed.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float32Array, Int32Array, PrimitiveArray, StringArray,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float32Type, Int32Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::super::Agreement;
use super::super::tables::{Kind, SharedColumn};
use super::super::words::Words;
use super::{People, Referrals};
use crate::domain::day;
use crate::domain::token::Token;
use crate::error::Error;

/// What cells are made with.
pub(super) struct Given<'a> {
    pub(super) people: &'a People,
    pub(super) referrals: &'a Referrals,
    pub(super) words: &'a Words,
    pub(super) agreement: &'a Agreement,
}

/// The tokens of rows' people.
pub(super) fn people(owners: &[u32], given: &Given<'_>) -> ArrayRef {
    texts(owners.iter().map(|person| given.people.tokens.get(*person as usize)).map(hex))
}

/// A shared column, of the linked one's picked rows.
pub(super) fn shared(column: &SharedColumn, picked: &ArrayRef, given: &Given<'_>) -> Result<ArrayRef, Error> {
    Ok(match column.kind {
        Kind::Person => return Err(Error::bug("a person's token comes from no column")),
        Kind::Referral => {
            let token = |referral: Option<i64>| given.referrals.tokens.get(usize::try_from(referral?).ok()?);
            texts(whole(picked)?.into_iter().map(token).map(hex))
        }
        Kind::Word | Kind::Organisation => {
            let words = words(picked, given.words.of(column.from))?;
            texts(words.into_iter().map(|word| word.map(str::to_owned)))
        }
        Kind::Day => {
            let is_by_month = given.agreement.is_by_month();
            let coarse = |own: i32| if is_by_month { day::month_start(day::month_number(own)) } else { own };
            Arc::new(days(picked)?.into_iter().map(|own| own.map(coarse)).collect::<Date32Array>())
        }
        Kind::Whole => {
            Arc::new(whole(picked)?.into_iter().map(|own| own.map(|own| own as i32)).collect::<Int32Array>())
        }
        Kind::Year => {
            let year = |month: Option<i64>| month.map(|month| day::parts(day::month_start(month as i32)).0);
            Arc::new(whole(picked)?.into_iter().map(year).collect::<Int32Array>())
        }
        Kind::Month => {
            let month =
                |month: Option<i64>| month.map(|month| day::to_iso(day::month_start(month as i32))[..7].to_owned());
            texts(whole(picked)?.into_iter().map(month))
        }
        Kind::Decimal => {
            let values = picked.as_primitive_opt::<Float32Type>().ok_or_else(other_type)?;
            Arc::new(values.iter().collect::<Float32Array>())
        }
        Kind::YesNo => Arc::new(yes_no(picked)?),
        Kind::Text => {
            let values = picked.as_string_opt::<i32>().ok_or_else(other_type)?;
            texts(values.iter().map(|word| word.map(str::to_owned)))
        }
    })
}

fn hex(token: Option<&Token>) -> Option<String> {
    token.filter(|token| token.is_some()).map(|token| token.to_hex())
}

fn texts(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

/// The words of numbers; null where the number has none.
pub(super) fn words<'a>(
    numbers: &ArrayRef,
    words: Option<&'a BTreeMap<u64, String>>,
) -> Result<Vec<Option<&'a str>>, Error> {
    let words = words.ok_or_else(|| Error::bug("a coded column has no code list"))?;
    let word = |number: Option<i64>| Some(words.get(&(number? as u64))?.as_str());
    Ok(whole(numbers)?.into_iter().map(word).collect())
}

/// Days since 1970.
pub(super) fn days(array: &ArrayRef) -> Result<Vec<Option<i32>>, Error> {
    Ok(array.as_primitive_opt::<Date32Type>().ok_or_else(other_type)?.iter().collect())
}

/// Whole numbers of whatever width the linked column has.
fn whole(array: &ArrayRef) -> Result<Vec<Option<i64>>, Error> {
    fn of<T: ArrowPrimitiveType>(array: &ArrayRef, wide: fn(T::Native) -> i64) -> Option<Vec<Option<i64>>> {
        let values: &PrimitiveArray<T> = array.as_primitive_opt()?;
        Some(values.iter().map(|value| value.map(wide)).collect())
    }
    let values = match array.data_type() {
        DataType::UInt8 => of::<UInt8Type>(array, i64::from),
        DataType::UInt16 => of::<UInt16Type>(array, i64::from),
        DataType::UInt32 => of::<UInt32Type>(array, i64::from),
        // Organisations are packed into all 64 bits, so only the bits count.
        DataType::UInt64 => of::<UInt64Type>(array, |value| value as i64),
        DataType::Int32 => of::<Int32Type>(array, i64::from),
        _ => None,
    };
    values.ok_or_else(other_type)
}

fn yes_no(array: &ArrayRef) -> Result<BooleanArray, Error> {
    if let Some(values) = array.as_boolean_opt() {
        return Ok(values.clone());
    }
    Ok(whole(array)?.into_iter().map(|value| value.map(|value| value != 0)).collect())
}

fn other_type() -> Error {
    Error::bug("a linked column has another type than its shared one needs")
}
