//! A database that an early version wrote, and what that version answered from it: this version gives the same answers.
//! The files lie in `tests/golden`; what an answer should be otherwise is for the tests of each capability.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use actix_web::http::Method;
use chitieu::store::{self, Db};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::operations::migrations::empty_databases;
use crate::support::{Answer, TestApp, User};

/// What the API has named otherwise since the answers were recorded: the old name, the new one, and why. A name of a member or a whole
/// text is replaced where it is the old one; what holds a space or a semicolon is replaced wherever a text contains it. `/comparisons: text`
/// limits a row to questions whose path contains what stands before the colon.
const RENAMED: &[(&str, &str, &str)] = &[
    ("/templates/: Ghi chú\";\"Tỉnh\";\"Lịch\"", "Ghi chú\";\"Tỉnh\";\"Lịch\";\"Cách viết số\"", "a form says how its numbers are written"),
    ("/templates/: ;civil", ";civil;Việt Nam", "on every row"),
    ("/templates/: ;nd09", ";nd09;Việt Nam", "in every calendar"),
    ("/templates/: ;2025-05;", ";2025M05;", "Excel leaves this form of a month alone"),
    ("/templates/: ;2026-09;", ";2026M09;", "the same"),
    ("/templates/: ;2026-10;", ";2026M10;", "the same"),
    (
        "dry_run=true&mode=partial: has a fraction; Vietnamese notation needs `number_locale`: `vi`",
        "has a fraction",
        "a JSON number has no notation",
    ),
];

/// Why an approval of today replaces figures that were stored after the submission, which it did unasked when the answers were recorded.
const REASON: &str = "như đã duyệt";

/// Differences that are meant: the beginning of the path, a text of the difference, and why.
const MEANT: &[(&str, &str, &str)] = &[
    ("/v1/indicators", " was not there and is ", "units and members have names"),
    ("/v1/", " thing", "a unit is told with the figure, also one of an old definition without names"),
    ("/v1/comparisons", "/target/reasons/0 was \"current_missing\" and is ", "a target says why the figure is missing"),
    ("/v1/series", "/reasons/0 was \"low_coverage\" and is \"current_missing\"", "nothing is stored to form the figure from"),
    ("/v1/series", "/reasons/0 was \"not_additive\" and is \"current_missing\"", "the same of an average"),
    ("/v1/submissions", " was not there and is ", "rows say what was read of them, and lines the state of their submission"),
    ("/v1/submissions?dry_run=true", "", "a dry run has no id, no time and no steps, because nothing is stored"),
    ("/v1/submissions", "send `force` with a `reason`", "faults of cells name the columns of the file"),
    ("/v1/submissions", "Vietnamese notation needs `Cách viết số`", "the same"),
    ("/v1/targets", "period", "a target has the shape in which it is sent: the code of its period, its calendar and its days"),
    ("/v1/targets", " was not there and is ", "the same"),
    ("/v1/clients", "keys", "a client has the shape in which it is sent: its public keys whole"),
    ("/v1/clients", "jwks", "the same"),
    ("/v1/clients", "may_grant was not there", "a client says which scopes it may grant"),
    ("/v1/clients", r#"["ha-noi-1997","ha-noi-2008"]"#, "the key of before stands for two units"),
    ("/v1/provinces?", "/body/items was ", "the country is in the list, and the units of before August 2008"),
    ("/v1/provinces/ha-noi-2004", "ha-noi-1997", "what the unit since August 2008 continues"),
    ("/v1/obligations?limit=2", "/body/next was ", "a cursor holds a key"),
    ("/v1/series", "/notices was not there", "another unit that a code or name meant is named"),
    ("/v1/comparisons", "/notices was not there", "the same"),
    ("/v1/series", "no indicator has the code", "messages are in Vietnamese where nobody asks for a language"),
    ("/v1/rankings", "no indicator has the code", "the same"),
    ("/v1/series", "/body/title was ", "the same"),
    ("/v1/rankings", "/body/title was ", "the same"),
];

#[actix_web::test]
async fn a_database_of_an_early_version_is_answered_from_as_that_version_did() {
    let mut differences = Vec::new();

    for (url, folder) in empty_databases("golden") {
        let kind = url.split(':').next().unwrap_or_default().to_owned();
        let golden = Golden::open(&url, folder).await;
        for recorded in questions() {
            let mut expected = renamed(&recorded["answer"], recorded["path"].as_str().unwrap_or_default());
            // The audit log, what was sent and what was answered to it keep the keys of their time.
            let mut answer = with_keys_of_today(&golden.ask(&recorded).await, &keys_of_today());
            for side in [&mut expected, &mut answer] {
                without_review(side);
                with_all_types_of_period_together(side, recorded["path"].as_str().unwrap_or_default());
                with_the_cause_alone(side);
            }
            let mut found = Vec::new();
            if expected["status"] == answer["status"] {
                compare("", &expected, &answer, &mut found);
            } else {
                found.push(format!("was {} and is {}: {}", expected["status"], answer["status"], answer["body"]));
            }
            let (method, path, role) = (text(&recorded, "method"), text(&recorded, "path"), text(&recorded, "as"));
            let meant = |what: &String| MEANT.iter().any(|(of, text, _)| path.starts_with(*of) && what.contains(*text));
            differences.extend(found.iter().filter(|what| !meant(what)).map(|what| format!("{kind}: {method} {path} as {role}: {what}")));
        }
    }

    let shown: Vec<String> = differences.iter().take(200).map(|what| what.chars().take(400).collect()).collect();
    assert!(differences.is_empty(), "{} differences; the first of them:\n{}", differences.len(), shown.join("\n"));
}

#[test]
fn the_recorded_questions_are_about_everything_that_is_read() {
    let document: Value = serde_json::from_str(&read_file("../../openapi/openapi.json")).unwrap();
    let mut missing = BTreeSet::new();

    let asked: Vec<String> =
        questions().iter().map(|recorded| text(recorded, "path").split('?').next().unwrap_or_default().to_owned()).collect();
    let paths = document["paths"].as_object().unwrap();
    for (path, _) in paths.iter().filter(|(path, item)| path.starts_with("/v1/") && item.get("get").is_some()) {
        // A segment of the path may be anything where the document has a parameter.
        let matches = |asked: &String| {
            let (wanted, given): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), asked.split('/').collect());
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(wanted, given)| wanted.contains('{') || *wanted == given)
        };
        if !asked.iter().any(matches) {
            missing.insert(path);
        }
    }

    assert!(missing.is_empty(), "nothing is asked of {missing:?}");
}

/// The early database, brought to the present shape, with the server on it and those who ask.
struct Golden {
    _app: TestApp,
    users: BTreeMap<String, User>,
    /// Ids that the database holds; any other was made by a question.
    known: BTreeSet<String>,
}

impl Golden {
    /// Fills an empty database with what the early version wrote and runs the migrations that came since, as a server does when it starts.
    async fn open(url: &str, folder: Option<TempDir>) -> Golden {
        let rows = read_file("rows.sql");
        if let Some(file) = url.strip_prefix("sqlite://") {
            let mut conn = SqliteConnection::establish(file).unwrap();
            conn.batch_execute(&read_file("sqlite.sql")).unwrap();
            conn.batch_execute(&format!("BEGIN; {rows} COMMIT;")).unwrap();
        } else {
            let mut conn = PgConnection::establish(url).unwrap();
            conn.batch_execute(&read_file("postgres.sql")).unwrap();
            conn.batch_execute(&rows).unwrap();
        }
        store::migrate::migrate(&Db::open(url, 1).unwrap()).unwrap();
        Golden::on(TestApp::on(url, folder)).await
    }

    /// Signs in those who ask, in the order of their names.
    async fn on(app: TestApp) -> Golden {
        let clients: Map<String, Value> = serde_json::from_str(&read_file("clients.json")).unwrap();
        let mut users = BTreeMap::from([("anyone".to_owned(), app.anyone())]);
        for (name, client) in clients {
            let issued = app.state.auth.issue_for_secret(&text(&client, "id"), &text(&client, "secret"), None).await.unwrap();
            users.insert(name, User::new(app.address, Some(issued.token)));
        }
        Golden { _app: app, users, known: ids(&read_file("rows.sql")).collect() }
    }

    /// Asks a recorded question: the status and the body of the answer, without what differs from one run to the next.
    async fn ask(&self, recorded: &Value) -> Value {
        let method: Method = text(recorded, "method").parse().unwrap();
        let headers = recorded.get("headers").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let mut body = recorded.get("body").map_or("", |body| body.as_str().unwrap()).to_owned();
        if text(recorded, "path").ends_with("/approve") {
            let mut approval: Value = serde_json::from_str(&body).unwrap_or_else(|_| json!({}));
            approval["acknowledge"] = json!(["changed_since_submitted"]);
            approval["reason"] = json!(REASON);
            body = approval.to_string();
            headers.retain(|(name, _)| *name != "content-type");
            headers.push(("content-type", "application/json"));
        }
        let user = &self.users[&text(recorded, "as")];
        let answer = user.send(method, &text(recorded, "path"), &headers, body.into_bytes()).await;
        let mut body = body_of(&answer);
        self.without_what_varies(&mut body);
        json!({"status": answer.status.as_u16(), "body": body})
    }

    fn without_what_varies(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                // Each request has an id of its own. In lines of the audit log it is that of a request that was recorded.
                if members.contains_key("instance") {
                    members.remove("request_id");
                }
                // Where the audit log ends, after the questions that left a line in it.
                if members.get("head").is_some_and(|head| head.get("hash").is_some()) {
                    members.remove("head");
                }
                members.values_mut().for_each(|member| self.without_what_varies(member));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.without_what_varies(item)),
            Value::String(text) => {
                let made: Vec<String> = ids(text).filter(|id| !self.known.contains(id)).collect();
                for id in made {
                    *text = text.replace(&id, "(made by this request)");
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Removes what a review shows as of now, where the answers were recorded as of the submission, and what an approval says of it.
fn without_review(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let waiting = members.get("state").is_some_and(|state| state == "submitted") && members.contains_key("steps");
            if waiting {
                members.remove("counts");
                let rows = members.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten();
                for row in rows.filter_map(Value::as_object_mut) {
                    for field in ["outcome", "observation", "errors", "warnings"] {
                        row.remove(field);
                    }
                }
            }
            if members.get("comment").is_some_and(|comment| comment == REASON) {
                members.remove("comment");
            }
            members.values_mut().for_each(without_review);
        }
        Value::Array(items) => {
            items.retain(|item| item.get("code").is_none_or(|code| code != "changed_since_submitted"));
            items.iter_mut().for_each(without_review);
        }
        Value::String(text) if text == REASON => *value = Value::Null,
        Value::String(text) => *text = text.replace(&format!("\n{REASON}"), ""),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Joins the series of one breakdown, which held periods of all types when the answers were recorded, `last` counted them together, and a
/// year without any figure was left out.
fn with_all_types_of_period_together(answer: &mut Value, path: &str) {
    let last = path.split("&last=").nth(1).and_then(|rest| rest.split('&').next()?.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let Some(items) = answer.pointer_mut("/body/items").and_then(Value::as_array_mut) else { return };
    let mut joined: Vec<Value> = Vec::new();
    for mut item in items.drain(..) {
        if item.get("observations").is_none_or(|points| !points.is_array()) {
            joined.push(item);
            continue;
        }
        item.as_object_mut().unwrap().remove("period_type");
        let of_same = |other: &&mut Value| ["province", "indicator", "breakdown"].iter().all(|name| other[name] == item[name]);
        match joined.last_mut().filter(of_same) {
            Some(same) => same["observations"].as_array_mut().unwrap().extend(item["observations"].as_array().unwrap().iter().cloned()),
            None => joined.push(item),
        }
    }
    for points in joined.iter_mut().filter_map(|item| item.get_mut("observations").and_then(Value::as_array_mut)) {
        points.sort_by_key(|point| (text(point, "end"), text(point, "start"), point["revision"]["number"].as_i64()));
        points.drain(..points.len().saturating_sub(last));
        if points.iter().all(|point| point["reasons"] == json!(["current_missing"])) {
            points.clear();
        }
    }
    *items = joined;
}

/// Removes `current_missing` beside the cause of a gap: some answers gave the cause alone.
fn with_the_cause_alone(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(reasons) = members.get_mut("reasons").and_then(Value::as_array_mut).filter(|reasons| reasons.len() > 1) {
                reasons.retain(|reason| reason != "current_missing");
            }
            members.values_mut().for_each(with_the_cause_alone);
        }
        Value::Array(items) => items.iter_mut().for_each(with_the_cause_alone),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// JSON as it is, lines of JSON as a list, anything else as its lines.
fn body_of(answer: &Answer) -> Value {
    let (media, text) = (answer.header("content-type"), answer.text());
    if media.contains("ndjson") {
        return text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    }
    if media.contains("json") { answer.json() } else { text.lines().map(Value::from).collect() }
}

/// What an answer should be in the words of today.
fn renamed(value: &Value, path: &str) -> Value {
    let value = RENAMED.iter().fold(value.clone(), |value, (old, new, _)| {
        let (within, old) = old.split_once(": ").unwrap_or(("", old));
        if path.contains(within) { replaced(&value, old, new) } else { value }
    });
    with_keys_of_today(&value, &keys_of_today())
}

/// The keys of provinces with the year 2004, and those of today; of a unit that changed in 2008, that of the present one.
fn keys_of_today() -> BTreeMap<String, String> {
    let shipped = read_file("../../data/provinces.csv");
    let keys = shipped.lines().skip(1).filter_map(|line| line.split(',').next());
    let founded = keys.filter(|key| key.ends_with("-1997") || key.ends_with("-2008"));
    // In the order of the file, a key of 2008 comes behind that of 1997.
    let mut of_today: BTreeMap<String, String> = founded.map(|key| (format!("{}-2004", &key[..key.len() - 5]), key.to_owned())).collect();
    of_today.retain(|former, _| !shipped.lines().any(|line| line.starts_with(&format!("{former},"))));
    of_today
}

/// An answer with the keys of today, also within texts. A unit whose territory changed on 1 August 2008 begins that day.
fn with_keys_of_today(value: &Value, keys: &BTreeMap<String, String>) -> Value {
    let word = |text: &str| {
        let words = text.split_inclusive(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-');
        let of_today = |word: &str| {
            let key = word.trim_end_matches(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-');
            keys.get(key).map_or_else(|| word.to_owned(), |today| word.replacen(key, today, 1))
        };
        words.map(of_today).collect::<String>()
    };
    match value {
        Value::Object(members) => {
            let renamed = |(name, member): (&String, &Value)| (word(name), with_keys_of_today(member, keys));
            let mut members: Map<String, Value> = members.iter().map(renamed).collect();
            let since_2008 = members.get("key").and_then(Value::as_str).is_some_and(|key| key.ends_with("-2008"));
            if since_2008 && members.get("valid_from").is_some_and(|day| day == "2004-07-08") {
                members.insert("valid_from".to_owned(), json!("2008-08-01"));
            }
            Value::Object(members)
        }
        Value::Array(items) => items.iter().map(|item| with_keys_of_today(item, keys)).collect(),
        Value::String(text) => Value::String(word(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn replaced(value: &Value, old: &str, new: &str) -> Value {
    let word = |text: &str| {
        if old.contains([' ', ';']) {
            text.replace(old, new)
        } else if text == old {
            new.to_owned()
        } else {
            text.to_owned()
        }
    };
    match value {
        Value::Object(members) => members.iter().map(|(name, member)| (word(name), replaced(member, old, new))).collect(),
        Value::Array(items) => items.iter().map(|item| replaced(item, old, new)).collect(),
        Value::String(text) => Value::String(word(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Notes every place where two values differ.
fn compare(at: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(before), Value::Object(after)) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let at = format!("{at}/{name}");
                match (before.get(name), after.get(name)) {
                    (Some(before), Some(after)) => compare(&at, before, after, differences),
                    (Some(before), None) => differences.push(format!("{at} was {before} and is not there")),
                    (None, Some(after)) => differences.push(format!("{at} was not there and is {after}")),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (n, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{at}/{n}"), before, after, differences);
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!("{at} was {expected} and is {found}")),
    }
}

/// The recorded questions with their answers, in the order in which they were asked.
fn questions() -> Vec<Value> {
    read_file("answers.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}

/// Every id in a text: five groups of hexadecimal digits.
fn ids(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    let is_id = |word: &&str| word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    words.filter(is_id).map(str::to_owned)
}
