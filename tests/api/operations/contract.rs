//! The contract: the committed document, the program that makes it and the answers it gives all say the same.
//! Requests are made from the document, so that a call, a parameter or a field is tested by being documented.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value, json};

use crate::reporting::obligations::oblige;
use crate::support::answer::{Answer, User};
use crate::support::app::TRUSTED;
use crate::support::{TestApp, on_both};

on_both! {
    the_served_document_is_the_committed_one,
    every_documented_operation_is_served,
    every_documented_parameter_is_read_and_no_other,
    every_documented_word_of_a_parameter_is_accepted,
    every_documented_field_is_read_and_no_other,
    every_field_of_the_token_form_is_read_and_others_are_ignored,
    every_example_of_a_request_is_accepted,
    answers_have_the_shape_that_is_documented,
    a_token_is_needed_where_the_document_says_so_and_nowhere_else,
    the_documented_scope_opens_a_call_and_no_other_does,
}

/// Operations that take no token, because there is nothing to protect.
const OPEN: &[(&str, &str)] = &[
    ("issue_token", "this is where a token comes from; it checks the client itself"),
    ("revoke_token", "where a token ends; it checks the client itself"),
    ("get_server_metadata", "who has no token yet learns here how to get one"),
    ("get_jwks", "whoever verifies a token of ours has none of its own"),
    ("healthz", "whoever watches the process has no client"),
    ("readyz", "whoever watches the process has no client"),
];

#[test]
fn the_committed_document_is_the_one_the_program_makes() {
    let (committed, made) = (&*COMMITTED, chitieu::app::openapi());

    let lines = committed.lines().map(Some).chain(std::iter::repeat(None)).zip(made.lines().map(Some).chain(std::iter::repeat(None)));
    let apart = lines.take_while(|(was, is)| was.or(*is).is_some()).enumerate().find(|(_, (was, is))| was != is);
    if let Some((line, (was, is))) = apart {
        panic!(
            "openapi/openapi.json differs from what the program says, first in line {}:\n  committed: {}\n  program:   {}\n\
             If the change is meant, run `UPDATE_OPENAPI=1 cargo test contract` and commit the file.",
            line + 1,
            was.unwrap_or("(the end)"),
            is.unwrap_or("(the end)")
        );
    }
    assert_eq!(*committed, made, "only line ends differ");
}

#[test]
fn every_operation_says_what_it_is_for() {
    let tags: Vec<&str> = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    let mut missing = Vec::new();

    for operation in operations() {
        let said = |what: &str| operation.about[what].as_str().is_some_and(|text| !text.trim().is_empty());
        let own_tags = operation.about["tags"].as_array().map_or(&[][..], Vec::as_slice);
        for (fine, rule) in [
            (said("summary"), "a summary"),
            (said("description"), "a description"),
            (own_tags.len() == 1, "exactly one tag"),
            (own_tags.iter().all(|tag| tags.contains(&tag.as_str().unwrap())), "a tag that the document explains"),
            (is_snake_case(operation.id()), "an operationId in snake_case"),
            (ids.insert(operation.id()), "an operationId of its own"),
        ] {
            if !fine {
                missing.push(format!("{operation} needs {rule}"));
            }
        }
    }

    assert_none(&missing);
}

#[test]
fn every_operation_says_who_may_call_it() {
    let mut wrong = Vec::new();

    for operation in operations() {
        let ways = operation.about["security"].as_array();
        let open = OPEN.iter().any(|(id, _)| *id == operation.id());
        match (ways.map(Vec::len), open) {
            (None, _) => wrong.push(format!("{operation} does not say whether it takes a token")),
            (Some(0), false) => wrong.push(format!("{operation} takes no token, and has no line in the list of open operations")),
            (Some(1..), true) => wrong.push(format!("{operation} takes a token, so it leaves the list of open operations")),
            _ => {}
        }
        let choice = ways.is_some_and(|ways| ways.contains(&json!({})));
        if choice && ways != Some(&vec![json!({}), json!({"oauth2": ["read"]})]) {
            wrong.push(format!("{operation} can be called without a token, or with the scope `read`"));
        }
    }
    for (id, _) in OPEN {
        if !operations().iter().any(|operation| operation.id() == *id) {
            wrong.push(format!("the list of open operations names {id}, which does not exist"));
        }
    }

    assert_none(&wrong);
}

#[test]
fn the_documentation_page_fills_in_a_dry_run_and_no_optional_filter() {
    let mut wrong = Vec::new();

    for operation in operations() {
        for parameter in operation.parameters().filter(|of| of["in"] == "query") {
            let (name, filled_in) = (parameter["name"].as_str().unwrap(), parameter.get("example").or(parameter["schema"].get("example")));
            match (name, filled_in, parameter["required"] == true) {
                ("dry_run", Some(Value::Bool(true)), _) | (_, Some(_), true) => {}
                ("dry_run", ..) => wrong.push(format!("{operation}: a reader who tries it out stores something")),
                (_, None, false) if parameter.get("examples").is_none() => {}
                (_, None, true) => wrong.push(format!("{operation}: `{name}` has no example to try out")),
                _ => wrong.push(format!("{operation}: `{name}` is optional, and the page fills it in")),
            }
        }
    }

    assert_none(&wrong);
}

#[test]
fn every_operation_documents_its_faults_as_problem_documents() {
    let mut missing = Vec::new();

    for operation in operations() {
        let responses = operation.about["responses"].as_object().unwrap();
        let faults = responses.iter().filter(|(status, _)| status.starts_with(['4', '5']));
        for (status, response) in faults.clone() {
            if response["content"]["application/problem+json"]["schema"]["$ref"] != "#/components/schemas/Problem" {
                missing.push(format!("{operation}: {status} is no problem document"));
            }
        }
        if faults.filter(|(status, _)| status.starts_with('4')).count() == 0 {
            missing.push(format!("{operation} documents no 4xx"));
        }
        for (status, response) in responses {
            if response["description"].as_str().is_none_or(str::is_empty) {
                missing.push(format!("{operation}: {status} has no description"));
            }
        }
    }

    assert_none(&missing);
}

#[test]
fn every_parameter_is_described() {
    let mut missing = Vec::new();

    for operation in operations() {
        for parameter in operation.parameters() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                missing.push(format!("{operation}: {name} has no description"));
            }
            let required = parameter["required"] == true;
            if required && parameter["example"].is_null() {
                missing.push(format!("{operation}: {name} is required and has no example"));
            }
            if (parameter["in"] == "path") != operation.path.contains(&format!("{{{name}}}")) {
                missing.push(format!("{operation}: {name} is not where the path has it"));
            }
        }
    }

    assert_none(&missing);
}

#[test]
fn every_schema_and_every_property_is_described() {
    let mut missing = Vec::new();

    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        if !is_described(schema) {
            missing.push(format!("{name} has no description"));
        }
        for (property, schema) in properties(schema) {
            if !is_described(&schema) {
                missing.push(format!("{name}.{property} has no description"));
            }
        }
    }

    assert_none(&missing);
}

#[test]
fn every_example_and_default_obeys_the_schema_it_stands_beside() {
    let mut wrong = Vec::new();

    for operation in operations() {
        for parameter in operation.parameters() {
            let place = format!("{operation}: {}", parameter["name"]);
            let schema = &parameter["schema"];
            let given = [parameter.get("example"), find(schema, "default"), find(schema, "example")];
            given.into_iter().flatten().for_each(|value| check(schema, value, &place, &mut wrong));
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        schema.get("example").into_iter().for_each(|value| check(schema, value, name, &mut wrong));
        for (property, schema) in properties(schema) {
            let place = format!("{name}.{property}");
            let given = [find(&schema, "example"), find(&schema, "default")];
            given.into_iter().flatten().for_each(|value| check(&schema, value, &place, &mut wrong));
        }
    }

    assert_none(&wrong);
}

async fn the_served_document_is_the_committed_one(app: TestApp) {
    let served = app.anyone().get("/openapi.json").await;

    assert_eq!(served.header("content-type"), "application/json");
    assert_eq!(served.expect(200), serde_json::from_str::<Value>(&COMMITTED).unwrap());
}

async fn every_documented_operation_is_served(app: TestApp) {
    let user = app.client(&every_scope()).await;
    let mut missing = Vec::new();

    for operation in operations() {
        let answer = operation.send(&user, &operation.examples()).await;
        let codes = codes(&answer);
        if answer.status == 405 || codes.contains(&"unknown_path".to_owned()) {
            missing.push(format!("{operation}: {} {}", answer.status, answer.text()));
        }
        if operation.method == "get" && !operation.path.contains('{') && answer.status != 200 {
            missing.push(format!("{} with the documented examples: {} {}", answer.request, answer.status, answer.text()));
        }
    }

    assert_none(&missing);
}

async fn every_documented_parameter_is_read_and_no_other(app: TestApp) {
    let user = app.client(&every_scope()).await;
    let mut wrong = Vec::new();

    for operation in operations() {
        let mut query = operation.query(|_| true);
        query.push(("no_such_parameter".into(), "1".into()));

        let answer = operation.send(&user, &query).await;

        let documented: BTreeSet<String> = operation.query(|_| true).into_iter().map(|(name, _)| name).collect();
        wrong.extend(compare_known(&answer, "unknown_parameter", "parameter", "no_such_parameter", &documented));
        if answer.status != 400 {
            wrong.push(format!("{}: an unknown parameter is answered with {}", answer.request, answer.status));
        }
    }

    assert_none(&wrong);
}

async fn every_documented_word_of_a_parameter_is_accepted(app: TestApp) {
    let user = app.client(&every_scope()).await;
    let mut refused = Vec::new();

    for operation in operations() {
        // `lang` is a parameter of all operations, also of those that write: `languages` tests its words.
        for parameter in operation.parameters().filter(|parameter| parameter["in"] == "query" && parameter["name"] != "lang") {
            let name = parameter["name"].as_str().unwrap();
            let listed = find(&parameter["schema"], "enum").and_then(Value::as_array).cloned().unwrap_or_default();
            let words = listed.into_iter().chain(find(&parameter["schema"], "default").cloned()).chain(parameter.get("example").cloned());
            for word in words {
                let mut query = operation.query(|other| other["required"] == true && other["name"] != name);
                query.push((name.to_owned(), plain(&word)));
                let answer = operation.send(&user, &query).await;
                let about = |error: &Value| error["parameter"] == name && error["code"] == "invalid_value";
                if errors(&answer).iter().any(about) {
                    refused.push(format!("{}: {}", answer.request, answer.text()));
                }
            }
        }
    }

    assert_none(&refused);
}

async fn every_documented_field_is_read_and_no_other(app: TestApp) {
    let user = app.client(&every_scope()).await;
    let mut wrong = Vec::new();

    for operation in operations() {
        let Some(schema) = operation.about.pointer("/requestBody/content/application~1json/schema") else { continue };
        for (pointer, fields) in objects(schema, "") {
            let mut object: Map<String, Value> = fields.iter().map(|(name, schema)| (name.clone(), of_wrong_type(schema))).collect();
            object.insert("no_such_field".into(), json!(1));

            let answer = operation.send_body(&user, &json_at(&pointer, object.into())).await;

            let documented = fields.keys().cloned().collect();
            wrong.extend(compare_known(&answer, "unknown_field", "pointer", &format!("{pointer}/no_such_field"), &documented));
            for name in fields.keys() {
                let at = format!("{pointer}/{name}");
                if !errors(&answer).iter().any(|error| error["pointer"] == at && error["code"] == "wrong_type") {
                    wrong.push(format!("{operation}: {at} of a wrong type is not named as such: {}", answer.text()));
                }
            }
            assert_eq!(answer.status, 422, "{operation}: {}", answer.text());
        }
    }

    assert_none(&wrong);
    for list in ["/v1/submissions", "/v1/targets"] {
        assert_eq!(user.get(list).await.expect(200)["items"], json!([]), "{list}: what is refused is not stored");
    }
    let versions = user.get("/v1/indicators/retail-sales/versions").await.expect(200)["items"].as_array().map(Vec::len);
    assert_eq!(versions, Some(1), "what is refused is not stored: the only version is the shipped one");
}

async fn every_field_of_the_token_form_is_read_and_others_are_ignored(app: TestApp) {
    let token = operations().into_iter().find(|operation| operation.id() == "issue_token").unwrap();
    let schema = &token.about["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    let documented: BTreeSet<String> = properties(schema).into_iter().map(|(name, _)| name).collect();
    // A field that is read is read once.
    let fields: Vec<String> = documented.iter().map(|name| format!("{name}=x&{name}=x")).collect();
    let form = format!("{}&no_such_field=1&no_such_field=1", fields.join("&"));

    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = app.anyone().send(Method::POST, &token.path, &headers, form.into_bytes()).await;

    let read: BTreeSet<String> = answer.faults(400).into_iter().map(|(code, field)| format!("{code} {field}")).collect();
    assert_eq!(read, documented.iter().map(|name| format!("repeated_parameter {name}")).collect());
}

async fn every_example_of_a_request_is_accepted(app: TestApp) {
    let user = app.client(&every_scope()).await;
    let mut refused = Vec::new();

    for operation in operations() {
        let Some(schema) = operation.about.pointer("/requestBody/content/application~1json/schema") else { continue };
        let Some(example) = find(resolve(schema), "example") else {
            refused.push(format!("{operation} has no example of its body"));
            continue;
        };
        let answer = operation.send_body(&user, example).await;
        // The id of the example is nobody's; the body was read.
        let named_by_id = ["/submissions/{id}", "/clients/{id}"].iter().any(|path| operation.path.contains(path));
        let of_nobody = named_by_id && codes(&answer) == ["not_found"];
        if !answer.status.is_success() && !of_nobody {
            refused.push(format!("{operation}: {} {}", answer.status, answer.text()));
        }
        operation.check_answer(&answer, &mut refused);
    }

    assert_none(&refused);
}

async fn answers_have_the_shape_that_is_documented(app: TestApp) {
    let app = app.with_real_figures().await;
    let user = app.department().await;
    let body = json!({"province": "24", "period": "2023-H1", "observations": [{"indicator": "telecom-internet-revenue", "value": 1100}]});
    let submitted = user.submit(&body).await;
    oblige(&app, "H02.13", "24", &["bts-sites M nd09 0/15 closes 10", "fines-total M nd09 0/15"]).await;
    let waiting =
        json!({"province": "24", "period": "2026-11", "calendar": "nd09", "observations": [{"indicator": "bts-sites", "value": 9}]});
    let clerk = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    clerk.post("/v1/submissions", &waiting).await.expect(201);
    let mut wrong = Vec::new();
    let operations = operations();
    let by_id = |id: &str| operations.iter().find(|operation| operation.id() == id).unwrap();

    for operation in operations.iter().filter(|operation| operation.method == "get") {
        let (least, stranger) = (operation.query(|parameter| parameter["required"] == true), vec![("x".into(), "1".into())]);
        for query in [operation.examples(), least, stranger] {
            operation.check_answer(&operation.send(&user, &query).await, &mut wrong);
        }
    }
    for (operation, path, why) in [
        ("compare_figures", "/v1/comparisons?province=24&period=2024-H1&breakdown=*".to_owned(), "figures, a claim, a baseline"),
        ("compare_figures", "/v1/comparisons?province=24&period=2024".to_owned(), "targets"),
        ("compare_figures", "/v1/comparisons?province=96&period=2021&breakdown=*".to_owned(), "rates"),
        ("list_series", "/v1/series?province=VN&indicator=post-telecom-revenue&units=pc1&breakdown=*".to_owned(), "reasons"),
        ("list_targets", "/v1/targets".to_owned(), "all targets"),
        ("list_provinces", "/v1/provinces?limit=1".to_owned(), "a cursor"),
        ("list_obligations", "/v1/obligations".to_owned(), "obligations"),
        ("get_reporting_calendar", "/v1/calendar?from=2026-11-01&to=2026-11-30".to_owned(), "what falls due"),
        ("get_completeness", "/v1/completeness?period=2026-11".to_owned(), "one that waits for review, one that is missing"),
        ("get_template", "/v1/templates/H02.13/2026-11.xlsx".to_owned(), "a workbook"),
        ("get_template", "/v1/templates/H02.13/2026-11.csv".to_owned(), "a CSV file"),
        ("list_submissions", "/v1/submissions".to_owned(), "a submission"),
        ("get_submission", format!("/v1/submissions/{}", submitted["id"].as_str().unwrap()), "one submission"),
        ("get_indicator", "/v1/indicators/no-such-indicator".to_owned(), "a fault of the request as a whole"),
    ] {
        let before = wrong.len();
        by_id(operation).check_answer(&user.get(&path).await, &mut wrong);
        if wrong.len() > before {
            wrong.push(format!("  (asked for {why})"));
        }
    }
    let (ndjson, rows) = ("application/x-ndjson", "{\"indicator\": \"bts-sites\", \"value\": 1}\n{}\n");
    let path = "/v1/submissions?province=24&period=2024-01&mode=partial";
    let stream = user.send(Method::POST, path, &[("content-type", ndjson)], rows.into()).await;
    for line in stream.text().lines() {
        let schema = &by_id("submit_figures").about["responses"]["200"]["content"][stream.header("content-type")]["schema"];
        check(schema, &serde_json::from_str(line).unwrap(), "a line of the answer to a stream", &mut wrong);
    }
    assert_eq!(stream.text().lines().count(), 3, "a figure, a fault and the end: {}", stream.text());

    assert_none(&wrong);
}

async fn a_token_is_needed_where_the_document_says_so_and_nowhere_else(app: TestApp) {
    let mut wrong = Vec::new();

    for operation in operations() {
        let answer = operation.send(&app.anyone(), &operation.query(|parameter| parameter["required"] == true)).await;
        let refused = codes(&answer) == ["token_missing"];
        if refused != operation.needs_token() {
            wrong.push(format!("{operation} without a token: {} {}", answer.status, answer.text()));
        }
    }

    assert_none(&wrong);
}

async fn the_documented_scope_opens_a_call_and_no_other_does(app: TestApp) {
    let mut wrong = Vec::new();

    for operation in operations().iter().filter(|operation| operation.needs_token()) {
        let query = operation.query(|parameter| parameter["required"] == true);
        let either = operation.about["security"].as_array().unwrap().iter().flat_map(|of| of["oauth2"].as_array().unwrap());
        let documented: Vec<&str> = either.filter_map(Value::as_str).collect();
        let (with, without): (Vec<Scope>, Vec<Scope>) = every_scope().into_iter().partition(|scope| documented.contains(&scope.as_str()));

        let refused = operation.send(&app.client(&without).await, &query).await;
        // An administrator grants the scopes of the example: one that is not narrowed may grant all.
        let organisation = if with.contains(&Scope::Admin) { None } else { Some(TRUSTED) };
        let admitted = operation.send(&app.client_of(organisation, &with).await, &query).await;

        let error = errors(&refused).into_iter().next().unwrap_or_default();
        if refused.status != 403 || error["code"] != "scope_missing" || error["allowed"] != json!(documented) {
            wrong.push(format!("{operation} with every scope but {documented:?}: {} {}", refused.status, refused.text()));
        }
        if admitted.status == 401 || admitted.status == 403 {
            wrong.push(format!("{operation} with {documented:?}: {} {}", admitted.status, admitted.text()));
        }
    }

    assert_none(&wrong);
}

/// The committed document; with `UPDATE_OPENAPI=1` it is written anew before anybody reads it.
static COMMITTED: LazyLock<String> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    if std::env::var("UPDATE_OPENAPI").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi")).unwrap();
        std::fs::write(file, chitieu::app::openapi()).unwrap();
    }
    std::fs::read_to_string(file).unwrap_or_default()
});

/// The document as the program makes it: what the tests are generated from.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&chitieu::app::openapi()).unwrap());

/// Shows what was found, each once and the first two dozen in full: a mistake in a shared schema is found in many answers.
#[track_caller]
fn assert_none(findings: &[String]) {
    let each: BTreeSet<&str> = findings.iter().map(String::as_str).collect();
    let shown: Vec<&str> = each.iter().copied().take(24).collect();
    assert!(each.is_empty(), "{} findings, among them:\n{}", each.len(), shown.join("\n"));
}

fn every_scope() -> Vec<Scope> {
    Scope::WORDS.iter().map(|word| Scope::parse(word).unwrap()).collect()
}

fn is_snake_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The example of a parameter; that of an optional one stands in its description.
fn example_of(parameter: &Value) -> Option<String> {
    let described = || Some(parameter["description"].as_str()?.rsplit_once("for example `")?.1.trim_end_matches('`').to_owned());
    parameter.get("example").map(plain).or_else(described)
}

/// One operation of the document.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub about: &'static Value,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

pub fn operations() -> Vec<Operation> {
    let of_path = |(path, item): (&String, &'static Value)| {
        let of_method = |(method, about): (&String, &'static Value)| Operation { method: method.clone(), path: path.clone(), about };
        item.as_object().unwrap().iter().map(of_method).collect::<Vec<_>>()
    };
    DOCUMENT["paths"].as_object().unwrap().iter().flat_map(of_path).collect()
}

impl Operation {
    /// The example of its JSON body.
    pub fn example(&self) -> Option<Value> {
        find(resolve(self.about.pointer("/requestBody/content/application~1json/schema")?), "example").cloned()
    }

    /// The query parameters that have an example.
    fn examples(&self) -> Vec<(String, String)> {
        self.query(|parameter| example_of(parameter).is_some())
    }

    pub fn id(&self) -> &'static str {
        self.about["operationId"].as_str().unwrap_or_default()
    }

    fn parameters(&self) -> impl Iterator<Item = &'static Value> + use<> {
        self.about["parameters"].as_array().into_iter().flatten().map(resolve)
    }

    /// Whether nobody may call it without a token.
    fn needs_token(&self) -> bool {
        self.about["security"].as_array().is_some_and(|ways| !ways.is_empty() && !ways.contains(&json!({})))
    }

    /// The query parameters that are wanted, each with its example, its default, its first word, or something of its type.
    fn query(&self, wanted: impl Fn(&Value) -> bool) -> Vec<(String, String)> {
        let value = |parameter: &Value| {
            let schema = &parameter["schema"];
            let first = find(schema, "enum").map(|words| &words[0]);
            let given = find(schema, "default").or(first).or(find(schema, "minimum"));
            example_of(parameter).or(given.map(plain)).unwrap_or_else(|| "x".to_owned())
        };
        let parameters = self.parameters().filter(|parameter| parameter["in"] == "query" && wanted(parameter));
        parameters.map(|parameter| (plain(&parameter["name"]), value(parameter))).collect()
    }

    /// Calls it as documented, with the example of its body.
    async fn send(&self, user: &User, query: &[(String, String)]) -> Answer {
        let content = self.about["requestBody"]["content"].as_object();
        let body = content.and_then(|content| content.iter().next()).map(|(kind, media)| {
            let example = find(resolve(&media["schema"]), "example").unwrap_or(&Value::Null);
            (kind.as_str(), if kind == "application/json" { example.to_string() } else { "grant_type=client_credentials".into() })
        });
        self.call(user, query, body).await
    }

    /// Calls it with this JSON.
    pub async fn send_body(&self, user: &User, body: &Value) -> Answer {
        self.call(user, &[], Some(("application/json", body.to_string()))).await
    }

    async fn call(&self, user: &User, query: &[(String, String)], body: Option<(&str, String)>) -> Answer {
        let mut path = self.path.clone();
        for parameter in self.parameters().filter(|parameter| parameter["in"] == "path") {
            path = path.replace(&format!("{{{}}}", plain(&parameter["name"])), &plain(&parameter["example"]));
        }
        let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() {
            path = format!("{path}?{}", pairs.join("&"));
        }
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes()).unwrap();
        let headers: Vec<(&str, &str)> = body.iter().map(|(kind, _)| ("content-type", *kind)).collect();
        user.send(method, &path, &headers, body.map_or_else(Vec::new, |(_, text)| text.into_bytes())).await
    }

    /// Notes where an answer is not what the document promises for its status.
    fn check_answer(&self, answer: &Answer, wrong: &mut Vec<String>) {
        let place = format!("{} ({})", answer.request, answer.status.as_u16());
        let Some(response) = self.about["responses"].get(answer.status.as_str()) else {
            wrong.push(format!("{place}: the status is not documented"));
            return;
        };
        let Some(media) = response["content"].get(answer.header("content-type")) else {
            wrong.push(format!("{place}: the media type {} is not documented", answer.header("content-type")));
            return;
        };
        // What is in a file is for the tests of files.
        if !answer.header("content-type").ends_with("json") {
            return;
        }
        check(&media["schema"], &answer.json(), &place, wrong);
    }
}

fn errors(answer: &Answer) -> Vec<Value> {
    if answer.header("content-type") != "application/problem+json" {
        return Vec::new();
    }
    answer.json()["errors"].as_array().cloned().unwrap_or_default()
}

fn codes(answer: &Answer) -> Vec<String> {
    errors(answer).iter().map(|error| plain(&error["code"])).collect()
}

/// Compares the names that a reader says it knows with the documented ones, and notes any other name it does not know.
fn compare_known(answer: &Answer, code: &str, place: &str, stranger: &str, documented: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let unknown: Vec<Value> = errors(answer).into_iter().filter(|error| error["code"] == code).collect();
    for error in unknown.iter().filter(|error| error[place] != stranger) {
        wrong.push(format!("{}: {} is documented and not known: {error}", answer.request, error[place]));
    }
    let Some(error) = unknown.iter().find(|error| error[place] == stranger) else {
        wrong.push(format!("{}: {stranger} is not refused: {}", answer.request, answer.text()));
        return wrong;
    };
    let listed: Vec<String> = error["allowed"].as_array().into_iter().flatten().map(plain).collect();
    let known: BTreeSet<String> = listed.iter().cloned().collect();
    if known.len() < listed.len() {
        wrong.push(format!("{} at {stranger}: a name is listed more than once: {listed:?}", answer.request));
    }
    if known != *documented {
        wrong.push(format!("{} at {stranger}: the reader knows {known:?}, the document {documented:?}", answer.request));
    }
    wrong
}

/// A value as it stands in a query or a list: texts without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The schema that a reference means.
fn resolve(schema: &Value) -> &Value {
    schema["$ref"].as_str().map_or(schema, |reference| DOCUMENT.pointer(reference.trim_start_matches('#')).expect(reference))
}

/// The schemas that a schema is put together from, itself included.
pub fn parts(schema: &Value) -> Vec<&Value> {
    let schema = resolve(schema);
    let several = ["allOf", "oneOf", "anyOf"].iter().filter_map(|kind| schema[*kind].as_array()).flatten();
    std::iter::once(schema).chain(several.flat_map(parts)).collect()
}

/// A keyword of a schema or of one of its parts.
pub fn find<'s>(schema: &'s Value, keyword: &str) -> Option<&'s Value> {
    let own = schema.get(keyword);
    own.or_else(|| parts(schema).into_iter().find_map(|part| part.get(keyword)))
}

/// The properties of an object, those of its parts included.
pub fn properties(schema: &Value) -> Vec<(String, Value)> {
    let all = parts(schema).into_iter().filter_map(|part| part["properties"].as_object()).flatten();
    all.map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

/// Beside a reference that may be null, the description stands one level down.
fn is_described(schema: &Value) -> bool {
    let said = |schema: &Value| schema["description"].as_str().is_some_and(|text| !text.trim().is_empty());
    said(schema) || schema["oneOf"].as_array().into_iter().flatten().any(said)
}

pub fn own_types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// A value that no reader of this schema may take.
fn of_wrong_type(schema: &Value) -> Value {
    let boolean = parts(schema).into_iter().flat_map(own_types).any(|kind| kind == "boolean");
    if boolean { json!(5) } else { json!(true) }
}

/// Every object with named fields inside a schema, with the pointer to one of its kind.
fn objects(schema: &Value, pointer: &str) -> Vec<(String, Map<String, Value>)> {
    let mut found = Vec::new();
    for part in parts(schema) {
        if let Some(fields) = part["properties"].as_object() {
            found.push((pointer.to_owned(), fields.clone()));
            // A read-only member is compared as a whole.
            let written = fields.iter().filter(|(_, field)| field["readOnly"] != true);
            found.extend(written.flat_map(|(name, field)| objects(field, &format!("{pointer}/{name}"))));
        }
        if let Some(item) = part.get("items") {
            found.extend(objects(item, &format!("{pointer}/0")));
        }
        if let Some(member) = part.get("additionalProperties").filter(|schema| schema.is_object()) {
            found.extend(objects(member, &format!("{pointer}/member")));
        }
    }
    found
}

/// The least document that has this value at this pointer.
fn json_at(pointer: &str, value: Value) -> Value {
    let steps = pointer.rsplit('/').filter(|step| !step.is_empty());
    steps.fold(value, |inner, step| if step == "0" { json!([inner]) } else { json!({step: inner}) })
}

/// Notes where a value is not what a schema says: as much of JSON Schema as the document uses, and fields that it does not name.
fn check(schema: &Value, value: &Value, place: &str, wrong: &mut Vec<String>) {
    fits(schema, value, place, wrong);
    let closed = find(schema, "oneOf").is_none() && find(schema, "additionalProperties").is_none_or(|members| !members.is_object());
    if let (Value::Object(fields), true) = (value, closed) {
        let documented = properties(schema);
        for name in fields.keys().filter(|name| !documented.iter().any(|(known, _)| known == *name)) {
            wrong.push(format!("{place}: the field {name} is not documented"));
        }
    }
}

/// What [`check`] does of each part of a schema, which knows only some of the fields.
fn fits(schema: &Value, value: &Value, place: &str, wrong: &mut Vec<String>) {
    let schema = resolve(schema);
    wrong.extend(misfit(schema, value).map(|why| format!("{place}: {value} {why}")));
    schema["allOf"].as_array().into_iter().flatten().for_each(|part| fits(part, value, place, wrong));
    if let Some(choices) = schema["oneOf"].as_array() {
        wrong.extend(misfits_of_all(choices, value, place));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            wrong.push(format!("{place}: the field {name} is missing"));
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        value.get(name).into_iter().for_each(|value| check(field, value, &format!("{place} {name}"), wrong));
    }
    if schema["additionalProperties"].is_object() {
        let members = value.as_object().into_iter().flatten();
        members.for_each(|(name, member)| check(&schema["additionalProperties"], member, &format!("{place} {name}"), wrong));
    }
    if schema["items"].is_object() {
        let items = value.as_array().into_iter().flatten();
        items.for_each(|item| check(&schema["items"], item, &format!("{place} *"), wrong));
    }
}

/// Nothing where a value fits exactly one of several schemas; else what is wrong with it for the first that is not null.
fn misfits_of_all(choices: &[Value], value: &Value, place: &str) -> Vec<String> {
    let misfits = |choice: &Value| {
        let mut misfits = Vec::new();
        check(choice, value, place, &mut misfits);
        misfits
    };
    match choices.iter().filter(|choice| misfits(choice).is_empty()).count() {
        1 => Vec::new(),
        0 => choices.iter().find(|choice| choice["type"] != "null").map(misfits).unwrap_or_default(),
        several => vec![format!("{place}: {value} fits {several} schemas of which it is to fit one")],
    }
}

/// What is wrong with a value, what it holds aside.
fn misfit(schema: &Value, value: &Value) -> Option<String> {
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    let kinds = own_types(schema);
    if !kinds.is_empty() && !kinds.iter().any(is) {
        return Some(format!("is not of the type {}", kinds.join(" or ")));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Some(format!("is not one of {}", schema["enum"]));
    }
    let size = value.as_i64().or_else(|| i64::try_from(value.as_str()?.chars().count()).ok())?;
    let limits = if value.is_string() { ["minLength", "maxLength"] } else { ["minimum", "maximum"] };
    let [least, most] = limits.map(|limit| schema[limit].as_i64());
    if least.is_some_and(|least| size < least) || most.is_some_and(|most| size > most) {
        return Some(format!("is not from {least:?} to {most:?}"));
    }
    let readable = match schema["format"].as_str() {
        Some("date") => value.as_str()?.parse::<NaiveDate>().is_ok(),
        Some("date-time") => DateTime::parse_from_rfc3339(value.as_str()?).is_ok(),
        _ => true,
    };
    (!readable).then(|| format!("is no {}", schema["format"]))
}
