//! Derivation over areas: additive figures of all units are added; rates are recomputed from numerators and denominators.
//! All other figures are unavailable. A figure is never estimated from some of the units.

use super::derived::{Coverage, DerivationKind, DerivedValue, Operand, ResolvedValue, Unavailable, ValueOrigin, operands_of};
use super::over_time::{add_up, recombine};
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::number::quantity::Sign;
use crate::domain::observation::figure::Figure;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// Derives the figure of an area from the figures of all its units, each with its key.
///
/// # Errors
/// `not_additive` for indicators that do not add up over provinces, and for rates without numerator and denominator;
/// as well as where that is so of a unit; `low_coverage` where a unit has no figure, or the units' states are of different days; what else
/// [`derive`](super::over_time::derive) says of sums.
pub fn resolve(
    indicator: &Indicator,
    period: Period,
    units: &[(String, Result<ResolvedValue, Unavailable>)],
) -> Result<ResolvedValue, Unavailable> {
    let refuse = |reason: Reason| Unavailable { parts: known_parts(units), ..Unavailable::from_reason(reason) };
    if !matches!(indicator.area_aggregation, Aggregation::Sum | Aggregation::Ratio) {
        return Err(refuse(Reason::NotAdditive));
    }
    let known: Option<Vec<(&String, &ResolvedValue)>> = units.iter().map(|(key, formed)| Some((key, formed.as_ref().ok()?))).collect();
    // Of a unit that cannot be formed at all no report would make the area's.
    let never = units.iter().any(|(_, unit)| unit.as_ref().is_err_and(|unavailable| unavailable.reason == Reason::NotAdditive));
    let missing = if never { Reason::NotAdditive } else { Reason::LowCoverage };
    let known = known.filter(|known| !known.is_empty()).ok_or_else(|| refuse(missing))?;
    // States of different days make no state of any day.
    let first = known[0].1.figure.day(period);
    if indicator.is_state() && known.iter().any(|(_, formed)| formed.figure.day(period) != first) {
        return Err(refuse(Reason::LowCoverage));
    }
    let figures = known.iter().map(|(_, formed)| (Sign::Plus, formed.figure));
    let figure = match indicator.area_aggregation {
        Aggregation::Sum => add_up(indicator, figures),
        _ => recombine(indicator, figures),
    };
    let figure = figure.map_err(refuse)?;
    let figure = Figure { as_of: Some(first).filter(|day| indicator.is_state() && *day != period.end()), ..figure };
    let coverage: Option<Coverage> = known.iter().filter_map(|(_, formed)| formed.coverage).min_by_key(|coverage| coverage.have);
    let along = DerivationKind::Areas(known.iter().map(|(key, _)| (*key).clone()).collect());
    let parts = known.iter().flat_map(|(_, formed)| operands_of(formed)).collect();
    // An interval has no months. Every unit reports the whole of it.
    let derived = DerivedValue { figure, along, parts, coverage: coverage.unwrap_or(Coverage { have: 1, need: 1 }) };
    Ok(ResolvedValue { figure, coverage, origin: ValueOrigin::Derived(derived) })
}

/// The reported figures of the units, without duplicates.
pub(crate) fn known_parts(units: &[(String, Result<ResolvedValue, Unavailable>)]) -> Vec<Operand> {
    let known = |unit: &Result<ResolvedValue, Unavailable>| unit.as_ref().map_or_else(|unavailable| unavailable.parts.clone(), operands_of);
    let mut parts: Vec<Operand> = Vec::new();
    for part in units.iter().flat_map(|(_, unit)| known(unit)) {
        // The same figure can be known for several units, if it was divided between them.
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}
