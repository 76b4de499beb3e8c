//! Checks: what can be wrong with a row or a cell. Each is a struct literal here and a line in [`ALL`].

/// What a failed check does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The row is left out and counted.
    Reject,
    /// The cell becomes a null and is counted.
    Warning,
}

/// One check.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Short code, as in `rejects/*.csv`.
    pub id: &'static str,
    /// What it says of a cell, after the column's name.
    pub sentence: &'static str,
    /// What it does to a row whose column must be filled; elsewhere the cell becomes a null.
    pub severity: Severity,
    /// What to do.
    pub fix: &'static str,
}

macro_rules! checks {
    ($($name:ident = $id:literal, $severity:ident, $sentence:literal, $fix:literal;)*) => {
        $(#[doc = $sentence] pub const $name: Check = Check { id: $id, sentence: $sentence, severity: Severity::$severity, fix: $fix };)*
        /// Every check.
        pub const ALL: &[&Check] = &[$(&$name),*];
    };
}

checks! {
    FIELDS = "C01", Reject, "has too few or too many fields", "look for an unquoted comma or a line break in a field";
    EMPTY = "C02", Reject, "is empty and must not be", "ask the sender for the missing value";
    DATE = "C03", Reject, "is not a date in the declared form", "set `format` for the column in the source config";
    CODE = "C04", Warning, "is not in its code list", "add the code to the list under the codes folder, with its meaning";
    NUMBER = "C05", Reject, "is not a number", "ask the sender what the value means";
    ORGANISATION = "C06", Reject, "is not an organisation code of 1 to 8 letters and digits", "check the column, or give the organisation a code";
    TIME = "C07", Warning, "is not a time of day", "ask the sender for hh:mm or hh:mm:ss";
    DEFAULT_BIRTH = "C08", Warning, "is a default date of birth and counts as missing", "nothing: it is never used to link people";
    SCORE_RANGE = "C09", Reject, "is outside the instrument's range", "ask the sender for the score";
    STATUS = "C10", Warning, "is not an NHS number status of 1 to 8", "check the column";
    ORPHAN = "C11", Reject, "names a record that is not in the extracts", "ask the sender for the missing parent record";
    QUOTES = "C12", Reject, "has a quote in the wrong place", "ask the sender to double quotes inside quoted fields, or set quote = \"none\" for the source if it quotes nothing";
    LINE_ENDS = "C13", Warning, "are ended in more than one way in this file", "nothing, if rows and control totals agree: two exports may have been put together";
    SCIENTIFIC = "C14", Warning, "is a number in scientific notation, so its code is lost", "export the file again without opening it in a spreadsheet";
    MISSING = "C15", Warning, "is empty where the standard asks for a value", "ask the sender for the missing values";
    CONCEPT = "C16", Warning, "is not a SNOMED CT or ICD-10 code", "check the column; a long id that a spreadsheet rounded fails its check digit";
    SHORT_CODE = "C17", Warning, "is not a code of at most 8 letters and digits", "check the column: free text is never staged";
    TOKEN = "C90", Reject, "is not a token of a pseudonymised file", "ask the sender to pseudonymise the file again with pathlink";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_in_order_and_say_what_to_do() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(ALL.iter().all(|check| !check.sentence.is_empty() && !check.fix.is_empty()));
    }
}
