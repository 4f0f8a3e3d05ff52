//! The `writes` table: the instants at which something served changed, each later than the one before.
//! Every revision carries the instant of its write, so the answer of any past instant can be given again.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::writes;
use super::values::stamp;

/// The instant of this write: now, or just after the last write where the clock has not moved on. Call inside `Db::write`.
///
/// # Errors
/// Any failure of the database.
pub fn instant(conn: &mut Conn, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let next = after_last(conn, now)?;
    diesel::insert_into(writes::table).values(writes::at.eq(stamp(next))).execute(conn)?;
    Ok(next)
}

/// An instant for what comes with a new release: now, or just after the last write where the clock is behind it. It takes no row: what
/// comes with the program is on record before any figure is.
///
/// # Errors
/// Any failure of the database.
pub fn after_last(conn: &mut Conn, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let last: Option<NaiveDateTime> = writes::table.select(max(writes::at)).first(conn)?;
    Ok(last.map_or(now, |last| now.max(last.and_utc() + TimeDelta::microseconds(1))))
}

/// The instant of the first write; `None` before any.
///
/// # Errors
/// Any failure of the database.
pub fn first(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first: Option<NaiveDateTime> = writes::table.select(min(writes::at)).first(conn)?;
    Ok(first.map(|at| at.and_utc()))
}
