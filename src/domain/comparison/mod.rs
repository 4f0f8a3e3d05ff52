//! Comparisons: with the same period last year, between provinces, and with the claims of a report.
//! Targets are in `target`.

pub mod claim;
pub mod compare;
pub mod ranking;
pub mod revision_size;
pub mod units;
