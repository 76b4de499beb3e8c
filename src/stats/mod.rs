//! Statistics: numbers in, numbers out. Each function cites its paper and is tested against published figures.

pub mod balance;
pub mod bootstrap;
pub mod competing;
pub mod differences;
pub mod funnel;
pub mod inequality;
pub mod matrix;
pub mod mean;
pub mod model;
pub mod poisson;
pub mod proportion;
pub mod quantile;
pub mod ratio;
pub mod regression;
pub mod spc;
pub mod standard;
pub mod tail;
pub mod unmeasured;

/// Two-sided 95 %: the 97.5th percentile of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Two-sided 99.8 %, the other level of published tables.
#[cfg(test)]
pub(crate) const Z_998: f64 = 3.090_232_306_167_813;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}
