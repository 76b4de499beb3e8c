//! The flags that a national Talking Therapies extract derives for a referral: read to be compared with our own figures,
//! which never rest on them.

use polars::prelude::Column;

use super::assembly::Assembly;
use super::details;
use super::frames::opt_codes;
use super::values::Rows;
use crate::error::Error;

/// A flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// Its heading in the extract.
    pub heading: &'static str,
    /// What it is called where it is staged.
    pub(super) detail: &'static str,
    /// Its column in the table of referrals: `yes`, `no`, or null where the extract says nothing.
    pub column: &'static str,
}

/// Every flag, in the order of the data set.
pub const FLAGS: [Flag; 7] = [
    Flag { heading: "CompletedTreatment_Flag", detail: "is_completed", column: "national_completed" },
    Flag { heading: "Caseness_Flag", detail: "is_caseness", column: "national_caseness" },
    Flag { heading: "NotCaseness_Flag", detail: "is_not_caseness", column: "national_not_caseness" },
    Flag { heading: "Recovery_Flag", detail: "is_recovered", column: "national_recovered" },
    Flag { heading: "ReliableImprovement_Flag", detail: "is_improved", column: "national_improved" },
    Flag { heading: "ReliableDeterioration_Flag", detail: "is_deteriorated", column: "national_deteriorated" },
    Flag { heading: "NoChange_Flag", detail: "is_unchanged", column: "national_unchanged" },
];

/// The columns of some referrals, in order; null throughout where no file has the heading.
pub(super) fn columns(rows: &Rows, assembly: &Assembly<'_>, order: &[u32]) -> Result<Vec<Column>, Error> {
    let column = |flag: &Flag| Ok(opt_codes(flag.column, &details::codes_of(rows, assembly, flag.detail)?, order));
    FLAGS.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Kind, Table, codes::CodeSet};

    #[test]
    fn every_flag_is_a_detail_of_referrals_under_its_heading() {
        for flag in FLAGS {
            let found = Table::Referrals.details().iter().find(|one| one.name == flag.detail);
            let found = found.unwrap_or_else(|| panic!("{} is no detail", flag.detail));
            assert_eq!((found.meaning, found.kind), (flag.heading, Kind::Code(CodeSet::YesNo)));
        }
    }
}
