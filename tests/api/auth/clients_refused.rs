//! What nobody may say of a client: every fault at its place, what is not theirs to say, and what would leave nobody or reach too far.
//! What is done instead stands in `clients`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::fault;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    everything_that_is_wrong_with_a_client_is_named_at_once,
    each_field_has_its_own_faults,
    what_the_service_decides_is_nobodys_to_say,
    keys_are_refused_at_their_place_and_not_repeated,
    a_name_belongs_to_one_client,
    an_overlap_is_hours_of_at_most_a_month,
    who_is_not_there_is_not_found,
    administering_takes_the_scope,
    the_last_administrator_stays,
    an_administrator_who_is_out_or_reaches_less_does_not_count,
    who_is_narrowed_leaves_nobody_behind_either,
    a_narrowed_administrator_makes_nobody_wider,
    a_narrowed_administrator_widens_nobody,
}

const GIANG: &str = "bac-giang-1997";
const KIEN: &str = "kien-giang-1997";
const NOBODY: &str = "/v1/clients/019a0000-0000-7000-8000-000000000000";

async fn everything_that_is_wrong_with_a_client_is_named_at_once(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &client("good")).await.expect(201);
    let before = admin.get("/v1/clients").await.expect(200);
    let bad = json!({
        "name": " ", "organisation": "H02.", "scopes": ["submit", "write", 5], "provinces": [GIANG, "24", 7, "Bắc Giang"],
        "fields": ["it", "astrology"], "expires_at": "2026-11-21T02:00:00Z",
        "jwks": {"keys": [{"kty": "RSA", "crv": "P-256", "kid": ""}]}, "admin": true,
    });

    for answer in [admin.post("/v1/clients", &bad).await, admin.put(&path(&made, ""), &bad).await] {
        let mut faults = answer.faults(422);
        faults.sort_by(|a, b| a.1.cmp(&b.1));
        let expected = [
            ("unknown_field", "/admin"),
            ("invalid_value", "/expires_at"),
            ("invalid_value", "/fields/1"),
            ("invalid_text", "/jwks/keys/0/kid"),
            ("invalid_value", "/jwks/keys/0/kty"),
            ("invalid_text", "/name"),
            ("invalid_value", "/organisation"),
            ("unknown_province", "/provinces/1"),
            ("wrong_type", "/provinces/2"),
            ("unknown_province", "/provinces/3"),
            ("invalid_value", "/scopes/1"),
            ("wrong_type", "/scopes/2"),
        ];
        assert_eq!(faults, expected.map(|(code, place)| fault(code, place)));
    }
    assert_eq!(admin.get("/v1/clients").await.expect(200), before, "nothing is stored");
}

async fn each_field_has_its_own_faults(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &client("good")).await.expect(201);
    let long = "x".repeat(101);
    for (field, value, code, place, why) in [
        ("name", Value::Null, "missing_field", "/name", "no name"),
        ("name", json!(5), "wrong_type", "/name", "a number"),
        ("name", json!(long), "invalid_text", "/name", "too long"),
        ("name", json!("a\u{0}b"), "invalid_text", "/name", "NUL"),
        ("organisation", json!(""), "invalid_value", "/organisation", "empty"),
        ("organisation", json!("123456789012345678901234567890123456"), "invalid_value", "/organisation", "36 characters"),
        ("scopes", Value::Null, "missing_field", "/scopes", "no scopes"),
        ("scopes", json!([]), "invalid_value", "/scopes", "none"),
        ("scopes", json!("submit"), "wrong_type", "/scopes", "a text"),
        ("scopes", json!(["Submit"]), "invalid_value", "/scopes/0", "in other capitals"),
        ("scopes", json!([null]), "wrong_type", "/scopes/0", "null in place of a scope"),
        ("provinces", json!(["bac giang"]), "unknown_province", "/provinces/0", "a name in place of a key"),
        ("provinces", json!(["a\u{0}b"]), "unknown_province", "/provinces/0", "NUL"),
        ("provinces", json!([""]), "unknown_province", "/provinces/0", "nothing"),
        ("provinces", json!({"0": GIANG}), "wrong_type", "/provinces", "an object"),
        ("provinces", json!(vec![GIANG; 201]), "batch_size", "/provinces", "too many"),
        ("fields", json!(["IT"]), "invalid_value", "/fields/0", "in other capitals"),
        ("fields", json!(["it admin"]), "invalid_value", "/fields/0", "two in one"),
        ("expires_at", json!("2027-01-01"), "invalid_time", "/expires_at", "a day"),
        ("expires_at", json!(1_800_000_000), "wrong_type", "/expires_at", "seconds"),
        ("expires_at", json!("2026-11-21T01:59:59Z"), "invalid_value", "/expires_at", "a second ago"),
        ("jwks", json!([]), "wrong_type", "/jwks", "a list"),
        ("jwks", json!("{}"), "wrong_type", "/jwks", "JSON in a text"),
        ("jwks", json!({"keys": []}), "batch_size", "/jwks/keys", "no keys"),
    ] {
        let mut body = client("another");
        body[field] = value;

        assert_eq!(admin.post("/v1/clients", &body).await.fault(422), fault(code, place), "{field}: {why}");
        assert_eq!(admin.put(&path(&made, ""), &body).await.fault(422), fault(code, place), "{field}: {why}, described anew");
    }
    for (body, status, code, why) in [
        ("[]", 422, "wrong_type", "a list"),
        ("", 400, "malformed_json", "nothing"),
        (r#"{"name": "a", "name": "b", "scopes": ["read"]}"#, 400, "malformed_json", "two names"),
    ] {
        let answer = admin.send(Method::POST, "/v1/clients", &[("content-type", "application/json")], body.into()).await;
        assert_eq!(answer.fault(status), fault(code, ""), "{why}");
    }
}

async fn what_the_service_decides_is_nobodys_to_say(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &client("good")).await.expect(201);
    let before = admin.get(&path(&made, "")).await.expect(200);
    let decided = [
        ("client_id", json!("019a0000-0000-7000-8000-000000000000"), "invalid_value"),
        ("id", json!("019a0000-0000-7000-8000-000000000000"), "unknown_field"),
        ("client_secret", json!("chosen"), "unknown_field"),
        ("secret_hash", json!("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"), "unknown_field"),
        ("secrets", json!([{"created_at": "2000-01-01T00:00:00Z", "expires_at": null}]), "invalid_value"),
        ("keys", json!(["a"]), "unknown_field"),
        ("created_at", json!("2000-01-01T00:00:00Z"), "invalid_value"),
        ("disabled_at", json!("2026-11-21T02:00:00Z"), "invalid_value"),
        ("last_used_at", json!("2026-11-21T02:00:00Z"), "invalid_value"),
    ];
    let mut all = client("another");
    for (name, value, code) in &decided {
        let mut body = client("another");
        body[name] = value.clone();
        all[name] = value.clone();

        assert_eq!(admin.post("/v1/clients", &body).await.fault(422), fault(code, &format!("/{name}")));
        assert_eq!(admin.put(&path(&made, ""), &body).await.fault(422), fault(code, &format!("/{name}")));
    }
    assert_eq!(admin.post("/v1/clients", &all).await.faults(422).len(), decided.len());
    let with_secret = admin.put(&path(&made, ""), &made).await;
    assert_eq!(with_secret.fault(422), fault("unknown_field", "/client_secret"), "the answer that shows a secret is no description");
    assert_eq!(admin.get(&path(&made, "")).await.expect(200), before);
}

async fn keys_are_refused_at_their_place_and_not_repeated(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let good = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a"});
    let mut private = good.clone();
    private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let mut beside = good.clone();
    beside["x"] = json!("short");
    let mut body = client("keyed");
    body["jwks"] = json!({"keys": [good.clone(), private, beside, good]});

    let answer = admin.post("/v1/clients", &body).await;

    let expected = [
        ("/jwks/keys/1/d", "invalid_value"),
        ("/jwks/keys/1/kid", "invalid_value"),
        ("/jwks/keys/2/x", "invalid_value"),
        ("/jwks/keys/3/kid", "invalid_value"),
    ];
    assert_eq!(answer.faults(422), expected.map(|(place, code)| fault(code, place)));
    assert!(!answer.text().contains("nWGxne"), "a private key is not sent on: {}", answer.text());
}

async fn a_name_belongs_to_one_client(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let first = admin.post("/v1/clients", &client("Sở KH&CN")).await.expect(201);
    let second = admin.post("/v1/clients", &client("second")).await.expect(201);
    let taken = fault("name_taken", "/name");

    assert_eq!(admin.post("/v1/clients", &client("Sở KH&CN")).await.fault(422), taken);
    assert_eq!(admin.put(&path(&second, ""), &client("So\u{31b}\u{309} KH&CN")).await.fault(422), taken, "in NFD it is the same name");
    let disabled = admin.send(Method::POST, &path(&first, "/disable"), &[], Vec::new()).await;
    disabled.expect(200);
    assert_eq!(admin.post("/v1/clients", &client("Sở KH&CN")).await.fault(422), taken, "a disabled client keeps its name");
    admin.put(&path(&first, ""), &client("Sở KH&CN")).await.expect(200);
    admin.put(&path(&first, ""), &client("gone")).await.expect(200);
    admin.put(&path(&second, ""), &client("Sở KH&CN")).await.expect(200);
}

async fn an_overlap_is_hours_of_at_most_a_month(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let made = admin.post("/v1/clients", &client("one")).await.expect(201);
    for (body, code, place) in [
        (json!({"overlap_hours": -1}), "invalid_value", "/overlap_hours"),
        (json!({"overlap_hours": 721}), "invalid_value", "/overlap_hours"),
        (json!({"overlap_hours": 1.5}), "invalid_value", "/overlap_hours"),
        (json!({"overlap_hours": "24"}), "wrong_type", "/overlap_hours"),
        (json!({"secret": "chosen"}), "unknown_field", "/secret"),
        (json!(24), "wrong_type", ""),
    ] {
        assert_eq!(admin.post(&path(&made, "/rotate"), &body).await.fault(422), fault(code, place), "{body}");
    }
    let found = admin.get(&path(&made, "")).await.expect(200);
    assert_eq!(found["secrets"], made["secrets"], "no secret was made");
}

async fn who_is_not_there_is_not_found(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    admin.post("/v1/clients", &client("one")).await.expect(201);
    for nobody in [NOBODY, "/v1/clients/one", "/v1/clients/%27%20OR%201=1", "/v1/clients/Sở"] {
        assert_eq!(admin.get(nobody).await.fault(404), fault("not_found", ""), "{nobody}");
        assert_eq!(admin.put(nobody, &client("other")).await.fault(404), fault("not_found", ""), "{nobody}");
        for step in ["rotate", "disable", "enable"] {
            let answer = admin.send(Method::POST, &format!("{nobody}/{step}"), &[], Vec::new()).await;
            assert_eq!(answer.fault(404), fault("not_found", ""), "{nobody} {step}");
        }
    }
}

async fn administering_takes_the_scope(app: TestApp) {
    use Scope::{Approve, Catalogue, Read, Submit, Targets};
    let other = app.client_of(None, &[Read, Submit, Approve, Targets, Catalogue]).await;
    let bad = json!({"name": 5});
    for (user, status, code) in [(&app.anyone(), 401, "token_missing"), (&other, 403, "scope_missing")] {
        let answers = [
            user.get("/v1/clients").await,
            user.get(NOBODY).await,
            user.post("/v1/clients", &bad).await,
            user.put(NOBODY, &bad).await,
            user.post(&format!("{NOBODY}/rotate"), &bad).await,
            user.post(&format!("{NOBODY}/disable"), &bad).await,
            user.post(&format!("{NOBODY}/enable"), &bad).await,
        ];
        for answer in answers {
            assert_eq!(answer.fault(status), fault(code, ""), "{}", answer.request);
        }
    }
}

async fn the_last_administrator_stays(app: TestApp) {
    let (first, id) = administrator(&app, &json!({})).await;
    let of_first = format!("/v1/clients/{id}");
    let last = fault("last_administrator", "");

    for (answer, why) in [
        (act(&first, &of_first, "/disable").await, "disabled"),
        (first.put(&of_first, &json!({"name": "first", "scopes": ["read"]})).await, "without the scope"),
        (first.put(&of_first, &json!({"name": "first", "scopes": ["admin"], "organisation": "H02.12"})).await, "of an organisation only"),
        (first.put(&of_first, &json!({"name": "first", "scopes": ["admin"], "provinces": [GIANG]})).await, "for a province only"),
        (first.put(&of_first, &json!({"name": "first", "scopes": ["admin"], "fields": ["it"]})).await, "for a field only"),
    ] {
        assert_eq!(answer.fault(409), last, "{why}");
    }
    let renamed = json!({"name": "renamed", "scopes": ["admin", "read"]});
    assert_eq!(first.put(&of_first, &renamed).await.fault(409), last, "granting only what it holds");
    first.put(&of_first, &grants_all(&renamed)).await.expect(200);
    act(&first, &of_first, "/rotate").await.expect(200);

    let second = first.post("/v1/clients", &grants_all(&json!({"name": "second", "scopes": ["admin"]}))).await.expect(201);
    act(&first, &of_first, "/disable").await.expect(200);
    assert_eq!(first.get("/v1/clients").await.fault(401), fault("token_invalid", ""));
    let second_user = signed_in(&app, &second).await;
    assert_eq!(act(&second_user, &path(&second, ""), "/disable").await.fault(409), last, "now that is the last one");
    assert_eq!(second_user.get(&path(&second, "")).await.expect(200)["disabled_at"], Value::Null);
}

async fn an_administrator_who_is_out_or_reaches_less_does_not_count(app: TestApp) {
    let (first, id) = administrator(&app, &json!({})).await;
    let of_first = format!("/v1/clients/{id}");
    let disabled = first.post("/v1/clients", &grants_all(&json!({"name": "disabled", "scopes": ["admin"]}))).await.expect(201);
    act(&first, &path(&disabled, ""), "/disable").await.expect(200);
    let soon = json!({"name": "expired", "scopes": ["admin"], "expires_at": "2026-11-21T02:01:00Z"});
    first.post("/v1/clients", &grants_all(&soon)).await.expect(201);
    first.post("/v1/clients", &grants_all(&json!({"name": "narrow", "scopes": ["admin"], "fields": ["it"]}))).await.expect(201);
    first.post("/v1/clients", &json!({"name": "grants little", "scopes": ["admin"]})).await.expect(201);
    first.post("/v1/clients", &json!({"name": "no administrator", "scopes": ["catalogue"]})).await.expect(201);
    app.clock.set("2026-11-21T02:01:00Z");

    assert_eq!(act(&first, &of_first, "/disable").await.fault(409), fault("last_administrator", ""));

    act(&first, &path(&disabled, ""), "/enable").await.expect(200);
    act(&first, &of_first, "/disable").await.expect(200);
}

async fn who_is_narrowed_leaves_nobody_behind_either(app: TestApp) {
    let (narrow, id) = administrator(&app, &json!({"provinces": [GIANG]})).await;
    administrator(&app, &json!({"provinces": [KIEN]})).await;
    let of_narrow = format!("/v1/clients/{id}");

    assert_eq!(act(&narrow, &of_narrow, "/disable").await.fault(409), fault("last_administrator", ""), "the other one is elsewhere");

    administrator(&app, &json!({})).await;
    act(&narrow, &of_narrow, "/disable").await.expect(200);
}

async fn a_narrowed_administrator_makes_nobody_wider(app: TestApp) {
    let (narrowed, _) =
        administrator(&app, &json!({"organisation": "H02.13", "provinces": [GIANG, KIEN], "fields": ["it", "inspection"]})).await;
    let within = json!({"organisation": "H02.13", "provinces": [KIEN], "fields": ["it"]});

    for (more, places, why) in [
        (json!({"organisation": null, "provinces": null, "fields": null}), &["/organisation", "/provinces", "/fields"][..], "for all"),
        (json!({"organisation": "H02.12"}), &["/organisation"], "another organisation"),
        (json!({"provinces": []}), &["/provinces"], "all provinces"),
        (json!({"provinces": [KIEN, "VN", "ha-noi-2008"]}), &["/provinces/1", "/provinces/2"], "other provinces"),
        (json!({"fields": ["post_telecom", "it"]}), &["/fields/0"], "another field"),
    ] {
        let answer = narrowed.post("/v1/clients", &described("made", &[&within, &more])).await;
        assert_eq!(answer.faults(403), places.iter().map(|place| fault("beyond_administrator", place)).collect::<Vec<_>>(), "{why}");
    }
    assert_eq!(narrowed.get("/v1/clients").await.expect(200)["items"].as_array().unwrap().len(), 1, "nobody but itself");
    let admin = described("made", &[&within, &json!({"scopes": ["admin", "submit", "approve"]})]);
    narrowed.post("/v1/clients", &admin).await.expect(201);
}

async fn a_narrowed_administrator_widens_nobody(app: TestApp) {
    let (narrowed, id) = administrator(&app, &json!({"provinces": [GIANG]})).await;
    let within = json!({"scopes": ["admin"], "provinces": [GIANG]});
    let made = narrowed.post("/v1/clients", &described("made", &[&within])).await.expect(201);

    for (of, why) in [(path(&made, ""), "another"), (format!("/v1/clients/{id}"), "itself")] {
        for provinces in [json!([]), json!([GIANG, KIEN])] {
            let answer = narrowed.put(&of, &described(&format!("{why} wider"), &[&within, &json!({"provinces": provinces})])).await;
            let place = if provinces == json!([]) { "/provinces" } else { "/provinces/1" };
            assert_eq!(answer.fault(403), fault("beyond_administrator", place), "{why}");
        }
        assert_eq!(narrowed.get(&of).await.expect(200)["provinces"], json!([GIANG]), "{why}");
    }
}

/// A client that may grant every scope.
fn grants_all(body: &Value) -> Value {
    let mut body = body.clone();
    body["may_grant"] = json!(Scope::WORDS);
    body
}

/// A client that submits and is not narrowed.
fn client(name: &str) -> Value {
    json!({"name": name, "scopes": ["submit"]})
}

/// A client that submits, with more said of it; the later counts.
fn described(name: &str, more: &[&Value]) -> Value {
    let mut body = client(name);
    for (field, value) in more.iter().flat_map(|more| more.as_object().unwrap()) {
        body[field] = value.clone();
    }
    body
}

/// An administrator as the command line makes one, with more said of it, and its id.
async fn administrator(app: &TestApp, more: &Value) -> (User, String) {
    use chitieu::service::auth::clients::{self, NewClient};
    let words = |name: &str| more[name].as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect();
    let new = NewClient {
        name: format!("administrator {}", more["provinces"]),
        organisation: more["organisation"].as_str().map(str::to_owned),
        scopes: vec![Scope::Admin, Scope::Submit, Scope::Approve],
        provinces: words("provinces"),
        fields: words("fields"),
    };
    let (client, secret) = clients::add(&app.state.context.db, new, app.state.context.clock.now()).unwrap();
    let user = signed_in(app, &json!({"client_id": client.id, "client_secret": secret})).await;
    (user, client.id)
}

fn path(of: &Value, step: &str) -> String {
    format!("/v1/clients/{}{step}", of["client_id"].as_str().unwrap())
}

async fn act(user: &User, client: &str, step: &str) -> Answer {
    user.send(Method::POST, &format!("{client}{step}"), &[], Vec::new()).await
}

async fn signed_in(app: &TestApp, made: &Value) -> User {
    let (id, secret) = (made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap());
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let issued = app.anyone().send(Method::POST, "/oauth/token", &headers, form.into()).await.expect(200);
    User::new(app.address, Some(issued["access_token"].as_str().unwrap().to_owned()))
}
