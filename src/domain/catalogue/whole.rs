//! Complete breakdowns: a total and the breakdowns that add up to it by definition.
//! Figures are derived from them in `derivation`.

use super::breakdown::Breakdown;
use super::indicator::Indicator;

/// A total and the breakdowns that add up to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Whole {
    /// The total. It may itself be a breakdown by another dimension.
    pub total: Breakdown,
    /// All its breakdowns by one dimension.
    pub parts: Vec<Breakdown>,
}

/// The totals that a breakdown belongs to, one per complete dimension, in the order of the dimension names. For a dimension that the
/// breakdown has, it is one of the parts; for any other dimension it is the total.
pub fn wholes(indicator: &Indicator, breakdown: &Breakdown) -> impl Iterator<Item = Whole> {
    let complete = indicator.breakdowns.iter().filter(|(_, of)| of.complete);
    complete.filter_map(|(dimension, of)| {
        let total = breakdown.without(dimension);
        let parts = of.values.iter().flatten().map(|member| total.with(dimension, member)).collect();
        of.values.as_ref().map(|_| Whole { total, parts })
    })
}
