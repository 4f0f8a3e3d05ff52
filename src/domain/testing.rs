//! The short notation for figures, periods and targets in the tables of the tests.
//! Compiled for tests only.

use super::catalogue::breakdown::Breakdown;
use super::catalogue::indicator::{Access, Aggregation, Direction, Indicator, Measure};
use super::catalogue::series_key::SeriesKey;
use super::catalogue::source::Source;
use super::number::decimal::Decimal;
use super::number::quantity::{Bound, Interval, Quantity};
use super::observation::figure::{Figure, Status};
use super::observation::observation::{Citation, Content, Observation};
use super::target::condition::{Baseline, Milestone, Phasing, TargetCondition, TargetTerms};
use super::target::target::Target;
use super::time::period::{Calendar, Frequency, Period};
use chrono::DateTime;

#[path = "../../tests/notation/mod.rs"]
mod notation;

/// A quantity as [`notation`] has it.
pub(crate) fn quantity(text: &str) -> Quantity {
    let parse = |text: &str| Decimal::parse_json(text).unwrap();
    match notation::read(text).content {
        notation::Content::Range(low, high) => Quantity::range(parse(low), parse(high)),
        notation::Content::Number(bound, number) => Quantity::number(parse(number), Bound::parse(bound).unwrap()),
        other => panic!("{other:?} is no quantity"),
    }
}

/// The reverse of [`quantity`].
pub(crate) fn written(quantity: Quantity) -> String {
    if quantity.bound() == Bound::Range {
        let Interval { low, high } = quantity.interval().unwrap();
        return format!("{low}-{high}");
    }
    let mark = notation::MARKS.iter().find(|(_, bound)| *bound == quantity.bound().as_str()).map(|(mark, _)| *mark);
    format!("{}{}", mark.unwrap(), quantity.value().unwrap())
}

/// An indicator with this measure and these decimals, and plain defaults for the rest.
pub(crate) fn indicator(measure: Measure, decimals: u32) -> Indicator {
    let rate = measure == Measure::Rate;
    Indicator {
        code: "under-test".into(),
        name: "Chỉ tiêu".into(),
        name_en: "Indicator".into(),
        definition: "Dùng để kiểm thử.".into(),
        field: "it".into(),
        unit: if rate { "percent" } else { "VND" }.into(),
        unit_label: None,
        unit_mult: 0,
        measure,
        time_aggregation: Aggregation::None,
        area_aggregation: Aggregation::None,
        direction: Direction::Up,
        decimals,
        min: None,
        max: rate.then_some(Decimal::HUNDRED),
        breakdowns: std::collections::BTreeMap::new(),
        frequency: Frequency::Monthly,
        calendar: Calendar::Civil,
        access: Access::Open,
        external_ref: None,
        yoy_limit: None,
    }
}

/// A figure in test notation: `1135`, `1135 E`, `>29.6`, `~30`, `20-23`.
pub(crate) fn figure(text: &str) -> Figure {
    let (number, _) = text.split_once(' ').unwrap_or((text, ""));
    let status = notation::read(text).status.map_or(Status::Official, |status| Status::parse(status).unwrap());
    Figure { quantity: quantity(number), numerator: None, denominator: None, status, as_of: None }
}

pub(crate) fn observation(period: &str, calendar: Calendar, text: &str) -> Observation {
    Observation {
        id: period.into(),
        revision: 1,
        series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
        period: Period::parse(period, calendar).unwrap(),
        content: content(text),
        definition_version: 1,
        citation: Citation::default(),
        reason: None,
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

pub(crate) fn reported(text: &str, calendar: Calendar) -> Vec<Observation> {
    let pairs = text.split(", ").filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(period, value)| observation(period, calendar, value)).collect()
}

pub(crate) fn flow() -> Indicator {
    Indicator { time_aggregation: Aggregation::Sum, min: Some(Decimal::ZERO), ..indicator(Measure::Flow, 1) }
}

/// A target in test notation: `>=2400@2024`, `<=10@2024`, `==12@2024`, `20..30@2030`. Options follow after spaces: `from:60@2020`,
/// `like:last_year`, `by:600@2024-Q1` and `each_province`.
pub(crate) fn target(text: &str, calendar: Calendar) -> Target {
    let number = |text: &str| Decimal::parse_json(text).unwrap();
    let mut words = text.split(' ');
    let dated = |text: &str| {
        let (number, of) = text.split_once('@').expect("a number and a period");
        (number.to_owned(), Period::parse(of, calendar).expect("a period"))
    };
    let (condition_text, period) = dated(words.next().expect("what is to be reached"));
    let condition = match (condition_text.split_at(2), condition_text.split_once("..")) {
        (_, Some((low, high))) => TargetCondition::Band(Interval { low: number(low), high: number(high) }),
        ((">=", value), _) => TargetCondition::AtLeast(number(value)),
        (("<=", value), _) => TargetCondition::AtMost(number(value)),
        (("==", value), _) => TargetCondition::Exactly(number(value)),
        _ => panic!("no target: {text}"),
    };
    let mut terms = TargetTerms::plain(condition);
    for word in words {
        match word.split_once(':').unwrap_or((word, "")) {
            ("from", text) => terms.baseline = Some(dated(text)).map(|(value, period)| Baseline { period, value: number(&value) }),
            ("like", text) => terms.phasing = Phasing::parse(text).unwrap(),
            ("by", text) => {
                let (value, by) = dated(text);
                terms.phasing = Phasing::Milestones;
                terms.milestones.push(Milestone { by, value: number(&value) });
            }
            ("each_province", _) => terms.each_province = true,
            _ => panic!("no word of a target: {word}"),
        }
    }
    Target {
        id: text.into(),
        revision: 1,
        series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
        period,
        terms: Some(terms),
        source: Source::default(),
        reason: None,
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

/// Content in test notation: `5 A`, `nil`, `withdrawn`.
pub(crate) fn content(text: &str) -> Content {
    match notation::read(text).content {
        notation::Content::Nil => Content::Nil,
        notation::Content::Withdrawn => Content::Withdrawn,
        _ => Content::Figure(figure(text)),
    }
}

/// The value of a text in plain, Vietnamese and English notation, as digits and decimals: the reader of each, written apart from the
/// program's. English notation is the one with grouped thousands.
pub(crate) fn readings_by_hand(text: &str) -> [Option<(i128, u32)>; 3] {
    let plain = reading_by_hand(text, '.', "");
    let vietnamese =
        [".", " ", "\u{a0}", "\u{2007}", "\u{2009}", "\u{202f}"].into_iter().find_map(|group| reading_by_hand(text, ',', group));
    let english = reading_by_hand(text, '.', ",").filter(|_| text.contains(','));
    [plain, vietnamese, english]
}

/// Reads a text from its end to its beginning: decimals, then groups of three digits with one mark between them.
fn reading_by_hand(text: &str, mark: char, group: &str) -> Option<(i128, u32)> {
    let (mut decimals, mut since_group, mut groups, mut marks, mut power, mut total) = (0, 0, 0, 0, 1i128, 0i128);
    let mut characters: Vec<char> = text.chars().collect();
    let negative = matches!(characters.first(), Some('-' | '−'));
    if negative {
        characters.remove(0);
    }
    let (first, last) = (*characters.first()?, *characters.last()?);
    if !first.is_ascii_digit() || !last.is_ascii_digit() {
        return None;
    }
    for c in characters.iter().rev() {
        if let Some(digit) = c.to_digit(10) {
            total += power * i128::from(digit);
            power = power.checked_mul(10)?;
            since_group += 1;
        } else if *c == mark && marks == 0 && groups == 0 {
            (decimals, marks, since_group) = (since_group, 1, 0);
        } else if group.starts_with(*c) && since_group == 3 {
            (groups, since_group) = (groups + 1, 0);
        } else {
            return None;
        }
    }
    let well_grouped = groups == 0 || (1..=3).contains(&since_group) && first != '0';
    well_grouped.then_some((if negative { -total } else { total }, decimals))
}
