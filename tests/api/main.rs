//! The API over real HTTP, on SQLite always and on PostgreSQL where its server binaries are found: one file per capability.

#![allow(missing_docs, reason = "test names are sentences")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

mod areas;
mod assertions;
mod audit;
mod authz;
mod bad_input;
mod calendars;
mod claims;
mod comparisons;
mod completeness;
mod contract;
mod declared;
mod derivation;
mod fairness;
mod files;
mod goals;
mod goals_refused;
mod idempotency;
mod indicators;
mod keys;
mod limits;
mod migrated_data;
mod migrations;
mod obligations;
mod pages;
mod partial;
mod parts;
mod plausibility;
mod provinces;
mod qualifiers;
mod rankings;
mod reorganisations;
mod reorganisations_refused;
mod reorganised_lineages;
mod restricted;
mod reviewing;
mod revisions;
mod revocation;
mod rounding;
mod rules;
mod rules_kept;
mod series;
mod streams;
mod submissions;
mod succession;
mod targets;
mod templates;
mod territories;
mod territories_periods;
mod time_travel;
mod token_attacks;
mod tokens;
mod trusted_issuer;
mod unseen;
mod validations;
mod vintages;
mod warnings;
mod withdrawals;
mod worked;
mod worked_periods;
mod workflow;
