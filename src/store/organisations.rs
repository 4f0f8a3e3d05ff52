//! The versions of the organisations, in `definitions`; the last version is the current one.
//! Their clients are in `clients`.

use chrono::{DateTime, Utc};

use super::conn::{Conn, StoreError};
use super::definitions::{self, Kind, RecordedBy, defined};
use super::stored::organisation::{from_json, to_json};
use crate::domain::catalogue::organisation::Organisation;

/// Lists all organisations by id.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Organisation>, StoreError> {
    let latest = definitions::latest(conn, Kind::Organisation, None)?.into_iter();
    let read = |(id, version)| defined(version, |text| from_json(id, text)).map(|version| version.definition);
    let mut found = latest.map(read).collect::<Result<Vec<_>, _>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// The organisation with this id.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<Organisation>, StoreError> {
    let last = definitions::history(conn, Kind::Organisation, id)?.pop();
    last.map(|version| defined(version, |text| from_json(id.to_owned(), text)).map(|version| version.definition)).transpose()
}

/// Records an organisation as its next version and returns true for the first one.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, organisation: &Organisation, at: DateTime<Utc>, client: Option<&str>) -> Result<bool, StoreError> {
    let by = RecordedBy { client, ..RecordedBy::default() };
    let version = definitions::append(conn, Kind::Organisation, organisation.id.as_str().into(), Some(to_json(organisation)), at, &by)?;
    Ok(version == 1)
}
