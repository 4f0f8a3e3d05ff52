//! Reading submissions. The rows of a waiting submission are shown beside the figures that are stored now, not as they were submitted.
//! Steps of the workflow are in `submissions`.

use std::sync::Arc;

use super::submissions::{Purpose, SubmissionAssessment, SubmissionView, known_id, visible};
use crate::context::Context;
use crate::domain::access::client::Client;
use crate::domain::access::remit::View;
use crate::domain::access::role::{Authorized, ViewSubmissions};
use crate::domain::access::scope::Scope;
use crate::domain::batch::rows::MAX_ROWS;
use crate::domain::submission::draft::Draft;
use crate::domain::submission::submission::Submission;
use crate::domain::submission::workflow::State;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::snapshot;
use crate::store::submissions::SubmissionFilter;
use crate::store::{self, Conn};

/// Checks the rows of a waiting submission against the figures that are stored now, as an approval would. Nothing is stored.
fn beside_current_figures(
    conn: &mut Conn,
    context: &Context,
    client: &Client,
    view: &View<'_>,
    submission: &mut Submission,
    sent: Draft,
) -> Result<Draft, ServiceError> {
    let desk = SubmissionAssessment { context, client, view, at: context.clock.now(), dry_run: false };
    Ok(desk.assess(conn, sent, submission, &Purpose::Review)?.1)
}

/// Finds a submission of the caller's organisation, or one that the caller may review.
///
/// # Errors
/// `ServiceError::NotFound`.
pub async fn get_submission(context: &Arc<Context>, by: &Authorized<ViewSubmissions>, id: &str) -> Result<SubmissionView, ServiceError> {
    let (client, caller) = (by.client().clone(), by.caller());
    let (shared, id, caller) = (Arc::clone(context), known_id(id)?, caller.clone());
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let view = View::new(&caller, &catalogue);
            let mut submission = visible(conn, &id, &view)?;
            let mut sent = store::submissions::document(conn, &id)?;
            // Warnings reveal stored figures, and unpublished rows are confidential: mark both as read.
            let indicators = submission.indicators.iter().filter_map(|code| catalogue.current(code));
            indicators.for_each(|found| caller.saw(found.indicator));
            if sent.is_some() {
                caller.saw_more_than_open();
            }
            if submission.state == State::Submitted
                && let Some(draft) = sent
            {
                sent = Some(beside_current_figures(conn, &shared, &client, &view, &mut submission, draft)?);
            }
            Ok(SubmissionView { sent, ..SubmissionView::by(submission, &view) })
        })
        .await
}

/// Submissions loaded at once. A restricted client may see only a few of those from a stream.
const AT_ONCE: usize = 500;

/// Lists the submissions that the caller may send or review, newest first, and tells whether there are more. Waiting submissions have the
/// counts of a review. A page ends early before it has checked more than [`MAX_ROWS`] rows for them.
///
/// # Errors
/// Without the scopes `submit` and `approve`.
pub async fn list_submissions(
    context: &Arc<Context>,
    by: &Authorized<ViewSubmissions>,
    standing: Option<State>,
    before: Option<String>,
    limit: usize,
) -> Result<(Vec<SubmissionView>, bool), ServiceError> {
    let (client, caller, shared) = (by.client().clone(), by.caller().clone(), Arc::clone(context));
    let reviews_all = client.organisation.is_none() && client.scopes.contains(&Scope::Approve);
    let asked = limit + 1;
    let mut wanted = SubmissionFilter {
        of: (!reviews_all).then(|| (client.id.clone(), client.organisation.clone())),
        state: standing,
        before,
        limit: i64::try_from(asked.max(AT_ONCE)).unwrap_or(i64::MAX),
    };
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let view = View::new(&caller, &catalogue);
            let mut found: Vec<Submission> = Vec::new();
            // Hidden submissions leave gaps on the page. Load more until it is full.
            loop {
                let some = store::submissions::list(conn, &wanted)?;
                let more = some.len() >= asked.max(AT_ONCE);
                wanted.before = some.last().map(|last| last.id.clone());
                found.extend(some.into_iter().filter(|submission| submission.visible_to(&view)));
                if !more || found.len() >= asked {
                    break;
                }
            }
            let all = found.len();
            let mut checked = 0;
            let mut page = Vec::new();
            for mut submission in found.into_iter().take(limit) {
                if submission.state == State::Submitted {
                    checked += submission.counts.accepted();
                    if checked > MAX_ROWS && !page.is_empty() {
                        break;
                    }
                    submission = store::submissions::find(conn, &submission.id)?.unwrap_or(submission);
                    if let Some(sent) = store::submissions::document(conn, &submission.id)? {
                        beside_current_figures(conn, &shared, &client, &view, &mut submission, sent)?;
                    }
                }
                page.push(SubmissionView::by(submission, &view));
            }
            let more = page.len() < all;
            Ok((page, more))
        })
        .await
}
