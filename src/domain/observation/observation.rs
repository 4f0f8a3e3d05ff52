//! Observations: what is on record of one series for one period, revision by revision, and the documents it was taken from.

use crate::domain::catalogue::source::Source;
use chrono::{DateTime, Utc};

use super::figure::Figure;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::fault::code_list;
use crate::domain::time::period::Period;

/// Where in a document a figure stands, and how it says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Citation {
    /// The document.
    pub source: Source,
    /// Page or line.
    pub locator: Option<String>,
    /// The words themselves: "nộp ngân sách khoảng trên 30 tỷ đồng".
    pub wording: Option<String>,
}

code_list! {
    /// Which revisions of the figures a series is made of.
    pub enum Vintage {
        /// What was said first of each period.
        First = "first",
        /// What is said last.
        Latest = "latest",
        /// Every revision, one after the other.
        All = "all",
    }
}

/// What a revision says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A figure.
    Figure(Figure),
    /// There is nothing to report (không phát sinh): a declaration of its own, neither zero nor missing.
    Nil,
    /// What was said before was wrong, and there is no figure.
    Withdrawn,
}

impl Content {
    /// The figure, if there is one.
    #[must_use]
    pub fn figure(&self) -> Option<&Figure> {
        match self {
            Content::Figure(figure) => Some(figure),
            Content::Nil | Content::Withdrawn => None,
        }
    }
}

/// One revision of what is known of a series in a period.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first, one more for each change; each supersedes the one before.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What it says.
    pub content: Content,
    /// The version of the indicator's definition that it was reported under.
    pub definition_version: i32,
    /// Where it was taken from.
    pub citation: Citation,
    /// Why it replaced the revision before, where somebody said so.
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

/// A revision with its place in the history.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The revision.
    pub observation: Observation,
    /// When the next revision superseded it; `None` for the current one.
    pub superseded_at: Option<DateTime<Utc>>,
    /// The organisation that reported it.
    pub organisation: Option<String>,
    /// The submission that brought it.
    pub submission: String,
    /// Further places that say the same.
    pub confirmed_by: Vec<Citation>,
}
