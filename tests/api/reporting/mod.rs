//! Obligations, completeness and templates.
//! Submissions have a folder of their own.

pub mod completeness;
pub mod obligations;
pub mod templates;
