//! What can go wrong with a query, told in our own words: a driver's own text may hold cells, and is never shown.

use super::fault::Origin;
use crate::error::{self, Error, ErrorCode};

/// What to do about a cell that is too long.
const LONG: &str = "leave the column out, or cast it in the query to a text of a known length; max_field_bytes under [caps] is the most";

/// Why the rows of a query are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// There is no driver manager, or no driver of the name that the connection string gives.
    Driver,
    /// Nothing answers.
    Connection,
    /// Whoever answers does not let this user in.
    Login,
    /// The query is refused.
    Refused,
    /// The query gives no rows.
    NoRows,
    /// Reading stopped before the last row.
    Cut,
    /// A column has a type that is not read; its number, from 1.
    Type(u16),
    /// A column has a cell longer than what is read; its number, from 1, or 0 where it is not known.
    Long(u16),
    /// A cell is no text; its column's number, from 1.
    NoText(u16),
    /// Read twice, the rows were not the same.
    Changed,
    /// This build cannot read a warehouse.
    NotBuilt,
}

/// A failure and the state by which the standard of ODBC calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub stop: Stop,
    /// Five letters and digits (SQLSTATE), where the driver gave some.
    pub state: Option<[u8; 5]>,
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self { stop, state: None }
    }
}

impl Failure {
    /// The error that ends the run.
    pub(super) fn error(self, origin: Origin<'_>) -> Error {
        let name = origin.file;
        let (code, what, fix) = match self.stop {
            Stop::Driver => (
                &error::QUERY_CONNECTION,
                format!("the driver for {name} is not there"),
                "install the database's ODBC driver, and name it in the connection string as `odbcinst -q -d` lists it",
            ),
            Stop::Connection => (
                &error::QUERY_CONNECTION,
                format!("the database of {name} cannot be reached"),
                "check server, port, user and password in the connection file, and that the database is up, then run again",
            ),
            Stop::Login => (
                &error::QUERY_CONNECTION,
                format!("the database of {name} does not let this user in"),
                "check user and password in the connection file",
            ),
            Stop::Refused => (
                &error::QUERY,
                format!("the query of {name} is refused"),
                "run it by hand as the same user: it may name what is not there or what this user may not read",
            ),
            Stop::NoRows => (&error::QUERY, format!("the query of {name} gives no rows"), "make it one SELECT"),
            Stop::Cut => (
                &error::QUERY,
                format!("the rows of {name} could not be read to the last one"),
                "check the database and the connection, then run again",
            ),
            Stop::Type(_) | Stop::Long(_) | Stop::NoText(_) => self.of_column(name),
            Stop::Changed => (
                &error::INPUT_CHANGED,
                format!("the rows of {name} changed, or came in another order, while they were read"),
                "end the query with ORDER BY over a key, and run again when nobody is loading the table",
            ),
            Stop::NotBuilt => (
                &error::CONFIG_VALUE,
                format!("{name} is a query, and this build reads files alone"),
                "build with `cargo build --release --features odbc`",
            ),
        };
        let error = Error::new(code, what, fix);
        match self.shown_state() {
            Some(state) => error.because(format!("SQLSTATE {state}")),
            None => error,
        }
    }

    /// Code, what and fix of what is wrong with a column.
    fn of_column(self, name: &str) -> (&'static ErrorCode, String, &'static str) {
        let (what, fix) = match self.stop {
            Stop::Long(0) => (format!("{name}: a cell is longer than what is read"), LONG),
            Stop::Long(at) => (format!("{name}: column {at} has a cell longer than what is read"), LONG),
            Stop::NoText(at) => (
                format!("{name}: column {at} has a cell that is no text"),
                "mend the cell, or leave the column out of the query",
            ),
            Stop::Type(at) => (
                format!("{name}: column {at} has a type that is not read"),
                "cast it in the query to text, number, date, time, or timestamp in the clock's local time",
            ),
            _ => (format!("{name} cannot be read"), LONG),
        };
        (&error::QUERY_TYPE, what, fix)
    }

    fn shown_state(self) -> Option<String> {
        let state = self.state.filter(|state| state.iter().all(u8::is_ascii_alphanumeric))?;
        Some(state.into_iter().map(char::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_only_where_it_is_one() {
        let told = |state| Failure { stop: Stop::Refused, state }.error(Origin { file: "x", source: "gp" }).to_string();
        assert!(told(Some(*b"42P01")).contains("SQLSTATE 42P01"));
        assert!(!told(Some(*b"a b'c")).contains("SQLSTATE"));
        assert!(!told(None).contains("SQLSTATE"));
    }
}
