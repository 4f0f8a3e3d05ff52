//! An issuer that is trusted besides the service, such as the province's single sign-on: it says who asks, our own table says what
//! that one may do.

use chitieu::clock::Clock;
use chitieu::command::serve;
use chitieu::config::{Settings, Trust};
use chitieu::domain::access::client::Client;
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::app::{FixedClock, ISSUER, settings};
use crate::support::jwt::{Signer, claims_of, with};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_token_of_the_issuer_speaks_for_a_client_that_is_registered_here,
    its_keys_are_of_three_kinds_and_each_has_one_algorithm,
    a_token_of_the_issuer_that_is_not_exactly_right_is_refused,
    neither_key_vouches_for_the_other_issuer,
    its_keys_are_read_again_when_they_change,
    audience_and_claim_are_settings,
    without_the_setting_nobody_else_is_believed,
}

const SSO: &str = "https://sso.example.vn/realms/tinh";

async fn a_token_of_the_issuer_speaks_for_a_client_that_is_registered_here(app: TestApp) {
    let sso = Sso::new(&app, [Signer::p256("sso-1")]);
    let claims = sso.claims();

    for (claims, status, why) in [
        (claims.clone(), 200, "by name"),
        (with(&claims, "azp", json!(sso.client.id)), 200, "by id"),
        (with(&claims, "aud", json!(["account", ISSUER])), 200, "for us among others"),
        (with(&claims, "nbf", Value::Null), 200, "many issuers do not say since when"),
        (with(&claims, "scope", json!("openid submit catalogue")), 200, "scopes that are not ours are left alone"),
        (with(&claims, "scope", json!("openid")), 403, "none of ours"),
        (with(&claims, "scope", Value::Null), 403, "none at all"),
        (with(&claims, "azp", json!("nobody")), 401, "nobody here"),
    ] {
        assert_eq!(sso.send(&sso.signers[0].sign("JWT", &claims)).await.status, status, "{why}");
    }
    let admin = with(&claims, "scope", json!("submit admin"));
    let user = User::new(sso.app.address, Some(sso.signers[0].sign("at+jwt", &admin)));
    assert_eq!(user.get("/v1/organisations").await.fault(403).0, "scope_missing", "it does not give what the client does not have");
    user.submit(&json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]})).await;

    clients::disable(&app.state.context.db, &sso.client.id, app.clock.now()).unwrap();

    let answer = sso.send(&sso.signers[0].sign("JWT", &claims)).await;
    assert_eq!(answer.fault(401), ("token_invalid".into(), String::new()), "who is disabled here is out, whatever the issuer says");
}

async fn its_keys_are_of_three_kinds_and_each_has_one_algorithm(app: TestApp) {
    let sso = Sso::new(&app, [Signer::ed25519("ed"), Signer::p256("p256"), Signer::rsa("rsa")]);
    let claims = sso.claims();

    for signer in &sso.signers {
        sso.send(&signer.sign("JWT", &claims)).await.expect(200);
        for alg in ["none", "HS256", "EdDSA", "ES256", "RS256", "PS256", "RS512"] {
            if alg != signer.alg() {
                let head = json!({"alg": alg, "typ": "JWT", "kid": signer.kid});
                assert_eq!(sso.send(&signer.sign_as(&head, &claims)).await.status, 401, "{alg} with a key for {}", signer.alg());
            }
        }
    }
}

async fn a_token_of_the_issuer_that_is_not_exactly_right_is_refused(app: TestApp) {
    let sso = Sso::new(&app, [Signer::p256("sso-1")]);
    let signer = &sso.signers[0];
    let claims = sso.claims();
    let now = app.clock.now().timestamp();
    let head = json!({"alg": "ES256", "typ": "JWT", "kid": "sso-1"});
    let claim = |member: &str, value: Value| signer.sign_as(&head, &with(&claims, member, value));
    let heads = |member: &str, value: Value| signer.sign_as(&with(&head, member, value), &claims);

    #[rustfmt::skip]
    let table = [
        (claim("iss", json!("https://sso.example.org")),   "another issuer"),
        (claim("iss", json!(format!("{SSO}/"))),           "the issuer and a slash"),
        (claim("iss", json!([SSO])),                       "the issuer in a list"),
        (claim("iss", Value::Null),                        "no issuer"),
        (claim("aud", json!("account")),                   "for another service"),
        (claim("aud", json!([])),                          "for nobody"),
        (claim("aud", Value::Null),                        "for nobody"),
        (claim("sub", Value::Null),                        "about nobody"),
        (claim("sub", json!("")),                          "about an empty name"),
        (claim("azp", Value::Null),                        "without the claim that names the client"),
        (claim("azp", json!([sso.client.name])),           "with a list in it"),
        (claim("azp", json!("")),                          "with nothing in it"),
        (claim("azp", json!("a\u{0}b")),                   "with a NUL in it"),
        (claim("exp", json!(now)),                         "over this second"),
        (claim("exp", json!(now + 3601)),                  "longer than an hour"),
        (claim("exp", Value::Null),                        "without an end"),
        (claim("exp", json!("9999999999")),                "an end that is a text"),
        (claim("iat", json!(now + 11)),                     "issued in the future"),
        (claim("iat", Value::Null),                        "without a beginning"),
        (claim("nbf", json!(now + 11)),                     "not yet good"),
        (claim("scope", json!(["submit"])),                "a list of scopes"),
        (heads("typ", Value::Null),                        "no type"),
        (heads("typ", json!("logout+jwt")),                "a logout token"),
        (heads("kid", Value::Null),                        "no key"),
        (heads("kid", json!("sso-2")),                     "a key it does not have"),
        (heads("jku", json!("https://sso.example.vn/k")),  "keys from elsewhere"),
        (heads("jwk", signer.jwk()),                       "a key of its own"),
        (heads("crit", json!(["exp"])),                    "a critical extension"),
        (Signer::p256("sso-1").sign("JWT", &claims),       "signed by somebody else under its name"),
    ];
    for (token, why) in table {
        let answer = sso.send(&token).await;
        assert_eq!(answer.fault(401), ("token_invalid".into(), String::new()), "{why}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"chitieu\", error=\"invalid_token\"", "{why}");
    }
    sso.send(&signer.sign_as(&head, &claims)).await.expect(200);
}

async fn neither_key_vouches_for_the_other_issuer(app: TestApp) {
    let ours = Signer::all_of(&app).remove(0);
    // An issuer that has learnt the name of our key.
    let sso = Sso::new(&app, [Signer::ed25519("sso-1"), Signer::ed25519(&ours.kid)]);
    let (foreign, own) = (sso.claims(), claims_of(&app, &sso.client.id));

    for (token, status, why) in [
        (sso.signers[0].sign("at+jwt", &foreign), 200, "its key and its name"),
        (ours.sign("at+jwt", &own), 200, "our key and our name"),
        (sso.signers[0].sign("at+jwt", &own), 401, "its key and our name"),
        (ours.sign("at+jwt", &foreign), 401, "our key and its name"),
        (sso.signers[1].sign("at+jwt", &own), 401, "its key under the name of ours, and our name"),
        (sso.signers[1].sign("at+jwt", &foreign), 401, "its key under the name of ours"),
    ] {
        assert_eq!(sso.send(&token).await.status, status, "{why}");
    }
}

async fn its_keys_are_read_again_when_they_change(app: TestApp) {
    let sso = Sso::new(&app, [Signer::p256("sso-1"), Signer::p256("sso-2")]);
    let [first, second] = &sso.signers[..] else { panic!("two keys") };
    let works = async |signer: &Signer| sso.send(&signer.sign("JWT", &sso.claims())).await.status == 200;
    let both = async || [works(first).await, works(second).await];
    assert_eq!(both().await, [true, true]);

    for (moment, file, expected, why) in [
        ("2026-11-21T02:00:04Z", keys(&sso.signers[1..]), [true, true], "read at most every five seconds"),
        ("2026-11-21T02:00:05Z", keys(&sso.signers[1..]), [false, true], "the first was taken back"),
        ("2026-11-21T02:00:10Z", r#"{"keys": [{"kty": "#.into(), [false, true], "a file that is being written"),
        ("2026-11-21T02:00:15Z", r#"{"keys": []}"#.into(), [false, true], "an empty set is a mishap"),
        ("2026-11-21T02:00:20Z", keys(&sso.signers[..1]), [true, false], "the other was taken back"),
    ] {
        sso.app.clock.set(moment);
        std::fs::write(sso.folder.path().join("jwks.json"), file).unwrap();
        assert_eq!(both().await, expected, "{moment}: {why}");
    }
}

async fn audience_and_claim_are_settings(app: TestApp) {
    let sso = Sso::set(&app, [Signer::ed25519("sso-1")], |trust| {
        trust.trusted_audience = "chitieu".into();
        trust.trusted_client_claim = "sub".into();
    });
    let claims = with(&with(&sso.claims(), "aud", json!("chitieu")), "sub", json!(sso.client.id));

    for (claims, status, why) in [
        (claims.clone(), 200, "as it is set"),
        (with(&claims, "aud", json!(ISSUER)), 401, "the audience where none is set"),
        (with(&claims, "sub", json!("an officer")), 401, "the client in the claim where none is set"),
    ] {
        assert_eq!(sso.send(&sso.signers[0].sign("JWT", &claims)).await.status, status, "{why}");
    }
}

async fn without_the_setting_nobody_else_is_believed(app: TestApp) {
    let sso = Sso::new(&app, [Signer::ed25519("sso-1")]);
    let token = sso.signers[0].sign("JWT", &sso.claims());
    sso.send(&token).await.expect(200);

    let answer = User::new(app.address, Some(token)).get("/v1/submissions").await;

    assert_eq!(answer.fault(401), ("token_invalid".into(), String::new()));
}

#[test]
fn a_service_whose_trusted_issuer_cannot_be_verified_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    let ed = keys(&[Signer::ed25519("a")]);
    let refused = |text: Option<&str>, issuer: &str| {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let trust = Trust { trusted_issuer: issuer.into(), trusted_jwks: file.display().to_string(), ..settings().trust };
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let state = serve::prepare(&url, FixedClock::at("2026-11-21T02:00:00Z"), Settings { trust, ..settings() });
        state.err().map(|failure| failure.to_string())
    };

    for (text, issuer, said) in [
        (None, SSO, "jwks.json"),
        (Some("keys"), SSO, "jwks.json"),
        (Some("{}"), SSO, "a list of `keys`"),
        (Some(r#"{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}]}"#), SSO, "none of them is"),
        (Some(ed.as_str()), ISSUER, "another than this service"),
    ] {
        let why = refused(text, issuer).unwrap_or_default();
        assert!(why.contains(said), "{text:?}: {why}");
    }
    assert_eq!(refused(Some(&ed), SSO), None, "it starts with a key");
}

/// An issuer, and a server that trusts it.
struct Sso {
    signers: Vec<Signer>,
    client: Client,
    app: TestApp,
    folder: TempDir,
}

impl Sso {
    fn new(app: &TestApp, signers: impl Into<Vec<Signer>>) -> Sso {
        Sso::set(app, signers, |_| {})
    }

    fn set(app: &TestApp, signers: impl Into<Vec<Signer>>, change: impl FnOnce(&mut Trust)) -> Sso {
        let (folder, signers) = (tempfile::tempdir().unwrap(), signers.into());
        let file = folder.path().join("jwks.json");
        std::fs::write(&file, keys(&signers)).unwrap();
        let mut settings = settings();
        settings.trust.trusted_issuer = SSO.into();
        settings.trust.trusted_jwks = file.display().to_string();
        change(&mut settings.trust);
        let (client, _) = app.register(&[Scope::Submit], &[]);
        Sso { signers, client, app: app.another_with(settings), folder }
    }

    /// What a token says that the issuer makes for our client.
    fn claims(&self) -> Value {
        let now = self.app.clock.now().timestamp();
        json!({"iss": SSO, "aud": ISSUER, "sub": "8d2b", "azp": self.client.name, "scope": "submit", "iat": now, "nbf": now,
               "exp": now + 300})
    }

    async fn send(&self, token: &str) -> Answer {
        User::new(self.app.address, Some(token.into())).get("/v1/submissions").await
    }
}

/// The public halves, as the issuer publishes them: with one that is for something else.
fn keys(signers: &[Signer]) -> String {
    let other = json!({"kty": "RSA", "use": "enc", "n": "AQ", "e": "AQAB", "kid": "to encrypt with"});
    json!({"keys": signers.iter().map(Signer::jwk).chain([other]).collect::<Vec<_>>()}).to_string()
}
