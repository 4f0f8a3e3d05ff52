//! Receiving figures: batches, streams, their workflow, and requests that are repeated.
//! Figures are read in `figures`.

mod duplicates;
mod external_sort;
pub mod idempotency;
mod past;
pub mod review;
pub mod streams;
pub mod submissions;
