//! The `signing_keys` table: kept in the database, so that every instance verifies what any of them signed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::signing_keys;
use super::values::stamp;

/// A key that tokens are signed with.
pub struct StoredKey {
    /// The id that tokens name it by.
    pub kid: String,
    /// The private key, PKCS #8 in base64.
    pub private_key: String,
}

/// All keys, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<StoredKey>, Failure> {
    let rows: Vec<(String, String)> = signing_keys::table
        .order((signing_keys::created_at, signing_keys::kid))
        .select((signing_keys::kid, signing_keys::private_key))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kid, private_key)| StoredKey { kid, private_key }).collect())
}

/// Adds a key.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, key: &StoredKey, at: DateTime<Utc>) -> Result<(), Failure> {
    diesel::insert_into(signing_keys::table)
        .values((signing_keys::kid.eq(&key.kid), signing_keys::private_key.eq(&key.private_key), signing_keys::created_at.eq(stamp(at))))
        .execute(conn)?;
    Ok(())
}
