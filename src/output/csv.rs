//! CSV as RFC 4180 has it: UTF-8 without a byte-order mark, CRLF, one heading row, nothing but data.

use crate::disclosure::{Sheet, Value};
use crate::error::Error;

/// A sheet as the bytes of a CSV file.
pub fn bytes(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = Error::silent::<csv::Error>("write a table");
    writer.write_record(sheet.columns.iter().map(|column| column.name)).map_err(&failed)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(print)).map_err(&failed)?;
    }
    writer.into_inner().map_err(|_| Error::bug("a table could not be finished"))
}

/// A text cell that a spreadsheet would run as a formula gets a leading apostrophe.
pub(super) fn print(value: &Value) -> String {
    let text = value.print();
    match value {
        Value::Text(_) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => format!("'{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::sheets::{Kind, column};

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        const COLUMNS: &[crate::disclosure::sheets::Column] =
            &[column("a", Kind::Text, ""), column("b", Kind::Decimal, "")];
        let sheet = Sheet {
            name: "x",
            title: "",
            columns: COLUMNS,
            rows: vec![
                vec![Value::text("=cmd|' /C calc'!A0"), Value::Decimal(-1.25, 1)],
                vec![Value::text("a,\"b\""), Value::Empty],
            ],
        };
        let text = String::from_utf8(bytes(&sheet).unwrap()).unwrap();
        assert_eq!(text, "a,b\r\n'=cmd|' /C calc'!A0,-1.2\r\n\"a,\"\"b\"\"\",\r\n");
    }
}
