//! The steps of a submission: handing it in, approving it, sending it back, taking it back.

use actix_web::post;
use actix_web::web::{Data, Json, Path};
use utoipa::ToSchema;

use super::problem::Problem;
use super::request::{Held, OptionalBody, Query};
use super::submissions::Submission;
use crate::domain::fault::{Fault, Place};
use crate::domain::role::{Holder, Reviewing, Sending, Task};
use crate::domain::workflow::Action;
use crate::formats::submission::read_comment;
use crate::service::{Refusal, submissions};
use crate::state::State;

/// What is said with a step.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"comment": "Hàng 3: doanh thu tháng 5 thiếu một doanh nghiệp"}))]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct Comment {
    /// For whoever reads it next
    #[schema(min_length = 1, max_length = 1000, example = "Hàng 3: doanh thu tháng 5 thiếu một doanh nghiệp")]
    comment: Option<String>,
}

/// What is said with sending something back.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"comment": "Hàng 3: doanh thu tháng 5 thiếu một doanh nghiệp"}))]
#[allow(dead_code, reason = "the struct documents what formats::submission reads")]
pub struct NeededComment {
    /// What is to be mended
    #[schema(min_length = 1, max_length = 1000, example = "Hàng 3: doanh thu tháng 5 thiếu một doanh nghiệp")]
    comment: String,
}

async fn act<T: Task>(
    state: &Data<State>,
    by: &Holder<T>,
    id: &str,
    query: Query,
    body: &[u8],
    action: Action,
) -> Result<Json<Submission>, Problem> {
    query.finish()?;
    let malformed = |fault: Fault| Refusal::Malformed(vec![fault.at(Place::Request)]);
    let comment = read_comment(body, action == Action::Return).map_err(malformed)?.map_err(Refusal::Invalid)?;

    Ok(Json(submissions::act(state, by, id, action, comment).await?.into()))
}

/// Hand in a draft
///
/// Hands in a submission that is a `draft` or was `returned`: its rows are held against everything again, as if they were sent now, and then wait
/// for review; of an organisation that is trusted they are published at once.
#[utoipa::path(
    tag = "figures", operation_id = "submit_draft", security(("oauth2" = ["submit"])), request_body = Option<Comment>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "It is not a draft, nor was it returned", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/submit")]
pub async fn submit(
    state: Data<State>,
    Held(sender): Held<Sending>,
    id: Path<String>,
    query: Query,
    OptionalBody(body): OptionalBody,
) -> Result<Json<Submission>, Problem> {
    act(&state, &sender, &id, query, &body, Action::Submit).await
}

/// Approve a submission
///
/// Publishes the figures of a submission, all in one transaction, after holding them against what is on record by now. Nobody approves what
/// they wrote or submitted (`four_eyes`).
#[utoipa::path(
    tag = "figures", operation_id = "approve_submission", security(("oauth2" = ["approve"])), request_body = Option<Comment>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "It is not waiting for review", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/approve")]
pub async fn approve(
    state: Data<State>,
    Held(reviewer): Held<Reviewing>,
    id: Path<String>,
    query: Query,
    OptionalBody(body): OptionalBody,
) -> Result<Json<Submission>, Problem> {
    act(&state, &reviewer, &id, query, &body, Action::Approve).await
}

/// Return a submission
///
/// Sends a submission back to be mended, with a comment that says what is wrong. Nothing of it is published.
#[utoipa::path(
    tag = "figures", operation_id = "return_submission", security(("oauth2" = ["approve"])), request_body = NeededComment,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "It is not waiting for review", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/return")]
pub async fn send_back(
    state: Data<State>,
    Held(reviewer): Held<Reviewing>,
    id: Path<String>,
    query: Query,
    OptionalBody(body): OptionalBody,
) -> Result<Json<Submission>, Problem> {
    act(&state, &reviewer, &id, query, &body, Action::Return).await
}

/// Withdraw a submission
///
/// Takes back a submission that is not published yet. Figures that are published are withdrawn by rows of another submission.
#[utoipa::path(
    tag = "figures", operation_id = "withdraw_submission", security(("oauth2" = ["submit"])), request_body = Option<Comment>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "It is published, or was withdrawn", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/withdraw")]
pub async fn withdraw(
    state: Data<State>,
    Held(sender): Held<Sending>,
    id: Path<String>,
    query: Query,
    OptionalBody(body): OptionalBody,
) -> Result<Json<Submission>, Problem> {
    act(&state, &sender, &id, query, &body, Action::Withdraw).await
}
