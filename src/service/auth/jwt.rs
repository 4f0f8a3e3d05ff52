//! Signed texts (JWS compact serialization, RFC 7515): reading their head, and what they say once a key vouches for it.
//! Whether what they say is good now is for those who asked.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::jwk::{PublicKey, name};

/// Texts longer than this are refused unread.
const LONGEST: usize = 8192;

/// Seconds that clocks of instances, of clients and of issuers may differ.
pub(crate) const LEEWAY: i64 = 5;

/// A signed text that nobody has vouched for yet.
pub(crate) struct Unverified<'t> {
    head: Head,
    signed: &'t str,
    claims: &'t str,
    signature: &'t str,
}

/// All that a head may say. Anything else is either a demand (`crit`, `b64`, `zip`) or somebody's own idea of a key (`jwk`, `jku`,
/// `x5c`, `x5u`), and none of that is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    kid: String,
    typ: Option<String>,
    /// Fingerprints of certificates, which some issuers add and nobody here reads.
    #[serde(rename = "x5t")]
    _x5t: Option<IgnoredAny>,
    #[serde(rename = "x5t#S256")]
    _x5t_s256: Option<IgnoredAny>,
}

impl<'t> Unverified<'t> {
    /// Reads the head of a text.
    pub(crate) fn read(text: &'t str) -> Option<Unverified<'t>> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let head: Head = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
        Some(Unverified { head, signed, claims, signature })
    }

    /// The id of the key that is said to have signed it.
    pub(crate) fn kid(&self) -> &str {
        &self.head.kid
    }

    /// What it is said to be; empty where it does not say.
    pub(crate) fn typ(&self) -> &str {
        self.head.typ.as_deref().unwrap_or_default()
    }

    /// What it says, if this key has signed it, with the one algorithm that the key is for.
    pub(crate) fn claims<T: DeserializeOwned>(&self, key: &PublicKey) -> Option<T> {
        let ours = self.head.kid == key.kid && self.head.alg == name(key.alg);
        let vouched = ours && verify(self.signature, self.signed.as_bytes(), &key.verifying, key.alg).unwrap_or(false);
        if vouched { self.unproven() } else { None }
    }

    /// What it says, though nobody has vouched for it: only to find out whose keys could.
    pub(crate) fn unproven<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(self.claims).ok()?).ok()
    }
}

/// Whether something that lasts from `iat`, or from `nbf` where that is said, until `exp` is good now, and lasts no longer than
/// `longest` seconds.
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
            ([now + 5, now + 5, now + 900], true, "clocks differ by five seconds"),
            ([now + 6, now, now + 900], false, "issued in the future"),
            ([now, now + 6, now + 900], false, "not yet good"),
            ([now, now, now + 901], false, "longer than any"),
            ([i64::MIN, now, i64::MAX], false, "for ever"),
            ([now, i64::MAX, now + 900], false, "good at the end of days"),
        ] {
            assert_eq!(is_good(now, times, 900), good, "{why}");
        }
    }
}
