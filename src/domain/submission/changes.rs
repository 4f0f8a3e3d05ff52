//! Changes since a submission: rows of a waiting submission whose stored figure is another revision than when it was submitted.
//! The reviewer sees them as warnings, and approves them only with an acknowledgement and a reason.

use chrono::{DateTime, Utc};

use super::draft::Row;
use super::reverts::words;
use super::revise::CurrentRecord;
use super::submission::RowOutcome;
use super::warning::{RowWarning, Warning};
use crate::domain::message::message;
use crate::domain::batch::rows::RowError;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;

/// A row whose stored figure is another revision than at the submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRow {
    /// The index of the row in the batch.
    pub position: usize,
    /// The id of the stored figure.
    pub observation: String,
    row_ref: Option<String>,
    /// The revision at the submission: 0 if there was none, `None` if it is unknown.
    then: Option<i32>,
    now: i32,
}

/// The rows whose stored figure has changed since the submission. `before` are the outcomes at the submission, by position. Outcomes of an
/// early version have no revision; there a new figure had none before, and of others the time of the submission decides.
#[must_use]
pub fn changed_rows(rows: &[Row], before: &[RowOutcome], stored: &CurrentRecord, submitted_at: DateTime<Utc>) -> Vec<ChangedRow> {
    let changed = |row: &Row| {
        // A figure never loses its history, so a row without a stored figure had none then either.
        let known = stored.observations.get(&(row.series.clone(), row.period))?;
        let created = |outcome: &RowOutcome| (outcome.outcome == Outcome::Created).then_some(0);
        let then = before.get(row.position).and_then(|outcome| outcome.current_revision.or_else(|| created(outcome)));
        let differs = then.map_or(known.recorded_at > submitted_at, |then| then != known.revision);
        let (position, row_ref, observation) = (row.position, row.row_ref.clone(), known.id.clone());
        differs.then_some(ChangedRow { position, observation, row_ref, then, now: known.revision })
    };
    rows.iter().filter_map(changed).collect()
}

impl ChangedRow {
    /// The warning for the reviewer. `history` has all revisions of the figure.
    #[must_use]
    pub fn warning(&self, history: &[Observation]) -> RowWarning {
        let revision = |number: i32| {
            let found = history.iter().find(|revision| revision.revision == number);
            let content = found.map(|found| {
                let content = words(&found.content);
                message!(en: ": {content}", vi: ": {content}"; content)
            });
            message!(en: "revision {number}{content}", vi: "bản sửa đổi {number}{content}"; content)
        };
        let then = match self.then {
            None => message!(en: "another revision", vi: "một bản sửa đổi khác"),
            Some(0) => message!(en: "no figure", vi: "chưa có số liệu"),
            Some(then) => revision(then),
        };
        let now = revision(self.now);
        let message = message!(
            en: "when this was submitted, {then} was stored; now it is {now}",
            vi: "khi gửi báo cáo này, số liệu lưu là {then}; nay là {now}"; then, now
        );
        RowWarning { code: Warning::ChangedSinceSubmitted, message }
    }

    /// The error of the row in an approval without an acknowledgement.
    #[must_use]
    pub fn fault(&self, history: &[Observation]) -> RowError {
        let code = Warning::ChangedSinceSubmitted.as_str();
        let row = self.row_ref.as_ref().map(|row_ref| message!(en: "row `{row_ref}`: ", vi: "hàng `{row_ref}`: "));
        let changed = self.warning(history).message;
        let message = message!(
            en: "{row}{changed}; to approve it all the same, send `acknowledge` with `{code}`, and a `reason`; else return the submission",
            vi: "{row}{changed}; nếu vẫn duyệt, gửi `acknowledge` là `{code}` kèm `reason`; nếu không, trả lại báo cáo"; row, changed
        );
        let fault = Fault::new(Code::ChangedSinceSubmitted, message).allowing([code]);
        RowError { row: Some(self.position), located: fault.at(Location::Pointer(format!("/observations/{}", self.position))) }
    }
}
