//! Period algebra: the figure of a period that was not reported, formed from those that were.
//! Flows add and subtract along the months, states are their last value, rates recombine; what cannot be formed is refused.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fmt;

use super::decimal::Decimal;
use super::figure::{Bound, Figure, Status, check_value};
use super::indicator::{Aggregation, Indicator};
use super::observation::Observation;
use super::period::Period;
use super::reason::Reason;

/// Whether a part is added or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Added.
    Plus,
    /// Taken away.
    Minus,
}

/// How much of a period reported figures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Months covered.
    pub have: u32,
    /// Months of the period.
    pub need: u32,
}

/// A reported figure that another is formed from.
#[derive(Debug, Clone)]
pub struct Part {
    /// Whether it is added or taken away.
    pub sign: Sign,
    /// The reported figure.
    pub observation: Observation,
}

/// A figure formed from reported ones.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The figure, with the weakest status and bound among its parts.
    pub figure: Figure,
    /// What it is formed from.
    pub parts: Vec<Part>,
    /// How much of the period that covers.
    pub coverage: Coverage,
}

/// How the figure is formed, as people write it: `sum of 2024-01…2024-06`, `2024-05-YTD − 2024-05`, `last of 2024-05`.
impl fmt::Display for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = |part: &Part| part.observation.period;
        if self.figure.numerator.is_some() && self.parts.len() > 1 {
            f.write_str("ratio of ")?;
        }
        let alike = self.parts.windows(2).all(|pair| {
            let follows = period(&pair[0]).end().succ_opt() == Some(period(&pair[1]).start());
            follows && period(&pair[0]).frequency() == period(&pair[1]).frequency()
        });
        match &self.parts[..] {
            [only] => write!(f, "last of {}", period(only)),
            [first, .., last] if self.parts.len() > 2 && alike && self.parts.iter().all(|part| part.sign == Sign::Plus) => {
                write!(f, "sum of {}…{}", period(first), period(last))
            }
            parts => {
                for (n, part) in parts.iter().enumerate() {
                    let sign = match (n, part.sign) {
                        (0, Sign::Plus) => "",
                        (_, Sign::Plus) => " + ",
                        (_, Sign::Minus) => " − ",
                    };
                    write!(f, "{sign}{}", period(part))?;
                }
                Ok(())
            }
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A report says so. Where the other figures on record say something else beyond rounding, they are beside it.
    Reported {
        /// The figure on record.
        observation: Box<Observation>,
        /// What it would be by the other figures.
        disagreement: Option<Box<Derived>>,
    },
    /// It is formed from reported figures.
    Derived(Derived),
}

/// The figure of a period, reported or formed.
#[derive(Debug, Clone)]
pub struct Formed {
    /// The figure.
    pub figure: Figure,
    /// Where it comes from.
    pub origin: Origin,
    /// How much of the period it covers; `None` for an interval.
    pub coverage: Option<Coverage>,
}

impl Formed {
    /// Whether less than the whole period is covered.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage.is_some_and(|coverage| coverage.have < coverage.need)
    }

    /// The reported figure, if it is one.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        match &self.origin {
            Origin::Reported { observation, .. } => Some(observation),
            Origin::Derived(_) => None,
        }
    }

    /// The versions of the definition that its parts were reported under.
    pub fn definition_versions(&self) -> impl Iterator<Item = i32> {
        let (reported, parts) = match &self.origin {
            Origin::Reported { observation, .. } => (Some(observation.definition_version), &[][..]),
            Origin::Derived(derived) => (None, &derived.parts[..]),
        };
        reported.into_iter().chain(parts.iter().map(|part| part.observation.definition_version))
    }
}

/// The figure of a period from the figures on record of one series and calendar. A reported figure wins over a derived one.
///
/// # Errors
/// As [`derive`].
pub fn form(indicator: &Indicator, period: Period, known: &[Observation]) -> Result<Formed, Unformed> {
    let derived = derive(indicator, period, known);
    let Some(observation) = known.iter().find(|o| o.period == period) else {
        return derived.map(|derived| Formed {
            figure: derived.figure.clone(),
            coverage: Some(derived.coverage),
            origin: Origin::Derived(derived),
        });
    };
    let disagreement = derived.ok().filter(|derived| disagrees(&observation.figure, derived)).map(Box::new);
    Ok(Formed {
        figure: observation.figure.clone(),
        origin: Origin::Reported { observation: Box::new(observation.clone()), disagreement },
        coverage: period.months().map(|months| Coverage { have: months, need: months }),
    })
}

/// Whether a reported figure and a derived one differ by more than the rounding of all the printed numbers explains.
fn disagrees(reported: &Figure, derived: &Derived) -> bool {
    let exact = reported.bound == Bound::Equal && derived.figure.bound == Bound::Equal;
    // A state known only for a part of the period is an earlier one, not another one.
    if !exact || derived.coverage.have < derived.coverage.need {
        return false;
    }
    let half_unit = |figure: &Figure| {
        let (low, high) = figure.value.printed_range();
        (high - low) / rust_decimal::Decimal::TWO
    };
    let slack: rust_decimal::Decimal = derived.parts.iter().map(|part| half_unit(&part.observation.figure)).sum();
    let Some(difference) = reported.value.minus(derived.figure.value) else { return true };
    difference.inner().abs() > slack + half_unit(reported)
}

/// Why a figure cannot be formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unformed {
    /// The reason, of the closed list of comparisons.
    pub reason: Reason,
    /// How much of the period is covered; `None` where the period has no months.
    pub coverage: Option<Coverage>,
}

/// Forms the figure of a period from the reported figures of one series and calendar.
///
/// Of several ways to form a flow or a rate the one with the fewest parts is taken; among these the one that subtracts
/// least; among these the one whose parts come first in time. A state (stock, or rate that stands at a moment) is the last
/// one reported in the period; where that is not at its end, the coverage says how far it reaches.
///
/// # Errors
/// `not_additive` for indicators that do not add up over time, `low_coverage` where parts are missing,
/// `qualifier_inexact` where bounds of parts pull apart, `parts_contradict` where the result cannot be true (a year to date that
/// falls), `out_of_range` beyond what can be held exactly.
pub fn derive(indicator: &Indicator, period: Period, reported: &[Observation]) -> Result<Derived, Unformed> {
    let coverage = coverage(period, reported);
    let refuse = |reason: Reason| Unformed { reason, coverage };
    let derived = match indicator.time_aggregation {
        Aggregation::None => return Err(refuse(Reason::NotAdditive)),
        Aggregation::Last => last(period, reported),
        Aggregation::Sum => {
            let parts = shortest_way(period, reported).ok_or(refuse(Reason::LowCoverage))?;
            let figure = add_up(indicator, &parts).map_err(refuse)?;
            whole(period, figure, parts)
        }
        Aggregation::Ratio => {
            let with_ratio: Vec<&Observation> = reported.iter().filter(|o| ratio_of(&o.figure).is_some()).collect();
            // Parts there are, but none that could be recombined: the rate degrades to one that cannot be formed.
            let missing = if with_ratio.is_empty() && !reported.is_empty() { Reason::NotAdditive } else { Reason::LowCoverage };
            let parts = shortest_way(period, with_ratio.iter().copied()).ok_or(refuse(missing))?;
            let figure = recombine(indicator, &parts).map_err(refuse)?;
            whole(period, figure, parts)
        }
    };
    derived.ok_or(refuse(Reason::LowCoverage))
}

fn whole(period: Period, figure: Figure, parts: Vec<(Sign, &Observation)>) -> Option<Derived> {
    let need = period.months()?;
    let parts = parts.into_iter().map(|(sign, observation)| Part { sign, observation: observation.clone() }).collect();
    Some(Derived { figure, parts, coverage: Coverage { have: need, need } })
}

/// How many months of a period are covered by reported figures that lie inside it.
fn coverage(period: Period, reported: &[Observation]) -> Option<Coverage> {
    let (first, end) = period.month_span()?;
    let inside = reported.iter().filter_map(|o| o.period.month_span()).filter(|(from, to)| first <= *from && *to <= end);
    let covered: BTreeSet<i32> = inside.flat_map(|(from, to)| from..to).collect();
    Some(Coverage { have: u32::try_from(covered.len()).unwrap_or(u32::MAX), need: period.months()? })
}

/// The last state reported in a period.
fn last(period: Period, reported: &[Observation]) -> Option<Derived> {
    let with_months = reported.iter().filter(|o| o.period.months().is_some());
    let inside = with_months.filter(|o| o.period != period && period.start() <= o.period.end() && o.period.end() <= period.end());
    let found = inside.max_by_key(|o| (o.period.end(), o.period.start()))?;
    let need = period.months()?;
    let (first, _) = period.month_span()?;
    let (_, reached) = found.period.month_span()?;
    let have = u32::try_from(reached - first).ok()?.min(need);
    let parts = vec![Part { sign: Sign::Plus, observation: found.clone() }];
    Some(Derived { figure: found.figure.clone(), parts, coverage: Coverage { have, need } })
}

/// The way from the beginning of a period to its end along reported periods, forwards adding and backwards subtracting.
///
/// Each reported period is a step between two month boundaries, so every way is a correct sum, and a period can be formed
/// exactly when a way exists.
fn shortest_way<'o>(period: Period, reported: impl IntoIterator<Item = &'o Observation>) -> Option<Vec<(Sign, &'o Observation)>> {
    let (begin, end) = period.month_span()?;
    // No named period crosses the end of its year, so no way out of the year leads back.
    let steps: Vec<(i32, i32, Sign, &Observation)> = reported
        .into_iter()
        .filter(|o| o.period != period && o.period.year() == period.year())
        .filter_map(|o| o.period.month_span().map(|span| (span, o)))
        .flat_map(|((from, to), o)| [(from, to, Sign::Plus, o), (to, from, Sign::Minus, o)])
        .collect();
    let mut settled = BTreeSet::new();
    // Ordered by parts, then subtractions, then the parts themselves: the first way to reach a boundary is the best one.
    let mut open = BinaryHeap::from([Reverse((0usize, 0usize, Vec::<(Period, Sign)>::new(), begin))]);
    while let Some(Reverse((parts, minuses, way, at))) = open.pop() {
        if at == end {
            let find =
                |(of, sign): &(Period, Sign)| steps.iter().find(|(_, _, s, o)| s == sign && o.period == *of).map(|(_, _, s, o)| (*s, *o));
            let mut found = way.iter().map(find).collect::<Option<Vec<_>>>()?;
            found.sort_by_key(|(sign, o)| (*sign, o.period));
            return Some(found);
        }
        if !settled.insert(at) {
            continue;
        }
        for (_, to, sign, o) in steps.iter().filter(|(from, ..)| *from == at) {
            let mut way = way.clone();
            way.push((o.period, *sign));
            open.push(Reverse((parts + 1, minuses + usize::from(*sign == Sign::Minus), way, *to)));
        }
    }
    None
}

fn add_up(indicator: &Indicator, parts: &[(Sign, &Observation)]) -> Result<Figure, Reason> {
    let mut sum = Decimal::ZERO;
    let mut bound = Bound::Equal;
    for (sign, part) in parts {
        let value = signed(*sign, part.figure.value);
        sum = value.and_then(|value| sum.plus(value)).ok_or(Reason::OutOfRange)?;
        let of_part = if *sign == Sign::Minus { part.figure.bound.reversed() } else { part.figure.bound };
        bound = bound.plus(of_part).ok_or(Reason::QualifierInexact)?;
    }
    // A year to date that falls makes a negative month: the reports contradict each other.
    if check_value(sum, indicator).is_some() {
        return Err(Reason::PartsContradict);
    }
    Ok(Figure { value: sum, numerator: None, denominator: None, status: weakest(parts), bound })
}

fn recombine(indicator: &Indicator, parts: &[(Sign, &Observation)]) -> Result<Figure, Reason> {
    let (mut numerator, mut denominator) = (Decimal::ZERO, Decimal::ZERO);
    for (sign, part) in parts {
        let (n, d) = ratio_of(&part.figure).ok_or(Reason::NotAdditive)?;
        let sum = |sum: Decimal, part: Decimal| signed(*sign, part).and_then(|part| sum.plus(part)).ok_or(Reason::OutOfRange);
        (numerator, denominator) = (sum(numerator, n)?, sum(denominator, d)?);
    }
    if numerator.is_negative() || denominator <= Decimal::ZERO || indicator.is_share() && numerator > denominator {
        return Err(Reason::PartsContradict);
    }
    let value = numerator.percent_of(denominator, indicator.decimals).ok_or(Reason::OutOfRange)?;
    Ok(Figure { value, numerator: Some(numerator), denominator: Some(denominator), status: weakest(parts), bound: Bound::Equal })
}

fn ratio_of(figure: &Figure) -> Option<(Decimal, Decimal)> {
    figure.numerator.zip(figure.denominator).filter(|_| figure.bound == Bound::Equal)
}

fn signed(sign: Sign, value: Decimal) -> Option<Decimal> {
    if sign == Sign::Minus { Decimal::ZERO.minus(value) } else { Some(value) }
}

/// A sum that contains an estimate is an estimate.
fn weakest(parts: &[(Sign, &Observation)]) -> Status {
    parts.iter().map(|(_, part)| part.figure.status).min().unwrap_or(Status::Official)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::super::breakdown::Breakdown;
    use super::super::comparison::tests::{figure, indicator};
    use super::super::indicator::Measure;
    use super::super::observation::Source;
    use super::super::period::Calendar;
    use super::super::series::SeriesKey;
    use super::*;

    fn observation(period: &str, calendar: Calendar, text: &str) -> Observation {
        Observation {
            id: period.into(),
            revision: 1,
            series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
            period: Period::parse(period, calendar).unwrap(),
            figure: figure(text),
            definition_version: 1,
            locator: None,
            source: Source::default(),
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }

    fn reported(text: &str, calendar: Calendar) -> Vec<Observation> {
        let pairs = text.split(", ").filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(period, value)| observation(period, calendar, value)).collect()
    }

    fn flow() -> Indicator {
        Indicator { time_aggregation: Aggregation::Sum, min: Some(Decimal::ZERO), ..indicator(Measure::Flow, 1) }
    }

    /// What is derived, as a line: value, status, bound, parts; or why nothing is.
    fn line(indicator: &Indicator, period: &str, known: &[Observation]) -> String {
        let calendar = known.first().map_or(Calendar::Civil, |o| o.period.calendar());
        match derive(indicator, Period::parse(period, calendar).unwrap(), known) {
            Err(unformed) => {
                let coverage = unformed.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
                format!("{}{coverage}", unformed.reason.as_str())
            }
            Ok(derived) => {
                let parts: Vec<String> = derived
                    .parts
                    .iter()
                    .map(|part| format!("{}{}", if part.sign == Sign::Plus { "+" } else { "-" }, part.observation.period))
                    .collect();
                let Figure { value, status, bound, .. } = &derived.figure;
                let Coverage { have, need } = derived.coverage;
                format!("{value} {} {} {} {have}/{need}", status.as_str(), bound.as_str(), parts.join(" "))
            }
        }
    }

    #[test]
    fn flows_are_formed_along_the_months() {
        for (known, period, expected) in [
            ("2024-05=230 E, 2024-05-YTD=1205 E", "2024-04-YTD", "975 E eq +2024-05-YTD -2024-05 4/4"),
            ("2024-04-YTD=975, 2024-05-YTD=1205 E", "2024-05", "230 E eq +2024-05-YTD -2024-04-YTD 1/1"),
            ("2024-Q1=300, 2024-Q2=310 P", "2024-H1", "610 P eq +2024-Q1 +2024-Q2 6/6"),
            ("2024-04=1, 2024-05=2, 2024-06=3", "2024-Q2", "6 A eq +2024-04 +2024-05 +2024-06 3/3"),
            ("2024-04=1, 2024-06=3", "2024-Q2", "low_coverage 2/3"),
            ("2024=100, 2024-H1=45", "2024-H2", "55 A eq +2024 -2024-H1 6/6"),
            ("2024-9M=80, 2024-Q3=25, 2024-Q1=20", "2024-Q2", "35 A eq +2024-9M -2024-Q1 -2024-Q3 3/3"),
            ("2024-Q1=>29.6, 2024-Q2=30", "2024-H1", "59.6 A gt +2024-Q1 +2024-Q2 6/6"),
            ("2024-H1=60, 2024-Q1=>29.6", "2024-Q2", "30.4 A lt +2024-H1 -2024-Q1 3/3"),
            ("2024-Q1=>29.6, 2024-Q2=<30", "2024-H1", "qualifier_inexact 6/6"),
            ("2024-04-YTD=1205, 2024-05-YTD=1200", "2024-05", "parts_contradict 0/1"),
            ("2024-Q1=~30, 2024-Q2=~30", "2024-H1", "60 A approx +2024-Q1 +2024-Q2 6/6"),
            ("2023-H1=5", "2024-H1", "low_coverage 0/6"),
            ("2024-01-10/2024-02-20=5", "2024-Q1", "low_coverage 0/3"),
            ("", "2024-H1", "low_coverage 0/6"),
        ] {
            assert_eq!(line(&flow(), period, &reported(known, Calendar::Civil)), expected, "{period} from {known}");
        }
    }

    #[test]
    fn the_administrative_calendar_has_the_same_algebra() {
        let known = reported("2024-05=230, 2024-05-YTD=1205", Calendar::Nd09);
        assert_eq!(line(&flow(), "2024-04-YTD", &known), "975 A eq +2024-05-YTD -2024-05 4/4");
    }

    #[test]
    fn states_are_the_last_value_and_never_a_sum() {
        let stock = Indicator { time_aggregation: Aggregation::Last, ..indicator(Measure::Stock, 0) };
        for (known, period, expected) in [
            ("2024-05=1596, 2024-06=1600", "2024-H1", "1600 A eq +2024-06 6/6"),
            ("2024-05=1596", "2024-H1", "1596 A eq +2024-05 5/6"),
            ("2024-H1=1600", "2024-06", "1600 A eq +2024-H1 1/1"),
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
            (observation.figure.numerator, observation.figure.denominator) = (number(n), number(d));
        }
        assert_eq!(line(&rate, "2024-02-YTD", &known), "83.33 A eq +2024-01 +2024-02 2/2", "10 of 12, not the mean 70");
    }

    #[test]
    fn a_reported_figure_wins_and_what_disagrees_stands_beside_it() {
        for (known, disagreement) in [
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=980", Some("225 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=230 E, 2024-05-YTD=1205 E, 2024-04-YTD=975", None),
            ("2024-05=230.4, 2024-05-YTD=1205, 2024-04-YTD=975", None),
            ("2024-05=232, 2024-05-YTD=1205, 2024-04-YTD=975", Some("230 by 2024-05-YTD − 2024-04-YTD")),
            ("2024-05=>229, 2024-05-YTD=1205, 2024-04-YTD=900", None),
            ("2024-05=230", None),
        ] {
            let known = reported(known, Calendar::Civil);
            let formed = form(&flow(), Period::parse("2024-05", Calendar::Civil).unwrap(), &known).unwrap();
            assert_eq!(formed.figure, known[0].figure);
            let Origin::Reported { disagreement: found, .. } = formed.origin else { panic!("reported wins") };
            assert_eq!(found.map(|d| format!("{} by {d}", d.figure.value)).as_deref(), disagreement, "{known:?}");
        }
    }

    #[test]
    fn derivations_are_written_as_people_write_them() {
        for (known, period, written) in [
            ("2024-05=230, 2024-05-YTD=1205", "2024-04-YTD", "2024-05-YTD − 2024-05"),
            ("2024-Q1=1, 2024-Q2=2", "2024-H1", "2024-Q1 + 2024-Q2"),
            ("2024-04=1, 2024-05=2, 2024-06=3", "2024-Q2", "sum of 2024-04…2024-06"),
            ("2024-9M=80, 2024-Q3=25, 2024-Q1=20", "2024-Q2", "2024-9M − 2024-Q1 − 2024-Q3"),
        ] {
            let derived = derive(&flow(), Period::parse(period, Calendar::Civil).unwrap(), &reported(known, Calendar::Civil)).unwrap();
            assert_eq!(derived.to_string(), written);
        }
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

        /// The oracle knows all twelve months, so the true figure of every period; and by joining month boundaries, which
        /// periods the reported ones determine at all.
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

            match derive(&flow(), period, &known) {
                Ok(derived) => {
                    prop_assert!(determined, "{period} formed from what does not determine it");
                    prop_assert_eq!(derived.figure.value.to_string(), truth(period).to_string());
                    prop_assert_eq!(derived.coverage.have, derived.coverage.need);
                    prop_assert!(derived.parts.iter().all(|part| part.observation.period != period));
                }
                Err(unformed) => {
                    prop_assert!(!determined, "{period} can be formed");
                    prop_assert_eq!(unformed.reason, Reason::LowCoverage);
                }
            }
        }
    }
}
