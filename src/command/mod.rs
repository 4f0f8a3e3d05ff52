//! The subcommands: one file each.

pub mod check;
pub mod client;
pub mod demo;
pub mod export;
pub mod import;
pub mod key;
pub mod serve;

use std::fmt;

use crate::domain::fault::{Fault, LocatedFault, Location};
use crate::formats::observation::in_words_of_files;
use crate::service::ServiceError;
use crate::store::StoreError;

/// The reason for ending a command: a sentence for the person at the terminal.
pub struct Stopped(String);

/// Prints the sentence, because `main` prints its error with `Debug`.
impl fmt::Debug for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Stopped {
    /// Joins all faults, one per line.
    fn listing(faults: &[LocatedFault]) -> Stopped {
        Stopped(faults.iter().map(in_words).collect::<Vec<_>>().join("\n"))
    }
}

/// A fault in words; that of a cell with the names of columns.
fn in_words(located: &LocatedFault) -> String {
    let LocatedFault { place, fault } = located;
    if !matches!(place, Location::Cell { .. }) {
        return located.to_string();
    }
    let fault = Fault { message: in_words_of_files(&fault.message), ..fault.clone() };
    fault.at(place.clone()).to_string()
}

impl From<StoreError> for Stopped {
    fn from(failure: StoreError) -> Stopped {
        Stopped(failure.to_string())
    }
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Stopped {
        Stopped(error.to_string())
    }
}

impl From<ServiceError> for Stopped {
    fn from(refusal: ServiceError) -> Stopped {
        match refusal {
            ServiceError::Malformed(faults)
            | ServiceError::Invalid(faults)
            | ServiceError::Absent(faults)
            | ServiceError::Forbidden(faults) => Stopped::listing(&faults),
            other => Stopped(other.to_string()),
        }
    }
}
