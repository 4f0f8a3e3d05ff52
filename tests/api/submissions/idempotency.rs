//! `Idempotency-Key`: a request that is sent again is done once and answered as the first time.
//! (draft-ietf-httpapi-idempotency-key-header)

use std::sync::mpsc;
use std::thread;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::rt;
use chitieu::domain::access::scope::Scope;
use chitieu::store::{Conn, StoreError};
use serde_json::{Value, json};

use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    the_same_request_again_has_the_first_answer_and_does_nothing,
    the_first_answer_stays_when_the_record_moves_on,
    what_waits_for_review_is_answered_as_it_was_sent,
    a_partial_batch_and_a_draft_are_known_again_too,
    another_request_with_the_same_key_is_refused,
    a_key_belongs_to_the_client_that_made_it,
    a_key_is_visible_ascii_sent_once,
    a_key_with_and_without_quotes_is_one_key,
    a_refused_request_leaves_its_key_free,
    a_dry_run_leaves_its_key_free,
    a_key_says_nothing_to_who_may_not_submit,
    an_answer_is_kept_over_a_restart_and_for_another_instance,
    an_answer_is_kept_for_seven_days,
    a_key_that_is_in_flight_is_told_to_ask_again,
    twenty_identical_requests_at_once_are_done_once,
    two_instances_at_once_do_a_request_once,
}

const SUBMISSIONS: &str = "/v1/submissions";
const JSON: &str = "application/json";

async fn the_same_request_again_has_the_first_answer_and_does_nothing(app: TestApp) {
    let department = app.department().await;
    let body = batch("10");

    let first = keyed(&department, "bao-cao-5", &body).await;
    let again = keyed(&department, "bao-cao-5", &body).await;
    app.clock.set("2026-11-21T02:10:00Z");
    let later = keyed(&department, "bao-cao-5", &body).await;

    let told = first.expect(201);
    for again in [again, later] {
        again.expect(200);
        assert_eq!(again.text(), first.text(), "to the last byte");
        assert_eq!(again.header("content-type"), first.header("content-type"));
    }
    let listed = department.get(SUBMISSIONS).await.expect(200);
    assert_eq!(listed["items"], json!([listed_as(&told)]), "it was sent once");
    assert_eq!(revisions(&app, &told["rows"][0]).await, ["10"]);
    // Every write has an instant of its own: the next one would show that there was another between them.
    app.clock.set("2026-11-21T02:00:00Z");
    let next = department.submit(&batch("11")).await;
    let instants = [&told, &next].map(|told| told["received_at"].as_str().unwrap().to_owned());
    assert_eq!(instants, ["2026-11-21T02:00:00Z", "2026-11-21T02:00:00.000001Z"]);
}

async fn the_first_answer_stays_when_the_record_moves_on(app: TestApp) {
    let department = app.department().await;
    let first = keyed(&department, "k1", &batch("10")).await;
    department.submit(&batch("12")).await;

    let again = keyed(&department, "k1", &batch("10")).await;

    again.expect(200);
    assert_eq!(again.text(), first.text());
    assert_eq!(revisions(&app, &first.expect(201)["rows"][0]).await, ["10", "12"], "the correction stands");
}

async fn what_waits_for_review_is_answered_as_it_was_sent(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some("H02.15"), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let first = keyed(&sender, "k1", &batch("10")).await;
    let id = first.expect(201)["id"].as_str().unwrap().to_owned();
    reviewer.send(Method::POST, &format!("{SUBMISSIONS}/{id}/approve"), &[], Vec::new()).await.expect(200);

    let again = keyed(&sender, "k1", &batch("10")).await;

    assert_eq!(again.expect(200)["state"], "submitted", "as it was answered then");
    assert_eq!(again.text(), first.text());
    assert_eq!(sender.get(&format!("{SUBMISSIONS}/{id}")).await.expect(200)["state"], "approved");
}

async fn a_partial_batch_and_a_draft_are_known_again_too(app: TestApp) {
    let department = app.department().await;
    let mut partial = batch("10");
    partial["mode"] = json!("partial");
    partial["observations"].as_array_mut().unwrap().push(dated("bts-sites", "1.5", "2024-05"));
    let mut draft = batch("11");
    draft["draft"] = json!(true);

    for (n, (body, status, state)) in [(partial, 200, "approved"), (draft, 201, "draft")].into_iter().enumerate() {
        let first = keyed(&department, &format!("k{n}"), &body).await;
        let again = keyed(&department, &format!("k{n}"), &body).await;

        assert_eq!(first.expect(status)["state"], state);
        again.expect(200);
        assert_eq!(again.text(), first.text());
    }
    assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"].as_array().unwrap().len(), 2);
}

async fn another_request_with_the_same_key_is_refused(app: TestApp) {
    let department = app.department().await;
    let body = batch("10").to_string();
    let first = send(&department, "k1", SUBMISSIONS, JSON, &body).await;
    let query = format!("{SUBMISSIONS}?dry_run=false");

    for (path, media_type, body, why) in [
        (SUBMISSIONS, JSON, batch("11").to_string(), "another figure"),
        (SUBMISSIONS, JSON, batch("10.0").to_string(), "another digit"),
        (&query, JSON, body.clone(), "another query"),
        (SUBMISSIONS, "application/json; charset=utf-8", body.clone(), "another media type"),
    ] {
        let answer = send(&department, "k1", path, media_type, &body).await;

        assert_eq!(answer.fault(422), fault("idempotency_key_reused", ""), "{why}");
    }
    let told = first.expect(201);
    assert_eq!(revisions(&app, &told["rows"][0]).await, ["10"], "none of them was done");
    assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"], json!([listed_as(&told)]));
    let again = send(&department, "k1", SUBMISSIONS, JSON, &body).await;
    again.expect(200);
    assert_eq!(again.text(), first.text(), "the first is still known");
    send(&department, "K1", SUBMISSIONS, JSON, &batch("11").to_string()).await.expect(201);
}

async fn a_key_belongs_to_the_client_that_made_it(app: TestApp) {
    let (one, colleague) = (app.department().await, app.department().await);
    let first = keyed(&one, "k1", &batch("10")).await.expect(201);

    let of_colleague = keyed(&colleague, "k1", &batch("11")).await.expect(201);
    let same_body = keyed(&app.department().await, "k1", &batch("11")).await.expect(201);

    assert_ne!(of_colleague["id"], first["id"]);
    assert_ne!(same_body["id"], of_colleague["id"], "the same request of another client is another");
    assert_eq!(keyed(&one, "k1", &batch("10")).await.expect(200), first);
    assert_eq!(keyed(&colleague, "k1", &batch("11")).await.expect(200), of_colleague);
}

async fn a_key_is_visible_ascii_sent_once(app: TestApp) {
    let department = app.department().await;
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    let quoted = format!("\"{too_long}\"");

    for (keys, why) in [
        (&[&b""[..]][..], "empty"),
        (&[b"\"\""], "empty in quotes"),
        (&[b"   "], "blanks"),
        (&[too_long.as_bytes()], "too long"),
        (&[quoted.as_bytes()], "too long in quotes"),
        (&[b"two words"], "a space"),
        (&[b"\"two words\""], "a space in quotes"),
        (&[b"tab\tbed"], "a tab"),
        (&["khóa".as_bytes()], "beyond ASCII"),
        (&[b"k\xFF"], "no UTF-8 either"),
        (&[b"k1", b"k1"], "sent twice"),
        (&[b"k1", b"k2"], "two of them"),
    ] {
        let (status, body) = with_headers(&department, keys, &batch("10")).await;

        assert_eq!((status, &body["errors"][0]["code"]), (400, &json!("invalid_idempotency_key")), "{why}: {body}");
    }
    assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"], json!([]), "nothing was done");
    for key in [longest.as_str(), "8e03978e-40d5-43e8-bc93-6894a57f9324", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"] {
        assert_eq!(with_headers(&department, &[key.as_bytes()], &batch("10")).await.0, 201, "{key}");
        assert_eq!(with_headers(&department, &[key.as_bytes()], &batch("10")).await.0, 200, "{key}");
    }
}

async fn a_key_with_and_without_quotes_is_one_key(app: TestApp) {
    let department = app.department().await;

    let first = keyed(&department, "\"k1\"", &batch("10")).await;
    let bare = keyed(&department, "k1", &batch("10")).await;
    let other = keyed(&department, "\"k1\"", &batch("11")).await;

    first.expect(201);
    bare.expect(200);
    assert_eq!(bare.text(), first.text());
    assert_eq!(other.fault(422), fault("idempotency_key_reused", ""));
}

async fn a_refused_request_leaves_its_key_free(app: TestApp) {
    let department = app.department().await;
    let unknown = json!({"province": "24", "observations": [dated("fines", "1", "2024-05")]}).to_string();
    let withdrawal = json!({"province": "24", "observations": [
        {"indicator": "fines-total", "period": "2024-05", "withdraw": true, "reason": "nhầm"}]})
    .to_string();

    for (path, body, status, code) in [
        (SUBMISSIONS, "{", 400, "malformed_json"),
        ("/v1/submissions?dry=true", "{}", 400, "unknown_parameter"),
        (SUBMISSIONS, "{}", 422, "missing_field"),
        (SUBMISSIONS, &unknown, 422, "unknown_indicator"),
        (SUBMISSIONS, &withdrawal, 404, "nothing_to_withdraw"),
    ] {
        let answer = send(&department, "k1", path, JSON, body).await;

        assert_eq!(answer.faults(status)[0].0, code);
        let again = send(&department, "k1", path, JSON, body).await;
        assert_eq!(again.faults(status), answer.faults(status), "{code}: refused again for the same reason");
    }
    keyed(&department, "k1", &batch("10")).await.expect(201);
}

async fn a_dry_run_leaves_its_key_free(app: TestApp) {
    let department = app.department().await;
    let (dry, body) = (format!("{SUBMISSIONS}?dry_run=true"), batch("10").to_string());

    for _ in 0..2 {
        let tried = send(&department, "k1", &dry, JSON, &body).await.expect(200);
        assert_eq!(tried["rows"][0]["outcome"], "created");
        assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"], json!([]), "nothing is stored");
    }
    let real = send(&department, "k1", SUBMISSIONS, JSON, &body).await.expect(201);
    assert_eq!(real["rows"][0]["outcome"], "created");
    assert_eq!(send(&department, "k1", SUBMISSIONS, JSON, &body).await.expect(200), real);
}

async fn a_key_says_nothing_to_who_may_not_submit(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit, Scope::Read], &[]);
    let signed_in = async |scopes: &str| {
        let issued = app.state.auth.issue_for_secret(&client.id, &secret, Some(scopes)).await.unwrap();
        User::new(app.address, Some(issued.token))
    };
    keyed(&signed_in("submit").await, "k1", &batch("10")).await.expect(201);

    assert_eq!(keyed(&signed_in("read").await, "k1", &batch("10")).await.fault(403).0, "scope_missing");
    assert_eq!(keyed(&app.anyone(), "k1", &batch("10")).await.fault(401).0, "token_missing");
    keyed(&signed_in("read submit").await, "k1", &batch("10")).await.expect(200);
}

async fn an_answer_is_kept_over_a_restart_and_for_another_instance(app: TestApp) {
    let department = app.department().await;
    let first = keyed(&department, "k1", &batch("10")).await;
    let another = app.another();
    let there = User::new(another.address, department.token.clone());

    let again = keyed(&there, "k1", &batch("10")).await;
    let other = keyed(&there, "k1", &batch("11")).await;
    let of_there = keyed(&there, "k2", &batch("12")).await;

    first.expect(201);
    again.expect(200);
    assert_eq!(again.text(), first.text());
    assert_eq!(other.fault(422), fault("idempotency_key_reused", ""));
    of_there.expect(201);
    assert_eq!(keyed(&department, "k2", &batch("12")).await.text(), of_there.text(), "and the other way round");
}

async fn an_answer_is_kept_for_seven_days(app: TestApp) {
    let (client, secret) = app.register(&[Scope::Submit], &[]);
    let at = async |moment: &str| {
        app.clock.set(moment);
        let issued = app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap();
        User::new(app.address, Some(issued.token))
    };
    let first = keyed(&at("2026-11-21T02:00:00Z").await, "k1", &batch("10")).await;
    let told = first.expect(201);

    for moment in ["2026-11-22T02:00:00Z", "2026-11-28T01:59:59Z"] {
        let user = at(moment).await;
        // Another key in between does not make the first be forgotten.
        keyed(&user, moment, &batch("10")).await.expect(201);
        let again = keyed(&user, "k1", &batch("10")).await;
        again.expect(200);
        assert_eq!(again.text(), first.text(), "{moment}");
        assert_eq!(keyed(&user, "k1", &batch("11")).await.fault(422).0, "idempotency_key_reused", "{moment}");
    }
    let user = at("2026-11-28T02:00:01Z").await;
    let anew = keyed(&user, "k1", &batch("11")).await.expect(201);
    assert_ne!(anew["id"], told["id"]);
    assert_eq!(anew["rows"][0]["outcome"], "updated", "a request as any other");
    let user = at("2026-12-05T02:00:00Z").await;
    assert_eq!(keyed(&user, "k1", &batch("11")).await.expect(200), anew, "seven days from then");
}

async fn a_key_that_is_in_flight_is_told_to_ask_again(app: TestApp) {
    let (department, state) = (app.department().await, app.state.clone());
    let ((began, begins), (release, released)) = (mpsc::channel(), mpsc::channel::<()>());
    let writer = thread::spawn(move || {
        let hold = |_: &mut Conn| {
            began.send(()).unwrap();
            Ok::<_, StoreError>(released.recv())
        };
        drop(state.context.db.write_blocking(hold));
    });
    begins.recv().unwrap();

    // While somebody else writes, one of the two waits, and the other is answered.
    let (answered, answers) = mpsc::channel();
    for _ in 0..2 {
        let (caller, answered) = (User::new(app.address, department.token.clone()), answered.clone());
        rt::spawn(async move { answered.send(keyed(&caller, "k1", &batch("10")).await).unwrap() });
    }
    let refused = next(&answers).await;
    release.send(()).unwrap();
    let done = next(&answers).await;
    writer.join().unwrap();

    assert_eq!(refused.fault(409), fault("request_in_flight", ""));
    let told = done.expect(201);
    assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"], json!([listed_as(&told)]));
    assert_eq!(keyed(&department, "k1", &batch("10")).await.expect(200), told, "once it is done, it is answered again");
}

/// The next answer that comes.
async fn next(answers: &mpsc::Receiver<Answer>) -> Answer {
    loop {
        match answers.try_recv() {
            Ok(answer) => return answer,
            Err(_) => rt::task::yield_now().await,
        }
    }
}

async fn twenty_identical_requests_at_once_are_done_once(app: TestApp) {
    let department = app.department().await;

    let told = done_once(&app, &department, &[&app]).await;

    let again = keyed(&department, "k1", &many()).await;
    assert_eq!(again.expect(200), told);
}

async fn two_instances_at_once_do_a_request_once(app: TestApp) {
    let department = app.department().await;
    let another = app.another();

    let told = done_once(&app, &department, &[&app, &another]).await;

    for instance in [&app, &another] {
        let user = User::new(instance.address, department.token.clone());
        assert_eq!(keyed(&user, "k1", &many()).await.expect(200), told);
    }
}

/// Sends twenty identical requests at once, and returns what the one was answered that was done.
async fn done_once(app: &TestApp, department: &User, instances: &[&TestApp]) -> Value {
    let under_way: Vec<_> = (0..20)
        .map(|n| {
            let caller = User::new(instances[n % instances.len()].address, department.token.clone());
            rt::spawn(async move { keyed(&caller, "k1", &many()).await })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in under_way {
        answers.push(answer.await.unwrap());
    }

    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(done.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    for answer in &answers {
        match answer.status.as_u16() {
            201 | 200 => assert_eq!(answer.text(), done[0].text()),
            _ => assert_eq!(answer.fault(409), fault("request_in_flight", "")),
        }
    }
    let told = done[0].expect(201);
    assert_eq!(told["counts"]["created"], 40);
    for row in told["rows"].as_array().unwrap().iter().step_by(13) {
        assert_eq!(revisions(app, row).await.len(), 1, "one set of revisions");
    }
    assert_eq!(department.get(SUBMISSIONS).await.expect(200)["items"], json!([listed_as(&told)]));
    told
}

/// Forty figures.
fn many() -> Value {
    let rows: Vec<Value> = (0..40).map(|n| dated("bts-sites", "1596", &format!("{}-{:02}", 2021 + n / 12, n % 12 + 1))).collect();
    json!({"province": "bac-giang-1997", "observations": rows})
}

fn batch(fines: &str) -> Value {
    json!({"province": "24", "observations": [dated("fines-total", fines, "2024-05")]})
}

async fn keyed(user: &User, key: &str, body: &Value) -> Answer {
    send(user, key, SUBMISSIONS, JSON, &body.to_string()).await
}

async fn send(user: &User, key: &str, path: &str, media_type: &str, body: &str) -> Answer {
    let headers = [("content-type", media_type), ("idempotency-key", key)];
    user.send(Method::POST, path, &headers, body.as_bytes().to_vec()).await
}

/// A request with keys of any bytes, and what it is answered.
async fn with_headers(user: &User, keys: &[&[u8]], body: &Value) -> (u16, Value) {
    let mut request = awc::Client::default()
        .post(format!("http://{}{SUBMISSIONS}", user.address))
        .no_decompress()
        .bearer_auth(user.token.as_ref().unwrap())
        .insert_header(("content-type", JSON));
    for key in keys {
        request = request.append_header(("idempotency-key", HeaderValue::from_bytes(key).unwrap()));
    }
    let mut response = request.send_body(body.to_string()).await.unwrap();
    let bytes = response.body().await.unwrap();
    (response.status().as_u16(), serde_json::from_slice(&bytes).unwrap())
}

/// The values of the revisions of a row's observation, oldest first.
async fn revisions(app: &TestApp, row: &Value) -> Vec<String> {
    let path = format!("/v1/observations/{}/revisions", row["observation"].as_str().unwrap());
    let found = app.anyone().get(&path).await.expect(200);
    let mut items = found["items"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["revision"].as_i64());
    items.iter().map(|item| item["figure"]["value"].to_string()).collect()
}

/// A submission as lists have it: without its rows.
fn listed_as(told: &Value) -> Value {
    let mut head = told.clone();
    head.as_object_mut().unwrap().shift_remove("rows");
    head
}
