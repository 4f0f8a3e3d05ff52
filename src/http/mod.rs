//! The JSON API: one file per resource, short handlers, one route table, one shape for every fault.
//! Unpacks and packs; decides nothing.

pub mod calendar;
pub mod claims;
pub mod clients;
pub mod comparisons;
pub mod completeness;
pub mod cors;
pub mod edge;
pub mod etag;
pub mod health;
pub mod indicators;
pub mod language;
pub mod limits;
pub mod obligations;
pub mod observations;
pub mod organisations;
pub mod page;
pub mod peer;
pub mod problem;
pub mod provinces;
pub mod rankings;
pub mod request;
pub mod review;
pub mod routes;
pub mod rules;
pub mod sent;
pub mod series;
pub mod streams;
pub mod submissions;
pub mod table;
pub mod targets;
pub mod templates;
pub mod token;
pub mod validations;
pub mod view;
pub mod well_known;
