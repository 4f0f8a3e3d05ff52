//! Obligations, completeness, the reporting calendar and templates over HTTP.
//! Submissions have a folder of their own.

pub mod calendar;
pub mod completeness;
pub mod obligations;
pub mod templates;
