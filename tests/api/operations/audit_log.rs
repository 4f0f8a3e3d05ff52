//! The audit log: every write has a line in its own transaction, refusals and reads of what is not open have one of their own, and none
//! holds a secret. What the lines are chained by is in `audit_chain`.

use std::collections::BTreeSet;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::store::StoreError;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::support::audited::{administrator, batch, define_internal, head, lines, of, said_of, short};
use crate::support::figures::fault;
use crate::support::{TestApp, User, on_both};

on_both! {
    every_write_is_one_line_that_says_who_and_from_where,
    a_write_that_changes_nothing_is_on_record_as_such,
    a_dry_run_is_no_write,
    each_submission_of_a_stream_is_a_line,
    a_write_is_not_done_that_cannot_be_recorded,
    what_is_not_open_is_not_shown_unrecorded,
    reads_of_what_is_not_open_are_on_record_and_others_are_not,
    refusals_are_on_record_with_their_code,
    refusals_without_a_token_are_counted_by_the_minute,
    what_clients_are_made_from_the_command_line_is_on_record,
    no_line_holds_a_secret,
    a_request_is_named_in_visible_characters_and_not_at_any_length,
    the_log_is_read_page_by_page_with_every_filter,
    administrators_see_what_concerns_them,
    what_cannot_be_read_of_a_question_is_named,
}

/// Every operation that writes, and what the log calls it.
const WRITES: &[(&str, &str)] = &[
    ("issue_token", "issue_token"),
    ("put_indicator", "put_indicator"),
    ("put_obligations", "put_obligations"),
    ("put_organisation", "put_organisation"),
    ("put_provinces", "put_provinces"),
    ("put_rule", "put_rule"),
    ("put_targets", "put_targets"),
    ("submit_figures", "submit"),
    ("replace_submission", "replace_submission"),
    ("submit_draft", "submit_draft"),
    ("return_submission", "return_submission"),
    ("withdraw_submission", "withdraw_submission"),
    ("approve_submission", "approve_submission"),
    ("revoke_token", "revoke_token"),
    ("create_client", "add_client"),
    ("put_client", "change_client"),
    ("rotate_client_secret", "rotate_client"),
    ("disable_client", "disable_client"),
    ("enable_client", "enable_client"),
];

/// Operations with another method than GET that write nothing.
const READS: &[(&str, &str)] = &[("validate_figures", "holds what is on record against the rules")];

#[test]
fn every_operation_of_the_document_is_one_of_those_that_write_or_read() {
    let document = document();
    let operations = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap());
    let others = operations.filter(|(method, _)| *method != "get").map(|(_, about)| about["operationId"].as_str().unwrap());

    let known: BTreeSet<&str> = WRITES.iter().chain(READS).map(|(id, _)| *id).collect();

    assert_eq!(others.collect::<BTreeSet<_>>(), known, "a new operation that writes leaves a line, and is in the list here");
}

async fn every_write_is_one_line_that_says_who_and_from_where(app: TestApp) {
    let keeper = app.client_of(Some("H02.12"), &[Scope::Catalogue, Scope::Targets, Scope::Admin]).await;
    let clerk = app.client_of(Some("H02.15"), &[Scope::Submit]).await;
    let leader = app.client_of(Some("H02.15"), &[Scope::Approve]).await;
    let administrator = app.client_of(Some("H02.16"), &[Scope::Admin, Scope::Read]).await;
    let of_ours = |name: &str| json!({"name": name, "organisation": "H02.16", "scopes": ["read"]});
    let (client, secret) = app.register(&[Scope::Read], &[]);
    let document = document();
    let mut id = String::new();
    let mut said = BTreeSet::new();

    for (operation, action) in WRITES {
        let (method, path, example) = documented(&document, operation);
        let path = path.replace("019a0000-0000-7000-8000-000000000000", &id);
        let (answer, organisation, subject) = match *operation {
            "issue_token" => {
                let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.id);
                (app.anyone().send(method, &path, &[FORM], form.into_bytes()).await, "H02.12", "token for read".to_owned())
            }
            "submit_figures" => {
                let answer = clerk.post(&path, &draft("bts-sites", 5)).await;
                answer.json()["id"].as_str().unwrap().clone_into(&mut id);
                (answer, "H02.15", format!("submission {id} draft"))
            }
            "replace_submission" => (clerk.put(&path, &draft("bts-sites", 6)).await, "H02.15", format!("submission {id} draft")),
            "submit_draft" => (clerk.post(&path, &json!({})).await, "H02.15", format!("submission {id} submitted")),
            "return_submission" => (leader.post(&path, &example).await, "H02.15", format!("submission {id} returned")),
            "withdraw_submission" => (clerk.post(&path, &json!({})).await, "H02.15", format!("submission {id} withdrawn")),
            "approve_submission" => {
                let other = clerk.post("/v1/submissions", &batch("bts-sites", "2024-05", 7)).await.expect(201);
                let other = other["id"].as_str().unwrap();
                let answer = leader.post(&path.replace(&id, other), &json!({})).await;
                (answer, "H02.15", format!("submission {other} approved"))
            }
            "revoke_token" => {
                let issued = app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap();
                let form = format!("token={}&client_id={}&client_secret={secret}", issued.token, client.id);
                (app.anyone().send(method, &path, &[FORM], form.into_bytes()).await, "H02.12", String::new())
            }
            "create_client" => {
                let answer = administrator.post(&path, &of_ours("new")).await;
                answer.json()["client_id"].as_str().unwrap().clone_into(&mut id);
                (answer, "H02.16", format!("client {id}"))
            }
            "put_client" => (administrator.put(&path, &of_ours("changed")).await, "H02.16", format!("client {id}")),
            "rotate_client_secret" | "disable_client" | "enable_client" => {
                (administrator.post(&path, &json!({})).await, "H02.16", format!("client {id}"))
            }
            "put_indicator" => (keeper.put(&path, &example).await, "H02.12", "indicator retail-sales version 2".into()),
            "put_organisation" => (keeper.put(&path, &example).await, "H02.12", "organisation H02.12".into()),
            "put_targets" => (keeper.put(&path, &example).await, "H02.12", "1 of 1 targets of bac-giang-1997".into()),
            "put_rule" => (keeper.put(&path, &example).await, "H02.12", "rule telecom-internet-revenue-of-post-telecom version 2".into()),
            _ => (keeper.put(&path, &example).await, "H02.12", String::new()),
        };
        assert!(answer.status.is_success(), "{operation}: {} {}", answer.status, answer.text());

        let of_it = of(&app, &answer);
        assert_eq!(of_it.len(), 1, "{operation}: {of_it:?}");
        let entry = &of_it[0].entry;
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), (*action, "done"), "{operation}");
        assert_eq!((entry.address.as_deref(), entry.organisation.as_deref()), (Some("127.0.0.1"), Some(organisation)), "{operation}");
        assert!(entry.client.as_ref().is_some_and(|client| client.len() == 36), "{operation}: {entry:?}");
        assert!(subject.is_empty() || entry.subject == subject, "{operation}: {} is not {subject}", entry.subject);
        assert!(!entry.subject.is_empty(), "{operation}");
        said.insert(entry.action.clone());
    }

    assert_eq!(said.len(), WRITES.len(), "each in words of its own: {said:?}");
}

async fn a_write_that_changes_nothing_is_on_record_as_such(app: TestApp) {
    let keeper = app.client(&[Scope::Catalogue, Scope::Targets, Scope::Admin, Scope::Submit]).await;
    let document = document();
    for operation in ["put_indicator", "put_obligations", "put_organisation", "put_rule", "put_targets"] {
        let (method, path, example) = documented(&document, operation);
        let headers = [("content-type", "application/json")];

        keeper.send(method.clone(), &path, &headers, example.to_string().into_bytes()).await;
        let again = keeper.send(method, &path, &headers, example.to_string().into_bytes()).await;

        assert!(again.status.is_success(), "{operation}: {}", again.text());
        assert_eq!(said_of(&app, &again), [format!("{operation} unchanged")]);
    }
    let headers = [("content-type", "application/json"), ("idempotency-key", "may")];
    let body = batch("bts-sites", "2024-05", 7).to_string().into_bytes();

    let first = keeper.send(Method::POST, "/v1/submissions", &headers, body.clone()).await;
    let replayed = keeper.send(Method::POST, "/v1/submissions", &headers, body).await;

    assert_eq!((first.status.as_u16(), replayed.status.as_u16()), (201, 200));
    assert_eq!((said_of(&app, &first), said_of(&app, &replayed)), (vec!["submit done".to_owned()], vec!["submit unchanged".to_owned()]));
}

async fn a_dry_run_is_no_write(app: TestApp) {
    define_internal(&app).await;
    let sender = app.client(&[Scope::Submit, Scope::Read]).await;

    let open = sender.post("/v1/submissions?dry_run=true", &batch("bts-sites", "2024-05", 7)).await;
    let internal = sender.post("/v1/submissions?dry_run=true", &batch("case-load", "2024-05", 7)).await;

    assert_eq!((open.status.as_u16(), internal.status.as_u16()), (200, 200));
    assert_eq!(said_of(&app, &open), Vec::<String>::new(), "nothing was written, nothing shown that is not open");
    assert_eq!(said_of(&app, &internal), ["read done"], "its answer says what becomes of a figure that is not open");
}

async fn each_submission_of_a_stream_is_a_line(app: TestApp) {
    let sender = app.department().await;
    let row = |province: &str| format!("{{\"province\": \"{province}\", \"indicator\": \"bts-sites\", \"value\": 7}}\n");
    let body = [row("bac-giang-1997"), row("ha-noi-2008"), "{}\n".to_owned()].concat();

    let answer = sender
        .send(Method::POST, "/v1/submissions?mode=partial&period=2024-05", &[("content-type", "application/x-ndjson")], body.into_bytes())
        .await;

    assert!(answer.text().ends_with("\"rejected\":1}}\n"), "{}", answer.text());
    assert_eq!(said_of(&app, &answer), ["submit done", "submit done"]);
}

async fn a_write_is_not_done_that_cannot_be_recorded(app: TestApp) {
    let department = app.department().await;
    run(&app, "ALTER TABLE audit RENAME TO audit_away");

    let written = department.post("/v1/submissions", &batch("bts-sites", "2024-05", 7)).await;
    let refused = department.post("/v1/submissions", &batch("no-such", "2024-05", 7)).await;

    assert_eq!(written.faults(500), [fault("internal", "")]);
    assert_eq!(refused.fault(422).0, "unknown_indicator", "what is refused is refused all the same");
    run(&app, "ALTER TABLE audit_away RENAME TO audit");
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
    let series = app.anyone().get("/v1/series?province=24&to=2024-12&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"], json!([]), "nothing is on record: {series}");
    assert_eq!((said_of(&app, &written), said_of(&app, &refused)), (Vec::new(), Vec::new()));
}

async fn what_is_not_open_is_not_shown_unrecorded(app: TestApp) {
    define_internal(&app).await;
    let reader = app.client(&[Scope::Read]).await;
    run(&app, "ALTER TABLE audit RENAME TO audit_away");

    for (indicator, status) in [("case-load", 503), ("bts-sites", 200)] {
        let answer = reader.get(&format!("/v1/series?province=24&to=2024-12&indicator={indicator}")).await;
        assert_eq!(answer.status.as_u16(), status, "{indicator}: {}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{indicator}");
    }
    let refused = reader.get("/v1/series?province=24&to=2024-12&indicator=case-load").await;
    assert_eq!(refused.faults(503), [fault("unavailable", "")]);
    refused.expect_wait(1);
    assert_eq!(refused.header("etag"), "", "not a trace of the answer");
    assert!(!refused.text().contains("observations"), "{}", refused.text());
}

/// Who asks for what and how, the status of the answer, and whether it is recorded.
type Asked<'a> = (&'a User, Method, &'a str, &'a [(&'a str, &'a str)], Vec<u8>, u16, Option<()>);

async fn reads_of_what_is_not_open_are_on_record_and_others_are_not(app: TestApp) {
    define_internal(&app).await;
    let reader = app.client(&[Scope::Read]).await;
    let clerk = app.client_of(Some("H02.15"), &[Scope::Submit]).await;
    let admin = administrator(&app).await;
    let waiting = clerk.post("/v1/submissions", &batch("bts-sites", "2024-05", 7)).await.expect(201);
    let waiting = format!("/v1/submissions/{}", waiting["id"].as_str().unwrap());
    let series = |indicator: &str| format!("/v1/series?province=24&to=2024-12&indicator={indicator}");
    let (open, internal) = (series("bts-sites"), series("case-load"));
    let tag = reader.get(&internal).await.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    let validations = json!({"province": "24", "period": "2024-05", "indicators": ["case-load"]}).to_string().into_bytes();
    let (get, post) = (Method::GET, Method::POST);
    let as_json = [("content-type", "application/json")];
    let anyone = app.anyone();
    let recorded = Some(());

    let cases: [Asked<'_>; 10] = [
        (&reader, get.clone(), &internal, &[], vec![], 200, recorded),
        (&reader, Method::HEAD, &internal, &[], vec![], 200, recorded),
        (&reader, get.clone(), &internal, &known, vec![], 304, recorded),
        (&reader, post, "/v1/validations", &as_json, validations, 200, recorded),
        (&reader, get.clone(), &open, &[], vec![], 200, None),
        (&reader, get.clone(), "/v1/series?province=24&indicator=case-load&x=1", &[], vec![], 400, None),
        (&anyone, get.clone(), &open, &[], vec![], 200, None),
        (&anyone, get.clone(), &internal, &[], vec![], 400, None),
        (&clerk, get.clone(), &waiting, &[], vec![], 200, recorded),
        (&admin, get, "/v1/audit?action=read", &[], vec![], 200, recorded),
    ];
    for (user, method, path, headers, body, status, expected) in cases {
        let answer = user.send(method.clone(), path, headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text());

        let of_it = of(&app, &answer);
        assert_eq!(of_it.iter().map(short).collect::<Vec<_>>(), expected.map(|()| "read done").into_iter().collect::<Vec<_>>(), "{path}");
        for line in of_it {
            assert_eq!(line.entry.subject, format!("{method} {path}"));
            assert!(line.entry.client.is_some() && line.entry.address.is_some(), "{line:?}");
        }
    }
}

async fn refusals_are_on_record_with_their_code(app: TestApp) {
    let department = app.department().await;
    let reader = app.client(&[Scope::Read]).await;
    let elsewhere = app.client_for(&[Scope::Targets], &["ha-noi-2008"]).await;
    let forged = User::new(app.address, Some("forged".into()));
    let target = json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": 1600}]});
    let good = batch("bts-sites", "2024-05", 7);
    let unknown = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "no-such", "value": 1}, {"indicator": "bts-sites", "value": -1}]});

    for (minute, user, path, body, status, said, why) in [
        (1, &department, "/v1/submissions", &unknown, 422, "write unknown_indicator", "the first of several faults"),
        (2, &department, "/v1/submissions?x=1", &good, 400, "write unknown_parameter", "a request that cannot be read"),
        (3, &reader, "/v1/submissions", &good, 403, "write scope_missing", "a scope that is missing"),
        (4, &forged, "/v1/submissions", &good, 401, "write token_invalid", "a token that is none of ours"),
        (5, &app.anyone(), "/v1/submissions", &good, 401, "write token_missing", "no token"),
        (6, &app.anyone(), "/oauth/token", &good, 415, "write unsupported_media_type", "no form"),
        (7, &app.anyone(), "/v1/nowhere", &good, 404, "write unknown_path", "a path that there is not"),
        (8, &app.anyone(), "/v1/series", &good, 405, "write method_not_allowed", "a path that is only read"),
    ] {
        app.clock.set(&format!("2026-11-21T02:{minute:02}:00Z"));
        let answer = user.post(path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{why}: {}", answer.text());
        assert_eq!(said_of(&app, &answer), [said], "{why}");
        let line = &of(&app, &answer)[0];
        assert_eq!(line.entry.subject, format!("POST {path}"), "{why}");
        assert_eq!(line.entry.client.is_some(), user.token.as_ref().is_some_and(|token| token != "forged"), "{why}");
        assert_eq!(line.entry.address.as_deref(), Some("127.0.0.1"), "{why}");
    }
    let foreign = elsewhere.put("/v1/targets", &target).await;
    assert_eq!(said_of(&app, &foreign), ["write province_not_allowed"]);

    let (client, _) = app.register(&[Scope::Read], &[]);
    let form = format!("grant_type=client_credentials&client_id={}&client_secret=guessed", client.id);
    app.clock.set("2026-11-21T02:09:00Z");
    let guessed = app.anyone().send(Method::POST, "/oauth/token", &[FORM], form.into_bytes()).await;
    assert_eq!(said_of(&app, &guessed), ["write invalid_client"]);
    assert_eq!(of(&app, &guessed)[0].entry.subject, format!("POST /oauth/token as {}", client.id), "whom somebody tried to be");
    assert_eq!(of(&app, &guessed)[0].entry.client, None, "who is not known to be that client");

    app.clock.set("2026-11-21T02:10:00Z");
    let looked = app.anyone().get("/v1/audit").await;
    assert_eq!(
        (looked.status.as_u16(), said_of(&app, &looked)),
        (401, vec!["read token_missing".to_owned()]),
        "a read that is turned away"
    );
    assert!(!lines(&app).iter().any(|line| ["submit done", "put_targets done"].contains(&short(line).as_str())), "nothing was done");
}

async fn refusals_without_a_token_are_counted_by_the_minute(app: TestApp) {
    let (anyone, department) = (app.anyone(), app.department().await);
    let bad = batch("no-such", "2024-05", 7);
    let refused = |from: i64| {
        let of_write = move |line: &chitieu::domain::audit::Line| line.entry.action == "write" && line.seq > from;
        lines(&app).into_iter().filter(of_write).map(|line| (line.entry.subject, line.entry.outcome)).collect::<Vec<_>>()
    };
    let said = |subject: &str, outcome: &str| (subject.to_owned(), outcome.to_owned());
    let before = head(&app).seq;

    for _ in 0..4 {
        anyone.post("/v1/submissions", &bad).await.faults(401);
    }
    anyone.get("/v1/audit").await.faults(401);
    anyone.get("/v1/audit?x=1").await;
    let in_minute = refused(before);
    app.clock.set("2026-11-21T02:01:00Z");
    for _ in 0..2 {
        department.post("/v1/submissions", &bad).await.faults(422);
    }

    assert_eq!(in_minute, [said("POST /v1/submissions", "token_missing")], "the first one");
    assert_eq!(
        refused(before)[1..],
        [
            said("5 more requests in the minute from 2026-11-21T02:00Z", "token_missing"),
            said("POST /v1/submissions", "unknown_indicator"),
            said("POST /v1/submissions", "unknown_indicator"),
        ],
        "the others are told of when the minute is over; who has a good token has a line for each"
    );
    let counted = lines(&app).into_iter().find(|line| line.entry.subject.starts_with("5 more")).unwrap().entry;
    assert_eq!((counted.address.as_deref(), counted.client, counted.request_id), (Some("127.0.0.1"), None, None));
}

async fn what_clients_are_made_from_the_command_line_is_on_record(app: TestApp) {
    let (client, _) = app.register(&[Scope::Read], &[]);
    chitieu::service::auth::clients::disable(&app.state.context.db, &client.name, app.state.context.clock.now()).unwrap();
    let again = chitieu::service::auth::clients::disable(&app.state.context.db, &client.name, app.state.context.clock.now());

    assert!(again.is_ok(), "it is disabled already");
    let lines = lines(&app);
    assert_eq!(lines.iter().map(short).collect::<Vec<_>>(), ["add_client done", "disable_client done", "disable_client unchanged"]);
    for line in lines {
        assert_eq!(line.entry.subject, format!("client {}", client.id));
        assert_eq!((line.entry.client, line.entry.address, line.entry.request_id), (None, None, None), "the command line");
    }
}

async fn no_line_holds_a_secret(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Targets, Scope::Catalogue, Scope::Admin, Scope::Read], &[]);
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", client.id);
    let token = app.anyone().send(Method::POST, "/oauth/token", &[FORM], form.into_bytes()).await.expect(200);
    let token = token["access_token"].as_str().unwrap().to_owned();
    let user = User::new(app.address, Some(token.clone()));
    let hidden = secret.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    let body = json!({"province": secret, "period": token, "observations": [{"indicator": secret, "value": 1}], secret.clone(): token});
    define_internal(&app).await;

    let mut minute = 0;
    for value in [&secret, &token, &hidden] {
        for path in [
            format!("/v1/submissions?token={value}"),
            format!("/v1/submissions?client_secret={value}&access_token={value}&q={value}&{value}={value}&{value}"),
            format!("/v1/submissions/{value}/approve"),
            format!("/v1/submissions/{value}"),
            format!("/v1/organisations/{value}"),
            format!("/v1/indicators/{value}?x={value}"),
            format!("/v1/rules/{value}"),
            format!("/{value}/{value}"),
            "/v1/submissions".to_owned(),
            "/v1/targets".to_owned(),
        ] {
            let headers = [("content-type", "application/json"), ("idempotency-key", &secret), ("x-secret", &secret), ("cookie", &token)];
            for (method, who) in [(Method::POST, &user), (Method::PUT, &user), (Method::POST, &app.anyone())] {
                minute += 1;
                app.clock.set(&format!("2026-11-21T02:{:02}:{:02}Z", 1 + minute / 12, minute % 12));
                who.send(method, &path, &headers, body.to_string().into_bytes()).await;
            }
        }
        user.get(&format!("/v1/series?province=24&to=2024-12&indicator=case-load&token={value}")).await;
    }
    let shown = user.get(&format!("/v1/audit?request_id={secret}")).await;
    let basic = [FORM, ("authorization", "Basic c2VjcmV0LWlkOnNlY3JldC1wYXNzd29yZA==")];
    app.clock.set("2026-11-21T02:58:00Z");
    app.anyone().send(Method::POST, "/oauth/token", &basic, b"grant_type=client_credentials".to_vec()).await.faults(401);

    assert_eq!(shown.status, 200);
    let log = format!("{:?}", lines(&app));
    assert!(lines(&app).len() > 40, "{} lines", lines(&app).len());
    for part in [secret.as_str(), hidden.as_str(), "secret-password", "c2VjcmV0"].into_iter().chain(token.split('.')) {
        assert!(!log.contains(part), "{part} in {log}");
    }
}

async fn a_request_is_named_in_visible_characters_and_not_at_any_length(app: TestApp) {
    let department = app.department().await;
    for (path, named) in [
        ("/v1/targets?q=\n\r\u{7f}\u{1b}[31m", "PUT /v1/targets?q=%0A%0D%7F%1B[31m".to_owned()),
        ("/v1/targets?q=Bắc Giang", "PUT /v1/targets?q=B%E1%BA%AFc%20Giang".into()),
        ("/v1/targets?q=%00%e1", "PUT /v1/targets?q=%00%e1".into()),
        (&format!("/v1/targets?q={}", "a b".repeat(2_000)), format!("PUT /v1/targets?q={}", "a%20b".repeat(2_000))[..2_000].to_owned()),
    ] {
        let answer = department.put(path, &json!({})).await;
        let of_it = of(&app, &answer);
        assert_eq!(of_it.len(), 1, "{}", answer.text());
        assert_eq!(of_it[0].entry.subject, named);
        assert!(named.len() <= 2_000);
    }
}

async fn the_log_is_read_page_by_page_with_every_filter(app: TestApp) {
    let (keeper, admin) = (app.client(&[Scope::Targets, Scope::Catalogue]).await, administrator(&app).await);
    let target = |value: i32| json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": value}]});
    let mut requests = Vec::new();
    for (second, value) in [(10, 1), (20, 2), (30, 2), (40, -1)] {
        app.clock.set(&format!("2026-11-21T02:00:{second}Z"));
        requests.push(keeper.put("/v1/targets", &target(value)).await);
    }
    let keeper_id = of(&app, &requests[0])[0].entry.client.clone().unwrap();
    let request = requests[1].header("x-request-id").to_owned();
    app.clock.set("2026-11-21T02:00:50Z");
    let listed = async |query: &str| -> Vec<String> {
        let page = admin.get(&format!("/v1/audit?{query}")).await.expect(200);
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| format!("{} {}", item["action"].as_str().unwrap(), &item["at"].as_str().unwrap()[17..19]))
            .collect()
    };

    for (query, expected) in [
        (format!("client={keeper_id}"), &["write 40", "put_targets 30", "put_targets 20", "put_targets 10"][..]),
        (format!("client={keeper_id}&action=put_targets"), &["put_targets 30", "put_targets 20", "put_targets 10"]),
        (format!("client={keeper_id}&outcome=done"), &["put_targets 20", "put_targets 10"]),
        (format!("client={keeper_id}&outcome=unchanged"), &["put_targets 30"]),
        ("outcome=refused".to_owned(), &["write 40"]),
        (format!("outcome={}", requests[3].faults(422)[0].0), &["write 40"]),
        ("outcome=scope_missing".to_owned(), &[]),
        (format!("request_id={request}"), &["put_targets 20"]),
        ("from=2026-11-21T02:00:20Z&to=2026-11-21T02:00:40Z".to_owned(), &["put_targets 30", "put_targets 20"]),
        ("from=2026-11-21T09:00:30%2B07:00&to=2026-11-21T02:00:45Z".to_owned(), &["write 40", "put_targets 30"]),
        ("client=nobody".to_owned(), &[]),
    ] {
        assert_eq!(listed(&query).await, expected, "{query}");
    }

    let first = admin.get("/v1/audit?limit=2&action=put_targets").await.expect(200);
    let rest = admin.get(&format!("/v1/audit?limit=2&action=put_targets&cursor={}", first["next"].as_str().unwrap())).await.expect(200);
    let seqs = |page: &Value| page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_i64().unwrap()).collect::<Vec<_>>();
    assert!(seqs(&first).len() == 2 && seqs(&rest).len() == 1 && seqs(&first)[1] > seqs(&rest)[0], "{first} {rest}");
    assert_eq!(rest["next"], Value::Null);
    let all = lines(&app);
    let before = &all[all.len() - 2];
    assert_eq!(
        rest["head"],
        json!({"seq": before.seq, "hash": before.hash}),
        "as it stood when it was read: the reading itself comes after"
    );
}

async fn administrators_see_what_concerns_them(app: TestApp) {
    let (ours, theirs) = (app.client_of(Some("H02.1"), &[Scope::Targets]).await, app.client_of(Some("H02.2"), &[Scope::Targets]).await);
    let target = json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": 1600}]});
    for user in [&ours, &theirs] {
        user.put("/v1/targets", &target).await.expect(200);
    }
    let all = administrator(&app).await;
    let of_one = app.client_of(Some("H02.1"), &[Scope::Admin]).await;
    let narrowed = app.client_within(None, &[Scope::Admin], &["ha-noi-2008"]).await;

    let path = "/v1/audit?action=put_targets";
    let organisations = |page: Value| page["items"].as_array().unwrap().iter().map(|item| item["organisation"].clone()).collect::<Vec<_>>();
    assert_eq!(organisations(all.get(path).await.expect(200)), ["H02.2", "H02.1"]);
    assert_eq!(organisations(of_one.get(path).await.expect(200)), ["H02.1"]);
    let refused = narrowed.get(path).await;
    assert_eq!(refused.faults(403), [fault("client_narrowed", "")]);
    assert_eq!(said_of(&app, &refused), ["read client_narrowed"]);
    for user in [app.anyone(), ours] {
        assert!([401, 403].contains(&user.get(path).await.status.as_u16()));
    }
}

async fn what_cannot_be_read_of_a_question_is_named(app: TestApp) {
    let admin = administrator(&app).await;
    for (query, code, parameter) in [
        ("action=delete", "invalid_value", "action"),
        ("outcome=fine", "invalid_value", "outcome"),
        ("from=yesterday", "invalid_time", "from"),
        ("to=2026-11-31", "invalid_time", "to"),
        ("from=2026-11-21&to=2026-11-20", "invalid_value", "to"),
        ("from=2026-11-21T02:00:00Z&to=2026-11-21T02:00:00Z", "invalid_value", "to"),
        ("client=", "invalid_text", "client"),
        ("request_id=%00", "invalid_text", "request_id"),
        ("cursor=x", "invalid_cursor", "cursor"),
        ("limit=0", "invalid_value", "limit"),
        ("subject=x", "unknown_parameter", "subject"),
    ] {
        assert_eq!(admin.get(&format!("/v1/audit?{query}")).await.fault(400), fault(code, parameter), "{query}");
    }
    let of_letters = "YXVkaXQKeA";
    assert_eq!(admin.get(&format!("/v1/audit?cursor={of_letters}")).await.fault(400), fault("invalid_cursor", "cursor"), "`audit` and `x`");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn document() -> Value {
    serde_json::from_str(&chitieu::app::openapi()).unwrap()
}

/// Method, path with its examples, and example of the body of an operation.
fn documented(document: &Value, id: &str) -> (Method, String, Value) {
    let paths = document["paths"].as_object().unwrap().iter();
    let mut all = paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(method, about)| (path, method, about)));
    let (path, method, about) = all.find(|(_, _, about)| about["operationId"] == id).unwrap();
    let of_path = about["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "path");
    let path = of_path.fold(path.clone(), |path, parameter| {
        path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), parameter["example"].as_str().unwrap())
    });
    let schema = about["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let example = schema.and_then(|schema| document.pointer(schema.trim_start_matches('#'))).map(|schema| schema["example"].clone());
    (Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path, example.unwrap_or_default())
}

/// A draft with one figure of Bắc Giang.
fn draft(indicator: &str, value: i32) -> Value {
    let mut body = batch(indicator, "2024-05", value);
    body["draft"] = json!(true);
    body
}

fn run(app: &TestApp, sql: &str) {
    app.state.context.db.write_blocking(|conn| conn.batch_execute(sql).map_err(StoreError::from)).unwrap();
}
