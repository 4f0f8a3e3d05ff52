//! Targets across the merger of 1 July 2025: those that the old provinces had set for a year become, where asked, one of the new province.

use serde_json::{Value, json};

use crate::figures::territories::report;
use crate::support::worked::aim;
use crate::support::{TestApp, User, on_both};

on_both! {
    the_year_of_the_merger_is_held_against_what_both_had_set_for_it,
    what_cannot_be_summed_is_shown_with_a_reason,
    since_the_merger_and_without_one_the_own_target_counts,
    a_plan_is_made_for_a_unit_that_begins_or_ends_within_its_period,
    a_ranking_takes_the_same_targets,
    targets_of_nobody_are_refused,
}

const REVENUE: &str = "post-telecom-revenue";
const OLD: [&str; 2] = ["an-giang-1997", "kien-giang-1997"];

async fn the_year_of_the_merger_is_held_against_what_both_had_set_for_it(app: TestApp) {
    let department = app.department().await;
    set(&department, OLD[0], &aim(REVENUE, ">=1000@2025 on:2025-01-10")).await;
    set(&department, OLD[1], &aim(REVENUE, ">=1400@2025 on:2025-01-20")).await;
    set(&department, "an-giang-2025", &aim(REVENUE, ">=3000@2025")).await;
    for province in OLD {
        report(&department, province, REVENUE, "2025-H1=450").await;
    }
    report(&department, "an-giang-2025", REVENUE, "2025-Q3=500, 2025-Q4=400").await;

    let asked = target(&app, "an-giang-2025", "2025", "&targets=predecessors").await;
    let own = target(&app, "an-giang-2025", "2025", "").await;
    let half = target(&app, "an-giang-2025", "2025-H1", "&targets=predecessors").await;

    let shown =
        |of: &Value| ["period", "province", "value", "kind", "attainment_pct", "gap", "pace", "reasons"].map(|name| of[name].clone());
    assert_eq!(json!(shown(&asked)), json!(["2025", "an-giang-2025", 2400, "at_least", 75, 600, "missed", []]));
    assert_eq!(asked["source"]["date"], "2025-01-20", "when all of it was decided");
    let parts = asked["sum_of"].as_array().unwrap().iter().map(|part| (&part["province"], &part["value"], &part["source"]["date"]));
    let expected = [(json!(OLD[0]), json!(1000), json!("2025-01-10")), (json!(OLD[1]), json!(1400), json!("2025-01-20"))];
    assert!(parts.eq(expected.iter().map(|(province, value, date)| (province, value, date))), "{asked}");
    assert_eq!(json!(shown(&own)), json!(["2025", "an-giang-2025", 3000, "at_least", 60, 1200, "missed", []]));
    assert_eq!(own.get("sum_of"), None);
    assert_eq!(json!(shown(&half)), json!(["2025", "an-giang-2025", 2400, "at_least", 37.5, 1500, "behind", []]));
}

async fn what_cannot_be_summed_is_shown_with_a_reason(app: TestApp) {
    let department = app.department().await;
    for (indicator, targets, reason, why) in [
        (REVENUE, [">=1000@2025", ""], "low_coverage", "one of them had none"),
        ("fines-total", [">=1000@2025", "<=1400@2025"], "not_additive", "a floor and a ceiling"),
        ("online-service-level4-rate", [">=80@2025", ">=90@2025"], "not_additive", "shares do not add up"),
    ] {
        for (province, text) in OLD.into_iter().zip(targets).filter(|(_, text)| !text.is_empty()) {
            set(&department, province, &aim(indicator, text)).await;
        }
        report(&department, "an-giang-2025", indicator, "2025=50").await;

        let line = line(&app, "an-giang-2025", "2025", indicator, "&targets=predecessors").await;

        let found = &line["target"];
        assert_eq!((&found["period"], &found["value"], &found["kind"]), (&json!("2025"), &Value::Null, &Value::Null), "{why}");
        let numbers = ["attainment_pct", "gap", "pace", "expected_pct", "required_per_period", "projection"];
        assert!(numbers.iter().all(|name| found[name].is_null()), "{why}: {found}");
        assert_eq!(found["reasons"], json!([reason]), "{why}");
        let known = targets.iter().filter(|text| !text.is_empty()).count();
        assert_eq!(found["sum_of"].as_array().map(Vec::len), Some(known), "{why}");
        assert!(!line["sentence"]["vi"].as_str().unwrap().contains("kế hoạch"), "{why}: {}", line["sentence"]);
    }
}

async fn since_the_merger_and_without_one_the_own_target_counts(app: TestApp) {
    let department = app.department().await;
    for (province, text) in
        [("an-giang-2025", ">=3000@2026"), ("ha-noi-2008", ">=5000@2025"), ("kien-giang-1997", ">=900@2025"), ("hue-2025", ">=700@2025")]
    {
        set(&department, province, &aim(REVENUE, text)).await;
    }
    report(&department, "an-giang-2025", REVENUE, "2026-Q1=600").await;
    report(&department, "ha-noi-2008", REVENUE, "2025=4000").await;
    report(&department, "kien-giang-1997", REVENUE, "2025-H1=450").await;
    report(&department, "hue-2025", REVENUE, "2025=350").await;

    for (province, period, value, pct) in [
        ("an-giang-2025", "2026-Q1", 3000, "20"),
        ("ha-noi-2008", "2025", 5000, "80"),
        ("kien-giang-1997", "2025-H1", 900, "50"),
        ("hue-2025", "2025", 700, "50"),
    ] {
        let [asked, own] = [target(&app, province, period, "&targets=predecessors").await, target(&app, province, period, "").await];

        assert_eq!(asked, own, "{province}");
        assert_eq!((&asked["value"], asked["attainment_pct"].to_string()), (&json!(value), pct.to_owned()), "{province}");
    }
}

async fn a_plan_is_made_for_a_unit_that_begins_or_ends_within_its_period(app: TestApp) {
    let department = app.department().await;
    for (province, period, status, why) in [
        ("an-giang-1997", "2025", 200, "it ended in June, the plan is of January"),
        ("an-giang-2025", "2025", 200, "it began in July"),
        ("an-giang-1997", "2025-H1", 200, "all its time"),
        ("an-giang-1997", "2025-H2", 422, "after its end"),
        ("an-giang-1997", "2026", 422, "long after it"),
        ("an-giang-2025", "2025-H1", 422, "before it began"),
    ] {
        let targets = json!({"province": province, "targets": [{"indicator": REVENUE, "period": period, "value": 10}]});

        let answer = department.put("/v1/targets", &targets).await.expect(status);

        if status == 422 {
            assert_eq!(answer["errors"][0]["code"], "province_not_in_period", "{why}");
            let other = if province == "an-giang-1997" { "an-giang-2025" } else { "an-giang-1997" };
            assert!(answer["errors"][0]["allowed"].as_array().unwrap().contains(&json!(other)), "{why}: {answer}");
        }
    }
}

async fn a_ranking_takes_the_same_targets(app: TestApp) {
    let department = app.department().await;
    for (province, text) in [(OLD[0], ">=1000@2025"), (OLD[1], ">=1400@2025"), ("ha-noi-2008", ">=5000@2025")] {
        set(&department, province, &aim(REVENUE, text)).await;
    }
    report(&department, "an-giang-2025", REVENUE, "2025=1800").await;
    report(&department, "ha-noi-2008", REVENUE, "2025=4000").await;

    let ranking = app.anyone().get(&format!("/v1/rankings?indicator={REVENUE}&period=2025&targets=predecessors")).await.expect(200);

    let of = |province: &str| {
        let items = ranking["items"].as_array().unwrap();
        items.iter().find(|item| item["province"]["key"] == province).unwrap()["target"].clone()
    };
    let an_giang = of("an-giang-2025");
    assert_eq!((&an_giang["value"], an_giang["attainment_pct"].to_string().as_str()), (&json!(2400), "75"), "{an_giang}");
    assert_eq!(of("ha-noi-2008")["value"], 5000);
}

async fn targets_of_nobody_are_refused(app: TestApp) {
    for path in ["/v1/comparisons?province=91&period=2025", "/v1/rankings?indicator=bts-sites&period=2025"] {
        let refused = app.anyone().get(&format!("{path}&targets=all")).await.expect(400);

        assert_eq!(
            (&refused["errors"][0]["parameter"], &refused["errors"][0]["allowed"]),
            (&json!("targets"), &json!(["own", "predecessors"]))
        );
    }
}

async fn set(department: &User, province: &str, target: &Value) {
    department.put("/v1/targets", &json!({"province": province, "targets": [target]})).await.expect(200);
}

async fn line(app: &TestApp, province: &str, period: &str, indicator: &str, more: &str) -> Value {
    let path = format!("/v1/comparisons?province={province}&period={period}&indicator={indicator}{more}");
    app.anyone().get(&path).await.expect(200)["items"][0].clone()
}

async fn target(app: &TestApp, province: &str, period: &str, more: &str) -> Value {
    line(app, province, period, REVENUE, more).await["target"].clone()
}
