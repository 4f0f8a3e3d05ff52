//! `/v1/submissions`: figures submitted by departments.

use std::collections::HashMap;
use std::ops::Not;

use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::read_row::ReadRow;
use crate::domain::access::role::{self, Authorized, ViewSubmissions};
use crate::domain::batch::layout::{LeftOut, LeftOutReason};
use crate::domain::fault::Location;
use crate::domain::language::Language;
use crate::domain::outcome::Outcome;
use crate::domain::submission::submission::{self, RowOutcome, Step};
use crate::domain::submission::warning::{RowWarning, Warning};
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::Calendar;
use crate::formats::fields::schema::{Answer, Request};
use crate::formats::observation::{BatchFields, ObservationFields};
use crate::formats::submission::read;
use crate::http::catalogue::source::SourceView;
use crate::http::extract::body::JsonBody;
use crate::http::extract::language::{Languages, Localized, with_messages};
use crate::http::extract::page::{Page, cursor};
use crate::http::extract::parameter::word;
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::{Problem, ProblemError};
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::review;
use crate::service::submissions::submissions::{self, SubmissionView, Submitted};

/// The body of `POST /v1/submissions`.
pub type NewSubmission = Request<BatchFields>;

/// A row as sent.
pub type SentRow = Answer<ObservationFields>;

/// The result of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
    /// True for a dry run: nothing is stored, and the answer says what would happen. Absent otherwise
    #[serde(skip_serializing_if = "Not::not")]
    #[schema(required = false)]
    dry_run: bool,
    /// Id of the submission; absent for a dry run
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// State in the workflow; for a dry run, the state that the submission would have
    state: Stage,
    /// Actions that the caller may take now; none for a dry run
    may: Vec<Action>,
    /// The organisation of the sender
    #[schema(required = true)]
    organisation: Option<String>,
    /// Time of storing; absent for a dry run
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<DateTime<Utc>>,
    /// The source document
    source: SourceView,
    /// Key, code or name of the province as sent; only if the rows have `sent`
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<String>,
    /// Calendar of all periods as sent, if there was one; only if the rows have `sent`
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
    /// Number of rows by outcome
    counts: Counts,
    /// Results of the rows, in the order of sending; for a submission that is not published, the expected results. Absent in lists
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<SubmissionRow>>,
    /// The workflow steps, oldest first; none for a dry run
    steps: Vec<StepView>,
}

/// The answer to a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SubmitAnswer {
    /// Of a JSON document.
    Document(Box<Submission>),
    /// Of a file.
    File(FileSubmissions),
}

/// The result of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileSubmissions {
    /// A submission for each province, in the order of their first rows
    submissions: Vec<Submission>,
    /// Number of rows by outcome, of all submissions
    counts: Counts,
    /// Rows of the file that were left out; empty for none
    left_out: Vec<LeftOutRow>,
}

/// A row of a file that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOutRow {
    /// Number of the row in the file
    row: usize,
    /// Why it was left out
    reason: LeftOutReason,
}

impl FileSubmissions {
    /// The answer to a file, with messages in a language.
    #[must_use]
    pub fn of(Submitted { submissions, left_out }: Submitted, language: Language) -> FileSubmissions {
        let mut counts = submission::Counts::default();
        for handled in &submissions {
            counts += handled.submission.counts;
        }
        FileSubmissions {
            submissions: submissions.into_iter().map(|view| Submission::of(view, language)).collect(),
            counts: counts.into(),
            left_out: left_out.into_iter().map(|LeftOut { row, reason }| LeftOutRow { row, reason }).collect(),
        }
    }
}

/// A workflow step of a submission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Step")]
pub struct StepView {
    /// The action
    action: Action,
    /// The state after the action
    state: Stage,
    /// Id of the client
    client: String,
    /// The comment
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// Time of the action
    at: DateTime<Utc>,
}

impl From<Step> for StepView {
    fn from(Step { action, state, client, comment, at }: Step) -> StepView {
        StepView { action, state, client, comment, at }
    }
}

/// Number of rows by outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// First figures of their series and period
    created: i32,
    /// New revisions of current figures
    updated: i32,
    /// Figures equal to the current ones
    unchanged: i32,
    /// Withdrawn figures; absent if there are none
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<i32>,
    /// Rows that were not stored; always 0 for a submitted atomic batch
    rejected: i32,
}

impl From<submission::Counts> for Counts {
    fn from(counts: submission::Counts) -> Counts {
        let submission::Counts { created, updated, unchanged, withdrawn, rejected } = counts;
        Counts { created, updated, unchanged, withdrawn: Some(withdrawn).filter(|count| *count > 0), rejected }
    }
}

/// The result of a row, and the row as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionRow {
    /// Reference of the sender to the row
    #[schema(required = true)]
    row_ref: Option<String>,
    /// Result
    outcome: Outcome,
    /// Id of the observation; null for a rejected row, and for a new figure that is not published
    #[schema(required = true)]
    observation: Option<String>,
    #[serde(flatten)]
    #[schema(value_type = ReadRow)]
    read: Option<ReadRow>,
    /// Faults of the row; empty for an accepted row
    errors: Vec<ProblemError>,
    /// Warnings of an accepted row
    warnings: Vec<WarningView>,
    /// The row as sent, for a submission that goes through review
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Box<SentRow>>,
}

/// A warning.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "RowWarning")]
pub struct WarningView {
    /// The warning code
    code: Warning,
    /// A sentence for readers, with the figures
    message: String,
}

impl Submission {
    /// The submission, with messages in a language.
    #[must_use]
    pub fn of(SubmissionView { submission, may, sent, dry_run }: SubmissionView, language: Language) -> Submission {
        let (province, calendar) = sent.as_ref().map(|sent| (sent.province.clone(), sent.calendar)).unwrap_or_default();
        let sent = sent.into_iter().flat_map(|sent| sent.rows);
        let mut sent: HashMap<usize, Box<SentRow>> =
            sent.map(|row| (row.position, Box::new(ObservationFields::from(row).into()))).collect();
        let rows = submission.rows.into_iter().enumerate();
        let rows = rows.map(|(position, row)| SubmissionRow { sent: sent.remove(&position), ..SubmissionRow::of(row, language) });
        Submission {
            dry_run,
            counts: submission.counts.into(),
            province,
            calendar,
            rows: Some(rows.collect()),
            id: Some(submission.id).filter(|_| !dry_run),
            state: submission.state,
            may: if dry_run { Vec::new() } else { may },
            organisation: submission.organisation,
            received_at: Some(submission.received_at).filter(|_| !dry_run),
            source: (&submission.source).into(),
            steps: submission.steps.into_iter().filter(|_| !dry_run).map(StepView::from).collect(),
        }
    }
}

impl SubmissionRow {
    /// The row, with messages in a language.
    #[must_use]
    pub(super) fn of(row: RowOutcome, language: Language) -> SubmissionRow {
        let warning = |warning: RowWarning| WarningView { code: warning.code, message: warning.message.text(language).to_owned() };
        SubmissionRow {
            row_ref: row.row_ref,
            outcome: row.outcome,
            observation: row.observation,
            read: row.read.map(ReadRow::from),
            errors: row.errors.into_iter().map(|error| ProblemError::of(error, language)).collect(),
            warnings: row.warnings.into_iter().map(warning).collect(),
            sent: None,
        }
    }

    /// The same without its place: a line of an answer to a stream has its number.
    #[must_use]
    pub(super) fn without_location(mut self) -> SubmissionRow {
        if let Some(read) = &mut self.read {
            read.location = None;
        }
        self
    }
}

/// A page of submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionPage {
    /// The submissions, newest first
    items: Vec<Submission>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Replace a draft
///
/// Replaces the rows and the source document of a submission in the state `draft` or `returned`. The rows only need to be readable; their
/// other faults are listed with each row.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"])), request_body = NewSubmission,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The submission is not editable in its state", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/submissions/{id}")]
pub async fn replace_submission(
    write: WriteContext,
    sender: Authorized<role::SubmitFigures>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Localized<Submission>, Problem> {
    query.finish()?;
    let (sent, _) = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
    if !sent.faults.is_empty() {
        return Err(ServiceError::Invalid(sent.faults.into_iter().map(|error| error.located).collect()).into());
    }

    let replaced = submissions::replace_submission(&write, &sender, &id, sent).await?;
    Ok(with_messages(Submission::of(replaced, languages.of_messages()), languages))
}

/// Which submissions are listed.
pub struct SubmissionList {
    state: Option<Stage>,
    page: Page<1>,
}

impl FromQuery for SubmissionList {
    fn from_query(query: &mut Query) -> SubmissionList {
        let state = query.optional(word("state", "Only submissions in this state", Stage::parse));
        SubmissionList { state, page: Page::read(query, "submissions") }
    }
}

/// List submissions
///
/// Lists the submissions of your organisation or for your review, newest first, without rows. The counts of a waiting submission are those of
/// a review. A page may have fewer items than its limit: follow `next`.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])), params(Parameters<SubmissionList>),
    responses((status = 200, description = "The submissions", body = SubmissionPage))
)]
#[get("/v1/submissions")]
pub async fn list_submissions(
    state: Data<ServerState>,
    handler: Authorized<ViewSubmissions>,
    languages: Languages,
    query: Parameters<SubmissionList>,
) -> Result<Json<SubmissionPage>, Problem> {
    let SubmissionList { state: standing, page } = query.finish()?;

    let (found, more) = review::list_submissions(&state.context, &handler, standing, page.after.map(|[id]| id), page.limit).await?;
    let next = found.last().filter(|_| more).map(|last| cursor("submissions", [&last.submission.id]));
    let item = |handled: SubmissionView| Submission { rows: None, ..Submission::of(handled, languages.of_messages()) };
    Ok(Json(SubmissionPage { items: found.into_iter().map(item).collect(), next }))
}

/// Get a submission
///
/// Returns a submission of your organisation or for your review. If the submission goes through review, each row contains its content as
/// `sent`, in a form that can be sent again. The rows of a waiting submission are shown beside the figures that are stored now: `outcome`,
/// `errors` and `warnings` are those of an approval at this moment. A row that would replace a figure or a claim of another revision than when
/// the submission was last submitted has the warning `changed_since_submitted`.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])),
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The submission", body = Submission))
)]
#[get("/v1/submissions/{id}")]
pub async fn get_submission(
    state: Data<ServerState>,
    handler: Authorized<ViewSubmissions>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
) -> Result<Localized<Submission>, Problem> {
    query.finish()?;

    let found = review::get_submission(&state.context, &handler, &id).await?;
    Ok(with_messages(Submission::of(found, languages.of_messages()), languages))
}
