//! The shapes of everything that a column keeps as JSON, one file a kind. The names of fields and variants here are data on disk.
//! What the values mean lives in `domain`, whose names may change freely.
//!
//! A shape in use never changes. To store something else, add the next version `v` and keep the conversion that reads the version before.
//! JSON without `v` is of version 0, from before there were versions. Words such as a status or a calendar are stored as the domain writes
//! them in answers. An unknown field is an error: if it were ignored, the next write would lose it.

pub(super) mod indicator;
pub(super) mod obligation;
pub(super) mod organisation;
pub(super) mod outcome;
mod parts;
pub(super) mod province;
pub(super) mod rule;
pub mod shipped;
pub mod stream;
pub(super) mod submission;
pub(super) mod target;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::conn::StoreError;

/// What says of which version some JSON is; whatever else is in it is for the shape of that version.
#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    v: u32,
}

/// The version of an object.
fn version_of(text: &str) -> Result<u32, StoreError> {
    parse::<Version>(text).map(|of| of.v)
}

/// Reads a shape.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Writes a shape.
fn write<T: Serialize>(shape: &T) -> String {
    serde_json::to_string(shape).expect("stored shapes have string keys and no maps that fail")
}

/// Refuses what a later version of the program wrote: reading it as an earlier shape would lose some of it.
fn check_version(v: u32, newest: u32) -> Result<(), StoreError> {
    if v > newest {
        return Err(StoreError::Corrupt(format!("version {v} of a stored shape; this program reads versions up to {newest}")));
    }
    Ok(())
}
