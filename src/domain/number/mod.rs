//! Exact numbers: decimals, the notations of decimals in texts, and quantities, which can also be bounds or ranges.
//! Indicators are not known here.

pub mod decimal;
pub mod notation;
pub mod quantity;
mod reading;
mod span;
mod unreadable;
