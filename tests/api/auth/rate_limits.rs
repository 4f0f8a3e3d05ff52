//! How often clients and addresses may ask, what they are told about it, and how attempts to guess a secret are put off.
//! Each test sets limits of its own; the rest of the suite runs without meeting any.

use actix_web::http::Method;
use chitieu::config::Settings;
use chitieu::domain::access::scope::Scope;

use crate::support::app::settings;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_client_over_its_quota_waits_and_others_do_not,
    a_quota_fills_up_with_time,
    a_client_has_one_quota_at_all_addresses,
    callers_without_a_good_token_are_counted_by_address,
    an_address_that_waits_holds_up_no_client,
    everything_but_health_checks_is_counted,
    a_request_is_counted_once,
    tokens_are_asked_for_at_a_slower_rate,
    after_ten_failures_not_even_the_right_secret_is_looked_at,
    the_wait_doubles_and_ends,
    who_guesses_locks_out_neither_others_nor_the_client_elsewhere,
    a_success_begins_anew,
    a_proxy_is_believed_where_it_is_trusted_and_no_further,
}

const READ: &str = "/v1/provinces/VN";

async fn a_client_over_its_quota_waits_and_others_do_not(app: TestApp) {
    let app = app.another_with(Settings { client_rate: 20, ..settings() });
    let (a, b) = (app.client(&[Scope::Read]).await, app.client(&[Scope::Read]).await);

    for n in 1..=200 {
        let answer = a.get(READ).await;
        assert_eq!(answer.header("ratelimit-policy"), "\"client\";q=20;w=60", "request {n}");
        if n <= 20 {
            assert_eq!(answer.status, 200, "request {n}");
            // What is used up comes back in sixty seconds, evenly: one request in three.
            assert_eq!(answer.header("ratelimit"), format!("\"client\";r={};t={}", 20 - n, 3 * n), "request {n}");
            assert_eq!(answer.header("retry-after"), "", "request {n}");
        } else {
            assert_eq!(answer.fault(429), ("too_many_requests".into(), String::new()), "request {n}");
            answer.expect_wait(3);
            assert_eq!(answer.header("ratelimit"), "\"client\";r=0;t=60", "request {n}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "as safe as any other answer");
        }
        if n % 10 == 0 {
            b.get(READ).await.expect(200);
        }
    }
}

async fn a_quota_fills_up_with_time(app: TestApp) {
    let app = app.another_with(Settings { client_rate: 2, ..settings() });
    let user = app.client(&[Scope::Read]).await;
    assert_eq!(statuses(&user, 3).await, [200, 200, 429]);

    app.clock.set("2026-11-21T02:00:29Z");
    user.get(READ).await.expect_wait(1);
    app.clock.set("2026-11-21T02:00:30Z");
    assert_eq!(statuses(&user, 2).await, [200, 429]);
    // What was refused was not counted.
    app.clock.set("2026-11-21T02:01:30Z");
    assert_eq!(statuses(&user, 3).await, [200, 200, 429]);
}

async fn a_client_has_one_quota_at_all_addresses(app: TestApp) {
    let app = app.another_with(Settings { client_rate: 2, ..behind_a_proxy() });
    let user = app.client(&[Scope::Read]).await;

    for (address, status) in [("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.3", 429)] {
        assert_eq!(from(&user, address).await.status, status, "{address}");
    }
}

async fn callers_without_a_good_token_are_counted_by_address(app: TestApp) {
    let app = app.another_with(Settings { address_rate: 2, ..behind_a_proxy() });
    let forger = User::new(app.address, Some("forged".into()));

    let first = from(&app.anyone(), "192.0.2.1").await;
    assert_eq!(first.header("ratelimit"), "\"address\";r=1;t=30");
    assert_eq!(from(&forger, "192.0.2.1").await.fault(401).0, "token_invalid");
    assert_eq!(from(&forger, "192.0.2.1").await.fault(429).0, "too_many_requests", "a bad token buys nothing");
    assert_eq!(from(&app.anyone(), "192.0.2.1").await.fault(429).0, "too_many_requests");
    assert_eq!(from(&app.anyone(), "192.0.2.2").await.status, 200, "another address");

    for (address, status, why) in [
        ("2001:db8:0:1::1", 200, "the first"),
        ("2001:db8:0:1::2", 200, "the second"),
        ("2001:db8:0:1:ffff::3", 429, "a caller has all of a /64"),
        ("2001:db8:0:2::1", 200, "the next network"),
    ] {
        assert_eq!(from(&app.anyone(), address).await.status, status, "{address}: {why}");
    }
}

async fn an_address_that_waits_holds_up_no_client(app: TestApp) {
    let app = app.another_with(Settings { address_rate: 1, ..settings() });
    let user = app.client(&[Scope::Read]).await;
    assert_eq!(statuses(&app.anyone(), 2).await, [200, 429]);

    assert_eq!(statuses(&user, 3).await, [200, 200, 200]);
}

async fn everything_but_health_checks_is_counted(app: TestApp) {
    let app = app.another_with(Settings { address_rate: 6, ..settings() });
    let anyone = app.anyone();
    for path in ["/healthz", "/readyz"].repeat(5) {
        let answer = anyone.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""), "{path}");
    }

    for (path, left) in
        [("/", 5), ("/docs/", 4), ("/openapi.json", 3), ("/nothing", 2), ("/v1/provinces?colour=red", 1), ("/v1/targets", 0)]
    {
        let answer = anyone.get(path).await;
        assert_eq!(answer.header("ratelimit"), format!("\"address\";r={left};t={}", 10 * (6 - left)), "{path}");
    }
    for path in ["/", "/docs/", "/openapi.json", "/nothing"] {
        assert_eq!(anyone.get(path).await.fault(429).0, "too_many_requests", "{path}");
    }
    anyone.get("/healthz").await.expect(200);
}

/// A file is read in of somebody who may send it: who that is, is asked for twice.
async fn a_request_is_counted_once(app: TestApp) {
    let app = app.another_with(Settings { client_rate: 10, ..settings() });
    let department = app.department().await;

    for (media, left) in [("text/csv", 9), ("application/json", 8), ("application/x-ndjson", 7)] {
        let answer = department.send(Method::POST, "/v1/submissions", &[("content-type", media)], b"?".to_vec()).await;
        assert_eq!(answer.header("ratelimit"), format!("\"client\";r={left};t={}", 6 * (10 - left)), "{media}: {}", answer.text());
    }
}

async fn tokens_are_asked_for_at_a_slower_rate(app: TestApp) {
    let app = app.another_with(Settings { token_rate: 3, ..behind_a_proxy() });
    let (client, secret) = app.register(&[Scope::Read], &[]);

    for left in [2, 1] {
        let answer = sign_in(&app, &client.id, &secret, "192.0.2.1").await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit-policy")), (200, "\"token\";q=3;w=60"));
        assert_eq!(answer.header("ratelimit"), format!("\"token\";r={left};t={}", 20 * (3 - left)));
    }
    // What is no good counts as well, and so does the path under another spelling.
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-for", "192.0.2.1")];
    let spelt = app.anyone().send(Method::POST, "/%6Fauth/token", &headers, b"grant_type=password".to_vec()).await;
    assert_eq!((spelt.status.as_u16(), spelt.header("ratelimit")), (400, "\"token\";r=0;t=60"), "{}", spelt.text());
    let fourth = sign_in(&app, &client.id, &secret, "192.0.2.1").await;
    assert_eq!(fourth.fault(429).0, "too_many_requests");
    fourth.expect_wait(20);
    sign_in(&app, &client.id, &secret, "192.0.2.2").await.expect(200);
    assert_eq!(from(&app.anyone(), "192.0.2.1").await.status, 200, "reading is another matter");
}

async fn after_ten_failures_not_even_the_right_secret_is_looked_at(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Read], &[]);
    for n in 1..=10 {
        assert_eq!(sign_in(&app, &client.id, "wrong", "").await.fault(401).0, "invalid_client", "attempt {n}");
    }

    let [wrong, right] = [sign_in(&app, &client.id, "wrong", "").await, sign_in(&app, &client.id, &secret, "").await];

    for answer in [&wrong, &right] {
        assert_eq!(answer.fault(429).0, "too_many_requests");
        answer.expect_wait(30);
        assert_eq!(answer.json()["error"], "temporarily_unavailable", "for who reads it as RFC 6749 has it");
    }
    let told = |answer: &Answer| (answer.json()["detail"].clone(), answer.json()["errors"].clone());
    assert_eq!(told(&wrong), told(&right), "nobody learns from it that a secret is right");
}

async fn the_wait_doubles_and_ends(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Read], &[]);
    fail(&app, &client.id, 10, "").await;

    for (at, wait) in [("02:00:30", 60), ("02:01:30", 120), ("02:03:30", 240), ("02:07:30", 480), ("02:15:30", 900), ("02:30:30", 900)] {
        app.clock.set(&format!("2026-11-21T{at}Z"));
        assert_eq!(sign_in(&app, &client.id, "wrong", "").await.status, 401, "{at}: one attempt is looked at");
        sign_in(&app, &client.id, &secret, "").await.expect_wait(wait);
    }
    app.clock.set("2026-11-21T02:45:29Z");
    assert_eq!(sign_in(&app, &client.id, &secret, "").await.status, 429);
    app.clock.set("2026-11-21T02:45:30Z");
    sign_in(&app, &client.id, &secret, "").await.expect(200);
}

async fn who_guesses_locks_out_neither_others_nor_the_client_elsewhere(app: TestApp) {
    let app = app.another_with(behind_a_proxy());
    let ((victim, secret), (other, others)) = (app.register(&[Scope::Read], &[]), app.register(&[Scope::Read], &[]));
    fail(&app, &victim.id, 12, "192.0.2.1").await;

    assert_eq!(sign_in(&app, &victim.id, &secret, "192.0.2.1").await.status, 429, "where it was guessed at");
    sign_in(&app, &victim.id, &secret, "192.0.2.2").await.expect(200);
    sign_in(&app, &other.id, &others, "192.0.2.1").await.expect(200);

    // Ten clients that fail at one address are one attacker.
    for n in 0..10 {
        fail(&app, &format!("019a0000-0000-7000-8000-00000000000{n}"), 1, "192.0.2.3").await;
    }
    assert_eq!(sign_in(&app, &other.id, &others, "192.0.2.3").await.status, 429);
    sign_in(&app, &other.id, &others, "192.0.2.4").await.expect(200);
}

async fn a_success_begins_anew(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Read], &[]);

    for _ in 0..3 {
        fail(&app, &client.id, 9, "").await;
        sign_in(&app, &client.id, &secret, "").await.expect(200);
    }
    // A scope that the client does not have is no guess.
    for _ in 0..12 {
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}&scope=admin", client.id);
        assert_eq!(post_form(&app, form, "").await.fault(400).0, "invalid_scope");
    }
    sign_in(&app, &client.id, &secret, "").await.expect(200);
}

async fn a_proxy_is_believed_where_it_is_trusted_and_no_further(app: TestApp) {
    for (trusted, headers, own, why) in [
        ("", &[("x-forwarded-for", "192.0.2.1")][..], false, "nobody is trusted"),
        ("10.0.0.0/8", &[("x-forwarded-for", "192.0.2.1")], false, "somebody else is trusted"),
        ("127.0.0.1", &[("x-forwarded-for", "192.0.2.1")], true, "the proxy is trusted"),
        ("127.0.0.0/8", &[("x-forwarded-for", "192.0.2.1")], true, "its network is trusted"),
        ("127.0.0.1", &[("forwarded", "for=192.0.2.1;proto=https")], true, "as RFC 7239 has it"),
        ("127.0.0.1", &[], false, "the proxy asks for itself"),
        ("127.0.0.1", &[("x-forwarded-for", "unknown")], false, "it does not know"),
        ("127.0.0.1", &[("x-forwarded-for", "198.51.100.7, 192.0.2.1")], true, "what the caller made up stands to the left"),
        ("127.0.0.1,10.0.0.0/8", &[("x-forwarded-for", "192.0.2.1, 10.1.2.3")], true, "a second proxy"),
        ("127.0.0.1", &[("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=198.51.100.7")], true, "the header that proxies write"),
    ] {
        let app = app.another_with(Settings { address_rate: 1, trusted_proxies: trusted.parse().unwrap(), ..settings() });
        assert_eq!(app.anyone().send(Method::GET, READ, headers, Vec::new()).await.status, 200, "{why}");

        // Whose quota is used up?
        let through = if trusted.starts_with("127.") { "127.0.0.1" } else { "" };
        let proxy = app.anyone().get(READ).await.status.as_u16();
        let caller = app.anyone().send(Method::GET, READ, &[("x-forwarded-for", "192.0.2.1")], Vec::new()).await.status.as_u16();
        let expected = match (own, through) {
            (true, _) => (200, 429),
            (false, "") => (429, 429),
            (false, _) => (429, 200),
        };
        assert_eq!((proxy, caller), expected, "{trusted} {headers:?}: {why}");
    }
}

/// Settings under which tests can come from any address.
fn behind_a_proxy() -> Settings {
    Settings { trusted_proxies: "127.0.0.1".parse().unwrap(), ..settings() }
}

async fn from(user: &User, address: &str) -> Answer {
    user.send(Method::GET, READ, &[("x-forwarded-for", address)], Vec::new()).await
}

async fn statuses(user: &User, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(user.get(READ).await.status.as_u16());
    }
    statuses
}

async fn sign_in(app: &TestApp, id: &str, secret: &str, address: &str) -> Answer {
    post_form(app, format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"), address).await
}

async fn fail(app: &TestApp, id: &str, times: usize, address: &str) {
    for _ in 0..times {
        assert!(sign_in(app, id, "wrong", address).await.status.is_client_error());
    }
}

async fn post_form(app: &TestApp, form: String, address: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    if !address.is_empty() {
        headers.push(("x-forwarded-for", address));
    }
    app.anyone().send(Method::POST, "/oauth/token", &headers, form.into_bytes()).await
}
