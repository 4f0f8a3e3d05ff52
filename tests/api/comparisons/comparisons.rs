//! Comparisons: the report table, against last year, against targets, and what reports claim.

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, on_both};

on_both! {
    the_first_half_of_2024_in_bac_giang_is_as_reported,
    an_official_baseline_confirms_the_claim,
    another_baseline_contradicts_the_claim,
    several_provinces_and_periods_are_compared_in_one_answer,
    more_comparisons_than_an_answer_holds_are_refused,
    months_quarters_and_years_are_held_against_the_one_before,
    a_year_that_still_runs_is_compared_at_its_cut_off,
    what_is_certain_of_a_bound_stands_beside_numbers_that_are_null,
    the_pace_of_a_plan_is_told_with_what_is_still_required,
    a_table_reads_as_the_report_would_write_it,
}

async fn the_first_half_of_2024_in_bac_giang_is_as_reported(app: TestApp) {
    let app = app.with_real_figures().await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1").await.expect(200);

    assert_eq!(table["province"]["key"], "bac-giang-1997");
    assert_eq!(table["period"], json!({"code": "2024-H1", "calendar": "civil", "start": "2024-01-01", "end": "2024-06-30"}));
    for (indicator, value) in [
        ("dossier-online-filing-rate", json!(77.15)),
        ("online-dossier-in-time-rate", json!(97.4)),
        ("dossier-online-payment-rate", json!(34.11)),
        ("dossier-e-result-rate", json!(80.48)),
        ("dossier-digitisation-rate", json!(79.89)),
        ("bts-sites", json!(1596)),
    ] {
        assert_eq!(item(&table, indicator)["current"]["value"], value, "{indicator}");
    }
    let revenue = item(&table, "telecom-internet-revenue");
    assert_eq!(revenue["current"]["value"], 1135);
    assert_eq!(revenue["current"]["status"], "E");
    let against = &revenue["same_period_last_year"];
    for absent in ["baseline", "change", "change_pct", "index_pct", "change_pp"] {
        assert_eq!(against[absent], Value::Null, "{absent} is missing, not zero");
    }
    assert_eq!(against["reasons"], json!(["base_missing"]));
    assert_eq!(
        revenue["claims"],
        json!([{"kind": "yoy_index", "value": 103.2, "verdict": "unverifiable", "implied_baseline": {"low": 1098.8, "high": 1100.8}}])
    );
}

async fn an_official_baseline_confirms_the_claim(app: TestApp) {
    let app = app.with_real_figures().await;

    let revenue = revenue_against(&app, 1100).await;

    let against = &revenue["same_period_last_year"];
    assert_eq!(against["baseline"]["value"], 1100);
    assert_eq!([&against["change"], &against["change_pct"], &against["index_pct"]], [&json!(35), &json!(3.2), &json!(103.2)]);
    assert_eq!((&against["comparable"], &against["reasons"]), (&json!("limited"), &json!(["status_mismatch"])));
    assert_eq!(revenue["claims"][0]["verdict"], "matches");
}

async fn another_baseline_contradicts_the_claim(app: TestApp) {
    let app = app.with_real_figures().await;

    let revenue = revenue_against(&app, 1200).await;

    assert_eq!(revenue["same_period_last_year"]["index_pct"], json!(94.6));
    assert_eq!(revenue["claims"][0]["verdict"], "contradicts");
}

/// Telecom revenue of the first half of 2024, once that of 2023 is on record.
async fn revenue_against(app: &TestApp, last_year: i64) -> Value {
    let observations = json!([{"indicator": "telecom-internet-revenue", "value": last_year}]);
    app.department().await.submit(&json!({"province": "24", "period": "2023-H1", "observations": observations})).await;
    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1&indicator=telecom-internet-revenue").await.expect(200);
    table["items"][0].clone()
}

async fn several_provinces_and_periods_are_compared_in_one_answer(app: TestApp) {
    let department = app.department().await;
    for (province, value) in [("24", 10), ("27", 20)] {
        let rows = json!([fines("2024-05", value), fines("2024-06", value + 1)]);
        department.submit(&json!({"province": province, "observations": rows})).await;
    }

    let path = "/v1/comparisons?province=24,bac-ninh-1997&period=2024-05&period=2024-06,2024-07&indicator=fines-total";
    let table = app.anyone().get(path).await.expect(200);

    let line = |item: &Value| format!("{} {} {}", text(&item["province"]), text(&item["period"]["code"]), item["current"]["value"]);
    let lines: Vec<String> = table["items"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "bac-giang-1997 2024-05 10",
            "bac-ninh-1997 2024-05 20",
            "bac-giang-1997 2024-06 11",
            "bac-ninh-1997 2024-06 21",
            "bac-giang-1997 2024-07 null",
            "bac-ninh-1997 2024-07 null",
        ]
    );
    assert_eq!((&table["province"], &table["period"]), (&Value::Null, &Value::Null), "each item has its own");
    let keys: Vec<&str> = table["provinces"].as_array().unwrap().iter().map(|province| text(&province["key"])).collect();
    assert_eq!(keys, ["bac-giang-1997", "bac-ninh-1997"]);
}

async fn more_comparisons_than_an_answer_holds_are_refused(app: TestApp) {
    let months: Vec<String> = (1950..1959).flat_map(|year| (1..=11).map(move |month| format!("{year}-{month:02}"))).collect();
    let path = format!("/v1/comparisons?province=VN,bac-giang-1997,kien-giang-1997&period={}", months.join(","));

    assert_eq!(app.anyone().get(&path).await.fault(400), ("query_too_large".into(), "province".into()));
    assert_eq!(
        app.anyone().get("/v1/comparisons?province=VN&period=2024-13,2024").await.fault(400),
        ("invalid_period".into(), "period".into())
    );
}

async fn months_quarters_and_years_are_held_against_the_one_before(app: TestApp) {
    let department = app.department().await;
    let recorded = [("2023-12", 40), ("2024-01", 50), ("2024-Q1", 100), ("2024-Q2", 150), ("2023", 300), ("2024", 330), ("2024-H1", 250)];
    let rows: Vec<Value> = recorded.iter().map(|(period, value)| fines(period, *value)).collect();
    department.submit(&json!({"province": "24", "observations": rows})).await;

    for (period, before, index) in [
        ("2024-01", json!("2023-12"), json!(125)),
        ("2024-Q2", json!("2024-Q1"), json!(150)),
        ("2024", json!("2023"), json!(110)),
        ("2024-H1", Value::Null, Value::Null),
        ("2024-05-YTD", Value::Null, Value::Null),
    ] {
        let path = format!("/v1/comparisons?province=24&period={period}&indicator=fines-total");
        let item = app.anyone().get(&path).await.expect(200)["items"][0].clone();
        assert_eq!(item["previous_period"]["baseline"]["period"], before, "{period}");
        assert_eq!(item["previous_period"]["index_pct"], index, "{period}");
    }
    let path = "/v1/comparisons?province=24&period=2024-05-YTD,2024-H1&indicator=fines-total";
    let items = app.anyone().get(path).await.expect(200)["items"].clone();
    assert_eq!(items[0]["previous_period"], Value::Null, "a running total has none before it");
    assert_eq!(
        items[1]["previous_period"]["reasons"],
        json!(["base_missing", "low_coverage"]),
        "of the half-year before only December is known"
    );
}

async fn a_year_that_still_runs_is_compared_at_its_cut_off(app: TestApp) {
    let department = app.department().await;
    let of_year = |year: i32, amounts: &[i64]| -> Vec<Value> {
        amounts.iter().enumerate().map(|(n, amount)| fines(&format!("{year}-{:02}", n + 1), *amount)).collect()
    };
    for rows in [of_year(2025, &[10; 12]), of_year(2026, &[11; 10])] {
        department.submit(&json!({"province": "VN", "observations": rows})).await;
    }
    let compared = async |period: &str| {
        let path = format!("/v1/comparisons?province=VN&period={period}&indicator=fines-total");
        app.anyone().get(&path).await.expect(200)["items"][0].clone()
    };

    let (running, over) = (compared("2026").await, compared("2025").await);

    assert_eq!((&running["period"]["code"], &running["current"]["value"]), (&json!("2026-10-YTD"), &json!(110)));
    let last_year = &running["same_period_last_year"];
    assert_eq!((&last_year["baseline"]["period"], &last_year["baseline"]["value"]), (&json!("2025-10-YTD"), &json!(100)));
    assert_eq!((&last_year["index_pct"], &last_year["comparable"]), (&json!(110), &json!("yes")), "ten months against ten");
    assert_eq!((&over["period"]["code"], &over["current"]["value"]), (&json!("2025"), &json!(120)));
}

async fn what_is_certain_of_a_bound_stands_beside_numbers_that_are_null(app: TestApp) {
    let department = app.department().await;
    let above = json!({"indicator": "fines-total", "period": "2024-05", "value": 29.6, "bound": "gt"});
    department.submit(&json!({"province": "24", "observations": [above, fines("2023-05", 25)]})).await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-05&indicator=fines-total").await.expect(200);

    let against = &table["items"][0]["same_period_last_year"];
    for field in ["change", "change_pct", "index_pct", "change_pp"] {
        assert_eq!(against[field], Value::Null, "{field} is no exact number");
    }
    let above = |value: Value| json!({"value": value, "bound": "gt"});
    let certain =
        json!({"change": above(json!(4.6)), "change_pct": above(json!(18.4)), "index_pct": above(json!(118.4)), "change_pp": null});
    assert_eq!(against["bounds"], certain);
    assert_eq!((&against["comparable"], &against["reasons"]), (&json!("limited"), &json!(["qualifier_inexact"])));
}

async fn the_pace_of_a_plan_is_told_with_what_is_still_required(app: TestApp) {
    let department = app.department().await;
    let rows: Vec<Value> = [180, 200, 220, 200].iter().enumerate().map(|(n, value)| fines(&format!("2024-{:02}", n + 1), *value)).collect();
    department.submit(&json!({"province": "24", "observations": rows})).await;
    department
        .put("/v1/targets", &json!({"province": "24", "targets": [{"indicator": "fines-total", "period": "2024", "value": 2400}]}))
        .await
        .expect(200);

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-04-YTD&indicator=fines-total").await.expect(200);

    let target = &table["items"][0]["target"];
    let told = ["attainment_pct", "gap", "expected_to_date", "expected_pct", "pace", "required_per_period", "projection"]
        .map(|field| &target[field]);
    let projection = json!({"value": 2400, "low": 2320, "high": 2560, "method": "mean_month", "months": 4});
    assert_eq!(json!(told), json!([33.3, 1600, 800, 33.3, "on_track", 200, projection]));
}

async fn a_table_reads_as_the_report_would_write_it(app: TestApp) {
    let app = app.with_real_figures().await;
    let department = app.department().await;
    let plan = json!({"indicator": "telecom-internet-revenue", "period": "2024", "value": 2400});
    department.put("/v1/targets", &json!({"province": "24", "targets": [plan]})).await.expect(200);

    let revenue = revenue_against(&app, 1100).await;

    assert_eq!(
        revenue["sentence"],
        json!({
            "vi": "Doanh thu viễn thông, Internet 6 tháng đầu năm 2024 ước đạt 1.135 tỷ đồng, bằng 103,2% so với cùng kỳ năm 2023; đạt 47,3% kế hoạch năm.",
            "en": "Telecom and Internet revenue in the first six months of 2024 was an estimated 1,135 billion VND, 103.2% of the same period of 2023; 47.3% of the annual plan."
        })
    );
    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1").await.expect(200);
    let phones = text(&item(&table, "phone-subscribers")["sentence"]["vi"]);
    assert_eq!(phones, "Số thuê bao điện thoại tính đến 31/5/2024 ước đạt 1.930.360 thuê bao.", "what is known of May is not said of June");
}

/// Fines of a period.
fn fines(period: &str, value: i64) -> Value {
    json!({"indicator": "fines-total", "period": period, "value": value})
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
