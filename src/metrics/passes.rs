//! Passes: the metrics of a subject by what dates their rows, so that rows are gone through once for all that share a
//! date, and each rule is worked out once.

use polars::prelude::Expr;

use super::ALL;
use super::cell::Fold;
use super::metric::{Dating, Statistic};

/// A numerator and a denominator, as places among the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The rule for the numerator.
    pub numerator: usize,
    /// The rule for the denominator.
    pub denominator: usize,
}

/// Metrics whose rows are dated alike.
pub struct Pass {
    /// What dates the rows.
    pub dated: Dating,
    /// The different numerators and denominators.
    pub measures: Vec<Measure>,
    /// Positions of the metrics.
    pub metrics: Vec<usize>,
    /// For each metric its measure, and what a person's rows come to.
    pub folds: Vec<(usize, Fold)>,
}

/// The rules that some metrics of a subject need, each once, and the passes.
pub fn plan(metrics: &[usize]) -> (Vec<Expr>, Vec<Pass>) {
    let mut rules: Vec<Expr> = Vec::new();
    let mut passes: Vec<Pass> = Vec::new();
    for metric in metrics {
        let Some((numerator, denominator, fold)) = counting(&ALL[*metric].statistic) else { continue };
        let measure = Measure { numerator: place(&mut rules, numerator), denominator: place(&mut rules, denominator) };
        let dated = ALL[*metric].dated;
        let at = passes.iter().position(|pass| pass.dated == dated).unwrap_or_else(|| {
            passes.push(Pass { dated, measures: Vec::new(), metrics: Vec::new(), folds: Vec::new() });
            passes.len() - 1
        });
        let pass = &mut passes[at];
        let own = place(&mut pass.measures, measure);
        pass.metrics.push(*metric);
        pass.folds.push((own, fold));
    }
    (rules, passes)
}

/// What is counted, in what, and how a person's rows are taken together; none for statistics made of values.
fn counting(statistic: &Statistic) -> Option<(Expr, Expr, Fold)> {
    Some(match statistic {
        Statistic::Count { of } => (of(), of(), Fold::Sum),
        Statistic::People { of } => (of(), of(), Fold::Once),
        Statistic::PeopleWith { rows, of } => (of(), of(), Fold::OnceFrom(*rows)),
        Statistic::PeopleWithAtLeast { rows, of } => (of(), of(), Fold::AtLeast(*rows)),
        Statistic::RowsOfPeopleWithAtLeast { rows, of } => (of(), of(), Fold::RowsAtLeast(*rows)),
        Statistic::PeopleProportion { numerator, denominator } => (numerator(), denominator(), Fold::AtLeast(1)),
        Statistic::Proportion { numerator, denominator } => (numerator(), denominator(), Fold::Sum),
        Statistic::Mean { .. } | Statistic::Quantile { .. } | Statistic::EffectSize { .. } => return None,
    })
}

/// The place of one among some, put last if it is not there.
fn place<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    all.iter().position(|known| *known == one).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::metric::Form;

    #[test]
    fn every_metric_is_in_one_pass_and_no_pass_has_more_measures_than_bits() {
        let is_counted = |at: &usize| ALL[*at].statistic.form() != Form::Value;
        for subject in ALL.iter().map(|metric| metric.subject) {
            let is_own = |at: &usize| is_counted(at) && ALL[*at].subject == subject;
            let all: Vec<usize> = (0..ALL.len()).filter(is_own).collect();
            let (rules, passes) = plan(&all);
            let mut found: Vec<usize> = passes.iter().flat_map(|pass| pass.metrics.clone()).collect();
            found.sort_unstable();
            assert_eq!(found, all);
            assert!(rules.len() <= 2 * all.len());
            assert!(passes.iter().all(|pass| pass.measures.len() <= 32 && pass.folds.len() == pass.metrics.len()));
        }
    }
}
