//! Submissions: a batch of figures from one organisation, what became of its rows, and the steps it took.
//! Rows as they were sent are in `draft`, the steps that it may take in `workflow`.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::draft::DraftRow;
use super::warning::RowWarning;
use super::workflow::{Action, Actor, State};
use crate::domain::access::remit::View;
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::LocatedFault;
use crate::domain::outcome::Outcome;

/// A submission on record.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The identity.
    pub id: String,
    /// The client that sent it.
    pub client: String,
    /// The organisation it spoke for.
    pub organisation: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The document.
    pub source: Source,
    /// Keys of the provinces that its rows are about.
    pub provinces: BTreeSet<String>,
    /// Codes of the indicators that its rows are about.
    pub indicators: BTreeSet<String>,
    /// The first and the last day that its rows are about.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Its rows by outcome.
    pub counts: Counts,
    /// What became of its rows; left out of lists.
    pub rows: Vec<RowOutcome>,
    /// When it was recorded.
    pub received_at: DateTime<Utc>,
    /// What it went through, oldest first.
    pub steps: Vec<Step>,
}

/// A step that a submission took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which one.
    pub action: Action,
    /// Where it led.
    pub state: State,
    /// The client that took it.
    pub client: String,
    /// What was said with it.
    pub comment: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Submission {
    /// What somebody has to do with it: they are of the organisation that sent it, and somebody of no other organisation may review it.
    /// Who is narrowed to some provinces or fields has nothing to do with what is about others, and who may not see an indicator nothing
    /// with what is about that.
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

    /// Whether somebody sees it: drafts are nobody's but the sender's.
    #[must_use]
    pub fn visible_to(&self, view: &View<'_>) -> bool {
        let actor = self.actor(view);
        actor.sends || actor.reviews && self.state != State::Draft
    }
}

/// Rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// First figures of their series and period.
    pub created: i32,
    /// New revisions.
    pub updated: i32,
    /// Figures that were on record already.
    pub unchanged: i32,
    /// Figures that are no longer there.
    pub withdrawn: i32,
    /// Rows that are not recorded.
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
    /// Counts rows.
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

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// The sender's own name for it.
    pub row_ref: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The id of the observation; `None` where it is not published, or there is none yet.
    pub observation: Option<String>,
    /// What is wrong with it, where it is rejected.
    #[serde(default)]
    pub errors: Vec<LocatedFault>,
    /// What is odd about it.
    #[serde(default)]
    pub warnings: Vec<RowWarning>,
}

impl RowOutcome {
    /// A row that is not recorded.
    #[must_use]
    pub fn rejected(row: &DraftRow, errors: Vec<LocatedFault>) -> RowOutcome {
        RowOutcome { row_ref: row.row_ref.clone(), outcome: Outcome::Rejected, observation: None, errors, warnings: Vec::new() }
    }
}
