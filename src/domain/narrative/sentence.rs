//! Sentences: a comparison in the words of a department's report, in Vietnamese and English.
//! A number that is not available is left out. A sentence states nothing beyond the figures.

use crate::domain::language::Language;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::catalogue::unit::PERCENT;
use crate::domain::comparison::compare::Comparison;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::reason::Reason;
use crate::domain::target::attainment::Attainment;
use crate::domain::target::condition::TargetKind;
use crate::domain::time::period::{Calendar, Period};
use Language::{English, Vietnamese};

/// The content of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The breakdown.
    pub breakdown: &'a Breakdown,
    /// The period.
    pub period: Period,
    /// The figure of the period.
    pub current: Option<&'a Figure>,
    /// Whether the report declares nothing to report.
    pub nil: bool,
    /// The same period last year.
    pub before: Period,
    /// The comparison with the same period last year.
    pub year_on_year: &'a Comparison,
    /// The comparison with the target, if there is one.
    pub target: Option<&'a Attainment>,
}

/// The sentence; `None` if there is neither a figure nor a declaration of nothing to report.
#[must_use]
pub fn sentence(statement: &Statement<'_>, language: Language) -> Option<String> {
    let subject = spaced(&[&name(statement.indicator, statement.breakdown, language), &when(statement, language)]);
    let Some(current) = statement.current else {
        return statement.nil.then(|| match language {
            Vietnamese => format!("{subject}: không phát sinh."),
            English => format!("{subject}: nothing to report."),
        });
    };
    let verb = verb(current, statement.indicator.measure, language);
    let level = spaced(&[&subject, verb, &quantity(statement.indicator, current.quantity, language)?]);
    let last_year = against_last_year(statement, language).map(|clause| format!(", {clause}{}", holiday(statement, language)));
    let last_year = last_year.unwrap_or_default();
    let target = against_target(statement, language).map(|clause| format!("; {clause}")).unwrap_or_default();
    Some(format!("{level}{last_year}{target}."))
}

/// A number with all its digits: `1.135` and `77,15` in Vietnamese, `1,135` and `77.15` in English.
#[must_use]
pub fn number(value: Decimal, language: Language) -> String {
    match language {
        Vietnamese => value.grouped('.', ','),
        English => value.grouped(',', '.'),
    }
}

/// Joins the non-empty words with one space between them.
fn spaced(words: &[&str]) -> String {
    let present: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    present.join(" ")
}

/// The name of the indicator, with the names of the members of the breakdown in brackets.
#[must_use]
pub fn name(indicator: &Indicator, breakdown: &Breakdown, language: Language) -> String {
    let name = indicator.name(language);
    if breakdown.is_total() {
        return name.to_owned();
    }
    let members: Vec<&str> = breakdown.members().map(|(dimension, member)| indicator.member_name(dimension, member, language)).collect();
    format!("{name} ({})", members.join(", "))
}

/// The time of the figure: the reference day of a stock if stated, otherwise the end of the period for a stock and the period for
/// others.
fn when(statement: &Statement<'_>, language: Language) -> String {
    if let Some(day) = statement.current.and_then(|current| current.as_of) {
        let day = date(day, language);
        return match language {
            Vietnamese => format!("tính đến {day}"),
            English => format!("as of {day}"),
        };
    }
    let period = statement.period;
    let time = if statement.indicator.measure == Measure::Stock { end_of(period, language) } else { during(period, language) };
    // Without this note a reader would take a month of the administrative calendar for a civil month.
    let calendar = match (period.calendar(), language) {
        (Calendar::Civil, _) => "",
        (Calendar::Nd09, Vietnamese) => "(theo Nghị định 09/2019)",
        (Calendar::Nd09, English) => "(administrative calendar)",
    };
    spaced(&[&time, calendar])
}

fn end_of(period: Period, language: Language) -> String {
    match (months(period, language), language) {
        (Some(months), Vietnamese) => format!("đến hết {months}"),
        (Some(months), English) => format!("at the end of {months}"),
        (None, Vietnamese) => format!("đến hết ngày {}", date(period.end(), language)),
        (None, English) => format!("at the end of {}", date(period.end(), language)),
    }
}

fn during(period: Period, language: Language) -> String {
    let (start, end) = (date(period.start(), language), date(period.end(), language));
    match (months(period, language), language) {
        // A quarter, a half-year and nine months have their own names. The other numbers of months can only be a year to date.
        (Some(months), Vietnamese) if matches!(period.months(), Some(2 | 4 | 5 | 7 | 8 | 10 | 11)) => format!("lũy kế {months}"),
        (Some(months), Vietnamese) => months,
        (Some(months), English) => format!("in {months}"),
        (None, Vietnamese) if start == end => format!("ngày {start}"),
        (None, English) if start == end => format!("on {start}"),
        (None, Vietnamese) => format!("từ {start} đến {end}"),
        (None, English) => format!("from {start} to {end}"),
    }
}

/// The months of a period in the usual words, whatever its period code; `None` for an interval.
fn months(period: Period, language: Language) -> Option<String> {
    const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
    const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
    const COUNTS: [&str; 11] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
    let (before, last) = period.month_span()?;
    let year = before.div_euclid(12);
    let (first, last) = (before - year * 12 + 1, last - year * 12);
    let nth = |n: i32, words: &[&'static str]| usize::try_from(n - 1).ok().and_then(|n| words.get(n).copied());
    Some(match (language, first, last) {
        (Vietnamese, 1, 12) => format!("năm {year}"),
        (English, 1, 12) => year.to_string(),
        (Vietnamese, 7, 12) => format!("6 tháng cuối năm {year}"),
        (English, 7, 12) => format!("the last six months of {year}"),
        (Vietnamese, _, _) if first == last => format!("tháng {last}/{year}"),
        // In both calendars the last day of a period lies in the month that gives its name.
        (English, _, _) if first == last => period.end().format("%B %Y").to_string(),
        (Vietnamese, _, _) if last - first == 2 => format!("quý {} năm {year}", nth(last / 3, &ROMAN)?),
        (English, _, _) if last - first == 2 => format!("the {} quarter of {year}", nth(last / 3, &ORDINALS)?),
        (Vietnamese, _, _) => format!("{last} tháng đầu năm {year}"),
        (English, _, _) => format!("the first {} months of {year}", nth(last, &COUNTS)?),
    })
}

fn date(day: NaiveDate, language: Language) -> String {
    let form = match language {
        Vietnamese => "%-d/%-m/%Y",
        English => "%-d %B %Y",
    };
    day.format(form).to_string()
}

/// The verb for the status. An English estimate is "an estimated 5", but before a bound "estimated to be over 5".
fn verb(figure: &Figure, measure: Measure, language: Language) -> &'static str {
    let plain = bound(figure.quantity.bound(), language).is_empty();
    match (language, figure.status) {
        (Vietnamese, Status::Estimated) => "ước đạt",
        (Vietnamese, Status::Preliminary) => "sơ bộ đạt",
        // A level is not "reached" (đạt).
        (Vietnamese, Status::Official) if measure == Measure::Average => "là",
        (Vietnamese, Status::Official) => "đạt",
        (English, Status::Estimated) if plain => "was an estimated",
        (English, Status::Preliminary) if plain => "was a preliminary",
        (English, Status::Estimated) => "was estimated to be",
        (English, Status::Preliminary) => "was preliminarily",
        (English, Status::Official) => "was",
    }
}

/// The words for a bound. Empty for an exact number and for a range, which shows both its ends.
fn bound(bound: Bound, language: Language) -> &'static str {
    match (bound, language) {
        (Bound::Equal | Bound::Range, _) => "",
        (Bound::Above, Vietnamese) => "trên",
        (Bound::Above, English) => "over",
        (Bound::AtLeast, Vietnamese) => "ít nhất",
        (Bound::AtLeast, English) => "at least",
        (Bound::Below, Vietnamese) => "gần",
        (Bound::Below, English) => "nearly",
        (Bound::AtMost, Vietnamese) => "không quá",
        (Bound::AtMost, English) => "at most",
        (Bound::About, Vietnamese) => "khoảng",
        (Bound::About, English) => "about",
        (Bound::AboutAbove, Vietnamese) => "khoảng trên",
        (Bound::AboutAbove, English) => "about over",
        (Bound::AboutBelow, Vietnamese) => "khoảng dưới",
        (Bound::AboutBelow, English) => "about under",
    }
}

/// A quantity in the unit of an indicator; `None` if its power of ten has no word and the number does not fit another power of ten.
pub(crate) fn quantity(indicator: &Indicator, quantity: Quantity, language: Language) -> Option<String> {
    let numbers = match quantity.interval() {
        Some(ends) => vec![ends.low, ends.high],
        None => vec![quantity.value()?],
    };
    Some(spaced(&[bound(quantity.bound(), language), &amount(indicator, &numbers, language)?]))
}

/// Powers of ten with a word, largest first: Vietnamese, English.
pub(super) const POWERS: [(i32, &str, &str); 5] =
    [(12, "nghìn tỷ", "trillion"), (9, "tỷ", "billion"), (6, "triệu", "million"), (3, "nghìn", "thousand"), (0, "", "")];

/// The unit of an indicator in Vietnamese: `tỷ đồng`, `%`, `thuê bao`. A power of ten without a word appears as `10^n`.
#[must_use]
pub fn unit(indicator: &Indicator) -> String {
    let Indicator { unit, unit_mult, .. } = indicator;
    if unit == PERCENT {
        return "%".to_owned();
    }
    let power = POWERS.iter().find(|(power, ..)| power == unit_mult);
    let power = power.map_or_else(|| format!("10^{unit_mult}"), |(_, in_vietnamese, _)| (*in_vietnamese).to_owned());
    spaced(&[&power, indicator.unit_name(Vietnamese, false)])
}

/// One number or both ends of a range, in their unit; `None` if the power of ten has no word and the number does not fit another power
/// of ten.
fn amount(indicator: &Indicator, numbers: &[Decimal], language: Language) -> Option<String> {
    let powers = if indicator.unit == PERCENT { &POWERS[4..] } else { &POWERS[..] };
    let (power, in_vietnamese, in_english) = *powers.iter().find(|(power, ..)| *power <= indicator.unit_mult).unwrap_or(&POWERS[4]);
    let scaled = numbers.iter().map(|value| value.times_power_of_ten(indicator.unit_mult - power));
    let shown: Vec<String> = scaled.map(|value| Some(number(value?, language))).collect::<Option<_>>()?;
    let (single, shown) = (power == 0 && shown == ["1"], shown.join("–"));
    if indicator.unit == PERCENT {
        return Some(shown + "%");
    }
    let power = match language {
        Vietnamese => in_vietnamese,
        English => in_english,
    };
    Some(spaced(&[&shown, power, indicator.unit_name(language, single)]))
}

/// The distance of two figures in their unit; in percentage points if the unit is percent.
fn distance(indicator: &Indicator, difference: Decimal, language: Language) -> Option<String> {
    let by = difference.abs();
    if indicator.unit != PERCENT {
        return amount(indicator, &[by], language);
    }
    let shown = number(by, language);
    Some(match language {
        Vietnamese => format!("{shown} điểm phần trăm"),
        English if shown == "1" => format!("{shown} percentage point"),
        English => format!("{shown} percentage points"),
    })
}

/// The same period last year, for the place after "so với" and "of".
fn base(before: Period, language: Language) -> String {
    let year = before.year().map_or(before.end().year(), |year| year.end().year());
    let lies_in_one_year = before.year().is_some() || before.start().year() == year;
    match language {
        Vietnamese if before.months() == Some(12) => format!("năm {year}"),
        English if before.months() == Some(12) => year.to_string(),
        Vietnamese if lies_in_one_year => format!("cùng kỳ năm {year}"),
        English if lies_in_one_year => format!("the same period of {year}"),
        Vietnamese => "cùng kỳ năm trước".to_owned(),
        English => "the same period a year earlier".to_owned(),
    }
}

/// The clause on last year: percentage points for a rate, otherwise the index, or the change if a base of zero or below gives no index.
fn against_last_year(statement: &Statement<'_>, language: Language) -> Option<String> {
    let compared = statement.year_on_year;
    let rate = statement.indicator.measure == Measure::Rate;
    // A comparison of two bounds is left out, because a sentence would state too much or nothing.
    let change = if rate { compared.change_pp } else { compared.change }.and_then(Quantity::exact)?;
    let index =
        compared.index_pct.and_then(Quantity::exact).filter(|index| !rate && !index.is_negative()).map(|index| number(index, language));
    let base = base(statement.before, language);
    // The change decides whether the two are equal, because an index of 100 may be rounded.
    if change.is_zero() {
        return Some(match language {
            Vietnamese if rate => format!("không đổi so với {base}"),
            English if rate => format!("unchanged on {base}"),
            Vietnamese => format!("bằng {base}"),
            English => format!("the same as in {base}"),
        });
    }
    if let Some(index) = index {
        return Some(match language {
            Vietnamese => format!("bằng {index}% so với {base}"),
            English => format!("{index}% of {base}"),
        });
    }
    let by = distance(statement.indicator, change, language)?;
    Some(match language {
        Vietnamese if change.is_negative() => format!("giảm {by} so với {base}"),
        English if change.is_negative() => format!("down {by} on {base}"),
        Vietnamese => format!("tăng {by} so với {base}"),
        English => format!("up {by} on {base}"),
    })
}

/// What a reader of the clause on last year has to know about Tết; empty if it did not move.
fn holiday(statement: &Statement<'_>, language: Language) -> &'static str {
    if !statement.year_on_year.reasons.contains(&Reason::HolidayMoved) {
        return "";
    }
    match language {
        Vietnamese => " (số ngày Tết trong kỳ khác năm trước)",
        English => " (Tết fell on other days)",
    }
}

/// The clause on the target: the attained percentage; for rates, and for a target of zero, the distance.
fn against_target(statement: &Statement<'_>, language: Language) -> Option<String> {
    let attained = statement.target?;
    let gap = attained.gap.and_then(Quantity::exact)?;
    let kind = attained.terms()?.condition.kind();
    let target_name = target_name(statement, attained, language)?;
    match attained.attainment_pct.and_then(Quantity::exact) {
        Some(share) => by_share(kind, share, gap, &target_name.name, language),
        None => Some(by_distance(kind, &distance(statement.indicator, gap, language)?, gap, &target_name, language)),
    }
}

/// The name of the target in a report.
struct TargetName {
    name: String,
    /// Whether the name ends with a date, so that no other number may follow it.
    dated: bool,
}

fn target_name(statement: &Statement<'_>, attained: &Attainment, language: Language) -> Option<TargetName> {
    let (national, of) = (attained.terms()?.each_province, attained.target.period);
    let later = of.year() != statement.period.year();
    // A "plan" is the province's own and of this year. A national target, or one of a later year, is a "target".
    let plan = !national && !later;
    let noun = match (language, attained.terms()?.condition.kind()) {
        (Vietnamese, TargetKind::AtMost) => "mức tối đa",
        (English, TargetKind::AtMost) => "ceiling",
        (Vietnamese, TargetKind::Band) if plan => "khung kế hoạch",
        (Vietnamese, TargetKind::Band) => "khung mục tiêu",
        (English, TargetKind::Band) if plan => "planned range",
        (English, TargetKind::Band) => "target range",
        (Vietnamese, TargetKind::AtLeast | TargetKind::Exactly) if plan => "kế hoạch",
        (Vietnamese, TargetKind::AtLeast | TargetKind::Exactly) => "mục tiêu",
        (English, TargetKind::AtLeast | TargetKind::Exactly) if plan => "plan",
        (English, TargetKind::AtLeast | TargetKind::Exactly) => "target",
    };
    let noun = match (language, national) {
        (Vietnamese, true) => format!("{noun} quốc gia"),
        (Vietnamese, false) => noun.to_owned(),
        (English, true) => format!("the national {noun}"),
        (English, false) => format!("the {noun}"),
    };
    // The target of a rate is a level for any time of the year. For other measures, a part of the year is compared with the whole.
    let level = statement.indicator.measure == Measure::Rate && !later;
    let annual = !level && of.months() == Some(12) && !later;
    let (name, dated) = match language {
        _ if of == statement.period || level => (noun, false),
        // "kế hoạch năm 3 sự cố" would read as the plan of the year 3.
        Vietnamese if annual && plan => (format!("{noun} năm"), true),
        English if annual && plan => (noun.replacen("the ", "the annual ", 1), false),
        Vietnamese if later => (format!("{noun} đến {}", months(of, language)?), true),
        Vietnamese => (format!("{noun} {}", months(of, language)?), true),
        English => (format!("{noun} for {}", months(of, language)?), true),
    };
    Some(TargetName { name, dated })
}

/// A minimum target is met, or exceeded by a percentage. Other targets only show the percentage.
fn by_share(kind: TargetKind, share: Decimal, gap: Decimal, target_name: &str, language: Language) -> Option<String> {
    let shown = number(share, language);
    let beyond = share.minus(Decimal::HUNDRED)?;
    // The gap decides whether the target is reached, because a percentage of 100 may be rounded.
    let to_reach = (kind == TargetKind::AtLeast).then(|| gap.cmp(&Decimal::ZERO));
    Some(match (to_reach, language) {
        (Some(Ordering::Equal), Vietnamese) => format!("hoàn thành {target_name}"),
        (Some(Ordering::Equal), English) => format!("meets {target_name}"),
        (Some(Ordering::Less), Vietnamese) if beyond.is_zero() => format!("vượt {target_name}"),
        (Some(Ordering::Less), English) if beyond.is_zero() => format!("above {target_name}"),
        (Some(Ordering::Less), Vietnamese) => format!("vượt {}% {target_name}", number(beyond, language)),
        (Some(Ordering::Less), English) => format!("{}% above {target_name}", number(beyond, language)),
        (Some(Ordering::Greater), Vietnamese) if beyond.is_zero() => format!("đạt gần {shown}% {target_name}"),
        (Some(Ordering::Greater), English) if beyond.is_zero() => format!("nearly {shown}% of {target_name}"),
        (Some(Ordering::Greater), Vietnamese) => format!("đạt {shown}% {target_name}"),
        (None, Vietnamese) if kind == TargetKind::Exactly && gap.is_zero() => format!("đúng {target_name}"),
        (None, English) if kind == TargetKind::Exactly && gap.is_zero() => format!("exactly {target_name}"),
        (None, Vietnamese) => format!("bằng {shown}% {target_name}"),
        (Some(Ordering::Greater) | None, English) => format!("{shown}% of {target_name}"),
    })
}

/// A negative gap means that the figure is above the target.
fn by_distance(kind: TargetKind, by: &str, gap: Decimal, target_name: &TargetName, language: Language) -> String {
    let beyond = match (gap.cmp(&Decimal::ZERO), kind) {
        (Ordering::Less, TargetKind::AtLeast) => "vượt",
        (Ordering::Less, _) => "cao hơn",
        _ => "thấp hơn",
    };
    let TargetName { name: target_name, dated } = target_name;
    match (language, gap.cmp(&Decimal::ZERO), kind) {
        (Vietnamese, Ordering::Equal, TargetKind::AtLeast) => format!("đạt {target_name}"),
        (Vietnamese, Ordering::Equal, TargetKind::AtMost) => format!("bằng {target_name}"),
        (Vietnamese, Ordering::Equal, TargetKind::Exactly) => format!("đúng {target_name}"),
        (Vietnamese, Ordering::Equal, TargetKind::Band) => format!("trong {target_name}"),
        (Vietnamese, Ordering::Less | Ordering::Greater, _) if *dated => format!("{beyond} {by} so với {target_name}"),
        (Vietnamese, Ordering::Less | Ordering::Greater, _) => format!("{beyond} {target_name} {by}"),
        (English, Ordering::Equal, TargetKind::AtLeast) => format!("meets {target_name}"),
        (English, Ordering::Equal, TargetKind::AtMost) => format!("at {target_name}"),
        (English, Ordering::Equal, TargetKind::Exactly) => format!("exactly {target_name}"),
        (English, Ordering::Equal, TargetKind::Band) => format!("within {target_name}"),
        (English, Ordering::Less, _) => format!("{by} above {target_name}"),
        (English, Ordering::Greater, _) => format!("{by} below {target_name}"),
    }
}

#[cfg(test)]
mod tests;
