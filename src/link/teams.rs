//! Types of teams: from version 6 of the standard on, a team's type stands in the team table and not beside each
//! referral. A referral's team takes its type from there where its own row gives none.

use super::assembly::{Assembly, Part};
use super::details;
use super::duplicates::Fate;
use super::values::{NO_CODE, NO_DAY, Rows, Values};
use crate::domain::token::{Token, TokenMap};
use crate::error::Error;
use crate::schema::Table;

/// Fills in the types that referral teams lack. A team to which one submission gives two types has none: joining it
/// would make two teams of one.
pub(super) fn fill_types(rows: &mut Rows, assembly: &Assembly<'_>) -> Result<(), Error> {
    let is_team = |plan: usize| assembly.sources.tables[plan].table == Table::Teams;
    if rows.is_empty() || !assembly.staged.files.iter().any(|file| is_team(file.plan)) {
        return Ok(());
    }
    let own = own_teams(rows, assembly)?;
    let types = Types::of(&assembly.load(Table::Teams)?);
    let place = rows.table.columns().iter().position(|column| column.name == "team_type");
    if let Some(Values::Code(codes)) = place.and_then(|at| rows.columns.get_mut(at)) {
        for (code, team) in codes.iter_mut().zip(own).filter(|(code, _)| **code == NO_CODE) {
            *code = types.find(team);
        }
    }
    Ok(())
}

/// The team of every row; none where its file does not name teams.
fn own_teams(rows: &Rows, assembly: &Assembly<'_>) -> Result<Vec<Token>, Error> {
    let mut own = Vec::with_capacity(rows.len());
    for (at, (file, start)) in rows.starts.iter().enumerate() {
        let end = rows.starts.get(at + 1).map_or(rows.len(), |(_, next)| *next);
        match details::tokens(&assembly.staged.files[*file as usize], "team")? {
            Some(teams) => own.extend(teams),
            None => own.resize(own.len() + end - start, Token::NONE),
        }
    }
    Ok(own)
}

/// One type a team.
struct Types {
    rows: TokenMap,
    codes: Vec<u16>,
}

impl Types {
    fn of(part: &Part) -> Self {
        let (tokens, codes) = (part.rows.tokens("record"), part.rows.codes("team_type"));
        let mut types = Self { rows: TokenMap::with_capacity(tokens.len()), codes: codes.to_vec() };
        let version = |row: u32| part.rows.version.get(row as usize).copied().unwrap_or(NO_DAY);
        let with = |fate: Fate| (0u32..).zip(tokens).filter(move |(row, _)| part.fates[*row as usize] == fate);
        for (row, token) in with(Fate::Kept).filter(|(_, token)| token.is_some()) {
            types.rows.first(*token, row);
        }
        for (row, token) in with(Fate::Duplicated) {
            let Some(kept) = types.rows.get(*token) else { continue };
            let (other, code) = (codes[row as usize], codes[kept as usize]);
            if other != NO_CODE && other != code && version(row) == version(kept) {
                types.codes[kept as usize] = NO_CODE;
            }
        }
        types
    }

    fn find(&self, team: Token) -> u16 {
        let row = if team.is_some() { self.rows.get(team) } else { None };
        row.map_or(NO_CODE, |row| self.codes[row as usize])
    }
}
