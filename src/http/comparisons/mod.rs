//! Comparisons, rankings and claims over HTTP.
//! Plain series are in `figures`.

pub mod claims;
pub mod comparisons;
pub mod rankings;
pub mod table;
