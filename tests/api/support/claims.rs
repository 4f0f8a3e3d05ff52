//! Claims as tests make them, and as the auditor's list tells them.

use serde_json::{Value, json};

use super::{TestApp, User};

/// The province that the tests of claims are about.
pub const BAC_GIANG: &str = "bac-giang-1997";

/// A row with what the report claims of it.
pub fn claiming(mut row: Value, claims: &[(&str, &str)]) -> Value {
    row["claims"] = claims.iter().map(|(kind, value)| json!({"kind": kind, "value": value})).collect();
    row
}

/// Records figures of Bắc Giang.
pub async fn submit(user: &User, rows: Vec<Value>) -> Value {
    user.submit(&json!({"province": BAC_GIANG, "observations": rows})).await
}

/// Sets the targets of an indicator.
pub async fn set(user: &User, province: &str, calendar: &str, indicator: &str, mut targets: Vec<Value>) {
    for target in &mut targets {
        target["indicator"] = json!(indicator);
    }
    if !targets.is_empty() {
        user.put("/v1/targets", &json!({"province": province, "calendar": calendar, "targets": targets})).await.expect(200);
    }
}

/// The claims that a filter leaves, all on one page.
pub async fn listed(user: &User, filter: &str) -> Vec<Value> {
    let page = user.get(&format!("/v1/claims?{filter}")).await.expect(200);
    assert_eq!(page["next"], Value::Null, "{filter}");
    page["items"].as_array().unwrap().clone()
}

/// The only claim about an indicator.
pub async fn only(app: &TestApp, indicator: &str) -> Value {
    let claims = listed(&app.anyone(), &format!("indicator={indicator}")).await;
    assert_eq!(claims.len(), 1, "{indicator}: {claims:?}");
    claims[0].clone()
}

/// What the record says to a claim: kind, number, verdict, what it should be, what it implies that it is compared with.
pub fn judgement(claim: &Value) -> String {
    let computed = claim.get("computed").map(ToString::to_string).unwrap_or_default();
    let implied = &claim["implied_baseline"];
    let implied = if implied.is_null() { String::new() } else { format!("{}..{}", implied["low"], implied["high"]) };
    format!("{} {} {} [{computed}] [{implied}]", text(&claim["kind"]), claim["value"], text(&claim["verdict"]))
}

/// A text of an answer.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
