//! Comparisons, rankings and claims over HTTP.
//! Plain series are in `figures`.

pub mod attainment;
pub mod claims;
pub mod comparisons;
pub mod earlier;
pub mod judged_claim;
pub mod rankings;
pub mod table;
