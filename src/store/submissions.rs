//! The `submissions` and `submission_steps` tables: the sender, the source document, the workflow steps and the outcomes of the rows.
//! The published figures are in `observations`.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::Eq;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::{submission_steps as steps, submissions};
use super::stored::{outcome, submission as stored};
use super::values::{stamp, word};
use crate::domain::catalogue::source::Source;
use crate::domain::submission::submission::{Counts, RowOutcome, Step, Submission};

use crate::domain::submission::draft::Draft;
use crate::domain::submission::workflow::{Action, State};

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
struct Row {
    id: String,
    client: String,
    organisation: Option<String>,
    state: String,
    source_title: Option<String>,
    source_number: Option<String>,
    source_date: Option<NaiveDate>,
    received_at: NaiveDateTime,
    provinces: String,
    indicators: String,
    first_on: Option<NaiveDate>,
    last_on: Option<NaiveDate>,
    created: i32,
    updated: i32,
    unchanged: i32,
    withdrawn: i32,
    rejected: i32,
}

impl Row {
    fn into_submission(self, rows: Vec<RowOutcome>, steps: Vec<Step>) -> Result<Submission, StoreError> {
        let Row { created, updated, unchanged, withdrawn, rejected, .. } = self;
        Ok(Submission {
            id: self.id,
            client: self.client,
            organisation: self.organisation,
            state: word(&self.state, State::parse)?,
            source: Source { title: self.source_title, number: self.source_number, date: self.source_date },
            provinces: self.provinces.split_whitespace().map(str::to_owned).collect(),
            indicators: self.indicators.split_whitespace().map(str::to_owned).collect(),
            days: self.first_on.zip(self.last_on),
            counts: Counts { created, updated, unchanged, withdrawn, rejected },
            rows,
            received_at: self.received_at.and_utc(),
            steps,
        })
    }
}

/// A query for submissions.
#[derive(Debug, Default)]
pub struct SubmissionFilter {
    /// The client and its organisation: submissions of either one; default: all.
    pub of: Option<(String, Option<String>)>,
    /// The workflow state.
    pub state: Option<State>,
    /// Only submissions with a smaller id: the last one of the page before. Ids grow with time.
    pub before: Option<String>,
    /// The page size.
    pub limit: i64,
}

/// The submission with this id.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<Submission>, StoreError> {
    let row: Option<Row> = submissions::table.find(id).select(Row::as_select()).first(conn).optional()?;
    let Some(found) = with_steps(conn, row.into_iter().collect())?.pop() else { return Ok(None) };
    let outcomes: String = submissions::table.find(id).select(submissions::outcomes).first(conn)?;
    Ok(Some(Submission { rows: outcome::from_json(&outcomes)?, ..found }))
}

/// Lists submissions without their rows, newest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &SubmissionFilter) -> Result<Vec<Submission>, StoreError> {
    let mut query = submissions::table.order(submissions::id.desc()).limit(wanted.limit).select(Row::as_select()).into_boxed();
    if let Some((client, organisation)) = &wanted.of {
        query = match organisation {
            Some(organisation) => {
                query.filter(submissions::client.eq(client).or(submissions::organisation.assume_not_null().eq(organisation)))
            }
            None => query.filter(submissions::client.eq(client)),
        };
    }
    if let Some(state) = wanted.state {
        query = query.filter(submissions::state.eq(state.as_str()));
    }
    if let Some(before) = &wanted.before {
        query = query.filter(submissions::id.lt(before));
    }
    let rows = query.load(conn)?;
    with_steps(conn, rows)
}

/// SQLite binds at most 32,766 values to a statement.
const MOST_BOUND: usize = 10_000;

fn with_steps(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Submission>, StoreError> {
    type StepRow = (String, String, String, String, Option<String>, NaiveDateTime);
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    let mut of: HashMap<String, Vec<Step>> = HashMap::new();
    for some in ids.chunks(MOST_BOUND) {
        let taken: Vec<StepRow> = steps::table
            .filter(steps::submission.eq_any(some))
            .order(steps::id)
            .select((steps::submission, steps::action, steps::state, steps::client, steps::comment, steps::at))
            .load(conn)?;
        for (submission, action, state, client, comment, at) in taken {
            let (action, state) = (word(&action, Action::parse)?, word(&state, State::parse)?);
            of.entry(submission).or_default().push(Step { action, state, client, comment, at: at.and_utc() });
        }
    }
    rows.into_iter()
        .map(|row| {
            let steps = of.remove(&row.id).unwrap_or_default();
            row.into_submission(Vec::new(), steps)
        })
        .collect()
}

/// The rows of a submission as sent; `None` for a submission published at once.
///
/// # Errors
/// Any failure of the database.
pub fn document(conn: &mut Conn, id: &str) -> Result<Option<Draft>, StoreError> {
    let document: Option<String> = submissions::table.find(id).select(submissions::document).first(conn)?;
    document.as_deref().map(stored::from_json).transpose()
}

/// Lists the submissions in these states with periods that overlap these days, without their rows, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn under_way(conn: &mut Conn, states: &[State], from: NaiveDate, to: NaiveDate) -> Result<Vec<Submission>, StoreError> {
    let rows = submissions::table
        .filter(submissions::state.eq_any(states.iter().map(|state| state.as_str())))
        .filter(submissions::first_on.assume_not_null().le(to))
        .filter(submissions::last_on.assume_not_null().ge(from))
        .order(submissions::id)
        .select(Row::as_select())
        .load(conn)?;
    with_steps(conn, rows)
}

/// The submission time of each submission; the last one if it was submitted several times.
///
/// # Errors
/// Any failure of the database.
pub fn handed_in(conn: &mut Conn, ids: &[&String]) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
    let mut found = HashMap::new();
    for some in ids.chunks(MOST_BOUND) {
        let taken: Vec<(String, NaiveDateTime)> = steps::table
            .filter(steps::submission.eq_any(some))
            .filter(steps::action.eq(Action::Submit.as_str()))
            .order(steps::id)
            .select((steps::submission, steps::at))
            .load(conn)?;
        found.extend(taken.into_iter().map(|(submission, at)| (submission, at.and_utc())));
    }
    Ok(found)
}

/// Records a submission and its steps before its figures, which refer to it. The rows as sent are stored only for a later review.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, submission: &Submission, document: Option<&Draft>) -> Result<(), StoreError> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::id.eq(&submission.id),
            submissions::client.eq(&submission.client),
            submissions::organisation.eq(&submission.organisation),
            submissions::state.eq(submission.state.as_str()),
            submissions::source_title.eq(&submission.source.title),
            submissions::source_number.eq(&submission.source.number),
            submissions::source_date.eq(submission.source.date),
            submissions::received_at.eq(stamp(submission.received_at)),
            submissions::document.eq(document.map(stored::to_json)),
            outcome_columns(submission),
        ))
        .execute(conn)?;
    submission.steps.iter().try_for_each(|step| insert_step(conn, &submission.id, step))
}

/// Updates a submission with its last step. The rows as sent are stored only if they changed.
///
/// # Errors
/// Any failure of the database.
pub fn update(conn: &mut Conn, submission: &Submission, document: Option<&Draft>) -> Result<(), StoreError> {
    diesel::update(submissions::table.find(&submission.id))
        .set((
            submissions::state.eq(submission.state.as_str()),
            submissions::source_title.eq(&submission.source.title),
            submissions::source_number.eq(&submission.source.number),
            submissions::source_date.eq(submission.source.date),
            outcome_columns(submission),
        ))
        .execute(conn)?;
    if let Some(document) = document {
        diesel::update(submissions::table.find(&submission.id)).set(submissions::document.eq(stored::to_json(document))).execute(conn)?;
    }
    submission.steps.last().map_or(Ok(()), |step| insert_step(conn, &submission.id, step))
}

type OutcomeColumns = (
    Eq<submissions::outcomes, String>,
    Eq<submissions::provinces, String>,
    Eq<submissions::indicators, String>,
    Eq<submissions::first_on, Option<NaiveDate>>,
    Eq<submissions::last_on, Option<NaiveDate>>,
    Eq<submissions::created, i32>,
    Eq<submissions::updated, i32>,
    Eq<submissions::unchanged, i32>,
    Eq<submissions::withdrawn, i32>,
    Eq<submissions::rejected, i32>,
);

/// The outcomes of the rows, and their scope.
fn outcome_columns(submission: &Submission) -> OutcomeColumns {
    let Counts { created, updated, unchanged, withdrawn, rejected } = submission.counts;
    let joined = |words: &BTreeSet<String>| words.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    (
        submissions::outcomes.eq(outcome::to_json(&submission.rows)),
        submissions::provinces.eq(joined(&submission.provinces)),
        submissions::indicators.eq(joined(&submission.indicators)),
        submissions::first_on.eq(submission.days.map(|(first, _)| first)),
        submissions::last_on.eq(submission.days.map(|(_, last)| last)),
        submissions::created.eq(created),
        submissions::updated.eq(updated),
        submissions::unchanged.eq(unchanged),
        submissions::withdrawn.eq(withdrawn),
        submissions::rejected.eq(rejected),
    )
}

fn insert_step(conn: &mut Conn, submission: &str, step: &Step) -> Result<(), StoreError> {
    diesel::insert_into(steps::table)
        .values((
            steps::submission.eq(submission),
            steps::action.eq(step.action.as_str()),
            steps::state.eq(step.state.as_str()),
            steps::client.eq(&step.client),
            steps::comment.eq(&step.comment),
            steps::at.eq(stamp(step.at)),
        ))
        .execute(conn)?;
    Ok(())
}
