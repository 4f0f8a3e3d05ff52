//! Exact numbers: decimals, and quantities, which can also be bounds or ranges.
//! Indicators are not known here.

pub mod decimal;
pub mod quantity;
mod span;
