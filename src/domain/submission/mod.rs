//! Submissions: draft rows, the workflow, and the effect on stored figures.
//! Due figures are in `reporting`.

pub mod consistency;
pub mod draft;
pub mod plausibility;
pub mod read_row;
pub mod revise;
pub mod revised;
pub mod stream;
pub mod submission;
pub mod warning;
pub mod workflow;
