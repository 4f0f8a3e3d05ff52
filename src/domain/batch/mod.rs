//! Lists of rows as they are sent: checked row by row, with the place of every fault.
//! What rows do to stored figures is in `submission`.

pub mod layout;
pub mod rows;
