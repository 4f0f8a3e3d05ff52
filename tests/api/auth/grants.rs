//! Nobody grants more than they may: scopes, what may be granted in turn, credentials, trust and access levels.
//! The whole table of administrators and grants is tested in `domain::access::grants`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::fault;
use crate::support::{TestApp, User, on_both};

on_both! {
    an_administrator_grants_what_it_may_and_nothing_else,
    chains_of_grants_reach_no_further_than_their_beginning,
    nobody_takes_over_a_client_with_more_scopes,
    access_levels_are_changed_by_nobody_who_is_narrowed,
}

fn client(name: &str, organisation: Option<&str>, scopes: &[&str], may_grant: &[&str]) -> Value {
    json!({"name": name, "organisation": organisation, "scopes": scopes, "may_grant": may_grant})
}

async fn signed_in(app: &TestApp, made: &Value) -> User {
    let [id, secret] = ["client_id", "client_secret"].map(|member| made[member].as_str().unwrap());
    let issued = app.state.auth.issue_for_secret(id, secret, None).await.unwrap();
    User::new(app.address, Some(issued.token))
}

async fn an_administrator_grants_what_it_may_and_nothing_else(app: TestApp) {
    let wide = app.client_of(None, &[Scope::Admin]).await;
    let narrowed = app.client_of(Some("H02.12"), &[Scope::Admin, Scope::Submit, Scope::Catalogue]).await;
    let beyond = |place: &str| fault("beyond_administrator", place);

    let all = wide.post("/v1/clients", &client("all", Some("H02.12"), Scope::WORDS, Scope::WORDS)).await.expect(201);
    assert_eq!(all["may_grant"], json!(Scope::WORDS), "made at the command line, and not narrowed");
    let usual = wide.post("/v1/clients", &json!({"name": "usual", "scopes": ["admin", "read"]})).await.expect(201);
    assert_eq!(usual["may_grant"], json!(["admin", "read"]), "made by another: what it holds");
    narrowed.post("/v1/clients", &client("sender", Some("H02.12"), &["submit"], &[])).await.expect(201);
    for (name, scopes, may_grant, places, why) in [
        ("a", &["approve"][..], &[][..], vec![beyond("/scopes/0")], "what it does not hold"),
        ("b", &["submit", "catalogue"], &[], vec![beyond("/scopes/1")], "catalogue is for those who are not narrowed"),
        ("c", &["admin"], &["admin", "read"], vec![beyond("/may_grant/1")], "to be granted by others"),
    ] {
        let answer = narrowed.post("/v1/clients", &client(name, Some("H02.12"), scopes, may_grant)).await;
        assert_eq!(answer.faults(403), places, "{why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!(["submit", "admin"]), "{why}: what could be granted");
    }
    let odd = wide.post("/v1/clients", &client("odd", None, &["read"], &["read"])).await;
    assert_eq!(odd.fault(422), fault("invalid_value", "/may_grant"), "who does not administer grants nothing");
}

async fn chains_of_grants_reach_no_further_than_their_beginning(app: TestApp) {
    let first = app.client_of(Some("H02.12"), &[Scope::Admin, Scope::Submit]).await;
    let second = first.post("/v1/clients", &client("second", Some("H02.12"), &["admin"], &["admin", "submit"])).await.expect(201);
    let second = signed_in(&app, &second).await;
    let third = second.post("/v1/clients", &client("third", Some("H02.12"), &["admin"], &["admin"])).await.expect(201);
    let third = signed_in(&app, &third).await;

    for (user, scopes, status, why) in [
        (&second, &["submit"][..], 201, "a chain of two hands on what it was given"),
        (&second, &["read"], 403, "and no more"),
        (&third, &["admin"], 201, "a chain of three too"),
        (&third, &["submit"], 403, "what it was not given, although the one before has it"),
        (&third, &["approve"], 403, "what nobody of the chain has"),
    ] {
        let name = format!("{why} {scopes:?}");
        let answer = user.post("/v1/clients", &client(&name, Some("H02.12"), scopes, &[])).await;
        assert_eq!(answer.status.as_u16(), status, "{why}: {}", answer.text());
    }
    let other = third.post("/v1/clients", &client("elsewhere", Some("H02.13"), &["admin"], &["admin"])).await;
    assert_eq!(other.fault(403), fault("beyond_administrator", "/organisation"));
}

async fn nobody_takes_over_a_client_with_more_scopes(app: TestApp) {
    let wide = app.client_of(None, &[Scope::Admin]).await;
    let reviewer = wide.post("/v1/clients", &client("reviewer", Some("H02.12"), &["read", "approve"], &[])).await.expect(201);
    let of = |step: &str| format!("/v1/clients/{}{step}", reviewer["client_id"].as_str().unwrap());
    let narrowed = app.client_of(Some("H02.12"), &[Scope::Admin, Scope::Read]).await;

    let renamed = client("renamed", Some("H02.12"), &["read"], &[]);
    let refused = [
        narrowed.post(&of("/rotate"), &json!({"overlap_hours": 0})).await,
        narrowed.put(&of(""), &renamed).await,
        narrowed.post(&of("/enable"), &json!({})).await,
    ];
    for answer in refused {
        assert_eq!(answer.fault(403), fault("beyond_administrator", ""), "{}", answer.request);
        let message = &answer.json()["errors"][0]["message"];
        assert_eq!(message, "this client has scopes that you may not grant: approve", "{}", answer.request);
    }
    assert_eq!(wide.get(&of("")).await.expect(200)["name"], "reviewer", "nothing changed");
    narrowed.send(actix_web::http::Method::POST, &of("/disable"), &[], Vec::new()).await.expect(200);
    wide.send(actix_web::http::Method::POST, &of("/enable"), &[], Vec::new()).await.expect(200);
    let own = narrowed.get("/v1/clients").await.expect(200)["items"].as_array().unwrap().clone();
    let own = own.iter().find(|item| item["scopes"] == json!(["admin", "read"])).unwrap()["client_id"].as_str().unwrap().to_owned();
    narrowed.send(actix_web::http::Method::POST, &format!("/v1/clients/{own}/rotate"), &[], Vec::new()).await.expect(200);
}

async fn access_levels_are_changed_by_nobody_who_is_narrowed(app: TestApp) {
    let wide = app.client_of(None, &[Scope::Read, Scope::Submit, Scope::Catalogue]).await;
    let narrowed = app.client_of(Some("H02.12"), &[Scope::Read, Scope::Submit, Scope::Catalogue]).await;
    let mut indicator = wide.get("/v1/indicators/bts-sites").await.expect(200);
    indicator["access"] = json!("restricted");

    let refused = narrowed.put("/v1/indicators/bts-sites", &indicator).await;

    assert_eq!(refused.fault(403), fault("client_narrowed", "/access"));
    wide.put("/v1/indicators/bts-sites", &indicator).await.expect(200);
    let mut renamed = narrowed.get("/v1/indicators/bts-sites").await.expect(200);
    renamed["name_en"] = json!("BTS positions");
    narrowed.put("/v1/indicators/bts-sites", &renamed).await.expect(200);
}
