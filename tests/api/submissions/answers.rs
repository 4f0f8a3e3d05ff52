//! Answers to submissions: each row as it was read, dry runs that say what would happen, and every fault in one round.
//! What becomes of good rows without bad ones is in `partial`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    every_row_says_what_was_read,
    a_rejected_row_says_as_much_as_was_read,
    a_code_that_means_two_provinces_is_told_row_by_row,
    a_row_of_a_file_or_a_stream_says_where_it_stands,
    a_dry_run_says_what_would_happen,
    a_dry_run_of_a_stream_says_what_would_happen,
    a_waiting_stream_says_that_it_waits,
    every_fault_of_a_batch_is_told_at_once,
    every_fault_of_a_file_is_told_at_once,
    a_province_that_is_not_allowed_hides_no_other_fault,
    a_repeated_row_names_the_first_as_its_sender_does,
}

/// An organisation that nobody trusts to publish without review.
const REVIEWED: &str = "H02.15";

async fn every_row_says_what_was_read(app: TestApp) {
    let department = app.department().await;
    let rows = [
        json!({"indicator": "bts-sites", "value": "1596.0"}),
        json!({"indicator": "post-telecom-revenue", "period": "2024-M05", "value": 230_500, "unit_mult": 6, "status": "E"}),
        json!({"indicator": "post-telecom-revenue", "period": "202405", "calendar": "nd09", "low": 20, "high": 23.5, "bound": "range"}),
        json!({"indicator": "online-service-level4-rate", "period": "2024-Q2", "numerator": 37, "denominator": 38}),
        json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754, "as_of": "2024-05-30"}),
        json!({"indicator": "fines-total", "nil": true}),
    ];
    let expected = [
        json!({"indicator": "bts-sites", "value": 1596.0, "unit_mult": 0, "status": "A", "bound": "eq"}),
        json!({"indicator": "post-telecom-revenue", "value": 230.500, "unit_mult": 9, "status": "E", "bound": "eq"}),
        json!({"indicator": "post-telecom-revenue", "calendar": "nd09", "value": null, "low": 20, "high": 23.5, "unit_mult": 9, "status": "A", "bound": "range"}),
        json!({"indicator": "online-service-level4-rate", "period": "2024-Q2", "value": 97.37, "numerator": 37, "denominator": 38, "unit_mult": 0,
            "status": "A", "bound": "eq"}),
        json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754, "unit_mult": 0, "status": "A", "bound": "eq",
            "as_of": "2024-05-30"}),
        json!({"indicator": "fines-total", "value": null, "nil": true}),
    ];
    let body = batch(&rows);

    let dry = department.post("/v1/submissions?dry_run=true", &body).await.expect(200);
    let stored = department.submit(&body).await;
    let seen = department.get(&format!("/v1/submissions/{}", stored["id"].as_str().unwrap())).await.expect(200);

    for (n, expected) in expected.iter().enumerate() {
        let mut whole = json!({"province": {"key": "bac-giang-1997", "name": "Bắc Giang"}, "period": "2024-05", "calendar": "civil"});
        whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
        for (which, answer) in [("dry run", &dry), ("stored", &stored), ("looked at later", &seen)] {
            assert_eq!(read(&answer["rows"][n]), whole, "{which}, row {n}");
        }
    }
}

async fn a_rejected_row_says_as_much_as_was_read(app: TestApp) {
    let department = app.department().await;
    let rows = [
        json!({"indicator": "bts-towers", "value": 5}),
        json!({"indicator": "bts-sites", "value": 1.5}),
        json!({"indicator": "post-telecom-revenue", "value": "nhiều", "status": "E"}),
        json!({"indicator": "post-telecom-revenue", "value": -5_000, "unit_mult": 6}),
        json!({"indicator": "bts-sites", "period": "May", "value": 7}),
        json!({"indicator": "fines-total", "withdraw": true, "reason": "nhầm"}),
        json!(5),
    ];

    let mut body = batch(&rows);
    body["mode"] = json!("partial");
    let told = department.post("/v1/submissions", &body).await.expect(200);

    let place = json!({"key": "bac-giang-1997", "name": "Bắc Giang"});
    let nothing = json!({"province": null, "indicator": null, "period": null, "calendar": null, "value": null});
    for (n, changes) in [
        (
            0,
            json!({"province": place, "indicator": "bts-towers", "period": "2024-05", "calendar": "civil", "value": 5, "status": "A", "bound": "eq"}),
        ),
        (
            1,
            json!({"province": place, "indicator": "bts-sites", "period": "2024-05", "calendar": "civil", "value": 1.5, "unit_mult": 0, "status": "A", "bound": "eq"}),
        ),
        (2, json!({"province": place, "indicator": "post-telecom-revenue", "period": "2024-05", "calendar": "civil"})),
        (
            3,
            json!({"province": place, "indicator": "post-telecom-revenue", "period": "2024-05", "calendar": "civil", "value": -5000, "unit_mult": 6,
            "status": "A", "bound": "eq"}),
        ),
        (4, json!({"indicator": "bts-sites", "calendar": "civil", "value": 7, "unit_mult": 0, "status": "A", "bound": "eq"})),
        (5, json!({"province": place, "indicator": "fines-total", "period": "2024-05", "calendar": "civil", "withdraw": true})),
        (6, json!({})),
    ] {
        let mut expected = nothing.clone();
        expected.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        assert_eq!(told["rows"][n]["outcome"], "rejected", "row {n}");
        assert_eq!(read(&told["rows"][n]), expected, "row {n}");
    }
}

async fn a_code_that_means_two_provinces_is_told_row_by_row(app: TestApp) {
    let department = app.department().await;
    let rows = [dated("bts-sites", "1596", "2024-12"), dated("bts-sites", "4201", "2025-12")];

    let told = department.post("/v1/submissions?dry_run=true", &json!({"province": "24", "observations": rows})).await.expect(200);

    let named: Vec<&str> = (0..2).map(|n| told["rows"][n]["province"]["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["Bắc Giang", "Bắc Ninh"]);
}

async fn a_row_of_a_file_or_a_stream_says_where_it_stands(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Số liệu\nbts-sites;1.600\n\nfines-total;-1\nphone-subscribers;1.930.360\n";
    let lines =
        "{\"indicator\": \"bts-sites\", \"period\": \"2024-06\", \"value\": 1610}\n\n{\"indicator\": \"bts-sites\", \"value\": 1.5}\n[]\n";

    let told = send(&department, "text/csv", "province=24&period=2024-05&number_locale=vi&mode=partial", file).await.expect(200);
    let streamed = send(&department, "application/x-ndjson", "province=24&period=2024-05&mode=partial", lines).await;

    let shown = |row: &Value| format!("{} {} {}", row["location"].as_str().unwrap(), row["outcome"].as_str().unwrap(), row["value"]);
    let rows: Vec<String> = told["submissions"][0]["rows"].as_array().unwrap().iter().map(shown).collect();
    assert_eq!(rows, ["row 2, column A created 1600", "row 4, column A rejected -1", "row 5, column A created 1930360"]);
    let answered: Vec<Value> = streamed.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = |row: &Value| format!("{} {} {} {}", row["line"], row["outcome"].as_str().unwrap(), row["period"], row["value"]);
    let rows: Vec<String> = answered[..3].iter().map(shown).collect();
    assert_eq!(rows, [r#"1 created "2024-06" 1610"#, r#"3 rejected "2024-05" 1.5"#, "4 rejected null null"]);
    assert!(answered[..3].iter().all(|row| row.get("location").is_none()), "the line is its place");
    let later = department.get(&format!("/v1/submissions/{}", answered[0]["submission"].as_str().unwrap())).await.expect(200);
    let places: Vec<&str> = later["rows"].as_array().unwrap().iter().map(|row| row["location"].as_str().unwrap()).collect();
    assert_eq!(places[..2], ["line 1", "line 3"], "where no line is beside it");
}

async fn a_dry_run_says_what_would_happen(app: TestApp) {
    let trusted = app.department().await;
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let known = trusted.submit(&batch(&[dated("fines-total", "10", "2024-05")])).await["rows"][0]["observation"].clone();
    let rows = [dated("fines-total", "10", "2024-05"), dated("bts-sites", "1596", "2024-05")];

    for (who, user, draft, state) in
        [("reviewed", &sender, false, "submitted"), ("a draft", &sender, true, "draft"), ("trusted", &trusted, false, "approved")]
    {
        let mut body = batch(&rows);
        body["draft"] = json!(draft);
        let dry = user.post("/v1/submissions?dry_run=true", &body).await;

        assert_eq!(dry.header("location"), "", "{who}");
        let told = dry.expect(200);
        assert_eq!((&told["dry_run"], &told["state"]), (&json!(true), &json!(state)), "{who}");
        for field in ["id", "received_at"] {
            assert_eq!(told.get(field), None, "{who}: nothing is there that has one");
        }
        assert_eq!((&told["may"], &told["steps"]), (&json!([]), &json!([])), "{who}: nothing happened");
        assert_eq!(told["counts"], json!({"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}), "{who}");
        let rows: Vec<_> = (0..2).map(|n| (&told["rows"][n]["outcome"], &told["rows"][n]["observation"])).collect();
        assert_eq!(rows, [(&json!("unchanged"), &known), (&json!("created"), &Value::Null)], "{who}: no id of what is not there");
        let real = user.post("/v1/submissions", &body).await.expect(201);
        assert_eq!((&real["state"], real.get("dry_run")), (&json!(state), None), "{who}: as it was told");
        let id = real["rows"][1]["observation"].clone();
        assert_eq!(id.is_string(), state == "approved", "{who}");
        if let Some(id) = id.as_str() {
            let body = json!({"province": "bac-giang-1997", "period": "2024-05", "observations": [{"indicator": "bts-sites", "withdraw": true, "reason": "thử"}]});
            assert_eq!(user.submit(&body).await["rows"][0]["observation"], id, "{who}");
        }
    }
}

async fn a_dry_run_of_a_stream_says_what_would_happen(app: TestApp) {
    let trusted = app.department().await;
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let lines = "{\"indicator\": \"bts-sites\", \"value\": 1596}\n{\n";

    for (user, state) in [(&trusted, "approved"), (&sender, "submitted")] {
        let told = send(user, "application/x-ndjson", "province=24&period=2024-05&mode=partial&dry_run=true", lines).await;

        let told: Vec<Value> = told.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let first = (&told[0]["state"], &told[0]["outcome"], &told[0]["observation"], &told[0]["submission"]);
        assert_eq!(first, (&json!(state), &json!("created"), &Value::Null, &Value::Null));
        assert_eq!(told[1]["state"], Value::Null, "of no submission");
        let counts = json!({"created": 1, "updated": 0, "unchanged": 0, "rejected": 1});
        assert_eq!(told[2], json!({"dry_run": true, "lines": 2, "submissions": 0, "counts": counts}));
    }
}

async fn a_waiting_stream_says_that_it_waits(app: TestApp) {
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", "a")];
    let line = b"{\"indicator\": \"bts-sites\", \"value\": 1596}\n".to_vec();
    let path = "/v1/submissions?province=24&period=2024-05&mode=partial";

    let first = sender.send(Method::POST, path, &headers, line.clone()).await;
    let again = sender.send(Method::POST, path, &headers, line).await;

    let row: Value = serde_json::from_str(first.text().lines().next().unwrap()).unwrap();
    assert_eq!((&row["state"], &row["value"]), (&json!("submitted"), &json!(1596)));
    assert_eq!(first.text(), again.text(), "the same again, as it was read then");
}

async fn every_fault_of_a_batch_is_told_at_once(app: TestApp) {
    let department = app.department().await;
    let before = [dated("fines-total", "120", "2024-03-YTD"), dated("petitions-received", "8", "2024-05")];
    department.submit(&batch(&before)).await;
    let rows = [
        json!({"indicator": "bts-sites", "value": "nhiều"}),
        json!({"indicator": "bts-towers", "value": 1}),
        json!({"indicator": "infosec-incidents", "value": -1}),
        json!({"indicator": "bts-sites", "period": "2024-04", "value": 5, "colour": "red"}),
        dated("fines-total", "100", "2024-04-YTD"),
        json!({"indicator": "petitions-received", "value": 7, "status": "E"}),
        json!({"indicator": "phone-subscribers", "value": 100}),
        json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 60}),
        json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "mobile"}, "value": 50}),
        json!({"indicator": "sanctioned-entities", "value": 12}),
        json!({"indicator": "inspected-entities", "value": 10}),
        json!({"indicator": "complaints-received", "withdraw": true}),
        json!({"indicator": "awards-granted", "withdraw": true, "reason": "nhầm"}),
        json!({"indicator": "advisory-documents-submitted", "value": 3}),
    ];

    let refused = department.post("/v1/submissions", &batch(&rows)).await;

    let mut faults = refused.faults(422);
    faults.sort();
    let mut expected = [
        fault("not_a_number", "/observations/0/value"),
        fault("unknown_indicator", "/observations/1/indicator"),
        fault("negative_count", "/observations/2/value"),
        fault("unknown_field", "/observations/3/colour"),
        fault("unacknowledged", "/observations/4/acknowledge"),
        fault("lower_status", "/observations/5/status"),
        fault("parts_disagree", "/observations/6"),
        fault("unacknowledged", "/observations/9/acknowledge"),
        fault("unacknowledged", "/observations/10/acknowledge"),
        fault("reason_missing", "/observations/11/reason"),
        fault("nothing_to_withdraw", "/observations/12"),
    ];
    expected.sort();
    assert_eq!(faults, expected, "of every stage: {}", refused.text());
    let mut mended = rows.to_vec();
    mended[0]["value"] = json!(1596);
    mended[1]["indicator"] = json!("official-email-accounts");
    mended[2]["value"] = json!(1);
    mended[3].as_object_mut().unwrap().remove("colour");
    mended[4]["value"] = json!(130);
    mended[5]["status"] = json!("A");
    mended[8]["value"] = json!(40);
    mended[9]["value"] = json!(9);
    mended.drain(11..13);
    let recorded = department.post("/v1/submissions", &batch(&mended)).await.expect(201);
    let values: Vec<String> = recorded["rows"].as_array().unwrap().iter().map(|row| row["value"].to_string()).collect();
    assert_eq!(values, ["1596", "1", "1", "5", "130", "7", "100", "60", "40", "9", "10", "3"], "exactly these");
}

async fn every_fault_of_a_file_is_told_at_once(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(&[dated("fines-total", "120", "2024-03-YTD")])).await;
    let file = |colour: &str, sites: &str, part: &str, code: &str, fines: &str| {
        format!(
            "Mã chỉ tiêu;Phân tổ;Kỳ;Số liệu{colour}\n\
             bts-sites;;;{sites}\n\
             phone-subscribers;{part};;11754\n\
             {code};;;7\n\
             fines-total;;2024-04-YTD;{fines}\n"
        )
    };

    let refused =
        send(&department, "text/csv", "province=24&period=2024-05", &file(";Màu", "nhiều", "cố định", "nobodys-code", "100")).await;

    assert_eq!(refused.status, 422, "{}", refused.text());
    let body = refused.json();
    let place = |error: &Value| format!("{} {}", error["location"].as_str().unwrap_or("?"), error["code"].as_str().unwrap());
    let mut faults: Vec<String> = body["errors"].as_array().unwrap().iter().map(place).collect();
    faults.sort();
    let expected = [
        "row 1, column E unknown_field",
        "row 2, column D not_a_number",
        "row 3, column B unknown_breakdown",
        "row 4, column A unknown_indicator",
        "row 5, column A unacknowledged",
    ];
    assert_eq!(faults, expected, "{body}");
    let good = file("", "1596", "line_type:fixed", "infosec-incidents", "130");
    let recorded = send(&department, "text/csv", "province=24&period=2024-05", &good).await.expect(201);
    let values: Vec<String> = recorded["submissions"][0]["rows"].as_array().unwrap().iter().map(|row| row["value"].to_string()).collect();
    assert_eq!(values, ["1596", "11754", "7", "130"], "exactly these");
}

async fn a_province_that_is_not_allowed_hides_no_other_fault(app: TestApp) {
    let owner = app.department().await;
    owner.submit(&batch(&[dated("fines-total", "120", "2024-03-YTD")])).await;
    let department = app.client_for(&[Scope::Submit], &["bac-ninh-1997"]).await;
    let falls = dated("fines-total", "100", "2024-04-YTD");

    let only = department.post("/v1/submissions", &batch(std::slice::from_ref(&falls))).await;
    let both = department.post("/v1/submissions", &batch(&[falls, json!({"indicator": "bts-towers", "value": 1})])).await;

    let denied = fault("province_not_allowed", "/province");
    assert_eq!(only.faults(403), std::slice::from_ref(&denied), "and nothing about the figures that are stored there");
    assert_eq!(both.faults(422), [fault("unknown_indicator", "/observations/1/indicator"), denied]);
}

async fn a_repeated_row_names_the_first_as_its_sender_does(app: TestApp) {
    let department = app.department().await;
    for (row_ref, expected) in [(Value::Null, "row 1 "), (json!("r1"), "row `r1` ")] {
        let rows = [json!({"row_ref": row_ref, "indicator": "bts-sites", "value": 5}), json!({"indicator": "bts-sites", "value": 6})];

        let refused = department.post("/v1/submissions", &batch(&rows)).await;

        let errors = refused.json()["errors"].clone();
        let message = errors.as_array().unwrap().last().unwrap()["message"].as_str().unwrap().to_owned();
        assert_eq!(refused.status, 422);
        assert!(message.starts_with(expected), "{message}");
    }
}

/// A batch of Bắc Giang, of May 2024 where a row does not say otherwise.
fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "period": "2024-05", "observations": rows})
}

async fn send(user: &User, media: &str, query: &str, body: &str) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], body.as_bytes().to_vec()).await
}

/// A row as it was read: without its result.
fn read(row: &Value) -> Value {
    let mut row = row.clone();
    for field in ["row_ref", "outcome", "observation", "errors", "warnings", "sent"] {
        row.as_object_mut().unwrap().remove(field);
    }
    row
}
