//! `/v1/submissions`: departments send figures.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::{Problem, ProblemError};
use super::request::{Asking, JsonBody, Query, boolean};
use super::view::SourceView;
use crate::domain::breakdown::Breakdown;
use crate::domain::claim::ClaimKind;
use crate::domain::decimal::{Decimal, NumberLocale};
use crate::domain::fault::Place;
use crate::domain::figure::Status;
use crate::domain::period::Calendar;
use crate::domain::quantity::Bound;
use crate::domain::role::Scope;
use crate::domain::submission::{self, Outcome, RowWarning, State as Stage};
use crate::formats::submission::{Mode, read};
use crate::service::{Refusal, submissions};
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
    /// All rows or none
    mode: Option<Mode>,
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
    /// Record it although it is less final than what is on record, or disagrees with its own parts; needs a `reason`
    force: Option<bool>,
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
    /// The organisation that sent it
    #[schema(required = true)]
    organisation: Option<String>,
    /// When it was recorded
    received_at: DateTime<Utc>,
    /// The document
    source: SourceView,
    /// Rows by outcome
    counts: Counts,
    /// What became of each row, in the order they were sent
    rows: Vec<SubmissionRow>,
}

/// Rows by outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// First figures of their series and period
    created: usize,
    /// New revisions of figures on record
    updated: usize,
    /// Figures that were on record already
    unchanged: usize,
    /// Figures that are no longer there; only where there are any
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<usize>,
    /// Refused rows; an atomic batch has none
    rejected: usize,
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionRow {
    /// Your own name for the row
    #[schema(required = true)]
    row_ref: Option<String>,
    /// What became of it
    outcome: Outcome,
    /// Id of the observation
    observation: String,
    /// What is wrong with the row; an accepted row has nothing
    errors: Vec<ProblemError>,
    /// What is odd about the row, which was accepted nevertheless
    warnings: Vec<RowWarning>,
}

impl From<submission::Submission> for Submission {
    fn from(submission: submission::Submission) -> Submission {
        let count = |outcome| submission.rows.iter().filter(|row| row.outcome == outcome).count();
        Submission {
            counts: Counts {
                created: count(Outcome::Created),
                updated: count(Outcome::Updated),
                unchanged: count(Outcome::Unchanged),
                withdrawn: Some(count(Outcome::Withdrawn)).filter(|count| *count > 0),
                rejected: 0,
            },
            id: submission.id,
            state: submission.state,
            organisation: submission.organisation,
            received_at: submission.received_at,
            source: (&submission.source).into(),
            rows: submission
                .rows
                .into_iter()
                .map(|row| SubmissionRow {
                    row_ref: row.row_ref,
                    outcome: row.outcome,
                    observation: row.observation,
                    errors: Vec::new(),
                    warnings: row.warnings,
                })
                .collect(),
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
}

/// Submit figures
///
/// One report, one batch, all or nothing. Each row is held against its indicator: unit, bounds, whole numbers for counts,
/// a rate against its numerator and denominator. Accepted figures are published at once; the same figure again is
/// `unchanged` (a second document that says it is remembered), a different one is a new revision, so sending a batch again is
/// safe. A withdrawal is a revision too. A figure that is less final than the one on record, or parts that do not add up to
/// their total, are refused unless the row says `force` with a `reason`. A refused batch stores nothing and names every fault of
/// every row.
#[utoipa::path(
    tag = "figures", operation_id = "submit", security(("oauth2" = ["submit"])), params(SubmitParams), request_body = NewSubmission,
    responses((status = 201, description = "Recorded and published", body = Submission), (status = 200, description = "A dry run: what would be recorded", body = Submission), (status = 404, description = "A withdrawal of what is not on record", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions")]
pub async fn submit(
    state: Data<State>,
    Asking(caller): Asking,
    mut query: Query,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    caller.holding(Scope::Submit).map_err(Refusal::denied)?;
    let dry_run = query.one("dry_run", boolean).unwrap_or(false);
    query.finish()?;
    let draft = read(&body).map_err(|fault| Refusal::Malformed(vec![fault.at(Place::Request)]))?;

    let submission = submissions::submit(&state, &caller, draft, dry_run).await?;
    if dry_run {
        return Ok(HttpResponse::Ok().json(Submission::from(submission)));
    }
    let location = format!("/v1/submissions/{}", submission.id);
    Ok(HttpResponse::build(StatusCode::CREATED).insert_header((header::LOCATION, location)).json(Submission::from(submission)))
}

/// How submissions are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// List your submissions
///
/// What the calling client sent, newest first.
#[utoipa::path(
    tag = "figures", operation_id = "list_submissions", security(("oauth2" = ["submit"])), params(ListParams),
    responses((status = 200, description = "The submissions", body = SubmissionPage))
)]
#[get("/v1/submissions")]
pub async fn list(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<SubmissionPage>, Problem> {
    caller.holding(Scope::Submit).map_err(Refusal::denied)?;
    let page: Page<1> = Page::read(&mut query, "submissions");
    query.finish()?;

    let mut found = submissions::list(&state, &caller, page.after.map(|[id]| id), page.limit + 1).await?;
    let next = cut(&mut found, page.limit, |last| cursor("submissions", [&last.id]));
    Ok(Json(SubmissionPage { items: found.into_iter().map(Submission::from).collect(), next }))
}

/// Find one of your submissions
///
/// What became of a batch that the calling client sent.
#[utoipa::path(
    tag = "figures", operation_id = "find_submission", security(("oauth2" = ["submit"])),
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The submission", body = Submission))
)]
#[get("/v1/submissions/{id}")]
pub async fn find(state: Data<State>, Asking(caller): Asking, id: Path<String>, query: Query) -> Result<Json<Submission>, Problem> {
    caller.holding(Scope::Submit).map_err(Refusal::denied)?;
    query.finish()?;

    Ok(Json(submissions::find(&state, &caller, &id).await?.into()))
}
