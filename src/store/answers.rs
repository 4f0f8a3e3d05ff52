//! The `answered_requests` table: responses to requests with an `Idempotency-Key`, kept for repetition.
//! Its rows are copies of other stored data and are deleted after some days.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::answered_requests as answers;
use super::values::stamp;

/// A stored response.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The SHA-256 of the request in base64url (RFC 4648 §5).
    pub fingerprint: String,
    /// The response body.
    pub answer: String,
}

/// The response to a client's request with this key, if stored after the given instant.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, client: &str, key: &str, since: DateTime<Utc>) -> Result<Option<Answered>, StoreError> {
    let found: Option<(String, String)> = answers::table
        .find((client, key))
        .filter(answers::answered_at.ge(stamp(since)))
        .select((answers::fingerprint, answers::answer))
        .first(conn)
        .optional()?;
    Ok(found.map(|(fingerprint, answer)| Answered { fingerprint, answer }))
}

/// Stores a response and deletes those from before an instant.
///
/// # Errors
/// Any failure of the database.
pub fn keep(
    conn: &mut Conn,
    client: &str,
    key: &str,
    answered: &Answered,
    at: DateTime<Utc>,
    outdated: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::delete(answers::table.filter(answers::answered_at.lt(stamp(outdated)))).execute(conn)?;
    diesel::insert_into(answers::table)
        .values((
            answers::client.eq(client),
            answers::key.eq(key),
            answers::fingerprint.eq(&answered.fingerprint),
            answers::answer.eq(&answered.answer),
            answers::answered_at.eq(stamp(at)),
        ))
        .execute(conn)?;
    Ok(())
}
