//! How domain values stand in columns: decimals as digits, words as text, times in UTC to the microsecond.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::conn::StoreError;
use crate::domain::fault::Fault;
use crate::domain::number::decimal::Decimal;
use crate::domain::time::period::{Calendar, Period};

/// A word that only this program writes.
pub(super) fn word<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, StoreError> {
    parse(text).map_err(|fault| StoreError::Corrupt(fault.message))
}

/// A number from its two columns.
pub(super) fn decimal(digits: i64, decimals: i32) -> Result<Decimal, StoreError> {
    Decimal::from_scaled(digits, decimals).ok_or_else(|| StoreError::Corrupt(format!("{digits} with {decimals} decimals")))
}

/// A number from two columns that may both be empty.
pub(super) fn optional_decimal(digits: Option<i64>, decimals: Option<i32>) -> Result<Option<Decimal>, StoreError> {
    match (digits, decimals) {
        (Some(digits), Some(decimals)) => decimal(digits, decimals).map(Some),
        _ => Ok(None),
    }
}

/// A period from its three columns.
pub(super) fn period(calendar: &str, start: NaiveDate, end: NaiveDate) -> Result<Period, StoreError> {
    Ok(Period::of_days(word(calendar, Calendar::parse)?, start, end))
}

/// A time as the column keeps it.
pub(super) fn stamp(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc()
}
