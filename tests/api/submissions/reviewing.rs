//! What reviewers and colleagues see of a submission: what was sent, and of their own provinces only.
//! The steps that they take stand in `workflow`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::fault;
use crate::support::{TestApp, on_both};

on_both! {
    who_reviews_reads_what_was_sent,
    what_was_returned_is_mended_from_what_was_sent,
    of_what_was_rejected_nothing_is_kept,
    a_list_has_counts_and_no_rows,
    who_is_narrowed_to_a_province_has_no_part_in_others,
    a_page_has_no_gaps_where_others_stand,
    nobody_else_reads_a_draft,
    who_is_narrowed_reorganises_nothing_of_others,
}

const REVIEWED: &str = "H02.15";
const GIANG: &str = "bac-giang-1997";
const KIEN: &str = "kien-giang-1997";

async fn who_reviews_reads_what_was_sent(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let rows = json!([
        {"row_ref": "a", "indicator": "bts-sites", "value": 1600.0, "status": "E", "wording": "khoảng 1.600 trạm"},
        {"indicator": "post-telecom-revenue", "period": "2024-05-YTD", "value": "1.205", "unit_mult": 9, "claims": [{"kind": "yoy_index", "value": 103.2}]},
        {"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "bound": "range", "low": 10, "high": 12},
        {"indicator": "online-service-level4-rate", "numerator": 38, "denominator": 38},
        {"indicator": "fines-total", "nil": true, "reason": "không có", "acknowledge": ["outlier"]},
    ]);
    let body = json!({"province": "24", "period": "2024-05", "calendar": "civil", "number_locale": "vi", "observations": rows});

    let sent = sender.post("/v1/submissions", &body).await.expect(201);
    let read = reviewer.get(&format!("/v1/submissions/{}", sent["id"].as_str().unwrap())).await.expect(200);

    assert_eq!((&read["province"], &read["calendar"]), (&json!("24"), &json!("civil")));
    let of_rows: Vec<String> = read["rows"].as_array().unwrap().iter().map(|row| row["sent"].to_string()).collect();
    assert_eq!(
        of_rows,
        [
            r#"{"indicator":"bts-sites","period":"2024-05","value":1600.0,"status":"E","bound":"eq","wording":"khoảng 1.600 trạm"}"#,
            r#"{"indicator":"post-telecom-revenue","period":"2024-05-YTD","value":1205,"unit_mult":9,"status":"A","bound":"eq","claims":[{"kind":"yoy_index","value":103.2}]}"#,
            r#"{"indicator":"phone-subscribers","breakdown":{"line_type":"fixed"},"period":"2024-05","low":10,"high":12,"status":"A","bound":"range"}"#,
            r#"{"indicator":"online-service-level4-rate","period":"2024-05","numerator":38,"denominator":38,"status":"A","bound":"eq"}"#,
            r#"{"indicator":"fines-total","period":"2024-05","nil":true,"reason":"không có","acknowledge":["outlier"]}"#,
        ]
    );
    assert_eq!(sent["rows"], read["rows"]);
    let approved = reviewer.send(Method::POST, &path(&sent, "/approve"), &[], Vec::new()).await.expect(200);
    assert_eq!(approved["rows"][0]["sent"], read["rows"][0]["sent"], "and what was approved can be read for good");
}

async fn what_was_returned_is_mended_from_what_was_sent(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let colleague = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let sent =
        sender.post("/v1/submissions", &batch(GIANG, &json!([figure("bts-sites", 1600), figure("fines-total", 7)]))).await.expect(201);
    reviewer.post(&path(&sent, "/return"), &json!({"comment": "Xem lại tiền phạt"})).await.expect(200);

    let read = colleague.get(&path(&sent, "")).await.expect(200);
    let mut rows: Vec<Value> = read["rows"].as_array().unwrap().iter().map(|row| row["sent"].clone()).collect();
    rows[1]["value"] = json!(8);
    let mended = json!({"province": read["province"], "observations": rows});
    colleague.put(&path(&sent, ""), &mended).await.expect(200);
    colleague.send(Method::POST, &path(&sent, "/submit"), &[], Vec::new()).await.expect(200);
    let read_again = reviewer.get(&path(&sent, "")).await.expect(200);

    assert_eq!(read_again["rows"][0]["sent"], read["rows"][0]["sent"]);
    assert_eq!(read_again["rows"][1]["sent"]["value"], 8);
}

async fn of_what_was_rejected_nothing_is_kept(app: TestApp) {
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let mut body = batch(GIANG, &json!([figure("no-such", 1), figure("bts-sites", 1600)]));
    body["mode"] = json!("partial");

    let sent = sender.post("/v1/submissions", &body).await.expect(200);
    let read = sender.get(&path(&sent, "")).await.expect(200);

    assert_eq!((&read["rows"][0]["outcome"], &read["rows"][0]["sent"]), (&json!("rejected"), &Value::Null));
    assert_eq!(read["rows"][1]["sent"]["indicator"], "bts-sites", "each row has its own");
}

async fn a_list_has_counts_and_no_rows(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(GIANG, &json!([figure("bts-sites", 1600), figure("fines-total", 7)]))).await;
    let mut partial = batch(GIANG, &json!([figure("bts-sites", 1600), figure("fines-total", 8), figure("no-such", 1)]));
    partial["mode"] = json!("partial");
    partial["acknowledge"] = json!(["yoy_jump", "outlier"]);
    department.post("/v1/submissions", &partial).await.expect(200);

    let listed = department.get("/v1/submissions").await.expect(200);

    let counts: Vec<String> = listed["items"].as_array().unwrap().iter().map(|item| item["counts"].to_string()).collect();
    assert_eq!(
        counts,
        [r#"{"created":0,"updated":1,"unchanged":1,"rejected":1}"#, r#"{"created":2,"updated":0,"unchanged":0,"rejected":0}"#]
    );
    assert!(listed["items"].as_array().unwrap().iter().all(|item| item.get("rows").is_none()), "{listed}");
}

async fn who_is_narrowed_to_a_province_has_no_part_in_others(app: TestApp) {
    use Scope::{Approve, Submit};
    let sender = app.client_of(Some(REVIEWED), &[Submit]).await;
    let sent = sender.post("/v1/submissions", &batch(KIEN, &json!([figure("bts-sites", 1600)]))).await.expect(201);
    let mut draft = batch(KIEN, &json!([figure("bts-sites", 1700)]));
    draft["draft"] = json!(true);
    let draft = sender.post("/v1/submissions", &draft).await.expect(201);

    for (who, user, may_not_send) in [
        ("a reviewer for another province", app.client_within(None, &[Approve], &[GIANG]).await, (403, "scope_missing")),
        ("a colleague for another province", app.client_within(Some(REVIEWED), &[Submit, Approve], &[GIANG]).await, (404, "not_found")),
    ] {
        let mine = batch(GIANG, &json!([figure("bts-sites", 1)]));
        let comment = json!({"comment": "Xem lại"});
        for of in [&sent, &draft] {
            assert_eq!(user.get(&path(of, "")).await.fault(404), fault("not_found", ""), "{who}");
            assert_eq!(user.post(&path(of, "/return"), &comment).await.fault(404), fault("not_found", ""), "{who}");
            let (status, code) = may_not_send;
            assert_eq!(user.put(&path(of, ""), &mine).await.fault(status), fault(code, ""), "{who}");
            assert_eq!(user.post(&path(of, "/withdraw"), &comment).await.fault(status), fault(code, ""), "{who}");
        }
        assert_eq!(user.get("/v1/submissions").await.expect(200)["items"], json!([]), "{who}");
    }
    let states = sender.get("/v1/submissions").await.expect(200);
    assert_eq!((&states["items"][0]["state"], &states["items"][1]["state"]), (&json!("draft"), &json!("submitted")), "nothing has changed");

    let own = app.client_within(None, &[Approve], &[KIEN, GIANG]).await;
    assert_eq!(own.get("/v1/submissions").await.expect(200)["items"][0]["id"], sent["id"]);
    own.send(Method::POST, &path(&sent, "/approve"), &[], Vec::new()).await.expect(200);
}

async fn a_page_has_no_gaps_where_others_stand(app: TestApp) {
    let (sender, reviewer) =
        (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_within(None, &[Scope::Approve], &[GIANG]).await);
    let mut expected = Vec::new();
    for (n, province) in [GIANG, KIEN, KIEN, GIANG, KIEN, GIANG].into_iter().enumerate() {
        let period = format!("2024-0{}", n + 1);
        let body = json!({"province": province, "period": period, "observations": [figure("bts-sites", 1600)]});
        let sent = sender.post("/v1/submissions", &body).await.expect(201);
        if province == GIANG {
            expected.insert(0, sent["id"].clone());
        }
    }

    let first = reviewer.get("/v1/submissions?limit=2").await.expect(200);
    let second = reviewer.get(&format!("/v1/submissions?limit=2&cursor={}", first["next"].as_str().unwrap())).await.expect(200);

    let ids: Vec<Value> =
        [&first, &second].iter().flat_map(|page| page["items"].as_array().unwrap()).map(|item| item["id"].clone()).collect();
    assert_eq!(ids, expected);
    assert_eq!((first["items"].as_array().unwrap().len(), &second["next"]), (2, &Value::Null));
}

async fn nobody_else_reads_a_draft(app: TestApp) {
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let mut body = batch(GIANG, &json!([figure("bts-sites", 1600)]));
    body["draft"] = json!(true);
    let draft = sender.post("/v1/submissions", &body).await.expect(201);

    for reviewer in [app.client_of(None, &[Scope::Approve]).await, app.client_of(Some(REVIEWED), &[Scope::Approve]).await] {
        assert_eq!(reviewer.get(&path(&draft, "")).await.fault(404), fault("not_found", ""));
        assert_eq!(reviewer.get("/v1/submissions").await.expect(200)["items"], json!([]));
    }
    let colleague = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    assert_eq!(colleague.get(&path(&draft, "")).await.expect(200)["rows"][0]["sent"]["value"], 1600);
}

async fn who_is_narrowed_reorganises_nothing_of_others(app: TestApp) {
    let rename = |key: &str, name: &str, from: &str| {
        json!({"valid_from": "2027-01-01", "source": {"number": "1/NQ-QH16"},
               "provinces": [{"key": key, "code": "24", "name": name, "name_en": name, "unit_type": "province", "predecessors": [from]}]})
    };
    let narrowed = app.client_for(&[Scope::Catalogue], &[GIANG]).await;

    let refused = narrowed.put("/v1/provinces", &rename("bac-ninh-2027", "Bắc Ninh Mới", "bac-ninh-2025")).await;

    assert_eq!(refused.fault(403), fault("province_not_allowed", ""));
    app.anyone().get("/v1/provinces/bac-ninh-2027").await.expect(404);
}

fn path(of: &Value, step: &str) -> String {
    format!("/v1/submissions/{}{step}", of["id"].as_str().unwrap())
}

fn figure(indicator: &str, value: i32) -> Value {
    json!({"indicator": indicator, "value": value})
}

fn batch(province: &str, rows: &Value) -> Value {
    json!({"province": province, "period": "2024-05", "observations": rows})
}
