//! A one-page agreement for a practice or a charity that pseudonymises at its own site.

use super::data::{Fate, columns, fate};
use super::{Facts, of_project, said, sentence};
use crate::describe::page::Block;
use crate::schema::Source;

/// The sources whose senders are small organisations.
const PARTNERS: [Source; 2] = [Source::Gp, Source::Community];

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let named = facts.named();
    PARTNERS.into_iter().filter(|source| named.contains(source)).flat_map(|source| of_source(facts, source)).collect()
}

/// The headings that meet a fate, each once.
fn headings(facts: &Facts<'_>, source: Source, wanted: Fate) -> String {
    let mut found: Vec<&str> = Vec::new();
    for plan in facts.sources.tables.iter().filter(|plan| plan.source == source) {
        for column in columns(plan).filter(|column| fate(column).0 == wanted) {
            if !found.contains(&column.heading.as_str()) {
                found.push(&column.heading);
            }
        }
    }
    found.join(", ")
}

fn of_source(facts: &Facts<'_>, source: Source) -> Vec<Block> {
    let told = &facts.settings.governance;
    let flow = told.of(source);
    let cell = |text: &str, name: &str| said(text, &format!("{name} under [governance.{}]", source.id()));
    vec![
        Block::Heading(2, format!("Sharing agreement: {}", source.title())),
        Block::text(format!(
            "Between **the sender**, {}, and **the controller**, {}.",
            cell(&flow.sender, "sender"),
            of_project(&told.controller, "controller")
        )),
        Block::steps([
            format!("**Purpose.** {}", sentence(&of_project(&told.purpose, "purpose"))),
            format!("**Legal basis.** {}", sentence(&cell(&flow.legal_basis, "legal_basis"))),
            "**How.** The sender pseudonymises on its own machine with pathlink. NHS numbers, local numbers, names, postcodes and other identifiers do not leave the sender. The sender looks at what would leave (`--preview`) before it does.".to_owned(),
            format!("**Leaves as keyed tokens:** {}.", headings(facts, source, Fate::Token)),
            format!("**Leaves as less than it was:** {}.", headings(facts, source, Fate::Reduced)),
            format!("**Leaves as it is:** {}. Nothing else leaves.", headings(facts, source, Fate::Kept)),
            format!("**Opt-outs.** {} They are applied by the sender before tokens are made.", sentence(&cell(&flow.opt_out, "opt_out"))),
            format!("**The key.** Given to a named person at the sender by {}, not by e-mail; kept in a file that only that person can read; never passed on, never stored with the data. Check values are compared by telephone.", of_project(&told.key_holder, "key_holder")),
            "**What the controller does not do.** It does not turn tokens back into people, does not pass rows on under these tokens, and publishes only tables after disclosure control. The sender is named in a release only if it agreed.".to_owned(),
            format!("**Retention.** {}", sentence(&cell(&flow.retention, "retention"))),
            "**Withdrawal of a person.** The sender leaves the person out of its next file and tells the contact; the controller reads the new file, deletes the store and the older runs' restricted folders within 30 days.".to_owned(),
            format!("**Leaks.** Whoever learns of one tells {} within a working day; both follow the steps of `pathlink describe security leaks`.", of_project(&told.contact, "contact")),
            "**End.** Either may end this with 30 days' notice. The sender deletes its key; the controller deletes the sender's files and staged tables. Figures already published stay.".to_owned(),
        ]),
        Block::text("For the sender: name, role, date ................................................................"),
        Block::text("For the controller: name, role, date ............................................................"),
    ]
}
