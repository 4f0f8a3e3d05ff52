//! Reporting: which figures are due, by when, and which of them are missing.
//! Knows no e-mails and no clock.

pub mod completeness;
pub mod deadline;
pub mod obligation;
pub mod obligation_draft;
pub mod template;
