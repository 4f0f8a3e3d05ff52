//! Tokens: an authenticated client gets a short-lived JWT (RFC 6749 §4.4, RFC 9068), and a JWT identifies a caller.
//! Authentication is in `sign_in`, signing keys are in `keys`.

use std::sync::Arc;

use chrono::DateTime;
use jsonwebtoken::Header;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assertions::REMEMBERED;
use super::issuer;
use super::jwt::{Unverified, is_good};
use super::keys::{self, Key};
use super::sign_in::{Credentials, sign_in};
use crate::domain::access::client::Client;
use crate::domain::access::origin::RequestOrigin;
use crate::domain::access::role::Caller;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Code, Fault};
use crate::service::ServiceError;
use crate::service::operations::audit;
use crate::state::State;
use crate::store;

/// The `typ` of an access token (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";

/// The claims of an access token (RFC 9068 §2.2). Issuer and audience are both this service.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// An issued token.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Lifetime in seconds.
    pub expires_in: i64,
    /// The granted scopes.
    pub scopes: Vec<Scope>,
}

/// Authenticates a client by its secret and issues a token for the requested scopes; default: all its scopes.
///
/// # Errors
/// As [`sign_in`] and [`grant`].
pub async fn issue_for_secret(state: &Arc<State>, client_id: &str, secret: &str, asked: Option<&str>) -> Result<Issued, ServiceError> {
    let credentials = Credentials::Secret { id: client_id.to_owned(), secret: secret.to_owned() };
    issue_token(state, sign_in(state, &credentials).await?, asked).await
}

/// Issues a token to an authenticated client for the requested scopes; default: all its scopes.
///
/// # Errors
/// `invalid_scope`.
pub async fn issue_token(state: &State, client: Client, asked: Option<&str>) -> Result<Issued, ServiceError> {
    let scopes = granted(&client, asked)?;
    let now = state.clock.now().timestamp();
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let claims = Claims {
        iss: state.settings.issuer.clone(),
        aud: state.settings.issuer.clone(),
        sub: client.id.clone(),
        client_id: client.id,
        scope: words.join(" "),
        iat: now,
        nbf: now,
        exp: now + state.settings.token_lifetime,
        jti: Uuid::now_v7().to_string(),
    };
    let key = keys::signing(state).await?;
    let mut header = Header::new(key.public.alg);
    header.typ = Some(TYPE.into());
    header.kid = Some(key.public.kid.clone());
    let token = jsonwebtoken::encode(&header, &claims, &key.signing).expect("claims of ours can be signed with a key of ours");
    Ok(Issued { token, expires_in: state.settings.token_lifetime, scopes })
}

fn granted(client: &Client, asked: Option<&str>) -> Result<Vec<Scope>, ServiceError> {
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
        ServiceError::parameter("scope", Fault::new(Code::InvalidScope, "the client does not have all of these scopes").allowing(has))
    })
}

/// The caller of a token, with the scopes that the token and the client both have.
///
/// # Errors
/// `token_invalid`, without details, so that a forger learns nothing.
pub async fn authenticate(state: &Arc<State>, token: &str) -> Result<Caller, ServiceError> {
    let unverified = Unverified::read(token).ok_or_else(invalid)?;
    // Our keys verify only our own tokens, and no other key verifies them.
    let (client, scope, jti) = if let Some(key) = keys::verifying(state, unverified.kid()).await? {
        let claims = own(state, &unverified, &key).ok_or_else(invalid)?;
        (claims.sub, claims.scope, Some(claims.jti))
    } else {
        let vouched = issuer::vouched(state, token).await.ok_or_else(invalid)?;
        (vouched.client, vouched.scope, None)
    };
    // Read the client at each request, so that a revoked token or a disabled client is refused at once by every instance.
    let stored = state.db.read(move |conn| {
        let Some(jti) = jti else { return Ok::<_, ServiceError>(store::clients::find_by_id_or_name(conn, &client)?) };
        if store::tokens::is_revoked(conn, &jti)? { Ok(None) } else { Ok(store::clients::find(conn, &client)?) }
    });
    let mut client = stored.await?.filter(|stored| stored.is_good_at(state.clock.now())).ok_or_else(invalid)?.client;
    client.scopes.retain(|held| scope.split(' ').any(|word| word == held.as_str()));
    Ok(Caller::of(client))
}

fn invalid() -> ServiceError {
    ServiceError::Unauthenticated(Fault::new(Code::TokenInvalid, "the token is not one of ours, or no longer good"))
}

/// The claims of a valid token of ours (RFC 8725): signed by this key with its algorithm, type access token, issuer and audience this
/// service, not expired.
fn own(state: &State, token: &Unverified<'_>, key: &Key) -> Option<Claims> {
    let times = |claims: &Claims| [claims.iat, claims.nbf, claims.exp];
    let now = state.clock.now().timestamp();
    issued_here(state, token, key).filter(|claims| is_good(now, times(claims), state.settings.token_lifetime))
}

/// The claims of a token of ours at any time, valid or not.
fn issued_here(state: &State, token: &Unverified<'_>, key: &Key) -> Option<Claims> {
    let claims: Claims = token.claims(&key.public)?;
    let issuer = &state.settings.issuer;
    let ours = token.typ() == TYPE && claims.iss == *issuer && claims.aud == *issuer && claims.client_id == claims.sub;
    ours.then_some(claims)
}

/// Revokes a token at once on every instance (RFC 7009). An unknown or expired token needs no action.
///
/// # Errors
/// A token of another client.
pub async fn revoke_token(state: &State, client: &Client, origin: &RequestOrigin, token: &str) -> Result<(), ServiceError> {
    let Some(unverified) = Unverified::read(token) else { return Ok(()) };
    let Some(key) = keys::verifying(state, unverified.kid()).await? else { return Ok(()) };
    // Revoke also a token that is not valid yet by this clock, or lives longer than this instance accepts: other instances may accept it.
    let Some(claims) = issued_here(state, &unverified, &key).filter(|claims| claims.exp > state.clock.now().timestamp()) else {
        return Ok(());
    };
    if claims.sub != client.id {
        return Err(ServiceError::parameter("token", Fault::new(Code::InvalidValue, "the token was issued to another client")));
    }
    let now = state.clock.now();
    let expires_at = DateTime::from_timestamp(claims.exp, 0).unwrap_or(now) + REMEMBERED;
    let caller = Caller::of(client.clone()).from_origin(origin.clone());
    let revoked = state.db.write(move |conn| {
        store::tokens::revoke(conn, &claims.jti, expires_at, now)?;
        let subject = format!("token {}", claims.jti);
        audit::record(conn, &caller, audit::Action::RevokeToken, &subject, audit::Outcome::Done, now)
    });
    Ok(revoked.await?)
}
