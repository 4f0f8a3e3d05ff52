//! The workflow of submissions: who takes which step from which state, and what of it is published when.
//! What somebody writes is seen by no reader until somebody else approves it, or their organisation is trusted.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::app::TRUSTED;
use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    every_step_from_every_state_is_answered_by_who_takes_it,
    what_is_not_approved_is_nowhere_to_be_seen,
    an_approval_publishes_every_row_at_its_own_instant,
    an_approval_says_what_becomes_of_each_row_by_then,
    an_approval_that_the_record_has_overtaken_is_refused_with_every_fault,
    a_returned_submission_can_be_edited_and_submitted_again,
    a_return_says_what_is_to_be_mended,
    who_had_a_hand_in_it_does_not_approve_it,
    an_organisation_publishes_at_once_for_as_long_as_it_is_trusted,
    an_organisation_is_described_and_described_again,
    only_an_administrator_speaks_of_organisations,
    submissions_are_listed_by_their_state,
    a_draft_may_be_wrong_until_it_is_handed_in,
    a_draft_has_to_be_readable,
    a_client_of_one_province_sends_for_no_other,
    targets_need_no_review,
}

/// An organisation that nobody trusts to publish without review.
const REVIEWED: &str = "H02.15";

const STATES: [&str; 5] = ["draft", "submitted", "approved", "returned", "withdrawn"];
const STEPS: [&str; 5] = ["edit", "submit", "approve", "return", "withdraw"];

async fn every_step_from_every_state_is_answered_by_who_takes_it(app: TestApp) {
    use Scope::{Approve, Submit};
    let sender = app.client_of(Some(REVIEWED), &[Submit]).await;
    let both = app.client_of(Some(REVIEWED), &[Submit, Approve]).await;
    let reviewer = app.client_of(None, &[Approve]).await;
    // Of each state: what the steps lead to, in their order, and which of them one may take.
    let (no_scope, closed, no_part) = ("scope_missing", "wrong_state", "step_not_allowed");
    let of_sender = [
        (["draft", "submitted", no_scope, no_scope, "withdrawn"], "edit submit withdraw"),
        ([closed, closed, no_scope, no_scope, "withdrawn"], "withdraw"),
        ([closed, closed, no_scope, no_scope, closed], ""),
        (["returned", "submitted", no_scope, no_scope, "withdrawn"], "edit submit withdraw"),
        ([closed, closed, no_scope, no_scope, closed], ""),
    ];
    let of_colleague = [
        (["draft", "submitted", closed, closed, "withdrawn"], "edit submit withdraw"),
        ([closed, closed, "approved", "returned", "withdrawn"], "approve return withdraw"),
        ([closed; 5], ""),
        (["returned", "submitted", closed, closed, "withdrawn"], "edit submit withdraw"),
        ([closed; 5], ""),
    ];
    let mut of_loner = of_colleague;
    of_loner[1] = ([closed, closed, "four_eyes", "returned", "withdrawn"], "return withdraw");
    let only_steps = |approve, back| [no_scope, no_scope, approve, back, no_scope];
    let unseen = "not_found";
    let of_reviewer = [
        (only_steps(unseen, unseen), unseen),
        (only_steps("approved", "returned"), "approve return"),
        (only_steps(closed, closed), ""),
        (only_steps(closed, closed), ""),
        (only_steps(closed, closed), ""),
    ];
    let of_central = [
        ([unseen; 5], unseen),
        ([closed, closed, "approved", "returned", no_part], "approve return"),
        ([closed; 5], ""),
        ([no_part, no_part, closed, closed, no_part], ""),
        ([closed; 5], ""),
    ];
    let hidden = [(["not_found"; 5], "not_found"); 5];
    let of_stranger = [(["not_found", "not_found", no_scope, no_scope, "not_found"], "not_found"); 5];
    let unknown = [(["token_missing"; 5], "token_missing"); 5];
    let cast = [
        ("the sender", same(&sender), &sender, of_sender),
        ("a colleague with the scope to approve", app.client_of(Some(REVIEWED), &[Submit, Approve]).await, &sender, of_colleague),
        ("a sender who also approves", same(&both), &both, of_loner),
        ("a reviewer without organisation", same(&reviewer), &sender, of_reviewer),
        ("a reviewer without organisation who also submits", app.client_of(None, &[Submit, Approve]).await, &sender, of_central),
        ("a reviewer of another organisation", app.client_of(Some("H02.16"), &[Submit, Approve]).await, &sender, hidden),
        ("somebody of a trusted organisation", app.client_of(Some(TRUSTED), &[Submit, Approve]).await, &sender, hidden),
        ("a stranger", app.client_of(None, &[Submit]).await, &sender, of_stranger),
        ("nobody", app.anyone(), &sender, unknown),
    ];

    for (who, taker, sent_by, of_states) in cast {
        for (state, (expected, may)) in STATES.into_iter().zip(of_states) {
            let mut id = reach(state, sent_by, &reviewer).await;
            let seen = taker.get(&format!("/v1/submissions/{id}")).await;
            match may {
                "not_found" => assert_eq!(seen.fault(404), fault("not_found", ""), "{who}, {state}"),
                "token_missing" => assert_eq!(seen.fault(401), fault("token_missing", ""), "{who}, {state}"),
                may => assert_eq!(steps(&seen.expect(200)["may"]), may, "{who}, {state}"),
            }
            for (step, expected) in STEPS.into_iter().zip(expected) {
                let before = sent_by.get(&format!("/v1/submissions/{id}")).await.expect(200);
                let answer = take(&taker, &id, step).await;
                let what = format!("{who}: {step} of what is {state}: {}", answer.text());

                if STATES.contains(&expected) {
                    let after = answer.expect(200);
                    assert_eq!((&after["state"], &after["id"]), (&json!(expected), &json!(id)), "{what}");
                    let last = after["steps"].as_array().unwrap().last().unwrap();
                    assert_eq!((&last["action"], &last["state"]), (&json!(step), &json!(expected)), "{what}");
                    assert_eq!(steps(&after["may"]), may_after(&of_states, expected, step), "{what}");
                    assert_eq!(taker.get(&format!("/v1/submissions/{id}")).await.expect(200), after, "{what}");
                    id = reach(state, sent_by, &reviewer).await;
                } else {
                    let status = match expected {
                        "wrong_state" => 409,
                        "not_found" => 404,
                        "token_missing" => 401,
                        _ => 403,
                    };
                    assert_eq!(answer.fault(status), fault(expected, ""), "{what}");
                    if expected == "wrong_state" {
                        let allowed = &answer.json()["errors"][0]["allowed"];
                        assert_eq!(if allowed.is_null() { String::new() } else { steps(allowed) }, may, "{what}");
                    }
                    let after = sent_by.get(&format!("/v1/submissions/{id}")).await.expect(200);
                    assert_eq!(after, before, "{what}: nothing has changed");
                }
            }
        }
    }
}

async fn what_is_not_approved_is_nowhere_to_be_seen(app: TestApp) {
    let trusted = app.department().await;
    let claims = json!([{"kind": "yoy_index", "value": 125}]);
    let mut first = dated("fines-total", "10", "2024-05");
    first["claims"] = claims.clone();
    let published = trusted.submit(&batch(&[first, dated("fines-total", "8", "2023-05")])).await;
    let questions = [
        "/v1/series?province=bac-giang-1997&indicator=fines-total,bts-sites&breakdown=*".to_owned(),
        "/v1/series?province=bac-giang-1997&indicator=fines-total&vintage=all".to_owned(),
        "/v1/comparisons?province=24&period=2024-05&breakdown=*".to_owned(),
        "/v1/rankings?indicator=fines-total&period=2024-05".to_owned(),
        "/v1/claims?limit=1000".to_owned(),
        format!("/v1/observations/{}/revisions", published["rows"][0]["observation"].as_str().unwrap()),
        format!("/v1/observations/{}/revisions", published["rows"][1]["observation"].as_str().unwrap()),
    ];
    let before = answers(&app.anyone(), &questions).await;
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let mut rows = vec![
        dated("fines-total", "99", "2024-05"),
        json!({"indicator": "fines-total", "period": "2023-05", "withdraw": true, "reason": "nhầm"}),
        dated("bts-sites", "1596", "2024-05"),
    ];
    rows[0]["claims"] = json!([{"kind": "yoy_index", "value": 200}]);
    let sent = batch(&rows);

    for state in ["draft", "submitted", "returned", "withdrawn"] {
        let mut body = sent.clone();
        body["draft"] = json!(state == "draft");
        let told = sender.post("/v1/submissions", &body).await.expect(201);
        let id = told["id"].as_str().unwrap().to_owned();
        assert_eq!(told["counts"], json!({"created": 1, "updated": 1, "unchanged": 0, "withdrawn": 1, "rejected": 0}), "{state}");
        assert_eq!(told["rows"][2]["observation"], Value::Null, "{state}: there is none yet");
        match state {
            "returned" => drop(take(&reviewer, &id, "return").await.expect(200)),
            "withdrawn" => drop(take(&sender, &id, "withdraw").await.expect(200)),
            _ => {}
        }
        assert_eq!(sender.get(&format!("/v1/submissions/{id}")).await.expect(200)["state"], state);
        for reader in [&app.anyone(), &sender, &reviewer] {
            assert_eq!(answers(reader, &questions).await, before, "{state}");
        }
    }

    let id = sender.post("/v1/submissions", &sent).await.expect(201)["id"].as_str().unwrap().to_owned();
    take(&reviewer, &id, "approve").await.expect(200);
    for ((after, before), question) in answers(&app.anyone(), &questions).await.iter().zip(&before).zip(&questions) {
        assert_ne!(after, before, "{question}: it would have shown");
    }
}

async fn an_approval_publishes_every_row_at_its_own_instant(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let rows = [dated("fines-total", "10", "2024-05"), dated("bts-sites", "1596", "2024-05"), dated("fines-total", "9", "2024-04")];
    let sent = sender.post("/v1/submissions", &batch(&rows)).await.expect(201);
    assert_eq!((&sent["state"], &sent["received_at"]), (&json!("submitted"), &json!("2026-11-21T02:00:00Z")));
    app.clock.set("2026-11-21T02:05:00Z");

    let approved = take(&reviewer, sent["id"].as_str().unwrap(), "approve").await.expect(200);

    app.clock.set("2026-11-21T02:06:00Z");
    let steps = approved["steps"].as_array().unwrap();
    let steps: Vec<_> = steps.iter().map(|step| (step["action"].as_str().unwrap(), step["at"].as_str().unwrap())).collect();
    assert_eq!(steps, [("submit", "2026-11-21T02:00:00Z"), ("approve", "2026-11-21T02:05:00Z")]);
    assert_eq!(approved["received_at"], sent["received_at"], "it was received when it was sent");
    assert_eq!(approved["counts"]["created"], 3);
    for row in approved["rows"].as_array().unwrap() {
        let path = format!("/v1/observations/{}/revisions", row["observation"].as_str().unwrap());
        let revisions = app.anyone().get(&path).await.expect(200);
        assert_eq!(revisions["items"].as_array().unwrap().len(), 1, "{revisions}");
        assert_eq!(revisions["items"][0]["recorded_at"], "2026-11-21T02:05:00Z", "all at once");
    }
    for (as_of, values) in
        [("2026-11-21T02:00:30Z", vec![]), ("2026-11-21T02:04:59.999999Z", vec![]), ("2026-11-21T02:05:00Z", vec!["1596", "9", "10"])]
    {
        assert_eq!(published(&app, &format!("&as_of={as_of}")).await, values, "as of {as_of}");
    }
}

async fn an_approval_says_what_becomes_of_each_row_by_then(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let rows = [dated("fines-total", "10", "2024-05"), dated("bts-sites", "1596", "2024-05"), dated("fines-total", "9", "2024-04")];
    let sent = sender.post("/v1/submissions", &batch(&rows)).await.expect(201);
    let others = [dated("fines-total", "10", "2024-05"), dated("bts-sites", "1500", "2024-05")];
    let before = app.department().await.submit(&batch(&others)).await;

    let id = sent["id"].as_str().unwrap();
    let refused = take(&reviewer, id, "approve").await;
    let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng theo báo cáo"});
    let approved = reviewer.post(&format!("/v1/submissions/{id}/approve"), &accepted).await.expect(200);

    assert_eq!(sent["counts"], json!({"created": 3, "updated": 0, "unchanged": 0, "rejected": 0}));
    let changed = [fault("changed_since_submitted", "/observations/1")];
    assert_eq!(refused.faults(422), changed, "not unasked; the row that is stored by now replaces nothing");
    assert_eq!(outcomes(&approved), "unchanged updated created");
    assert_eq!(approved["rows"][0]["observation"], before["rows"][0]["observation"]);
    assert_eq!(approved["rows"][1]["observation"], before["rows"][1]["observation"]);
    assert_eq!(published(&app, "").await, ["1596", "9", "10"]);
}

async fn an_approval_that_the_record_has_overtaken_is_refused_with_every_fault(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let mut estimate = dated("fines-total", "10", "2024-05");
    estimate["status"] = json!("E");
    let rows = [dated("bts-sites", "1596", "2024-05"), estimate, dated("phone-subscribers", "100", "2024-05")];
    let sent = sender.post("/v1/submissions", &batch(&rows)).await.expect(201);
    let id = sent["id"].as_str().unwrap();
    let [fixed, mobile] = [("fixed", "60"), ("mobile", "50")].map(|(line, figure)| {
        let mut row = dated("phone-subscribers", figure, "2024-05");
        row["breakdown"] = json!({"line_type": line});
        row
    });
    app.department().await.submit(&batch(&[dated("fines-total", "12", "2024-05"), fixed, mobile])).await;

    let refused = take(&reviewer, id, "approve").await;

    assert_eq!(
        refused.faults(422),
        [
            fault("lower_status", "/observations/1/status"),
            fault("changed_since_submitted", "/observations/1"),
            fault("parts_disagree", "/observations/2")
        ],
        "not only the first"
    );
    let accepted = json!({"acknowledge": ["changed_since_submitted"], "reason": "đúng theo báo cáo"});
    assert_eq!(
        reviewer.post(&format!("/v1/submissions/{id}/approve"), &accepted).await.faults(422),
        [fault("lower_status", "/observations/1/status"), fault("parts_disagree", "/observations/2")],
        "who accepts the change accepts no other fault"
    );
    let path = format!("/v1/submissions/{id}");
    let waiting = sender.get(&path).await.expect(200);
    assert_eq!((&waiting["state"], &waiting["steps"]), (&sent["state"], &sent["steps"]), "it waits as before");
    assert_eq!(outcomes(&waiting), "created rejected rejected", "beside what is stored now");
    assert_eq!(waiting["rows"][1]["errors"][0]["code"], "lower_status");
    assert_eq!(waiting["rows"][1]["sent"], sent["rows"][1]["sent"]);
    assert_eq!(steps(&reviewer.get(&path).await.expect(200)["may"]), "approve return");
    assert_eq!(published(&app, "").await, ["12"], "nothing of it, not even what is in order");
    take(&reviewer, id, "return").await.expect(200);
    sender.put(&path, &batch(&[dated("bts-sites", "1596", "2024-05"), dated("fines-total", "13", "2024-05")])).await.expect(200);
    take(&sender, id, "submit").await.expect(200);
    assert_eq!(outcomes(&take(&reviewer, id, "approve").await.expect(200)), "created updated");
    assert_eq!(published(&app, "").await, ["1596", "13"]);
}

async fn a_returned_submission_can_be_edited_and_submitted_again(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let mut body = batch(&[dated("fines-total", "10", "2024-05"), dated("bts-sites", "1596", "2024-05")]);
    body["source"] = json!({"title": "Báo cáo tháng 5"});
    let sent = sender.post("/v1/submissions", &body).await.expect(201);
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());

    app.clock.set("2026-11-21T02:01:00Z");
    let comment = json!({"comment": "Hàng 1: thiếu một quyết định"});
    let returned = reviewer.post(&format!("{path}/return"), &comment).await.expect(200);
    let mut mended = batch(&[dated("fines-total", "11", "2024-05")]);
    mended["source"] = json!({"title": "Báo cáo tháng 5, đã sửa"});
    let edited = sender.put(&path, &mended).await.expect(200);
    let resubmitted = sender.post(&format!("{path}/submit"), &json!({"comment": "Đã bổ sung"})).await.expect(200);
    let approved = take(&reviewer, sent["id"].as_str().unwrap(), "approve").await.expect(200);

    assert_eq!((&returned["state"], outcomes(&returned)), (&json!("returned"), "created created".into()));
    assert_eq!((&edited["state"], outcomes(&edited)), (&json!("returned"), "created".into()), "its rows are replaced");
    assert_eq!(edited["source"], json!({"title": "Báo cáo tháng 5, đã sửa", "number": null, "date": null}));
    assert_eq!(resubmitted["state"], "submitted");
    let history: Vec<_> = approved["steps"].as_array().unwrap().iter().map(|step| (&step["action"], step.get("comment"))).collect();
    let expected = [
        (&json!("submit"), None),
        (&json!("return"), Some(&comment["comment"])),
        (&json!("edit"), None),
        (&json!("submit"), Some(&json!("Đã bổ sung"))),
        (&json!("approve"), None),
    ];
    assert_eq!(history, expected);
    assert_eq!(sender.get(&path).await.expect(200)["steps"], approved["steps"]);
    assert_eq!(published(&app, "").await, ["11"], "what was taken out of it is not published");
}

async fn a_return_says_what_is_to_be_mended(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let id = reach("submitted", &sender, &reviewer).await;
    let path = format!("/v1/submissions/{id}/return");

    for (body, status, expected, why) in [
        ("", 422, fault("missing_field", "/comment"), "no body"),
        ("{}", 422, fault("missing_field", "/comment"), "no comment"),
        (r#"{"comment": null}"#, 422, fault("missing_field", "/comment"), "none either"),
        (r#"{"comment": ""}"#, 422, fault("invalid_text", "/comment"), "an empty one"),
        (r#"{"comment": "  "}"#, 422, fault("invalid_text", "/comment"), "blanks"),
        (r#"{"comment": 5}"#, 422, fault("wrong_type", "/comment"), "a number"),
        (r#"{"comment": "a", "state": "approved"}"#, 422, fault("unknown_field", "/state"), "more than that"),
        ("{", 400, fault("malformed_json", ""), "no JSON"),
    ] {
        let headers = [("content-type", "application/json")];
        let answer = reviewer.send(Method::POST, &path, &headers, body.as_bytes().to_vec()).await;

        assert_eq!(answer.fault(status), expected, "{why}");
    }
    let long = |length| json!({"comment": "ữ".repeat(length)});
    assert_eq!(reviewer.post(&path, &long(1001)).await.fault(422), fault("invalid_text", "/comment"));
    assert_eq!(sender.get(&format!("/v1/submissions/{id}")).await.expect(200)["state"], "submitted", "none of these returned it");
    assert_eq!(reviewer.post(&path, &long(1000)).await.expect(200)["state"], "returned");
}

async fn who_had_a_hand_in_it_does_not_approve_it(app: TestApp) {
    let both = [Scope::Submit, Scope::Approve];
    let (author, editor) = (app.client_of(Some(REVIEWED), &both).await, app.client_of(Some(REVIEWED), &both).await);
    let (clerk, third) = (app.client_of(Some(REVIEWED), &both).await, app.client_of(Some(REVIEWED), &[Scope::Approve]).await);
    let id = reach("draft", &author, &third).await;
    take(&editor, &id, "edit").await.expect(200);
    take(&clerk, &id, "submit").await.expect(200);

    for (who, user) in [("who wrote it first", &author), ("who edited it", &editor), ("who handed it in", &clerk)] {
        assert_eq!(take(user, &id, "approve").await.fault(403), fault("four_eyes", ""), "{who}");
        let seen = user.get(&format!("/v1/submissions/{id}")).await.expect(200);
        assert_eq!((&seen["state"], steps(&seen["may"])), (&json!("submitted"), "return withdraw".into()), "{who}");
    }
    assert_eq!(take(&third, &id, "approve").await.expect(200)["state"], "approved", "a colleague who only looked at it");
}

async fn an_organisation_publishes_at_once_for_as_long_as_it_is_trusted(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let sender = app.client_of(Some("H02.20"), &[Scope::Submit]).await;
    let trusted = async |trusted: bool| {
        let path = "/v1/organisations/H02.20";
        assert!(admin.put(path, &json!({"name": "Sở Nội vụ", "trusted": trusted})).await.status.is_success());
    };
    let send = async |user: &User, value: &str| {
        user.post("/v1/submissions", &batch(&[dated("bts-sites", value, "2024-05")])).await.expect(201)["state"].clone()
    };

    assert_eq!(send(&sender, "1").await, "submitted", "nothing was said of it");
    trusted(true).await;
    assert_eq!(send(&sender, "2").await, "approved");
    assert_eq!(published(&app, "").await, ["2"]);
    let draft = reach("draft", &sender, &sender).await;
    assert_eq!(take(&sender, &draft, "submit").await.expect(200)["state"], "approved", "a draft of it too");
    let waiting = reach("draft", &sender, &sender).await;
    trusted(false).await;
    assert_eq!(send(&sender, "3").await, "submitted");
    assert_eq!(take(&sender, &waiting, "submit").await.expect(200)["state"], "submitted", "what counts is the moment");
    assert_eq!(published(&app, "").await[0], "2");
    assert_eq!(send(&app.client_of(None, &[Scope::Submit]).await, "4").await, "submitted", "who speaks for none is trusted by none");
    assert_eq!(published(&app, "").await[0], "2");
}

async fn an_organisation_is_described_and_described_again(app: TestApp) {
    let admin = app.client_of(None, &[Scope::Admin]).await;
    let path = "/v1/organisations/000.00.15.H02";
    assert_eq!(admin.get(path).await.fault(404), fault("not_found", ""));

    let steps = [
        (json!({"name": "Sở Tài chính"}), 201, false, "a new one, and nobody is trusted unasked"),
        (json!({"name": "Sở Tài chính", "trusted": false}), 200, false, "the same"),
        (json!({"name": "Sở Tài chính", "trusted": true}), 200, true, "trusted"),
        (json!({"name": "Sở Tài chính", "trusted": true}), 200, true, "unchanged"),
        (json!({"name": "Sở Tài chính tỉnh", "trusted": true}), 200, true, "renamed"),
        (json!({"name": "Sở Tài chính tỉnh"}), 200, false, "what is left out has its default"),
    ];
    for (body, status, trusted, why) in steps {
        let told = admin.put(path, &body).await.expect(status);

        assert_eq!(told, json!({"id": "000.00.15.H02", "name": body["name"], "trusted": trusted}), "{why}");
        assert_eq!(admin.get(path).await.expect(200), told, "{why}");
        let listed = admin.get("/v1/organisations").await.expect(200);
        let ids: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["000.00.15.H02", TRUSTED], "{why}: once, by id");
        assert_eq!((&listed["items"][0], &listed["next"]), (&told, &Value::Null), "{why}");
    }
    for (id, body, expected) in [
        ("H02.", json!({"name": "a"}), vec![fault("invalid_value", "id")]),
        ("H02 15", json!({"name": "a"}), vec![fault("invalid_value", "id")]),
        ("H02-15", json!({"name": "a"}), vec![fault("invalid_value", "id")]),
        ("Sở", json!({"name": "a"}), vec![fault("invalid_value", "id")]),
        ("123456789012345678901234567890123456", json!({"name": "a"}), vec![fault("invalid_value", "id")]),
        ("H02.30", json!({"trusted": true}), vec![fault("missing_field", "/name")]),
        ("H02.30", json!({"name": "", "trusted": "yes"}), vec![fault("invalid_text", "/name"), fault("wrong_type", "/trusted")]),
        ("H02.30", json!({"name": "a", "level": 2}), vec![fault("unknown_field", "/level")]),
    ] {
        assert_eq!(admin.put(&format!("/v1/organisations/{id}"), &body).await.faults(422), expected, "{id} {body}");
    }
    assert_eq!(admin.get("/v1/organisations").await.expect(200)["items"].as_array().unwrap().len(), 2, "none of these is there");
}

async fn only_an_administrator_speaks_of_organisations(app: TestApp) {
    let others = app.client(&[Scope::Submit, Scope::Approve, Scope::Catalogue, Scope::Targets, Scope::Read]).await;
    let path = format!("/v1/organisations/{REVIEWED}");
    let body = json!({"name": "Sở", "trusted": true});

    for (user, status, code) in [(&others, 403, "scope_missing"), (&app.anyone(), 401, "token_missing")] {
        assert_eq!(user.put(&path, &body).await.fault(status).0, code);
        assert_eq!(user.get(&path).await.fault(status).0, code);
        assert_eq!(user.get("/v1/organisations").await.fault(status).0, code);
    }
    let admin = app.client_of(None, &[Scope::Admin]).await;
    assert_eq!(admin.get("/v1/organisations").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

async fn submissions_are_listed_by_their_state(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some(REVIEWED), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let (other, colleague) =
        (app.client_of(Some("H02.16"), &[Scope::Submit]).await, app.client_of(Some(REVIEWED), &[Scope::Approve]).await);
    let mut sent = Vec::new();
    for state in STATES {
        sent.push((state, reach(state, &sender, &reviewer).await));
    }
    let of_others = reach("submitted", &other, &reviewer).await;
    let listed = async |user: &User, state: &str| {
        let page = user.get(&format!("/v1/submissions?state={state}")).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    for (state, id) in &sent {
        // A draft is nobody's but the sender's.
        let to_others = if *state == "draft" { Vec::new() } else { vec![id.clone()] };
        assert_eq!(listed(&sender, state).await, std::slice::from_ref(id), "{state}");
        assert_eq!(listed(&colleague, state).await, to_others, "{state}");
        let all = if *state == "submitted" { vec![of_others.clone(), id.clone()] } else { to_others };
        assert_eq!(listed(&reviewer, state).await, all, "{state}: of everybody, newest first");
    }
    assert_eq!(listed(&other, "submitted").await, [of_others]);
    assert_eq!(listed(&other, "draft").await, [""; 0]);
    let waiting = reviewer.get("/v1/submissions?state=submitted&limit=1").await.expect(200);
    let next = reviewer.get(&format!("/v1/submissions?state=submitted&cursor={}", waiting["next"].as_str().unwrap())).await.expect(200);
    assert_eq!((&next["items"][0]["id"], &next["next"]), (&json!(sent[1].1), &Value::Null));
    assert_eq!(steps(&next["items"][0]["may"]), "approve return");
    assert_eq!(reviewer.get("/v1/submissions?state=published").await.fault(400), fault("invalid_value", "state"));
}

async fn a_draft_may_be_wrong_until_it_is_handed_in(app: TestApp) {
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let mut body = batch(&[
        dated("fines-total", "10", "2024-05"),
        dated("bts-sites", "1.5", "2024-05"),
        dated("bts-towers", "1", "2024-05"),
        dated("fines-total", "100", "2024-02-YTD"),
        dated("fines-total", "90", "2024-03-YTD"),
    ]);
    body["draft"] = json!(true);

    let draft = sender.post("/v1/submissions", &body).await.expect(201);
    let path = format!("/v1/submissions/{}", draft["id"].as_str().unwrap());
    let refused = sender.post(&format!("{path}/submit"), &json!({})).await;

    assert_eq!((&draft["state"], outcomes(&draft)), (&json!("draft"), "created rejected rejected rejected rejected".into()));
    let errors = |n: usize| (draft["rows"][n]["errors"][0]["code"].clone(), draft["rows"][n]["errors"][0]["pointer"].clone());
    assert_eq!(errors(1), (json!("fraction_for_count"), json!("/observations/1/value")));
    assert_eq!(errors(2), (json!("unknown_indicator"), json!("/observations/2/indicator")));
    assert_eq!(errors(4), (json!("unacknowledged"), json!("/observations/4/acknowledge")));
    let places: Vec<String> = refused.faults(422).into_iter().map(|(_, place)| place).collect();
    assert!(places.contains(&"/observations/1/value".into()) && places.contains(&"/observations/2/indicator".into()), "{places:?}");
    assert_eq!(sender.get(&path).await.expect(200), draft, "it is still the draft that it was");
    sender.put(&path, &batch(&[dated("bts-sites", "15", "2024-05")])).await.expect(200);
    assert_eq!(sender.post(&format!("{path}/submit"), &json!({})).await.expect(200)["state"], "submitted");
}

async fn a_draft_has_to_be_readable(app: TestApp) {
    let sender = app.client_of(Some(REVIEWED), &[Scope::Submit]).await;
    let good = json!({"province": "bac-giang-1997", "draft": true, "observations": [dated("bts-sites", "1", "2024-05")]});
    let draft = sender.post("/v1/submissions", &good).await.expect(201);
    let path = format!("/v1/submissions/{}", draft["id"].as_str().unwrap());

    for (row, expected) in [
        (json!("five"), fault("wrong_type", "/observations/0")),
        (json!({"indicator": "bts-sites", "period": "2024-13", "value": 1}), fault("invalid_period", "/observations/0/period")),
        (json!({"indicator": "bts-sites", "period": "2024-05", "value": "một"}), fault("not_a_number", "/observations/0/value")),
        (json!({"indicator": "bts-sites", "period": "2024-05", "value": 1, "colour": 1}), fault("unknown_field", "/observations/0/colour")),
    ] {
        let body = json!({"province": "bac-giang-1997", "draft": true, "observations": [row]});

        assert_eq!(sender.post("/v1/submissions", &body).await.fault(422), expected);
        assert_eq!(sender.put(&path, &body).await.fault(422), expected);
    }
    let listed = sender.get("/v1/submissions").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "nothing new");
    assert_eq!(sender.get(&path).await.expect(200), draft, "nothing replaced");
}

async fn a_client_of_one_province_sends_for_no_other(app: TestApp) {
    let (sender, colleague) = (app.client(&[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let elsewhere = app.client_for(&[Scope::Submit], &["kien-giang-1997"]).await;
    let body = batch(&[dated("bts-sites", "1596", "2024-05")]);

    let denied = elsewhere.post("/v1/submissions", &body).await;
    let partial = elsewhere
        .post(
            "/v1/submissions",
            &json!({"province": "bac-giang-1997", "mode": "partial",
        "observations": body["observations"]}),
        )
        .await;

    assert_eq!(denied.fault(403), fault("province_not_allowed", "/province"));
    assert_eq!(partial.fault(403), fault("province_not_allowed", "/province"));
    assert_eq!(sender.get("/v1/submissions").await.expect(200)["items"], json!([]));
    assert_eq!(colleague.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

async fn targets_need_no_review(app: TestApp) {
    let planner = app.client_of(Some(REVIEWED), &[Scope::Submit, Scope::Targets]).await;
    let body = json!({"province": "bac-giang-1997", "targets": [{"indicator": "fines-total", "period": "2024", "value": 120}]});

    planner.put("/v1/targets", &body).await.expect(200);

    let found = app.anyone().get("/v1/targets?province=bac-giang-1997").await.expect(200);
    assert_eq!(found["items"][0]["value"], 120);
    assert_eq!(planner.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

/// A submission of one row, brought to a state.
async fn reach(state: &str, sender: &User, reviewer: &User) -> String {
    let mut body = batch(&[dated("dossiers-resolved", "10", "2024-05")]);
    body["draft"] = json!(state == "draft");
    let id = sender.post("/v1/submissions", &body).await.expect(201)["id"].as_str().unwrap().to_owned();
    match state {
        "approved" => drop(take(reviewer, &id, "approve").await.expect(200)),
        "returned" => drop(take(reviewer, &id, "return").await.expect(200)),
        "withdrawn" => drop(take(sender, &id, "withdraw").await.expect(200)),
        _ => {}
    }
    id
}

/// Takes a step, with what it needs.
async fn take(user: &User, id: &str, step: &str) -> Answer {
    let path = format!("/v1/submissions/{id}");
    match step {
        "edit" => user.put(&path, &batch(&[dated("dossiers-resolved", "10", "2024-05")])).await,
        "return" => user.post(&format!("{path}/return"), &json!({"comment": "Xem lại"})).await,
        step => user.send(Method::POST, &format!("{path}/{step}"), &[], Vec::new()).await,
    }
}

/// What may be done where a step led: as from that state, but nobody approves what they just submitted.
fn may_after(of_states: &[([&str; 5], &str); 5], state: &str, step: &str) -> String {
    let (_, may) = of_states[STATES.iter().position(|known| *known == state).unwrap()];
    if step == "submit" { may.replace("approve ", "") } else { may.to_owned() }
}

fn same(user: &User) -> User {
    User::new(user.address, user.token.clone())
}

fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "observations": rows})
}

/// The names of steps, in one line.
fn steps(of: &Value) -> String {
    of.as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// What became of each row, in one line.
fn outcomes(submission: &Value) -> String {
    let rows = submission["rows"].as_array().unwrap();
    rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The values of Bắc Giang's sites and fines.
async fn published(app: &TestApp, query: &str) -> Vec<String> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator=bts-sites,fines-total&from=2024-01&to=2024-12{query}");
    let found = app.anyone().get(&path).await.expect(200);
    let items = found["items"].as_array().unwrap().iter().flat_map(|series| series["observations"].as_array().unwrap());
    items.map(|point| point["value"].to_string()).collect()
}

async fn answers(user: &User, questions: &[String]) -> Vec<String> {
    let mut answers = Vec::new();
    for question in questions {
        answers.push(user.get(question).await.text());
    }
    answers
}
