//! Attainment: how far a figure is from its target, whether that is in time, what is still needed and where it leads.
//! All of it exact, by months of the target's calendar; what cannot be said is absent and a reason says why.

use rust_decimal::Decimal as Exact;

use super::breakdown::Breakdown;
use super::decimal::Decimal;
use super::fault::words;
use super::figure::Figure;
use super::formed::History;
use super::indicator::{Indicator, Measure};
use super::period::Period;
use super::reason::Reason;
use super::target::{Goal, Target, TargetKind};

words! {
    /// How a figure stands against what was to be expected by now.
    pub enum Pace {
        /// The target is reached.
        Achieved = "achieved",
        /// Better than to be expected by now.
        Ahead = "ahead",
        /// As to be expected by now, within one percent of the target.
        OnTrack = "on_track",
        /// Worse than to be expected by now.
        Behind = "behind",
        /// The target's period is over, or it can no longer be reached.
        Missed = "missed",
        /// Nothing has happened yet.
        NotStarted = "not_started",
    }
}

/// How a figure stands against a target.
#[derive(Debug, Clone)]
pub struct Attainment {
    /// The target.
    pub target: Target,
    /// What it asks for.
    pub goal: Goal,
    /// Figure ÷ target in percent; not for rates, whose distance is in points.
    pub attainment_pct: Option<Decimal>,
    /// Target minus figure, in the unit of the indicator (points for a rate); negative above the target.
    pub gap: Option<Decimal>,
    /// What was to be expected by the end of the figure's period, the months of the target counting alike.
    pub expected: Option<Decimal>,
    /// The same in percent of the target.
    pub expected_pct: Option<Decimal>,
    /// How the figure stands against that.
    pub pace: Option<Pace>,
    /// What every remaining month of the target's period has to bring (at most, for a ceiling), in the unit of the indicator.
    pub required_per_month: Option<Decimal>,
    /// Where the months until now lead by the end of the target's period.
    pub projection: Option<Projection>,
    /// What stands against the numbers.
    pub reasons: Vec<Reason>,
}

/// Where the months until now lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// The figure at the end of the target's period, if every remaining month is like the mean of those until now.
    pub value: Decimal,
    /// The same, if every remaining month is like the least of them.
    pub low: Decimal,
    /// The same, if every remaining month is like the greatest of them.
    pub high: Decimal,
    /// How many months that is drawn from.
    pub months: u32,
}

/// The fewest months that a projection is drawn from.
const FEWEST_MONTHS: u32 = 4;

/// Which target a figure of a period is held against: that of the same days; else that of the year, for a state
/// (stock, rate) at any time in it, and for a flow where the period runs from the beginning of the year (lũy kế).
#[must_use]
pub fn applicable<'t>(indicator: &Indicator, period: Period, targets: &'t [Target]) -> Option<Aimed<'t>> {
    let of = |wanted: Period| {
        let found = targets.iter().find(|target| target.period == wanted)?;
        Some(Aimed { target: found, goal: found.goal? })
    };
    let cumulates = match indicator.measure {
        Measure::Stock | Measure::Rate => true,
        Measure::Flow => period.runs_from_new_year(),
        Measure::Average => false,
    };
    of(period).or_else(|| period.year().filter(|_| cumulates).and_then(of))
}

/// A target that stands, and what it asks for.
#[derive(Debug, Clone, Copy)]
pub struct Aimed<'t> {
    /// The target.
    pub target: &'t Target,
    /// What it asks for.
    pub goal: Goal,
}

/// The figures of a year as far as they are known: what there was at its beginning, and what each month brought until now.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The state at the end of the year before; nothing for what begins anew each year.
    pub before: Option<Decimal>,
    /// The figures of the months from the first to the last known, where none between is missing.
    pub months: Vec<Decimal>,
}

impl Course {
    /// What is known of a part from the beginning of a target's period to the end of a figure's.
    #[must_use]
    pub fn of(indicator: &Indicator, breakdown: &Breakdown, period: Period, of_target: Period, known: &History) -> Course {
        let exact = |period: Period| {
            let formed = known.form(indicator, breakdown, period).ok().filter(|formed| !formed.is_partial())?;
            formed.figure.exact()
        };
        let year = of_target.year().filter(|_| indicator.measure != Measure::Flow);
        let before = year.and_then(|year| exact(year.same_period_last_year()));
        let until = |month: &Period| of_target.start() <= month.start() && month.end() <= period.end().min(of_target.end());
        let months: Option<Vec<Decimal>> = of_target.months_of_year().into_iter().filter(until).map(exact).collect();
        Course { before, months: months.unwrap_or_default() }
    }
}

impl Attainment {
    /// Holds the figure of a period against a target.
    #[must_use]
    pub fn of(indicator: &Indicator, period: Period, current: Option<&Figure>, course: &Course, aimed: Aimed<'_>) -> Attainment {
        let Some(current) = current else {
            return Attainment { pace: Some(Pace::NotStarted), ..Attainment::none(aimed, Reason::CurrentMissing) };
        };
        let Some(current) = current.exact() else { return Attainment::none(aimed, Reason::QualifierInexact) };
        let goal = aimed.goal;
        let mut reasons = Vec::new();
        let gap = goal.value.minus(current);
        let by_share = indicator.measure != Measure::Rate;
        if by_share && goal.value.is_zero() {
            reasons.push(Reason::BaseZero);
        }
        if by_share && goal.value.is_negative() {
            reasons.push(Reason::BaseNegative);
        }
        let share = |of: Decimal| {
            let positive = by_share && goal.value > Decimal::ZERO;
            positive.then(|| of.percent_of(goal.value, indicator.percent_decimals())).flatten()
        };
        let attainment_pct = share(current);
        if gap.is_none() || by_share && goal.value > Decimal::ZERO && attainment_pct.is_none() {
            reasons.push(Reason::OutOfRange);
        }
        let way = Way::of(indicator, period, aimed.target.period, course);
        let expected = way.as_ref().and_then(|way| way.expected(goal)).map(Decimal::from_inner);
        let decimals = indicator.decimals.max(1);
        Attainment {
            target: aimed.target.clone(),
            goal,
            attainment_pct,
            gap,
            expected: expected.and_then(|expected| expected.rounded(decimals)),
            expected_pct: expected.and_then(share),
            pace: pace(indicator, current, goal, way.as_ref()),
            required_per_month: way.as_ref().and_then(|way| way.required(goal, current)?.rounded(decimals)),
            projection: way.as_ref().and_then(|way| way.projection(indicator, current, course)),
            reasons,
        }
    }

    /// A target of the other calendar, whose days are others: shown, and not held against.
    #[must_use]
    pub fn in_other_calendar(aimed: Aimed<'_>) -> Attainment {
        Attainment::none(aimed, Reason::CalendarMismatch)
    }

    fn none(aimed: Aimed<'_>, reason: Reason) -> Attainment {
        Attainment {
            target: aimed.target.clone(),
            goal: aimed.goal,
            attainment_pct: None,
            gap: None,
            expected: None,
            expected_pct: None,
            pace: None,
            required_per_month: None,
            projection: None,
            reasons: vec![reason],
        }
    }
}

/// Where on the way from the beginning of a target's period to its end a figure stands.
struct Way {
    /// What there was at the beginning; `None` for a state of which that is not known.
    from: Option<Exact>,
    /// Months gone by the end of the figure's period.
    gone: u32,
    /// Months of the target's period.
    all: u32,
}

impl Way {
    /// `None` where months do not tell: an interval, or a figure that ends outside the target's period.
    fn of(indicator: &Indicator, period: Period, of_target: Period, course: &Course) -> Option<Way> {
        let (begin, end) = of_target.month_span()?;
        let (_, now) = period.month_span()?;
        // What happens begins anew each year; what stands, or is a share, goes on from where it was.
        let from = if indicator.measure == Measure::Flow { Some(Exact::ZERO) } else { course.before.map(Decimal::inner) };
        (begin <= now && now <= end).then(|| Way { from, gone: now.abs_diff(begin), all: end.abs_diff(begin) })
    }

    fn is_over(&self) -> bool {
        self.gone >= self.all
    }

    fn left(&self) -> u32 {
        self.all - self.gone.min(self.all)
    }

    /// What is to be expected by now, every month alike.
    fn expected(&self, goal: Goal) -> Option<Exact> {
        let (from, goal) = (self.from?, goal.value.inner());
        let gone = goal.checked_sub(from)?.checked_mul(Exact::from(self.gone))?;
        gone.checked_div(Exact::from(self.all))?.checked_add(from)
    }

    /// What every remaining month has to bring; nothing where the target is reached, or no month remains.
    fn required(&self, goal: Goal, current: Decimal) -> Option<Decimal> {
        let missing = goal.value.minus(current)?;
        let reached = goal.kind == TargetKind::AtLeast && !missing.is_positive();
        if self.left() == 0 || reached {
            return None;
        }
        missing.inner().checked_div(Exact::from(self.left())).map(Decimal::from_inner)
    }

    fn projection(&self, indicator: &Indicator, current: Decimal, course: &Course) -> Option<Projection> {
        // What a month brought: of what happens its figure, of what stands the step from the month before.
        let brought: Vec<Exact> = if indicator.measure == Measure::Flow {
            course.months.iter().map(|month| month.inner()).collect()
        } else if indicator.is_state() {
            let states = course.before.iter().chain(&course.months).map(|state| state.inner());
            let states: Vec<Exact> = states.collect();
            states.windows(2).map(|pair| pair[1].checked_sub(pair[0])).collect::<Option<_>>()?
        } else {
            // The rate of a month is no step of the rate to date.
            return None;
        };
        let months = u32::try_from(brought.len()).ok()?;
        if months < FEWEST_MONTHS || self.is_over() {
            return None;
        }
        let sum = brought.iter().try_fold(Exact::ZERO, |sum, month| sum.checked_add(*month))?;
        let mean = sum.checked_div(Exact::from(months))?;
        let (least, greatest) = (*brought.iter().min()?, *brought.iter().max()?);
        let decimals = indicator.decimals;
        let end = |per_month: Exact| {
            let end = per_month.checked_mul(Exact::from(self.left()))?.checked_add(current.inner())?;
            let bounded = indicator.max.map_or(end, |max| end.min(max.inner()));
            let bounded = indicator.min.map_or(bounded, |min| bounded.max(min.inner()));
            Decimal::from_inner(bounded).rounded(decimals)
        };
        Some(Projection { value: end(mean)?, low: end(least)?, high: end(greatest)?, months })
    }
}

fn pace(indicator: &Indicator, current: Decimal, goal: Goal, way: Option<&Way>) -> Option<Pace> {
    let over = way.is_none_or(Way::is_over);
    let reached = match goal.kind {
        TargetKind::AtLeast => current >= goal.value,
        TargetKind::AtMost => current <= goal.value,
        TargetKind::Exactly => current == goal.value,
    };
    // What adds up until the end has not stayed below a ceiling before it, nor come to a number.
    let flow = indicator.measure == Measure::Flow;
    let settled = over || goal.kind == TargetKind::AtLeast || !flow;
    if reached && settled {
        return Some(Pace::Achieved);
    }
    let exceeded = flow && goal.kind != TargetKind::AtLeast && current > goal.value;
    if over || exceeded {
        return Some(Pace::Missed);
    }
    let way = way?;
    let expected = way.expected(goal)?;
    if current.is_zero() && flow && goal.kind == TargetKind::AtLeast {
        return Some(Pace::NotStarted);
    }
    let distance = goal.value.inner().checked_sub(way.from?)?;
    let tolerance = distance.abs() / Exact::ONE_HUNDRED;
    let ahead_by = current.inner().checked_sub(expected)?;
    // Where the way leads down, or the target is a ceiling, less is better.
    let down = distance.is_sign_negative() || goal.kind == TargetKind::AtMost;
    let ahead_by = if down { -ahead_by } else { ahead_by };
    Some(match () {
        () if ahead_by > tolerance => Pace::Ahead,
        () if ahead_by < -tolerance => Pace::Behind,
        () => Pace::OnTrack,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::comparison::tests::{figure, indicator};
    use super::super::indicator::Aggregation;
    use super::super::observation::Source;
    use super::super::period::Calendar;
    use super::super::series::SeriesKey;
    use super::*;

    fn target(period: &str, value: &str) -> Target {
        Target {
            id: period.into(),
            revision: 1,
            series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
            period: Period::parse(period, Calendar::Civil).unwrap(),
            goal: Some(Goal { value: Decimal::parse_json(value).unwrap(), kind: TargetKind::AtLeast }),
            source: Source::default(),
            reason: None,
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn attainment_worked_by_hand() {
        use Measure::{Flow, Rate, Stock};
        #[rustfmt::skip]
        let table = [
            (Flow, 1, "1135 E", "2400", "47.3", "1265", ""),
            (Flow, 1, "2500", "2400", "104.2", "-100", ""),
            (Stock, 0, "1596", "1600", "99.8", "4", ""),
            (Rate, 2, "77.15", "80", "", "2.85", ""),
            (Flow, 0, "0", "0", "", "0", "base_zero"),
            (Flow, 1, ">29.6", "60", "", "", "qualifier_inexact"),
            (Flow, 1, "", "60", "", "", "current_missing"),
        ];
        for (measure, decimals, current, aim, attainment_pct, gap, reasons) in table {
            let of_year = [target("2024", aim)];
            let aimed = applicable(&indicator(measure, decimals), of_year[0].period, &of_year).unwrap();
            let current = (!current.is_empty()).then(|| figure(current));
            let attained = Attainment::of(&indicator(measure, decimals), of_year[0].period, current.as_ref(), &Course::default(), aimed);
            let shown = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
            assert_eq!((shown(attained.attainment_pct).as_str(), shown(attained.gap).as_str()), (attainment_pct, gap), "{measure:?} {aim}");
            let words: Vec<&str> = attained.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(words.join(" "), reasons, "{measure:?} {aim}");
        }
    }

    /// A line of what is said of the pace: expected (percent), pace, required, projection.
    fn paced(measure: Measure, kind: TargetKind, period: &str, current: &str, aim: &str, course: &str) -> String {
        let decimal = |text: &str| Decimal::parse_json(text).unwrap();
        let time_aggregation = if measure == Measure::Flow { Aggregation::Sum } else { Aggregation::Last };
        let indicator = Indicator { time_aggregation, min: Some(Decimal::ZERO), ..indicator(measure, 1) };
        let of_year = [Target { goal: Some(Goal { value: decimal(aim), kind }), ..target("2024", aim) }];
        let period = Period::parse(period, Calendar::Civil).unwrap();
        let (before, months) = course.split_once('|').unwrap();
        let before = (!before.is_empty()).then(|| decimal(before));
        let course = Course { before, months: months.split_whitespace().map(decimal).collect() };
        let current = (!current.is_empty()).then(|| figure(current));
        let aimed = applicable(&indicator, period, &of_year).unwrap();
        let attained = Attainment::of(&indicator, period, current.as_ref(), &course, aimed);
        let shown = |number: Option<Decimal>| number.map_or("-".to_owned(), |number| number.to_string());
        let projected = attained.projection.map_or("-".to_owned(), |to| format!("{} ({}..{}) of {}", to.value, to.low, to.high, to.months));
        let pace = attained.pace.map_or("-", Pace::as_str);
        format!("{} {}% {pace} {} {projected}", shown(attained.expected), shown(attained.expected_pct), shown(attained.required_per_month))
    }

    #[test]
    fn the_pace_worked_by_hand() {
        use Measure::{Flow, Rate, Stock};
        use TargetKind::{AtLeast, AtMost, Exactly};
        #[rustfmt::skip]
        let table = [
            (Flow, AtLeast, "2024-H1", "1135 E", "2400", "|", "1200 50% behind 210.8 -", "half of the year, 47.3 % of the plan"),
            (Flow, AtLeast, "2024-H1", "1190", "2400", "|", "1200 50% on_track 201.7 -", "within one percent of the plan"),
            (Flow, AtLeast, "2024-H1", "1300", "2400", "|", "1200 50% ahead 183.3 -", "faster than even"),
            (Flow, AtLeast, "2024-H1", "2400", "2400", "|", "1200 50% achieved - -", "reached in June"),
            (Flow, AtLeast, "2024", "2300", "2400", "|", "2400 100% missed - -", "the year is over"),
            (Flow, AtLeast, "2024", "2400", "2400", "|", "2400 100% achieved - -", "to the digit"),
            (Flow, AtLeast, "2024-H1", "0", "2400", "|", "1200 50% not_started 400 -", "nothing happened"),
            (Flow, AtLeast, "2024-H1", "", "2400", "|", "- -% not_started - -", "nothing is known"),
            (Flow, AtLeast, "2024-04-YTD", "800", "2400", "|180 200 220 200", "800 33.3% on_track 200 2400 (2240..2560) of 4", "by the months"),
            (Flow, AtLeast, "2024-03-YTD", "600", "2400", "|180 200 220", "600 25% on_track 200 -", "three months lead nowhere"),
            (Flow, AtMost, "2024-H1", "4", "10", "|", "5 50% ahead 1 -", "fewer incidents than even"),
            (Flow, AtMost, "2024-H1", "6", "10", "|", "5 50% behind 0.7 -", "more than even"),
            (Flow, AtMost, "2024-H1", "11", "10", "|", "5 50% missed -0.2 -", "above the ceiling already"),
            (Flow, AtMost, "2024", "9", "10", "|", "10 100% achieved - -", "the year is over, below the ceiling"),
            (Flow, AtMost, "2024-H1", "3", "0", "|", "0 -% missed -0.5 -", "a target of none"),
            (Flow, AtMost, "2024", "0", "0", "|", "0 -% achieved - -", "none it was"),
            (Flow, Exactly, "2024-H1", "6", "12", "|", "6 50% on_track 1 -", "even"),
            (Flow, Exactly, "2024", "13", "12", "|", "12 100% missed - -", "one too many"),
            (Stock, AtLeast, "2024-06", "1550", "1600", "1500|", "1550 96.9% on_track 8.3 -", "half of the way from 1500"),
            (Stock, AtLeast, "2024-06", "1520", "1600", "1500|", "1550 96.9% behind 13.3 -", "a fifth of it"),
            (Stock, AtLeast, "2024-06", "1550", "1600", "|", "- -% - 8.3 -", "nobody knows where it began"),
            (Stock, AtLeast, "2024-04", "1520", "1600", "1500|1505 1510 1515 1520", "1533.3 95.8% behind 10 1560 (1560..1560) of 4", "five a month"),
            (Stock, AtMost, "2024-06", "50", "40", "60|", "50 125% on_track -1.7 -", "unconnected points, going down"),
            (Stock, AtMost, "2024-06", "58", "40", "60|", "50 125% behind -3 -", "too slowly"),
            (Rate, AtLeast, "2024-06", "77.15", "80", "70|", "75 -% ahead 0.5 -", "of ten points five were due"),
            (Rate, AtLeast, "2024-04", "78", "80", "70|72 74 76 78", "73.3 -% ahead 0.3 94 (94..94) of 4", "two points a month"),
            (Rate, AtLeast, "2024-04", "98", "99", "70|77 84 91 98", "79.7 -% ahead 0.1 100 (100..100) of 4", "no rate passes 100"),
            (Stock, AtLeast, "2024-06", "1600", "1600", "1600|", "1600 100% achieved - -", "the target is where it began"),
        ];
        for (measure, kind, period, current, aim, course, expected, why) in table {
            assert_eq!(
                paced(measure, kind, period, current, aim, course),
                expected,
                "{measure:?} {kind:?} {current} of {aim} by {period}: {why}"
            );
        }
    }

    #[test]
    fn the_target_of_the_same_days_comes_first_and_a_month_is_not_held_against_a_year() {
        let period = |text: &str| Period::parse(text, Calendar::Civil).unwrap();
        let targets = [target("2024", "100"), target("2024-Q1", "100")];
        let found = |measure, code: &str| applicable(&indicator(measure, 0), period(code), &targets).map(|aimed| aimed.target.id.as_str());
        assert_eq!(found(Measure::Flow, "2024-H1"), Some("2024"));
        assert_eq!(found(Measure::Flow, "2024-05-YTD"), Some("2024"));
        assert_eq!(found(Measure::Flow, "2024-05"), None);
        assert_eq!(found(Measure::Stock, "2024-05"), Some("2024"));
        assert_eq!(found(Measure::Rate, "2024-Q3"), Some("2024"));
        assert_eq!(found(Measure::Flow, "2024-03-YTD"), Some("2024-Q1"));
        assert_eq!(found(Measure::Flow, "2023-H1"), None);
        assert_eq!(found(Measure::Average, "2024-H1"), None);
    }
}
