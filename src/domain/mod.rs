//! Small types with their rules, and no input or output: days, periods, organisation codes, NHS numbers, tokens.

pub mod age_band;
pub mod clock;
pub mod day;
pub mod hex;
pub mod key_text;
pub mod nhs_number;
pub mod org_code;
pub mod period;
pub mod scheme;
pub mod spc;
pub mod supersession;
pub mod token;
