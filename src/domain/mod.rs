//! //! The rules of the service that depend on no database and no protocol.
//! Pure code: no diesel, no actix, no clock, no environment. `tests/rooms.rs` holds the order of the folders.

pub mod access;
pub mod audit;
pub mod batch;
pub mod catalogue;
pub mod comparison;
pub mod derivation;
pub mod fault;
pub mod language;
pub mod message;
pub mod narrative;
pub mod number;
pub mod observation;
pub mod outcome;
pub mod read_only;
pub mod reason;
pub mod reporting;
pub mod submission;
pub mod target;
pub mod text;
pub mod time;
pub mod validation;

#[cfg(test)]
pub(crate) mod testing;
