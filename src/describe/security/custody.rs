//! Who holds what, and what the program does about it.

use super::{Facts, of_project};
use crate::describe::page::Block;

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let told = &facts.settings.governance;
    let controller = of_project(&told.controller, "controller");
    let rows = [
        (
            "the key file",
            of_project(&told.key_holder, "key_holder"),
            "mode 0600, a plain file of its owner; a second copy lies in a safe place; each partner who pseudonymises at source has one too",
        ),
        ("the extracts", controller.clone(), "read where they lie, never copied, never changed"),
        (
            "`store/`",
            controller.clone(),
            "mode 0700; staged and linked tables: tokens, dates, codes; may be deleted but for `store/registry/`, which keeps person ids from run to run",
        ),
        (
            "`runs/<id>/restricted/`",
            controller.clone(),
            "mode 0700; linked rows under stage-1 tokens, rejects, conflicts",
        ),
        (
            "`runs/rekey_*/restricted/`",
            "the key holder".to_owned(),
            "mode 0700; joins tokens of one key to those of the next; delete it when nothing old is in use",
        ),
        (
            "`runs/<id>/internal/`",
            format!("{controller} (its analysts)"),
            "exact figures, also those of single people; no tokens",
        ),
        ("`runs/<id>/release/`", of_project(&told.evaluator, "evaluator"), "figures after disclosure control"),
        (
            "`manifest.json`, `summary.txt`, the log",
            "whoever runs it".to_owned(),
            "names and hashes of files, counts of rows, the key's check value; no small numbers in the summary",
        ),
    ];
    let connection = (
        "the connection file",
        "whoever runs it".to_owned(),
        "mode 0600, under the rules of the key file; the database's user in it may only read",
    );
    let rows = rows.into_iter().chain(facts.settings.asks_a_database().then_some(connection));
    let rows = rows.map(|(what, who, how)| vec![what.to_owned(), who, how.to_owned()]).collect();
    vec![
        Block::Heading(2, "Who holds what".to_owned()),
        Block::text(
            "Whoever holds the key is not the evaluator, and the key never travels with data. This is the protection: with the key in hand anybody can turn tokens back into NHS numbers within a minute (see the next part). A strong hash does not change that.",
        ),
        Block::Table(vec!["what", "held by", "how"], rows),
        Block::text(key(facts)),
        Block::list([
            "The key is 32 random bytes from the operating system, never from a passphrase. `pathlink key new` makes its file; an existing file is never overwritten.",
            "A key file that group or others can read, a link, a folder, somebody else's file, a damaged line, or a key other than the one that the settings name is refused before any extract is opened (exit code 7); the last good run stays as it was.",
            "The key is read from a file alone. On the command line, in the environment or in the settings it is refused and not shown.",
            "Core dumps are off before the key is read; the key, the keys derived from it and the states of the hashes are wiped from memory after use.",
            "The check value (8 characters, `pathlink key check`) says which key it is and nothing about its bytes. It stands in every manifest and every pseudonymised file, and is safe to send by e-mail. Files made with another key are refused, with both check values.",
            "`pathlink key rotate` makes the next version of the key and a restricted table from old tokens to new ones.",
        ]),
    ]
}

fn key(facts: &Facts<'_>) -> String {
    let key = &facts.settings.key;
    if key.demo && key.file.is_none() {
        return "These settings use the built-in demonstration key, which is public: it works with numbers of the 9xx test range only, and every output says `demonstration`.".to_owned();
    }
    match (&key.project, &key.check_value) {
        (Some(project), Some(value)) => {
            format!("These settings take the key of project {project} with check value {value} and no other.")
        }
        (Some(project), None) => format!(
            "These settings take any key of project {project}. **MISSING**: set check_value under [key], so that another key of the project is refused."
        ),
        _ => "**MISSING**: set project and check_value under [key]; until then any whole key is taken.".to_owned(),
    }
}
