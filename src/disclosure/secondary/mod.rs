//! Secondary control: what is taken away so that hidden cells cannot be worked out from shown ones.

pub mod earlier;
pub mod figures;
pub mod protect;
pub mod puzzle;
pub mod rows;
