//! chitieu records the figures that Vietnamese provincial departments report and compares each with the same period last
//! year and with its target.
//!
//! Data flows one way through the rooms:
//!
//! ```text
//! command, app          the command line; every route and middleware
//!    http, web          the JSON API; pages for people
//!    server_state       the objects of the service and the context
//!       service         authorise, load, decide, store: one transaction per call
//!       context         database, clock, settings, the catalogue in memory
//!          store        SQL, for SQLite and PostgreSQL
//!    formats            bytes to domain values
//!       domain          rules that need no database or protocol
//! ```
//!
//! Start reading at [`domain::time::period`] and [`domain::comparison::compare`], then [`service::figures::comparisons`], then [`http::comparisons::comparisons`].

pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod context;
pub mod domain;
pub mod formats;
pub mod http;
pub mod server_state;
pub mod service;
pub mod store;
pub mod web;
