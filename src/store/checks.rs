//! The data for the checks of the database's invariants, read in pages.
//! The checks themselves are in `service::checks`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::{claims, observations, submissions, targets};
use crate::domain::submission::workflow::State;

/// The kinds of revisions, each in its own table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Revisions of figures.
    Observations,
    /// Revisions of claims.
    Claims,
    /// Revisions of targets.
    Targets,
}

/// A revision and the item it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The id of the observation or target; for a claim the id of its observation and the kind.
    pub of: (String, String),
    /// The number of the revision, from 1.
    pub number: i32,
    /// Time of recording.
    pub recorded_at: DateTime<Utc>,
    /// Start of the next revision.
    pub superseded_at: Option<DateTime<Utc>>,
}

type Row = (String, String, i32, NaiveDateTime, Option<NaiveDateTime>);

/// Lists revisions after a given one. Revisions of the same item follow one another.
///
/// # Errors
/// Any failure of the database.
pub fn revisions(conn: &mut Conn, kind: Kind, after: Option<&Revision>, limit: i64) -> Result<Vec<Revision>, StoreError> {
    let start = (String::new(), String::new());
    let ((id, of_kind), number) = after.map_or((&start, 0), |after| (&after.of, after.number));
    let rows: Vec<Row> = match kind {
        Kind::Observations => {
            use observations::{id as own, recorded_at, revision, superseded_at};
            let rest = observations::table.filter(own.gt(id).or(own.eq(id).and(revision.gt(number)))).order((own, revision)).limit(limit);
            rest.select((own, own, revision, recorded_at, superseded_at)).load(conn)?
        }
        Kind::Targets => {
            use targets::{id as own, recorded_at, revision, superseded_at};
            let rest = targets::table.filter(own.gt(id).or(own.eq(id).and(revision.gt(number)))).order((own, revision)).limit(limit);
            rest.select((own, own, revision, recorded_at, superseded_at)).load(conn)?
        }
        Kind::Claims => {
            use claims::{kind as word, observation as own, recorded_at, revision, superseded_at};
            let later = word.gt(of_kind).or(word.eq(of_kind).and(revision.gt(number)));
            let rest = claims::table.filter(own.gt(id).or(own.eq(id).and(later))).order((own, word, revision)).limit(limit);
            rest.select((own, word, revision, recorded_at, superseded_at)).load(conn)?
        }
    };
    let read = |(id, word, number, recorded_at, superseded_at): Row| Revision {
        of: (id, word),
        number,
        recorded_at: recorded_at.and_utc(),
        superseded_at: superseded_at.map(|at| at.and_utc()),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Lists current figures from submissions that are not approved, by id and revision.
///
/// # Errors
/// Any failure of the database.
pub fn unapproved(conn: &mut Conn, limit: i64) -> Result<Vec<(String, i32)>, StoreError> {
    let found = observations::table.inner_join(submissions::table).filter(submissions::state.ne(State::Approved.as_str()));
    Ok(found
        .order((observations::id, observations::revision))
        .select((observations::id, observations::revision))
        .limit(limit)
        .load(conn)?)
}
