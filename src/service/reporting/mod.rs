//! Which figures are due, and which of them were submitted.
//! Deadlines are computed in `domain::reporting`.

pub mod completeness;
pub mod obligations;
pub mod templates;
