//! Targets: what a series should reach in a period, by which decision, in all its revisions.
//! Targets as they were sent are in `draft`.

use chrono::{DateTime, Utc};

use super::condition::TargetTerms;
use super::draft::CheckedTarget;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::outcome::Outcome;
use crate::domain::time::period::Period;

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
    pub terms: Option<TargetTerms>,
    /// The decision that set or withdrew it.
    pub source: Source,
    /// Why it replaced the revision before, where somebody said so.
    pub reason: Option<String>,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Target {
    /// The target as it stands after an aim was set: the one on record, a revision of it, or a new one under a new id.
    ///
    /// # Errors
    /// `nothing_to_withdraw`.
    pub fn revised(
        checked: CheckedTarget,
        known: Option<Target>,
        at: DateTime<Utc>,
        new_id: impl FnOnce() -> String,
    ) -> Result<(Target, Outcome), Fault> {
        let CheckedTarget { series, period, terms, source, reason, .. } = checked;
        match known {
            Some(known) if known.terms == terms && (terms.is_none() || known.source == source) => Ok((known, Outcome::Unchanged)),
            Some(known) => {
                let outcome = if terms.is_none() { Outcome::Withdrawn } else { Outcome::Updated };
                Ok((Target { revision: known.revision + 1, terms, source, reason, recorded_at: at, ..known }, outcome))
            }
            None if terms.is_none() => {
                let message = format!("no target of `{}` for {period} is on record", series.indicator);
                Err(Fault::new(Code::NothingToWithdraw, message))
            }
            None => {
                let target = Target { id: new_id(), revision: 1, series, period, terms, source, reason, recorded_at: at };
                Ok((target, Outcome::Created))
            }
        }
    }
}
