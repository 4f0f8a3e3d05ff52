//! Targets: their conditions, the path to them, and the attainment of a figure.
//! Comparisons with the past are in `comparison`.

pub mod attainment;
pub mod condition;
pub mod condition_check;
pub mod draft;
pub mod inherited;
pub mod path;
pub mod target;
