//! Figures as they were sent, and which figures an indicator can have.
//! What a figure is, is in `figure`.

use chrono::NaiveDate;

use super::figure::{Figure, Status};
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};

impl Figure {
    /// Whether the figure is impossible under the current definition of the indicator.
    #[must_use]
    pub(crate) fn is_out_of_bounds(&self, indicator: &Indicator) -> bool {
        let ends = self.quantity.interval().map_or(vec![self.quantity.value()], |ends| vec![Some(ends.low), Some(ends.high)]);
        let number = ends.into_iter().flatten().any(|end| check_value(end, indicator).is_some());
        number || check_bound(self.quantity, indicator).is_some()
    }
}

/// A figure as submitted, before the check against its indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFigure {
    /// The value.
    pub value: Option<Decimal>,
    /// The lower end of a range.
    pub low: Option<Decimal>,
    /// The upper end of a range.
    pub high: Option<Decimal>,
    /// The numerator of a rate.
    pub numerator: Option<Decimal>,
    /// The denominator of a rate.
    pub denominator: Option<Decimal>,
    /// The unit multiplier of the submitted numbers; absent for that of the indicator.
    pub unit_mult: Option<i32>,
    /// The observation status.
    pub status: Status,
    /// The relation of the true value to the number.
    pub bound: Bound,
    /// The reference day of a stock or of a rate at a moment.
    pub as_of: Option<NaiveDate>,
}

type Broken = Vec<(&'static str, Fault)>;

impl SentFigure {
    /// The figure in the unit of the indicator. With `force`, a rate is kept as submitted although its numerator and denominator give
    /// another value.
    ///
    /// # Errors
    /// All broken rules, each with its field.
    pub fn check(&self, indicator: &Indicator, force: bool) -> Result<Figure, Broken> {
        let quantity = if self.bound == Bound::Range { self.check_range(indicator) } else { self.check_number(indicator, force) }?;
        let SentFigure { numerator, denominator, status, as_of, .. } = *self;
        Ok(Figure { quantity, numerator, denominator, status, as_of })
    }

    /// Counts that a file has with exactly three zero decimals, `1,000`: the mark may be one between thousands in another notation than the
    /// declared one. Numerators and denominators are counts too.
    #[must_use]
    pub fn thousands_in_doubt(&self, indicator: &Indicator) -> Broken {
        let counted = |counts: bool, field: &'static str, number: Option<Decimal>| number.filter(|_| counts).map(|number| (field, number));
        let numbers = [
            counted(indicator.is_count(), "value", self.value),
            counted(indicator.is_count(), "low", self.low),
            counted(indicator.is_count(), "high", self.high),
            counted(true, "numerator", self.numerator),
            counted(true, "denominator", self.denominator),
        ];
        let in_doubt = numbers.into_iter().flatten().filter(|(_, number)| number.decimals() == 3 && number.is_whole() && !number.is_zero());
        let question = |(field, number): (&'static str, Decimal)| {
            let (small, large) = (number.normalized(), number.times_power_of_ten(3)?);
            let message = message!(
                en: "a count with three zeros behind the mark can mean {small} or {large}: write {small} or {large}",
                vi: "số đếm có ba chữ số 0 sau dấu có thể hiểu là {small} hoặc {large}: hãy viết {small} hoặc {large}"
            );
            Some((field, Fault::new(Code::AmbiguousNumber, message)))
        };
        in_doubt.filter_map(question).collect()
    }

    fn check_number(&self, indicator: &Indicator, force: bool) -> Result<Quantity, Broken> {
        let mut faults = Vec::new();
        for (field, _) in [("low", self.low), ("high", self.high)].into_iter().filter(|(_, end)| end.is_some()) {
            let message = message!(
                en: "`{field}` is an end of a range: it goes with `bound` `range`",
                vi: "`{field}` là một đầu của khoảng: cần đi cùng `bound` là `range`"
            );
            faults.push((field, Fault::new(Code::InvalidRange, message).allowing([Bound::Range.as_str()])));
        }
        let computed = self.check_ratio(indicator).unwrap_or_else(|mut broken| {
            faults.append(&mut broken);
            None
        });
        let sent = self.value.and_then(|value| self.check_end("value", value, indicator, &mut faults));
        if let (Some(quantity), Some(ratio)) = (sent, computed)
            && !force
        {
            faults.extend(self.check_agreement(quantity, ratio).err().map(|fault| ("value", fault)));
        }
        if self.value.is_none() && self.numerator.is_none() && self.denominator.is_none() {
            faults.push((
                "value",
                Fault::new(
                    Code::ValueMissing,
                    message!(
                        en: "a value is needed, or for a rate a numerator and a denominator",
                        vi: "cần có giá trị; với tỷ lệ thì có thể nêu tử số và mẫu số"
                    ),
                ),
            ));
        } else if self.value.is_none() && self.bound != Bound::Equal {
            let message = message!(
                en: "`{}` is said of a number: it needs its `value`",
                vi: "`{}` nói về một số: cần có `value`", self.bound.as_str()
            );
            faults.push(("value", Fault::new(Code::ValueMissing, message)));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let rounded = || computed.and_then(|ratio| ratio.rounded(indicator.decimals)).map(|value| Quantity::number(value, self.bound));
        let Some(quantity) = sent.or_else(rounded) else {
            return Err(vec![("numerator", rate_too_long())]);
        };
        match quantity.value().and_then(|value| check_value(value, indicator)) {
            Some(fault) => Err(vec![("numerator", fault)]),
            None => Ok(quantity),
        }
    }

    /// One number in the unit of the indicator. Its errors are added to `faults`.
    fn check_end(&self, field: &'static str, value: Decimal, indicator: &Indicator, faults: &mut Broken) -> Option<Quantity> {
        let number = in_unit_of(indicator, value, self.unit_mult).map_err(|fault| faults.push((field, fault))).ok()?;
        let shift = self.unit_mult.map_or(0, |sent_in| sent_in - indicator.unit_mult);
        let last_digit = shift - i32::try_from(value.decimals()).unwrap_or(0);
        let quantity = Quantity::number(number, if self.bound == Bound::Range { Bound::Equal } else { self.bound }).printed_to(last_digit);
        faults.extend(check_value(number, indicator).or_else(|| check_bound(quantity, indicator)).map(|fault| (field, fault)));
        Some(quantity)
    }

    fn check_range(&self, indicator: &Indicator) -> Result<Quantity, Broken> {
        let mut faults = Vec::new();
        let others = [("value", self.value), ("numerator", self.numerator), ("denominator", self.denominator)];
        for (field, _) in others.into_iter().filter(|(_, number)| number.is_some()) {
            let message = message!(
                en: "a range has `low` and `high` and no `{field}`",
                vi: "khoảng có `low` và `high`, không có `{field}`"
            );
            faults.push((field, Fault::new(Code::InvalidRange, message)));
        }
        let mut end = |field: &'static str, value: Option<Decimal>| {
            if value.is_none() {
                faults.push((
                    field,
                    Fault::new(
                        Code::InvalidRange,
                        message!(
                            en: "a range needs its `{field}`",
                            vi: "khoảng cần có `{field}`"
                        ),
                    ),
                ));
            }
            self.check_end(field, value?, indicator, &mut faults)
        };
        let ends = (end("low", self.low), end("high", self.high));
        let (Some(low), Some(high)) = ends else { return Err(faults) };
        let printed_to = low.last_digit().max(high.last_digit());
        let (Some(low), Some(high)) = (low.value(), high.value()) else { return Err(faults) };
        if low >= high {
            let message = message!(
                en: "{low} to {high} is no range: the lower end comes first, and one number is a `value`",
                vi: "{low} đến {high} không phải là khoảng: đầu nhỏ đứng trước; nếu chỉ có một số thì ghi vào `value`"; low, high
            );
            faults.push(("low", Fault::new(Code::InvalidRange, message)));
        }
        if faults.is_empty() { Ok(Quantity::range(low, high).printed_to(printed_to)) } else { Err(faults) }
    }

    /// The rate from numerator and denominator, before rounding.
    fn check_ratio(&self, indicator: &Indicator) -> Result<Option<Decimal>, Broken> {
        let (numerator, denominator) = match (self.numerator, self.denominator) {
            (None, None) => return Ok(None),
            (Some(_), _) if indicator.measure != Measure::Rate => return Err(vec![("numerator", ratio_not_allowed(indicator))]),
            (None, Some(_)) if indicator.measure != Measure::Rate => return Err(vec![("denominator", ratio_not_allowed(indicator))]),
            (Some(_), None) => {
                return Err(vec![(
                    "denominator",
                    Fault::new(
                        Code::RatioIncomplete,
                        message!(
                            en: "the numerator comes without its denominator",
                            vi: "có tử số mà thiếu mẫu số"
                        ),
                    ),
                )]);
            }
            (None, Some(_)) => {
                return Err(vec![(
                    "numerator",
                    Fault::new(
                        Code::RatioIncomplete,
                        message!(
                            en: "the denominator comes without its numerator",
                            vi: "có mẫu số mà thiếu tử số"
                        ),
                    ),
                )]);
            }
            (Some(numerator), Some(denominator)) => (numerator, denominator),
        };
        let mut faults = Vec::new();
        if numerator.is_negative() {
            faults.push((
                "numerator",
                Fault::new(
                    Code::InvalidRatio,
                    message!(
                        en: "a numerator is zero or more",
                        vi: "tử số không được âm"
                    ),
                ),
            ));
        }
        if denominator <= Decimal::ZERO {
            faults.push((
                "denominator",
                Fault::new(
                    Code::InvalidRatio,
                    message!(
                        en: "a denominator is above zero; without cases there is no rate",
                        vi: "mẫu số phải lớn hơn 0; không có trường hợp nào thì không có tỷ lệ"
                    ),
                ),
            ));
        }
        if faults.is_empty() && indicator.is_share() && numerator > denominator {
            let message = message!(
                en: "{numerator} of {denominator} is more than all",
                vi: "tử số {numerator} lớn hơn mẫu số {denominator}"; numerator, denominator
            );
            faults.push(("numerator", Fault::new(Code::NumeratorExceedsDenominator, message)));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        match numerator.unrounded_percent_of(denominator) {
            Some(ratio) => Ok(Some(ratio)),
            None => Err(vec![("numerator", rate_too_long())]),
        }
    }

    /// A printed rate allows half a unit of its last digit on each side; a bound allows all values beyond it. The rate from numerator
    /// and denominator must be among these values.
    fn check_agreement(&self, sent: Quantity, ratio: Decimal) -> Result<(), Fault> {
        if sent.agrees_with(ratio) {
            return Ok(());
        }
        let formed = sent.value().and_then(|value| ratio.rounded(value.decimals())).unwrap_or(ratio);
        let (numerator, denominator) = (self.numerator.unwrap_or(Decimal::ZERO), self.denominator.unwrap_or(Decimal::ZERO));
        let message = message!(
            en: "{numerator} of {denominator} is {formed} %, not {sent} %; to keep what the report says, send `force`",
            vi: "{numerator} trên {denominator} là {formed} %, không phải {sent} %; để giữ số của báo cáo, gửi `force`"; numerator, denominator, formed, sent
        );
        Err(Fault::new(Code::RateDisagrees, message).allowing([formed.to_string()]))
    }
}

fn ratio_not_allowed(indicator: &Indicator) -> Fault {
    let measure = indicator.measure;
    let message = message!(
        en: "`{}` is a {measure}: only rates have a numerator and a denominator",
        vi: "`{}` là {measure}: chỉ tỷ lệ mới có tử số và mẫu số"; measure; indicator.code
    );
    Fault::new(Code::RatioNotAllowed, message)
}

/// A number with its own unit multiplier (3 for thousands, 9 for tỷ), converted exactly to that of the indicator.
///
/// # Errors
/// `too_many_digits` if the result does not fit.
pub fn in_unit_of(indicator: &Indicator, value: Decimal, sent_in: Option<i32>) -> Result<Decimal, Fault> {
    let Some(sent_in) = sent_in else { return Ok(value) };
    value.times_power_of_ten(sent_in - indicator.unit_mult).ok_or_else(|| {
        let message = message!(
            en: "in the indicator's unit (10^{}) the value has too many digits",
            vi: "theo đơn vị tính của chỉ tiêu (10^{}) giá trị có quá nhiều chữ số", indicator.unit_mult
        );
        Fault::new(Code::TooManyDigits, message)
    })
}

/// Rejects a bound that only impossible values satisfy: for example above 100 % of a share, or below a count of zero.
fn check_bound(quantity: Quantity, indicator: &Indicator) -> Option<Fault> {
    let impossible = |limit: Decimal, bound: Bound| quantity.contradicts(Quantity::number(limit, bound), Decimal::ZERO);
    let below = indicator.least().filter(|least| impossible(*least, Bound::AtLeast));
    let above = indicator.max.filter(|max| impossible(*max, Bound::AtMost));
    below.or(above).map(|limit| {
        let message = message!(
            en: "nothing of `{}` can be {quantity}: the limit is {limit}",
            vi: "`{}` không thể là {quantity}: giới hạn là {limit}"; quantity, limit; indicator.code
        );
        Fault::new(Code::OutOfBounds, message).allowing([limit.to_string()])
    })
}

fn rate_too_long() -> Fault {
    Fault::new(Code::TooManyDigits, message!(en: "the rate has too many digits", vi: "tỷ lệ có quá nhiều chữ số"))
}

/// The first rule of the indicator that a value breaks. Targets follow the same rules.
#[must_use]
pub fn check_value(value: Decimal, indicator: &Indicator) -> Option<Fault> {
    if indicator.is_count() {
        if value.is_negative() {
            return Some(Fault::new(
                Code::NegativeCount,
                message!(
                    en: "`{}` counts things: {value} is below zero",
                    vi: "`{}` là số đếm: {value} nhỏ hơn 0"; value; indicator.code
                ),
            ));
        }
        if !value.is_whole() {
            let meant = value.times_power_of_ten(3).filter(|_| value.decimals() == 3);
            // Without groups in either language: 1.596 is what was refused.
            let way_out = meant.map(|meant| message!(en: "; if {meant} is meant, write {meant}", vi: "; nếu là {meant} thì viết {meant}"));
            let message = message!(
                en: "`{}` counts whole things: {value} has a fraction{way_out}",
                vi: "`{}` là số đếm nguyên: {value} có phần lẻ{way_out}"; value, way_out; indicator.code
            );
            return Some(Fault::new(Code::FractionForCount, message));
        }
    }
    let below = |min| message!(en: "`{}`: {value} is below {min}", vi: "`{}`: {value} nhỏ hơn {min}"; value, min; indicator.code);
    let above = |max| message!(en: "`{}`: {value} is above {max}", vi: "`{}`: {value} lớn hơn {max}"; value, max; indicator.code);
    let below = indicator.min.filter(|min| value < *min).map(below);
    let above = indicator.max.filter(|max| value > *max).map(above);
    below.or(above).map(|message| {
        let bounds = [indicator.min.map(|min| format!("min {min}")), indicator.max.map(|max| format!("max {max}"))];
        Fault::new(Code::OutOfBounds, message).allowing(bounds.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::language::Language;
    use crate::domain::testing::indicator;

    #[test]
    fn a_count_with_a_fraction_is_told_the_number_that_is_read_back() {
        let sites = indicator(Measure::Stock, 0);
        for (value, english, vietnamese) in [
            ("1.596", "1.596 has a fraction; if 1596 is meant, write 1596", "1,596 có phần lẻ; nếu là 1596 thì viết 1596"),
            ("1930.360", "1930.360 has a fraction; if 1930360 is meant, write 1930360", "nếu là 1930360 thì viết 1930360"),
            ("77.15", "77.15 has a fraction", "77,15 có phần lẻ"),
        ] {
            let fault = check_value(Decimal::parse_json(value).unwrap(), &sites).unwrap();
            let [in_english, in_vietnamese] = [Language::English, Language::Vietnamese].map(|language| fault.message.text(language));
            assert!(in_english.ends_with(english) && in_vietnamese.ends_with(vietnamese), "{in_english} | {in_vietnamese}");
        }
    }
}
