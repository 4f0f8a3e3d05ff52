//! What figures are about: provinces, indicators, breakdowns, rules, organisations, and the documents they are taken from.
//! Knows no figures.

pub mod breakdown;
pub mod indicator;
pub mod organisation;
pub mod province;
pub mod reorganisation;
pub mod rule;
pub mod series_key;
pub mod snapshot;
pub mod source;
pub mod whole;
