//! What keeps browsers from doing with answers what they are not for: the same headers on every answer, whatever it is.

use std::collections::BTreeMap;

use actix_web::http::Method;
use chitieu::config::Settings;
use serde_json::Value;

use crate::support::app::settings;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    no_answer_of_any_operation_sets_a_cookie_or_lacks_a_header,
    pages_are_as_safe_as_answers,
    what_is_refused_before_it_is_read_is_as_safe,
    scripts_come_from_here_and_stand_in_no_page,
}

/// On every answer.
const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

async fn no_answer_of_any_operation_sets_a_cookie_or_lacks_a_header(app: TestApp) {
    let app = app.with_real_figures().await;
    let department = app.department().await;
    let document = app.anyone().get("/openapi.json").await.expect(200);
    let mut statuses = BTreeMap::new();

    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let at = path.replace("{id}", "24").replace("{code}", "bts-sites").replace("{period}", "2026-10").replace("{format}", "csv");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            for user in [&department, &app.anyone()] {
                let headers = [("content-type", "application/json"), ("cookie", "session=1")];
                let answer = user.send(method.clone(), &at, &headers, b"{}".to_vec()).await;
                assert_is_safe(&answer);
                *statuses.entry(answer.status.as_u16()).or_insert(0) += 1;
            }
        }
    }
    for status in [200, 400, 401, 404, 422] {
        assert!(statuses.contains_key(&status), "no answer of {status} was among them: {statuses:?}");
    }
}

async fn pages_are_as_safe_as_answers(app: TestApp) {
    for path in ["/", "/style.css", "/openapi.json", "/docs", "/docs/", "/docs/swagger-ui-bundle.js", "/docs/nothing", "/nothing"] {
        assert_is_safe(&app.anyone().get(path).await);
    }
    let first = app.anyone().get("/").await;
    let again = app.anyone().send(Method::GET, "/", &[("if-none-match", first.header("etag"))], Vec::new()).await;
    assert_eq!(again.status, 304);
    assert_is_safe(&again);
}

async fn what_is_refused_before_it_is_read_is_as_safe(app: TestApp) {
    let narrow = app.another_with(Settings { address_rate: 1, ..settings() });
    let long = "a".repeat(9_000);
    let ask = async |app: &TestApp, method: Method, path: &str, header: (&str, &str)| {
        User::new(app.address, None).send(method, path, &[header], Vec::new()).await
    };

    for (answer, status) in [
        (ask(&app, Method::GET, "/v1/provinces/%00", ("accept", "*/*")).await, 404),
        (ask(&app, Method::DELETE, "/v1/provinces", ("accept", "*/*")).await, 405),
        (ask(&app, Method::GET, &format!("/v1/provinces?q={long}"), ("accept", "*/*")).await, 414),
        (ask(&app, Method::POST, "/oauth/token", ("content-encoding", "gzip")).await, 415),
        (ask(&app, Method::GET, "/", ("x-long", &"a".repeat(17_000))).await, 431),
        (ask(&narrow, Method::GET, "/", ("accept", "*/*")).await, 200),
        (ask(&narrow, Method::GET, "/", ("accept", "*/*")).await, 429),
    ] {
        assert_eq!(answer.status, status, "{}", answer.request);
        assert_is_safe(&answer);
    }
}

async fn scripts_come_from_here_and_stand_in_no_page(app: TestApp) {
    for (path, script) in [("/", None), ("/v1/provinces", None), ("/docs/", Some("'self'"))] {
        let answer = app.anyone().get(path).await;
        let policy = policy(&answer);
        let of = |name: &str| policy.get(name).or_else(|| policy.get("default-src")).map(String::as_str);

        assert_eq!(of("script-src"), Some(script.unwrap_or("'none'")), "{path}");
        assert_eq!(policy.get("frame-ancestors").map(String::as_str), Some("'none'"), "{path}");
        assert_eq!(policy.get("base-uri").map(String::as_str), Some("'none'"), "{path}");
        for (directive, sources) in &policy {
            let inline = sources.contains("'unsafe-inline'");
            assert!(!inline || path == "/docs/" && directive == "style-src", "{path}: {directive} {sources}");
            assert!(
                !sources.contains("unsafe-eval") && !sources.contains('*') && !sources.contains("http"),
                "{path}: {directive} {sources}"
            );
        }
        // An attribute such as `onclick` is inline script, too.
        let text = answer.text().to_lowercase();
        for handler in [" onload=", " onclick=", " onerror=", "javascript:"] {
            assert!(!answer.header("content-type").starts_with("text/html") || !text.contains(handler), "{path}: {handler}");
        }
    }
    let document: Value = app.anyone().get("/openapi.json").await.expect(200);
    assert!(document["paths"].is_object());
}

#[track_caller]
fn assert_is_safe(answer: &Answer) {
    let request = format!("{} {}", answer.request, answer.status);
    for (name, value) in HEADERS {
        assert_eq!(answer.header(name), value, "{request}: {name}");
        assert_eq!(answer.headers.get_all(name).count(), 1, "{request}: {name}");
    }
    assert!(!answer.header("x-request-id").is_empty(), "{request}");
    assert_eq!(answer.headers.get_all("content-security-policy").count(), 1, "{request}");
    for absent in ["set-cookie", "server", "x-powered-by", "strict-transport-security", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(absent), "{request}: {absent}: {}", answer.header(absent));
    }
}

/// The directives of the content security policy.
fn policy(answer: &Answer) -> BTreeMap<String, String> {
    let directives = answer.header("content-security-policy").split(';').filter_map(|directive| directive.trim().split_once(' '));
    directives.map(|(name, sources)| (name.to_owned(), sources.to_owned())).collect()
}
