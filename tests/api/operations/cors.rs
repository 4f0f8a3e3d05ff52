//! Which web sites may read answers: those that are listed, and without credentials.

use actix_web::http::Method;
use chitieu::config::Settings;

use crate::support::app::settings;
use crate::support::{Answer, TestApp, on_both};

on_both! {
    a_listed_site_may_read_every_answer,
    a_site_that_is_not_listed_gets_no_permission,
    a_browser_is_told_beforehand_what_it_may_ask,
    without_a_list_nothing_is_said_of_it,
}

const LISTED: &str = "https://tinh.example.vn";

async fn a_listed_site_may_read_every_answer(app: TestApp) {
    let app = app.another_with(listing());
    let reader = app.anyone();

    for (path, status) in
        [("/v1/provinces/VN", 200), ("/v1/provinces?colour=red", 400), ("/v1/submissions", 401), ("/nothing", 404), ("/healthz", 200)]
    {
        for origin in [LISTED, "http://localhost:3000"] {
            let answer = reader.send(Method::GET, path, &[("origin", origin)], Vec::new()).await;

            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
            assert!(varies_by_origin(&answer), "{path}: caches keep answers to different sites apart");
            for exposed in ["etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"] {
                assert!(answer.header("access-control-expose-headers").split(", ").any(|name| name == exposed), "{path}: {exposed}");
            }
        }
    }
    let first = reader.send(Method::GET, "/v1/provinces/VN", &[("origin", LISTED)], Vec::new()).await;
    let headers = [("origin", LISTED), ("if-none-match", first.header("etag"))];
    let again = reader.send(Method::GET, "/v1/provinces/VN", &headers, Vec::new()).await;
    assert_eq!((again.status.as_u16(), again.header("access-control-allow-origin")), (304, LISTED));
    assert!(again.headers.get_all("vary").count() > 1, "what it varies by otherwise stands as well");
}

async fn a_site_that_is_not_listed_gets_no_permission(app: TestApp) {
    let app = app.another_with(listing());

    for origin in [
        "https://elsewhere.example",
        "http://tinh.example.vn",
        "https://tinh.example.vn:8443",
        "https://tinh.example.vn.elsewhere.example",
        "https://a.tinh.example.vn",
        "https://TINH.example.vn",
        "null",
        "*",
        "",
    ] {
        let answer = app.anyone().send(Method::GET, "/v1/provinces/VN", &[("origin", origin)], Vec::new()).await;
        assert_eq!((answer.status.as_u16(), permissions(&answer)), (200, vec![]), "{origin}: who is no browser may read");
        assert!(varies_by_origin(&answer), "{origin}");

        let asked = preflight(&app, "/v1/submissions", origin).await;
        assert_eq!((asked.status.as_u16(), permissions(&asked)), (204, vec![]), "{origin}");
    }
    let plain = app.anyone().get("/v1/provinces/VN").await;
    assert!(permissions(&plain).is_empty() && varies_by_origin(&plain), "an answer that a cache could give to a listed site");
}

async fn a_browser_is_told_beforehand_what_it_may_ask(app: TestApp) {
    let app = app.another_with(listing());

    for path in ["/v1/submissions", "/v1/indicators/bts-sites", "/oauth/token", "/v1/provinces"] {
        let asked = preflight(&app, path, LISTED).await;

        assert_eq!((asked.status.as_u16(), asked.text().as_str()), (204, ""), "{path}");
        assert_eq!(asked.header("access-control-allow-origin"), LISTED, "{path}");
        assert_eq!(asked.header("access-control-allow-methods"), "GET, HEAD, POST, PUT", "{path}");
        let headers = "authorization, content-type, idempotency-key, if-none-match";
        assert_eq!(asked.header("access-control-allow-headers"), headers, "{path}");
        assert_eq!(asked.header("access-control-max-age"), "3600", "{path}");
        assert_eq!(asked.header("access-control-allow-credentials"), "", "{path}");
        assert!(varies_by_origin(&asked), "{path}");
    }
    // What does not ask for permission is a method that no path has.
    let options = app.anyone().send(Method::OPTIONS, "/v1/submissions", &[("origin", LISTED)], Vec::new()).await;
    assert_eq!(options.fault(405).0, "method_not_allowed");
}

async fn without_a_list_nothing_is_said_of_it(app: TestApp) {
    let answer = app.anyone().send(Method::GET, "/v1/provinces/VN", &[("origin", LISTED)], Vec::new()).await;
    assert!(permissions(&answer).is_empty() && !varies_by_origin(&answer));

    let asked = preflight(&app, "/v1/submissions", LISTED).await;
    assert_eq!((asked.fault(405).0.as_str(), permissions(&asked)), ("method_not_allowed", vec![]));
}

fn listing() -> Settings {
    Settings { cors_origins: format!("{LISTED},http://localhost:3000").parse().unwrap(), ..settings() }
}

async fn preflight(app: &TestApp, path: &str, origin: &str) -> Answer {
    let asks = [("access-control-request-method", "PUT"), ("access-control-request-headers", "authorization"), ("origin", origin)];
    app.anyone().send(Method::OPTIONS, path, &asks, Vec::new()).await
}

/// The headers by which a browser is allowed anything.
fn permissions(answer: &Answer) -> Vec<String> {
    answer.headers.keys().map(ToString::to_string).filter(|name| name.starts_with("access-control-")).collect()
}

fn varies_by_origin(answer: &Answer) -> bool {
    let named = answer.headers.get_all("vary").flat_map(|value| value.to_str().unwrap().split(','));
    named.map(str::trim).any(|name| name == "origin")
}
