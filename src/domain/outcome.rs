//! The outcome of a row that was sent: the same words for figures, targets, obligations and provinces.
//! What decides it is with each of these.

use super::fault::code_list;

code_list! {
    /// What became of a row.
    pub enum Outcome {
        /// The first figure of this series and period.
        Created = "created",
        /// A new revision of a figure on record.
        Updated = "updated",
        /// The figure on record already says so; another document that says it is remembered.
        Unchanged = "unchanged",
        /// What was on record was wrong, and there is none now.
        Withdrawn = "withdrawn",
        /// The row is not recorded; of a batch that takes good rows without bad ones.
        Rejected = "rejected",
    }
}
