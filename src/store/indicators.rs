//! The `indicator_versions` table: every definition that an indicator has had.

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::indicator_versions as versions;
use super::values::{from_json, stamp, to_json};
use crate::domain::indicator::Indicator;

/// All definitions, or those recorded until an instant, each code's in the order of its versions.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, as_of: Option<DateTime<Utc>>) -> Result<Vec<Indicator>, Failure> {
    let mut query = versions::table.order((versions::code, versions::version)).select(versions::definition).into_boxed();
    if let Some(at) = as_of {
        query = query.filter(versions::recorded_at.le(stamp(at)));
    }
    let rows: Vec<String> = query.load(conn)?;
    rows.iter().map(|definition| from_json(definition)).collect()
}

/// A number that grows with every new definition: a snapshot taken at the same number is still true.
///
/// # Errors
/// Any failure of the database.
pub fn latest_change(conn: &mut Conn) -> Result<Option<i64>, Failure> {
    Ok(versions::table.select(max(versions::id)).first(conn)?)
}

/// Records a definition as a version of its code.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, indicator: &Indicator, version: i32, at: DateTime<Utc>, by: Option<&str>) -> Result<(), Failure> {
    diesel::insert_into(versions::table)
        .values((
            versions::code.eq(&indicator.code),
            versions::version.eq(version),
            versions::definition.eq(to_json(indicator)),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(by),
        ))
        .execute(conn)?;
    Ok(())
}

/// The client that recorded a version; `None` for one that came with the program.
///
/// # Errors
/// Any failure of the database.
pub fn recorded_by(conn: &mut Conn, code: &str, version: i32) -> Result<Option<String>, Failure> {
    let found = versions::table.filter(versions::code.eq(code)).filter(versions::version.eq(version)).select(versions::recorded_by);
    Ok(found.first(conn).optional()?.flatten())
}
