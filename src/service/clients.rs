//! Clients: making, listing and disabling the programs that call the API. Secrets are shown once and kept as hashes.

use std::collections::BTreeSet;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Refusal;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Code, Fault, Place};
use crate::domain::reach::Reach;
use crate::domain::role::{Client, Scope};
use crate::domain::series::SeriesKey;
use crate::domain::text;
use crate::store::clients::{StoredClient, StoredSecret};
use crate::store::{self, Db, Failure};

/// A client to make.
#[derive(Debug)]
pub struct NewClient {
    /// What people call it; no two clients share a name.
    pub name: String,
    /// The organisation it speaks for.
    pub organisation: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Keys of the provinces it works for; all when empty.
    pub provinces: Vec<String>,
    /// Fields of work that it works in; all when empty.
    pub fields: Vec<String>,
}

/// The secrets that a client has at most at a time: the old one is good for a while after the new one was made.
pub(super) const AT_ONCE: usize = 2;

/// Makes a client and returns it with its secret, which is not kept and cannot be shown again.
///
/// # Errors
/// A name that is taken or no text; a province that does not exist.
pub fn add(db: &Db, new: NewClient, at: DateTime<Utc>) -> Result<(Client, String), Refusal> {
    let secret = BASE64_URL_SAFE_NO_PAD.encode(random::<32>());
    let name = text::clean(&new.name, 100).map_err(|fault| Refusal::parameter("name", fault))?;
    let NewClient { organisation, scopes, provinces, fields, .. } = new;
    let client = Client { id: Uuid::now_v7().to_string(), name, organisation, scopes, provinces, fields };
    let stored = StoredClient {
        client: client.clone(),
        secrets: vec![StoredSecret { hash: hash(&secret), created_at: at, expires_at: None }],
        jwks: None,
        created_at: at,
        expires_at: None,
        last_used_at: None,
        disabled_at: None,
    };
    db.write_blocking(|conn| {
        let provinces = store::provinces::list(conn, None)?;
        for key in &stored.client.provinces {
            if !provinces.iter().any(|province| province.key == *key) {
                let fault = Fault::new(Code::UnknownProvince, format!("no province has the key `{key}`; keys look like bac-giang-2004"));
                return Err(Refusal::parameter("province", fault));
            }
        }
        store::clients::insert(conn, &stored).map_err(|failure| match failure {
            Failure::Conflict => {
                Refusal::parameter("name", Fault::new(Code::Conflict, format!("a client is called `{}` already", stored.client.name)))
            }
            other => other.into(),
        })
    })?;
    Ok((client, secret))
}

/// All clients, oldest first.
///
/// # Errors
/// When the database fails.
pub fn list(db: &Db) -> Result<Vec<StoredClient>, Refusal> {
    db.read_blocking(|conn| Ok(store::clients::list(conn)?))
}

/// The enabled client with this id or name.
///
/// # Errors
/// `Refusal::NotFound` where there is none.
pub fn enabled(db: &Db, id_or_name: &str) -> Result<Client, Refusal> {
    let mut enabled = list(db)?.into_iter().filter(|stored| stored.disabled_at.is_none()).map(|stored| stored.client);
    enabled.find(|client| client.id == id_or_name || client.name == id_or_name).ok_or_else(|| none_enabled(id_or_name))
}

fn none_enabled(id_or_name: &str) -> Refusal {
    Refusal::NotFound(Fault::new(Code::NotFound, format!("no enabled client has the id or name `{id_or_name}`")))
}

/// Disables a client by id or name: it gets no new token, and the tokens it has stop working at once.
///
/// # Errors
/// `Refusal::NotFound` where no enabled client has that id or name.
pub fn disable(db: &Db, id_or_name: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
    let found = db.write_blocking(|conn| Ok::<_, Refusal>(store::clients::disable(conn, id_or_name, at)?))?;
    if found { Ok(()) } else { Err(none_enabled(id_or_name)) }
}

/// Whether a client works for the provinces and in the fields of these series, each with the place of its indicator.
///
/// # Errors
/// `Refusal::Forbidden` with each province and each indicator that it does not work for.
pub(super) fn check_reach<'s>(
    client: &Client,
    about: impl Iterator<Item = (String, &'s SeriesKey)>,
    catalogue: &Catalogue,
) -> Result<(), Refusal> {
    let reach = Reach::of(client, &catalogue.provinces);
    let (mut provinces, mut faults) = (BTreeSet::new(), Vec::new());
    for (place, series) in about {
        provinces.insert(&series.province);
        let denied = catalogue.current(&series.indicator).and_then(|found| client.may_work_in(found.indicator).err());
        faults.extend(denied.map(|fault| fault.at(Place::Pointer(place))));
    }
    let denied = provinces.into_iter().filter_map(|key| reach.check(catalogue.provinces.get(key)?).err());
    faults.extend(denied.map(|fault| fault.at(Place::Pointer("/province".into()))));
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Forbidden(faults)) }
}

/// Whether a secret is one of those that were hashed. Two are tried whoever asks, the missing ones against nobody's hash, so that an
/// unknown client costs the same time.
pub(super) fn verify(secret: &str, hashes: &[String]) -> bool {
    /// The hash of a random text that nobody has.
    static NOBODY: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| hash(&BASE64_URL_SAFE_NO_PAD.encode(random::<32>())));
    let fits = |hash: &str| {
        let known = PasswordHash::new(hash);
        known.is_ok_and(|known| Argon2::default().verify_password(secret.as_bytes(), &known).is_ok())
    };
    let tried = (0..AT_ONCE).map(|place| hashes.get(place).map_or((NOBODY.as_str(), false), |hash| (hash.as_str(), true)));
    tried.filter(|(hash, known)| fits(hash) && *known).count() > 0
}

fn hash(secret: &str) -> String {
    Argon2::default().hash_password(secret.as_bytes()).expect("a random secret can be hashed").to_string()
}

/// Random bytes from the system.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}
