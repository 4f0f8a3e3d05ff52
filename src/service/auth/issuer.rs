//! An optional external issuer of tokens. Its token names the client; the permissions come from our own table of clients.
//! Its keys come from a file, because this program makes no outgoing requests.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::jwk::PublicKey;
use super::jwt::{Audience, Unverified, is_good};
use crate::store::StoreError;

/// Longest life of an external token in seconds.
const LONGEST_LIFE: i64 = 3600;

/// Shortest time between two reads of the key file.
const READ_EVERY: TimeDelta = TimeDelta::seconds(5);

/// Accepted `typ` values (RFC 9068 §2.1). Many issuers use plain `JWT` for access tokens.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "JWT"];

/// A trusted issuer.
pub struct TrustedIssuer {
    /// The expected `iss`.
    issuer: String,
    /// The expected `aud`, alone or in a list.
    audience: String,
    /// The claim with the client's id or name.
    client_claim: String,
    file: PathBuf,
    keys: Mutex<CachedKeys>,
}

/// The keys, and the time of the last read for a token.
type CachedKeys = (Arc<[PublicKey]>, Option<DateTime<Utc>>);

/// The claims of an external token, without the claim for the client.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    scope: Option<String>,
}

/// The verified content of an external token.
pub(crate) struct Vouched {
    /// The id or name of a client.
    pub(crate) client: String,
    /// The scopes, separated by spaces.
    pub(crate) scope: String,
}

impl TrustedIssuer {
    /// Makes an issuer without keys.
    #[must_use]
    pub fn new(issuer: &str, audience: &str, client_claim: &str, file: &str) -> TrustedIssuer {
        let keys = Mutex::new((Vec::new().into(), None));
        TrustedIssuer { issuer: issuer.into(), audience: audience.into(), client_claim: client_claim.into(), file: file.into(), keys }
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// An unreadable file; a file that is no JWK Set; a set without a supported key.
    pub fn read_keys(&self) -> Result<(), StoreError> {
        let unusable = |why: String| StoreError::Unusable(format!("the keys of the trusted issuer, {}: {why}", self.file.display()));
        let bytes = std::fs::read(&self.file).map_err(|error| unusable(error.to_string()))?;
        let set: Value = serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
        let listed = set["keys"].as_array().ok_or_else(|| unusable("a JWK Set has a list of `keys`".into()))?;
        // Skip keys of other kinds: issuers publish keys for other purposes too.
        let keys: Arc<[PublicKey]> = listed.iter().filter_map(PublicKey::of_issuer).collect();
        if keys.is_empty() {
            return Err(unusable("none of them is Ed25519, P-256, or RSA of 2048 bits, with a `kid` and for signatures".into()));
        }
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).0 = keys;
        Ok(())
    }

    /// The keys, read again after some seconds. If the file is missing or incomplete, the earlier keys stay.
    fn keys(&self, now: DateTime<Utc>) -> Arc<[PublicKey]> {
        let held = || self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let due = {
            let last = &mut held().1;
            let due = last.is_none_or(|last| (now - last).abs() >= READ_EVERY);
            if due {
                *last = Some(now);
            }
            due
        };
        if due && let Err(failure) = self.read_keys() {
            log::warn!("going on with the keys that were read before cause={failure:?}");
        }
        Arc::clone(&held().0)
    }

    /// The verified content of an external token.
    pub(crate) async fn vouched(self: &Arc<TrustedIssuer>, token: &str, now: DateTime<Utc>) -> Option<Vouched> {
        let (issuer, token) = (Arc::clone(self), token.to_owned());
        // This may read a file.
        tokio::task::spawn_blocking(move || issuer.read(&Unverified::read(&token)?, now)).await.ok().flatten()
    }

    /// The content of a token, if this issuer made it for this service and it is valid now.
    fn read(&self, token: &Unverified<'_>, now: DateTime<Utc>) -> Option<Vouched> {
        let keys = self.keys(now);
        let claims: Claims = keys.iter().find_map(|key| token.claims(key))?;
        let good = claims.iss == self.issuer
            && claims.aud.members().contains(&self.audience)
            && !claims.sub.is_empty()
            && is_good(now.timestamp(), [claims.iat, claims.nbf.unwrap_or(claims.iat), claims.exp], LONGEST_LIFE)
            && TYPES.contains(&token.typ());
        // The signature covers the whole token.
        let client = token.unproven::<Value>()?.get(&self.client_claim)?.as_str()?.to_owned();
        // No client name contains control characters, and PostgreSQL refuses NUL even in a query.
        let named = !client.is_empty() && !client.chars().any(char::is_control);
        (good && named).then(|| Vouched { client, scope: claims.scope.unwrap_or_default() })
    }
}
