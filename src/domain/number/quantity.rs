//! Quantities: a number as printed in a report, its bound, and sums that state only certain results.
//! Example: "trên 30" plus 20 is "trên 50"; "trên 30" minus "trên 20" has no certain result.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::decimal::Decimal;
use super::span::{End, Span};
use crate::domain::fault::code_list;
use crate::domain::language::Language;
use crate::domain::message::Bilingual;
use crate::domain::reason::Reason;

code_list! {
    /// The relation of the true value to the printed number.
    pub enum Bound {
        /// The true value is the number itself.
        Equal = "eq",
        /// "trên", "hơn": the true value is above the number.
        Above = "gt",
        /// "ít nhất": the true value is the number or above.
        AtLeast = "ge",
        /// "gần": the true value is just below the number.
        Below = "lt",
        /// "nhiều nhất": the true value is the number or below.
        AtMost = "le",
        /// "khoảng": the true value is about the number.
        About = "approx",
        /// "20-23": the true value is between two numbers, ends included.
        Range = "range",
        /// "khoảng trên": the true value is above a number that is itself approximate.
        AboutAbove = "approx_gt",
        /// "khoảng dưới": the true value is below a number that is itself approximate.
        AboutBelow = "approx_lt",
    }
}

/// A range of numbers, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub low: Decimal,
    /// The upper end.
    pub high: Decimal,
}

/// The sign of a quantity in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Added.
    Plus,
    /// Subtracted.
    Minus,
}

impl Sign {
    /// The resulting sign inside a group that has its own sign: equal signs give plus.
    #[must_use]
    pub fn within(self, outer: Sign) -> Sign {
        if self == outer { Sign::Plus } else { Sign::Minus }
    }

    /// The number with this sign.
    pub(crate) fn of(self, value: Decimal) -> Option<Decimal> {
        if self == Sign::Minus { Decimal::ZERO.minus(value) } else { Some(value) }
    }
}

/// A number as printed in a report, with its bound.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// The printed number; the lower end of a range.
    number: Decimal,
    /// The upper end; only for a range.
    high: Option<Decimal>,
    bound: Bound,
    /// The power of ten of the last printed digit, if it differs from that of the last digit of `number`.
    printed_to: Option<i32>,
    /// For a computed number: the largest possible error from the rounding of its operands.
    rounding_error: Option<Decimal>,
}

/// Two quantities are equal if they state the same about the true value: 230 tỷ equals 230000 triệu, whatever the printed precision.
impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        (self.number, self.high, self.bound) == (other.number, other.high, other.bound)
    }
}

impl Eq for Quantity {}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.number, self.high, self.bound).hash(state);
    }
}

impl Quantity {
    /// A number with its bound. Use [`Quantity::range`] for a range.
    #[must_use]
    pub fn number(number: Decimal, bound: Bound) -> Quantity {
        Quantity { number, high: None, bound, printed_to: None, rounding_error: None }
    }

    /// A range, ends included. `low` comes first.
    #[must_use]
    pub fn range(low: Decimal, high: Decimal) -> Quantity {
        Quantity { number: low, high: Some(high), bound: Bound::Range, printed_to: None, rounding_error: None }
    }

    /// The same quantity, with the power of ten of its last printed digit: 8718.1 thousand is 8718100, printed to the hundreds.
    #[must_use]
    pub fn printed_to(self, power: i32) -> Quantity {
        let by_digits = Quantity { printed_to: None, ..self }.last_digit();
        Quantity { printed_to: (power != by_digits).then_some(power), ..self }
    }

    /// The same quantity, with the rounding error of a computed number.
    #[must_use]
    pub(crate) fn with_tolerance(self, rounding_error: Decimal) -> Quantity {
        Quantity { rounding_error: Some(rounding_error), ..self }
    }

    /// The same quantity times a power of ten: 3 tỷ is 3000 triệu. `None` if the result cannot be held exactly.
    #[must_use]
    pub(crate) fn times_power_of_ten(self, exponent: i32) -> Option<Quantity> {
        let times = |number: Decimal| number.times_power_of_ten(exponent);
        let high = self.high.map(times);
        let scaled = Quantity { number: times(self.number)?, high: high.unwrap_or(None), printed_to: None, rounding_error: None, ..self };
        (high.is_none() || scaled.high.is_some()).then_some(scaled)
    }

    /// The same quantity, widened by this margin on both sides.
    ///
    /// # Errors
    /// As [`Quantity::sum`].
    pub(crate) fn widened(self, rounding_error: Decimal) -> Result<Quantity, Reason> {
        let around = Quantity::range(-rounding_error, rounding_error);
        if rounding_error.is_zero() { Ok(self) } else { Quantity::sum([(Sign::Plus, self), (Sign::Plus, around)]) }
    }

    /// The power of ten of the last printed digit.
    #[must_use]
    pub(crate) fn last_digit(self) -> i32 {
        self.printed_to.unwrap_or_else(|| -i32::try_from(self.number.decimals()).unwrap_or(0))
    }

    /// The power of ten of the last printed digit, if the digits do not show it.
    #[must_use]
    pub fn printed_power(self) -> Option<i32> {
        self.printed_to
    }

    /// The printed number; `None` for a range.
    #[must_use]
    pub fn value(self) -> Option<Decimal> {
        if self.high.is_none() { Some(self.number) } else { None }
    }

    /// The ends of a range; `None` for a single number.
    #[must_use]
    pub fn interval(self) -> Option<Interval> {
        self.high.map(|high| Interval { low: self.number, high })
    }

    /// The relation of the true value to the number.
    #[must_use]
    pub fn bound(self) -> Bound {
        self.bound
    }

    /// The number, if the true value is the number itself.
    #[must_use]
    pub fn exact(self) -> Option<Decimal> {
        (self.bound == Bound::Equal).then_some(self.number)
    }

    /// Half a unit of the last printed digit: the largest distance between the true and the printed value. It is zero for a count that
    /// is printed to the last unit.
    #[must_use]
    pub(crate) fn half_unit(self, counted: bool) -> Decimal {
        if let Some(rounding_error) = self.rounding_error {
            return rounding_error;
        }
        let power = self.last_digit();
        if counted && power <= 0 {
            return Decimal::ZERO;
        }
        Decimal::half_unit_at(power)
    }

    /// The range of true values that round to this number: 103.2 stands for 103.15 to 103.25. `None` for a bound or a range.
    #[must_use]
    pub(crate) fn printed_range(self, counted: bool) -> Option<(Decimal, Decimal)> {
        let (value, half_unit) = (self.exact()?, self.half_unit(counted));
        Some((value - half_unit, value + half_unit))
    }

    /// How low and how high the true number can be.
    fn span(self) -> Span {
        let end = |at: Decimal, included: bool| Some(End { at, included });
        let (at, about) = (self.number, false);
        match self.bound {
            Bound::Equal => Span { low: end(at, true), high: end(at, true), about },
            Bound::Above => Span { low: end(at, false), high: None, about },
            Bound::AtLeast => Span { low: end(at, true), high: None, about },
            Bound::Below => Span { low: None, high: end(at, false), about },
            Bound::AtMost => Span { low: None, high: end(at, true), about },
            Bound::Range => Span { low: end(at, true), high: end(self.high.unwrap_or(at), true), about },
            Bound::About => Span { low: end(at, true), high: end(at, true), about: true },
            Bound::AboutAbove => Span { low: end(at, false), high: None, about: true },
            Bound::AboutBelow => Span { low: None, high: end(at, false), about: true },
        }
    }

    /// The quantity that says what a span does; `None` where none does.
    fn of(span: Span) -> Option<Quantity> {
        let number = |end: End, bound: Bound| Some(Quantity::number(end.at, bound));
        match (span.low, span.high, span.about) {
            (Some(low), Some(high), false) if low.at == high.at => number(low, Bound::Equal),
            (Some(low), Some(high), true) if low.at == high.at => number(low, Bound::About),
            (Some(low), Some(high), false) => Some(Quantity::range(low.at, high.at)),
            (Some(low), None, true) => number(low, Bound::AboutAbove),
            (None, Some(high), true) => number(high, Bound::AboutBelow),
            (Some(low), None, false) => number(low, if low.included { Bound::AtLeast } else { Bound::Above }),
            (None, Some(high), false) => number(high, if high.included { Bound::AtMost } else { Bound::Below }),
            (Some(_), Some(_), true) | (None, None, _) => None,
        }
    }

    /// Adds the parts. Bounds and ends of ranges are added too, so the sum states only the certain result.
    ///
    /// # Errors
    /// `qualifier_inexact` if the bounds point in opposite directions or a range is only approximate; `out_of_range` if the result
    /// cannot be held exactly.
    pub fn sum(parts: impl IntoIterator<Item = (Sign, Quantity)>) -> Result<Quantity, Reason> {
        let mut sum = Span::NOTHING;
        for (sign, part) in parts {
            let span = if sign == Sign::Plus { part.span() } else { part.span().negated()? };
            sum = sum.plus(span)?;
        }
        Quantity::of(sum).ok_or(Reason::QualifierInexact)
    }

    /// The same quantity, cut to the possible values: a range from -5 to 15 becomes 0 to 15 if negative values are impossible.
    #[must_use]
    pub(crate) fn within(self, least: Option<Decimal>, greatest: Option<Decimal>) -> Quantity {
        let span = self.span();
        let low = span.low.map(|low| least.filter(|least| *least > low.at).map_or(low, |at| End { at, included: true }));
        let high = span.high.map(|high| greatest.filter(|greatest| *greatest < high.at).map_or(high, |at| End { at, included: true }));
        match (low, high) {
            _ if self.exact().is_some() => self,
            // A range that is cut to one point stays inexact: it becomes "about" this point.
            (Some(low), Some(high)) if !span.about && low.at >= high.at => {
                Quantity { rounding_error: self.rounding_error, ..Quantity::number(low.at, Bound::About) }
            }
            (Some(low), Some(high)) if !span.about => Quantity { rounding_error: self.rounding_error, ..Quantity::range(low.at, high.at) },
            _ => Quantity::of(Span { low, high, about: span.about })
                .map_or(self, |drawn_in| Quantity { rounding_error: self.rounding_error, ..drawn_in }),
        }
    }

    /// The quantity rounded: a number half away from zero, the ends of a range outwards. `None` if the result cannot be held exactly.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Option<Quantity> {
        let (number, high) = match self.bound {
            Bound::Equal | Bound::About | Bound::AboutAbove | Bound::AboutBelow => (self.number.rounded(decimals), self.high),
            Bound::Above | Bound::AtLeast => (self.number.rounded_down(decimals), None),
            Bound::Below | Bound::AtMost => (self.number.rounded_up(decimals), None),
            Bound::Range => (self.number.rounded_down(decimals), Some(self.high?.rounded_up(decimals)?)),
        };
        Some(Quantity { number: number?, high, ..self })
    }

    /// `self ÷ base × 100`, for quantities that are never negative. An exact percentage is rounded half away from zero; the ends of a
    /// range are rounded outwards.
    ///
    /// # Errors
    /// `base_zero`; `qualifier_inexact` if nothing is certain; `out_of_range` if the result cannot be held exactly.
    pub fn percent_of(self, base: Quantity, decimals: u32) -> Result<Quantity, Reason> {
        if let Some((number, base)) = self.exact().zip(base.exact()) {
            if base.is_zero() {
                return Err(Reason::BaseZero);
            }
            let percent = number.percent_of(base, decimals).ok_or(Reason::OutOfRange)?;
            return Ok(Quantity::number(percent, Bound::Equal));
        }
        let (number, base) = (self.span(), base.span());
        let about = number.about || base.about;
        let (down, up): (Rounding, Rounding) =
            if about { (Decimal::rounded, Decimal::rounded) } else { (Decimal::rounded_down, Decimal::rounded_up) };
        let span = number.percent_of(base, |low| down(low, decimals), |high| up(high, decimals))?;
        // Drop a lower end of zero: it adds no information, except for "about zero", where it is all that is known.
        let low = span.low.filter(|low| !low.at.is_zero() || about && span.high.is_some_and(|high| high.at.is_zero()));
        Quantity::of(Span { low, ..span }).ok_or(Reason::QualifierInexact)
    }

    /// `self ÷ base × 100` to twenty decimals, for quantities that are never negative.
    ///
    /// # Errors
    /// As [`Quantity::percent_of`].
    pub(crate) fn unrounded_percent_of(self, base: Quantity) -> Result<Quantity, Reason> {
        if base.exact().is_some_and(Decimal::is_zero) {
            return Err(Reason::BaseZero);
        }
        let to_twenty = |end: Decimal| Some(end.to_twenty_decimals());
        let span = self.span().percent_of(base.span(), to_twenty, to_twenty)?;
        Quantity::of(span).ok_or(Reason::QualifierInexact)
    }

    /// Whether the true value is certainly above the other one. "About 30" counts as 30.
    #[must_use]
    pub(crate) fn is_above(self, other: Quantity) -> bool {
        let ends = self.span().low.zip(other.span().high);
        ends.is_some_and(|(low, high)| low.at > high.at || low.at == high.at && !(low.included && high.included))
    }

    /// Whether the true value can be above the other one.
    #[must_use]
    pub(crate) fn may_be_above(self, other: Quantity) -> bool {
        let ends = self.span().high.zip(other.span().low);
        ends.is_none_or(|(high, low)| high.at > low.at)
    }

    /// Whether the printed quantity can stand for a number: within half a unit of its last digit.
    #[must_use]
    pub(crate) fn agrees_with(self, number: Decimal) -> bool {
        !self.contradicts(Quantity::number(number, Bound::Equal), self.half_unit(false))
    }

    /// Whether no true number fits both, even with this much of rounding between them. What is only about right never contradicts.
    #[must_use]
    pub(crate) fn contradicts(self, other: Quantity, rounding_error: Decimal) -> bool {
        let (one, other) = (self.span(), other.span());
        let above = |low: Option<End>, high: Option<End>| {
            low.zip(high).is_some_and(|(low, high)| {
                // What is too far apart to be written down is apart.
                low.at.checked_sub(high.at).is_none_or(|distance| {
                    distance > rounding_error || distance == rounding_error && rounding_error.is_zero() && !(low.included && high.included)
                })
            })
        };
        !one.about && !other.about && (above(one.low, other.high) || above(other.low, one.high))
    }
}

/// The usual written form: `1135`, `> 29.6`, `≈ 30`, `20–23`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

/// The same form, with the numbers of each language: `> 29,6` in Vietnamese.
impl Bilingual for Quantity {
    fn in_language(&self, language: Language) -> String {
        let mark = match self.bound {
            Bound::Equal | Bound::Range => "",
            Bound::Above => "> ",
            Bound::AtLeast => "≥ ",
            Bound::Below => "< ",
            Bound::AtMost => "≤ ",
            Bound::About => "≈ ",
            Bound::AboutAbove => "≈> ",
            Bound::AboutBelow => "≈< ",
        };
        let high = self.high.map_or(String::new(), |high| format!("–{}", high.in_language(language)));
        format!("{mark}{}{high}", self.number.in_language(language))
    }
}

/// A rounding function: the number and the decimals to keep.
type Rounding = fn(Decimal, u32) -> Option<Decimal>;

#[cfg(test)]
mod tests {
    use crate::domain::testing::{quantity, written};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_of_quantities_worked_by_hand() {
        for (sum, expected) in [
            ("30 + 20", "50"),
            ("0.1 + 0.2", "0.3"),
            (">30 + 20", ">50"),
            (">30 + >20", ">50"),
            (">=30 + 20", ">=50"),
            (">=30 + >20", ">50"),
            ("<30 + 20", "<50"),
            ("<=30 + <20", "<50"),
            ("~30 + 20", "~50"),
            ("~30 + ~20", "~50"),
            ("~30 + >20", "~>50"),
            ("~>30 + 20", "~>50"),
            ("~>30 + ~20", "~>50"),
            ("20-23 + 5", "25-28"),
            ("20-23 + 1-2", "21-25"),
            ("20-23 + >5", ">25"),
            ("20-23 + <5", "<28"),
            ("60 − >29.6", "<30.4"),
            ("60 − <29.6", ">30.4"),
            ("60 − ~>30", "~<30"),
            ("60 − 20-23", "37-40"),
            ("20-23 − 1-2", "18-22"),
            ("~30 − 30", "~0"),
            (">30 + <20", "qualifier_inexact"),
            (">30 − >20", "qualifier_inexact"),
            ("~30 + 20-23", "qualifier_inexact"),
            ("999999999999999999 + 0.00000000000000001", "out_of_range"),
        ] {
            let terms = sum.replace("− ", "+ −");
            let terms = terms.split(" + ").map(|term| match term.strip_prefix('−') {
                Some(term) => (Sign::Minus, quantity(term)),
                None => (Sign::Plus, quantity(term)),
            });
            let said = Quantity::sum(terms).map_or_else(|reason| reason.as_str().to_owned(), written);
            assert_eq!(said, expected, "{sum}");
        }
    }

    #[test]
    fn percentages_of_quantities_worked_by_hand() {
        for (number, base, percent) in [
            ("1135", "1100", "103.2"),
            (">29.6", "25", ">118.4"),
            (">=30", "25", ">=120"),
            ("<30", "25", "<120"),
            ("30", ">25", "<120"),
            ("30", "<25", ">120"),
            ("30", "<=25", ">=120"),
            (">30", "<25", ">120"),
            ("<30", ">25", "<120"),
            ("~30", "25", "~120"),
            ("~>30", "25", "~>120"),
            ("~30", "~25", "~120"),
            ("20-23", "20", "100-115"),
            ("30", "20-23", "130.4-150"),
            (">30", ">25", "qualifier_inexact"),
            (">0", "25", "qualifier_inexact"),
            ("1135", "0", "base_zero"),
            ("1135", "0-5", ">=22700"),
            ("1", ">3", "<33.4"),
            ("1", "<3", ">33.3"),
        ] {
            let said = quantity(number).percent_of(quantity(base), 1).map_or_else(|reason| reason.as_str().to_owned(), written);
            assert_eq!(said, percent, "{number} of {base}");
        }
    }

    #[test]
    fn quantities_contradict_only_where_no_number_fits_both() {
        for (one, other, rounding_error, contradict) in [
            ("230", "225", "0", true),
            ("230", "225", "5", false),
            ("230", "225", "4.9", true),
            (">229", "305", "0", false),
            (">229", "229", "0", true),
            (">=229", "229", "0", false),
            (">229", "200", "0", true),
            ("20-23", "21", "0", false),
            ("20-23", "24", "0", true),
            ("<30", ">30", "0", true),
            (">30", ">50", "0", false),
            ("~30", "50", "0", false),
        ] {
            let rounding_error = Decimal::parse_json(rounding_error).unwrap();
            assert_eq!(quantity(one).contradicts(quantity(other), rounding_error), contradict, "{one} and {other}, {rounding_error}");
            assert_eq!(quantity(other).contradicts(quantity(one), rounding_error), contradict, "{other} and {one}, {rounding_error}");
        }
    }

    #[test]
    fn half_a_unit_of_the_last_printed_digit() {
        for (printed, power, counted, half) in [
            ("103.2", -1, false, "0.05"),
            ("1135", 0, false, "0.5"),
            ("1135", 0, true, "0"),
            ("8718100", 2, true, "50"),
            ("8718000", 2, false, "50"),
            ("0.23", -3, false, "0.0005"),
        ] {
            let half_unit = quantity(printed).printed_to(power).half_unit(counted);
            assert_eq!(half_unit.normalized().to_string(), half, "{printed} to 10^{power}");
        }
    }

    /// A quantity, and one true value that it allows.
    fn said_of_a_number() -> impl Strategy<Value = (Quantity, i32)> {
        (0..1000i32, 0..20i32, 0..6usize).prop_map(|(truth, off, how)| {
            let number = |number: i32, bound| (Quantity::number(number.into(), bound), truth);
            match how {
                0 => number(truth, Bound::Equal),
                1 => number(truth - off - 1, Bound::Above),
                2 => number(truth - off, Bound::AtLeast),
                3 => number(truth + off + 1, Bound::Below),
                4 => number(truth + off, Bound::AtMost),
                _ => (Quantity::range((truth - off).into(), (truth + 3).into()), truth),
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// The sum of quantities must allow the sum of any true values that they allow.
        #[test]
        fn a_sum_never_says_more_than_is_known(parts in prop::collection::vec((said_of_a_number(), any::<bool>()), 1..5)) {
            let signed = |plus: bool| if plus { Sign::Plus } else { Sign::Minus };
            let truth: i32 = parts.iter().map(|((_, truth), plus)| if *plus { *truth } else { -truth }).sum();

            let Ok(sum) = Quantity::sum(parts.iter().map(|((quantity, _), plus)| (signed(*plus), *quantity))) else {
                return Ok(());
            };

            prop_assert!(!sum.contradicts(Quantity::number(truth.into(), Bound::Equal), Decimal::ZERO), "{sum:?} of {truth}");
        }
    }
}
