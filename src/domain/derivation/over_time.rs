//! Derivation over time: the figure of a period from the reported figures of other periods.
//! Flows are added and subtracted along the months, stocks take the last value, rates are recomputed; others are unavailable.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::derived::{Coverage, DerivedValue, Unavailable};
use super::input::{Input, Known, kind_over_time};
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::reason::Reason;
use crate::domain::time::period::{Calendar, Period};

/// The figures of one calendar.
fn known<'a>(inputs: &'a [Input<'a>], calendar: Calendar) -> impl Iterator<Item = Known<'a>> + Clone {
    inputs.iter().filter(move |input| input.period().calendar() == calendar).filter_map(|input| Known::of(*input))
}

/// Derives the figure of a period from the reported figures of one series. Figures of the other calendar are ignored.
///
/// A flow or a rate can have several paths. The path with the fewest operands is used, then the one with the fewest subtractions, then
/// the one with the earliest operands. A stock (or a rate at a moment) is the last one reported in the period; if its day is before the
/// end of the period, the coverage shows it.
///
/// # Errors
/// `not_additive` if the indicator does not add up over time; `low_coverage` if operands are missing; `qualifier_inexact` if the bounds
/// of the operands point in opposite directions; `parts_contradict` if the result is impossible (a year to date that falls);
/// `out_of_range` if the result cannot be held exactly.
pub fn derive(indicator: &Indicator, period: Period, inputs: &[Input<'_>]) -> Result<DerivedValue, Unavailable> {
    let refuse = |reason: Reason| Unavailable { coverage: coverage(period, inputs), ..Unavailable::from_reason(reason) };
    let known = known(inputs, period.calendar());
    let derived = match indicator.time_aggregation {
        Aggregation::None => return Err(refuse(Reason::NotAdditive)),
        Aggregation::Last => last(period, known),
        Aggregation::Sum => {
            let path = shortest_path(period, known).ok_or_else(|| refuse(Reason::LowCoverage))?;
            let figure = add_up(indicator, path.iter().map(|(sign, known)| (*sign, *known.figure))).map_err(refuse)?;
            whole(period, figure, &path)
        }
        Aggregation::Ratio => {
            let with_ratio = known.clone().filter(|known| known.figure.ratio().is_some());
            // There are operands, but none with numerator and denominator: the rate is not additive.
            let none_has = with_ratio.clone().next().is_none() && known.clone().next().is_some();
            let missing = if none_has { Reason::NotAdditive } else { Reason::LowCoverage };
            let path = shortest_path(period, with_ratio).ok_or_else(|| refuse(missing))?;
            let figure = recombine(indicator, path.iter().map(|(sign, known)| (*sign, *known.figure))).map_err(refuse)?;
            whole(period, figure, &path)
        }
    };
    derived.ok_or_else(|| refuse(Reason::LowCoverage))
}

fn whole(period: Period, figure: Figure, path: &[(Sign, Known<'_>)]) -> Option<DerivedValue> {
    let need = period.months()?;
    Some(over(path, figure, Coverage { have: need, need }))
}

fn over(path: &[(Sign, Known<'_>)], figure: Figure, coverage: Coverage) -> DerivedValue {
    let parts = path.iter().flat_map(|(sign, known)| known.operands(*sign)).collect();
    DerivedValue { figure, along: kind_over_time(path), parts, coverage }
}

/// The months of a period that are covered by reported figures inside it.
pub(crate) fn coverage(period: Period, inputs: &[Input<'_>]) -> Option<Coverage> {
    let (first, end) = period.month_span()?;
    let spans = known(inputs, period.calendar()).filter_map(|known| known.period().month_span());
    let covered: BTreeSet<i32> = spans.filter(|(from, to)| first <= *from && *to <= end).flat_map(|(from, to)| from..to).collect();
    Some(Coverage { have: u32::try_from(covered.len()).unwrap_or(u32::MAX), need: period.months()? })
}

/// The last stock reported in a period.
fn last<'o>(period: Period, known: impl Iterator<Item = Known<'o>>) -> Option<DerivedValue> {
    let with_months = known.filter(|known| known.period().months().is_some());
    let inside = with_months.filter(|known| known.period() != period && (period.start()..=period.end()).contains(&known.day()));
    let found = inside.max_by_key(|known| (known.day(), known.period().start(), known.period().end()))?;
    let coverage = Coverage { have: period.months_by(found.day())?, need: period.months()? };
    // If the reference day is not the end of the period, the figure states it.
    let figure = Figure { as_of: Some(found.day()).filter(|day| *day != period.end()), ..*found.figure };
    Some(over(&[(Sign::Plus, found)], figure, coverage))
}

/// The shortest path from the start to the end of a period along reported periods: forward steps add, backward steps subtract.
///
/// Each reported period is a step between two month boundaries. So every path is a correct sum, and a period can be derived exactly
/// when a path exists.
fn shortest_path<'o>(period: Period, reported: impl Iterator<Item = Known<'o>>) -> Option<Vec<(Sign, Known<'o>)>> {
    let (begin, end) = period.month_span()?;
    // No named period crosses the end of its year, so a path that leaves the year cannot come back.
    let steps: Vec<(i32, i32, Sign, Known<'o>)> = reported
        .filter(|known| known.period() != period && known.period().year() == period.year())
        .filter_map(|known| known.period().month_span().map(|span| (span, known)))
        .flat_map(|((from, to), known)| [(from, to, Sign::Plus, known), (to, from, Sign::Minus, known)])
        .collect();
    let mut settled = BTreeSet::new();
    // Ordered by number of operands, then subtractions, then the operands: the first path to reach a boundary is the best one.
    let mut open = BinaryHeap::from([Reverse((0usize, 0usize, Vec::<(Period, Sign)>::new(), begin))]);
    while let Some(Reverse((parts, minuses, path, at))) = open.pop() {
        if at == end {
            let find = |(of, sign): &(Period, Sign)| {
                steps.iter().find(|(_, _, s, known)| s == sign && known.period() == *of).map(|(_, _, s, known)| (*s, *known))
            };
            let mut found = path.iter().map(find).collect::<Option<Vec<_>>>()?;
            found.sort_by_key(|(sign, known)| (*sign, known.period()));
            return Some(found);
        }
        if !settled.insert(at) {
            continue;
        }
        for (_, to, sign, known) in steps.iter().filter(|(from, ..)| *from == at) {
            let mut path = path.clone();
            path.push((known.period(), *sign));
            open.push(Reverse((parts + 1, minuses + usize::from(*sign == Sign::Minus), path, *to)));
        }
    }
    None
}

/// The sum of figures, with no more certainty than they have, limited to the possible values of the indicator.
pub(crate) fn add_up(indicator: &Indicator, parts: impl Iterator<Item = (Sign, Figure)> + Clone) -> Result<Figure, Reason> {
    let sum = Quantity::sum(parts.clone().map(|(sign, figure)| (sign, figure.quantity)))?;
    let rounding_error = parts.clone().map(|(_, figure)| figure.quantity.half_unit(indicator.is_count())).sum();
    let quantity = possible(indicator, sum, rounding_error)?.with_tolerance(rounding_error);
    let status = parts.map(|(_, figure)| figure.status).min().unwrap_or(Status::Official);
    Ok(Figure { quantity, numerator: None, denominator: None, status, as_of: None })
}

/// Limits a sum to the possible values. A sum outside them is a contradiction between the reports, unless rounding explains it.
fn possible(indicator: &Indicator, sum: Quantity, rounding_error: Decimal) -> Result<Quantity, Reason> {
    let limits = [(indicator.least(), Bound::AtLeast), (indicator.max, Bound::AtMost)];
    for (limit, bound) in limits.into_iter().filter_map(|(limit, bound)| Some((limit?, bound))) {
        let beyond = |rounding_error| sum.contradicts(Quantity::number(limit, bound), rounding_error);
        let number_beyond = sum.value().is_some_and(|value| if bound == Bound::AtLeast { value < limit } else { value > limit });
        match sum.bound() {
            _ if beyond(rounding_error) => return Err(Reason::PartsContradict),
            Bound::Equal if number_beyond => return Ok(Quantity::number(limit, Bound::About)),
            Bound::About | Bound::AboutBelow | Bound::AboutAbove if number_beyond => return Err(Reason::QualifierInexact),
            _ => {}
        }
    }
    Ok(sum.within(indicator.least(), indicator.max))
}

/// The rate from the summed numerators and denominators of the figures.
pub(crate) fn recombine(indicator: &Indicator, parts: impl Iterator<Item = (Sign, Figure)> + Clone) -> Result<Figure, Reason> {
    let (mut numerator, mut denominator) = (Decimal::ZERO, Decimal::ZERO);
    for (sign, figure) in parts.clone() {
        let (n, d) = figure.ratio().ok_or(Reason::NotAdditive)?;
        let sum = |sum: Decimal, part: Decimal| sign.of(part).and_then(|part| sum.plus(part)).ok_or(Reason::OutOfRange);
        (numerator, denominator) = (sum(numerator, n)?, sum(denominator, d)?);
    }
    if numerator.is_negative() || denominator <= Decimal::ZERO || indicator.is_share() && numerator > denominator {
        return Err(Reason::PartsContradict);
    }
    let value = numerator.percent_of(denominator, indicator.decimals).ok_or(Reason::OutOfRange)?;
    // A sum that contains an estimate is an estimate.
    let status = parts.map(|(_, figure)| figure.status).min().unwrap_or(Status::Official);
    let quantity = Quantity::number(value, Bound::Equal).with_tolerance(Decimal::new(5, indicator.decimals + 1));
    Ok(Figure { quantity, numerator: Some(numerator), denominator: Some(denominator), status, as_of: None })
}

#[cfg(test)]
mod tests {
    use crate::domain::testing::{flow, observation, reported};

    use proptest::prelude::*;

    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::observation::observation::{Content, Observation};
    use crate::domain::testing::{indicator, written};

    use super::*;

    fn stored(observations: &[Observation]) -> Vec<Input<'_>> {
        observations.iter().map(Input::Stored).collect()
    }

    /// What is derived, as a line: value, status, bound, parts; or why nothing is.
    fn line(indicator: &Indicator, period: &str, known: &[Observation]) -> String {
        let calendar = known.first().map_or(Calendar::Civil, |o| o.period.calendar());
        match derive(indicator, Period::parse(period, calendar).unwrap(), &stored(known)) {
            Err(unavailable) => {
                let coverage = unavailable.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
                format!("{}{coverage}", unavailable.reason.as_str())
            }
            Ok(derived) => {
                let parts: Vec<String> = derived
                    .parts
                    .iter()
                    .map(|part| format!("{}{}", if part.sign == Sign::Plus { "+" } else { "-" }, part.period))
                    .collect();
                let Figure { quantity, status, .. } = derived.figure;
                let Coverage { have, need } = derived.coverage;
                format!("{} {} {} {have}/{need}", written(quantity), status.as_str(), parts.join(" "))
            }
        }
    }

    #[test]
    fn flows_are_formed_along_the_months() {
        for (known, period, expected) in [
            ("2024-05=230 E, 2024-05-YTD=1205 E", "2024-04-YTD", "975 E +2024-05-YTD -2024-05 4/4"),
            ("2024-04-YTD=975, 2024-05-YTD=1205 E", "2024-05", "230 E +2024-05-YTD -2024-04-YTD 1/1"),
            ("2024-Q1=300, 2024-Q2=310 P", "2024-H1", "610 P +2024-Q1 +2024-Q2 6/6"),
            ("2024-04=1, 2024-05=2, 2024-06=3", "2024-Q2", "6 A +2024-04 +2024-05 +2024-06 3/3"),
            ("2024-04=1, 2024-06=3", "2024-Q2", "low_coverage 2/3"),
            ("2024=100, 2024-H1=45", "2024-H2", "55 A +2024 -2024-H1 6/6"),
            ("2024-9M=80, 2024-Q3=25, 2024-Q1=20", "2024-Q2", "35 A +2024-9M -2024-Q1 -2024-Q3 3/3"),
            ("2024-Q1=>29.6, 2024-Q2=30", "2024-H1", ">59.6 A +2024-Q1 +2024-Q2 6/6"),
            ("2024-H1=60, 2024-Q1=>29.6", "2024-Q2", "<30.4 A +2024-H1 -2024-Q1 3/3"),
            ("2024-Q1=>29.6, 2024-Q2=<30", "2024-H1", "qualifier_inexact 6/6"),
            ("2024-04-YTD=1205, 2024-05-YTD=1200", "2024-05", "parts_contradict 0/1"),
            ("2024-Q1=~30, 2024-Q2=~30", "2024-H1", "~60 A +2024-Q1 +2024-Q2 6/6"),
            ("2023-H1=5", "2024-H1", "low_coverage 0/6"),
            ("2024-01-10/2024-02-20=5", "2024-Q1", "low_coverage 0/3"),
            ("2024-Q1=20-23, 2024-Q2=30", "2024-H1", "50-53 A +2024-Q1 +2024-Q2 6/6"),
            ("2024-Q1=~30, 2024-Q2=>20", "2024-H1", "~>50 A +2024-Q1 +2024-Q2 6/6"),
            ("2024-H1=60, 2024-Q1=>63", "2024-Q2", "parts_contradict 0/3"),
            ("2024-H1=20-30, 2024-Q1=25-26", "2024-Q2", "0-5 A +2024-H1 -2024-Q1 3/3"),
            ("2024-H1=20-30, 2024-Q1=30-35", "2024-Q2", "~0 A +2024-H1 -2024-Q1 3/3"),
            ("2024-05-YTD=1205, 2024-04-YTD=1205.2", "2024-05", "~0 A +2024-05-YTD -2024-04-YTD 1/1"),
            ("2024-H1=~20, 2024-Q1=30", "2024-Q2", "qualifier_inexact 0/3"),
            ("2024-Q1=nil, 2024-Q2=30", "2024-H1", "low_coverage 3/6"),
            ("", "2024-H1", "low_coverage 0/6"),
        ] {
            assert_eq!(line(&flow(), period, &reported(known, Calendar::Civil)), expected, "{period} from {known}");
        }
    }

    #[test]
    fn the_administrative_calendar_has_the_same_algebra() {
        let known = reported("2024-05=230, 2024-05-YTD=1205", Calendar::Nd09);
        assert_eq!(line(&flow(), "2024-04-YTD", &known), "975 A +2024-05-YTD -2024-05 4/4");
    }

    #[test]
    fn states_are_the_last_value_and_never_a_sum() {
        let stock = Indicator { time_aggregation: Aggregation::Last, ..indicator(Measure::Stock, 0) };
        for (known, period, expected) in [
            ("2024-05=1596, 2024-06=1600", "2024-H1", "1600 A +2024-06 6/6"),
            ("2024-05=1596", "2024-H1", "1596 A +2024-05 5/6"),
            ("2024-H1=1600", "2024-06", "1600 A +2024-H1 1/1"),
            ("2024-H1=1600", "2024-H2", "low_coverage 0/6"),
            ("2024-07=1", "2024-H1", "low_coverage 0/6"),
        ] {
            assert_eq!(line(&stock, period, &reported(known, Calendar::Civil)), expected, "{period} from {known}");
        }
    }

    #[test]
    fn rates_recombine_from_numerators_and_denominators() {
        let rate = Indicator { time_aggregation: Aggregation::Ratio, ..indicator(Measure::Rate, 2) };
        let mut known = reported("2024-01=50, 2024-02=90", Calendar::Civil);
        assert_eq!(line(&rate, "2024-02-YTD", &known), "not_additive 2/2", "nothing to recombine from");
        let number = |n: i32| Some(Decimal::from(n));
        for (observation, (n, d)) in known.iter_mut().zip([(1, 2), (9, 10)]) {
            let figure = *observation.figure().unwrap();
            observation.content = Content::Figure(Figure { numerator: number(n), denominator: number(d), ..figure });
        }
        assert_eq!(line(&rate, "2024-02-YTD", &known), "83.33 A +2024-01 +2024-02 2/2", "10 of 12, not the mean 70");
    }

    #[test]
    fn averages_and_indices_are_refused() {
        let average = indicator(Measure::Average, 1);
        assert_eq!(line(&average, "2024-H1", &reported("2024-Q1=1, 2024-Q2=2", Calendar::Civil)), "not_additive 6/6");
    }

    const NAMES: [&str; 32] = [
        "2024-01",
        "2024-02",
        "2024-03",
        "2024-04",
        "2024-05",
        "2024-06",
        "2024-07",
        "2024-08",
        "2024-09",
        "2024-10",
        "2024-11",
        "2024-12",
        "2024-Q1",
        "2024-Q2",
        "2024-Q3",
        "2024-Q4",
        "2024-H1",
        "2024-H2",
        "2024-9M",
        "2024",
        "2024-02-YTD",
        "2024-04-YTD",
        "2024-05-YTD",
        "2024-07-YTD",
        "2024-08-YTD",
        "2024-10-YTD",
        "2024-11-YTD",
        "2024-03-YTD",
        "2024-06-YTD",
        "2024-09-YTD",
        "2024-12-YTD",
        "2024-01-YTD",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        /// The oracle knows all twelve months, so it knows the true figure of every period. By joining month boundaries it also knows
        /// which periods the reported ones determine.
        #[test]
        fn derivations_agree_with_an_oracle_that_knows_every_month(
            months in prop::array::uniform12(0i64..100_000),
            chosen in prop::collection::btree_set(0usize..27, 0..8),
            asked in 0usize..NAMES.len(),
        ) {
            let truth = |period: Period| {
                let (from, to) = period.month_span().unwrap();
                (from..to).map(|month| months[usize::try_from(month - 2024 * 12).unwrap()]).sum::<i64>()
            };
            let parse = |name: &str| Period::parse(name, Calendar::Civil).unwrap();
            let known: Vec<Observation> = chosen
                .iter()
                .map(|n| observation(NAMES[*n], Calendar::Civil, &truth(parse(NAMES[*n])).to_string()))
                .collect();
            let period = parse(NAMES[asked]);
            let others: Vec<&Observation> = known.iter().filter(|o| o.period != period).collect();
            let determined = {
                let mut group: Vec<usize> = (0..=12).collect();
                for o in &others {
                    let (from, to) = o.period.month_span().unwrap();
                    let at = |boundary: i32| usize::try_from(boundary - 2024 * 12).unwrap();
                    let (old, new) = (group[at(from)], group[at(to)]);
                    group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
                }
                let (from, to) = period.month_span().unwrap();
                let at = |boundary: i32| group[usize::try_from(boundary - 2024 * 12).unwrap()];
                at(from) == at(to)
            };

            match derive(&flow(), period, &stored(&known)) {
                Ok(derived) => {
                    prop_assert!(determined, "{period} formed from what does not determine it");
                    prop_assert_eq!(written(derived.figure.quantity), truth(period).to_string());
                    prop_assert_eq!(derived.coverage.have, derived.coverage.need);
                    prop_assert!(derived.parts.iter().all(|part| part.period != period));
                }
                Err(unavailable) => {
                    prop_assert!(!determined, "{period} can be formed");
                    prop_assert_eq!(unavailable.reason, Reason::LowCoverage);
                }
            }
        }
    }
}
