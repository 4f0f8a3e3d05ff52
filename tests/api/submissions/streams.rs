//! Streams of figures (NDJSON): any number of lines, recorded a thousand at a time, each told of in its place.

use std::io::{BufReader, Cursor, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use actix_web::http::Method;
use actix_web::web;
use chitieu::config::Settings;
use chitieu::domain::access::role::{Authorized, Caller};
use chitieu::domain::access::scope::Scope;
use chitieu::domain::language::Language;
use chitieu::domain::outcome::Outcome;
use chitieu::domain::submission::stream::{Line, Window};
use chitieu::formats::ndjson::{WINDOW, Windows, read_defaults};
use chitieu::http::submissions::streams::lines;
use chitieu::service::operations::audit::WriteContext;
use chitieu::service::submissions::streams::{KnownBy, Recording, StreamOptions, begin};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::app::settings;
use crate::support::figures::{dated, fault, series};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    lines_of_several_provinces_are_told_of_in_their_order,
    a_bad_line_says_what_is_wrong_and_stops_no_other,
    a_line_of_a_province_that_the_client_does_not_write_for_stops_no_other,
    a_stream_of_several_windows_is_recorded_whole,
    lines_about_one_figure_are_rejected_however_far_apart,
    what_holds_for_all_lines_stands_in_parameters,
    a_stream_is_partial_and_no_draft,
    what_is_wrong_with_the_request_is_said_before_anything_is_recorded,
    a_dry_run_tells_the_same_and_stores_nothing,
    the_same_stream_with_its_key_is_answered_as_the_first_time,
    a_stream_that_was_cut_off_goes_on_where_it_stopped,
    a_server_that_has_to_stop_says_so_in_the_last_line,
    a_stream_waits_for_review_like_any_submission,
    who_may_not_submit_sends_no_stream,
    a_stream_beyond_the_limit_is_refused,
    an_upload_that_breaks_off_stores_nothing,
    an_upload_that_stands_still_is_not_waited_for,
}

const MAY: &str = "province=24&period=2024-05&mode=partial";

async fn lines_of_several_provinces_are_told_of_in_their_order(app: TestApp) {
    let department = app.department().await;
    let of = |province: &str, row: Value| with(row, "province", province);
    let text = format!(
        "\u{feff}{}\r\n\n{}\n{}\n  \n{}\n{}",
        of("bac-giang-1997", with(dated("bts-sites", "1596", "2024-05"), "row_ref", "a")),
        of("Kiên Giang", dated("bts-sites", "1700", "2024-05")),
        of("bac-giang-1997", dated("fines-total", "12.5", "2024-04")),
        of("Kiên Giang", dated("fines-total", "7", "2024-06")),
        of("bac-giang-1997", dated("bts-sites", "1600", "2024-06")),
    );

    let answer = send(&department, "mode=partial&title=Niên giám", &text).await;

    let (rows, end) = told(&answer);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let numbers: Vec<&Value> = rows.iter().map(|row| &row["line"]).collect();
    assert_eq!(numbers, [1, 3, 4, 6, 7], "blank lines count and are not told of");
    assert!(rows.iter().all(|row| row["outcome"] == "created" && row["observation"].is_string()), "{rows:?}");
    let submissions: Vec<&Value> = rows.iter().map(|row| &row["submission"]).collect();
    assert!(submissions[0] == submissions[2] && submissions[0] == submissions[4], "one submission of Bắc Giang");
    assert!(submissions[1] == submissions[3] && submissions[0] != submissions[1], "another of Kiên Giang");
    assert_eq!(rows[0]["row_ref"], "a");
    assert_eq!(end, json!({"lines": 5, "submissions": 2, "counts": {"created": 5, "updated": 0, "unchanged": 0, "rejected": 0}}));
    let path = format!("/v1/submissions/{}", submissions[0].as_str().unwrap());
    let read = department.get(&path).await.expect(200);
    assert_eq!((&read["source"]["title"], read["rows"].as_array().map(Vec::len)), (&json!("Niên giám"), Some(3)));
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, ["1596", "1600"]);
    assert_eq!(values(&app, "kien-giang-1997", "bts-sites").await, ["1700"]);
}

async fn a_bad_line_says_what_is_wrong_and_stops_no_other(app: TestApp) {
    let department = app.department().await;
    let good = r#"{"indicator": "bts-sites", "value": 1596}"#;
    let fields = (0..30).map(|n| format!(r#""x{n}": 1"#)).collect::<Vec<_>>().join(", ");
    let bad = [
        (r#"{"indicator": "fines-total", "value": 1"#.to_owned(), "malformed_json ", "cut off"),
        (r#"{"indicator": "fines-total", "value": 1, "value": 2}"#.to_owned(), "malformed_json ", "a key twice"),
        ("[1]".to_owned(), "wrong_type ", "a list"),
        (r#"{"indicator": "fines-total", "value": 1, "colour": "red"}"#.to_owned(), "unknown_field /colour", "nobody's field"),
        (r#"{"indicator": "nobodys-code", "value": 1}"#.to_owned(), "unknown_indicator /indicator", "nobody's code"),
        (r#"{"indicator": "fines-total", "value": -1, "status": "X"}"#.to_owned(), "invalid_value /status, out_of_bounds /value", "two"),
        (format!(r#"{{"indicator": "fines-total", "value": 1, "wording": "{}"}}"#, "x".repeat(65_536)), "line_too_long ", "a long line"),
        (r#"{"indicator": "fines-total", "value": 1, "province": "Atlantis"}"#.to_owned(), "unknown_province /province", "no province"),
        (r#"{"indicator": "fines-total", "value": 1, "province": 24}"#.to_owned(), "wrong_type /province", "a number of one"),
        (r#"{"indicator": "fines-total", "value": 1, "period": "2027-01"}"#.to_owned(), "period_not_begun /period", "tomorrow"),
        (r#"{"indicator": "bts-sites", "value": 1597}"#.to_owned(), "duplicate_row ", "another figure than line 1"),
    ];
    let last = [r#"{"indicator": "fines-total", "value": 9}"#.to_owned(), format!("{{{fields}}}")];
    let lines: Vec<&str> =
        [good].into_iter().chain(bad.iter().map(|(line, ..)| line.as_str())).chain(last.iter().map(String::as_str)).collect();

    let (rows, end) = told(&send(&department, MAY, &lines.join("\n")).await);

    for (row, (line, expected, why)) in rows[1..].iter().zip(&bad) {
        let shown: String = line.chars().take(60).collect();
        let mut errors: Vec<String> = errors(row).into_iter().map(|(code, place)| format!("{code} {place}")).collect();
        errors.sort();
        assert_eq!((&row["outcome"], errors.join(", ").as_str()), (&json!("rejected"), *expected), "{why}: {shown}: {row}");
        assert_eq!(row["observation"], Value::Null);
    }
    let message = rows[11]["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("line 1 says something else"), "{message}");
    assert_eq!(errors(&rows[0]), [fault("duplicate_row", "")]);
    let message = rows[0]["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("line 12 says something else"), "{message}");
    assert_eq!(rows[5]["errors"][0]["location"], "line 6", "{}", rows[5]);
    assert_eq!(errors(&rows[13]).len(), 21, "twenty faults, and that there are more");
    assert_eq!(end["counts"], json!({"created": 1, "updated": 0, "unchanged": 0, "rejected": 13}));
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, [""; 0]);
    assert_eq!(values(&app, "bac-giang-1997", "fines-total").await, ["9"]);
}

async fn a_line_of_a_province_that_the_client_does_not_write_for_stops_no_other(app: TestApp) {
    let department = app.client_for(&[Scope::Submit], &["bac-giang-1997"]).await;
    let rows = [
        dated("bts-sites", "1", "2026-05"),
        dated("bts-sites", "2", "2024-05"),
        with(dated("bts-sites", "3", "2026-05"), "province", "91"),
    ];

    let (rows, end) = told(&send(&department, "province=24&mode=partial", &ndjson(&rows)).await);

    assert_eq!(errors(&rows[0]), [fault("province_not_allowed", "province")], "24 is Bắc Ninh now");
    assert_eq!(rows[1]["outcome"], "created", "and was Bắc Giang then");
    assert_eq!(errors(&rows[2]), [fault("province_not_allowed", "/province")]);
    assert_eq!(end["counts"]["rejected"], 2);
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, ["2"]);
    assert_eq!(values(&app, "an-giang-2025", "bts-sites").await, [""; 0]);
}

async fn a_stream_of_several_windows_is_recorded_whole(app: TestApp) {
    let department = app.department().await;
    let (text, codes) = many();

    let (rows, end) = told(&send(&department, "province=bac-giang-1997&mode=partial", &text).await);

    assert_eq!(rows.len(), 2_520, "two windows and a half");
    assert!(rows.iter().zip(1..).all(|(row, number)| row["line"] == number), "in order");
    assert_eq!(end, json!({"lines": 2520, "submissions": 3, "counts": {"created": 2520, "updated": 0, "unchanged": 0, "rejected": 0}}));
    for code in [codes[0], codes[20], codes[39]] {
        assert_eq!(values(&app, "bac-giang-1997", code).await, vec!["100"; 63], "{code}");
    }
    let listed = department.get("/v1/submissions").await.expect(200);
    let sizes: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|item| &item["counts"]["created"]).collect();
    assert_eq!(sizes, [&json!(520), &json!(WINDOW), &json!(WINDOW)], "newest first");
}

async fn lines_about_one_figure_are_rejected_however_far_apart(app: TestApp) {
    let department = app.department().await;
    let (text, codes) = many();
    let of = |province: &str, value: &str, period: &str| with(dated(codes[0], value, period), "province", province);
    // Lines 2,521 and after, in the third window; the first 63 lines are the months of the first indicator.
    let more = [
        of("bac-giang-1997", "200", "2020-01"),
        of("24", "100", "2020-02"),
        of("Bắc Giang", "7", "2024-H1"),
        of("bac-giang-1997", "8", "2024-06-YTD"),
        of("24", "100.5", "2020-03"),
        of("Kiên Giang", "200", "2020-01"),
    ];
    let text = text + &ndjson(&more);

    for query in ["province=bac-giang-1997&mode=partial&dry_run=true", "province=bac-giang-1997&mode=partial"] {
        let (rows, end) = told(&send(&department, query, &text).await);

        let rejected: Vec<String> = rows.iter().filter(|row| row["outcome"] == "rejected").map(|row| row["line"].to_string()).collect();
        assert_eq!(rejected, ["1", "2521", "2522", "2523", "2524", "2525"], "{query}");
        for (line, other) in [(1, "line 2521 says something else"), (2521, "line 1 says something else"), (2522, "line 2 says the same")]
            .into_iter()
            .chain([(2523, "line 2524 says something else"), (2524, "line 2523 says something else")])
        {
            let error = &rows[line - 1]["errors"][0];
            assert_eq!((&error["code"], &error["location"]), (&json!("duplicate_row"), &json!(format!("line {line}"))), "{query}");
            assert!(error["message"].as_str().unwrap().starts_with(other), "{query}: {error}");
        }
        let invalid = errors(&rows[2524]);
        assert_eq!(invalid, [fault("fraction_for_count", "/value")], "an invalid line contradicts nothing: {query}");
        assert_eq!(end["counts"], json!({"created": 2520, "updated": 0, "unchanged": 0, "rejected": 6}), "{query}");
    }
    let found = values(&app, "bac-giang-1997", codes[0]).await;
    assert_eq!((found.len(), found.iter().all(|value| value == "100")), (62, true), "neither of two that contradict each other: {found:?}");
    assert_eq!(values(&app, "kien-giang-1997", codes[0]).await, ["200"]);
}

async fn what_holds_for_all_lines_stands_in_parameters(app: TestApp) {
    let department = app.department().await;
    let lines = r#"{"indicator": "bts-sites", "value": "1.596"}
        {"indicator": "bts-sites", "value": "1.600", "period": "2024-06"}"#;
    let query = "province=Bắc Giang&period=2024-05&calendar=nd09&number_locale=vi&mode=partial&title=T&number=5/BC&date=2024-05-20";

    let (rows, end) = told(&send(&department, query, lines).await);

    assert_eq!(end["counts"]["created"], 2, "{rows:?}");
    let points = series(&app, "bts-sites", "calendar=nd09").await;
    let shown: Vec<String> = points.iter().map(|point| format!("{} {}", point["period"].as_str().unwrap(), point["value"])).collect();
    assert_eq!(shown, ["2024-05 1596", "2024-06 1600"]);
    let read = department.get(&format!("/v1/submissions/{}", rows[0]["submission"].as_str().unwrap())).await.expect(200);
    assert_eq!(read["source"], json!({"title": "T", "number": "5/BC", "date": "2024-05-20"}));
    let jump = ndjson(&[dated("bts-sites", "1", "2024-01-YTD")]);
    let (odd, _) = told(&send(&department, &format!("{MAY}&acknowledge=outlier,yoy_jump"), &jump).await);
    assert_eq!(odd[0]["outcome"], "created", "{odd:?}");
}

async fn a_stream_is_partial_and_no_draft(app: TestApp) {
    let department = app.department().await;
    let line = ndjson(&[dated("bts-sites", "1", "2024-05")]);
    for (query, code, place, why) in [
        ("province=24", "missing_parameter", "mode", "a batch is all or nothing unless the caller says otherwise"),
        ("province=24&mode=atomic", "invalid_value", "mode", "all or nothing"),
        ("province=24&mode=partial&draft=true", "invalid_value", "draft", "a draft"),
    ] {
        let refused = send(&department, query, &line).await;

        assert_eq!(refused.fault(422), fault(code, place), "{why}");
    }
    let reason = send(&department, "province=24&mode=atomic", &line).await.json()["detail"].to_string();
    assert!(reason.contains("10000 rows as JSON"), "{reason}");
    assert_nothing_is_stored(&department).await;
}

async fn what_is_wrong_with_the_request_is_said_before_anything_is_recorded(app: TestApp) {
    let department = app.department().await;
    let line = ndjson(&[dated("bts-sites", "1", "2024-05")]);
    for (query, text, status, expected, why) in [
        ("mode=partial&colour=red", line.as_str(), 400, fault("unknown_parameter", "colour"), "nobody's parameter"),
        ("mode=partial&dry_run=perhaps", &line, 400, fault("invalid_value", "dry_run"), "neither true nor false"),
        ("mode=partial&province=24&province=27", &line, 400, fault("repeated_parameter", "province"), "two provinces"),
        ("mode=partial&period=May", &line, 422, fault("invalid_period", "period"), "no period"),
        ("mode=partial&date=gestern", &line, 422, fault("invalid_date", "date"), "no date"),
        ("mode=partial&acknowledge=all", &line, 422, fault("invalid_value", "acknowledge"), "no warning"),
        ("mode=partial", "", 422, fault("batch_size", ""), "nothing"),
        ("mode=partial", "\u{feff}\n \r\n\n", 422, fault("batch_size", ""), "nothing but blank lines"),
    ] {
        let refused = send(&department, query, text).await;

        assert_eq!(refused.fault(status), expected, "{why}");
    }
    let key = [("content-type", NDJSON), ("idempotency-key", "a b")];
    let refused = department.send(Method::POST, &format!("/v1/submissions?{MAY}"), &key, line.into_bytes()).await;
    assert_eq!(refused.fault(400).0, "invalid_idempotency_key");
    assert_nothing_is_stored(&department).await;
}

async fn a_dry_run_tells_the_same_and_stores_nothing(app: TestApp) {
    let department = app.department().await;
    let text = ndjson(&[
        with(dated("bts-sites", "1596", "2024-05"), "row_ref", "a"),
        dated("infosec-incidents", "1.5", "2024-05"),
        with(dated("bts-sites", "1700", "2024-05"), "province", "91"),
        json!("no row"),
    ]);
    let said =
        |rows: &[Value]| rows.iter().map(|row| json!([row["line"], row["row_ref"], row["outcome"], row["errors"]])).collect::<Vec<_>>();

    let (tried, trial_end) = told(&keyed(&department, "k1", &format!("{MAY}&dry_run=true"), &text).await);
    assert_nothing_is_stored(&department).await;
    let (done, end) = told(&keyed(&department, "k1", MAY, &text).await);

    assert_eq!(said(&tried), said(&done));
    assert!(tried.iter().all(|row| row["submission"].is_null()), "{tried:?}");
    assert_eq!((&trial_end["counts"], &trial_end["submissions"]), (&end["counts"], &json!(0)));
    assert_eq!(end["counts"]["created"], 2, "the key was left free: {done:?}");
}

async fn the_same_stream_with_its_key_is_answered_as_the_first_time(app: TestApp) {
    let department = app.department().await;
    let text = ndjson(&[
        dated("bts-sites", "1596", "2024-05"),
        with(dated("bts-sites", "1700", "2024-05"), "province", "91"),
        dated("infosec-incidents", "1.5", "2024-05"),
    ]);
    let first = keyed(&department, "k1", MAY, &text).await;
    department.submit(&json!({"province": "24", "observations": [dated("bts-sites", "1597", "2024-05")]})).await;

    let again = keyed(&department, "k1", MAY, &text).await;
    let other = keyed(&department, "k1", MAY, &text.replace("1596", "1595")).await;
    let otherwise = keyed(&department, "k1", &format!("{MAY}&title=x"), &text).await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "k1")];
    let batch = json!({"province": "24", "observations": [dated("bts-sites", "1598", "2024-05")]});
    let as_json = department.send(Method::POST, "/v1/submissions", &headers, batch.to_string().into_bytes()).await;

    told(&first);
    assert_eq!((again.status.as_u16(), again.text()), (200, first.text()), "to the last byte");
    for refused in [other, otherwise, as_json] {
        assert_eq!(refused.fault(422).0, "idempotency_key_reused");
    }
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, ["1597"], "the correction stands");
    let listed = department.get("/v1/submissions").await.expect(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3), "two of the stream and the correction");
}

async fn a_stream_that_was_cut_off_goes_on_where_it_stopped(app: TestApp) {
    let (client, _) = app.register(&[Scope::Submit], &[]);
    let caller = Authorized::new(Caller::of(client)).unwrap();
    let (text, _) = many();
    let write = WriteContext::at_command_line(&app.state.context);
    let start = async || {
        let known_by = Some(KnownBy { key: "k1".into(), fingerprint: "the same".into() });
        let of_all = read_defaults(json!({"province": "24", "mode": "partial"}).as_object().unwrap().clone()).unwrap();
        let text = text.clone();
        let open = move || Ok(Windows::new(BufReader::new(Cursor::new(text.clone())), of_all.clone()));
        begin(&write, &app.state.pending, &caller, open, StreamOptions { dry_run: false, known_by }).await
    };

    let mut cut = start().await.unwrap();
    let first = cut.next().await.unwrap().unwrap();
    let meanwhile = start().await.err().map(|refusal| refusal.to_string());
    drop(cut);
    let whole = all(start().await.unwrap()).await;
    let again = all(start().await.unwrap()).await;

    assert!(meanwhile.is_some_and(|told| told.contains("still being done")), "while the first is there");
    assert_eq!(first.len(), WINDOW);
    assert_eq!(whole[..WINDOW], first, "answered as the first time");
    assert!(whole[WINDOW..].iter().all(|line| line.row.outcome == Outcome::Created), "the rest is recorded now");
    assert_eq!(again, whole);
}

async fn a_server_that_has_to_stop_says_so_in_the_last_line(app: TestApp) {
    let (client, _) = app.register(&[Scope::Submit], &[]);
    let of_all = read_defaults(json!({"province": "24", "mode": "partial"}).as_object().unwrap().clone()).unwrap();
    let text = ndjson(&[dated("bts-sites", "1596", "2024-05"), json!(1)]);
    // The stream is read once to find lines about one figure; only the second time, when it is recorded, it breaks off.
    let mut breaks_off = [false, true].into_iter();
    let open = move || {
        let good: Vec<std::io::Result<Window>> = Windows::new(BufReader::new(Cursor::new(text.clone())), of_all.clone()).collect();
        let end = breaks_off.next().filter(|breaks_off| *breaks_off).map(|_| Err(ErrorKind::UnexpectedEof.into()));
        Ok(good.into_iter().chain(end))
    };
    let write = WriteContext::at_command_line(&app.state.context);
    let sender = Authorized::new(Caller::of(client)).unwrap();
    let mut recording = begin(&write, &app.state.pending, &sender, open, StreamOptions::default()).await.unwrap();
    let first = recording.next().await.unwrap();

    let told: Vec<_> = lines(recording, first, "/v1/submissions".into(), "r1".into(), Language::English).collect().await;

    let text: String = told.into_iter().map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap()).collect();
    let told: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<&Value> = told.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, [&json!("created"), &json!("rejected"), &Value::Null], "the lines before are told of: {text}");
    let stop = &told[2];
    assert_eq!((&stop["lines"], &stop["problem"]["status"]), (&json!(2), &json!(500)), "{stop}");
    assert_eq!((&stop["problem"]["instance"], &stop["problem"]["request_id"]), (&json!("/v1/submissions"), &json!("r1")));
    assert_eq!(stop["problem"]["errors"][0]["code"], "internal");
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, ["1596"], "what was told of is on record");
}

async fn a_stream_waits_for_review_like_any_submission(app: TestApp) {
    let sender = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let leader = app.client_of(Some("H02.13"), &[Scope::Approve]).await;
    let estimate = with(dated("fines-total", "5", "2024-05"), "status", "E");
    let text = ndjson(&[
        dated("infosec-incidents", "1.5", "2024-04"),
        with(estimate.clone(), "province", "91"),
        dated("bts-sites", "1596", "2024-05"),
        estimate,
    ]);

    let (rows, _) = told(&send(&sender, "province=24&mode=partial", &text).await);
    let waiting = values(&app, "bac-giang-1997", "bts-sites").await;
    let id = |row: &Value| row["submission"].as_str().unwrap().to_owned();
    let read = sender.get(&format!("/v1/submissions/{}", id(&rows[0]))).await.expect(200);
    app.department().await.submit(&json!({"province": "24", "observations": [dated("fines-total", "6", "2024-05")]})).await;
    let refused = leader.send(Method::POST, &format!("/v1/submissions/{}/approve", id(&rows[0])), &[], Vec::new()).await;
    let approved = leader.send(Method::POST, &format!("/v1/submissions/{}/approve", id(&rows[1])), &[], Vec::new()).await.expect(200);

    assert_eq!((&rows[2]["outcome"], &rows[2]["observation"], waiting.len()), (&json!("created"), &Value::Null, 0));
    assert_eq!(read["state"], "submitted");
    assert_eq!((&read["rows"][0]["errors"][0]["location"], &read["rows"][0]["errors"][0]["pointer"]), (&json!("line 1"), &json!("/value")));
    let changed = [fault("lower_status", "/status"), fault("changed_since_submitted", "")];
    assert_eq!(refused.faults(422), changed, "an official figure came between");
    assert_eq!(refused.json()["errors"][1]["location"], "line 4");
    assert_eq!(refused.json()["errors"][0]["location"], "line 4");
    assert_eq!(approved["state"], "approved");
    assert_eq!(values(&app, "kien-giang-1997", "fines-total").await, ["5"]);
}

async fn who_may_not_submit_sends_no_stream(app: TestApp) {
    let line = ndjson(&[dated("bts-sites", "1", "2024-05")]);

    let anyone = send(&app.anyone(), MAY, &line).await;
    let reader = send(&app.client(&[Scope::Read, Scope::Targets]).await, MAY, &line).await;

    assert_eq!(anyone.fault(401).0, "token_missing");
    assert_eq!(reader.fault(403).0, "scope_missing");
    assert_eq!(values(&app, "bac-giang-1997", "bts-sites").await, [""; 0]);
}

async fn a_stream_beyond_the_limit_is_refused(app: TestApp) {
    let department = app.department().await;
    let limit = usize::try_from(settings().stream_limit).unwrap();
    let line = ndjson(&[dated("bts-sites", "1", "2024-05")]);
    let padded = |length: usize| format!("{line}{}", "\n".repeat(length - line.len()));

    let declared = exchange(&app, &department, &format!("content-length: {}\r\n\r\n", limit + 1), "").await;
    let chunked = format!("{:x}\r\n{}", limit + 1, padded(limit + 1));
    let hidden = exchange(&app, &department, "transfer-encoding: chunked\r\n\r\n", &chunked).await;
    assert_nothing_is_stored(&department).await;
    let exact = send(&department, MAY, &padded(limit)).await;

    for answer in [declared, hidden] {
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"body_too_large\""), "{answer}");
    }
    assert_eq!(told(&exact).1["counts"]["created"], 1);
}

async fn an_upload_that_breaks_off_stores_nothing(app: TestApp) {
    let department = app.department().await;
    let line = ndjson(&[dated("bts-sites", "1", "2024-05")]);
    for (length, body, why) in [
        (format!("content-length: {}\r\n\r\n", line.len() + 1), line.clone(), "a byte less than was said"),
        ("transfer-encoding: chunked\r\n\r\n".to_owned(), format!("{:x}\r\n{line}\r\n", line.len()), "no last chunk"),
    ] {
        let answer = exchange(&app, &department, &length, &body).await;

        assert!(!answer.starts_with("HTTP/1.1 2"), "{why}: {answer}");
        assert_nothing_is_stored(&department).await;
    }
}

async fn an_upload_that_stands_still_is_not_waited_for(app: TestApp) {
    let app = app.another_with(Settings { request_timeout: 1, ..settings() });
    let department = app.department().await;
    let token = department.token.clone().unwrap();

    let address = app.address;
    let answer = web::block(move || receive(&mut connect(address, &token, "content-length: 1000\r\n\r\n{"))).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"request_timeout\""), "{answer}");
    assert_nothing_is_stored(&department).await;
}

const NDJSON: &str = "application/x-ndjson";

fn ndjson(rows: &[Value]) -> String {
    rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

fn with(mut row: Value, field: &str, value: &str) -> Value {
    row[field] = json!(value);
    row
}

/// Forty indicators in sixty-three months, the same figure in each.
fn many() -> (String, Vec<&'static str>) {
    let codes: Vec<&str> = FLOWS.split_whitespace().collect();
    let months: Vec<String> = (0..63).map(|n| format!("{}-{:02}", 2020 + n / 12, n % 12 + 1)).collect();
    let rows: Vec<Value> = codes.iter().flat_map(|code| months.iter().map(|month| dated(code, "100", month))).collect();
    (ndjson(&rows), codes)
}

/// Indicators of what happens in a period, each without a part that has to add up.
const FLOWS: &str = "digital-signature-support-requests videoconferences-served infosec-incidents infosec-training-classes
    infosec-training-participants licence-applications-received nonbusiness-pub-licences-issued nonbusiness-pub-copies-licensed
    bulletin-licences-issued printing-registrations-confirmed nonbusiness-titles press-items-published press-photos-published
    photos-exhibited press-agencies-engaged election-qa-items election-leaflets visual-banners visual-panels directive-documents-issued
    portal-items-published thematic-conferences thematic-conference-attendees group-meetings group-meeting-attendees
    nuisance-numbers-handled inspections-conducted inspected-entities sanctioned-entities sanction-decisions fines-total
    complaints-received petitions-received citizen-reception-sessions awards-granted post-telecom-revenue telecom-internet-revenue
    dossiers-resolved legal-drafts-commented legal-texts-disseminated";

async fn send(user: &User, query: &str, text: &str) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", NDJSON)], text.as_bytes().to_vec()).await
}

async fn keyed(user: &User, key: &str, query: &str, text: &str) -> Answer {
    let headers = [("content-type", NDJSON), ("idempotency-key", key)];
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &headers, text.as_bytes().to_vec()).await
}

/// What is told of each line, and the last line, which counts them.
#[track_caller]
fn told(answer: &Answer) -> (Vec<Value>, Value) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let end = lines.pop().unwrap();
    assert_eq!(end["lines"], lines.len(), "{end}");
    (lines, end)
}

fn errors(row: &Value) -> Vec<(String, String)> {
    let place = |error: &Value| error.get("pointer").or(error.get("parameter")).and_then(Value::as_str).unwrap_or("?").to_owned();
    row["errors"].as_array().unwrap().iter().map(|error| (error["code"].as_str().unwrap().to_owned(), place(error))).collect()
}

/// All that is left of a recording.
async fn all<W: Iterator<Item = std::io::Result<Window>> + Send + 'static>(mut recording: Recording<W>) -> Vec<Line> {
    let mut lines = Vec::new();
    while let Some(window) = recording.next().await.unwrap() {
        lines.extend(window);
    }
    lines
}

/// The values of an indicator's total in a province.
async fn values(app: &TestApp, province: &str, indicator: &str) -> Vec<String> {
    let path = format!("/v1/series?province={province}&indicator={indicator}&geography=as_reported");
    let found = app.anyone().get(&path).await.expect(200);
    let of = |item: &Value| item["observations"].as_array().unwrap().clone();
    let own = found["items"].as_array().unwrap().iter().filter(|item| item["province"]["key"] == province).flat_map(of);
    own.map(|point| point["value"].to_string()).collect()
}

async fn assert_nothing_is_stored(user: &User) {
    assert_eq!(user.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

/// Sends the beginning of a stream, ends it there, and reads what comes until the server hangs up.
async fn exchange(app: &TestApp, user: &User, length: &str, body: &str) -> String {
    let (address, token, rest) = (app.address, user.token.clone().unwrap(), format!("{length}{body}"));
    web::block(move || {
        let mut stream = connect(address, &token, &rest);
        stream.shutdown(Shutdown::Write).unwrap();
        receive(&mut stream)
    })
    .await
    .unwrap()
}

fn connect(address: SocketAddr, token: &str, rest: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    // No timing is asserted: without an answer the test fails instead of hanging.
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!("POST /v1/submissions?{MAY} HTTP/1.1\r\nhost: chitieu.example\r\ncontent-type: {NDJSON}\r\n");
    stream.write_all(format!("{head}authorization: Bearer {token}\r\n{rest}").as_bytes()).unwrap();
    stream
}

/// What comes until the server hangs up, or has said why it will not go on.
fn receive(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap_or_default();
        received.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&received);
        if read == 0 || text.ends_with('}') {
            return text.into_owned();
        }
    }
}
