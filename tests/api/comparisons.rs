//! Comparisons: the report table, against last year, against targets, and what reports claim.

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, on_both};

on_both! {
    the_first_half_of_2024_in_bac_giang_is_as_reported,
    an_official_baseline_confirms_the_claim,
    another_baseline_contradicts_the_claim,
}

async fn the_first_half_of_2024_in_bac_giang_is_as_reported(app: TestApp) {
    let app = app.with_real_figures().await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1").await.expect(200);

    assert_eq!(table["province"]["key"], "bac-giang-2004");
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
