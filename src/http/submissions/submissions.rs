//! `/v1/submissions`: departments send figures.

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

use super::sent::SentRow;
use super::streams::{self, StreamLine};
use crate::domain::access::role::{self, ViewSubmissions};
use crate::domain::batch::rows::Mode;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::outcome::Outcome;
use crate::domain::submission::submission::{self, RowOutcome, Step};

use crate::domain::submission::draft::Draft;

use crate::domain::submission::warning::{RowWarning, Warning};
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::Calendar;
use crate::formats::file::{self, Kind};
use crate::formats::submission::read;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::request::{JsonBody, Query, Upload, XLSX, boolean, fingerprint, idempotency_key};
use crate::http::figures::view::SourceView;
use crate::http::problem::{Problem, ProblemError};
use crate::service::submissions::submissions::{self, IdempotencyKey, SubmissionView, SubmitOptions, SubmitResult};
use crate::service::{ServiceError, StoreError};
use crate::state::State;

/// A batch of figures from one report.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(title = "NewSubmission", example = json!({
    "province": "24", "period": "2024-05", "source": {"title": "Báo cáo tháng 5/2024", "date": "2024-05-20"},
    "observations": [
        {"row_ref": "r1", "indicator": "post-telecom-revenue", "value": 230, "status": "E"},
        {"row_ref": "r2", "indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754},
        {"row_ref": "r3", "indicator": "telecom-internet-revenue", "period": "2024-H1", "value": 1135, "status": "E", "claims": [{"kind": "yoy_index", "value": 103.2}]},
        {"row_ref": "r4", "indicator": "online-service-level4-rate", "numerator": 38, "denominator": 38}
    ]
}))]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewSubmission {
    /// Key, GSO code, ISO code or name, as it stood at the end of each row's period
    #[schema(min_length = 1, max_length = 100)]
    province: String,
    /// The period of all rows that have none of their own
    #[schema(example = "2024-05")]
    period: Option<String>,
    /// The calendar of all periods; each indicator's own when absent
    calendar: Option<Calendar>,
    /// What becomes of it where a row is bad: nothing is recorded (`atomic`, when absent), or the good rows are (`partial`)
    mode: Option<Mode>,
    /// Keep it as a draft that nobody reviews yet; the rows only have to be readable
    draft: Option<bool>,
    /// Codes of warnings that are known to be so, for all rows
    acknowledge: Option<Vec<Warning>>,
    /// How numbers in strings are written; JSON numbers need none
    number_locale: Option<NumberLocale>,
    /// The document that the figures were taken from
    source: Option<NewSource>,
    /// The figures
    #[schema(min_items = 1, max_items = 10_000)]
    observations: Vec<NewObservation>,
}

/// A document.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewSource {
    /// Title
    #[schema(min_length = 1, max_length = 300)]
    title: Option<String>,
    /// Number; drafts have none
    #[schema(min_length = 1, max_length = 100)]
    number: Option<String>,
    /// Day of issue
    date: Option<NaiveDate>,
}

/// One figure.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewObservation {
    /// Your own name for the row, echoed in the answer
    #[schema(min_length = 1, max_length = 100)]
    row_ref: Option<String>,
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64, example = "bts-sites")]
    indicator: String,
    /// The part; the total when absent
    breakdown: Option<Breakdown>,
    /// The period, where it is not the batch's
    #[schema(example = "2024-05-YTD")]
    period: Option<String>,
    /// The calendar of the period, where it is not the batch's
    calendar: Option<Calendar>,
    /// The value in the indicator's unit: a JSON number, or a string in the notation of `number_locale`
    #[schema(value_type = Option<NumberOrText>)]
    value: Option<Decimal>,
    /// Lower end, where `bound` is `range`; there is no `value` then
    #[schema(value_type = Option<NumberOrText>)]
    low: Option<Decimal>,
    /// Upper end, where `bound` is `range`
    #[schema(value_type = Option<NumberOrText>)]
    high: Option<Decimal>,
    /// Numerator of a rate
    #[schema(value_type = Option<NumberOrText>)]
    numerator: Option<Decimal>,
    /// Denominator of a rate
    #[schema(value_type = Option<NumberOrText>)]
    denominator: Option<Decimal>,
    /// The power of ten that `value`, `low` and `high` are written in, where it is not the indicator's: 3 thousand, 6 triệu, 9 tỷ
    #[schema(minimum = -6, maximum = 12)]
    unit_mult: Option<i32>,
    /// How final: `E` ước tính, `P` sơ bộ, `A` chính thức (the default)
    status: Option<Status>,
    /// "trên" `gt`, "ít nhất" `ge`, "gần" `lt`, "khoảng" `approx`, "khoảng trên" `approx_gt`, "20-23" `range`; `eq` when absent
    bound: Option<Bound>,
    /// The day that a state was counted on ("tính đến 31/5/2024"), where that is not the end of the period
    as_of: Option<NaiveDate>,
    /// There is nothing to report (không phát sinh): a declaration, neither zero nor missing. Without a figure
    nil: Option<bool>,
    /// What is on record was wrong, and there is no figure. Without a figure, with a `reason`
    withdraw: Option<bool>,
    /// Why it replaces what is on record; needed for a withdrawal and with `force`
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    /// Record it although it is less final than what is on record, disagrees with its own parts, breaks a rule whose severity is `error`,
    /// or comes after the closing day of its period; needs a `reason`
    force: Option<bool>,
    /// Codes of warnings that are known to be so: the row is recorded although it is odd
    acknowledge: Option<Vec<Warning>>,
    /// Page or line of the source
    #[schema(min_length = 1, max_length = 100)]
    locator: Option<String>,
    /// The words of the source
    #[schema(min_length = 1, max_length = 500, example = "nộp ngân sách khoảng trên 30 tỷ đồng")]
    wording: Option<String>,
    /// Comparisons that the report prints about this figure
    claims: Option<Vec<NewClaim>>,
}

/// A number, or a string in the declared notation.
#[derive(ToSchema)]
#[serde(untagged)]
#[schema(title = "NumberOrText")]
#[allow(dead_code, reason = "the type documents what formats::json::number reads")]
pub enum NumberOrText {
    /// A JSON number
    #[schema(title = "Number")]
    Number(f64),
    /// A decimal string
    Text(String),
}

/// A comparison as a report prints it.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewClaim {
    /// What it says
    kind: ClaimKind,
    /// The number, with its printed digits; none with `withdraw`
    #[schema(example = 103.2)]
    value: Option<Decimal>,
    /// The report does not claim this
    withdraw: Option<bool>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
    /// The identity
    id: String,
    /// Where it stands
    state: Stage,
    /// The steps that you may take with it now
    may: Vec<Action>,
    /// The organisation that sent it
    #[schema(required = true)]
    organisation: Option<String>,
    /// When it was recorded
    received_at: DateTime<Utc>,
    /// The document
    source: SourceView,
    /// Key, code or name of the province as it was sent; with `sent` in the rows
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<String>,
    /// The calendar of all periods as it was sent; with `sent` in the rows, where it was said
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
    /// Rows by outcome
    counts: Counts,
    /// What became of each row, in the order they were sent; of what is not published yet, what would become of it. Lists leave them out
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<SubmissionRow>>,
    /// What it went through, oldest first
    steps: Vec<StepView>,
}

/// A step that a submission took.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Step")]
pub struct StepView {
    /// Which one
    action: Action,
    /// Where it led
    state: Stage,
    /// Id of the client that took it
    client: String,
    /// What was said with it
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// When
    at: DateTime<Utc>,
}

impl From<Step> for StepView {
    fn from(Step { action, state, client, comment, at }: Step) -> StepView {
        StepView { action, state, client, comment, at }
    }
}

/// Rows by outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// First figures of their series and period
    created: i32,
    /// New revisions of figures on record
    updated: i32,
    /// Figures that were on record already
    unchanged: i32,
    /// Figures that are no longer there; only where there are any
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<i32>,
    /// Rows that are not recorded; an atomic batch that is submitted has none
    rejected: i32,
}

impl From<submission::Counts> for Counts {
    fn from(counts: submission::Counts) -> Counts {
        let submission::Counts { created, updated, unchanged, withdrawn, rejected } = counts;
        Counts { created, updated, unchanged, withdrawn: Some(withdrawn).filter(|count| *count > 0), rejected }
    }
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionRow {
    /// Your own name for the row
    #[schema(required = true)]
    row_ref: Option<String>,
    /// What became of it
    outcome: Outcome,
    /// Id of the observation; null for a row that is rejected, and for a new figure that is not published yet
    #[schema(required = true)]
    observation: Option<String>,
    /// What is wrong with the row; an accepted row has nothing
    errors: Vec<ProblemError>,
    /// What is odd about the row, which was accepted nevertheless
    warnings: Vec<RowWarning>,
    /// The row as it was sent, of a submission that goes through review
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Box<SentRow>>,
}

impl From<SubmissionView> for Submission {
    fn from(SubmissionView { submission, may, sent }: SubmissionView) -> Submission {
        let (province, calendar) = sent.as_ref().map(|sent| (sent.province.clone(), sent.calendar)).unwrap_or_default();
        let sent = sent.into_iter().flat_map(|sent| sent.rows);
        let mut sent: HashMap<usize, Box<SentRow>> = sent.map(|row| (row.position, Box::new(row.into()))).collect();
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
    /// Cursor of the next page; null on the last
    #[schema(required = true)]
    next: Option<String>,
}

/// How a batch is submitted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct SubmitParams {
    /// Check everything, store nothing
    #[param(default = false)]
    dry_run: Option<bool>,
    /// For a file or a stream: key, GSO code, ISO code or name of the province; needed unless a column `Tỉnh` or each line says it
    #[param(min_length = 1, max_length = 100)]
    province: Option<String>,
    /// For a file or a stream: the period of all rows that have none of their own
    period: Option<String>,
    /// For a file or a stream: the calendar of all periods, unless a column `Lịch` says it
    #[param(inline)]
    calendar: Option<Calendar>,
    /// For a file: what becomes of it where a row is bad; of a stream always `partial`
    #[param(inline)]
    mode: Option<Mode>,
    /// For a file or a stream: how numbers in texts are written; numbers of a workbook need none
    #[param(inline)]
    number_locale: Option<NumberLocale>,
    /// For a file: keep it as a draft
    draft: Option<bool>,
    /// For a file or a stream: codes of warnings that are known to be so, with commas or repeated
    acknowledge: Option<String>,
    /// For a file or a stream: title of the document
    title: Option<String>,
    /// For a file or a stream: number of the document
    number: Option<String>,
    /// For a file or a stream: day of issue of the document
    date: Option<NaiveDate>,
}

/// What a file cannot say of itself, as the document would that it stands for.
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

/// Reads a file on a thread of its own: a large workbook takes a second.
async fn read_file(state: &State, media: &'static str, bytes: Bytes, of_all: Map<String, Value>) -> Result<(Draft, bool), ServiceError> {
    let kind = if media == XLSX { Kind::Xlsx } else { Kind::Csv };
    // The turn goes to the thread, which goes on where the caller has gone.
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
/// One report, one batch. Each row is held against its indicator: unit, bounds, whole numbers for counts, a rate against its numerator
/// and denominator; against what is on record; and against the other rows. What an organisation sends that is trusted is published at
/// once (`approved`); of others it waits for somebody to approve it (`submitted`). The same figure again is `unchanged` (a second
/// document that says it is remembered), a different one is a new revision. A withdrawal is a revision too.
///
/// A figure that is less final than the one on record, parts that do not add up to their total, or figures that break a rule of the severity
/// `error` (`GET /v1/rules`) are refused unless the row says `force` with a `reason`; a figure that is odd (far from last year's, or from
/// what the series was; a year to date that falls; another one than the others make; one that breaks a rule of the severity `warning`)
/// unless it says `acknowledge` with the code of the warning. A refused batch stores nothing and names every fault of every row; of one
/// with `mode` `partial` the good rows are recorded, and the others are `rejected` with their errors.
///
/// A file of figures is sent as CSV (UTF-8, with `;` or `,`) or as a workbook (XLSX), by its media type; what holds for all its rows
/// stands in parameters. Its columns are named as the fields are, or in Vietnamese: `Mã chỉ tiêu`, `Phân tổ`, `Kỳ`, `Số liệu`, `Tử số`,
/// `Mẫu số`, `Trạng thái`, `Không phát sinh`, `Lý do` and so on; rows without a figure are left out. `Tỉnh` and `Lịch` hold for the whole
/// file: all rows say the same, and parameters nothing else. `GET /v1/templates/{organisation}/{period}.xlsx` is such a file, to be filled
/// in and sent as it is. Faults name the row and column.
///
/// Any number of figures are sent as a stream (NDJSON): a row of `observations` on each line, which may have its own `province`, and
/// `mode=partial` with what else holds for all lines in parameters. The answer tells of each line, in their order, and ends with a line
/// that has `lines`, `submissions` and `counts`, or with one that has a `problem`: an answer without either was cut off. The rows of a
/// province among each thousand are a submission of their own, and on record when they are told of; a dry run holds each thousand against
/// the record without those before. `pointer` leads into the line.
///
/// With an `Idempotency-Key` a request may be sent again: it is done once, and answered as the first time for seven days. A stream that
/// was cut off goes on where it stopped.
#[utoipa::path(
    tag = "figures", operation_id = "submit", security(("oauth2" = ["submit"])), params(SubmitParams),
    request_body(content(
        (NewSubmission = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/x-ndjson")
    )),
    responses(
        (status = 201, description = "Recorded", body = Submission),
        (status = 200, description = "A dry run: what would be recorded; a batch or stream of which some rows may be rejected; or what was answered before",
            content((Submission = "application/json"), (StreamLine = "application/x-ndjson"))),
        (status = 404, description = "A withdrawal of what is not on record", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The request with this key is still being done", body = Problem, content_type = "application/problem+json")
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
/// Replaces the rows and the document of a submission that is a `draft` or was `returned`. The rows only have to be readable; what else
/// is wrong with them is named with each.
#[utoipa::path(
    tag = "figures", operation_id = "replace_submission", security(("oauth2" = ["submit"])), request_body = NewSubmission,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The submission as it stands now", body = Submission), (status = 409, description = "It is not in a state to be edited", body = Problem, content_type = "application/problem+json"))
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
        return Err(ServiceError::Invalid(sent.faults).into());
    }

    Ok(Json(submissions::replace(&state, &sender, &id, sent).await?.into()))
}

/// How submissions are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Only those in this state
    #[param(inline)]
    state: Option<Stage>,
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// List submissions
///
/// What your organisation sent, or what you review, newest first, without the rows.
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

/// Find a submission
///
/// What became of a batch that your organisation sent, or that you review. Of one that goes through review each row has what was `sent`,
/// in the form in which it can be sent again.
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
