//! Warnings: what is odd about a row that breaks no rule.
//! What is wrong with a row is a fault.

use crate::domain::fault::code_list;

code_list! {
    /// What is odd about a row: it is accepted only where the sender acknowledges it, or for a rule of the severity `error` sets `force`.
    pub enum Warning {
        /// Another figure than last year's by more than the indicator's limit.
        YearOnYearJump = "yoy_jump",
        /// Far from what the series was in at least eight periods before.
        Outlier = "outlier",
        /// A year to date below an earlier one of the same year.
        FallingYearToDate = "falling_ytd",
        /// The other figures on record make another one, beyond rounding.
        Disagreement = "disagreement",
        /// It breaks a rule, with the other figures on record.
        RuleBroken = "rule_broken",
        /// The parts do not add up to the total; accepted because the sender insisted.
        PartsDisagree = "parts_disagree",
        /// The rate is not its numerator over its denominator; accepted because the sender insisted.
        RateDisagrees = "rate_disagrees",
        /// It replaced a more final figure; accepted because the sender insisted.
        LowerStatus = "lower_status",
        /// It came after the closing day of its period; accepted because the sender insisted.
        AfterClosing = "after_closing",
    }
}

/// A warning and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(title = "RowWarning")]
pub struct RowWarning {
    /// What kind of warning.
    pub code: Warning,
    /// A sentence for people, with the figures.
    pub message: String,
}
