//! `/v1/submissions`: figures submitted by departments.

use crate::domain::access::role::Authorized;
use std::collections::HashMap;

use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::sent::SentRow;
use crate::domain::access::role::{self, ViewSubmissions};
use crate::domain::batch::rows::Mode;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::Location;
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::outcome::Outcome;
use crate::domain::submission::submission::{self, RowOutcome, Step};
use crate::domain::submission::warning::{RowWarning, Warning};
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::Calendar;
use crate::formats::submission::read;
use crate::http::catalogue::source::{NewSource, SourceView};
use crate::http::extract::body::JsonBody;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::word;
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::figure::NumberOrText;
use crate::http::problem::{Problem, ProblemError};
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::submissions::{self, SubmissionView};

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
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;
    let (sent, _) = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
    if !sent.faults.is_empty() {
        return Err(ServiceError::Invalid(sent.faults).into());
    }

    Ok(Json(submissions::replace_submission(&write, &sender, &id, sent).await?.into()))
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
    tag = "figures", security(("oauth2" = ["submit"]), ("oauth2" = ["approve"])), params(Parameters<SubmissionList>),
    responses((status = 200, description = "The submissions", body = SubmissionPage))
)]
#[get("/v1/submissions")]
pub async fn list_submissions(
    state: Data<ServerState>,
    handler: Authorized<ViewSubmissions>,
    query: Parameters<SubmissionList>,
) -> Result<Json<SubmissionPage>, Problem> {
    let SubmissionList { state: standing, page } = query.finish()?;
    let asked = page.limit + 1;

    let mut found = submissions::list_submissions(&state.context, &handler, standing, page.after.map(|[id]| id), asked).await?;
    let next = cut(&mut found, asked, |last| cursor("submissions", [&last.submission.id]));
    let item = |handled: SubmissionView| Submission { rows: None, ..handled.into() };
    Ok(Json(SubmissionPage { items: found.into_iter().map(item).collect(), next }))
}

/// Get a submission
///
/// Returns a submission of your organisation or for your review. If the submission goes through review, each row contains its content as
/// `sent`, in a form that can be sent again.
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
    query: Parameters<()>,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;

    Ok(Json(submissions::get_submission(&state.context, &handler, &id).await?.into()))
}
