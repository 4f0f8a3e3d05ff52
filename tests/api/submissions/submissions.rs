//! Submissions: what becomes of a batch that is in order — recorded, recorded again, changed, tried out, read back.
//! What is refused and how lives in `bad_input`.

use actix_web::rt;
use chitieu::domain::access::scope::Scope;
use chitieu::store::StoreError;
use chitieu::store::observations::{Breakdowns, ObservationQuery, Revisions, list};
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, User, on_both};

on_both! {
    the_same_number_under_another_definition_is_a_new_revision,
    the_example_of_the_contract_is_recorded_and_reads_back,
    digits_come_back_as_they_were_sent,
    the_same_batch_again_changes_nothing,
    the_same_figure_written_otherwise_is_no_change,
    a_changed_figure_is_a_new_revision_of_the_same_observation,
    a_dry_run_answers_like_the_real_one_and_stores_nothing,
    a_dry_run_finds_the_faults_that_the_real_one_would,
    a_client_lists_what_it_sent_newest_first,
    a_submission_is_found_by_the_organisation_that_sent_it_and_nobody_else,
    an_id_that_nobody_sent_is_not_found,
    a_value_in_another_multiplier_is_converted_exactly,
    a_rate_is_formed_from_its_numerator_and_denominator,
    a_code_means_the_province_of_each_rows_own_period,
    a_key_is_good_only_while_its_province_lasts,
    vietnamese_notation_is_read_where_it_is_declared,
    a_figure_without_status_and_bound_is_official_and_exact,
    a_claim_is_kept_beside_its_figure_and_replaced_by_the_next,
    the_administrative_calendar_has_figures_of_its_own,
    the_same_days_are_one_period_however_they_are_written,
    text_is_kept_in_composed_form,
    sixteen_callers_at_once_are_all_answered_and_one_of_them_creates,
}

async fn the_example_of_the_contract_is_recorded_and_reads_back(app: TestApp) {
    let department = app.department().await;

    let answer = department.post("/v1/submissions", &example()).await;

    let submission = answer.expect(201);
    let id = submission["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/v1/submissions/{id}"));
    assert_eq!(submission["state"], "approved");
    assert_eq!(submission["organisation"], "H02.12");
    assert_eq!(submission["received_at"], "2026-11-21T02:00:00Z");
    assert_eq!(submission["source"], json!({"title": "Báo cáo tháng 5/2024", "number": "/BC-STTTT", "date": "2024-05-20"}));
    assert_eq!(submission["counts"], json!({"created": 6, "updated": 0, "unchanged": 0, "rejected": 0}));
    let named = ["r1", "r2", "r3", "r4", "r5", "r6"].map(|row| (row.to_owned(), "created".to_owned()));
    assert_eq!(outcomes(&submission), named);
    for (row, indicator, breakdown, period, value, status, bound) in [
        ("r1", "post-telecom-revenue", "", "2024-05", "230", "E", "eq"),
        ("r2", "post-telecom-revenue", "", "2024-05-YTD", "1205", "A", "eq"),
        ("r3", "phone-subscribers", "line_type:fixed", "2024-05", "11754", "A", "eq"),
        ("r4", "telecom-internet-revenue", "", "2024-H1", "1135", "E", "eq"),
        ("r5", "online-service-level4-rate", "", "2024-05", "100", "A", "eq"),
        ("r6", "telecom-internet-budget-contribution", "", "2024-05", "29.6", "A", "gt"),
    ] {
        let found = points(&app, &format!("province=24&to=2024-12&indicator={indicator}&breakdown={breakdown}")).await;
        let point = found.iter().find(|point| point["period"] == period).unwrap_or_else(|| panic!("{row}: {found:?}"));
        assert_eq!(digits(point), value, "{row}");
        assert_eq!([word(point, "status"), word(point, "bound")], [status, bound], "{row}");
        let told = submission["rows"].as_array().unwrap().iter().find(|told| told["row_ref"] == row).unwrap();
        assert_eq!(told["observation"], point["observation"], "{row}");
    }
    assert_eq!(department.get(answer.header("location")).await.expect(200), submission, "the same when it is looked up");
}

async fn digits_come_back_as_they_were_sent(app: TestApp) {
    let department = app.department().await;
    let table = [
        ("1135", "1135", "a whole number"),
        ("77.15", "77.15", "decimals"),
        ("77.150", "77.150", "a trailing zero is a printed digit"),
        ("0.1", "0.1", "no binary fraction has it"),
        ("999999999999999999", "999999999999999999", "eighteen digits: beyond what a float keeps"),
        ("123456789012345.678", "123456789012345.678", "eighteen digits around the point"),
        ("\"29.60\"", "29.60", "a decimal string"),
        ("1.5e3", "1500", "an exponent"),
        ("-0", "0", "a sign on nothing"),
    ];

    for (n, (sent, kept, why)) in table.into_iter().enumerate() {
        let period = format!("2023-{:02}", n + 1);
        let body = format!(
            r#"{{"province": "24", "period": "{period}", "observations": [{{"indicator": "post-telecom-revenue", "value": {sent}}}]}}"#
        );
        department.submit(&serde_json::from_str(&body).unwrap()).await;

        let found = points(&app, &format!("province=24&indicator=post-telecom-revenue&from={period}&to={period}")).await;
        assert_eq!(found.iter().map(digits).collect::<Vec<_>>(), [kept], "{why}");
    }
}

async fn the_same_batch_again_changes_nothing(app: TestApp) {
    let department = app.department().await;
    let first = department.submit(&example()).await;

    let again = department.submit(&example()).await;

    assert_eq!(again["counts"], json!({"created": 0, "updated": 0, "unchanged": 6, "rejected": 0}));
    assert!(outcomes(&again).iter().all(|(_, outcome)| outcome == "unchanged"), "{again}");
    assert_eq!(observations(&again), observations(&first));
    assert_ne!(again["id"], first["id"], "it was sent twice, and both are on record");
    assert_eq!(revision(&app, "post-telecom-revenue", "2024-05-31"), [1, 1], "month and year to date");
}

async fn the_same_figure_written_otherwise_is_no_change(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch("2024-05", &json!([{"indicator": "post-telecom-revenue", "value": 230}]))).await;

    for (row, why) in [
        (json!({"value": "230"}), "a string"),
        (json!({"value": 230.0}), "a decimal more"),
        (json!({"value": 230_000, "unit_mult": 6}), "in triệu"),
        (json!({"value": 230, "status": "A", "bound": "eq"}), "with the defaults spelled out"),
        (json!({"value": 230, "locator": "line 41"}), "with the line it stands on"),
        (json!({"value": 230, "period": "2024-M05"}), "with the period in another form"),
    ] {
        let again = department.submit(&batch("2024-05", &json!([with("post-telecom-revenue", &row)]))).await;

        assert_eq!(again["rows"][0]["outcome"], "unchanged", "{why}");
    }
    assert_eq!(revision(&app, "post-telecom-revenue", "2024-05-31"), [1]);
}

async fn a_changed_figure_is_a_new_revision_of_the_same_observation(app: TestApp) {
    let department = app.department().await;
    let first =
        department.submit(&batch("2024-05", &json!([with("online-service-level4-rate", &json!({"value": 50, "status": "E"}))]))).await;

    for (n, (row, value, why)) in [
        (json!({"value": 51, "status": "E"}), "51", "another value"),
        (json!({"value": 51, "status": "P"}), "51", "more final"),
        (json!({"value": 51, "status": "P", "bound": "approx"}), "51", "less exact"),
        (
            json!({"value": 51, "status": "P", "numerator": 51, "denominator": 100, "reason": "tính từ hồ sơ"}),
            "51",
            "exact again, now with what it was formed from",
        ),
        (json!({"value": 51, "status": "P", "numerator": 102, "denominator": 200}), "51", "formed from other numbers"),
        (json!({"value": 50, "status": "E", "force": true, "reason": "nhập nhầm"}), "50", "back to the first, which somebody insists on"),
    ]
    .into_iter()
    .enumerate()
    {
        let changed = department.submit(&batch("2024-05", &json!([with("online-service-level4-rate", &row)]))).await;

        assert_eq!(changed["counts"], json!({"created": 0, "updated": 1, "unchanged": 0, "rejected": 0}), "{why}");
        assert_eq!(observations(&changed), observations(&first), "{why}: the observation keeps its id");
        let found = points(&app, "province=24&to=2024-12&indicator=online-service-level4-rate").await;
        assert_eq!(found.iter().map(digits).collect::<Vec<_>>(), [value], "{why}: one figure is current");
        assert_eq!(word(&found[0], "status"), row["status"], "{why}");
        assert_eq!(revision(&app, "online-service-level4-rate", "2024-05-31"), [i32::try_from(n).unwrap() + 2], "{why}");
    }
}

async fn a_dry_run_answers_like_the_real_one_and_stores_nothing(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch("2024-05", &json!([{"indicator": "post-telecom-revenue", "value": 229, "status": "E"}]))).await;

    let dry = department.post("/v1/submissions?dry_run=true", &example()).await;

    let planned = dry.expect(200);
    assert_eq!(dry.header("location"), "", "there is nothing to find");
    assert_eq!(planned["counts"], json!({"created": 5, "updated": 1, "unchanged": 0, "rejected": 0}));
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"].as_array().unwrap().len(), 1, "the one before");
    let revenue = points(&app, "province=24&to=2024-12&indicator=post-telecom-revenue").await;
    assert_eq!(revenue.iter().map(digits).collect::<Vec<_>>(), ["229"]);
    let others = "phone-subscribers,telecom-internet-revenue,online-service-level4-rate,telecom-internet-budget-contribution";
    assert_eq!(points(&app, &format!("province=24&to=2024-12&breakdown=*&indicator={others}")).await, [] as [Value; 0]);

    let real = department.post("/v1/submissions?dry_run=false", &example()).await.expect(201);
    assert_eq!(outcomes(&real), outcomes(&planned));
}

async fn a_dry_run_finds_the_faults_that_the_real_one_would(app: TestApp) {
    let department = app.department().await;
    let bad = batch("2024-05", &json!([{"indicator": "bts-sites", "value": 1.5}, {"indicator": "bts-towers", "value": 1}]));

    let dry = department.post("/v1/submissions?dry_run=true", &bad).await.faults(422);

    assert_eq!(dry, department.post("/v1/submissions", &bad).await.faults(422));
    assert_eq!(dry.len(), 2);
}

async fn a_client_lists_what_it_sent_newest_first(app: TestApp) {
    let department = app.department().await;
    let mut sent = Vec::new();
    for month in 1..=5 {
        let rows = json!([{"indicator": "bts-sites", "value": 1500 + month}]);
        let mut told = department.submit(&batch(&format!("2024-0{month}"), &rows)).await;
        // Lists leave the rows out.
        told.as_object_mut().unwrap().shift_remove("rows");
        sent.push(told);
    }
    sent.reverse();

    let (mut listed, mut pages, mut path) = (Vec::new(), Vec::new(), "/v1/submissions?limit=2".to_owned());
    loop {
        let page = department.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().clone();
        pages.push(items.len());
        listed.extend(items);
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/submissions?limit=2&cursor={next}");
    }

    assert_eq!(pages, [2, 2, 1]);
    assert_eq!(listed, sent);
    assert_eq!(department.get("/v1/submissions").await.expect(200), json!({"items": sent, "next": null}), "all fit on one page");
    let another = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    assert_eq!(another.get("/v1/submissions").await.expect(200), json!({"items": [], "next": null}), "not another's");
}

async fn a_submission_is_found_by_the_organisation_that_sent_it_and_nobody_else(app: TestApp) {
    let department = app.department().await;
    let sent = department.submit(&batch("2024-05", &json!([{"indicator": "bts-sites", "value": 1596}]))).await;
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());

    assert_eq!(department.get(&path).await.expect(200), sent);
    assert_eq!(app.department().await.get(&path).await.expect(200)["rows"], sent["rows"], "a colleague");
    for (user, status, code) in [
        (app.client_of(Some("H02.13"), &[Scope::Submit, Scope::Approve]).await, 404, "not_found"),
        (app.client_of(None, &[Scope::Submit]).await, 404, "not_found"),
        (app.client(&[Scope::Read, Scope::Targets]).await, 403, "scope_missing"),
        (app.anyone(), 401, "token_missing"),
    ] {
        assert_eq!(user.get(&path).await.fault(status).0, code);
    }
}

async fn an_id_that_nobody_sent_is_not_found(app: TestApp) {
    let department = app.department().await;

    for (id, why) in [
        ("019a0000-0000-7000-8000-000000000000", "a UUID of nobody's"),
        ("nonsense", "no UUID"),
        ("'%20OR%201=1", "SQL"),
        ("%00", "a character that PostgreSQL has no text for"),
        ("%FF", "no UTF-8"),
        ("Đà Nẵng", "beyond ASCII"),
    ] {
        let answer = department.get(&format!("/v1/submissions/{id}")).await;

        assert!([400, 404].contains(&answer.status.as_u16()), "{why}: {} {}", answer.status, answer.text());
        answer.fault(answer.status.as_u16());
    }
}

async fn a_value_in_another_multiplier_is_converted_exactly(app: TestApp) {
    let department = app.department().await;
    let table = [
        ("phone-subscribers", "11.754", 3, "11754", "nghìn into ones"),
        ("phone-subscribers", "1.93036", 6, "1930360", "triệu into ones"),
        ("post-telecom-revenue", "230000", 6, "230", "triệu into tỷ"),
        ("post-telecom-revenue", "230500.5", 6, "230.5005", "triệu into tỷ, with a fraction"),
        ("post-telecom-revenue", "1205", 9, "1205", "tỷ is what the indicator is kept in"),
        ("post-telecom-revenue", "1", 12, "1000", "nghìn tỷ into tỷ"),
        ("post-telecom-revenue", "230000000000", 0, "230", "đồng into tỷ"),
        ("fines-total", "2.5", 9, "2500", "tỷ into triệu"),
        ("online-service-level4-rate", "0.7715", 2, "77.15", "a share of one into percent"),
    ];

    for (n, (indicator, value, unit_mult, kept, why)) in table.into_iter().enumerate() {
        let period = format!("2023-{:02}", n + 1);
        let row = json!({"indicator": indicator, "value": value, "unit_mult": unit_mult});
        let mut body = batch(&period, &json!([row]));
        body["number_locale"] = json!("plain");
        department.submit(&body).await;

        let found = points(&app, &format!("province=24&indicator={indicator}&from={period}&to={period}")).await;
        assert_eq!(found.iter().map(digits).collect::<Vec<_>>(), [kept], "{why}");
    }
}

async fn a_rate_is_formed_from_its_numerator_and_denominator(app: TestApp) {
    let department = app.department().await;
    let table = [
        (json!(38), json!(38), "100", "all of them"),
        (json!(0), json!(38), "0", "none of them: zero, not missing"),
        (json!(1), json!(3), "33.33", "rounded to the decimals of the indicator"),
        (json!(2), json!(3), "66.67", "rounded up"),
        (json!(1), json!(800), "0.13", "0.125 goes away from zero"),
        (json!("1.5"), json!("2.5"), "60", "areas are no whole numbers"),
    ];

    for (n, (numerator, denominator, percent, why)) in table.into_iter().enumerate() {
        let period = format!("2023-{:02}", n + 1);
        let row = json!({"indicator": "online-service-level4-rate", "numerator": numerator, "denominator": denominator});
        department.submit(&batch(&period, &json!([row]))).await;

        let table = app.anyone().get(&format!("/v1/comparisons?province=24&period={period}")).await.expect(200);
        let current = &item(&table, "online-service-level4-rate")["current"];
        assert_eq!(digits(current), percent, "{why}");
        let sent = [&numerator, &denominator].map(|number| number.as_str().map_or_else(|| number.to_string(), str::to_owned));
        assert_eq!([current["numerator"].to_string(), current["denominator"].to_string()], sent, "{why}: kept as they were sent");
    }
}

async fn a_code_means_the_province_of_each_rows_own_period(app: TestApp) {
    let department = app.department().await;
    let rows = json!([
        {"row_ref": "before", "indicator": "bts-sites", "value": 1596},
        {"row_ref": "after", "indicator": "bts-sites", "period": "2026-01", "value": 4201},
        {"row_ref": "last", "indicator": "bts-sites", "period": "2025-06", "value": 1700},
        {"row_ref": "first", "indicator": "bts-sites", "period": "2025-07", "value": 4100},
        {"row_ref": "straddling", "indicator": "fines-total", "period": "2025", "value": 12},
    ]);

    department.submit(&batch("2024-05", &rows)).await;

    for (key, indicator, expected) in [
        ("bac-giang-1997", "bts-sites", &[("2024-05", "1596"), ("2025-06", "1700")][..]),
        ("bac-ninh-2025", "bts-sites", &[("2024-05", "null"), ("2025-06", "null"), ("2025-07", "4100"), ("2026-01", "4201")]),
        ("bac-ninh-1997", "bts-sites", &[]),
        ("bac-ninh-2025", "fines-total", &[("2025", "12")]),
        ("bac-giang-1997", "fines-total", &[]),
    ] {
        let found = points(&app, &format!("province={key}&indicator={indicator}")).await;
        let found: Vec<(&str, String)> = found.iter().map(|point| (word(point, "period"), digits(point))).collect();
        let expected: Vec<(&str, String)> = expected.iter().map(|(period, value)| (*period, (*value).to_owned())).collect();
        assert_eq!(found, expected, "{indicator} of {key}");
    }
}

async fn a_key_is_good_only_while_its_province_lasts(app: TestApp) {
    let department = app.department().await;

    for (key, calendar, period, why) in [
        ("bac-giang-1997", "civil", "2026-01", "after its end"),
        ("bac-giang-1997", "civil", "2025-07", "the month after its end"),
        ("bac-giang-1997", "civil", "2025", "the year ended without it"),
        ("bac-giang-1997", "nd09", "2025-07", "the administrative July ends on the 14th"),
        ("bac-ninh-2025", "civil", "2025-06", "the month before it began"),
        ("bac-ninh-2025", "nd09", "2025-06", "the administrative June ends on the 14th"),
    ] {
        let rows = json!([{"indicator": "bts-sites", "value": 1596}]);
        let batch = json!({"province": key, "period": period, "calendar": calendar, "observations": rows});

        let answer = department.post("/v1/submissions", &batch).await;

        assert_eq!(answer.fault(422), ("province_not_in_period".into(), "/province".into()), "{key} {calendar} {period}: {why}");
        let found = points(&app, &format!("province={key}&calendar={calendar}&indicator=bts-sites")).await;
        assert_eq!(found, [] as [Value; 0], "{key} {calendar} {period}: nothing is stored");
    }
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

async fn vietnamese_notation_is_read_where_it_is_declared(app: TestApp) {
    let department = app.department().await;
    let mut body = batch(
        "2024-05",
        &json!([
            {"indicator": "bts-sites", "value": "1.596"},
            {"indicator": "dossier-online-filing-rate", "value": "77,15"},
            {"indicator": "phone-subscribers", "value": "1.930.360", "claims": [{"kind": "yoy_index", "value": "103,2"}]},
            {"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754},
            {"indicator": "online-service-level4-rate", "numerator": "1.000", "denominator": "2.000"},
        ]),
    );
    body["number_locale"] = json!("vi");

    department.submit(&body).await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-05").await.expect(200);
    for (indicator, value, why) in [
        ("bts-sites", "1596", "a point between thousands"),
        ("dossier-online-filing-rate", "77.15", "a comma before decimals"),
        ("phone-subscribers", "1930360", "two points"),
        ("online-service-level4-rate", "50", "numerator and denominator too"),
    ] {
        assert_eq!(digits(&item(&table, indicator)["current"]), value, "{why}");
    }
    assert_eq!(digits(&item(&table, "phone-subscribers")["claims"][0]), "103.2", "claims too");
    let fixed = points(&app, "province=24&to=2024-12&indicator=phone-subscribers&breakdown=line_type:fixed").await;
    assert_eq!(digits(&fixed[0]), "11754", "a JSON number is one in any locale");
}

async fn a_figure_without_status_and_bound_is_official_and_exact(app: TestApp) {
    let department = app.department().await;

    department.submit(&batch("2024-05", &json!([{"indicator": "bts-sites", "value": 1596}]))).await;

    let found = points(&app, "province=24&to=2024-12&indicator=bts-sites").await;
    assert_eq!([word(&found[0], "status"), word(&found[0], "bound")], ["A", "eq"]);
}

async fn a_claim_is_kept_beside_its_figure_and_replaced_by_the_next(app: TestApp) {
    let department = app.department().await;
    let claimed = |claims: Value| json!([{"indicator": "telecom-internet-revenue", "value": 1135, "claims": claims}]);
    let steps = [
        (claimed(json!([])), "created", json!([]), "no claim"),
        (
            claimed(json!([{"kind": "yoy_index", "value": 103.2}])),
            "unchanged",
            json!([["yoy_index", 103.2]]),
            "a claim on a figure on record",
        ),
        (claimed(json!([{"kind": "yoy_index", "value": 103.2}])), "unchanged", json!([["yoy_index", 103.2]]), "the same claim again"),
        (claimed(json!([{"kind": "yoy_index", "value": 103}])), "unchanged", json!([["yoy_index", 103]]), "another value replaces it"),
        (
            claimed(json!([{"kind": "yoy_change_pct", "value": -3.2}])),
            "unchanged",
            json!([["yoy_change_pct", -3.2], ["yoy_index", 103]]),
            "a claim of another kind stands beside it",
        ),
        (claimed(json!([])), "unchanged", json!([["yoy_change_pct", -3.2], ["yoy_index", 103]]), "silence takes nothing back"),
    ];

    for (rows, outcome, expected, why) in steps {
        let submission = department.submit(&batch("2024-H1", &rows)).await;

        assert_eq!(submission["rows"][0]["outcome"], outcome, "{why}");
        let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1&indicator=telecom-internet-revenue").await.expect(200);
        let claims = table["items"][0]["claims"].as_array().unwrap();
        let claims: Value = claims.iter().map(|claim| json!([claim["kind"], claim["value"]])).collect();
        assert_eq!(claims, expected, "{why}");
    }
}

async fn the_administrative_calendar_has_figures_of_its_own(app: TestApp) {
    let department = app.department().await;
    let of = |calendar: &str, value: i64| {
        let rows = json!([{"indicator": "post-telecom-revenue", "value": value}]);
        json!({"province": "24", "period": "2024-05", "calendar": calendar, "observations": rows})
    };

    let civil = department.submit(&of("civil", 230)).await;
    let nd09 = department.submit(&of("nd09", 221)).await;

    assert_eq!([&civil["rows"][0]["outcome"], &nd09["rows"][0]["outcome"]], ["created", "created"]);
    assert_ne!(observations(&civil), observations(&nd09), "two calendars, two figures");
    for (calendar, value, start, end) in [("civil", "230", "2024-05-01", "2024-05-31"), ("nd09", "221", "2024-04-15", "2024-05-14")] {
        let found = points(&app, &format!("province=24&to=2024-12&indicator=post-telecom-revenue&calendar={calendar}")).await;
        assert_eq!(found.len(), 1, "{calendar}: {found:?}");
        assert_eq!(digits(&found[0]), value, "{calendar}");
        assert_eq!([word(&found[0], "period"), word(&found[0], "start"), word(&found[0], "end")], ["2024-05", start, end], "{calendar}");
    }
}

async fn the_same_days_are_one_period_however_they_are_written(app: TestApp) {
    let department = app.department().await;
    for (written, otherwise) in [
        (&["2024-H1", "2024-S1", "2024S1", "2024-06-YTD", "2024-01-01/2024-06-30"][..], "2024-H1"),
        (&["2024-Q1", "2024Q1", "2024-03-YTD"], "2024-Q1"),
        (&["2023-9M", "2023-09-YTD"], "2023-9M"),
        (&["2023", "2023-A1", "2023-12-YTD", "2023-01-01/2023-12-31"], "2023"),
        (&["2024-05-YTD", "2024-01-01/2024-05-31"], "2024-05-YTD"),
        (&["2022-01", "2022-M01", "202201", "2022-01-YTD"], "2022-01"),
    ] {
        let rows = json!([{"indicator": "post-telecom-revenue", "value": 1135}]);
        let first = department.submit(&batch(written[0], &rows)).await;
        assert_eq!(first["rows"][0]["outcome"], "created", "{}", written[0]);

        for form in &written[1..] {
            let again = department.submit(&batch(form, &rows)).await;

            assert_eq!(again["rows"][0]["outcome"], "unchanged", "{form}");
            assert_eq!(observations(&again), observations(&first), "{form}");
        }
        let path = format!("province=24&indicator=post-telecom-revenue&from={otherwise}&to={otherwise}");
        let found = points(&app, &path).await;
        assert!(found.iter().any(|point| point["period"] == otherwise), "{otherwise}: {found:?}");
    }
}

async fn text_is_kept_in_composed_form(app: TestApp) {
    let department = app.department().await;
    let mut body = batch("2024-05", &json!([{"row_ref": "Ba\u{306}\u{301}c", "indicator": "bts-sites", "value": 1596}]));
    body["province"] = json!("Ba\u{306}\u{301}c Giang");
    body["source"] = json!({"title": "Ba\u{301}o ca\u{301}o"});

    let submission = department.submit(&body).await;

    assert_eq!(submission["rows"][0]["row_ref"], "Bắc");
    assert_eq!(submission["source"]["title"], "Báo cáo");
    assert_eq!(points(&app, "province=bac-giang-1997&indicator=bts-sites").await.len(), 1);
}

async fn sixteen_callers_at_once_are_all_answered_and_one_of_them_creates(app: TestApp) {
    let department = app.department().await;
    let submit = |n: i64| {
        let caller = User::new(app.address, department.token.clone());
        let body = batch("2024-05", &json!([{"indicator": "bts-sites", "value": 1500 + n}]));
        rt::spawn(async move { caller.post("/v1/submissions", &body).await })
    };

    let under_way: Vec<_> = (0..16).map(submit).collect();
    let mut answers = Vec::new();
    for answer in under_way {
        answers.push(answer.await.unwrap());
    }

    let submissions: Vec<Value> = answers.iter().map(|answer| answer.expect(201)).collect();
    let created = submissions.iter().filter(|submission| submission["rows"][0]["outcome"] == "created").count();
    let updated = submissions.iter().filter(|submission| submission["rows"][0]["outcome"] == "updated").count();
    assert_eq!((created, updated), (1, 15), "one after another, whoever was first");
    assert!(submissions.iter().all(|submission| observations(submission) == observations(&submissions[0])), "{submissions:?}");
    let found = points(&app, "province=24&to=2024-12&indicator=bts-sites").await;
    let sent: Vec<String> = (1500..1516).map(|value| value.to_string()).collect();
    assert!(found.len() == 1 && sent.contains(&digits(&found[0])), "{found:?}");
    assert_eq!(revision(&app, "bts-sites", "2024-05-31"), [16], "none was lost, none counted twice");
}

/// The batch that the contract gives as its example.
fn example() -> Value {
    json!({
        "province": "24", "period": "2024-05", "calendar": "civil", "mode": "atomic",
        "source": {"title": "Báo cáo tháng 5/2024", "number": "/BC-STTTT", "date": "2024-05-20"},
        "observations": [
            {"row_ref": "r1", "indicator": "post-telecom-revenue", "value": 230, "status": "E"},
            {"row_ref": "r2", "indicator": "post-telecom-revenue", "period": "2024-05-YTD", "value": 1205},
            {"row_ref": "r3", "indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754},
            {"row_ref": "r4", "indicator": "telecom-internet-revenue", "period": "2024-H1", "value": 1135, "status": "E",
             "claims": [{"kind": "yoy_index", "value": 103.2}]},
            {"row_ref": "r5", "indicator": "online-service-level4-rate", "numerator": 38, "denominator": 38},
            {"row_ref": "r6", "indicator": "telecom-internet-budget-contribution", "value": 29.6, "bound": "gt"}
        ]
    })
}

/// Figures that Bắc Giang reports for a period.
fn batch(period: &str, observations: &Value) -> Value {
    json!({"province": "24", "period": period, "observations": observations})
}

/// A row about an indicator.
fn with(indicator: &str, row: &Value) -> Value {
    let mut row = row.clone();
    row["indicator"] = json!(indicator);
    row
}

/// What became of each row, by the sender's own name for it.
fn outcomes(submission: &Value) -> Vec<(String, String)> {
    let rows = submission["rows"].as_array().unwrap();
    rows.iter().map(|row| (row["row_ref"].as_str().unwrap().to_owned(), row["outcome"].as_str().unwrap().to_owned())).collect()
}

/// The observations that the rows are about.
fn observations(submission: &Value) -> Vec<&str> {
    submission["rows"].as_array().unwrap().iter().map(|row| row["observation"].as_str().unwrap()).collect()
}

/// The points of all series that a query finds.
async fn points(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.anyone().get(&format!("/v1/series?{query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().flat_map(|series| series["observations"].as_array().unwrap().clone()).collect()
}

/// A value with the digits that the answer has.
fn digits(of: &Value) -> String {
    of["value"].to_string()
}

fn word<'v>(of: &'v Value, field: &str) -> &'v str {
    of[field].as_str().unwrap_or_else(|| panic!("{field} in {of}"))
}

/// The revisions of Bắc Giang's current figures of an indicator whose period ends on a day.
fn revision(app: &TestApp, indicator: &str, end: &str) -> Vec<i32> {
    let wanted = ObservationQuery {
        provinces: vec!["bac-giang-1997".into()],
        indicators: vec![indicator.into()],
        breakdowns: Breakdowns::All,
        revisions: Revisions::Current,
        from: None,
        to: None,
        as_of: None,
    };
    let end: NaiveDate = end.parse().unwrap();
    let found = app.state.context.db.read_blocking(|conn| list(conn, &wanted).map_err(|failure: StoreError| failure));
    found.unwrap().iter().filter(|observation| observation.period.end() == end).map(|observation| observation.revision).collect()
}

async fn the_same_number_under_another_definition_is_a_new_revision(app: TestApp) {
    let client = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    let figures = batch("2024-05", &json!([{"indicator": "bts-sites", "value": 1596}]));
    client.submit(&figures).await;
    let mut changed = client.get("/v1/indicators/bts-sites").await.expect(200);
    changed["definition"] = json!("Số vị trí cột ăng ten, không tính trạm trong nhà.");
    for field in ["code", "version"] {
        changed.as_object_mut().expect("an object").remove(field);
    }
    client.put("/v1/indicators/bts-sites", &changed).await.expect(200);

    let again = client.submit(&figures).await;
    let once_more = client.submit(&figures).await;

    assert_eq!(again["rows"][0]["outcome"], "updated");
    assert_eq!(once_more["rows"][0]["outcome"], "unchanged");
}
