//! The versions of the provinces with the deciding documents, in `definitions`.
//! The table `provinces` holds only the keys, as targets of foreign keys.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::definitions::{self, Kind, RecordedBy};
use super::schema::provinces;
use super::stored::province::{from_json, to_json};
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::version::Version;

/// Lists all provinces, past ones and the country too, as known now or at an instant.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, as_of: Option<DateTime<Utc>>) -> Result<Vec<Province>, StoreError> {
    let latest = definitions::latest(conn, Kind::Province, as_of)?;
    latest.iter().filter_map(|(_, version)| version.definition.as_deref()).map(from_json).collect()
}

/// All versions of a province, oldest first, with `None` where its key was withdrawn; empty for an unknown key.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, key: &str) -> Result<Vec<Version<Option<Province>>>, StoreError> {
    let read = |version: Version<Option<String>>| {
        let Version { definition, version, source, reason, recorded_at } = version;
        Ok(Version { definition: definition.as_deref().map(from_json).transpose()?, version, source, reason, recorded_at })
    };
    definitions::history(conn, Kind::Province, key)?.into_iter().map(read).collect()
}

/// Records a province as its next version; `None` as the unit withdraws the key.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, key: &str, unit: Option<&Province>, at: DateTime<Utc>, by: &RecordedBy<'_>) -> Result<(), StoreError> {
    let known: i64 = provinces::table.filter(provinces::key.eq(key)).count().get_result(conn)?;
    if known == 0 {
        diesel::insert_into(provinces::table).values(provinces::key.eq(key)).execute(conn)?;
    }
    definitions::append(conn, Kind::Province, key.into(), unit.map(to_json), at, by)?;
    Ok(())
}
