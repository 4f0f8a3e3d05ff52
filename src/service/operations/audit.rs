//! The audit log. Every write adds a line in its own transaction; refused requests and reads of restricted figures add a separate line.
//! The content and the hash of a line are in `domain::audit`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use ipnet::IpNet;

use super::origin::RequestOrigin;
use crate::context::Context;
use crate::domain::access::role::{Administer, Authorized, Caller};
use crate::domain::access::scope::Scope;
use crate::domain::audit::{self, Line, Link};
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::message;
use crate::service::ServiceError;
use crate::service::network::{network, written};
use crate::store::{self, Conn, StoreError};

pub use crate::domain::audit::{AuditAction as Action, Outcome};
pub use crate::store::audit::{AuditFilter, Sought};

/// Maximum number of characters of the subject.
pub const LONGEST_SUBJECT: usize = 2_000;

/// The context of a write, with the origin of its request for the audit line.
#[derive(Clone)]
pub struct WriteContext {
    /// The context.
    pub context: Arc<Context>,
    /// The origin of the request.
    pub origin: RequestOrigin,
}

impl WriteContext {
    /// The context of a write at the command line.
    #[must_use]
    pub fn at_command_line(context: &Arc<Context>) -> WriteContext {
        WriteContext { context: Arc::clone(context), origin: RequestOrigin::default() }
    }

    /// Appends the audit line as the last step of a write. The line and the write are stored together, or neither is.
    ///
    /// # Errors
    /// Any failure of the database, which undoes the write.
    pub fn record(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        action: Action,
        subject: &str,
        outcome: Outcome,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        record(conn, &self.origin, caller, action, subject, outcome, at)
    }
}

/// Appends an audit line where there is no context, such as before a server starts.
///
/// # Errors
/// Any failure of the database, which undoes the write.
pub fn record(
    conn: &mut Conn,
    origin: &RequestOrigin,
    caller: &Caller,
    action: Action,
    subject: &str,
    outcome: Outcome,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let client = caller.client();
    let entry = audit::Entry {
        at,
        client: client.map(|client| client.id.clone()),
        organisation: client.and_then(|client| client.organisation.clone()),
        address: origin.address.map(|address| address.to_string()),
        request_id: origin.request_id.clone(),
        action: action.as_str().to_owned(),
        subject: subject.chars().take(LONGEST_SUBJECT).collect(),
        outcome: outcome.as_str().to_owned(),
    };
    store::audit::append(conn, entry)?;
    origin.access_log.note_recorded();
    Ok(())
}

/// Records that a client gets a token. The line is stored before the token is sent.
///
/// # Errors
/// Any failure of the database. The client then gets no token.
pub async fn token_issued(write: &WriteContext, client_id: &str, scopes: &[Scope]) -> Result<(), ServiceError> {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let (subject, at) = (format!("token for {}", words.join(" ")), write.context.clock.now());
    let (id, shared) = (client_id.to_owned(), write.clone());
    write
        .context
        .db
        .write(move |conn| {
            let client = store::clients::find(conn, &id)?.map(|stored| stored.client);
            let caller = client.map_or_else(Caller::anyone, Caller::of);
            shared.origin.access_log.identify(&caller);
            Ok(shared.record(conn, &caller, Action::IssueToken, &subject, Outcome::Done, at)?)
        })
        .await
}

/// An answered request, at the moment before its answer is sent.
#[derive(Debug)]
pub struct HandledRequest {
    /// The origin of the request and its access log.
    pub origin: RequestOrigin,
    /// The request line, without secrets.
    pub request: String,
    /// True for a method that only reads.
    pub reads: bool,
    /// The code of the refusal; `None` for success.
    pub refused: Option<Code>,
    /// True if the caller or the request rate was the reason for the refusal.
    pub turned_away: bool,
    /// True if the request rate was the reason for the refusal.
    pub too_often: bool,
}

/// Limit of lines per deletion, so that no request waits long.
const AT_A_TIME: i64 = 1_000;

/// The audit log, with its state in the memory of one instance.
pub struct AuditLog {
    context: Arc<Context>,
    refusals: Refusals,
    /// Time of the last complete deletion, in seconds since 1970; 0 after the start of the program.
    tidied_at: AtomicI64,
}

impl AuditLog {
    /// Makes the log of a database.
    #[must_use]
    pub fn new(context: Arc<Context>) -> AuditLog {
        AuditLog { context, refusals: Refusals::default(), tidied_at: AtomicI64::new(0) }
    }

    /// Records the outcome of a request before the answer is sent. It records reads of restricted figures, refused writes, and requests refused
    /// because of the caller or the rate. A successful write already has its line. Reads of open figures and faulty read requests are not
    /// recorded.
    ///
    /// # Errors
    /// Any failure to write the line. For a read of restricted figures it is `StoreError::Unavailable`, and the read is not answered.
    pub async fn close(&self, handled: HandledRequest) -> Result<(), ServiceError> {
        let HandledRequest { origin, request, reads, refused, turned_away, too_often } = handled;
        let caller = origin.access_log.caller().cloned().unwrap_or_default();
        let now = self.context.clock.now();
        match refused {
            None if origin.access_log.was_recorded() => {}
            None if caller.has_seen_more_than_open() => {
                let recorded = self.append(origin, caller, Action::Read, request, Outcome::Done, now).await;
                recorded.map_err(|failure| StoreError::Unavailable(format!("recording a read: {failure}")))?;
            }
            Some(code) if !reads || turned_away => {
                let flooding = caller.client().is_none() || too_often;
                if flooding && !self.refusals.is_first(&caller, origin.address.map(network), code, now) {
                    return Ok(());
                }
                let action = if reads { Action::Read } else { Action::Write };
                let tried = origin.access_log.tried().map(|id| format!(" as {id}")).unwrap_or_default();
                self.append(origin, caller, action, format!("{request}{tried}"), Outcome::Refused(code), now).await?;
            }
            None | Some(_) => return Ok(()),
        }
        self.delete_expired(now).await;
        Ok(())
    }

    /// Appends a line in its own transaction. Lines with the counts of earlier refusals come first.
    async fn append(
        &self,
        origin: RequestOrigin,
        caller: Caller,
        action: Action,
        subject: String,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let counted = self.refusals.ended(now);
        self.context
            .db
            .write(move |conn| {
                counted.into_iter().try_for_each(|line| store::audit::append(conn, line))?;
                record(conn, &origin, &caller, action, &subject, outcome, now)
            })
            .await
    }

    /// Deletes lines after the end of their retention time. A deletion starts once a day after a write to the log; each later request
    /// deletes one batch until no outdated line is left. The deletion itself adds a line.
    async fn delete_expired(&self, now: DateTime<Utc>) {
        let last = self.tidied_at.load(Ordering::Relaxed);
        if now.timestamp() < last.saturating_add(TimeDelta::days(1).num_seconds()) && last != 0 {
            return;
        }
        let before = now - TimeDelta::days(self.context.settings.audit_retention);
        let done = self.context.db.write(move |conn| {
            let Some((first, last)) = store::audit::expire(conn, before, AT_A_TIME)? else { return Ok::<_, StoreError>(false) };
            let (nowhere, subject) = (RequestOrigin::default(), format!("lines {first} to {last}"));
            record(conn, &nowhere, &Caller::anyone(), Action::ExpireAudit, &subject, Outcome::Done, now)?;
            Ok(last - first + 1 >= AT_A_TIME)
        });
        match done.await {
            Ok(true) => {}
            Ok(false) => self.tidied_at.store(now.timestamp(), Ordering::Relaxed),
            Err(failure) => log::warn!("old lines of the audit log were not removed cause={failure}"),
        }
    }
}

/// Refusals by minute and sender.
#[derive(Debug, Default)]
struct Refusals(Mutex<HashMap<(DateTime<Utc>, Who), Counted>>);

/// A sender of refused requests: the client, and its address or network.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Who {
    client: Option<String>,
    organisation: Option<String>,
    network: Option<String>,
}

/// Refusals of one minute without lines of their own.
#[derive(Debug)]
struct Counted {
    more: u64,
    last: Code,
}

/// Limit of senders per minute with lines of their own. The refusals of all other senders are counted together.
const MOST_IN_A_MINUTE: usize = 60;

impl Refusals {
    /// True for the first refusal of a sender in this minute: it gets its own line. Later refusals are only counted. Without this limit,
    /// anyone could fill the log, because a refusal needs no token. The log grows by at most two lines per sender and minute, for sixty
    /// senders, plus two lines for all others.
    fn is_first(&self, caller: &Caller, network: Option<IpNet>, code: Code, now: DateTime<Utc>) -> bool {
        let client = caller.client();
        let own = Who {
            client: client.map(|client| client.id.clone()),
            organisation: client.and_then(|client| client.organisation.clone()),
            network: network.map(written),
        };
        let minute = minute_of(now);
        let mut refusals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_minute = refusals.keys().filter(|(of, _)| *of == minute).count();
        let known = refusals.contains_key(&(minute, own.clone()));
        let who = if known || of_minute < MOST_IN_A_MINUTE { own } else { Who::default() };
        match refusals.entry((minute, who)) {
            Entry::Occupied(mut counted) => {
                let Counted { more, last } = counted.get_mut();
                (*more, *last) = (*more + 1, code);
                false
            }
            Entry::Vacant(first) => {
                first.insert(Counted { more: 0, last: code });
                true
            }
        }
    }

    /// Removes the counts of past minutes and returns them as lines.
    fn ended(&self, now: DateTime<Utc>) -> Vec<audit::Entry> {
        let mut refusals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut over: Vec<_> = refusals.extract_if(|(of, _), _| *of != minute_of(now)).collect();
        over.sort_by(|(one, _), (other, _)| one.cmp(other));
        over.into_iter().filter(|(_, counted)| counted.more > 0).map(|((minute, who), counted)| counted.entry(minute, who, now)).collect()
    }
}

fn minute_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

impl Counted {
    /// The line for one count.
    fn entry(&self, minute: DateTime<Utc>, who: Who, at: DateTime<Utc>) -> audit::Entry {
        audit::Entry {
            at,
            client: who.client,
            organisation: who.organisation,
            address: Some(who.network.unwrap_or_else(|| "other addresses".into())),
            request_id: None,
            action: Action::Write.as_str().to_owned(),
            subject: format!("{} more requests in the minute from {}", self.more, minute.format("%Y-%m-%dT%H:%MZ")),
            outcome: Outcome::Refused(self.last).as_str().to_owned(),
        }
    }
}

/// Lists lines, newest first, with the end of the chain.
///
/// # Errors
/// A client that is restricted to provinces or fields of work. An administrator of an organisation sees only lines of the clients of that
/// organisation.
pub async fn list_audit_entries(
    context: &Arc<Context>,
    by: &Authorized<Administer>,
    wanted: AuditFilter,
) -> Result<(Vec<Line>, Link), ServiceError> {
    let client = by.client();
    if !client.provinces.is_empty() || !client.fields.is_empty() {
        let message = message!(
            en: "the audit log is for administrators who are not narrowed to provinces or fields of work",
            vi: "nhật ký kiểm tra chỉ dành cho quản trị viên không bị giới hạn theo tỉnh hoặc lĩnh vực"
        );
        return Err(ServiceError::Forbidden(vec![Fault::new(Code::ClientNarrowed, message).at(Location::Request)]));
    }
    let wanted = AuditFilter { organisation: client.organisation.clone(), ..wanted };
    by.caller().saw_more_than_open();
    context.db.read(move |conn| Ok((store::audit::list(conn, &wanted)?, store::audit::head(conn)?))).await
}
