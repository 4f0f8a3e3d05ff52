//! What happens to every request: its id, its limits, its headers, its line in the audit log.
//! What a request is about is for the handlers.

pub mod cors;
pub mod etag;
pub mod rate_limit;
pub mod request;
