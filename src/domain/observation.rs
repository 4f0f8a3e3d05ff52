//! Observations: the figure of one series for one period, and the document it was taken from.

use chrono::{DateTime, NaiveDate, Utc};

use super::figure::Figure;
use super::period::Period;
use super::series::SeriesKey;

/// The document that a figure was taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The title.
    pub title: Option<String>,
    /// The number, such as `52/BC-STTTT`; drafts have none.
    pub number: Option<String>,
    /// The day it was issued.
    pub date: Option<NaiveDate>,
}

/// A figure on record: one revision of what is known of a series in a period.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first, one more for each change.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The figure.
    pub figure: Figure,
    /// The version of the indicator's definition that it was reported under.
    pub definition_version: i32,
    /// Where in the source it stands.
    pub locator: Option<String>,
    /// The document.
    pub source: Source,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}
