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
use utoipa::ToSchema;

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
use crate::domain::submission::submission::{self, Draft, RowOutcome, RowWarning, Step, Warning};
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::Calendar;
use crate::formats::file::{self, Kind};
use crate::formats::submission::read;
use crate::http::catalogue::source::{NewSource, SourceView};
use crate::http::extract::body::{JsonBody, Upload, XLSX};
use crate::http::extract::idempotency::{fingerprint, idempotency_key};
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{Parameter, as_sent, boolean, date, named, text, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::figure::NumberOrText;
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
    /// Key, GSO code, ISO code or name, valid at the end of each row's period
    #[schema(min_length = 1, max_length = 100)]
    province: String,
    /// Period of the rows without their own
    #[schema(example = "2024-05")]
    period: Option<String>,
    /// Calendar of all periods; each indicator's own when absent
    calendar: Option<Calendar>,
    /// Treatment of a batch with invalid rows: store nothing (`atomic`, when absent), or store the valid rows (`partial`)
    mode: Option<Mode>,
    /// Store the batch as a draft without review; the rows only need to be readable
    draft: Option<bool>,
    /// Codes of warnings that the sender confirms for all rows
    acknowledge: Option<Vec<Warning>>,
    /// Notation of numbers in strings; JSON numbers do not need it
    number_locale: Option<NumberLocale>,
    /// The source document of the figures
    source: Option<NewSource>,
    /// The figures
    #[schema(min_items = 1, max_items = 10_000)]
    observations: Vec<NewObservation>,
}

/// One figure.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewObservation {
    /// Reference of the sender to the row, returned in the answer
    #[schema(min_length = 1, max_length = 100)]
    row_ref: Option<String>,
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64, example = "bts-sites")]
    indicator: String,
    /// The breakdown; the total when absent
    breakdown: Option<Breakdown>,
    /// Period, if it differs from the batch
    #[schema(example = "2024-05-YTD")]
    period: Option<String>,
    /// Calendar of the period, if it differs from the batch
    calendar: Option<Calendar>,
    /// Value in the indicator's unit: a JSON number, or a string in the notation of `number_locale`
    #[schema(value_type = Option<NumberOrText>)]
    value: Option<Decimal>,
    /// Lower end for `bound` = `range`; `value` is then absent
    #[schema(value_type = Option<NumberOrText>)]
    low: Option<Decimal>,
    /// Upper end for `bound` = `range`
    #[schema(value_type = Option<NumberOrText>)]
    high: Option<Decimal>,
    /// Numerator of a rate
    #[schema(value_type = Option<NumberOrText>)]
    numerator: Option<Decimal>,
    /// Denominator of a rate
    #[schema(value_type = Option<NumberOrText>)]
    denominator: Option<Decimal>,
    /// Unit multiplier of `value`, `low` and `high`, if it differs from the indicator's: 3 thousand, 6 triệu, 9 tỷ
    #[schema(minimum = -6, maximum = 12)]
    unit_mult: Option<i32>,
    /// Observation status: `E` ước tính, `P` sơ bộ, `A` chính thức (when absent)
    status: Option<Status>,
    /// Relation to the true value: "trên" `gt`, "ít nhất" `ge`, "gần" `lt`, "khoảng" `approx`, "khoảng trên" `approx_gt`, "20-23" `range`;
    /// `eq` when absent
    bound: Option<Bound>,
    /// Reference date of a stock ("tính đến 31/5/2024"), if it differs from the end of the period
    as_of: Option<NaiveDate>,
    /// Nil declaration: nothing to report (không phát sinh), neither zero nor missing; excludes a figure
    nil: Option<bool>,
    /// Withdrawal: the current figure is wrong and has no replacement; excludes a figure and needs a `reason`
    withdraw: Option<bool>,
    /// Reason for replacing the current figure; required for a withdrawal and with `force`
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    /// Store the row although it is less final than the current figure, disagrees with its breakdowns or with its numerator and
    /// denominator, breaks a rule of severity `error`, or arrives after the closing day; needs a `reason`
    force: Option<bool>,
    /// Codes of warnings that the sender confirms: the row is stored despite them
    acknowledge: Option<Vec<Warning>>,
    /// Page or line of the source
    #[schema(min_length = 1, max_length = 100)]
    locator: Option<String>,
    /// Wording of the source
    #[schema(min_length = 1, max_length = 500, example = "nộp ngân sách khoảng trên 30 tỷ đồng")]
    wording: Option<String>,
    /// Comparisons printed in the report about this figure
    claims: Option<Vec<NewClaim>>,
}

/// A comparison as printed in a report.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NewClaim {
    /// Kind of comparison
    kind: ClaimKind,
    /// The number, with its printed digits; absent for a withdrawal
    #[schema(example = 103.2)]
    value: Option<Decimal>,
    /// True to withdraw the claim
    withdraw: Option<bool>,
}

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
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// How a batch is submitted.
pub struct SubmitParameters {
    dry_run: bool,
    /// The fields that a file does not contain, as in the JSON document that it stands for.
    of_all: Map<String, Value>,
}

impl FromQuery for SubmitParameters {
    fn from_query(query: &mut Query) -> SubmitParameters {
        let dry_run = query.or(boolean("dry_run", "Check everything, store nothing"), false);
        let province = "For a file or a stream: key, GSO code, ISO code or name of the province; required without a column `Tỉnh` or a \
            `province` in each line";
        let period = "For a file or a stream: period of the rows without their own";
        let calendar = "For a file or a stream: calendar of all periods, if there is no column `Lịch`";
        let mode = "For a file: treatment of invalid rows; for a stream always `partial`";
        let locale = "For a file or a stream: notation of numbers in texts; numbers in a workbook do not need it";
        let mut of_all = texts_of(
            query,
            [
                ("province", text("province", province, 100).unread()),
                ("period", as_sent("period", period)),
                ("calendar", word("calendar", calendar, Calendar::parse).unread()),
                ("mode", word("mode", mode, Mode::parse).unread()),
                ("number_locale", word("number_locale", locale, NumberLocale::parse).unread()),
            ],
        );
        let draft = query.optional(boolean("draft", "For a file: store it as a draft"));
        of_all.extend(draft.map(|draft| ("draft".to_owned(), Value::Bool(draft))));
        let acknowledge = "For a file or a stream: codes of warnings that the sender confirms, separated by commas or repeated";
        let codes: Vec<Value> = query.list(named("acknowledge", acknowledge)).into_iter().map(Value::String).collect();
        if !codes.is_empty() {
            of_all.insert("acknowledge".into(), Value::Array(codes));
        }
        let source = texts_of(
            query,
            [
                ("title", as_sent("title", "For a file or a stream: title of the source document")),
                ("number", as_sent("number", "For a file or a stream: number of the source document")),
                ("date", date("date", "For a file or a stream: day of issue of the source document").unread()),
            ],
        );
        if !source.is_empty() {
            of_all.insert("source".into(), Value::Object(source));
        }
        SubmitParameters { dry_run, of_all }
    }
}

impl SubmitParameters {
    /// The names of those that stand for fields of a document.
    fn names(&self) -> Vec<String> {
        let given = self.of_all.iter();
        given.flat_map(|(name, value)| value.as_object().map_or(vec![name], |source| source.keys().collect())).cloned().collect()
    }
}

/// Fields of a document, each as it was sent.
fn texts_of<const FIELDS: usize>(query: &mut Query, fields: [(&str, Parameter<String>); FIELDS]) -> Map<String, Value> {
    let sent = fields.map(|(name, parameter)| Some((name.to_owned(), Value::String(query.optional(parameter)?))));
    sent.into_iter().flatten().collect()
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
    tag = "figures", operation_id = "submit", security(("oauth2" = ["submit"])), params(Parameters<SubmitParameters>),
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
    mut query: Parameters<SubmitParameters>,
    upload: Upload,
) -> Result<HttpResponse, Problem> {
    if matches!(upload, Upload::Json(_)) {
        for name in query.values().names() {
            query.note(&name, Fault::new(Code::BadRequest, format!("`{name}` is for files and streams; of JSON it stands in the body")));
        }
    }
    let SubmitParameters { dry_run, of_all } = query.finish()?;
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
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;
    let (sent, _) = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
    if !sent.faults.is_empty() {
        return Err(ServiceError::Invalid(sent.faults).into());
    }

    Ok(Json(submissions::replace(&state, &sender, &id, sent).await?.into()))
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
/// Lists the submissions of your organisation or for your review, newest first, without rows.
#[utoipa::path(
    tag = "figures", operation_id = "list_submissions", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])), params(Parameters<SubmissionList>),
    responses((status = 200, description = "The submissions", body = SubmissionPage))
)]
#[get("/v1/submissions")]
pub async fn list(
    state: Data<State>,
    handler: Authorized<ViewSubmissions>,
    query: Parameters<SubmissionList>,
) -> Result<Json<SubmissionPage>, Problem> {
    let SubmissionList { state: standing, page } = query.finish()?;
    let asked = page.limit + 1;

    let mut found = submissions::list(&state, &handler, standing, page.after.map(|[id]| id), asked).await?;
    let next = cut(&mut found, asked, |last| cursor("submissions", [&last.submission.id]));
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
    query: Parameters<()>,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;

    Ok(Json(submissions::find(&state, &handler, &id).await?.into()))
}
