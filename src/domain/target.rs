//! Targets: what a series should reach in a period, and how far a figure is from it.

use chrono::{DateTime, Utc};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::decimal::Decimal;
use super::fault::{Code, Fault, Located, words};
use super::figure::{Figure, check_value, in_unit_of};
use super::indicator::{Indicator, Measure};
use super::observation::Source;
use super::period::{Calendar, Period, WrittenPeriod};
use super::reason::Reason;
use super::role::Caller;
use super::series::SeriesKey;
use super::submission::{About, Checked, Named, Outcome};

words! {
    /// What it means to reach a target.
    pub enum TargetKind {
        /// The figure is the target or more.
        AtLeast = "at_least",
        /// The figure is the target or less.
        AtMost = "at_most",
        /// The figure is the target.
        Exactly = "exactly",
    }
}

/// What a series should reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// The number, in the unit of the indicator.
    pub value: Decimal,
    /// What reaching it means.
    pub kind: TargetKind,
}

/// One revision of what a series should reach in a period.
#[derive(Debug, Clone)]
pub struct Target {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first, one more for each change; each supersedes the one before.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What is to be reached; `None` where the target was withdrawn.
    pub goal: Option<Goal>,
    /// The decision that set or withdrew it.
    pub source: Source,
    /// Why it replaced the revision before, where somebody said so.
    pub reason: Option<String>,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Targets as they were sent.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name; absent when it could not be read.
    pub province: Option<String>,
    /// The calendar of all periods; each indicator's own when absent.
    pub calendar: Option<Calendar>,
    /// The targets whose shape could be read.
    pub targets: Vec<DraftTarget>,
    /// What could not be read.
    pub faults: Vec<Located>,
}

/// A target as it was sent; what could not be read is absent and has its fault.
#[derive(Debug)]
pub struct DraftTarget {
    /// Its place in the list, for pointing at it.
    pub position: usize,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The part.
    pub breakdown: Option<Breakdown>,
    /// The period.
    pub period: Option<WrittenPeriod>,
    /// Whether what is on record is to be withdrawn.
    pub withdraw: bool,
    /// The number.
    pub value: Option<Decimal>,
    /// The power of ten the number was written in; the indicator's where not said.
    pub unit_mult: Option<i32>,
    /// What reaching it means.
    pub kind: TargetKind,
    /// The decision that set it.
    pub source: Source,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether a reason was sent, even one that could not be read.
    pub reason_given: bool,
}

/// A target that obeys every rule.
#[derive(Debug)]
pub struct Aim {
    /// Its place in the list, for pointing at it.
    pub position: usize,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What is to be reached; `None` withdraws what is on record.
    pub goal: Option<Goal>,
    /// The decision.
    pub source: Source,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
}

impl Draft {
    /// Holds every target against the catalogue: those that obey it, and every fault of the others, in order.
    #[must_use]
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> (Vec<Aim>, Vec<Located>) {
        let Draft { province, calendar, targets, faults } = self;
        let mut batch = Checked::new("targets", faults);
        let aims = targets.into_iter().filter_map(|draft| {
            let position = draft.position;
            let aim = batch.keep(position, draft.check(province.as_deref(), calendar, catalogue, caller))?;
            batch.once(position, (aim.series.clone(), aim.period));
            Some(aim)
        });
        let aims = aims.collect();
        (aims, batch.into_faults())
    }
}

impl DraftTarget {
    fn check(
        self,
        province: Option<&str>,
        calendar: Option<Calendar>,
        catalogue: &Catalogue,
        caller: &Caller,
    ) -> Result<Aim, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let named = Named { province, calendar, period: self.period, indicator: self.indicator, breakdown: self.breakdown };
        let about = About::check(named, catalogue, caller, &mut faults);
        if self.withdraw && !self.reason_given {
            faults.push(("reason", Fault::new(Code::ReasonMissing, "a withdrawal says why: send `reason`")));
        }
        let goal = self.value.zip(about.indicator).and_then(|(value, found)| {
            let value = in_unit_of(found.indicator, value, self.unit_mult).map_err(|fault| faults.push(("value", fault))).ok()?;
            faults.extend(check_value(value, found.indicator).map(|fault| ("value", fault)));
            Some(Goal { value, kind: self.kind })
        });
        match (about.series, about.period, goal) {
            (Some(series), Some(period), goal) if faults.is_empty() && goal.is_some() != self.withdraw => {
                Ok(Aim { position: self.position, series, period: period.renamed(), goal, source: self.source, reason: self.reason })
            }
            _ => Err(faults),
        }
    }
}

impl Target {
    /// The target as it stands after an aim was set: the one on record, a revision of it, or a new one under a new id.
    ///
    /// # Errors
    /// `nothing_to_withdraw`.
    pub fn revised(
        aim: Aim,
        known: Option<Target>,
        at: DateTime<Utc>,
        new_id: impl FnOnce() -> String,
    ) -> Result<(Target, Outcome), Fault> {
        let Aim { series, period, goal, source, reason, .. } = aim;
        match known {
            Some(known) if known.goal == goal && (goal.is_none() || known.source == source) => Ok((known, Outcome::Unchanged)),
            Some(known) => {
                let outcome = if goal.is_none() { Outcome::Withdrawn } else { Outcome::Updated };
                Ok((Target { revision: known.revision + 1, goal, source, reason, recorded_at: at, ..known }, outcome))
            }
            None if goal.is_none() => {
                let message = format!("no target of `{}` for {period} is on record", series.indicator);
                Err(Fault::new(Code::NothingToWithdraw, message))
            }
            None => {
                let target = Target { id: new_id(), revision: 1, series, period, goal, source, reason, recorded_at: at };
                Ok((target, Outcome::Created))
            }
        }
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
    /// What stands against the numbers.
    pub reasons: Vec<Reason>,
}

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

impl Attainment {
    /// Holds a figure against a target.
    #[must_use]
    pub fn of(indicator: &Indicator, current: Option<&Figure>, aimed: Aimed<'_>) -> Attainment {
        let goal = aimed.goal;
        let Some(current) = current else { return Attainment::none(aimed, Reason::CurrentMissing) };
        let Some(current) = current.exact() else { return Attainment::none(aimed, Reason::QualifierInexact) };
        let mut reasons = Vec::new();
        let gap = goal.value.minus(current);
        let by_share = indicator.measure != Measure::Rate;
        if by_share && goal.value.is_zero() {
            reasons.push(Reason::BaseZero);
        }
        if by_share && goal.value.is_negative() {
            reasons.push(Reason::BaseNegative);
        }
        let has_share = by_share && goal.value > Decimal::ZERO;
        let attainment_pct = has_share.then(|| current.percent_of(goal.value, indicator.percent_decimals())).flatten();
        if gap.is_none() || has_share && attainment_pct.is_none() {
            reasons.push(Reason::OutOfRange);
        }
        Attainment { target: aimed.target.clone(), goal, attainment_pct, gap, reasons }
    }

    /// A target of the other calendar, whose days are others: shown, and not held against.
    #[must_use]
    pub fn in_other_calendar(aimed: Aimed<'_>) -> Attainment {
        Attainment::none(aimed, Reason::CalendarMismatch)
    }

    fn none(aimed: Aimed<'_>, reason: Reason) -> Attainment {
        Attainment { target: aimed.target.clone(), goal: aimed.goal, attainment_pct: None, gap: None, reasons: vec![reason] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::comparison::tests::{figure, indicator};
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
            let attained = Attainment::of(&indicator(measure, decimals), current.as_ref(), aimed);
            let shown = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
            assert_eq!((shown(attained.attainment_pct).as_str(), shown(attained.gap).as_str()), (attainment_pct, gap), "{measure:?} {aim}");
            let words: Vec<&str> = attained.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(words.join(" "), reasons, "{measure:?} {aim}");
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
