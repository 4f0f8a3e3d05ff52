//! What GET gives, PUT takes: a resource or a row sent back as it was read changes nothing, and what only the service sets stays as it is.
//! Which members are read-only is read from the document, so that each is tested by being documented.

use std::collections::BTreeSet;

use chitieu::domain::access::scope::Scope;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::catalogue::rules::rule;
use crate::operations::contract::{find, operations, own_types, parts, properties};
use crate::reporting::obligations::owed;
use crate::support::figures::fault;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    everything_that_is_listed_is_taken_back_and_nothing_changes,
    a_read_only_member_that_differs_is_refused_by_name,
    something_new_has_no_read_only_members_but_its_name,
    a_stale_version_is_refused_and_the_current_one_is_edited,
    rows_with_their_own_province_need_none_in_the_batch,
    rows_of_several_organisations_and_days_are_told_apart,
}

/// A kind of resource: where it is listed, where an item is sent to, and the list of the body that takes rows, if it does.
struct Kind {
    name: &'static str,
    list: &'static str,
    put: &'static str,
    rows: Option<&'static str>,
}

const fn by_name(name: &'static str, list: &'static str, put: &'static str) -> Kind {
    Kind { name, list, put, rows: None }
}

const fn in_rows(name: &'static str, path: &'static str, rows: &'static str) -> Kind {
    Kind { name, list: path, put: path, rows: Some(rows) }
}

const KINDS: [Kind; 7] = [
    by_name("indicator", "/v1/indicators", "/v1/indicators/{code}"),
    by_name("rule", "/v1/rules", "/v1/rules/{code}"),
    by_name("organisation", "/v1/organisations", "/v1/organisations/{id}"),
    by_name("client", "/v1/clients", "/v1/clients/{id}"),
    in_rows("target", "/v1/targets", "targets"),
    in_rows("obligation", "/v1/obligations", "obligations"),
    in_rows("province", "/v1/provinces", "provinces"),
];

impl Kind {
    fn of(name: &str) -> &'static Kind {
        KINDS.iter().find(|kind| kind.name == name).unwrap()
    }

    /// The path of an item.
    fn path(&self, item: &Value) -> String {
        let id = ["client_id", "code", "id"].iter().find_map(|name| item[*name].as_str()).unwrap_or_default();
        self.put.replace("{code}", id).replace("{id}", id)
    }

    /// The body with an item, as it is or as the only row.
    fn body(&self, item: &Value) -> Value {
        self.rows.map_or(item.clone(), |rows| json!({rows: [item]}))
    }

    /// The pointer to a member of the item in the body.
    fn at(&self, member: &str) -> String {
        self.rows.map_or(format!("/{member}"), |rows| format!("/{rows}/0/{member}"))
    }

    async fn put(&self, user: &User, item: &Value) -> Answer {
        user.put(&self.path(item), &self.body(item)).await
    }

    /// All items.
    async fn all(&self, user: &User) -> Vec<Value> {
        let mut lists = vec![format!("{}?limit=1000", self.list)];
        match self.name {
            "organisation" => lists = vec![self.list.to_owned()],
            "target" => lists.push("/v1/targets?limit=1000&calendar=nd09".to_owned()),
            _ => {}
        }
        let mut all: Vec<Value> = Vec::new();
        for list in lists {
            let page = user.get(&list).await.expect(200);
            assert_eq!(page["next"], Value::Null, "{list}: all on one page");
            for item in page["items"].as_array().unwrap() {
                if !all.contains(item) {
                    all.push(item.clone());
                }
            }
        }
        all
    }

    /// The members of an item in answers, and in requests.
    fn members(&self) -> [Vec<(String, Value)>; 2] {
        let about = |method: &str, path: &str| operations().into_iter().find(|of| of.method == method && of.path == path).unwrap().about;
        let member = |schema: &Value, name: &str| properties(schema).into_iter().find(|(of, _)| of == name).unwrap().1["items"].clone();
        let listed = about("get", self.list).pointer("/responses/200/content/application~1json/schema").unwrap();
        let taken = about("put", self.put).pointer("/requestBody/content/application~1json/schema").unwrap();
        [properties(&member(listed, "items")), self.rows.map_or_else(|| properties(taken), |rows| properties(&member(taken, rows)))]
    }

    /// The names of the read-only members.
    fn read_only(&self) -> Vec<String> {
        let [_, taken] = self.members();
        taken.into_iter().filter(|(_, schema)| find(schema, "readOnly") == Some(&json!(true))).map(|(name, _)| name).collect()
    }
}

#[test]
fn items_have_one_shape_in_answers_and_in_requests() {
    let mut wrong = Vec::new();

    for kind in KINDS {
        let [listed, taken] = kind.members();
        let types = |schema: &Value| -> BTreeSet<String> {
            parts(schema).into_iter().flat_map(own_types).filter(|name| *name != "null").map(str::to_owned).collect()
        };
        let find_in = |members: &[(String, Value)], name: &str| members.iter().find(|(of, _)| of == name).map(|(_, schema)| schema.clone());
        for (name, schema) in listed.iter().filter(|(name, _)| name != "outcome") {
            match find_in(&taken, name) {
                None => wrong.push(format!("{}: `{name}` is listed and not taken", kind.name)),
                Some(other) if !types(schema).is_subset(&types(&other)) => {
                    wrong.push(format!("{}: `{name}` is listed as {:?} and taken as {:?}", kind.name, types(schema), types(&other)));
                }
                Some(_) => {}
            }
        }
        for (name, schema) in &taken {
            let mark = |mark: &str| find(schema, mark) == Some(&json!(true));
            if find_in(&listed, name).is_none() != mark("writeOnly") {
                wrong.push(format!("{}: `{name}` is writeOnly if and only if it is not listed", kind.name));
            }
        }
        if kind.read_only().is_empty() {
            wrong.push(format!("{}: no member is readOnly", kind.name));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn everything_that_is_listed_is_taken_back_and_nothing_changes(app: TestApp) {
    let (app, user) = filled(app).await;
    let mut wrong = Vec::new();

    for kind in KINDS {
        let before = kind.all(&user).await;
        assert!(before.len() > 4, "{}: {} of them", kind.name, before.len());
        if let Some(rows) = kind.rows {
            // A reorganisation is of one day, and the country of none.
            let before: Vec<&Value> = before.iter().filter(|item| item["key"] != "VN").collect();
            let day = |item: &Value| item["valid_from"].as_str().filter(|_| kind.name == "province").map(str::to_owned);
            let days: BTreeSet<Option<String>> = before.iter().map(|item| day(item)).collect();
            for of in days {
                let of_day: Vec<&Value> = before.iter().copied().filter(|item| day(item) == of).collect();
                let answer = user.put(kind.put, &json!({rows: of_day})).await.expect(200);
                let changed = answer["items"].as_array().unwrap().iter().filter(|item| item["outcome"] != "unchanged");
                wrong.extend(changed.map(|item| format!("{} became {item}", kind.name)));
            }
        } else {
            for item in &before {
                let answer = kind.put(&user, item).await;
                if answer.status != 200 || answer.json() != *item {
                    wrong.push(format!("{} {item}\n  {} {}", kind.name, answer.status, answer.text()));
                }
            }
        }
        assert_eq!(kind.all(&user).await, before, "{}: the list", kind.name);
    }

    assert!(wrong.is_empty(), "{} were not taken back:\n{}", wrong.len(), wrong.join("\n"));
    drop(app);
}

async fn a_read_only_member_that_differs_is_refused_by_name(app: TestApp) {
    let (app, user) = filled(app).await;
    let (mut tried, mut wrong) = (BTreeSet::new(), Vec::new());

    for kind in KINDS {
        let before = kind.all(&user).await;
        let read_only = kind.read_only();
        let nth = (before.len() / 5).max(1);
        for item in before.iter().filter(|item| item["key"] != "VN").step_by(nth) {
            for member in &read_only {
                // The path names the item that is stored; the body says something else.
                let (stored, mut changed) = (item[member].clone(), item.clone());
                changed[member] = other(member, &stored);
                let answer = user.put(&kind.path(item), &kind.body(&changed)).await;

                let named = if stored.is_null() {
                    "nothing is stored".to_owned()
                } else {
                    stored.as_str().map_or_else(|| stored.to_string(), str::to_owned)
                };
                let refused = answer.status == 422
                    && answer.faults(422) == [fault("invalid_value", &kind.at(member))]
                    && answer.json()["errors"][0]["message"].as_str().unwrap().contains(&named);
                if !refused {
                    wrong.push(format!("{} with another {member}: {changed}\n  {} {}", kind.name, answer.status, answer.text()));
                }
                tried.insert((kind.name, member.clone()));
            }
            let mut more = item.clone();
            more["no_such_member"] = json!(1);
            let answer = kind.put(&user, &more).await;
            if answer.status != 422 || answer.faults(422) != [fault("unknown_field", &kind.at("no_such_member"))] {
                wrong.push(format!("{} with an unknown member: {} {}", kind.name, answer.status, answer.text()));
            }
        }
        assert_eq!(kind.all(&user).await, before, "{}: nothing that was refused is stored", kind.name);
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(tried.len(), 20, "{tried:?}");
    drop(app);
}

async fn something_new_has_no_read_only_members_but_its_name(app: TestApp) {
    let (app, user) = filled(app).await;
    let later = "2027-01-01T00:00:00Z";

    for (kind, change, refused, why) in [
        ("indicator", json!({"code": "copied", "version": null}), &[][..], "the code in the path"),
        ("indicator", json!({"code": "copied-2", "version": 1}), &["version"], "no version is stored"),
        ("rule", json!({"code": "copied", "version": null}), &[], "the code in the path"),
        ("rule", json!({"code": "copied-2", "version": 1}), &["version"], "no version is stored"),
        ("organisation", json!({"id": "H99.1"}), &[], "the identifier in the path"),
        (
            "target",
            json!({"period": "2017", "start": "2017-01-01", "end": "2017-12-31", "id": null, "revision": null, "recorded_at": null}),
            &[],
            "the days of the period",
        ),
        ("target", json!({"period": "2018", "recorded_at": later}), &["id", "revision", "start", "end", "recorded_at"], "another period"),
        ("obligation", json!({"indicator": "n", "recorded_at": later}), &["id", "version", "recorded_at"], "another indicator"),
    ] {
        let kind = Kind::of(kind);
        let mut item = kind.all(&user).await.remove(0);
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());

        let answer = kind.put(&user, &item).await;

        if refused.is_empty() {
            let created = answer.status == 201 || answer.status == 200 && answer.json()["items"][0]["outcome"] == "created";
            assert!(created, "{} {why}: {} {}", kind.name, answer.status, answer.text());
        } else {
            let found: BTreeSet<(String, String)> = answer.faults(422).into_iter().collect();
            let wanted = refused.iter().map(|member| fault("invalid_value", &kind.at(member))).collect();
            assert_eq!(found, wanted, "{} {why}: {}", kind.name, answer.text());
        }
    }
    let kind = Kind::of("client");
    let mut client = kind.all(&user).await.remove(0);
    client["name"] = json!("copied");
    let found: BTreeSet<(String, String)> = user.post("/v1/clients", &client).await.faults(422).into_iter().collect();
    let stored = kind.read_only().into_iter().filter(|member| !client[member].is_null());
    assert_eq!(found, stored.map(|member| fault("invalid_value", &kind.at(&member))).collect(), "a new client has none of these");
    drop(app);
}

async fn a_stale_version_is_refused_and_the_current_one_is_edited(app: TestApp) {
    let (app, user) = filled(app).await;

    for (kind, version, member, value) in [
        ("indicator", "version", "name_en", json!("Edited")),
        ("rule", "version", "tolerance", json!(7.5)),
        ("target", "revision", "value", json!(4321)),
        ("obligation", "version", "closes_after_days", json!(99)),
    ] {
        let kind = Kind::of(kind);
        // A target that is a band has no value.
        let has_value = |item: &Value| kind.name != "target" || !item[member].is_null();
        let first = kind.all(&user).await.into_iter().find(has_value).unwrap();
        let mut second = first.clone();
        second[member] = value;

        let answer = kind.put(&user, &second).await.expect(200);
        let stale = kind.put(&user, &first).await;

        let stored = kind.rows.map_or(&answer, |_| &answer["items"][0]);
        assert_eq!((&stored[version], &stored[member]), (&json!(first[version].as_i64().unwrap() + 1), &second[member]), "{}", kind.name);
        let found: BTreeSet<(String, String)> = stale.faults(422).into_iter().collect();
        assert!(found.contains(&fault("invalid_value", &kind.at(version))), "{} sent again as it was: {found:?}", kind.name);
        let mut current = stored.clone();
        current.as_object_mut().unwrap().remove("outcome");
        let again = kind.put(&user, &current).await.expect(200);
        let again = kind.rows.map_or(&again, |_| &again["items"][0]);
        assert_eq!(again[version], current[version], "{} as it is answered", kind.name);
    }
    drop(app);
}

async fn rows_with_their_own_province_need_none_in_the_batch(app: TestApp) {
    let user = everyone(&app).await;
    let target = |more: Value| {
        let mut row = json!({"indicator": "bts-sites", "period": "2024", "value": 1600});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };

    for (batch, rows, refused, why) in [
        (json!({}), vec![target(json!({"province": "24"}))], vec![], "its own"),
        (
            json!({"province": "24"}),
            vec![target(json!({"province": "Bắc Ninh", "calendar": "nd09"}))],
            vec![],
            "another than that of the batch",
        ),
        (json!({}), vec![target(json!({}))], vec![fault("missing_field", "/province")], "none"),
        (
            json!({}),
            vec![target(json!({"province": "24"})), target(json!({"period": "2023"}))],
            vec![fault("missing_field", "/province")],
            "one has none",
        ),
        (
            json!({"province": "24"}),
            vec![target(json!({"province": "nowhere"}))],
            vec![fault("unknown_province", "/targets/0/province")],
            "an unknown one",
        ),
        (json!({"province": "24"}), vec![target(json!({"province": 5}))], vec![fault("wrong_type", "/targets/0/province")], "no text"),
        (json!({"province": "nowhere"}), vec![target(json!({}))], vec![fault("unknown_province", "/province")], "of the batch"),
    ] {
        let mut body = batch;
        body["targets"] = json!(rows);
        let answer = user.put("/v1/targets", &body).await;
        if refused.is_empty() {
            answer.expect(200);
        } else {
            assert_eq!(answer.faults(422), refused, "{why}");
        }
    }
    let listed = Kind::of("target").all(&user).await;
    let places: Vec<[&Value; 2]> = listed.iter().map(|target| [&target["province"], &target["calendar"]]).collect();
    assert_eq!(places, [[&json!("bac-giang-1997"), &json!("civil")], [&json!("bac-ninh-1997"), &json!("nd09")]]);
}

async fn rows_of_several_organisations_and_days_are_told_apart(app: TestApp) {
    let user = everyone(&app).await;
    let row = |more: Value| {
        let mut row =
            json!({"indicator": "bts-sites", "frequency": "M", "deadline": {"months_after": 1, "day": 10}, "valid_from": "2026-01-01"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let whose = json!({"organisation": "H02.13", "province": "24"});
    let other = json!({"organisation": "H02.14", "province": "24", "indicator": "fines-total", "source": {"number": "1"}, "reason": "mới"});

    for (batch, rows, refused, why) in [
        (json!({}), vec![row(whose.clone()), row(other)], vec![], "two organisations"),
        (json!({}), vec![row(json!({}))], vec![fault("missing_field", "/organisation"), fault("missing_field", "/province")], "nobody"),
        (
            whose.clone(),
            vec![row(json!({"organisation": "?"}))],
            vec![fault("invalid_value", "/obligations/0/organisation")],
            "no identifier",
        ),
        (
            whose.clone(),
            vec![row(json!({"province": "nowhere"}))],
            vec![fault("unknown_province", "/obligations/0/province")],
            "no province",
        ),
        (
            whose.clone(),
            vec![row(json!({"indicator": "nothing"}))],
            vec![fault("unknown_indicator", "/obligations/0/indicator")],
            "no indicator",
        ),
        (
            whose.clone(),
            vec![row(json!({"indicators": ["bts-sites"]}))],
            vec![fault("contradictory_row", "/obligations/0")],
            "one and several",
        ),
        (
            whose.clone(),
            vec![row(json!({"indicator": null}))],
            vec![fault("missing_field", "/obligations/0/indicators")],
            "no indicator at all",
        ),
    ] {
        let mut body = batch;
        body["obligations"] = json!(rows);
        let answer = user.put("/v1/obligations", &body).await;
        if refused.is_empty() {
            answer.expect(200);
        } else {
            assert_eq!(answer.faults(422), refused, "{why}");
        }
    }
    let listed = Kind::of("obligation").all(&user).await;
    let told = |item: &Value| {
        [&item["organisation"], &item["indicator"], &item["source"]["number"], &item["reason"]].map(Value::to_string).join(" ")
    };
    assert_eq!(
        listed.iter().map(told).collect::<Vec<_>>(),
        ["\"H02.13\" \"bts-sites\" null null", "\"H02.14\" \"fines-total\" \"1\" \"mới\""]
    );
    let withdrawal = row(json!({"organisation": "H02.13", "province": "24", "deadline": null, "withdraw": true, "reason": "sai"}));
    let withdrawn = user.put("/v1/obligations", &json!({"obligations": [withdrawal]})).await.expect(200);
    assert_eq!(withdrawn["items"][0]["outcome"], "withdrawn", "with the reason of the row");
    let provinces = Kind::of("province").all(&user).await;
    let of = |key: &str| provinces.iter().find(|province| province["key"] == key).unwrap();
    let two_days = json!({"provinces": [of("bac-ninh-2025"), of("bac-giang-1997")]});
    let faults = user.put("/v1/provinces", &two_days).await.faults(422);
    assert!(faults.contains(&fault("invalid_value", "/provinces/1/valid_from")), "two days: {faults:?}");
}

/// Another value of the type of a member.
fn other(member: &str, stored: &Value) -> Value {
    match stored {
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::Array(items) => json!(items.iter().chain([&json!("other")]).collect::<Vec<_>>()),
        _ if member.ends_with("_at") => json!("2026-01-01T00:00:00Z"),
        _ => json!("1999-01-01"),
    }
}

/// Someone who may do everything.
async fn everyone(app: &TestApp) -> User {
    let all: Vec<Scope> = Scope::WORDS.iter().map(|word| Scope::parse(word).unwrap()).collect();
    app.client_of(None, &all).await
}

/// A database with the shipped catalogue and the real figures, and of every kind some that were generated or edited.
async fn filled(app: TestApp) -> (TestApp, User) {
    let app = app.with_real_figures().await;
    let user = everyone(&app).await;
    let mut runner = TestRunner::deterministic();
    define(&user).await;
    for (n, (indicator, rule)) in
        prop::collection::vec((indicator(), a_rule()), 16).new_tree(&mut runner).unwrap().current().iter().enumerate()
    {
        user.put(&format!("/v1/indicators/made-{n}"), indicator).await.expect(201);
        user.put(&format!("/v1/rules/made-{n}"), rule).await.expect(201);
    }
    for n in 1..=4 {
        user.put(&format!("/v1/organisations/H02.{n}"), &json!({"name": format!("Sở số {n}"), "trusted": n % 2 == 0})).await.expect(201);
    }
    for (province, calendar) in [("bac-giang-2004", "civil"), ("bac-giang-2004", "nd09"), ("bac-ninh-2004", "civil")] {
        let rows = targets(province, calendar).new_tree(&mut runner).unwrap().current();
        user.put("/v1/targets", &json!({"targets": rows})).await.expect(200);
    }
    let rows = [
        "a,b M civil 1/10",
        "c Q nd09 0/6 from 2026-01-01 to 2026-12-31 closes 20",
        "d M civil 1/10 to-date",
        "a A civil -1/25 closes 0",
        "b,c S civil 2/1",
    ];
    let rows: Vec<Value> = rows.iter().map(|text| owed(text)).collect();
    let obligations = json!({"organisation": "H02.13", "province": "bac-ninh-2025", "source": {"number": "02/2023/TT-BTTTT", "date": "2023-03-21"}, "obligations": rows});
    user.put("/v1/obligations", &obligations).await.expect(200);
    let merged = json!({"valid_from": "2027-01-01", "source": {"number": "01/2026/QH16"}, "provinces": [{"key": "dong-xuyen-2027", "code": "97",
        "name": "Đông Xuyên", "name_en": "Dong Xuyen", "unit_type": "province", "agency_code": "H99", "predecessors": ["24", "Lạng Sơn"]}]});
    user.put("/v1/provinces", &merged).await.expect(200);
    let key = json!({"kty": "OKP", "crv": "Ed25519", "kid": "2026-11", "use": "sig", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let elliptic = json!({"kty": "EC", "crv": "P-256", "kid": "2026-12", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"});
    for (name, more, then) in [
        ("plain", json!({}), ""),
        (
            "narrowed",
            json!({"organisation": "H02.12", "provinces": ["bac-giang-2004"], "fields": ["it"], "expires_at": "2027-01-01T07:00:00+07:00"}),
            "rotate",
        ),
        ("keyed", json!({"jwks": {"keys": [key, elliptic]}}), "disable"),
    ] {
        let mut client = json!({"name": name, "scopes": ["submit", "read"]});
        client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = user.post("/v1/clients", &client).await.expect(201);
        if !then.is_empty() {
            user.post(&format!("/v1/clients/{}/{then}", made["client_id"].as_str().unwrap()), &json!({})).await.expect(200);
        }
    }
    (app, user)
}

/// Defines the indicators of the rules and obligations: `a b c d n` count cases, `x` and `y` are amounts in tỷ and `z` in triệu, `r` is a rate.
async fn define(user: &User) {
    let counts = ["a", "b", "c", "d", "n"].map(|code| (code, "flow", "sum", "case", 0));
    let others = [
        ("x", "flow", "sum", "VND", 9),
        ("y", "flow", "sum", "VND", 9),
        ("z", "flow", "sum", "VND", 6),
        ("r", "rate", "ratio", "percent", 0),
    ];
    for (code, measure, time, unit, unit_mult) in counts.into_iter().chain(others) {
        let definition = json!({"name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Theo báo cáo.", "field": "it", "unit": unit,
            "unit_mult": unit_mult, "measure": measure, "time_aggregation": time, "area_aggregation": "none", "direction": "neutral",
            "decimals": 0, "frequency": "M", "breakdowns": {"source": {"values": null}}});
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
    }
}

/// A text of a definition.
fn words() -> impl Strategy<Value = String> {
    "[A-ZĐẮ][a-zđắợ0-9 ,;%/\"\\\\]{0,40}[a-zđ]"
}

/// An exact number with the digits that it is written with.
fn number() -> impl Strategy<Value = Value> {
    "(0|[1-9][0-9]{0,5})(\\.[0-9]{1,3})?".prop_map(|digits| serde_json::from_str(&digits).unwrap())
}

/// A definition of an indicator that is accepted.
fn indicator() -> impl Strategy<Value = Value> {
    let measures = [
        ("flow", "sum", "sum"),
        ("flow", "none", "none"),
        ("stock", "last", "sum"),
        ("rate", "ratio", "ratio"),
        ("rate", "none", "none"),
        ("average", "none", "none"),
    ];
    let units = vec![
        json!({"unit": "VND", "unit_mult": 9}),
        json!({"unit": "VND"}),
        json!({"unit": "case", "unit_mult": 3}),
        json!({"unit": "ghe", "unit_label": {"name": "ghế", "name_en": "seat"}}),
    ];
    let label = json!({"name": "cố định", "name_en": "fixed"});
    let breakdowns = vec![
        Value::Null,
        json!({}),
        json!({"line_type": {"values": ["fixed", "mobile"], "complete": false, "labels": {"fixed": label}}}),
        json!({"event": {"values": null}, "source": {"values": ["x"], "labels": {}}}),
    ];
    let meaning = (select(measures.to_vec()), select(units), select(breakdowns), select(vec!["up", "down", "neutral"]), 0..=6);
    let bounds = (prop::option::of(number()), prop::option::of(number()));
    let reporting = (
        select(vec!["M", "Q", "S", "A"]),
        prop::option::of(select(vec!["civil", "nd09"])),
        prop::option::of(select(vec!["open", "internal", "restricted"])),
    );
    ((words(), words(), words()), meaning, bounds, reporting, prop::option::of(words())).prop_map(
        |((name, name_en, definition), ((measure, time, area), unit, breakdowns, direction, decimals), (min, yoy_limit), (frequency, calendar, access), external_ref)| {
            let mut indicator = json!({
                "name": name, "name_en": name_en, "definition": definition, "field": "it", "measure": measure, "time_aggregation": time,
                "area_aggregation": area, "direction": direction, "decimals": decimals, "min": min, "yoy_limit": yoy_limit, "breakdowns": breakdowns,
                "frequency": frequency, "calendar": calendar, "access": access, "external_ref": external_ref,
            });
            let unit = if measure == "rate" { json!({"unit": "percent"}) } else { unit };
            indicator.as_object_mut().unwrap().extend(unit.as_object().unwrap().clone());
            indicator
        },
    )
}

/// A rule between the indicators that the tests of rules define, which is accepted.
fn a_rule() -> impl Strategy<Value = Value> {
    let texts = [
        "a le b",
        "a + b[source:x] eq c + 12.50",
        "a ge 0",
        "x + 1.5 le z + y",
        "r eq a / b + c",
        "r[source:y] le 99.9",
        "r ge a[source:x] / n",
    ];
    let marks = (select(vec!["", " !"]), select(vec!["", " ?"]), select(vec!["", " ~0", " ~0.50", " ~12"]));
    let more = (words(), words(), prop::option::of(words()), prop::option::of(any::<bool>()), any::<bool>());
    (select(texts.to_vec()), marks, more).prop_map(
        |(text, (severity, missing, tolerance), (name, name_en, legal_reference, retired, empty))| {
            let mut rule = rule(&format!("{text}{severity}{missing}{tolerance}"));
            let more = json!({"name": name, "name_en": name_en, "legal_reference": legal_reference, "retired": retired});
            rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            if empty && rule.get("divided_by").is_none() {
                rule["divided_by"] = json!([]);
            }
            rule
        },
    )
}

/// Targets of one batch, each for a period of its own, of every kind and shape of path.
fn targets(province: &'static str, calendar: &'static str) -> impl Strategy<Value = Vec<Value>> {
    let conditions = vec![
        json!({"value": 2400}),
        json!({"value": 2400.50, "kind": "at_most", "unit_mult": 8}),
        json!({"value": "12", "kind": "exactly"}),
        json!({"low": 10, "high": 20.5}),
        json!({"value": 2400, "phasing": "even"}),
        json!({"value": 2400, "phasing": "last_year"}),
        json!({"value": 2400, "baseline": {"period": "2019", "value": 1000}}),
    ];
    let periods = ["2022-03", "2022-Q2", "2022-H1", "2022", "2023-11", "2023-Q4", "2023-H2", "2023", "2024-9M", "2024"];
    let source = (prop::option::of(words()), prop::option::of(words()), prop::option::of(select(vec!["2023-12-31", "2024-01-15"])));
    let row = (select(conditions), source, prop::option::of(words()));
    prop::collection::vec(row, periods.len()).prop_map(move |rows| {
        let target = |(period, (condition, (title, number, date), reason)): (&&str, (Value, _, _))| {
            let mut row = json!({"province": province, "calendar": calendar, "indicator": "telecom-internet-revenue", "period": period,
                "source": {"title": title, "number": number, "date": date}, "reason": reason});
            row.as_object_mut().unwrap().extend(condition.as_object().unwrap().clone());
            if *period == "2024"
                && condition.get("phasing").is_none()
                && condition.get("low").is_none()
                && condition.get("baseline").is_none()
            {
                row["milestones"] = json!([{"by": "2024-Q1", "value": 5}, {"by": "2024-H1", "value": 9.75}]);
            }
            row
        };
        periods.iter().zip(rows).map(target).collect()
    })
}
