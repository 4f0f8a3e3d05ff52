//! The `clients` table: programs that call the API; and `client_secrets`: hashes of their secrets.
//! Verifying a secret is the task of `service`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::{Conn, StoreError};
use super::schema::{client_secrets, clients};
use super::values::{stamp, word};
use crate::domain::access::client::Client;
use crate::domain::access::scope::Scope;

/// A stored client.
#[derive(Debug, Clone)]
pub struct StoredClient {
    /// The identity and permissions.
    pub client: Client,
    /// The secrets, oldest first, expired ones too.
    pub secrets: Vec<StoredSecret>,
    /// The public keys for assertions, a JWK Set (RFC 7517 §5).
    pub jwks: Option<String>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// End of validity: no sign-in from then on.
    pub expires_at: Option<DateTime<Utc>>,
    /// Time of the last sign-in.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Time since which the client is disabled.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl StoredClient {
    /// True if the client may sign in and call at this moment.
    #[must_use]
    pub fn is_good_at(&self, at: DateTime<Utc>) -> bool {
        self.disabled_at.is_none() && self.expires_at.is_none_or(|expires| at < expires)
    }
}

/// A secret of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// The Argon2id hash, in PHC form.
    pub hash: String,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// End of validity.
    pub expires_at: Option<DateTime<Utc>>,
}

impl StoredSecret {
    /// True if the secret is valid at this moment.
    #[must_use]
    pub fn is_good_at(&self, at: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|expires| at < expires)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct Row {
    id: String,
    name: String,
    organisation: Option<String>,
    scopes: String,
    provinces: String,
    fields: String,
    jwks: Option<String>,
    created_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
    last_used_at: Option<NaiveDateTime>,
    disabled_at: Option<NaiveDateTime>,
    may_grant: String,
}

impl Row {
    fn into_stored(self, mut secrets: Vec<StoredSecret>) -> Result<StoredClient, StoreError> {
        // Of two secrets created at the same moment, the one that expires first is the older one.
        secrets.sort_by_key(|secret| (secret.created_at, secret.expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC)));
        let scopes = |words: &str| words.split_whitespace().map(|scope| word(scope, Scope::parse)).collect::<Result<Vec<_>, _>>();
        let (may_grant, scopes) = (scopes(&self.may_grant)?, scopes(&self.scopes)?);
        let provinces = self.provinces.split_whitespace().map(str::to_owned).collect();
        let fields = self.fields.lines().map(str::to_owned).collect();
        Ok(StoredClient {
            client: Client { id: self.id, name: self.name, organisation: self.organisation, scopes, may_grant, provinces, fields },
            secrets,
            jwks: self.jwks,
            created_at: self.created_at.and_utc(),
            expires_at: self.expires_at.map(|at| at.and_utc()),
            last_used_at: self.last_used_at.map(|at| at.and_utc()),
            disabled_at: self.disabled_at.map(|at| at.and_utc()),
        })
    }
}

/// The columns of `client_secrets`.
type SecretRow = (String, String, NaiveDateTime, Option<NaiveDateTime>);

fn secret((_, hash, created_at, expires_at): SecretRow) -> StoredSecret {
    StoredSecret { hash, created_at: created_at.and_utc(), expires_at: expires_at.map(|at| at.and_utc()) }
}

/// Lists all clients, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<StoredClient>, StoreError> {
    let rows: Vec<Row> = clients::table.order((clients::created_at, clients::id)).select(Row::as_select()).load(conn)?;
    let mut secrets: HashMap<String, Vec<StoredSecret>> = HashMap::new();
    for row in client_secrets::table.load::<SecretRow>(conn)? {
        secrets.entry(row.0.clone()).or_default().push(secret(row));
    }
    rows.into_iter()
        .map(|row| {
            let of_client = secrets.remove(&row.id).unwrap_or_default();
            row.into_stored(of_client)
        })
        .collect()
}

/// The client with this id.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<StoredClient>, StoreError> {
    let row: Option<Row> = clients::table.find(id).select(Row::as_select()).first(conn).optional()?;
    let Some(row) = row else { return Ok(None) };
    let of_client = client_secrets::table.filter(client_secrets::client.eq(id));
    let secrets = of_client.load::<SecretRow>(conn)?.into_iter().map(secret).collect();
    row.into_stored(secrets).map(Some)
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Adds a client with its secrets.
///
/// # Errors
/// `StoreError::Conflict` if the name is taken.
pub fn insert(conn: &mut Conn, stored: &StoredClient) -> Result<(), StoreError> {
    let client = &stored.client;
    let inserted = diesel::insert_into(clients::table)
        .values((
            clients::id.eq(&client.id),
            clients::name.eq(&client.name),
            clients::organisation.eq(&client.organisation),
            clients::scopes.eq(words(&client.scopes)),
            clients::may_grant.eq(words(&client.may_grant)),
            clients::provinces.eq(client.provinces.join(" ")),
            clients::fields.eq(client.fields.join("\n")),
            clients::jwks.eq(&stored.jwks),
            clients::created_at.eq(stamp(stored.created_at)),
            clients::expires_at.eq(stored.expires_at.map(stamp)),
        ))
        .execute(conn);
    match inserted {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Err(StoreError::Conflict),
        other => other?,
    };
    stored.secrets.iter().try_for_each(|secret| add_secret(conn, &client.id, secret))
}

/// Adds a secret to a client.
///
/// # Errors
/// Any failure of the database.
pub fn add_secret(conn: &mut Conn, client: &str, secret: &StoredSecret) -> Result<(), StoreError> {
    diesel::insert_into(client_secrets::table)
        .values((
            client_secrets::client.eq(client),
            client_secrets::secret_hash.eq(&secret.hash),
            client_secrets::created_at.eq(stamp(secret.created_at)),
            client_secrets::expires_at.eq(secret.expires_at.map(stamp)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the validity of a secret at a moment.
///
/// # Errors
/// Any failure of the database.
pub fn end_secret(conn: &mut Conn, client: &str, hash: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(client_secrets::table.find((client, hash))).set(client_secrets::expires_at.eq(stamp(at))).execute(conn)?;
    Ok(())
}

/// Updates a client: everything except its id, time of creation, last sign-in and secrets.
///
/// # Errors
/// `StoreError::Conflict` if the name is taken.
pub fn update(conn: &mut Conn, stored: &StoredClient) -> Result<(), StoreError> {
    let client = &stored.client;
    let updated = diesel::update(clients::table.find(&client.id))
        .set((
            clients::name.eq(&client.name),
            clients::organisation.eq(&client.organisation),
            clients::scopes.eq(words(&client.scopes)),
            clients::may_grant.eq(words(&client.may_grant)),
            clients::provinces.eq(client.provinces.join(" ")),
            clients::fields.eq(client.fields.join("\n")),
            clients::jwks.eq(&stored.jwks),
            clients::expires_at.eq(stored.expires_at.map(stamp)),
            clients::disabled_at.eq(stored.disabled_at.map(stamp)),
        ))
        .execute(conn);
    match updated {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(StoreError::Conflict),
        other => Ok(other.map(|_| ())?),
    }
}

/// The client with this id, otherwise the client with this name.
///
/// # Errors
/// Any failure of the database.
pub fn find_by_id_or_name(conn: &mut Conn, id_or_name: &str) -> Result<Option<StoredClient>, StoreError> {
    let named = clients::table.filter(clients::id.eq(id_or_name).or(clients::name.eq(id_or_name)));
    let ids: Vec<String> = named.select(clients::id).load(conn)?;
    let id = ids.iter().find(|id| *id == id_or_name).or(ids.first());
    id.map_or(Ok(None), |id| find(conn, id))
}

/// Updates the time of the last sign-in.
///
/// # Errors
/// Any failure of the database.
pub fn used(conn: &mut Conn, id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(clients::table.find(id)).set(clients::last_used_at.eq(stamp(at))).execute(conn)?;
    Ok(())
}
