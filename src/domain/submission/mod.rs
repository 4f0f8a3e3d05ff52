//! Submissions: rows as drafts, their workflow, and what they change in the stored figures.
//! Which figures are due is in `reporting`.

pub mod consistency;
pub mod draft;
pub mod plausibility;
pub mod revise;
pub mod revised;
pub mod stream;
pub mod submission;
pub mod warning;
pub mod workflow;
