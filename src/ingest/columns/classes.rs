//! Classes: what the cells of each column are, in the five official words valid, other, default, invalid and missing.
//!
//! Only exceptions are counted; valid is the rest. Leaves alone: NHS numbers, whose reasons say it (`tally.nhs`), and lists.

use super::Columns;
use crate::domain::org_code::OrgCode;
use crate::ingest::cells::Code;
use crate::ingest::checks::{self, Check};
use crate::ingest::tally::{Class, Classes};
use crate::ingest::values::NO_CODE;
use crate::schema::Kind;
use crate::schema::codes::CodeSet;
use crate::sources::Unknown;

/// Practices that stand for none: not applicable, not registered, not known.
///
/// Source: NHS Data Dictionary, ORGANISATION CODE default codes.
const DEFAULT_PRACTICES: [&[u8]; 3] = [b"V81997", b"V81998", b"V81999"];

/// The class of a cell that failed a check.
pub(super) fn of(check: &Check) -> Class {
    match check.id {
        id if id == checks::MISSING.id || id == checks::EMPTY.id => Class::Missing,
        id if id == checks::SENTINEL.id || id == checks::DEFAULT_BIRTH.id => Class::Default,
        _ => Class::Invalid,
    }
}

impl Columns<'_, '_> {
    pub(super) fn class(&mut self, at: usize, class: Class, cells: u64) {
        self.classes[at][class as usize] += cells;
    }

    /// A column of codes. Unlisted statuses are counted, for a gate on their share.
    pub(super) fn codes(&mut self, at: usize, slot: usize) -> Vec<u16> {
        let plan = self.plan(at);
        let mut unlisted = 0;
        let values = self.each(at, slot, NO_CODE, |text, _| {
            crate::ingest::cells::code(plan, text).map(|code| {
                unlisted += u64::from(matches!(code, Code::Unlisted(_)));
                code.position()
            })
        });
        let Kind::Code(set) = plan.column.kind else { return values };
        let is_status = matches!(set, CodeSet::Attendance | CodeSet::AppointmentStatus);
        let mut other = self.words_for_not_known(at, set, &values);
        match plan.unknown {
            // The list names only codes of interest: any other is as good.
            Unknown::Blank => self.classes[at][Class::Other as usize] -= unlisted,
            Unknown::Value(_) if is_status => {
                self.warn(at, &checks::UNMAPPED, unlisted);
                self.class(at, Class::Invalid, unlisted);
                other = other.saturating_sub(unlisted);
            }
            _ => {}
        }
        self.class(at, Class::Other, other);
        values
    }

    /// Codes whose very meaning is that nothing is known.
    fn words_for_not_known(&self, at: usize, set: CodeSet, values: &[u16]) -> u64 {
        let word = match set {
            CodeSet::EthnicGroup => set.position("not_stated"),
            CodeSet::AppointmentStatus => set.position("unknown"),
            CodeSet::Scale if matches!(self.plan(at).unknown, Unknown::Value(_)) => set.position("other"),
            _ => return 0,
        };
        values.iter().filter(|value| **value == word).count() as u64
    }

    /// A column of organisations; of practices the default ones are counted.
    pub(super) fn default_practices(&mut self, at: usize, values: &[u64]) {
        if !self.plan(at).column.name.starts_with("practice") {
            return;
        }
        let defaults = DEFAULT_PRACTICES.map(|code| OrgCode::parse(code).map_or(0, OrgCode::packed));
        let found = values.iter().filter(|value| **value != 0 && defaults.contains(value)).count();
        self.class(at, Class::Default, found as u64);
    }

    /// A column of postcodes. One that the look-up does not have is valid if it is written like one; ZZ99 is a default.
    pub(super) fn postcodes(&mut self, at: usize, slot: usize) -> Vec<u16> {
        let context = self.page.reader.context;
        let (mut elsewhere, mut defaults, mut invalid) = (0, 0, 0);
        let values = self.each(at, slot, NO_CODE, |text, _| {
            let quintile = context.deprivation.quintile(text);
            if quintile.is_none() {
                elsewhere += 1;
                let is_default = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"ZZ99"));
                defaults += u64::from(is_default);
                invalid += u64::from(!is_default && !is_like_a_postcode(text));
            }
            Ok(quintile)
        });
        self.classes[at][Class::Other as usize] -= elsewhere;
        self.class(at, Class::Default, defaults);
        self.class(at, Class::Invalid, invalid);
        values
    }

    /// What reading a column found beside failed checks: cells that are empty, and ways of saying "not known".
    pub(super) fn nulls(&mut self, at: usize, empty: u64, nulls: u64) {
        self.class(at, Class::Missing, empty);
        let class = match self.plan(at).column.kind {
            // A date without a time after it.
            Kind::Minute => Class::Missing,
            Kind::Field(_) | Kind::MatchKey => Class::Invalid,
            _ => Class::Other,
        };
        self.class(at, class, nulls);
    }

    /// Adds the classes of a page to its tally, by heading: of several columns of one heading the first.
    pub(super) fn count_classes(&mut self) {
        let plan = self.page.reader.plan;
        let own = plan.columns.iter().chain(&plan.details).zip(&self.classes).zip(&self.page.reader.slot_of);
        let mut found: Classes = Classes::new();
        for ((column, counts), slot) in own {
            let is_read = slot.is_some() && !matches!(column.column.kind, Kind::NhsNumber | Kind::List(_));
            if is_read && !found.contains_key(&column.heading) {
                found.insert(column.heading.clone(), *counts);
            }
        }
        self.page.tally.classes = found;
    }
}

/// A letter, then at least a digit, five to eight signs in all.
fn is_like_a_postcode(text: &[u8]) -> bool {
    (5..=8).contains(&text.len())
        && text[0].is_ascii_alphabetic()
        && text.iter().any(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ')
}
