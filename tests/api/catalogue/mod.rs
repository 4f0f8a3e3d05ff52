//! Provinces, indicators and rules.
//! Figures are in `figures`.

pub mod indicators;
pub mod provinces;
pub mod reorganisations;
pub mod reorganisations_refused;
pub mod rules;
