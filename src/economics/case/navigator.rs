//! The worked example of a navigator for people who come to A&E often, to the penny.

use super::appraisal::{Appraisal, switching};
use super::draws::Draws;
use super::inputs::{Benefit, CostKind, CostLine, Input, Inputs, Known, Shares, Sources, Spread};
use super::origins::Priced;
use super::schedules::Schedules;
use super::tornado::{bars, grid};
use super::world::World;
use crate::settings::business_case::EffectDesign;

fn inputs(pounds: f64, deadweight: f64) -> Inputs {
    let spread = |central, low, high| Spread { central, low, high };
    let schedules = Schedules::bundled();
    let uprating = schedules.prices.uprating("2024/25", "2024/25").unwrap();
    let price = Priced { pounds: spread(280.17, 182.12, 367.49), uprating: uprating.clone(), times: 1.0 };
    Inputs {
        people: vec![400.0; 3],
        engagement: spread(0.75, 0.6, 0.9),
        retention: Spread::known(0.8),
        discount: schedules.discount("green_book", 5).unwrap().factors,
        costs: vec![CostLine {
            name: "navigators".to_owned(),
            kind: CostKind::Revenue,
            payer: "funder".to_owned(),
            given: vec![pounds; 3],
            uprating,
            per_year: vec![pounds; 3],
            factor: spread(1.0, 0.9, 1.2),
            bias: 0.05,
            grade: 2,
            source: String::new(),
        }],
        benefits: vec![Benefit {
            name: "A&E attendances".to_owned(),
            unit: "attendance".to_owned(),
            agency: "acute hospital".to_owned(),
            rate: spread(2.6, 2.0, 3.2),
            known: Known::Without,
            ratio: spread(0.77, 0.61, 0.97),
            design: EffectDesign::Matched,
            change: None,
            unit_cost: price.unit_cost(),
            price,
            deadweight: Spread::known(deadweight),
            lag: Spread::known(0.5),
            drop_off: spread(0.25, 0.1, 0.5),
            shares: Shares { fiscal: 1.0, economic: 0.0, social: 0.0 },
            cashability: 0.0,
            bias: 0.15,
            grade: 4,
            sources: Sources::default(),
        }],
    }
}

fn near(own: &[f64], known: &[f64], within: f64) {
    assert_eq!(own.len(), known.len());
    assert!(own.iter().zip(known).all(|(own, known)| (own - known).abs() <= within), "{own:?} {known:?}");
}

fn done(inputs: &Inputs) -> Appraisal {
    Appraisal::of(inputs, &World::central(inputs))
}

#[test]
fn sixty_thousand_a_year() {
    let inputs = inputs(60_000.0, 0.0);
    let flows = super::Flows::of(&inputs, &World::central(&inputs));
    near(&flows.benefits[0].units, &[60.996, 182.988, 274.482, 282.1065, 211.5799], 5e-5);
    near(&flows.benefits[0].before_bias[..1], &[71.76], 1e-9);
    let done = done(&inputs);
    near(&[done.benefit, done.cost, done.net()], &[261_356.98, 182_680.74, 78_676.24], 0.005);
    near(&done.cumulative, &[-45_910.75, -57_246.26, -44_268.95, 27_018.60, 78_676.24], 0.005);
    near(&[done.ratio().unwrap(), done.payback().unwrap()], &[1.430_676, 3.620_991], 5e-7);
    let switch = switching(&inputs, &World::central(&inputs), 0).unwrap();
    near(&[switch.unit_cost], &[195.83], 0.005);
    near(&[switch.ratio], &[0.839_237], 5e-7);
    // All of it falls to the hospital, nothing can be taken out of its budget, and the funder pays.
    let [acute, funder] = ["acute hospital", "funder"].map(|who| done.budgets[who]);
    near(&[acute.pays, acute.spared, acute.cashable], &[0.0, 261_356.98, 0.0], 0.005);
    near(&[funder.pays, funder.spared], &[182_680.74, 0.0], 0.005);
}

#[test]
fn a_hundred_and_eighty_thousand_a_year() {
    let dear = done(&inputs(180_000.0, 0.0));
    near(&[dear.benefit, dear.cost, dear.net()], &[261_356.98, 548_042.22, -286_685.24], 0.005);
    near(&[dear.ratio().unwrap()], &[0.476_892], 5e-7);
    assert_eq!(dear.payback(), None);
    // Deadweight that is wrongly taken off a controlled effect as well.
    let wrong = inputs(180_000.0, 0.2);
    let flows = super::Flows::of(&wrong, &World::central(&wrong));
    near(&flows.benefits[0].units, &[48.797, 146.390, 219.586, 225.685, 169.264], 5e-4);
    let wrong = done(&wrong);
    near(&[wrong.benefit, wrong.net()], &[209_085.59, -338_956.63], 0.005);
    near(&[wrong.ratio().unwrap()], &[0.381_514], 5e-7);
}

#[test]
fn the_interval_of_the_effect_matters_most() {
    let inputs = inputs(60_000.0, 0.0);
    let bars = bars(&inputs);
    let known = [
        (Input::Ratio(0), [260_489.80, -148_590.70]),
        (Input::UnitCost(0), [-12_789.84, 160_132.83]),
        (Input::Rate(0), [18_363.09, 138_989.39]),
        (Input::Engagement, [26_404.85, 130_947.64]),
        (Input::DropOff(0), [116_702.86, 27_763.40]),
        (Input::Cost(0), [96_944.32, 42_140.10]),
    ];
    assert_eq!(bars.len(), known.len());
    for (bar, (input, net)) in bars.iter().zip(known) {
        assert_eq!(bar.input, input);
        near(&bar.net, &net, 0.005);
    }
    near(&[bars[0].swing()], &[409_080.50], 0.01);
    let grid = grid(&inputs, 0);
    near(&[grid[1][1], grid[0][1], grid[1][0]], &[78_676.24, 260_489.80, -12_789.84], 0.005);
}

#[test]
fn draws_agree_with_the_arithmetic() {
    let mut inputs = inputs(60_000.0, 0.0);
    let median = Draws::of(&inputs, 10_000, [1; 32]);
    assert_eq!(median, Draws::of(&inputs, 10_000, [1; 32]));
    assert_ne!(median, Draws::of(&inputs, 10_000, [2; 32]));
    assert!(median.net(5.0).unwrap() < 78_676.0 && median.net(95.0).unwrap() > 78_676.0);
    // With the effect alone in doubt the draws are those of its lognormal law: percentiles are those of the ratio's.
    for spread in [&mut inputs.engagement, &mut inputs.costs[0].factor] {
        *spread = Spread::known(spread.central);
    }
    let benefit = &mut inputs.benefits[0];
    for spread in [&mut benefit.rate, &mut benefit.unit_cost, &mut benefit.drop_off] {
        *spread = Spread::known(spread.central);
    }
    let draws = Draws::of(&inputs, 10_000, [1; 32]);
    // NPV is above nothing while the ratio is below 0.839237: Phi((ln 0.839237 + 0.261365) / 0.118328) = 0.766590.
    let (share, error) = (0.766_590_f64, (0.766_590_f64 * 0.233_410 / 10_000.0).sqrt());
    assert!((draws.above_nothing().unwrap() - share).abs() < 3.0 * error, "{:?}", draws.above_nothing());
    let at = |ratio: f64| 78_676.24 + (0.77 - ratio) / 0.23 * 261_356.98;
    near(&[draws.net(50.0).unwrap()], &[at(0.77)], 3_000.0);
    near(&[draws.net(97.5).unwrap()], &[at((-0.261_365_f64 - 1.959_964 * 0.118_328).exp())], 8_000.0);
}

/// Where the rate with the pathway is what is known, one without it follows from the effect: 2.002 over 0.77 is 2.6.
#[test]
fn a_rate_that_was_found_with_the_pathway_moves_the_need_with_the_effect() {
    let given = inputs(60_000.0, 0.0);
    let mut found = given.clone();
    found.benefits[0].known = Known::Together { people: 300.0 };
    found.benefits[0].rate = given.benefits[0].rate.map(|need| need * 0.77);
    near(&[done(&found).net()], &[78_676.24], 0.005);
    // 0.61 leaves 2.002 / 0.61 - 2.002 = 1.279967 of 0.598 each; 0.97 leaves 0.061918.
    let bar = bars(&found).into_iter().find(|bar| bar.input == Input::Ratio(0)).unwrap();
    let net = |each: f64| 261_356.98 * each / 0.598 - 182_680.74;
    near(&bar.net, &[net(1.279_967), net(0.061_918)], 0.5);
    // Even where each avoids 0.417984: 2.002 / 2.419984.
    let switch = switching(&found, &World::central(&found), 0).unwrap();
    near(&[switch.ratio], &[0.827_278], 5e-6);
    found.benefits[0].ratio = Spread::known(switch.ratio);
    near(&[done(&found).net()], &[0.0], 0.005);
}
