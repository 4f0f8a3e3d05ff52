//! Keys of all kinds, and texts that are signed with them: rightly, wrongly, or not at all.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chitieu::clock::Clock;
use chitieu::store::{self, StoreError};
use serde_json::{Value, json};

use super::TestApp;
use super::app::ISSUER;

/// Somebody's key pair.
pub struct Signer {
    pub kid: String,
    pair: Pair,
}

enum Pair {
    Ed(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Signer {
    pub fn ed25519(kid: &str) -> Signer {
        Signer { kid: kid.into(), pair: Pair::Ed(Ed25519KeyPair::generate().unwrap()) }
    }

    pub fn p256(kid: &str) -> Signer {
        Signer { kid: kid.into(), pair: Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()) }
    }

    pub fn rsa(kid: &str) -> Signer {
        Signer { kid: kid.into(), pair: Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()) }
    }

    /// The keys that the service signs with, oldest first: a forger who has broken in.
    pub fn all_of(app: &TestApp) -> Vec<Signer> {
        let stored = app.state.context.db.read_blocking(store::keys::list).map_err(|failure: StoreError| failure).unwrap();
        let signer = |key: store::keys::StoredKey| {
            let private = BASE64_STANDARD.decode(key.private_key).unwrap();
            let pair = match key.alg.as_str() {
                "EdDSA" => Pair::Ed(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).unwrap()),
                _ => Pair::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).unwrap()),
            };
            Signer { kid: key.kid, pair }
        };
        stored.into_iter().map(signer).collect()
    }

    pub fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Ed(_) => "EdDSA",
            Pair::P256(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        match &self.pair {
            Pair::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64(pair.public_key().as_ref()), "kid": self.kid}),
            Pair::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y), "kid": self.kid})
            }
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": base64(&n), "e": base64(&e), "kid": self.kid, "use": "sig"})
            }
        }
    }

    /// A text with an ordinary head of this type.
    pub fn sign(&self, typ: &str, claims: &Value) -> String {
        self.sign_as(&json!({"alg": self.alg(), "typ": typ, "kid": self.kid}), claims)
    }

    /// A text with any head.
    pub fn sign_as(&self, head: &Value, claims: &Value) -> String {
        self.seal(&head.to_string(), &claims.to_string())
    }

    /// Any two texts, signed as if they were a head and claims.
    pub fn seal(&self, head: &str, claims: &str) -> String {
        let message = format!("{}.{}", base64(head.as_bytes()), base64(claims.as_bytes()));
        let signature = match &self.pair {
            Pair::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
            Pair::P256(pair) => pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", base64(&signature))
    }
}

/// What a token of the service says now for a client that may submit.
pub fn claims_of(app: &TestApp, client: &str) -> Value {
    let now = app.clock.now().timestamp();
    json!({"iss": ISSUER, "aud": ISSUER, "sub": client, "client_id": client, "scope": "submit", "iat": now, "nbf": now, "exp": now + 900,
           "jti": format!("forged {now}")})
}

/// The same with one member changed; null takes it away.
pub fn with(object: &Value, member: &str, value: Value) -> Value {
    let mut object = object.clone();
    if value.is_null() {
        object.as_object_mut().unwrap().remove(member);
    } else {
        object[member] = value;
    }
    object
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A part of a signed text as JSON: 0 the head, 1 the claims.
pub fn part(token: &str, place: usize) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(place).unwrap()).unwrap()).unwrap()
}
