//! The keys that tokens are signed with: published for others, and replaced while everybody goes on working.

use actix_web::http::Method;
use chitieu::clock::Clock;
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::keys;
use chitieu::store::{self, StoreError};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};

use crate::support::app::ISSUER;
use crate::support::jwt::{Signer, claims_of, part, with};
use crate::support::{TestApp, User, on_both};

on_both! {
    the_metadata_says_how_to_get_a_token,
    others_verify_a_token_with_the_published_keys,
    a_new_key_is_published_before_it_signs_and_the_old_one_until_it_has_nothing_left_to_verify,
    every_instance_learns_of_a_new_key_without_a_restart,
    a_key_that_is_not_at_hand_is_looked_for,
    a_key_signs_with_one_algorithm,
    two_rotations_in_a_row_leave_out_no_token,
}

const METADATA: &str = "/.well-known/oauth-authorization-server";
const JWKS: &str = "/.well-known/jwks.json";

async fn the_metadata_says_how_to_get_a_token(app: TestApp) {
    let answer = app.anyone().get(METADATA).await;
    let with_a_host_of_its_own = app.anyone().send(Method::GET, METADATA, &[("host", "evil.example.org")], vec![]).await;

    let said = answer.expect(200);
    assert_eq!(said, with_a_host_of_its_own.expect(200), "whatever the caller believes the host to be");
    let methods = json!(["client_secret_basic", "client_secret_post", "private_key_jwt"]);
    let algorithms = json!(["EdDSA", "ES256"]);
    let expected = json!({
        "issuer": ISSUER,
        "token_endpoint": format!("{ISSUER}/oauth/token"),
        "revocation_endpoint": format!("{ISSUER}/oauth/revoke"),
        "jwks_uri": format!("{ISSUER}/.well-known/jwks.json"),
        "service_documentation": format!("{ISSUER}/docs/"),
        "scopes_supported": Scope::WORDS,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
    });
    assert_eq!(said, expected);
    for path in [METADATA, JWKS] {
        let answer = app.anyone().get(path).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=300", "{path}");
        let again = app.anyone().send(Method::GET, path, &[("if-none-match", answer.header("etag"))], vec![]).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(app.anyone().get(&format!("{path}?x=1")).await.fault(400), ("unknown_parameter".into(), "x".into()));
    }
}

async fn others_verify_a_token_with_the_published_keys(app: TestApp) {
    let department = app.department().await;

    let published = app.anyone().get(JWKS).await.expect(200);

    let [key] = &published["keys"].as_array().unwrap()[..] else { panic!("{published}") };
    assert_eq!((&key["kty"], &key["crv"], &key["alg"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig")));
    let mut members: Vec<&String> = key.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"], "the public half and nothing else");
    let token = department.token.as_ref().unwrap();
    assert_eq!(part(token, 0)["kid"], key["kid"]);
    assert_eq!(verified(token, &published)["client_id"], part(token, 1)["sub"]);
}

async fn a_new_key_is_published_before_it_signs_and_the_old_one_until_it_has_nothing_left_to_verify(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let signed_in = async || app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap().token;
    let works = async |token: &str| User::new(app.address, Some(token.into())).get("/v1/submissions").await.status == 200;
    let old = kid(&signed_in().await);

    let new = keys::rotate(&app.state.context.db, "ES256", app.clock.now()).unwrap().kid().to_owned();

    assert_ne!(old, new);
    for (moment, signs, published, why) in [
        ("2026-11-21T02:01:00Z", &old, vec![&old, &new], "a minute later everybody knows it"),
        ("2026-11-21T02:09:59Z", &old, vec![&old, &new], "it waits until the last cache has it"),
        ("2026-11-21T02:10:00Z", &new, vec![&old, &new], "it signs"),
        ("2026-11-21T03:10:59Z", &new, vec![&old, &new], "a token of the other may still be good"),
        ("2026-11-21T03:11:00Z", &new, vec![&new], "none is"),
        ("2027-11-21T03:11:00Z", &new, vec![&new], "nor a year later"),
    ] {
        app.clock.set(moment);
        let token = signed_in().await;
        assert_eq!(kid(&token), *signs, "{moment}: {why}");
        assert!(works(&token).await, "{moment}: {why}");
        let keys = app.anyone().get(JWKS).await.expect(200);
        let found: Vec<&str> = keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(found, published, "{moment}: {why}");
        verified(&token, &keys);
        // A forger with the old key has as long as its tokens, whatever the times in his own.
        let forged = Signer::all_of(&app).remove(0).sign("at+jwt", &claims_of(&app, &client.id));
        assert_eq!(works(&forged).await, published.contains(&&old), "{moment}: {why}");
    }
}

async fn every_instance_learns_of_a_new_key_without_a_restart(app: TestApp) {
    let other = app.another();
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let issued = async |at: &TestApp| at.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap().token;
    let on = async |at: &TestApp, token: &str| User::new(at.address, Some(token.into())).get("/v1/submissions").await;
    let before = issued(&app).await;

    let new = keys::rotate(&app.state.context.db, "EdDSA", app.clock.now()).unwrap().kid().to_owned();

    let pass = |moment: &str| [&app, &other].iter().for_each(|at| at.clock.set(moment));
    pass("2026-11-21T02:10:00Z");
    for (from, to) in [(&app, &other), (&other, &app)] {
        let token = issued(from).await;
        assert_eq!(kid(&token), new, "both sign with it");
        on(to, &token).await.expect(200);
        on(to, &before).await.expect(200);
    }
    pass("2026-11-21T03:11:00Z");
    for at in [&app, &other] {
        let old = Signer::all_of(at).remove(0).sign("at+jwt", &claims_of(at, &client.id));
        assert_eq!(on(at, &old).await.fault(401).0, "token_invalid", "both let go of the old one");
        assert_eq!(at.anyone().get(JWKS).await.expect(200)["keys"].as_array().unwrap().len(), 1);
    }
}

async fn a_key_that_is_not_at_hand_is_looked_for(app: TestApp) {
    let (client, _) = app.register(&[Scope::Submit], &[]);
    let mut key = app.state.context.db.read_blocking(store::keys::list).map_err(|failure: StoreError| failure).unwrap().remove(0);
    key.kid = "from another instance".into();
    key.created_at = "2026-11-20T00:00:00Z".parse().unwrap();
    app.state.context.db.write_blocking(|conn| store::keys::insert(conn, &key)).map_err(|failure: StoreError| failure).unwrap();
    let signer = Signer::all_of(&app).into_iter().find(|signer| signer.kid == key.kid).unwrap();
    let user = User::new(app.address, Some(signer.sign("at+jwt", &claims_of(&app, &client.id))));

    for (moment, status, why) in [
        ("2026-11-21T02:00:04Z", 401, "the keys were read four seconds ago: forged names make no work"),
        ("2026-11-21T02:00:05Z", 200, "after five they are read again"),
    ] {
        app.clock.set(moment);
        assert_eq!(user.get("/v1/submissions").await.status, status, "{why}");
    }
}

async fn a_key_signs_with_one_algorithm(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    keys::rotate(&app.state.context.db, "ES256", app.clock.now()).unwrap();
    app.clock.set("2026-11-21T02:10:00Z");
    let good = app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap().token;
    let mut signers = Signer::all_of(&app);
    let (p256, ed) = (signers.remove(1), signers.remove(0));

    let head = part(&good, 0);
    let claims = claims_of(&app, &client.id);

    assert_eq!((&head["alg"], &head["typ"]), (&json!("ES256"), &json!("at+jwt")));
    for (token, status, why) in [
        (p256.sign_as(&head, &claims), 200, "as the service does it"),
        (ed.sign("at+jwt", &claims), 200, "the key before it still verifies"),
        (p256.sign_as(&with(&head, "alg", json!("EdDSA")), &claims), 401, "the algorithm of the other key"),
        (ed.sign_as(&head, &claims), 401, "a signature of the other key"),
        (ed.sign_as(&with(&head, "alg", json!("EdDSA")), &claims), 401, "the other key and its algorithm, under this one's name"),
        (p256.sign_as(&with(&head, "kid", json!(ed.kid)), &claims), 401, "this key under the other's name"),
    ] {
        assert_eq!(User::new(app.address, Some(token)).get("/v1/submissions").await.status, status, "{why}");
    }
}

async fn two_rotations_in_a_row_leave_out_no_token(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let mut issued = Vec::new();
    for (moment, rotates) in [
        ("2026-11-21T02:00:00Z", true),
        ("2026-11-21T02:03:00Z", true),
        ("2026-11-21T02:09:00Z", false),
        ("2026-11-21T02:11:00Z", false),
        ("2026-11-21T02:14:00Z", false),
    ] {
        app.clock.set(moment);
        if rotates {
            keys::rotate(&app.state.context.db, "EdDSA", app.clock.now()).unwrap();
        }
        issued.push(app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap().token);
    }

    let mut kids: Vec<String> = issued.iter().map(|token| kid(token)).collect();
    kids.dedup();

    assert_eq!(kids.len(), 3, "each of the three has signed: {kids:?}");
    for token in issued {
        User::new(app.address, Some(token)).get("/v1/submissions").await.expect(200);
    }
}

fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().unwrap().to_owned()
}

/// What a token says, as another program verifies it that has only the published keys.
#[track_caller]
fn verified(token: &str, published: &Value) -> Value {
    let set: JwkSet = serde_json::from_value(published.clone()).unwrap();
    let jwk = set.find(&kid(token)).unwrap();
    let head = jsonwebtoken::decode_header(token).unwrap();
    let mut rules = Validation::new(head.alg);
    rules.set_audience(&[ISSUER]);
    rules.set_issuer(&[ISSUER]);
    // The clock of the test is not that of the machine.
    rules.validate_exp = false;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &rules).unwrap().claims
}
