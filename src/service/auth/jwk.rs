//! Public keys of clients and of a trusted issuer as JSON Web Keys (RFC 7517).
//! The key fixes the algorithm, never the signed text (RFC 8725 §3.1).

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value, json};

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::domain::text::{self, did_you_mean};

/// Maximum number of keys in a set: one in use, one for rotation, and some spare.
pub const MOST_KEYS: usize = 5;

/// The accepted members of a key (RFC 7517 §4, RFC 7518 §6.2, RFC 8037 §2).
const MEMBERS: [&str; 7] = ["kty", "crv", "x", "y", "kid", "use", "alg"];

/// Members of private and symmetric keys only (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Longest `kid` of an issuer in bytes.
const LONGEST_KID: usize = 200;

/// The accepted kinds of keys, each with its only algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `EdDSA` (RFC 8037).
    Ed25519,
    /// `ES256` (RFC 7518 §3.4).
    P256,
    /// `RS256` (RFC 7518 §3.3), for issuers only.
    Rsa,
}

impl KeyKind {
    /// The algorithm.
    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            KeyKind::Ed25519 => Algorithm::EdDSA,
            KeyKind::P256 => Algorithm::ES256,
            KeyKind::Rsa => Algorithm::RS256,
        }
    }

    /// The name of the algorithm in signatures.
    pub(crate) fn algorithm_name(self) -> &'static str {
        self.algorithm_names()[0]
    }

    /// The names of the algorithm in keys. Ed25519 has its own algorithm name since RFC 9864.
    fn algorithm_names(self) -> &'static [&'static str] {
        match self {
            KeyKind::Ed25519 => &["EdDSA", "Ed25519"],
            KeyKind::P256 => &["ES256"],
            KeyKind::Rsa => &["RS256"],
        }
    }

    /// The key type and the curve; RSA has no curve.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            KeyKind::Ed25519 => ("OKP", "Ed25519"),
            KeyKind::P256 => ("EC", "P-256"),
            KeyKind::Rsa => ("RSA", ""),
        }
    }
}

/// A key for verifying signatures.
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// The key id in signatures.
    pub kid: String,
    /// The kind. It fixes the algorithm.
    pub kind: KeyKind,
    /// The coordinates of the public point in base64url: `x`, and `y` on P-256.
    point: Vec<String>,
    pub(crate) verifying: DecodingKey,
}

/// The owner of a key, who decides how strictly it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A client. It gets all faults: only Ed25519 and P-256 are accepted, and no unknown members.
    Client,
    /// An issuer. RSA of 2048 to 8192 bits is accepted too, and unknown members are ignored.
    Issuer,
}

impl PublicKey {
    /// The key of a point: 32 bytes on Ed25519, an uncompressed point (SEC 1 §2.3.3) on P-256.
    pub(crate) fn of_point(kid: &str, key_kind: KeyKind, point: &[u8]) -> PublicKey {
        let (coordinates, verifying) = match key_kind {
            KeyKind::P256 => (point.get(1..).unwrap_or_default(), DecodingKey::from_ec_der(point)),
            KeyKind::Ed25519 | KeyKind::Rsa => (point, DecodingKey::from_ed_der(point)),
        };
        let point = coordinates.chunks(32).map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate)).collect();
        PublicKey { kid: kid.to_owned(), kind: key_kind, point, verifying }
    }

    /// Reads a key of an issuer; nothing where it cannot be used here.
    pub(crate) fn of_issuer(jwk: &Value) -> Option<PublicKey> {
        let mut faults = Vec::new();
        read_key(jwk, "", Owner::Issuer, &mut faults).filter(|_| faults.is_empty())
    }

    /// The key as a JWK, with more members before and after its coordinates.
    pub(crate) fn to_jwk(&self, before: &[(&str, &str)], after: &[(&str, &str)]) -> Value {
        let (kty, crv) = self.kind.words();
        let point = ["x", "y"].into_iter().zip(self.point.iter().map(String::as_str));
        let members = [("kty", kty), ("crv", crv)].into_iter().chain(before.iter().copied()).chain(point).chain(after.iter().copied());
        members.map(|(name, text)| (name.to_owned(), Value::from(text))).collect::<Map<_, _>>().into()
    }
}

/// One to five public keys of a client, each with an id of its own.
#[derive(Debug, Clone)]
pub struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// Reads a set; `at` is its pointer in the request. `jsonwebtoken::jwk` stops at the first fault and does not check points.
    ///
    /// # Errors
    /// All errors with their pointers: not a set of 1 to 5 keys; a key of another type, off its curve or with a private part; a `kid`
    /// that is missing or repeated.
    pub fn read(value: &Value, at: &str) -> Result<KeySet, Vec<LocatedFault>> {
        let mut faults = Vec::new();
        let keys = read_set(value, at, &mut faults);
        keys.filter(|_| faults.is_empty()).map(KeySet).ok_or(faults)
    }

    /// Reads a set written by [`KeySet::to_text`]; `None` for any other text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<KeySet> {
        KeySet::read(&serde_json::from_str(text).ok()?, "").ok()
    }

    /// The set as JSON, with only the members for verification.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let keys: Vec<Value> = self.0.iter().map(|key| key.to_jwk(&[("kid", &key.kid)], &[])).collect();
        json!({"keys": keys})
    }

    /// The set as JSON text, as it is stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_json().to_string()
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.0
    }
}

fn read_set(value: &Value, at: &str, faults: &mut Vec<LocatedFault>) -> Option<Vec<PublicKey>> {
    let set = object(value, at, faults)?;
    refuse_others(set, at, &["keys"], faults);
    let pointer = format!("{at}/keys");
    let keys = match set.get("keys") {
        Some(Value::Array(keys)) => keys,
        Some(_) => return note(faults, &pointer, Code::WrongType, message!(en: "a list of keys is needed", vi: "cần danh sách khóa")),
        None => return note(faults, &pointer, Code::MissingField, message!(en: "`keys` is needed", vi: "thiếu `keys`")),
    };
    if keys.is_empty() || keys.len() > MOST_KEYS {
        return note(
            faults,
            &pointer,
            Code::BatchSize,
            message!(
                en: "a set has 1 to {MOST_KEYS} keys, this one {}",
                vi: "một bộ có 1 đến {MOST_KEYS} khóa, bộ này có {}", keys.len()
            ),
        );
    }
    let mut read: Vec<PublicKey> = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let at = format!("{pointer}/{place}");
        let Some(key) = read_key(key, &at, Owner::Client, faults) else { continue };
        if read.iter().any(|other| other.kid == key.kid) {
            note::<()>(
                faults,
                &format!("{at}/kid"),
                Code::InvalidValue,
                message!(
                    en: "another key of the set is called `{}`",
                    vi: "đã có khóa khác trong bộ tên là `{}`", key.kid
                ),
            );
        }
        read.push(key);
    }
    Some(read)
}

fn read_key(value: &Value, at: &str, owner: Owner, faults: &mut Vec<LocatedFault>) -> Option<PublicKey> {
    let key = object(value, at, faults)?;
    for name in PRIVATE.into_iter().filter(|name| key.contains_key(*name)) {
        let message = message!(
            en: "`{name}` is the private part of a key: it is not secret any more; make another and send its public part only",
            vi: "`{name}` là phần riêng của khóa: phần này không còn bí mật; hãy tạo khóa khác và chỉ gửi phần công khai"
        );
        note::<()>(faults, &format!("{at}/{name}"), Code::InvalidValue, message);
    }
    if owner == Owner::Client {
        refuse_others(key, at, &MEMBERS, faults);
    }
    let [kty, crv, x, y, kid, usage, alg] = MEMBERS.map(|name| member(key, at, name, faults));
    let kid = needed(kid, at, "kid", faults).and_then(|kid| match (owner, text::clean(kid, 100)) {
        (Owner::Client, Ok(kid)) => Some(kid),
        (Owner::Client, Err(Fault { code, message, .. })) => note(faults, &format!("{at}/kid"), code, message),
        (Owner::Issuer, _) => Some(kid.to_owned()).filter(|kid| (1..=LONGEST_KID).contains(&kid.len())),
    });
    if let Ok(Some(other)) = usage
        && other != "sig"
    {
        refuse_word::<()>(faults, &format!("{at}/use"), other, &["sig"]);
    }
    let kty = needed(kty, at, "kty", faults);
    let key_kind = if kty == Some("RSA") && owner == Owner::Issuer {
        KeyKind::Rsa
    } else {
        let crv = needed(crv, at, "crv", faults);
        match (kty?, crv?) {
            ("OKP", "Ed25519") => KeyKind::Ed25519,
            ("EC", "P-256") => KeyKind::P256,
            ("OKP", other) => return refuse_word(faults, &format!("{at}/crv"), other, &["Ed25519"]),
            ("EC", other) => return refuse_word(faults, &format!("{at}/crv"), other, &["P-256"]),
            (other, _) => return refuse_word(faults, &format!("{at}/kty"), other, &["OKP", "EC"]),
        }
    };
    if let Ok(Some(other)) = alg
        && !key_kind.algorithm_names().contains(&other)
    {
        refuse_word::<()>(faults, &format!("{at}/alg"), other, key_kind.algorithm_names());
    }
    let (point, parsed) = match key_kind {
        KeyKind::Rsa => return Some(PublicKey { kid: kid?, kind: key_kind, point: Vec::new(), verifying: rsa(key)? }),
        KeyKind::Ed25519 => {
            let x = needed(x, at, "x", faults).and_then(|x| coordinate(x, at, "x", faults));
            if owner == Owner::Client && matches!(y, Ok(Some(_))) {
                return note(
                    faults,
                    &format!("{at}/y"),
                    Code::InvalidValue,
                    message!(
                        en: "a key on Ed25519 has no `y`",
                        vi: "khóa Ed25519 không có `y`"
                    ),
                );
            }
            let x = x?;
            (x.clone(), ParsedPublicKey::new(&ED25519, x))
        }
        KeyKind::P256 => {
            let x = needed(x, at, "x", faults).and_then(|x| coordinate(x, at, "x", faults));
            let y = needed(y, at, "y", faults).and_then(|y| coordinate(y, at, "y", faults));
            // An uncompressed point (SEC 1 §2.3.3).
            let point = [vec![4], x?, y?].concat();
            (point.clone(), ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point))
        }
    };
    match parsed {
        Err(_) => note(
            faults,
            &format!("{at}/x"),
            Code::InvalidValue,
            message!(
                en: "this is no point of {}",
                vi: "đây không phải là điểm của {}", key_kind.words().1
            ),
        ),
        Ok(_) => Some(PublicKey::of_point(&kid?, key_kind, &point)),
    }
}

/// An RSA key of 2048 to 8192 bits.
fn rsa(key: &Map<String, Value>) -> Option<DecodingKey> {
    let number = |member: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(key.get(member)?.as_str()?).ok()?;
        bytes.first().is_some_and(|first| *first != 0).then_some(bytes)
    };
    let modulus = number("n").filter(|n| (256..=1024).contains(&n.len()))?;
    Some(DecodingKey::from_rsa_raw_components(&modulus, &number("e")?))
}

/// The 32 bytes of a coordinate.
fn coordinate(text: &str, at: &str, name: &str, faults: &mut Vec<LocatedFault>) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
    bytes.or_else(|| {
        note(
            faults,
            &format!("{at}/{name}"),
            Code::InvalidValue,
            message!(
                en: "32 bytes in base64url without padding are needed",
                vi: "cần 32 byte dạng base64url không có ký tự đệm"
            ),
        )
    })
}

fn object<'v>(value: &'v Value, at: &str, faults: &mut Vec<LocatedFault>) -> Option<&'v Map<String, Value>> {
    value.as_object().or_else(|| note(faults, at, Code::WrongType, message!(en: "an object is needed", vi: "cần một đối tượng")))
}

/// A text member; `None` if it is absent. Any other type is recorded as an error.
fn member<'v>(key: &'v Map<String, Value>, at: &str, name: &str, faults: &mut Vec<LocatedFault>) -> Result<Option<&'v str>, ()> {
    match key.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => note(
            faults,
            &format!("{at}/{name}"),
            Code::WrongType,
            message!(
                en: "a string is needed",
                vi: "cần chuỗi ký tự"
            ),
        )
        .ok_or(()),
    }
}

fn needed<'v>(given: Result<Option<&'v str>, ()>, at: &str, name: &str, faults: &mut Vec<LocatedFault>) -> Option<&'v str> {
    given.ok()?.or_else(|| {
        note(
            faults,
            &format!("{at}/{name}"),
            Code::MissingField,
            message!(
                en: "`{name}` is needed",
                vi: "thiếu `{name}`"
            ),
        )
    })
}

fn refuse_others(object: &Map<String, Value>, at: &str, known: &[&str], faults: &mut Vec<LocatedFault>) {
    let others = object.keys().filter(|name| !known.contains(&name.as_str()) && !PRIVATE.contains(&name.as_str()));
    // The limit keeps the answer small: a request could contain thousands of unknown names.
    for name in others.take(100) {
        let shown: String = name.chars().take(60).collect();
        let offered = did_you_mean(name, known.iter().copied());
        let message = message!(en: "there is no field `{shown}` here{offered}", vi: "ở đây không có trường `{shown}`{offered}"; offered);
        let fault = Fault::new(Code::UnknownField, message).allowing(known.iter().copied());
        let name = name.replace('~', "~0").replace('/', "~1");
        faults.push(fault.at(Location::Pointer(format!("{at}/{name}"))));
    }
}

fn refuse_word<T>(faults: &mut Vec<LocatedFault>, at: &str, word: &str, allowed: &[&str]) -> Option<T> {
    let shown: String = word.chars().take(60).collect();
    let fault = Fault::new(
        Code::InvalidValue,
        message!(
            en: "`{shown}` is not accepted here",
            vi: "ở đây không nhận `{shown}`"
        ),
    )
    .allowing(allowed.iter().copied());
    faults.push(fault.at(Location::Pointer(at.to_owned())));
    None
}

fn note<T>(faults: &mut Vec<LocatedFault>, at: &str, code: Code, message: Message) -> Option<T> {
    faults.push(Fault::new(code, message).at(Location::Pointer(at.to_owned())));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The public key of RFC 8037 A.2.
    const ED: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    /// The public key of RFC 7517 A.1.
    const EC: [&str; 2] = ["MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"];

    fn ed() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": ED, "kid": "a"})
    }

    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": EC[0], "y": EC[1], "kid": "b", "use": "sig", "alg": "ES256"})
    }

    #[test]
    fn keys_of_both_curves_are_read_and_written_down() {
        let set = KeySet::read(&json!({"keys": [ed(), ec()]}), "/jwks").expect("two good keys");

        let read: Vec<(&str, KeyKind, usize)> = set.keys().iter().map(|key| (key.kid.as_str(), key.kind, key.point.len())).collect();
        assert_eq!(read, [("a", KeyKind::Ed25519, 1), ("b", KeyKind::P256, 2)]);
        let written: Value = serde_json::from_str(&set.to_text()).expect("JSON");
        assert_eq!(written["keys"][0], ed());
        assert_eq!(written["keys"][1], json!({"kty": "EC", "crv": "P-256", "x": EC[0], "y": EC[1], "kid": "b"}));
        assert_eq!(KeySet::from_text(&set.to_text()).map(|set| set.to_text()), Some(set.to_text()));
    }

    #[test]
    fn what_is_no_public_key_of_ours_is_refused_at_its_place() {
        let with = |mut key: Value, name: &str, value: Value| {
            key[name] = value;
            json!({"keys": [key]})
        };
        let without = |mut key: Value, name: &str| {
            key.as_object_mut().expect("an object").remove(name);
            json!({"keys": [key]})
        };
        for (set, place, code, why) in [
            (json!([]), "", Code::WrongType, "no object"),
            (json!({}), "/keys", Code::MissingField, "no keys"),
            (json!({"keys": {}}), "/keys", Code::WrongType, "no list"),
            (json!({"keys": []}), "/keys", Code::BatchSize, "an empty list"),
            (json!({"keys": vec![ed(); 6]}), "/keys", Code::BatchSize, "six"),
            (json!({"keys": [1]}), "/keys/0", Code::WrongType, "a key that is no object"),
            (json!({"keys": [ed()], "url": "https://x"}), "/url", Code::UnknownField, "a set that names where it came from"),
            (json!({"keys": [ed(), ed()]}), "/keys/1/kid", Code::InvalidValue, "one id for two keys"),
            (with(ed(), "d", json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")), "/keys/0/d", Code::InvalidValue, "a private key"),
            (with(ec(), "d", json!("x")), "/keys/0/d", Code::InvalidValue, "a private key on P-256"),
            (json!({"keys": [{"kty": "oct", "k": "AyM1", "kid": "a"}]}), "/keys/0/k", Code::InvalidValue, "a shared secret"),
            (with(ed(), "kty", json!("RSA")), "/keys/0/kty", Code::InvalidValue, "another kind"),
            (with(ed(), "crv", json!("X25519")), "/keys/0/crv", Code::InvalidValue, "a curve that signs nothing"),
            (with(ec(), "crv", json!("P-384")), "/keys/0/crv", Code::InvalidValue, "another curve"),
            (with(ed(), "alg", json!("ES256")), "/keys/0/alg", Code::InvalidValue, "the algorithm of the other curve"),
            (with(ec(), "alg", json!("HS256")), "/keys/0/alg", Code::InvalidValue, "an algorithm with shared secrets"),
            (with(ed(), "use", json!("enc")), "/keys/0/use", Code::InvalidValue, "a key to encrypt with"),
            (with(ed(), "x5u", json!("https://x")), "/keys/0/x5u", Code::UnknownField, "a certificate from somewhere"),
            (with(ed(), "a/b~", json!(1)), "/keys/0/a~1b~0", Code::UnknownField, "a name that is escaped in pointers"),
            (without(ed(), "kid"), "/keys/0/kid", Code::MissingField, "no id"),
            (with(ed(), "kid", json!(5)), "/keys/0/kid", Code::WrongType, "an id that is a number"),
            (with(ed(), "kid", json!("")), "/keys/0/kid", Code::InvalidText, "an empty id"),
            (with(ed(), "kid", json!("a\nb")), "/keys/0/kid", Code::InvalidText, "an id of two lines"),
            (without(ed(), "x"), "/keys/0/x", Code::MissingField, "no point"),
            (without(ec(), "y"), "/keys/0/y", Code::MissingField, "half a point"),
            (with(ed(), "y", json!(EC[1])), "/keys/0/y", Code::InvalidValue, "half a point too much"),
            (with(ed(), "x", json!(&ED[..42])), "/keys/0/x", Code::InvalidValue, "too short"),
            (with(ed(), "x", json!(format!("{ED}="))), "/keys/0/x", Code::InvalidValue, "padding"),
            (with(ec(), "y", json!(EC[0])), "/keys/0/x", Code::InvalidValue, "a point beside the curve"),
        ] {
            let faults = KeySet::read(&set, "").expect_err(why);
            let found: Vec<(String, Code)> = faults.iter().map(|located| (located.place.to_string(), located.fault.code)).collect();
            assert!(found.contains(&(place.to_owned(), code)), "{why}: {found:?}");
        }
    }

    #[test]
    fn every_fault_of_every_key_is_named() {
        let set = json!({"keys": [{"kty": "RSA", "crv": "P-256", "use": "enc", "no": 1}, {"kid": true}, 5]});

        let faults = KeySet::read(&set, "/jwks").expect_err("nothing is right");

        let places: Vec<String> = faults.iter().map(|located| located.place.to_string().replace("/jwks/keys", "")).collect();
        assert_eq!(places, ["/0/no", "/0/kid", "/0/use", "/0/kty", "/1/kid", "/1/kty", "/1/crv", "/2"]);
    }

    #[test]
    fn an_rsa_key_is_taken_of_issuers_only_and_from_2048_bits() {
        let key = |bytes: usize| {
            let n = BASE64_URL_SAFE_NO_PAD.encode(vec![0xC1; bytes]);
            json!({"kty": "RSA", "n": n, "e": "AQAB", "kid": "a"})
        };
        let of = |bytes: usize| PublicKey::of_issuer(&key(bytes)).map(|key| key.kind);
        assert_eq!([of(128), of(255), of(256), of(1024), of(1025)], [None, None, Some(KeyKind::Rsa), Some(KeyKind::Rsa), None]);
        assert!(KeySet::read(&json!({"keys": [key(256)]}), "").is_err());
    }
}
