//! Receiving figures: batches, files, streams, workflow, refusals.
//! Reading them is in `figures`.

pub mod answers;
pub mod bad_input;
pub mod files;
pub mod idempotency;
pub mod newer;
pub mod numbers;
pub mod partial;
pub mod plausibility;
pub mod reviewing;
pub mod rules_kept;
pub mod streams;
pub mod submissions;
pub mod tables;
pub mod warnings;
pub mod withdrawals;
pub mod wording;
pub mod workbooks;
pub mod workflow;
