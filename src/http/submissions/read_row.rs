//! A row as it was read, in the answer: what the sender said, in the words of the service.
//! The result of the row is in `submissions`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::RowContent;
use crate::domain::submission::read_row::{self, ReadProvince};
use crate::domain::time::period::Calendar;

/// A row as it was read, rejected or not; what could not be read is null or absent. Rows of early versions have none of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadRow {
    /// Place of the row in the file or stream; absent for JSON
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "row 12, column A")]
    pub(super) location: Option<String>,
    /// The province at the end of the period
    province: Option<RowProvince>,
    /// Code of the indicator
    indicator: Option<String>,
    /// The breakdown; absent for the total
    #[serde(skip_serializing_if = "Option::is_none")]
    breakdown: Option<Breakdown>,
    /// Period code in the preferred form
    #[schema(example = "2024-05")]
    period: Option<String>,
    /// Calendar of the period
    calendar: Option<Calendar>,
    /// The number that was read; null for a range, and without a figure
    #[schema(example = 1596)]
    value: Option<Decimal>,
    /// The numbers that the cells of a workbook show, by field, where these are others, such as rounded ones: `value`, `low` and `high` in
    /// `unit_mult`
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, example = json!({"value": "77.2"}))]
    shown: BTreeMap<String, String>,
    /// Lower end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Numerator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<Decimal>,
    /// Denominator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<Decimal>,
    /// Unit multiplier of `value`, `low` and `high`, as a power of ten: the indicator's for an accepted row, as sent for a rejected row
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_mult: Option<i32>,
    /// Observation status of the figure
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// Relation of the number to the true value
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<Bound>,
    /// Reference date of a stock
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    /// True for nothing to report
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    nil: bool,
    /// True for a withdrawal
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    withdraw: bool,
}

/// The province of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowProvince {
    /// Key
    #[schema(example = "bac-giang-1997")]
    key: String,
    /// Vietnamese name
    #[schema(example = "Bắc Giang")]
    name: String,
}

impl From<read_row::ReadRow> for ReadRow {
    fn from(row: read_row::ReadRow) -> ReadRow {
        let read_row::ReadRow { location, province, indicator, breakdown, period, calendar, content, shown } = row;
        let of_row = ReadRow {
            location: location.map(|location| location.to_string()),
            province: province.map(|ReadProvince { key, name }| RowProvince { key, name }),
            indicator,
            breakdown: breakdown.filter(|breakdown| !breakdown.is_total()),
            period: period.map(|period| period.to_string()),
            calendar,
            value: None,
            shown,
            low: None,
            high: None,
            numerator: None,
            denominator: None,
            unit_mult: None,
            status: None,
            bound: None,
            as_of: None,
            nil: matches!(content, Some(RowContent::Nil)),
            withdraw: matches!(content, Some(RowContent::Withdraw)),
        };
        let Some(RowContent::Figure(figure)) = content else { return of_row };
        let SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of } = figure;
        ReadRow { value, low, high, numerator, denominator, unit_mult, status: Some(status), bound: Some(bound), as_of, ..of_row }
    }
}
