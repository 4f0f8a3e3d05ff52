//! The `series` table: the identity of each series and its number.
//! The figures of a series are in `observations`.

use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::series;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::series_key::SeriesKey;

/// The identifying columns of a series.
pub(super) type KeyColumns = (String, String, String);

/// Finds the number of a series, or assigns one to a new series. Call it inside `Db::write`, which allows one writer.
pub(super) fn find_or_create(conn: &mut Conn, key: &SeriesKey) -> Result<i64, StoreError> {
    let breakdown = key.breakdown.to_string();
    let found = series::table
        .filter(series::province.eq(&key.province))
        .filter(series::indicator.eq(&key.indicator))
        .filter(series::breakdown.eq(&breakdown))
        .select(series::id)
        .first(conn)
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let row = (series::province.eq(&key.province), series::indicator.eq(&key.indicator), series::breakdown.eq(&breakdown));
    Ok(diesel::insert_into(series::table).values(row).returning(series::id).get_result(conn)?)
}

/// The series key in the columns.
pub(super) fn key((province, indicator, breakdown): KeyColumns) -> Result<SeriesKey, StoreError> {
    let breakdown = Breakdown::parse(&breakdown).map_err(|fault| StoreError::Corrupt(fault.message.english().to_owned()))?;
    Ok(SeriesKey { province, indicator, breakdown })
}
