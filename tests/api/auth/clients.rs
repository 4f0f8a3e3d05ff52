//! Clients over the API: made, listed, narrowed, given new secrets, expired, disabled and enabled.
//! What is refused stands in `clients_refused`; how a client signs in, in `tokens`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients;
use serde_json::{Value, json};

use crate::support::figures::fault;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_client_signs_in_with_the_secret_that_it_was_shown_once,
    a_client_that_brings_keys_is_given_no_secret,
    clients_are_listed_by_id_and_page_by_page,
    what_is_taken_away_is_taken_from_the_tokens_too,
    a_new_description_replaces_the_whole_of_the_old_one,
    a_description_may_repeat_what_stands,
    two_secrets_overlap_and_the_older_one_ends,
    a_third_secret_ends_the_first,
    an_overlap_is_as_long_as_is_said,
    a_client_with_keys_may_be_given_a_secret,
    an_expired_client_is_out_until_its_expiry_is_moved,
    a_disabled_client_is_out_on_every_instance_until_it_is_enabled,
    a_disabled_client_keeps_the_time_of_its_disabling,
    its_last_use_is_noted_once_a_minute,
    a_narrowed_administrator_sees_who_reaches_no_further,
}

const GIANG: &str = "bac-giang-1997";
const KIEN: &str = "kien-giang-1997";
/// The public key of RFC 8037 A.2.
const ED: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

async fn a_client_signs_in_with_the_secret_that_it_was_shown_once(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let body = json!({"name": "so-tttt", "organisation": "H02.13", "scopes": ["submit", "read"], "provinces": [GIANG, KIEN],
        "fields": ["it"], "expires_at": "2027-01-01T07:00:00+07:00"});

    let answer = admin.post("/v1/clients", &body).await;
    let made = answer.expect(201);
    let (id, secret) = credentials(&made);
    let issued = sign_in(&app, id, secret).await.expect(200);
    let found = admin.get(answer.header("location")).await;

    assert_eq!(answer.header("location"), format!("/v1/clients/{id}"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(secret.len(), 43, "32 random bytes");
    assert_eq!(issued["scope"], "submit read");
    let expected = json!({
        "client_id": id, "name": "so-tttt", "organisation": "H02.13", "scopes": ["submit", "read"], "may_grant": [],
        "provinces": [GIANG, KIEN], "fields": ["it"], "created_at": "2026-11-21T02:00:00Z", "expires_at": "2027-01-01T00:00:00Z",
        "last_used_at": "2026-11-21T02:00:00Z", "disabled_at": null,
        "secrets": [{"created_at": "2026-11-21T02:00:00Z", "expires_at": null}], "jwks": null,
    });
    assert_eq!(found.expect(200), expected, "neither the secret nor its hash");
    let listed = admin.get("/v1/clients").await;
    assert!(!listed.text().contains(secret) && !listed.text().contains("argon2"), "{}", listed.text());
    let other = admin.post("/v1/clients", &json!({"name": "another", "scopes": ["submit"]})).await.expect(201);
    assert_ne!(other["client_secret"], made["client_secret"]);
    assert_eq!((&other["organisation"], &other["provinces"], &other["expires_at"]), (&Value::Null, &json!([]), &Value::Null));
}

async fn a_client_that_brings_keys_is_given_no_secret(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let keys = json!({"keys": [key("2026-11"), {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "2026-12",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]});

    let answer = admin.post("/v1/clients", &json!({"name": "keyed", "scopes": ["submit"], "jwks": keys})).await;
    let made = answer.expect(201);

    let elliptic = json!({"kty": "EC", "crv": "P-256", "kid": "2026-12", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"});
    assert_eq!((&made["jwks"]["keys"], &made["secrets"]), (&json!([key("2026-11"), elliptic]), &json!([])));
    assert!(made.get("client_secret").is_none(), "{made}");
    let id = made["client_id"].as_str().unwrap();
    assert_eq!(sign_in(&app, id, "").await.fault(401), fault("invalid_client", ""), "no secret is not the empty secret");
}

async fn clients_are_listed_by_id_and_page_by_page(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    for n in 1..=4 {
        admin.post("/v1/clients", &json!({"name": format!("n{n}"), "scopes": ["read"]})).await.expect(201);
    }
    let id = |item: &Value| item["client_id"].as_str().unwrap().to_owned();

    let all: Vec<String> = admin.get("/v1/clients").await.expect(200)["items"].as_array().unwrap().iter().map(id).collect();
    let mut pages = Vec::new();
    let mut path = "/v1/clients?limit=2".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200);
        pages.push(page["items"].as_array().unwrap().iter().map(id).collect::<Vec<_>>());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/clients?limit=2&cursor={next}");
    }

    assert!(all.len() == 5 && all.is_sorted(), "{all:?}");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), all);
}

async fn what_is_taken_away_is_taken_from_the_tokens_too(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let described = |scopes: &[&str], provinces: &[&str]| json!({"name": "so-tttt", "scopes": scopes, "provinces": provinces});
    let made = admin.post("/v1/clients", &described(&["submit", "targets"], &[])).await.expect(201);
    let user = signed_in(&app, &made).await;
    let figure = json!({"province": GIANG, "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1}]});
    let target = json!({"province": GIANG, "targets": [{"indicator": "bts-sites", "period": "2024", "value": 2}]});
    user.post("/v1/submissions", &figure).await.expect(201);

    admin.put(&path(&made, ""), &described(&["submit", "targets"], &[KIEN])).await.expect(200);
    assert_eq!(user.post("/v1/submissions", &figure).await.fault(403).0, "province_not_allowed");
    assert_eq!(user.put("/v1/targets", &target).await.fault(403).0, "province_not_allowed");

    admin.put(&path(&made, ""), &described(&["targets"], &[KIEN, GIANG])).await.expect(200);
    assert_eq!(user.post("/v1/submissions", &figure).await.fault(403).0, "scope_missing");
    user.put("/v1/targets", &target).await.expect(200);

    admin.put(&path(&made, ""), &described(&["targets", "submit", "approve"], &[])).await.expect(200);
    user.post("/v1/submissions", &figure).await.expect(201);
    let approve = user.send(Method::POST, "/v1/submissions/019a0000-0000-7000-8000-000000000000/approve", &[], Vec::new()).await;
    assert_eq!(approve.fault(403).0, "scope_missing", "a token gets no more than it was given for");
}

async fn a_new_description_replaces_the_whole_of_the_old_one(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let full = json!({"name": "one", "organisation": "H02.13", "scopes": ["submit"], "provinces": [GIANG], "fields": ["it"],
        "expires_at": "2027-01-01T00:00:00Z", "jwks": {"keys": [key("a")]}});
    let made = admin.post("/v1/clients", &full).await.expect(201);

    let answer = admin.put(&path(&made, ""), &json!({"name": "two", "scopes": ["read", "read", "approve"]})).await;
    let found = admin.get(&path(&made, "")).await.expect(200);

    let mut expected = made.clone();
    for (name, value) in [("name", json!("two")), ("scopes", json!(["read", "approve"])), ("provinces", json!([])), ("fields", json!([]))] {
        expected[name] = value;
    }
    for name in ["organisation", "expires_at"] {
        expected[name] = Value::Null;
    }
    expected["jwks"] = Value::Null;
    assert_eq!(answer.expect(200), expected);
    assert_eq!(found, expected);
    admin.post("/v1/clients", &json!({"name": "one", "scopes": ["read"]})).await.expect(201);
}

async fn a_description_may_repeat_what_stands(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let body = json!({"name": "one", "scopes": ["submit"], "expires_at": "2026-11-21T02:10:00Z"});
    let made = admin.post("/v1/clients", &body).await.expect(201);

    admin.put(&path(&made, ""), &body).await.expect(200);
    app.clock.set("2026-11-21T02:10:00Z");
    let again = admin.put(&path(&made, ""), &body).await.expect(200);

    assert_eq!((&again["name"], &again["expires_at"]), (&json!("one"), &json!("2026-11-21T02:10:00Z")), "also an expiry that has passed");
}

async fn two_secrets_overlap_and_the_older_one_ends(app: TestApp) {
    let admin_of = async |app: &TestApp| app.client_of(None, &[Scope::Admin]).await;
    let made = admin_of(&app).await.post("/v1/clients", &json!({"name": "one", "scopes": ["submit"]})).await.expect(201);
    let (id, old) = credentials(&made);
    app.clock.set("2026-11-22T02:00:00Z");

    let answer = admin_of(&app).await.send(Method::POST, &path(&made, "/rotate"), &[], Vec::new()).await;
    let rotated = answer.expect(200);
    let (_, new) = credentials(&rotated);

    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        rotated["secrets"],
        json!([{"created_at": "2026-11-21T02:00:00Z", "expires_at": "2026-11-23T02:00:00Z"}, {"created_at": "2026-11-22T02:00:00Z", "expires_at": null}])
    );
    app.clock.set("2026-11-23T01:59:59.999999Z");
    sign_in(&app, id, old).await.expect(200);
    sign_in(&app, id, new).await.expect(200);
    app.clock.set("2026-11-23T02:00:00Z");
    assert_eq!(sign_in(&app, id, old).await.fault(401), fault("invalid_client", ""));
    sign_in(&app, id, new).await.expect(200);
    let kept = admin_of(&app).await.get(&path(&made, "")).await.expect(200);
    assert_eq!(kept["secrets"], rotated["secrets"], "and that there was one is still told");
}

async fn a_third_secret_ends_the_first(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &json!({"name": "one", "scopes": ["submit"]})).await.expect(201);
    let rotate = async || admin.post(&path(&made, "/rotate"), &json!({})).await.expect(200);

    // All at one moment: their order does not hang on the clock.
    let (second, third) = (rotate().await, rotate().await);

    let (id, first) = credentials(&made);
    assert_eq!(sign_in(&app, id, first).await.fault(401), fault("invalid_client", ""));
    sign_in(&app, id, credentials(&second).1).await.expect(200);
    sign_in(&app, id, credentials(&third).1).await.expect(200);
    let ends: Vec<&Value> = third["secrets"].as_array().unwrap().iter().map(|secret| &secret["expires_at"]).collect();
    assert_eq!(ends, [&json!("2026-11-21T02:00:00Z"), &json!("2026-11-22T02:00:00Z"), &Value::Null]);
}

async fn an_overlap_is_as_long_as_is_said(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    for (n, (hours, end, old_is_good)) in
        [(0, "2026-11-21T02:00:00Z", false), (1, "2026-11-21T03:00:00Z", true), (720, "2026-12-21T02:00:00Z", true)].into_iter().enumerate()
    {
        let made = admin.post("/v1/clients", &json!({"name": format!("n{n}"), "scopes": ["submit"]})).await.expect(201);

        let rotated = admin.post(&path(&made, "/rotate"), &json!({"overlap_hours": hours})).await.expect(200);

        assert_eq!(rotated["secrets"][0]["expires_at"], end);
        let (id, old) = credentials(&made);
        assert_eq!(sign_in(&app, id, old).await.status == 200, old_is_good, "{hours}");
        sign_in(&app, id, credentials(&rotated).1).await.expect(200);
    }
}

async fn a_client_with_keys_may_be_given_a_secret(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let body = json!({"name": "keyed", "scopes": ["submit"], "jwks": {"keys": [key("a")]}});
    let made = admin.post("/v1/clients", &body).await.expect(201);

    let rotated = admin.post(&path(&made, "/rotate"), &json!({})).await.expect(200);

    signed_in(&app, &rotated).await;
    assert_eq!((&rotated["jwks"]["keys"], rotated["secrets"].as_array().unwrap().len()), (&json!([key("a")]), 1));
}

async fn an_expired_client_is_out_until_its_expiry_is_moved(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let until = |time: &str| json!({"name": "one", "scopes": ["submit"], "expires_at": time});
    let made = admin.post("/v1/clients", &until("2026-11-21T02:05:00Z")).await.expect(201);
    let (id, secret) = credentials(&made);
    let user = signed_in(&app, &made).await;

    app.clock.set("2026-11-21T02:04:59Z");
    user.get("/v1/submissions").await.expect(200);
    app.clock.set("2026-11-21T02:05:00Z");
    assert_eq!(user.get("/v1/submissions").await.fault(401), fault("token_invalid", ""), "the token it has");
    assert_eq!(sign_in(&app, id, secret).await.fault(401), fault("invalid_client", ""), "and it gets no other");
    let in_its_name = clients::enabled(&app.state.context.db, id, app.state.context.clock.now());
    assert!(in_its_name.is_err(), "nor is anything done in its name at the command line: {in_its_name:?}");

    admin.put(&path(&made, ""), &until("2026-11-21T02:06:00Z")).await.expect(200);
    user.get("/v1/submissions").await.expect(200);
    sign_in(&app, id, secret).await.expect(200);
}

async fn a_disabled_client_is_out_on_every_instance_until_it_is_enabled(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &json!({"name": "one", "scopes": ["submit"]})).await.expect(201);
    let (id, secret) = credentials(&made);
    let user = signed_in(&app, &made).await;
    let other = app.another();
    let elsewhere = User::new(other.address, user.token.clone());
    elsewhere.get("/v1/submissions").await.expect(200);

    let disabled = act(&admin, &made, "/disable").await.expect(200);
    assert_eq!(disabled["disabled_at"], "2026-11-21T02:00:00Z");
    for user in [&user, &elsewhere] {
        assert_eq!(user.get("/v1/submissions").await.fault(401), fault("token_invalid", ""));
    }
    assert_eq!(sign_in(&other, id, secret).await.fault(401), fault("invalid_client", ""));

    let enabled = act(&admin, &made, "/enable").await.expect(200);
    assert_eq!(enabled["disabled_at"], Value::Null);
    for user in [&user, &elsewhere] {
        user.get("/v1/submissions").await.expect(200);
    }
    sign_in(&app, id, secret).await.expect(200);
}

async fn a_disabled_client_keeps_the_time_of_its_disabling(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let body = json!({"name": "one", "scopes": ["submit"]});
    let made = admin.post("/v1/clients", &body).await.expect(201);
    act(&admin, &made, "/enable").await.expect(200);
    act(&admin, &made, "/disable").await.expect(200);
    app.clock.set("2026-11-21T02:05:00Z");

    let again = act(&admin, &made, "/disable").await.expect(200);
    let described = admin.put(&path(&made, ""), &body).await.expect(200);
    let rotated = act(&admin, &made, "/rotate").await.expect(200);

    for (answer, why) in [(again, "disabled twice"), (described, "described anew"), (rotated.clone(), "given a secret")] {
        assert_eq!(answer["disabled_at"], "2026-11-21T02:00:00Z", "{why}");
    }
    let (id, secret) = credentials(&rotated);
    assert_eq!(sign_in(&app, id, secret).await.fault(401), fault("invalid_client", ""));
}

async fn its_last_use_is_noted_once_a_minute(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &json!({"name": "one", "scopes": ["submit"]})).await.expect(201);
    let (id, secret) = credentials(&made);
    let last_used = async || admin.get(&path(&made, "")).await.expect(200)["last_used_at"].clone();
    assert_eq!(last_used().await, Value::Null);
    sign_in(&app, id, "wrong").await.expect(401);
    assert_eq!(last_used().await, Value::Null, "who does not get in does not use it");

    for (at, noted) in [
        ("2026-11-21T02:00:10Z", "2026-11-21T02:00:10Z"),
        ("2026-11-21T02:01:09Z", "2026-11-21T02:00:10Z"),
        ("2026-11-21T02:01:10Z", "2026-11-21T02:01:10Z"),
        ("2026-11-21T02:01:11Z", "2026-11-21T02:01:10Z"),
    ] {
        app.clock.set(at);
        sign_in(&app, id, secret).await.expect(200);
        assert_eq!(last_used().await, noted, "{at}");
    }
    admin.put(&path(&made, ""), &json!({"name": "two", "scopes": ["submit"]})).await.expect(200);
    assert_eq!(last_used().await, "2026-11-21T02:01:10Z", "a new description is no use");
}

async fn a_narrowed_administrator_sees_who_reaches_no_further(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let mut made = Vec::new();
    for (name, organisation, provinces) in [
        ("same", Some("H02.13"), vec![GIANG]),
        ("wider", Some("H02.13"), vec![]),
        ("other", Some("H02.14"), vec![GIANG]),
        ("none", None, vec![GIANG]),
    ] {
        let body = json!({"name": name, "organisation": organisation, "scopes": ["submit"], "provinces": provinces});
        made.push(admin.post("/v1/clients", &body).await.expect(201));
    }
    let narrowed = app.client_within(Some("H02.13"), &[Scope::Admin], &[GIANG, KIEN]).await;

    let listed = narrowed.get("/v1/clients").await.expect(200);
    let first = narrowed.get("/v1/clients?limit=1").await.expect(200);

    let names: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert!(names.len() == 2 && names[0] == "same", "itself is the other one: {names:?}");
    assert!(first["next"].is_string(), "a page has no gaps where others stand: {first}");
    narrowed.get(&path(&made[0], "")).await.expect(200);
    act(&narrowed, &made[0], "/disable").await.expect(200);
    for other in &made[1..] {
        let put = narrowed
            .put(&path(other, ""), &json!({"name": "mine", "organisation": "H02.13", "scopes": ["read"], "provinces": [GIANG]}))
            .await;
        assert_eq!(put.fault(404), fault("not_found", ""), "{other}");
        assert_eq!(narrowed.get(&path(other, "")).await.fault(404), fault("not_found", ""), "{other}");
        for step in ["/rotate", "/disable", "/enable"] {
            assert_eq!(act(&narrowed, other, step).await.fault(404), fault("not_found", ""), "{other} {step}");
        }
    }
}

fn path(of: &Value, step: &str) -> String {
    format!("/v1/clients/{}{step}", of["client_id"].as_str().unwrap())
}

fn key(kid: &str) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": ED, "kid": kid})
}

fn credentials(made: &Value) -> (&str, &str) {
    (made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap())
}

async fn act(user: &User, of: &Value, step: &str) -> Answer {
    user.send(Method::POST, &path(of, step), &[], Vec::new()).await
}

async fn sign_in(app: &TestApp, id: &str, secret: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    app.anyone().send(Method::POST, "/oauth/token", &headers, form.into()).await
}

async fn signed_in(app: &TestApp, made: &Value) -> User {
    let (id, secret) = credentials(made);
    let issued = sign_in(app, id, secret).await.expect(200);
    User::new(app.address, Some(issued["access_token"].as_str().unwrap().to_owned()))
}
