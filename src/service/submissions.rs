//! Submissions: a batch of figures is checked, recorded and published in one transaction, or refused with every reason.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::Refusal;
use super::catalogue::snapshot;
use super::clients::check_territory;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Code, Fault};
use crate::domain::observation::Observation;
use crate::domain::period::Period;
use crate::domain::revision::{Revised, Standing, revise};
use crate::domain::role::{Caller, Scope};
use crate::domain::series::SeriesKey;
use crate::domain::submission::{Draft, Outcome, Row, State as Stage, Submission};
use crate::state::State;
use crate::store::claims::NewRevision;
use crate::store::observations::{Breakdowns, Revisions, Wanted};
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
            let (rows, faults) = draft.check(&catalogue, &caller, shared.today());
            check_territory(&client, rows.iter().map(|row| &row.series), &catalogue)
                .map_err(|denied| if faults.is_empty() { denied } else { Refusal::Invalid(faults.clone()) })?;

            let standing = standing(conn, &rows, &catalogue)?;
            let at = store::writes::instant(conn, shared.clock.now())?;
            let revised = revise(rows, faults, standing, &catalogue, at, || Uuid::now_v7().to_string()).map_err(Refusal::broken)?;
            let submission = Submission {
                id: Uuid::now_v7().to_string(),
                client: client.id,
                organisation: client.organisation,
                state: Stage::Approved,
                source,
                rows: revised.iter().map(Revised::row_outcome).collect(),
                received_at: at,
            };
            store::submissions::insert(conn, &submission)?;
            for row in &revised {
                record(conn, &submission, row)?;
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

/// What is on record in the years of the rows' periods, with all parts of their indicators; of a unit under a new name also what
/// was reported under the old one.
fn standing(conn: &mut Conn, rows: &[Row], catalogue: &Catalogue) -> Result<Standing, Failure> {
    let units: BTreeSet<&String> = rows.iter().map(|row| &row.series.province).collect();
    let units = units.into_iter().filter_map(|key| catalogue.provinces.get(key));
    let provinces: BTreeSet<String> = units.flat_map(|unit| catalogue.provinces.continued(unit)).collect();
    let indicators: BTreeSet<&String> = rows.iter().map(|row| &row.series.indicator).collect();
    let wanted = Wanted {
        provinces: provinces.into_iter().collect(),
        indicators: indicators.into_iter().cloned().collect(),
        breakdowns: Breakdowns::All,
        revisions: Revisions::Standing,
        from: rows.iter().map(|row| row.period.whole_years().0).min(),
        to: rows.iter().map(|row| row.period.whole_years().1).max(),
        as_of: None,
    };
    let found = store::observations::list(conn, &wanted)?;
    let observations: HashMap<(SeriesKey, Period), Observation> =
        found.into_iter().map(|observation| ((observation.series.clone(), observation.period), observation)).collect();
    let claimed = rows.iter().filter(|row| !row.claims.is_empty() || row.content.figure().is_none());
    let ids = claimed.filter_map(|row| observations.get(&(row.series.clone(), row.period))).map(|known| known.id.clone());
    let claims = store::claims::standing(conn, &ids.collect::<Vec<_>>())?;
    Ok(Standing { observations, claims })
}

fn record(conn: &mut Conn, submission: &Submission, revised: &Revised) -> Result<(), Failure> {
    let Revised { row, outcome, observation, .. } = revised;
    let at = submission.received_at;
    if *outcome == Outcome::Unchanged {
        store::observations::confirm(conn, observation, &row.passage, &submission.id, at)?;
    } else {
        store::observations::append(conn, observation, &submission.id)?;
    }
    for claim in &revised.claims {
        let new = NewRevision {
            observation: &observation.id,
            kind: claim.kind,
            value: claim.value,
            reason: row.reason.as_deref(),
            figure_since: observation.recorded_at,
            submission: &submission.id,
            at,
        };
        store::claims::append(conn, &new)?;
    }
    Ok(())
}
