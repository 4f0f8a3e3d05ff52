//! Vintages: series made of what was said first, last, or revision by revision; and the histories of definitions.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::figures::revisions::{batch, expect_outcome, fault, fines, with};
use crate::support::{TestApp, User, on_both};

on_both! {
    the_first_vintage_is_what_was_said_first,
    all_vintages_list_every_revision_with_its_reason,
    a_withdrawn_revision_is_null_and_says_so,
    first_figures_are_compared_with_first_figures,
    first_figures_are_added_up_from_first_figures,
    all_vintages_are_not_formed_or_converted,
    a_vintage_that_does_not_exist_is_refused,
    vintages_are_as_they_were_at_a_past_instant,
    all_vintages_of_several_parts_and_periods_stand_in_order,
    every_version_of_a_definition_is_kept_with_its_reason,
    the_same_definition_for_another_reason_is_no_version,
    the_versions_of_an_internal_indicator_are_for_those_who_may_read_it,
}

async fn the_first_vintage_is_what_was_said_first(app: TestApp) {
    say_three_times(&app).await;

    let first = points(&app, "vintage=first").await;
    let latest = points(&app, "vintage=latest").await;

    let figure = |point: &Value| ["period", "value", "status", "bound", "revision"].map(|field| point[field].clone());
    let revision = json!({"number": 1, "reason": null, "recorded_at": "2026-11-21T02:00:00Z"});
    assert_eq!(first.iter().map(figure).collect::<Vec<_>>(), [[json!("2024-05"), json!(200), json!("E"), json!("approx"), revision]]);
    assert_eq!(latest.iter().map(figure).collect::<Vec<_>>(), [[json!("2024-05"), json!(230), json!("A"), json!("eq"), Value::Null]]);
    assert_eq!(latest, points(&app, "").await, "the latest are read where nothing is said");
    assert_eq!(latest[0].get("revision"), None, "which the latest do not name");
}

async fn all_vintages_list_every_revision_with_its_reason(app: TestApp) {
    say_three_times(&app).await;

    let all = points(&app, "vintage=all").await;

    let said = |point: &Value| json!([point["period"], point["value"], point["status"], point["bound"], point["revision"]]);
    let revision = |number: u32, reason: Value, minute: u32| json!({"number": number, "reason": reason, "recorded_at": format!("2026-11-21T02:0{minute}:00Z")});
    assert_eq!(
        all.iter().map(said).collect::<Vec<_>>(),
        [
            json!(["2024-05", 200, "E", "approx", revision(1, Value::Null, 0)]),
            json!(["2024-05", 210, "P", "eq", revision(2, json!("đủ báo cáo"), 4)]),
            json!(["2024-05", 230, "A", "eq", revision(3, json!("chính thức"), 8)]),
        ]
    );
    assert!(all.iter().all(|point| point["observation"] == all[0]["observation"] && point["origin"] == "reported"));
    assert!(all.iter().all(|point| point.get("reasons").is_none()), "nothing stands against any of them");
}

async fn a_withdrawn_revision_is_null_and_says_so(app: TestApp) {
    let department = app.department().await;
    let said = |row: Value| with(row, "indicator", json!("fines-total"));
    for (row, outcome) in [
        (json!({"value": 50}), "created"),
        (json!({"withdraw": true, "reason": "nhầm"}), "withdrawn"),
        (json!({"nil": true}), "updated"),
        (json!({"bound": "range", "low": 20, "high": 23, "reason": "theo báo cáo"}), "updated"),
        (json!({"withdraw": true, "reason": "lại nhầm"}), "withdrawn"),
    ] {
        expect_outcome(&department, with(said(row), "acknowledge", json!(["reverts"])), outcome).await;
    }

    let all = points(&app, "vintage=all").await;

    let said = |point: &Value| {
        let number = [&point["value"], &point["low"], &point["high"], &point["status"], &point["bound"]];
        json!([point["revision"]["number"], number, point["reasons"], point["revision"]["reason"]])
    };
    let none = json!([null, null, null, null, null]);
    assert_eq!(
        all.iter().map(said).collect::<Vec<_>>(),
        [
            json!([1, [50, null, null, "A", "eq"], null, null]),
            json!([2, none, ["withdrawn"], "nhầm"]),
            json!([3, none, ["nil_declared"], null]),
            json!([4, [null, 20, 23, "A", "range"], null, "theo báo cáo"]),
            json!([5, none, ["withdrawn"], "lại nhầm"]),
        ]
    );
    let first = points(&app, "vintage=first").await;
    assert_eq!((first.len(), &first[0]["value"]), (1, &json!(50)), "what was said first was said");
    assert_eq!(points(&app, "vintage=latest").await, [] as [Value; 0], "and is said no more");
}

async fn first_figures_are_compared_with_first_figures(app: TestApp) {
    let department = app.department().await;
    let of = |period: &str, value: i64| with(fines(value), "period", json!(period));
    department.submit(&batch(&json!([of("2023-05", 100), of("2024-05", 110)]))).await;
    department.submit(&batch(&json!([of("2023-05", 200), of("2024-05", 500)]))).await;

    for (units, first, latest) in [("lin", 110, 500), ("ch1", 10, 300), ("pc1", 10, 150), ("idx1", 110, 250)] {
        let value = async |vintage: &str| points(&app, &format!("from=2024-05&units={units}&vintage={vintage}")).await[0]["value"].clone();
        assert_eq!([value("first").await, value("latest").await], [json!(first), json!(latest)], "{units}");
    }
}

async fn first_figures_are_added_up_from_first_figures(app: TestApp) {
    let department = app.department().await;
    let months = |values: [i64; 3]| {
        let row = |(n, value): (usize, i64)| with(fines(value), "period", json!(format!("2024-0{}", n + 1)));
        batch(&values.into_iter().enumerate().map(row).collect())
    };
    department.submit(&months([10, 20, 30])).await;
    department.submit(&months([11, 22, 33])).await;
    let withdrawal = json!({"indicator": "fines-total", "period": "2024-02", "withdraw": true, "reason": "nhầm"});
    let line = async |query: &str| {
        let points = points(&app, query).await;
        points.iter().map(|point| format!("{}={}", point["period"].as_str().unwrap(), point["value"])).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(line("frequency=Q&vintage=first").await, "2024-Q1=60");
    assert_eq!(line("frequency=Q&vintage=latest").await, "2024-Q1=66");
    assert_eq!(line("cumulative=true&vintage=first").await, "2024-01-YTD=10 2024-02-YTD=30 2024-03-YTD=60");
    assert_eq!(line("cumulative=true&vintage=latest").await, "2024-01-YTD=11 2024-02-YTD=33 2024-03-YTD=66");
    let quarter = &points(&app, "frequency=Q&vintage=first").await[0];
    assert_eq!((&quarter["origin"], quarter.get("revision")), (&json!("derived"), None), "what is formed was never revised");
    expect_outcome(&department, withdrawal, "withdrawn").await;
    assert_eq!(line("frequency=Q&vintage=first").await, "2024-Q1=60", "February was said first, and withdrawn later");
    assert_eq!(line("frequency=Q&from=2024-Q1&to=2024-Q1&vintage=latest").await, "2024-Q1=null");
}

async fn all_vintages_are_not_formed_or_converted(app: TestApp) {
    say_three_times(&app).await;
    let path = |query: &str| format!("/v1/series?province=bac-giang-1997&indicator=fines-total&vintage=all&{query}");

    for (query, why) in [
        ("frequency=M", "a month of which revision?"),
        ("frequency=Q", "a quarter of which months?"),
        ("cumulative=true", "a sum of which months?"),
        ("units=pc1", "against which revision of last year?"),
        ("units=ch1", "against which revision of last year?"),
        ("frequency=Q&cumulative=true&units=idx1", "all at once"),
    ] {
        let answer = app.anyone().get(&path(query)).await;
        assert_eq!(answer.fault(400), fault("invalid_value", "vintage"), "{query}: {why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!(["first", "latest"]), "{query}");
    }
}

async fn a_vintage_that_does_not_exist_is_refused(app: TestApp) {
    for vintage in ["last", "FIRST", "1", ""] {
        let answer = app.anyone().get(&format!("/v1/series?province=24&indicator=fines-total&vintage={vintage}")).await;
        assert_eq!(answer.fault(400).1, "vintage", "{vintage}");
    }
    let answer = app.anyone().get("/v1/series?province=24&indicator=fines-total&vintage=last").await;
    assert_eq!(answer.json()["errors"][0]["allowed"], json!(["first", "latest", "all"]));
}

async fn vintages_are_as_they_were_at_a_past_instant(app: TestApp) {
    say_three_times(&app).await;
    let june = with(fines(70), "period", json!("2024-06"));
    expect_outcome(&app.department().await, june, "created").await;
    app.clock.set("2026-11-21T02:12:00Z");
    let values = async |vintage: &str, minute: u32| {
        let points = points(&app, &format!("vintage={vintage}&as_of=2026-11-21T02:0{minute}:30Z")).await;
        points.iter().map(|point| point["value"].to_string()).collect::<Vec<_>>().join(" ")
    };

    for (minute, first, latest, all) in [(0, "200", "200", "200"), (4, "200", "210", "200 210"), (8, "200 70", "230 70", "200 210 230 70")]
    {
        assert_eq!(values("first", minute).await, first, "first, {minute}");
        assert_eq!(values("latest", minute).await, latest, "latest, {minute}");
        assert_eq!(values("all", minute).await, all, "all, {minute}");
    }
}

async fn all_vintages_of_several_parts_and_periods_stand_in_order(app: TestApp) {
    let department = app.department().await;
    let phones = |month: u32, value: i64| json!({"indicator": "phone-subscribers", "period": format!("2024-0{month}"), "value": value});
    let fixed = |month: u32, value: i64| with(phones(month, value), "breakdown", json!({"line_type": "fixed"}));
    for rows in
        [json!([phones(5, 900)]), json!([phones(4, 800), fixed(5, 90)]), json!([phones(5, 901), fixed(5, 91)]), json!([phones(4, 801)])]
    {
        department.submit(&batch(&rows)).await;
    }
    let line = async |query: &str| {
        let path = format!("/v1/series?province=bac-giang-1997&indicator=phone-subscribers&vintage=all{query}");
        let series = app.anyone().get(&path).await.expect(200);
        let point = |point: &Value| format!("{}={}", point["period"].as_str().unwrap(), point["value"]);
        let points = |item: &Value| item["observations"].as_array().unwrap().iter().map(point).collect::<Vec<_>>().join(" ");
        let items = series["items"].as_array().unwrap().iter();
        items.map(|item| format!("{}: {}", item["breakdown"], points(item))).collect::<Vec<_>>().join("; ")
    };

    assert_eq!(line("").await, "{}: 2024-04=800 2024-04=801 2024-05=900 2024-05=901", "by period, then as they followed");
    assert_eq!(
        line("&breakdown=*").await,
        "{}: 2024-04=800 2024-04=801 2024-05=900 2024-05=901; {\"line_type\":\"fixed\"}: 2024-05=90 2024-05=91"
    );
    assert_eq!(line("&from=2024-05").await, "{}: 2024-05=900 2024-05=901");
    assert_eq!(line("&to=2024-04").await, "{}: 2024-04=800 2024-04=801");
}

async fn every_version_of_a_definition_is_kept_with_its_reason(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let shipped = app.anyone().get("/v1/indicators/fines-total").await.expect(200);
    app.clock.set("2026-11-21T02:05:00Z");

    let answer = define(&administrator, "Chỉ tính tiền phạt đã thu.", json!("theo Thông tư mới")).await;

    app.clock.set("2026-11-21T02:10:00Z");
    define(&administrator, "Chỉ tính tiền phạt đã nộp.", Value::Null).await;
    let history = app.anyone().get("/v1/indicators/fines-total/versions").await.expect(200);
    let versions = history["items"].as_array().unwrap();
    let said = |version: &Value| ["version", "definition", "reason", "recorded_at"].map(|field| version[field].clone());
    assert_eq!(
        versions.iter().map(said).collect::<Vec<_>>(),
        [
            [json!(1), shipped["definition"].clone(), Value::Null, json!("2026-11-01T00:00:00Z")],
            [json!(2), json!("Chỉ tính tiền phạt đã thu."), json!("theo Thông tư mới"), json!("2026-11-21T02:05:00Z")],
            [json!(3), json!("Chỉ tính tiền phạt đã nộp."), Value::Null, json!("2026-11-21T02:10:00Z")],
        ]
    );
    assert!(versions.iter().all(|version| version["code"] == "fines-total" && version["unit"] == shipped["unit"]));
    assert_eq!(history["next"], Value::Null);
    assert_eq!((&answer["version"], answer.get("reason")), (&json!(2), None), "the reason is no part of what is measured");
    let found = app.anyone().get("/v1/indicators/fines-total").await.expect(200);
    assert_eq!((&found["version"], found.get("reason")), (&json!(3), None));
    assert_eq!(app.anyone().get("/v1/indicators/fines/versions").await.fault(404).0, "unknown_indicator");
}

async fn the_same_definition_for_another_reason_is_no_version(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    define(&administrator, "Chỉ tính tiền phạt đã thu.", json!("theo Thông tư mới")).await;
    let before = app.anyone().get("/v1/indicators/fines-total/versions").await.expect(200);
    app.clock.set("2026-11-21T02:05:00Z");

    let again = define(&administrator, "Chỉ tính tiền phạt đã thu.", json!("lý do khác")).await;

    assert_eq!(again["version"], 2);
    assert_eq!(app.anyone().get("/v1/indicators/fines-total/versions").await.expect(200), before);
    assert_eq!(before["items"][1]["reason"], "theo Thông tư mới");
}

async fn the_versions_of_an_internal_indicator_are_for_those_who_may_read_it(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let closed = with(definition(&administrator).await, "access", json!("internal"));

    app.keeper().await.put("/v1/indicators/fines-total", &closed).await.expect(200);

    for (user, who) in [(app.anyone(), "anyone"), (administrator, "a client without the scope `read`")] {
        assert_eq!(user.get("/v1/indicators/fines-total/versions").await.fault(404).0, "unknown_indicator", "{who}");
    }
    let reader = app.client(&[Scope::Read]).await;
    let history = reader.get("/v1/indicators/fines-total/versions").await.expect(200);
    let access: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|version| &version["access"]).collect();
    assert_eq!(access, ["open", "internal"]);
}

/// Fines of May 2024: an estimate, four minutes later a preliminary and again four minutes later the official figure.
async fn say_three_times(app: &TestApp) {
    let department = app.department().await;
    for (minute, row) in [
        (0, json!({"value": 200, "status": "E", "bound": "approx"})),
        (4, json!({"value": 210, "status": "P", "reason": "đủ báo cáo"})),
        (8, json!({"value": 230, "status": "A", "reason": "chính thức"})),
    ] {
        app.clock.set(&format!("2026-11-21T02:0{minute}:00Z"));
        department.submit(&batch(&json!([with(row, "indicator", json!("fines-total"))]))).await;
    }
}

/// The points of fines in Bắc Giang.
async fn points(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator=fines-total&{query}");
    app.anyone().get(&path).await.expect(200)["items"][0]["observations"].as_array().unwrap().clone()
}

/// The definition of fines, as it is sent.
async fn definition(user: &User) -> Value {
    let mut definition = user.get("/v1/indicators/fines-total").await.expect(200);
    for field in ["code", "version"] {
        definition.as_object_mut().unwrap().remove(field);
    }
    definition
}

/// Defines fines in other words, for a reason.
async fn define(user: &User, words: &str, reason: Value) -> Value {
    let new = with(with(definition(user).await, "definition", json!(words)), "reason", reason);
    user.put("/v1/indicators/fines-total", &new).await.expect(200)
}
