//! Exact decimals: every figure is stored and computed as one. No floats.
//! JSON numbers, exact arithmetic, rounding half away from zero. Numbers in texts are read in `reading`.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::{MathematicalOps, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::language::Language;
use crate::domain::message::{Bilingual, message};

/// The maximum number of significant digits of a figure, and of decimals.
pub const MAX_DIGITS: usize = 18;

code_list! {
    /// The notation of numbers in strings. Without one, a string that notations read with different values is refused.
    pub enum NumberLocale {
        /// `1596`, `77.15`: a decimal point, no mark between thousands.
        Plain = "plain",
        /// `1.596`, `77,15`: Vietnamese notation, with points or spaces between thousands and a decimal comma.
        Vi = "vi",
    }
}

/// An exact decimal that keeps its written digits: `77.150` stays `77.150`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// Zero, the value of "không xảy ra sự cố nào" (no incident happened). A missing figure is never zero.
    pub const ZERO: Decimal = Decimal(rust_decimal::Decimal::ZERO);
    /// One.
    pub const ONE: Decimal = Decimal(rust_decimal::Decimal::ONE);
    /// Ten.
    pub const TEN: Decimal = Decimal(rust_decimal::Decimal::TEN);
    /// One hundred, for percentages.
    pub const HUNDRED: Decimal = Decimal(rust_decimal::Decimal::ONE_HUNDRED);

    /// Reads the text of a JSON number (`1135`, `77.15`, `1.5e3`).
    ///
    /// # Errors
    /// `too_many_digits` above 18 digits or decimals (so for `1e400` too), `not_a_number` otherwise.
    pub fn parse_json(text: &str) -> Result<Decimal, Fault> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            None => (text, 0),
            Some((mantissa, exponent)) => {
                let exponent: i32 = exponent.parse().map_err(|_| too_many_digits(text))?;
                (mantissa, exponent)
            }
        };
        Decimal::of_digits(mantissa)?.times_power_of_ten(exponent).ok_or_else(|| too_many_digits(text))
    }

    /// Reads digits with an optional minus sign and decimal point, such as `-1234.50`.
    ///
    /// # Errors
    /// `too_many_digits`; `not_a_number` for any other text.
    pub(super) fn of_digits(text: &str) -> Result<Decimal, Fault> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            None => (unsigned, None),
            Some((whole, fraction)) => (whole, Some(fraction)),
        };
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !fraction.is_none_or(digits) {
            return Err(not_a_number(text));
        }
        let decimals = fraction.map_or(0, str::len);
        let significant = whole.trim_start_matches('0').len() + decimals;
        if significant > MAX_DIGITS || decimals > MAX_DIGITS {
            return Err(too_many_digits(text));
        }
        let exact = rust_decimal::Decimal::from_str_exact(text).map_err(|_| not_a_number(text))?;
        // -0 is stored as 0: the sign of a zero has no meaning.
        Ok(Decimal(if exact.is_zero() { exact.abs() } else { exact }))
    }

    /// All digits as one integer and the number of decimals, for the database.
    #[must_use]
    pub fn to_scaled(self) -> (i64, i32) {
        let digits = i64::try_from(self.0.mantissa()).expect("18 digits fit in 64 bits");
        let decimals = i32::try_from(self.0.scale()).expect("at most 18 decimals");
        (digits, decimals)
    }

    /// The reverse of [`Decimal::to_scaled`]; `None` for a pair that it cannot have made.
    #[must_use]
    pub fn from_scaled(digits: i64, decimals: i32) -> Option<Decimal> {
        let decimals = u32::try_from(decimals).ok().filter(|d| *d as usize <= MAX_DIGITS)?;
        rust_decimal::Decimal::try_new(digits, decimals).ok().map(Decimal)
    }

    /// The number multiplied by a power of ten, exactly and without trailing zeros: 8718.1 thousand is 8718100, 230 triệu is 0.23 tỷ.
    /// `None` if the result has more than 18 digits.
    #[must_use]
    pub fn times_power_of_ten(self, exponent: i32) -> Option<Decimal> {
        if exponent == 0 {
            return Some(self);
        }
        // The last written digit must fit too, even if it is a zero.
        i32::try_from(self.decimals()).ok()?.checked_sub(exponent).filter(|decimals| *decimals <= 18)?;
        let plain = Decimal(self.0.normalize());
        if plain.digit_count() > MAX_DIGITS {
            return None;
        }
        let (digits, decimals) = plain.to_scaled();
        let decimals = decimals.checked_sub(exponent)?;
        let scaled = if decimals >= 0 {
            Decimal::from_scaled(digits, decimals)?
        } else if digits == 0 {
            Decimal::ZERO
        } else {
            let factor = 10i64.checked_pow(decimals.unsigned_abs())?;
            Decimal::from_scaled(digits.checked_mul(factor)?, 0)?
        };
        (scaled.digit_count() <= MAX_DIGITS).then(|| Decimal(scaled.0.normalize()))
    }

    fn digit_count(self) -> usize {
        let magnitude = self.0.mantissa().unsigned_abs();
        magnitude.checked_ilog10().map_or(0, |log| log as usize + 1)
    }

    /// Number of digits after the decimal point.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.0.scale()
    }

    /// Whether the number has no fraction. `1595.0` has none.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0.fract().is_zero()
    }

    /// Whether the number is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self < Decimal::ZERO
    }

    /// Whether the number is above zero.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self > Decimal::ZERO
    }

    /// The exact difference. Trailing zeros are dropped, because they are not digits of a report. `None` if there are too many digits
    /// to hold.
    #[must_use]
    pub fn minus(self, other: Decimal) -> Option<Decimal> {
        // rust_decimal rounds a difference of more than 28 digits; integers of 128 bits do not.
        let decimals = self.0.scale().max(other.0.scale());
        let aligned = |number: rust_decimal::Decimal| number.mantissa().checked_mul(10i128.checked_pow(decimals - number.scale())?);
        let difference = aligned(self.0)?.checked_sub(aligned(other.0)?)?;
        rust_decimal::Decimal::try_from_i128_with_scale(difference, decimals).ok().map(|d| Decimal(d.normalize()))
    }

    /// The exact sum. Trailing zeros are dropped, because they are not digits of a report. `None` if there are too many digits to hold.
    #[must_use]
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        self.minus(-other)
    }

    /// The natural logarithm of a positive number, to some 20 digits: a measure of growth for thresholds, never a figure.
    #[must_use]
    pub(crate) fn ln(self) -> Option<Decimal> {
        self.0.checked_ln().map(Decimal)
    }

    /// `self ÷ other × 100`, rounded half away from zero; `None` if `other` is zero or the result has too many digits to hold.
    #[must_use]
    pub fn percent_of(self, other: Decimal, decimals: u32) -> Option<Decimal> {
        self.unrounded_percent_of(other)?.rounded(decimals)
    }

    /// `self ÷ other × 100` to 28 digits. The caller rounds it exactly once.
    ///
    /// This one rounding gives the true result: the operands have at most 18 digits and the caller asks for at most six decimals, so no
    /// true quotient is closer to a rounding boundary than the 28th digit.
    #[must_use]
    pub(crate) fn unrounded_percent_of(self, other: Decimal) -> Option<Decimal> {
        let hundredfold = self.0.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?;
        hundredfold.checked_div(other.0).map(Decimal)
    }

    /// The number rounded half away from zero, without trailing zeros; `None` above 18 digits.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Option<Decimal> {
        self.rounded_by(decimals, RoundingStrategy::MidpointAwayFromZero)
    }

    /// The number rounded down, so that a lower limit stays a lower limit; `None` above 18 digits.
    #[must_use]
    pub(crate) fn rounded_down(self, decimals: u32) -> Option<Decimal> {
        self.rounded_by(decimals, RoundingStrategy::ToNegativeInfinity)
    }

    /// The number rounded up, so that an upper limit stays an upper limit; `None` above 18 digits.
    #[must_use]
    pub(crate) fn rounded_up(self, decimals: u32) -> Option<Decimal> {
        self.rounded_by(decimals, RoundingStrategy::ToPositiveInfinity)
    }

    fn rounded_by(self, decimals: u32, strategy: RoundingStrategy) -> Option<Decimal> {
        let rounded = Decimal(self.0.round_dp_with_strategy(decimals, strategy).normalize());
        (rounded.digit_count() <= MAX_DIGITS).then_some(rounded)
    }

    /// The range of true values that round to these digits: 103.2 stands for 103.15 to 103.25.
    #[must_use]
    pub fn printed_range(self) -> (Decimal, Decimal) {
        let half_unit = Decimal::new(5, self.0.scale() + 1);
        (self - half_unit, self + half_unit)
    }
}

/// Arithmetic on intermediate results, which may have 28 digits: further ones are rounded off. Figures themselves are added exactly, by
/// [`Decimal::plus`] and [`Decimal::minus`].
impl Decimal {
    /// A constant of the program. Panics beyond 28 decimals.
    #[must_use]
    pub(crate) fn new(digits: i64, decimals: u32) -> Decimal {
        Decimal(rust_decimal::Decimal::new(digits, decimals))
    }

    /// A power of ten; `None` beyond what a number holds.
    #[must_use]
    pub(crate) fn power_of_ten(power: i32) -> Option<Decimal> {
        match u32::try_from(power) {
            Ok(power) => 10i64.checked_pow(power).map(Decimal::from),
            Err(_) => rust_decimal::Decimal::try_new(1, power.unsigned_abs()).ok().map(Decimal),
        }
    }

    /// Half a unit of the digit of a power of ten: 0.05 for -1.
    #[must_use]
    pub(crate) fn half_unit_at(power: i32) -> Decimal {
        match u32::try_from(-power) {
            // Beyond what a number holds half a unit is nothing that shows.
            Ok(decimals) => Decimal::new(5, (decimals + 1).min(rust_decimal::Decimal::MAX_SCALE)),
            Err(_) => Decimal(rust_decimal::Decimal::from(10i64.saturating_pow(power.unsigned_abs())) / rust_decimal::Decimal::TWO),
        }
    }

    pub(crate) fn checked_add(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_add(other.0).map(Decimal)
    }

    pub(crate) fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_sub(other.0).map(Decimal)
    }

    pub(crate) fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_mul(other.0).map(Decimal)
    }

    pub(crate) fn checked_div(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_div(other.0).map(Decimal)
    }

    /// The product, exactly; `None` where it has more digits than can be held.
    #[must_use]
    pub(crate) fn times(self, other: Decimal) -> Option<Decimal> {
        self.checked_mul(other).filter(|product| product.decimals() == self.decimals() + other.decimals())
    }

    /// The greatest multiple of a step that is not above the number.
    #[must_use]
    pub(crate) fn floored_to(self, step: Decimal) -> Decimal {
        Decimal((self.0 / step.0).floor() * step.0)
    }

    /// The distance from zero.
    #[must_use]
    pub(crate) fn abs(self) -> Decimal {
        Decimal(self.0.abs())
    }

    /// The number with at most twenty decimals.
    #[must_use]
    pub(crate) fn to_twenty_decimals(self) -> Decimal {
        Decimal(self.0.round_dp(20))
    }

    /// The number without trailing zeros.
    #[must_use]
    pub(crate) fn normalized(self) -> Decimal {
        Decimal(self.0.normalize())
    }
}

/// The sum of intermediate results. Panics beyond 28 digits before the point.
impl Add for Decimal {
    type Output = Decimal;

    fn add(self, other: Decimal) -> Decimal {
        Decimal(self.0 + other.0)
    }
}

/// The difference of intermediate results. Panics beyond 28 digits before the point.
impl Sub for Decimal {
    type Output = Decimal;

    fn sub(self, other: Decimal) -> Decimal {
        Decimal(self.0 - other.0)
    }
}

impl Neg for Decimal {
    type Output = Decimal;

    fn neg(self) -> Decimal {
        Decimal(-self.0)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Decimal>>(numbers: I) -> Decimal {
        numbers.fold(Decimal::ZERO, Add::add)
    }
}

impl Decimal {
    /// All its digits, in groups of three, with a decimal mark.
    #[must_use]
    pub(crate) fn grouped(self, group: char, mark: char) -> String {
        let plain = self.to_string();
        let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |unsigned| ("-", unsigned));
        let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, fraction)| (whole, Some(fraction)));
        let mut text = sign.to_owned();
        for (n, digit) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push(mark);
            text.push_str(fraction);
        }
        text
    }
}

fn not_a_number(text: &str) -> Fault {
    let shown: String = text.chars().take(40).collect();
    Fault::new(Code::NotANumber, message!(en: "`{shown}` is no number", vi: "`{shown}` không phải là số"))
}

fn too_many_digits(text: &str) -> Fault {
    let shown: String = text.chars().take(40).collect();
    Fault::new(Code::TooManyDigits, message!(en: "`{shown}` has more than {MAX_DIGITS} digits", vi: "`{shown}` có quá {MAX_DIGITS} chữ số"))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// With all its digits: `1.135` and `77,15` in Vietnamese, `1135` and `77.15` in English.
impl Bilingual for Decimal {
    fn in_language(&self, language: Language) -> String {
        match language {
            Language::Vietnamese => self.grouped('.', ','),
            Language::English => self.to_string(),
        }
    }
}

impl From<i32> for Decimal {
    fn from(whole: i32) -> Decimal {
        Decimal(whole.into())
    }
}

impl From<u32> for Decimal {
    fn from(whole: u32) -> Decimal {
        Decimal(whole.into())
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Decimal {
        Decimal(whole.into())
    }
}

/// A JSON number with exactly these digits.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = self.0.to_string().parse().expect("a decimal is a JSON number");
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Decimal::parse_json(number.as_str()).map_err(|fault| de::Error::custom(fault.message.english()))
    }
}

impl utoipa::PartialSchema for Decimal {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Number)
            .description(Some("An exact decimal of at most 18 digits"))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Decimal {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sum_of_more_digits_than_are_kept_is_in_no_other_power_of_ten() {
        let twelve_months = Decimal::from(999_999_999_999_999_999i64).checked_mul(Decimal::from(12)).unwrap();
        assert_eq!(twelve_months.times_power_of_ten(-9), None);
        assert_eq!(twelve_months.times_power_of_ten(1), None);
    }

    #[test]
    fn json_numbers_with_exponents_are_exact_or_refused() {
        let json = |text: &str| Decimal::parse_json(text).map(|d| d.to_string()).map_err(|f| f.code);
        assert_eq!(json("1.5e3").as_deref(), Ok("1500"));
        assert_eq!(json("15E-1").as_deref(), Ok("1.5"));
        assert_eq!(json("0e400").as_deref(), Ok("0"));
        assert_eq!(json("1e400"), Err(Code::TooManyDigits));
        assert_eq!(json("1e99999999999"), Err(Code::TooManyDigits));
        assert_eq!(json("1e-19"), Err(Code::TooManyDigits));
    }

    #[test]
    fn conversion_between_multipliers_is_exact() {
        let shifted = |text: &str, exponent| Decimal::parse_json(text).unwrap().times_power_of_ten(exponent).map(|d| d.to_string());
        assert_eq!(shifted("8718.1", 3).as_deref(), Some("8718100"));
        assert_eq!(shifted("230", -3).as_deref(), Some("0.23"));
        assert_eq!(shifted("210.0", 3).as_deref(), Some("210000"));
        assert_eq!(shifted("999999999999999999", 1), None);
    }

    #[test]
    fn percentages_round_half_away_from_zero() {
        let percent = |a: &str, b: &str| {
            let read = |text| Decimal::parse_json(text).unwrap();
            read(a).percent_of(read(b), 1).map(|d| d.to_string())
        };
        assert_eq!(percent("1135", "1100").as_deref(), Some("103.2"));
        assert_eq!(percent("1135", "1200").as_deref(), Some("94.6"));
        assert_eq!(percent("1", "800").as_deref(), Some("0.1"), "0.125");
        assert_eq!(percent("5", "10000").as_deref(), Some("0.1"), "0.05 goes away from zero");
        assert_eq!(percent("-5", "10000").as_deref(), Some("-0.1"));
        assert_eq!(percent("38", "38").as_deref(), Some("100"));
        assert_eq!(percent("1", "0"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn text_round_trips_digit_for_digit(digits in -999_999_999_999_999_999i64..=999_999_999_999_999_999, decimals in 0i32..=18) {
            let number = Decimal::from_scaled(digits, decimals).unwrap();
            let text = number.to_string();
            prop_assert_eq!(Decimal::parse_json(&text).unwrap().to_string(), text.clone());
            prop_assert_eq!(serde_json::to_string(&number).unwrap(), text);
            prop_assert_eq!(Decimal::from_scaled(number.to_scaled().0, number.to_scaled().1), Some(number));
        }

        #[test]
        fn percentages_agree_with_whole_number_division(
            a in -999_999_999_999_999_999i64..=999_999_999_999_999_999,
            b in 1i64..=999_999_999_999_999_999,
            decimals in 0u32..=6,
        ) {
            let number = |n| Decimal::from_scaled(n, 0).unwrap();
            let scale = 10i128.pow(decimals);
            let doubled = i128::from(a) * 100 * scale * 2;
            // Round half away from zero: (2|n| + d) div 2d, then restore the sign.
            let magnitude = (doubled.abs() + i128::from(b)) / (2 * i128::from(b));
            let expected = magnitude * i128::from(a.signum());
            match number(a).percent_of(number(b), decimals) {
                Some(percent) => prop_assert_eq!(percent.0, rust_decimal::Decimal::from_i128_with_scale(expected, decimals)),
                None => prop_assert!(expected.unsigned_abs() >= 10u128.pow(16), "{} refused", expected),
            }
        }
    }
}
