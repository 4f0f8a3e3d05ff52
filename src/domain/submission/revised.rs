//! A row of a submission with the revision that it makes.
//! How it is decided is in `revise`.

use super::draft::{ClaimChange, Row};
use super::submission::RowOutcome;
use super::warning::RowWarning;
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;

/// A row, and the revision that says what it says.
#[derive(Debug)]
pub struct Revised {
    /// The row.
    pub row: Row,
    /// What it does.
    pub outcome: Outcome,
    /// The new revision; the one on record where that is unchanged.
    pub observation: Observation,
    /// What becomes of the claims about it: those of the row, and with a withdrawn figure all that were made about it.
    pub claims: Vec<ClaimChange>,
    /// What is odd about it.
    pub warnings: Vec<RowWarning>,
}

impl Revised {
    /// What became of the row; a new figure that is not published yet has no id.
    #[must_use]
    pub fn row_outcome(&self, published: bool) -> RowOutcome {
        RowOutcome {
            row_ref: self.row.row_ref.clone(),
            outcome: self.outcome,
            observation: (published || self.outcome != Outcome::Created).then(|| self.observation.id.clone()),
            errors: Vec::new(),
            warnings: self.warnings.clone(),
        }
    }
}
