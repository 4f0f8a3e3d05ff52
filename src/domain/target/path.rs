//! The path to a target: its start, the value expected by now, the remaining steps and the projection.
//! All numbers are exact and count in months of the target's calendar.

use super::condition::{Phasing, TargetCondition, TargetTerms};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::territory::Territory;
use crate::domain::number::decimal::Decimal;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Frequency, Period};
use crate::domain::time::tet;

/// Minimum number of months for a projection.
const FEWEST_MONTHS: u32 = 4;

/// The known figures around a target.
#[derive(Debug, Clone)]
pub struct TargetContext {
    /// The figure just before the target's period; `None` for a flow, which starts at zero each year.
    pub before: Option<Decimal>,
    /// The monthly figures from the start of the target's period to the end of the figure's period; empty if one of them is missing. Of a
    /// flow, each of the two months of Tết has their mean: neither alone is like the months to come.
    pub months: Vec<Decimal>,
    /// Last year's figure to date and of the whole period, for phasing by last year.
    ///
    /// # Errors
    /// `base_missing` if they are not known or not comparable, and for other phasings; `holiday_moved` if the figure's period holds more
    /// or fewer days of Tết than last year's.
    pub last_year: Result<(Decimal, Decimal), Reason>,
}

impl Default for TargetContext {
    fn default() -> TargetContext {
        TargetContext { before: None, months: Vec::new(), last_year: Err(Reason::BaseMissing) }
    }
}

impl TargetContext {
    /// Collects the known figures of a breakdown, from the start of the target's period to the end of the figure's period.
    #[must_use]
    pub fn of(
        indicator: &Indicator,
        breakdown: &Breakdown,
        period: Period,
        of_target: Period,
        terms: &TargetTerms,
        known: &Territory,
    ) -> TargetContext {
        let whole = |value: Result<ResolvedValue, Unavailable>| value.ok().filter(|value| !value.is_partial())?.figure.exact();
        let resolve = |period: Period| known.resolve(indicator, breakdown, period);
        let exact = |period: Period| whole(resolve(period));
        let before = match indicator.measure {
            Measure::Flow => None,
            _ if indicator.is_state() => of_target.month_before().and_then(exact),
            _ => of_target.months().and_then(|_| exact(of_target.same_period_last_year())),
        };
        let until = |month: &Period| of_target.start() <= month.start() && month.end() <= period.end().min(of_target.end());
        let periods: Vec<Period> = of_target.months_of_year().into_iter().filter(until).collect();
        let months: Option<Vec<Decimal>> = periods.iter().copied().map(exact).collect();
        let months = months.map(|months| if indicator.is_state() { months } else { with_mean_of_tet(&periods, months) });
        let last_year = || {
            let [by_then, in_all] = [period, of_target].map(|of| resolve(of.same_period_last_year()));
            // Two figures that cannot be compared fairly give no share.
            let fair = !known.changed(indicator, of_target, [&by_then, &in_all])
                && ![&by_then, &in_all].into_iter().flatten().any(ResolvedValue::falls);
            whole(by_then).zip(whole(in_all)).filter(|_| fair).ok_or(Reason::BaseMissing)
        };
        let last_year = match terms.phasing {
            Phasing::LastYear if tet::moved(period) => Err(Reason::HolidayMoved),
            Phasing::LastYear => last_year(),
            Phasing::Even | Phasing::Milestones => Err(Reason::BaseMissing),
        };
        TargetContext { before, months: months.unwrap_or_default(), last_year }
    }
}

/// Monthly figures with the mean of the two months of Tết in place of each, where both are there.
fn with_mean_of_tet(periods: &[Period], mut months: Vec<Decimal>) -> Vec<Decimal> {
    let of_tet = periods.first().and_then(|month| tet::months_of_tet(*month));
    let place = of_tet.and_then(|[first, second]| periods.windows(2).position(|pair| pair == [first, second]));
    let mean = place.and_then(|place| Some((place, months[place].checked_add(months[place + 1])?.checked_div(Decimal::from(2))?)));
    if let Some((place, mean)) = mean {
        months[place..place + 2].fill(mean);
    }
    months
}

/// The projection from the months so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// The figure at the end of the target's period, if every remaining month equals the mean of the months so far.
    pub value: Decimal,
    /// The same, if every remaining month equals the lowest of them. The two months of Tết count as their mean.
    pub low: Decimal,
    /// The same, if every remaining month equals the highest of them.
    pub high: Decimal,
    /// Number of months behind the projection.
    pub months: u32,
}

/// A value at a month boundary.
#[derive(Debug, Clone, Copy)]
struct Point {
    month: i32,
    figure: Decimal,
}

/// The path from the start of a target to its end, and the position of the figure's period on it.
pub(crate) struct Path<'t> {
    terms: &'t TargetTerms,
    /// The start; `None` if it is not known.
    from: Option<Point>,
    /// The month boundary at the end of the figure's period.
    now: i32,
    /// The month boundary at the end of the target's period.
    end: i32,
    /// Whether the figures add up towards the target, from zero.
    pub(crate) adds_up: bool,
    /// Whether the target is of a later year than the figure.
    distant: bool,
    last_year: Result<(Decimal, Decimal), Reason>,
}

impl<'t> Path<'t> {
    /// `None` where months do not tell: an interval, or a figure that ends after the target.
    pub(crate) fn of(
        indicator: &Indicator,
        period: Period,
        of_target: Period,
        terms: &'t TargetTerms,
        context: &TargetContext,
    ) -> Option<Path<'t>> {
        let (begin, end) = of_target.month_span()?;
        let (_, now) = period.month_span()?;
        let distant = of_target.year() != period.year();
        let adds_up = indicator.measure == Measure::Flow && !distant;
        // A flow starts at zero each year. A stock or a rate continues from its earlier value.
        let from = if adds_up {
            Some(Point { month: begin, figure: Decimal::ZERO })
        } else if let Some(baseline) = terms.baseline {
            let (_, month) = baseline.period.month_span()?;
            Some(Point { month, figure: baseline.value })
        } else {
            context.before.map(|before| Point { month: begin, figure: before })
        };
        // If the start already satisfies the target, the path is flat: the target is to hold that level.
        let flat = |from: Point| match terms.condition {
            TargetCondition::AtLeast(value) => Point { figure: from.figure.min(value), ..from },
            TargetCondition::AtMost(value) => Point { figure: value.max(from.figure), ..from },
            TargetCondition::Exactly(_) | TargetCondition::Band(_) => from,
        };
        let from = from.filter(|from| from.month <= now).map(|from| if adds_up { from } else { flat(from) });
        (now <= end).then_some(Path { terms, from, now, end, adds_up, distant, last_year: context.last_year })
    }

    pub(crate) fn is_over(&self) -> bool {
        self.now >= self.end
    }

    /// The remaining steps: months, or years for a yearly figure with a target of a later year.
    fn left(&self, indicator: &Indicator) -> (i32, Frequency) {
        let months = self.end - self.now;
        if self.distant && !indicator.is_state() && indicator.measure != Measure::Rate {
            (months / 12, Frequency::Yearly)
        } else {
            (months, Frequency::Monthly)
        }
    }

    /// The value at the end of the path; for a band its nearer end.
    pub(crate) fn destination(&self) -> Decimal {
        let from = self.from.map_or(Decimal::ZERO, |from| from.figure);
        self.terms.condition.nearest(from)
    }

    /// The value at the start; `None` if it is not known.
    pub(crate) fn start(&self) -> Option<Decimal> {
        self.from.map(|from| from.figure)
    }

    /// The distance from the start to the end; negative for a path that leads down.
    pub(crate) fn distance(&self) -> Option<Decimal> {
        self.destination().checked_sub(self.from?.figure)
    }

    /// The value expected by now on the path to a number.
    ///
    /// # Errors
    /// `base_missing` if the start of the path or last year's progress is not known; `holiday_moved` if last year's progress is not
    /// comparable because of Tết; `base_zero` if last year's whole is zero; `out_of_range`.
    pub(crate) fn expected(&self, to: Decimal) -> Result<Decimal, Reason> {
        let to = Point { month: self.end, figure: to };
        match self.terms.phasing {
            _ if self.is_over() => Ok(to.figure),
            // The months of one year do not describe the years until a later target.
            Phasing::LastYear if self.distant => between(self.from.ok_or(Reason::BaseMissing)?, to, self.now),
            Phasing::Even => between(self.from.ok_or(Reason::BaseMissing)?, to, self.now),
            Phasing::LastYear => {
                let (by_then, in_all) = self.last_year?;
                if in_all.is_zero() {
                    return Err(Reason::BaseZero);
                }
                let share = |to: Decimal| to.checked_mul(by_then)?.checked_div(in_all);
                share(to.figure).ok_or(Reason::OutOfRange)
            }
            Phasing::Milestones => {
                let milestones = self.terms.milestones.iter().filter_map(|milestone| {
                    let (_, month) = milestone.by.month_span()?;
                    Some(Point { month, figure: milestone.value })
                });
                // A flow starts at zero in its year, so milestones of earlier years do not count.
                let milestones = milestones.filter(|milestone| self.from.is_none_or(|from| from.month < milestone.month));
                let points: Vec<Point> = self.from.into_iter().chain(milestones).chain([to]).collect();
                let behind = points.iter().rev().find(|point| point.month <= self.now).ok_or(Reason::BaseMissing)?;
                let ahead = points.iter().find(|point| point.month >= self.now).ok_or(Reason::BaseMissing)?;
                between(*behind, *ahead, self.now)
            }
        }
    }

    /// The value that each remaining step needs: for a flow its figure, otherwise the change; for a ceiling the maximum. `None` if the
    /// target is reached or no step remains.
    pub(crate) fn required(&self, indicator: &Indicator, current: Decimal) -> Option<(Decimal, Frequency)> {
        let missing = self.terms.condition.nearest(current).minus(current)?;
        let reached = match self.terms.condition {
            TargetCondition::AtLeast(_) => !missing.is_positive(),
            TargetCondition::Band(_) => missing.is_zero(),
            TargetCondition::AtMost(_) | TargetCondition::Exactly(_) => false,
        };
        let (left, every) = self.left(indicator);
        if left <= 0 || reached {
            return None;
        }
        missing.checked_div(Decimal::from(left)).map(|step| (step, every))
    }

    /// The projection to the end of the target's period. There is none for a target of a later year.
    pub(crate) fn projection(&self, indicator: &Indicator, current: Decimal, context: &TargetContext) -> Option<Projection> {
        // The contribution of a month: for a flow its figure, for a stock the change from the month before.
        let increments: Vec<Decimal> = if indicator.measure == Measure::Flow {
            context.months.clone()
        } else if indicator.is_state() {
            let states = context.before.iter().chain(&context.months).copied();
            let states: Vec<Decimal> = states.collect();
            states.windows(2).map(|pair| pair[1].checked_sub(pair[0])).collect::<Option<_>>()?
        } else {
            // The rate of a month is not a step of the rate to date.
            return None;
        };
        let months = u32::try_from(increments.len()).ok()?;
        if months < FEWEST_MONTHS || self.is_over() || self.distant {
            return None;
        }
        let sum = increments.iter().try_fold(Decimal::ZERO, |sum, month| sum.checked_add(*month))?;
        let mean = sum.checked_div(Decimal::from(months))?;
        let (least, greatest) = (*increments.iter().min()?, *increments.iter().max()?);
        let end = |per_month: Decimal| {
            let end = per_month.checked_mul(Decimal::from(self.end - self.now))?.checked_add(current)?;
            let bounded = indicator.max.map_or(end, |max| end.min(max));
            let bounded = indicator.min.map_or(bounded, |min| bounded.max(min));
            bounded.rounded(indicator.decimals)
        };
        Some(Projection { value: end(mean)?, low: end(least)?, high: end(greatest)?, months })
    }
}

/// The value between two points, with the same progress every month.
fn between(from: Point, to: Point, now: i32) -> Result<Decimal, Reason> {
    if from.month >= to.month {
        return Ok(to.figure);
    }
    let (elapsed, all) = (Decimal::from(now - from.month), Decimal::from(to.month - from.month));
    let figure = || to.figure.checked_sub(from.figure)?.checked_mul(elapsed)?.checked_div(all)?.checked_add(from.figure);
    figure().ok_or(Reason::OutOfRange)
}
