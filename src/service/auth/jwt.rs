//! Signed texts (JWS compact serialization, RFC 7515): reading the header, and the claims after verification.
//! The callers decide whether the claims are valid now.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::jwk::PublicKey;

/// Longest text in bytes. A longer one is refused unread.
const LONGEST: usize = 8192;

/// How far a JWT may begin (`iat`, `nbf`) in the future, in seconds, because clocks differ. FAPI 2.0 §5.3.2.1 asks that 10 seconds are
/// taken and more than 60 refused. The end (`exp`) has no leeway.
pub(crate) const LEEWAY: i64 = 10;

/// A signed text before verification.
pub(crate) struct Unverified<'t> {
    head: Head,
    signed: &'t str,
    claims: &'t str,
    signature: &'t str,
}

/// The allowed header members. Others either demand a feature (`crit`, `b64`, `zip`) or bring their own key (`jwk`, `jku`, `x5c`, `x5u`);
/// such a text is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    kid: String,
    typ: Option<String>,
    /// Certificate fingerprints, which some issuers add. They are ignored.
    #[serde(rename = "x5t")]
    _x5t: Option<IgnoredAny>,
    #[serde(rename = "x5t#S256")]
    _x5t_s256: Option<IgnoredAny>,
}

impl<'t> Unverified<'t> {
    /// Reads the header of a text.
    pub(crate) fn read(text: &'t str) -> Option<Unverified<'t>> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let head: Head = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
        Some(Unverified { head, signed, claims, signature })
    }

    /// The key id in the header.
    pub(crate) fn kid(&self) -> &str {
        &self.head.kid
    }

    /// The type in the header; empty if absent.
    pub(crate) fn typ(&self) -> &str {
        self.head.typ.as_deref().unwrap_or_default()
    }

    /// The claims, if this key signed the text with its algorithm.
    pub(crate) fn claims<T: DeserializeOwned>(&self, key: &PublicKey) -> Option<T> {
        let ours = self.head.kid == key.kid && self.head.alg == key.kind.algorithm_name();
        let vouched = ours && verify(self.signature, self.signed.as_bytes(), &key.verifying, key.kind.algorithm()).unwrap_or(false);
        if vouched { self.unproven() } else { None }
    }

    /// The claims before verification; only to find the right keys.
    pub(crate) fn unproven<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(self.claims).ok()?).ok()
    }
}

/// The `aud` claim: one text or a list (RFC 7519 §4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// A single audience.
    One(String),
    /// A list of audiences.
    Some(Vec<String>),
}

impl Audience {
    /// All audiences.
    pub(crate) fn members(&self) -> &[String] {
        match self {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Some(some) => some,
        }
    }
}

/// True if the text is valid now and lives no longer than `longest` seconds. Its life starts at `iat`, or at `nbf` if present, and ends at
/// `exp`.
pub(crate) fn is_good(now: i64, [iat, nbf, exp]: [i64; 3], longest: i64) -> bool {
    exp > now && iat.max(nbf) <= now.saturating_add(LEEWAY) && exp.saturating_sub(iat) <= longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_good_between_its_times_and_only_if_they_are_near() {
        let now = 1_000_000;
        for (times, good, why) in [
            ([now, now, now + 900], true, "fresh"),
            ([now - 899, now - 899, now + 1], true, "its last second"),
            ([now - 900, now - 900, now], false, "over"),
            ([now + 10, now + 10, now + 900], true, "clocks differ by ten seconds"),
            ([now + 11, now, now + 900], false, "issued in the future"),
            ([now, now + 11, now + 900], false, "not yet good"),
            ([now, now, now + 901], false, "longer than any"),
            ([i64::MIN, now, i64::MAX], false, "for ever"),
            ([now, i64::MAX, now + 900], false, "good at the end of days"),
        ] {
            assert_eq!(is_good(now, times, 900), good, "{why}");
        }
    }
}
