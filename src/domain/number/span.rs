//! Spans: the lowest and highest possible value of a number. Sums and percentages of spans state only certain results.
//! The printed form, a number and its bound, is a quantity.

use super::decimal::Decimal;
use crate::domain::reason::Reason;

/// One end of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) at: Decimal,
    pub(crate) included: bool,
}

/// The lowest and highest possible value of a number. `None` means no limit; `about` means that the ends are approximate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) low: Option<End>,
    pub(crate) high: Option<End>,
    pub(crate) about: bool,
}

impl Span {
    pub(crate) const NOTHING: Span = {
        let zero = Some(End { at: Decimal::ZERO, included: true });
        Span { low: zero, high: zero, about: false }
    };

    /// The same span, for a number that cannot be negative.
    fn not_negative(self) -> Span {
        let zero = End { at: Decimal::ZERO, included: true };
        Span { low: Some(self.low.filter(|low| !low.at.is_negative()).unwrap_or(zero)), ..self }
    }

    /// `self ÷ base × 100`, for numbers that cannot be negative. Each end has its own rounding.
    pub(crate) fn percent_of(
        self,
        base: Span,
        low: impl FnOnce(Decimal) -> Option<Decimal>,
        high: impl FnOnce(Decimal) -> Option<Decimal>,
    ) -> Result<Span, Reason> {
        let (number, base) = (self.not_negative(), base.not_negative());
        let quotient = |of: Option<End>, by: Option<End>| {
            // A quotient has no upper limit if its divisor may be zero.
            let (of, by) = of.zip(by).filter(|(_, by)| !by.at.is_zero())?;
            Some((of.at.unrounded_percent_of(by.at), of.included && by.included))
        };
        let end = |at: Option<Decimal>, included: bool| at.map(|at| End { at, included }).ok_or(Reason::OutOfRange);
        let low = quotient(number.low, base.high).map(|(at, included)| end(at.and_then(low), included)).transpose()?;
        let high = quotient(number.high, base.low).map(|(at, included)| end(at.and_then(high), included)).transpose()?;
        Ok(Span { low, high, about: number.about || base.about })
    }

    pub(crate) fn negated(self) -> Result<Span, Reason> {
        let negated = |end: Option<End>| {
            let negate = |end: End| Decimal::ZERO.minus(end.at).map(|at| End { at, ..end });
            end.map(|end| negate(end).ok_or(Reason::OutOfRange)).transpose()
        };
        Ok(Span { low: negated(self.high)?, high: negated(self.low)?, about: self.about })
    }

    pub(crate) fn plus(self, other: Span) -> Result<Span, Reason> {
        let add = |one: Option<End>, other: Option<End>| {
            let Some((one, other)) = one.zip(other) else { return Ok(None) };
            let at = one.at.plus(other.at).ok_or(Reason::OutOfRange)?;
            Ok(Some(End { at, included: one.included && other.included }))
        };
        Ok(Span { low: add(self.low, other.low)?, high: add(self.high, other.high)?, about: self.about || other.about })
    }
}
