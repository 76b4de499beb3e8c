//! Assembly: the rows of a table from all files, with what keys and parents decide of each.

use super::duplicates::{self, Fate};
use super::parents::Parents;
use super::values::Rows;
use super::{teams, versions};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::Staged;
use crate::schema::{Source, Table};
use crate::sources::Sources;

/// Rows of a table with their fates and parents, until they become a frame.
pub(super) struct Part {
    pub(super) rows: Rows,
    pub(super) fates: Vec<Fate>,
}

/// Where tables are put together from.
pub(super) struct Assembly<'a> {
    pub(super) staged: &'a Staged,
    pub(super) sources: &'a Sources,
}

impl Assembly<'_> {
    pub(super) fn source_of(&self) -> impl Fn(u32) -> Source + use<> {
        let sources: Vec<Source> = self.staged.files.iter().map(|file| self.sources.tables[file.plan].source).collect();
        move |file| sources[file as usize]
    }

    pub(super) fn load(&self, table: Table) -> Result<Part, Error> {
        let mut rows = Rows::load(table, self.staged, self.sources)?;
        rows.version = versions::of(&rows, self)?;
        if table == Table::ReferralTeams {
            teams::fill_types(&mut rows, self)?;
        }
        let fates = duplicates::resolve(&rows, &self.source_of());
        Ok(Part { rows, fates })
    }

    /// Loads a child table and follows its parent tokens.
    pub(super) fn load_child(
        &self,
        table: Table,
        parent_column: &str,
        parents: &Parents<'_>,
    ) -> Result<(Part, Vec<u32>), Error> {
        let mut part = self.load(table)?;
        let found = parents.follow(part.rows.tokens(parent_column), &mut part.fates);
        Ok((part, found))
    }
}

/// Tokens that are unique within a source, told apart between sources.
pub(super) fn within_source(tokens: &[Token], files: &[u32], source_of: &dyn Fn(u32) -> Source) -> Vec<Token> {
    let one =
        |(token, file): (&Token, &u32)| if token.is_some() { token.within(source_of(*file) as u8) } else { *token };
    tokens.iter().zip(files).map(one).collect()
}
