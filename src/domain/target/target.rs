//! Targets: the goal of a series in a period, set by a legal decision, with all revisions.
//! The comparison of a figure with its target is in `attainment`.

use chrono::{DateTime, Utc};

use super::condition::TargetTerms;
use super::draft::CheckedTarget;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::outcome::Outcome;
use crate::domain::time::period::Period;

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
    pub terms: Option<TargetTerms>,
    /// The legal decision that set or withdrew it.
    pub source: Source,
    /// The reason for the revision, if given.
    pub reason: Option<String>,
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Target {
    /// The target after a change: the unchanged current one, a new revision of it, or a new target with a new id.
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
