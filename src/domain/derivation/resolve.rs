//! The figure of a period and breakdown: the reported one, otherwise one derived over time or from other breakdowns.
//! If other figures contradict a reported one, the disagreement is kept with it.

use super::derived::{DerivedValue, ResolvedValue, Unavailable, ValueOrigin, reported_coverage};
use super::input::{Input, Inputs, stored_of};
use super::over_parts;
use super::over_time::{coverage, derive};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::observation::figure::Figure;
use crate::domain::observation::history::{Figures, History};
use crate::domain::observation::observation::{Content, Observation};
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

impl History {
    /// The figure of a breakdown and period, as found by [`resolve()`].
    ///
    /// # Errors
    /// As [`resolve`].
    pub fn resolve(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<ResolvedValue, Unavailable> {
        let nothing = Figures::new();
        resolve(indicator, breakdown, period, Inputs::stored(self.around(period).unwrap_or(&nothing)))
    }
}

/// The figure of a breakdown and period from the stored observations. A reported figure takes precedence over a derived one. A figure
/// without a report is derived over time; if this fails or covers less of the period, it is derived from the other breakdowns.
///
/// # Errors
/// Those of [`derive`]; `calendar_mismatch` if only the other calendar has a figure with this period code; `nil_declared` if the report
/// declares nothing to report.
pub fn resolve(indicator: &Indicator, breakdown: &Breakdown, period: Period, inputs: Inputs<'_>) -> Result<ResolvedValue, Unavailable> {
    let of_part = &inputs.of(breakdown);
    let over_time = derive(indicator, period, of_part);
    let Some(observation) = stored_of(period, of_part) else {
        let by_parts = || over_parts::derive(indicator, breakdown, period, inputs);
        let derived = farthest(over_time, by_parts).map_err(|unavailable| unavailable.in_calendar(indicator, period, of_part))?;
        return Ok(ResolvedValue { figure: derived.figure, coverage: Some(derived.coverage), origin: ValueOrigin::Derived(derived) });
    };
    let Some(figure) = observation.figure() else {
        let coverage = coverage(period, of_part);
        return Err(Unavailable { coverage, declared_by: Some(observation.id.clone()), ..Unavailable::from_reason(Reason::NilDeclared) });
    };
    let otherwise = over_time.ok().into_iter().chain(over_parts::derive(indicator, breakdown, period, inputs).ok());
    let disagreement = otherwise.into_iter().find(|derived| disagrees(indicator, period, figure, derived)).map(Box::new);
    let falls = of_part.iter().any(|earlier| falls(indicator, Input::Stored(observation), *earlier));
    Ok(ResolvedValue {
        figure: *figure,
        coverage: reported_coverage(period, figure),
        origin: ValueOrigin::Reported { observation: Box::new(observation.clone()), disagreement, falls },
    })
}

/// What is formed over time, unless the parts reach farther into the period. Where neither can, the parts may know better why.
fn farthest(
    over_time: Result<DerivedValue, Unavailable>,
    by_parts: impl FnOnce() -> Result<DerivedValue, Reason>,
) -> Result<DerivedValue, Unavailable> {
    match over_time {
        Ok(derived) if derived.coverage.have < derived.coverage.need => {
            Ok(by_parts().ok().filter(|other| other.coverage.have > derived.coverage.have).unwrap_or(derived))
        }
        Ok(derived) => Ok(derived),
        Err(unavailable) => by_parts().map_err(|reason| {
            let missing = matches!(unavailable.reason, Reason::LowCoverage | Reason::NotAdditive) && reason != Reason::LowCoverage;
            Unavailable { reason: if missing { reason } else { unavailable.reason }, ..unavailable }
        }),
    }
}

impl Unavailable {
    /// The same, but with `calendar_mismatch` if the other calendar has or gives a figure for this period code: its days differ.
    fn in_calendar(self, indicator: &Indicator, period: Period, of_part: &[Input<'_>]) -> Unavailable {
        let missing = matches!(self.reason, Reason::LowCoverage | Reason::NotAdditive);
        let other = period.in_other_calendar();
        let known =
            || of_part.iter().any(|input| input.figure().is_some() && input.period() == other) || derive(indicator, other, of_part).is_ok();
        Unavailable { reason: if missing && known() { Reason::CalendarMismatch } else { self.reason }, ..self }
    }
}

/// The content of one revision, without the other stored figures.
///
/// # Errors
/// `nil_declared` or `withdrawn` if the revision has no figure.
pub fn value_of_revision(observation: &Observation) -> Result<ResolvedValue, Unavailable> {
    let none = |reason: Reason| Unavailable { declared_by: Some(observation.id.clone()), ..Unavailable::from_reason(reason) };
    let figure = match observation.content {
        Content::Figure(figure) => figure,
        Content::Nil => return Err(none(Reason::NilDeclared)),
        Content::Withdrawn => return Err(none(Reason::Withdrawn)),
    };
    let origin = ValueOrigin::Reported { observation: Box::new(observation.clone()), disagreement: None, falls: false };
    Ok(ResolvedValue { figure, coverage: reported_coverage(observation.period, &figure), origin })
}

impl ResolvedValue {
    /// Adds a disagreement with another derivation, if the two differ beyond rounding.
    #[must_use]
    pub fn with_alternative(mut self, indicator: &Indicator, period: Period, otherwise: Option<ResolvedValue>) -> ResolvedValue {
        if let ValueOrigin::Reported { disagreement, .. } = &mut self.origin
            && let Some(ResolvedValue { origin: ValueOrigin::Derived(derived), .. }) = otherwise
            && disagrees(indicator, period, &self.figure, &derived)
        {
            *disagreement = Some(Box::new(derived));
        }
        self
    }
}

/// Whether a reported and a derived figure differ by more than the rounding of all printed numbers.
fn disagrees(indicator: &Indicator, period: Period, reported: &Figure, derived: &DerivedValue) -> bool {
    // A state of another day is another state, not another figure of the same one.
    if indicator.time_aggregation == Aggregation::Last && reported.day(period) != derived.figure.day(period) {
        return false;
    }
    let counted = indicator.is_count();
    let rounding_error = derived.figure.quantity.half_unit(counted) + reported.quantity.half_unit(counted);
    reported.quantity.contradicts(derived.figure.quantity, rounding_error)
}

/// Whether a year to date is below an earlier one of the same year, for an indicator that can only grow within a year.
#[must_use]
pub fn falls(indicator: &Indicator, later: Input<'_>, earlier: Input<'_>) -> bool {
    let only_grows = indicator.time_aggregation == Aggregation::Sum && indicator.min.is_some_and(|min| !min.is_negative());
    // Years of the two calendars are never equal, so this compares within one calendar.
    let follows = later.period().year() == earlier.period().year() && earlier.period().end() < later.period().end();
    if !only_grows || !follows || !later.period().runs_from_new_year() || !earlier.period().runs_from_new_year() {
        return false;
    }
    let Some((later, earlier)) = later.figure().zip(earlier.figure()) else { return false };
    let (later, earlier) = (later.quantity, earlier.quantity);
    let rounding_error = later.half_unit(indicator.is_count()) + earlier.half_unit(indicator.is_count());
    let growth = Quantity::sum([(Sign::Plus, later), (Sign::Minus, earlier)]);
    growth.is_ok_and(|growth| growth.contradicts(Quantity::number(Decimal::ZERO, Bound::AtLeast), rounding_error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{flow, reported, written};
    use crate::domain::time::period::Calendar;

    #[test]
    fn a_reported_figure_wins_and_what_disagrees_stands_beside_it() {
        for (known, disagreement) in [
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=980", Some("225 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=975", None),
            ("2024-05=230.4, 2024-05-YTD=1205, 2024-04-YTD=975", None),
            ("2024-05=232, 2024-05-YTD=1205, 2024-04-YTD=975", Some("230 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=>229, 2024-05-YTD=1205, 2024-04-YTD=900", None),
            ("2024-05=230", None),
        ] {
            let known = Figures::from([(Breakdown::default(), reported(known, Calendar::Civil))]);
            let may = Period::parse("2024-05", Calendar::Civil).unwrap();
            let formed = resolve(&flow(), &Breakdown::default(), may, Inputs::stored(&known)).unwrap();
            assert_eq!(Some(&formed.figure), known[&Breakdown::default()][0].figure());
            let ValueOrigin::Reported { disagreement: found, .. } = formed.origin else { panic!("reported wins") };
            assert_eq!(found.map(|d| format!("{} by {d}", written(d.figure.quantity))).as_deref(), disagreement, "{known:?}");
        }
    }

    #[test]
    fn derivations_are_written_as_people_write_them() {
        for (known, period, written) in [
            ("2024-05=230, 2024-05-YTD=1205", "2024-04-YTD", "2024-05-YTD − 2024-05"),
            ("2024-Q1=1, 2024-Q2=2", "2024-H1", "2024-Q1 + 2024-Q2"),
            ("2024-04=1, 2024-05=2, 2024-06=3", "2024-Q2", "sum of 2024-04…2024-06"),
            ("2024-9M=80, 2024-Q3=25, 2024-Q1=20", "2024-Q2", "2024-9M − 2024-Q1 − 2024-Q3"),
        ] {
            let known = Figures::from([(Breakdown::default(), reported(known, Calendar::Civil))]);
            let formed = resolve(&flow(), &Breakdown::default(), Period::parse(period, Calendar::Civil).unwrap(), Inputs::stored(&known));
            let ValueOrigin::Derived(derived) = formed.unwrap().origin else { panic!("nobody reported it") };
            assert_eq!(derived.to_string(), written);
        }
    }
}
