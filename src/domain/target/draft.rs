//! Targets as they were sent, and each held against the catalogue.
//! What becomes of the stored targets is in `target`.

use super::condition::TargetTerms;
use super::condition_check::SentTerms;
use crate::domain::access::role::Caller;
use crate::domain::batch::rows::{Checked, ResolvedRow, RowKey, UnknownNames, ValidityRule, listed};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::COUNTRY;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Fault, LocatedFault, code_list};
use crate::domain::message::message;
use crate::domain::read_only::ReadOnly;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

code_list! {
    /// A warning about a target. The target is stored only with `acknowledge` and a reason.
    pub enum TargetWarning {
        /// The target would undo something newer: it brings back replaced terms, or its document is older than that of the current revision.
        Reverts = "reverts",
    }
}

/// A batch as submitted.
#[derive(Debug)]
pub struct Draft {
    /// The targets with a readable structure.
    pub targets: Vec<DraftTarget>,
    /// The read-only members.
    pub read_only: ReadOnly,
    /// What could not be read.
    pub faults: Vec<LocatedFault>,
}

/// A target as submitted. A field that could not be read is absent and has an error.
#[derive(Debug)]
pub struct DraftTarget {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// Key, code or name of the province; absent if it could not be read.
    pub province: Option<String>,
    /// Whether the row names the province, and not the batch.
    pub own_province: bool,
    /// The calendar; absent for that of the indicator.
    pub calendar: Option<Calendar>,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The breakdown.
    pub breakdown: Option<Breakdown>,
    /// The period.
    pub period: Option<PeriodCode>,
    /// Whether the current target is withdrawn.
    pub withdraw: bool,
    /// What is to be reached; absent for a withdrawal, and where it could not be read.
    pub terms: Option<SentTerms>,
    /// The legal decision that set it.
    pub source: Source,
    /// The reason for the revision of the current target.
    pub reason: Option<String>,
    /// Whether the request contains a reason, even an unreadable one.
    pub reason_given: bool,
    /// Acknowledged warnings.
    pub acknowledge: Vec<TargetWarning>,
}

/// A target that passed all checks.
#[derive(Debug)]
pub struct CheckedTarget {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// Whether the row names the province, and not the batch.
    pub own_province: bool,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The terms of the target; `None` withdraws the stored target.
    pub terms: Option<TargetTerms>,
    /// The legal decision.
    pub source: Source,
    /// The reason for the revision of the current target.
    pub reason: Option<String>,
    /// Acknowledged warnings.
    pub acknowledge: Vec<TargetWarning>,
}

impl CheckedTarget {
    /// Whether another target of the same series and period would store the same.
    fn says_the_same(&self, other: &CheckedTarget) -> bool {
        (&self.terms, &self.source, &self.reason) == (&other.terms, &other.source, &other.reason)
    }
}

impl Draft {
    /// Checks every target against the catalogue. Returns the valid ones, and all errors of the others in order.
    #[must_use]
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> (Vec<CheckedTarget>, Vec<LocatedFault>) {
        let Draft { targets, faults, .. } = self;
        let mut batch = Checked::new("targets", faults);
        let unknown = UnknownNames::default();
        let checked_targets = targets.into_iter().filter_map(|draft| {
            let position = draft.position;
            batch.keep(position, draft.check(catalogue, caller, &unknown))
        });
        let checked_targets = checked_targets.collect();
        let about = |target: &CheckedTarget| (target.position, target.series.clone(), target.period);
        let name = |target: &CheckedTarget| message!(en: "the target at /targets/{}", vi: "mục tiêu tại /targets/{}", target.position);
        let checked_targets = batch.reject_duplicates(checked_targets, about, CheckedTarget::says_the_same, name);
        (checked_targets, listed(&batch.into_faults()))
    }
}

impl DraftTarget {
    fn check(self, catalogue: &Catalogue, caller: &Caller, unknown: &UnknownNames) -> Result<CheckedTarget, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let presence = if self.withdraw { ValidityRule::EverSince } else { ValidityRule::AtBeginningOrEnd };
        let period = self.period;
        let (province, province_at) = (self.province.as_deref(), if self.own_province { "province" } else { "/province" });
        let calendar = self.calendar;
        let named = RowKey { province, province_at, presence, calendar, period, indicator: self.indicator, breakdown: self.breakdown };
        let about = ResolvedRow::check(named, catalogue, caller, unknown, &mut faults);
        if self.withdraw && !self.reason_given {
            faults.push(("reason", Fault::unexplained_withdrawal()));
        }
        // A missing province or indicator is reported only once.
        let of_country = about.series.as_ref().is_none_or(|series| series.province == COUNTRY);
        let terms = self.terms.zip(about.indicator).zip(about.period).and_then(|((sent, found), period)| {
            sent.check(found.indicator, period, of_country).map_err(|broken| faults.extend(broken)).ok()
        });
        match (about.series, about.period, terms) {
            (Some(series), Some(period), terms) if faults.is_empty() && terms.is_some() != self.withdraw => Ok(CheckedTarget {
                position: self.position,
                own_province: self.own_province,
                series,
                period: period.canonical(),
                terms,
                source: self.source,
                reason: self.reason,
                acknowledge: self.acknowledge,
            }),
            _ => Err(faults),
        }
    }
}
