//! Indicators, provinces, rules and organisations over HTTP.
//! Figures are in `figures`.

pub mod indicators;
pub mod organisations;
pub mod provinces;
pub mod rules;
pub mod source;
