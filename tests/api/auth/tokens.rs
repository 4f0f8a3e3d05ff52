//! Tokens: how a client signs in, what its token is good for and how long, and every way in which one is no good.
//! What each call asks of a token stands in the file of that call.

use actix_web::http::Method;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients;
use chitieu::store::clients::StoredClient;
use chitieu::store::{self, StoreError};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_client_signs_in_by_basic_or_in_the_form,
    a_token_is_what_the_profile_for_access_tokens_says,
    signing_in_both_ways_at_once_is_refused,
    basic_credentials_are_encoded_as_in_a_form,
    a_wrong_secret_and_an_unknown_client_are_told_the_same,
    credentials_that_cannot_be_read_are_no_credentials,
    a_client_asks_for_fewer_scopes_than_it_has,
    a_token_allows_no_more_than_was_asked_for,
    a_scope_that_the_client_does_not_have_is_refused,
    only_client_credentials_are_granted,
    every_faulty_parameter_of_the_form_is_named_at_once,
    what_oauth_clients_send_besides_is_no_fault,
    credentials_in_the_query_are_refused,
    a_body_that_is_no_form_is_refused,
    no_answer_with_a_token_or_without_is_stored_by_caches,
    a_token_works_until_its_lifetime_is_over,
    a_token_from_the_future_does_not_work,
    a_disabled_client_is_out_at_once,
    a_client_that_has_expired_is_out,
    it_is_noted_when_a_client_last_signed_in,
    a_token_of_another_deployment_is_refused,
    a_bad_token_is_refused_where_none_is_needed,
    a_bad_token_is_refused_on_provinces_like_everywhere,
    a_token_belongs_in_the_header_and_nowhere_else,
    secrets_are_kept_as_argon2id_hashes_only,
}

async fn a_client_signs_in_by_basic_or_in_the_form(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Targets], &[]);
    let id = &client.id;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");

    for (answer, way) in [
        (sign_in(&app, "grant_type=client_credentials", Some(&basic(id, &secret))).await, "HTTP Basic"),
        (sign_in(&app, "grant_type=client_credentials", Some(&basic(id, &secret).replace("Basic", "bAsIc"))).await, "in other capitals"),
        (sign_in(&app, &form, None).await, "the form"),
    ] {
        let issued = answer.expect(200);
        assert_eq!(
            (&issued["token_type"], &issued["expires_in"], &issued["scope"]),
            (&json!("Bearer"), &json!(900), &json!("submit targets")),
            "{way}"
        );
        assert_eq!(issued.as_object().expect("an object").len(), 4, "{way}: nothing else is said: {issued}");
        let user = User::new(app.address, Some(issued["access_token"].as_str().expect("a text").to_owned()));
        user.get("/v1/submissions").await.expect(200);
    }
}

async fn a_token_is_what_the_profile_for_access_tokens_says(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (first, second) = (token(&app, &client.id, &secret).await, token(&app, &client.id, &secret).await);

    let (header, claims) = (part(&first, 0), part(&first, 1));

    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    let kid = header["kid"].as_str().expect("a text");
    assert_eq!(header.as_object().expect("an object").len(), 3, "type, algorithm and the key {kid}, nothing else: {header}");
    let now = "2026-11-21T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a moment").timestamp();
    let times = ["iat", "nbf", "exp"].map(|name| claims[name].as_i64().expect("seconds") - now);
    assert_eq!(times, [0, 0, 900]);
    assert_eq!((&claims["sub"], &claims["client_id"], &claims["scope"]), (&json!(client.id), &json!(client.id), &json!("submit")));
    assert!(claims["iss"].is_string() && claims["aud"].is_string(), "one issuer, one audience: {claims}");
    assert_ne!(claims["jti"], part(&second, 1)["jti"], "each token has a name of its own");
}

async fn signing_in_both_ways_at_once_is_refused(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    for (form, why) in [
        (format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.id), "id and secret twice"),
        ("grant_type=client_credentials&client_id=x".to_owned(), "another id"),
        (format!("grant_type=client_credentials&client_secret={secret}"), "the secret twice"),
    ] {
        let answer = sign_in(&app, &form, Some(&basic(&client.id, &secret))).await;
        assert_eq!(answer.fault(400), fault("invalid_value", ""), "{why}");
        assert_eq!(answer.json()["error"], "invalid_request", "{why}");
    }
}

async fn basic_credentials_are_encoded_as_in_a_form(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    for (id, secret, status, why) in [
        (encoded(&client.id), encoded(&secret), 200, "every letter encoded (RFC 6749 §2.3.1)"),
        (client.id.clone(), secret.clone(), 200, "none: there is nothing in ours that has to be"),
        (client.id.clone(), format!("{secret}&value=x"), 401, "a second value"),
        (client.id.clone(), format!("{secret}%00"), 401, "a NUL at the end"),
        (client.id.clone(), format!("{secret}+"), 401, "a space at the end"),
    ] {
        let answer = sign_in(&app, "grant_type=client_credentials", Some(&basic(&id, &secret))).await;
        assert_eq!(answer.status.as_u16(), status, "{why}: {}", answer.text());
    }
    let header = ("authorization", basic(&client.id, &secret));
    let request = awc::Client::default().post(format!("http://{}/oauth/token", app.address)).insert_header(FORM);
    let request = request.append_header(header.clone()).append_header(header);
    assert_eq!(request.send_body("grant_type=client_credentials").await.expect("an answer").status(), 400, "twice the same header");
}

async fn a_wrong_secret_and_an_unknown_client_are_told_the_same(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (disabled, disabled_secret) = app.register(&[Scope::Submit], &[]);
    clients::disable(&app.state.context.db, &disabled.id, app.state.context.clock.now()).expect("an enabled client");
    let nobody = "01920000-0000-7000-8000-000000000000";
    let reference = sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, "wrong"))).await;

    for (way, id, secret, why) in [
        ("form", client.id.as_str(), "wrong", "a wrong secret"),
        ("Basic", client.id.as_str(), "", "an empty secret"),
        ("Basic", client.id.as_str(), &disabled_secret, "somebody else's secret"),
        ("Basic", nobody, &secret, "an id that nobody has"),
        ("form", nobody, &secret, "an id that nobody has"),
        ("form", "00000000-0000-0000-0000-000000000000", &secret, "the id of zeros"),
        ("Basic", client.name.as_str(), &secret, "a name instead of the id"),
        ("Basic", "' OR 1=1 --", &secret, "a piece of SQL"),
        ("form", disabled.id.as_str(), &disabled_secret, "a disabled client with its own secret"),
    ] {
        let answer = match way {
            "Basic" => sign_in(&app, "grant_type=client_credentials", Some(&basic(id, secret))).await,
            _ => sign_in(&app, &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"), None).await,
        };
        assert_eq!(answer.fault(401), fault("invalid_client", ""), "{why} by {way}");
        assert_eq!(answer.json()["error"], "invalid_client", "{why} by {way}");
        assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{why} by {way}");
        assert_eq!(without_request_id(&answer), without_request_id(&reference), "{why} by {way}: not a byte of difference");
    }
}

async fn credentials_that_cannot_be_read_are_no_credentials(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let bearer = format!("Bearer {}", token(&app, &client.id, &secret).await);
    let encoded = |text: &[u8]| format!("Basic {}", BASE64_STANDARD.encode(text));
    for (form, header, why) in [
        ("grant_type=client_credentials", None, "none at all"),
        ("grant_type=client_credentials&client_id=x", None, "an id without a secret"),
        ("grant_type=client_credentials&client_secret=x", None, "a secret without an id"),
        ("grant_type=client_credentials", Some("Basic".to_owned()), "a scheme alone"),
        ("grant_type=client_credentials", Some("Basic !!!".to_owned()), "no base64"),
        ("grant_type=client_credentials", Some(encoded(client.id.as_bytes())), "no colon"),
        ("grant_type=client_credentials", Some(encoded(b"\xff:\xff")), "no UTF-8"),
        ("grant_type=client_credentials", Some(basic(&client.id, &secret).replace("Basic", "Digest")), "another scheme"),
        ("grant_type=client_credentials", Some(bearer), "a token gets no further token"),
    ] {
        let answer = sign_in(&app, form, header.as_deref()).await;
        assert_eq!(answer.fault(401), fault("invalid_client", ""), "{why}");
        assert_eq!(answer.json()["error"], "invalid_client", "{why}");
        assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{why}");
    }
}

async fn a_client_asks_for_fewer_scopes_than_it_has(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Read, Scope::Submit, Scope::Targets], &[]);
    for (asked, granted, why) in [
        ("", "read submit targets", "all when none is asked for"),
        ("&scope=submit", "submit", "one"),
        ("&scope=submit+read", "submit read", "two"),
        ("&scope=read%20submit%20targets", "read submit targets", "all by name"),
    ] {
        let answer = sign_in(&app, &format!("grant_type=client_credentials{asked}"), Some(&basic(&client.id, &secret))).await;
        let issued = answer.expect(200);
        let mut scopes = words(&issued["scope"]);
        scopes.sort_unstable();
        let mut expected: Vec<&str> = granted.split(' ').collect();
        expected.sort_unstable();
        assert_eq!(scopes, expected, "{why}");
        assert_eq!(part(issued["access_token"].as_str().expect("a text"), 1)["scope"], issued["scope"], "{why}: the token says the same");
    }
}

async fn a_token_allows_no_more_than_was_asked_for(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Targets], &[]);
    let answer = sign_in(&app, "grant_type=client_credentials&scope=submit", Some(&basic(&client.id, &secret))).await;
    let user = User::new(app.address, Some(answer.expect(200)["access_token"].as_str().expect("a text").to_owned()));

    let figure = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]});
    user.post("/v1/submissions", &figure).await.expect(201);
    let target = json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": 1600}]});
    let refused = user.put("/v1/targets", &target).await;

    assert_eq!(refused.fault(403), fault("scope_missing", ""));
    let targets = app.anyone().get("/v1/targets").await.expect(200);
    assert_eq!(targets["items"], json!([]));
}

async fn a_scope_that_the_client_does_not_have_is_refused(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Read], &[]);
    for (asked, why) in [
        ("submit+approve", "one it has and one it lacks"),
        ("everything", "one that does not exist"),
        ("submit,read", "commas"),
        ("+", "none"),
    ] {
        let answer = sign_in(&app, &format!("grant_type=client_credentials&scope={asked}"), Some(&basic(&client.id, &secret))).await;
        assert_eq!(answer.fault(400), fault("invalid_scope", "scope"), "{why}");
        assert_eq!(
            (&answer.json()["error"], &answer.json()["errors"][0]["allowed"]),
            (&json!("invalid_scope"), &json!(["submit", "read"])),
            "{why}"
        );
    }
    let stranger = sign_in(&app, "grant_type=client_credentials&scope=everything", Some(&basic(&client.id, "wrong"))).await;
    assert_eq!(stranger.fault(401), fault("invalid_client", ""), "who cannot sign in learns nothing of scopes");
}

async fn only_client_credentials_are_granted(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    for grant in
        ["password", "refresh_token", "authorization_code", "implicit", "Client_Credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer"]
    {
        let answer = sign_in(&app, &format!("grant_type={grant}"), Some(&basic(&client.id, &secret))).await;
        assert_eq!(answer.fault(400), fault("unsupported_grant_type", "grant_type"), "{grant}");
        let problem = answer.json();
        assert_eq!(
            (&problem["error"], &problem["errors"][0]["allowed"]),
            (&json!("unsupported_grant_type"), &json!(["client_credentials"])),
            "{grant}"
        );
    }
}

async fn every_faulty_parameter_of_the_form_is_named_at_once(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    for (form, expected, why) in [
        ("", &[("missing_parameter", "grant_type")][..], "an empty form"),
        ("scope=submit", &[("missing_parameter", "grant_type")], "no grant"),
        ("grant_type=client_credentials&grant_type=client_credentials", &[("repeated_parameter", "grant_type")], "the grant twice"),
        ("grant_type=client_credentials&scope=submit&scope=submit", &[("repeated_parameter", "scope")], "the scope twice"),
        (
            "client_id=a&client_id=b&client_secret=a&client_secret=b",
            &[("missing_parameter", "grant_type"), ("repeated_parameter", "client_id"), ("repeated_parameter", "client_secret")],
            "all of it",
        ),
    ] {
        let answer = sign_in(&app, form, Some(&basic(&client.id, &secret))).await;
        let mut faults = answer.faults(400);
        faults.sort();
        let expected: Vec<_> = expected.iter().map(|(code, parameter)| fault(code, parameter)).collect();
        assert_eq!(faults, expected, "{why}");
        assert_eq!(answer.json()["error"], "invalid_request", "{why}");
    }
}

async fn what_oauth_clients_send_besides_is_no_fault(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Read], &[]);
    let in_form = format!("client_id={}&client_secret={secret}", client.id);
    let header = basic(&client.id, &secret);
    for (form, header, why) in [
        ("audience=x&resource=y".to_owned(), Some(&header), "fields of other servers"),
        ("audience=x&audience=y".to_owned(), Some(&header), "also twice"),
        ("scope=".to_owned(), Some(&header), "a scope without a value"),
        (format!("client_id={}", client.id), Some(&header), "the id of the header in the form too"),
        ("client_id=&client_secret=".to_owned(), Some(&header), "fields without a value beside the header"),
        (format!("{in_form}&client_assertion=&client_assertion_type="), None, "no assertion"),
    ] {
        let answer = sign_in(&app, &format!("grant_type=client_credentials&{form}"), header.map(String::as_str)).await;

        assert_eq!(answer.expect(200)["scope"], "submit read", "{why}");
    }
    let another = format!("grant_type=client_credentials&client_id={}", uuid::Uuid::nil());
    assert_eq!(sign_in(&app, &another, Some(&header)).await.fault(400).0, "invalid_value", "the id of another client");
}

async fn credentials_in_the_query_are_refused(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let path = format!("/oauth/token?grant_type=client_credentials&client_id={}&client_secret={secret}", client.id);

    let answer = app.anyone().send(Method::POST, &path, &[FORM], b"grant_type=client_credentials".into()).await;

    let faults = answer.faults(400);
    let expected = ["grant_type", "client_id", "client_secret"].map(|parameter| fault("unknown_parameter", parameter));
    assert_eq!(faults, expected, "addresses are written to logs");
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(!answer.text().contains(&secret), "{}", answer.text());
}

async fn a_body_that_is_no_form_is_refused(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let json = json!({"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}).to_string();
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.id);
    for (media_type, body, why) in [
        (Some("application/json"), &json, "JSON"),
        (Some("text/plain"), &form, "a form that says it is text"),
        (Some("multipart/form-data; boundary=x"), &form, "the other kind of form"),
        (None, &form, "a form that says nothing"),
    ] {
        let headers: Vec<(&str, &str)> = media_type.iter().map(|media_type| ("content-type", *media_type)).collect();
        let answer = app.anyone().send(Method::POST, "/oauth/token", &headers, body.clone().into_bytes()).await;
        assert_eq!(answer.fault(415), fault("unsupported_media_type", ""), "{why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!(["application/x-www-form-urlencoded"]), "{why}");
    }
    let with_charset = [("content-type", "Application/x-www-form-urlencoded; charset=utf-8")];
    app.anyone().send(Method::POST, "/oauth/token", &with_charset, form.into_bytes()).await.expect(200);
}

async fn no_answer_with_a_token_or_without_is_stored_by_caches(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    for (form, secret, status, why) in [
        ("grant_type=client_credentials", secret.as_str(), 200, "a token"),
        ("grant_type=client_credentials", "wrong", 401, "a refusal"),
        ("grant_type=password", secret.as_str(), 400, "a fault"),
    ] {
        let answer = sign_in(&app, form, Some(&basic(&client.id, secret))).await;
        assert_eq!(answer.status.as_u16(), status, "{why}");
        assert_eq!(answer.header("cache-control"), "no-store", "{why}");
        assert_eq!(answer.header("etag"), "", "{why}");
    }
}

async fn a_token_works_until_its_lifetime_is_over(app: TestApp) {
    let department = app.department().await;

    for (moment, good, why) in [
        ("2026-11-21T02:00:00Z", true, "the moment it is issued"),
        ("2026-11-21T02:14:59Z", true, "the last of its 900 seconds"),
        ("2026-11-21T02:15:00Z", false, "the second after"),
        ("2026-11-22T02:00:00Z", false, "a day later"),
        ("2026-11-21T02:05:00Z", true, "a clock that was set back"),
    ] {
        app.clock.set(moment);
        let answer = department.get("/v1/submissions").await;
        if good {
            answer.expect(200);
        } else {
            assert_eq!(answer.fault(401), fault("token_invalid", ""), "{why}");
            assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""), "{why}");
        }
    }
}

async fn a_token_from_the_future_does_not_work(app: TestApp) {
    let department = app.department().await;

    for (moment, status, why) in [
        ("2026-11-21T01:59:50Z", 200, "clocks of instances may differ by ten seconds"),
        ("2026-11-21T01:59:49Z", 401, "not by eleven"),
        ("2026-11-20T02:00:00Z", 401, "nor by a day"),
    ] {
        app.clock.set(moment);
        assert_eq!(department.get("/v1/submissions").await.status.as_u16(), status, "{why}");
    }
}

async fn a_disabled_client_is_out_at_once(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (other, other_secret) = app.register(&[Scope::Submit], &[]);
    let signed_in = async |id: &str, secret: &str| User::new(app.address, Some(token(&app, id, secret).await));
    let (user, bystander) = (signed_in(&client.id, &secret).await, signed_in(&other.id, &other_secret).await);
    user.get("/v1/submissions").await.expect(200);

    clients::disable(&app.state.context.db, &client.id, app.state.context.clock.now()).expect("an enabled client");

    let figure = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]});
    assert_eq!(user.post("/v1/submissions", &figure).await.fault(401), fault("token_invalid", ""), "the token it has");
    let again = sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, &secret))).await;
    assert_eq!(again.fault(401), fault("invalid_client", ""), "and it gets no other");
    bystander.get("/v1/submissions").await.expect(200);
    let series = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"], json!([]), "nothing was recorded");
}

async fn a_client_that_has_expired_is_out(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let mut ending = stored(&app, &client.id);
    (ending.client.id, ending.client.name) = (uuid::Uuid::now_v7().to_string(), "ends".into());
    ending.expires_at = Some("2026-11-21T02:05:00Z".parse().expect("a moment"));
    let inserted: Result<(), StoreError> = app.state.context.db.write_blocking(|conn| store::clients::insert(conn, &ending));
    inserted.expect("a client that ends");
    let id = ending.client.id;
    let user = User::new(app.address, Some(token(&app, &id, &secret).await));

    for (moment, good, why) in [("2026-11-21T02:04:59Z", true, "its last second"), ("2026-11-21T02:05:00Z", false, "the next")] {
        app.clock.set(moment);
        let (signed_in, answer) =
            (sign_in(&app, "grant_type=client_credentials", Some(&basic(&id, &secret))).await, user.get("/v1/submissions").await);
        if good {
            signed_in.expect(200);
            answer.expect(200);
        } else {
            let wrong = sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, "wrong"))).await;
            assert_eq!(without_request_id(&signed_in), without_request_id(&wrong), "{why}: the words of a wrong secret");
            assert_eq!(answer.fault(401), fault("token_invalid", ""), "{why}: the token that it has lives on for ten minutes");
        }
    }
}

async fn it_is_noted_when_a_client_last_signed_in(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let noted = || stored(&app, &client.id).last_used_at.map(|at| at.format("%H:%M:%S").to_string());
    sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, "wrong"))).await.fault(401);
    assert_eq!(noted(), None, "nobody signed in");

    for (moment, expected, why) in [
        ("2026-11-21T02:00:00Z", "02:00:00", "the first time"),
        ("2026-11-21T02:00:59Z", "02:00:00", "at most once a minute"),
        ("2026-11-21T02:01:00Z", "02:01:00", "a minute later"),
    ] {
        app.clock.set(moment);
        token(&app, &client.id, &secret).await;
        assert_eq!(noted().as_deref(), Some(expected), "{why}");
    }
}

async fn a_token_of_another_deployment_is_refused(app: TestApp) {
    let elsewhere = TestApp::on_sqlite();
    let (client, secret) = elsewhere.register(&[Scope::Submit], &[]);
    let foreign = token(&elsewhere, &client.id, &secret).await;
    User::new(elsewhere.address, Some(foreign.clone())).get("/v1/submissions").await.expect(200);

    let answer = User::new(app.address, Some(foreign)).get("/v1/submissions").await;

    assert_eq!(answer.fault(401), fault("token_invalid", ""));
}

async fn a_bad_token_is_refused_where_none_is_needed(app: TestApp) {
    for path in [
        "/v1/indicators",
        "/v1/indicators/bts-sites",
        "/v1/series?province=VN&indicator=bts-sites",
        "/v1/comparisons?province=VN&period=2016",
        "/v1/targets",
    ] {
        app.anyone().get(path).await.expect(200);
        let answer = User::new(app.address, Some("expired".into())).get(path).await;
        assert_eq!(answer.fault(401), fault("token_invalid", ""), "{path}: whoever believes to be signed in is told otherwise");
        for (header, why) in
            [("Basic YTpi", "another scheme"), ("Bearer", "a scheme alone"), ("", "an empty header"), ("Bearer ", "an empty token")]
        {
            let answer = app.anyone().send(Method::GET, path, &[("authorization", header)], Vec::new()).await;
            assert_eq!(answer.fault(401), fault("token_invalid", ""), "{path}: {why}");
        }
    }
}

async fn a_bad_token_is_refused_on_provinces_like_everywhere(app: TestApp) {
    for path in ["/v1/provinces", "/v1/provinces/24"] {
        app.anyone().get(path).await.expect(200);

        let answer = User::new(app.address, Some("expired".into())).get(path).await;

        assert_eq!(answer.fault(401), fault("token_invalid", ""), "{path}");
    }
}

async fn a_token_belongs_in_the_header_and_nowhere_else(app: TestApp) {
    let good = app.department().await.token.expect("a token");
    let anyone = app.anyone();

    let in_query = anyone.get(&format!("/v1/submissions?access_token={good}")).await;
    let in_cookie = anyone.send(Method::GET, "/v1/submissions", &[("cookie", &format!("access_token={good}"))], Vec::new()).await;
    let lower_case = anyone.send(Method::GET, "/v1/submissions", &[("authorization", &format!("bearer {good}"))], Vec::new()).await;

    assert_eq!(in_query.fault(401), fault("token_missing", ""));
    assert!(!in_query.text().contains(&good), "{}", in_query.text());
    assert_eq!(in_cookie.fault(401), fault("token_missing", ""));
    assert_eq!(in_cookie.header("www-authenticate"), "Bearer realm=\"chitieu\"");
    lower_case.expect(200);
}

async fn secrets_are_kept_as_argon2id_hashes_only(app: TestApp) {
    let mut registered = vec![app.register(&[Scope::Submit], &[]), app.register(&[Scope::Submit], &["bac-giang-1997"])];
    registered.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    for (client, secret) in &registered {
        token(&app, &client.id, secret).await;
    }

    let mut stored = app.state.context.db.read_blocking(store::clients::list).expect("the database is there");

    stored.sort_by(|a, b| a.client.id.cmp(&b.client.id));
    assert_eq!(stored.len(), 2);
    for (stored, (client, secret)) in stored.iter().zip(&registered) {
        assert_eq!(stored.client, *client);
        assert!(secret.len() >= 43, "32 random bytes: {} letters", secret.len());
        let [secret_hash] = &stored.secrets[..] else { panic!("one secret each: {stored:?}") };
        assert!(secret_hash.hash.starts_with("$argon2id$v=19$m="), "{}", secret_hash.hash);
        assert!(!format!("{stored:?}").contains(secret.as_str()), "the secret itself is nowhere in the row");
    }
    let salts = [0, 1].map(|one| stored[one].secrets[0].hash.split('$').nth(4));
    assert_ne!(salts[0], salts[1], "each hash has a salt of its own");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A client as the store keeps it.
fn stored(app: &TestApp, id: &str) -> StoredClient {
    let found: Result<Option<StoredClient>, StoreError> = app.state.context.db.read_blocking(|conn| store::clients::find(conn, id));
    found.expect("the database is there").expect("a client")
}

/// Asks for a token with a form, and with an `Authorization` header where one is given.
async fn sign_in(app: &TestApp, form: &str, authorization: Option<&str>) -> Answer {
    let headers: Vec<(&str, &str)> = std::iter::once(FORM).chain(authorization.map(|value| ("authorization", value))).collect();
    app.anyone().send(Method::POST, "/oauth/token", &headers, form.into()).await
}

/// The token that a client gets.
async fn token(app: &TestApp, id: &str, secret: &str) -> String {
    let issued = sign_in(app, "grant_type=client_credentials", Some(&basic(id, secret))).await.expect(200);
    issued["access_token"].as_str().expect("a text").to_owned()
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// A part of a token as JSON: 0 the header, 1 the claims.
fn part(token: &str, place: usize) -> Value {
    decoded(token.split('.').nth(place).expect("a token has three parts"))
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn words(text: &Value) -> Vec<&str> {
    text.as_str().expect("a text").split(' ').collect()
}

/// The bytes of a problem, but for what names the request.
fn without_request_id(answer: &Answer) -> String {
    let id = answer.json()["request_id"].as_str().expect("a text").to_owned();
    answer.text().replace(&id, "")
}

fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
