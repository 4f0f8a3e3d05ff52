//! Reporting: due figures, their deadlines, and missing figures.
//! E-mails and the clock are not known here.

pub mod completeness;
pub mod deadline;
pub mod obligation;
pub mod obligation_draft;
pub mod template;
