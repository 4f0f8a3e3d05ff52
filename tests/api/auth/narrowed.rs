//! Ways around a narrowing, each of them closed: by another client, by another definition, by another rule, by another time.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::catalogue::rules::rule;
use crate::support::figures::fault;
use crate::support::{TestApp, User, on_both};

on_both! {
    nobody_who_is_narrowed_to_provinces_says_whom_to_trust,
    what_holds_for_all_provinces_is_changed_by_nobody_who_works_for_some,
    a_rule_of_another_field_is_not_replaced,
    who_sees_in_fives_does_not_open_an_indicator,
    who_may_see_is_a_matter_of_today_also_of_earlier_times,
}

async fn nobody_who_is_narrowed_to_provinces_says_whom_to_trust(app: TestApp) {
    let narrowed = app.client_narrowed(None, &[Scope::Admin], &["bac-ninh-2025"], &[]).await;
    let trusted = json!({"name": "Sở", "trusted": true});

    let direct = narrowed.put("/v1/organisations/H99", &trusted).await;
    let made = json!({"name": "a detour", "organisation": "H99", "scopes": ["admin"], "provinces": ["bac-ninh-2025"]});
    let detour = narrowed.post("/v1/clients", &made).await;
    let of_province = app.client_narrowed(Some("H99"), &[Scope::Admin], &["bac-ninh-2025"], &[]).await;
    let of_organisation = app.client_narrowed(Some("H99"), &[Scope::Admin], &[], &[]).await;
    let unbound = app.client_of(None, &[Scope::Admin]).await;

    assert_eq!(direct.fault(403), fault("beyond_administrator", ""));
    assert_eq!(detour.fault(403), fault("beyond_administrator", "/organisation"));
    let by_province = of_province.put("/v1/organisations/H99", &trusted).await;
    assert_eq!(by_province.fault(403), fault("beyond_administrator", ""), "of the organisation, and of one province only");
    let own = of_organisation.put("/v1/organisations/H99", &trusted).await;
    assert_eq!(own.fault(403), fault("beyond_administrator", "/trusted"), "nobody trusts the own organisation");
    of_organisation.put("/v1/organisations/H99", &json!({"name": "Sở", "trusted": false})).await.expect(201);
    unbound.put("/v1/organisations/H99", &trusted).await.expect(200);
    of_organisation.put("/v1/organisations/H99", &json!({"name": "Sở Y tế", "trusted": true})).await.expect(200);
    let distrusted = of_organisation.put("/v1/organisations/H99", &json!({"name": "Sở Y tế", "trusted": false})).await;
    assert_eq!(distrusted.fault(403), fault("beyond_administrator", "/trusted"), "nor takes it back");
}

async fn what_holds_for_all_provinces_is_changed_by_nobody_who_works_for_some(app: TestApp) {
    let keeper = app.client_narrowed(None, &[Scope::Read, Scope::Catalogue], &["bac-ninh-2025"], &[]).await;

    let indicator = keeper.put("/v1/indicators/cases", &cases("internal", "health")).await;
    let of_rule = keeper.put("/v1/rules/some-sites", &rule("bts-sites ge 0")).await;

    assert_eq!(indicator.fault(403), fault("client_narrowed", ""));
    assert_eq!(of_rule.fault(403), fault("client_narrowed", ""));
}

async fn a_rule_of_another_field_is_not_replaced(app: TestApp) {
    let everywhere = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
    everywhere.put("/v1/indicators/cases", &cases("open", "it")).await.expect(201);
    everywhere.put("/v1/rules/few-cases", &rule("cases le 1000")).await.expect(201);
    let keeper = app.client_in(None, &[Scope::Read, Scope::Catalogue], &["post_telecom"]).await;

    let replaced = keeper.put("/v1/rules/few-cases", &rule("bts-sites ge 0")).await;
    let own = keeper.put("/v1/rules/some-sites", &rule("bts-sites ge 0")).await;

    assert_eq!(replaced.fault(403), fault("field_not_allowed", ""));
    own.expect(201);
    let stands = everywhere.get("/v1/rules/few-cases").await.expect(200);
    assert_eq!(stands["left"][0]["indicator"], "cases", "{stands}");
}

async fn who_sees_in_fives_does_not_open_an_indicator(app: TestApp) {
    app.client_of(None, &[Scope::Read, Scope::Catalogue]).await.put("/v1/indicators/cases", &cases("restricted", "it")).await.expect(201);
    let keeper = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
    let reviewer = app.client_of(None, &[Scope::Read, Scope::Catalogue, Scope::Approve]).await;

    let mut renamed = cases("restricted", "it");
    renamed["name"] = json!("Số ca bệnh");
    keeper.put("/v1/indicators/cases", &renamed).await.expect(200);
    let opened = keeper.put("/v1/indicators/cases", &cases("open", "it")).await;

    assert_eq!(opened.fault(403), fault("scope_missing", ""));
    reviewer.put("/v1/indicators/cases", &cases("open", "it")).await.expect(200);
}

async fn who_may_see_is_a_matter_of_today_also_of_earlier_times(app: TestApp) {
    let keeper = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
    keeper.put("/v1/indicators/cases", &cases("internal", "it")).await.expect(201);
    let department = app.client(&[Scope::Read, Scope::Submit]).await;
    let rows = json!([{"indicator": "cases", "value": 777}]);
    department.submit(&json!({"province": "ha-noi-2008", "period": "2024-05", "observations": rows})).await;
    app.clock.set("2026-11-21T02:05:00Z");
    let before = "as_of=2026-11-21T02:02:00Z";
    let reader = app.client_in(None, &[Scope::Read], &["it"]).await;
    let path = format!("/v1/series?province=ha-noi-2008&indicator=cases&{before}");
    let shows = async |user: &User| user.get(&path).await.text().contains(":777");
    assert!(shows(&reader).await, "it was of the field");

    keeper.put("/v1/indicators/cases", &cases("internal", "inspection")).await.expect(200);

    assert!(!shows(&reader).await, "it is of another field now");
    assert!(shows(&app.client_in(None, &[Scope::Read], &["inspection"]).await).await, "whose readers see what was before");
}

fn cases(access: &str, field: &str) -> Value {
    json!({"name": "Số ca mắc", "name_en": "Cases", "definition": "Theo báo cáo.", "field": field, "unit": "case", "unit_mult": 0,
        "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum", "direction": "down", "decimals": 0, "min": 0,
        "frequency": "M", "breakdowns": {}, "access": access})
}
