//! ODBC: runs a query through a driver and hands its cells over as text, batch by batch.
//!
//! In: a connection string and a query. Out: cells in the order of rows. Cells come as UTF-16, which no locale changes. What a
//! driver says in words is dropped: it may hold cells.

use odbc_api::buffers::{ColumnarBuffer, TextColumn};
use odbc_api::{ConnectionOptions, Cursor, DataType, Error as Odbc, ResultSetMetadata, environment};

use super::decode::{Failure, Stop};
use super::query::{Form, QueryColumn, Rows};

/// Seconds until whoever does not answer is given up.
const LOGIN_SECONDS: u32 = 30;
/// Units of UTF-16 that a batch of rows has room for.
const ROOM: usize = 8 << 20;
/// No batch has more rows.
const MOST_ROWS: usize = 4096;
/// Room for texts of which the driver tells no length.
const TEXT: usize = 8192;
/// Room for texts of which it tells one, which may be a guess.
const LEAST_TEXT: usize = 1024;
/// Room for numbers and moments.
const OTHER: usize = 64;

/// Runs the query and hands its rows over, until the last one or until nobody reads on.
pub(super) fn read((connection, query): (&str, &str), longest: usize, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let environment = environment().map_err(|problem| failure(&problem, Stop::Driver))?;
    let options = ConnectionOptions { login_timeout_sec: Some(LOGIN_SECONDS), ..ConnectionOptions::default() };
    let connected = environment.connect_with_connection_string(connection, options);
    let connection = connected.map_err(|problem| failure(&problem, Stop::Connection))?;
    let cursor = connection.execute(query, (), None).map_err(|problem| failure(&problem, Stop::Refused))?;
    let Some(mut cursor) = cursor else { return Err(Stop::NoRows.into()) };
    let cut = |problem: Odbc| failure(&problem, Stop::Cut);
    let (columns, rooms) = columns(&mut cursor, longest)?;
    rows.start(&columns);
    let mut bound = Vec::new();
    for (at, room) in rooms.iter().enumerate().filter(|(at, _)| rows.reads(*at)) {
        bound.push((at, room.ok_or(Stop::Type(at as u16 + 1))?));
    }
    if bound.is_empty() {
        // Nothing of it is known: the reader says so by its headings.
        return Ok(());
    }
    let width: usize = bound.iter().map(|(_, room)| room + 1).sum();
    let batch = (ROOM / width).clamp(1, MOST_ROWS);
    let mut buffers = Vec::with_capacity(bound.len());
    for (at, room) in &bound {
        let buffer = TextColumn::<u16>::try_new(batch, *room).map_err(|_| Stop::Long(*at as u16 + 1))?;
        buffers.push((*at as u16 + 1, buffer));
    }
    let mut cursor = cursor.bind_buffer(ColumnarBuffer::new(buffers)).map_err(cut)?;
    let fetched = |problem: Odbc| match problem {
        Odbc::TooLargeValueForBuffer { buffer_index, .. } => {
            Stop::Long(bound.get(buffer_index).map_or(0, |(at, _)| *at as u16 + 1)).into()
        }
        other => failure(&other, Stop::Cut),
    };
    while let Some(batch) = cursor.fetch_with_truncation_check(true).map_err(fetched)? {
        for row in 0..batch.num_rows() {
            let mut own = bound.iter().enumerate().peekable();
            for at in 0..columns.len() {
                let buffer = own.next_if(|(_, (bound, _))| *bound == at).map(|(buffer, _)| buffer);
                let value = buffer.and_then(|buffer| batch.column(buffer).get(row));
                let text = value.map(String::from_utf16).transpose().map_err(|_| Stop::NoText(at as u16 + 1))?;
                rows.cell(at, text.as_deref());
            }
            if !rows.end_row() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The columns of a result, and for each the room that its longest cell needs; none for a type that is not read.
fn columns(
    cursor: &mut impl ResultSetMetadata,
    longest: usize,
) -> Result<(Vec<QueryColumn>, Vec<Option<usize>>), Failure> {
    let refused = |problem: Odbc| failure(&problem, Stop::Refused);
    let count = cursor.num_result_cols().map_err(refused)?;
    let (mut columns, mut rooms) = (Vec::new(), Vec::new());
    for number in 1..=u16::try_from(count).unwrap_or_default() {
        let heading = cursor.col_name(number).map_err(refused)?;
        let kind = cursor.col_data_type(number).map_err(refused)?;
        let (form, room) = match kind {
            DataType::Numeric { .. } | DataType::Decimal { .. } => (Form::Decimal, Some(OTHER)),
            DataType::Float { .. } | DataType::Real | DataType::Double => (Form::Float, Some(OTHER)),
            DataType::Date | DataType::Timestamp { .. } => (Form::Moment, Some(OTHER)),
            DataType::Integer | DataType::SmallInt | DataType::BigInt | DataType::TinyInt | DataType::Bit => {
                (Form::Text, Some(OTHER))
            }
            DataType::Time { .. } => (Form::Text, Some(OTHER)),
            DataType::Binary { .. } | DataType::Varbinary { .. } | DataType::LongVarbinary { .. } => (Form::Text, None),
            text => {
                let told = text.utf16_len().map_or(TEXT, |length| length.get().max(LEAST_TEXT));
                (Form::Text, Some(told.min(longest.max(1))))
            }
        };
        columns.push(QueryColumn { heading, form });
        rooms.push(room);
    }
    Ok((columns, rooms))
}

/// What a problem is, by its state; `otherwise` where that does not say.
fn failure(problem: &Odbc, otherwise: Stop) -> Failure {
    let state = match problem {
        Odbc::Diagnostics { record, .. } => Some(record.state.0),
        _ => None,
    };
    let stop = match (problem, state.as_ref().map(|state| state.split_at(2))) {
        (Odbc::UnsupportedOdbcApiVersion(_) | Odbc::FailedAllocatingEnvironment, _) | (_, Some((b"IM", _))) => {
            Stop::Driver
        }
        // What unixODBC says of a driver whose library is not there.
        (_, Some((b"01", b"000"))) if otherwise == Stop::Connection => Stop::Driver,
        (_, Some((b"28", _))) => Stop::Login,
        (_, Some((b"08", _))) => Stop::Connection,
        (_, Some((b"42", _))) => Stop::Refused,
        _ => otherwise,
    };
    Failure { stop, state }
}
