//! Clients: the programs that call the API. Create, restrict, rotate and disable them. A secret is shown once and stored as a hash.
//! Signing in is in `sign_in`.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::auth::Auth;
use super::jwk::KeySet;
use super::secrets;
use crate::context::Context;
use crate::domain::access::client::Client;
use crate::domain::access::client_draft::{ClientSettings, Draft, Known};
use crate::domain::access::grants::{beyond, taken_over, ungrantable};
use crate::domain::access::role::{Administer, Authorized, Caller};
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::province::Provinces;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::service::ServiceError;
use crate::service::operations::audit::{self, Action, WriteContext};
use crate::service::operations::origin::RequestOrigin;
/// A client with its secrets, for `http`.
pub use crate::store::clients::StoredClient;
use crate::store::clients::StoredSecret;
use crate::store::{self, Conn, Db, StoreError};

/// The settings of a new client.
#[derive(Debug)]
pub struct NewClient {
    /// A unique name for people.
    pub name: String,
    /// The organisation of the client.
    pub organisation: Option<String>,
    /// The granted scopes.
    pub scopes: Vec<Scope>,
    /// Keys of the client's provinces; empty: all.
    pub provinces: Vec<String>,
    /// Fields of work of the client; empty: all.
    pub fields: Vec<String>,
}

/// The caller of the client administration.
#[derive(Debug, Clone)]
pub enum By {
    /// The person with access to the database at the command line. No restriction applies.
    CommandLine,
    /// An administrator who calls the API.
    Administrator(Box<Authorized<Administer>>),
}

impl By {
    /// The administrator, whose own restriction applies; `None` at the command line.
    fn administrator(&self) -> Option<&Client> {
        match self {
            By::CommandLine => None,
            By::Administrator(holder) => Some(holder.client()),
        }
    }

    /// Adds the audit line of a change to a client.
    fn record(
        &self,
        conn: &mut Conn,
        origin: &RequestOrigin,
        action: Action,
        id: &str,
        changes: bool,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let nobody = Caller::anyone();
        let caller = if let By::Administrator(holder) = self { holder.caller() } else { &nobody };
        audit::record(conn, origin, caller, action, &format!("client {id}"), audit::Outcome::of_change(changes), at)
    }

    /// True if the administrator may see the client: the client's restriction lies within the administrator's.
    fn knows(&self, stored: &StoredClient) -> bool {
        self.administrator().is_none_or(|administrator| beyond(administrator, &stored.client).is_empty())
    }
}

/// Lists clients by id, one page after the given id.
///
/// # Errors
/// Any failure of the database.
pub async fn list_clients(context: &Arc<Context>, by: &By, after: Option<String>, limit: usize) -> Result<Vec<StoredClient>, ServiceError> {
    let by = by.clone();
    context
        .db
        .read(move |conn| {
            let mut known = Vec::new();
            for stored in store::clients::list(conn)? {
                if after.as_ref().is_none_or(|after| stored.client.id > *after) && by.knows(&stored) {
                    known.push(stored);
                }
            }
            known.sort_by(|a, b| a.client.id.cmp(&b.client.id));
            known.truncate(limit);
            Ok(known)
        })
        .await
}

/// Finds a client by id.
///
/// # Errors
/// `ServiceError::NotFound` if the client does not exist, and also if it lies outside the administrator's restriction.
pub async fn get_client(context: &Arc<Context>, by: &By, id: &str) -> Result<StoredClient, ServiceError> {
    let (by, id) = (by.clone(), id.to_owned());
    context.db.read(move |conn| known(conn, &by, &id)).await
}

fn known(conn: &mut Conn, by: &By, id: &str) -> Result<StoredClient, ServiceError> {
    let stored = store::clients::find(conn, id)?.ok_or_else(unknown)?;
    if by.knows(&stored) { Ok(stored) } else { Err(unknown()) }
}

fn unknown() -> ServiceError {
    ServiceError::NotFound(Fault::new(
        Code::NotFound,
        message!(
            en: "no client has this id, or none that you administer",
            vi: "không có hệ thống gọi API nào mang mã này, hoặc không thuộc quyền quản lý của bạn"
        ),
    ))
}

/// Creates a client. A client without public keys gets a secret. The secret is stored only as a hash and cannot be shown again.
///
/// # Errors
/// All faults of the description; `ServiceError::Forbidden` with everything outside the administrator's restriction.
pub async fn create_client(
    write: &WriteContext,
    auth: &Auth,
    by: &By,
    draft: Draft,
    keys: Option<KeySet>,
) -> Result<(StoredClient, Option<String>), ServiceError> {
    let (secret, signs_in_with) = if let Some(keys) = keys {
        (None, SignsInWith::Keys(keys))
    } else {
        let (secret, hash) = auth.secrets.fresh().await;
        (Some(secret), SignsInWith::SecretOf(hash))
    };
    let (shared, by, at) = (write.clone(), by.clone(), write.context.clock.now());
    let stored = write.context.db.write(move |conn| insert(conn, &shared.origin, &by, draft, signs_in_with, at)).await?;
    Ok((stored, secret))
}

/// The credentials of a new client.
enum SignsInWith {
    /// A secret with this hash.
    SecretOf(String),
    /// Public keys.
    Keys(KeySet),
}

fn insert(
    conn: &mut Conn,
    origin: &RequestOrigin,
    by: &By,
    mut draft: Draft,
    signs_in_with: SignsInWith,
    at: DateTime<Utc>,
) -> Result<StoredClient, ServiceError> {
    let (hash, jwks) = match signs_in_with {
        SignsInWith::SecretOf(hash) => (Some(hash), None),
        SignsInWith::Keys(keys) => (None, Some(keys.to_text())),
    };
    draft.faults.extend(draft.read_only.differences("", &[]));
    let terms = check(conn, draft, None, at)?;
    let stored = StoredClient {
        client: terms.client(&Uuid::now_v7().to_string(), by.administrator().is_none()),
        secrets: hash.into_iter().map(|hash| StoredSecret { hash, created_at: at, expires_at: None }).collect(),
        jwks,
        created_at: at,
        expires_at: terms.expires_at,
        last_used_at: None,
        disabled_at: None,
    };
    check_reach(by, &stored.client)?;
    store::clients::insert(conn, &stored)?;
    by.record(conn, origin, Action::AddClient, &stored.client.id, true, at)?;
    Ok(stored)
}

/// Replaces the scopes and restrictions of a client. The change applies at once, also to tokens already issued.
///
/// # Errors
/// All faults of the description; `ServiceError::NotFound`; `ServiceError::Forbidden` with everything outside the administrator's restriction;
/// `last_administrator`.
pub async fn put_client(
    write: &WriteContext,
    by: &By,
    id: &str,
    mut draft: Draft,
    keys: Option<KeySet>,
) -> Result<StoredClient, ServiceError> {
    let (shared, by, id, at) = (write.clone(), by.clone(), id.to_owned(), write.context.clock.now());
    write
        .context
        .db
        .write(move |conn| {
            let before = match known(conn, &by, &id) {
                // Report syntax faults even for an unknown client: they do not reveal whether it exists.
                Err(ServiceError::NotFound(_)) if !draft.faults.is_empty() => return Err(ServiceError::Invalid(draft.faults)),
                found => found?,
            };
            check_not_taken_over(&by, &before.client)?;
            draft.faults.extend(draft.read_only.differences("", &read_only(&before)));
            let terms = check(conn, draft, Some(&before), at)?;
            let after = StoredClient {
                client: terms.client(&id, by.administrator().is_none()),
                jwks: keys.map(|keys| keys.to_text()),
                expires_at: terms.expires_at,
                ..before.clone()
            };
            check_reach(&by, &after.client)?;
            check_left(conn, &by, &before, &after, at)?;
            store::clients::update(conn, &after)?;
            let settings = |stored: &StoredClient| (stored.client.clone(), stored.jwks.clone(), stored.expires_at);
            by.record(conn, &shared.origin, Action::ChangeClient, &id, settings(&before) != settings(&after), at)?;
            Ok(after)
        })
        .await
}

/// The members of a client that only the service sets.
fn read_only(stored: &StoredClient) -> [(&'static str, Value); 5] {
    let secret = |secret: &StoredSecret| json!({"created_at": secret.created_at, "expires_at": secret.expires_at});
    [
        ("client_id", json!(stored.client.id)),
        ("created_at", json!(stored.created_at)),
        ("last_used_at", json!(stored.last_used_at)),
        ("disabled_at", json!(stored.disabled_at)),
        ("secrets", stored.secrets.iter().map(secret).collect()),
    ]
}

/// Gives a client a new secret, which cannot be shown again. The current secret stays valid for the overlap. If two secrets are valid
/// already, the older one ends now.
///
/// # Errors
/// `ServiceError::NotFound`; `beyond_administrator` for a client with scopes that the administrator may not grant.
pub async fn rotate_client_secret(
    write: &WriteContext,
    auth: &Auth,
    by: &By,
    id: &str,
    overlap: TimeDelta,
) -> Result<(StoredClient, String), ServiceError> {
    let (secret, hash) = auth.secrets.fresh().await;
    let (shared, by, id, at) = (write.clone(), by.clone(), id.to_owned(), write.context.clock.now());
    let stored = write
        .context
        .db
        .write(move |conn| {
            let before = known(conn, &by, &id)?;
            check_not_taken_over(&by, &before.client)?;
            let mut good: Vec<&StoredSecret> = before.secrets.iter().filter(|secret| secret.is_good_at(at)).collect();
            let newest = good.pop();
            for older in good {
                store::clients::end_secret(conn, &id, &older.hash, at)?;
            }
            if let Some(newest) = newest {
                let end = newest.expires_at.map_or(at + overlap, |end| end.min(at + overlap));
                store::clients::end_secret(conn, &id, &newest.hash, end)?;
            }
            store::clients::add_secret(conn, &id, &StoredSecret { hash, created_at: at, expires_at: None })?;
            let after = known(conn, &by, &id)?;
            by.record(conn, &shared.origin, Action::RotateClient, &id, true, at)?;
            Ok::<_, ServiceError>(after)
        })
        .await?;
    Ok((stored, secret))
}

/// Disables or enables a client. A disabled client gets no new token, and its tokens stop working at once.
///
/// # Errors
/// `ServiceError::NotFound`; `last_administrator`; `beyond_administrator` for enabling a client with scopes that the administrator may not
/// grant.
pub async fn set_enabled(write: &WriteContext, by: &By, id: &str, enabled: bool) -> Result<StoredClient, ServiceError> {
    let (shared, by, id, at) = (write.clone(), by.clone(), id.to_owned(), write.context.clock.now());
    write.context.db.write(move |conn| switch(conn, &shared.origin, &by, &id, enabled, at)).await
}

fn switch(
    conn: &mut Conn,
    origin: &RequestOrigin,
    by: &By,
    id: &str,
    enabled: bool,
    at: DateTime<Utc>,
) -> Result<StoredClient, ServiceError> {
    let before = known(conn, by, id)?;
    if enabled {
        check_not_taken_over(by, &before.client)?;
    }
    let disabled_at = if enabled { None } else { before.disabled_at.or(Some(at)) };
    let after = StoredClient { disabled_at, ..before.clone() };
    check_left(conn, by, &before, &after, at)?;
    store::clients::update(conn, &after)?;
    let action = if enabled { Action::EnableClient } else { Action::DisableClient };
    by.record(conn, origin, action, id, after.disabled_at != before.disabled_at, at)?;
    Ok(after)
}

/// Checks a description against the catalogue and the other clients.
fn check(conn: &mut Conn, draft: Draft, before: Option<&StoredClient>, at: DateTime<Utc>) -> Result<ClientSettings, ServiceError> {
    let provinces = Provinces::new(store::provinces::list(conn, None)?);
    // The last definition of each code is the current one.
    let definitions: HashMap<String, String> =
        store::indicators::list(conn, None)?.into_iter().map(|indicator| (indicator.code, indicator.field)).collect();
    let own = before.map(|before| before.client.id.as_str());
    let others = store::clients::list(conn)?.into_iter().filter(|other| Some(other.client.id.as_str()) != own);
    let known = Known {
        provinces: &provinces,
        fields: &definitions.into_values().collect(),
        names: &others.map(|other| other.client.name).collect(),
        now: at,
        expires_at: before.and_then(|before| before.expires_at),
    };
    draft.check(&known).map_err(ServiceError::Invalid)
}

fn check_reach(by: &By, client: &Client) -> Result<(), ServiceError> {
    let Some(administrator) = by.administrator() else { return Ok(()) };
    let faults = [beyond(administrator, client), ungrantable(administrator, client)].concat();
    if faults.is_empty() { Ok(()) } else { Err(ServiceError::Forbidden(faults)) }
}

/// Refuses to hand the credentials or the settings of a client to an administrator who could not have granted its scopes.
fn check_not_taken_over(by: &By, client: &Client) -> Result<(), ServiceError> {
    let fault = by.administrator().and_then(|administrator| taken_over(administrator, client));
    fault.map_or(Ok(()), |fault| Err(ServiceError::Forbidden(vec![fault])))
}

/// Refuses a change that removes the last administrator with this restriction: the API could not create another one. The command line can.
fn check_left(conn: &mut Conn, by: &By, before: &StoredClient, after: &StoredClient, at: DateTime<Utc>) -> Result<(), ServiceError> {
    let administers = |stored: &StoredClient| stored.is_good_at(at) && stored.client.scopes.contains(&Scope::Admin);
    if by.administrator().is_none() || !administers(before) {
        return Ok(());
    }
    let others = store::clients::list(conn)?.into_iter().filter(|other| other.client.id != before.client.id);
    let mut left = others.chain([after.clone()]).filter(administers);
    let replaces =
        |left: &StoredClient| beyond(&left.client, &before.client).is_empty() && ungrantable(&left.client, &before.client).is_empty();
    if left.any(|left| replaces(&left)) {
        return Ok(());
    }
    let message = message!(
        en: "without `{}` nobody is left to administer what it does; make another administrator first",
        vi: "không có `{}` thì không còn ai quản trị phần việc của hệ thống đó; hãy tạo quản trị viên khác trước", before.client.name
    );
    Err(ServiceError::Conflict(Fault::new(Code::LastAdministrator, message)))
}

/// Creates a client for the demonstration, without a server. It does not expire and signs in with a secret.
///
/// # Errors
/// As [`create`].
pub fn add(db: &Db, new: NewClient, at: DateTime<Utc>) -> Result<(Client, String), ServiceError> {
    let NewClient { name, organisation, scopes, provinces, fields } = new;
    let [provinces, fields] = [provinces, fields].map(|named| named.into_iter().enumerate().collect());
    let draft = Draft { name: Some(name), organisation, scopes, provinces, fields, ..Draft::default() };
    let (secret, hash) = secrets::fresh();
    let stored =
        db.write_blocking(|conn| insert(conn, &RequestOrigin::default(), &By::CommandLine, draft, SignsInWith::SecretOf(hash), at))?;
    Ok((stored.client, secret))
}

/// Disables a client by id or name, without a server.
///
/// # Errors
/// `ServiceError::NotFound`.
pub fn disable(db: &Db, id_or_name: &str, at: DateTime<Utc>) -> Result<(), ServiceError> {
    db.write_blocking(|conn| {
        let stored = named(store::clients::list(conn)?, id_or_name).ok_or_else(unknown)?;
        switch(conn, &RequestOrigin::default(), &By::CommandLine, &stored.client.id, false, at).map(|_| ())
    })
}

/// True if no client exists, so that nobody can sign in.
///
/// # Errors
/// Any failure of the database.
pub fn none_yet(db: &Db) -> Result<bool, ServiceError> {
    db.read_blocking(|conn| Ok(store::clients::list(conn)?.is_empty()))
}

/// The enabled client with this id or name.
///
/// # Errors
/// `ServiceError::NotFound` if the client does not exist, is disabled or has expired.
pub fn enabled(db: &Db, id_or_name: &str, at: DateTime<Utc>) -> Result<Client, ServiceError> {
    let all = db.read_blocking(|conn| Ok::<_, ServiceError>(store::clients::list(conn)?))?;
    let good = named(all, id_or_name).filter(|stored| stored.is_good_at(at)).map(|stored| stored.client);
    good.ok_or_else(|| {
        ServiceError::NotFound(Fault::new(
            Code::NotFound,
            message!(
                en: "no enabled client has the id or name `{id_or_name}`",
                vi: "không có hệ thống gọi API nào đang hoạt động mang mã hoặc tên `{id_or_name}`"
            ),
        ))
    })
}

/// The client with this id, otherwise the client with this name.
#[must_use]
pub fn named(all: Vec<StoredClient>, id_or_name: &str) -> Option<StoredClient> {
    let (by_id, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|stored| stored.client.id == id_or_name);
    by_id.into_iter().next().or_else(|| others.into_iter().find(|stored| stored.client.name == id_or_name))
}
