//! Submissions: a batch of figures is checked, recorded and published in one transaction, or refused with every reason.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Refusal;
use super::catalogue::snapshot;
use super::clients::check_territory;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Code, Fault};
use crate::domain::observation::Observation;
use crate::domain::period::Period;
use crate::domain::role::{Caller, Scope};
use crate::domain::series::SeriesKey;
use crate::domain::submission::{Draft, Outcome, Row, RowOutcome, State as Stage, Submission};
use crate::state::State;
use crate::store::observations::{Breakdowns, NewRevision, Wanted};
use crate::store::{self, Conn, Failure};

/// Records a batch of figures and publishes it; a dry run walks the same path and stores nothing.
///
/// # Errors
/// Without the scope `submit`; every fault of every row; a province the client does not write for.
pub async fn submit(state: &Arc<State>, caller: &Caller, draft: Draft, dry_run: bool) -> Result<Submission, Refusal> {
    let client = caller.holding(Scope::Submit).map_err(Refusal::denied)?.clone();
    let (shared, caller) = (Arc::clone(state), caller.clone());
    let done = state
        .db
        .write(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let source = draft.source.clone();
            let rows = draft.check(&catalogue, &caller, shared.today()).map_err(Refusal::Invalid)?;
            check_territory(&client, rows.iter().map(|row| &row.series), &catalogue)?;

            let current = current_figures(conn, &rows)?;
            let plan: Vec<(Row, Planned)> = rows.into_iter().map(|row| plan(row, &current, &catalogue)).collect();
            let submission = Submission {
                id: Uuid::now_v7().to_string(),
                client: client.id,
                organisation: client.organisation,
                state: Stage::Approved,
                source,
                rows: plan.iter().map(|(row, planned)| planned.outcome(row)).collect(),
                received_at: store::writes::instant(conn, shared.clock.now())?,
            };
            store::submissions::insert(conn, &submission)?;
            for (row, planned) in &plan {
                record(conn, &submission, row, planned)?;
            }
            if dry_run { Err(Stopped::Dry(Box::new(submission))) } else { Ok(submission) }
        })
        .await;
    match done {
        Ok(submission) => Ok(submission),
        Err(Stopped::Dry(submission)) => Ok(*submission),
        Err(Stopped::Refused(refusal)) => Err(refusal),
    }
}

/// Finds a submission that the caller's client sent.
///
/// # Errors
/// Without the scope `submit`; `Refusal::NotFound`.
pub async fn find(state: &Arc<State>, caller: &Caller, id: &str) -> Result<Submission, Refusal> {
    let client = caller.holding(Scope::Submit).map_err(Refusal::denied)?.id.clone();
    let unknown = || Refusal::NotFound(Fault::new(Code::NotFound, "this client sent no such submission"));
    let id = Uuid::parse_str(id).map_err(|_| unknown())?.to_string();
    let found = state.db.read(move |conn| Ok::<_, Refusal>(store::submissions::find(conn, &id, &client)?)).await?;
    found.ok_or_else(unknown)
}

/// Lists what the caller's client sent, newest first, from below an id.
///
/// # Errors
/// Without the scope `submit`.
pub async fn list(state: &Arc<State>, caller: &Caller, before: Option<String>, limit: usize) -> Result<Vec<Submission>, Refusal> {
    let client = caller.holding(Scope::Submit).map_err(Refusal::denied)?.id.clone();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    state.db.read(move |conn| Ok(store::submissions::list(conn, &client, before.as_deref(), limit)?)).await
}

/// Why a write is rolled back: refused, or never meant.
enum Stopped {
    Refused(Refusal),
    Dry(Box<Submission>),
}

impl<E: Into<Refusal>> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped::Refused(error.into())
    }
}

/// What is to be done with a row.
enum Planned {
    Create { id: String },
    Update { id: String, revision: i32 },
    Leave { id: String },
}

impl Planned {
    fn outcome(&self, row: &Row) -> RowOutcome {
        let (outcome, id) = match self {
            Planned::Create { id } => (Outcome::Created, id),
            Planned::Update { id, .. } => (Outcome::Updated, id),
            Planned::Leave { id } => (Outcome::Unchanged, id),
        };
        RowOutcome { row_ref: row.row_ref.clone(), outcome, observation: id.clone() }
    }
}

type Current = HashMap<(SeriesKey, Period), Observation>;

/// The figures on record for the series and periods of a batch.
fn current_figures(conn: &mut Conn, rows: &[Row]) -> Result<Current, Failure> {
    // A batch has one calendar.
    let Some(first) = rows.first() else { return Ok(Current::new()) };
    let distinct = |texts: BTreeSet<String>| texts.into_iter().collect::<Vec<_>>();
    let ends: BTreeSet<NaiveDate> = rows.iter().map(|row| row.period.end()).collect();
    let wanted = Wanted {
        provinces: distinct(rows.iter().map(|row| row.series.province.clone()).collect()),
        indicators: distinct(rows.iter().map(|row| row.series.indicator.clone()).collect()),
        breakdowns: Breakdowns::Only(distinct(rows.iter().map(|row| row.series.breakdown.to_string()).collect())),
        calendar: first.period.calendar(),
        ending_on: Some(ends.into_iter().collect()),
        from: None,
        to: None,
        as_of: None,
    };
    let found = store::observations::list(conn, &wanted)?;
    Ok(found.into_iter().map(|observation| ((observation.series.clone(), observation.period), observation)).collect())
}

fn plan(row: Row, current: &Current, catalogue: &Catalogue) -> (Row, Planned) {
    // The same number under another definition says something else.
    let same_meaning =
        |known: &Observation| !catalogue.definition_differs(&row.series.indicator, known.definition_version, row.definition_version);
    let planned = match current.get(&(row.series.clone(), row.period)) {
        None => Planned::Create { id: Uuid::now_v7().to_string() },
        Some(known) if known.figure == row.figure && same_meaning(known) => Planned::Leave { id: known.id.clone() },
        Some(known) => Planned::Update { id: known.id.clone(), revision: known.revision + 1 },
    };
    (row, planned)
}

fn record(conn: &mut Conn, submission: &Submission, row: &Row, planned: &Planned) -> Result<(), Failure> {
    let (id, revision) = match planned {
        Planned::Create { id } => (id, Some(1)),
        Planned::Update { id, revision } => (id, Some(*revision)),
        Planned::Leave { id } => (id, None),
    };
    if let Some(revision) = revision {
        let new = NewRevision {
            id,
            revision,
            series: &row.series,
            period: row.period,
            figure: &row.figure,
            definition_version: row.definition_version,
            locator: row.locator.as_deref(),
            submission: &submission.id,
            at: submission.received_at,
        };
        store::observations::append(conn, &new)?;
    }
    for claim in &row.claims {
        store::claims::append(conn, id, claim, &submission.id, submission.received_at)?;
    }
    Ok(())
}
