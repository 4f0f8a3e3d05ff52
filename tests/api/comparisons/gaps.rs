//! One gap has one reason: whichever call meets a period without a figure gives the same reasons for it.
//! How each reason arises is in `fairness`.

use serde_json::{Value, json};

use super::fairness::{reasons, record};
use crate::support::answer::item;
use crate::support::claims::{claiming, submit};
use crate::support::worked::{code, row, statistician};
use crate::support::{TestApp, on_both};

on_both! {
    every_call_gives_the_same_reasons_for_a_period_without_a_figure,
    every_call_gives_the_same_reasons_for_a_year_before_without_a_figure,
}

const BAC_GIANG: &str = "bac-giang-2004";

/// Measure, what is on record of 2024 (nothing of it gives a figure of the period), the period; why there is no figure; and in words.
#[rustfmt::skip]
const GAPS: &[(&str, &str, &str, &str, &str)] = &[
    ("flow 1",    "",                                   "2024-05", "",                  "nothing at all"),
    ("rate 2",    "",                                   "2024-Q2", "",                  "nothing at all, of a rate"),
    ("average 1", "2024-Q1=4",                          "2024-Q2", "",                  "nothing of this quarter, of an average"),
    ("flow 1",    "2024-04=1, 2024-05=2",               "2024-Q2", "low_coverage",      "two months of three"),
    ("average 1", "2024-05=20",                         "2024-Q2", "not_additive",      "an average of one month"),
    ("rate 2",    "2024-04=40, 2024-05=42, 2024-06=41", "2024-Q2", "not_additive",      "rates without numerators"),
    ("flow 1",    "2024-04-YTD=980, 2024-05-YTD=900",   "2024-05", "parts_contradict",  "a year to date that falls"),
    ("flow 1",    "2024-05=nil",                        "2024-05", "nil_declared",      "nothing to report"),
    ("flow 1",    "nd09:2024-05=230",                   "2024-05", "calendar_mismatch", "a figure of other days"),
];

async fn every_call_gives_the_same_reasons_for_a_period_without_a_figure(app: TestApp) {
    let user = statistician(&app).await;
    for (n, (measure, stored, period, why, words)) in GAPS.iter().enumerate() {
        let code = code(n);
        let last_year = period.replace("2024", "2023");
        record(&user, BAC_GIANG, &code, measure, stored).await;
        let target = json!({"province": BAC_GIANG, "targets": [{"indicator": code, "period": period, "value": 100}]});
        user.put("/v1/targets", &target).await.expect(200);
        user.submit(&json!({"province": BAC_GIANG, "observations": [row(&code, "100", &last_year)]})).await;

        let expected = format!("current_missing {why}");
        let read = async |path: String| app.anyone().get(&path).await.expect(200);
        let compared = read(format!("/v1/comparisons?province={BAC_GIANG}&period={period}&indicator={code}")).await;
        let ranked = read(format!("/v1/rankings?indicator={code}&period={period}")).await;
        let frequency = if period.contains('Q') { "Q" } else { "M" };
        let series = async |units: &str| {
            let query = format!("from={period}&to={period}&frequency={frequency}&units={units}");
            read(format!("/v1/series?province={BAC_GIANG}&indicator={code}&{query}")).await["items"][0]["observations"][0].clone()
        };
        for (call, place) in [
            ("series", series("lin").await),
            ("series compared with a year ago", series(if measure.starts_with("rate") { "pp1" } else { "idx1" }).await),
            ("comparisons", item(&compared, &code)["same_period_last_year"].clone()),
            ("the target in comparisons", item(&compared, &code)["target"].clone()),
            ("rankings", missing(&ranked)),
        ] {
            assert_eq!(reasons(&place).join(" "), expected.trim(), "{words}: {call}");
        }
    }
}

async fn every_call_gives_the_same_reasons_for_a_year_before_without_a_figure(app: TestApp) {
    let user = statistician(&app).await;
    for (n, (measure, stored, period, why, words)) in GAPS.iter().enumerate() {
        let code = code(n);
        let next_year = period.replace("2024", "2025");
        record(&user, BAC_GIANG, &code, measure, stored).await;
        submit(&user, vec![claiming(row(&code, "110", &next_year), &[("yoy_index", "110")])]).await;

        let expected = format!("base_missing {why}");
        let read = async |path: String| app.anyone().get(&path).await.expect(200);
        let compared = read(format!("/v1/comparisons?province={BAC_GIANG}&period={next_year}&indicator={code}")).await;
        let ranked = read(format!("/v1/rankings?indicator={code}&period={next_year}&on=2024-12-31")).await;
        let series = read(format!("/v1/series?province={BAC_GIANG}&indicator={code}&from={next_year}&to={next_year}&units=idx1")).await;
        let claims = read(format!("/v1/claims?indicator={code}")).await;
        for (call, place) in [
            ("series compared with a year ago", &series["items"][0]["observations"][0]),
            ("comparisons", &item(&compared, &code)["same_period_last_year"]),
            ("claims", &claims["items"][0]),
            ("rankings", &ranked["items"][0]["same_period_last_year"]),
        ] {
            assert_eq!(reasons(place).join(" "), expected.trim(), "{words}: {call}");
        }
    }
}

/// What a ranking says of Bắc Giang, which has no figure.
fn missing(ranking: &Value) -> Value {
    let missing = ranking["missing"].as_array().unwrap();
    missing.iter().find(|of| of["province"]["name"] == "Bắc Giang").expect("Bắc Giang has no figure").clone()
}
