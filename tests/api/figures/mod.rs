//! Series and the figures in them: derived, restated, revised.
//! Comparisons have a folder of their own.

pub mod areas;
pub mod calendars;
pub mod country;
pub mod declared;
pub mod derivation;
pub mod parts;
pub mod qualifiers;
pub mod reorganised_lineages;
pub mod revisions;
pub mod rounding;
pub mod series;
pub mod since_1997;
pub mod territories;
pub mod territories_periods;
pub mod time_travel;
pub mod validations;
pub mod vintages;
pub mod worked;
pub mod worked_periods;
