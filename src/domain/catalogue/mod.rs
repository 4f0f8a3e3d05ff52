//! The subjects of figures: provinces, indicators, breakdowns, rules, organisations, and the source documents.
//! Figures are not known here.

pub mod breakdown;
pub mod indicator;
pub mod organisation;
pub mod other_meaning;
pub mod province;
pub mod reorganisation;
pub mod rule;
pub mod series_key;
pub mod snapshot;
pub mod source;
pub mod unit;
pub mod version;
pub mod whole;
