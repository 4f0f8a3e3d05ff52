//! What the audit log says, read from the store: asking the API for it would add to it.

use chitieu::domain::access::scope::Scope;
use chitieu::domain::audit::{Line, Link};
use chitieu::store::{self, StoreError};
use serde_json::{Value, json};

use super::{Answer, TestApp, User};

/// All lines, oldest first.
pub fn lines(app: &TestApp) -> Vec<Line> {
    app.state.context.db.read_blocking(|conn| store::audit::after(conn, 0, 100_000)).map_err(|failure: StoreError| failure).unwrap()
}

/// The end of the log.
pub fn head(app: &TestApp) -> Link {
    app.state.context.db.read_blocking(store::audit::head).map_err(|failure: StoreError| failure).unwrap()
}

/// The lines of a request.
pub fn of(app: &TestApp, answer: &Answer) -> Vec<Line> {
    let id = answer.header("x-request-id").to_owned();
    lines(app).into_iter().filter(|line| line.entry.request_id.as_deref() == Some(&id)).collect()
}

/// A line in short: `submit done`.
pub fn short(line: &Line) -> String {
    format!("{} {}", line.entry.action, line.entry.outcome)
}

/// The lines of a request in short.
pub fn said_of(app: &TestApp, answer: &Answer) -> Vec<String> {
    of(app, answer).iter().map(short).collect()
}

/// Defines an indicator that is not open, with one figure on record.
pub async fn define_internal(app: &TestApp) {
    let definition = json!({
        "name": "Số vụ việc", "name_en": "Case load", "definition": "Số vụ việc đang xử lý.", "field": "inspection",
        "unit": "case", "measure": "stock", "time_aggregation": "last", "area_aggregation": "sum", "direction": "down", "decimals": 0,
        "frequency": "M", "access": "internal",
    });
    let keeper = app.client(&[Scope::Catalogue, Scope::Submit, Scope::Read]).await;
    keeper.put("/v1/indicators/case-load", &definition).await.expect(201);
    keeper.submit(&batch("case-load", "2024-05", 7)).await;
}

/// A batch with one figure of Bắc Giang.
pub fn batch(indicator: &str, period: &str, value: i32) -> Value {
    json!({"province": "24", "period": period, "observations": [{"indicator": indicator, "value": value}]})
}

/// An administrator who sees all of the log.
pub async fn administrator(app: &TestApp) -> User {
    app.client_of(None, &[Scope::Admin]).await
}
