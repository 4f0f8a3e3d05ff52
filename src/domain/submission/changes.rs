//! Changes since a submission: rows of a waiting submission whose stored figure or claim is another revision than when it was submitted.
//! The reviewer sees them as warnings, and approves them only with an acknowledgement and a reason.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::draft::{ClaimChange, Row};
use super::reverts::{PastClaim, claimed, words};
use super::revise::CurrentRecord;
use super::revised::Revised;
use super::submission::RowOutcome;
use super::warning::{RowWarning, Warning};
use crate::domain::batch::rows::RowError;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::{Message, message};
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;

/// A row whose stored figure, or a claim that it would replace, is another revision than at the submission.
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
    /// Whether the figure is another revision.
    of_figure: bool,
    /// The claims recorded since then that the row would replace.
    claims: Vec<ClaimChange>,
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
        let of_figure = then.map_or(known.recorded_at > submitted_at, |then| then != known.revision);
        let claims = stored.histories.get(&known.id).map(|past| changed_claims(row, &past.claims, submitted_at)).unwrap_or_default();
        let (position, row_ref, observation) = (row.position, row.row_ref.clone(), known.id.clone());
        (of_figure || !claims.is_empty()).then_some(ChangedRow {
            position,
            observation,
            row_ref,
            then,
            now: known.revision,
            of_figure,
            claims,
        })
    };
    rows.iter().filter_map(changed).collect()
}

/// Forgets the changed rows, by position, that replace nothing: a row with the figure that is stored by now needs no acknowledgement.
pub(crate) fn forget_unchanged(changed: &mut HashMap<usize, ChangedRow>, revised: &[Revised]) {
    for Revised { row, .. } in revised.iter().filter(|revised| revised.outcome == Outcome::Unchanged) {
        if changed.get(&row.position).is_some_and(|changed| changed.claims.is_empty()) {
            changed.remove(&row.position);
        }
    }
}

/// The current claims, recorded since the submission, that a row would replace. A row without a figure withdraws all of them.
fn changed_claims(row: &Row, claims: &[PastClaim], submitted_at: DateTime<Utc>) -> Vec<ClaimChange> {
    let replaces = |claim: &PastClaim| match row.content.figure() {
        Some(_) => row.claims.iter().any(|own| own.kind == claim.kind && own.value != claim.value),
        None => claim.value.is_some(),
    };
    let since = claims.iter().filter(|claim| claim.current && claim.recorded_at > submitted_at && replaces(claim));
    since.map(|claim| ClaimChange { kind: claim.kind, value: claim.value }).collect()
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
        let of_figure = self.of_figure.then(|| {
            let now = revision(self.now);
            message!(
                en: "when this was submitted, {then} was stored; now it is {now}",
                vi: "khi gửi báo cáo này, số liệu lưu là {then}; nay là {now}"; then, now
            )
        });
        let of_claims = self.claims.iter().map(|claim| {
            let kind = claim.kind.as_str();
            let value = claimed(claim.value);
            message!(
                en: "since this was submitted, the claim `{kind}` became {value}",
                vi: "sau khi báo cáo được gửi, nhận định `{kind}` đã thành {value}"; value
            )
        });
        let message = Message::joined(&of_figure.into_iter().chain(of_claims).collect::<Vec<_>>(), "; ");
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
