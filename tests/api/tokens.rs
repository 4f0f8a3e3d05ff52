//! Tokens: how a client signs in, what its token is good for and how long, and every way in which one is no good.
//! What each call asks of a token stands in the file of that call.

use actix_web::http::Method;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chitieu::domain::role::Scope;
use chitieu::service::clients;
use chitieu::store;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_client_signs_in_by_basic_or_in_the_form,
    a_token_is_what_the_profile_for_access_tokens_says,
    signing_in_both_ways_at_once_is_refused,
    a_wrong_secret_and_an_unknown_client_are_told_the_same,
    credentials_that_cannot_be_read_are_no_credentials,
    a_client_asks_for_fewer_scopes_than_it_has,
    a_token_allows_no_more_than_was_asked_for,
    a_scope_that_the_client_does_not_have_is_refused,
    only_client_credentials_are_granted,
    every_faulty_parameter_of_the_form_is_named_at_once,
    credentials_in_the_query_are_refused,
    a_body_that_is_no_form_is_refused,
    no_answer_with_a_token_or_without_is_stored_by_caches,
    a_token_works_until_its_lifetime_is_over,
    a_token_from_the_future_does_not_work,
    a_disabled_client_is_out_at_once,
    a_token_that_is_not_exactly_ours_is_refused,
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
        (format!("grant_type=client_credentials&client_id={}", client.id), "the id twice"),
        (format!("grant_type=client_credentials&client_secret={secret}"), "the secret twice"),
    ] {
        let answer = sign_in(&app, &form, Some(&basic(&client.id, &secret))).await;
        assert_eq!(answer.fault(400), fault("invalid_value", ""), "{why}");
        assert_eq!(answer.json()["error"], "invalid_request", "{why}");
    }
}

async fn a_wrong_secret_and_an_unknown_client_are_told_the_same(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (disabled, disabled_secret) = app.register(&[Scope::Submit], &[]);
    clients::disable(&app.state.db, &disabled.id, app.state.clock.now()).expect("an enabled client");
    let nobody = "01920000-0000-7000-8000-000000000000";
    let reference = sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, "wrong"))).await;

    for (way, id, secret, why) in [
        ("form", client.id.as_str(), "wrong", "a wrong secret"),
        ("form", client.id.as_str(), "", "an empty secret"),
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
    for grant in [
        "password",
        "refresh_token",
        "authorization_code",
        "implicit",
        "Client_Credentials",
        "",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ] {
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
        ("grant_type=client_credentials&audience=x", &[("unknown_parameter", "audience")], "a field that is not there"),
        ("grant_type=client_credentials&grant_type=client_credentials", &[("repeated_parameter", "grant_type")], "the grant twice"),
        ("grant_type=client_credentials&scope=submit&scope=submit", &[("repeated_parameter", "scope")], "the scope twice"),
        (
            "client_id=a&client_id=b&client_secret=a&client_secret=b&username=x&password=y",
            &[
                ("missing_parameter", "grant_type"),
                ("repeated_parameter", "client_id"),
                ("repeated_parameter", "client_secret"),
                ("unknown_parameter", "password"),
                ("unknown_parameter", "username"),
            ],
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
        ("2026-11-21T01:59:55Z", 200, "clocks of instances may differ by five seconds"),
        ("2026-11-21T01:59:54Z", 401, "not by six"),
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

    clients::disable(&app.state.db, &client.id, app.state.clock.now()).expect("an enabled client");

    let figure = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]});
    assert_eq!(user.post("/v1/submissions", &figure).await.fault(401), fault("token_invalid", ""), "the token it has");
    let again = sign_in(&app, "grant_type=client_credentials", Some(&basic(&client.id, &secret))).await;
    assert_eq!(again.fault(401), fault("invalid_client", ""), "and it gets no other");
    bystander.get("/v1/submissions").await.expect(200);
    let series = app.anyone().get("/v1/series?province=bac-giang-2004&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"], json!([]), "nothing was recorded");
}

async fn a_token_that_is_not_exactly_ours_is_refused(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let (other, other_secret) = app.register(&[Scope::Submit, Scope::Targets], &[]);
    let good = token(&app, &client.id, &secret).await;
    let others = token(&app, &other.id, &other_secret).await;
    let pieces: Vec<&str> = good.split('.').collect();
    let [header, claims, signature] = pieces[..] else { panic!("{good}") };
    let with_header = |field: &str, value: Value| format!("{}.{claims}.{signature}", rewritten(header, field, value));
    let with_claim = |field: &str, value: Value| format!("{header}.{}.{signature}", rewritten(claims, field, value));
    let unsigned = |alg: &str| format!("{}.{claims}.", rewritten(header, "alg", json!(alg)));
    let other_first = if signature.starts_with('A') { 'B' } else { 'A' };
    // The last letter stands for two bits; the next letter of the alphabet for the same two, and bits that must be zero.
    let other_last = char::from(signature.bytes().last().expect("a signature") + 1);

    #[rustfmt::skip]
    let table = [
        (format!("{header}.{claims}.{other_first}{}", &signature[1..]), "the first letter of the signature changed"),
        (format!("{header}.{claims}.{}{other_last}", &signature[..signature.len() - 1]), "the bits that nobody reads changed"),
        (format!("{header}.{claims}.{}", &signature[..40]),      "the signature cut"),
        (format!("{header}.{claims}."),                          "the signature left out"),
        (format!("{header}.{claims}"),                           "and its point"),
        (format!("{header}.{claims}.{signature}."),              "a fourth part, empty"),
        (format!("{header}.{claims}.{signature}.{signature}"),   "a fourth part"),
        (format!("{header}.{claims}.{}", others.split('.').nth(2).expect("a token has three parts")), "the signature of another token"),
        (format!("{header}.{}.{signature}", others.split('.').nth(1).expect("a token has three parts")), "the claims of another token"),
        (format!("{claims}.{header}.{signature}"),               "header and claims exchanged"),
        (with_claim("scope", json!("submit targets catalogue")), "more scopes"),
        (with_claim("sub", json!(other.id)),                     "somebody else"),
        (with_claim("exp", json!(4_102_444_800_i64)),            "a longer life"),
        (with_claim("aud", json!(["chitieu", "others"])),        "another audience as well"),
        (with_header("typ", json!("JWT")),                       "the type of an ID token"),
        (with_header("typ", Value::Null),                        "no type"),
        (with_header("crit", json!(["b64"])),                    "a critical extension"),
        (with_header("b64", json!(false)),                       "a payload that is not encoded"),
        (with_header("kid", json!("01920000-0000-7000-8000-000000000000")), "a key that nobody has"),
        (with_header("kid", json!("../../dev/null")),            "a path for a key"),
        (with_header("kid", Value::Null),                        "no key"),
        (with_header("jku", json!("https://example.org/jwks.json")), "keys from elsewhere"),
        (with_header("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})), "a key of its own"),
        (with_header("alg", json!("HS256")),                     "a shared secret instead of a key pair"),
        (with_header("alg", json!("RS256")),                     "another kind of key"),
        (unsigned("none"),                                       "no algorithm"),
        (unsigned("nOnE"),                                       "no algorithm, in other capitals"),
        (format!("{}.{claims}.", BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#)), "no algorithm and no key"),
        (format!("{good}A"),                                     "a letter more"),
        (good[1..].to_owned(),                                   "a letter less"),
        (format!("{good}=="),                                    "padding"),
        (good.to_uppercase(),                                    "in capitals"),
        (format!("{header}.{claims}.{}", "A".repeat(5000)),      "longer than any of ours"),
        ("x".to_owned(),                                         "no token at all"),
        ("..".to_owned(),                                        "three empty parts"),
    ];
    for (bad, why) in table {
        let user = User::new(app.address, Some(bad));
        let figure = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]});
        for answer in [user.post("/v1/submissions", &figure).await, user.get("/v1/indicators?limit=1").await] {
            assert_eq!(answer.fault(401), fault("token_invalid", ""), "{why}: {}", answer.request);
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"chitieu\", error=\"invalid_token\"", "{why}");
            assert_eq!(
                answer.json()["detail"],
                "the token is not one of ours, or no longer good",
                "{why}: what is wrong with it is not said"
            );
        }
    }
    let series = app.anyone().get("/v1/series?province=bac-giang-2004&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"], json!([]), "nothing was recorded");
    User::new(app.address, Some(good)).get("/v1/submissions").await.expect(200);
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
    let mut registered = vec![app.register(&[Scope::Submit], &[]), app.register(&[Scope::Submit], &["bac-giang-2004"])];
    registered.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    for (client, secret) in &registered {
        token(&app, &client.id, secret).await;
    }

    let mut stored = app.state.db.read_blocking(store::clients::list).expect("the database is there");

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

/// A part of a token that says something else in one field; null takes the field away.
fn rewritten(part: &str, field: &str, value: Value) -> String {
    let mut part = decoded(part);
    if value.is_null() {
        part.as_object_mut().expect("an object").remove(field);
    } else {
        part[field] = value;
    }
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
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
