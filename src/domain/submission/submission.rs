//! Submissions: a batch of figures from one organisation, checked against the catalogue row by row.
//! All errors of all rows are found. The `mode` decides whether valid rows are stored without the invalid ones.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::read_row::ReadRow;
use super::warning::RowWarning;
use super::workflow::{Action, Actor, State};
use crate::domain::access::remit::View;
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::LocatedFault;
use crate::domain::outcome::Outcome;

/// A stored submission.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The identity.
    pub id: String,
    /// The client that sent it.
    pub client: String,
    /// The organisation of that client.
    pub organisation: Option<String>,
    /// The state in the workflow.
    pub state: State,
    /// The source document.
    pub source: Source,
    /// Keys of the provinces in its rows.
    pub provinces: BTreeSet<String>,
    /// Codes of the indicators in its rows.
    pub indicators: BTreeSet<String>,
    /// The first and last day of the periods in its rows.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Number of rows by outcome.
    pub counts: Counts,
    /// The results of its rows; left out of lists.
    pub rows: Vec<RowOutcome>,
    /// The time of its recording.
    pub received_at: DateTime<Utc>,
    /// The steps so far, oldest first.
    pub steps: Vec<Step>,
}

/// One step of a submission in the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// The state after the step.
    pub state: State,
    /// The client that took the step.
    pub client: String,
    /// The comment of the step.
    pub comment: Option<String>,
    /// The time of the step.
    pub at: DateTime<Utc>,
}

impl Submission {
    /// The role of the caller for this submission. Senders belong to the organisation of the submission; reviewers belong to it or to
    /// no organisation. A client that is restricted to provinces or fields has no role for others, and a client that may not see one of
    /// the indicators has no role either.
    #[must_use]
    pub fn actor(&self, view: &View<'_>) -> Actor {
        let Some(client) = view.caller.client() else { return Actor { sends: false, reviews: false, took_part: false } };
        let own = client.id == self.client;
        let same = own || client.organisation.is_some() && client.organisation == self.organisation;
        let concerned = view.works_with(&self.provinces, &self.indicators);
        let holds = |scope| client.scopes.contains(&scope);
        let wrote = |step: &Step| matches!(step.action, Action::Edit | Action::Submit) && step.client == client.id;
        Actor {
            sends: same && (own || concerned) && holds(Scope::Submit),
            reviews: (same || client.organisation.is_none()) && concerned && holds(Scope::Approve),
            took_part: own || self.steps.iter().any(wrote),
        }
    }

    /// Whether the caller may see the submission. A draft is visible to its senders only.
    #[must_use]
    pub fn visible_to(&self, view: &View<'_>) -> bool {
        let actor = self.actor(view);
        actor.sends || actor.reviews && self.state != State::Draft
    }
}

/// Number of rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// First figures of a series and period.
    pub created: i32,
    /// New revisions.
    pub updated: i32,
    /// Figures that were already stored.
    pub unchanged: i32,
    /// Withdrawn figures.
    pub withdrawn: i32,
    /// Rows that are not stored.
    pub rejected: i32,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.withdrawn += more.withdrawn;
        self.rejected += more.rejected;
    }
}

impl Counts {
    /// The number of rows that are not rejected.
    #[must_use]
    pub fn accepted(&self) -> usize {
        usize::try_from(self.created + self.updated + self.unchanged + self.withdrawn).unwrap_or_default()
    }

    /// Counts the rows by outcome.
    #[must_use]
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r RowOutcome>) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            *match row.outcome {
                Outcome::Created => &mut counts.created,
                Outcome::Updated => &mut counts.updated,
                Outcome::Unchanged => &mut counts.unchanged,
                Outcome::Withdrawn => &mut counts.withdrawn,
                Outcome::Rejected => &mut counts.rejected,
            } += 1;
        }
        counts
    }
}

/// The result of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// The sender's own reference of the row.
    pub row_ref: Option<String>,
    /// The outcome.
    pub outcome: Outcome,
    /// The id of the observation; `None` if it is not published or does not exist.
    pub observation: Option<String>,
    /// The revision of the figure that was current when the row was checked, 0 if there was none. Only for a row that is not published, and
    /// `None` if it is unknown.
    pub current_revision: Option<i32>,
    /// The row as it was read; absent for rows of early versions, which did not keep it.
    pub read: Option<ReadRow>,
    /// What is wrong with it, where it is rejected.
    pub errors: Vec<LocatedFault>,
    /// What is odd about it.
    pub warnings: Vec<RowWarning>,
}

impl RowOutcome {
    /// A row that is not stored.
    #[must_use]
    pub fn rejected(row_ref: Option<String>, read: ReadRow, errors: Vec<LocatedFault>) -> RowOutcome {
        RowOutcome {
            row_ref,
            outcome: Outcome::Rejected,
            observation: None,
            current_revision: None,
            read: Some(read),
            errors,
            warnings: Vec::new(),
        }
    }
}
