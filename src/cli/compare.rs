//! `pathlink compare`: what became of figures between two runs, and because of what.

use clap::Args;

use super::{Global, answer, tell};
use crate::disclosure::cases::exactly;
use crate::error::Error;
use crate::run::compare::cases::CaseMovement;
use crate::run::compare::{self, Comparison};
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// The earlier run, or LATEST.
    #[arg(value_name = "RUN_A")]
    from: String,
    /// The later run, or LATEST.
    #[arg(value_name = "RUN_B")]
    to: String,
    /// Movements that are listed; `--json` lists all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
}

/// Says which figures moved, and why.
pub(super) fn compare(global: &Global, arguments: &CompareArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let found = compare::compare(&settings, &arguments.from, &arguments.to)?;
    for line in compare_lines(&found, arguments.most) {
        tell(&line);
    }
    answer(serde_json::to_value(&found).map_err(Error::silent("write JSON"))?);
    Ok(())
}

fn compare_lines(found: &Comparison, most: usize) -> Vec<String> {
    let changed = |changed: &[&str]| if changed.is_empty() { "nothing".to_owned() } else { changed.join(" + ") };
    let mut lines: Vec<String> = Vec::new();
    for (at, step) in found.steps.iter().enumerate() {
        let what = if at == 0 { "from here".to_owned() } else { format!("changed: {}", changed(&step.changed)) };
        lines.push(format!("{}  {what}", step.run));
    }
    lines.push(format!(
        "{} published numbers in both, {} moved; {} appeared, {} are no longer shown",
        found.compared,
        found.moved.len(),
        found.appeared,
        found.gone
    ));
    for one in found.moved.iter().take(most) {
        lines.push(format!("  {} ({}): {} to {}", one.row, one.table, one.from, one.to));
        for (cause, part) in &one.parts {
            lines.push(format!("    {part:+} by {cause}"));
        }
    }
    if found.moved.len() > most {
        lines.push(format!("  ... and {} more: --most N, or --json for all", found.moved.len() - most));
    }
    lines.extend(found.cases.iter().flat_map(case_lines));
    lines
}

/// A case in one of its scenarios: what it came to, and what moved it.
fn case_lines(one: &CaseMovement) -> Vec<String> {
    let named = format!("business case {}, {}:", one.case, one.scenario);
    let not_shown = |(run, why): (&String, &String)| format!("{named} not shown in {run}: {why}");
    let mut lines: Vec<String> = one.not_shown.iter().map(not_shown).collect();
    for figure in &one.figures {
        let shown = |value: f64| amount(value, figure.unit);
        let (measure, from) = (figure.measure, shown(figure.from));
        if figure.parts.is_empty() && shown(figure.to) == from {
            lines.push(format!("{named} {measure} {from}, as it was"));
            continue;
        }
        let whole = by(figure.to - figure.from, figure.unit);
        lines.push(format!("{named} {measure} {from} to {}, {whole}", shown(figure.to)));
        lines.extend(figure.parts.iter().map(|(cause, part)| format!("    {} by {cause}", by(*part, figure.unit))));
    }
    lines
}

/// Pounds and pence, or pounds for a pound.
fn amount(value: f64, unit: &str) -> String {
    if unit == "pounds" {
        return exactly(value);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}£{:.4}", value.abs())
}

/// The same with its sign.
fn by(value: f64, unit: &str) -> String {
    let plus = if value < 0.0 { "" } else { "+" };
    format!("{plus}{}", amount(value, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_said_to_the_penny() {
        assert_eq!([78_676.24, -950.4, 0.0].map(|value| amount(value, "pounds")), ["£78,676.24", "-£950.40", "£0.00"]);
        assert_eq!(amount(1.430_7, "pounds for a pound"), "£1.4307");
        assert_eq!([by(2.5, "pounds"), by(-2.5, "pounds")], ["+£2.50", "-£2.50"]);
    }
}
