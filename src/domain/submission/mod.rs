//! Submissions: draft rows, the workflow, and the effect on stored figures.
//! Due figures are in `reporting`.

pub mod consistency;
pub mod draft;
pub mod labels;
pub mod plausibility;
pub mod provinces;
pub mod revise;
pub mod revised;
pub mod stream;
pub mod submission;
pub mod warning;
pub mod workflow;
