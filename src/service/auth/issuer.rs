//! An issuer of tokens besides this service, where one is trusted: it says who is asking, our own table says what that one may do.
//! Its keys come from a file. This program calls nobody, so nobody can make it call.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::assertions::Audience;
use super::jwk::{Kinds, PublicKey};
use super::jwt::{Unverified, is_good};
use crate::state::State;
use crate::store::StoreError;

/// Seconds that a token of the issuer may live.
const LONGEST_LIFE: i64 = 3600;

/// How often its keys are read at most.
const READ_EVERY: TimeDelta = TimeDelta::seconds(5);

/// What its tokens may say they are (RFC 9068 §2.1); many issuers do not name access tokens otherwise than any other.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "JWT"];

/// An issuer that is trusted.
pub struct TrustedIssuer {
    /// What its tokens say in `iss`.
    issuer: String,
    /// What they say in `aud`, alone or among others.
    audience: String,
    /// The claim that names a client of ours.
    client_claim: String,
    file: PathBuf,
    keys: Mutex<CachedKeys>,
}

/// The keys, and when they were last read for a token.
type CachedKeys = (Arc<[PublicKey]>, Option<DateTime<Utc>>);

/// What a token of the issuer says, beside the claim that names the client.
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

/// What is believed of a token of the issuer.
pub(crate) struct Vouched {
    /// The id or name of a client.
    pub(crate) client: String,
    /// The scopes, with spaces.
    pub(crate) scope: String,
}

impl TrustedIssuer {
    /// An issuer whose keys have not been read yet.
    #[must_use]
    pub fn new(issuer: &str, audience: &str, client_claim: &str, file: &str) -> TrustedIssuer {
        let keys = Mutex::new((Vec::new().into(), None));
        TrustedIssuer { issuer: issuer.into(), audience: audience.into(), client_claim: client_claim.into(), file: file.into(), keys }
    }

    /// Reads its keys.
    ///
    /// # Errors
    /// A file that cannot be read, that is no JWK Set, or that has no key in it of a kind that is verified here.
    pub fn read_keys(&self) -> Result<(), StoreError> {
        let unusable = |why: String| StoreError::Unusable(format!("the keys of the trusted issuer, {}: {why}", self.file.display()));
        let bytes = std::fs::read(&self.file).map_err(|error| unusable(error.to_string()))?;
        let set: Value = serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
        let listed = set["keys"].as_array().ok_or_else(|| unusable("a JWK Set has a list of `keys`".into()))?;
        // Issuers publish keys for other purposes as well; those are not ours to judge.
        let read = |key: &Value| PublicKey::read(key.as_object()?, Kinds::CurvesAndRsa).ok();
        let keys: Arc<[PublicKey]> = listed.iter().filter_map(read).collect();
        if keys.is_empty() {
            return Err(unusable("none of them is Ed25519, P-256, or RSA of 2048 bits, with a `kid` and for signatures".into()));
        }
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).0 = keys;
        Ok(())
    }

    /// Its keys, read again where that was some seconds ago. A file that is being written, or gone, leaves those from before.
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

    /// What a token says, if it is one of this issuer for this service and good now.
    fn vouched(&self, token: &Unverified<'_>, now: DateTime<Utc>) -> Option<Vouched> {
        let keys = self.keys(now);
        let claims: Claims = keys.iter().find_map(|key| token.claims(key))?;
        let good = claims.iss == self.issuer
            && claims.aud.members().contains(&self.audience)
            && !claims.sub.is_empty()
            && is_good(now.timestamp(), [claims.iat, claims.nbf.unwrap_or(claims.iat), claims.exp], LONGEST_LIFE)
            && TYPES.contains(&token.typ());
        // The key has vouched for all of it.
        let client = token.unproven::<Value>()?.get(&self.client_claim)?.as_str()?.to_owned();
        // What no name holds; PostgreSQL takes no NUL, not even to look it up.
        let named = !client.is_empty() && !client.chars().any(char::is_control);
        (good && named).then(|| Vouched { client, scope: claims.scope.unwrap_or_default() })
    }
}

/// What is believed of a token that is not signed with a key of ours; nothing where no other issuer is trusted.
pub(crate) async fn vouched(state: &State, token: &str) -> Option<Vouched> {
    let issuer = Arc::clone(state.trusted_issuer.as_ref()?);
    let (token, now) = (token.to_owned(), state.clock.now());
    // Reads a file now and then.
    tokio::task::spawn_blocking(move || issuer.vouched(&Unverified::read(&token)?, now)).await.ok().flatten()
}
