//! Derivation over areas: additive figures of all units are added; rates are recomputed from numerators and denominators.
//! All other figures are unavailable. A figure is never estimated from some of the units.

use super::derived::{Along, Coverage, Derived, Formed, Origin, Part, Unformed, parts_of};
use super::over_time::{add_up, recombine};
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::number::quantity::Sign;
use crate::domain::observation::figure::Figure;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// Derives the figure of an area from the figures of all its units, each with its key.
///
/// # Errors
/// `not_additive` if the indicator does not add up over provinces, if a rate has no numerator and denominator, or if one unit has this
/// reason; `low_coverage` if a unit has no figure or the reference days of stocks differ; and the errors of
/// [`derive`](super::over_time::derive) for sums.
pub fn form(indicator: &Indicator, period: Period, units: &[(String, Result<Formed, Unformed>)]) -> Result<Formed, Unformed> {
    let refuse = |reason: Reason| Unformed { parts: known_parts(units), ..Unformed::because(reason) };
    if !matches!(indicator.area_aggregation, Aggregation::Sum | Aggregation::Ratio) {
        return Err(refuse(Reason::NotAdditive));
    }
    let known: Option<Vec<(&String, &Formed)>> = units.iter().map(|(key, formed)| Some((key, formed.as_ref().ok()?))).collect();
    // If the figure of one unit can never be derived, no further report helps the area.
    let never = units.iter().any(|(_, unit)| unit.as_ref().is_err_and(|unformed| unformed.reason == Reason::NotAdditive));
    let missing = if never { Reason::NotAdditive } else { Reason::LowCoverage };
    let known = known.filter(|known| !known.is_empty()).ok_or_else(|| refuse(missing))?;
    // Stocks of different days give no stock of any day.
    let day = |figure: &Figure| figure.as_of.unwrap_or(period.end());
    let first = day(&known[0].1.figure);
    if indicator.is_state() && known.iter().any(|(_, formed)| day(&formed.figure) != first) {
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
    let along = Along::Areas(known.iter().map(|(key, _)| (*key).clone()).collect());
    let parts = known.iter().flat_map(|(_, formed)| parts_of(formed)).collect();
    // An interval has no months. Every unit reports the whole of it.
    let derived = Derived { figure, along, parts, coverage: coverage.unwrap_or(Coverage { have: 1, need: 1 }) };
    Ok(Formed { figure, coverage, origin: Origin::Derived(derived) })
}

/// The reported figures of the units, without duplicates.
pub(crate) fn known_parts(units: &[(String, Result<Formed, Unformed>)]) -> Vec<Part> {
    let known = |unit: &Result<Formed, Unformed>| unit.as_ref().map_or_else(|unformed| unformed.parts.clone(), parts_of);
    let mut parts: Vec<Part> = Vec::new();
    for part in units.iter().flat_map(|(_, unit)| known(unit)) {
        // The same figure can be known for several units, if it was divided between them.
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}
