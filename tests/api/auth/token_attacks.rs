//! Every way to get past the check of a token that is known for JWTs (RFC 8725 and what befell others): all are refused, and told the same.
//! Most are signed with the very key of the service, so that nothing but the one thing that is wrong can be what is refused.

use std::collections::BTreeSet;

use actix_web::http::Method;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chitieu::clock::Clock;
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients;
use serde_json::{Value, json};

use crate::support::app::ISSUER;
use crate::support::jwt::{Signer, base64, claims_of, with};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    no_attack_gets_through_and_none_is_told_why,
    every_call_that_needs_a_token_refuses_a_forged_one,
    a_client_that_lost_its_standing_loses_its_tokens,
    a_scope_that_was_taken_away_is_gone_from_the_token,
    a_token_elsewhere_than_in_the_header_is_not_seen,
    two_headers_are_none,
}

async fn no_attack_gets_through_and_none_is_told_why(app: TestApp) {
    let forge = Forge::new(&app);
    let reference = without_names(&User::new(app.address, Some("x".into())).get(READ).await);
    let attacks = forge.attacks();
    let names: BTreeSet<&str> = attacks.iter().map(|(name, _)| *name).collect();
    assert!(names.len() == attacks.len() && names.len() >= 45, "{} attacks, each with a name of its own", names.len());

    for (name, token) in attacks {
        let user = User::new(app.address, Some(token));
        for answer in [user.post("/v1/submissions", &figure()).await, user.get(READ).await] {
            refused(&answer, name);
            assert_eq!(without_names(&answer), reference, "{name}: not a word of what is wrong with it");
        }
    }

    let series = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"], json!([]), "nothing was recorded");
    let good = User::new(app.address, Some(forge.signer.sign_as(&forge.head, &forge.claims)));
    good.get(READ).await.expect(200);
    good.get("/v1/submissions").await.expect(200);
}

async fn every_call_that_needs_a_token_refuses_a_forged_one(app: TestApp) {
    let forge = Forge::new(&app);
    let unsigned = format!(
        "{}.{}.",
        base64(with(&forge.head, "alg", json!("none")).to_string().as_bytes()),
        base64(forge.claims.to_string().as_bytes())
    );
    let expired = forge.claim("exp", json!(app.clock.now().timestamp()));
    let elsewhere = Signer::ed25519(&forge.signer.kid).sign_as(&forge.head, &forge.claims);
    let document: Value = serde_json::from_str(&chitieu::app::openapi()).unwrap();
    let mut tried = 0;

    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, about) in item.as_object().unwrap() {
            let ways = about["security"].as_array().map_or(&[][..], Vec::as_slice);
            if ways.is_empty() || ways.contains(&json!({})) {
                continue;
            }
            let mut path = path.clone();
            for parameter in about["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "path") {
                path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), "x");
            }
            let kind = about["requestBody"]["content"].as_object().and_then(|content| content.keys().next());
            let headers: Vec<(&str, &str)> = kind.iter().map(|kind| ("content-type", kind.as_str())).collect();
            for (token, why) in [(&unsigned, "unsigned"), (&expired, "expired"), (&elsewhere, "signed by somebody else")] {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let user = User::new(app.address, Some(token.clone()));
                let answer = user.send(method, &path, &headers, kind.map_or_else(Vec::new, |_| b"{}".to_vec())).await;
                refused(&answer, why);
                tried += 1;
            }
        }
    }

    assert!(tried >= 45, "{tried} calls were tried");
}

async fn a_client_that_lost_its_standing_loses_its_tokens(app: TestApp) {
    let forge = Forge::new(&app);
    let user = User::new(app.address, Some(forge.signer.sign_as(&forge.head, &forge.claims)));
    user.get("/v1/submissions").await.expect(200);

    clients::disable(&app.state.context.db, forge.claims["sub"].as_str().unwrap(), app.clock.now()).unwrap();

    refused(&user.get("/v1/submissions").await, "disabled");
    refused(&user.post("/v1/submissions", &figure()).await, "disabled");
}

async fn a_scope_that_was_taken_away_is_gone_from_the_token(app: TestApp) {
    let forge = Forge::new(&app);

    let more = User::new(app.address, Some(forge.claim("scope", json!("submit catalogue admin"))));

    more.get("/v1/submissions").await.expect(200);
    let answer = more.get("/v1/organisations").await;
    assert_eq!(answer.fault(403), ("scope_missing".into(), String::new()), "the client never had it, or has it no more");
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"chitieu\", error=\"insufficient_scope\", scope=\"admin\"");
}

async fn a_token_elsewhere_than_in_the_header_is_not_seen(app: TestApp) {
    let forge = Forge::new(&app);
    let good = forge.signer.sign_as(&forge.head, &forge.claims);
    let form = format!("access_token={good}").into_bytes();
    let kind = ("content-type", "application/x-www-form-urlencoded");

    for (answer, why) in [
        (app.anyone().get(&format!("/v1/submissions?access_token={good}")).await, "in the query"),
        (app.anyone().send(Method::GET, "/v1/submissions", &[("cookie", &format!("access_token={good}"))], vec![]).await, "in a cookie"),
        (app.anyone().send(Method::GET, "/v1/submissions", &[("x-access-token", &good)], vec![]).await, "in a header of another name"),
        (app.anyone().send(Method::GET, "/v1/submissions", &[kind], form).await, "in a form"),
    ] {
        assert_eq!(answer.fault(401), ("token_missing".into(), String::new()), "{why}");
        assert!(!answer.text().contains(&good), "{why}: {}", answer.text());
    }
}

async fn two_headers_are_none(app: TestApp) {
    let forge = Forge::new(&app);
    let good = format!("Bearer {}", forge.signer.sign_as(&forge.head, &forge.claims));

    for (first, second, why) in [
        (good.as_str(), "Bearer x", "a good token first"),
        ("Bearer x", good.as_str(), "a good token last"),
        (good.as_str(), good.as_str(), "the same twice"),
        (good.as_str(), "Basic YTpi", "another scheme as well"),
    ] {
        for path in ["/v1/submissions", READ] {
            let client = awc::Client::default().get(format!("http://{}{path}", app.address));
            let sent = client.append_header(("authorization", first)).append_header(("authorization", second)).send();
            let answer = sent.await.unwrap();
            assert_eq!(answer.status(), 401, "{path}: {why}");
            assert_eq!(answer.headers().get("www-authenticate").unwrap(), CHALLENGE, "{path}: {why}");
        }
    }
}

/// A read that anyone may do without a token.
const READ: &str = "/v1/indicators?limit=1";

const CHALLENGE: &str = "Bearer realm=\"chitieu\", error=\"invalid_token\"";

/// Somebody who can sign with the key of the service.
struct Forge {
    signer: Signer,
    head: Value,
    claims: Value,
    now: i64,
    other_client: String,
    disabled_client: String,
}

impl Forge {
    fn new(app: &TestApp) -> Forge {
        let signer = Signer::all_of(app).remove(0);
        let register = || app.register(&[Scope::Submit], &[]).0.id;
        let (client, other_client, disabled_client) = (register(), register(), register());
        clients::disable(&app.state.context.db, &disabled_client, app.clock.now()).unwrap();
        let head = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": signer.kid});
        Forge { head, claims: claims_of(app, &client), now: app.clock.now().timestamp(), signer, other_client, disabled_client }
    }

    /// Truly signed, with another head.
    fn head(&self, member: &str, value: Value) -> String {
        self.signer.sign_as(&with(&self.head, member, value), &self.claims)
    }

    /// Truly signed, with other claims.
    fn claim(&self, member: &str, value: Value) -> String {
        self.signer.sign_as(&self.head, &with(&self.claims, member, value))
    }

    /// Signed with a shared secret in place of a key pair.
    fn hmac(&self, secret: &[u8], alg: &str) -> String {
        let head = with(&self.head, "alg", json!(alg));
        let message = format!("{}.{}", base64(head.to_string().as_bytes()), base64(self.claims.to_string().as_bytes()));
        let algorithm = if alg == "HS512" { hmac::HMAC_SHA512 } else { hmac::HMAC_SHA256 };
        let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
        format!("{message}.{}", base64(tag.as_ref()))
    }

    fn attacks(&self) -> Vec<(&'static str, String)> {
        let good = self.signer.sign_as(&self.head, &self.claims);
        let pieces: Vec<&str> = good.split('.').collect();
        let [head, claims, signature] = pieces[..] else { panic!("{good}") };
        [self.on_the_key(claims), self.on_the_claims(), self.on_the_form(&good, head, claims, signature)].concat()
    }

    /// Another algorithm, another key, or a head that leads to one.
    #[rustfmt::skip]
    fn on_the_key(&self, claims: &str) -> Vec<(&'static str, String)> {
        let unsigned = |alg: &str| format!("{}.{claims}.", base64(with(&self.head, "alg", json!(alg)).to_string().as_bytes()));
        let kid = &self.signer.kid;
        let (mallory, mallory_p256, mallory_rsa) = (Signer::ed25519(kid), Signer::p256(kid), Signer::rsa(kid));
        let jwk = self.signer.jwk();
        let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
        let (head_text, claims_text) = (self.head.to_string(), self.claims.to_string());
        let raw = |head: &str| self.signer.seal(head, &claims_text);
        let not_encoded = with(&with(&self.head, "b64", json!(false)), "crit", json!(["b64"]));
        vec![
            ("no algorithm",                               unsigned("none")),
            ("no algorithm, in other capitals",            unsigned("nOnE")),
            ("no algorithm, in capitals",                  unsigned("NONE")),
            ("no algorithm, and a signature all the same", self.head("alg", json!("none"))),
            ("no algorithm and no key",                    format!("{}.{claims}.", base64(br#"{"alg":"none","typ":"at+jwt"}"#))),
            ("the algorithm left out",                     self.head("alg", Value::Null)),
            ("the algorithm is null",                      raw(&head_text.replace("\"EdDSA\"", "null"))),
            ("the algorithm is a list",                    self.head("alg", json!(["EdDSA"]))),
            ("the algorithm in small letters",             self.head("alg", json!("eddsa"))),
            ("the algorithm twice",                        raw(&twice(&head_text, r#""alg":"none""#))),
            ("the public key as a shared secret",          self.hmac(&public, "HS256")),
            ("the public key as text as a shared secret",  self.hmac(jwk["x"].as_str().unwrap().as_bytes(), "HS256")),
            ("the JWK as a shared secret",                 self.hmac(jwk.to_string().as_bytes(), "HS256")),
            ("the public key as a longer shared secret",   self.hmac(&public, "HS512")),
            ("an empty shared secret",                     self.hmac(b"", "HS256")),
            ("a byte as a shared secret",                  self.hmac(b"\0", "HS256")),
            ("ES256 for an EdDSA signature",               self.head("alg", json!("ES256"))),
            ("ES256 with another's key and our kid",       mallory_p256.sign("at+jwt", &self.claims)),
            ("RS256 with another's key and our kid",       mallory_rsa.sign("at+jwt", &self.claims)),
            ("EdDSA with another's key and our kid",       mallory.sign("at+jwt", &self.claims)),
            ("RS256 for an EdDSA signature",               self.head("alg", json!("RS256"))),
            ("PS256 for an EdDSA signature",               self.head("alg", json!("PS256"))),
            ("the type left out",                          self.head("typ", Value::Null)),
            ("the type of any JWT",                        self.head("typ", json!("JWT"))),
            ("the type of a logout token",                 self.head("typ", json!("logout+jwt"))),
            ("the type of an assertion",                   self.head("typ", json!("client-authentication+jwt"))),
            ("the type is a number",                       self.head("typ", json!(1))),
            ("no key named",                               self.head("kid", Value::Null)),
            ("an empty key id",                            self.head("kid", json!(""))),
            ("a path for a key",                           self.head("kid", json!("../../dev/null"))),
            ("a file URL for a key",                       self.head("kid", json!("file:///dev/null"))),
            ("SQL for a key",                              self.head("kid", json!("x' UNION SELECT 'AAAA' --"))),
            ("a command for a key",                        self.head("kid", json!("key; sleep 10"))),
            ("a NUL in the key id",                        self.head("kid", json!(format!("{}\0", self.signer.kid)))),
            ("ten kilobytes of key id",                    self.head("kid", json!("k".repeat(10_000)))),
            ("a key id that is a list",                    self.head("kid", json!([self.signer.kid]))),
            ("a key that nobody has",                      self.head("kid", json!("01920000-0000-7000-8000-000000000000"))),
            ("keys from elsewhere",                        self.head("jku", json!("https://example.org/jwks.json"))),
            ("a certificate from elsewhere",               self.head("x5u", json!("https://example.org/cert.pem"))),
            ("a certificate of its own",                   self.head("x5c", json!(["MIIB"]))),
            ("a key of its own",                           self.head("jwk", jwk.clone())),
            ("a key of its own that fits",                 mallory.sign_as(&with(&self.head, "jwk", mallory.jwk()), &self.claims)),
            ("a critical extension",                       self.head("crit", json!(["exp"]))),
            ("an unknown critical extension",              self.head("crit", json!(["https://example.org/x"]))),
            ("no critical extension",                      self.head("crit", json!([]))),
            ("a payload that is not encoded",              self.signer.sign_as(&not_encoded, &self.claims)),
            ("b64 without crit",                           self.head("b64", json!(false))),
            ("a payload that is packed",                   self.head("zip", json!("DEF"))),
            ("a content type",                             self.head("cty", json!("JWT"))),
            ("a head that is a list",                      raw("[]")),
            ("a head that is no JSON",                     raw("alg")),
        ]
    }

    /// Claims that are not those of a token that is good now.
    #[rustfmt::skip]
    fn on_the_claims(&self) -> Vec<(&'static str, String)> {
        let now = self.now;
        let (head_text, claims_text) = (self.head.to_string(), self.claims.to_string());
        let raw = |claims: &str| self.signer.seal(&head_text, claims);
        let ends = |end: &str| raw(&claims_text.replace(&format!("\"exp\":{}", now + 900), &format!("\"exp\":{end}")));
        let of = |client: &str| with(&with(&self.claims, "sub", json!(client)), "client_id", json!(client));
        let about = |client: &str| self.signer.sign_as(&self.head, &of(client));
        vec![
            ("expired this second",                        self.claim("exp", json!(now))),
            ("expired a second ago",                       self.claim("exp", json!(now - 1))),
            ("no end",                                     self.claim("exp", Value::Null)),
            ("an end that is null",                        ends("null")),
            ("an end in ten years",                        self.claim("exp", json!(now + 315_576_000))),
            ("a second longer than tokens live",           self.claim("exp", json!(now + 901))),
            ("an end that is a text",                      self.claim("exp", json!((now + 900).to_string()))),
            ("an end before the beginning of time",        self.claim("exp", json!(-1))),
            ("an end beyond all numbers",                  ends("1e300")),
            ("an end at the last number",                  self.claim("exp", json!(i64::MAX))),
            ("two ends",                                   raw(&twice(&claims_text, &format!("\"exp\":{}", now + 900)))),
            ("not yet good",                               self.claim("nbf", json!(now + 11))),
            ("no beginning",                               self.claim("nbf", Value::Null)),
            ("a beginning that is a text",                 self.claim("nbf", json!(now.to_string()))),
            ("issued in the future",                       self.claim("iat", json!(now + 11))),
            ("issued never",                               self.claim("iat", Value::Null)),
            ("issued at the first number",                 self.claim("iat", json!(i64::MIN))),
            ("for another service",                        self.claim("aud", json!("https://other.example.vn"))),
            ("for nobody",                                 self.claim("aud", Value::Null)),
            ("for an empty name",                          self.claim("aud", json!(""))),
            ("for us in a list",                           self.claim("aud", json!([ISSUER]))),
            ("for us and another",                         self.claim("aud", json!([ISSUER, "https://other.example.vn"]))),
            ("for us and a slash",                         self.claim("aud", json!(format!("{ISSUER}/")))),
            ("by another issuer with our key",             self.claim("iss", json!("https://sso.example.vn"))),
            ("by nobody",                                  self.claim("iss", Value::Null)),
            ("by us in a list",                            self.claim("iss", json!([ISSUER]))),
            ("about nobody",                               self.claim("sub", Value::Null)),
            ("about a number",                             self.claim("sub", json!(7))),
            ("about one client by another",                self.claim("sub", json!(self.other_client))),
            ("about an unknown client",                    about("01920000-0000-7000-8000-000000000000")),
            ("about a disabled client",                    about(&self.disabled_client)),
            ("about SQL",                                  about("' OR '1'='1")),
            ("about two clients",                          raw(&twice(&claims_text, &format!("\"sub\":\"{}\"", self.other_client)))),
            ("no client",                                  self.claim("client_id", Value::Null)),
            ("no name",                                    self.claim("jti", Value::Null)),
            ("no scope",                                   self.claim("scope", Value::Null)),
            ("a list of scopes",                           self.claim("scope", json!(["submit"]))),
            ("more than tokens say",                       self.claim("admin", json!(true))),
            ("claims that are a list",                     raw("[]")),
            ("claims that are no JSON",                    raw("sub=admin")),
            ("claims that are cut",                        raw(&claims_text[..20])),
        ]
    }

    /// What is not three parts of which the last is the signature of the others.
    #[rustfmt::skip]
    fn on_the_form(&self, good: &str, head: &str, claims: &str, signature: &str) -> Vec<(&'static str, String)> {
        let others_token = self.signer.sign_as(&self.head, &with(&self.claims, "jti", json!("another")));
        let others: Vec<&str> = others_token.split('.').collect();
        let json = json!({"payload": claims, "signatures": [{"protected": head, "signature": signature}]});
        let more_scopes = base64(with(&self.claims, "scope", json!("submit admin")).to_string().as_bytes());
        let other_first = if signature.starts_with('A') { 'B' } else { 'A' };
        // The last letter stands for two bits; the next letter of the alphabet for the same two, and bits that must be zero.
        let other_last = char::from(signature.bytes().last().unwrap() + 1);
        vec![
            ("the first letter of the signature changed",  format!("{head}.{claims}.{other_first}{}", &signature[1..])),
            ("the bits that nobody reads changed",         format!("{head}.{claims}.{}{other_last}", &signature[..signature.len() - 1])),
            ("the signature cut",                          format!("{head}.{claims}.{}", &signature[..40])),
            ("the signature left out",                     format!("{head}.{claims}.")),
            ("and its point",                              format!("{head}.{claims}")),
            ("a signature of zeros",                       format!("{head}.{claims}.{}", base64(&[0; 64]))),
            ("the signature twice",                        format!("{head}.{claims}.{signature}{signature}")),
            ("a fourth part, empty",                       format!("{head}.{claims}.{signature}.")),
            ("a fourth part",                              format!("{head}.{claims}.{signature}.{signature}")),
            ("five parts, as encrypted tokens have",       format!("{head}.{claims}.{signature}.{claims}.{signature}")),
            ("the signature of another token",             format!("{head}.{claims}.{}", others[2])),
            ("the claims of another token",                format!("{head}.{}.{signature}", others[1])),
            ("head and claims exchanged",                  format!("{claims}.{head}.{signature}")),
            ("more scopes than were signed",               format!("{head}.{more_scopes}.{signature}")),
            ("a letter more",                              format!("{good}A")),
            ("a letter less",                              good[1..].to_owned()),
            ("padding",                                    format!("{good}==")),
            ("in capitals",                                good.to_uppercase()),
            ("in quotes",                                  format!("\"{good}\"")),
            ("two tokens",                                 format!("{good},{good}")),
            ("JSON in place of a token",                   json.to_string()),
            ("longer than any",                            format!("{head}.{claims}.{}", "A".repeat(9000))),
            ("no token at all",                            "x".to_owned()),
            ("three empty parts",                          "..".to_owned()),
        ]
    }
}

/// JSON with one more member at its beginning.
fn twice(text: &str, member: &str) -> String {
    format!("{{{member},{}", &text[1..])
}

fn figure() -> Value {
    json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]})
}

#[track_caller]
fn refused(answer: &Answer, why: &str) {
    assert_eq!(answer.fault(401), ("token_invalid".into(), String::new()), "{}: {why}", answer.request);
    assert_eq!(answer.header("www-authenticate"), CHALLENGE, "{}: {why}", answer.request);
}

/// A problem but for what names the request.
fn without_names(answer: &Answer) -> Value {
    let mut problem = answer.json();
    for name in ["request_id", "instance"] {
        problem[name] = Value::Null;
    }
    problem
}
