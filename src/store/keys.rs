//! The `signing_keys` table: in the database, so that every instance verifies the tokens of all instances.
//! The times of signing and verifying are decided in `service::keys`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::signing_keys;
use super::values::stamp;

/// A signing key for tokens.
pub struct StoredKey {
    /// The key id in tokens.
    pub kid: String,
    /// The only algorithm, by its JOSE name (RFC 7518, RFC 8037).
    pub alg: String,
    /// The private key, PKCS #8 in base64.
    pub private_key: String,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
}

/// Lists all keys, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<StoredKey>, StoreError> {
    let rows: Vec<(String, String, String, NaiveDateTime)> = signing_keys::table
        .order((signing_keys::created_at, signing_keys::kid))
        .select((signing_keys::kid, signing_keys::alg, signing_keys::private_key, signing_keys::created_at))
        .load(conn)?;
    let key = |(kid, alg, private_key, created_at): (_, _, _, NaiveDateTime)| StoredKey {
        kid,
        alg,
        private_key,
        created_at: created_at.and_utc(),
    };
    Ok(rows.into_iter().map(key).collect())
}

/// Adds a key.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, key: &StoredKey) -> Result<(), StoreError> {
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&key.kid),
            signing_keys::alg.eq(&key.alg),
            signing_keys::private_key.eq(&key.private_key),
            signing_keys::created_at.eq(stamp(key.created_at)),
        ))
        .execute(conn)?;
    Ok(())
}
