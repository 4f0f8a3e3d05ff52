//! Validations on demand: what is on record of one province and period, held against rules and definitions. Reads only.
//! Which figures break which rule is in `rules_kept`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::catalogue::rules::{administrator, ask, define};
use crate::support::figures::{dated, fault};
use crate::support::{TestApp, User, on_both};

on_both! {
    what_is_broken_comes_first_and_everything_is_counted,
    definitions_are_asked_as_they_are_now,
    every_figure_says_where_it_comes_from_or_why_it_is_missing,
    messages_are_in_the_language_that_is_asked_for,
    only_what_is_about_the_indicators_that_are_named_is_checked,
    each_indicator_is_asked_in_its_own_calendar_unless_one_is_named,
    a_province_answers_for_the_figures_it_reported_itself,
    anyone_may_ask_and_nothing_is_stored,
    a_question_that_cannot_be_is_refused_where_it_is_wrong,
}

async fn what_is_broken_comes_first_and_everything_is_counted(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    for (code, text) in
        [("p-kept", "a le b"), ("q-broken", "b le a !"), ("r-open", "a le c"), ("s-kept", "a ge 1"), ("t-broken", "a ge 100")]
    {
        ask(&user, code, text).await;
    }
    user.submit(&batch(&[insisting(dated("a", "9", "2024-05")), insisting(dated("b", "10", "2024-05"))])).await;

    let report = check(&app, json!({"indicators": ["a", "b"]})).await;

    let seen: Vec<String> =
        items(&report).iter().map(|item| format!("{} {} {}", text(item, "outcome"), text(item, "rule"), text(item, "severity"))).collect();
    let expected = [
        "broken q-broken error",
        "broken t-broken warning",
        "passed p-kept warning",
        "skipped r-open warning",
        "passed s-kept warning",
        "passed bounds error",
        "passed bounds error",
    ];
    assert_eq!(seen, expected);
    assert_eq!((&report["checked"], &report["counts"]), (&json!(7), &json!({"passed": 4, "broken": 2, "skipped": 1})));
    assert_eq!((&report["province"]["key"], &report["period"]["code"]), (&json!("bac-giang-1997"), &json!("2024-05")));
    let open = &items(&report)[3];
    assert_eq!((&open["reason"], &open["indicators"]), (&json!("current_missing"), &json!(["a", "c"])));
    assert!(items(&report).iter().filter(|item| item["outcome"] != "skipped").all(|item| item["reason"].is_null()));
}

async fn definitions_are_asked_as_they_are_now(app: TestApp) {
    let user = administrator(&app).await;
    let mut definition = json!({"name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Theo báo cáo.", "field": "it", "unit": "item",
        "measure": "flow", "time_aggregation": "sum", "area_aggregation": "none", "direction": "neutral", "decimals": 1, "frequency": "M",
        "breakdowns": {"half": {"values": ["one", "other"], "complete": false}}});
    user.put("/v1/indicators/parted", &definition).await.expect(201);
    let mut rate = definition.clone();
    for (field, value) in
        [("unit", json!("percent")), ("measure", json!("rate")), ("time_aggregation", json!("ratio")), ("breakdowns", json!({}))]
    {
        rate[field] = value;
    }
    user.put("/v1/indicators/rated", &rate).await.expect(201);
    let part = |half: &str, figure: &str, period: &str| {
        let mut row = dated("parted", figure, period);
        row["breakdown"] = json!({"half": half});
        row
    };
    let of_all = |numerator: i32, value: Option<i32>, period: &str| {
        let mut row = insisting(json!({"indicator": "rated", "period": period, "numerator": numerator, "denominator": 38}));
        row["value"] = json!(value);
        row
    };
    let mut rows = vec![of_all(40, None, "2024-05"), of_all(19, Some(60), "2024-06"), of_all(19, None, "2024-07")];
    for (period, total) in [("2024-05", 4.5), ("2024-06", -3.0), ("2024-07", 3.0)] {
        let total = json!({"indicator": "parted", "period": period, "value": total});
        rows.extend([part("one", "1", period), part("other", "2", period), total]);
    }
    rows.push(part("one", "1", "2024-08"));
    user.submit(&batch(&rows)).await;
    let asked = |period: &str| json!({"period": period, "indicators": ["parted", "rated"]});
    let before = check(&app, asked("2024-05")).await;
    assert_eq!(before["counts"]["broken"], 0, "nothing is asked of it yet: {before}");

    definition["breakdowns"]["half"]["complete"] = json!(true);
    definition["min"] = json!(0);
    user.put("/v1/indicators/parted", &definition).await.expect(200);
    rate["max"] = json!(100);
    user.put("/v1/indicators/rated", &rate).await.expect(200);

    for (period, broken, kept) in [
        ("2024-05", "parts numerator bounds", "ratio bounds bounds bounds"),
        ("2024-06", "parts ratio bounds", "numerator bounds bounds bounds"),
        ("2024-07", "", "parts numerator ratio bounds bounds bounds bounds"),
        ("2024-08", "", "bounds"),
    ] {
        let report = check(&app, asked(period)).await;
        let of = |outcome: &str| {
            let of_outcome = items(&report).into_iter().filter(|item| item["outcome"] == outcome).map(|item| text(&item, "rule"));
            of_outcome.collect::<Vec<_>>().join(" ")
        };
        assert_eq!((of("broken"), of("passed")), (broken.to_owned(), kept.to_owned()), "{period}");
        assert_eq!(of("skipped"), if period == "2024-08" { "parts" } else { "" }, "{period}");
    }
    let said = |report: &Value, rule: &str| {
        let found = items(report).into_iter().find(|item| item["rule"] == rule).unwrap();
        (text(&found["message"], "vi"), text(&found["message"], "en"))
    };
    let may = check(&app, asked("2024-05")).await;
    assert_eq!(said(&may, "numerator"), ("Chỉ tiêu: 40 lớn hơn 38".into(), "Indicator: 40 is more than 38".into()));
    assert_eq!(said(&may, "bounds").1, "Indicator (105.3%) is not among the numbers to 100");
    assert_eq!(said(&may, "parts").1, "Indicator (one; 1 item) + Indicator (other; 2 items) = 3 items is not Indicator (4.5 items)");
    let june = check(&app, asked("2024-06")).await;
    assert_eq!(said(&june, "ratio"), ("Chỉ tiêu (60%) không bằng 19 ÷ 38".into(), "Indicator (60%) is not 19 ÷ 38".into()));
    assert_eq!(said(&june, "bounds").0, "Chỉ tiêu (-3,0 tin, bài) nằm ngoài các số từ 0");
}

async fn every_figure_says_where_it_comes_from_or_why_it_is_missing(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a + b le c + d").await;
    let rows = [dated("a", "4", "2024-04"), dated("a", "5", "2024-05"), dated("a", "6", "2024-06"), dated("b", "20-23", "2024-Q2")];
    let recorded = user.submit(&batch(&rows)).await;
    user.submit(&batch(&[dated("c", "nil", "2024-Q2"), dated("d", "1", "2024-04")])).await;

    let report = check(&app, json!({"period": "2024-Q2", "indicators": ["a"]})).await;

    let item = &items(&report)[0];
    assert_eq!((&item["rule"], &item["outcome"], &item["reason"]), (&json!("asked"), &json!("skipped"), &json!("nil_declared")));
    assert_eq!(item["message"]["en"], "The report declares that there is nothing to report: neither zero nor missing.");
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| &item["figures"][n]);
    assert_eq!(
        [&a["value"], &a["bound"], &a["status"], &a["origin"], &a["reason"]],
        [&json!(15), &json!("eq"), &json!("A"), &json!("derived"), &Value::Null]
    );
    assert_eq!(a["derivation"]["parts"][0]["observation"], recorded["rows"][0]["observation"]);
    assert_eq!(
        [&b["value"], &b["low"], &b["high"], &b["observation"]],
        [&Value::Null, &json!(20), &json!(23), &recorded["rows"][3]["observation"]]
    );
    assert_eq!([&c["value"], &c["reason"], &c["origin"]], [&Value::Null, &json!("nil_declared"), &json!("reported")]);
    assert_eq!([&d["value"], &d["reason"], &d["origin"]], [&Value::Null, &json!("low_coverage"), &Value::Null], "one month of three");
}

async fn messages_are_in_the_language_that_is_asked_for(app: TestApp) {
    let user = app.department().await;
    user.submit(&batch(&[dated("sanctioned-entities", "1200", "2024-05"), dated("inspected-entities", "1000", "2024-05")])).await;
    let body = json!({"province": "24", "period": "2024-05", "indicators": ["sanctioned-entities"]}).to_string().into_bytes();
    let send = async |path: &str, languages: &str| {
        let headers = [("content-type", "application/json"), ("accept-language", languages)];
        app.anyone().send(actix_web::http::Method::POST, path, &headers, body.clone()).await.expect(200)["items"][0].clone()
    };
    let vi = "Số tổ chức, cá nhân bị xử phạt vi phạm hành chính (1.200 tổ chức, cá nhân) lớn hơn Số tổ chức, cá nhân được thanh tra, kiểm tra (1.000 tổ chức, cá nhân)";
    let en = "Entities sanctioned (1,200 entities) is more than Entities inspected (1,000 entities)";

    for (path, languages, message) in [
        ("/v1/validations", "fr", json!({"vi": vi, "en": en})),
        ("/v1/validations", "vi", json!({"vi": vi})),
        ("/v1/validations?lang=en", "vi", json!({"en": en})),
    ] {
        let item = send(path, languages).await;
        assert_eq!(item["message"], message, "{path} {languages}");
        assert_eq!(item["name"], "Đối tượng bị xử phạt không nhiều hơn đối tượng được thanh tra, kiểm tra");
        assert_eq!(item["name_en"], "No more are sanctioned than are inspected");
    }
    let refused = app.anyone().post("/v1/validations?lang=fr", &json!({"province": "24", "period": "2024-05"})).await;
    assert_eq!(refused.fault(400), fault("invalid_value", "lang"));
}

async fn only_what_is_about_the_indicators_that_are_named_is_checked(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "about-a", "a le b").await;
    ask(&user, "about-c", "c le b").await;
    user.submit(&batch(&[dated("a", "1", "2024-05"), dated("b", "2", "2024-05"), dated("c", "1", "2024-05")])).await;
    let checked = async |indicators: Value| {
        let report = check(&app, json!({"indicators": indicators})).await;
        let seen =
            items(&report).into_iter().map(|item| format!("{}:{}", text(&item, "rule"), item["indicators"].as_array().unwrap().len()));
        seen.collect::<Vec<_>>().join(" ")
    };

    assert_eq!(checked(json!(["a"])).await, "about-a:2 bounds:1");
    assert_eq!(checked(json!(["b"])).await, "about-a:2 about-c:2 bounds:1");
    assert_eq!(checked(json!(["a", "c", "a"])).await, "about-a:2 about-c:2 bounds:1 bounds:1");
    assert_eq!(checked(json!(["d"])).await, "");
    assert!(checked(Value::Null).await.contains("sanctioned-entities-of-inspected:2"), "everything");
}

async fn each_indicator_is_asked_in_its_own_calendar_unless_one_is_named(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let mut administrative = app.anyone().get("/v1/indicators/c").await.expect(200);
    for field in ["code", "version"] {
        administrative.as_object_mut().unwrap().remove(field);
    }
    administrative["calendar"] = json!("nd09");
    user.put("/v1/indicators/c", &administrative).await.expect(200);
    ask(&user, "civil", "a le c").await;
    ask(&user, "nd09", "c ge a").await;
    for (calendar, a, c) in [("civil", "5", "4"), ("nd09", "5", "6")] {
        let rows = [insisting(dated("a", a, "2024-05")), insisting(dated("c", c, "2024-05"))];
        user.submit(&json!({"province": "bac-giang-1997", "calendar": calendar, "observations": rows})).await;
    }
    let seen = async |calendar: Option<&str>| {
        let report = check(&app, json!({"indicators": ["a", "c"], "calendar": calendar})).await;
        let line = |item: &Value| format!("{} {} {}", text(item, "rule"), text(&item["period"], "calendar"), text(item, "outcome"));
        (text(&report["period"], "calendar"), items(&report).iter().map(line).collect::<Vec<_>>().join(", "))
    };

    let (own, civil, nd09) = (seen(None).await, seen(Some("civil")).await, seen(Some("nd09")).await);

    assert_eq!(own, ("civil".into(), "civil civil broken, nd09 nd09 passed, bounds civil passed, bounds nd09 passed".into()));
    assert_eq!(civil, ("civil".into(), "civil civil broken, nd09 civil broken, bounds civil passed, bounds civil passed".into()));
    assert_eq!(nd09, ("nd09".into(), "civil nd09 passed, nd09 nd09 passed, bounds nd09 passed, bounds nd09 passed".into()));
}

async fn a_province_answers_for_the_figures_it_reported_itself(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b").await;
    for (province, period, a, b) in [
        ("bac-giang-1997", "2025-05", "12", "10"),
        ("bac-ninh-1997", "2025-05", "1", "10"),
        ("bac-ninh-2025", "2025-08", "1", "10"),
        ("VN", "2025-05", "1", "2"),
    ] {
        user.submit(&json!({"province": province, "observations": [dated("a", a, period), dated("b", b, period)]})).await;
    }
    for (province, period, key, outcome, why) in [
        ("24", "2025-05", "bac-giang-1997", "broken", "24 was Bắc Giang"),
        ("Bắc Giang", "2025-05", "bac-giang-1997", "broken", "by name"),
        ("27", "2025-05", "bac-ninh-1997", "passed", "the old Bắc Ninh"),
        ("24", "2025-08", "bac-ninh-2025", "passed", "24 is Bắc Ninh"),
        ("bac-ninh-2025", "2025-05", "bac-ninh-2025", "skipped", "what it was formed from answers for itself"),
        ("VN", "2025-05", "VN", "passed", "what is reported for the country, not the sum of its provinces"),
    ] {
        let body = json!({"province": province, "period": period, "indicators": ["a"]});
        let report = app.anyone().post("/v1/validations", &body).await.expect(200);
        assert_eq!(
            (text(&report["province"], "key"), text(&report["items"][0], "outcome")),
            (key.into(), outcome.into()),
            "{why}: {report}"
        );
    }
}

async fn anyone_may_ask_and_nothing_is_stored(app: TestApp) {
    let app = app.with_real_figures().await;
    let reader = app.client(&[Scope::Submit]).await;
    let before = reader.get("/v1/submissions").await.expect(200);

    let first = check(&app, json!({"period": "2024-H1"})).await;
    let again = check(&app, json!({"period": "2024-H1"})).await;

    assert_eq!(first, again);
    assert!(first["checked"].as_u64() > Some(20), "{first}");
    assert_eq!(reader.get("/v1/submissions").await.expect(200), before);
    assert_eq!(app.anyone().get("/v1/validations").await.fault(405).0, "method_not_allowed");
}

async fn a_question_that_cannot_be_is_refused_where_it_is_wrong(app: TestApp) {
    let ask = async |body: Value| app.anyone().post("/v1/validations", &body).await.faults(422);
    for (body, expected) in [
        (json!({}), vec![("missing_field", "/province"), ("missing_field", "/period")]),
        (json!({"province": "24", "period": "2024-13"}), vec![("invalid_period", "/period")]),
        (json!({"province": "999", "period": "2024-05"}), vec![("unknown_province", "/province")]),
        (json!({"province": "24", "period": "2024-05", "calendar": "lunar"}), vec![("invalid_value", "/calendar")]),
        (json!({"province": "24", "period": "2024-05", "indicators": []}), vec![("batch_size", "/indicators")]),
        (json!({"province": "24", "period": "2024-05", "indicators": "bts-sites"}), vec![("wrong_type", "/indicators")]),
        (
            json!({"province": "999", "period": "2024-05", "indicators": ["bts-sites", "nothing", 5], "lang": "vi"}),
            vec![
                ("wrong_type", "/indicators/2"),
                ("unknown_field", "/lang"),
                ("unknown_province", "/province"),
                ("unknown_indicator", "/indicators/1"),
            ],
        ),
        (json!([]), vec![("wrong_type", "")]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(code, place)| fault(code, place)).collect();
        assert_eq!(ask(body.clone()).await, expected, "{body}");
    }
    let many: Vec<&str> = vec!["bts-sites"; 101];
    assert_eq!(ask(json!({"province": "24", "period": "2024-05", "indicators": many})).await, [fault("batch_size", "/indicators")]);
    let anyone: User = app.anyone();
    assert_eq!(
        anyone.post("/v1/validations?as_of=x", &json!({"province": "24", "period": "2024-05"})).await.fault(400).0,
        "unknown_parameter"
    );
    for period in ["1945", "2199", "2024-02-29/2024-02-29"] {
        anyone.post("/v1/validations", &json!({"province": "VN", "period": period})).await.expect(200);
    }
}

/// The report on Bắc Giang in May 2024, unless the question says otherwise.
async fn check(app: &TestApp, question: Value) -> Value {
    let mut body = json!({"province": "bac-giang-1997", "period": "2024-05"});
    body.as_object_mut().unwrap().extend(question.as_object().unwrap().clone());
    app.anyone().post("/v1/validations", &body).await.expect(200)
}

fn items(report: &Value) -> Vec<Value> {
    report["items"].as_array().unwrap().clone()
}

fn text(of: &Value, field: &str) -> String {
    of[field].as_str().unwrap_or_default().to_owned()
}

fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "observations": rows})
}

fn insisting(mut row: Value) -> Value {
    row["force"] = json!(true);
    row["reason"] = json!("đúng như báo cáo");
    row
}
