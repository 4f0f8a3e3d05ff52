//! Bytes to domain values and back.
//! This room imports `domain` only.

pub mod client;
pub mod csv;
pub mod file;
pub mod indicator;
pub mod json;
pub mod ndjson;
pub mod obligation;
pub mod organisation;
pub mod reorganisation;
pub mod rule;
pub mod sheet;
pub mod submission;
pub mod target;
pub mod template;
pub mod validation;
pub mod xlsx;
