//! Series, observations and validations over HTTP.
//! Comparisons have a folder of their own.

pub mod figure;
pub mod observations;
pub mod period;
pub mod provenance;
pub mod series;
pub mod validations;
