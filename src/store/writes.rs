//! The `writes` table: the instants of all writes that changed served data, in strictly increasing order.
//! Every revision carries the instant of its write, so that each past state can be read again.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::writes;
use super::values::stamp;

/// The instant of this write: now, or one microsecond after the last write if the clock has not advanced. Call it inside `Db::write`.
///
/// # Errors
/// Any failure of the database.
pub fn instant(conn: &mut Conn, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let next = after_last(conn, now)?;
    diesel::insert_into(writes::table).values(writes::at.eq(stamp(next))).execute(conn)?;
    Ok(next)
}

/// An instant for shipped data: now, or one microsecond after the last write if the clock is behind. It adds no row, because shipped data
/// is stored before any figure.
///
/// # Errors
/// Any failure of the database.
pub fn after_last(conn: &mut Conn, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let last: Option<NaiveDateTime> = writes::table.select(max(writes::at)).first(conn)?;
    Ok(last.map_or(now, |last| now.max(last.and_utc() + TimeDelta::microseconds(1))))
}

/// The instant of the first write; `None` before it.
///
/// # Errors
/// Any failure of the database.
pub fn first(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first: Option<NaiveDateTime> = writes::table.select(min(writes::at)).first(conn)?;
    Ok(first.map(|at| at.and_utc()))
}
