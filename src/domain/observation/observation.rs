//! Observations: the content of one series in one period, revision by revision, and the source documents.
//! The revision rules are in `submission`.

use crate::domain::catalogue::source::Source;
use chrono::{DateTime, Utc};

use super::figure::Figure;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::fault::code_list;
use crate::domain::time::period::Period;

/// The place and the wording of a figure in its source document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Citation {
    /// The document.
    pub source: Source,
    /// Page or line.
    pub locator: Option<String>,
    /// The original words: "nộp ngân sách khoảng trên 30 tỷ đồng".
    pub wording: Option<String>,
}

code_list! {
    /// The vintage of a series: the revisions that it is made of.
    pub enum Vintage {
        /// The first revision of each period.
        First = "first",
        /// The latest revision of each period.
        Latest = "latest",
        /// Every revision, in order.
        All = "all",
    }
}

/// The content of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// A figure.
    Figure(Figure),
    /// A declaration that there is nothing to report (không phát sinh): neither zero nor missing.
    Nil,
    /// The earlier content was wrong, and there is no figure.
    Withdrawn,
}

impl Content {
    /// Whether two contents have the same value. Their status may differ.
    #[must_use]
    pub fn same_value(&self, other: &Content) -> bool {
        match (self, other) {
            (Content::Figure(one), Content::Figure(other)) => *one == Figure { status: one.status, ..*other },
            _ => self == other,
        }
    }

    /// Whether two contents have the same number and bound. Status, reference day, numerator and denominator may differ.
    #[must_use]
    pub fn same_quantity(&self, other: &Content) -> bool {
        match (self, other) {
            (Content::Figure(one), Content::Figure(other)) => one.quantity == other.quantity,
            _ => self == other,
        }
    }

    /// The figure, if there is one.
    #[must_use]
    pub fn figure(&self) -> Option<&Figure> {
        match self {
            Content::Figure(figure) => Some(figure),
            Content::Nil | Content::Withdrawn => None,
        }
    }
}

/// One revision of the observation of a series in a period.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first revision, then one more for each change. Each revision supersedes the one before.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The content of the revision.
    pub content: Content,
    /// The version of the indicator definition at the time of the report.
    pub definition_version: i32,
    /// The source of the figure.
    pub citation: Citation,
    /// The reason for the revision, if given.
    pub reason: Option<String>,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Observation {
    /// The figure, if there is one.
    #[must_use]
    pub fn figure(&self) -> Option<&Figure> {
        self.content.figure()
    }
}

/// A revision and its place in the history.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The revision.
    pub observation: Observation,
    /// The time at which the next revision superseded it; `None` for the current revision.
    pub superseded_at: Option<DateTime<Utc>>,
    /// The reporting organisation.
    pub organisation: Option<String>,
    /// The submission of this revision.
    pub submission: String,
    /// Further source passages with the same content.
    pub confirmed_by: Vec<Citation>,
}
