//! Completeness: what was reported of what is owed, when, and who is to be reminded of the rest.
//! What is owed lives in `obligations`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::reporting::obligations::oblige;
use crate::support::app::trust;
use crate::support::{TestApp, User, on_both};

on_both! {
    two_departments_submit_one_is_late_and_one_is_returned_and_mends,
    the_last_second_of_the_due_day_is_in_time,
    nothing_to_report_is_handed_in,
    a_figure_that_is_withdrawn_is_missing_again,
    who_corrects_a_figure_is_not_late_with_it,
    all_parts_will_do_for_a_total_and_some_will_not,
    what_was_reported_is_of_its_calendar_and_its_days,
    february_is_missing_of_whoever_owes_it_in_march,
    a_province_goes_on_under_another_name,
    what_is_owed_of_a_province_is_owed_on_under_its_new_name,
    never_above_a_hundred_percent,
    without_a_question_it_is_the_last_month,
}

const BTS: &str = "bts-sites";
const REVENUE: &str = "post-telecom-revenue";

async fn clerk(app: &TestApp, organisation: &str) -> User {
    app.client_of(Some(organisation), &[Scope::Submit]).await
}

fn report(period: &str, rows: &Value) -> Value {
    json!({"province": "bac-ninh-2025", "period": period, "calendar": "civil", "observations": rows})
}

/// Sends figures and returns the id of the submission.
async fn send(user: &User, period: &str, rows: Value) -> String {
    user.post("/v1/submissions", &report(period, &rows)).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn completeness(app: &TestApp, query: &str) -> Value {
    app.anyone().get(&format!("/v1/completeness?{query}")).await.expect(200)
}

/// The lines of a report: `H02.13 bts-sites 2026-10 on_time`.
fn lines(report: &Value) -> Vec<String> {
    let line = |item: &Value| {
        let words = [&item["organisation"], &item["indicator"], &item["period"]["code"], &item["status"]];
        words.map(|word| word.as_str().unwrap()).join(" ")
    };
    report["items"].as_array().unwrap().iter().map(line).collect()
}

/// The days on which what stands was handed in; nothing where nothing was.
fn handed_in(report: &Value) -> Vec<&str> {
    let items = report["items"].as_array().unwrap().iter();
    items.map(|item| item["handed_in_at"].as_str().map_or("", |at| &at[..10])).collect()
}

/// Who is to be reminded: `H02.13: bts-sites 2026-10`.
fn reminders(report: &Value) -> Vec<String> {
    let figure = |figure: &Value| [&figure["indicator"], &figure["period"]["code"]].map(|word| word.as_str().unwrap()).join(" ");
    let line = |of: &Value| {
        let missing: Vec<String> = of["missing"].as_array().unwrap().iter().map(figure).collect();
        format!("{}: {}", of["organisation"].as_str().unwrap(), missing.join(", "))
    };
    report["remind"].as_array().unwrap().iter().map(line).collect()
}

/// How complete an organisation is: `66.6 of 3`.
fn complete(report: &Value, organisation: &str) -> String {
    let totals = report["totals"].as_array().unwrap();
    let of = totals.iter().find(|of| of["organisation"] == organisation).unwrap_or_else(|| panic!("{organisation} in {report}"));
    format!("{} of {}", of["complete_pct"], of["due"])
}

async fn two_departments_submit_one_is_late_and_one_is_returned_and_mends(app: TestApp) {
    let october = "period=2026-10&province=24";
    let figures = |value: i32| json!([{"indicator": BTS, "value": value}]);
    let reviewer = || app.client_of(None, &[Scope::Approve]);
    let step = |id: &str, step: &str| format!("/v1/submissions/{id}/{step}");
    app.clock.set("2026-11-05T02:00:00Z");
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,post-telecom-revenue M civil 1/10 from 2026-11-01"]).await;
    oblige(&app, "H02.14", "bac-ninh-2025", &["fines-total,phone-subscribers M civil 1/10 from 2026-11-01"]).await;

    // Before it is due nobody is reminded.
    let before = completeness(&app, october).await;
    assert!(lines(&before).iter().all(|line| line.ends_with(" not_due")), "{before}");
    assert_eq!((complete(&before, "H02.13").as_str(), reminders(&before)), ("null of 0", vec![]));

    // H02.13 hands in one of two figures; it waits for review.
    let first = send(&clerk(&app, "H02.13").await, "2026-10", figures(90)).await;
    let waiting = completeness(&app, october).await;
    assert_eq!(lines(&waiting)[0], "H02.13 bts-sites 2026-10 on_time");
    assert_eq!(waiting["items"][0]["submission"], Value::Null, "which submission it is in is for its sender and its reviewers");
    let under_way = async || {
        let report = reviewer().await.get(&format!("/v1/completeness?{october}")).await.expect(200);
        report["items"][0]["submission"].clone()
    };
    assert_eq!(under_way().await, json!({"id": first, "state": "submitted"}));
    assert_eq!(handed_in(&waiting), ["2026-11-05", "", "", ""]);
    assert_eq!(complete(&waiting, "H02.13"), "100.0 of 1");

    // It is returned: nothing is there until it is mended.
    reviewer().await.post(&step(&first, "return"), &json!({"comment": "thiếu hai trạm"})).await.expect(200);
    let returned = completeness(&app, october).await;
    assert_eq!(lines(&returned)[0], "H02.13 bts-sites 2026-10 not_due");
    assert_eq!(under_way().await["state"], "returned");
    assert_eq!(returned["items"][0]["handed_in_at"], Value::Null);

    // The due day passes.
    app.clock.set("2026-11-12T02:00:00Z");
    let due = completeness(&app, october).await;
    assert_eq!(
        lines(&due),
        [
            "H02.13 bts-sites 2026-10 missing",
            "H02.13 post-telecom-revenue 2026-10 missing",
            "H02.14 fines-total 2026-10 missing",
            "H02.14 phone-subscribers 2026-10 missing",
        ]
    );
    assert_eq!(
        reminders(&due),
        ["H02.13: bts-sites 2026-10, post-telecom-revenue 2026-10", "H02.14: fines-total 2026-10, phone-subscribers 2026-10"]
    );
    assert_eq!(complete(&due, "H02.13"), "0.0 of 2");

    // H02.13 mends and hands in again; H02.14 is late.
    let mending = clerk(&app, "H02.13").await;
    mending.put(&format!("/v1/submissions/{first}"), &report("2026-10", &figures(92))).await.expect(200);
    assert_eq!(lines(&completeness(&app, october).await)[0], "H02.13 bts-sites 2026-10 missing", "mended and not handed in");
    mending.post(&step(&first, "submit"), &json!({})).await.expect(200);
    app.clock.set("2026-11-13T02:00:00Z");
    let second = send(&clerk(&app, "H02.14").await, "2026-10", json!([{"indicator": "fines-total", "value": 20}])).await;

    // Approval comes later still, and does not change when they were handed in.
    app.clock.set("2026-11-20T02:00:00Z");
    let reviewer = reviewer().await;
    for id in [&first, &second] {
        reviewer.post(&step(id, "approve"), &json!({})).await.expect(200);
    }
    let told = completeness(&app, october).await;
    assert_eq!(
        lines(&told),
        [
            "H02.13 bts-sites 2026-10 late",
            "H02.13 post-telecom-revenue 2026-10 missing",
            "H02.14 fines-total 2026-10 late",
            "H02.14 phone-subscribers 2026-10 missing",
        ]
    );
    assert_eq!(handed_in(&told), ["2026-11-12", "", "2026-11-13", ""]);
    assert!(told["items"].as_array().unwrap().iter().all(|item| item["submission"].is_null()), "{told}");
    assert_eq!(reminders(&told), ["H02.13: post-telecom-revenue 2026-10", "H02.14: phone-subscribers 2026-10"]);
    assert_eq!(
        told["totals"][0],
        json!({
            "organisation": "H02.13", "on_time": 0, "late": 1, "missing": 1, "nil_declared": 0, "not_due": 0,
            "due": 2, "handed_in": 1, "complete_pct": 50.0,
        })
    );
    let one = completeness(&app, "period=2026-10&organisation=H02.14").await;
    assert_eq!(lines(&one).len(), 2, "{one}");
}

async fn the_last_second_of_the_due_day_is_in_time(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites,post-telecom-revenue M civil 1/21"]).await;
    app.clock.set("2026-11-21T16:59:59.999999Z");
    send(&app.department().await, "2026-10", json!([{"indicator": BTS, "value": 9}])).await;
    assert!(reminders(&completeness(&app, "period=2026-10").await).is_empty(), "the day is not over");

    app.clock.set("2026-11-21T17:00:00Z");
    let over = completeness(&app, "period=2026-10").await;
    send(&app.department().await, "2026-10", json!([{"indicator": REVENUE, "value": 9}])).await;

    assert_eq!(reminders(&over), ["H02.12: post-telecom-revenue 2026-10"]);
    let told = completeness(&app, "period=2026-10").await;
    assert_eq!(lines(&told), ["H02.12 bts-sites 2026-10 on_time", "H02.12 post-telecom-revenue 2026-10 late"]);
}

async fn nothing_to_report_is_handed_in(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,fines-total M civil 1/10"]).await;
    trust(&app.state, "H02.12");
    send(&app.department().await, "2026-10", json!([{"indicator": BTS, "nil": true}])).await;
    send(&clerk(&app, "H02.13").await, "2026-10", json!([{"indicator": "fines-total", "nil": true}])).await;

    let told = completeness(&app, "period=2026-10").await;

    assert_eq!(
        lines(&told),
        ["H02.13 bts-sites 2026-10 nil_declared", "H02.13 fines-total 2026-10 nil_declared"],
        "published, and waiting"
    );
    assert_eq!(complete(&told, "H02.13"), "100.0 of 2");
}

async fn a_figure_that_is_withdrawn_is_missing_again(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10"]).await;
    let department = app.department().await;
    app.clock.set("2026-11-21T02:01:00Z");
    for (row, line, why) in [
        (json!({"value": 9}), "late", "it came"),
        (json!({"withdraw": true, "reason": "nhầm"}), "missing", "it was wrong"),
        (json!({"value": 10}), "late", "it came again"),
    ] {
        let mut row = row;
        row["indicator"] = json!(BTS);
        send(&department, "2026-10", json!([row])).await;

        let told = completeness(&app, "period=2026-10").await;
        assert_eq!(lines(&told), [format!("H02.12 bts-sites 2026-10 {line}")], "{why}");
    }
}

async fn who_corrects_a_figure_is_not_late_with_it(app: TestApp) {
    app.clock.set("2026-11-05T02:00:00Z");
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10"]).await;
    send(&app.department().await, "2026-10", json!([{"indicator": BTS, "value": 9, "status": "E"}])).await;

    app.clock.set("2026-11-21T02:00:00Z");
    send(&app.department().await, "2026-10", json!([{"indicator": BTS, "value": 11}])).await;

    let told = completeness(&app, "period=2026-10").await;
    assert_eq!(lines(&told), ["H02.12 bts-sites 2026-10 on_time"]);
    assert_eq!(handed_in(&told), ["2026-11-05"]);
}

async fn all_parts_will_do_for_a_total_and_some_will_not(app: TestApp) {
    app.clock.set("2026-11-05T02:00:00Z");
    oblige(&app, "H02.12", "bac-ninh-2025", &["phone-subscribers M civil 1/10"]).await;
    let part = |line: &str, value: i32| json!([{"indicator": "phone-subscribers", "breakdown": {"line_type": line}, "value": value}]);
    let told = async |day: &str| {
        app.clock.set(&format!("{day}T02:00:00Z"));
        let told = completeness(&app, "period=2026-10").await;
        let status = told["items"][0]["status"].as_str().unwrap().to_owned();
        (status, told["items"][0]["handed_in_at"].as_str().map(|at| at[..10].to_owned()))
    };
    let on = |status: &str, day: &str| (status.to_owned(), Some(day.to_owned()).filter(|day| !day.is_empty()));

    send(&app.department().await, "2026-10", part("fixed", 10)).await;
    assert_eq!(told("2026-11-05").await, on("not_due", ""), "one of two is not the whole");
    assert_eq!(told("2026-11-11").await, on("missing", ""));

    app.clock.set("2026-11-12T02:00:00Z");
    send(&app.department().await, "2026-10", part("mobile", 20)).await;
    assert_eq!(told("2026-11-12").await, on("late", "2026-11-12"), "with the last of them");

    app.clock.set("2026-11-21T02:00:00Z");
    send(&app.department().await, "2026-10", json!([{"indicator": "phone-subscribers", "value": 30}])).await;
    assert_eq!(told("2026-11-21").await, on("late", "2026-11-12"), "a total that follows does not make them later");
}

async fn what_was_reported_is_of_its_calendar_and_its_days(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["post-telecom-revenue M nd09 0/15", "post-telecom-revenue M civil 1/10"]).await;
    oblige(&app, "H02.12", "bac-ninh-2025", &["post-telecom-revenue S civil 1/10", "post-telecom-revenue M civil 1/10 to-date"]).await;
    let department = app.department().await;
    send(&department, "2026-06", json!([{"indicator": REVENUE, "value": 9}])).await;

    let month = completeness(&app, "period=2026-06").await;
    assert_eq!(lines(&month), ["H02.12 post-telecom-revenue 2026-06 missing", "H02.12 post-telecom-revenue 2026-06 late"]);
    let calendars: Vec<&Value> = month["items"].as_array().unwrap().iter().map(|item| &item["period"]["calendar"]).collect();
    let due: Vec<&Value> = month["items"].as_array().unwrap().iter().map(|item| &item["due_on"]).collect();
    assert_eq!((json!(calendars), json!(due)), (json!(["nd09", "civil"]), json!(["2026-06-15", "2026-07-10"])));
    assert_eq!(lines(&completeness(&app, "period=2026-06&calendar=civil").await), ["H02.12 post-telecom-revenue 2026-06 late"]);

    // Half a year is six months to date, whatever it is called.
    send(&department, "2026-H1", json!([{"indicator": REVENUE, "value": 50}])).await;
    let half = completeness(&app, "period=2026-H1").await;
    assert_eq!(lines(&half), ["H02.12 post-telecom-revenue 2026-06-YTD late", "H02.12 post-telecom-revenue 2026-H1 late"]);
}

async fn february_is_missing_of_whoever_owes_it_in_march(app: TestApp) {
    oblige(&app, "H02.12", "bac-giang-1997", &["bts-sites M civil 1/10 from 2024-01-01 to 2025-02-28"]).await;
    oblige(&app, "H02.13", "bac-giang-1997", &["bts-sites M civil 1/10 from 2025-03-01"]).await;

    let told = completeness(&app, "from=2025-02-01&to=2025-03-31").await;
    let february = completeness(&app, "period=2025-02&province=24").await;

    assert_eq!(reminders(&told), ["H02.12: bts-sites 2025-01", "H02.13: bts-sites 2025-02"]);
    assert_eq!(lines(&february), ["H02.13 bts-sites 2025-02 missing"]);
}

async fn a_province_goes_on_under_another_name(app: TestApp) {
    // Thừa Thiên Huế became Huế on 1 January 2025; December was reported under the old name.
    oblige(&app, "H57.12", "thua-thien-hue-1997", &["bts-sites M civil 1/10"]).await;
    oblige(&app, "H57.12", "hue-2025", &["bts-sites M civil 1/10 from 2025-01-01"]).await;
    let department = app.department().await;
    for (province, period) in [("thua-thien-hue-1997", "2024-12"), ("hue-2025", "2025-01")] {
        let mut body = report(period, &json!([{"indicator": BTS, "value": 9}]));
        body["province"] = json!(province);
        department.submit(&body).await;
    }

    let told = completeness(&app, "from=2025-01-01&to=2025-03-31").await;

    assert_eq!(
        lines(&told),
        ["H57.12 bts-sites 2025-01 late", "H57.12 bts-sites 2025-02 missing", "H57.12 bts-sites 2024-12 late"],
        "December of the old, the others of the new"
    );
}

async fn what_is_owed_of_a_province_is_owed_on_under_its_new_name(app: TestApp) {
    // Đồng Nai became a city on 30 April 2026, and nobody said anew what is owed of it.
    app.clock.set("2026-11-15T02:00:00Z");
    oblige(&app, "H19.12", "dong-nai-2025", &["bts-sites M civil 1/10 closes 10 from 2026-01-01"]).await;
    let department = app.department().await;
    let sent = async |period: &str| {
        let mut body = report(period, &json!([{"indicator": BTS, "value": 9}]));
        body["province"] = json!("Đồng Nai");
        department.post("/v1/submissions", &body).await
    };

    sent("2026-10").await.expect(201);
    let late = sent("2026-05").await;
    let told = completeness(&app, "from=2026-05-01&to=2026-12-31&province=dong-nai-2026").await;

    assert_eq!(late.fault(422).0, "period_closed", "May closed on 20 June");
    let of_autumn: Vec<String> = lines(&told).into_iter().filter(|line| line.contains("2026-1") || line.contains("-04")).collect();
    assert_eq!(
        of_autumn,
        ["2026-04 missing", "2026-10 late", "2026-11 not_due"].map(|line| format!("H19.12 bts-sites {line}")),
        "the last month of the old name, and those of the new one"
    );
    let template = app.anyone().get("/v1/templates/H19.12/2026-10.csv").await;
    assert!(template.text().contains(";dong-nai-2026;"), "as it can be sent back: {}", template.text());
    // Until somebody owes it under that name.
    oblige(&app, "H19.15", "dong-nai-2026", &["bts-sites M civil 1/10 from 2026-11-01"]).await;
    let told = completeness(&app, "period=2026-10").await;
    assert_eq!(lines(&told), ["H19.15 bts-sites 2026-10 late"]);
}

async fn never_above_a_hundred_percent(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-12-01", "fines-total M civil 1/10 from 2026-12-01"]).await;
    let department = app.department().await;
    let line = |technology: &str| json!({"indicator": BTS, "breakdown": {"technology": technology}, "value": 5});

    // Reported early, in parts, corrected, and by another organisation as well.
    send(&department, "2026-11", json!([line("4g"), line("5g"), {"indicator": BTS, "value": 10, "status": "E"}])).await;
    send(&department, "2026-11", json!([{"indicator": BTS, "value": 11}])).await;
    send(&clerk(&app, "H02.14").await, "2026-11", json!([{"indicator": BTS, "value": 12}])).await;

    let told = completeness(&app, "period=2026-11").await;
    assert_eq!(lines(&told), ["H02.12 bts-sites 2026-11 on_time", "H02.12 fines-total 2026-11 not_due"]);
    assert_eq!(complete(&told, "H02.12"), "100.0 of 1", "what is not due yet does not count");
}

async fn without_a_question_it_is_the_last_month(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10", "fines-total M civil 1/21"]).await;

    let told = completeness(&app, "").await;

    assert_eq!(
        lines(&told),
        ["H02.12 bts-sites 2026-10 missing", "H02.12 fines-total 2026-09 missing", "H02.12 fines-total 2026-10 not_due"],
        "from 21 October to 21 November, which is not over"
    );
}
