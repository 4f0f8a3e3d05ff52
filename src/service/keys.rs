//! The keys that tokens are signed and verified with, made at the first start and shared by all instances.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use uuid::Uuid;

use crate::store::keys::StoredKey;
use crate::store::{self, Conn, Failure};

/// The keys that tokens are signed and verified with: Ed25519 and nothing else.
pub struct Keys(Vec<Key>);

/// A key pair and the id that tokens name it by.
pub(super) struct Key {
    /// The id.
    pub(super) kid: String,
    /// The private half.
    pub(super) signing: EncodingKey,
    /// The public half.
    pub(super) verifying: DecodingKey,
}

impl Keys {
    /// Loads the keys from the store, making the first one when there is none.
    ///
    /// # Errors
    /// Any failure of the database.
    pub fn load(conn: &mut Conn, at: DateTime<Utc>) -> Result<Keys, Failure> {
        let mut stored = store::keys::list(conn)?;
        if stored.is_empty() {
            let pair = Ed25519KeyPair::generate().expect("the system gives random bytes");
            let private = pair.to_pkcs8v1().expect("a fresh key can be written down");
            let key = StoredKey { kid: Uuid::now_v7().to_string(), private_key: BASE64_STANDARD.encode(private.as_ref()) };
            store::keys::insert(conn, &key, at)?;
            stored.push(key);
        }
        stored.into_iter().map(Key::read).collect::<Result<_, _>>().map(Keys)
    }

    /// The newest key signs; all verify.
    pub(super) fn newest(&self) -> &Key {
        self.0.last().expect("loading makes a key when there is none")
    }

    /// The key with this id.
    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid)
    }
}

impl Key {
    fn read(stored: StoredKey) -> Result<Key, Failure> {
        let corrupt = || Failure::Corrupt(format!("the signing key {} cannot be read", stored.kid));
        let private = BASE64_STANDARD.decode(&stored.private_key).map_err(|_| corrupt())?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).map_err(|_| corrupt())?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let verifying = DecodingKey::from_ed_components(&public).map_err(|_| corrupt())?;
        Ok(Key { signing: EncodingKey::from_ed_der(&private), verifying, kid: stored.kid })
    }
}
