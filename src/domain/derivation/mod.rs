//! Figures that nobody reported, derived from those that were: over time, over breakdowns, over areas.
//! Compares nothing.

pub mod derived;
pub mod input;
pub mod over_areas;
pub mod over_parts;
pub mod over_time;
pub mod resolve;
pub mod territory;
