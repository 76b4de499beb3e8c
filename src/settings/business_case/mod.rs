//! A business case as config says it: who begins, what it costs, what is avoided, and on what each number rests.

mod faults;
mod types;

pub use faults::Fault;
pub use types::{
    Benchmark, BenefitConfig, CaseConfig, CostConfig, EffectConfig, EffectDesign, Kind, Need, Number, ScenarioConfig,
    UnitCostConfig,
};
