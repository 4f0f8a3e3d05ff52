//! Tokens: an authenticated client gets a short-lived JWT (RFC 6749 §4.4, RFC 9068), and a JWT identifies a caller.
//! Authentication is in `sign_in`, signing keys are in `keys`.

use chrono::DateTime;
use jsonwebtoken::Header;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assertions::REMEMBERED;
use super::auth::Auth;
use super::jwt::{Unverified, is_good};
use super::keys::Key;
use super::sign_in::Credentials;
use crate::domain::access::client::Client;
use crate::domain::access::role::Caller;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::service::ServiceError;
use crate::service::operations::audit::{self, WriteContext};
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
        ServiceError::parameter(
            "scope",
            Fault::new(
                Code::InvalidScope,
                message!(
                    en: "the client does not have all of these scopes",
                    vi: "hệ thống gọi API không có đủ các quyền này"
                ),
            )
            .allowing(has),
        )
    })
}

fn invalid() -> ServiceError {
    ServiceError::Unauthenticated(Fault::new(
        Code::TokenInvalid,
        message!(
            en: "the token is not one of ours, or no longer good",
            vi: "mã truy cập không do dịch vụ này cấp, hoặc không còn hiệu lực"
        ),
    ))
}

impl Auth {
    /// Authenticates a client by its secret and issues a token for the requested scopes; default: all its scopes.
    ///
    /// # Errors
    /// As [`Auth::prove`] and [`Auth::issue_token`].
    pub async fn issue_for_secret(&self, client_id: &str, secret: &str, asked: Option<&str>) -> Result<Issued, ServiceError> {
        let credentials = Credentials::Secret { id: client_id.to_owned(), secret: secret.to_owned() };
        self.issue_token(self.prove(&credentials).await?, asked).await
    }

    /// Issues a token to an authenticated client for the requested scopes; default: all its scopes.
    ///
    /// # Errors
    /// `invalid_scope`.
    pub async fn issue_token(&self, client: Client, asked: Option<&str>) -> Result<Issued, ServiceError> {
        let scopes = granted(&client, asked)?;
        let now = self.context.clock.now().timestamp();
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let claims = Claims {
            iss: self.context.settings.issuer.clone(),
            aud: self.context.settings.issuer.clone(),
            sub: client.id.clone(),
            client_id: client.id,
            scope: words.join(" "),
            iat: now,
            nbf: now,
            exp: now + self.context.settings.token_lifetime,
            jti: Uuid::now_v7().to_string(),
        };
        let key = self.keys.signing(&self.context).await?;
        let mut header = Header::new(key.public.kind.algorithm());
        header.typ = Some(TYPE.into());
        header.kid = Some(key.public.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &key.signing).expect("claims of ours can be signed with a key of ours");
        Ok(Issued { token, expires_in: self.context.settings.token_lifetime, scopes })
    }

    /// The caller of a token, with the scopes that the token and the client both have.
    ///
    /// # Errors
    /// `token_invalid`, without details, so that a forger learns nothing.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, ServiceError> {
        let unverified = Unverified::read(token).ok_or_else(invalid)?;
        // Our keys verify only our own tokens, and no other key verifies them.
        let (client, scope, jti) = if let Some(key) = self.keys.verifying(&self.context, unverified.kid()).await? {
            let claims = self.own(&unverified, &key).ok_or_else(invalid)?;
            (claims.sub, claims.scope, Some(claims.jti))
        } else {
            let issuer = self.trusted_issuer.as_ref().ok_or_else(invalid)?;
            let vouched = issuer.vouched(token, self.context.clock.now()).await.ok_or_else(invalid)?;
            (vouched.client, vouched.scope, None)
        };
        // Read the client at each request, so that a revoked token or a disabled client is refused at once by every instance.
        let stored = self.context.db.read(move |conn| {
            let Some(jti) = jti else { return Ok::<_, ServiceError>(store::clients::find_by_id_or_name(conn, &client)?) };
            if store::tokens::is_revoked(conn, &jti)? { Ok(None) } else { Ok(store::clients::find(conn, &client)?) }
        });
        let mut client = stored.await?.filter(|stored| stored.is_good_at(self.context.clock.now())).ok_or_else(invalid)?.client;
        client.scopes.retain(|held| scope.split(' ').any(|word| word == held.as_str()));
        Ok(Caller::of(client))
    }

    /// The claims of a valid token of ours (RFC 8725): signed by this key with its algorithm, type access token, issuer and audience this
    /// service, not expired.
    fn own(&self, token: &Unverified<'_>, key: &Key) -> Option<Claims> {
        let times = |claims: &Claims| [claims.iat, claims.nbf, claims.exp];
        let now = self.context.clock.now().timestamp();
        self.issued_here(token, key).filter(|claims| is_good(now, times(claims), self.context.settings.token_lifetime))
    }

    /// The claims of a token of ours at any time, valid or not.
    fn issued_here(&self, token: &Unverified<'_>, key: &Key) -> Option<Claims> {
        let claims: Claims = token.claims(&key.public)?;
        let issuer = &self.context.settings.issuer;
        let ours = token.typ() == TYPE && claims.iss == *issuer && claims.aud == *issuer && claims.client_id == claims.sub;
        ours.then_some(claims)
    }

    /// Revokes a token at once on every instance (RFC 7009). An unknown or expired token needs no action.
    ///
    /// # Errors
    /// A token of another client.
    pub async fn revoke_token(&self, write: &WriteContext, client: &Client, token: &str) -> Result<(), ServiceError> {
        let Some(unverified) = Unverified::read(token) else { return Ok(()) };
        let Some(key) = self.keys.verifying(&self.context, unverified.kid()).await? else { return Ok(()) };
        // Revoke also a token that is not valid yet by this clock, or lives longer than this instance accepts: other instances may accept it.
        let Some(claims) = self.issued_here(&unverified, &key).filter(|claims| claims.exp > self.context.clock.now().timestamp()) else {
            return Ok(());
        };
        if claims.sub != client.id {
            return Err(ServiceError::parameter(
                "token",
                Fault::new(
                    Code::InvalidValue,
                    message!(
                        en: "the token was issued to another client",
                        vi: "mã truy cập này được cấp cho hệ thống khác"
                    ),
                ),
            ));
        }
        let now = self.context.clock.now();
        let expires_at = DateTime::from_timestamp(claims.exp, 0).unwrap_or(now) + REMEMBERED;
        let (shared, caller) = (write.clone(), Caller::of(client.clone()));
        write.origin.access_log.identify(&caller);
        let revoked = self.context.db.write(move |conn| {
            store::tokens::revoke(conn, &claims.jti, expires_at, now)?;
            let subject = format!("token {}", claims.jti);
            shared.record(conn, &caller, audit::Action::RevokeToken, &subject, audit::Outcome::Done, now)
        });
        Ok(revoked.await?)
    }
}
