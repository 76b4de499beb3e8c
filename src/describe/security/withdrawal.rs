//! How a person is withdrawn, and what that does and does not undo.

use super::{Facts, of_project};
use crate::describe::page::Block;

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let told = &facts.settings.governance;
    vec![
        Block::Heading(2, "How a person is withdrawn".to_owned()),
        Block::steps([
            format!("The person, or the service that saw them, tells {}.", of_project(&told.contact, "contact")),
            "Each sender leaves the person out of its next extract, or marks the consent column that its source config asks for. An extract that changed has another hash, so the next run reads it again and never meets its old rows.".to_owned(),
            "`pathlink run`: the person is in none of its tables. Rows left out are counted by reason in the data-quality report, never listed.".to_owned(),
            "Delete `store/`, which still holds the staged tables of older extracts: the next run reads everything again and gives the same figures. Delete the older runs' folders, whose `restricted/` holds the person's rows.".to_owned(),
            "Ask recipients of row-level files that hold the person to delete them, and share again. Tables already released hold no rows and are not recalled.".to_owned(),
            "Backups of `store/` and `runs/` keep the rows until they are overwritten: say for how long in the retention above.".to_owned(),
        ]),
    ]
}
