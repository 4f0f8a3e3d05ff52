//! `/v1/audit`: the audit log, for administrators.
//! The choice of recorded events is in `service::audit`, the hash chain in `domain::audit`.

use crate::domain::access::role::Authorized;
use crate::domain::message::message;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::role::Administer;
use crate::domain::audit::{AuditAction, Line, Link, Outcome};
use crate::domain::fault::{Code, Fault};
use crate::http::extract::page::{Page, cursor, cut, foreign_cursor};
use crate::http::extract::parameter::{instant_from, instant_until, text, word, written};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::operations::audit::{self, AuditFilter, Sought};

/// A line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "AuditLine")]
pub struct AuditLine {
    /// Sequence number; the first is 1, without gaps
    seq: i64,
    /// Time of the event (UTC)
    at: DateTime<Utc>,
    /// Id of the client; null for a request without a valid token, and for the command line
    #[schema(required = true)]
    client: Option<String>,
    /// Organisation of the client
    #[schema(required = true)]
    organisation: Option<String>,
    /// IP address of the caller; null for the command line
    #[schema(required = true)]
    address: Option<String>,
    /// Id of the request, as in the answer and the server log; null for the command line
    #[schema(required = true)]
    request_id: Option<String>,
    /// Action: `read`, `write` for a refused write, or the operation
    #[schema(example = "put_targets")]
    action: String,
    /// Object that was written; for `read` and `write` the request as sent, without secrets
    subject: String,
    /// `done`, `unchanged`, or the code of the first fault
    #[schema(example = "done")]
    outcome: String,
    /// Hash of the previous line
    previous_hash: String,
    /// SHA-256 of this line, including the hash of the previous line
    hash: String,
}

/// The end of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditHead {
    /// Sequence number of the last line; 0 for an empty log
    seq: i64,
    /// Hash of the last line. Store a copy elsewhere: it can later prove that no line was removed from the end
    hash: String,
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Lines, newest first
    items: Vec<AuditLine>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
    /// End of the whole log, independent of the filters
    head: AuditHead,
}

impl FromQuery for AuditFilter {
    fn from_query(query: &mut Query) -> AuditFilter {
        let page: Page<1> = Page::of(query, "audit", "Maximum number of lines on a page; 100 when absent");
        let before = page.after.map(|[seq]| seq.parse());
        if matches!(before, Some(Err(_))) {
            query.note("cursor", foreign_cursor());
        }
        let outcome = written("outcome", "`done`, `unchanged`, `refused` for every refusal, or the code of a fault", |text| match text {
            "refused" => Ok(Sought::Refused),
            other => Outcome::parse(other).map(Sought::Exactly),
        });
        let wanted = AuditFilter {
            organisation: None,
            client: query.optional(text("client", "Id of a client", 100)),
            action: query.optional(word("action", "Action", AuditAction::parse)).map(AuditAction::as_str),
            request_id: query.optional(text("request_id", "The `X-Request-Id` of an answer", 100)),
            outcome: query.optional(outcome.example("refused")),
            from: query.optional(
                instant_from("from", "Lines at or after this time (RFC 3339); from the beginning of a date in Viet Nam")
                    .example("2026-11-01T00:00:00Z"),
            ),
            to: query.optional(
                instant_until("to", "Lines before this time (RFC 3339); until the end of a date in Viet Nam")
                    .example("2026-12-01T00:00:00Z"),
            ),
            before: before.and_then(Result::ok),
            limit: page.limit + 1,
        };
        if wanted.from.zip(wanted.to).is_some_and(|(from, to)| to <= from) {
            query.note("to", Fault::new(Code::InvalidValue, message!(en: "`to` is to be after `from`", vi: "`to` phải sau `from`")));
        }
        wanted
    }
}

/// List the audit log
///
/// Lists events, newest first: every write, including refused ones, and every read of figures that are not open. Each line contains the
/// hash of the previous line, so a changed or missing line can be detected. Reading the log also adds a line. An administrator of an
/// organisation sees the actions of that organisation's clients. An administrator who is restricted to provinces or fields cannot read the
/// log (`client_narrowed`).
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])), params(Parameters<AuditFilter>),
    responses((status = 200, description = "Lines of the log", body = AuditPage))
)]
#[get("/v1/audit")]
pub async fn list_audit_entries(
    state: Data<ServerState>,
    administrator: Authorized<Administer>,
    query: Parameters<AuditFilter>,
) -> Result<Json<AuditPage>, Problem> {
    let wanted = query.finish()?;
    let asked = wanted.limit;

    let (found, head) = audit::list_audit_entries(&state.context, &administrator, wanted).await?;
    let mut items: Vec<AuditLine> = found.into_iter().map(AuditLine::from).collect();
    let next = cut(&mut items, asked, |last| cursor("audit", [&last.seq.to_string()]));
    Ok(Json(AuditPage { items, next, head: head.into() }))
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
