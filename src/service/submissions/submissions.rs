//! Submissions: a batch of figures is checked, recorded and published in one transaction, or refused with all faults.
//! The checks of rows and the workflow are in `domain`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::idempotency::PendingRequests;
use crate::context::Context;
use crate::domain::access::client::Client;
use crate::domain::access::remit::{Remit, View};
use crate::domain::access::role::{self, Authorized, Caller, Permission, ViewSubmissions};
use crate::domain::access::scope::Scope;
use crate::domain::batch::layout::{Layout, LeftOut};
use crate::domain::batch::rows::{Mode, RowError, listed};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;
use crate::domain::submission::plausibility::{HistoricalValues, YEARS};
use crate::domain::submission::revise::{CurrentRecord, revise};
use crate::domain::submission::revised::Revised;
use crate::domain::submission::submission::{Counts, RowOutcome, Step, Submission};

use crate::domain::submission::draft::{Draft, DraftRow, Row};
use crate::domain::submission::workflow::{self, Action, State as Stage};
use crate::domain::time::period::Period;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::snapshot;
use crate::service::operations::audit::{self, Action as Recorded, WriteContext};
use crate::service::reporting::obligations::closed;
use crate::store::answers::Answered;
use crate::store::claims::NewRevision;
use crate::store::observations::{Breakdowns, ObservationQuery as StoredFigures, Revisions};
use crate::store::submissions::SubmissionFilter;
use crate::store::{self, Conn, StoreError};

/// The options of a submission.
#[derive(Debug, Default)]
pub struct SubmitOptions {
    /// True to store nothing.
    pub dry_run: bool,
    /// True to keep the submission as a draft, before review.
    pub draft: bool,
    /// The idempotency key, if any.
    pub once: Option<IdempotencyKey>,
}

/// A request with an idempotency key: it is processed once.
#[derive(Debug)]
pub struct IdempotencyKey {
    /// The client's idempotency key.
    pub key: String,
    /// The SHA-256 of the request in base64url (RFC 4648 §5).
    pub fingerprint: String,
    /// Makes the response body to store for a repeated request.
    pub answer: fn(&Submitted) -> String,
}

/// What became of a batch.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The submissions: one for each province of a file, otherwise a single one.
    pub submissions: Vec<SubmissionView>,
    /// The rows of a file that were left out.
    pub left_out: Vec<LeftOut>,
}

/// A submission and the caller's possible actions.
#[derive(Debug, Clone)]
pub struct SubmissionView {
    /// The submission.
    pub submission: Submission,
    /// The actions that the caller may take.
    pub may: Vec<Action>,
    /// The rows as sent; only for a submission with review.
    pub sent: Option<Draft>,
}

impl SubmissionView {
    fn by(submission: Submission, view: &View<'_>) -> SubmissionView {
        let may = workflow::may(submission.state, submission.actor(view));
        SubmissionView { submission, may, sent: None }
    }
}

/// The result of sending a batch.
#[derive(Debug)]
pub enum SubmitResult {
    /// Processed now.
    Now(Submitted),
    /// Processed before; this is the stored response body.
    Before(String),
}

/// Records a batch of figures and publishes it if the organisation is trusted. A file of several provinces becomes a submission for each, in
/// one transaction. A dry run does the same and stores nothing.
///
/// # Errors
/// Without the scope `submit`; every fault of every row, of a batch that is all or nothing; a province the client does not write for;
/// a key that came with another request before.
pub async fn submit_figures(
    write: &WriteContext,
    pending: &Arc<PendingRequests>,
    by: &Authorized<role::SubmitFigures>,
    mut draft: Draft,
    sending: SubmitOptions,
) -> Result<SubmitResult, ServiceError> {
    let (client, caller) = (by.client().clone(), by.caller());
    let _turn = sending.once.as_ref().map(|once| pending.enter(&client.id, &once.key)).transpose()?;
    let (shared, caller) = (write.clone(), caller.clone());
    let done = write
        .context
        .db
        .write(move |conn| {
            let now = shared.context.clock.now();
            if let Some(once) = &sending.once {
                let known = store::answers::find(conn, &client.id, &once.key, now - KEPT)?;
                match known.filter(|_| !sending.dry_run) {
                    Some(known) if known.fingerprint == once.fingerprint => {
                        let subject = "a submission that was answered before, by its Idempotency-Key";
                        shared.record(conn, &caller, Recorded::Submit, subject, audit::Outcome::Unchanged, now)?;
                        return Ok(SubmitResult::Before(known.answer));
                    }
                    Some(_) => return Err(ServiceError::Invalid(vec![reused_key().at(Location::Request)]).into()),
                    None => {}
                }
            }
            let catalogue = snapshot(conn, &shared.context)?;
            let view = View::new(&caller, &catalogue);
            let left_out = if let Some(Layout::Table(table)) = &mut draft.layout { mem::take(&mut table.left_out) } else { Vec::new() };
            let (mut submissions, mut refusals) = (Vec::new(), Vec::new());
            for draft in draft.by_province(&catalogue, &caller) {
                match submit_draft(conn, &shared.context, &client, &view, draft, sending.draft) {
                    Ok(handled) => submissions.push(handled),
                    // The faults of all provinces are listed before the transaction is undone.
                    Err(refusal @ (ServiceError::Invalid(_) | ServiceError::Absent(_) | ServiceError::Forbidden(_))) => {
                        refusals.push(refusal);
                    }
                    Err(other) => return Err(other.into()),
                }
            }
            if let Some(refusal) = ServiceError::together(refusals) {
                return Err(refusal.into());
            }
            let submitted = Submitted { submissions, left_out };
            if sending.dry_run {
                return Err(Stopped::Dry(submitted));
            }
            if let Some(once) = sending.once {
                let answered = Answered { fingerprint: once.fingerprint, answer: (once.answer)(&submitted) };
                store::answers::keep(conn, &client.id, &once.key, &answered, now, now - KEPT)?;
            }
            for handled in &submitted.submissions {
                shared.record(conn, &caller, Recorded::Submit, &subject(&handled.submission), audit::Outcome::Done, now)?;
            }
            Ok(SubmitResult::Now(submitted))
        })
        .await;
    match done {
        Ok(sent) => Ok(sent),
        Err(Stopped::Dry(submitted)) => Ok(SubmitResult::Now(submitted)),
        Err(Stopped::Refused(refusal)) => Err(refusal),
    }
}

/// Records the rows of one draft as a submission.
fn submit_draft(
    conn: &mut Conn,
    context: &Context,
    client: &Client,
    view: &View<'_>,
    draft: Draft,
    stays: bool,
) -> Result<SubmissionView, ServiceError> {
    let mut submission = Submission {
        id: Uuid::now_v7().to_string(),
        organisation: client.organisation.clone(),
        client: client.id.clone(),
        state: Stage::Draft,
        source: draft.source.clone(),
        provinces: BTreeSet::new(),
        indicators: BTreeSet::new(),
        days: None,
        counts: Counts::default(),
        rows: Vec::new(),
        received_at: store::writes::instant(conn, context.clock.now())?,
        steps: Vec::new(),
    };
    let desk = SubmissionAssessment { context, client, view, at: submission.received_at };
    let action = if stays { Action::Edit } else { Action::Submit };
    desk.step(conn, &mut submission, action, None)?;
    let (assessed, document) = desk.assess(conn, draft, &mut submission, stays)?;
    let published = submission.state == Stage::Approved;
    store::submissions::insert(conn, &submission, (!published).then_some(&document))?;
    if published {
        assessed.iter().try_for_each(|row| record(conn, &submission.id, desk.at, row))?;
    }
    Ok(SubmissionView { sent: (!published).then_some(document), ..SubmissionView::by(submission, view) })
}

/// Retention time of idempotency keys.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(7);

/// The fault for a key that was used for another request.
pub(crate) fn reused_key() -> Fault {
    Fault::new(Code::IdempotencyKeyReused, "this `Idempotency-Key` came with another request before: a new request has a new key")
}

/// Replaces the rows of a draft or of a returned submission.
///
/// # Errors
/// Without the scope `submit`; `ServiceError::NotFound`; where it is in another state, or of another organisation; rows that cannot be read.
pub async fn replace_submission(
    write: &WriteContext,
    by: &Authorized<role::SubmitFigures>,
    id: &str,
    draft: Draft,
) -> Result<SubmissionView, ServiceError> {
    let (client, caller) = (by.client().clone(), by.caller());
    let (shared, caller, id) = (write.clone(), caller.clone(), known_id(id)?);
    write
        .context
        .db
        .write(move |conn| {
            let catalogue = snapshot(conn, &shared.context)?;
            let view = View::new(&caller, &catalogue);
            let mut submission = visible(conn, &id, &view)?;
            let desk = SubmissionAssessment { context: &shared.context, client: &client, view: &view, at: shared.context.clock.now() };
            desk.step(conn, &mut submission, Action::Edit, None)?;
            submission.source = draft.source.clone();
            let (_, document) = desk.assess(conn, draft, &mut submission, true)?;
            store::submissions::update(conn, &submission, Some(&document))?;
            shared.record(
                conn,
                &caller,
                Recorded::ReplaceSubmission,
                &subject(&submission),
                audit::Outcome::Done,
                shared.context.clock.now(),
            )?;
            Ok(SubmissionView { sent: Some(document), ..SubmissionView::by(submission, &view) })
        })
        .await
}

/// The audit action of a workflow step.
fn recorded_as(action: Action) -> Recorded {
    match action {
        Action::Edit => Recorded::ReplaceSubmission,
        Action::Submit => Recorded::SubmitDraft,
        Action::Approve => Recorded::ApproveSubmission,
        Action::Return => Recorded::ReturnSubmission,
        Action::Withdraw => Recorded::WithdrawSubmission,
    }
}

/// The subject of the audit line for a submission.
fn subject(submission: &Submission) -> String {
    format!("submission {} {}", submission.id, submission.state.as_str())
}

/// Takes a workflow step: submit, approve, return or withdraw.
///
/// # Errors
/// Without the scope of the step; `ServiceError::NotFound`; a submission in another state; a step of another role; all faults of the rows, if
/// the step would publish them and the stored figures have changed since.
pub async fn act<T: Permission>(
    write: &WriteContext,
    by: &Authorized<T>,
    id: &str,
    action: Action,
    comment: Option<String>,
) -> Result<SubmissionView, ServiceError> {
    let (client, caller) = (by.client().clone(), by.caller());
    let (shared, caller, id) = (write.clone(), caller.clone(), known_id(id)?);
    write
        .context
        .db
        .write(move |conn| {
            let catalogue = snapshot(conn, &shared.context)?;
            let view = View::new(&caller, &catalogue);
            let mut submission = visible(conn, &id, &view)?;
            let mut desk = SubmissionAssessment { context: &shared.context, client: &client, view: &view, at: shared.context.clock.now() };
            desk.step(conn, &mut submission, action, comment)?;
            let mut rest = None;
            if matches!(submission.state, Stage::Submitted | Stage::Approved) {
                let rows = store::submissions::document(conn, &id)?;
                let mut document = rows.ok_or_else(|| StoreError::Corrupt(format!("{id} has no rows")))?;
                // An approval covers all rows that the reviewer saw, so it is atomic.
                if action == Action::Approve {
                    document.mode = Mode::Atomic;
                }
                if submission.state == Stage::Approved {
                    desk.at = store::writes::instant(conn, desk.at)?;
                    if let Some(step) = submission.steps.last_mut() {
                        step.at = desk.at;
                    }
                }
                let (weighed, document) = desk.assess(conn, document, &mut submission, false)?;
                rest = Some(document);
                if submission.state == Stage::Approved {
                    weighed.iter().try_for_each(|row| record(conn, &submission.id, desk.at, row))?;
                }
            }
            store::submissions::update(conn, &submission, rest.as_ref())?;
            let sent = rest.map_or_else(|| store::submissions::document(conn, &id), |rest| Ok(Some(rest)))?;
            shared.record(conn, &caller, recorded_as(action), &subject(&submission), audit::Outcome::Done, shared.context.clock.now())?;
            Ok(SubmissionView { sent, ..SubmissionView::by(submission, &view) })
        })
        .await
}

/// The context for handling a submission.
struct SubmissionAssessment<'d> {
    context: &'d Context,
    client: &'d Client,
    view: &'d View<'d>,
    at: DateTime<Utc>,
}

impl SubmissionAssessment<'_> {
    /// Takes a workflow step.
    fn step(&self, conn: &mut Conn, submission: &mut Submission, action: Action, comment: Option<String>) -> Result<(), ServiceError> {
        let trusted = match &submission.organisation {
            Some(id) => store::organisations::find(conn, id)?.is_some_and(|organisation| organisation.trusted),
            None => false,
        };
        submission.state = workflow::take(submission.state, action, submission.actor(self.view), trusted).map_err(|fault| {
            if fault.code == Code::WrongState {
                ServiceError::Conflict(fault)
            } else {
                ServiceError::Forbidden(vec![fault.at(Location::Request)])
            }
        })?;
        submission.steps.push(Step { action, state: submission.state, client: self.client.id.clone(), comment, at: self.at });
        Ok(())
    }

    /// Checks the rows against the catalogue, the stored figures and each other, and notes the outcome of each row. Returns the accepted
    /// rows with their changes, and the draft without rejected rows. With `only_noted`, faults do not refuse the batch, except unreadable
    /// rows and faults of the batch itself.
    fn assess(
        &self,
        conn: &mut Conn,
        mut draft: Draft,
        submission: &mut Submission,
        only_noted: bool,
    ) -> Result<(Vec<Revised>, Draft), ServiceError> {
        let catalogue = self.view.catalogue;
        let (mut rows, mut row_errors) = draft.check(catalogue, self.view.caller, self.context.today());
        let each_line = draft.mode == Mode::Partial && draft.layout.as_ref().is_some_and(Layout::rows_name_provinces);
        if each_line {
            reject_foreign(self.client, &mut rows, &mut row_errors, catalogue);
        }
        let listed = |row_errors: Vec<RowError>| listed(&draft.seen(row_errors));
        let of_batch = row_errors.iter().any(|row_error| row_error.row.is_none());
        let unreadable = only_noted && !draft.faults.is_empty();
        let named = draft.provinces(catalogue);
        submission.provinces = rows.iter().map(|row| row.series.province.clone()).chain(named.iter().cloned()).collect();
        let (first, last) = (rows.iter().map(|row| row.period.start()).min(), rows.iter().map(|row| row.period.end()).max());
        submission.days = first.zip(last);
        // Keep the indicators of faulty rows too: these rows are stored and shown.
        let named_in_rows = draft.rows.iter().filter_map(|row| row.indicator.clone());
        submission.indicators = named_in_rows.filter(|code| catalogue.current(code).is_some()).collect();
        let denied = if each_line { Vec::new() } else { denied(self.client, &rows, &named, catalogue) };
        let refusing = of_batch || unreadable || draft.mode == Mode::Atomic && !only_noted;
        if !denied.is_empty() && (row_errors.is_empty() || !refusing) {
            return Err(ServiceError::Forbidden(listed(denied)));
        }
        if !denied.is_empty() || of_batch || unreadable {
            return Err(ServiceError::broken(listed(row_errors)));
        }
        let mode = if only_noted { Mode::Partial } else { draft.mode };
        let mut standing = standing(conn, &rows, catalogue, self.view.caller)?;
        // The time of submission counts, not the time of approval: a review must not make figures late.
        let handed_in = submission.steps.iter().rfind(|step| step.action == Action::Submit && !only_noted).map_or(self.at, |step| step.at);
        standing.closed = closed(conn, &rows, catalogue, self.context.day_of(Some(handed_in)))?;
        let (revised, row_errors) = revise(mode, rows, row_errors, &standing, catalogue, self.at, || Uuid::now_v7().to_string());
        if refusing && !row_errors.is_empty() {
            return Err(ServiceError::broken(listed(row_errors)));
        }
        let mut good: HashMap<usize, &Revised> = revised.iter().map(|row| (row.row.position, row)).collect();
        let mut errors: HashMap<usize, Vec<LocatedFault>> = HashMap::new();
        for row_error in draft.seen(row_errors) {
            errors.entry(row_error.row.unwrap_or_default()).or_default().push(row_error.located);
        }
        let published = submission.state == Stage::Approved;
        let before = mem::take(&mut submission.rows);
        let mut outcome = |row: &DraftRow| match good.remove(&row.position) {
            Some(revised) => revised.row_outcome(published),
            None => RowOutcome::rejected(row, errors.remove(&row.position).unwrap_or_default()),
        };
        let mut outcomes: BTreeMap<usize, RowOutcome> = draft.rows.iter().map(|row| (row.position, outcome(row))).collect();
        // A row that was rejected at submission stays rejected and is not checked again.
        for (position, row) in before.into_iter().enumerate().filter(|(_, row)| row.outcome == Outcome::Rejected && !only_noted) {
            outcomes.entry(position).or_insert(row);
        }
        if !only_noted {
            draft.rows.retain(|row| outcomes.get(&row.position).is_some_and(|of| of.outcome != Outcome::Rejected));
        }
        submission.rows = outcomes.into_values().collect();
        submission.counts = Counts::of(&submission.rows);
        Ok((revised, draft))
    }
}

/// Faults for rows outside the client's provinces or fields: one per province, one per row for the field.
fn denied(client: &Client, rows: &[Row], named: &BTreeSet<String>, catalogue: &Catalogue) -> Vec<RowError> {
    let reach = Remit::of(client, &catalogue.provinces);
    let provinces: BTreeSet<&String> = rows.iter().map(|row| &row.series.province).chain(named).collect();
    let of_provinces = provinces.into_iter().filter_map(|key| reach.check(catalogue.provinces.get(key)?).err());
    let of_provinces = of_provinces.map(|fault| RowError { row: None, located: fault.at(Location::Pointer("/province".into())) });
    let of_fields = rows.iter().filter_map(|row| {
        let fault = client.may_work_in(catalogue.current(&row.series.indicator)?.indicator).err()?;
        Some(RowError {
            row: Some(row.position),
            located: fault.at(Location::Pointer(format!("/observations/{}/indicator", row.position))),
        })
    });
    of_provinces.chain(of_fields).collect()
}

/// Rejects stream lines outside the client's provinces or fields and keeps the others. After a reorganisation the same code may mean
/// another province, so a stream may contain such lines.
fn reject_foreign(client: &Client, rows: &mut Vec<Row>, row_errors: &mut Vec<RowError>, catalogue: &Catalogue) {
    rows.retain(|row| {
        let denied = denied(client, std::slice::from_ref(row), &BTreeSet::new(), catalogue);
        let own = denied.is_empty();
        row_errors.extend(denied.into_iter().map(|row_error| RowError { row: Some(row.position), ..row_error }));
        own
    });
}

/// The submission with this id, if the client may send or review for its organisation.
fn visible(conn: &mut Conn, id: &str, view: &View<'_>) -> Result<Submission, ServiceError> {
    store::submissions::find(conn, id)?.filter(|submission| submission.visible_to(view)).ok_or_else(unknown)
}

fn known_id(id: &str) -> Result<String, ServiceError> {
    Uuid::parse_str(id).map(|id| id.to_string()).map_err(|_| unknown())
}

fn unknown() -> ServiceError {
    ServiceError::NotFound(Fault::new(Code::NotFound, "there is no such submission, or none that this client sends or reviews"))
}

/// Finds a submission of the caller's organisation, or one that the caller may review.
///
/// # Errors
/// `ServiceError::NotFound`.
pub async fn get_submission(context: &Arc<Context>, by: &Authorized<ViewSubmissions>, id: &str) -> Result<SubmissionView, ServiceError> {
    let caller = by.caller();
    let (shared, id, caller) = (Arc::clone(context), known_id(id)?, caller.clone());
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let view = View::new(&caller, &catalogue);
            let submission = visible(conn, &id, &view)?;
            let sent = store::submissions::document(conn, &id)?;
            // Warnings reveal stored figures, and unpublished rows are confidential: mark both as read.
            let indicators = submission.indicators.iter().filter_map(|code| catalogue.current(code));
            indicators.for_each(|found| caller.saw(found.indicator));
            if sent.is_some() {
                caller.saw_more_than_open();
            }
            Ok(SubmissionView { sent, ..SubmissionView::by(submission, &view) })
        })
        .await
}

/// Submissions loaded at once. A restricted client may see only a few of those from a stream.
const AT_ONCE: usize = 500;

/// Lists the submissions that the caller may send or review, newest first.
///
/// # Errors
/// Without the scopes `submit` and `approve`.
pub async fn list_submissions(
    context: &Arc<Context>,
    by: &Authorized<ViewSubmissions>,
    standing: Option<Stage>,
    before: Option<String>,
    limit: usize,
) -> Result<Vec<SubmissionView>, ServiceError> {
    let (client, caller, shared) = (by.client().clone(), by.caller().clone(), Arc::clone(context));
    let reviews_all = client.organisation.is_none() && client.scopes.contains(&Scope::Approve);
    let mut wanted = SubmissionFilter {
        of: (!reviews_all).then(|| (client.id.clone(), client.organisation.clone())),
        state: standing,
        before,
        limit: i64::try_from(limit.max(AT_ONCE)).unwrap_or(i64::MAX),
    };
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let view = View::new(&caller, &catalogue);
            let mut found: Vec<SubmissionView> = Vec::new();
            // Hidden submissions leave gaps on the page. Load more until it is full.
            loop {
                let some = store::submissions::list(conn, &wanted)?;
                let more = some.len() >= limit.max(AT_ONCE);
                wanted.before = some.last().map(|last| last.id.clone());
                let seen = some.into_iter().filter(|submission| submission.visible_to(&view));
                found.extend(seen.map(|submission| SubmissionView::by(submission, &view)));
                if !more || found.len() >= limit {
                    found.truncate(limit);
                    return Ok(found);
                }
            }
        })
        .await
}

/// The reason for a rollback: a refusal or a dry run.
enum Stopped {
    Refused(ServiceError),
    Dry(Submitted),
}

impl<E: Into<ServiceError>> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped::Refused(error.into())
    }
}

/// The stored figures of the years of the rows' periods: all breakdowns of their indicators and of the indicators in their rules. For a
/// renamed province also the figures under its old name.
fn standing(conn: &mut Conn, rows: &[Row], catalogue: &Catalogue, handler: &Caller) -> Result<CurrentRecord, StoreError> {
    let units: BTreeSet<&String> = rows.iter().map(|row| &row.series.province).collect();
    let units = units.into_iter().filter_map(|key| catalogue.provinces.get(key));
    let provinces: BTreeSet<String> = units.flat_map(|unit| catalogue.provinces.continued(unit)).collect();
    let mut indicators: BTreeSet<&str> = rows.iter().map(|row| row.series.indicator.as_str()).collect();
    let asked = catalogue.rules(handler).map(|version| &version.rule).filter(|rule| !rule.retired);
    let rules: Vec<&Rule> = asked.filter(|rule| rule.figures().any(|(code, _)| indicators.contains(code))).collect();
    // The result of a rule reveals the other figures in it: mark them as read.
    let beside = rules.iter().flat_map(|rule| rule.figures()).filter_map(|(code, _)| catalogue.current(code));
    beside.for_each(|found| handler.saw(found.indicator));
    indicators.extend(rules.iter().flat_map(|rule| rule.figures()).map(|(code, _)| code));
    let from = rows.iter().map(|row| row.period.whole_years().0).min();
    // The plausibility check needs the years before.
    let earlier = from.and_then(|from| NaiveDate::from_ymd_opt(from.year() - YEARS, 1, 1));
    let wanted = StoredFigures {
        provinces: provinces.into_iter().collect(),
        indicators: indicators.into_iter().map(str::to_owned).collect(),
        breakdowns: Breakdowns::All,
        revisions: Revisions::Standing,
        from: earlier.or(from),
        to: rows.iter().map(|row| row.period.whole_years().1).max(),
        as_of: None,
    };
    let found = store::observations::list(conn, &wanted)?;
    let mut past = HistoricalValues::default();
    past.add(&found);
    let of_these_years = found.into_iter().filter(|observation| from.is_none_or(|from| from <= observation.period.start()));
    let observations: HashMap<(SeriesKey, Period), Observation> =
        of_these_years.map(|observation| ((observation.series.clone(), observation.period), observation)).collect();
    let claimed = rows.iter().filter(|row| !row.claims.is_empty() || row.content.figure().is_none());
    let ids = claimed.filter_map(|row| observations.get(&(row.series.clone(), row.period))).map(|known| known.id.clone());
    let claims = store::claims::standing(conn, &ids.collect::<Vec<_>>())?;
    Ok(CurrentRecord { observations, claims, past, closed: HashMap::new(), rules: rules.into_iter().cloned().collect() })
}

fn record(conn: &mut Conn, submission: &str, at: DateTime<Utc>, revised: &Revised) -> Result<(), StoreError> {
    let Revised { row, outcome, observation, .. } = revised;
    if *outcome == Outcome::Unchanged {
        store::observations::confirm(conn, observation, &row.citation, submission, at)?;
    } else {
        store::observations::append(conn, observation, submission)?;
    }
    for claim in &revised.claims {
        let new = NewRevision {
            observation: &observation.id,
            kind: claim.kind,
            value: claim.value,
            reason: row.reason.as_deref(),
            figure_since: observation.recorded_at,
            submission,
            at,
        };
        store::claims::append(conn, &new)?;
    }
    Ok(())
}
