//! Rules between figures: their definition, evaluation and explanation.
//! The rejection of rows is in `submission`.

pub mod evaluate;
pub mod explain;
pub mod report;
pub mod rule_check;
pub mod rule_draft;

#[cfg(test)]
pub(crate) mod testing;
