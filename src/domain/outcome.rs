//! The outcome of a submitted row: the same codes for figures, targets, obligations and provinces.
//! Each of these has its own code that decides the outcome.

use super::fault::code_list;

code_list! {
    /// The outcome of a submitted row.
    pub enum Outcome {
        /// The first figure of this series and period.
        Created = "created",
        /// A new revision of a stored figure.
        Updated = "updated",
        /// The stored figure is already the same. A further source document is added to it.
        Unchanged = "unchanged",
        /// The stored figure was wrong and is withdrawn: there is no figure now.
        Withdrawn = "withdrawn",
        /// The row is not stored. Only in a batch that accepts its valid rows without the invalid ones.
        Rejected = "rejected",
    }
}
