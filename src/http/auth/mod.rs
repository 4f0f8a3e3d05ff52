//! Tokens, clients and published keys over HTTP.
//! Scopes are checked in `extract`.

pub mod clients;
pub mod token;
pub mod well_known;
