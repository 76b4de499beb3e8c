//! What a table plan knows of headings, file names and rules beside what it reads.

use super::file_pattern;
use super::plan::{ColumnPlan, Empty, TablePlan, Unknown};
use super::sentinels::Sentinels;
use crate::domain::org_code::OrgCode;
use crate::schema::VERSION;

impl TablePlan {
    /// Whether a row that meets this exclusion rule leaves no trace, not even for rows that hang on it.
    pub fn drops_row(&self, rule: u16) -> bool {
        !self.table.is_parent() || self.exclusions.get(usize::from(rule)).is_some_and(|rule| rule.is_of_row)
    }

    /// The month that a file's name gives, as months since year 0: the version of rows that have no other.
    pub fn month_of(&self, name: &str) -> Option<i32> {
        self.told_by(name)?.month
    }

    /// The provider that a file's name gives, for tables whose rows do not.
    pub fn provider_of(&self, name: &str) -> Option<OrgCode> {
        self.told_by(name)?.provider
    }

    /// What a file's name tells; none if it fits no pattern. A packed file's `.gz` is no part of the name, and `.parquet`
    /// will do wherever a pattern has `.csv`.
    pub(super) fn told_by(&self, name: &str) -> Option<file_pattern::Match> {
        let without = |name: &str, ending: &str| {
            let (head, tail) = name.len().checked_sub(ending.len()).and_then(|at| name.split_at_checked(at))?;
            tail.eq_ignore_ascii_case(ending).then(|| head.to_owned())
        };
        let name = without(name, ".gz").unwrap_or_else(|| name.to_owned());
        let name = without(&name, ".parquet").map_or(name, |head| format!("{head}.csv"));
        self.files.iter().find_map(|pattern| file_pattern::matches(pattern, &name))
    }

    /// Whether anything is known of a heading: it is read, or ignored with a reason.
    pub fn knows(&self, heading: &str) -> bool {
        let is_it = |known: &String| known.eq_ignore_ascii_case(heading);
        let columns = self.columns.iter().chain(&self.details).flat_map(ColumnPlan::headings);
        columns.into_iter().any(|known| is_it(&known))
            || self.provider.iter().chain(&self.provider_aliases).any(is_it)
            || self.exclusions.iter().flat_map(|rule| &rule.headings).any(is_it)
            || self.ignored.iter().flat_map(|one| &one.headings).any(is_it)
    }
}

impl ColumnPlan {
    /// Every heading it is read from, the numbered ones written out; of the others the first one present.
    pub fn headings(&self) -> Vec<String> {
        match self.numbered {
            0 => std::iter::once(&self.heading).chain(&self.aliases).cloned().collect(),
            last => (1..=last).map(|number| format!("{}_{number:02}", self.heading)).collect(),
        }
    }

    /// The version of a row is read from the first of these headings that a file has.
    pub(super) fn of_version(headings: Vec<String>) -> Option<Self> {
        let mut headings = headings.into_iter();
        Some(Self {
            heading: headings.next()?,
            aliases: headings.collect(),
            column: &VERSION,
            position: usize::MAX,
            format: "%Y-%m-%d".to_owned(),
            more_formats: Vec::new(),
            sentinels: Sentinels::default(),
            numbered: 0,
            is_first: false,
            value: None,
            codes: None,
            unknown: Unknown::Warn,
            digest: None,
            is_required: false,
            empty: Empty::Keep,
        })
    }
}
