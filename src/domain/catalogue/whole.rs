//! Complete breakdowns: a total and the breakdowns that add up to it by definition.
//! Figures are derived from them in `derivation`.

use super::breakdown::Breakdown;
use super::indicator::Indicator;

/// A total and the parts that should make it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Whole {
    /// The total; it may itself be a part by another dimension.
    pub total: Breakdown,
    /// All its parts by one dimension.
    pub parts: Vec<Breakdown>,
}

/// The wholes that a part belongs to: as their total, by each complete dimension it is not of, and as one of the parts, by each
/// it is of. In the order of the dimensions' names.
pub fn wholes(indicator: &Indicator, breakdown: &Breakdown) -> impl Iterator<Item = Whole> {
    let complete = indicator.breakdowns.iter().filter(|(_, of)| of.complete);
    complete.filter_map(|(dimension, of)| {
        let total = breakdown.without(dimension);
        let parts = of.values.iter().flatten().map(|member| total.with(dimension, member)).collect();
        of.values.as_ref().map(|_| Whole { total, parts })
    })
}
