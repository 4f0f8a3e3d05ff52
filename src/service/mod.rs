//! The services, one file per noun: authorise, load, decide (in `domain`), store, inside one `Db::read` or `Db::write`.
//! They know no status codes and no SQL.

pub mod auth;
pub mod blocking;
pub mod catalogue;
pub mod error;
pub mod figures;
pub mod network;
pub mod operations;
pub mod reporting;
pub mod submissions;
pub mod targets;

pub use error::{ServiceError, StoreError};
