//! The flows of data: who sends what to whom, by what right, under which opt-out rule, and for how long.

use super::{Facts, of_project, said};
use crate::describe::page::Block;
use crate::schema::Source;
use crate::settings::{Flow, Governance};

/// A flow with its name in the settings.
struct Row<'a> {
    id: &'static str,
    what: String,
    from: String,
    to: String,
    flow: &'a Flow,
}

fn rows<'a>(facts: &'a Facts<'_>) -> Vec<Row<'a>> {
    let told: &'a Governance = &facts.settings.governance;
    let controller = of_project(&told.controller, "controller");
    let mut rows: Vec<Row<'a>> = Vec::new();
    for source in facts.named() {
        let flow = told.of(source);
        rows.push(Row {
            id: source.id(),
            what: format!("extracts of {}", source.title()),
            from: said(&flow.sender, &format!("sender under [governance.{}]", source.id())),
            to: if flow.recipient.is_empty() { controller.clone() } else { flow.recipient.clone() },
            flow,
        });
    }
    let kept = "the store and `restricted/`: tokens, dates and codes, linked".to_owned();
    rows.push(Row {
        id: "kept",
        what: kept,
        from: controller.clone(),
        to: "nobody: it stays".to_owned(),
        flow: &told.kept,
    });
    for (id, what, flow) in [
        ("share", "row-level files for an evaluator, under the recipient's own tokens", &told.share),
        ("release", "tables after disclosure control", &told.release),
    ] {
        let to =
            if flow.recipient.is_empty() { of_project(&told.evaluator, "evaluator") } else { flow.recipient.clone() };
        rows.push(Row { id, what: what.to_owned(), from: controller.clone(), to, flow });
    }
    rows
}

/// The cells of a flow that settings alone can fill.
fn answers(row: &Row<'_>) -> [(&'static str, String); 3] {
    [("legal_basis", &row.flow.legal_basis), ("opt_out", &row.flow.opt_out), ("retention", &row.flow.retention)]
        .map(|(name, text)| (name, said(text, &format!("{name} under [governance.{}]", row.id))))
}

/// What a source config itself leaves out for want of consent.
fn built_in(facts: &Facts<'_>, source: Source) -> Vec<String> {
    let plans = facts.sources.tables.iter().filter(|plan| plan.source == source);
    let rules = plans.flat_map(|plan| plan.exclusions.iter().map(move |rule| (plan, rule)));
    let rules = rules.filter(|(_, rule)| rule.reason.contains("consent") || rule.reason.contains("opt_out"));
    rules
        .map(|(plan, rule)| {
            let heading = rule.headings.first().map_or("", String::as_str);
            format!(
                "{}: rows of {} count only where `{heading}` is one of: {}",
                source.title(),
                plan.name,
                words(&rule.unless)
            )
        })
        .collect()
}

fn words(codes: &[Vec<u8>]) -> String {
    codes.iter().map(|code| String::from_utf8_lossy(code).to_lowercase()).collect::<Vec<_>>().join(", ")
}

/// How many answers the settings do not give.
pub(super) fn missing(facts: &Facts<'_>) -> usize {
    let told = &facts.settings.governance;
    let project = [&told.controller, &told.purpose, &told.key_holder, &told.evaluator, &told.contact, &told.dpia];
    let of_flows: usize = rows(facts)
        .iter()
        .map(|row| {
            let is_source = Source::from_id(row.id).is_some();
            let cells = [&row.flow.legal_basis, &row.flow.opt_out, &row.flow.retention];
            cells.into_iter().chain(is_source.then_some(&row.flow.sender)).filter(|text| text.trim().is_empty()).count()
        })
        .sum();
    project.into_iter().filter(|text| text.trim().is_empty()).count() + of_flows
}

/// Settings to copy and fill, of what is missing.
fn skeleton(facts: &Facts<'_>) -> Vec<String> {
    let told = &facts.settings.governance;
    let project = [
        ("controller", &told.controller, "the trust on whose machine pathlink runs"),
        ("purpose", &told.purpose, "what the data are used for, in a sentence"),
        ("key_holder", &told.key_holder, "a role and an organisation, never the evaluator"),
        ("evaluator", &told.evaluator, "who receives tables or row-level files"),
        ("contact", &told.contact, "who is told of a leak or a withdrawal, and how"),
        ("dpia", &told.dpia, "where the data-protection impact assessment is filed"),
        ("licence", &told.licence, "the licence that released tables are given under"),
    ];
    let blank = |text: &str| text.trim().is_empty();
    let line =
        |name: &str, hint: &str| format!("{name} = \"\"{}# {hint}", " ".repeat(14_usize.saturating_sub(name.len())));
    let mut lines = Vec::new();
    let own: Vec<String> =
        project.iter().filter(|(_, text, _)| blank(text)).map(|(name, _, hint)| line(name, hint)).collect();
    if !own.is_empty() {
        lines.push("[governance]".to_owned());
        lines.extend(own);
    }
    for row in rows(facts) {
        let cells = [
            ("sender", &row.flow.sender, "organisations, by name"),
            ("legal_basis", &row.flow.legal_basis, "UK GDPR articles 6 and 9, and what meets the duty of confidence"),
            ("opt_out", &row.flow.opt_out, "national data opt-out applied by whom, when; consent; objection"),
            ("retention", &row.flow.retention, "how long, and who deletes"),
        ];
        let is_asked = |name: &str| name != "sender" || Source::from_id(row.id).is_some();
        let open = cells.iter().filter(|(name, text, _)| blank(text) && is_asked(name));
        let open: Vec<String> = open.map(|(name, _, hint)| line(name, hint)).collect();
        if !open.is_empty() {
            lines.push(format!("[governance.{}]", row.id));
            lines.extend(open);
        }
    }
    lines
}

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let table = rows(facts).into_iter().map(|row| {
        let answers = answers(&row).map(|(_, text)| text);
        [row.what, row.from, row.to].into_iter().chain(answers).collect()
    });
    let headings = vec!["flow", "from", "to", "legal basis", "opt-out rule", "retention"];
    let mut blocks = vec![Block::Heading(2, "The flows of data".to_owned()), Block::Table(headings, table.collect())];
    let rules: Vec<String> = facts.named().into_iter().flat_map(|source| built_in(facts, source)).collect();
    if !rules.is_empty() {
        blocks.push(Block::text("The source configs leave out, while rows are read, whoever did not consent:"));
        blocks.push(Block::list(rules));
    }
    let asked = &facts.settings.identity.consent_required;
    if !asked.is_empty() {
        blocks.push(Block::text(format!("Without such a rule of its own no run reads: {}.", asked.join(", "))));
    }
    let open = skeleton(facts);
    if !open.is_empty() {
        blocks.push(Block::text("What is missing, to copy into the settings and fill:"));
        blocks.push(Block::Code(open));
    }
    blocks
}
