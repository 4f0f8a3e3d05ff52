//! Reading figures: series, comparisons, rankings, claims, observations, validations, exports.
//! Figures are changed in `submissions`.

pub mod claims;
pub mod compare;
pub mod comparisons;
pub mod cost;
pub mod export;
pub mod figure_set;
pub mod observations;
pub mod rankings;
pub mod selection;
pub mod series;
pub mod validations;
