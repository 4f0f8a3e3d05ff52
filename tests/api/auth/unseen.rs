//! What somebody may not see does not exist for them: every question is asked before and after others recorded closed figures, and is
//! answered with the same bytes. A new call that answers GET stands in one of the two lists.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::header::HeaderName;
use chitieu::domain::access::client::Client;
use chitieu::domain::access::role::Caller;
use chitieu::domain::access::scope::Scope;
use chitieu::service::ServiceError;
use chitieu::service::auth::clients;
use chitieu::service::figures::export;
use serde_json::{Value, json};

use crate::catalogue::rules::rule;
use crate::operations::contract::{Operation, operations};
use crate::reporting::obligations::of;
use crate::support::{TestApp, User, on_both};

on_both! {
    closed_figures_of_another_province_leave_no_trace,
    closed_indicators_leave_no_trace,
    what_is_exported_is_what_the_client_sees,
    who_works_for_a_province_sees_what_it_was_formed_from,
}

/// The province whose figures are nobody else's business, and the one that the curious work for.
const THEIRS: &str = "bac-giang-1997";
const OURS: &str = "ha-noi-2008";

/// Questions about figures, by the id of the operation; `{id}` is an id of theirs.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("list_indicators", &["/v1/indicators?limit=1000", "/v1/indicators?q=ca%20mac", "/v1/indicators?field=health"]),
    ("get_indicator", &["/v1/indicators/cases", "/v1/indicators/case-rate"]),
    ("list_indicator_versions", &["/v1/indicators/cases/versions"]),
    ("list_rules", &["/v1/rules?limit=1000"]),
    ("get_rule", &["/v1/rules/cases-of-people"]),
    ("list_rule_versions", &["/v1/rules/cases-of-people/versions"]),
    (
        "list_series",
        &[
            "/v1/series?province=bac-giang-1997&indicator=cases",
            "/v1/series?province=bac-giang-1997,ha-noi-2008&indicator=case-rate,people&breakdown=*",
            "/v1/series?province=VN&indicator=cases,people&frequency=M&from=2024-05&to=2024-06",
            "/v1/series?province=bac-ninh-2025&indicator=cases&frequency=A&units=pc1&from=2024&to=2025",
            "/v1/series?province=bac-ninh-2025&indicator=cases&geography=as_reported&vintage=all",
            "/v1/series?province=bac-giang-1997&indicator=cases&vintage=first",
        ],
    ),
    (
        "compare_figures",
        &[
            "/v1/comparisons?province=bac-giang-1997&period=2024-05",
            "/v1/comparisons?province=bac-giang-1997&period=2024-05&indicator=cases,case-rate",
            "/v1/comparisons?province=bac-giang-1997&period=2024-05&format=table",
            "/v1/comparisons?province=VN&period=2024-05&indicator=cases&breakdown=*",
            "/v1/comparisons?province=bac-ninh-2025&period=2024-05&indicator=cases&targets=predecessors",
            "/v1/comparisons?province=bac-giang-1997&period=2024-05&field=health",
        ],
    ),
    (
        "rank_provinces",
        &[
            "/v1/rankings?indicator=cases&period=2024-05",
            "/v1/rankings?indicator=case-rate&period=2024-05",
            "/v1/rankings?indicator=cases&period=2024-05&on=2025-12-31",
            "/v1/rankings?indicator=people&period=2024-05&top=1",
        ],
    ),
    ("list_claims", &["/v1/claims", "/v1/claims?indicator=cases", "/v1/claims?province=bac-giang-1997&limit=1"]),
    ("list_targets", &["/v1/targets", "/v1/targets?indicator=cases", "/v1/targets?province=bac-giang-1997&limit=1"]),
    ("list_obligations", &["/v1/obligations", "/v1/obligations?indicator=cases", "/v1/obligations?province=bac-giang-1997"]),
    ("get_reporting_calendar", &["/v1/calendar?from=2024-01-01&to=2024-12-31", "/v1/calendar?organisation=H99&from=2024-06-01"]),
    (
        "get_completeness",
        &["/v1/completeness?period=2024-05", "/v1/completeness?organisation=H99&period=2024-05", "/v1/completeness?period=2024-07"],
    ),
    ("get_template", &["/v1/templates/H99/2024-05.csv", "/v1/templates/H99/2024-05.xlsx"]),
    ("list_submissions", &["/v1/submissions", "/v1/submissions?state=submitted"]),
    ("get_submission", &["/v1/submissions/{submission}"]),
    ("list_observation_revisions", &["/v1/observations/{observation}/revisions"]),
    ("list_target_revisions", &["/v1/targets/{target}/revisions"]),
    ("list_organisations", &["/v1/organisations"]),
    ("get_organisation", &["/v1/organisations/H99"]),
];

/// Operations that answer GET and say nothing of figures.
const NO_FIGURES: &[(&str, &str)] = &[
    ("list_provinces", "provinces are open"),
    ("get_province", "provinces are open"),
    ("list_province_lineage", "provinces are open"),
    ("list_province_versions", "provinces are open"),
    ("list_clients", "administrators only, and clients say nothing of figures"),
    ("get_client", "administrators only, and clients say nothing of figures"),
    ("list_audit_entries", "what administrators read who are not narrowed; it has no figures"),
    ("get_jwks", "public keys"),
    ("get_server_metadata", "where to get a token"),
    ("healthz", "says whether the process lives"),
    ("readyz", "says whether the database answers"),
];

#[test]
fn every_call_that_reads_is_asked_or_says_why_not() {
    let asked = |id: &str| QUESTIONS.iter().any(|(of, _)| *of == id) || NO_FIGURES.iter().any(|(of, _)| *of == id);

    let forgotten: Vec<&str> = operations().iter().filter(|of| of.method == "get" && !asked(of.id())).map(Operation::id).collect();

    assert_eq!(forgotten, [""; 0], "a call that answers GET stands in one of the two lists");
}

async fn closed_figures_of_another_province_leave_no_trace(app: TestApp) {
    define(&app, "internal").await;
    let everything = app.client_of(None, &[Scope::Read]).await;
    let read = [Scope::Read];
    let curious = [
        ("anyone", app.anyone()),
        ("a reader of another province", app.client_within(None, &read, &[OURS]).await),
        ("a reader of another field", app.client_in(None, &read, &["post_telecom"]).await),
        ("a client of another organisation that may not read", app.client_of(Some("H01"), &[Scope::Submit, Scope::Targets]).await),
        ("a department of another province", app.client_within(Some("H01"), &[Scope::Read, Scope::Submit], &[OURS]).await),
        ("a reviewer of another province", app.client_within(None, &[Scope::Read, Scope::Approve], &[OURS]).await),
        ("a reader of what the country reported itself", app.client_within(None, &read, &["VN"]).await),
    ];
    let before = answers_of(&curious).await;
    let seen_before = answers(&everything).await;

    let ids = record(&app).await;

    assert_eq!(answers_of(&curious).await, before);
    let seen = answers(&everything).await;
    for question in ["series?province=bac-giang-1997&indicator=cases", "rankings?indicator=cases&period=2024-05", "claims", "targets"] {
        let path = format!("/v1/{question}");
        assert_ne!(seen[&path], seen_before[&path], "{path}: whoever may see the figures does, or the question proves nothing");
    }
    for (who, user) in &curious {
        for (kind, id) in &ids {
            let path = path_of(kind, id);
            let [theirs, nobodys] = [user.get(&path).await, user.get(&path_of(kind, "0192f000-0000-7000-8000-000000000000")).await];
            assert_eq!(said(&theirs, id), said(&nobodys, "0192f000-0000-7000-8000-000000000000"), "{who}: {path}");
        }
    }
}

async fn closed_indicators_leave_no_trace(app: TestApp) {
    for access in ["internal", "restricted"] {
        let curious = [
            ("anyone", app.anyone()),
            ("a reader of another field", app.client_in(None, &[Scope::Read], &["post_telecom"]).await),
            ("a client that may not read", app.client_of(None, &[Scope::Submit, Scope::Targets, Scope::Approve]).await),
        ];
        let before = answers_of(&curious).await;

        define(&app, access).await;
        record(&app).await;

        let after = answers_of(&curious).await;
        for ((question, before), after) in before.iter().zip(after.values()) {
            // Whoever approves for everybody sees what waits for them.
            if !question.contains("/v1/submissions") {
                assert_eq!(after, before, "{access}: {question}");
            }
        }
    }
}

async fn what_is_exported_is_what_the_client_sees(app: TestApp) {
    define(&app, "internal").await;
    record(&app).await;
    for (who, caller, figures) in [
        ("anyone", Caller::anyone(), 0),
        ("a reader of everything", Caller::of(register(&app, &[Scope::Read], &[], &[])), 4),
        ("a reader of another province", Caller::of(register(&app, &[Scope::Read], &[OURS], &[])), 0),
        ("a reader of another field", Caller::of(register(&app, &[Scope::Read], &[], &["post_telecom"])), 0),
        ("a reader of the province and the field", Caller::of(register(&app, &[Scope::Read], &[THEIRS], &["health"])), 4),
    ] {
        let mut exported = 0;
        let counted = export::figures(&app.state.context, &caller, &export::ExportQuery::default(), |_, indicator, _| {
            exported += usize::from(indicator.field == "health");
            Ok::<_, ServiceError>(())
        });
        counted.unwrap();
        assert_eq!(exported, figures, "{who}");
    }
}

async fn who_works_for_a_province_sees_what_it_was_formed_from(app: TestApp) {
    define(&app, "internal").await;
    record(&app).await;
    for (unit, sees, why) in [
        ("bac-ninh-2025", true, "Bắc Giang is part of it now"),
        (THEIRS, true, "Bắc Giang itself"),
        ("bac-ninh-1997", false, "the other part"),
        ("ha-noi-2008", false, "another province"),
    ] {
        let reader = app.client_within(None, &[Scope::Read], &[unit]).await;

        let series = reader.get("/v1/series?province=bac-giang-1997&indicator=cases").await.expect(200);

        let points = series["items"][0]["observations"].as_array().unwrap().len();
        assert_eq!(points > 0, sees, "{unit}: {why}: {series}");
    }
    let department = app.client_within(Some("H02.12"), &[Scope::Read, Scope::Submit], &["bac-ninh-2025"]).await;
    let late = json!({"province": THEIRS, "period": "2024-03", "observations": [{"indicator": "cases", "value": 4}]});
    assert_eq!(department.submit(&late).await["counts"]["created"], 1, "and corrects what was reported of it");
}

/// Defines counts of cases and of people, and their rate, in the field of health.
async fn define(app: &TestApp, access: &str) {
    let user = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
    for (code, measure) in [("cases", "flow"), ("people", "flow"), ("case-rate", "rate")] {
        let rate = measure == "rate";
        let definition = json!({"name": "Số ca mắc", "name_en": "Cases", "definition": "Theo báo cáo.", "field": "health",
            "unit": if rate { "percent" } else { "case" }, "unit_mult": 0, "measure": measure,
            "time_aggregation": if rate { "ratio" } else { "sum" }, "area_aggregation": if rate { "ratio" } else { "sum" },
            "direction": "down", "decimals": i32::from(rate), "min": 0, "frequency": "M",
            "breakdowns": if rate { json!({}) } else { json!({"sex": {"values": ["f", "m"], "complete": true}}) }, "access": access});
        let defined = user.put(&format!("/v1/indicators/{code}"), &definition).await;
        assert!(defined.status.is_success(), "{}", defined.text());
    }
    user.put("/v1/rules/cases-of-people", &rule("cases le people")).await;
    let owed = ["cases,people M civil 1/10"];
    user.put("/v1/obligations", &of("H99", THEIRS, &owed)).await.expect(200);
}

/// Records figures, a correction, claims, a target, and a submission that waits for review; returns ids of theirs.
async fn record(app: &TestApp) -> Vec<(&'static str, String)> {
    let department = app.client(&[Scope::Read, Scope::Submit, Scope::Targets]).await;
    let row = |indicator: &str, value: i64| json!({"indicator": indicator, "value": value, "wording": "khoảng ba ca", "reason": "theo sổ"});
    let rate = json!({"indicator": "case-rate", "numerator": 3, "denominator": 40});
    let mut claimed = row("cases", 3);
    claimed["claims"] = json!([{"kind": "yoy_index", "value": 60}]);
    department.submit(&json!({"province": THEIRS, "period": "2023-05", "observations": [row("cases", 5)]})).await;
    let rows = json!([claimed, row("people", 40), rate]);
    let submitted = department.submit(&json!({"province": THEIRS, "period": "2024-05", "observations": rows})).await;
    let mut corrected = row("cases", 4);
    corrected["reason"] = json!("sửa");
    department.submit(&json!({"province": THEIRS, "period": "2024-05", "observations": [corrected]})).await;
    let targets = json!([{"indicator": "cases", "period": "2024", "value": 30, "reason": "mới"}]);
    let set = department.put("/v1/targets", &json!({"province": THEIRS, "targets": targets})).await.expect(200);
    let waiting = json!({"province": THEIRS, "period": "2024-07", "observations": [row("cases", 2)]});
    let clerk = app.client_of(Some("H99"), &[Scope::Read, Scope::Submit]).await;
    let waits = clerk.post("/v1/submissions", &waiting).await.expect(201);
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    vec![
        ("submission", id(&waits["id"])),
        ("observation", id(&submitted["rows"][0]["observation"])),
        ("target", id(&set["items"][0]["id"])),
    ]
}

fn path_of(kind: &str, id: &str) -> String {
    match kind {
        "submission" => format!("/v1/submissions/{id}"),
        "observation" => format!("/v1/observations/{id}/revisions"),
        _ => format!("/v1/targets/{id}/revisions"),
    }
}

/// What every question is answered with: the status, what a cache would keep it under, and the body.
async fn answers(user: &User) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for path in QUESTIONS.iter().flat_map(|(_, paths)| *paths).filter(|path| !path.contains('{')) {
        answers.insert((*path).to_owned(), said(&user.get(path).await, ""));
    }
    let asked = json!({"province": THEIRS, "period": "2024-05"});
    answers.insert("validations".into(), said(&user.post("/v1/validations", &asked).await, ""));
    answers
}

async fn answers_of(users: &[(&str, User)]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (who, user) in users {
        all.extend(answers(user).await.into_iter().map(|(question, answer)| (format!("{who}: {question}"), answer)));
    }
    all
}

/// An answer without what differs from request to request: the name of the request, and an id that was asked for.
fn said(answer: &crate::support::Answer, asked: &str) -> String {
    let mut text = answer.text();
    if let Ok(Value::Object(mut problem)) = serde_json::from_str::<Value>(&text) {
        problem.remove("request_id");
        text = Value::Object(problem).to_string();
    }
    if !asked.is_empty() {
        text = text.replace(asked, "ID");
    }
    let names: BTreeSet<&str> = answer.headers.keys().map(HeaderName::as_str).collect();
    let kept = |name: &&&str| !["date", "x-request-id", "content-length", "ratelimit"].contains(*name);
    let headers: Vec<String> = names.iter().filter(kept).map(|name| format!("{name}: {}", answer.header(name))).collect();
    format!("{} {headers:?} {text}", answer.status)
}

fn register(app: &TestApp, scopes: &[Scope], provinces: &[&str], fields: &[&str]) -> Client {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let name = format!("{scopes:?} {provinces:?} {fields:?}");
    let new = clients::NewClient { name, organisation: None, scopes: scopes.to_vec(), provinces: words(provinces), fields: words(fields) };
    clients::add(&app.state.context.db, new, chitieu::clock::Clock::now(&*app.clock)).unwrap().0
}
