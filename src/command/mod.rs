//! What the command line does: one file per command.

pub mod client;
pub mod demo;
pub mod serve;

use std::fmt;

use crate::service::Refusal;
use crate::store::Failure;

/// Why a command ends: a sentence for the person at the terminal.
pub struct Stopped(String);

/// The sentence, also where `main` prints its error with `Debug`.
impl fmt::Debug for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Stopped {
        Stopped(failure.to_string())
    }
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Stopped {
        Stopped(error.to_string())
    }
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Stopped {
        match refusal {
            Refusal::Malformed(faults) | Refusal::Invalid(faults) | Refusal::Forbidden(faults) => {
                let lines: Vec<String> = faults.iter().map(|located| format!("{}: {}", located.place, located.fault.message)).collect();
                Stopped(lines.join("\n"))
            }
            other => Stopped(other.to_string()),
        }
    }
}
