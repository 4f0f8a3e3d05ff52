//! The keys that sign and verify tokens. The first key is made at the first start; all instances share the keys.
//!
//! A new key is published at once and signs after [`LEAD`], when every instance and every cache of the published keys has it. The old key
//! verifies for [`RETIRED_AFTER`] after its last signature, longer than any token lives. No write marks these steps: they follow from the
//! creation times of the keys.

use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::EncodingKey;
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::jwk::{KeyKind, PublicKey};
use crate::context::Context;
use crate::domain::access::role::Caller;
use crate::service::operations::audit;
use crate::service::operations::origin::RequestOrigin;
use crate::store::keys::StoredKey;
use crate::store::{self, Conn, Db, StoreError};

/// Time between the publication of a key and its first signature.
pub const LEAD: TimeDelta = TimeDelta::minutes(10);

/// Time for which a replaced key still verifies: the longest life of a token plus one minute.
pub const RETIRED_AFTER: TimeDelta = TimeDelta::minutes(61);

/// Cache time of the published keys.
pub const CACHED_FOR: TimeDelta = TimeDelta::minutes(5);

/// Longest age of the keys in memory. With [`CACHED_FOR`] it is well below [`LEAD`].
const FRESH_FOR: TimeDelta = TimeDelta::minutes(1);

/// Shortest time between two searches for an unknown key.
const LOOKED_FOR_EVERY: TimeDelta = TimeDelta::seconds(5);

/// Supported algorithms: Ed25519 (RFC 8037), and P-256 for verifiers without Ed25519.
pub const ALGORITHMS: [&str; 2] = ["EdDSA", "ES256"];

/// The keys in memory, and the time of the last search.
pub struct Keys(Mutex<(Arc<[Key]>, DateTime<Utc>)>);

/// A key pair with its times.
#[derive(Clone)]
pub struct Key {
    /// The public key.
    pub(crate) public: PublicKey,
    /// The private key.
    pub(crate) signing: EncodingKey,
    /// The public key as a JWK (RFC 7517).
    jwk: Value,
    /// Start of signing.
    pub signs_from: DateTime<Utc>,
    /// End of signing: the start of the next key.
    pub signs_until: Option<DateTime<Utc>>,
}

/// The status of a key at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// Published, not signing yet.
    Waiting,
    /// Signing.
    Signing,
    /// Verifying only.
    Verifying,
    /// No longer used.
    Retired,
}

impl Key {
    /// The key id in tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The only algorithm of the key.
    #[must_use]
    pub fn alg(&self) -> &'static str {
        self.public.kind.algorithm_name()
    }

    /// The time after which the key no longer verifies.
    #[must_use]
    pub fn retires_at(&self) -> Option<DateTime<Utc>> {
        self.signs_until.map(|until| until + RETIRED_AFTER)
    }

    /// The status at a moment.
    #[must_use]
    pub fn standing(&self, at: DateTime<Utc>) -> KeyStatus {
        match (self.signs_until, self.retires_at()) {
            _ if at < self.signs_from => KeyStatus::Waiting,
            (_, Some(retires_at)) if at >= retires_at => KeyStatus::Retired,
            (Some(until), _) if at >= until => KeyStatus::Verifying,
            _ => KeyStatus::Signing,
        }
    }

    fn read(stored: &StoredKey) -> Result<Key, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("the signing key {} cannot be read", stored.kid));
        let private = BASE64_STANDARD.decode(&stored.private_key).map_err(|_| corrupt())?;
        let (signing, public) = match stored.alg.as_str() {
            "EdDSA" => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).map_err(|_| corrupt())?;
                let public = PublicKey::of_point(&stored.kid, KeyKind::Ed25519, pair.public_key().as_ref());
                (EncodingKey::from_ed_der(&private), public)
            }
            "ES256" => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).map_err(|_| corrupt())?;
                let public = PublicKey::of_point(&stored.kid, KeyKind::P256, pair.public_key().as_ref());
                (EncodingKey::from_ec_der(&private), public)
            }
            _ => return Err(corrupt()),
        };
        let jwk = public.to_jwk(&[], &[("kid", &stored.kid), ("alg", &stored.alg), ("use", "sig")]);
        Ok(Key { public, signing, jwk, signs_from: stored.created_at, signs_until: None })
    }
}

impl Keys {
    /// Loads the keys; makes the first one if there is none.
    ///
    /// # Errors
    /// Any failure of the database.
    pub fn load(conn: &mut Conn, at: DateTime<Utc>) -> Result<Keys, StoreError> {
        if store::keys::list(conn)?.is_empty() {
            store::keys::insert(conn, &generate(KeyKind::Ed25519, at))?;
        }
        Ok(Keys(Mutex::new((list(conn)?.into(), at))))
    }

    /// The current signing key.
    pub(crate) async fn signing(&self, context: &Context) -> Result<Key, StoreError> {
        let (keys, now) = (self.at_hand(context, FRESH_FOR).await?, context.clock.now());
        // If the clock was set back to before the first key, the first key signs.
        let key = keys.iter().rev().find(|key| key.signs_from <= now).or(keys.first());
        Ok(key.expect("loading makes a key when there is none").clone())
    }

    /// Our key with this id, if it verifies now.
    pub(crate) async fn verifying(&self, context: &Context, kid: &str) -> Result<Option<Key>, StoreError> {
        let now = context.clock.now();
        let find = |keys: &[Key]| keys.iter().find(|key| key.kid() == kid).cloned();
        let found = match find(&self.at_hand(context, FRESH_FOR).await?) {
            Some(key) => Some(key),
            None => find(&self.at_hand(context, LOOKED_FOR_EVERY).await?),
        };
        Ok(found.filter(|key| key.standing(now) != KeyStatus::Retired))
    }

    /// Lists the keys that others need to verify our tokens, as members of a JWK Set.
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn get_jwks(&self, context: &Context) -> Result<Vec<Value>, StoreError> {
        let now = context.clock.now();
        let keys = self.at_hand(context, FRESH_FOR).await?;
        Ok(keys.iter().filter(|key| key.standing(now) != KeyStatus::Retired).map(|key| key.jwk.clone()).collect())
    }

    /// The keys in memory, read again if they are older than this.
    async fn at_hand(&self, context: &Context, longest_ago: TimeDelta) -> Result<Arc<[Key]>, StoreError> {
        // One request reads the keys and the others wait for the result: the keys in memory may be hours old.
        let mut held = self.0.lock().await;
        let now = context.clock.now();
        if (now - held.1).abs() >= longest_ago {
            *held = (context.db.read(list).await?.into(), now);
        }
        Ok(Arc::clone(&held.0))
    }
}

/// Lists all keys, retired ones too, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Key>, StoreError> {
    let stored = store::keys::list(conn)?;
    let mut keys = stored.iter().map(Key::read).collect::<Result<Vec<_>, _>>()?;
    // The first key signs at once: no verifier has an older key.
    keys.iter_mut().skip(1).for_each(|key| key.signs_from += LEAD);
    for at in 1..keys.len() {
        keys[at - 1].signs_until = Some(keys[at].signs_from);
    }
    Ok(keys)
}

/// Makes a key that replaces the current one.
///
/// # Errors
/// Any failure of the database.
pub fn rotate(db: &Db, alg: &str, at: DateTime<Utc>) -> Result<Key, StoreError> {
    let kind = if alg == KeyKind::P256.algorithm_name() { KeyKind::P256 } else { KeyKind::Ed25519 };
    let new = generate(kind, at);
    let keys = db.write_blocking(|conn| {
        store::keys::insert(conn, &new)?;
        let subject = format!("key {} {}", new.kid, new.alg);
        let nowhere = RequestOrigin::default();
        audit::record(conn, &nowhere, &Caller::anyone(), audit::Action::RotateKey, &subject, audit::Outcome::Done, at)?;
        list(conn)
    })?;
    keys.into_iter().find(|key| key.kid() == new.kid).ok_or_else(|| StoreError::Corrupt("a key that was just made is not there".into()))
}

fn generate(kind: KeyKind, at: DateTime<Utc>) -> StoredKey {
    const RANDOM: &str = "the system gives random bytes";
    const WRITTEN: &str = "a fresh key can be written down";
    let private = if kind == KeyKind::P256 {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect(RANDOM).to_pkcs8v1().expect(WRITTEN)
    } else {
        Ed25519KeyPair::generate().expect(RANDOM).to_pkcs8v1().expect(WRITTEN)
    };
    let private_key = BASE64_STANDARD.encode(private.as_ref());
    StoredKey { kid: Uuid::now_v7().to_string(), alg: kind.algorithm_name().into(), private_key, created_at: at }
}
