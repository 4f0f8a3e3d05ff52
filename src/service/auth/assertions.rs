//! Assertions with which a client signs in instead of a secret: `private_key_jwt` (RFC 7521, RFC 7523 §2.2).
//! Reading a JWT is in `jwt`, the choice between secret and assertion in `sign_in`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::jwk::{Kinds, PublicKey};
use super::jwt::{LEEWAY, Unverified};
use crate::service::ServiceError;
use crate::state::State;
use crate::store::clients::StoredClient;
use crate::store::{self, StoreError};

/// Longest life of an assertion in seconds. An assertion serves one request.
const LONGEST_LIFE: i64 = 300;

/// Extra time for which a used assertion stays stored, because the clocks of instances may differ.
pub(crate) const REMEMBERED: TimeDelta = TimeDelta::minutes(1);

/// Longest `jti` in bytes.
const LONGEST_JTI: usize = 200;

/// The claims of an assertion.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    jti: String,
    iat: Option<i64>,
    nbf: Option<i64>,
}

/// The `aud` claim: one text or a list (RFC 7519 §4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// A single audience.
    One(String),
    /// A list of audiences.
    Some(Vec<String>),
}

impl Audience {
    /// All audiences.
    pub(crate) fn members(&self) -> &[String] {
        match self {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Some(some) => some,
        }
    }
}

/// The `sub` claim, not verified yet.
pub(crate) fn subject(assertion: &str) -> Option<String> {
    Some(Unverified::read(assertion)?.unproven::<Claims>()?.sub)
}

/// Verifies an assertion and marks it as used. Returns the client that signed it; `None` for any fault.
pub(crate) async fn verify(state: &State, sent_id: Option<&str>, assertion: &str) -> Result<Option<StoredClient>, ServiceError> {
    let Some(unverified) = Unverified::read(assertion) else { return Ok(None) };
    let Some(said) = unverified.unproven::<Claims>() else { return Ok(None) };
    let id = client_id(&said.sub);
    let wanted = id.clone();
    let Some(stored) = state.db.read(move |conn| Ok::<_, ServiceError>(store::clients::find(conn, &wanted)?)).await? else {
        return Ok(None);
    };
    let Some(claims) = keys_of(&stored).iter().find_map(|key| unverified.claims::<Claims>(key)) else { return Ok(None) };
    let now = state.clock.now();
    let Some(expires_at) = good_until(&claims, now.timestamp()) else { return Ok(None) };
    let issuer = &state.settings.issuer;
    let ours = |aud: &String| aud == issuer || *aud == format!("{issuer}/oauth/token");
    // Accept exactly one audience: with a second audience, that receiver could send the assertion on to us.
    let for_us = matches!(claims.aud.members(), [only] if ours(only));
    let itself = claims.iss == id && claims.sub == id && sent_id.is_none_or(|sent| client_id(sent) == id);
    let typ = ["", "JWT", "client-authentication+jwt"].contains(&unverified.typ());
    if !(for_us && itself && typ) {
        return Ok(None);
    }
    let used = state.db.write(move |conn| store::tokens::use_assertion(conn, &id, &claims.jti, expires_at + REMEMBERED, now)).await;
    match used {
        Ok(()) => Ok(Some(stored)),
        Err(StoreError::Conflict) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

fn keys_of(stored: &StoredClient) -> Vec<PublicKey> {
    let set: Option<Value> = stored.jwks.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let keys = set.as_ref().and_then(|set| set["keys"].as_array()).into_iter().flatten();
    keys.filter_map(|key| PublicKey::read(key.as_object()?, Kinds::Curves).ok()).collect()
}

/// The expiry of an assertion, if it is valid now and has a `jti`.
fn good_until(claims: &Claims, now: i64) -> Option<DateTime<Utc>> {
    let begun = claims.iat.into_iter().chain(claims.nbf).all(|from| from <= now + LEEWAY);
    let named = (1..=LONGEST_JTI).contains(&claims.jti.len()) && !claims.jti.chars().any(char::is_control);
    let lasts = claims.exp > now && claims.exp <= now + LONGEST_LIFE + LEEWAY;
    (begun && named && lasts).then(|| DateTime::from_timestamp(claims.exp, 0)).flatten()
}

/// Client ids are UUIDs. Any other text becomes the nil UUID, which no client has.
pub(crate) fn client_id(text: &str) -> String {
    Uuid::parse_str(text).unwrap_or_default().to_string()
}
