//! Figures as the tables of tests write them, and as answers say them.

use serde_json::{Value, json};

use super::answer::{Answer, User, item};
use super::app::TestApp;
use crate::notation::{self, Content, Written};

/// A row that says a figure as [`notation`] has it, its status included.
pub fn says(indicator: &str, figure: &str) -> Value {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{figure}: {error}"));
    let Written { content, status } = notation::read(figure);
    let mut row = match content {
        Content::Nil => json!({"indicator": indicator, "nil": true}),
        Content::Withdrawn => json!({"indicator": indicator, "withdraw": true}),
        Content::Range(low, high) => json!({"indicator": indicator, "bound": "range", "low": number(low), "high": number(high)}),
        Content::Number(bound, digits) => json!({"indicator": indicator, "bound": bound, "value": number(digits)}),
        Content::Ratio(numerator, denominator) => {
            json!({"indicator": indicator, "numerator": number(numerator), "denominator": number(denominator)})
        }
    };
    if let Some(status) = status {
        row["status"] = json!(status);
    }
    row
}

/// The same for a period of its own.
pub fn dated(indicator: &str, figure: &str, period: &str) -> Value {
    let mut row = says(indicator, figure);
    row["period"] = json!(period);
    row
}

/// What an answer says, digit by digit: `gt 29.6`, `range 20..23`, or `none` with the reasons.
pub fn words(of: &Value) -> String {
    let ends = (of.get("low"), of.get("high"));
    match (of["bound"].as_str(), ends) {
        (Some("range"), (Some(low), Some(high))) if of["value"].is_null() => format!("range {low}..{high}"),
        (Some(bound), (None, None)) if bound != "range" => format!("{bound} {}", of["value"]),
        (None, (None, None)) if of["value"].is_null() && of["status"].is_null() => {
            let reasons = of["reasons"].as_array().unwrap_or_else(|| panic!("reasons in {of}"));
            format!("none: {}", reasons.iter().map(|reason| reason.as_str().unwrap()).collect::<Vec<_>>().join(" "))
        }
        _ => panic!("a value, a range or nothing: {of}"),
    }
}

/// Records figures of Bắc Giang.
pub async fn submit(user: &User, period: &str, observations: Value) -> Value {
    user.submit(&json!({"province": "24", "period": period, "observations": observations})).await
}

/// Sends what is to be refused.
pub async fn refuse(user: &User, period: &str, observations: Value) -> Answer {
    user.post("/v1/submissions", &json!({"province": "24", "period": period, "observations": observations})).await
}

/// The points of an indicator's total in Bắc Giang.
pub async fn series(app: &TestApp, indicator: &str, query: &str) -> Vec<Value> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&{query}");
    app.anyone().get(&path).await.expect(200)["items"][0]["observations"].as_array().unwrap().clone()
}

/// The line of an indicator in the table of a period.
pub async fn compared(app: &TestApp, indicator: &str, period: &str) -> Value {
    let path = format!("/v1/comparisons?province=24&period={period}&indicator={indicator}");
    item(&app.anyone().get(&path).await.expect(200), indicator).clone()
}

/// A fault by its code and place.
pub fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
