//! A row of a submission with its resulting revision.
//! The decision is in `revise`.

use super::draft::{ClaimChange, Row};
use super::read_row::ReadRow;
use super::submission::RowOutcome;
use super::warning::RowWarning;
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;

/// A row and its resulting revision.
#[derive(Debug)]
pub struct Revised {
    /// The row.
    pub row: Row,
    /// The effect of the row.
    pub outcome: Outcome,
    /// The new revision, or the current one if it is unchanged.
    pub observation: Observation,
    /// The changes of claims: those of the row, and the withdrawal of all claims if the figure is withdrawn.
    pub claims: Vec<ClaimChange>,
    /// The warnings of the row.
    pub warnings: Vec<RowWarning>,
}

impl Revised {
    /// The result of the row. A new figure has no id before it is published.
    #[must_use]
    pub fn row_outcome(&self, published: bool, read: ReadRow) -> RowOutcome {
        RowOutcome {
            row_ref: self.row.row_ref.clone(),
            outcome: self.outcome,
            observation: (published || self.outcome != Outcome::Created).then(|| self.observation.id.clone()),
            current_revision: (!published).then(|| self.observation.revision - i32::from(self.outcome != Outcome::Unchanged)),
            read: Some(read),
            errors: Vec::new(),
            warnings: self.warnings.clone(),
        }
    }
}
