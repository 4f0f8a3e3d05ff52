//! Assertions that a client signs in with instead of a secret: `private_key_jwt` (RFC 7521, RFC 7523 §2.2).

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::jwk::{Kinds, PublicKey};
use super::jwt::{LEEWAY, Unverified};
use super::sign_in::client_id;
use crate::service::ServiceError;
use crate::state::State;
use crate::store::clients::StoredClient;
use crate::store::{self, StoreError};

/// Seconds that an assertion may be good for: it is made for one request.
const LONGEST_LIFE: i64 = 300;

/// How long it is remembered beyond its end that something is used up: clocks of instances may differ.
pub(crate) const REMEMBERED: TimeDelta = TimeDelta::minutes(1);

/// The longest name of an assertion.
const LONGEST_JTI: usize = 200;

/// What an assertion says.
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

/// Whom a signed text is for: a text, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// One.
    One(String),
    /// Some.
    Some(Vec<String>),
}

impl Audience {
    /// Those it is for.
    pub(crate) fn members(&self) -> &[String] {
        match self {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Some(some) => some,
        }
    }
}

/// Whom an assertion says it is about, though nobody has vouched for it.
pub(crate) fn subject(assertion: &str) -> Option<String> {
    Some(Unverified::read(assertion)?.unproven::<Claims>()?.sub)
}

/// The client that signed an assertion, which is used up by that. `None` where anything is wrong with it.
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
    // One audience: an assertion that is also for somebody else could be sent on by them.
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

/// When an assertion ends, if it is good now and has a name that it can be remembered by.
fn good_until(claims: &Claims, now: i64) -> Option<DateTime<Utc>> {
    let begun = claims.iat.into_iter().chain(claims.nbf).all(|from| from <= now + LEEWAY);
    let named = (1..=LONGEST_JTI).contains(&claims.jti.len()) && !claims.jti.chars().any(char::is_control);
    let lasts = claims.exp > now && claims.exp <= now + LONGEST_LIFE + LEEWAY;
    (begun && named && lasts).then(|| DateTime::from_timestamp(claims.exp, 0)).flatten()
}
