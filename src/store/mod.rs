//! The only room with SQL: one set of diesel queries for SQLite and PostgreSQL.
//! Functions take a connection inside a transaction and return domain types.

pub mod answers;
pub mod audit;
pub mod checks;
pub mod claims;
pub mod clients;
pub mod conn;
pub mod definitions;
pub mod indicators;
pub mod keys;
pub mod migrate;
pub mod obligations;
pub mod observations;
pub mod organisations;
pub mod provinces;
mod revisions;
pub mod rules;
mod schema;
mod series;
pub mod stored;
pub mod submissions;
pub mod targets;
pub mod tokens;
mod values;
pub mod writes;

pub use conn::{Conn, Db, StoreError};
