//! Targets: what they ask for, the path to them, and how far a figure is along it.
//! Comparisons with the past are in `comparison`.

pub mod attainment;
pub mod condition;
pub mod condition_check;
pub mod draft;
pub mod inherited;
pub mod path;
pub mod target;
