//! Warnings: what is odd about a row that breaks no rule.
//! What is wrong with a row is a fault.

use crate::domain::fault::code_list;
use crate::domain::message::Message;

code_list! {
    /// A warning about a row. The row is accepted only with `acknowledge` or, for a rule of the stored figures, with `force`.
    pub enum Warning {
        /// The change on the same period last year exceeds the limit of the indicator.
        YearOnYearJump = "yoy_jump",
        /// The figure is far from at least eight earlier figures of the series.
        Outlier = "outlier",
        /// The year to date is below an earlier one of the same year.
        FallingYearToDate = "falling_ytd",
        /// The figure differs from the value that the other stored figures give, beyond rounding.
        Disagreement = "disagreement",
        /// The figure breaks a rule, together with the other stored figures.
        RuleBroken = "rule_broken",
        /// A line of a CSV file that was probably meant to be divided into other cells, such as `77,15` without quotes.
        SuspiciousCell = "suspicious_cell",
        /// The row of a workbook is hidden, or a column of it that is read: a filter or a collapsed group hides rows too.
        HiddenRow = "hidden_row",
        /// The parts do not add up to the total; accepted because the sender set `force`.
        PartsDisagree = "parts_disagree",
        /// The rate differs from its numerator divided by its denominator; accepted because the sender set `force`.
        RateDisagrees = "rate_disagrees",
        /// The figure replaces a more final one; accepted because the sender set `force`.
        LowerStatus = "lower_status",
        /// The row would undo something newer: it brings back a replaced value, or its document is older than that of the current revision.
        Reverts = "reverts",
        /// Another revision of the figure is current than at the submission of the row. Only in a review.
        ChangedSinceSubmitted = "changed_since_submitted",
        /// The row was submitted after the closing day of its period; accepted because the sender set `force`.
        AfterClosing = "after_closing",
    }
}

/// A warning with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowWarning {
    /// The warning code.
    pub code: Warning,
    /// A sentence for readers, with the figures, in both languages.
    pub message: Message,
}
