//! Versions of definitions: provinces, indicators, rules, organisations and obligations are changed version by version.
//! A change never overwrites: every version stays readable.

use chrono::{DateTime, Utc};

use super::source::Source;

/// One version of a definition and its place in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<T> {
    /// The definition.
    pub definition: T,
    /// 1 for the first version, then one more for each change.
    pub version: i32,
    /// The deciding document; without title, number and date if none was given.
    pub source: Source,
    /// The reason for the change, if given.
    pub reason: Option<String>,
    /// Time of recording.
    pub recorded_at: DateTime<Utc>,
}
