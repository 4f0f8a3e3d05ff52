//! Withdrawals: a figure, a claim or a target was wrong and there is none now; what was said before stays on record.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::figures::revisions::{batch, compared, everything, expect_outcome, fault, fines, history_of, revisions, submit_one, with};
use crate::support::{TestApp, User, on_both};

on_both! {
    a_withdrawn_figure_is_gone_now_and_there_in_the_past,
    a_withdrawn_baseline_is_missing_and_not_zero,
    a_withdrawal_is_a_revision_without_a_figure,
    what_parts_form_takes_the_place_of_a_withdrawn_total,
    what_months_form_takes_the_place_of_a_withdrawn_quarter,
    a_withdrawn_month_is_no_part_of_a_quarter,
    after_a_withdrawal_any_figure_is_the_third_revision,
    a_declaration_of_nothing_can_be_withdrawn_and_made_again,
    withdrawing_again_changes_nothing,
    a_withdrawal_of_what_was_never_there_is_not_found,
    a_withdrawal_is_nothing_but_that_and_says_why,
    a_withdrawn_figure_takes_its_claims_with_it,
    a_claim_is_withdrawn_without_its_figure,
    a_claim_that_nobody_made_is_not_withdrawn,
    nobody_withdraws_the_figure_of_another_province,
    a_target_is_withdrawn_and_set_again,
    a_target_that_was_never_set_is_not_withdrawn,
    a_withdrawn_target_is_nothing_but_that_and_says_why,
    nothing_is_held_against_a_withdrawn_target,
    a_batch_of_withdrawals_can_be_sent_again,
    a_declaration_of_nothing_takes_the_claims_with_it,
    what_is_wrong_with_a_row_and_with_the_record_is_named_together,
}

async fn a_withdrawn_figure_is_gone_now_and_there_in_the_past(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, with(fines(40), "period", json!("2023-05")), "created").await;
    expect_outcome(&department, fines(50), "created").await;
    expect_outcome(&department, with(fines(60), "period", json!("2024-07")), "created").await;
    app.clock.set("2026-11-21T02:05:00Z");
    let before = compared(&app, "2024-05", "").await;
    app.clock.set("2026-11-21T02:06:00Z");

    expect_outcome(&department, withdrawal("fines-total"), "withdrawn").await;

    app.clock.set("2026-11-21T02:10:00Z");
    assert_eq!(points(&app, "").await, "2023-05=40 2024-07=60", "no point at all");
    assert_eq!(points(&app, "&frequency=M&from=2024-05&to=2024-07").await, "2024-05=null 2024-06=null 2024-07=60", "null and not 0");
    assert_eq!(points(&app, "&as_of=2026-11-21T02:05:59Z").await, "2023-05=40 2024-05=50 2024-07=60");
    assert_eq!(points(&app, "&as_of=2026-11-21T02:06:00Z").await, "2023-05=40 2024-07=60", "the instant of the withdrawal");
    let now = compared(&app, "2024-05", "").await;
    assert_eq!(now["current"], Value::Null);
    let against = &now["same_period_last_year"];
    assert_eq!((&against["reasons"], &against["comparable"]), (&json!(["current_missing"]), &json!("no")));
    assert_eq!([&against["change"], &against["change_pct"], &against["index_pct"]], [&Value::Null; 3]);
    assert_eq!(against["baseline"]["value"], 40, "the figure of last year stands");
    assert_eq!((&before["current"]["value"], &before["same_period_last_year"]["change"]), (&json!(50), &json!(10)));
    assert_eq!(compared(&app, "2024-05", "&as_of=2026-11-21T02:05:00Z").await, before, "the past is as it was");
}

async fn a_withdrawn_baseline_is_missing_and_not_zero(app: TestApp) {
    let department = app.department().await;
    let last_year = with(fines(40), "period", json!("2023-05"));
    expect_outcome(&department, last_year, "created").await;
    expect_outcome(&department, fines(50), "created").await;
    assert_eq!(points(&app, "&units=pc1&from=2024-05").await, "2024-05=25");

    expect_outcome(&department, with(withdrawal("fines-total"), "period", json!("2023-05")), "withdrawn").await;

    let compared = compared(&app, "2024-05", "").await;
    let against = &compared["same_period_last_year"];
    assert_eq!(compared["current"]["value"], 50);
    assert_eq!((&against["baseline"], &against["change"], &against["reasons"]), (&Value::Null, &Value::Null, &json!(["base_missing"])));
    assert_eq!(points(&app, "&units=pc1&from=2024-05").await, "2024-05=null");
    assert_eq!(points(&app, "&units=ch1&from=2024-05").await, "2024-05=null", "50 is no change from nothing");
}

async fn a_withdrawal_is_a_revision_without_a_figure(app: TestApp) {
    let department = app.department().await;
    let created = expect_outcome(&department, fines(50), "created").await;
    app.clock.set("2026-11-21T02:05:00Z");

    let answer = department
        .submit(&json!({
            "province": "24", "period": "2024-05", "source": {"number": "7/CV"},
            "observations": [with(withdrawal("fines-total"), "row_ref", json!("r1")), {"indicator": "bts-sites", "value": 1500}],
        }))
        .await;

    assert_eq!(answer["counts"], json!({"created": 1, "updated": 0, "unchanged": 0, "withdrawn": 1, "rejected": 0}));
    assert_eq!((&answer["rows"][0]["row_ref"], &answer["rows"][0]["outcome"]), (&json!("r1"), &json!("withdrawn")));
    assert_eq!(answer["rows"][0]["observation"], created["observation"], "of the same observation");
    let revisions = revisions(&app, &created).await;
    assert_eq!(revisions.len(), 2);
    assert_eq!((&revisions[0]["figure"]["value"], &revisions[0]["superseded_at"]), (&json!(50), &json!("2026-11-21T02:05:00Z")));
    assert_eq!(
        revisions[1],
        json!({
            "revision": 2, "supersedes": 1, "content": "withdrawn", "figure": null, "change": null, "change_pct": null, "reason": "nhầm đơn vị",
            "organisation": "H02.12", "submission": answer["id"], "sources": [{"title": null, "number": "7/CV", "date": null}],
            "definition_version": 1, "recorded_at": "2026-11-21T02:05:00Z", "superseded_at": null,
        })
    );
}

async fn what_parts_form_takes_the_place_of_a_withdrawn_total(app: TestApp) {
    let department = app.department().await;
    let part = |line: &str, value: i64| json!({"indicator": "phone-subscribers", "breakdown": {"line_type": line}, "value": value});
    let total = json!({"indicator": "phone-subscribers", "value": 1_930_360});
    department.submit(&batch(&json!([part("fixed", 11_754), part("mobile", 1_918_606), total]))).await;
    let current = async || {
        let path = "/v1/comparisons?province=24&period=2024-05&indicator=phone-subscribers";
        app.anyone().get(path).await.expect(200)["items"][0]["current"].clone()
    };
    assert_eq!(current().await["origin"], "reported");

    expect_outcome(&department, withdrawal("phone-subscribers"), "withdrawn").await;

    let formed = current().await;
    assert_eq!((&formed["value"], &formed["origin"], &formed["observation"]), (&json!(1_930_360), &json!("derived"), &Value::Null));
    assert_eq!(formed["derivation"]["text"], "line_type:fixed + line_type:mobile");
    let fixed = json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "withdraw": true, "reason": "nhầm"});
    expect_outcome(&department, fixed, "withdrawn").await;
    assert_eq!(current().await, Value::Null, "one part is not the whole");
}

async fn what_months_form_takes_the_place_of_a_withdrawn_quarter(app: TestApp) {
    let department = app.department().await;
    let of = |period: &str, value: i64| with(fines(value), "period", json!(period));
    let rows = json!([of("2024-01", 10), of("2024-02", 20), of("2024-03", 30), of("2024-Q1", 66)]);
    department.submit(&batch(&rows)).await;
    let quarter = compared(&app, "2024-Q1", "").await;
    assert_eq!((&quarter["current"]["value"], &quarter["current"]["origin"]), (&json!(66), &json!("reported")));

    let answer = expect_outcome(&department, with(withdrawal("fines-total"), "period", json!("2024-Q1")), "withdrawn").await;

    assert_eq!(answer["warnings"], json!([]), "what is not there disagrees with nothing");
    let quarter = compared(&app, "2024-Q1", "").await;
    assert_eq!((&quarter["current"]["value"], &quarter["current"]["origin"]), (&json!(60), &json!("derived")));
    assert_eq!(points(&app, "&frequency=Q").await, "2024-Q1=60");
}

async fn a_withdrawn_month_is_no_part_of_a_quarter(app: TestApp) {
    let department = app.department().await;
    let of = |period: &str, value: i64| with(fines(value), "period", json!(period));
    department.submit(&batch(&json!([of("2024-01", 10), of("2024-02", 20), of("2024-03", 30)]))).await;
    assert_eq!(points(&app, "&frequency=Q").await, "2024-Q1=60");

    expect_outcome(&department, with(withdrawal("fines-total"), "period", json!("2024-02")), "withdrawn").await;

    assert_eq!(points(&app, "&frequency=Q&from=2024-Q1&to=2024-Q1").await, "2024-Q1=null", "neither 60 nor 40");
    assert_eq!(points(&app, "").await, "2024-01=10 2024-03=30");
}

async fn after_a_withdrawal_any_figure_is_the_third_revision(app: TestApp) {
    let department = app.department().await;

    for (period, again, status, why) in [
        ("2024-01", 55, json!("E"), "an estimate: what was official is no more"),
        ("2024-02", 55, json!("P"), "a preliminary figure"),
        ("2024-03", 55, json!("A"), "an official figure"),
        ("2024-04", 50, json!("A"), "the very figure that was withdrawn"),
    ] {
        let of = |row: Value| with(row, "period", json!(period));
        let created = expect_outcome(&department, of(fines(50)), "created").await;
        expect_outcome(&department, of(withdrawal("fines-total")), "withdrawn").await;

        let row = with(of(fines(again)), "status", status.clone());
        let (row, warnings) = if again == 50 { (reverting(row), vec!["reverts"]) } else { (row, Vec::new()) };
        let updated = expect_outcome(&department, row, "updated").await;

        assert_eq!(updated["observation"], created["observation"], "{why}");
        let warned: Vec<&Value> = updated["warnings"].as_array().unwrap().iter().map(|warning| &warning["code"]).collect();
        assert_eq!(warned, warnings, "{why}");
        let revisions = revisions(&app, &updated).await;
        let said: Vec<Value> =
            revisions.iter().map(|revision| json!([revision["revision"], revision["supersedes"], revision["content"]])).collect();
        assert_eq!(said, [json!([1, null, "figure"]), json!([2, 1, "withdrawn"]), json!([3, 2, "figure"])], "{why}");
        assert_eq!((&revisions[2]["figure"]["status"], &revisions[2]["change"]), (&status, &Value::Null), "{why}");
        let series = compared(&app, period, "").await;
        assert_eq!(series["current"]["value"], again, "{why}");
    }
}

async fn a_declaration_of_nothing_can_be_withdrawn_and_made_again(app: TestApp) {
    let department = app.department().await;
    let nil = json!({"indicator": "fines-total", "nil": true});
    let declared = expect_outcome(&department, nil.clone(), "created").await;

    expect_outcome(&department, withdrawal("fines-total"), "withdrawn").await;

    let reasons = compared(&app, "2024-05", "").await["same_period_last_year"]["reasons"].clone();
    assert!(!reasons.as_array().unwrap().contains(&json!("nil_declared")), "nobody declares it now: {reasons}");
    let again = expect_outcome(&department, reverting(nil), "updated").await;
    assert_eq!(again["observation"], declared["observation"]);
    let contents: Vec<Value> = revisions(&app, &again).await.iter().map(|revision| revision["content"].clone()).collect();
    assert_eq!(contents, ["nil", "withdrawn", "nil"]);
}

async fn withdrawing_again_changes_nothing(app: TestApp) {
    let department = app.department().await;
    let created = expect_outcome(&department, fines(50), "created").await;
    expect_outcome(&department, withdrawal("fines-total"), "withdrawn").await;
    let before = everything(&app).await;

    let again = expect_outcome(&department, withdrawal("fines-total"), "unchanged").await;
    let why = expect_outcome(&department, with(withdrawal("fines-total"), "reason", json!("lý do khác")), "unchanged").await;

    assert_eq!((&again["observation"], &why["observation"]), (&created["observation"], &created["observation"]));
    assert_eq!(everything(&app).await, before);
    let revisions = revisions(&app, &created).await;
    assert_eq!((revisions.len(), &revisions[1]["reason"]), (2, &json!("nhầm đơn vị")), "the reason of the first stands");
}

async fn a_withdrawal_of_what_was_never_there_is_not_found(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, fines(50), "created").await;
    let before = everything(&app).await;
    let fixed = json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "withdraw": true, "reason": "nhầm"});
    let june = with(withdrawal("fines-total"), "period", json!("2024-06"));
    let lower = json!({"indicator": "fines-total", "value": 40, "status": "E"});
    let nothing = |n: usize| fault("nothing_to_withdraw", &format!("/observations/{n}"));

    for (rows, status, faults, why) in [
        (json!([june]), 404, vec![nothing(0)], "another month"),
        (json!([withdrawal("fines-total"), withdrawal("bts-sites")]), 404, vec![nothing(1)], "another indicator, beside one that is there"),
        (json!([{"indicator": "bts-sites", "value": 1500}, fixed, june]), 404, vec![nothing(1), nothing(2)], "a part; each is named"),
        (json!([june, lower]), 422, vec![nothing(0), fault("lower_status", "/observations/1/status")], "beside a fault of another kind"),
        (json!([lower, june]), 422, vec![fault("lower_status", "/observations/0/status"), nothing(1)], "the other way round"),
    ] {
        let answer = department.post("/v1/submissions", &batch(&rows)).await;

        assert_eq!(answer.faults(status), faults, "{why}");
        assert_eq!(everything(&app).await, before, "{why}: nothing was stored or withdrawn");
    }
    let administrative = json!({"province": "24", "period": "2024-05", "calendar": "nd09", "observations": [withdrawal("fines-total")]});
    assert_eq!(department.post("/v1/submissions", &administrative).await.fault(404), nothing(0), "other days");
}

async fn a_withdrawal_is_nothing_but_that_and_says_why(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, with(fines(50), "claims", json!([{"kind": "yoy_index", "value": 103.2}])), "created").await;
    let before = everything(&app).await;
    let mut silent = withdrawal("fines-total");
    silent.as_object_mut().unwrap().remove("reason");

    assert_eq!(submit_one(&department, silent.clone()).await.fault(422), fault("reason_missing", "/observations/0/reason"));
    assert_eq!(submit_one(&department, with(silent, "force", json!(true))).await.fault(422).0, "reason_missing", "nobody can insist");
    for (field, value, why) in [
        ("value", json!(50), "the figure itself"),
        ("value", json!(0), "zero is a figure"),
        ("low", json!(1), "an end of a range"),
        ("status", json!("A"), "nothing is official about it"),
        ("nil", json!(true), "nothing to report is something that is said"),
        ("claims", json!([{"kind": "yoy_index", "value": 103.2}]), "a claim about no figure"),
        ("claims", json!([{"kind": "yoy_index", "withdraw": true}]), "a claim that goes with the figure anyway"),
    ] {
        let answer = submit_one(&department, with(withdrawal("fines-total"), field, value)).await;
        assert_eq!(answer.fault(422), fault("contradictory_row", "/observations/0"), "{field}: {why}");
    }
    assert_eq!(everything(&app).await, before);
    expect_outcome(&department, with(fines(50), "withdraw", json!(false)), "unchanged").await;
}

async fn a_withdrawn_figure_takes_its_claims_with_it(app: TestApp) {
    let department = app.department().await;
    let claims = json!([{"kind": "yoy_index", "value": 125}, {"kind": "yoy_change_pct", "value": 25}]);
    let created = expect_outcome(&department, with(fines(50), "claims", claims), "created").await;
    app.clock.set("2026-11-21T02:05:00Z");

    expect_outcome(&department, withdrawal("fines-total"), "withdrawn").await;

    app.clock.set("2026-11-21T02:10:00Z");
    assert_eq!(claims_of(&app, "").await, json!([]));
    assert_eq!(claims_of(&app, "&as_of=2026-11-21T02:04:00Z").await, json!([["yoy_change_pct", 25], ["yoy_index", 125]]));
    expect_outcome(&department, reverting(fines(50)), "updated").await;
    assert_eq!(claims_of(&app, "").await, json!([]), "they do not come back with the figure");
    let history = app.anyone().get(&history_of(&created)).await.expect(200);
    let lines: Vec<Value> = history["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| {
            json!(["kind", "revision", "supersedes", "value", "reason", "recorded_at", "superseded_at"].map(|field| &claim[field]))
        })
        .collect();
    let (first, then, why) = ("2026-11-21T02:00:00Z", "2026-11-21T02:05:00Z", "nhầm đơn vị");
    assert_eq!(
        lines,
        [
            json!(["yoy_change_pct", 1, null, 25, null, first, then]),
            json!(["yoy_change_pct", 2, 1, null, why, then, null]),
            json!(["yoy_index", 1, null, 125, null, first, then]),
            json!(["yoy_index", 2, 1, null, why, then, null]),
        ]
    );
}

async fn a_claim_is_withdrawn_without_its_figure(app: TestApp) {
    let department = app.department().await;
    let both = json!([{"kind": "yoy_index", "value": 125}, {"kind": "yoy_change_pct", "value": 25}]);
    let created = expect_outcome(&department, with(fines(50), "claims", both), "created").await;
    app.clock.set("2026-11-21T02:05:00Z");

    let one = with(fines(50), "claims", json!([{"kind": "yoy_index", "withdraw": true}]));
    expect_outcome(&department, with(one, "reason", json!("in nhầm")), "unchanged").await;

    app.clock.set("2026-11-21T02:10:00Z");
    assert_eq!(claims_of(&app, "").await, json!([["yoy_change_pct", 25]]), "the other one stands");
    assert_eq!(claims_of(&app, "&as_of=2026-11-21T02:04:00Z").await, json!([["yoy_change_pct", 25], ["yoy_index", 125]]));
    assert_eq!(points(&app, "").await, "2024-05=50", "and so does the figure");
    assert_eq!(revisions(&app, &created).await.len(), 1);
    expect_outcome(&department, with(fines(50), "claims", json!([{"kind": "yoy_index", "value": 126}])), "unchanged").await;
    assert_eq!(claims_of(&app, "").await, json!([["yoy_change_pct", 25], ["yoy_index", 126]]));
    let claims = app.anyone().get(&history_of(&created)).await.expect(200)["claims"].clone();
    let said = |claim: &Value| json!([claim["kind"], claim["revision"], claim["value"], claim["reason"]]);
    let expected = [
        json!(["yoy_change_pct", 1, 25, null]),
        json!(["yoy_index", 1, 125, null]),
        json!(["yoy_index", 2, null, "in nhầm"]),
        json!(["yoy_index", 3, 126, null]),
    ];
    assert_eq!(claims.as_array().unwrap().iter().map(said).collect::<Vec<_>>(), expected);
}

async fn a_claim_that_nobody_made_is_not_withdrawn(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, with(fines(50), "claims", json!([{"kind": "yoy_index", "value": 125}])), "created").await;
    let before = everything(&app).await;
    let without = |row: Value, kind: &str| with(row, "claims", json!([{"kind": kind, "withdraw": true}]));

    for (row, why) in [
        (without(fines(50), "yoy_change_pct"), "a claim of another kind"),
        (without(fines(60), "yoy_change_pp"), "also with another figure, which is not recorded either"),
        (without(json!({"indicator": "bts-sites", "value": 1500}), "yoy_index"), "a figure that nothing is known of"),
        (without(with(fines(50), "period", json!("2024-06")), "yoy_index"), "another month"),
    ] {
        let (code, place) = submit_one(&department, row).await.fault(404);
        assert_eq!(code, "nothing_to_withdraw", "{why}");
        assert!(place.starts_with("/observations/0"), "{why}: {place}");
        assert_eq!(everything(&app).await, before, "{why}");
    }
    let with_value = with(fines(50), "claims", json!([{"kind": "yoy_index", "withdraw": true, "value": 125}]));
    assert_eq!(submit_one(&department, with_value).await.fault(422), fault("contradictory_row", "/observations/0/claims/0"));
}

async fn nobody_withdraws_the_figure_of_another_province(app: TestApp) {
    let everybody = app.department().await;
    let of = |province: &str, row: Value| json!({"province": province, "period": "2024-05", "observations": [row]});
    everybody.submit(&of("24", fines(50))).await;
    everybody.submit(&of("91", fines(70))).await;
    let target = |withdraw: Value| json!({"province": "91", "targets": [with(withdraw, "indicator", json!("fines-total"))]});
    everybody.put("/v1/targets", &target(json!({"period": "2024", "value": 900}))).await.expect(200);
    let before = everything(&app).await;
    let bac_giang = app.client_for(&[Scope::Submit, Scope::Targets], &["bac-giang-1997"]).await;

    let figure = bac_giang.post("/v1/submissions", &of("91", withdrawal("fines-total"))).await;
    let planned = bac_giang.post("/v1/submissions?dry_run=true", &of("91", withdrawal("fines-total"))).await;
    let aim = bac_giang.put("/v1/targets", &target(json!({"period": "2024", "withdraw": true, "reason": "nhầm"}))).await;

    for answer in [figure, planned, aim] {
        assert_eq!(answer.fault(403), fault("province_not_allowed", "/province"), "{}", answer.request);
    }
    assert_eq!(everything(&app).await, before);
    let own = bac_giang.submit(&of("24", withdrawal("fines-total"))).await;
    assert_eq!(own["rows"][0]["outcome"], "withdrawn");
}

async fn a_target_is_withdrawn_and_set_again(app: TestApp) {
    let department = app.department().await;
    let decided = |number: &str, target: Value| with(target, "source", json!({"number": number}));
    let created = put_target(&department, decided("1/QĐ", json!({"value": 900, "kind": "at_most"}))).await;
    app.clock.set("2026-11-21T02:04:00Z");

    let withdrawn = put_target(&department, decided("2/QĐ", json!({"withdraw": true, "reason": "bãi bỏ"}))).await;

    assert_eq!((&withdrawn["outcome"], &withdrawn["id"], &withdrawn["revision"]), (&json!("withdrawn"), &created["id"], &json!(2)));
    assert_eq!((&withdrawn["value"], &withdrawn["kind"], &withdrawn["reason"]), (&Value::Null, &Value::Null, &json!("bãi bỏ")));
    app.clock.set("2026-11-21T02:08:00Z");
    let again = put_target(&department, json!({"withdraw": true, "reason": "lần nữa"})).await;
    assert_eq!((&again["outcome"], &again["revision"], &again["reason"]), (&json!("unchanged"), &json!(2), &json!("bãi bỏ")));
    let listed = async |query: &str| app.anyone().get(&format!("/v1/targets?{query}")).await.expect(200)["items"].clone();
    assert_eq!(listed("").await, json!([]));
    assert_eq!(listed("province=bac-giang-1997&indicator=fines-total&period=2024").await, json!([]), "nor where it is asked for");
    assert_eq!(listed("as_of=2026-11-21T02:04:00Z").await, json!([]), "the instant of the withdrawal");
    let past = listed("as_of=2026-11-21T02:03:59Z").await;
    assert_eq!((&past[0]["value"], &past[0]["revision"], &past[0]["kind"]), (&json!(900), &json!(1), &json!("at_most")));

    let restored = json!({"value": 900, "kind": "at_most", "reason": "khôi phục", "acknowledge": ["reverts"]});
    let set = put_target(&department, decided("1/QĐ", restored)).await;

    assert_eq!((&set["outcome"], &set["id"], &set["revision"]), (&json!("updated"), &created["id"], &json!(3)));
    assert_eq!(listed("").await[0]["revision"], 3);
    let history = app.anyone().get(&format!("/v1/targets/{}/revisions", created["id"].as_str().unwrap())).await.expect(200);
    let said = |target: &Value| ["id", "revision", "value", "kind", "reason", "recorded_at"].map(|field| target[field].clone());
    let id = created["id"].clone();
    let expected = [
        [id.clone(), json!(1), json!(900), json!("at_most"), Value::Null, json!("2026-11-21T02:00:00Z")],
        [id.clone(), json!(2), Value::Null, Value::Null, json!("bãi bỏ"), json!("2026-11-21T02:04:00Z")],
        [id, json!(3), json!(900), json!("at_most"), json!("khôi phục"), json!("2026-11-21T02:08:00Z")],
    ];
    assert_eq!(history["items"].as_array().unwrap().iter().map(said).collect::<Vec<_>>(), expected);
    let decisions: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|target| &target["source"]["number"]).collect();
    assert_eq!(decisions, ["1/QĐ", "2/QĐ", "1/QĐ"], "each with the decision that set or withdrew it");
    assert_eq!(history["next"], Value::Null);
}

async fn a_target_that_was_never_set_is_not_withdrawn(app: TestApp) {
    let department = app.department().await;
    put_target(&department, json!({"value": 900})).await;
    let before = everything(&app).await;
    let of = |indicator: &str, period: &str| json!({"indicator": indicator, "period": period, "withdraw": true, "reason": "nhầm"});
    let nothing = |n: usize| fault("nothing_to_withdraw", &format!("/targets/{n}"));

    for (targets, expected, why) in [
        (json!([of("fines-total", "2025-H1")]), vec![nothing(0)], "another period"),
        (json!([of("fines-total", "2024"), of("bts-sites", "2024")]), vec![nothing(1)], "another indicator, beside one that is set"),
        (
            json!([of("bts-sites", "2023"), {"indicator": "bts-sites", "period": "2024", "value": 5}, of("bts-sites", "2022")]),
            vec![nothing(0), nothing(2)],
            "each is named",
        ),
    ] {
        let answer = department.put("/v1/targets", &json!({"province": "24", "targets": targets})).await;
        assert_eq!(answer.faults(404), expected, "{why}");
        assert_eq!(everything(&app).await, before, "{why}: nothing was withdrawn or set");
    }
    for id in ["019a0000-0000-7000-8000-000000000000", "fines-total"] {
        assert_eq!(app.anyone().get(&format!("/v1/targets/{id}/revisions")).await.fault(404).0, "not_found", "{id}");
    }
}

async fn a_withdrawn_target_is_nothing_but_that_and_says_why(app: TestApp) {
    let department = app.department().await;
    put_target(&department, json!({"value": 900})).await;
    let before = everything(&app).await;
    let withdrawing = json!({"indicator": "fines-total", "period": "2024", "withdraw": true, "reason": "nhầm"});
    let silent = json!({"indicator": "fines-total", "period": "2024", "withdraw": true});

    for (target, expected, why) in [
        (silent, fault("reason_missing", "/targets/0/reason"), "without a reason"),
        (with(withdrawing.clone(), "value", json!(900)), fault("contradictory_row", "/targets/0"), "with the value itself"),
        (with(withdrawing.clone(), "value", json!(0)), fault("contradictory_row", "/targets/0"), "with zero, which is a target"),
        (with(withdrawing, "kind", json!("at_least")), fault("contradictory_row", "/targets/0"), "with what reaching it means"),
    ] {
        let answer = department.put("/v1/targets", &json!({"province": "24", "targets": [target]})).await;
        assert_eq!(answer.fault(422), expected, "{why}");
        assert_eq!(everything(&app).await, before, "{why}");
    }
}

async fn nothing_is_held_against_a_withdrawn_target(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, with(fines(450), "period", json!("2024-H1")), "created").await;
    put_target(&department, json!({"value": 900})).await;
    assert_eq!(compared(&app, "2024-H1", "").await["target"]["attainment_pct"], 50);

    put_target(&department, json!({"withdraw": true, "reason": "bãi bỏ"})).await;

    assert_eq!(compared(&app, "2024-H1", "").await["target"], Value::Null);
}

/// Withdraws the total of May 2024.
/// A row that brings back what was replaced, and says why.
fn reverting(row: Value) -> Value {
    with(with(row, "acknowledge", json!(["reverts"])), "reason", json!("khôi phục"))
}

fn withdrawal(indicator: &str) -> Value {
    json!({"indicator": indicator, "withdraw": true, "reason": "nhầm đơn vị"})
}

/// Sets or withdraws Bắc Giang's target of fines in 2024.
async fn put_target(user: &User, target: Value) -> Value {
    let target = with(with(target, "indicator", json!("fines-total")), "period", json!("2024"));
    user.put("/v1/targets", &json!({"province": "24", "targets": [target]})).await.expect(200)["items"][0].clone()
}

/// The series of fines in one line, with more parameters.
async fn points(app: &TestApp, more: &str) -> String {
    let path = format!("/v1/series?province=bac-giang-1997&indicator=fines-total{more}");
    let series = app.anyone().get(&path).await.expect(200);
    let point = |point: &Value| format!("{}={}", point["period"].as_str().unwrap(), point["value"]);
    series["items"][0]["observations"].as_array().unwrap().iter().map(point).collect::<Vec<_>>().join(" ")
}

/// What is claimed of the fines of May 2024.
async fn claims_of(app: &TestApp, more: &str) -> Value {
    let compared = compared(app, "2024-05", more).await;
    compared["claims"].as_array().unwrap().iter().map(|claim| json!([claim["kind"], claim["value"]])).collect()
}

async fn a_batch_of_withdrawals_can_be_sent_again(app: TestApp) {
    let department = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    let claim = json!([{"kind": "yoy_index", "value": 103.2}]);
    submit_one(&department, with(json!({"indicator": "videoconferences-served", "value": 5}), "claims", claim)).await.expect(201);
    expect_outcome(&department, fines(50), "created").await;
    let unclaimed = json!({"indicator": "videoconferences-served", "value": 5, "claims": [{"kind": "yoy_index", "withdraw": true}]});
    let withdrawals = batch(&json!([unclaimed, withdrawal("fines-total")]));
    department.submit(&withdrawals).await;
    let mut definition = department.get("/v1/indicators/fines-total").await.expect(200);
    definition["definition"] = json!("Tổng số tiền phạt đã nộp.");
    for field in ["code", "version"] {
        definition.as_object_mut().unwrap().remove(field);
    }
    department.put("/v1/indicators/fines-total", &definition).await.expect(200);

    let again = department.submit(&withdrawals).await;

    let outcomes: Vec<&Value> = again["rows"].as_array().unwrap().iter().map(|row| &row["outcome"]).collect();
    assert_eq!(outcomes, ["unchanged", "unchanged"], "also under another definition: nothing means nothing else");
}

async fn a_declaration_of_nothing_takes_the_claims_with_it(app: TestApp) {
    let department = app.department().await;
    submit_one(&department, with(fines(50), "claims", json!([{"kind": "yoy_index", "value": 103.2}]))).await.expect(201);
    expect_outcome(&department, json!({"indicator": "fines-total", "nil": true, "reason": "không phát sinh"}), "updated").await;

    expect_outcome(&department, fines(60), "updated").await;

    assert_eq!(compared(&app, "2024-05", "").await["claims"], json!([]), "nobody claimed that of the new figure");
}

async fn what_is_wrong_with_a_row_and_with_the_record_is_named_together(app: TestApp) {
    let department = app.department().await;
    let broken = json!({"indicator": "bts-sites", "value": 1.5});
    let target = |row: Value| with(row, "period", json!("2024"));

    let figures = department.post("/v1/submissions", &batch(&json!([withdrawal("fines-total"), broken]))).await;
    let targets = json!([target(withdrawal("fines-total")), target(broken.clone())]);
    let targets = department.put("/v1/targets", &json!({"province": "24", "targets": targets})).await;
    expect_outcome(&department, fines(50), "created").await;
    let unreadable = submit_one(&department, with(withdrawal("fines-total"), "reason", json!("  "))).await;

    let expected = |list: &str| {
        let mut faults =
            vec![fault("fraction_for_count", &format!("/{list}/1/value")), fault("nothing_to_withdraw", &format!("/{list}/0"))];
        faults.sort();
        faults
    };
    let sorted = |mut faults: Vec<(String, String)>| {
        faults.sort();
        faults
    };
    assert_eq!(sorted(figures.faults(422)), expected("observations"));
    assert_eq!(sorted(targets.faults(422)), expected("targets"));
    assert_eq!(
        unreadable.fault(422),
        fault("invalid_text", "/observations/0/reason"),
        "a reason that cannot be read is not missing as well"
    );
}
