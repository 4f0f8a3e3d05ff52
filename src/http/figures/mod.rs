//! Series, observations and validations over HTTP.
//! Comparisons have a folder of their own.

pub mod observations;
pub mod series;
pub mod validations;
pub mod view;
