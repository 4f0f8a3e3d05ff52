//! The way to a target: where it begins, where one is to be on it by now, what is left of it and where the months until now lead.
//! All of it exact, by months of the target's calendar.

use super::condition::{Phasing, TargetCondition, TargetTerms};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Measure};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::territory::Territory;
use crate::domain::number::decimal::Decimal;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Frequency, Period};

/// The fewest months that a projection is drawn from.
const FEWEST_MONTHS: u32 = 4;

/// The figures around a target as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct TargetContext {
    /// What there was just before the target's period; nothing for what begins anew each year.
    pub before: Option<Decimal>,
    /// The figures of the months of the target's period from the first to the last known, where none between is missing.
    pub months: Vec<Decimal>,
    /// Last year's figure at the same cut-off, and of the whole; where the way is laid out like last year's.
    pub last_year: Option<(Decimal, Decimal)>,
}

impl TargetContext {
    /// What is known of a part from the beginning of a target's period to the end of a figure's.
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
        let months: Option<Vec<Decimal>> = of_target.months_of_year().into_iter().filter(until).map(exact).collect();
        let last_year = || {
            let [by_then, in_all] = [period, of_target].map(|of| resolve(of.same_period_last_year()));
            // Of two figures that it is not fair to compare there is no share.
            let fair = !known.changed(indicator, of_target, [&by_then, &in_all])
                && ![&by_then, &in_all].into_iter().flatten().any(ResolvedValue::falls);
            whole(by_then).zip(whole(in_all)).filter(|_| fair)
        };
        let last_year = (terms.phasing == Phasing::LastYear).then(last_year).flatten();
        TargetContext { before, months: months.unwrap_or_default(), last_year }
    }
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

/// A figure at a boundary of months.
#[derive(Debug, Clone, Copy)]
struct Point {
    month: i32,
    figure: Decimal,
}

/// The way from where a target begins to its end, and how far along it a figure's period ends.
pub(crate) struct Path<'t> {
    terms: &'t TargetTerms,
    /// Where it begins; `None` for a state of which that is not known.
    from: Option<Point>,
    /// The boundary of months that the figure's period ends at.
    now: i32,
    /// The boundary that the target's period ends at.
    end: i32,
    /// Whether figures add up towards the target, beginning from nothing.
    pub(crate) adds_up: bool,
    /// Whether the target is of a later year than the figure.
    distant: bool,
    last_year: Option<(Decimal, Decimal)>,
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
        // What happens begins anew each year; what stands, or is a share, goes on from where it was.
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

    /// The steps that are left: months; years of what is held against a later year as a whole.
    fn left(&self, indicator: &Indicator) -> (i32, Frequency) {
        let months = self.end - self.now;
        if self.distant && !indicator.is_state() && indicator.measure != Measure::Rate {
            (months / 12, Frequency::Yearly)
        } else {
            (months, Frequency::Monthly)
        }
    }

    /// From where the way begins to what is to be reached: the nearer end of a band.
    pub(crate) fn destination(&self) -> Decimal {
        let from = self.from.map_or(Decimal::ZERO, |from| from.figure);
        self.terms.condition.nearest(from)
    }

    /// Where it begins; `None` where that is not known.
    pub(crate) fn start(&self) -> Option<Decimal> {
        self.from.map(|from| from.figure)
    }

    /// How far it is from where the way begins to what is to be reached; negative downwards.
    pub(crate) fn distance(&self) -> Option<Decimal> {
        self.destination().checked_sub(self.from?.figure)
    }

    /// The figure to be expected by now on the way to a number.
    ///
    /// # Errors
    /// `base_missing` where it is not known where the way begins, or how last year went; `base_zero` where last year came to
    /// nothing; `out_of_range`.
    pub(crate) fn expected(&self, to: Decimal) -> Result<Decimal, Reason> {
        let to = Point { month: self.end, figure: to };
        match self.terms.phasing {
            _ if self.is_over() => Ok(to.figure),
            // The months of a year are no months of the years until a later one.
            Phasing::LastYear if self.distant => between(self.from.ok_or(Reason::BaseMissing)?, to, self.now),
            Phasing::Even => between(self.from.ok_or(Reason::BaseMissing)?, to, self.now),
            Phasing::LastYear => {
                let (by_then, in_all) = self.last_year.ok_or(Reason::BaseMissing)?;
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
                // What adds up begins anew in its year, whatever was to be reached in the years before.
                let milestones = milestones.filter(|milestone| self.from.is_none_or(|from| from.month < milestone.month));
                let points: Vec<Point> = self.from.into_iter().chain(milestones).chain([to]).collect();
                let behind = points.iter().rev().find(|point| point.month <= self.now).ok_or(Reason::BaseMissing)?;
                let ahead = points.iter().find(|point| point.month >= self.now).ok_or(Reason::BaseMissing)?;
                between(*behind, *ahead, self.now)
            }
        }
    }

    /// What every remaining step has to bring: of what adds up its figure, else the change; at most, below a ceiling. Nothing where
    /// the target is reached, or no step remains.
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

    /// Where the months until now lead by the end of the target's period; not into later years.
    pub(crate) fn projection(&self, indicator: &Indicator, current: Decimal, context: &TargetContext) -> Option<Projection> {
        // What a month brought: of what happens its figure, of what stands the step from the month before.
        let increments: Vec<Decimal> = if indicator.measure == Measure::Flow {
            context.months.iter().copied().collect()
        } else if indicator.is_state() {
            let states = context.before.iter().chain(&context.months).copied();
            let states: Vec<Decimal> = states.collect();
            states.windows(2).map(|pair| pair[1].checked_sub(pair[0])).collect::<Option<_>>()?
        } else {
            // The rate of a month is no step of the rate to date.
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

/// The figure between two points, every month alike.
fn between(from: Point, to: Point, now: i32) -> Result<Decimal, Reason> {
    if from.month >= to.month {
        return Ok(to.figure);
    }
    let (elapsed, all) = (Decimal::from(now - from.month), Decimal::from(to.month - from.month));
    let figure = || to.figure.checked_sub(from.figure)?.checked_mul(elapsed)?.checked_div(all)?.checked_add(from.figure);
    figure().ok_or(Reason::OutOfRange)
}
