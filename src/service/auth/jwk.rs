//! Public keys of clients and of a trusted issuer as JSON Web Keys (RFC 7517).
//! The key fixes the algorithm, never the signed text (RFC 8725 §3.1).

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

use crate::domain::fault::{Code, Fault};

/// Members of private and symmetric keys only (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Longest `kid` in bytes.
const LONGEST_KID: usize = 200;

/// A key for verifying signatures.
#[derive(Clone)]
pub struct PublicKey {
    /// The key id.
    pub(crate) kid: String,
    /// The only allowed algorithm.
    pub(crate) alg: Algorithm,
    pub(crate) verifying: DecodingKey,
}

/// The accepted kinds of keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    /// Ed25519 and P-256.
    Curves,
    /// Also RSA of 2048 to 8192 bits, which external issuers often use.
    CurvesAndRsa,
}

/// A fault and the member of the key that has it.
type OfMember = (&'static str, Fault);

impl PublicKey {
    /// Reads a key.
    pub(crate) fn read(jwk: &Map<String, Value>, kinds: Kinds) -> Result<PublicKey, Vec<OfMember>> {
        let mut faults = Vec::new();
        let kid = match jwk.get("kid") {
            Some(Value::String(kid)) if (1..=LONGEST_KID).contains(&kid.len()) => kid.as_str(),
            None => {
                faults.push(("kid", Fault::new(Code::MissingField, "a key has an id, which its signatures name it by")));
                ""
            }
            Some(_) => {
                faults.push(("kid", Fault::new(Code::InvalidValue, format!("an id is a text of 1 to {LONGEST_KID} bytes"))));
                ""
            }
        };
        for member in PRIVATE.into_iter().filter(|member| jwk.contains_key(*member)) {
            let message =
                format!("`{member}` belongs to a private key, which nobody else should see: make a new one, send its public half");
            faults.push((member, Fault::new(Code::InvalidValue, message)));
        }
        if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
            faults.push(("use", Fault::new(Code::InvalidValue, "the key is to be one for signatures").allowing(["sig"])));
        }
        match material(jwk, kinds) {
            Ok((alg, verifying)) => {
                if jwk.get("alg").is_some_and(|given| given != name(alg)) {
                    faults.push(("alg", Fault::new(Code::InvalidValue, "this kind of key is for another algorithm").allowing([name(alg)])));
                }
                if faults.is_empty() {
                    return Ok(PublicKey { kid: kid.to_owned(), alg, verifying });
                }
            }
            Err(found) => faults.extend(found),
        }
        Err(faults)
    }
}

/// The name of an algorithm in JOSE.
pub(crate) fn name(alg: Algorithm) -> &'static str {
    match alg {
        Algorithm::EdDSA => "EdDSA",
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        _ => "none of ours",
    }
}

/// The key material and its algorithm.
fn material(jwk: &Map<String, Value>, kinds: Kinds) -> Result<(Algorithm, DecodingKey), Vec<OfMember>> {
    let text = |member: &str| jwk.get(member).and_then(Value::as_str);
    match (text("kty"), text("crv")) {
        (Some("OKP"), Some("Ed25519")) => {
            let [x] = coordinates(jwk, ["x"])?;
            Ok((Algorithm::EdDSA, DecodingKey::from_ed_der(&x)))
        }
        (Some("EC"), Some("P-256")) => {
            let [x, y] = coordinates(jwk, ["x", "y"])?;
            let point = [&[4][..], &x, &y].concat();
            if UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).parse().is_err() {
                return Err(vec![("x", Fault::new(Code::InvalidValue, "`x` and `y` are no point of P-256"))]);
            }
            Ok((Algorithm::ES256, DecodingKey::from_ec_der(&point)))
        }
        (Some("RSA"), _) if kinds == Kinds::CurvesAndRsa => {
            let number = |member| decoded(jwk, member).filter(|bytes| bytes.first().is_some_and(|first| *first != 0));
            match (number("n").filter(|n| (256..=1024).contains(&n.len())), number("e")) {
                (Some(n), Some(e)) => Ok((Algorithm::RS256, DecodingKey::from_rsa_raw_components(&n, &e))),
                _ => Err(vec![("n", Fault::new(Code::InvalidValue, "an RSA key has `n` of 2048 to 8192 bits and `e`"))]),
            }
        }
        (Some("OKP"), _) => Err(vec![("crv", Fault::new(Code::InvalidValue, "keys of this type are of one curve").allowing(["Ed25519"]))]),
        (Some("EC"), _) => Err(vec![("crv", Fault::new(Code::InvalidValue, "keys of this type are of one curve").allowing(["P-256"]))]),
        _ => Err(vec![("kty", Fault::new(Code::InvalidValue, "keys are of these types").allowing(["OKP", "EC"]))]),
    }
}

fn coordinates<const N: usize>(jwk: &Map<String, Value>, members: [&'static str; N]) -> Result<[Vec<u8>; N], Vec<OfMember>> {
    let read = members.map(|member| decoded(jwk, member).filter(|bytes| bytes.len() == 32));
    let missing = members.iter().zip(&read).filter(|(_, read)| read.is_none());
    let fault = |(member, _): (&&'static str, _)| (*member, Fault::new(Code::InvalidValue, format!("`{member}` is 32 bytes in base64url")));
    let faults: Vec<OfMember> = missing.map(fault).collect();
    if faults.is_empty() { Ok(read.map(Option::unwrap_or_default)) } else { Err(faults) }
}

fn decoded(jwk: &Map<String, Value>, member: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(jwk.get(member)?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_rsa_key_is_taken_of_issuers_only_and_from_2048_bits() {
        let of = |bytes: usize| {
            let n = BASE64_URL_SAFE_NO_PAD.encode(vec![0xC1; bytes]);
            let key = json!({"kty": "RSA", "n": n, "e": "AQAB", "kid": "a"});
            PublicKey::read(key.as_object().expect("an object"), Kinds::CurvesAndRsa).map(|key| key.alg).ok()
        };
        assert_eq!([of(128), of(255), of(256), of(1024), of(1025)], [None, None, Some(Algorithm::RS256), Some(Algorithm::RS256), None]);
    }
}
