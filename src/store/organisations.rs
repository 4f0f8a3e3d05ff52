//! The `organisation_versions` table: all versions of the organisations; the last version is the current one.
//! Their clients are in `clients`.

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::organisation_versions as versions;
use super::values::stamp;
use crate::domain::catalogue::organisation::Organisation;

/// Lists all organisations by id.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Organisation>, StoreError> {
    let rows: Vec<(String, String, bool)> = versions::table
        .order((versions::organisation, versions::version.desc()))
        .select((versions::organisation, versions::name, versions::trusted))
        .load(conn)?;
    let mut latest: Vec<Organisation> = rows.into_iter().map(|(id, name, trusted)| Organisation { id, name, trusted }).collect();
    latest.dedup_by(|later, kept| later.id == kept.id);
    // Sort here: SQLite and PostgreSQL collate text differently.
    latest.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(latest)
}

/// The organisation with this id.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<Organisation>, StoreError> {
    let found: Option<(String, bool)> = versions::table
        .filter(versions::organisation.eq(id))
        .order(versions::version.desc())
        .select((versions::name, versions::trusted))
        .first(conn)
        .optional()?;
    Ok(found.map(|(name, trusted)| Organisation { id: id.to_owned(), name, trusted }))
}

/// Records an organisation as its next version and returns true for the first one.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, organisation: &Organisation, at: DateTime<Utc>, client: Option<&str>) -> Result<bool, StoreError> {
    let of = versions::organisation.eq(&organisation.id);
    let last: Option<i32> = versions::table.filter(of).select(max(versions::version)).first(conn)?;
    diesel::insert_into(versions::table)
        .values((
            of,
            versions::version.eq(last.unwrap_or(0) + 1),
            versions::name.eq(&organisation.name),
            versions::trusted.eq(organisation.trusted),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(client),
        ))
        .execute(conn)?;
    Ok(last.is_none())
}
