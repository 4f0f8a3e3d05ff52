//! Figures of territories that merged, were split or changed their name, worked by hand and at random.
//! Each territory is a tree of units with observations.

use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::indicator::{Aggregation, Measure};
use crate::domain::derivation::derived::operands_of;
use crate::domain::number::quantity::Sign;
use crate::domain::observation::observation::Content;
use crate::domain::testing::{flow, indicator, reported, written};
use crate::domain::time::period::Calendar;

const MERGED: &str = "2025-07-01";

/// A territory since 1 July 2025, with the earlier units `old-1`, `old-2` …
fn merged(units: &[&str], own: &str, calendar: Calendar) -> Territory {
    let alone = |text: &str| Territory::new(History::new(reported(text, calendar)), None, None);
    let units = units.iter().enumerate().map(|(n, text)| (format!("old-{}", n + 1), alone(text))).collect();
    let since = Some(MERGED.parse().unwrap());
    Territory::new(History::new(reported(own, calendar)), since, Some(PredecessorUnits::new(units, true)))
}

/// The derived figure as a line: value, derivation, coverage; or the reason for its absence.
fn line(territory: &Territory, indicator: &Indicator, period: &str, calendar: Calendar) -> String {
    let period = Period::parse(period, calendar).unwrap();
    match territory.resolve(indicator, &Breakdown::default(), period) {
        Err(unavailable) => {
            let coverage = unavailable.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
            format!("{}{coverage}, {} parts", unavailable.reason.as_str(), unavailable.parts.len())
        }
        Ok(formed) => {
            let how = match &formed.origin {
                ValueOrigin::Reported { .. } => "reported".to_owned(),
                ValueOrigin::Derived(derived) => format!("{derived} of {} parts", derived.parts.len()),
            };
            let coverage = formed.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
            format!("{} by {how}{coverage}", written(formed.figure.quantity))
        }
    }
}

#[test]
fn figures_of_a_merged_territory_are_those_of_its_units_before() {
    let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
    let stock = Indicator { time_aggregation: Aggregation::Last, area_aggregation: Aggregation::Sum, ..indicator(Measure::Stock, 0) };
    let average = indicator(Measure::Average, 1);
    let of = Calendar::Civil;
    for (indicator, units, own, period, expected, why) in [
        (&additive, ["2024-05=10", "2024-05=20"], "", "2024-05", "30 by old-1 + old-2 of 2 parts 1/1", "before"),
        (&additive, ["2024-05=10", ""], "", "2024-05", "low_coverage, 1 parts", "of one of them nothing is known"),
        (&additive, ["2024-05-YTD=50, 2024-04-YTD=40", "2024-05=20"], "", "2024-05", "30 by old-1 + old-2 of 3 parts 1/1", "one forms it"),
        (
            &additive,
            ["2025-H1=10", "2025-H1=20"],
            "2025-H2=40",
            "2025",
            "70 by 2025-H1 (old-1 + old-2) + 2025-H2 of 3 parts 12/12",
            "both halves",
        ),
        (
            &additive,
            ["2025-H1=10", "2025-Q1=9, 2025-Q2=11"],
            "2025-07=1, 2025-08=2, 2025-09=3, 2025-10=4",
            "2025-10-YTD",
            "40 by 2025-H1 (old-1 + old-2) + 2025-07 + 2025-08 + 2025-09 + 2025-10 of 7 parts 10/10",
            "until October",
        ),
        (
            &additive,
            ["2025-H1=10", "2025-H1=20"],
            "2025=100",
            "2025-H2",
            "low_coverage 0/6, 0 parts",
            "of a year that the new unit reports there is no telling whose first half it counts",
        ),
        (&additive, ["2025-H1=10", "2025-H1=20"], "2025=71, 2025-H2=40", "2025", "71 by reported 12/12", "what is reported stands"),
        (&additive, ["2025-H1=10", "2025-H1=20"], "2025-07=1", "2025", "territory_changed 7/12, 0 parts", "the rest is not there"),
        (&additive, ["2025-H1=10", ""], "2025-H2=40", "2025", "territory_changed 6/12, 0 parts", "a unit is missing"),
        (&stock, ["2024-05=10", "2024-05=20"], "", "2024-05", "30 by old-1 + old-2 of 2 parts 1/1", "states add too"),
        (&stock, ["2025-06=10", "2025-06=20"], "2025-12=35", "2025", "35 by last of 2025-12 of 1 parts 12/12", "the last state"),
        (&stock, ["2025-06=10", "2025-06=20"], "", "2025", "30 by last of 2025-06 (old-1 + old-2) of 2 parts 6/12", "as far as is known"),
        (&average, ["2024-05=10", "2024-05=20"], "", "2024-05", "not_additive, 2 parts", "levels never add"),
        (&average, ["2025-H1=10", "2025-H1=20"], "2025-H2=15", "2025", "not_additive 6/12, 0 parts", "nor across it"),
        (&additive, ["2024-05=10", "2024-05=20"], "2025-08=5", "2025-08", "5 by reported 1/1", "its own since"),
    ] {
        assert_eq!(line(&merged(&units, own, of), indicator, period, of), expected, "{period}: {why}");
    }
}

#[test]
fn rates_recombine_from_numerators_and_denominators() {
    let rate = Indicator { area_aggregation: Aggregation::Ratio, ..indicator(Measure::Rate, 2) };
    let with = |numerator: i64, denominator: i64| {
        let [n, d] = [numerator, denominator].map(|number| crate::domain::number::decimal::Decimal::from_scaled(number, 0));
        let mut known = reported("2024-05=50", Calendar::Civil);
        if let Content::Figure(figure) = &mut known[0].content {
            figure.quantity = crate::domain::number::quantity::Quantity::number(
                n.unwrap().percent_of(d.unwrap(), 2).unwrap(),
                crate::domain::number::quantity::Bound::Equal,
            );
            (figure.numerator, figure.denominator) = (n, d);
        }
        Territory::new(History::new(known), None, None)
    };
    let alone = Territory::new(History::new(reported("2024-05=50", Calendar::Civil)), None, None);
    let of = |units: Vec<Territory>| {
        let units = units.into_iter().enumerate().map(|(n, unit)| (format!("old-{}", n + 1), unit)).collect();
        Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(PredecessorUnits::new(units, true)))
    };
    let formed = line(&of(vec![with(10, 12), with(1, 88)]), &rate, "2024-05", Calendar::Civil);
    assert_eq!(formed, "11 by ratio of old-1 + old-2 of 2 parts 1/1", "11 of 100, and no mean of 83.33 and 1.14");
    assert_eq!(line(&of(vec![with(10, 12), alone]), &rate, "2024-05", Calendar::Civil), "not_additive, 2 parts");
}

#[test]
fn a_month_of_the_administrative_calendar_lies_across_the_change() {
    let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
    let of = Calendar::Nd09;
    let units = ["2025-06=10, 2025-07=3", "2025-06=20"];
    for (own, period, expected, why) in [
        ("", "2025-06", "30 by old-1 + old-2 of 2 parts 1/1", "15 May to 14 June"),
        ("", "2025-07", "territory_changed 0/1, 0 parts", "15 June to 14 July is of both"),
        ("2025-07=33", "2025-07", "33 by reported 1/1", "what is reported stands"),
    ] {
        let territory = merged(&units, own, of);
        assert_eq!(line(&territory, &additive, period, of), expected, "{period}: {why}");
        if !own.is_empty() {
            let period = Period::parse(period, of).unwrap();
            let formed = territory.resolve(&additive, &Breakdown::default(), period);
            assert!(territory.changed(&additive, period, [&formed, &formed]), "and says so");
        }
    }
}

#[test]
fn the_country_is_its_provinces_and_says_where_one_counts_across_a_change() {
    let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
    let of = Calendar::Civil;
    let member = |key: &str, from: &str, to: Option<&str>, territory: Territory| Member {
        key: key.into(),
        from: from.parse().unwrap(),
        to: to.map(|day| day.parse().unwrap()),
        territory,
    };
    let alone = |text: &str| Territory::new(History::new(reported(text, of)), None, None);
    let country = |new: &str, own: &str| {
        let named = |key: &str, text: &str| {
            let mut known = reported(text, of);
            for observation in &mut known {
                observation.series.province = key.into();
            }
            History::new(known)
        };
        let before = PredecessorUnits::new(vec![("old".into(), alone("2024=30, 2025-H1=15"))], true);
        let new = Territory::new(named("new", new), Some(MERGED.parse().unwrap()), Some(before));
        let members = vec![
            member("old", "2004-01-01", Some("2025-06-30"), alone("2024=30, 2025-H1=15")),
            member("new", MERGED, None, new),
            member("other", "2004-01-01", None, alone("2024=5, 2025=6")),
        ];
        Territory::of_country(History::new(reported(own, of)), members)
    };
    for (new, own, period, expected, across, why) in [
        ("", "", "2024", "35 by old + other of 2 parts 12/12", false, "the provinces of its time"),
        ("2025-H2=20", "", "2025", "41 by new + other of 3 parts 12/12", false, "formed of both halves"),
        ("2025=36", "", "2025", "42 by new + other of 2 parts 12/12", true, "the new unit does not say whose first half it counts"),
        ("2025=36", "50", "2025", "50 by reported 12/12", false, "what is reported for the country is of the country"),
        ("", "", "2025", "low_coverage, 1 parts", false, "a province has no figure"),
    ] {
        let own = if own.is_empty() { String::new() } else { format!("{period}={own}") };
        let country = country(new, &own);
        assert_eq!(line(&country, &additive, period, of), expected, "{period}: {why}");
        let formed = country.resolve(&additive, &Breakdown::default(), Period::parse(period, of).unwrap());
        assert_eq!(country.counts_across(&additive, &formed), across, "{period}: {why}");
    }
}

#[test]
fn of_a_unit_that_was_split_nothing_is_formed() {
    let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
    let old = Territory::new(History::new(reported("2024-05=10", Calendar::Civil)), None, None);
    let before = PredecessorUnits::new(vec![("old".into(), old)], false);
    let east = Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(before));
    assert_eq!(line(&east, &additive, "2024-05", Calendar::Civil), "not_additive, 1 parts");
}

/// A tree of units, each formed from others on the first day of some year; the leaves have a figure for May 2024.
fn tree() -> impl Strategy<Value = (Territory, i64)> {
    let leaf = (0i64..1_000_000)
        .prop_map(|value| (Territory::new(History::new(reported(&format!("2024-05={value}"), Calendar::Civil)), None, None), value));
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop::collection::vec(inner, 1..4).prop_map(|units| {
            let sum = units.iter().map(|(_, value)| value).sum();
            let units = units.into_iter().enumerate().map(|(n, (unit, _))| (format!("unit-{n}"), unit)).collect();
            (Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(PredecessorUnits::new(units, true))), sum)
        })
    })
}

proptest! {
    /// After any number of mergers, the figure of the territory is the sum of all its original units.
    #[test]
    fn a_sum_is_that_of_the_whole_lineage((territory, sum) in tree()) {
        let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
        let formed = territory.resolve(&additive, &Breakdown::default(), Period::parse("2024-05", Calendar::Civil).unwrap()).unwrap();
        prop_assert_eq!(formed.figure.exact().unwrap().to_string(), sum.to_string());
    }

    /// Every operand is a stored observation of the unit or of a predecessor, and together they make the value.
    #[test]
    fn operands_are_stored_observations_that_make_the_value(
        months in prop::collection::vec((0usize..3, 1u32..13, 0i64..100_000), 0..30),
        halves in prop::collection::vec((0usize..3, 1u32..3, 0i64..100_000), 0..4),
        total in prop::option::of(0i64..1_000_000),
    ) {
        let additive = Indicator { min: None, area_aggregation: Aggregation::Sum, ..flow() };
        let names = ["old-1", "old-2", "new"];
        let mut reports: [std::collections::BTreeMap<String, i64>; 3] = Default::default();
        for (unit, month, value) in months {
            reports[unit].insert(format!("2025-{month:02}"), value);
        }
        for (unit, half, value) in halves {
            reports[unit].insert(format!("2025-H{half}"), value);
        }
        reports[2].extend(total.map(|value| ("2025".to_owned(), value)));
        let stored = |unit: usize| {
            let text: Vec<String> = reports[unit].iter().map(|(period, value)| format!("{period}={value}")).collect();
            let mut observations = reported(&text.join(", "), Calendar::Civil);
            for observation in &mut observations {
                observation.id = format!("{} in {}", observation.period, names[unit]);
                observation.series.province = names[unit].into();
            }
            History::new(observations)
        };
        let units = [0, 1].map(|unit| (names[unit].to_owned(), Territory::new(stored(unit), None, None)));
        let before = PredecessorUnits::new(units.into(), true);
        let territory = Territory::new(stored(2), Some(MERGED.parse().unwrap()), Some(before));

        let year = Period::parse("2025", Calendar::Civil).unwrap();
        for period in periods_of_year(year).chain([year]) {
            let Ok(resolved) = territory.resolve(&additive, &Breakdown::default(), period) else { continue };
            let alternative = match &resolved.origin {
                ValueOrigin::Reported { disagreement: Some(derived), .. } => Some((&derived.parts, derived.figure)),
                _ => None,
            };
            let operands = operands_of(&resolved);
            for (operands, figure) in [(&operands, resolved.figure)].into_iter().chain(alternative) {
                let mut sum = 0;
                for operand in operands {
                    let found = territory.observations().find(|observation| observation.id == operand.observation);
                    let found = found.map(|found| (found.period, found.series.province.as_str(), found.figure().copied()));
                    prop_assert_eq!(found, Some((operand.period, operand.province.as_str(), Some(operand.figure))));
                    let value: i64 = operand.figure.exact().unwrap().to_string().parse().unwrap();
                    sum += if operand.sign == Sign::Plus { value } else { -value };
                }
                prop_assert_eq!(figure.exact().unwrap().to_string(), sum.to_string(), "{}", period);
            }
        }
    }
}
