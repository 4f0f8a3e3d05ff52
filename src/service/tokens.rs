//! Tokens: client credentials become a short-lived signed JWT (RFC 6749 §4.4, RFC 9068), and a JWT becomes a caller.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Refusal;
use super::clients::verify;
use crate::domain::fault::{Code, Fault};
use crate::domain::role::{Caller, Client, Scope};
use crate::state::State;
use crate::store;

/// Who issues the tokens and whom they are for: this service. Its keys tell one deployment from another.
const ISSUER: &str = "chitieu";

/// Tokens longer than this are refused unread.
const LONGEST: usize = 4096;

/// Seconds that clocks of instances may differ.
const LEEWAY: i64 = 5;

/// What a token says, as RFC 9068 names it.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    scope: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// A token and what it is good for.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// What it allows.
    pub scopes: Vec<Scope>,
}

/// Gives a client a token for the scopes it asks for, or for all it has.
///
/// # Errors
/// `invalid_client`, the same for an unknown client and a wrong secret; `invalid_scope`.
pub async fn issue(state: &Arc<State>, client_id: &str, secret: &str, asked: Option<&str>) -> Result<Issued, Refusal> {
    let id = client_id.to_owned();
    let stored = state.db.read(move |conn| Ok::<_, Refusal>(store::clients::find(conn, &id)?)).await?;
    let now = state.clock.now();
    let secrets = stored.iter().flat_map(|stored| &stored.secrets).filter(|secret| secret.is_good_at(now));
    let (hashes, secret) = (secrets.map(|secret| secret.hash.clone()).collect::<Vec<_>>(), secret.to_owned());
    let _turn = state.secret_checks.acquire().await;
    // Argon2 takes tens of milliseconds on purpose: not on a thread that serves others.
    let fits = tokio::task::spawn_blocking(move || verify(&secret, &hashes)).await.unwrap_or(false);
    let Some(client) = stored.filter(|stored| fits && stored.is_good_at(now)).map(|stored| stored.client) else {
        return Err(Refusal::Unauthenticated(Fault::new(
            Code::InvalidClient,
            "the client is unknown, its secret wrong, or it is disabled",
        )));
    };
    let scopes = granted(&client, asked)?;
    let now = now.timestamp();
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let claims = Claims {
        iss: ISSUER.into(),
        aud: ISSUER.into(),
        sub: client.id.clone(),
        client_id: client.id,
        scope: words.join(" "),
        iat: now,
        nbf: now,
        exp: now + state.settings.token_lifetime,
        jti: Uuid::now_v7().to_string(),
    };
    let key = state.keys.newest();
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".into());
    header.kid = Some(key.kid.clone());
    let token = jsonwebtoken::encode(&header, &claims, &key.signing).expect("claims of ours can be signed with a key of ours");
    Ok(Issued { token, expires_in: state.settings.token_lifetime, scopes })
}

fn granted(client: &Client, asked: Option<&str>) -> Result<Vec<Scope>, Refusal> {
    let Some(asked) = asked else { return Ok(client.scopes.clone()) };
    let owned = |word: &str| Scope::parse(word).ok().filter(|scope| client.scopes.contains(scope));
    let scopes: Option<Vec<Scope>> = asked.split_whitespace().map(owned).collect();
    let once = |mut scopes: Vec<Scope>| {
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    };
    scopes.map(once).filter(|scopes| !scopes.is_empty()).ok_or_else(|| {
        let has = client.scopes.iter().map(|scope| scope.as_str());
        Refusal::parameter("scope", Fault::new(Code::InvalidScope, "the client does not have all of these scopes").allowing(has))
    })
}

/// The caller that a token speaks for, with the scopes that both the token and the client still have.
///
/// # Errors
/// `token_invalid`, without saying why: what is wrong with a forged token is nobody's business.
pub async fn authenticate(state: &Arc<State>, token: &str) -> Result<Caller, Refusal> {
    let claims = read(state, token).ok_or_else(invalid)?;
    let id = claims.sub.clone();
    // Looked up each time, so that disabling a client works at once on every instance.
    let stored = state.db.read(move |conn| Ok::<_, Refusal>(store::clients::find(conn, &id)?)).await?;
    let mut client = stored.filter(|stored| stored.is_good_at(state.clock.now())).ok_or_else(invalid)?.client;
    client.scopes.retain(|scope| claims.scope.split(' ').any(|word| word == scope.as_str()));
    Ok(Caller::of(client))
}

fn invalid() -> Refusal {
    Refusal::Unauthenticated(Fault::new(Code::TokenInvalid, "the token is not one of ours, or no longer good"))
}

/// The claims of a token that is ours and good now. Stricter than the crate's defaults (RFC 8725): one algorithm, a known
/// key, the type of an access token, no critical extensions, our own clock.
fn read(state: &State, token: &str) -> Option<Claims> {
    if token.len() > LONGEST {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let plain = header.typ.as_deref() == Some("at+jwt") && header.jku.is_none() && header.jwk.is_none() && header.x5u.is_none();
    let critical = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let critical: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&critical).ok()?;
    if !plain || critical.contains_key("crit") {
        return None;
    }
    let key = state.keys.find(header.kid.as_deref()?)?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[ISSUER]);
    rules.set_issuer(&[ISSUER]);
    rules.required_spec_claims = ["exp", "nbf", "aud", "iss", "sub"].map(str::to_owned).into();
    // The crate reads the machine's clock; ours is checked below.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &rules).ok()?.claims;
    let now = state.clock.now().timestamp();
    let good = claims.exp > now
        && claims.nbf <= now + LEEWAY
        && claims.iat <= now + LEEWAY
        && claims.exp - claims.iat <= state.settings.token_lifetime
        && claims.client_id == claims.sub;
    good.then_some(claims)
}
