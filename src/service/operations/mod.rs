//! The audit log and the checks of the database.
//! Health is answered in `http`.

pub mod audit;
pub mod checks;
pub mod origin;
