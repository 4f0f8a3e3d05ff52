//! Secrets of clients: random texts, stored as Argon2 hashes. Only a few are checked at a time.
//! The client of a secret is found in `sign_in`.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::service::blocking::BlockingPool;

/// Limit of valid secrets per client. During a rotation the old and the new secret are both valid.
pub(crate) const AT_ONCE: usize = 2;

/// Makes and checks secrets. Argon2 takes tens of milliseconds and 19 MiB by design, and anyone may start a check.
pub struct SecretChecks(BlockingPool);

impl Default for SecretChecks {
    fn default() -> SecretChecks {
        SecretChecks(BlockingPool::new(4))
    }
}

impl SecretChecks {
    /// A new secret and its hash.
    pub(super) async fn fresh(&self) -> (String, String) {
        self.0.run(fresh).await.expect("hashing random bytes does not fail")
    }

    /// True if the secret matches one of the hashes.
    pub(super) async fn fits(&self, secret: String, hashes: Vec<String>) -> bool {
        self.0.run(move || verify(&secret, &hashes)).await.unwrap_or(false)
    }
}

/// A new secret and its hash.
pub(super) fn fresh() -> (String, String) {
    let secret = BASE64_URL_SAFE_NO_PAD.encode(random());
    let hash = hash(&secret);
    (secret, hash)
}

/// True if the secret matches one of the hashes. It always tests two hashes, so that an unknown client takes the same time; a dummy hash
/// fills the gaps.
fn verify(secret: &str, hashes: &[String]) -> bool {
    /// The dummy hash, of a random text.
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&BASE64_URL_SAFE_NO_PAD.encode(random())));
    let fits = |hash: &str| {
        let known = PasswordHash::new(hash);
        known.is_ok_and(|known| Argon2::default().verify_password(secret.as_bytes(), &known).is_ok())
    };
    let tried = (0..AT_ONCE).map(|place| hashes.get(place).map_or((NOBODY.as_str(), false), |hash| (hash.as_str(), true)));
    tried.filter(|(hash, known)| fits(hash) && *known).count() > 0
}

fn hash(secret: &str) -> String {
    Argon2::default().hash_password(secret.as_bytes()).expect("a random secret can be hashed").to_string()
}

/// Random bytes from the operating system.
fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}
