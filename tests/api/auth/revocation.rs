//! Revocation (RFC 7009): a client ends its own tokens before they expire, at once and on every instance.

use actix_web::http::Method;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chitieu::domain::access::client::Client;
use chitieu::domain::access::scope::Scope;
use chitieu::store::StoreError;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{RunQueryDsl, select};
use serde_json::json;

use crate::support::jwt::{Signer, claims_of, with};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_revoked_token_is_out_at_once_on_every_instance,
    what_is_no_token_any_more_is_answered_like_one_that_was,
    a_token_of_another_client_is_not_revoked,
    a_client_signs_in_to_revoke_as_it_does_for_a_token,
    a_form_that_cannot_be_read_is_named,
    what_was_revoked_is_forgotten_when_it_has_expired,
}

const REVOKE: &str = "/oauth/revoke";

async fn a_revoked_token_is_out_at_once_on_every_instance(app: TestApp) {
    let other = app.another();
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (first, second) = (token(&app, &client, &secret).await, token(&app, &client, &secret).await);
    on(&other, &first).await.expect(200);

    let answer = revoke(&app, &format!("token={first}&token_type_hint=access_token"), &client, &secret).await;

    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    for at in [&app, &other] {
        let refused = on(at, &first).await;
        assert_eq!(refused.fault(401), ("token_invalid".into(), String::new()));
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"chitieu\", error=\"invalid_token\"");
        on(at, &second).await.expect(200);
    }
    let next = token(&app, &client, &secret).await;
    on(&app, &next).await.expect(200);
}

async fn what_is_no_token_any_more_is_answered_like_one_that_was(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let revoked = token(&app, &client, &secret).await;
    revoke(&app, &format!("token={revoked}"), &client, &secret).await;
    let ours = Signer::all_of(&app).remove(0);
    let claims = claims_of(&app, &client.id);
    let expired = ours.sign("at+jwt", &with(&claims, "exp", json!(claims["iat"].as_i64().unwrap() - 1)));

    for (token, why) in [
        (revoked, "revoked before"),
        (expired, "expired"),
        (Signer::ed25519("x").sign("at+jwt", &claims), "signed by somebody else"),
        ("x".into(), "no token"),
        ("a.b.c".into(), "three parts of nothing"),
        ("%00".into(), "a NUL"),
        ("x".repeat(20_000), "longer than any"),
    ] {
        let answer = revoke(&app, &format!("token={token}&token_type_hint=refresh_token"), &client, &secret).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""), "{why}: {}", answer.text());
    }
    assert_eq!(kept(&app), 1, "nothing is kept of what is no token of ours");
}

async fn a_token_of_another_client_is_not_revoked(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (other, others_secret) = app.register(&[Scope::Submit], &[]);
    let others = token(&app, &other, &others_secret).await;

    let answer = revoke(&app, &format!("token={others}"), &client, &secret).await;

    assert_eq!(answer.fault(400), ("invalid_value".into(), "token".into()));
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(!answer.text().contains(&other.id), "whose it is is not said: {}", answer.text());
    on(&app, &others).await.expect(200);
}

async fn a_client_signs_in_to_revoke_as_it_does_for_a_token(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let good = token(&app, &client, &secret).await;
    let token_of = |form: &str| format!("token={good}{form}");
    let mut told = Vec::new();

    for (form, authorization, why) in [
        (String::new(), None, "not at all"),
        (String::new(), Some(basic(&client.id, "wrong")), "with a wrong secret"),
        (String::new(), Some(basic("01920000-0000-7000-8000-000000000000", &secret)), "as nobody"),
        (format!("&client_id={}&client_secret=wrong", client.id), None, "with a wrong secret in the form"),
        (String::new(), Some(format!("Bearer {good}")), "with the token itself"),
    ] {
        let answer = send(&app, &token_of(&form), authorization.as_deref()).await;
        assert_eq!(answer.fault(401), ("invalid_client".into(), String::new()), "{why}");
        assert_eq!(answer.json()["error"], "invalid_client", "{why}");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"chitieu\"", "{why}");
        told.push(answer.json()["detail"].clone());
        on(&app, &good).await.expect(200);
    }
    assert!(told[1..4].iter().all(|detail| *detail == told[1]), "the same words: {told:?}");
    let both = send(&app, &token_of(&format!("&client_id={}&client_secret={secret}", client.id)), Some(&basic(&client.id, &secret))).await;
    assert_eq!(both.fault(400), ("invalid_value".into(), String::new()), "in two ways");
    let in_form = send(&app, &token_of(&format!("&client_id={}&client_secret={secret}", client.id)), None).await;
    assert_eq!(in_form.status, 200, "in the form: {}", in_form.text());
    assert_eq!(on(&app, &good).await.status, 401);
}

async fn a_form_that_cannot_be_read_is_named(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    for (form, faults, why) in [
        ("", vec![("missing_parameter", "token")], "no token"),
        ("token=a&token=b", vec![("repeated_parameter", "token")], "two tokens"),
        ("token=", vec![("missing_parameter", "token")], "a token without a value"),
        ("tokken=a", vec![("missing_parameter", "token")], "a slip"),
    ] {
        let answer = revoke(&app, form, &client, &secret).await;
        let found = answer.faults(400);
        let found: Vec<(&str, &str)> = found.iter().map(|(code, place)| (code.as_str(), place.as_str())).collect();
        assert_eq!(found, faults, "{why}");
    }
    let in_query = app.anyone().send(Method::POST, "/oauth/revoke?token=x", &[FORM], "token=x".into()).await;
    assert_eq!(in_query.fault(400), ("unknown_parameter".into(), "token".into()), "tokens stay out of URLs, which are logged");
}

async fn what_was_revoked_is_forgotten_when_it_has_expired(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let mut counts = Vec::new();

    for moment in ["2026-11-21T02:00:00Z", "2026-11-21T02:05:00Z", "2026-11-21T02:15:59Z", "2026-11-21T02:16:01Z", "2026-11-22T02:00:00Z"] {
        app.clock.set(moment);
        let token = token(&app, &client, &secret).await;
        assert_eq!(revoke(&app, &format!("token={token}"), &client, &secret).await.status, 200);
        assert_eq!(on(&app, &token).await.status, 401, "{moment}");
        counts.push(kept(&app));
    }

    assert_eq!(counts, [1, 2, 3, 3, 1], "a minute after their end, because clocks differ");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn token(app: &TestApp, client: &Client, secret: &str) -> String {
    app.state.auth.issue_for_secret(&client.id, secret, None).await.unwrap().token
}

async fn on(app: &TestApp, token: &str) -> Answer {
    User::new(app.address, Some(token.into())).get("/v1/submissions").await
}

async fn revoke(app: &TestApp, form: &str, client: &Client, secret: &str) -> Answer {
    send(app, form, Some(&basic(&client.id, secret))).await
}

async fn send(app: &TestApp, form: &str, authorization: Option<&str>) -> Answer {
    let headers: Vec<(&str, &str)> = std::iter::once(FORM).chain(authorization.map(|value| ("authorization", value))).collect();
    app.anyone().send(Method::POST, REVOKE, &headers, form.into()).await
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// How many revoked tokens are remembered.
fn kept(app: &TestApp) -> i64 {
    let count = sql::<BigInt>("(SELECT count(*) FROM revoked_tokens)");
    app.state.context.db.read_blocking(|conn| Ok::<_, StoreError>(select(count).get_result(conn)?)).unwrap()
}
