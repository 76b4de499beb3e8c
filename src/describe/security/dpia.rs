//! Text to paste into a data-protection impact assessment.

use super::{Facts, data, of_project, sentence};
use crate::describe::page::Block;

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let told = &facts.settings.governance;
    let policy = &facts.settings.disclosure;
    let items = facts.named().into_iter().map(|source| {
        let [tokens, reduced, kept] = data::counts(facts, source);
        format!(
            "{}: {tokens} columns into tokens, {reduced} reduced, {kept} kept as sent; listed above",
            source.title()
        )
    });
    vec![
        Block::Heading(2, "Text for a data-protection impact assessment".to_owned()),
        Block::text(format!("**Filed as:** {}", of_project(&told.dpia, "dpia"))),
        Block::text(format!(
            "**Purpose.** {} The processing links records of services that one person used, follows people on redesigned care pathways, and produces tables of outcomes, demand and cost. No decision about any individual is taken with it.",
            sentence(&of_project(&told.purpose, "purpose"))
        )),
        Block::text(format!(
            "**Controller and place.** {} The program runs on the controller's own machine, {} and sends nothing. Files leave only when a person takes them.",
            sentence(&of_project(&told.controller, "controller")),
            if facts.settings.asks_a_database() {
                "asks a database for the rows of the queries that its settings name, uses no other network"
            } else {
                "uses no network"
            }
        )),
        Block::text(
            "**Nature and scope.** Personal data about health (UK GDPR, article 9), pseudonymised while each row is read. By source:",
        ),
        Block::list(items),
        Block::text(
            "**Necessity and proportionality.** Services hold their records apart, and without linking them nobody can tell whether a pathway changed what people use. Only columns that a source config names are read. NHS numbers are replaced before anything is stored. Figures are published in place of rows. Partners can pseudonymise on their own machine, so that identifiers never leave them.",
        ),
        Block::text(format!(
            "**Publication.** A figure that rests on 1 to {} people is hidden, and counts are rounded to the nearest {}.",
            policy.threshold() - 1,
            policy.round_to()
        )),
        Block::text("**Legal basis, opt-outs and retention.** As in the table of flows above."),
        Block::text("**Risks and measures.**"),
        Block::Table(vec!["risk", "measure", "what remains"], risks()),
        Block::text(
            "**Rights.** Tokens let the key holder find a person's rows again, so access, objection and withdrawal can be met; see the last part. **Pseudonymised data remain personal data** for whoever can reach the key.",
        ),
    ]
}

fn risks() -> Vec<Vec<String>> {
    [
        (
            "Somebody turns tokens back into NHS numbers",
            "The key is held apart from the data and from the evaluator; it is refused where it stands open; a leak has a runbook and the key can be rotated.",
            "low likelihood, high impact",
        ),
        (
            "Somebody recognises a person in linked rows by what they know of them",
            "Linked rows stay in the controller's restricted folder; row-level files go out only under an agreement, with tokens of their own and agreed columns.",
            "low likelihood, high impact",
        ),
        (
            "A small number in a table singles somebody out",
            "Figures that rest on few people are hidden, others rounded; only disclosure control can write a release.",
            "low likelihood, medium impact",
        ),
        (
            "Records of two people are joined, or one person's are not",
            "Passes are strict, a person never holds two different NHS numbers, conflicts are quarantined, and each run reports how good its linkage was and for whom.",
            "measured in every run",
        ),
        (
            "People who opted out are included",
            "Consent and opt-outs are applied while rows are read, before a number is destroyed, and counted.",
            "depends on each sender's list being current",
        ),
        (
            "Identifiers show in a log, an error or a file name",
            "Texts are written from counts and names of columns alone; a test scans every byte that test runs write, also after they are killed.",
            "low",
        ),
    ]
    .map(|(risk, measure, rest)| vec![risk.to_owned(), measure.to_owned(), rest.to_owned()])
    .to_vec()
}
