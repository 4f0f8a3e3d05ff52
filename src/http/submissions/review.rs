//! The workflow steps of a submission: submit, approve, return, withdraw.

use actix_web::post;
use actix_web::web::Path;

use super::submissions::Submission;
use crate::domain::access::role::{ApproveFigures, Authorized, Permission, SubmitFigures};
use crate::domain::fault::{Fault, Location};
use crate::domain::submission::workflow::Action;
use crate::formats::comment::{self, ApprovalFields, CommentFields};
use crate::formats::fields::schema::Request;
use crate::http::extract::body::OptionalBody;
use crate::http::extract::language::{Languages, Localized, with_messages};
use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::submissions;

/// The body of a step.
pub type Comment = Request<CommentFields<false>>;

/// The body of a step with a required comment.
pub type NeededComment = Request<CommentFields<true>>;

/// The body of an approval.
pub type Approval = Request<ApprovalFields>;

async fn act<T: Permission>(
    write: &WriteContext,
    by: &Authorized<T>,
    id: &str,
    languages: Languages,
    query: Parameters<()>,
    body: &[u8],
    action: Action,
) -> Result<Localized<Submission>, Problem> {
    query.finish()?;
    let malformed = |fault: Fault| ServiceError::Malformed(vec![fault.at(Location::Request)]);
    let read = match action {
        Action::Approve => comment::read_approval,
        Action::Return => comment::read_needed,
        Action::Edit | Action::Submit | Action::Withdraw => comment::read,
    };
    let remark = read(body).map_err(malformed)?.map_err(ServiceError::Invalid)?;

    let acted = submissions::act(write, by, id, action, remark).await?;
    Ok(with_messages(Submission::of(acted, languages.of_messages()), languages))
}

/// Submit a draft
///
/// Submits a submission in the state `draft` or `returned`. Its rows are checked again, like new rows. It then awaits review; a submission
/// of a trusted organisation is published at once.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"])), request_body = Option<Comment>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The state is neither `draft` nor `returned`", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/submit")]
pub async fn submit_draft(
    write: WriteContext,
    sender: Authorized<SubmitFigures>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
    OptionalBody(body): OptionalBody,
) -> Result<Localized<Submission>, Problem> {
    act(&write, &sender, &id, languages, query, &body, Action::Submit).await
}

/// Approve a submission
///
/// Checks the figures of a submission against the current figures and publishes them, all in one transaction. A client that wrote
/// or submitted the submission cannot approve it (`four_eyes`). If a row would replace a figure or a claim of another revision than when
/// the submission was last submitted, the approval is refused (`changed_since_submitted`) and names every such row with both revisions, until
/// `acknowledge` has that code, with a `reason`. This acknowledges `reverts` for these rows as well.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["approve"])), request_body = Option<Approval>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The submission does not await review", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/approve")]
pub async fn approve_submission(
    write: WriteContext,
    reviewer: Authorized<ApproveFigures>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
    OptionalBody(body): OptionalBody,
) -> Result<Localized<Submission>, Problem> {
    act(&write, &reviewer, &id, languages, query, &body, Action::Approve).await
}

/// Return a submission
///
/// Returns a submission for correction, with a comment that explains the faults. Its figures are not published.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["approve"])), request_body = NeededComment,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The submission does not await review", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/return")]
pub async fn return_submission(
    write: WriteContext,
    reviewer: Authorized<ApproveFigures>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
    OptionalBody(body): OptionalBody,
) -> Result<Localized<Submission>, Problem> {
    act(&write, &reviewer, &id, languages, query, &body, Action::Return).await
}

/// Withdraw a submission
///
/// Withdraws a submission that is not yet published. Published figures are withdrawn by rows of another submission.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"])), request_body = Option<Comment>,
    params(("id" = String, Path, description = "Id of the submission", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated submission", body = Submission), (status = 409, description = "The submission is already published or withdrawn", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/submissions/{id}/withdraw")]
pub async fn withdraw_submission(
    write: WriteContext,
    sender: Authorized<SubmitFigures>,
    id: Path<String>,
    languages: Languages,
    query: Parameters<()>,
    OptionalBody(body): OptionalBody,
) -> Result<Localized<Submission>, Problem> {
    act(&write, &sender, &id, languages, query, &body, Action::Withdraw).await
}
