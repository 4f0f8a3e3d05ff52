//! The catalogue as the service keeps it: the snapshot that requests read, and its changes.
//! What definitions mean is in `domain::catalogue`.

pub mod indicators;
pub mod organisations;
pub mod provinces;
pub mod rules;
pub mod snapshot;
