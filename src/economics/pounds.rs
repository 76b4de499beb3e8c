//! Pounds with the least and the most that they may be.

/// An amount and its range. Never a saving: the value of activity at average cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pounds {
    /// With every unit cost at its lowest.
    pub low: f64,
    /// The central value.
    pub central: f64,
    /// With every unit cost at its highest.
    pub high: f64,
}

impl Pounds {
    /// No money.
    pub const NOTHING: Self = Self { low: 0.0, central: 0.0, high: 0.0 };

    /// So many times as much.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, central: self.central * factor, high: self.high * factor }
    }

    /// Both, each at its lowest, central and highest.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, central: self.central + other.central, high: self.high + other.high }
    }
}

impl std::iter::Sum for Pounds {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::NOTHING, Self::plus)
    }
}
