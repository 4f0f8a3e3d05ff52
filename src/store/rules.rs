//! The `rule_versions` table: all versions of the rules between figures; the last version is the current one.
//! Rules are evaluated in `domain`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::indicators::RecordedBy;
use super::schema::rule_versions as versions;
use super::stored::rule::{from_json, to_json};
use super::values::stamp;
use crate::domain::catalogue::rule::{Rule, RuleVersion};

type Columns = (String, i32, Option<String>, NaiveDateTime);

fn version((definition, version, reason, recorded_at): Columns) -> Result<RuleVersion, StoreError> {
    Ok(RuleVersion { rule: from_json(&definition)?, version, reason, recorded_at: recorded_at.and_utc() })
}

/// The latest version of every rule.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<RuleVersion>, StoreError> {
    let mut latest: Vec<(String, Columns)> = versions::table
        .order((versions::code, versions::version.desc()))
        .select((versions::code, (versions::definition, versions::version, versions::reason, versions::recorded_at)))
        .load(conn)?;
    latest.dedup_by(|later, kept| later.0 == kept.0);
    latest.into_iter().map(|(_, columns)| version(columns)).collect()
}

/// A number that grows with each new version of a rule. A snapshot with the same number is current.
///
/// # Errors
/// Any failure of the database.
pub fn latest_change(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(versions::table.select(max(versions::id)).first(conn)?)
}

/// All versions of a rule, oldest first; empty for an unknown code.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, code: &str) -> Result<Vec<RuleVersion>, StoreError> {
    let rows: Vec<Columns> = versions::table
        .filter(versions::code.eq(code))
        .order(versions::version)
        .select((versions::definition, versions::version, versions::reason, versions::recorded_at))
        .load(conn)?;
    rows.into_iter().map(version).collect()
}

/// Records a rule as a new version of its code.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, rule: &Rule, version: i32, at: DateTime<Utc>, why: &RecordedBy<'_>) -> Result<(), StoreError> {
    diesel::insert_into(versions::table)
        .values((
            versions::code.eq(&rule.code),
            versions::version.eq(version),
            versions::definition.eq(to_json(rule)),
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
