//! The short notation for figures, periods and targets in the tables of the tests.
//! Compiled for tests only.

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Access;
use crate::domain::catalogue::indicator::Aggregation;
use crate::domain::catalogue::indicator::Direction;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::indicator::Measure;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::number::quantity::Interval;
use crate::domain::number::quantity::Quantity;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::figure::Status;
use crate::domain::observation::observation::Content;
use crate::domain::observation::observation::Observation;
use crate::domain::observation::observation::Passage;
use crate::domain::target::condition::Baseline;
use crate::domain::target::condition::Goal;
use crate::domain::target::condition::Milestone;
use crate::domain::target::condition::Phasing;
use crate::domain::target::condition::Reach;
use crate::domain::target::target::Target;
use crate::domain::time::period::Calendar;
use crate::domain::time::period::Frequency;
use crate::domain::time::period::Period;
use chrono::DateTime;

/// A quantity in test notation: `1135`, `>29.6`, `>=29`, `<30`, `<=30`, `~30`, `~>30`, `~<30`, `20-23`.
pub(crate) fn quantity(text: &str) -> Quantity {
    let parse = |text: &str| Decimal::parse_json(text).unwrap();
    if let Some((low, high)) = text.split_once('-').filter(|(low, _)| !low.is_empty()) {
        return Quantity::range(parse(low), parse(high));
    }
    let marks = [
        ("~>", Bound::AboutAbove),
        ("~<", Bound::AboutBelow),
        (">=", Bound::AtLeast),
        ("<=", Bound::AtMost),
        (">", Bound::Above),
        ("<", Bound::Below),
        ("~", Bound::About),
    ];
    let marked = marks.iter().find_map(|(mark, bound)| Some((text.strip_prefix(mark)?, *bound)));
    let (number, bound) = marked.unwrap_or((text, Bound::Equal));
    Quantity::number(parse(number), bound)
}

/// The reverse of [`quantity`].
pub(crate) fn written(quantity: Quantity) -> String {
    let mark = match quantity.bound() {
        Bound::Range => {
            let Interval { low, high } = quantity.interval().unwrap();
            return format!("{low}-{high}");
        }
        Bound::Equal => "",
        Bound::Above => ">",
        Bound::AtLeast => ">=",
        Bound::Below => "<",
        Bound::AtMost => "<=",
        Bound::About => "~",
        Bound::AboutAbove => "~>",
        Bound::AboutBelow => "~<",
    };
    format!("{mark}{}", quantity.value().unwrap())
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
    let (text, status) = match text.split_once(' ') {
        Some((value, status)) => (value, Status::parse(status).unwrap()),
        None => (text, Status::Official),
    };
    Figure { quantity: quantity(text), numerator: None, denominator: None, status, as_of: None }
}

pub(crate) fn observation(period: &str, calendar: Calendar, text: &str) -> Observation {
    Observation {
        id: period.into(),
        revision: 1,
        series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
        period: Period::parse(period, calendar).unwrap(),
        content: if text == "nil" { Content::Nil } else { Content::Figure(figure(text)) },
        definition_version: 1,
        passage: Passage::default(),
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
    let (aim, period) = dated(words.next().expect("what is to be reached"));
    let reach = match (aim.split_at(2), aim.split_once("..")) {
        (_, Some((low, high))) => Reach::Band(Interval { low: number(low), high: number(high) }),
        ((">=", value), _) => Reach::AtLeast(number(value)),
        (("<=", value), _) => Reach::AtMost(number(value)),
        (("==", value), _) => Reach::Exactly(number(value)),
        _ => panic!("no target: {text}"),
    };
    let mut goal = Goal::plain(reach);
    for word in words {
        match word.split_once(':').unwrap_or((word, "")) {
            ("from", text) => goal.baseline = Some(dated(text)).map(|(value, period)| Baseline { period, value: number(&value) }),
            ("like", text) => goal.phasing = Phasing::parse(text).unwrap(),
            ("by", text) => {
                let (value, by) = dated(text);
                goal.phasing = Phasing::Milestones;
                goal.milestones.push(Milestone { by, value: number(&value) });
            }
            ("each_province", _) => goal.each_province = true,
            _ => panic!("no word of a target: {word}"),
        }
    }
    Target {
        id: text.into(),
        revision: 1,
        series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
        period,
        goal: Some(goal),
        source: Source::default(),
        reason: None,
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

/// Content in test notation: `5 A`, `nil`, `withdrawn`.
pub(crate) fn content(text: &str) -> Content {
    match text {
        "nil" => Content::Nil,
        "withdrawn" => Content::Withdrawn,
        text => Content::Figure(figure(text)),
    }
}
