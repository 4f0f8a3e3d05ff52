//! Restricted indicators: whoever works with the figures sees them, whoever only reads sees counts in fives and rates in five points,
//! and nothing that is worked out of them says more.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, User, on_both};

on_both! {
    counts_are_seen_in_fives_by_whoever_only_reads,
    whoever_works_with_them_sees_them_as_they_were_reported,
    rates_are_seen_in_five_points_and_without_what_they_were_formed_of,
    what_is_worked_out_says_no_more,
    the_words_of_the_report_and_its_claims_are_kept_back,
    amounts_of_money_count_nobody,
}

const PROVINCE: &str = "ha-noi-2008";

async fn counts_are_seen_in_fives_by_whoever_only_reads(app: TestApp) {
    define(&app).await;
    let reader = app.client_of(None, &[Scope::Read]).await;
    for (n, (reported, seen, why)) in [
        (json!({"value": 0}), "0", "nobody is nobody"),
        (json!({"value": 1}), "1..4", "a single one"),
        (json!({"value": 4}), "1..4", "the last of the few"),
        (json!({"value": 5}), "5..9", "the first of the next"),
        (json!({"value": 9}), "5..9", "and the last"),
        (json!({"value": 1234}), "1230..1234", "of many it hardly matters"),
        (json!({"value": 3, "bound": "approx"}), "1..4", "khoảng 3"),
        (json!({"value": 7, "bound": "gt"}), "ge 5", "trên 7"),
        (json!({"value": 7, "bound": "lt"}), "le 9", "dưới 7"),
        (json!({"low": 3, "high": 12, "bound": "range"}), "1..14", "3-12"),
    ]
    .into_iter()
    .enumerate()
    {
        let period = format!("20{}-05", n + 10);
        report(&app, &period, "cases", reported).await;

        let series = reader.get(&format!("/v1/series?province={PROVINCE}&indicator=cases&from={period}&to={period}")).await.expect(200);

        assert_eq!(written(&series["items"][0]["observations"][0]), seen, "{why}");
    }
}

async fn whoever_works_with_them_sees_them_as_they_were_reported(app: TestApp) {
    define(&app).await;
    report(&app, "2024-05", "cases", json!({"value": 3})).await;
    let path = format!("/v1/series?province={PROVINCE}&indicator=cases");
    let read_and = |scope| [Scope::Read, scope];
    for (who, user, seen) in [
        ("reads and submits", app.client(&read_and(Scope::Submit)).await, "3"),
        ("reads and approves", app.client_of(None, &read_and(Scope::Approve)).await, "3"),
        ("reads and submits, for the province", app.client_for(&read_and(Scope::Submit), &[PROVINCE]).await, "3"),
        ("reads and submits, in the field", app.client_in(None, &read_and(Scope::Submit), &["health"]).await, "3"),
        ("reads and sets targets", app.client(&read_and(Scope::Targets)).await, "1..4"),
        ("reads and administers", app.client(&[Scope::Read, Scope::Admin, Scope::Catalogue]).await, "1..4"),
    ] {
        let series = user.get(&path).await.expect(200);
        assert_eq!(written(&series["items"][0]["observations"][0]), seen, "{who}");
    }
    for (who, user) in [
        ("submits, for another province", app.client_for(&read_and(Scope::Submit), &["an-giang-2025"]).await),
        ("submits, and may not read", app.client_of(None, &[Scope::Submit]).await),
        ("nobody", app.anyone()),
    ] {
        let answer = user.get(&path).await;
        let points = if answer.status == 200 { answer.json()["items"][0]["observations"].as_array().unwrap().len() } else { 0 };
        assert_eq!(points, 0, "{who}: {}", answer.text());
    }
}

async fn rates_are_seen_in_five_points_and_without_what_they_were_formed_of(app: TestApp) {
    define(&app).await;
    let reader = app.client_of(None, &[Scope::Read]).await;
    for (period, numerator, denominator, seen) in
        [("2024-01", 1, 40, "0..5"), ("2024-02", 3, 8, "35..40"), ("2024-03", 9, 9, "95..100"), ("2024-04", 49, 100, "45..50")]
    {
        report(&app, period, "case-rate", json!({"numerator": numerator, "denominator": denominator})).await;

        let series = reader.get(&format!("/v1/series?province={PROVINCE}&indicator=case-rate&from={period}&to={period}")).await.expect(200);

        let point = &series["items"][0]["observations"][0];
        assert_eq!(written(point), seen, "{numerator} of {denominator}");
        assert!(!point.to_string().contains("numerator\":1") && point["numerator"].is_null(), "{point}");
    }
}

async fn what_is_worked_out_says_no_more(app: TestApp) {
    define(&app).await;
    for (period, value) in [("2023-05", 2), ("2024-04", 20), ("2024-05", 3), ("2024-06", 11)] {
        report(&app, period, "cases", json!({"value": value})).await;
    }
    let reader = app.client_of(None, &[Scope::Read]).await;

    let quarter =
        reader.get(&format!("/v1/series?province={PROVINCE}&indicator=cases&frequency=Q&from=2024-Q2&to=2024-Q2")).await.expect(200);
    let compared = reader.get(&format!("/v1/comparisons?province={PROVINCE}&period=2024-05&indicator=cases")).await.expect(200);
    let ranked = reader.get("/v1/rankings?indicator=cases&period=2024-05").await.expect(200);

    assert_eq!(written(&quarter["items"][0]["observations"][0]), "31..42", "20 to 24, 1 to 4 and 10 to 14");
    let last_year = &compared["items"][0]["same_period_last_year"];
    assert_eq!(written(&last_year["baseline"]), "1..4");
    for told in ["change", "change_pct", "index_pct"] {
        assert!(last_year[told].is_null(), "{told}: {last_year}");
    }
    assert_eq!(written(&ranked["items"][0]["current"]), "1..4");
}

async fn the_words_of_the_report_and_its_claims_are_kept_back(app: TestApp) {
    define(&app).await;
    report(&app, "2023-05", "cases", json!({"value": 2})).await;
    let claimed = json!({"value": 3, "wording": "ba ca mắc", "claims": [{"kind": "yoy_index", "value": 150}]});
    let observation = report(&app, "2024-05", "cases", claimed).await;
    report(&app, "2024-05", "cases", json!({"value": 4, "reason": "thêm một ca"})).await;
    let reader = app.client_of(None, &[Scope::Read]).await;
    let department = app.client(&[Scope::Read, Scope::Submit]).await;

    for (user, told, values) in [(&reader, false, "1..4 1..4"), (&department, true, "3 4")] {
        let history = user.get(&format!("/v1/observations/{observation}/revisions")).await.expect(200);
        let claims = user.get("/v1/claims?indicator=cases").await.expect(200);
        let compared = user.get(&format!("/v1/comparisons?province={PROVINCE}&period=2024-05&indicator=cases")).await.expect(200);

        let revisions: Vec<String> = history["items"].as_array().unwrap().iter().map(|item| written(&item["figure"])).collect();
        assert_eq!(revisions.join(" "), values, "{history}");
        let all = format!("{history} {claims} {compared}");
        for words in ["ba ca mắc", "thêm một ca", "yoy_index"] {
            assert_eq!(all.contains(words), told, "{words}: {all}");
        }
    }
}

async fn amounts_of_money_count_nobody(app: TestApp) {
    define(&app).await;
    report(&app, "2024-05", "fines", json!({"value": 3})).await;
    let reader = app.client_of(None, &[Scope::Read]).await;

    let series = reader.get(&format!("/v1/series?province={PROVINCE}&indicator=fines")).await.expect(200);

    assert_eq!(written(&series["items"][0]["observations"][0]), "3");
}

/// Defines restricted indicators: a count, a rate, and an amount of money.
async fn define(app: &TestApp) {
    let user = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
    for (code, unit, unit_mult, measure, decimals) in
        [("cases", "case", 0, "flow", 0), ("case-rate", "percent", 0, "rate", 1), ("fines", "VND", 6, "flow", 0)]
    {
        let together = if measure == "rate" { "ratio" } else { "sum" };
        let definition = json!({"name": "Số ca mắc", "name_en": "Cases", "definition": "Theo báo cáo.", "field": "health", "unit": unit,
            "unit_mult": unit_mult, "measure": measure, "time_aggregation": together, "area_aggregation": together, "direction": "down",
            "decimals": decimals, "min": 0, "max": if measure == "rate" { json!(100) } else { Value::Null }, "frequency": "M",
            "breakdowns": {}, "access": "restricted"});
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
    }
}

/// Reports a figure and returns the id of its observation.
async fn report(app: &TestApp, period: &str, indicator: &str, mut row: Value) -> String {
    row["indicator"] = json!(indicator);
    let department = app.client(&[Scope::Read, Scope::Submit]).await;
    let sent: &User = &department;
    let submitted = sent.submit(&json!({"province": PROVINCE, "period": period, "observations": [row]})).await;
    submitted["rows"][0]["observation"].as_str().unwrap().to_owned()
}

/// A figure as a table writes it: `3`, `1..4`, `ge 5`.
fn written(figure: &Value) -> String {
    match figure["bound"].as_str().unwrap_or_else(|| panic!("{figure}")) {
        "eq" => figure["value"].to_string(),
        "range" => format!("{}..{}", figure["low"], figure["high"]),
        bound => format!("{bound} {}", figure["value"]),
    }
}
