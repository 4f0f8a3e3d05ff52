//! Parts and totals: where the members of a breakdown are the whole by definition, they add up to the total.
//! A missing total is formed from all of them, a missing one from the total and the others; what does not add up is named.

use super::breakdown::Breakdown;
use super::derivation::{self, add_up};
use super::formed::{Along, Derived, Figures, Part, reported_coverage};
use super::indicator::Indicator;
use super::observation::Observation;
use super::period::Period;
use super::quantity::{Quantity, Sign};

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

/// Forms the figure of a part from the others of a complete breakdown: of several dimensions by the first that can.
/// `None` where one of them is not known, or their sum cannot be true.
#[must_use]
pub fn derive(indicator: &Indicator, breakdown: &Breakdown, period: Period, known: &Figures) -> Option<Derived> {
    wholes(indicator, breakdown).find_map(|whole| derive_within(indicator, breakdown, period, known, &whole))
}

fn derive_within(indicator: &Indicator, breakdown: &Breakdown, period: Period, known: &Figures, whole: &Whole) -> Option<Derived> {
    let terms: Vec<(Sign, Breakdown)> = if *breakdown == whole.total {
        whole.parts.iter().map(|part| (Sign::Plus, part.clone())).collect()
    } else {
        let others = whole.parts.iter().filter(|part| *part != breakdown).map(|part| (Sign::Minus, part.clone()));
        std::iter::once((Sign::Plus, whole.total.clone())).chain(others).collect()
    };
    let known_of = |part: &Breakdown| known_figure(indicator, period, known.get(part)?);
    let formed: Vec<(Sign, Derived)> = terms.iter().map(|(sign, part)| Some((*sign, known_of(part)?))).collect::<Option<_>>()?;
    let figure = add_up(indicator, formed.iter().map(|(sign, derived)| (*sign, derived.figure))).ok()?;
    let coverage = formed.iter().map(|(_, derived)| derived.coverage).min_by_key(|coverage| coverage.have)?;
    let parts = formed
        .into_iter()
        .flat_map(|(outer, derived)| derived.parts.into_iter().map(move |part| Part { sign: part.sign.within(outer), ..part }));
    Some(Derived { figure, parts: parts.collect(), along: Along::Parts(terms), coverage })
}

/// What is known of a part by itself: reported, or formed over time.
fn known_figure(indicator: &Indicator, period: Period, of_part: &[Observation]) -> Option<Derived> {
    let Some(reported) = of_part.iter().find(|o| o.period == period) else {
        return derivation::derive(indicator, period, of_part).ok();
    };
    let figure = *reported.figure()?;
    let coverage = reported_coverage(period, &figure)?;
    Some(Derived { figure, along: Along::Time, parts: vec![Part::of(Sign::Plus, reported, figure)], coverage })
}

/// A whole whose reported parts do not add up to its reported total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The total and its parts.
    pub whole: Whole,
    /// The figures that break the rule, in words.
    pub message: String,
}

/// The wholes around a part whose total and parts are all reported for a period and do not add up.
#[must_use]
pub fn mismatches(indicator: &Indicator, breakdown: &Breakdown, period: Period, known: &Figures) -> Vec<Mismatch> {
    let reported = |part: &Breakdown| {
        let observation = known.get(part)?.iter().find(|o| o.period == period)?;
        observation.figure().map(|figure| figure.quantity)
    };
    let counted = indicator.is_count();
    let check = |whole: Whole| {
        let total = reported(&whole.total)?;
        let parts: Vec<Quantity> = whole.parts.iter().map(reported).collect::<Option<_>>()?;
        let sum = Quantity::sum(parts.iter().map(|part| (Sign::Plus, *part))).ok()?;
        let slack = parts.iter().chain([&total]).map(|quantity| quantity.half_unit(counted)).sum();
        if !total.contradicts(sum, slack) {
            return None;
        }
        let terms: Vec<String> = whole.parts.iter().zip(&parts).map(|(name, part)| format!("{name} {part}")).collect();
        let message = format!("{} make {sum}, not the total {total} of {period}", terms.join(" + "));
        Some(Mismatch { whole, message })
    };
    wholes(indicator, breakdown).filter_map(check).collect()
}
