//! `/v1/submissions`: figures submitted by departments.

use crate::domain::access::role::Authorized;
use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, Bytes, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::streams::{self, StreamLine};
use crate::domain::access::role::{self, ViewSubmissions};
use crate::domain::batch::rows::Mode;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::number::decimal::NumberLocale;
use crate::domain::outcome::Outcome;
use crate::domain::submission::draft::Draft;
use crate::domain::submission::submission::{self, RowOutcome, Step};
use crate::domain::submission::warning::RowWarning;
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::Calendar;
use crate::formats::fields::schema::{Answer, Request};
use crate::formats::file::{self, Kind};
use crate::formats::observation::{BatchFields, ObservationFields};
use crate::formats::submission::read;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::request::{JsonBody, Query, Upload, XLSX, boolean, fingerprint, idempotency_key};
use crate::http::figures::view::SourceView;
use crate::http::problem::{Problem, ProblemError};
use crate::service::submissions::submissions::{self, IdempotencyKey, SubmissionView, SubmitOptions, SubmitResult};
use crate::service::{ServiceError, StoreError};
use crate::state::State;

/// The body of `POST /v1/submissions`.
pub type NewSubmission = Request<BatchFields>;

/// The source of figures, targets and decisions.
pub type NewSource = Request<Source>;

/// A row as sent.
pub type SentRow = Answer<ObservationFields>;

/// The result of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
    /// Id of the submission
    id: String,
    /// State in the workflow
    state: Stage,
    /// Actions that the caller may take now
    may: Vec<Action>,
    /// The organisation of the sender
    #[schema(required = true)]
    organisation: Option<String>,
    /// Time of storing
    received_at: DateTime<Utc>,
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
    /// The workflow steps, oldest first
    steps: Vec<StepView>,
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

/// The result of a row.
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
    /// Faults of the row; empty for an accepted row
    errors: Vec<ProblemError>,
    /// Warnings of an accepted row
    warnings: Vec<RowWarning>,
    /// The row as sent, for a submission that goes through review
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Box<SentRow>>,
}

impl From<SubmissionView> for Submission {
    fn from(SubmissionView { submission, may, sent }: SubmissionView) -> Submission {
        let (province, calendar) = sent.as_ref().map(|sent| (sent.province.clone(), sent.calendar)).unwrap_or_default();
        let sent = sent.into_iter().flat_map(|sent| sent.rows);
        let mut sent: HashMap<usize, Box<SentRow>> =
            sent.map(|row| (row.position, Box::new(ObservationFields::from(row).into()))).collect();
        let rows = submission.rows.into_iter().enumerate();
        let rows = rows.map(|(position, row)| SubmissionRow { sent: sent.remove(&position), ..row.into() });
        Submission {
            counts: submission.counts.into(),
            province,
            calendar,
            rows: Some(rows.collect()),
            id: submission.id,
            state: submission.state,
            may,
            organisation: submission.organisation,
            received_at: submission.received_at,
            source: (&submission.source).into(),
            steps: submission.steps.into_iter().map(StepView::from).collect(),
        }
    }
}

impl From<RowOutcome> for SubmissionRow {
    fn from(row: RowOutcome) -> SubmissionRow {
        SubmissionRow {
            row_ref: row.row_ref,
            outcome: row.outcome,
            observation: row.observation,
            errors: row.errors.into_iter().map(ProblemError::from).collect(),
            warnings: row.warnings,
            sent: None,
        }
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

/// Options of a submission.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct SubmitParams {
    /// Check everything, store nothing
    #[param(default = false)]
    dry_run: Option<bool>,
    /// For a file or a stream: key, GSO code, ISO code or name of the province; required without a column `Tỉnh` or a `province` in each
    /// line
    #[param(min_length = 1, max_length = 100)]
    province: Option<String>,
    /// For a file or a stream: period of the rows without their own
    period: Option<String>,
    /// For a file or a stream: calendar of all periods, if there is no column `Lịch`
    #[param(inline)]
    calendar: Option<Calendar>,
    /// For a file: treatment of invalid rows; for a stream always `partial`
    #[param(inline)]
    mode: Option<Mode>,
    /// For a file or a stream: notation of numbers in texts; numbers in a workbook do not need it
    #[param(inline)]
    number_locale: Option<NumberLocale>,
    /// For a file: store it as a draft
    draft: Option<bool>,
    /// For a file or a stream: codes of warnings that the sender confirms, separated by commas or repeated
    acknowledge: Option<String>,
    /// For a file or a stream: title of the source document
    title: Option<String>,
    /// For a file or a stream: number of the source document
    number: Option<String>,
    /// For a file or a stream: day of issue of the source document
    date: Option<NaiveDate>,
}

/// The fields that a file does not contain, as in the JSON document that it stands for.
fn of_all_rows(query: &mut Query) -> Map<String, Value> {
    let mut of_all = Map::new();
    for name in ["province", "period", "calendar", "mode", "number_locale"] {
        of_all.extend(query.one(name, |text| Ok(text.to_owned())).map(|text| (name.to_owned(), Value::String(text))));
    }
    of_all.extend(query.one("draft", boolean).map(|draft| ("draft".to_owned(), Value::Bool(draft))));
    let codes: Vec<Value> = query.list("acknowledge").into_iter().map(Value::String).collect();
    if !codes.is_empty() {
        of_all.insert("acknowledge".into(), Value::Array(codes));
    }
    let mut source = Map::new();
    for name in ["title", "number", "date"] {
        source.extend(query.one(name, |text| Ok(text.to_owned())).map(|text| (name.to_owned(), Value::String(text))));
    }
    if !source.is_empty() {
        of_all.insert("source".into(), Value::Object(source));
    }
    of_all
}

/// Reads a file on its own thread, because a large workbook takes a second.
async fn read_file(state: &State, media: &'static str, bytes: Bytes, of_all: Map<String, Value>) -> Result<(Draft, bool), ServiceError> {
    let kind = if media == XLSX { Kind::Xlsx } else { Kind::Csv };
    // The thread holds the permit: it continues after the caller has left.
    let turn = Arc::clone(&state.file_reads).acquire_owned().await;
    let read = move || {
        let _turn = turn;
        file::read(kind, &bytes, of_all)
    };
    let read = web::block(read).await.map_err(|error| ServiceError::Failed(StoreError::Unavailable(error.to_string())))?;
    read.map_err(ServiceError::Invalid)
}

/// Submit figures
///
/// Submits one report as one batch. Each row is checked against its indicator (unit, bounds, whole numbers for counts, a rate against its
/// numerator and denominator), against the current figures, and against the other rows. The batch of a trusted organisation is published at
/// once (`approved`); other batches await approval (`submitted`). The same figure again is `unchanged`, and a second document with it is
/// stored as another source. A different figure is a new revision. A withdrawal is also a revision.
///
/// Some rows are refused unless they set `force` with a `reason`: a figure less final than the current one, a rate that differs from its
/// numerator ÷ denominator, breakdowns that do not add up to their total, figures that break a rule of severity `error` (`GET /v1/rules`),
/// and a figure after the closing day. Unusual figures are refused unless `acknowledge` has the code of the warning. Unusual figures differ
/// strongly from last year or from the earlier series, decrease in the year to date, differ from the value derived from other figures, or
/// break a rule of severity `warning`. A refused batch stores nothing and lists every fault of every row. With `mode` `partial`, the valid
/// rows are stored, and the others are `rejected` with their errors.
///
/// Send a file of figures as CSV (UTF-8, with `;` or `,`) or as a workbook (XLSX), with its media type. Parameters hold the values for all
/// its rows. The columns have the names of the fields, or Vietnamese names: `Mã chỉ tiêu`, `Phân tổ`, `Kỳ`, `Số liệu`, `Tử số`, `Mẫu số`,
/// `Trạng thái`, `Không phát sinh`, `Lý do` and others. Rows without a figure are ignored. `Tỉnh` and `Lịch` apply to the whole file: they
/// have one value in all rows, equal to the parameter if there is one. `GET /v1/templates/{organisation}/{period}.xlsx` is such a file,
/// ready to fill in and send. Faults name the row and column.
///
/// Send any number of figures as a stream (NDJSON). Each line is a row of `observations` and may have its own `province`. The parameters
/// are `mode=partial` and the values for all lines. The answer has one result per line, in the same order. It ends with a line that has
/// `lines`, `submissions` and `counts`, or with a line that has a `problem`; an answer without such a line was interrupted. The rows of one
/// province among each thousand form one submission, which is stored before its results are sent. A dry run checks each thousand without
/// the earlier ones. `pointer` refers to the line.
///
/// A request with an `Idempotency-Key` can be repeated: it is executed once, and gets the first answer again for seven days. An interrupted
/// stream continues where it stopped.
#[utoipa::path(
    tag = "figures", operation_id = "submit", security(("oauth2" = ["submit"])), params(SubmitParams),
    request_body(content(
        (NewSubmission = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/x-ndjson")
    )),
    responses(
        (status = 201, description = "Recorded", body = Submission),
        (status = 200, description = "A dry run with its expected result, a batch or stream with possibly rejected rows, or a repeated answer",
            content((Submission = "application/json"), (StreamLine = "application/x-ndjson"))),
        (status = 404, description = "Withdrawal of an unknown figure", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The request with this key is still in progress", body = Problem, content_type = "application/problem+json")
    )
)]
#[post("/v1/submissions")]
pub async fn submit(
    state: Data<State>,
    sender: Authorized<role::SubmitFigures>,
    request: HttpRequest,
    mut query: Query,
    upload: Upload,
) -> Result<HttpResponse, Problem> {
    let dry_run = query.one("dry_run", boolean).unwrap_or(false);
    let of_all = of_all_rows(&mut query);
    if matches!(upload, Upload::Json(_)) {
        let given = of_all.iter().flat_map(|(name, value)| value.as_object().map_or(vec![name], |source| source.keys().collect()));
        for name in given {
            query.note(name, Fault::new(Code::BadRequest, format!("`{name}` is for files and streams; of JSON it stands in the body")));
        }
    }
    query.finish()?;
    let key = idempotency_key(&request)?;
    let ((sent, draft), fingerprint) = match upload {
        Upload::Stream(body) => return streams::answer(sender, request, of_all, dry_run, key, body).await,
        Upload::Json(body) => {
            (read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?, fingerprint(&request, &body))
        }
        Upload::File(media, body) => {
            let fingerprint = fingerprint(&request, &body);
            (read_file(&state, media, body, of_all).await?, fingerprint)
        }
    };
    let once = key.map(|key| IdempotencyKey { key, fingerprint, answer: in_json });
    let partial = sent.mode == Mode::Partial;

    match submissions::submit(&state, &sender, sent, SubmitOptions { dry_run, draft, once }).await? {
        SubmitResult::Before(answer) => Ok(HttpResponse::Ok().content_type(ContentType::json()).body(answer)),
        SubmitResult::Now(handled) if dry_run || partial => Ok(HttpResponse::Ok().json(Submission::from(*handled))),
        SubmitResult::Now(handled) => {
            let location = format!("/v1/submissions/{}", handled.submission.id);
            Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(Submission::from(*handled)))
        }
    }
}

fn in_json(handled: &SubmissionView) -> String {
    serde_json::to_string(&Submission::from(handled.clone())).expect("a submission has string keys and no maps that fail")
}

/// Replace a draft
///
/// Replaces the rows and the source document of a submission in the state `draft` or `returned`. The rows only need to be readable; their
/// other faults are listed with each row.
#[utoipa::path(
    tag = "figures", operation_id = "replace_submission", security(("oauth2" = ["submit"])), request_body = NewSubmission,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The submission is not editable in its state", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/submissions/{id}")]
pub async fn replace(
    state: Data<State>,
    sender: Authorized<role::SubmitFigures>,
    id: Path<String>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;
    let (sent, _) = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
    if !sent.faults.is_empty() {
        return Err(ServiceError::Invalid(sent.faults.into_iter().map(|error| error.located).collect()).into());
    }

    Ok(Json(submissions::replace(&state, &sender, &id, sent).await?.into()))
}

/// Filters of submissions.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Only submissions in this state
    #[param(inline)]
    state: Option<Stage>,
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// List submissions
///
/// Lists the submissions of your organisation or for your review, newest first, without rows.
#[utoipa::path(
    tag = "figures", operation_id = "list_submissions", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])), params(ListParams),
    responses((status = 200, description = "The submissions", body = SubmissionPage))
)]
#[get("/v1/submissions")]
pub async fn list(state: Data<State>, handler: Authorized<ViewSubmissions>, mut query: Query) -> Result<Json<SubmissionPage>, Problem> {
    let standing = query.one("state", Stage::parse);
    let page: Page<1> = Page::read(&mut query, "submissions");
    query.finish()?;

    let mut found = submissions::list(&state, &handler, standing, page.after.map(|[id]| id), page.limit + 1).await?;
    let next = cut(&mut found, page.limit, |last| cursor("submissions", [&last.submission.id]));
    let item = |handled: SubmissionView| Submission { rows: None, ..handled.into() };
    Ok(Json(SubmissionPage { items: found.into_iter().map(item).collect(), next }))
}

/// Get a submission
///
/// Returns a submission of your organisation or for your review. If the submission goes through review, each row contains its content as
/// `sent`, in a form that can be sent again.
#[utoipa::path(
    tag = "figures", operation_id = "find_submission", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])),
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The submission", body = Submission))
)]
#[get("/v1/submissions/{id}")]
pub async fn find(
    state: Data<State>,
    handler: Authorized<ViewSubmissions>,
    id: Path<String>,
    query: Query,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;

    Ok(Json(submissions::find(&state, &handler, &id).await?.into()))
}
