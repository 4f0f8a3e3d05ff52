//! Comparisons, rankings, claims and targets.
//! Plain series are in `figures`.

pub mod claims;
pub mod comparisons;
pub mod fairness;
pub mod gaps;
pub mod goals;
pub mod goals_refused;
pub mod rankings;
pub mod succession;
pub mod targets;
pub mod tet;
