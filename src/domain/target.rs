//! Targets: what a series should reach in a period, and how far a figure is from it.

use chrono::{DateTime, Utc};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::decimal::Decimal;
use super::fault::{Fault, Located, words};
use super::figure::{Bound, Figure, check_value, in_unit_of};
use super::indicator::{Indicator, Measure};
use super::observation::Source;
use super::period::Period;
use super::reason::Reason;
use super::role::Caller;
use super::series::SeriesKey;
use super::submission::{About, Checked};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// The number, in the unit of the indicator.
    pub value: Decimal,
    /// What reaching it means.
    pub kind: TargetKind,
    /// The decision that set it.
    pub source: Source,
}

/// A target on record: one revision of what a series should reach in a period.
#[derive(Debug, Clone)]
pub struct Target {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first, one more for each change.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What is to be reached.
    pub goal: Goal,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Targets as they were sent.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name; absent when it could not be read.
    pub province: Option<String>,
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
    pub period: Option<Period>,
    /// The number.
    pub value: Option<Decimal>,
    /// The power of ten the number was written in; the indicator's where not said.
    pub unit_mult: Option<i32>,
    /// What reaching it means.
    pub kind: TargetKind,
    /// The decision that set it.
    pub source: Source,
}

/// A target that obeys every rule.
#[derive(Debug)]
pub struct Aim {
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What is to be reached.
    pub goal: Goal,
}

impl Draft {
    /// Holds every target against the catalogue.
    ///
    /// # Errors
    /// Every fault of every target, in order.
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> Result<Vec<Aim>, Vec<Located>> {
        let mut batch = Checked::new("targets", self.faults);
        let aims = self.targets.into_iter().filter_map(|draft| {
            let position = draft.position;
            let aim = batch.keep(position, draft.check(self.province.as_deref(), catalogue, caller))?;
            batch.once(position, (aim.series.clone(), aim.period));
            Some(aim)
        });
        let aims = aims.collect();
        batch.finish(aims)
    }
}

impl DraftTarget {
    fn check(self, province: Option<&str>, catalogue: &Catalogue, caller: &Caller) -> Result<Aim, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let about = About::check(province, self.period, self.indicator, self.breakdown, catalogue, caller, &mut faults);
        let value = self.value.zip(about.indicator).and_then(|(value, found)| {
            let value = in_unit_of(found.indicator, value, self.unit_mult).map_err(|fault| faults.push(("value", fault))).ok()?;
            faults.extend(check_value(value, found.indicator).map(|fault| ("value", fault)));
            Some(value)
        });
        match (about.series, self.period, value) {
            (Some(series), Some(period), Some(value)) if faults.is_empty() => {
                Ok(Aim { series, period: period.renamed(), goal: Goal { value, kind: self.kind, source: self.source } })
            }
            _ => Err(faults),
        }
    }
}

/// How a figure stands against a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attainment {
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
pub fn applicable<'t>(indicator: &Indicator, period: Period, targets: &'t [Target]) -> Option<&'t Target> {
    let of = |wanted: Period| targets.iter().find(|target| target.period == wanted);
    let cumulates = match indicator.measure {
        Measure::Stock | Measure::Rate => true,
        Measure::Flow => period.runs_from_new_year(),
        Measure::Average => false,
    };
    of(period).or_else(|| period.year().filter(|_| cumulates).and_then(of))
}

impl Attainment {
    /// Holds a figure against a goal.
    #[must_use]
    pub fn of(indicator: &Indicator, current: Option<&Figure>, goal: &Goal) -> Attainment {
        let Some(current) = current else {
            return Attainment { attainment_pct: None, gap: None, reasons: vec![Reason::CurrentMissing] };
        };
        if current.bound != Bound::Equal {
            return Attainment { attainment_pct: None, gap: None, reasons: vec![Reason::QualifierInexact] };
        }
        let mut reasons = Vec::new();
        let gap = goal.value.minus(current.value);
        let by_share = indicator.measure != Measure::Rate;
        if by_share && goal.value.is_zero() {
            reasons.push(Reason::BaseZero);
        }
        if by_share && goal.value.is_negative() {
            reasons.push(Reason::BaseNegative);
        }
        let has_share = by_share && goal.value > Decimal::ZERO;
        let attainment_pct = has_share.then(|| current.value.percent_of(goal.value, indicator.percent_decimals())).flatten();
        if gap.is_none() || has_share && attainment_pct.is_none() {
            reasons.push(Reason::OutOfRange);
        }
        Attainment { attainment_pct, gap, reasons }
    }
}

#[cfg(test)]
mod tests {
    use super::super::comparison::tests::{figure, indicator};
    use super::super::period::Calendar;
    use super::*;

    fn goal(value: &str) -> Goal {
        let source = Source::default();
        Goal { value: Decimal::parse_json(value).unwrap(), kind: TargetKind::AtLeast, source }
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
        for (measure, decimals, current, target, attainment_pct, gap, reasons) in table {
            let current = (!current.is_empty()).then(|| figure(current));
            let attained = Attainment::of(&indicator(measure, decimals), current.as_ref(), &goal(target));
            let shown = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
            assert_eq!(
                (shown(attained.attainment_pct).as_str(), shown(attained.gap).as_str()),
                (attainment_pct, gap),
                "{measure:?} {target}"
            );
            let words: Vec<&str> = attained.reasons.iter().map(|r| r.as_str()).collect();
            assert_eq!(words.join(" "), reasons, "{measure:?} {target}");
        }
    }

    #[test]
    fn the_target_of_the_same_days_comes_first_and_a_month_is_not_held_against_a_year() {
        let period = |text: &str| Period::parse(text, Calendar::Civil).unwrap();
        let target = |code: &str| Target {
            id: code.into(),
            revision: 1,
            series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
            period: period(code),
            goal: goal("100"),
            recorded_at: DateTime::UNIX_EPOCH,
        };
        let targets = [target("2024"), target("2024-Q1")];
        let found = |measure, code: &str| applicable(&indicator(measure, 0), period(code), &targets).map(|t| t.id.as_str());
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
