//! Assertions with which a client signs in instead of a secret: `private_key_jwt` (RFC 7521, RFC 7523 §2.2).
//! Reading a JWT is in `jwt`, the choice between secret and assertion in `sign_in`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::jwk::KeySet;
use super::jwt::{Audience, LEEWAY, Unverified};
use crate::context::Context;
use crate::service::ServiceError;
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

/// The `sub` claim, not verified yet.
pub(crate) fn subject(assertion: &str) -> Option<String> {
    Some(Unverified::read(assertion)?.unproven::<Claims>()?.sub)
}

/// Verifies an assertion and marks it as used. Returns the client that signed it; `None` for any fault.
pub(crate) async fn verify(context: &Context, sent_id: Option<&str>, assertion: &str) -> Result<Option<StoredClient>, ServiceError> {
    let Some(unverified) = Unverified::read(assertion) else { return Ok(None) };
    let Some(said) = unverified.unproven::<Claims>() else { return Ok(None) };
    let id = client_id(&said.sub);
    let wanted = id.clone();
    let Some(stored) = context.db.read(move |conn| Ok::<_, ServiceError>(store::clients::find(conn, &wanted)?)).await? else {
        return Ok(None);
    };
    let keys = stored.jwks.as_deref().and_then(KeySet::from_text);
    let claims = keys.iter().flat_map(KeySet::keys).find_map(|key| unverified.claims::<Claims>(key));
    let Some(claims) = claims else { return Ok(None) };
    let now = context.clock.now();
    let Some(expires_at) = good_until(&claims, now.timestamp()) else { return Ok(None) };
    let issuer = &context.settings.issuer;
    let ours = |aud: &String| aud == issuer || *aud == format!("{issuer}/oauth/token");
    // Accept exactly one audience: with a second audience, that receiver could send the assertion on to us.
    let for_us = matches!(claims.aud.members(), [only] if ours(only));
    let itself = claims.iss == id && claims.sub == id && sent_id.is_none_or(|sent| client_id(sent) == id);
    let typ = ["", "JWT", "client-authentication+jwt"].contains(&unverified.typ());
    if !(for_us && itself && typ) {
        return Ok(None);
    }
    let used = context.db.write(move |conn| store::tokens::use_assertion(conn, &id, &claims.jti, expires_at + REMEMBERED, now)).await;
    match used {
        Ok(()) => Ok(Some(stored)),
        Err(StoreError::Conflict) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
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
