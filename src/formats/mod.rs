//! Bytes to domain values and back.
//! This room imports `domain` only.

pub mod cell;
pub mod claim;
pub mod client;
pub mod comment;
pub mod csv;
pub mod fields;
pub mod file;
mod foreign;
pub mod indicator;
pub mod json;
pub mod ndjson;
pub mod obligation;
pub mod observation;
pub mod organisation;
pub mod reorganisation;
pub mod rule;
pub mod sheet;
pub mod source;
pub mod submission;
pub mod target;
pub mod template;
#[cfg(test)]
mod tests;
pub mod validation;
pub mod xlsx;
