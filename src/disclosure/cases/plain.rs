//! Plain words of `cba_summary.csv`: what changes for people, what would have to be true for the case to break even, and what was
//! promised elsewhere.

use super::summary::{Line, POUNDS, line};
use super::words::{about, fall, money};
use super::worked::Worked;
use crate::economics::case::appraisal::{Switching, switching};
use crate::economics::case::{Benefit, Drawn, Spread};

impl Worked<'_> {
    /// From the people who begin to what happens less often to them, benefit by benefit.
    pub(super) fn effects(&self) -> Vec<Line<'_>> {
        let all = self.inputs.benefits.iter().zip(&self.world.benefits).enumerate();
        all.flat_map(|(at, own)| self.effect(at, own)).collect()
    }

    fn effect<'a>(&self, at: usize, (benefit, drawn): (&'a Benefit, &Drawn)) -> [Line<'a>; 3] {
        let flows = &self.flows.benefits[at];
        let [before, counted] = [&flows.before_bias, &flows.units].map(|units| units.iter().sum::<f64>());
        let began: f64 = self.inputs.people.iter().sum();
        let staying = began * self.world.engagement * self.world.retention;
        let name = &benefit.name;
        let people = format!(
            "{name}: of {} people who begin about {} take it up and stay; with them about {} are avoided in {} years, of which {} are counted, optimism bias taken off.",
            about(began),
            about(staying),
            about(before),
            self.inputs.years(),
            about(counted)
        );
        let of = |measure, value, unit| Line { note: name.clone(), ..line("effect", measure, Some(value), unit) };
        [
            Line { words: change(benefit, drawn), ..of("fall at full effect", 100.0 * (1.0 - drawn.ratio), "in 100") },
            of("avoided in all years, before optimism bias", before, &benefit.unit),
            Line { words: people, ..of("avoided in all years, optimism bias taken off", counted, &benefit.unit) },
        ]
    }

    /// The effect and the unit cost of each benefit at which the case is worth what it costs.
    pub(super) fn break_even(&self) -> Vec<Line<'static>> {
        let all = self.inputs.benefits.iter().enumerate();
        all.flat_map(|(at, benefit)| {
            let is_nothing = self.flows.benefits[at].pounds.iter().sum::<f64>() <= 0.0;
            let found = switching(&self.inputs, &self.world, at);
            let words = match found {
                Some(found) => even(found, &self.world.benefits[at]),
                None if is_nothing => [
                    "nothing is avoided, so that another effect cannot be set beside it".to_owned(),
                    "nothing is avoided, so that no unit cost would make it break even".to_owned(),
                ],
                None => ["it would break even without this".to_owned(), "it would break even without this".to_owned()],
            };
            break_even_lines(&benefit.name, found, words)
        })
        .collect()
    }

    /// What was promised elsewhere, beside what this case finds.
    pub(super) fn benchmark(&self) -> Option<Line<'static>> {
        let benchmark = self.case.config.benchmark.as_ref()?;
        let own = |benefit: &Benefit| format!("{} ({})", fall(benefit.ratio.central), benefit.name);
        let own: Vec<String> = self.inputs.benefits.iter().map(own).collect();
        let words = format!(
            "Elsewhere {} % less cost was promised. This case finds {}. The promise is of all cost, the change of one kind of use by people at full effect; the promise is no part of the case.",
            benchmark.percent,
            own.join("; ")
        );
        let measure = "less cost, as promised elsewhere";
        Some(Line {
            words,
            note: benchmark.source.clone(),
            ..line("benchmark", measure, Some(benchmark.percent), "percent")
        })
    }
}

/// How often it happens to people at full effect, with the pathway and without it.
fn change(benefit: &Benefit, drawn: &Drawn) -> String {
    let need = 100.0 * drawn.need();
    let by_itself = benefit.change.as_ref().is_some_and(|change| (change.by_itself - 1.0).abs() > f64::EPSILON);
    let by_itself = if by_itself { " What was to be expected by itself is taken off." } else { "" };
    let anyhow = if drawn.deadweight > 0.0 {
        format!(
            " {} in 100 of the change would have come anyhow and are not counted.",
            (100.0 * drawn.deadweight).round()
        )
    } else {
        String::new()
    };
    format!(
        "{}: for every 100 people about {} a year with the pathway rather than about {} without it, {}{}.{by_itself}{anyhow}",
        benefit.name,
        about(need * drawn.ratio),
        about(need),
        fall(drawn.ratio),
        within(benefit.ratio)
    )
}

/// The interval of an effect; nothing where it is taken as known.
fn within(ratio: Spread) -> String {
    if ratio.is_known() {
        return String::new();
    }
    format!(" (we are 19 in 20 sure that it lies between {} and {})", fall(ratio.high), fall(ratio.low))
}

/// What would just break even, in words: as an effect and as a unit cost.
fn even(found: Switching, drawn: &Drawn) -> [String; 2] {
    let only = if found.ratio > drawn.ratio { "only " } else { "" };
    let effect = if found.ratio < 0.0 {
        "it would not break even if every one of them were avoided".to_owned()
    } else {
        let needed = fall(found.ratio).replacen("of ", &format!("of {only}"), 1);
        format!("it would just break even with {needed} rather than {}", fall(drawn.ratio))
    };
    [
        effect,
        format!(
            "it would just break even with a unit cost of {} rather than {}",
            money(found.unit_cost),
            money(drawn.unit_cost)
        ),
    ]
}

fn break_even_lines(benefit: &str, found: Option<Switching>, words: [String; 2]) -> [Line<'static>; 2] {
    let [effect, cost] = words.map(|words| format!("{benefit}: {words}, everything else as it is."));
    let of = |measure, value: Option<f64>, unit, words| Line {
        words,
        note: benefit.to_owned(),
        ..line("break_even", measure, value, unit)
    };
    // No effect is better than that nothing happens any more.
    let ratio = found.map(|own| own.ratio).filter(|ratio| *ratio >= 0.0);
    [
        of("effect at which it breaks even", ratio, "ratio", effect),
        of("unit cost at which it breaks even", found.map(|own| own.unit_cost), POUNDS, cost),
    ]
}
