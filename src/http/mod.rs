//! The JSON API: one file per resource, short handlers, one route table, one shape for every fault.
//! Converts requests and answers; decisions belong to `service`.

pub mod auth;
pub mod catalogue;
pub mod comparisons;
pub mod extract;
pub mod figures;
pub mod middleware;
pub mod operations;
pub mod problem;
pub mod redact;
pub mod reporting;
pub mod routes;
pub mod submissions;
pub mod targets;
