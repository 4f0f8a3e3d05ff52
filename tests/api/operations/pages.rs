//! Pages, documentation, health and readiness; and what every answer carries: safe headers, a name of its own, a tag,
//! a compressed body. What an answer says lives in the file of its resource.

use std::collections::HashSet;
use std::net::TcpListener;

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpServer, rt};
use chitieu::clock::Clock;
use chitieu::config::Settings;
use chitieu::domain::access::scope::Scope;
use chitieu::server_state::ServerState;
use chitieu::service::auth::keys::Keys;
use chitieu::store::{Conn, StoreError};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};
use serde_json::json;

use crate::support::app::settings;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    the_front_page_says_what_this_is_and_its_links_work,
    the_documentation_is_served_without_inline_script,
    the_document_of_the_api_is_served,
    health_and_readiness_are_told,
    every_answer_has_safe_headers_and_a_name_of_its_own,
    a_reader_that_has_the_answer_is_told_so_and_sent_nothing,
    changed_figures_have_another_tag,
    what_one_caller_is_told_is_not_another_callers,
    faults_have_no_tag,
    answers_are_compressed_for_readers_that_take_it,
}

async fn the_front_page_says_what_this_is_and_its_links_work(app: TestApp) {
    let app = app.with_real_figures().await;
    let anyone = app.anyone();

    let page = anyone.get("/").await;

    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let html = page.text();
    for words in ["chỉ tiêu", "Vietnamese provincial departments", "cùng kỳ năm trước", "same period last year", "targets"] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("<script"), "{html}");
    let links = attributes(&html, "href");
    assert!(links.len() >= 7, "{links:?}");
    for link in links {
        let target = anyone.get(&link).await;
        assert_eq!(target.status, 200, "{link}: {}", target.text());
        if link.starts_with("/v1/") {
            assert_ne!(target.json()["items"], json!([]), "{link} shows something");
        }
    }
}

async fn the_documentation_is_served_without_inline_script(app: TestApp) {
    let anyone = app.anyone();

    let short = anyone.get("/docs").await;
    let page = anyone.get("/docs/").await;

    assert!(short.status.is_redirection(), "{}", short.status);
    assert_eq!(short.header("location"), "/docs/");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    let html = page.text();
    for script in html.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=") && rest.trim_start().starts_with("</script>"), "an inline script: {tag}");
    }
    let assets: Vec<String> = [attributes(&html, "src"), attributes(&html, "href")].concat();
    assert!(["./swagger-ui-bundle.js", "./swagger-ui.css"].iter().all(|asset| assets.contains(&(*asset).to_owned())), "{assets:?}");
    for asset in assets {
        let path = format!("/docs/{}", asset.trim_start_matches("./"));
        let answer = anyone.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: from this server and nowhere else");
        assert_eq!(answer.header("content-encoding"), "", "{path}: as it is, for a reader that asked for nothing else");
        assert!(!answer.body.is_empty(), "{path}");
    }
    let initializer = anyone.get("/docs/swagger-initializer.js").await.text();
    assert!(initializer.contains("/openapi.json"), "{initializer}");
    assert_eq!(anyone.get("/docs/nothing.js").await.fault(404).0, "unknown_path");
}

async fn the_document_of_the_api_is_served(app: TestApp) {
    let answer = app.anyone().get("/openapi.json").await;

    let document = answer.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(document["info"]["title"], "chitieu");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert!(document["paths"]["/v1/submissions"]["post"].is_object());
}

async fn health_and_readiness_are_told(app: TestApp) {
    for path in ["/healthz", "/readyz"] {
        let answer = app.anyone().get(path).await.expect(200);

        assert_eq!(answer, json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}), "{path}");
    }
}

async fn every_answer_has_safe_headers_and_a_name_of_its_own(app: TestApp) {
    let (anyone, department) = (app.anyone(), app.department().await);
    let batch = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]});
    let get = async |user: &User, path: &str| user.get(path).await;
    let tag = anyone.get("/v1/provinces").await.header("etag").to_owned();
    let mut names = HashSet::new();

    for (answer, status) in [
        (get(&anyone, "/").await, 200),
        (get(&anyone, "/style.css").await, 200),
        (get(&anyone, "/openapi.json").await, 200),
        (get(&anyone, "/docs").await, 307),
        (get(&anyone, "/docs/").await, 200),
        (get(&anyone, "/docs/swagger-ui-bundle.js").await, 200),
        (get(&anyone, "/healthz").await, 200),
        (get(&anyone, "/readyz").await, 200),
        (get(&anyone, "/v1/provinces").await, 200),
        (anyone.send(Method::HEAD, "/v1/provinces", &[], Vec::new()).await, 200),
        (anyone.send(Method::GET, "/v1/provinces", &[("if-none-match", &tag)], Vec::new()).await, 304),
        (anyone.send(Method::GET, "/v1/provinces", &[("accept-encoding", "gzip")], Vec::new()).await, 200),
        (department.post("/v1/submissions", &batch).await, 201),
        (department.post("/v1/submissions?dry_run=true", &batch).await, 200),
        (get(&anyone, "/v1/provinces?colour=red").await, 400),
        (anyone.post("/v1/submissions", &batch).await, 401),
        (app.client(&[Scope::Read]).await.post("/v1/submissions", &batch).await, 403),
        (get(&anyone, "/nothing").await, 404),
        (get(&anyone, "/docs/nothing").await, 404),
        (anyone.send(Method::DELETE, "/v1/provinces", &[], Vec::new()).await, 405),
        (department.send(Method::POST, "/v1/submissions", &[], b"x".to_vec()).await, 415),
        (department.post("/v1/submissions", &json!({})).await, 422),
    ] {
        let what = &answer.request;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what} {status}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what} {status}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src") && policy.contains("frame-ancestors 'none'"), "{what} {status}: {policy}");
        assert!(!policy.split(';').any(|part| part.contains("script-src") || part.contains("unsafe-eval")), "{what} {status}: {policy}");
        assert!(!answer.headers.contains_key("set-cookie"), "{what} {status}: there are no sessions");
        assert!(!answer.headers.contains_key("server"), "{what} {status}: what it is made of is nobody's business");
        let name = answer.header("x-request-id").to_owned();
        assert!(!name.is_empty() && names.insert(name.clone()), "{what} {status}: {name} is no name of its own");
    }
}

async fn a_reader_that_has_the_answer_is_told_so_and_sent_nothing(app: TestApp) {
    let app = app.with_real_figures().await;
    let anyone = app.anyone();

    for path in [
        "/",
        "/openapi.json",
        "/docs/swagger-ui.css",
        "/v1/provinces",
        "/v1/provinces/24?on=2024-06-30",
        "/v1/indicators/bts-sites",
        "/v1/series?province=bac-giang-1997&indicator=bts-sites",
        "/v1/comparisons?province=24&period=2024-H1",
        "/v1/targets",
    ] {
        let tag = anyone.get(path).await.header("etag").to_owned();
        let strong = tag.trim_start_matches("W/").to_owned();
        assert!(strong.starts_with('"') && strong.ends_with('"') && strong.len() > 2, "{path}: the tag is {tag:?}");
        for (known, status, why) in [
            (tag.clone(), 304, "the tag itself"),
            (strong.clone(), 304, "compared weakly, W/ or not"),
            (format!("\"abc\", {tag}"), 304, "one of a list"),
            (format!("{tag},W/\"abc\""), 304, "one of a list without blanks"),
            ("*".to_owned(), 304, "whatever there is"),
            ("\"abc\"".to_owned(), 200, "another tag"),
            (format!("\"abc{}", &strong[1..]), 200, "a tag that ends alike"),
            (String::new(), 200, "no tag"),
        ] {
            let answer = anyone.send(Method::GET, path, &[("if-none-match", &known)], Vec::new()).await;

            assert_eq!(answer.status.as_u16(), status, "{path}: {why}");
            assert_eq!(answer.body.is_empty(), status == 304, "{path}: {why}");
            assert_eq!(answer.header("etag"), tag, "{path}: {why}");
        }
        let packed = [("if-none-match", tag.as_str()), ("accept-encoding", "gzip")];
        assert_eq!(anyone.send(Method::GET, path, &packed, Vec::new()).await.status, 304, "{path}: for a reader that takes it compressed");
        let head = anyone.send(Method::HEAD, path, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!(head.status, 304, "{path}: HEAD is GET");
    }
}

async fn changed_figures_have_another_tag(app: TestApp) {
    let department = app.department().await;
    let path = "/v1/series?province=bac-giang-1997&indicator=bts-sites";
    let of = |value: i64| json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": value}]});
    department.submit(&of(1595)).await;
    let before = app.anyone().get(path).await.header("etag").to_owned();
    let known = [("if-none-match", before.as_str())];

    department.submit(&of(1595)).await;
    let unchanged = app.anyone().send(Method::GET, path, &known, Vec::new()).await;
    department.submit(&of(1596)).await;
    let changed = app.anyone().send(Method::GET, path, &known, Vec::new()).await;

    assert_eq!(unchanged.status, 304, "the same figure again is the same answer");
    assert_eq!(changed.expect(200)["items"][0]["observations"][0]["value"], 1596);
    assert_ne!(changed.header("etag"), before);
}

async fn what_one_caller_is_told_is_not_another_callers(app: TestApp) {
    let path = "/v1/provinces";

    let open = app.anyone().get(path).await;
    let own = app.department().await.get(path).await;

    assert_eq!(open.header("cache-control"), "no-cache", "kept, and asked about each time");
    assert_eq!(own.header("cache-control"), "private, no-cache", "not kept by anyone in between");
    for answer in [&open, &own] {
        assert!(varies_by(answer, "authorization"), "{}", answer.header("vary"));
    }
}

async fn faults_have_no_tag(app: TestApp) {
    for (path, status) in [("/nothing", 404), ("/v1/provinces?colour=red", 400), ("/v1/submissions", 401)] {
        let answer = app.anyone().send(Method::GET, path, &[("if-none-match", "*")], Vec::new()).await;

        answer.fault(status);
        assert_eq!((answer.header("etag"), answer.header("cache-control")), ("", "no-store"), "{path}");
    }
}

async fn answers_are_compressed_for_readers_that_take_it(app: TestApp) {
    let anyone = app.anyone();

    for path in ["/v1/provinces", "/openapi.json", "/docs/swagger-ui.css"] {
        let plain = anyone.get(path).await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        for (accepted, encoding, why) in [
            ("gzip", "gzip", "what was asked for"),
            ("br", "br", "what was asked for"),
            ("gzip;q=0.5, br;q=0.8", "br", "what was liked better"),
            ("gzip, deflate, br, zstd", "br", "as browsers ask"),
            ("identity", "", "nothing was asked for"),
            ("zstd", "", "not spoken here"),
            ("br;q=0, gzip;q=0", "", "both refused"),
        ] {
            let answer = anyone.send(Method::GET, path, &[("accept-encoding", accepted)], Vec::new()).await;

            assert_eq!(answer.status, 200, "{path} {accepted}: {}", answer.text());
            assert_eq!(answer.header("content-encoding"), encoding, "{path} {accepted}: {why}");
            assert_eq!(answer.header("etag"), plain.header("etag"), "{path} {accepted}: one tag for all encodings");
            if encoding.is_empty() {
                assert!(answer.body == plain.body, "{path} {accepted}: {why}");
            } else {
                assert!(varies_by(&answer, "accept-encoding"), "{path} {accepted}: {}", answer.header("vary"));
                assert!(answer.body.len() < plain.body.len() / 2, "{path} {accepted}: {} bytes", answer.body.len());
            }
        }
    }
    let gzip = anyone.send(Method::GET, "/v1/provinces", &[("accept-encoding", "gzip")], Vec::new()).await;
    assert_eq!(gzip.body[..2], [0x1f, 0x8b], "what it says it is");
}

mod readiness_ends_with_the_database {
    #[actix_web::test]
    async fn postgres() {
        if let Some(app) = super::TestApp::on_postgres() {
            super::readiness_ends_with_the_database(app).await;
        }
    }
}

/// An SQLite file stays open to whoever has it open, even when it is deleted: only a server can go away.
async fn readiness_ends_with_the_database(app: TestApp) {
    // The service waits two seconds for a connection; so does a test server for a whole request, and either could be first.
    let patient = Settings { request_timeout: 30, ..settings() };
    let keys =
        app.state.context.db.write_blocking(|conn| Keys::load(conn, app.clock.now()).map_err(|failure: StoreError| failure)).unwrap();
    let state = Data::new(ServerState::new(app.state.context.db.clone(), app.clock.clone(), keys, patient));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let anyone = User::new(listener.local_addr().unwrap(), None);
    let server = HttpServer::new(move || chitieu::app::build(state.clone())).workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = server.handle();
    rt::spawn(server);
    anyone.get("/readyz").await.expect(200);

    drop_database(&app);

    let gone = anyone.get("/readyz").await;
    assert_eq!(gone.fault(503), ("unavailable".into(), String::new()));
    gone.expect_wait(1);
    assert!(!gone.text().contains("test_"), "nothing of the database's own words: {}", gone.text());
    anyone.get("/healthz").await.expect(200);
    handle.stop(false).await;
}

/// Ends a test's database under its running app.
fn drop_database(app: &TestApp) {
    let (folder, name): (String, String) = app
        .state
        .context
        .db
        .read_blocking(|conn| match conn {
            Conn::Pg(conn) => {
                let text = |expression| diesel::select(sql::<Text>(expression));
                let folder = text("current_setting('unix_socket_directories')").get_result(conn)?;
                Ok::<_, StoreError>((folder, text("current_database()::text").get_result(conn)?))
            }
            Conn::Sqlite(_) => panic!("only a server's database can be dropped under its clients"),
        })
        .unwrap();
    let mut admin = PgConnection::establish(&format!("postgres://chitieu@/postgres?host={folder}")).unwrap();
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
}

/// The values of an attribute, in the order of the page.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let opening = format!("{name}=\"");
    let values = html.split(&opening).skip(1).filter_map(|rest| rest.split_once('"'));
    values.map(|(value, _)| value.replace("&amp;", "&")).collect()
}

fn varies_by(answer: &Answer, header: &str) -> bool {
    let named = answer.headers.get_all("vary").flat_map(|value| value.to_str().unwrap().split(','));
    named.map(str::trim).any(|name| name.eq_ignore_ascii_case(header))
}
