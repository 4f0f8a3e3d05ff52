//! The rows of a submission as sent, for the reviewer and for the sender who corrects them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;

use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::{ClaimChange, DraftRow, RowContent};

use crate::domain::submission::warning::Warning;
use crate::domain::time::period::Calendar;

/// A row as sent, in a form that can be sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentRow {
    /// Code of the indicator
    #[serde(skip_serializing_if = "Option::is_none")]
    indicator: Option<String>,
    /// The breakdown; the total when absent
    #[serde(skip_serializing_if = "Option::is_none")]
    breakdown: Option<Breakdown>,
    /// The period of the row, or of the batch
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2024-05")]
    period: Option<String>,
    /// The calendar of the period, if it differs from the batch
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
    /// The value
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Decimal>,
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
    /// Unit multiplier of the numbers, as a power of ten; the indicator's when absent
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_mult: Option<i32>,
    /// Observation status
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// Relation of the number to the true value
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<Bound>,
    /// Reference date of a stock
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    /// True for nothing to report
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    nil: bool,
    /// True to withdraw the current figure
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    withdraw: bool,
    /// Reason for replacing the current figure
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Whether the row sets `force`
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    force: bool,
    /// Warnings that the sender confirms
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    acknowledge: Vec<Warning>,
    /// Page or line of the source
    #[serde(skip_serializing_if = "Option::is_none")]
    locator: Option<String>,
    /// Wording of the source
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<String>,
    /// Comparisons printed in the report about this figure
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    claims: Vec<SentClaim>,
}

/// A printed comparison as sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentClaim {
    /// Kind of comparison
    kind: ClaimKind,
    /// The number, with its printed digits
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Decimal>,
    /// True to withdraw the claim
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    withdraw: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<DraftRow> for SentRow {
    fn from(row: DraftRow) -> SentRow {
        let (nil, withdraw) = (matches!(row.says, Some(RowContent::Nil)), matches!(row.says, Some(RowContent::Withdraw)));
        let figure = match row.says {
            Some(RowContent::Figure(figure)) => Some(figure),
            _ => None,
        };
        let number = |of: fn(&SentFigure) -> Option<Decimal>| figure.as_ref().and_then(of);
        SentRow {
            indicator: row.indicator,
            breakdown: row.breakdown.filter(|breakdown| !breakdown.is_total()),
            // A period has the same code in every calendar.
            period: row.period.map(|period| period.in_calendar(Calendar::Civil).to_string()),
            calendar: row.calendar,
            value: number(|figure| figure.value),
            low: number(|figure| figure.low),
            high: number(|figure| figure.high),
            numerator: number(|figure| figure.numerator),
            denominator: number(|figure| figure.denominator),
            unit_mult: figure.as_ref().and_then(|figure| figure.unit_mult),
            status: figure.as_ref().map(|figure| figure.status),
            bound: figure.as_ref().map(|figure| figure.bound),
            as_of: figure.as_ref().and_then(|figure| figure.as_of),
            nil,
            withdraw,
            reason: row.reason,
            force: row.force,
            acknowledge: row.acknowledge,
            locator: row.locator,
            wording: row.wording,
            claims: row.claims.into_iter().map(SentClaim::from).collect(),
        }
    }
}

impl From<ClaimChange> for SentClaim {
    fn from(ClaimChange { kind, value }: ClaimChange) -> SentClaim {
        SentClaim { kind, value, withdraw: value.is_none() }
    }
}
