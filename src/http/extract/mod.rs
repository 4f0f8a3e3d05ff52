//! What handlers take from a request: parameters, bodies, the caller, pages, languages.
//! Answers are made by the handlers.

pub mod body;
pub mod caller;
pub mod client_address;
pub mod context;
pub mod idempotency;
pub mod language;
pub mod marked;
pub mod page;
pub mod parameter;
pub mod query;
