//! Targets: the goal of a series in a period, set by a legal decision, with all revisions.
//! The comparison of a figure with its target is in `attainment`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::condition::TargetTerms;
use super::draft::{CheckedTarget, TargetWarning};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
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
    /// The target after a change: the unchanged current one, a new revision of it, or a new target with a new id. `history` has the earlier
    /// revisions of the current target.
    ///
    /// # Errors
    /// `nothing_to_withdraw`; `unacknowledged` and `reason_missing` for a revision that would undo something newer. Each with its field.
    pub fn revised(
        checked: CheckedTarget,
        known: Option<Target>,
        history: &[Target],
        at: DateTime<Utc>,
        new_id: impl FnOnce() -> String,
    ) -> Result<(Target, Outcome), (&'static str, Fault)> {
        if let Some(undone) = known.as_ref().and_then(|known| known.undone_by(&checked, history)) {
            accepted(&checked, &undone)?;
        }
        let CheckedTarget { series, period, terms, source, reason, .. } = checked;
        match known {
            Some(known) if known.is_repeated(terms.as_ref(), &source) => Ok((known, Outcome::Unchanged)),
            Some(known) => {
                let outcome = if terms.is_none() { Outcome::Withdrawn } else { Outcome::Updated };
                Ok((Target { revision: known.revision + 1, terms, source, reason, recorded_at: at, ..known }, outcome))
            }
            None if terms.is_none() => {
                let message = message!(
                    en: "no target of `{}` for {period} is on record",
                    vi: "chưa có mục tiêu của `{}` cho {period} để rút", series.indicator
                );
                Err(("", Fault::new(Code::NothingToWithdraw, message)))
            }
            None => {
                let target = Target { id: new_id(), revision: 1, series, period, terms, source, reason, recorded_at: at };
                Ok((target, Outcome::Created))
            }
        }
    }

    /// The members of a target that only the service sets, besides the days of its period.
    #[must_use]
    pub fn read_only(&self) -> [(&'static str, Value); 3] {
        [("id", json!(self.id)), ("revision", json!(self.revision)), ("recorded_at", json!(self.recorded_at))]
    }

    /// Whether a target says the same as this one. A withdrawal is repeated from any document.
    fn is_repeated(&self, terms: Option<&TargetTerms>, source: &Source) -> bool {
        self.terms.as_ref() == terms && (terms.is_none() || self.source == *source)
    }

    /// What a target would undo: it brings back replaced terms, or comes from an older document.
    fn undone_by(&self, checked: &CheckedTarget, history: &[Target]) -> Option<Message> {
        if self.is_repeated(checked.terms.as_ref(), &checked.source) {
            return None;
        }
        let back = |before: &&Target| before.revision < self.revision && before.terms == checked.terms;
        let before = history.iter().filter(back).max_by_key(|before| before.revision).filter(|_| self.terms != checked.terms);
        let back = before.map(|before| {
            message!(
                en: "revision {} had this target; it was replaced by revision {}",
                vi: "bản sửa đổi {} đã có mục tiêu này; bản đó được thay bằng bản sửa đổi {}", before.revision, self.revision
            )
        });
        let older = checked.source.date.zip(self.source.date).filter(|(own, current)| own < current);
        let older = older.map(|(own, current)| {
            message!(
                en: "the document of {own} is older than that of {current}, which set the current target",
                vi: "văn bản ngày {own} cũ hơn văn bản ngày {current}, văn bản đặt mục tiêu hiện hành"; own, current
            )
        });
        let found: Vec<Message> = back.into_iter().chain(older).collect();
        (!found.is_empty()).then(|| Message::joined(&found, "; "))
    }
}

/// Checks that the sender acknowledged that a target undoes something newer, and gave a reason.
fn accepted(checked: &CheckedTarget, undone: &Message) -> Result<(), (&'static str, Fault)> {
    let code = TargetWarning::Reverts.as_str();
    if !checked.acknowledge.contains(&TargetWarning::Reverts) {
        let message = message!(
            en: "{undone}; where the older target is right, send `acknowledge` with `{code}`, and a `reason`",
            vi: "{undone}; nếu mục tiêu cũ là đúng, gửi `acknowledge` là `{code}` kèm `reason`"; undone
        );
        return Err(("/acknowledge", Fault::new(Code::Unacknowledged, message).allowing([code])));
    }
    if checked.reason.is_none() {
        let message = message!(
            en: "{undone}; `acknowledge` with `{code}` requires a `reason`",
            vi: "{undone}; `acknowledge` là `{code}` cần có `reason`"; undone
        );
        return Err(("/reason", Fault::new(Code::ReasonMissing, message)));
    }
    Ok(())
}
