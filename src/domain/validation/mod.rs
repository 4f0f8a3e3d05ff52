//! Rules between figures: how they are written, evaluated and explained.
//! Which rows of a submission they refuse is in `submission`.

pub mod evaluate;
pub mod explain;
pub mod report;
pub mod rule_check;
pub mod rule_draft;

#[cfg(test)]
pub(crate) mod testing;
