//! How a person is withdrawn, and what that does and does not undo.

use super::{Facts, of_project};
use crate::describe::page::Block;
use crate::settings::ListMode;

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let told = &facts.settings.governance;
    vec![
        Block::Heading(2, "How a person is withdrawn".to_owned()),
        Block::steps([
            format!("The person, or the service that saw them, tells {}.", of_project(&told.contact, "contact")),
            "Each sender leaves the person out of its next extract, or marks the consent column that its source config asks for. An extract that changed has another hash, so the next run reads it again and never meets its old rows.".to_owned(),
            format!("Or their NHS number goes on the list of those who opted out. {}", list(facts)),
            "`pathlink run`: the person is in none of its tables. Rows left out are counted by reason in the data-quality report, never listed.".to_owned(),
            "After a change of the list the run deletes what the store and the `restricted/` folders of earlier runs, re-keying tables included, hold of anybody. After a change of extracts alone, delete `store/staged/`, which still holds older extracts (the next run reads everything again and gives the same figures), and the older runs' folders.".to_owned(),
            "Ask recipients of row-level files that hold the person to delete them, and share again. Tables already released hold no rows and are not recalled.".to_owned(),
            "Backups of `store/` and `runs/` keep the rows until they are overwritten: say for how long in the retention above.".to_owned(),
        ]),
    ]
}

/// Whether there is a list, and what it does.
fn list(facts: &Facts<'_>) -> String {
    let identity = &facts.settings.identity;
    let Some(path) = &identity.exclude_nhs_numbers else {
        return "**MISSING**: no list is named; set exclude_nhs_numbers under [identity].".to_owned();
    };
    let what = match identity.mode {
        ListMode::RemoveListed => "people on it are left out",
        ListMode::KeepOnlyListed => "only people on it are kept",
    };
    let age = identity.list_max_age_days.map_or_else(
        || "a list of any age is taken (list_max_age_days)".to_owned(),
        |days| format!("a list of more than {days} days ends the run"),
    );
    format!(
        "The list is `{}`: {what}, before any number is hashed, with whatever hangs on their rows; {age}.",
        path.display()
    )
}
