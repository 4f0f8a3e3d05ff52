//! Figures: a value, how certain it is, and which values cannot be true.

use super::decimal::Decimal;
use super::fault::{Code, Fault, words};
use super::indicator::{Indicator, Measure};

words! {
    /// How final a figure is, as SDMX codes it (Luật Thống kê Art. 3).
    pub enum Status {
        /// Ước tính: an estimate, the period still runs or has just ended.
        Estimated = "E",
        /// Sơ bộ: complete but unconfirmed.
        Preliminary = "P",
        /// Chính thức: official.
        Official = "A",
    }
}

words! {
    /// How the printed number bounds the true one.
    pub enum Bound {
        /// The number itself.
        Equal = "eq",
        /// "trên", "hơn": above the number.
        Above = "gt",
        /// "ít nhất": the number or above.
        AtLeast = "ge",
        /// "gần": just below the number.
        Below = "lt",
        /// "nhiều nhất": the number or below.
        AtMost = "le",
        /// "khoảng": about the number.
        About = "approx",
    }
}

impl Bound {
    /// The bound of a sum of two bounded numbers; `None` where they pull in opposite directions, or about meets a bound.
    #[must_use]
    pub fn plus(self, other: Bound) -> Option<Bound> {
        use Bound::{About, Above, AtLeast, AtMost, Below, Equal};
        match (self, other) {
            (Equal, bound) | (bound, Equal) => Some(bound),
            (About, About) => Some(About),
            (Above, Above | AtLeast) | (AtLeast, Above) => Some(Above),
            (AtLeast, AtLeast) => Some(AtLeast),
            (Below, Below | AtMost) | (AtMost, Below) => Some(Below),
            (AtMost, AtMost) => Some(AtMost),
            (Above | AtLeast, Below | AtMost) | (Below | AtMost, Above | AtLeast) | (About, _) | (_, About) => None,
        }
    }

    /// The bound of the number taken away: less than "above 30" is below.
    #[must_use]
    pub fn reversed(self) -> Bound {
        match self {
            Bound::Above => Bound::Below,
            Bound::AtLeast => Bound::AtMost,
            Bound::Below => Bound::Above,
            Bound::AtMost => Bound::AtLeast,
            Bound::Equal | Bound::About => self,
        }
    }
}

/// A figure: a value, and for a rate what it was formed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The value in the unit and multiplier of the indicator, with the digits it was sent with.
    pub value: Decimal,
    /// The numerator of a rate.
    pub numerator: Option<Decimal>,
    /// The denominator of a rate.
    pub denominator: Option<Decimal>,
    /// How final it is.
    pub status: Status,
    /// How the number bounds the true one.
    pub bound: Bound,
}

/// A figure as it was sent, before it is held against the indicator.
#[derive(Debug, Clone)]
pub struct SentFigure {
    /// The value.
    pub value: Option<Decimal>,
    /// The numerator of a rate.
    pub numerator: Option<Decimal>,
    /// The denominator of a rate.
    pub denominator: Option<Decimal>,
    /// The power of ten the value was written in; the indicator's where not said.
    pub unit_mult: Option<i32>,
    /// How final it is.
    pub status: Status,
    /// How the number bounds the true one.
    pub bound: Bound,
}

impl SentFigure {
    /// The figure in the indicator's terms.
    ///
    /// # Errors
    /// Every rule that the figure breaks, with the field that breaks it.
    pub fn check(&self, indicator: &Indicator) -> Result<Figure, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let computed = self.check_ratio(indicator).unwrap_or_else(|mut broken| {
            faults.append(&mut broken);
            None
        });
        let sent = self.value.map(|value| in_unit_of(indicator, value, self.unit_mult)).transpose().unwrap_or_else(|fault| {
            faults.push(("value", fault));
            None
        });
        if let Some(value) = sent {
            faults.extend(check_value(value, indicator).into_iter().map(|fault| ("value", fault)));
        }
        if let (Some(value), Some(ratio)) = (sent, computed) {
            faults.extend(self.check_agreement(value, ratio).err().map(|fault| ("value", fault)));
        }
        if self.value.is_none() && self.numerator.is_none() && self.denominator.is_none() {
            faults.push(("value", Fault::new(Code::ValueMissing, "a value is needed, or for a rate a numerator and a denominator")));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let rounded = computed.and_then(|ratio| ratio.rounded(indicator.decimals));
        let Some(value) = sent.or(rounded) else {
            return Err(vec![("numerator", Fault::new(Code::TooManyDigits, "the rate has too many digits"))]);
        };
        if let Some(fault) = check_value(value, indicator) {
            return Err(vec![("numerator", fault)]);
        }
        Ok(Figure { value, numerator: self.numerator, denominator: self.denominator, status: self.status, bound: self.bound })
    }

    /// The rate that numerator and denominator make, not yet rounded.
    fn check_ratio(&self, indicator: &Indicator) -> Result<Option<Decimal>, Vec<(&'static str, Fault)>> {
        let (numerator, denominator) = match (self.numerator, self.denominator) {
            (None, None) => return Ok(None),
            (Some(_), _) if indicator.measure != Measure::Rate => return Err(vec![("numerator", ratio_not_allowed(indicator))]),
            (None, Some(_)) if indicator.measure != Measure::Rate => return Err(vec![("denominator", ratio_not_allowed(indicator))]),
            (Some(_), None) => {
                return Err(vec![("denominator", Fault::new(Code::RatioIncomplete, "the numerator comes without its denominator"))]);
            }
            (None, Some(_)) => {
                return Err(vec![("numerator", Fault::new(Code::RatioIncomplete, "the denominator comes without its numerator"))]);
            }
            (Some(numerator), Some(denominator)) => (numerator, denominator),
        };
        let mut faults = Vec::new();
        if numerator.is_negative() {
            faults.push(("numerator", Fault::new(Code::InvalidRatio, "a numerator is zero or more")));
        }
        if denominator <= Decimal::ZERO {
            faults.push(("denominator", Fault::new(Code::InvalidRatio, "a denominator is above zero; without cases there is no rate")));
        }
        if faults.is_empty() && indicator.is_share() && numerator > denominator {
            let message = format!("{numerator} of {denominator} is more than all");
            faults.push(("numerator", Fault::new(Code::NumeratorExceedsDenominator, message)));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        match numerator.unrounded_percent_of(denominator) {
            Some(ratio) => Ok(Some(ratio)),
            None => Err(vec![("numerator", Fault::new(Code::TooManyDigits, "the rate has too many digits"))]),
        }
    }

    /// A printed rate stands for half a unit of its last digit either way; its numerator and denominator must fall into that.
    fn check_agreement(&self, value: Decimal, ratio: Decimal) -> Result<(), Fault> {
        let (low, high) = value.printed_range();
        if (low..=high).contains(&ratio.inner()) {
            return Ok(());
        }
        let formed = ratio.rounded(value.decimals()).unwrap_or(ratio);
        let (numerator, denominator) = (self.numerator.unwrap_or(Decimal::ZERO), self.denominator.unwrap_or(Decimal::ZERO));
        let message = format!("{numerator} of {denominator} is {formed} %, not {value} %");
        Err(Fault::new(Code::RateDisagrees, message).allowing([formed.to_string()]))
    }
}

fn ratio_not_allowed(indicator: &Indicator) -> Fault {
    let message = format!("`{}` is a {}: only rates have a numerator and a denominator", indicator.code, indicator.measure.as_str());
    Fault::new(Code::RatioNotAllowed, message)
}

/// A number written with a power of ten of its own (3 for thousands, 9 for tỷ), exactly as the indicator's unit has it.
///
/// # Errors
/// `too_many_digits` where it does not fit.
pub fn in_unit_of(indicator: &Indicator, value: Decimal, sent_in: Option<i32>) -> Result<Decimal, Fault> {
    let Some(sent_in) = sent_in else { return Ok(value) };
    value.times_power_of_ten(sent_in - indicator.unit_mult).ok_or_else(|| {
        let message = format!("in the indicator's unit (10^{}) the value has too many digits", indicator.unit_mult);
        Fault::new(Code::TooManyDigits, message)
    })
}

/// Which of the indicator's rules a value breaks. Targets obey the same rules.
#[must_use]
pub fn check_value(value: Decimal, indicator: &Indicator) -> Option<Fault> {
    if indicator.is_count() {
        if value.is_negative() {
            return Some(Fault::new(Code::NegativeCount, format!("`{}` counts things: {value} is below zero", indicator.code)));
        }
        if !value.is_whole() {
            let message = format!(
                "`{}` counts whole things: {value} has a fraction; Vietnamese notation needs `number_locale`: `vi`",
                indicator.code
            );
            return Some(Fault::new(Code::FractionForCount, message));
        }
    }
    let below = indicator.min.filter(|min| value < *min).map(|min| format!("{value} is below {min}"));
    let above = indicator.max.filter(|max| value > *max).map(|max| format!("{value} is above {max}"));
    below.or(above).map(|message| {
        let bounds = [indicator.min.map(|min| format!("min {min}")), indicator.max.map(|max| format!("max {max}"))];
        Fault::new(Code::OutOfBounds, format!("`{}`: {message}", indicator.code)).allowing(bounds.into_iter().flatten())
    })
}
