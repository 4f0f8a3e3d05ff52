//! Sources: the documents that figures, targets and reorganisations are taken from.
//! Where in a document a figure stands is with the observation.

use chrono::NaiveDate;

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
