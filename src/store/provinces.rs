//! The `province_versions` table: all versions of the provinces with the deciding document.
//! The table `provinces` holds only the keys, as targets of foreign keys.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::{province_versions as versions, provinces};
use super::stored::province::{from_json, to_json};
use super::values::stamp;
use crate::domain::catalogue::province::{Province, ProvinceVersion};
use crate::domain::catalogue::source::Source;

/// Lists all provinces, past ones and the country too, as known now or at an instant.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, as_of: Option<DateTime<Utc>>) -> Result<Vec<Province>, StoreError> {
    let mut query = versions::table
        .order((versions::province, versions::version.desc()))
        .select((versions::province, versions::definition))
        .into_boxed();
    if let Some(at) = as_of {
        query = query.filter(versions::recorded_at.le(stamp(at)));
    }
    let mut latest: Vec<(String, Option<String>)> = query.load(conn)?;
    latest.dedup_by(|later, kept| later.0 == kept.0);
    latest.iter().filter_map(|(_, definition)| definition.as_deref()).map(from_json).collect()
}

/// A number that grows with each change of a province. A snapshot with the same number is current.
///
/// # Errors
/// Any failure of the database.
pub fn latest_change(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(versions::table.select(max(versions::id)).first(conn)?)
}

/// The author of a version, the deciding document and the reason.
#[derive(Debug, Clone, Default)]
pub struct RecordedBy<'a> {
    /// The client; `None` for a shipped version.
    pub client: Option<&'a str>,
    /// The deciding document.
    pub source: Source,
    /// The stated reason, if any.
    pub reason: Option<&'a str>,
}

/// All versions of a province, oldest first; empty for an unknown key.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, key: &str) -> Result<Vec<ProvinceVersion>, StoreError> {
    type Row = (i32, Option<String>, (Option<String>, Option<String>, Option<NaiveDate>), Option<String>, NaiveDateTime);
    let source = (versions::source_title, versions::source_number, versions::source_date);
    let rows: Vec<Row> = versions::table
        .filter(versions::province.eq(key))
        .order(versions::version)
        .select((versions::version, versions::definition, source, versions::reason, versions::recorded_at))
        .load(conn)?;
    let version = |(version, definition, (title, number, date), reason, recorded_at): Row| {
        Ok(ProvinceVersion {
            version,
            unit: definition.as_deref().map(from_json).transpose()?,
            source: Source { title, number, date },
            reason,
            recorded_at: recorded_at.and_utc(),
        })
    };
    rows.into_iter().map(version).collect()
}

/// Records a province as its next version; `None` as the unit withdraws the key.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, key: &str, unit: Option<&Province>, at: DateTime<Utc>, why: &RecordedBy<'_>) -> Result<(), StoreError> {
    let last: Option<i32> = versions::table.filter(versions::province.eq(key)).select(max(versions::version)).first(conn)?;
    if last.is_none() {
        diesel::insert_into(provinces::table).values(provinces::key.eq(key)).execute(conn)?;
    }
    diesel::insert_into(versions::table)
        .values((
            versions::province.eq(key),
            versions::version.eq(last.unwrap_or(0) + 1),
            versions::definition.eq(unit.map(to_json)),
            versions::source_title.eq(&why.source.title),
            versions::source_number.eq(&why.source.number),
            versions::source_date.eq(why.source.date),
            versions::reason.eq(why.reason),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(why.client),
        ))
        .execute(conn)?;
    Ok(())
}

/// The client that recorded the last version; `None` for a shipped version or an unknown key.
///
/// # Errors
/// Any failure of the database.
pub fn recorded_by(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    let found = versions::table.filter(versions::province.eq(key)).order(versions::version.desc()).select(versions::recorded_by);
    Ok(found.first(conn).optional()?.flatten())
}
