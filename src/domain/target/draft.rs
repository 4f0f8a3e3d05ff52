//! Targets as they were sent, and each held against the catalogue.
//! What becomes of the stored targets is in `target`.

use super::condition::TargetTerms;
use super::condition_check::SentTerms;
use crate::domain::access::role::Caller;
use crate::domain::batch::rows::{Checked, ResolvedRow, RowKey, ValidityRule, listed};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::COUNTRY;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

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
    pub faults: Vec<LocatedFault>,
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
    pub period: Option<PeriodCode>,
    /// Whether what is on record is to be withdrawn.
    pub withdraw: bool,
    /// What is to be reached; absent for a withdrawal, and where it could not be read.
    pub terms: Option<SentTerms>,
    /// The decision that set it.
    pub source: Source,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether a reason was sent, even one that could not be read.
    pub reason_given: bool,
}

/// A target that obeys every rule.
#[derive(Debug)]
pub struct CheckedTarget {
    /// Its place in the list, for pointing at it.
    pub position: usize,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What is to be reached; `None` withdraws what is on record.
    pub terms: Option<TargetTerms>,
    /// The decision.
    pub source: Source,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
}

impl Draft {
    /// Holds every target against the catalogue: those that obey it, and every fault of the others, in order.
    #[must_use]
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> (Vec<CheckedTarget>, Vec<LocatedFault>) {
        let Draft { province, calendar, targets, faults } = self;
        let mut batch = Checked::new("targets", faults);
        let checked_targets = targets.into_iter().filter_map(|draft| {
            let position = draft.position;
            let checked = batch.keep(position, draft.check(province.as_deref(), calendar, catalogue, caller))?;
            batch.once(position, (checked.series.clone(), checked.period), None);
            Some(checked)
        });
        let checked_targets = checked_targets.collect();
        (checked_targets, listed(&batch.into_faults()))
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
        // What could not be found is said once.
        let of_country = about.series.as_ref().is_none_or(|series| series.province == COUNTRY);
        let terms = self.terms.zip(about.indicator).zip(about.period).and_then(|((sent, found), period)| {
            sent.check(found.indicator, period, of_country).map_err(|broken| faults.extend(broken)).ok()
        });
        match (about.series, about.period, terms) {
            (Some(series), Some(period), terms) if faults.is_empty() && terms.is_some() != self.withdraw => Ok(CheckedTarget {
                position: self.position,
                series,
                period: period.canonical(),
                terms,
                source: self.source,
                reason: self.reason,
            }),
            _ => Err(faults),
        }
    }
}
