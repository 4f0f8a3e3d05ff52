//! The versions of the indicators' definitions, in `definitions`.
//! The snapshot of the current ones is in `service::catalogue`.

use chrono::{DateTime, Utc};

use super::conn::{Conn, StoreError};
use super::definitions::{self, Kind, RecordedBy, defined};
use super::stored::indicator::{from_json, to_json};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::version::Version;

/// Lists all definitions, or those recorded until an instant. The versions of a code are in order.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, as_of: Option<DateTime<Utc>>) -> Result<Vec<Indicator>, StoreError> {
    let versions = definitions::list(conn, Kind::Indicator, as_of)?.into_iter().rev();
    let mut found =
        versions.map(|(_, version)| defined(version, from_json).map(|version| version.definition)).collect::<Result<Vec<_>, _>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(found)
}

/// All versions of a code, oldest first; empty for an unknown code.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, code: &str) -> Result<Vec<Version<Indicator>>, StoreError> {
    definitions::history(conn, Kind::Indicator, code)?.into_iter().map(|version| defined(version, from_json)).collect()
}

/// Records a definition as the next version of its code and returns the number of the version.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, indicator: &Indicator, at: DateTime<Utc>, by: &RecordedBy<'_>) -> Result<i32, StoreError> {
    definitions::append(conn, Kind::Indicator, indicator.code.as_str().into(), Some(to_json(indicator)), at, by)
}
