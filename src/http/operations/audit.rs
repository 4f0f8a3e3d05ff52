//! `/v1/audit`: who did or read what, for administrators.
//! What gets a line, and what the lines are chained by, is for `service::audit` and `domain::audit`.

use crate::domain::access::role::Authorized;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::access::role::Administer;
use crate::domain::audit::{AuditAction, Line, Link, Outcome};
use crate::domain::fault::{Code, Fault};
use crate::domain::text;
use crate::http::extract::page::{Page, cursor, cut, foreign_cursor};
use crate::http::extract::request::{Query, instant};
use crate::http::problem::Problem;
use crate::service::operations::audit::{self, AuditFilter, Sought};
use crate::state::State;

/// A line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "AuditLine")]
pub struct AuditLine {
    /// Its number; the first is 1, and none is left out
    seq: i64,
    /// When
    at: DateTime<Utc>,
    /// Id of the client; null for who had no good token, and for the command line
    #[schema(required = true)]
    client: Option<String>,
    /// The organisation that the client spoke for
    #[schema(required = true)]
    organisation: Option<String>,
    /// Where the request came from; null for the command line
    #[schema(required = true)]
    address: Option<String>,
    /// What the answer and the log of the server call the request; null for the command line
    #[schema(required = true)]
    request_id: Option<String>,
    /// What was done: `read`, `write` for a write that was refused, or the name of the call
    #[schema(example = "put_targets")]
    action: String,
    /// What was written; for `read` and `write` the request as it was sent, without secrets
    subject: String,
    /// `done`, `unchanged`, or the code of the first fault
    #[schema(example = "done")]
    outcome: String,
    /// The hash of the line before
    previous_hash: String,
    /// SHA-256 of this line, the hash of the line before among it
    hash: String,
}

/// Where the audit log ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditHead {
    /// The number of the last line; 0 before any
    seq: i64,
    /// Its hash: kept elsewhere, it shows later that no line was cut off the end
    hash: String,
}

/// Some of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Newest first
    items: Vec<AuditLine>,
    /// Where the next page begins; null on the last page
    #[schema(required = true)]
    next: Option<String>,
    /// Where the log ends, whatever was asked for
    head: AuditHead,
}

/// Which lines are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct AuditQuery {
    /// Id of a client
    client: Option<String>,
    /// What was done
    #[param(inline)]
    action: Option<AuditAction>,
    /// `done`, `unchanged`, `refused` for all that was, or the code of a fault
    #[param(example = "refused")]
    outcome: Option<String>,
    /// The `X-Request-Id` of an answer
    request_id: Option<String>,
    /// Lines of this time or later (RFC 3339)
    #[param(example = "2026-11-01T00:00:00Z")]
    from: Option<String>,
    /// Lines before this time (RFC 3339)
    #[param(example = "2026-12-01T00:00:00Z")]
    to: Option<String>,
    /// Lines of a page, 100 when absent
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// Read the audit log
///
/// Who did what, newest first: every write, those that were refused among them, and every read of figures that are not open. Each line
/// carries the hash of the line before, so that none can be altered or left out unseen. Reading the log is a line as well. An
/// administrator of an organisation sees what the clients of that organisation did; one that is narrowed to provinces or fields sees nothing.
#[utoipa::path(
    tag = "access", operation_id = "list_audit", security(("oauth2" = ["admin"])), params(AuditQuery),
    responses((status = 200, description = "Lines of the log", body = AuditPage))
)]
#[get("/v1/audit")]
pub async fn list(state: Data<State>, administrator: Authorized<Administer>, mut query: Query) -> Result<Json<AuditPage>, Problem> {
    let (wanted, limit) = read(&mut query);
    query.finish()?;

    let (found, head) = audit::list(&state, &administrator, wanted).await?;
    let mut items: Vec<AuditLine> = found.into_iter().map(AuditLine::from).collect();
    let next = cut(&mut items, limit, |last| cursor("audit", [&last.seq.to_string()]));
    Ok(Json(AuditPage { items, next, head: head.into() }))
}

fn read(query: &mut Query) -> (AuditFilter, usize) {
    let page: Page<1> = Page::read(query, "audit");
    let text = |text: &str| text::clean(text, 100);
    let before = page.after.map(|[seq]| seq.parse());
    if matches!(before, Some(Err(_))) {
        query.note("cursor", foreign_cursor());
    }
    let wanted = AuditFilter {
        organisation: None,
        client: query.one("client", text),
        action: query.one("action", AuditAction::parse).map(AuditAction::as_str),
        request_id: query.one("request_id", text),
        outcome: query.one("outcome", |text| match text {
            "refused" => Ok(Sought::Refused),
            other => Outcome::parse(other).map(Sought::Exactly),
        }),
        from: query.one("from", instant),
        to: query.one("to", instant),
        before: before.and_then(Result::ok),
        limit: i64::try_from(page.limit + 1).unwrap_or(i64::MAX),
    };
    if wanted.from.zip(wanted.to).is_some_and(|(from, to)| to <= from) {
        query.note("to", Fault::new(Code::InvalidValue, "`to` is to be after `from`"));
    }
    (wanted, page.limit)
}

impl From<Line> for AuditLine {
    fn from(Line { seq, entry, previous_hash, hash }: Line) -> AuditLine {
        AuditLine {
            seq,
            at: entry.at,
            client: entry.client,
            organisation: entry.organisation,
            address: entry.address,
            request_id: entry.request_id,
            action: entry.action,
            subject: entry.subject,
            outcome: entry.outcome,
            previous_hash,
            hash,
        }
    }
}

impl From<Link> for AuditHead {
    fn from(Link { seq, hash, .. }: Link) -> AuditHead {
        AuditHead { seq, hash }
    }
}
