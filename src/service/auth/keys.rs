//! The keys that tokens are signed and verified with: made at the first start, shared by all instances, replaced without a pause.
//!
//! A new key is published at once and signs [`LEAD`] after it was made: by then every instance and every cache of the published keys has
//! it. The key before it verifies [`RETIRED_AFTER`] longer than it signs, so that no token outlives it. Nothing is written for that: what a
//! key is good for is a matter of when it and the next one were made.

use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::jwk::{Kinds, PublicKey, name};
use crate::domain::access::role::Caller;
use crate::service::operations::audit;
use crate::state::State;
use crate::store::keys::StoredKey;
use crate::store::{self, Conn, Db, StoreError};

/// How long a key is published before it signs.
pub const LEAD: TimeDelta = TimeDelta::minutes(10);

/// How long after the next key has begun to sign a key still verifies: the longest that a token may live, and a minute.
pub const RETIRED_AFTER: TimeDelta = TimeDelta::minutes(61);

/// How long others may keep the published keys.
pub const CACHED_FOR: TimeDelta = TimeDelta::minutes(5);

/// How old the keys at hand may be. With [`CACHED_FOR`] this is well within [`LEAD`].
const FRESH_FOR: TimeDelta = TimeDelta::minutes(1);

/// How often they are looked for at most, when a token names one that is not among them.
const LOOKED_FOR_EVERY: TimeDelta = TimeDelta::seconds(5);

/// The algorithms that keys are made for: Ed25519 (RFC 8037), and P-256 for verifiers that do not know it.
pub const ALGORITHMS: [&str; 2] = ["EdDSA", "ES256"];

/// The keys at hand, and when they were last looked for.
pub struct Keys(Mutex<(Arc<[Key]>, DateTime<Utc>)>);

/// A key pair and the times that it is used in.
#[derive(Clone)]
pub struct Key {
    /// The public half.
    pub(crate) public: PublicKey,
    /// The private half.
    pub(crate) signing: EncodingKey,
    /// The public half as others read it (RFC 7517).
    jwk: Value,
    /// Since when it signs.
    pub signs_from: DateTime<Utc>,
    /// Since when the next one signs in its place.
    pub signs_until: Option<DateTime<Utc>>,
}

/// What a key does at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// It is published, and will sign.
    Waiting,
    /// It signs.
    Signing,
    /// It verifies what it has signed.
    Verifying,
    /// It is good for nothing any more.
    Retired,
}

impl Key {
    /// The id that tokens name it by.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The one algorithm it is used with.
    #[must_use]
    pub fn alg(&self) -> &'static str {
        name(self.public.alg)
    }

    /// When it is good for nothing any more.
    #[must_use]
    pub fn retires_at(&self) -> Option<DateTime<Utc>> {
        self.signs_until.map(|until| until + RETIRED_AFTER)
    }

    /// What it does at a moment.
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
        let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let (signing, mut jwk) = match stored.alg.as_str() {
            "EdDSA" => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).map_err(|_| corrupt())?;
                (EncodingKey::from_ed_der(&private), json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())}))
            }
            "ES256" => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).map_err(|_| corrupt())?;
                // An uncompressed point: a byte 4, then x and y.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                (EncodingKey::from_ec_der(&private), json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y)}))
            }
            _ => return Err(corrupt()),
        };
        jwk["kid"] = stored.kid.as_str().into();
        jwk["alg"] = stored.alg.as_str().into();
        jwk["use"] = "sig".into();
        let public = jwk.as_object().and_then(|jwk| PublicKey::read(jwk, Kinds::Curves).ok()).ok_or_else(corrupt)?;
        Ok(Key { public, signing, jwk, signs_from: stored.created_at, signs_until: None })
    }
}

impl Keys {
    /// Loads the keys from the store, making the first one when there is none.
    ///
    /// # Errors
    /// Any failure of the database.
    pub fn load(conn: &mut Conn, at: DateTime<Utc>) -> Result<Keys, StoreError> {
        if store::keys::list(conn)?.is_empty() {
            store::keys::insert(conn, &generate(Algorithm::EdDSA, at))?;
        }
        Ok(Keys(Mutex::new((list(conn)?.into(), at))))
    }
}

/// All keys, oldest first, retired ones among them.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Key>, StoreError> {
    let stored = store::keys::list(conn)?;
    let mut keys = stored.iter().map(Key::read).collect::<Result<Vec<_>, _>>()?;
    // The first had nobody to wait for.
    keys.iter_mut().skip(1).for_each(|key| key.signs_from += LEAD);
    for at in 1..keys.len() {
        keys[at - 1].signs_until = Some(keys[at].signs_from);
    }
    Ok(keys)
}

/// Makes a key that will sign in place of the present one.
///
/// # Errors
/// Any failure of the database.
pub fn rotate(db: &Db, alg: &str, at: DateTime<Utc>) -> Result<Key, StoreError> {
    let alg = if alg == name(Algorithm::ES256) { Algorithm::ES256 } else { Algorithm::EdDSA };
    let new = generate(alg, at);
    let keys = db.write_blocking(|conn| {
        store::keys::insert(conn, &new)?;
        let subject = format!("key {} {}", new.kid, new.alg);
        audit::record(conn, &Caller::anyone(), audit::Action::RotateKey, &subject, audit::Outcome::Done, at)?;
        list(conn)
    })?;
    keys.into_iter().find(|key| key.kid() == new.kid).ok_or_else(|| StoreError::Corrupt("a key that was just made is not there".into()))
}

fn generate(alg: Algorithm, at: DateTime<Utc>) -> StoredKey {
    const RANDOM: &str = "the system gives random bytes";
    const WRITTEN: &str = "a fresh key can be written down";
    let private = if alg == Algorithm::ES256 {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect(RANDOM).to_pkcs8v1().expect(WRITTEN)
    } else {
        Ed25519KeyPair::generate().expect(RANDOM).to_pkcs8v1().expect(WRITTEN)
    };
    let private_key = BASE64_STANDARD.encode(private.as_ref());
    StoredKey { kid: Uuid::now_v7().to_string(), alg: name(alg).into(), private_key, created_at: at }
}

/// The key that signs now.
pub(crate) async fn signing(state: &State) -> Result<Key, StoreError> {
    let (keys, now) = (at_hand(state, FRESH_FOR).await?, state.clock.now());
    // Where the clock was set back to before the first, that one signs.
    let key = keys.iter().rev().find(|key| key.signs_from <= now).or(keys.first());
    Ok(key.expect("loading makes a key when there is none").clone())
}

/// The key of ours with this id, if it verifies now.
pub(crate) async fn verifying(state: &State, kid: &str) -> Result<Option<Key>, StoreError> {
    let now = state.clock.now();
    let find = |keys: &[Key]| keys.iter().find(|key| key.kid() == kid).cloned();
    let found = match find(&at_hand(state, FRESH_FOR).await?) {
        Some(key) => Some(key),
        None => find(&at_hand(state, LOOKED_FOR_EVERY).await?),
    };
    Ok(found.filter(|key| key.standing(now) != KeyStatus::Retired))
}

/// The keys that others may need to verify our tokens, as a JWK Set has them.
///
/// # Errors
/// Any failure of the database.
pub async fn published(state: &State) -> Result<Vec<Value>, StoreError> {
    let now = state.clock.now();
    let keys = at_hand(state, FRESH_FOR).await?;
    Ok(keys.iter().filter(|key| key.standing(now) != KeyStatus::Retired).map(|key| key.jwk.clone()).collect())
}

/// The keys, looked for again where that was longer ago than this.
async fn at_hand(state: &State, longest_ago: TimeDelta) -> Result<Arc<[Key]>, StoreError> {
    // One looks, and whoever comes meanwhile waits for what it finds: what is there may be hours old.
    let mut held = state.keys.0.lock().await;
    let now = state.clock.now();
    if (now - held.1).abs() >= longest_ago {
        *held = (state.db.read(list).await?.into(), now);
    }
    Ok(Arc::clone(&held.0))
}
