//! The API over real HTTP, on SQLite always and on PostgreSQL where its server binaries are found: folders as in `src/http`, one file per capability.

#![allow(missing_docs, reason = "test names are sentences")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../notation/mod.rs"]
mod notation;
mod support;

mod auth;
mod catalogue;
mod comparisons;
mod figures;
mod operations;
mod reporting;
mod submissions;
