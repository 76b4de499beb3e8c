//! Where a flag of a national Talking Therapies extract can be held against our own figure, and what ours is.
//!
//! Rules over the frame of `courses.rs`, each true or false and never null, in the order of [`FLAGS`].

use polars::prelude::*;

use super::is_code;
use super::therapies::{
    is_caseness_known, is_change_known, is_ended, is_finished, is_not_at_caseness, is_recovered, is_recovery_known,
    is_reliably_deteriorated, is_reliably_improved, is_unchanged,
};
use crate::link::national::{FLAGS, Flag};
use crate::schema::codes::CodeSet;

/// One flag beside our own figure.
pub struct Comparison {
    /// The extract says yes or no, and it is known what we say.
    pub both: Expr,
    /// Both say the same.
    pub agree: Expr,
}

/// Every flag.
pub fn comparisons() -> Vec<Comparison> {
    let at_caseness = is_caseness_known().and(is_not_at_caseness().not());
    let ours = [
        (is_ended(), is_finished()),
        (is_caseness_known(), at_caseness),
        (is_caseness_known(), is_not_at_caseness()),
        (is_recovery_known(), is_recovered()),
        (is_change_known(), is_reliably_improved()),
        (is_change_known(), is_reliably_deteriorated()),
        (is_change_known(), is_unchanged()),
    ];
    FLAGS.iter().zip(ours).map(|(flag, (is_known, ours))| beside(flag, is_known, ours)).collect()
}

fn beside(flag: &Flag, is_known: Expr, ours: Expr) -> Comparison {
    let both = is_known.and(col(flag.column).is_not_null());
    let says_yes = is_code(flag.column, CodeSet::YesNo, &["yes"]).fill_null(lit(false));
    Comparison { agree: both.clone().and(says_yes.eq(ours)), both }
}
