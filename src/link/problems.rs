//! The problem descriptor of each referral: one of its presenting complaints or diagnoses.

use super::assembly::Assembly;
use super::details;
use super::duplicates::Fate;
use super::other_tables::Others;
use super::parents::NO_ROW;
use super::values::NO_CODE;
use crate::error::Error;
use crate::schema::codes::CodeSet;
use crate::schema::problems;

/// The problem descriptor of each of so many referrals, a position in [`CodeSet::Problem`]; [`NO_CODE`] for none. A primary
/// problem is ahead of a secondary one, and that of one whose significance is not known; then the latest stands, and of
/// one day the greatest code, whatever the order of rows.
pub(super) fn of_referrals(others: &Others, assembly: &Assembly<'_>, referrals: usize) -> Result<Vec<u16>, Error> {
    let rows = &others.problems.rows;
    let (codes, dates) = (rows.orgs("code"), rows.whole("date"));
    let significance = details::codes_of(rows, assembly, "significance")?;
    let [primary, secondary] = ["primary", "secondary"].map(|value| CodeSet::Significance.position(value));
    let rank = |row: usize| match significance[row] {
        code if code == primary => 2,
        code if code == secondary => 1,
        _ => 0,
    };
    let mut chosen: Vec<Option<(u8, i32, u64)>> = vec![None; referrals];
    for (row, referral) in others.problem_parent.iter().enumerate() {
        if others.problems.fates[row] != Fate::Kept || *referral == NO_ROW || codes[row] == 0 {
            continue;
        }
        let Some(own) = chosen.get_mut(*referral as usize) else { continue };
        *own = (*own).max(Some((rank(row), dates[row], codes[row])));
    }
    Ok(chosen.into_iter().map(|one| one.map_or(NO_CODE, |(.., code)| problems::of_code(code))).collect())
}
