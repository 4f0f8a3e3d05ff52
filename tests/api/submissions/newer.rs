//! Nothing newer is undone unasked: by an old batch that comes again, or by the approval of a submission that has waited.
//! The rules of old values and documents have their table in the domain; here is one row of each way to send them.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    the_first_batch_after_its_correction_is_refused_until_it_says_why,
    every_way_to_undo_a_newer_figure_is_refused_at_its_place,
    a_target_undoes_no_newer_one_unasked,
    a_figure_published_meanwhile_is_replaced_only_with_a_reason,
    a_review_shows_each_row_beside_what_is_stored_now,
    every_change_since_the_submission_is_told,
    a_claim_published_meanwhile_is_replaced_only_with_a_reason,
    a_figure_that_was_published_meanwhile_needs_no_acknowledgement,
    an_approval_without_changes_needs_no_acknowledgement,
    a_submission_that_is_submitted_again_is_compared_with_that_time,
    an_approval_that_is_accepted_may_bring_back_a_replaced_figure,
    what_an_approval_acknowledges_is_said_by_its_code_and_with_a_reason,
    a_list_counts_waiting_rows_beside_what_is_stored_now,
}

const REVIEWED: &str = "H02.15";

async fn the_first_batch_after_its_correction_is_refused_until_it_says_why(app: TestApp) {
    let department = app.department().await;
    let (first, correction) = (report("2024-06-20", "1142", &json!({})), report("2024-07-15", "1150", &json!({})));
    department.post("/v1/submissions", &first).await.expect(201);
    department.post("/v1/submissions", &correction).await.expect(201);

    for (acknowledge, reason, expected) in [
        (json!([]), Value::Null, fault("unacknowledged", "/observations/0/acknowledge")),
        (json!([]), json!("số cũ đúng"), fault("unacknowledged", "/observations/0/acknowledge")),
        (json!(["reverts"]), Value::Null, fault("reason_missing", "/observations/0/reason")),
    ] {
        let again = report("2024-06-20", "1142", &json!({"acknowledge": acknowledge, "reason": reason}));
        for path in ["/v1/submissions", "/v1/submissions?dry_run=true"] {
            let refused = department.post(path, &again).await;

            assert_eq!(refused.fault(422), expected, "{path}: {again}");
            let error = refused.json()["errors"][0].clone();
            let message = error["message"].as_str().unwrap();
            assert!(["1142", "1150", "2024-06-20", "2024-07-15", "`reason`"].iter().all(|part| message.contains(part)), "{message}");
            assert!(error["allowed"] == json!(["reverts"]) || error["code"] == "reason_missing", "{error}");
        }
        assert_eq!(fines_of_may(&app).await, "1150", "{again}");
    }
    let repeated = department.post("/v1/submissions", &correction).await.expect(201);
    assert_eq!((&repeated["rows"][0]["outcome"], &repeated["rows"][0]["warnings"]), (&json!("unchanged"), &json!([])));

    let accepted = report("2024-06-20", "1142", &json!({"acknowledge": ["reverts"], "reason": "số cũ đúng"}));
    let recorded = department.post("/v1/submissions", &accepted).await.expect(201);

    assert_eq!((&recorded["rows"][0]["outcome"], codes(&recorded["rows"][0])), (&json!("updated"), "reverts".into()));
    assert_eq!(fines_of_may(&app).await, "1142");
    let path = format!("/v1/observations/{}/revisions", recorded["rows"][0]["observation"].as_str().unwrap());
    let revisions = app.anyone().get(&path).await.expect(200);
    assert_eq!(revisions["items"][2]["reason"], "số cũ đúng");
}

async fn every_way_to_undo_a_newer_figure_is_refused_at_its_place(app: TestApp) {
    let department = app.department().await;
    let claim = |row: Value, value: f64| with(row, "claims", json!([{"kind": "yoy_index", "value": value}]));
    let of = |rows: &[Value]| json!({"province": "bac-giang-1997", "observations": rows});
    let withdrawal = |period: &str| json!({"indicator": "fines-total", "period": period, "withdraw": true, "reason": "nhầm"});
    for (steps, last, outcome, why) in [
        (vec![fines_of("5", "01"), fines_of("6", "01")], fines_of("5", "01"), "updated", "a figure"),
        (vec![fines_of("5", "02"), withdrawal("2024-02")], fines_of("5", "02"), "updated", "a withdrawn figure"),
        (vec![fines_of("5", "03"), withdrawal("2024-03"), fines_of("6", "03")], withdrawal("2024-03"), "withdrawn", "a withdrawal"),
        (
            vec![fines_of("nil", "04"), fines_of("6", "04")],
            with(fines_of("nil", "04"), "reason", json!("không có")),
            "updated",
            "nothing to report",
        ),
        (
            vec![claim(fines_of("5", "05"), 103.2), claim(fines_of("5", "05"), 104.0)],
            claim(fines_of("5", "05"), 103.2),
            "unchanged",
            "a claim",
        ),
    ] {
        for step in steps {
            department.post("/v1/submissions", &of(&[step])).await.expect(201);
        }

        let refused = department.post("/v1/submissions", &of(std::slice::from_ref(&last))).await;
        let accepted = with(with(last, "acknowledge", json!(["reverts"])), "reason", json!("số cũ đúng"));
        let recorded = department.post("/v1/submissions", &of(&[accepted])).await.expect(201);

        assert_eq!(refused.fault(422), fault("unacknowledged", "/observations/0/acknowledge"), "{why}");
        assert_eq!((&recorded["rows"][0]["outcome"], codes(&recorded["rows"][0])), (&json!(outcome), "reverts".into()), "{why}");
    }
    for value in ["5", "6"] {
        department.post("/v1/submissions", &of(&[fines_of(value, "06"), fines_of(value, "07")])).await.expect(201);
    }
    let csv = |more: &str| format!("Mã chỉ tiêu;Kỳ;Số liệu;Chấp nhận cảnh báo;Lý do\nfines-total;2024-06;5;{more}\n").into_bytes();
    let send = async |media: &str, query: &str, body: Vec<u8>| {
        department.send(Method::POST, &format!("/v1/submissions?province=24{query}"), &[("content-type", media)], body).await
    };
    let refused = send("text/csv", "", csv(";")).await;
    let without_reason = send("text/csv", "&acknowledge=reverts", csv(";")).await;
    send("text/csv", "", csv("reverts;số cũ đúng")).await.expect(201);
    let line = |row: &Value| format!("{row}\n").into_bytes();
    let of_stream = send("application/x-ndjson", "&mode=partial", line(&fines_of("5", "07"))).await.text();
    let accepted = with(with(fines_of("5", "07"), "acknowledge", json!(["reverts"])), "reason", json!("số cũ đúng"));
    let streamed = send("application/x-ndjson", "&mode=partial", line(&accepted)).await.text();

    let told = |answer: &Answer| {
        let error = &answer.json()["errors"][0];
        format!("{} {}", error["location"].as_str().unwrap(), error["code"].as_str().unwrap())
    };
    assert_eq!([told(&refused), told(&without_reason)], ["row 2, column D unacknowledged", "row 2, column E reason_missing"]);
    assert!(of_stream.contains("\"unacknowledged\"") && of_stream.contains("\"/acknowledge\""), "{of_stream}");
    assert!(streamed.contains("\"updated\"") && streamed.contains("\"reverts\""), "{streamed}");
}

async fn a_target_undoes_no_newer_one_unasked(app: TestApp) {
    let planner = app.department().await;
    let set = |value: Value, date: &str, more: Value| {
        let mut target = json!({"indicator": "fines-total", "period": "2024", "value": value, "source": {"number": date, "date": date}});
        for (name, member) in more.as_object().unwrap() {
            target[name] = member.clone();
        }
        json!({"province": "bac-giang-1997", "targets": [target]})
    };
    let none = json!({});
    planner.put("/v1/targets", &set(json!(2400), "2024-01-15", none.clone())).await.expect(200);
    planner.put("/v1/targets", &set(json!(2500), "2024-06-15", none.clone())).await.expect(200);

    for (value, date, more, expected, why) in [
        (2400, "2024-01-15", none.clone(), fault("unacknowledged", "/targets/0/acknowledge"), "the first decision again"),
        (2400, "2024-07-01", none.clone(), fault("unacknowledged", "/targets/0/acknowledge"), "its target by a newer decision"),
        (2600, "2024-03-01", none.clone(), fault("unacknowledged", "/targets/0/acknowledge"), "another target by an older decision"),
        (2500, "2024-03-01", none.clone(), fault("unacknowledged", "/targets/0/acknowledge"), "the same target by an older decision"),
        (2400, "2024-01-15", json!({"acknowledge": ["reverts"]}), fault("reason_missing", "/targets/0/reason"), "without a reason"),
        (2600, "2024-07-01", json!({"acknowledge": ["outlier"]}), fault("invalid_value", "/targets/0/acknowledge/0"), "another warning"),
    ] {
        let refused = planner.put("/v1/targets", &set(json!(value), date, more)).await;

        assert_eq!(refused.fault(422), expected, "{why}");
    }
    let repeated = planner.put("/v1/targets", &set(json!(2500), "2024-06-15", none)).await.expect(200);
    assert_eq!((&repeated["items"][0]["outcome"], &repeated["items"][0]["revision"]), (&json!("unchanged"), &json!(2)));

    let accepted = json!({"acknowledge": ["reverts"], "reason": "quyết định sau bị hủy"});
    let back = planner.put("/v1/targets", &set(json!(2400), "2024-01-15", accepted)).await.expect(200);

    let told = ["outcome", "revision", "value", "reason"].map(|field| back["items"][0][field].clone());
    assert_eq!(told, [json!("updated"), json!(3), json!(2400), json!("quyết định sau bị hủy")]);
}

async fn a_figure_published_meanwhile_is_replaced_only_with_a_reason(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let sent = sender.post("/v1/submissions", &batch(&[with(fines_of("20", "05"), "row_ref", json!("r1"))])).await.expect(201);
    app.department().await.submit(&batch(&[fines_of("25", "05")])).await;

    let refused = approve(&reviewer, &sent, &Value::Null).await;
    let without_reason = approve(&reviewer, &sent, &json!({"acknowledge": ["changed_since_submitted"]})).await;

    assert_eq!(refused.fault(422), fault("changed_since_submitted", "/observations/0"));
    let error = refused.json()["errors"][0].clone();
    let message = error["message"].as_str().unwrap();
    assert!(["row `r1`", "no figure was stored", "now it is revision 1: 25 (A)"].iter().all(|part| message.contains(part)), "{message}");
    assert_eq!(error["allowed"], json!(["changed_since_submitted"]));
    assert_eq!(without_reason.fault(422), fault("reason_missing", "/reason"));
    assert_eq!(fines_of_may(&app).await, "25");

    let accepted = json!({"comment": "đã hỏi Sở", "acknowledge": ["changed_since_submitted"], "reason": "số 25 nhập nhầm"});
    let approved = approve(&reviewer, &sent, &accepted).await.expect(200);

    assert_eq!((&approved["rows"][0]["outcome"], codes(&approved["rows"][0])), (&json!("updated"), "changed_since_submitted".into()));
    assert_eq!(approved["steps"][1]["comment"], "đã hỏi Sở\nsố 25 nhập nhầm");
    assert_eq!(fines_of_may(&app).await, "20");
    let path = format!("/v1/observations/{}/revisions", approved["rows"][0]["observation"].as_str().unwrap());
    assert_eq!(app.anyone().get(&path).await.expect(200)["items"][1]["reason"], "số 25 nhập nhầm");
}

async fn a_review_shows_each_row_beside_what_is_stored_now(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    department.submit(&batch(&[fines_of("7", "03")])).await;
    let withdrawal = json!({"indicator": "fines-total", "period": "2024-03", "withdraw": true, "reason": "nhầm"});
    let rows = [fines_of("20", "01"), fines_of("30", "02"), withdrawal.clone(), fines_of("40", "04")];
    let sent = sender.post("/v1/submissions", &batch(&rows)).await.expect(201);
    department.submit(&batch(&[fines_of("25", "01"), fines_of("30", "02"), withdrawal])).await;
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());

    let seen = reviewer.get(&path).await.expect(200);
    let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng theo báo cáo"});
    let approved = approve(&reviewer, &sent, &accepted).await.expect(200);

    assert_eq!(outcomes(&sent), "created created withdrawn created", "as it was submitted");
    assert_eq!(outcomes(&seen), "updated unchanged unchanged created", "as it is now");
    assert_eq!(seen["counts"], json!({"created": 1, "updated": 1, "unchanged": 2, "rejected": 0}));
    let warned: Vec<String> = seen["rows"].as_array().unwrap().iter().map(codes).collect();
    let changed = "changed_since_submitted";
    assert_eq!(warned, [changed, "", "", ""], "a row that changes nothing by now replaces nothing");
    assert_eq!(seen["rows"][0]["sent"], sent["rows"][0]["sent"]);
    // What the reviewer saw is what is recorded.
    assert_eq!((outcomes(&approved), &approved["counts"]), (outcomes(&seen), &seen["counts"]));
    for n in 0..rows.len() {
        assert_eq!(approved["rows"][n]["warnings"], seen["rows"][n]["warnings"], "{n}");
    }
    let found = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=fines-total").await.expect(200);
    let points = found["items"][0]["observations"].as_array().unwrap().iter();
    let points: Vec<String> = points.map(|point| format!("{}={}", point["period"].as_str().unwrap(), point["value"])).collect();
    assert_eq!(points, ["2024-01=20", "2024-02=30", "2024-04=40"]);
}

async fn every_change_since_the_submission_is_told(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    let withdrawal =
        |month: &str| json!({"indicator": "fines-total", "period": format!("2024-{month}"), "withdraw": true, "reason": "nhầm"});
    for (month, stored, row, meanwhile, then, now, why) in [
        (
            "01",
            None,
            fines_of("20", "01"),
            fines_of("25", "01"),
            "no figure",
            "revision 1: 25 (A)",
            "the first figure came from another report",
        ),
        (
            "02",
            Some("18"),
            fines_of("20", "02"),
            fines_of("25", "02"),
            "revision 1: 18 (A)",
            "revision 2: 25 (A)",
            "the figure was corrected",
        ),
        (
            "04",
            Some("18"),
            fines_of("20", "04"),
            withdrawal("04"),
            "revision 1: 18 (A)",
            "revision 2: withdrawn",
            "the figure was withdrawn",
        ),
        (
            "05",
            Some("18"),
            withdrawal("05"),
            fines_of("25", "05"),
            "revision 1: 18 (A)",
            "revision 2: 25 (A)",
            "what is withdrawn was corrected",
        ),
        (
            "06",
            Some("18"),
            fines_of("18", "06"),
            fines_of("25", "06"),
            "revision 1: 18 (A)",
            "revision 2: 25 (A)",
            "what is confirmed was corrected",
        ),
        (
            "07",
            Some("18"),
            with(fines_of("nil", "07"), "reason", json!("không có")),
            fines_of("25", "07"),
            "revision 1",
            "revision 2",
            "nil",
        ),
    ] {
        if let Some(value) = stored {
            department.submit(&batch(&[fines_of(value, month)])).await;
        }
        let sent = sender.post("/v1/submissions", &batch(&[fines_of("1", "12"), row])).await.expect(201);
        department.submit(&batch(&[meanwhile])).await;

        let refused = approve(&reviewer, &sent, &Value::Null).await;

        assert_eq!(refused.fault(422), fault("changed_since_submitted", "/observations/1"), "{why}");
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(then) && message.contains(&format!("now it is {now}")), "{why}: {message}");
        let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng theo báo cáo"});
        assert_eq!(approve(&reviewer, &sent, &accepted).await.expect(200)["state"], "approved", "{why}");
    }
}

async fn a_claim_published_meanwhile_is_replaced_only_with_a_reason(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    let claiming = |value: f64, month: &str| with(fines_of("20", month), "claims", json!([{"kind": "yoy_index", "value": value}]));
    let withdrawal = json!({"indicator": "fines-total", "period": "2024-06", "withdraw": true, "reason": "nhầm"});
    for (month, row, why) in
        [("05", claiming(103.2, "05"), "another claim"), ("06", withdrawal, "a withdrawal of the figure with its claims")]
    {
        department.submit(&batch(&[fines_of("20", month)])).await;
        let sent = sender.post("/v1/submissions", &batch(&[row])).await.expect(201);
        department.submit(&batch(&[claiming(104.0, month)])).await;

        let seen = reviewer.get(&format!("/v1/submissions/{}", sent["id"].as_str().unwrap())).await.expect(200);
        let refused = approve(&reviewer, &sent, &Value::Null).await;
        let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng theo báo cáo"});

        assert_eq!(codes(&seen["rows"][0]), "changed_since_submitted", "{why}");
        assert_eq!(refused.fault(422), fault("changed_since_submitted", "/observations/0"), "{why}");
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("the claim `yoy_index` became 104") && !message.contains("was stored"), "{why}: {message}");
        assert_eq!(approve(&reviewer, &sent, &accepted).await.expect(200)["state"], "approved", "{why}");
    }
    let sent = sender.post("/v1/submissions", &batch(&[claiming(105.0, "05")])).await.expect(201);
    department.submit(&batch(&[claiming(105.0, "05")])).await;
    assert_eq!(approve(&reviewer, &sent, &Value::Null).await.expect(200)["state"], "approved", "the same claim");
}

async fn a_figure_that_was_published_meanwhile_needs_no_acknowledgement(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let sent = sender.post("/v1/submissions", &batch(&[fines_of("20", "05")])).await.expect(201);
    app.department().await.submit(&batch(&[fines_of("20", "05")])).await;

    let approved = approve(&reviewer, &sent, &Value::Null).await.expect(200);

    assert_eq!((outcomes(&approved), codes(&approved["rows"][0])), ("unchanged".into(), String::new()));
    assert_eq!(fines_of_may(&app).await, "20");
}

async fn an_approval_without_changes_needs_no_acknowledgement(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    department.submit(&batch(&[fines_of("18", "01")])).await;
    let sent = sender.post("/v1/submissions", &batch(&[fines_of("20", "01"), fines_of("30", "02")])).await.expect(201);
    // The same figure again is no revision, and a figure of another month is none of these rows.
    department.submit(&batch(&[fines_of("18", "01"), fines_of("40", "03")])).await;

    let approved = approve(&reviewer, &sent, &Value::Null).await.expect(200);

    assert_eq!((outcomes(&approved), &approved["rows"][0]["warnings"]), ("updated created".into(), &json!([])));
}

async fn a_submission_that_is_submitted_again_is_compared_with_that_time(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    let sent = sender.post("/v1/submissions", &batch(&[fines_of("20", "05")])).await.expect(201);
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());
    department.submit(&batch(&[fines_of("25", "05")])).await;
    approve(&reviewer, &sent, &Value::Null).await.fault(422);

    reviewer.post(&format!("{path}/return"), &json!({"comment": "đã có số 25"})).await.expect(200);
    sender.send(Method::POST, &format!("{path}/submit"), &[], Vec::new()).await.expect(200);
    let seen = reviewer.get(&path).await.expect(200);
    department.submit(&batch(&[fines_of("26", "05")])).await;
    let refused = approve(&reviewer, &sent, &Value::Null).await;

    assert_eq!((outcomes(&seen), codes(&seen["rows"][0])), ("updated".into(), String::new()), "who sent it again saw the 25");
    assert_eq!(refused.fault(422), fault("changed_since_submitted", "/observations/0"));
    assert!(refused.text().contains("revision 1: 25 (A) was stored; now it is revision 2: 26 (A)"), "{}", refused.text());
}

async fn an_approval_that_is_accepted_may_bring_back_a_replaced_figure(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let department = app.department().await;
    let mut waiting = report("2024-06-20", "1142", &json!({}));
    waiting["mode"] = json!("partial");
    let sent = sender.post("/v1/submissions", &waiting).await.expect(200);
    for (date, value) in [("2024-06-20", "1142"), ("2024-07-15", "1150")] {
        department.post("/v1/submissions", &report(date, value, &json!({}))).await.expect(201);
    }

    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());
    let seen = reviewer.get(&path).await.expect(200);
    let refused = approve(&reviewer, &sent, &Value::Null).await;
    let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "số 1150 nhập nhầm"});
    let approved = approve(&reviewer, &sent, &accepted).await.expect(200);

    assert_eq!((outcomes(&seen), codes(&seen["rows"][0])), ("updated".into(), "reverts changed_since_submitted".into()));
    assert_eq!(refused.fault(422), fault("changed_since_submitted", "/observations/0"));
    assert_eq!(approved["rows"][0]["warnings"], seen["rows"][0]["warnings"]);
    assert_eq!(fines_of_may(&app).await, "1142");
}

async fn what_an_approval_acknowledges_is_said_by_its_code_and_with_a_reason(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let sent = sender.post("/v1/submissions", &batch(&[fines_of("20", "05")])).await.expect(201);
    let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng"});

    for (body, expected, why) in [
        (json!({"acknowledge": ["changed_since_submitted"]}), fault("reason_missing", "/reason"), "without a reason"),
        (json!({"acknowledge": ["changed_since_submitted"], "comment": "đúng"}), fault("reason_missing", "/reason"), "only a comment"),
        (json!({"acknowledge": ["outlier"], "reason": "đúng"}), fault("invalid_value", "/acknowledge/0"), "a warning for the sender"),
        (json!({"acknowledge": "changed_since_submitted", "reason": "đúng"}), fault("wrong_type", "/acknowledge"), "no list"),
        (json!({"acknowledge": ["changed_since_submitted"], "reason": ""}), fault("invalid_text", "/reason"), "an empty reason"),
        (json!({"force": true}), fault("unknown_field", "/force"), "another field"),
    ] {
        assert_eq!(approve(&reviewer, &sent, &body).await.fault(422), expected, "{why}");
    }
    let path = format!("/v1/submissions/{}/return", sent["id"].as_str().unwrap());
    let mut returned = accepted.clone();
    returned["comment"] = json!("xem lại");
    let refused = reviewer.post(&path, &returned).await;
    assert_eq!(
        refused.faults(422),
        [fault("unknown_field", "/acknowledge"), fault("unknown_field", "/reason")],
        "a return accepts nothing"
    );
    assert_eq!(approve(&reviewer, &sent, &accepted).await.expect(200)["state"], "approved", "also where nothing has changed");
}

async fn a_list_counts_waiting_rows_beside_what_is_stored_now(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    for month in ["01", "02", "03"] {
        sender.post("/v1/submissions", &batch(&[fines_of("20", month), fines_of("30", "12")])).await.expect(201);
    }
    app.department().await.submit(&batch(&[fines_of("20", "02"), fines_of("25", "03")])).await;

    let listed = reviewer.get("/v1/submissions?state=submitted&limit=2").await.expect(200);
    let next = format!("/v1/submissions?state=submitted&limit=2&cursor={}", listed["next"].as_str().unwrap());
    let rest = reviewer.get(&next).await.expect(200);

    let counts = |page: &Value| page["items"].as_array().unwrap().iter().map(|item| item["counts"].to_string()).collect::<Vec<_>>();
    let of = |created: i32, updated: i32, unchanged: i32| {
        json!({"created": created, "updated": updated, "unchanged": unchanged, "rejected": 0}).to_string()
    };
    assert_eq!(counts(&listed), [of(1, 1, 0), of(1, 0, 1)], "newest first");
    assert_eq!((counts(&rest), &rest["next"]), (vec![of(2, 0, 0)], &Value::Null));
}

/// A report of May 2024 with one figure, its document of this date.
fn report(date: &str, value: &str, more: &Value) -> Value {
    let mut row = fines_of(value, "05");
    for (name, member) in more.as_object().unwrap() {
        row[name] = member.clone();
    }
    json!({"province": "bac-giang-1997", "source": {"number": format!("{date}/BC"), "date": date}, "observations": [row]})
}

/// The fines of a month of 2024.
fn fines_of(value: &str, month: &str) -> Value {
    dated("fines-total", value, &format!("2024-{month}"))
}

fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "observations": rows})
}

fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

/// Approves a submission, with a body or without one.
async fn approve(reviewer: &User, submission: &Value, body: &Value) -> Answer {
    let path = format!("/v1/submissions/{}/approve", submission["id"].as_str().unwrap());
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    reviewer.send(Method::POST, &path, &[("content-type", "application/json")], bytes).await
}

/// The fines of May 2024.
async fn fines_of_may(app: &TestApp) -> String {
    let path = "/v1/series?province=bac-giang-1997&indicator=fines-total&from=2024-05&to=2024-05";
    app.anyone().get(path).await.expect(200)["items"][0]["observations"][0]["value"].to_string()
}

/// The codes of a row's warnings, in one line.
fn codes(row: &Value) -> String {
    row["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn outcomes(submission: &Value) -> String {
    let rows = submission["rows"].as_array().unwrap();
    rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}
