//! Figures that nobody reported, derived from reported ones: over time, over breakdowns, over areas.
//! There is no comparison here.

pub mod derived;
pub mod input;
pub mod over_areas;
pub mod over_parts;
pub mod over_time;
pub mod resolve;
pub mod territory;
