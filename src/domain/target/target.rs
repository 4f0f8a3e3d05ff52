//! Targets: the goal of a series in a period, set by a legal decision, with all revisions.
//! The comparison of a figure with its target is in `attainment`.

use chrono::{DateTime, Utc};

use super::condition::{SentTerms, TargetTerms};
use crate::domain::access::role::Caller;
use crate::domain::batch::rows::{Checked, ResolvedRow, RowKey, ValidityRule, listed};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::COUNTRY;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::outcome::Outcome;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

/// One revision of the target of a series in a period.
#[derive(Debug, Clone)]
pub struct Target {
    /// The identity, the same for all revisions.
    pub id: String,
    /// 1 for the first revision, then one more for each change. Each revision supersedes the one before.
    pub revision: i32,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The goal; `None` if the target was withdrawn.
    pub goal: Option<TargetTerms>,
    /// The legal decision that set or withdrew it.
    pub source: Source,
    /// The reason for the revision, if given.
    pub reason: Option<String>,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Targets as submitted.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name; absent if it could not be read.
    pub province: Option<String>,
    /// The calendar of all periods; absent for that of each indicator.
    pub calendar: Option<Calendar>,
    /// The targets with a readable structure.
    pub targets: Vec<DraftTarget>,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

/// A target as submitted. A field that could not be read is absent and has an error.
#[derive(Debug)]
pub struct DraftTarget {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The breakdown.
    pub breakdown: Option<Breakdown>,
    /// The period.
    pub period: Option<PeriodCode>,
    /// Whether the current target is withdrawn.
    pub withdraw: bool,
    /// The goal; absent for a withdrawal, or if it could not be read.
    pub goal: Option<SentTerms>,
    /// The legal decision that set it.
    pub source: Source,
    /// The reason for the revision of the current target.
    pub reason: Option<String>,
    /// Whether the request contains a reason, even an unreadable one.
    pub reason_given: bool,
}

/// A target that passed all checks.
#[derive(Debug)]
pub struct CheckedTarget {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The goal; `None` withdraws the current target.
    pub goal: Option<TargetTerms>,
    /// The legal decision.
    pub source: Source,
    /// The reason for the revision of the current target.
    pub reason: Option<String>,
}

impl Draft {
    /// Checks every target against the catalogue. Returns the valid ones, and all errors of the others in order.
    #[must_use]
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> (Vec<CheckedTarget>, Vec<LocatedFault>) {
        let Draft { province, calendar, targets, faults } = self;
        let mut batch = Checked::new("targets", faults);
        let aims = targets.into_iter().filter_map(|draft| {
            let position = draft.position;
            let aim = batch.keep(position, draft.check(province.as_deref(), calendar, catalogue, caller))?;
            batch.once(position, (aim.series.clone(), aim.period), None);
            Some(aim)
        });
        let aims = aims.collect();
        (aims, listed(&batch.into_faults()))
    }
}

impl DraftTarget {
    fn check(
        self,
        province: Option<&str>,
        calendar: Option<Calendar>,
        catalogue: &Catalogue,
        caller: &Caller,
    ) -> Result<CheckedTarget, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let presence = if self.withdraw { ValidityRule::EverSince } else { ValidityRule::AtBeginningOrEnd };
        let period = self.period;
        let named = RowKey { province, presence, calendar, period, indicator: self.indicator, breakdown: self.breakdown };
        let about = ResolvedRow::check(named, catalogue, caller, &mut faults);
        if self.withdraw && !self.reason_given {
            faults.push(("reason", Fault::new(Code::ReasonMissing, "a withdrawal says why: send `reason`")));
        }
        // A missing province or indicator is reported only once.
        let of_country = about.series.as_ref().is_none_or(|series| series.province == COUNTRY);
        let goal = self.goal.zip(about.indicator).zip(about.period).and_then(|((sent, found), period)| {
            sent.check(found.indicator, period, of_country).map_err(|broken| faults.extend(broken)).ok()
        });
        match (about.series, about.period, goal) {
            (Some(series), Some(period), goal) if faults.is_empty() && goal.is_some() != self.withdraw => Ok(CheckedTarget {
                position: self.position,
                series,
                period: period.canonical(),
                goal,
                source: self.source,
                reason: self.reason,
            }),
            _ => Err(faults),
        }
    }
}

impl Target {
    /// The target after a change: the unchanged current one, a new revision of it, or a new target with a new id.
    ///
    /// # Errors
    /// `nothing_to_withdraw`.
    pub fn revised(
        aim: CheckedTarget,
        known: Option<Target>,
        at: DateTime<Utc>,
        new_id: impl FnOnce() -> String,
    ) -> Result<(Target, Outcome), Fault> {
        let CheckedTarget { series, period, goal, source, reason, .. } = aim;
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
