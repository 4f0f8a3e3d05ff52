//! Inherited targets: the targets of the units that a province was formed from, as a target of the province.
//! For indicators that add up over provinces it is their sum. For others there is none, with a reason.

use std::collections::BTreeSet;

use super::condition::TargetTerms;
use super::target::Target;
use crate::domain::catalogue::indicator::{Aggregation, Indicator};
use crate::domain::catalogue::province::Formation;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::code_list;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

code_list! {
    /// The owner of the targets for periods that started before the province was formed.
    pub enum TargetsOf {
        /// The targets of the province itself.
        Own = "own",
        /// The sum of the targets of the units it was formed from.
        Predecessors = "predecessors",
    }
}

/// A target of a province: its own or an inherited one.
#[derive(Debug, Clone)]
pub struct InheritedTarget {
    /// The target. If the earlier targets cannot be summed, one of them stands in its place.
    pub target: Target,
    /// The targets in the sum; empty for the province's own target.
    pub sum_of: Vec<Target>,
    /// The reason if the earlier targets cannot be summed.
    pub reason: Option<Reason>,
}

impl InheritedTarget {
    /// A target that was set for the province itself.
    #[must_use]
    pub fn own(target: Target) -> InheritedTarget {
        InheritedTarget { target, sum_of: Vec::new(), reason: None }
    }
}

/// The targets of a province: its own for periods since its formation, and sums of the targets of its predecessors for periods that
/// started earlier.
#[must_use]
pub fn inherited_targets(
    indicator: &Indicator,
    series: &SeriesKey,
    formation: &Formation<'_>,
    own: Vec<Target>,
    units: &[Vec<InheritedTarget>],
) -> Vec<InheritedTarget> {
    let periods: BTreeSet<Period> =
        units.iter().flatten().map(|inherited| inherited.target.period).filter(|period| period.start() < formation.on).collect();
    let since = own.into_iter().filter(|target| target.period.start() >= formation.on).map(InheritedTarget::own);
    since.chain(periods.into_iter().filter_map(|period| sum(indicator, series, formation, period, units))).collect()
}

fn sum(
    indicator: &Indicator,
    series: &SeriesKey,
    formation: &Formation<'_>,
    period: Period,
    units: &[Vec<InheritedTarget>],
) -> Option<InheritedTarget> {
    let of = |unit: &Vec<InheritedTarget>| unit.iter().find(|inherited| inherited.target.period == period).cloned();
    let parts: Vec<InheritedTarget> = units.iter().filter_map(of).collect();
    let terms_of_parts: Option<Vec<&TargetTerms>> = parts.iter().map(|part| part.target.terms.as_ref()).collect();
    let terms_of_parts = terms_of_parts?;
    let summed = match parts.iter().find_map(|part| part.reason) {
        _ if indicator.area_aggregation != Aggregation::Sum || !formation.whole => Err(Reason::NotAdditive),
        Some(reason) => Err(reason),
        None if parts.len() < units.len() => Err(Reason::LowCoverage),
        None => TargetTerms::sum(&terms_of_parts).ok_or(Reason::NotAdditive),
    };
    let of_first = (*terms_of_parts.first()?).clone();
    // The path to the sum starts when the last of the targets was decided.
    let decided: Option<Vec<_>> = parts.iter().map(|part| part.target.source.date).collect();
    let source = Source { date: decided.and_then(|days| days.into_iter().max()), ..Source::default() };
    let sum_of = parts.iter().flat_map(|part| if part.sum_of.is_empty() { vec![part.target.clone()] } else { part.sum_of.clone() });
    let target = Target {
        id: String::new(),
        revision: 1,
        series: series.clone(),
        period,
        terms: Some(summed.clone().unwrap_or(of_first)),
        source,
        reason: None,
        recorded_at: parts.iter().map(|part| part.target.recorded_at).max()?,
    };
    Some(InheritedTarget { target, sum_of: sum_of.collect(), reason: summed.err() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::breakdown::Breakdown;
    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::testing::{indicator, target};
    use crate::domain::time::period::Calendar;

    /// The targets of a province formed on 1 July 2025, whose predecessors had targets, as lines.
    fn lines(indicator: &Indicator, own: &[&str], units: &[&[&str]], whole: bool) -> Vec<String> {
        let read = |texts: &[&str]| texts.iter().map(|text| target(text, Calendar::Civil)).collect::<Vec<_>>();
        let units: Vec<Vec<InheritedTarget>> =
            units.iter().map(|unit| read(unit).into_iter().map(InheritedTarget::own).collect()).collect();
        let series = SeriesKey { province: "new".into(), indicator: indicator.code.clone(), breakdown: Breakdown::default() };
        let formation = Formation { on: "2025-07-01".parse().unwrap(), units: Vec::new(), whole };
        let found = inherited_targets(indicator, &series, &formation, read(own), &units);
        let number = |terms: &TargetTerms| {
            let (low, high) = terms.condition.ends();
            let ends = if low == high { low.to_string() } else { format!("{low}..{high}") };
            let by: Vec<String> = terms.milestones.iter().map(|by| format!(" by {} {}", by.by, by.value)).collect();
            let by = by.concat();
            let from = terms.baseline.map(|from| format!(" from {} {}", from.period, from.value)).unwrap_or_default();
            format!("{} {ends}{from}{by}", terms.condition.kind().as_str())
        };
        let line = |of: &InheritedTarget| match of.reason {
            Some(reason) => format!("{} {} of {}", of.target.period, reason.as_str(), of.sum_of.len()),
            None => format!("{} {} of {}", of.target.period, number(of.target.terms.as_ref().unwrap()), of.sum_of.len()),
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn targets_of_the_units_before_add_up_where_figures_do_and_all_are_there() {
        let count = Indicator { area_aggregation: Aggregation::Sum, ..indicator(Measure::Stock, 0) };
        let rate = indicator(Measure::Rate, 1);
        for (indicator, own, units, whole, expected, why) in [
            (&count, &[][..], &[&[">=1000@2025"][..], &[">=1500@2025"]][..], true, "2025 at_least 2500 of 2", "the year of the merger"),
            (&count, &[], &[&[">=1000@2024"], &[">=1500@2024"]], true, "2024 at_least 2500 of 2", "the year before it"),
            (&count, &[">=2600@2025"], &[&[">=1000@2025"], &[">=1500@2025"]], true, "2025 at_least 2500 of 2", "in place of its own"),
            (
                &count,
                &[">=2600@2026"],
                &[&[">=1000@2025"], &[">=1500@2025"]],
                true,
                "2026 at_least 2600 of 0, 2025 at_least 2500 of 2",
                "since then its own",
            ),
            (
                &count,
                &[">=2600@2026"],
                &[&[">=1000@2026"], &[">=1500@2026"]],
                true,
                "2026 at_least 2600 of 0",
                "what the old units set for a time that was not theirs is not",
            ),
            (&count, &[], &[&["<=10@2025"], &["<=12@2025"]], true, "2025 at_most 22 of 2", "ceilings"),
            (&count, &[], &[&["20..30@2025"], &["5..7@2025"]], true, "2025 band 25..37 of 2", "bands end by end"),
            (
                &count,
                &[],
                &[&[">=100@2025 from:60@2023"], &[">=50@2025 from:40@2023"]],
                true,
                "2025 at_least 150 from 2023 100 of 2",
                "baselines of one period",
            ),
            (
                &count,
                &[],
                &[&[">=100@2025 by:40@2025-H1"], &[">=50@2025 by:20@2025-H1"]],
                true,
                "2025 at_least 150 by 2025-H1 60 of 2",
                "milestones of the same ends",
            ),
            (&count, &[], &[&[">=1000@2025"], &[]], true, "2025 low_coverage of 1", "one of them has none"),
            (
                &count,
                &[],
                &[&[">=1000@2025"], &[">=1500@2024"]],
                true,
                "2024 low_coverage of 1, 2025 low_coverage of 1",
                "of different years",
            ),
            (&count, &[], &[&[">=1000@2025"], &["<=1500@2025"]], true, "2025 not_additive of 2", "a floor and a ceiling"),
            (&count, &[], &[&[">=100@2025 from:60@2023"], &[">=50@2025"]], true, "2025 not_additive of 2", "only one has a baseline"),
            (
                &count,
                &[],
                &[&[">=100@2025 by:40@2025-H1"], &[">=50@2025 by:20@2025-Q1"]],
                true,
                "2025 not_additive of 2",
                "milestones of different ends",
            ),
            (&count, &[], &[&[">=100@2025 like:last_year"], &[">=50@2025"]], true, "2025 not_additive of 2", "different ways"),
            (&count, &[], &[&[">=1000@2025"], &[">=1500@2025"]], false, "2025 not_additive of 2", "one of them was split"),
            (&rate, &[], &[&[">=80@2025"], &[">=90@2025"]], true, "2025 not_additive of 2", "shares do not add up"),
            (&count, &[">=2600@2025"], &[&[], &[]], true, "", "nobody had one: there is none to succeed to"),
        ] {
            assert_eq!(lines(indicator, own, units, whole).join(", "), expected, "{why}");
        }
    }
}
