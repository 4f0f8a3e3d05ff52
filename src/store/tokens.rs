//! The `revoked_tokens` and `client_assertions` tables: tokens and assertions that are refused before they expire.
//! A row is deleted by a later insertion once its token has expired.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::{Conn, StoreError};
use super::schema::{client_assertions, revoked_tokens};
use super::values::stamp;

/// True if the token is revoked.
///
/// # Errors
/// Any failure of the database.
pub fn is_revoked(conn: &mut Conn, jti: &str) -> Result<bool, StoreError> {
    let found: Option<String> = revoked_tokens::table.find(jti).select(revoked_tokens::jti).first(conn).optional()?;
    Ok(found.is_some())
}

/// Records a revoked token and deletes expired ones.
///
/// # Errors
/// Any failure of the database.
pub fn revoke(conn: &mut Conn, jti: &str, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(revoked_tokens::table.filter(revoked_tokens::expires_at.lt(stamp(now)))).execute(conn)?;
    if !is_revoked(conn, jti)? {
        let row = (revoked_tokens::jti.eq(jti), revoked_tokens::expires_at.eq(stamp(expires_at)));
        diesel::insert_into(revoked_tokens::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Records a used assertion and deletes expired ones.
///
/// # Errors
/// `StoreError::Conflict` if the assertion was used before.
pub fn use_assertion(conn: &mut Conn, client: &str, jti: &str, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(client_assertions::table.filter(client_assertions::expires_at.lt(stamp(now)))).execute(conn)?;
    let row = (client_assertions::client.eq(client), client_assertions::jti.eq(jti), client_assertions::expires_at.eq(stamp(expires_at)));
    match diesel::insert_into(client_assertions::table).values(row).execute(conn) {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(StoreError::Conflict),
        other => Ok(other.map(|_| ())?),
    }
}
