//! Records of requests, answers and files, declared field by field: one declaration is read, written and documented.
//! Which fields a record has stands beside its reader, in `formats/observation.rs` for example.

pub mod field;
pub mod kinds;
pub mod raw;
pub mod record;
pub mod schema;
pub mod wording;
