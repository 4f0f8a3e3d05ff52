//! The contract, the audit log, migrations, pages and limits.
//! Who may do what is in `auth`.

pub mod audit;
pub mod audit_chain;
pub mod audit_log;
pub mod contract;
pub mod cors;
pub mod costs;
pub mod get_and_put;
pub mod golden;
pub mod languages;
pub mod limits;
pub mod migrated_data;
pub mod migrations;
pub mod pages;
pub mod web_safety;
