//! Figures and numbers in answers, and numbers in requests.
//! The provenance of a figure is in `provenance`.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::{Figure, Status};

/// A reported or derived number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Number {
    /// The value, with the digits of the submission; null for a range
    #[schema(required = true, example = 1135)]
    pub value: Option<Decimal>,
    /// Lower end; only for a range
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// Upper end; only for a range
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// Relation of the number to the true value
    pub bound: Bound,
}

impl From<Quantity> for Number {
    fn from(quantity: Quantity) -> Number {
        let interval = quantity.interval();
        Number {
            value: quantity.value(),
            low: interval.map(|ends| ends.low),
            high: interval.map(|ends| ends.high),
            bound: quantity.bound(),
        }
    }
}

/// A reported or derived figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureView {
    #[serde(flatten)]
    number: Number,
    /// Numerator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Decimal>,
    /// Denominator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Decimal>,
    /// Observation status
    pub status: Status,
    /// Reference date of a stock ("tính đến 31/5/2024"), if the report states it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
}

impl From<&Figure> for FigureView {
    fn from(figure: &Figure) -> FigureView {
        let Figure { quantity, numerator, denominator, status, as_of } = *figure;
        FigureView { number: quantity.into(), numerator, denominator, status, as_of }
    }
}
