//! lib
pub mod app;
pub mod command;
pub mod config;
pub mod domain;
pub mod formats;
pub mod http;
pub mod service;
pub mod state;
pub mod store;
pub mod web;
