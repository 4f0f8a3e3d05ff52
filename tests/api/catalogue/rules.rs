//! Rules as data: how they are recorded, version by version, and which cannot be. How they are kept is in `rules_kept`, what is on record
//! beside them in `validations`.

use chitieu::clock::Clock;
use chitieu::domain::access::scope::Scope;
use chitieu::service::catalogue::snapshot;
use chitieu::store::StoreError;
use serde_json::{Value, json};

use crate::support::figures::{dated, fault};
use crate::support::{TestApp, User, on_both};

on_both! {
    a_rule_is_recorded_found_and_listed,
    the_same_again_changes_nothing_and_another_one_is_a_new_version,
    shipped_rules_are_there_and_what_an_administrator_made_of_them_stays,
    a_rule_that_cannot_be_is_refused_where_it_is_wrong,
    all_that_is_wrong_is_said_at_once_and_nothing_is_recorded,
    a_rule_about_what_somebody_may_not_see_does_not_exist_for_them,
    only_who_keeps_the_catalogue_makes_rules,
    lists_come_in_pages,
}

/// A term as a table writes it: `a`, `a[source:x]` for a part, or a number.
fn term(text: &str) -> Value {
    if let Ok(number) = serde_json::from_str::<Value>(text) {
        return json!({"value": number});
    }
    let Some((indicator, part)) = text.split_once('[') else { return json!({"indicator": text}) };
    let (dimension, member) = part.trim_end_matches(']').split_once(':').unwrap();
    json!({"indicator": indicator, "breakdown": {dimension: member}})
}

/// A rule as a table writes it: `a + b le c`, `r eq n / d`, `a ge 5`; with `~0.5` a tolerance, with `!` an error, with `?` one that
/// requires its figures.
pub fn rule(text: &str) -> Value {
    let mut words = text.split(' ').filter(|word| !["", "!", "?"].contains(word) && !word.starts_with('~'));
    let mut sides = [Vec::new(), Vec::new(), Vec::new()];
    let (mut side, mut relation) = (0, "");
    for word in &mut words {
        match word {
            "le" | "ge" | "eq" => (side, relation) = (1, word),
            "/" => side = 2,
            "+" => {}
            word => sides[side].push(term(word)),
        }
    }
    let said = |mark: &str| text.split(' ').any(|word| word == mark);
    let mut rule = json!({
        "name": "Quy tắc", "name_en": "A rule", "left": sides[0], "relation": relation, "right": sides[1],
        "severity": if said("!") { "error" } else { "warning" }, "missing": if said("?") { "require" } else { "skip" },
    });
    if !sides[2].is_empty() {
        rule["divided_by"] = json!(sides[2]);
    }
    if let Some(tolerance) = text.split(' ').find_map(|word| word.strip_prefix('~')) {
        rule["tolerance"] = serde_json::from_str(tolerance).unwrap();
    }
    rule
}

/// Records a rule.
pub async fn ask(user: &User, code: &str, text: &str) -> Value {
    let answer = user.put(&format!("/v1/rules/{code}"), &rule(text)).await;
    assert!(answer.status.is_success(), "{text}: {}", answer.text());
    answer.json()
}

/// Somebody who defines indicators and rules and submits figures.
pub async fn administrator(app: &TestApp) -> User {
    app.client(&[Scope::Submit, Scope::Catalogue]).await
}

/// Defines indicators of Bắc Giang that have no figure yet: `a b c d n` count things, `x` and `y` are amounts in tỷ and `z` in triệu, `r` is a rate.
pub async fn define(user: &User) {
    let counts = ["a", "b", "c", "d", "n"].map(|code| (code, "flow", "item", 0, 0));
    let others = [("x", "flow", "VND", 9, 1), ("y", "flow", "VND", 9, 1), ("z", "flow", "VND", 6, 1), ("r", "rate", "percent", 0, 2)];
    for (code, measure, unit, unit_mult, decimals) in counts.into_iter().chain(others) {
        let definition = json!({"name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Theo báo cáo.", "field": "it", "unit": unit,
            "unit_mult": unit_mult, "measure": measure, "time_aggregation": if measure == "rate" { "ratio" } else { "sum" },
            "area_aggregation": "none", "direction": "neutral", "decimals": decimals, "min": 0, "frequency": "M",
            "breakdowns": {"source": {"values": null, "complete": false}}});
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
    }
}

async fn a_rule_is_recorded_found_and_listed(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let mut body = rule("r le a + b[source:x] / c ~0.5 !");
    body["legal_reference"] = json!("Thông tư 02/2023/TT-BTTTT");

    let answer = user.put("/v1/rules/first", &body).await;

    let expected = json!({
        "version": 1, "code": "first", "name": "Quy tắc", "name_en": "A rule", "left": [{"indicator": "r"}], "relation": "le",
        "right": [{"indicator": "a"}, {"indicator": "b", "breakdown": {"source": "x"}}], "divided_by": [{"indicator": "c"}],
        "tolerance": 0.5, "missing": "skip", "severity": "error", "legal_reference": "Thông tư 02/2023/TT-BTTTT", "retired": false,
    });
    assert_eq!(answer.expect(201), expected);
    let anyone = app.anyone();
    assert_eq!(anyone.get("/v1/rules/first").await.expect(200), expected);
    let listed = anyone.get("/v1/rules").await.expect(200);
    assert!(listed["items"].as_array().unwrap().contains(&expected), "{listed}");
    assert_eq!(listed["next"], Value::Null);
    let bound = ask(&user, "second", "x + 1.5 ge 1000000").await;
    assert_eq!(bound["left"], json!([{"indicator": "x"}, {"value": 1.5}]));
    assert_eq!(app.another().anyone().get("/v1/rules/second").await.expect(200), bound, "as it is kept");
    assert_eq!(anyone.get("/v1/rules/third").await.fault(404), fault("not_found", ""));
    assert_eq!(anyone.get("/v1/rules/third/versions").await.fault(404), fault("not_found", ""));
}

async fn the_same_again_changes_nothing_and_another_one_is_a_new_version(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let put = async |text: &str, more: Value| {
        let mut body = rule(text);
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        user.put("/v1/rules/changing", &body).await
    };

    for (text, more, status, version, why) in [
        ("a le b", json!({}), 201, 1, "new"),
        ("a le b", json!({}), 200, 1, "the same"),
        ("a le b", json!({"retired": false, "divided_by": null, "reason": "vì sao"}), 200, 1, "the same, said in full"),
        ("a le b ~1", json!({"reason": "làm tròn"}), 200, 2, "another tolerance"),
        ("a le b ~1.0", json!({}), 200, 2, "the same number"),
        ("a le b ~1", json!({"retired": true}), 200, 3, "retired"),
        ("a le b", json!({}), 200, 4, "as it was at first"),
    ] {
        let answer = put(text, more).await.expect(status);
        assert_eq!(answer["version"], version, "{why}");
    }

    let history = app.anyone().get("/v1/rules/changing/versions").await.expect(200);
    let items = history["items"].as_array().unwrap();
    let seen: Vec<Value> =
        items.iter().map(|item| json!([item["version"], item["tolerance"], item["retired"], item["reason"], item["code"]])).collect();
    assert_eq!(
        json!(seen),
        json!([
            [1, null, false, null, "changing"],
            [2, 1, false, "làm tròn", "changing"],
            [3, 1, true, null, "changing"],
            [4, null, false, null, "changing"]
        ])
    );
    assert!(items.windows(2).all(|pair| pair[0]["recorded_at"].as_str() < pair[1]["recorded_at"].as_str()), "{history}");
}

async fn shipped_rules_are_there_and_what_an_administrator_made_of_them_stays(app: TestApp) {
    let (user, path) = (administrator(&app).await, "/v1/rules/sanctioned-entities-of-inspected");
    let shipped = app.anyone().get(path).await.expect(200);
    assert_eq!(
        [&shipped["version"], &shipped["left"], &shipped["relation"], &shipped["right"], &shipped["severity"]],
        [
            &json!(1),
            &json!([{"indicator": "sanctioned-entities"}]),
            &json!("le"),
            &json!([{"indicator": "inspected-entities"}]),
            &json!("warning")
        ]
    );
    let start_again = || {
        let done: Result<(), StoreError> = app.state.context.db.write_blocking(|conn| snapshot::seed(conn, app.clock.now()));
        done.unwrap();
    };

    start_again();
    assert_eq!(app.anyone().get(path).await.expect(200), shipped, "it is loaded once");
    let mut changed = rule("sanctioned-entities le inspected-entities !");
    changed["retired"] = json!(true);
    let mine = user.put(path, &changed).await.expect(200);
    start_again();

    assert_eq!((&mine["version"], app.anyone().get(path).await.expect(200)), (&json!(2), mine.clone()));
}

async fn a_rule_that_cannot_be_is_refused_where_it_is_wrong(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let many = vec!["a"; 51].join(" + ");
    for (text, code, place, why) in [
        ("nothing le b", "unknown_indicator", "/left/0/indicator", "no such indicator"),
        ("a le b + nothing", "unknown_indicator", "/right/1/indicator", "nor on the right"),
        ("r le a / nothing", "unknown_indicator", "/divided_by/0/indicator", "nor below the line"),
        ("a[colour:red] le b", "unknown_breakdown", "/left/0/breakdown", "no such part"),
        ("a le x", "unit_mismatch", "/right/0/indicator", "things and money"),
        ("a + x le b", "unit_mismatch", "/left/1/indicator", "things and money on one side"),
        ("r le a", "unit_mismatch", "/right/0/indicator", "a rate and things"),
        ("a le b / c", "unit_mismatch", "/left/0/indicator", "a share is in percent"),
        ("r le a / x", "unit_mismatch", "/divided_by/0/indicator", "things of money"),
        ("r le r / r", "invalid_value", "/right/0/indicator", "rates of rates"),
        ("r + r le 100", "invalid_value", "/left/0/indicator", "rates are not added up"),
        ("5 le 6", "invalid_value", "/left", "numbers on both sides"),
        ("5 le a", "invalid_value", "/left", "a number on the left"),
        ("r le a + 1 / b", "invalid_value", "/right/1/value", "a number in a share"),
        ("r le a / 100", "invalid_value", "/divided_by/0/value", "a share of a number"),
        ("a le b ~-1", "invalid_value", "/tolerance", "less than none"),
        (" le b", "batch_size", "/left", "nothing on the left"),
        ("a le ", "batch_size", "/right", "nothing on the right"),
        (&format!("{many} le b"), "batch_size", "/left", "too many"),
    ] {
        let mut body = rule(text);
        if text.starts_with("r le r") {
            // The other one is said as well.
            body["divided_by"] = json!([{"indicator": "a"}]);
        }
        let answer = user.put("/v1/rules/bad", &body).await;

        let faults = answer.faults(422);
        assert!(faults.contains(&fault(code, place)), "{text}: {why}: {faults:?}");
        let alone = !text.starts_with("r le r") && !text.starts_with("r + r");
        assert!(faults.len() == 1 || !alone, "{text}: {why}: {faults:?}");
    }
    let allowed = user.put("/v1/rules/bad", &rule("a le x")).await.json()["errors"][0]["allowed"].clone();
    assert_eq!(allowed, json!(["item"]), "the unit that would do");
    assert_eq!(user.put("/v1/rules/Not-A-Code", &rule("a le b")).await.fault(422), fault("invalid_value", "code"));
    assert_eq!(app.anyone().get("/v1/rules/bad").await.status, 404);
    for good in ["r le 100", "r + 5 ge 100", "r eq a + b / a + c", "x + z le y", "a + a le b", "r le r ~2"] {
        ask(&user, "good", good).await;
    }
}

async fn all_that_is_wrong_is_said_at_once_and_nothing_is_recorded(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let body = json!({
        "name": "", "left": [{"indicator": "nothing"}, {"indicator": "a", "value": 1}, {}, 5, {"value": "1.000"}],
        "relation": "lt", "right": {"indicator": "a"}, "divided_by": [], "tolerance": "x", "missing": "zero", "severity": "fatal",
        "legal_reference": 5, "retired": "yes", "reason": "\u{0}", "colour": "red"
    });

    let faults = user.put("/v1/rules/bad", &body).await.faults(422);

    let expected = [
        ("invalid_text", "/name"),
        ("missing_field", "/name_en"),
        ("invalid_value", "/relation"),
        ("invalid_value", "/left/1"),
        ("invalid_value", "/left/2"),
        ("wrong_type", "/left/3"),
        ("ambiguous_number", "/left/4/value"),
        ("wrong_type", "/right"),
        ("not_a_number", "/tolerance"),
        ("invalid_value", "/missing"),
        ("invalid_value", "/severity"),
        ("wrong_type", "/legal_reference"),
        ("wrong_type", "/retired"),
        ("invalid_text", "/reason"),
        ("unknown_field", "/colour"),
        ("unknown_indicator", "/left/0/indicator"),
    ];
    assert_eq!(faults, expected.map(|(code, place)| fault(code, place)));
    assert_eq!(app.anyone().get("/v1/rules/bad").await.status, 404);
    for (body, code) in [("{", "malformed_json"), ("[]", "wrong_type"), ("{\"name\": \"a\", \"name\": \"b\"}", "malformed_json")] {
        let sent = user.send(actix_web::http::Method::PUT, "/v1/rules/bad", &[("content-type", "application/json")], body.into()).await;
        assert_eq!(sent.faults(sent.status.as_u16())[0].0, code, "{body}");
        assert!(sent.status.is_client_error());
    }
}

async fn a_rule_about_what_somebody_may_not_see_does_not_exist_for_them(app: TestApp) {
    let user = app.client(&[Scope::Submit, Scope::Catalogue, Scope::Read]).await;
    define(&user).await;
    let mut internal = app.anyone().get("/v1/indicators/b").await.expect(200);
    for field in ["code", "version"] {
        internal.as_object_mut().unwrap().remove(field);
    }
    internal["access"] = json!("internal");
    ask(&user, "secret", "a le c").await;
    ask(&user, "secret", "a le b !").await;
    ask(&user, "secret", "a + c le b !").await;
    app.keeper().await.put("/v1/indicators/b", &internal).await.expect(200);
    ask(&user, "moved", "a le b").await;
    ask(&user, "moved", "a le d").await;
    let sender = app.department().await;
    user.submit(&json!({"province": "bac-giang-1997", "observations": [dated("b", "10", "2024-05"), dated("c", "1", "2024-05")]})).await;
    let row = json!({"province": "bac-giang-1997", "observations": [dated("a", "12", "2024-05")]});
    let asked = json!({"province": "24", "period": "2024-05"});

    for (who, sees) in [(&app.anyone(), false), (&sender, false), (&user, true)] {
        let status = if sees { 200 } else { 404 };
        assert_eq!(who.get("/v1/rules/secret").await.status, status);
        assert_eq!(who.get("/v1/rules/secret/versions").await.status, status);
        let listed = who.get("/v1/rules").await.expect(200).to_string();
        assert_eq!(listed.contains("\"secret\""), sees, "{listed}");
        let moved = who.get("/v1/rules/moved/versions").await.expect(200);
        assert_eq!(moved["items"].as_array().unwrap().len(), if sees { 2 } else { 1 }, "{moved}");
        let checked = who.post("/v1/validations", &asked).await.expect(200).to_string();
        assert_eq!(checked.contains("\"secret\""), sees, "{checked}");
        assert_eq!(checked.contains("\"b\""), sees, "{checked}");
    }
    let refused = user.post("/v1/submissions?dry_run=true", &row).await;
    assert_eq!(refused.fault(422).0, "rule_broken");
    let accepted = sender.post("/v1/submissions?dry_run=true", &row).await;
    assert_eq!(accepted.expect(200)["rows"][0]["warnings"], json!([]), "nothing is told of a figure that the sender may not see");
    let blind = administrator(&app).await;
    assert_eq!(blind.put("/v1/rules/other", &rule("a le b")).await.fault(422), fault("unknown_indicator", "/right/0/indicator"));
    assert_eq!(blind.put("/v1/rules/secret", &rule("a le c")).await.fault(403).0, "scope_missing", "nor is it replaced unseen");

    // Whoever approves may see it; whoever sent the row is told no figure of it by what is kept with the row.
    let outsider = app.client_of(Some("H02.77"), &[Scope::Submit]).await;
    let mut insisting = dated("a", "12", "2024-05");
    insisting["force"] = json!(true);
    insisting["reason"] = json!("theo báo cáo");
    let sent = outsider.post("/v1/submissions", &json!({"province": "bac-giang-1997", "observations": [insisting]})).await.expect(201);
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());
    let reviewer = app.client_of(None, &[Scope::Approve, Scope::Read]).await;
    let approved = reviewer.send(actix_web::http::Method::POST, &format!("{path}/approve"), &[], Vec::new()).await.expect(200);
    let told = outsider.get(&path).await.expect(200);
    assert_eq!(approved["rows"][0]["warnings"][0]["code"], "rule_broken");
    let message = told["rows"][0]["warnings"][0]["message"].as_str().unwrap();
    assert!(!message.contains("10") && !message.contains("secret"), "{message}");
}

async fn only_who_keeps_the_catalogue_makes_rules(app: TestApp) {
    let body = rule("sanctioned-entities le inspected-entities");
    let other = app.client(&[Scope::Read, Scope::Submit, Scope::Approve, Scope::Targets, Scope::Admin]).await;

    assert_eq!(app.anyone().put("/v1/rules/mine", &body).await.fault(401).0, "token_missing");
    assert_eq!(other.put("/v1/rules/mine", &body).await.fault(403).0, "scope_missing");
    assert_eq!(app.anyone().get("/v1/rules/mine").await.status, 404);
    app.client_of(None, &[Scope::Catalogue]).await.put("/v1/rules/mine", &body).await.expect(201);
}

async fn lists_come_in_pages(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    for n in 0..5 {
        ask(&user, &format!("page-{n}"), "a le b").await;
    }
    let all = app.anyone().get("/v1/rules").await.expect(200)["items"].as_array().unwrap().clone();

    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.anyone().get(&format!("/v1/rules?limit=2{cursor}")).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()), "{page}");
        found.extend(items.clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }

    assert_eq!(found, all);
    let codes: Vec<&str> = all.iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert!(codes.is_sorted() && codes.len() >= 6, "{codes:?}");
    for bad in ["limit=0", "cursor=x", "q=x"] {
        assert_eq!(app.anyone().get(&format!("/v1/rules?{bad}")).await.status, 400, "{bad}");
    }
}
