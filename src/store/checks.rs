//! What must be so in the database whatever was sent to it, read in pages for whoever checks it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::{claims, observations, submissions, targets};
use crate::domain::submission::workflow::State;

/// Which revisions: each kind is kept in a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of figures.
    Observations,
    /// Of claims.
    Claims,
    /// Of targets.
    Targets,
}

/// A revision, and what it is one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The id of the observation or target; of a claim also its kind.
    pub of: (String, String),
    /// Its number.
    pub number: i32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When another one took its place.
    pub superseded_at: Option<DateTime<Utc>>,
}

type Row = (String, String, i32, NaiveDateTime, Option<NaiveDateTime>);

/// Some of the revisions after one, those of one thing one after the other.
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

/// Some of the figures on record whose submission is not one that was approved, by id and revision.
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
