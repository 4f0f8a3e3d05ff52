//! Period algebra over HTTP: figures that no report has, formed from those that are on record, and what disagrees with them.

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, on_both};

on_both! {
    the_report_of_may_implies_the_year_to_april,
    a_later_april_disagrees_with_may_and_replaces_nothing,
    a_half_year_is_the_last_state_and_says_how_far_it_reaches,
    a_year_to_date_against_last_years_needs_no_reported_baseline,
    quarters_and_running_totals_of_a_series_are_formed_from_months,
}

async fn revenue(app: &TestApp, period: &str) -> Value {
    let path = format!("/v1/comparisons?province=24&period={period}&indicator=post-telecom-revenue");
    app.anyone().get(&path).await.expect(200)["items"][0]["current"].clone()
}

async fn the_report_of_may_implies_the_year_to_april(app: TestApp) {
    let app = app.with_real_figures().await;

    let april = revenue(&app, "2024-04-YTD").await;

    assert_eq!((&april["value"], &april["origin"], &april["status"]), (&json!(975), &json!("derived"), &json!("E")));
    assert_eq!(april["observation"], Value::Null);
    assert_eq!(april["derivation"]["text"], "2024-05-YTD − 2024-05");
    let parts = april["derivation"]["parts"].as_array().unwrap();
    let parts: Vec<_> = parts.iter().map(|part| (&part["sign"], &part["period"], &part["value"])).collect();
    assert_eq!(parts, [(&json!("plus"), &json!("2024-05-YTD"), &json!(1205)), (&json!("minus"), &json!("2024-05"), &json!(230))]);
    assert_eq!(april["coverage"], json!({"have": 4, "need": 4}));
}

async fn a_later_april_disagrees_with_may_and_replaces_nothing(app: TestApp) {
    let app = app.with_real_figures().await;
    let observations = json!([{"indicator": "post-telecom-revenue", "value": 980}]);

    app.department().await.submit(&json!({"province": "24", "period": "2024-04-YTD", "observations": observations})).await;

    let may = revenue(&app, "2024-05").await;
    assert_eq!((&may["value"], &may["origin"]), (&json!(230), &json!("reported")));
    assert_eq!((&may["disagreement"]["text"], &may["disagreement"]["value"]), (&json!("2024-05-YTD − 2024-04-YTD"), &json!(225)));
    let april = revenue(&app, "2024-04-YTD").await;
    assert_eq!((&april["value"], &april["origin"], &april["disagreement"]["value"]), (&json!(980), &json!("reported"), &json!(975)));
}

async fn a_half_year_is_the_last_state_and_says_how_far_it_reaches(app: TestApp) {
    let app = app.with_real_figures().await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1").await.expect(200);

    let phones = item(&table, "phone-subscribers");
    assert_eq!((&phones["current"]["value"], &phones["current"]["origin"]), (&json!(1_930_360), &json!("derived")));
    assert_eq!(phones["current"]["derivation"]["text"], "last of 2024-05");
    assert_eq!(phones["current"]["coverage"], json!({"have": 5, "need": 6}));
    assert_eq!(phones["same_period_last_year"]["reasons"], json!(["base_missing", "low_coverage"]));
}

async fn a_year_to_date_against_last_years_needs_no_reported_baseline(app: TestApp) {
    let department = app.department().await;
    let months = |year: i32, amounts: [i64; 3]| {
        let row = |(n, amount): (usize, i64)| json!({"indicator": "fines-total", "period": format!("{year}-0{}", n + 1), "value": amount});
        let rows: Vec<Value> = amounts.into_iter().enumerate().map(row).collect();
        json!({"province": "24", "observations": rows})
    };
    department.submit(&months(2023, [10, 20, 30])).await;
    department.submit(&months(2024, [11, 22, 33])).await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-03-YTD&indicator=fines-total").await.expect(200);

    let against = &table["items"][0]["same_period_last_year"];
    assert_eq!((&against["baseline"]["value"], &against["baseline"]["origin"]), (&json!(60), &json!("derived")));
    assert_eq!(against["baseline"]["derivation"]["text"], "sum of 2023-01…2023-03");
    assert_eq!((&against["change"], &against["index_pct"], &against["comparable"]), (&json!(6), &json!(110), &json!("yes")));
}

async fn quarters_and_running_totals_of_a_series_are_formed_from_months(app: TestApp) {
    let department = app.department().await;
    let row = |(month, amount): (i32, i64)| json!({"indicator": "fines-total", "period": format!("2024-0{month}"), "value": amount});
    let rows: Vec<Value> = [(1, 10), (2, 20), (3, 30), (4, 40)].into_iter().map(row).collect();
    department.submit(&json!({"province": "24", "observations": rows})).await;
    let points = async |query: &str| {
        let path = format!("/v1/series?province=bac-giang-2004&indicator=fines-total&{query}");
        let series = app.anyone().get(&path).await.expect(200);
        let points = series["items"][0]["observations"].as_array().unwrap().clone();
        points.iter().map(|point| format!("{}={}", point["period"].as_str().unwrap(), point["value"])).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(points("frequency=Q").await, "2024-Q1=60", "the second quarter has one month of three");
    assert_eq!(points("cumulative=true").await, "2024-01-YTD=10 2024-02-YTD=30 2024-03-YTD=60 2024-04-YTD=100");
    assert_eq!(points("frequency=Q&cumulative=true").await, "2024-03-YTD=60");
    assert_eq!(points("cumulative=true&from=2024-02&to=2024-03").await, "2024-02-YTD=30 2024-03-YTD=60");
    assert_eq!(points("").await, "2024-01=10 2024-02=20 2024-03=30 2024-04=40");
}
