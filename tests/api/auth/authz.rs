//! Who may do what: every operation of the document, called by every role from every standpoint, against one table of what is to come of
//! it. An operation without a row fails.

use std::cell::Cell;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::catalogue::rules::rule;
use crate::operations::contract::{Operation, operations};
use crate::reporting::obligations::of;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    every_operation_opens_to_whom_the_table_says_and_to_nobody_else,
}

/// What an operation asks of whoever calls it.
enum Policy {
    /// Nothing; what it shows is open.
    Everyone,
    /// Nothing; it shows a closed indicator or rule to those who hold `read` in its field.
    Knows,
    /// Nothing; it shows closed figures to those who hold `read` for their province and field.
    Figures,
    /// A scope, and the standpoints from which it is enough.
    Needs(Scope, &'static [Standpoint]),
    /// The same about something closed: who may not read cannot write it either.
    Writes(Scope, &'static [Standpoint]),
    /// The scopes to send and, what was sent being closed, to read: of the organisation that sent the submission, for its province and field.
    Sends,
    /// The scopes to review and to read: for that organisation or for all, for its province and field.
    Reviews,
    /// Either.
    Handles,
    /// The scope to administer, and to reach as far as the client that is administered.
    Administers,
    /// It is called by somebody who has no token yet; other tests are about it.
    ElseWhere,
}

use Policy::{Administers, ElseWhere, Everyone, Figures, Handles, Knows, Needs, Reviews, Sends, Writes};
use Standpoint::{AnotherField, AnotherOrganisation, AnotherProvince, Everywhere, Here};

/// Where a client is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Standpoint {
    /// Nowhere.
    Everywhere,
    /// The organisation, province and field that the closed figures are of.
    Here,
    AnotherProvince,
    AnotherField,
    AnotherOrganisation,
}

const STANDPOINTS: [Standpoint; 5] = [Everywhere, Here, AnotherProvince, AnotherField, AnotherOrganisation];

/// Scopes that a role consists of.
const ROLES: [&[Scope]; 7] = [
    &[Scope::Read],
    &[Scope::Read, Scope::Submit],
    &[Scope::Read, Scope::Approve],
    &[Scope::Read, Scope::Targets],
    &[Scope::Read, Scope::Catalogue],
    &[Scope::Admin],
    &[Scope::Submit, Scope::Approve, Scope::Targets, Scope::Catalogue, Scope::Admin],
];

/// From where it is enough to hold a scope: of the catalogue what has no province, what has no field, and what has both.
const FIELD: &[Standpoint] = &[Everywhere, Here, AnotherProvince, AnotherOrganisation];
const PROVINCE: &[Standpoint] = &[Everywhere, Here, AnotherField, AnotherOrganisation];
const BOTH: &[Standpoint] = &[Everywhere, Here, AnotherOrganisation];
const ALL: &[Standpoint] = &STANDPOINTS;

/// The table: the operation, what it asks for, how it is called, and the text that shows that something closed was told.
#[rustfmt::skip]
const TABLE: &[(&str, Policy, &str, &str)] = &[
    ("healthz",                    Everyone, "GET /healthz", ""),
    ("readyz",                     Everyone, "GET /readyz", ""),
    ("issue_token",                ElseWhere, "", ""),
    ("revoke_token",               ElseWhere, "", ""),
    ("get_jwks",                   Everyone, "GET /.well-known/jwks.json", ""),
    ("get_server_metadata",        Everyone, "GET /.well-known/oauth-authorization-server", ""),
    ("list_provinces",             Everyone, "GET /v1/provinces", ""),
    ("get_province",               Everyone, "GET /v1/provinces/ha-noi-2008", ""),
    ("list_province_lineage",      Everyone, "GET /v1/provinces/ha-noi-2008/lineage", ""),
    ("list_province_versions",     Everyone, "GET /v1/provinces/ha-noi-2008/versions", ""),
    ("put_provinces",              Needs(Scope::Catalogue, PROVINCE), "PUT /v1/provinces {provinces}", ""),
    ("list_indicators",            Knows, "GET /v1/indicators?limit=1000", "\"cases\""),
    ("get_indicator",              Knows, "GET /v1/indicators/cases", "\"cases\""),
    ("list_indicator_versions",    Knows, "GET /v1/indicators/cases/versions", "\"cases\""),
    ("put_indicator",              Writes(Scope::Catalogue, &[Everywhere]), "PUT /v1/indicators/cases {indicator}", ""),
    ("list_rules",                 Knows, "GET /v1/rules", "\"few-cases\""),
    ("get_rule",                   Knows, "GET /v1/rules/few-cases", "\"few-cases\""),
    ("list_rule_versions",         Knows, "GET /v1/rules/few-cases/versions", "\"few-cases\""),
    ("put_rule",                   Writes(Scope::Catalogue, &[Everywhere]), "PUT /v1/rules/few-cases {rule}", ""),
    ("list_series",                Figures, "GET /v1/series?province=ha-noi-2008&indicator=cases", ":777"),
    ("compare_figures",            Figures, "GET /v1/comparisons?province=ha-noi-2008&period=2026-05", ":777"),
    ("rank_provinces",             Figures, "GET /v1/rankings?indicator=cases&period=2026-05", ":777"),
    ("list_claims",                Figures, "GET /v1/claims", ":66.6"),
    ("list_observation_revisions", Figures, "GET /v1/observations/{observation}/revisions", ":777"),
    ("list_targets",               Figures, "GET /v1/targets", ":888"),
    ("list_target_revisions",      Figures, "GET /v1/targets/{target}/revisions", ":888"),
    ("list_obligations",           Figures, "GET /v1/obligations", "\"cases\""),
    ("get_reporting_calendar",     Figures, "GET /v1/calendar?from=2026-06-01&to=2026-06-30", "\"cases\""),
    ("get_completeness",           Figures, "GET /v1/completeness?period=2026-05", "\"cases\""),
    ("get_template",               Figures, "GET /v1/templates/H99/2026-05.csv", "cases"),
    ("validate_figures",           Figures, "POST /v1/validations {validation}", ":777"),
    ("put_targets",                Writes(Scope::Targets, BOTH), "PUT /v1/targets {targets}", ""),
    ("put_obligations",            Writes(Scope::Catalogue, BOTH), "PUT /v1/obligations {obligations}", ""),
    ("submit_figures",             Writes(Scope::Submit, BOTH), "POST /v1/submissions?dry_run=true {submission}", ""),
    ("list_submissions",           Handles, "GET /v1/submissions", "{waiting}"),
    ("get_submission",             Handles, "GET /v1/submissions/{waiting}", "{waiting}"),
    ("replace_submission",         Sends, "PUT /v1/submissions/{draft} {submission}", ""),
    ("submit_draft",               Sends, "POST /v1/submissions/{draft}/submit {nothing}", ""),
    ("withdraw_submission",        Sends, "POST /v1/submissions/{draft}/withdraw {nothing}", ""),
    ("return_submission",          Reviews, "POST /v1/submissions/{waiting}/return {comment}", ""),
    ("approve_submission",         Reviews, "POST /v1/submissions/{waiting}/approve {nothing}", ""),
    ("list_organisations",         Needs(Scope::Admin, ALL), "GET /v1/organisations", ""),
    ("get_organisation",           Needs(Scope::Admin, ALL), "GET /v1/organisations/H02.12", ""),
    ("list_audit_entries",         Needs(Scope::Admin, &[Everywhere]), "GET /v1/audit", ""),
    ("list_clients",               Administers, "GET /v1/clients?limit=1000", "{client}"),
    ("get_client",                 Administers, "GET /v1/clients/{client}", ""),
    ("create_client",              Needs(Scope::Admin, &[Everywhere, Here]), "POST /v1/clients {new}", ""),
    ("put_client",                 Administers, "PUT /v1/clients/{client} {new}", ""),
    ("rotate_client_secret",       Administers, "POST /v1/clients/{client}/rotate {nothing}", ""),
    ("disable_client",             Administers, "POST /v1/clients/{client}/disable {nothing}", ""),
    ("enable_client",              Administers, "POST /v1/clients/{client}/enable {nothing}", ""),
    ("put_organisation",           Needs(Scope::Admin, &[Everywhere]), "PUT /v1/organisations/H02.15 {organisation}", ""),
];

/// Who calls.
struct Who {
    user: User,
    scopes: &'static [Scope],
    standpoint: Standpoint,
}

impl Who {
    fn holds(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    fn is_in(&self, standpoints: &[Standpoint]) -> bool {
        standpoints.contains(&self.standpoint)
    }

    fn name(&self) -> String {
        format!("{:?} {:?}", self.scopes, self.standpoint)
    }

    /// What is to come of a call: what is shown to those who may see it, or the status and the code of a refusal.
    fn expected(&self, policy: &Policy, mark: &str) -> &'static str {
        let needs = |scope: Scope, from: &[Standpoint], otherwise| match (self.scopes.is_empty(), self.holds(scope)) {
            (true, _) => "401 token_missing",
            (_, false) => "403 scope_missing",
            _ if self.is_in(from) => "done",
            _ => otherwise,
        };
        let shown = |shown: bool| if shown { "shown" } else { "hidden" };
        match policy {
            Everyone | ElseWhere => "done",
            Knows => shown(self.holds(Scope::Read) && self.is_in(FIELD)),
            Figures => shown(self.holds(Scope::Read) && self.is_in(BOTH)),
            Needs(scope, from) => needs(*scope, from, "beyond"),
            Writes(scope, from) => needs(*scope, if self.holds(Scope::Read) { from } else { &[] }, "beyond"),
            Sends => needs(Scope::Submit, if self.holds(Scope::Read) { &[Here] } else { &[] }, "404 not_found"),
            Reviews => needs(Scope::Approve, if self.holds(Scope::Read) { &[Everywhere, Here] } else { &[] }, "404 not_found"),
            Administers => match needs(Scope::Admin, &[Everywhere, Here], "404 not_found") {
                "done" if mark.is_empty() => "done",
                "404 not_found" if mark.is_empty() => "404 not_found",
                "done" => "shown",
                "404 not_found" => "hidden",
                refused => refused,
            },
            Handles => match (self.holds(Scope::Submit), self.holds(Scope::Approve)) {
                _ if self.scopes.is_empty() => "401 token_missing",
                (false, false) => "403 scope_missing",
                _ if !self.holds(Scope::Read) => "hidden",
                (_, true) => shown(self.is_in(&[Everywhere, Here])),
                (true, false) => shown(self.is_in(&[Here])),
            },
        }
    }
}

#[test]
fn every_operation_has_a_row() {
    let documented: Vec<&str> = operations().iter().map(Operation::id).collect();

    let without: Vec<&&str> = documented.iter().filter(|id| !TABLE.iter().any(|(of, ..)| of == *id)).collect();
    let stale: Vec<&str> = TABLE.iter().map(|(of, ..)| *of).filter(|id| !documented.contains(id)).collect();

    assert_eq!((without, stale), (vec![], vec![]), "operations without a row, and rows without an operation");
}

async fn every_operation_opens_to_whom_the_table_says_and_to_nobody_else(app: TestApp) {
    let world = World::new(&app).await;
    let mut callers = vec![Who { user: app.anyone(), scopes: &[], standpoint: Everywhere }];
    for (scopes, standpoint) in ROLES.iter().flat_map(|scopes| STANDPOINTS.map(|standpoint| (*scopes, standpoint))) {
        callers.push(Who { user: client(&app, scopes, standpoint).await, scopes, standpoint });
    }
    let mut wrong = Vec::new();
    for (operation, policy, call, mark) in TABLE.iter().filter(|(_, policy, ..)| !matches!(policy, ElseWhere)) {
        for who in &callers {
            let (answer, mark) = world.call(&who.user, call, mark).await;
            let came = told(&answer, &mark);
            let expected = who.expected(policy, &mark);
            let hides = expected == "hidden" && came.starts_with('4');
            if !(came == expected || hides || expected == "beyond" && is_beyond(&came)) {
                wrong.push(format!("{operation} by {}: {came} and not {expected}: {}", who.name(), answer.text()));
            }
        }
    }
    let shown: Vec<&str> = wrong.iter().map(String::as_str).take(20).collect();
    assert!(wrong.is_empty(), "{} cells of the table are wrong:\n{}", wrong.len(), shown.join("\n"));
}

/// A write is refused for what it is about: its province or field; or what is closed, for who may not read.
fn is_beyond(came: &str) -> bool {
    [
        "403 province_not_allowed",
        "403 field_not_allowed",
        "403 beyond_administrator",
        "403 client_narrowed",
        "403 scope_missing",
        "422 unknown_indicator",
    ]
    .contains(&came)
}

/// What came of a call, in the words of the table.
fn told(answer: &Answer, mark: &str) -> String {
    if answer.status.is_success() {
        let found = !mark.is_empty() && answer.text().contains(mark);
        return if mark.is_empty() {
            "done".into()
        } else if found {
            "shown".into()
        } else {
            "hidden".into()
        };
    }
    let code = answer.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned();
    format!("{} {code}", answer.status.as_u16())
}

async fn client(app: &TestApp, scopes: &[Scope], standpoint: Standpoint) -> User {
    let (organisation, provinces, fields): (Option<&str>, &[&str], &[&str]) = match standpoint {
        Everywhere => (None, &[], &[]),
        Here => (Some("H99"), &["ha-noi-2008"], &["health"]),
        AnotherProvince => (Some("H99"), &["an-giang-2025"], &["health"]),
        AnotherField => (Some("H99"), &["ha-noi-2008"], &["it"]),
        AnotherOrganisation => (Some("H01"), &["ha-noi-2008"], &["health"]),
    };
    app.client_narrowed(organisation, scopes, provinces, fields).await
}

/// What there is to be seen and changed.
struct World {
    clerk: User,
    observation: String,
    target: String,
    client: String,
    calls: Cell<usize>,
}

impl World {
    async fn new(app: &TestApp) -> World {
        let keeper = app.client_of(None, &[Scope::Read, Scope::Catalogue]).await;
        keeper.put("/v1/indicators/cases", &indicator()).await.expect(201);
        keeper.put("/v1/rules/few-cases", &rule("cases le 1000")).await.expect(201);
        keeper.put("/v1/obligations", &obligations()).await.expect(200);
        keeper.put("/v1/provinces", &provinces()).await.expect(200);
        let department = app.client(&[Scope::Read, Scope::Submit, Scope::Targets]).await;
        let sent = department.submit(&submission()).await;
        let planned = department.put("/v1/targets", &targets()).await.expect(200);
        let made = app.client_of(None, &[Scope::Admin]).await.post("/v1/clients", &new("client")).await.expect(201);
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        World {
            clerk: client(app, &[Scope::Read, Scope::Submit], Here).await,
            observation: id(&sent["rows"][0]["observation"]),
            target: id(&planned["items"][0]["id"]),
            client: id(&made["client_id"]),
            calls: Cell::new(0),
        }
    }

    /// Calls an operation as a row says; a submission is a new one each time, of the organisation whose figures these are.
    async fn call(&self, user: &User, call: &str, mark: &str) -> (Answer, String) {
        let mut words = call.split(' ');
        let (method, mut path, body) = (words.next().unwrap(), words.next().unwrap().to_owned(), words.next());
        let mut mark = mark.to_owned();
        for (word, draft) in [("{draft}", true), ("{waiting}", false)] {
            if path.contains(word) || mark.contains(word) {
                let mut sent = submission();
                sent["observations"][0]["value"] = json!(778);
                sent["observations"][0]["reason"] = json!("sửa");
                sent["draft"] = json!(draft);
                let made = self.clerk.post("/v1/submissions", &sent).await.expect(201);
                let id = made["id"].as_str().unwrap().to_owned();
                (path, mark) = (path.replace(word, &id), mark.replace(word, &id));
            }
        }
        path = path.replace("{observation}", &self.observation).replace("{target}", &self.target).replace("{client}", &self.client);
        mark = mark.replace("{client}", &self.client);
        self.calls.set(self.calls.get() + 1);
        let body = match body {
            Some("{indicator}") => indicator(),
            Some("{rule}") => rule("cases le 1000"),
            Some("{obligations}") => obligations(),
            Some("{provinces}") => provinces(),
            Some("{targets}") => targets(),
            Some("{submission}") => submission(),
            Some("{new}") => new(&format!("client {} of the table", self.calls.get())),
            Some("{comment}") => json!({"comment": "?"}),
            Some("{organisation}") => json!({"name": "Sở"}),
            Some("{validation}") => json!({"province": "ha-noi-2008", "period": "2026-05"}),
            _ => json!({}),
        };
        let answer = match method {
            "GET" => user.get(&path).await,
            method => {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                user.send(method, &path, &[("content-type", "application/json")], body.to_string().into_bytes()).await
            }
        };
        (answer, mark)
    }
}

fn indicator() -> Value {
    json!({"name": "Số ca mắc", "name_en": "Cases", "definition": "Theo báo cáo.", "field": "health", "unit": "case", "unit_mult": 0,
        "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum", "direction": "down", "decimals": 0, "min": 0,
        "frequency": "M", "breakdowns": {}, "access": "internal"})
}

fn new(name: &str) -> Value {
    json!({"name": name, "organisation": "H99", "scopes": ["admin"], "provinces": ["ha-noi-2008"], "fields": ["health"]})
}

fn obligations() -> Value {
    of("H99", "ha-noi-2008", &["cases M civil 1/10"])
}

fn provinces() -> Value {
    json!({"valid_from": "2090-01-01", "provinces": [{"key": "thu-do-2090", "code": "01", "name": "Thủ đô", "name_en": "Thu do",
        "unit_type": "municipality", "predecessors": ["ha-noi-2008"]}]})
}

fn targets() -> Value {
    json!({"province": "ha-noi-2008", "targets": [{"indicator": "cases", "period": "2026", "value": 888}]})
}

fn submission() -> Value {
    let row = json!({"indicator": "cases", "value": 777, "claims": [{"kind": "yoy_index", "value": 66.6}]});
    json!({"province": "ha-noi-2008", "period": "2026-05", "observations": [row]})
}
