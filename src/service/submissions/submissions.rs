//! Submissions: a batch of figures is checked, recorded and published in one transaction, or refused with all faults.
//! The checks of rows and the workflow are in `domain`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use uuid::Uuid;

use super::idempotency::{KEPT, PendingRequests, reused_key};
use super::past::histories;
use crate::context::Context;
use crate::domain::access::client::Client;
use crate::domain::access::remit::{Remit, View};
use crate::domain::access::role::{self, Authorized, Caller, Permission};
use crate::domain::batch::layout::{Layout, LeftOut};
use crate::domain::batch::rows::{Mode, RowError, listed};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::language::Language;
use crate::domain::message::message;
use crate::domain::observation::observation::Observation;
use crate::domain::outcome::Outcome;
use crate::domain::submission::changes::{ChangedRow, changed_rows, forget_unchanged};
use crate::domain::submission::draft::{Draft, DraftRow, Row};
use crate::domain::submission::plausibility::{HistoricalValues, YEARS};
use crate::domain::submission::read_row::ReadRow;
use crate::domain::submission::revise::{CurrentRecord, revise};
use crate::domain::submission::revised::Revised;
use crate::domain::submission::submission::{Counts, RowOutcome, Step, Submission};
use crate::domain::submission::warning::Warning;
use crate::domain::submission::workflow::{self, Action, Remark, State as Stage};
use crate::domain::time::period::Period;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::snapshot;
use crate::service::operations::audit::{self, Action as Recorded, WriteContext};
use crate::service::reporting::obligations::closed;
use crate::store::answers::Answered;
use crate::store::claims::NewRevision;
use crate::store::observations::{Breakdowns, ObservationQuery as StoredFigures, Revisions};
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
    pub answer: fn(&Submitted, Language) -> String,
    /// The language of that body.
    pub language: Language,
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
    /// True for a dry run: nothing is stored, and the submission does not exist.
    pub dry_run: bool,
}

impl SubmissionView {
    pub(super) fn by(submission: Submission, view: &View<'_>) -> SubmissionView {
        let may = workflow::may(submission.state, submission.actor(view));
        SubmissionView { submission, may, sent: None, dry_run: false }
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
                match submit_draft(conn, &shared.context, &client, &view, draft, &sending) {
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
                let answered = Answered { fingerprint: once.fingerprint, answer: (once.answer)(&submitted, once.language) };
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
    sending: &SubmitOptions,
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
    let desk = SubmissionAssessment { context, client, view, at: submission.received_at, dry_run: sending.dry_run };
    let action = if sending.draft { Action::Edit } else { Action::Submit };
    desk.step(conn, &mut submission, action, None)?;
    let purpose = if sending.draft { Purpose::Draft } else { Purpose::Submit };
    let (assessed, document) = desk.assess(conn, draft, &mut submission, &purpose)?;
    let published = submission.state == Stage::Approved;
    store::submissions::insert(conn, &submission, (!published).then_some(&document))?;
    if published {
        assessed.iter().try_for_each(|row| record(conn, &submission.id, desk.at, row))?;
    }
    let sent = (!published).then_some(document);
    Ok(SubmissionView { sent, dry_run: sending.dry_run, ..SubmissionView::by(submission, view) })
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
            let at = shared.context.clock.now();
            let desk = SubmissionAssessment { context: &shared.context, client: &client, view: &view, at, dry_run: false };
            desk.step(conn, &mut submission, Action::Edit, None)?;
            submission.source = draft.source.clone();
            let (_, document) = desk.assess(conn, draft, &mut submission, &Purpose::Draft)?;
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
    remark: Remark,
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
            let at = shared.context.clock.now();
            let mut desk = SubmissionAssessment { context: &shared.context, client: &client, view: &view, at, dry_run: false };
            desk.step(conn, &mut submission, action, remark.text())?;
            let purpose = if action == Action::Approve { Purpose::Approve(remark.changes_accepted) } else { Purpose::Submit };
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
                let (weighed, document) = desk.assess(conn, document, &mut submission, &purpose)?;
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

/// Why the rows of a submission are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To keep a draft: its errors are noted.
    Draft,
    /// To submit it: its errors refuse it.
    Submit,
    /// To show a waiting submission beside the current figures: its errors are noted.
    Review,
    /// To approve it: its errors refuse it, and so do changes since the submission without a reason to accept them.
    Approve(Option<String>),
}

impl Purpose {
    /// Whether errors are only noted.
    fn notes(&self) -> bool {
        matches!(self, Purpose::Draft | Purpose::Review)
    }

    /// The reason for rows whose stored figures have changed since the submission; `None` where the submission is not in review. In a
    /// review the reason of a later approval is not known, and nothing is recorded.
    fn reason_for_changes(&self) -> Option<&str> {
        match self {
            Purpose::Draft | Purpose::Submit => None,
            Purpose::Review => Some(""),
            Purpose::Approve(reason) => Some(reason.as_deref().unwrap_or_default()),
        }
    }
}

/// The context for handling a submission.
pub(super) struct SubmissionAssessment<'d> {
    pub(super) context: &'d Context,
    pub(super) client: &'d Client,
    pub(super) view: &'d View<'d>,
    pub(super) at: DateTime<Utc>,
    pub(super) dry_run: bool,
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
    /// rows with their changes, and the draft without rejected rows.
    pub(super) fn assess(
        &self,
        conn: &mut Conn,
        mut draft: Draft,
        submission: &mut Submission,
        purpose: &Purpose,
    ) -> Result<(Vec<Revised>, Draft), ServiceError> {
        let catalogue = self.view.catalogue;
        let mut checked = draft.check(catalogue, self.view.caller, self.context.today());
        let rows = &checked.valid;
        let of_batch = checked.errors.iter().any(|row_error| row_error.row.is_none());
        let unreadable = *purpose == Purpose::Draft && !draft.faults.is_empty();
        let named = draft.provinces(catalogue);
        let each_line = draft.mode == Mode::Partial && draft.layout.as_ref().is_some_and(Layout::rows_name_provinces);
        let mut denials = Vec::new();
        // Whom a submission in review concerns was decided when it was submitted, and who sees it for review also sees its rows.
        if *purpose != Purpose::Review {
            submission.provinces = rows.iter().map(|row| row.series.province.clone()).chain(named.iter().cloned()).collect();
            let (first, last) = (rows.iter().map(|row| row.period.start()).min(), rows.iter().map(|row| row.period.end()).max());
            submission.days = first.zip(last);
            // Keep the indicators of faulty rows too: these rows are stored and shown.
            let named_in_rows = draft.rows.iter().filter_map(|row| row.indicator.clone());
            submission.indicators = named_in_rows.filter(|code| catalogue.current(code).is_some()).collect();
            if !each_line {
                denials = denied(self.client, rows, &named, catalogue);
            }
            // Rows that the client may not write are not held against the stored figures: the answer would tell of these.
            let foreign = reject_foreign(self.client, &mut checked.valid, catalogue);
            if each_line {
                checked.errors.extend(foreign);
            }
        }
        let refusing = of_batch || unreadable || draft.mode == Mode::Atomic && !purpose.notes();
        let mode = if purpose.notes() { Mode::Partial } else { draft.mode };
        let mut standing = standing(conn, &checked.valid, catalogue, self.view.caller)?;
        // The time of submission counts, not the time of approval: a review must not make figures late.
        let submitted = submission.steps.iter().rfind(|step| step.action == Action::Submit && *purpose != Purpose::Draft);
        let handed_in = submitted.map_or(self.at, |step| step.at);
        standing.closed = closed(conn, &checked.valid, catalogue, self.context.day_of(Some(handed_in)))?;
        let mut changed = HashMap::new();
        if let Some(reason) = purpose.reason_for_changes() {
            let found = changed_rows(&checked.valid, &submission.rows, &standing, handed_in);
            changed = found.into_iter().map(|changed| (changed.position, changed)).collect();
            // Who accepts that a figure has changed also accepts that the row undoes it, and why.
            for row in checked.valid.iter_mut().filter(|row| changed.contains_key(&row.position)) {
                row.acknowledge.push(Warning::Reverts);
                row.reason.get_or_insert_with(|| reason.to_owned());
            }
        }
        let (revised, mut row_errors) = revise(mode, checked, &standing, catalogue, self.at, || Uuid::now_v7().to_string());
        forget_unchanged(&mut changed, &revised);
        let ids: Vec<String> = changed.values().map(|changed| changed.observation.clone()).collect();
        let histories = store::observations::revisions(conn, &ids)?;
        let history = |changed: &ChangedRow| histories.get(&changed.observation).map_or(&[][..], Vec::as_slice);
        if *purpose == Purpose::Approve(None) {
            row_errors.extend(changed.values().map(|changed| changed.fault(history(changed))));
            row_errors.sort_by_key(|row_error| row_error.row);
        }
        let broken = refusing && !row_errors.is_empty();
        if broken || !denials.is_empty() {
            if broken {
                row_errors.extend(denials);
                return Err(ServiceError::broken(listed(&draft.seen(row_errors, catalogue, self.view.caller))));
            }
            denials.extend(row_errors);
            return Err(ServiceError::Forbidden(listed(&draft.seen(denials, catalogue, self.view.caller))));
        }
        let mut good: HashMap<usize, &Revised> = revised.iter().map(|row| (row.row.position, row)).collect();
        let mut errors: HashMap<usize, Vec<LocatedFault>> = HashMap::new();
        for row_error in draft.seen(row_errors, catalogue, self.view.caller) {
            errors.entry(row_error.row.unwrap_or_default()).or_default().push(row_error.located);
        }
        let published = submission.state == Stage::Approved && !self.dry_run;
        let before = mem::take(&mut submission.rows);
        let mut outcome = |row: &DraftRow| {
            let revised = good.remove(&row.position);
            let read = ReadRow::of(&draft, row, revised.map(|revised| &revised.row), catalogue, self.view.caller);
            let Some(revised) = revised else {
                return RowOutcome::rejected(row.row_ref.clone(), read, errors.remove(&row.position).unwrap_or_default());
            };
            let mut outcome = revised.row_outcome(published, read);
            outcome.warnings.extend(changed.get(&row.position).map(|changed| changed.warning(history(changed))));
            outcome
        };
        let mut outcomes: BTreeMap<usize, RowOutcome> = draft.rows.iter().map(|row| (row.position, outcome(row))).collect();
        // A row that was rejected at submission stays rejected and is not checked again.
        for (position, row) in
            before.into_iter().enumerate().filter(|(_, row)| row.outcome == Outcome::Rejected && *purpose != Purpose::Draft)
        {
            outcomes.entry(position).or_insert(row);
        }
        if !purpose.notes() {
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

/// Takes out rows outside the client's provinces or fields and returns their faults. After a reorganisation the same code may mean another
/// province, so a stream may contain such lines.
fn reject_foreign(client: &Client, rows: &mut Vec<Row>, catalogue: &Catalogue) -> Vec<RowError> {
    let mut row_errors = Vec::new();
    rows.retain(|row| {
        let denied = denied(client, std::slice::from_ref(row), &BTreeSet::new(), catalogue);
        let own = denied.is_empty();
        row_errors.extend(denied.into_iter().map(|row_error| RowError { row: Some(row.position), ..row_error }));
        own
    });
    row_errors
}

/// The submission with this id, if the client may send or review for its organisation.
pub(super) fn visible(conn: &mut Conn, id: &str, view: &View<'_>) -> Result<Submission, ServiceError> {
    store::submissions::find(conn, id)?.filter(|submission| submission.visible_to(view)).ok_or_else(unknown)
}

pub(super) fn known_id(id: &str) -> Result<String, ServiceError> {
    Uuid::parse_str(id).map(|id| id.to_string()).map_err(|_| unknown())
}

fn unknown() -> ServiceError {
    ServiceError::NotFound(Fault::new(
        Code::NotFound,
        message!(
            en: "there is no such submission, or none that this client sends or reviews",
            vi: "không có báo cáo này, hoặc hệ thống gọi API này không gửi hay duyệt nó"
        ),
    ))
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
    let asked = catalogue.rules(handler).map(|version| &version.definition).filter(|rule| !rule.retired);
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
    let histories = histories(conn, rows, &observations)?;
    Ok(CurrentRecord { observations, claims, histories, past, closed: HashMap::new(), rules: rules.into_iter().cloned().collect() })
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
