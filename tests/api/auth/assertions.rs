//! `private_key_jwt`: a client signs in with a JWT of its own instead of a secret (RFC 7521, RFC 7523).

use actix_web::http::Method;
use chitieu::clock::Clock;
use chitieu::domain::access::client::Client;
use chitieu::domain::access::scope::Scope;
use chitieu::store::clients::StoredClient;
use chitieu::store::{self, StoreError};
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{RunQueryDsl, select};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::ISSUER;
use crate::support::jwt::{Signer, part, with};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_client_signs_in_with_a_key_of_either_kind,
    an_assertion_signs_in_to_revoke_too,
    an_assertion_is_used_once_on_all_instances,
    an_assertion_that_is_not_exactly_right_is_told_what_a_wrong_secret_is,
    an_assertion_stands_alone_and_is_whole,
    a_client_that_may_no_longer_sign_in_does_not_by_assertion,
    a_used_assertion_is_forgotten_when_it_has_expired,
}

const TOKEN: &str = "/oauth/token";
const KIND: &str = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

async fn a_client_signs_in_with_a_key_of_either_kind(app: TestApp) {
    let signers = [Signer::ed25519("first"), Signer::p256("second")];
    let client = register(&app, &signers, |_| {});

    for signer in &signers {
        let claims = claims(&app, &client);
        for (claims, typ, more, why) in [
            (claims.clone(), "JWT", String::new(), "for the issuer"),
            (
                with(&claims, "aud", json!(format!("{ISSUER}/oauth/token"))),
                "JWT",
                format!("&client_id={}", client.id),
                "for the endpoint, with its id",
            ),
            (with(&claims, "aud", json!([ISSUER])), "client-authentication+jwt", String::new(), "for one in a list"),
            (with(&claims, "iat", Value::Null), "JWT", "&scope=submit".into(), "without the time it was made"),
        ] {
            let claims = with(&claims, "jti", json!(Uuid::now_v7().to_string()));
            let issued = sign_in(&app, &signer.sign(typ, &claims), &more).await.expect(200);
            let token = issued["access_token"].as_str().unwrap();
            assert_eq!(part(token, 1)["sub"], json!(client.id), "{why}");
            User::new(app.address, Some(token.into())).get("/v1/submissions").await.expect(200);
        }
        let untyped = signer.sign_as(&json!({"alg": signer.alg(), "kid": signer.kid}), &with(&claims, "jti", json!(signer.kid)));
        sign_in(&app, &untyped, "").await.expect(200);
    }
}

async fn an_assertion_signs_in_to_revoke_too(app: TestApp) {
    let signer = Signer::ed25519("first");
    let client = register(&app, std::slice::from_ref(&signer), |_| {});
    let issued = sign_in(&app, &signer.sign("JWT", &claims(&app, &client)), "").await.expect(200);
    let user = User::new(app.address, Some(issued["access_token"].as_str().unwrap().into()));
    user.get("/v1/submissions").await.expect(200);

    let again = with(&claims(&app, &client), "jti", json!("to revoke"));
    let form = format!("token={}&{KIND}&client_assertion={}", user.token.as_ref().unwrap(), signer.sign("JWT", &again));
    let answer = app.anyone().send(Method::POST, "/oauth/revoke", &[FORM], form.into()).await;

    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(user.get("/v1/submissions").await.fault(401).0, "token_invalid");
}

async fn an_assertion_is_used_once_on_all_instances(app: TestApp) {
    let other = app.another();
    let signer = Signer::ed25519("first");
    let client = register(&app, std::slice::from_ref(&signer), |_| {});
    let neighbour = register(&app, std::slice::from_ref(&signer), |_| {});
    let claims = claims(&app, &client);
    let first = signer.sign("JWT", &claims);
    sign_in(&app, &first, "").await.expect(200);

    for (at, assertion, why) in [
        (&app, &first, "the same again"),
        (&other, &first, "the same elsewhere"),
        (&other, &signer.sign("JWT", &with(&claims, "exp", json!(app.clock.now().timestamp() + 200))), "its name in another"),
    ] {
        assert_eq!(sign_in(at, assertion, "").await.fault(401).0, "invalid_client", "{why}");
    }
    let namesake = signer.sign("JWT", &of(&claims, &neighbour));
    sign_in(&other, &namesake, "").await.expect(200);
}

async fn an_assertion_that_is_not_exactly_right_is_told_what_a_wrong_secret_is(app: TestApp) {
    let (signer, p256) = (Signer::ed25519("first"), Signer::p256("second"));
    let keys = [signer, p256];
    let client = register(&app, &keys, |_| {});
    let [signer, p256] = &keys;
    let (without_keys, secret) = app.register(&[Scope::Submit], &[]);
    let neighbour = register(&app, &[Signer::ed25519("third")], |_| {});
    let claims = claims(&app, &client);
    let head = json!({"alg": "EdDSA", "typ": "JWT", "kid": "first"});
    let now = app.clock.now().timestamp();
    let good = signer.sign("JWT", &claims);
    let pieces: Vec<&str> = good.split('.').collect();
    let claim = |member: &str, value: Value| signer.sign_as(&head, &with(&claims, member, value));
    let heads = |member: &str, value: Value| signer.sign_as(&with(&head, member, value), &claims);
    let wrong_secret = {
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}x", without_keys.id);
        told(&app.anyone().send(Method::POST, TOKEN, &[FORM], form.into()).await)
    };

    #[rustfmt::skip]
    let table = [
        (heads("alg", json!("none")),                       "no algorithm"),
        (heads("alg", json!("HS256")),                      "a shared secret"),
        (heads("alg", json!("ES256")),                      "the algorithm of the other key"),
        (heads("kid", json!("second")),                     "under the other key's name"),
        (heads("kid", json!("third")),                      "under a neighbour's key's name"),
        (heads("kid", Value::Null),                         "without the name of its key"),
        (heads("typ", json!("at+jwt")),                     "the type of a token"),
        (heads("jku", json!("https://example.org/k.json")), "keys from elsewhere"),
        (heads("x5u", json!("https://example.org/k.pem")),  "a certificate from elsewhere"),
        (heads("jwk", signer.jwk()),                        "a key of its own"),
        (heads("crit", json!(["exp"])),                     "a critical extension"),
        (Signer::ed25519("first").sign("JWT", &claims),     "signed by somebody else under its name"),
        (Signer::p256("second").sign("JWT", &claims),       "signed by somebody else under its name"),
        (Signer::all_of(&app).remove(0).sign("JWT", &claims), "signed with the key of the service"),
        (claim("iss", json!(neighbour.id)),                 "made by another client"),
        (claim("iss", Value::Null),                         "made by nobody"),
        (claim("sub", json!(neighbour.id)),                 "about another client"),
        (claim("sub", json!(client.name)),                  "about a name"),
        (claim("sub", Value::Null),                         "about nobody"),
        (signer.sign("JWT", &of(&claims, &neighbour)),      "for another client, with its own key"),
        (signer.sign("JWT", &of(&claims, &without_keys)),   "for a client without keys"),
        (claim("aud", json!("https://other.example.vn")),   "for another service"),
        (claim("aud", json!([ISSUER, "https://other.example.vn"])), "for another service as well"),
        (claim("aud", json!([])),                           "for nobody"),
        (claim("aud", Value::Null),                         "for nobody"),
        (claim("aud", json!(format!("http://{}/oauth/token", app.address))), "for the address that it was sent to"),
        (claim("exp", json!(now)),                          "over this second"),
        (claim("exp", json!(now + 311)),                    "longer than five minutes"),
        (claim("exp", json!((now + 60).to_string())),       "an end that is a text"),
        (claim("exp", json!(i64::MAX)),                     "an end at the last number"),
        (claim("exp", Value::Null),                         "no end"),
        (claim("iat", json!(now + 11)),                     "made in the future"),
        (claim("nbf", json!(now + 11)),                     "not yet good"),
        (claim("jti", Value::Null),                         "no name"),
        (claim("jti", json!("")),                           "an empty name"),
        (claim("jti", json!("a\u{0}b")),                    "a NUL in the name"),
        (claim("jti", json!("x".repeat(201))),              "a name that is too long"),
        (claim("jti", json!(7)),                            "a name that is a number"),
        (format!("{}.{}.", pieces[0], pieces[1]),           "unsigned"),
        (format!("{good}."),                                "a fourth part"),
        (good[..good.len() - 2].to_owned(),                 "a signature cut short"),
        (p256.sign("JWT", &claims).replace(pieces[1], "e30"), "other claims than were signed"),
        ("x".into(),                                        "no JWT"),
        ("x".repeat(9000),                                  "longer than any"),
    ];
    let mut instance = app.another();
    for (n, (assertion, why)) in table.into_iter().enumerate() {
        // Whoever fails too often is put off, by the instance that it fails at.
        if n % 8 == 7 {
            instance = app.another();
        }
        let answer = sign_in(&instance, &assertion, "").await;
        assert_eq!(answer.fault(401), ("invalid_client".into(), String::new()), "{why}");
        assert_eq!(told(&answer), wrong_secret, "{why}");
    }
    let elsewhere = sign_in(&app, &good, &format!("&client_id={}", neighbour.id)).await;
    assert_eq!(told(&elsewhere), wrong_secret, "with the id of another");
    sign_in(&app, &good, "").await.expect(200);
}

async fn an_assertion_stands_alone_and_is_whole(app: TestApp) {
    let signer = Signer::ed25519("first");
    let client = register(&app, std::slice::from_ref(&signer), |_| {});
    let good = signer.sign("JWT", &claims(&app, &client));
    let grant = "grant_type=client_credentials";

    for (form, code, place, why) in [
        (format!("{grant}&{KIND}&client_assertion={good}&client_secret=x"), "invalid_value", "", "a secret as well"),
        (format!("{grant}&client_assertion={good}"), "missing_parameter", "client_assertion_type", "no kind"),
        (format!("{grant}&{KIND}"), "missing_parameter", "client_assertion", "a kind alone"),
        (format!("{grant}&{KIND}&client_assertion={good}&client_assertion={good}"), "repeated_parameter", "client_assertion", "twice"),
        (
            format!(
                "{grant}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Asaml2-bearer&client_assertion={good}"
            ),
            "invalid_value",
            "client_assertion_type",
            "of another kind",
        ),
    ] {
        let answer = app.anyone().send(Method::POST, TOKEN, &[FORM], form.into()).await;
        assert_eq!(answer.fault(400), (code.into(), place.into()), "{why}");
        assert_eq!(answer.json()["error"], "invalid_request", "{why}");
    }
    let basic = ("authorization", "Basic YTpi");
    let both = app.anyone().send(Method::POST, TOKEN, &[FORM, basic], format!("{grant}&{KIND}&client_assertion={good}").into()).await;
    assert_eq!(both.fault(400), ("invalid_value".into(), String::new()), "HTTP Basic as well");
    sign_in(&app, &good, "").await.expect(200);
}

async fn a_client_that_may_no_longer_sign_in_does_not_by_assertion(app: TestApp) {
    let signer = Signer::ed25519("first");
    let end = "2026-11-21T02:01:00Z".parse().unwrap();
    let expiring = register(&app, std::slice::from_ref(&signer), |stored| stored.expires_at = Some(end));
    let disabled = register(&app, std::slice::from_ref(&signer), |_| {});
    let assertion = |client: &Client, jti: &str| signer.sign("JWT", &with(&claims(&app, client), "jti", json!(jti)));
    for client in [&expiring, &disabled] {
        sign_in(&app, &assertion(client, "before"), "").await.expect(200);
    }

    chitieu::service::auth::clients::disable(&app.state.context.db, &disabled.id, app.clock.now()).unwrap();
    app.clock.set("2026-11-21T02:01:00Z");

    for client in [&expiring, &disabled] {
        assert_eq!(sign_in(&app, &assertion(client, "after"), "").await.fault(401).0, "invalid_client");
    }
}

async fn a_used_assertion_is_forgotten_when_it_has_expired(app: TestApp) {
    let signer = Signer::ed25519("first");
    let client = register(&app, std::slice::from_ref(&signer), |_| {});
    let mut counts = Vec::new();

    for (jti, moment) in
        [("a", "2026-11-21T02:00:00Z"), ("b", "2026-11-21T02:01:00Z"), ("c", "2026-11-21T02:02:01Z"), ("d", "2026-11-21T03:00:00Z")]
    {
        app.clock.set(moment);
        sign_in(&app, &signer.sign("JWT", &with(&claims(&app, &client), "jti", json!(jti))), "").await.expect(200);
        let count = sql::<BigInt>("(SELECT count(*) FROM client_assertions)");
        counts.push(app.state.context.db.read_blocking(|conn| Ok::<i64, StoreError>(select(count).get_result(conn)?)).unwrap());
    }

    assert_eq!(counts, [1, 2, 2, 1], "each was good for a minute, and is remembered for one more");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A client that has these keys and no secret.
fn register(app: &TestApp, signers: &[Signer], change: impl FnOnce(&mut StoredClient)) -> Client {
    let id = Uuid::now_v7().to_string();
    let (name, scopes) = (format!("signs itself {id}"), vec![Scope::Submit]);
    let client = Client { id, name, organisation: Some("H02.12".into()), scopes, may_grant: vec![], provinces: vec![], fields: vec![] };
    let jwks = json!({"keys": signers.iter().map(Signer::jwk).collect::<Vec<_>>()}).to_string();
    let created_at = app.clock.now();
    let mut stored = StoredClient {
        client: client.clone(),
        secrets: vec![],
        jwks: Some(jwks),
        created_at,
        expires_at: None,
        last_used_at: None,
        disabled_at: None,
    };
    change(&mut stored);
    app.state.context.db.write_blocking(|conn| store::clients::insert(conn, &stored)).map_err(|failure: StoreError| failure).unwrap();
    client
}

/// What an assertion of a client says, good for a minute.
fn claims(app: &TestApp, client: &Client) -> Value {
    let now = app.clock.now().timestamp();
    json!({"iss": client.id, "sub": client.id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": "first"})
}

fn of(claims: &Value, client: &Client) -> Value {
    with(&with(claims, "iss", json!(client.id)), "sub", json!(client.id))
}

async fn sign_in(app: &TestApp, assertion: &str, more: &str) -> Answer {
    let form = format!("grant_type=client_credentials&{KIND}&client_assertion={assertion}{more}");
    app.anyone().send(Method::POST, TOKEN, &[FORM], form.into()).await
}

/// All that an answer tells but for what names the request.
fn told(answer: &Answer) -> (Value, String) {
    (with(&answer.json(), "request_id", Value::Null), answer.header("www-authenticate").to_owned())
}
