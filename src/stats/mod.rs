//! Statistics: numbers in, numbers out. Each function cites its paper and is tested against published figures.

pub mod balance;
pub mod competing;
pub mod inequality;
pub mod mean;
pub mod poisson;
pub mod proportion;
pub mod quantile;
pub mod ratio;
pub mod regression;
pub mod spc;

/// Two-sided 95 %: the 97.5th percentile of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}
