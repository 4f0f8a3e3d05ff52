//! The `submissions` table: what was sent, by whom, from which document, and what became of it.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::submissions;
use super::values::{from_json, stamp, to_json, word};
use crate::domain::observation::Source;
use crate::domain::submission::{State, Submission};

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
struct Row {
    id: String,
    client: String,
    organisation: Option<String>,
    state: String,
    source_title: Option<String>,
    source_number: Option<String>,
    source_date: Option<NaiveDate>,
    outcomes: String,
    received_at: NaiveDateTime,
}

impl Row {
    fn into_submission(self) -> Result<Submission, Failure> {
        Ok(Submission {
            id: self.id,
            client: self.client,
            organisation: self.organisation,
            state: word(&self.state, State::parse)?,
            source: Source { title: self.source_title, number: self.source_number, date: self.source_date },
            rows: from_json(&self.outcomes)?,
            received_at: self.received_at.and_utc(),
        })
    }
}

/// The submission with this id, if this client sent it.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str, client: &str) -> Result<Option<Submission>, Failure> {
    let row: Option<Row> =
        submissions::table.find(id).filter(submissions::client.eq(client)).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::into_submission).transpose()
}

/// A client's submissions, newest first, from below an id. Ids grow with time.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, client: &str, before: Option<&str>, limit: i64) -> Result<Vec<Submission>, Failure> {
    let mut query = submissions::table
        .filter(submissions::client.eq(client))
        .order(submissions::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(submissions::id.lt(before));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::into_submission).collect()
}

/// Records a submission before its figures, which refer to it.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, submission: &Submission) -> Result<(), Failure> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::id.eq(&submission.id),
            submissions::client.eq(&submission.client),
            submissions::organisation.eq(&submission.organisation),
            submissions::state.eq(submission.state.as_str()),
            submissions::source_title.eq(&submission.source.title),
            submissions::source_number.eq(&submission.source.number),
            submissions::source_date.eq(submission.source.date),
            submissions::outcomes.eq(to_json(&submission.rows)),
            submissions::received_at.eq(stamp(submission.received_at)),
        ))
        .execute(conn)?;
    Ok(())
}
