//! The audit log: every write leaves a line in its own transaction; what was refused, and reads of what is not open, leave one of their own.
//! What a line is made of is for `domain::audit`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::domain::access::origin::RequestOrigin;
use crate::domain::access::role::{Administer, Authorized, Caller};
use crate::domain::access::scope::Scope;
use crate::domain::audit::{self, LONGEST, Line, Link};
use crate::domain::fault::{Code, Fault, Location};
use crate::service::ServiceError;
use crate::state::State;
use crate::store::{self, Conn, StoreError};

pub use crate::domain::audit::{AuditAction as Action, Outcome};
pub use crate::store::audit::{AuditFilter, Sought};

/// Puts a line on record, as the last thing that a write does: with it, or not at all.
///
/// # Errors
/// Any failure of the database, which undoes the write.
pub fn record(
    conn: &mut Conn,
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
        address: caller.origin.address.map(|address| address.to_string()),
        request_id: caller.origin.request_id.clone(),
        action: action.as_str().to_owned(),
        subject: subject.chars().take(LONGEST).collect(),
        outcome: outcome.as_str().to_owned(),
    };
    store::audit::append(conn, entry)?;
    caller.origin.access_log.is_on_record();
    Ok(())
}

/// Puts on record that a client got a token, before it gets it.
///
/// # Errors
/// Any failure of the database: then there is no token.
pub async fn token_issued(state: &Arc<State>, origin: &RequestOrigin, client_id: &str, scopes: &[Scope]) -> Result<(), ServiceError> {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let (subject, at) = (format!("token for {}", words.join(" ")), state.clock.now());
    let (id, origin) = (client_id.to_owned(), origin.clone());
    state
        .db
        .write(move |conn| {
            let client = store::clients::find(conn, &id)?.map(|stored| stored.client);
            let caller = client.map_or_else(Caller::anyone, Caller::of).from_origin(origin);
            Ok(record(conn, &caller, Action::IssueToken, &subject, Outcome::Done, at)?)
        })
        .await
}

/// A request that was answered, or is about to be.
#[derive(Debug)]
pub struct HandledRequest {
    /// Where it came from, with what it left behind.
    pub origin: RequestOrigin,
    /// What was asked for, as [`audit::request`] says it.
    pub request: String,
    /// Whether it could only read.
    pub reads: bool,
    /// Why it was refused; `None` where it was done.
    pub refused: Option<Code>,
    /// Whether it was refused because of who asked, or how often.
    pub turned_away: bool,
    /// Whether it was refused because of how often.
    pub too_often: bool,
}

/// Puts on record what a request came to, before its answer goes out: a read of what is not open, a write that was refused, whoever was
/// turned away. What was written is on record already. Reads of what is open, and what is wrong with a read, are nobody's business.
///
/// # Errors
/// Where a line cannot be written; of a read of what is not open as `StoreError::Unavailable`, because then it is not answered.
pub async fn close(state: &Arc<State>, handled: HandledRequest) -> Result<(), ServiceError> {
    let client = handled.origin.access_log.client().cloned();
    let caller = client.map_or_else(Caller::anyone, Caller::of).from_origin(handled.origin.clone());
    let now = state.clock.now();
    match handled.refused {
        None if caller.origin.access_log.was_recorded() => {}
        None if caller.has_seen_more_than_open() => {
            let recorded = append(state, caller, Action::Read, handled.request, Outcome::Done, now).await;
            recorded.map_err(|failure| StoreError::Unavailable(format!("recording a read: {failure}")))?;
        }
        Some(code) if !handled.reads || handled.turned_away => {
            let flooding = caller.client().is_none() || handled.too_often;
            if flooding && !state.audit.is_first(&caller, code, now) {
                return Ok(());
            }
            let action = if handled.reads { Action::Read } else { Action::Write };
            let tried = handled.origin.access_log.tried().map(|id| format!(" as {id}")).unwrap_or_default();
            let subject = format!("{}{tried}", handled.request);
            append(state, caller, action, subject, Outcome::Refused(code), now).await?;
        }
        None | Some(_) => return Ok(()),
    }
    delete_expired(state, now).await;
    Ok(())
}

/// Puts a line on record in a transaction of its own, after those that tell of refusals that were only counted.
async fn append(
    state: &Arc<State>,
    caller: Caller,
    action: Action,
    subject: String,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let counted = state.audit.ended(now);
    state
        .db
        .write(move |conn| {
            counted.into_iter().try_for_each(|line| store::audit::append(conn, line))?;
            record(conn, &caller, action, &subject, outcome, now)
        })
        .await
}

/// The most lines that are removed at a time, so that no request waits long.
const AT_A_TIME: i64 = 1_000;

/// Removes lines that are older than they are kept: once a day, when a line was written, some of them with each request until none is left.
/// That they were removed is a line as well.
async fn delete_expired(state: &Arc<State>, now: DateTime<Utc>) {
    let last = state.audit.tidied_at.load(Ordering::Relaxed);
    if now.timestamp() < last.saturating_add(TimeDelta::days(1).num_seconds()) && last != 0 {
        return;
    }
    let before = now - TimeDelta::days(state.settings.audit_retention);
    let done = state.db.write(move |conn| {
        let Some((first, last)) = store::audit::expire(conn, before, AT_A_TIME)? else { return Ok::<_, StoreError>(false) };
        record(conn, &Caller::anyone(), Action::ExpireAudit, &format!("lines {first} to {last}"), Outcome::Done, now)?;
        Ok(last - first + 1 >= AT_A_TIME)
    });
    match done.await {
        Ok(true) => {}
        Ok(false) => state.audit.tidied_at.store(now.timestamp(), Ordering::Relaxed),
        Err(failure) => log::warn!("old lines of the audit log were not removed cause={failure}"),
    }
}

/// What an instance keeps of the audit log beside what is on record.
#[derive(Debug, Default)]
pub struct AuditLog {
    /// By the minute they came in, and whose they are.
    refusals: Mutex<HashMap<(DateTime<Utc>, Who), Counted>>,
    /// When no outdated line was left, in seconds since 1970; 0 since the start of the program.
    tidied_at: AtomicI64,
}

/// Whose refusals are counted together: the client, and the address or the network that it is of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Who {
    client: Option<String>,
    organisation: Option<String>,
    network: Option<String>,
}

/// Refusals of a minute that have no line of their own.
#[derive(Debug)]
struct Counted {
    more: u64,
    last: Code,
}

/// The first refusal of a minute has a line of its own for so many senders; those of all others are counted together.
const MOST_IN_A_MINUTE: usize = 60;

impl AuditLog {
    /// Whether a refusal is the first one of its sender in this minute, which has a line of its own; others are counted. Without a good
    /// token anyone can be refused as often as they like: the log grows by two lines for each address and minute, and no more than for
    /// sixty addresses.
    fn is_first(&self, caller: &Caller, code: Code, now: DateTime<Utc>) -> bool {
        let client = caller.client();
        let own = Who {
            client: client.map(|client| client.id.clone()),
            organisation: client.and_then(|client| client.organisation.clone()),
            network: caller.origin.address.map(network),
        };
        let minute = minute_of(now);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// Takes out what was counted in minutes that are over, as lines.
    fn ended(&self, now: DateTime<Utc>) -> Vec<audit::Entry> {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let mut over: Vec<_> = refusals.extract_if(|(of, _), _| *of != minute_of(now)).collect();
        over.sort_by(|(one, _), (other, _)| one.cmp(other));
        over.into_iter().filter(|(_, counted)| counted.more > 0).map(|((minute, who), counted)| counted.entry(minute, who, now)).collect()
    }
}

fn minute_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

impl Counted {
    /// The line that tells of them.
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

/// The address, or the network of 64 bits that it is in: an IPv6 host has as many addresses as it likes.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Lists lines, newest first, and says where the chain ends.
///
/// # Errors
/// For a client that is narrowed to provinces or fields of work. One of an organisation sees what the clients
/// of that organisation did.
pub async fn list(state: &Arc<State>, by: &Authorized<Administer>, wanted: AuditFilter) -> Result<(Vec<Line>, Link), ServiceError> {
    let client = by.client();
    if !client.provinces.is_empty() || !client.fields.is_empty() {
        let message = "the audit log is for administrators who are not narrowed to provinces or fields of work";
        return Err(ServiceError::Forbidden(vec![Fault::new(Code::ClientNarrowed, message).at(Location::Request)]));
    }
    let wanted = AuditFilter { organisation: client.organisation.clone(), ..wanted };
    by.caller().saw_more_than_open();
    state.db.read(move |conn| Ok((store::audit::list(conn, &wanted)?, store::audit::head(conn)?))).await
}
