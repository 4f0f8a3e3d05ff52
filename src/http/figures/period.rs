//! Periods in answers.
//! Period codes of requests are in `domain::time::period_code`.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::time::period::{Calendar, Period};

/// A period: its code, its calendar and its days.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodView {
    /// The code
    #[schema(example = "2024-H1")]
    pub code: String,
    /// The calendar
    pub calendar: Calendar,
    /// First day
    pub start: NaiveDate,
    /// Last day
    pub end: NaiveDate,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> PeriodView {
        PeriodView { code: period.to_string(), calendar: period.calendar(), start: period.start(), end: period.end() }
    }
}
