//! The `audit` table: lines about writes and reads, each chained to the line before; and `audit_anchor`, the start of the chain.
//! Lines are appended, and deleted from the old end after their retention time; none is changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::{audit, audit_anchor as anchors};
use super::values::stamp;
use crate::domain::audit::{Entry, Line, Link, Outcome};

/// A row of the table.
#[derive(HasQuery, Insertable)]
#[diesel(table_name = audit)]
struct Row {
    seq: i64,
    at: NaiveDateTime,
    client: Option<String>,
    organisation: Option<String>,
    address: Option<String>,
    request_id: Option<String>,
    action: String,
    subject: String,
    outcome: String,
    previous_hash: String,
    hash: String,
}

impl From<Row> for Line {
    fn from(row: Row) -> Line {
        let Row { seq, at, client, organisation, address, request_id, action, subject, outcome, previous_hash, hash } = row;
        let entry = Entry { at: at.and_utc(), client, organisation, address, request_id, action, subject, outcome };
        Line { seq, entry, previous_hash, hash }
    }
}

/// Appends a line to the chain. Call it inside `Db::write`, which allows one writer at a time.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, entry: Entry) -> Result<(), StoreError> {
    let Line { seq, entry, previous_hash, hash } = head(conn)?.next(entry);
    let at = stamp(entry.at);
    let Entry { client, organisation, address, request_id, action, subject, outcome, .. } = entry;
    let row = Row { seq, at, client, organisation, address, request_id, action, subject, outcome, previous_hash, hash };
    diesel::insert_into(audit::table).values(row).execute(conn)?;
    Ok(())
}

/// The end of the chain.
///
/// # Errors
/// Any failure of the database.
pub fn head(conn: &mut Conn) -> Result<Link, StoreError> {
    let last: Option<Row> = Row::query().order(audit::seq.desc()).first(conn).optional()?;
    last.map_or_else(|| anchor(conn), |row| Ok(Line::from(row).link()))
}

/// The start of the chain: the last deleted line, or the beginning.
///
/// # Errors
/// Any failure of the database.
pub fn anchor(conn: &mut Conn) -> Result<Link, StoreError> {
    let (seq, hash, at): (i64, String, Option<NaiveDateTime>) =
        anchors::table.select((anchors::seq, anchors::hash, anchors::at)).first(conn)?;
    Ok(Link { seq, hash, at: at.map(|at| at.and_utc()) })
}

/// Lists lines after a number, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<Row> = Row::query().filter(audit::seq.gt(seq)).order(audit::seq).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// The number of lines.
///
/// # Errors
/// Any failure of the database.
pub fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(audit::table.select(count_star()).first(conn)?)
}

/// A filter for outcomes.
#[derive(Debug, Clone, Copy)]
pub enum Sought {
    /// A single outcome.
    Exactly(Outcome),
    /// All refusals, for any reason.
    Refused,
}

/// A query for lines.
#[derive(Debug, Default)]
pub struct AuditFilter {
    /// The organisation of the clients.
    pub organisation: Option<String>,
    /// The client.
    pub client: Option<String>,
    /// The action.
    pub action: Option<&'static str>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// The outcome.
    pub outcome: Option<Sought>,
    /// The earliest instant, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// The latest instant, exclusive.
    pub to: Option<DateTime<Utc>>,
    /// Only lines with a smaller number: the last one of the page before.
    pub before: Option<i64>,
    /// The page size.
    pub limit: usize,
}

/// Lists lines, newest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &AuditFilter) -> Result<Vec<Line>, StoreError> {
    let mut query = Row::query().order(audit::seq.desc()).limit(i64::try_from(wanted.limit).unwrap_or(i64::MAX)).into_boxed();
    if let Some(organisation) = &wanted.organisation {
        query = query.filter(audit::organisation.eq(organisation));
    }
    if let Some(client) = &wanted.client {
        query = query.filter(audit::client.eq(client));
    }
    if let Some(action) = wanted.action {
        query = query.filter(audit::action.eq(action));
    }
    if let Some(request) = &wanted.request_id {
        query = query.filter(audit::request_id.eq(request));
    }
    match wanted.outcome {
        Some(Sought::Exactly(outcome)) => query = query.filter(audit::outcome.eq(outcome.as_str())),
        Some(Sought::Refused) => {
            query = query.filter(audit::outcome.ne_all([Outcome::Done, Outcome::Unchanged].map(Outcome::as_str)));
        }
        None => {}
    }
    if let Some(from) = wanted.from {
        query = query.filter(audit::at.ge(stamp(from)));
    }
    if let Some(to) = wanted.to {
        query = query.filter(audit::at.lt(stamp(to)));
    }
    if let Some(before) = wanted.before {
        query = query.filter(audit::seq.lt(before));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// Deletes lines from before an instant at the old end, up to a limit, and moves the anchor of the chain. Returns the numbers of the first
/// and last deleted line.
///
/// # Errors
/// Any failure of the database.
pub fn expire(conn: &mut Conn, before: DateTime<Utc>, most: i64) -> Result<Option<(i64, i64)>, StoreError> {
    let first = anchor(conn)?.seq + 1;
    // Timestamps never decrease along the chain, so the outdated lines form its beginning.
    let outdated = audit::table.filter(audit::at.lt(stamp(before))).filter(audit::seq.lt(first.saturating_add(most)));
    let Some(last) = outdated.select(max(audit::seq)).first::<Option<i64>>(conn)? else { return Ok(None) };
    let (hash, at): (String, NaiveDateTime) = audit::table.find(last).select((audit::hash, audit::at)).first(conn)?;
    diesel::update(anchors::table).set((anchors::seq.eq(last), anchors::hash.eq(hash), anchors::at.eq(Some(at)))).execute(conn)?;
    diesel::delete(audit::table.filter(audit::seq.le(last))).execute(conn)?;
    Ok(Some((first, last)))
}
