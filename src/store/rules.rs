//! The versions of the rules between figures, in `definitions`; the last version is the current one.
//! Rules are evaluated in `domain`.

use chrono::{DateTime, Utc};

use super::conn::{Conn, StoreError};
use super::definitions::{self, Kind, RecordedBy, defined};
use super::stored::rule::{from_json, to_json};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::version::Version;

/// The latest version of every rule.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Version<Rule>>, StoreError> {
    definitions::latest(conn, Kind::Rule, None)?.into_iter().map(|(_, version)| defined(version, from_json)).collect()
}

/// All versions of a rule, oldest first; empty for an unknown code.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, code: &str) -> Result<Vec<Version<Rule>>, StoreError> {
    definitions::history(conn, Kind::Rule, code)?.into_iter().map(|version| defined(version, from_json)).collect()
}

/// Records a rule as the next version of its code and returns the number of the version.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, rule: &Rule, at: DateTime<Utc>, by: &RecordedBy<'_>) -> Result<i32, StoreError> {
    definitions::append(conn, Kind::Rule, rule.code.as_str().into(), Some(to_json(rule)), at, by)
}
