//! Rounding: for any two figures, percentages and points agree with division in whole numbers, half away from zero.
//! The sentences of the rule stand line by line in `worked`.

use std::collections::BTreeMap;

use chitieu::domain::catalogue::indicator::{Access, Aggregation, Direction, Indicator, Measure};
use chitieu::domain::comparison::compare::Comparison;
use chitieu::domain::number::decimal::Decimal;
use chitieu::domain::number::quantity::{Bound, Quantity};
use chitieu::domain::observation::figure::{Figure, Status};
use chitieu::domain::reason::{Comparable, Reason};
use chitieu::domain::time::period::{Calendar, Frequency};
use proptest::prelude::*;

/// The most digits a figure has, and the largest whole number of them.
const DIGITS: u32 = 18;
const MOST: i64 = 999_999_999_999_999_999;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn percentages_are_those_of_whole_numbers(current in number(), last_year in positive(), decimals in 0u32..=6) {
        let compared = compare(Measure::Average, decimals, current, last_year);

        let printed = decimals.max(1);
        let (now, before) = (aligned(current), aligned(last_year));
        for (found, numerator) in [(compared.index_pct, now), (compared.change_pct, now - before)] {
            let expected = divided(numerator * 100 * 10i128.pow(printed), before);
            match found {
                Some(found) => prop_assert_eq!(text(found), written(expected, printed)),
                None => prop_assert!(
                    [now, now - before].into_iter().any(|of| too_long(divided(of * 100 * 10i128.pow(printed), before), printed))
                        && compared.reasons.contains(&Reason::OutOfRange),
                    "{} is left out", written(expected, printed)
                ),
            }
        }
    }

    /// Figures whose percentage is exactly a half of the last printed digit, or one unit of the last figure's digit beside it.
    #[test]
    fn halves_go_away_from_zero_and_their_neighbours_do_not(
        base in 1i64..1_000_000_000,
        odd in -10_000_000i64..10_000_000,
        decimals in 1u32..=6,
        beside in -1i64..=1,
    ) {
        // The index is (2 odd + 1) halves of the last digit: an odd number of fives one digit further.
        let current = (base * (2 * odd + 1) * 5 + beside, decimals + 3);

        let compared = compare(Measure::Average, decimals, current, (base, 0));

        let scale = i128::from(base) * 10i128.pow(decimals + 3);
        let (now, points) = (i128::from(current.0), 100 * 10i128.pow(decimals));
        let expected = [divided(now * points, scale), divided((now - scale) * points, scale)];
        let found = [compared.index_pct, compared.change_pct].map(|percent| percent.map(text));
        prop_assert_eq!(found, expected.map(|percent| Some(written(percent, decimals))));
        if beside == 0 {
            let halves = i128::from(2 * odd + 1);
            prop_assert_eq!(expected[0] * 2, halves + halves.signum(), "the oracle itself goes away from zero");
        }
    }

    #[test]
    fn the_index_less_a_hundred_is_the_change_up_to_rounding(current in number(), last_year in positive(), decimals in 0u32..=6) {
        let compared = compare(Measure::Stock, decimals, current, last_year);

        if let Some((index, change)) = compared.index_pct.zip(compared.change_pct) {
            let printed = decimals.max(1);
            let last_digits = |percent: Quantity| scaled(percent, printed);
            let apart = last_digits(index) - 100 * 10i128.pow(printed) - last_digits(change);
            prop_assert!(apart.abs() <= 1, "{} and {}", text(index), text(change));
        }
    }

    #[test]
    fn a_change_and_its_percentage_point_the_same_way(current in number(), last_year in positive(), decimals in 0u32..=6) {
        let compared = compare(Measure::Flow, decimals, current, last_year);

        let sign = (aligned(current) - aligned(last_year)).signum();
        if let Some(change) = compared.change {
            prop_assert_eq!(scaled(change, SCALES).signum(), sign);
            prop_assert_eq!(scaled(change, SCALES), aligned(current) - aligned(last_year), "a difference is exact");
        }
        if let Some(percent) = compared.change_pct {
            let percent = scaled(percent, 6).signum();
            prop_assert!(percent == sign || percent == 0, "{percent} of {sign}");
        }
    }

    #[test]
    fn points_are_rounded_once_as_percentages_are(
        current in 0i64..=100_000_000_000,
        last_year in 0i64..=100_000_000_000,
        decimals in 0u32..=6,
    ) {
        let compared = compare(Measure::Rate, decimals, (current, 9), (last_year, 9));

        let printed = decimals.max(1);
        let points = divided(i128::from(current - last_year), 10i128.pow(9 - printed));
        prop_assert_eq!(compared.change_pp.map(text), Some(written(points, printed)));
        prop_assert_eq!(compared.change, None, "rates change by points");
    }

    #[test]
    fn of_nothing_and_less_there_is_a_change_and_no_percentage(current in number(), base in -MOST..=0, decimals in 0u32..=6) {
        let compared = compare(Measure::Flow, decimals, current, (base, current.1));

        prop_assert_eq!((compared.index_pct, compared.change_pct), (None, None));
        prop_assert_eq!(compared.change.map(|change| scaled(change, current.1)), Some(i128::from(current.0) - i128::from(base)));
        prop_assert_eq!(compared.comparable, Comparable::Limited);
        prop_assert_eq!(compared.reasons, vec![if base == 0 { Reason::BaseZero } else { Reason::BaseNegative }]);
    }
}

/// Digits, and how many of them stand behind the point.
type Scaled = (i64, u32);

/// The most decimals of the figures here: aligned to them, products of any two fit a whole number of 128 bits.
const SCALES: u32 = 9;

fn number() -> impl Strategy<Value = Scaled> {
    (prop_oneof![-MOST..=MOST, -1_000_000i64..=1_000_000], 0..=SCALES)
}

fn positive() -> impl Strategy<Value = Scaled> {
    (prop_oneof![1..=MOST, 1i64..=1_000_000], 0..=SCALES)
}

fn aligned((digits, decimals): Scaled) -> i128 {
    i128::from(digits) * 10i128.pow(SCALES - decimals)
}

/// A quotient rounded half away from zero; the divisor is positive.
fn divided(numerator: i128, by: i128) -> i128 {
    let magnitude = numerator.unsigned_abs();
    let by = by.unsigned_abs();
    let (whole, rest) = (magnitude / by, magnitude % by);
    let rounded = whole + u128::from(rest >= by - rest);
    i128::try_from(rounded).unwrap() * numerator.signum()
}

/// A whole number of last digits as a decimal without zeros at its end.
fn written(digits: i128, decimals: u32) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let one = 10u128.pow(decimals);
    let magnitude = digits.unsigned_abs();
    let (whole, fraction) = (magnitude / one, magnitude % one);
    let places = usize::try_from(decimals).unwrap();
    let fraction = format!("{fraction:0places$}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Whether a decimal without zeros at its end has more digits than a figure may.
fn too_long(digits: i128, decimals: u32) -> bool {
    written(digits, decimals).bytes().filter(u8::is_ascii_digit).count() > usize::try_from(DIGITS).unwrap()
}

fn text(quantity: Quantity) -> String {
    quantity.exact().expect("an exact number").to_string()
}

/// A decimal as a whole number of units of a last digit that it does not go beyond.
fn scaled(quantity: Quantity, decimals: u32) -> i128 {
    let text = text(quantity);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let missing = usize::try_from(decimals).unwrap() - fraction.len();
    format!("{whole}{fraction}{}", "0".repeat(missing)).parse().unwrap()
}

/// What the service makes of two official figures.
fn compare(measure: Measure, decimals: u32, current: Scaled, last_year: Scaled) -> Comparison {
    let figure = |(digits, behind): Scaled| {
        let number = Decimal::from_scaled(digits, i32::try_from(behind).unwrap()).unwrap();
        let quantity = Quantity::number(number, Bound::Equal);
        Figure { quantity, numerator: None, denominator: None, status: Status::Official, as_of: None }
    };
    let indicator = indicator(measure, decimals);
    Comparison::of(&indicator, Some(&figure(current)), Some(&figure(last_year)), &[])
}

fn indicator(measure: Measure, decimals: u32) -> Indicator {
    Indicator {
        code: "worked".into(),
        name: "Chỉ tiêu".into(),
        name_en: "Indicator".into(),
        definition: "Dùng để tính.".into(),
        field: "worked".into(),
        unit: if measure == Measure::Rate { "percent" } else { "VND" }.into(),
        unit_label: None,
        unit_mult: 0,
        measure,
        time_aggregation: Aggregation::None,
        area_aggregation: Aggregation::None,
        direction: Direction::Up,
        decimals,
        min: None,
        max: None,
        breakdowns: BTreeMap::new(),
        frequency: Frequency::Monthly,
        calendar: Calendar::Civil,
        access: Access::Open,
        external_ref: None,
        yoy_limit: None,
    }
}
