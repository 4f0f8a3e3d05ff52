//! Sources: the documents of figures, targets and reorganisations.
//! The page and the wording within a document belong to the observation.

use chrono::NaiveDate;

/// The source document of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// The title.
    pub title: Option<String>,
    /// The document number, such as `52/BC-STTTT`. Drafts have none.
    pub number: Option<String>,
    /// The date of issue.
    pub date: Option<NaiveDate>,
}
