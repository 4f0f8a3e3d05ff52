//! Conversion between domain values and columns: decimals as digits, codes as text, times in UTC to the microsecond.
//! The columns of each table are in the file of the table.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::conn::StoreError;
use crate::domain::fault::Fault;
use crate::domain::number::decimal::Decimal;
use crate::domain::time::period::{Calendar, Period};

/// A code that only this program writes.
pub(super) fn word<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, StoreError> {
    parse(text).map_err(|fault| StoreError::Corrupt(fault.message.english().to_owned()))
}

/// A decimal in two columns.
pub(super) fn decimal(digits: i64, decimals: i32) -> Result<Decimal, StoreError> {
    Decimal::from_scaled(digits, decimals).ok_or_else(|| StoreError::Corrupt(format!("{digits} with {decimals} decimals")))
}

/// A decimal in two columns, both of which may be empty.
pub(super) fn optional_decimal(digits: Option<i64>, decimals: Option<i32>) -> Result<Option<Decimal>, StoreError> {
    match (digits, decimals) {
        (Some(digits), Some(decimals)) => decimal(digits, decimals).map(Some),
        _ => Ok(None),
    }
}

/// A period in three columns.
pub(super) fn period(calendar: &str, start: NaiveDate, end: NaiveDate) -> Result<Period, StoreError> {
    Ok(Period::of_days(word(calendar, Calendar::parse)?, start, end))
}

/// A timestamp in the form of its column.
pub(super) fn stamp(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc()
}
