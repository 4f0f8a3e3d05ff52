//! Attainment: the distance of a figure from its target, its pace, the remaining effort and the projection.
//! All numbers are exact; for bounds and ranges they state only certain results. A number that is not available has a reason.

use chrono::NaiveDate;

use super::condition::{TargetCondition, TargetTerms};
use super::path::{Path, Projection, TargetContext};
use super::target::Target;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::reason::Reason;
use crate::domain::time::period::{Frequency, Period};

code_list! {
    /// The pace of a figure: its position against the value expected by now.
    pub enum Pace {
        /// The target is reached.
        Achieved = "achieved",
        /// Further along the path than expected by now.
        Ahead = "ahead",
        /// As expected by now, within one percent of the whole distance.
        OnTrack = "on_track",
        /// Less far along the path than expected by now.
        Behind = "behind",
        /// The target is missed: the figure covers the whole period of the target and is not an estimate, or the target is out of
        /// reach.
        Missed = "missed",
        /// No progress yet.
        NotStarted = "not_started",
    }
}

/// The comparison of a figure with a target.
#[derive(Debug, Clone)]
pub struct Attainment {
    /// The target. It has no goal if it stands for several targets that cannot be summed.
    pub target: Target,
    /// The targets in the sum, if it is a sum of targets.
    pub sum_of: Vec<Target>,
    /// Figure ÷ target in percent. Not for rates, whose distance is in percentage points, and not for a band.
    pub attainment_pct: Option<Quantity>,
    /// Target minus figure, in the unit of the indicator (percentage points for a rate); negative above the target. For a band, its
    /// nearer end counts, and inside the band the gap is zero.
    pub gap: Option<Quantity>,
    /// The value expected by the end of the figure's period, according to the phasing of the target.
    pub expected: Option<Decimal>,
    /// The expected value in percent of the target.
    pub expected_pct: Option<Decimal>,
    /// The pace against the expected value.
    pub pace: Option<Pace>,
    /// The value that each remaining step needs (at most this value for a ceiling), and the length of a step. Absent if the target is
    /// reached or missed.
    pub required: Option<(Decimal, Frequency)>,
    /// The projection to the end of the target's period, from the months so far.
    pub projection: Option<Projection>,
    /// The reasons that limit or prevent the numbers.
    pub reasons: Vec<Reason>,
}

/// A current target and its goal.
#[derive(Debug, Clone, Copy)]
pub struct ApplicableTarget<'t> {
    /// The target.
    pub target: &'t Target,
    /// The goal.
    pub terms: &'t TargetTerms,
}

/// Selects the target that a figure of a period is compared with.
///
/// First choice: the target of the same period. Otherwise the shortest target that the figure leads up to: for a flow, a target that
/// starts with the figure's period (year to date, lũy kế); for a stock or a rate, a target whose period contains the end of the
/// figure's period. Otherwise the next target of a later year (2025, 2030) whose path has started: at its baseline or, without a
/// baseline, on the date of the decision. Every stock and rate lies on such a path, and for flows and averages every whole year. The
/// province's own target comes before a national target for each province, and a target of the same time before one of a later year.
#[must_use]
pub fn select_target<'t>(indicator: &Indicator, period: Period, own: &'t [Target], national: &'t [Target]) -> Option<ApplicableTarget<'t>> {
    let due = |targets| due(indicator, period, targets);
    let of_later_year = |targets| of_later_year(indicator, period, targets);
    due(own).or_else(|| due(national)).or_else(|| of_later_year(own)).or_else(|| of_later_year(national))
}

/// The target of the same period, or the shortest target that the figure leads up to.
fn due<'t>(indicator: &Indicator, period: Period, targets: &'t [Target]) -> Option<ApplicableTarget<'t>> {
    let leads_up_to = |of: Period| match indicator.measure {
        Measure::Stock | Measure::Rate => (of.start()..=of.end()).contains(&period.end()),
        Measure::Flow => of.start() == period.start() && period.end() <= of.end(),
        Measure::Average => false,
    };
    let same = in_force(targets).find(|applicable| applicable.target.period == period);
    same.or_else(|| named(period, targets).filter(|applicable| leads_up_to(applicable.target.period)).min_by_key(first))
}

/// The target of the next later year whose path has started.
fn of_later_year<'t>(indicator: &Indicator, period: Period, targets: &'t [Target]) -> Option<ApplicableTarget<'t>> {
    let whole_year = |period: Period| period.year() == Some(period);
    let steps = matches!(indicator.measure, Measure::Stock | Measure::Rate) || whole_year(period);
    let begun = |applicable: &ApplicableTarget<'_>| {
        let since = applicable.terms.baseline.map_or(applicable.target.source.date, |baseline| Some(baseline.period.end()));
        let of = applicable.target.period;
        whole_year(of) && period.end() < of.start() && since.is_some_and(|since| since <= period.end())
    };
    named(period, targets).filter(|applicable| steps && begun(applicable)).min_by_key(first)
}

fn in_force(targets: &[Target]) -> impl Iterator<Item = ApplicableTarget<'_>> {
    targets.iter().filter_map(|target| Some(ApplicableTarget { target, terms: target.terms.as_ref()? }))
}

/// The targets of named periods in the same calendar; none if the period itself is an interval.
fn named(period: Period, targets: &[Target]) -> impl Iterator<Item = ApplicableTarget<'_>> {
    let alike = move |of: Period| of.calendar() == period.calendar() && of.months().is_some() && period.months().is_some();
    in_force(targets).filter(move |applicable| alike(applicable.target.period))
}

fn first(applicable: &ApplicableTarget<'_>) -> (NaiveDate, Option<u32>) {
    (applicable.target.period.end(), applicable.target.period.months())
}

impl Attainment {
    /// Compares the figure of a period with a target.
    #[must_use]
    pub fn of(
        indicator: &Indicator,
        period: Period,
        current: Option<&Figure>,
        context: &TargetContext,
        applicable: ApplicableTarget<'_>,
    ) -> Attainment {
        let Some(current) = current else {
            return Attainment::none(applicable, Reason::CurrentMissing);
        };
        let terms = applicable.terms;
        let path = Path::of(indicator, period, applicable.target.period, terms, context);
        let mut reasons = Vec::new();
        let exact = current.exact();
        if exact.is_none() {
            reasons.push(Reason::QualifierInexact);
        }
        let attainment_pct = share_of_target(indicator, current.quantity, terms.condition, &mut reasons);
        let gap = gap(current.quantity, terms.condition).map_err(|reason| reasons.push(reason)).ok();
        let expected = path.as_ref().map(|path| path.expected(path.destination()));
        let expected = expected.transpose().map_err(|reason| reasons.push(reason)).ok().flatten();
        let decimals = indicator.decimals.max(1);
        let in_time = exact.zip(path.as_ref());
        let pace = pace(indicator, current, terms.condition, path.as_ref());
        let open = !matches!(pace, Some(Pace::Achieved | Pace::Missed));
        reasons.sort_unstable();
        reasons.dedup();
        Attainment {
            target: applicable.target.clone(),
            sum_of: Vec::new(),
            attainment_pct,
            gap,
            expected: expected.and_then(|expected| expected.rounded(decimals)),
            expected_pct: expected.and_then(|expected| {
                let number = terms.condition.value().filter(|number| indicator.measure != Measure::Rate && number.is_positive())?;
                expected.percent_of(number, indicator.percent_decimals())
            }),
            pace,
            required: in_time.filter(|_| open).and_then(|(current, path)| {
                let (required, every) = path.required(indicator, current)?;
                Some((required.rounded(decimals)?, every))
            }),
            projection: in_time.and_then(|(current, path)| path.projection(indicator, current, context)),
            reasons,
        }
    }

    /// The goal, if there is one.
    #[must_use]
    pub fn terms(&self) -> Option<&TargetTerms> {
        self.target.terms.as_ref()
    }

    /// Shows a target without a comparison, with the reason: it uses the other calendar, or there is no figure.
    #[must_use]
    pub fn none(applicable: ApplicableTarget<'_>, reason: Reason) -> Attainment {
        Attainment {
            target: applicable.target.clone(),
            sum_of: Vec::new(),
            attainment_pct: None,
            gap: None,
            expected: None,
            expected_pct: None,
            pace: None,
            required: None,
            projection: None,
            reasons: vec![reason],
        }
    }

    /// The same with what limits the figure itself: why it is missing, or that it covers only a part of its period.
    #[must_use]
    pub fn limited_by(mut self, current: &Result<ResolvedValue, Unavailable>) -> Attainment {
        let limits = match current {
            Ok(resolved) => Vec::from_iter(resolved.is_partial().then_some(Reason::LowCoverage)),
            Err(unavailable) => unavailable.reasons(),
        };
        let new = limits.into_iter().filter(|reason| !self.reasons.contains(reason)).collect::<Vec<_>>();
        self.reasons.extend(new);
        self
    }
}

/// Reasons against judging a printed share of a plan: there is no plan for this period, or it is a band, which has no single number.
#[must_use]
pub fn reasons_against_share(plan: Option<&Target>, attained: Option<&Attainment>) -> Vec<Reason> {
    let Some(plan) = plan else {
        let elsewhere = attained.is_some_and(|attained| attained.reasons.contains(&Reason::CalendarMismatch));
        return vec![if elsewhere { Reason::CalendarMismatch } else { Reason::BaseMissing }];
    };
    let band = plan.terms.as_ref().and_then(|terms| terms.condition.band());
    band.map(|_| Reason::QualifierInexact).into_iter().collect()
}

/// The reached percentage of the target. Not for a target of zero or below, not for a band, and not for rates, which use percentage
/// points.
fn share_of_target(indicator: &Indicator, current: Quantity, condition: TargetCondition, reasons: &mut Vec<Reason>) -> Option<Quantity> {
    let number = condition.value().filter(|_| indicator.measure != Measure::Rate)?;
    let never_negative = current.exact().is_some() || indicator.least().is_some_and(|least| !least.is_negative());
    let share = match number {
        _ if number.is_zero() => Err(Reason::BaseZero),
        _ if number.is_negative() => Err(Reason::BaseNegative),
        _ if never_negative => current.percent_of(Quantity::number(number, Bound::Equal), indicator.percent_decimals()),
        _ => Err(Reason::QualifierInexact),
    };
    share.map_err(|reason| reasons.push(reason)).ok()
}

fn gap(current: Quantity, condition: TargetCondition) -> Result<Quantity, Reason> {
    let number = match (condition.value(), current.exact()) {
        (Some(number), _) => number,
        (None, Some(current)) => condition.nearest(current),
        (None, None) if condition.holds(current) == Some(true) => return Ok(Quantity::number(Decimal::ZERO, Bound::Equal)),
        // It is not certain which end of the band is the nearer one.
        (None, None) => return Err(Reason::QualifierInexact),
    };
    Quantity::sum([(Sign::Plus, Quantity::number(number, Bound::Equal)), (Sign::Minus, current)])
}

fn pace(indicator: &Indicator, figure: &Figure, condition: TargetCondition, path: Option<&Path<'_>>) -> Option<Pace> {
    let current = figure.quantity;
    let over = path.is_none_or(Path::is_over);
    let adds_up = path.map_or(indicator.measure == Measure::Flow, |path| path.adds_up);
    let at_least = matches!(condition, TargetCondition::AtLeast(_));
    let reached = condition.holds(current);
    // A cumulative figure can still exceed a ceiling or an exact target before the end. If values can be negative, it can also fall
    // again. Both are certain only at the end.
    let only_grows = indicator.least().is_some_and(|least| !least.is_negative());
    let settled = over || at_least && only_grows || !adds_up;
    if reached == Some(true) && settled {
        return Some(Pace::Achieved);
    }
    let exceeded = !at_least && adds_up && only_grows && TargetCondition::AtMost(condition.ends().1).holds(current) == Some(false);
    if over || exceeded {
        // An estimate is submitted before its period ends, so the target may still be reached.
        let open = !exceeded && figure.status == Status::Estimated;
        return (reached == Some(false)).then_some(if open { Pace::Behind } else { Pace::Missed });
    }
    let (path, current) = (path?, current.exact()?);
    let (low, high) = condition.ends();
    let (low, high) = (path.expected(low).ok()?, path.expected(high).ok()?);
    if current.is_zero() && adds_up && matches!(condition, TargetCondition::AtLeast(_) | TargetCondition::Band(_)) {
        return Some(Pace::NotStarted);
    }
    let tolerance = path.distance()?.abs().checked_div(Decimal::HUNDRED)?;
    let above = current.checked_sub(high)? > tolerance;
    let below = low.checked_sub(current)? > tolerance;
    // A stock that has passed an exact target or a band is behind, because it left the target again.
    let start = path.start()?;
    let (floor, ceiling) = condition.ends();
    let has_passed = |beyond: bool, began_there: bool| !adds_up && condition.ends_both_ways() && beyond && !began_there;
    if has_passed(current > ceiling, start > ceiling) || has_passed(current < floor, start < floor) {
        return Some(Pace::Behind);
    }
    // For a ceiling, and on a path that leads down, a lower value is further along.
    let down = match condition {
        TargetCondition::AtLeast(_) => false,
        TargetCondition::AtMost(_) => true,
        TargetCondition::Exactly(_) | TargetCondition::Band(_) => path.distance()?.is_negative(),
    };
    Some(match (above, below) {
        (false, false) => Pace::OnTrack,
        (above, _) if above != down => Pace::Ahead,
        _ => Pace::Behind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Aggregation;
    use crate::domain::testing::{figure, indicator, target, written};
    use crate::domain::time::period::Calendar;

    #[test]
    fn attainment_worked_by_hand() {
        use Measure::{Flow, Rate, Stock};
        #[rustfmt::skip]
        let table = [
            (Flow, 1, "1135 E", ">=2400", "47.3", "1265", ""),
            (Flow, 1, "2500", ">=2400", "104.2", "-100", ""),
            (Stock, 0, "1596", ">=1600", "99.8", "4", ""),
            (Rate, 2, "77.15", ">=80", "", "2.85", ""),
            (Flow, 0, "0", ">=0", "", "0", "base_zero"),
            (Flow, 1, "5", ">=-10", "", "-15", "base_negative"),
            (Flow, 0, ">30", ">=60", ">50", "<30", "qualifier_inexact"),
            (Stock, 0, "20-23", ">=40", "50-57.5", "17-20", "qualifier_inexact"),
            (Flow, 1, ">29.6", ">=60", "", "<30.4", "qualifier_inexact"),
            (Flow, 1, "", ">=60", "", "", "current_missing"),
            (Stock, 0, "15", "20..30", "", "5", ""),
            (Stock, 0, "25", "20..30", "", "0", ""),
            (Stock, 0, "33", "20..30", "", "-3", ""),
            (Stock, 0, ">33", "20..30", "", "", "qualifier_inexact"),
            (Flow, 1, "999999999999999999", ">=0.000000000000000001", "", "", "out_of_range"),
        ];
        for (measure, decimals, current, number, attainment_pct, gap, reasons) in table {
            let of_year = [target(&format!("{number}@2024"), Calendar::Civil)];
            let applicable = select_target(&indicator(measure, decimals), of_year[0].period, &of_year, &[]).unwrap();
            let current = (!current.is_empty()).then(|| figure(current));
            let context = TargetContext { before: Some(Decimal::ZERO), ..TargetContext::default() };
            let attained = Attainment::of(&indicator(measure, decimals), of_year[0].period, current.as_ref(), &context, applicable);
            let shown = |number: Option<Quantity>| number.map(written).unwrap_or_default();
            assert_eq!(
                (shown(attained.attainment_pct).as_str(), shown(attained.gap).as_str()),
                (attainment_pct, gap),
                "{measure:?} {number}"
            );
            let words: Vec<&str> = attained.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(words.join(" "), reasons, "{measure:?} {number}");
        }
    }

    /// The pace as a line: expected (percent), pace, required, projection. The context has the stock before, the months, and last
    /// year's figure to date and its whole: `1500|1505 1510`, `|880 of 2200`.
    fn paced(measure: Measure, period: &str, current: &str, number: &str, context: &str) -> String {
        let decimal = |text: &str| Decimal::parse_json(text).unwrap();
        let time_aggregation = if measure == Measure::Flow { Aggregation::Sum } else { Aggregation::Last };
        let indicator = Indicator { time_aggregation, min: Some(Decimal::ZERO), ..indicator(measure, 1) };
        let targets = [target(number, Calendar::Civil)];
        let period = Period::parse(period, Calendar::Civil).unwrap();
        let (before, after) = context.split_once('|').unwrap();
        let before = (!before.is_empty()).then(|| decimal(before));
        let last_year = after.split_once(" of ").map(|(by_then, in_all)| (decimal(by_then.trim()), decimal(in_all)));
        let last_year = last_year.ok_or(Reason::BaseMissing);
        let months = if last_year.is_ok() { Vec::new() } else { after.split_whitespace().map(decimal).collect() };
        let context = TargetContext { before, months, last_year };
        let current = (!current.is_empty()).then(|| figure(current));
        let applicable = select_target(&indicator, period, &targets, &[]).unwrap();
        let attained = Attainment::of(&indicator, period, current.as_ref(), &context, applicable);
        let shown = |number: Option<Decimal>| number.map_or("-".to_owned(), |number| number.to_string());
        let projected = attained.projection.map_or("-".to_owned(), |to| format!("{} ({}..{}) of {}", to.value, to.low, to.high, to.months));
        let pace = attained.pace.map_or("-", Pace::as_str);
        let required = shown(attained.required.map(|(required, _)| required));
        format!("{} {}% {pace} {required} {projected}", shown(attained.expected), shown(attained.expected_pct))
    }

    #[test]
    fn the_pace_worked_by_hand() {
        use Measure::{Flow, Rate, Stock};
        #[rustfmt::skip]
        let table = [
            (Flow, "2024-H1", "1135 E", ">=2400@2024", "|", "1200 50% behind 210.8 -", "half of the year, 47.3 % of the plan"),
            (Flow, "2024-H1", "1190", ">=2400@2024", "|", "1200 50% on_track 201.7 -", "within one percent of the plan"),
            (Flow, "2024-H1", "1300", ">=2400@2024", "|", "1200 50% ahead 183.3 -", "faster than even"),
            (Flow, "2024-H1", "2400", ">=2400@2024", "|", "1200 50% achieved - -", "reached in June"),
            (Flow, "2024", "2300", ">=2400@2024", "|", "2400 100% missed - -", "the year is over"),
            (Flow, "2024", "2400", ">=2400@2024", "|", "2400 100% achieved - -", "to the digit"),
            (Flow, "2024-H1", "0", ">=2400@2024", "|", "1200 50% not_started 400 -", "nothing happened"),
            (Flow, "2024-H1", "", ">=2400@2024", "|", "- -% - - -", "nothing is known"),
            (Flow, "2024-04-YTD", "800", ">=2400@2024", "|180 200 220 200", "800 33.3% on_track 200 2400 (2240..2560) of 4", "by the months"),
            (Flow, "2024-03-YTD", "600", ">=2400@2024", "|180 200 220", "600 25% on_track 200 -", "three months lead nowhere"),
            (Flow, "2024-H1", "4", "<=10@2024", "|", "5 50% ahead 1 -", "fewer incidents than even"),
            (Flow, "2024-H1", "6", "<=10@2024", "|", "5 50% behind 0.7 -", "more than even"),
            (Flow, "2024-H1", "11", "<=10@2024", "|", "5 50% missed - -", "above the ceiling already"),
            (Flow, "2024", "9", "<=10@2024", "|", "10 100% achieved - -", "the year is over, below the ceiling"),
            (Flow, "2024-H1", "3", "<=0@2024", "|", "0 -% missed - -", "a target of none"),
            (Flow, "2024", "0", "<=0@2024", "|", "0 -% achieved - -", "none it was"),
            (Flow, "2024-H1", "6", "==12@2024", "|", "6 50% on_track 1 -", "even"),
            (Flow, "2024", "13", "==12@2024", "|", "12 100% missed - -", "one too many"),
            (Stock, "2024-06", "1550", ">=1600@2024", "1500|", "1550 96.9% on_track 8.3 -", "half of the way from 1500"),
            (Stock, "2024-06", "1520", ">=1600@2024", "1500|", "1550 96.9% behind 13.3 -", "a fifth of it"),
            (Stock, "2024-06", "1550", ">=1600@2024", "|", "- -% - 8.3 -", "nobody knows where it began"),
            (Stock, "2024-04", "1520", ">=1600@2024", "1500|1505 1510 1515 1520", "1533.3 95.8% behind 10 1560 (1560..1560) of 4", "five a month"),
            (Stock, "2024-06", "50", "<=40@2024", "60|", "50 125% on_track -1.7 -", "unconnected points, going down"),
            (Stock, "2024-06", "58", "<=40@2024", "60|", "50 125% behind -3 -", "too slowly"),
            (Rate, "2024-06", "77.15", ">=80@2024", "70|", "75 -% ahead 0.5 -", "of ten points five were due"),
            (Rate, "2024-04", "78", ">=80@2024", "70|72 74 76 78", "73.3 -% ahead 0.3 94 (94..94) of 4", "two points a month"),
            (Rate, "2024-04", "98", ">=99@2024", "70|77 84 91 98", "79.7 -% ahead 0.1 100 (100..100) of 4", "no rate passes 100"),
            (Rate, "2024-06", "78", ">=80@2024", "85|", "80 -% behind 0.3 -", "fallen below the floor"),
            (Rate, "2024-06", "6", "<=5@2024", "3|", "5 -% behind -0.2 -", "risen above the ceiling"),
            (Stock, "2024-06", "65", "40..60@2024", "45|", "45 -% behind -0.8 -", "out of the band it was in"),
            (Stock, "2024-06", "65", "40..60@2024", "15|", "27.5 -% behind -0.8 -", "past the band"),
            (Flow, "2024", "2300 E", ">=2400@2024", "|", "2400 100% behind - -", "an estimate before the year is over"),
            (Stock, "2024-06", "1600", ">=1600@2024", "1600|", "1600 100% achieved - -", "the target is where it began"),
            (Flow, "2024-02-YTD", "300", ">=600@2024-Q1", "|", "400 66.7% behind 300 -", "the plan of a quarter"),
            (Flow, "2024-Q3", "600", ">=1200@2024-H2", "|", "600 50% on_track 200 -", "the plan of the second half"),
            (Flow, "2024-H1", "1000", ">=2400@2024 like:last_year", "| 880 of 2200", "960 40% ahead 233.3 -", "40 % by June last year"),
            (Flow, "2024-H1", "900", ">=2400@2024 like:last_year", "| 880 of 2200", "960 40% behind 250 -", "half of the plan was not due"),
            (Flow, "2024-H1", "900", ">=2400@2024 like:last_year", "|", "- -% - 250 -", "nobody knows how last year went"),
            (Flow, "2024-H1", "900", ">=2400@2024 like:last_year", "| 0 of 0", "- -% - 250 -", "last year came to nothing"),
            (Flow, "2024-03-YTD", "500", ">=2400@2024 by:400@2024-03 by:1000@2024-06", "|", "400 16.7% ahead 211.1 -", "at a milestone"),
            (Flow, "2024-05-YTD", "800", ">=2400@2024 by:400@2024-03 by:1000@2024-06", "|", "800 33.3% on_track 228.6 -", "between two"),
            (Flow, "2024-09-YTD", "1600", ">=2400@2024 by:400@2024-03 by:1000@2024-06", "|", "1700 70.8% behind 266.7 -", "after the last"),
            (Stock, "2024-06", "70", ">=95@2030 from:60@2020", "|", "72.3 76.1% behind 0.3 -", "42 of 120 months"),
            (Stock, "2024-06", "75", ">=95@2030 from:60@2020", "|", "72.3 76.1% ahead 0.3 -", "faster than even"),
            (Rate, "2024", "80", ">=95@2030 from:65@2020 by:80@2024", "|", "80 -% on_track 0.2 -", "a milestone on the way to 2030"),
            (Rate, "2025-H1", "96", ">=95@2030 from:65@2020", "|", "78.5 -% achieved - -", "five years early"),
            (Flow, "2024", "2400", ">=3600@2030 from:2000@2020", "|", "2640 73.3% behind 200 -", "each year 200 more than the one before"),
            (Flow, "2024-H1", "30", "40..60@2024", "|", "20 -% on_track 1.7 -", "between the ways to both ends"),
            (Flow, "2024-H1", "15", "40..60@2024", "|", "20 -% behind 4.2 -", "below the lower way"),
            (Flow, "2024-H1", "35", "40..60@2024", "|", "20 -% ahead 0.8 -", "above the upper way"),
            (Flow, "2024-H1", "61", "40..60@2024", "|", "20 -% missed - -", "above the band already"),
            (Flow, "2024", "50", "40..60@2024", "|", "40 -% achieved - -", "within it at the end"),
            (Stock, "2024-06", "45", "40..60@2024", "70|", "65 -% achieved - -", "in the band before its time"),
            (Stock, "2024-06", "68", "40..60@2024", "70|", "65 -% behind -1.3 -", "on the way down to it"),
            (Flow, "2024-H1", ">2400", ">=2400@2024", "|", "1200 50% achieved - -", "above the plan, however far"),
            (Flow, "2024-H1", ">1000", ">=2400@2024", "|", "1200 50% - - -", "there is no telling"),
            (Flow, "2024", "<2400", ">=2400@2024", "|", "2400 100% missed - -", "below it at the end"),
        ];
        for (measure, period, current, number, context, expected, why) in table {
            assert_eq!(paced(measure, period, current, number, context), expected, "{measure:?} {current} of {number} by {period}: {why}");
        }
    }

    #[test]
    fn the_target_of_the_same_days_comes_first_and_a_month_is_not_held_against_a_year() {
        use Measure::{Average, Flow, Rate, Stock};
        let period = |text: &str| Period::parse(text, Calendar::Civil).unwrap();
        let targets = [">=100@2024", ">=30@2024-Q1", ">=70@2024-H2", ">=95@2030 from:60@2020", ">=90@2025 from:60@2022"];
        let targets = targets.map(|text| target(text, Calendar::Civil));
        let found = |measure, code: &str| {
            let applicable = select_target(&indicator(measure, 0), period(code), &targets, &[]);
            applicable.map(|applicable| applicable.target.period.to_string()).unwrap_or_default()
        };
        for (measure, of, target, why) in [
            (Flow, "2024-H1", "2024", "part of the year"),
            (Flow, "2024-05-YTD", "2024", "part of the year"),
            (Flow, "2024-05", "", "no year to date"),
            (Flow, "2024-02-YTD", "2024-Q1", "the quarter ends first"),
            (Flow, "2024-03-YTD", "2024-Q1", "the same days"),
            (Flow, "2024-Q3", "2024-H2", "begins with the second half"),
            (Flow, "2024-Q4", "", "begins with no target"),
            (Flow, "2023-H1", "", "half of another year"),
            (Flow, "2023", "2025", "on the way, which it is not to a plan of the next year"),
            (Flow, "2026", "2030", "a whole year on the way"),
            (Stock, "2024-05", "2024", "a state of the year"),
            (Stock, "2024-02", "2024-Q1", "a state of the quarter"),
            (Stock, "2026-05", "2030", "a state on the way"),
            (Rate, "2024-Q3", "2024-H2", "a share of the second half"),
            (Stock, "2019-05", "", "before the way begins"),
            (Rate, "2031", "", "after all of them"),
            (Average, "2024-H1", "", "a level of its own"),
            (Average, "2024", "2024", "the same days"),
        ] {
            assert_eq!(found(measure, of), target, "{measure:?} {of}: {why}");
        }
    }
}
