//! Comparisons worked by hand, as tables write them: an indicator and figures for each line, and what the answer makes of them.
//! Statuses other than the official one stand behind a figure: `1135 E`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use super::figures::{dated, words};
use super::{TestApp, User};
use crate::notation::MARKS;

/// A client that defines indicators, submits figures and sets targets.
pub async fn statistician(app: &TestApp) -> User {
    app.client(&[Scope::Catalogue, Scope::Read, Scope::Submit, Scope::Targets]).await
}

/// Defines an indicator by its measure and decimals: `flow 1` adds up over the months, `stock 0` is the last one, `rate 2` is
/// recombined of numerators and denominators, `average 1` is never formed. None is negative, but of `flow 1 ±`.
pub async fn define(user: &User, code: &str, measure: &str) -> Value {
    let definition = definition(measure);
    user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
    definition
}

fn definition(measure: &str) -> Value {
    let mut words = measure.split(' ');
    let (kind, decimals, negative) = (words.next().unwrap(), words.next().unwrap(), words.next() == Some("±"));
    let (over_time, unit, unit_mult) = match kind {
        "flow" => ("sum", "VND", 9),
        "stock" => ("last", "account", 0),
        "rate" => ("ratio", "percent", 0),
        "average" => ("none", "VND", 0),
        other => panic!("no such measure: {other}"),
    };
    json!({
        "name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Dùng để tính tay.", "field": "worked",
        "unit": unit, "unit_mult": unit_mult, "measure": kind, "time_aggregation": over_time, "area_aggregation": "none",
        "direction": "up", "decimals": decimals.parse::<u32>().unwrap(), "frequency": "M",
        "min": if negative { Value::Null } else { json!(0) },
    })
}

/// The code of the indicator of a line.
pub fn code(line: usize) -> String {
    format!("line-{line:03}")
}

/// A row of a submission, official where the table names no status.
pub fn row(indicator: &str, figure: &str, period: &str) -> Value {
    let mut row = dated(indicator, figure, period);
    if row["nil"].is_null() && row["status"].is_null() {
        row["status"] = json!("A");
    }
    row
}

/// A figure of an answer as the tables write it, nothing where there is none.
pub fn figure(of: &Value) -> String {
    if of.is_null() {
        return String::new();
    }
    let status = of["status"].as_str().filter(|status| *status != "A").map(|status| format!(" {status}"));
    number(of) + &status.unwrap_or_default()
}

/// A number, bound or range: `35`, `>4.6`, `~5`, `-1..3`.
fn number(of: &Value) -> String {
    let said = words(of);
    let (bound, number) = said.split_once(' ').unwrap();
    let mark = MARKS.iter().find(|(_, code)| *code == bound).map_or("", |(mark, _)| mark);
    assert!(MARKS.iter().any(|(_, code)| *code == bound) || bound == "range", "{bound} in {of}");
    format!("{mark}{number}")
}

/// Change, change in percent, index and points of a comparison, digit by digit. Where a figure is a bound or a range these are
/// what is certain, and no number stands in the place of an exact one.
pub fn numbers(against: &Value) -> [String; 4] {
    let fields = ["change", "change_pct", "index_pct", "change_pp"];
    let digits = |of: &Value| if of.is_null() { String::new() } else { of.to_string() };
    let Some(bounds) = against.get("bounds") else { return fields.map(|field| digits(&against[field])) };
    for field in fields {
        assert_eq!(against[field], Value::Null, "{field} beside bounds in {against}");
    }
    fields.map(|field| figure(&bounds[field]))
}

/// Whether two figures may be compared, and what stands against it, in the order of the alphabet.
pub fn verdict(against: &Value) -> String {
    let mut reasons: Vec<&str> = against["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap()).collect();
    reasons.sort_unstable();
    reasons.insert(0, against["comparable"].as_str().unwrap());
    reasons.join(" ")
}

/// A target as a table writes it: `>=2400@2024`, `<=10@2024`, `==12@2024`, `40..60@2024`, or `2400@2024` without a kind; then
/// `from:1400@2020`, `like:last_year`, `by:600@2024-Q1` for each milestone, and `on:2024-01-15` for the day of the decision.
pub fn aim(indicator: &str, text: &str) -> Value {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut words = text.split(' ');
    let (reach, period) = words.next().unwrap().split_once('@').unwrap();
    let mut aim = json!({"indicator": indicator, "period": period});
    if let Some((low, high)) = reach.split_once("..") {
        (aim["kind"], aim["low"], aim["high"]) = (json!("band"), number(low), number(high));
    } else {
        let digits = reach.trim_start_matches(['<', '>', '=']);
        aim["value"] = number(digits);
        match reach.trim_end_matches(digits) {
            ">=" => aim["kind"] = json!("at_least"),
            "<=" => aim["kind"] = json!("at_most"),
            "==" => aim["kind"] = json!("exactly"),
            "" => {}
            other => panic!("{other}"),
        }
    }
    for word in words {
        let (what, text) = word.split_once(':').unwrap();
        let figure = || text.split_once('@').map(|(value, of)| (number(value), json!(of))).unwrap();
        match what {
            "from" => aim["baseline"] = json!({"period": figure().1, "value": figure().0}),
            "like" => aim["phasing"] = json!(text),
            "on" => aim["source"] = json!({"date": text}),
            "by" => {
                let mut milestones = aim["milestones"].as_array().cloned().unwrap_or_default();
                milestones.push(json!({"by": figure().1, "value": figure().0}));
                aim["milestones"] = json!(milestones);
            }
            other => panic!("{other}"),
        }
    }
    aim
}
