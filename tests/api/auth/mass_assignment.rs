//! What a caller is told of a thing is not what a caller may set: every field that an answer has and a request has not is refused by name,
//! in every body, and a read-only one where it is not as stored; nothing of the rest is stored.

use std::collections::BTreeSet;

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::operations::contract::{Operation, find, operations, properties};
use crate::support::{TestApp, on_both};

on_both! {
    what_the_service_says_of_a_thing_nobody_can_say_in_its_place,
}

/// Names that things have elsewhere for what only the service sets.
const ELSEWHERE: &[&str] = &[
    "id",
    "client",
    "client_id",
    "organisation_id",
    "state",
    "revision",
    "version",
    "approved_by",
    "recorded_at",
    "created_at",
    "scopes",
    "hash",
];

async fn what_the_service_says_of_a_thing_nobody_can_say_in_its_place(app: TestApp) {
    let all: Vec<Scope> = Scope::WORDS.iter().map(|word| Scope::parse(word).unwrap()).collect();
    let user = app.client_of(None, &all).await;
    let (mut tried, mut wrong) = (0, Vec::new());

    for operation in operations() {
        let Some(schema) = operation.about.pointer("/requestBody/content/application~1json/schema") else { continue };
        let (read_only, taken): (Vec<_>, Vec<_>) = properties(schema).into_iter().partition(|(_, schema)| is_read_only(schema));
        let taken: BTreeSet<String> = taken.into_iter().map(|(name, _)| name).collect();
        let told = told(&operation).into_iter().chain(ELSEWHERE.iter().map(|&name| name.to_owned()));
        let example = operation.example().unwrap_or_else(|| panic!("{operation} has an example"));
        for field in told.filter(|name| !taken.contains(name)).collect::<BTreeSet<_>>() {
            let mut body = example.clone();
            // A read-only field has a value of its type that is not stored: the path names nothing that exists.
            let known = read_only.iter().find(|(name, _)| *name == field).map(|(_, schema)| not_stored(schema));
            let code = if known.is_some() { "invalid_value" } else { "unknown_field" };
            body[&field] = known.unwrap_or_else(|| json!("x"));

            let answer = operation.send_body(&user, &body).await;

            let named = json!(format!("/{field}"));
            let refused = |error: &Value| error["pointer"] == named && error["code"] == code;
            tried += 1;
            // A client that does not exist is not told what it has.
            if code == "invalid_value" && operation.id() == "put_client" {
                answer.fault(404);
                continue;
            }
            if answer.status != 422 || !answer.json()["errors"].as_array().unwrap().iter().any(refused) {
                wrong.push(format!("{operation} with {field}: {} {}", answer.status, answer.text()));
            }
        }
    }

    assert!(wrong.is_empty(), "{} of {tried} fields were not refused by name:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 200, "{tried} fields tried");
    for list in ["/v1/submissions", "/v1/targets", "/v1/obligations"] {
        assert_eq!(user.get(list).await.expect(200)["items"], json!([]), "{list}: what is refused is not stored");
    }
    let versions = user.get("/v1/indicators/retail-sales/versions").await.expect(200)["items"].as_array().map(Vec::len);
    assert_eq!(versions, Some(1), "what is refused is not stored: the only version is the shipped one");
}

fn is_read_only(schema: &Value) -> bool {
    find(schema, "readOnly") == Some(&json!(true))
}

/// A value of the type of a field that nothing is stored with.
fn not_stored(schema: &Value) -> Value {
    match schema["type"][0].as_str() {
        Some("integer") => json!(7),
        Some(_) => json!("x"),
        None => json!([]),
    }
}

/// The fields of what an operation answers with, and of the items in it.
fn told(operation: &Operation) -> BTreeSet<String> {
    let answers = operation.about["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
    let schemas = answers.filter_map(|(_, response)| response.pointer("/content/application~1json/schema"));
    let fields: Vec<(String, Value)> = schemas.flat_map(properties).collect();
    let of_items = fields.iter().filter_map(|(_, schema)| schema.get("items")).flat_map(properties);
    fields.iter().map(|(name, _)| name.clone()).chain(of_items.map(|(name, _)| name)).collect()
}
