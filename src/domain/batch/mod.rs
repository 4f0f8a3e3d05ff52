//! Batches of rows: checked row by row, with the place of every error.
//! The effect of rows on stored figures is in `submission`.

pub mod layout;
pub mod rows;
