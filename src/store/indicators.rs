//! The `indicator_versions` table: all versions of the indicators' definitions.
//! The snapshot of the current ones is in `service::catalogue`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::indicator_versions as versions;
use super::stored::indicator::{from_json, to_json};
use super::values::stamp;
use crate::domain::catalogue::indicator::{Indicator, IndicatorVersion};

/// Lists all definitions, or those recorded until an instant. The versions of a code are in order.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, as_of: Option<DateTime<Utc>>) -> Result<Vec<Indicator>, StoreError> {
    let mut query = versions::table.order((versions::code, versions::version)).select(versions::definition).into_boxed();
    if let Some(at) = as_of {
        query = query.filter(versions::recorded_at.le(stamp(at)));
    }
    let rows: Vec<String> = query.load(conn)?;
    rows.iter().map(|definition| from_json(definition)).collect()
}

/// A number that grows with each new definition. A snapshot with the same number is current.
///
/// # Errors
/// Any failure of the database.
pub fn latest_change(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(versions::table.select(max(versions::id)).first(conn)?)
}

/// The author of a version and the reason.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordedBy<'a> {
    /// The client; `None` for a shipped version.
    pub client: Option<&'a str>,
    /// The stated reason, if any.
    pub reason: Option<&'a str>,
}

/// All versions of a code, oldest first; empty for an unknown code.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, code: &str) -> Result<Vec<IndicatorVersion>, StoreError> {
    let rows: Vec<(String, i32, Option<String>, NaiveDateTime)> = versions::table
        .filter(versions::code.eq(code))
        .order(versions::version)
        .select((versions::definition, versions::version, versions::reason, versions::recorded_at))
        .load(conn)?;
    let version = |(definition, version, reason, recorded_at): (String, i32, Option<String>, NaiveDateTime)| {
        Ok(IndicatorVersion { indicator: from_json(&definition)?, version, reason, recorded_at: recorded_at.and_utc() })
    };
    rows.into_iter().map(version).collect()
}

/// Records a definition as a new version of its code.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, indicator: &Indicator, version: i32, at: DateTime<Utc>, why: &RecordedBy<'_>) -> Result<(), StoreError> {
    diesel::insert_into(versions::table)
        .values((
            versions::code.eq(&indicator.code),
            versions::version.eq(version),
            versions::definition.eq(to_json(indicator)),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(why.client),
            versions::reason.eq(why.reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// The client that recorded a version; `None` for a version shipped with the program.
///
/// # Errors
/// Any failure of the database.
pub fn recorded_by(conn: &mut Conn, code: &str, version: i32) -> Result<Option<String>, StoreError> {
    let found = versions::table.filter(versions::code.eq(code)).filter(versions::version.eq(version)).select(versions::recorded_by);
    Ok(found.first(conn).optional()?.flatten())
}
