//! What the edge lets through: sizes, encodings, media types, time, methods, paths. What bodies say lives in `bad_input`.
//! Where a client library would tidy a request up, it is written to the socket as it is.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web;
use chitieu::config::Settings;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::app::settings;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not,
    a_body_that_hides_its_length_is_cut_off_at_the_limit,
    a_body_that_is_encoded_is_refused,
    a_body_of_another_media_type_is_refused,
    a_media_type_may_have_parameters_and_capitals,
    a_body_that_does_not_arrive_in_time_is_not_waited_for,
    a_method_that_a_path_does_not_have_is_answered_with_those_it_has,
    a_page_asked_with_another_method_says_which_it_has,
    a_path_that_does_not_exist_is_unknown_to_every_method,
    a_head_is_a_get_without_its_body,
    odd_paths_and_queries_never_break_the_service,
    a_file_is_taken_in_of_who_may_send_it,
    bytes_that_are_no_http_never_break_the_service,
    a_url_is_read_up_to_a_length_and_no_further,
    header_fields_are_read_up_to_a_length_and_no_further,
    more_header_fields_than_the_framework_takes_are_refused,
    a_stream_that_trickles_is_not_waited_for,
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not(app: TestApp) {
    let department = app.department().await;
    let limit = usize::try_from(settings().body_limit).unwrap();
    let padded = |length: usize| {
        let mut body = good_batch().into_bytes();
        body.resize(length, b' ');
        body
    };

    // Only the head: a server that reads the body of a request that it refuses has not refused it.
    let token = department.token.as_deref().unwrap();
    let head = format!("{}content-length: {}\r\n\r\n", head("POST", "/v1/submissions", token), limit + 1);
    let over = raw(app.address, head.into_bytes()).await;

    assert_eq!(over.fault(413), ("body_too_large".into(), String::new()));
    assert_nothing_is_stored(&department).await;
    let exact = department.send(Method::POST, "/v1/submissions", &[JSON], padded(limit)).await;
    assert_eq!(exact.expect(201)["counts"]["created"], 1);
}

async fn a_body_that_hides_its_length_is_cut_off_at_the_limit(app: TestApp) {
    let department = app.department().await;
    let limit = usize::try_from(settings().body_limit).unwrap();
    let head = head("POST", "/v1/submissions", department.token.as_deref().unwrap());
    // Without its end: what a server closes a connection on unread can cost the client the answer.
    let chunk = format!("{:x}\r\n{}", limit + 1, " ".repeat(limit + 1));

    let answer = raw(app.address, format!("{head}transfer-encoding: chunked\r\n\r\n{chunk}").into_bytes()).await;

    assert_eq!(answer.fault(413), ("body_too_large".into(), String::new()));
    assert_nothing_is_stored(&department).await;
}

async fn a_body_that_is_encoded_is_refused(app: TestApp) {
    let department = app.department().await;

    for (encoding, body, why) in [
        ("gzip", good_batch().into_bytes(), "said to be encoded"),
        ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".to_vec(), "the beginning of something that could become a gigabyte"),
        ("br", good_batch().into_bytes(), "said to be encoded"),
        ("deflate", good_batch().into_bytes(), "said to be encoded"),
        ("zstd", good_batch().into_bytes(), "said to be encoded"),
        ("GZIP", good_batch().into_bytes(), "in capitals"),
        ("identity, gzip", good_batch().into_bytes(), "encoded once is encoded"),
        ("rot13", good_batch().into_bytes(), "nobody's encoding"),
    ] {
        for (path, media) in [("/v1/submissions", "application/json"), ("/oauth/token", "application/x-www-form-urlencoded")] {
            let headers = [("content-type", media), ("content-encoding", encoding)];
            let answer = department.send(Method::POST, path, &headers, body.clone()).await;

            assert_eq!(answer.fault(415), ("content_encoding_refused".into(), String::new()), "{path} {encoding}: {why}");
            assert_eq!(allowed(&answer), ["identity"], "{encoding}: {why}");
            assert_eq!(answer.header("accept-encoding"), "identity", "{encoding}: {why}");
        }
    }
    assert_nothing_is_stored(&department).await;

    for encoding in ["identity", "Identity"] {
        let headers = [JSON, ("content-encoding", encoding)];
        department.send(Method::POST, "/v1/submissions", &headers, good_batch().into_bytes()).await.expect(201);
    }
}

async fn a_body_of_another_media_type_is_refused(app: TestApp) {
    let department = app.client(&[Scope::Submit, Scope::Targets, Scope::Catalogue]).await;
    let form = "application/x-www-form-urlencoded";

    for (method, path, expected) in [
        (Method::PUT, "/v1/provinces", "application/json"),
        (Method::PUT, "/v1/targets", "application/json"),
        (Method::PUT, "/v1/indicators/wholesale-sales", "application/json"),
        (Method::POST, "/oauth/token", form),
    ] {
        let other = if expected == form { "application/json" } else { form };
        for (headers, why) in [
            (&[][..], "none"),
            (&[("content-type", "")], "an empty one"),
            (&[("content-type", "text/plain")], "text"),
            (&[("content-type", "text/csv")], "a table"),
            (&[("content-type", other)], "that of another call"),
            (&[("content-type", "application/jsonp")], "nearly the right one"),
            (&[("content-type", "json")], "half of one"),
            (&[("content-type", "multipart/form-data; boundary=x")], "a file"),
        ] {
            let answer = department.send(method.clone(), path, headers, good_batch().into_bytes()).await;

            assert_eq!(answer.fault(415), ("unsupported_media_type".into(), String::new()), "{method} {path}: {why}");
            assert_eq!(allowed(&answer), [expected], "{method} {path}: {why}");
        }
    }
    assert_nothing_is_stored(&department).await;
}

async fn a_media_type_may_have_parameters_and_capitals(app: TestApp) {
    let department = app.department().await;

    for media in ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"] {
        let answer = department.send(Method::POST, "/v1/submissions", &[("content-type", media)], good_batch().into_bytes()).await;

        assert_eq!(answer.status, 201, "{media}: {}", answer.text());
    }
}

async fn a_body_that_does_not_arrive_in_time_is_not_waited_for(app: TestApp) {
    let app = app.another_with(Settings { request_timeout: 1, ..settings() });
    let department = app.department().await;
    let body = good_batch();
    let (half, _) = body.split_at(body.len() / 2);
    let head = head("POST", "/v1/submissions", department.token.as_deref().unwrap());

    let answer = raw(app.address, format!("{head}content-length: {}\r\n\r\n{half}", body.len()).into_bytes()).await;

    assert_eq!(answer.status, 408, "{}", answer.text());
    assert_nothing_is_stored(&department).await;
    assert_eq!(answer.fault(408), ("request_timeout".into(), String::new()));
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "as safe as any other answer");
}

async fn a_method_that_a_path_does_not_have_is_answered_with_those_it_has(app: TestApp) {
    let department = app.department().await;
    let document = app.anyone().get("/openapi.json").await.expect(200);
    let mut asked = 0;

    for (path, item) in document["paths"].as_object().unwrap() {
        let mut served: Vec<String> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        if served.contains(&"GET".to_owned()) {
            served.push("HEAD".into());
        }
        served.sort();
        let at = path.replace("{id}", "24").replace("{code}", "bts-sites");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"] {
            if served.iter().any(|known| known == method) {
                continue;
            }
            let answer = department.send(Method::from_bytes(method.as_bytes()).unwrap(), &at, &[JSON], b"{}".to_vec()).await;

            assert_eq!(answer.status, 405, "{method} {at}: {}", answer.text());
            assert_eq!(listed(&answer), served, "{method} {at}");
            if method != "HEAD" {
                assert_eq!(answer.fault(405), ("method_not_allowed".into(), String::new()), "{method} {at}");
                assert_eq!(sorted(allowed(&answer)), served, "{method} {at}");
            }
            asked += 1;
        }
    }
    assert!(asked >= 60, "only {asked} requests made of the document");
}

async fn a_page_asked_with_another_method_says_which_it_has(app: TestApp) {
    for path in ["/", "/style.css", "/docs/", "/docs/index.html", "/openapi.json"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::TRACE] {
            let answer = app.anyone().send(method, path, &[], Vec::new()).await;

            assert_eq!(answer.fault(405), ("method_not_allowed".into(), String::new()), "{}", answer.request);
            assert_eq!(listed(&answer), ["GET", "HEAD"], "{}", answer.request);
        }
    }
}

async fn a_path_that_does_not_exist_is_unknown_to_every_method(app: TestApp) {
    for path in
        ["/nothing", "/v1", "/v1/", "/v2/provinces", "/v1/provinces/", "/v1/provinces/24/people", "/index.php", "/.env", "/v1/Provinces"]
    {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = app.anyone().send(method, path, &[JSON], b"{}".to_vec()).await;

            assert_eq!(answer.fault(404), ("unknown_path".into(), String::new()), "{}", answer.request);
            assert_eq!(answer.json()["instance"], path, "{}", answer.request);
        }
    }
}

async fn a_head_is_a_get_without_its_body(app: TestApp) {
    let app = app.with_real_figures().await;
    let department = app.department().await;

    for (path, status) in [
        ("/", 200),
        ("/style.css", 200),
        ("/openapi.json", 200),
        ("/docs/", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/v1/provinces?on=2024-06-30", 200),
        ("/v1/provinces/24?on=2024-06-30", 200),
        ("/v1/indicators/bts-sites", 200),
        ("/v1/series?province=bac-giang-1997&indicator=bts-sites", 200),
        ("/v1/comparisons?province=24&period=2024-H1", 200),
        ("/v1/submissions", 200),
        ("/v1/targets", 200),
        ("/v1/provinces?colour=red", 400),
        ("/v1/provinces/Atlantis", 404),
        ("/nothing", 404),
    ] {
        let get = department.get(path).await;
        let head = department.send(Method::HEAD, path, &[], Vec::new()).await;

        assert_eq!((get.status.as_u16(), head.status.as_u16()), (status, status), "{path}");
        assert!(!get.body.is_empty() && head.body.is_empty(), "{path}: {}", head.text());
        assert_eq!(lasting(&head), lasting(&get), "{path}");
        assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
    }
    let anyone = app.anyone().send(Method::HEAD, "/v1/submissions", &[], Vec::new()).await;
    assert_eq!((anyone.status, anyone.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer realm=\"chitieu\""));
}

async fn odd_paths_and_queries_never_break_the_service(app: TestApp) {
    let department = app.department().await;
    let token = department.token.as_deref().unwrap();
    let long = "a".repeat(8 * 1024);
    let many = (0..2000).fold(String::new(), |text, n| format!("{text}&p{n}"));

    for (target, why) in [
        ("/%2e%2e/%2e%2e/etc/passwd".to_owned(), "dots, encoded"),
        ("/../../etc/passwd".to_owned(), "dots"),
        ("/docs/../Cargo.toml".to_owned(), "dots under the documentation"),
        ("/docs/%2e%2e%2fCargo.toml".to_owned(), "dots and a slash, encoded"),
        ("/v1/provinces/%2e%2e%2f24".to_owned(), "dots and a slash in an id"),
        ("/v1/provinces/%00".to_owned(), "a NUL in the path"),
        ("/v1/indicators/%00".to_owned(), "a NUL in the path"),
        ("/v1/provinces/%00/versions".to_owned(), "a NUL that is looked up"),
        ("/v1/organisations/%00".to_owned(), "a NUL that is looked up"),
        ("/v1/submissions/%FF".to_owned(), "no UTF-8 in the path"),
        ("/v1/provinces/%".to_owned(), "half an escape"),
        ("/v1/provinces/%zz".to_owned(), "no escape"),
        ("//".to_owned(), "two slashes"),
        ("//v1//provinces".to_owned(), "more slashes"),
        (format!("/{long}"), "eight kilobytes of path"),
        (format!("/v1/provinces/{long}"), "eight kilobytes of id"),
        (format!("/v1/provinces?q={long}"), "eight kilobytes of query"),
        (format!("/v1/series?province=24&indicator=bts-sites{many}"), "two thousand parameters"),
        (format!("/v1/series?province={}&indicator=bts-sites", "24,".repeat(2000)), "two thousand provinces"),
        ("/v1/provinces?q=%FF".to_owned(), "no UTF-8 in the query"),
        ("/v1/provinces?q=%00".to_owned(), "a NUL in the query"),
        ("/v1/provinces?%00=1".to_owned(), "a NUL as a name"),
        ("/v1/provinces?q=%E1%BA".to_owned(), "half a character"),
        ("/v1/provinces?&&&=&=".to_owned(), "no names and no values"),
        ("/v1/submissions?cursor=AA".to_owned(), "a cursor of one NUL"),
        ("/v1/submissions?cursor=JyBPUiAxPTE".to_owned(), "a cursor of SQL"),
        ("/v1/targets?cursor=AAoACgAKAA".to_owned(), "a cursor of NULs"),
        ("/v1/series?province=24&indicator=bts-sites&breakdown=%00:%00".to_owned(), "a breakdown of NULs"),
        ("/v1/series?province=24&indicator=bts-sites&last=99999999999999999999".to_owned(), "more points than numbers"),
        ("/v1/series?province=24&indicator=bts-sites&from=1945&to=2199&units=pc1".to_owned(), "all time"),
        ("http://elsewhere.example/v1/provinces".to_owned(), "somebody else's address"),
        ("*".to_owned(), "an asterisk"),
        ("/v1/submissions/019a%00".to_owned(), "a NUL behind an id"),
    ] {
        let answer = raw(app.address, format!("{}\r\n", head("GET", &target, token)).into_bytes()).await;

        assert_no_fault_of_ours(&answer, why);
    }
    app.anyone().get("/healthz").await.expect(200);
}

async fn a_file_is_taken_in_of_who_may_send_it(app: TestApp) {
    let reader = app.client(&[Scope::Read]).await.token.unwrap();
    for (authorization, status, code, why) in [
        (String::new(), 401, "token_missing", "nobody"),
        ("authorization: Bearer forged\r\n".to_owned(), 401, "token_invalid", "somebody else"),
        (format!("authorization: Bearer {reader}\r\n"), 403, "scope_missing", "who only reads"),
    ] {
        for media in ["text/csv", "application/x-ndjson"] {
            let head =
                format!("POST /v1/submissions HTTP/1.1\r\nhost: chitieu.example\r\ncontent-type: {media}\r\ncontent-length: 900000\r\n");

            // Nothing of the body is sent: who waits for it gets no answer of this kind.
            let answer = raw(app.address, format!("{head}{authorization}\r\n").into_bytes()).await;

            assert_eq!(answer.fault(status).0, code, "{why}, {media}");
        }
    }
}

async fn bytes_that_are_no_http_never_break_the_service(app: TestApp) {
    let host = app.address;
    for (bytes, why) in [
        (format!("GET /v1/provinces?q=\u{1ead} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes(), "UTF-8 in the query, not encoded"),
        ([&b"GET /v1/provinces?q=\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n"[..]].concat(), "no UTF-8 in the query, not encoded"),
        (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nx: a\0b\r\n\r\n").into_bytes(), "a NUL in a header"),
        (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nbroken\r\n\r\n").into_bytes(), "a header without a colon"),
        (
            format!("POST /oauth/token HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
                .into_bytes(),
            "two lengths",
        ),
        (format!("POST /oauth/token HTTP/1.1\r\nhost: {host}\r\ncontent-length: -1\r\n\r\n").into_bytes(), "a negative length"),
        (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer\r\n\r\n").into_bytes(), "a token that is not there"),
        (format!("GET /v1/targets HTTP/1.1\r\nhost: {host}\r\nauthorization: \u{e9}\r\n\r\n").into_bytes(), "a token of odd bytes"),
        (b"GET / HTTP/9.9\r\n\r\n".to_vec(), "a version of the future"),
        (b"hello\r\n\r\n".to_vec(), "no request"),
    ] {
        let answer = raw(app.address, bytes).await;

        assert!(answer.status.as_u16() < 500, "{why}: {} {}", answer.status, answer.text());
    }
    app.anyone().get("/healthz").await.expect(200);
}

async fn a_url_is_read_up_to_a_length_and_no_further(app: TestApp) {
    let reader = app.anyone();
    let path = "/v1/provinces";
    // The question mark is no part of either.
    let query = |length: usize| format!("{path}?q={}", "a".repeat(length - path.len() - "q=".len()));
    let parameters = |count: usize| format!("{path}?limit=1{}", "&x".repeat(count - 1));
    let segment = |length: usize| format!("{path}/{}", "a".repeat(length));

    for (target, status, why) in [
        (query(8 * 1024), 400, "as long as may be: only too long for what it says"),
        (query(8 * 1024 + 1), 414, "a byte longer"),
        (format!("/{}", "a/".repeat(4096)), 414, "a path of many parts"),
        (segment(1024), 404, "a part as long as may be, of which nothing has the name"),
        (segment(1025), 414, "a byte longer"),
        (parameters(500), 400, "as many parameters as may be, which nobody knows"),
        (parameters(501), 414, "one more"),
    ] {
        let answer = reader.get(&target).await;

        assert_eq!(answer.status, status, "{why}: {}", answer.text());
        if status == 414 {
            assert_eq!(answer.fault(414), ("uri_too_long".into(), String::new()), "{why}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(["8192", "1024", "500"].iter().any(|most| detail.contains(most)), "{why}: {detail}");
        }
    }
    let both = reader.get(&format!("{path}/{}?{}", "a".repeat(1025), "&x".repeat(4000))).await;
    assert_eq!(both.faults(414).len(), 3, "everything that is wrong is named: {}", both.text());
}

async fn header_fields_are_read_up_to_a_length_and_no_further(app: TestApp) {
    let ask = async |length: usize| {
        let fixed = "GET /healthz HTTP/1.1\r\nhost: x\r\n";
        // The names and values: `host`, `x` and that of the long one.
        let long = "a".repeat(length - "hostx".len() - "x-long".len());
        raw(app.address, format!("{fixed}x-long: {long}\r\n\r\n").into_bytes()).await
    };

    ask(16 * 1024).await.expect(200);
    assert_eq!(ask(16 * 1024 + 1).await.fault(431), ("headers_too_large".into(), String::new()));
}

/// The framework has refused it before anything of ours is asked: the status is right, a body there is none.
async fn more_header_fields_than_the_framework_takes_are_refused(app: TestApp) {
    for (count, status) in [(96, 200), (97, 431)] {
        let fields = (1..count).map(|n| format!("x-{n}: a\r\n")).collect::<Vec<_>>().concat();
        let answer = raw(app.address, format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{fields}\r\n").into_bytes()).await;

        assert_eq!(answer.status, status, "{count} fields: {}", answer.text());
    }
    let endless = raw(app.address, format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}", "a".repeat(140 * 1024)).into_bytes()).await;
    assert_eq!(endless.status, 431, "a field that does not end");
}

async fn a_stream_that_trickles_is_not_waited_for(app: TestApp) {
    let app = app.another_with(Settings { request_timeout: 1, ..settings() });
    let department = app.department().await;
    let (address, token) = (app.address, department.token.clone().unwrap());

    let answer = web::block(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = head("POST", "/v1/submissions?mode=partial", &token).replace("application/json", "application/x-ndjson");
        stream.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).unwrap();
        // A space at a time, each well within the time limit: waiting for an answer in between keeps the pace.
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let mut received = [0; 4096];
        for _ in 0..150 {
            let read = stream.read(&mut received).unwrap_or_default();
            if read > 0 {
                return String::from_utf8_lossy(&received[..read]).into_owned();
            }
            stream.write_all(b"1\r\n \r\n").unwrap();
        }
        "nothing within half a minute".to_owned()
    });

    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_nothing_is_stored(&department).await;
}

/// A batch of one good figure.
fn good_batch() -> String {
    json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]}).to_string()
}

/// The head of a request with a JSON body, but for the length of that and the empty line.
fn head(method: &str, target: &str, token: &str) -> String {
    let fixed = "host: chitieu.example\r\ncontent-type: application/json\r\n";
    format!("{method} {target} HTTP/1.1\r\n{fixed}authorization: Bearer {token}\r\n")
}

/// Writes bytes to the server as they are and reads one answer.
async fn raw(address: SocketAddr, bytes: Vec<u8>) -> Answer {
    web::block(move || exchange(address, &bytes)).await.unwrap()
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // No timing is asserted: without an answer the test fails instead of hanging.
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(bytes).unwrap();
    let request = String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().chars().take(80).collect();
    let mut received = Vec::new();
    let head_end = loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        receive(&mut stream, &mut received);
    };
    let head = String::from_utf8(received[..head_end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse::<u16>().unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let length: usize = headers.get("content-length").map_or(0, |length| length.to_str().unwrap().parse().unwrap());
    let mut body = received.split_off(head_end + 4);
    while body.len() < length {
        receive(&mut stream, &mut body);
    }
    Answer { request, status: StatusCode::from_u16(status).unwrap(), headers, body }
}

fn receive(stream: &mut TcpStream, received: &mut Vec<u8>) {
    let mut buffer = [0; 4096];
    let read = stream.read(&mut buffer).unwrap();
    assert_ne!(read, 0, "the connection was closed after {:?}", String::from_utf8_lossy(received));
    received.extend_from_slice(&buffer[..read]);
}

/// The answer is a good one, or says in our shape that the request is not.
#[track_caller]
fn assert_no_fault_of_ours(answer: &Answer, why: &str) {
    let status = answer.status.as_u16();
    assert!(status == 200 || (400..500).contains(&status), "{why}: {status} {}", answer.text());
    if status != 200 {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{why}: {status} {}", answer.text());
        answer.faults(status);
    }
}

async fn assert_nothing_is_stored(user: &User) {
    let page = user.get("/v1/series?province=bac-giang-1997&indicator=bts-sites&breakdown=*").await.expect(200);
    assert_eq!(page["items"], json!([]));
    assert_eq!(user.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

/// What the only fault of an answer says would have been accepted.
fn allowed(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let allowed = problem["errors"][0]["allowed"].as_array().cloned().unwrap_or_default();
    allowed.iter().map(|word| Value::as_str(word).unwrap().to_owned()).collect()
}

/// The methods of `Allow`.
fn listed(answer: &Answer) -> Vec<String> {
    sorted(answer.header("allow").split(", ").map(str::to_owned).collect())
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}

/// The headers that are the same for the same request.
fn lasting(answer: &Answer) -> Vec<(String, String)> {
    let passing = ["date", "ratelimit", "x-request-id"];
    let all = answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut lasting: Vec<(String, String)> = all.filter(|(name, _)| !passing.contains(&name.as_str())).collect();
    lasting.sort();
    lasting
}
