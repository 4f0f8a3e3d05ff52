//! Series: one indicator, one province and one breakdown, measured over periods.
//! The figures of a series are in `observation`.

use super::breakdown::Breakdown;

/// The identity of a series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey {
    /// The key of the province.
    pub province: String,
    /// The code of the indicator.
    pub indicator: String,
    /// The breakdown; empty for the total.
    pub breakdown: Breakdown,
}
