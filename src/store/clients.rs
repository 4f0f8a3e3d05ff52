//! The `clients` table: programs that call the API, with the hash of their secret.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::{Conn, Failure};
use super::schema::clients;
use super::values::{stamp, word};
use crate::domain::role::{Client, Scope};

/// A client as the store keeps it.
#[derive(Debug, Clone)]
pub struct StoredClient {
    /// Who it is and what it may do.
    pub client: Client,
    /// The Argon2id hash of its secret, in PHC form.
    pub secret_hash: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct Row {
    id: String,
    name: String,
    organisation: Option<String>,
    scopes: String,
    provinces: String,
    secret_hash: String,
    created_at: NaiveDateTime,
    disabled_at: Option<NaiveDateTime>,
}

impl Row {
    fn into_stored(self) -> Result<StoredClient, Failure> {
        let scopes = self.scopes.split_whitespace().map(|scope| word(scope, Scope::parse)).collect::<Result<_, _>>()?;
        let provinces = self.provinces.split_whitespace().map(str::to_owned).collect();
        Ok(StoredClient {
            client: Client { id: self.id, name: self.name, organisation: self.organisation, scopes, provinces },
            secret_hash: self.secret_hash,
            created_at: self.created_at.and_utc(),
            disabled_at: self.disabled_at.map(|at| at.and_utc()),
        })
    }
}

/// All clients by name.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<StoredClient>, Failure> {
    let rows: Vec<Row> = clients::table.order((clients::created_at, clients::id)).select(Row::as_select()).load(conn)?;
    rows.into_iter().map(Row::into_stored).collect()
}

/// The client with this id.
///
/// # Errors
/// Any failure of the database.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<StoredClient>, Failure> {
    let row: Option<Row> = clients::table.find(id).select(Row::as_select()).first(conn).optional()?;
    row.map(Row::into_stored).transpose()
}

/// Adds a client.
///
/// # Errors
/// `Failure::Conflict` when the name is taken.
pub fn insert(conn: &mut Conn, stored: &StoredClient) -> Result<(), Failure> {
    let client = &stored.client;
    let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.as_str()).collect();
    let inserted = diesel::insert_into(clients::table)
        .values((
            clients::id.eq(&client.id),
            clients::name.eq(&client.name),
            clients::organisation.eq(&client.organisation),
            clients::scopes.eq(scopes.join(" ")),
            clients::provinces.eq(client.provinces.join(" ")),
            clients::secret_hash.eq(&stored.secret_hash),
            clients::created_at.eq(stamp(stored.created_at)),
        ))
        .execute(conn);
    match inserted {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Failure::Conflict),
        other => Ok(other.map(|_| ())?),
    }
}

/// Disables a client, by id or name. Returns whether there was one to disable.
///
/// # Errors
/// Any failure of the database.
pub fn disable(conn: &mut Conn, id_or_name: &str, at: DateTime<Utc>) -> Result<bool, Failure> {
    let changed = diesel::update(clients::table)
        .filter(clients::id.eq(id_or_name).or(clients::name.eq(id_or_name)))
        .filter(clients::disabled_at.is_null())
        .set(clients::disabled_at.eq(stamp(at)))
        .execute(conn)?;
    Ok(changed > 0)
}
