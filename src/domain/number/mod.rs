//! Exact numbers: decimals, and quantities that may be bounds or ranges.
//! Knows no indicators.

pub mod decimal;
pub mod quantity;
mod span;
