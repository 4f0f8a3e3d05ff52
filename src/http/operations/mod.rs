//! Health and the audit log over HTTP.
//! What is written to the log is in `middleware`.

pub mod audit;
pub mod health;
