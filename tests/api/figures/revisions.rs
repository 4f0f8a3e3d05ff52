//! Revisions: a figure is corrected, confirmed or declared to be none, and nothing that was said is lost.
//! Withdrawals are in withdrawals.rs; histories of targets and definitions, and series of past revisions, in vintages.rs.

use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients::{self, NewClient};
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::app::trust;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_correction_is_a_revision_with_its_author_reason_and_source,
    the_same_figure_from_another_place_is_one_more_source,
    a_figure_without_a_source_confirms_nothing,
    sources_belong_to_the_revision_that_they_confirm,
    a_figure_replaces_one_that_is_no_more_final_than_itself,
    a_less_final_figure_takes_its_whole_batch_with_it,
    who_insists_says_why,
    who_insists_without_need_is_not_warned,
    nothing_in_place_of_a_figure_needs_a_reason,
    a_change_is_as_large_as_the_measure_says,
    a_history_that_is_not_there_is_not_found,
    the_history_of_an_internal_indicator_is_for_those_who_may_read_it,
    a_dry_run_answers_as_the_real_run_does_and_stores_nothing,
}

async fn a_correction_is_a_revision_with_its_author_reason_and_source(app: TestApp) {
    trust(&app.state, "G11.3");
    let (tax, statistics) = (speaking_for(&app, "H02.12").await, speaking_for(&app, "G11.3").await);
    let report =
        |title: &str, row: Value| json!({"province": "24", "period": "2024-05", "source": {"title": title}, "observations": [row]});
    let estimate = json!({"indicator": "fines-total", "value": 200, "status": "E", "bound": "approx", "locator": "tr. 3"});
    let first = tax.submit(&report("Báo cáo tháng 5", estimate)).await;
    app.clock.set("2026-11-21T02:05:00Z");
    let second =
        statistics.submit(&report("Niên giám", json!({"indicator": "fines-total", "value": 230, "reason": "số chính thức"}))).await;

    let history = app.anyone().get(&history_of(&first["rows"][0])).await.expect(200);

    assert_eq!(second["rows"][0]["outcome"], "updated");
    assert_eq!(second["rows"][0]["observation"], first["rows"][0]["observation"], "one observation, two revisions");
    assert_eq!(history["id"], first["rows"][0]["observation"]);
    assert_eq!((&history["province"]["key"], &history["indicator"]["code"]), (&json!("bac-giang-1997"), &json!("fines-total")));
    assert_eq!((&history["period"]["code"], &history["breakdown"], &history["next"]), (&json!("2024-05"), &json!({}), &Value::Null));
    assert_eq!(history["claims"], json!([]));
    assert_eq!(
        history["items"],
        json!([
            {
                "revision": 1, "supersedes": null, "content": "figure", "figure": {"value": 200, "bound": "approx", "status": "E"},
                "change": null, "change_pct": null, "reason": null, "organisation": "H02.12", "submission": first["id"],
                "sources": [{"title": "Báo cáo tháng 5", "number": null, "date": null, "locator": "tr. 3"}], "definition_version": 1,
                "recorded_at": "2026-11-21T02:00:00Z", "superseded_at": "2026-11-21T02:05:00Z",
            },
            {
                "revision": 2, "supersedes": 1, "content": "figure", "figure": {"value": 230, "bound": "eq", "status": "A"},
                "change": null, "change_pct": null, "reason": "số chính thức", "organisation": "G11.3", "submission": second["id"],
                "sources": [{"title": "Niên giám", "number": null, "date": null}], "definition_version": 1,
                "recorded_at": "2026-11-21T02:05:00Z", "superseded_at": null,
            },
        ])
    );
}

async fn the_same_figure_from_another_place_is_one_more_source(app: TestApp) {
    let department = app.department().await;
    let report = |title: &str, locator: Value, wording: Value| {
        let row = json!({"indicator": "fines-total", "value": 230, "locator": locator, "wording": wording});
        json!({"province": "24", "period": "2024-05", "source": {"title": title}, "observations": [row]})
    };
    let places = ["Sở A | tr. 1 | 230 triệu", "Sở B", "Sở B | tr. 9", "Sở B | tr. 9 | đạt 230 triệu"];

    for (minute, (batch, outcome, known, why)) in [
        (report("Sở A", json!("tr. 1"), json!("230 triệu")), "created", 1, "the document it is taken from"),
        (report("Sở A", json!("tr. 1"), json!("230 triệu")), "unchanged", 1, "the very same passage"),
        (report("Sở B", json!(null), json!(null)), "unchanged", 2, "a second document"),
        (report("Sở B", json!(null), json!(null)), "unchanged", 2, "which was remembered"),
        (report("Sở B", json!("tr. 9"), json!(null)), "unchanged", 3, "another page of it"),
        (report("Sở B", json!("tr. 9"), json!("đạt 230 triệu")), "unchanged", 4, "other words"),
        (report("Sở A", json!("tr. 1"), json!("230 triệu")), "unchanged", 4, "the first one once more"),
    ]
    .into_iter()
    .enumerate()
    {
        app.clock.set(&format!("2026-11-21T02:0{minute}:00Z"));
        let submission = department.submit(&batch).await;

        assert_eq!(submission["rows"][0]["outcome"], outcome, "{why}");
        let revisions = revisions(&app, &submission["rows"][0]).await;
        assert_eq!(revisions.len(), 1, "{why}: a source is no revision");
        assert_eq!(sources(&revisions[0]), places[..known].join("; "), "{why}");
    }
}

async fn a_figure_without_a_source_confirms_nothing(app: TestApp) {
    let department = app.department().await;
    department.submit(&json!({"province": "24", "period": "2024-05", "source": {"title": "Sở A"}, "observations": [fines(230)]})).await;

    let again = expect_outcome(&department, fines(230), "unchanged").await;

    assert_eq!(sources(&revisions(&app, &again).await[0]), "Sở A");
}

async fn sources_belong_to_the_revision_that_they_confirm(app: TestApp) {
    let department = app.department().await;
    let report =
        |title: &str, row: Value| json!({"province": "24", "period": "2024-05", "source": {"title": title}, "observations": [row]});
    for (title, value) in [("Sở A", 230), ("Sở B", 230), ("Sở C", 240), ("Sở B", 240), ("Sở D", 230), ("Sở B", 230)] {
        department.submit(&report(title, with(fines(value), "reason", json!("đối chiếu")))).await;
    }
    let withdrawal = json!({"indicator": "fines-total", "withdraw": true, "reason": "nhầm"});
    let mut rows = Value::Null;
    for title in ["Sở E", "Sở F"] {
        rows = department.submit(&report(title, withdrawal.clone())).await["rows"][0].clone();
    }

    let revisions = revisions(&app, &rows).await;

    let said: Vec<String> = revisions.iter().map(sources).collect();
    assert_eq!(said, ["Sở A; Sở B", "Sở C; Sở B", "Sở D; Sở B", "Sở E; Sở F"], "also one that says that there is none");
}

async fn a_figure_replaces_one_that_is_no_more_final_than_itself(app: TestApp) {
    let department = app.department().await;

    for (month, (before, after, refused, why)) in [
        ("E", "E", false, "a new estimate"),
        ("E", "P", false, "complete now"),
        ("E", "A", false, "official at once"),
        ("P", "E", true, "an estimate knows less than a complete count"),
        ("P", "P", false, "counted again"),
        ("P", "A", false, "confirmed"),
        ("A", "E", true, "an estimate knows less than the official figure"),
        ("A", "P", true, "nothing unconfirmed replaces what is official"),
        ("A", "A", false, "an official correction"),
    ]
    .into_iter()
    .enumerate()
    {
        let case = format!("{after} over {before}: {why}");
        let sent = |value: i64, status: &str| json!({"indicator": "fines-total", "period": format!("2024-0{}", month + 1), "value": value, "status": status});
        expect_outcome(&department, sent(50, before), "created").await;

        let answer = submit_one(&department, sent(60, after)).await;

        if !refused {
            assert_eq!(row(&answer, "updated")["warnings"], json!([]), "{case}");
            continue;
        }
        assert_eq!(answer.fault(422), fault("lower_status", "/observations/0/status"), "{case}");
        let same_number = submit_one(&department, sent(50, after)).await;
        assert_eq!(same_number.fault(422), fault("lower_status", "/observations/0/status"), "{case}; the same number is no less");
        let insisting = with(with(sent(60, after), "force", json!(true)), "reason", json!("rút số cũ"));
        let insisting = expect_outcome(&department, insisting, "updated").await;
        let warnings: Vec<&Value> = insisting["warnings"].as_array().unwrap().iter().map(|warning| &warning["code"]).collect();
        assert_eq!(warnings, ["lower_status"], "{case}");
        let revisions = revisions(&app, &insisting).await;
        let said = |revision: &Value| format!("{} {} {}", revision["figure"]["value"], revision["figure"]["status"], revision["reason"]);
        let expected = [format!("50 \"{before}\" null"), format!("60 \"{after}\" \"rút số cũ\"")];
        assert_eq!(revisions.iter().map(said).collect::<Vec<_>>(), expected, "{case}; the refused ones left nothing");
    }
}

async fn a_less_final_figure_takes_its_whole_batch_with_it(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, fines(200), "created").await;
    expect_outcome(&department, json!({"indicator": "bts-sites", "value": 1500, "status": "P"}), "created").await;
    let before = everything(&app).await;
    let rows = json!([
        {"indicator": "videoconferences-served", "value": 7},
        {"indicator": "fines-total", "value": 210, "status": "P"},
        {"indicator": "phone-subscribers", "value": 1_930_360},
        {"indicator": "bts-sites", "value": 1501, "status": "E"},
    ]);

    let answer = department.post("/v1/submissions", &batch(&rows)).await;

    let expected = [fault("lower_status", "/observations/1/status"), fault("lower_status", "/observations/3/status")];
    assert_eq!(answer.faults(422), expected, "each of them is named, and none of the others");
    assert_eq!(everything(&app).await, before, "nothing was stored");
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"].as_array().unwrap().len(), 2);
}

async fn who_insists_says_why(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, fines(200), "created").await;
    let before = everything(&app).await;

    for (row, why) in [
        (json!({"indicator": "fines-total", "value": 190, "status": "E", "force": true}), "in place of a more final figure"),
        (json!({"indicator": "fines-total", "value": 210, "force": true}), "although there is nothing to insist on"),
        (json!({"indicator": "bts-sites", "value": 210, "force": true}), "although there is nothing on record"),
    ] {
        let answer = submit_one(&department, row).await;

        assert_eq!(answer.fault(422), fault("reason_missing", "/observations/0/reason"), "{why}");
        assert_eq!(everything(&app).await, before, "{why}");
    }
}

async fn who_insists_without_need_is_not_warned(app: TestApp) {
    let department = app.department().await;
    expect_outcome(&department, json!({"indicator": "fines-total", "value": 200, "status": "P"}), "created").await;
    let insisting = |status: &str, value: i64| json!({"indicator": "fines-total", "value": value, "status": status, "force": true, "reason": "rà soát"});

    let final_now = expect_outcome(&department, insisting("A", 210), "updated").await;
    let lower = expect_outcome(&department, insisting("E", 220), "updated").await;
    let again = expect_outcome(&department, insisting("E", 220), "unchanged").await;

    assert_eq!(final_now["warnings"], json!([]));
    let listed = department.get("/v1/submissions").await.expect(200);
    let found = department.get(&format!("/v1/submissions/{}", listed["items"][1]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(found["rows"][0], lower, "the submission says so for good");
    assert_eq!(lower["warnings"][0]["code"], "lower_status");
    let message = lower["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("210"), "the figure that it replaces: {message}");
    assert_eq!(again["warnings"], json!([]), "what changes nothing replaces nothing");
}

async fn nothing_in_place_of_a_figure_needs_a_reason(app: TestApp) {
    let department = app.department().await;
    let nil = json!({"indicator": "fines-total", "nil": true});
    expect_outcome(&department, fines(200), "created").await;

    let without_reason = submit_one(&department, nil.clone()).await;
    let with_reason = expect_outcome(&department, with(nil.clone(), "reason", json!("không phát sinh")), "updated").await;
    expect_outcome(&department, nil.clone(), "unchanged").await;
    expect_outcome(&department, with(nil.clone(), "reason", json!("lý do khác")), "unchanged").await;

    assert_eq!(without_reason.fault(422), fault("reason_missing", "/observations/0/reason"));
    let revisions = revisions(&app, &with_reason).await;
    assert_eq!(revisions.iter().map(|revision| &revision["content"]).collect::<Vec<_>>(), ["figure", "nil"]);
    assert_eq!((&revisions[1]["figure"], &revisions[1]["reason"]), (&Value::Null, &json!("không phát sinh")));
    let compared = compared(&app, "2024-05", "").await;
    assert_eq!(compared["current"], Value::Null, "neither 200 nor 0");
    assert!(compared["same_period_last_year"]["reasons"].as_array().unwrap().contains(&json!("nil_declared")), "{compared}");
    let next = with(nil, "period", json!("2024-06"));
    expect_outcome(&department, next, "created").await;
}

async fn a_change_is_as_large_as_the_measure_says(app: TestApp) {
    let department = app.department().await;
    let value = |value: Value| json!({"value": value});
    let about = |value: i64| json!({"value": value, "bound": "approx"});
    let ratio = |numerator: i64| json!({"numerator": numerator, "denominator": 400});

    for (month, (indicator, before, after, change, change_pct, why)) in [
        ("fines-total", value(json!(200)), value(json!(230)), json!(30), json!(15), "an amount"),
        ("fines-total", value(json!(300)), value(json!(299.5)), json!(-0.5), json!(-0.2), "a fall of 0.166… %, with one decimal"),
        ("fines-total", json!({"value": 200, "status": "E"}), value(json!(200)), json!(0), json!(0), "confirmed to the last digit"),
        ("fines-total", value(json!(0)), value(json!(5)), json!(5), json!(null), "there is no percentage of nothing"),
        ("fines-total", value(json!(5)), value(json!(0)), json!(-5), json!(-100), "all of it"),
        ("fines-total", value(json!(200)), about(230), json!(null), json!(null), "to about 230 is no exact change"),
        ("fines-total", about(200), value(json!(230)), json!(null), json!(null), "nor is from about 200"),
        ("fines-total", json!({"bound": "range", "low": 1, "high": 9}), value(json!(5)), json!(null), json!(null), "nor from a range"),
        ("bts-sites", value(json!(1600)), value(json!(1596)), json!(-4), json!(-0.3), "things that are counted"),
        ("online-service-level4-rate", value(json!(77.15)), value(json!(79.55)), json!(2.4), json!(null), "a rate changes by points"),
        ("dossier-online-filing-rate", ratio(100), ratio(101), json!(0.25), json!(null), "25 to 25.25 %"),
    ]
    .into_iter()
    .enumerate()
    {
        let sent = |row: Value| with(with(row, "indicator", json!(indicator)), "period", json!(format!("2024-{:02}", month + 1)));
        expect_outcome(&department, sent(before), "created").await;

        let updated = expect_outcome(&department, sent(after), "updated").await;

        let revisions = revisions(&app, &updated).await;
        let size = |revision: &Value| [revision["change"].clone(), revision["change_pct"].clone()];
        assert_eq!(size(&revisions[0]), [Value::Null, Value::Null], "{why}: the first changes nothing");
        assert_eq!(number_texts(&size(&revisions[1])), number_texts(&[change, change_pct]), "{why}");
    }
}

async fn a_history_that_is_not_there_is_not_found(app: TestApp) {
    let recorded = expect_outcome(&app.department().await, fines(200), "created").await;
    let id = recorded["observation"].as_str().unwrap();

    for (id, why) in [
        ("019a0000-0000-7000-8000-000000000000", "an id that nothing has"),
        ("fines-total", "no id at all"),
        ("1", "a number"),
        (&id[1..], "a character too few"),
        ("%00", "no text"),
    ] {
        let answer = app.anyone().get(&format!("/v1/observations/{id}/revisions")).await;
        assert_eq!(answer.fault(404).0, "not_found", "{why}");
    }
    assert_eq!(app.anyone().get(&history_of(&recorded)).await.expect(200)["id"], id);
}

async fn the_history_of_an_internal_indicator_is_for_those_who_may_read_it(app: TestApp) {
    let writer = app.client(&[Scope::Submit, Scope::Targets, Scope::Catalogue]).await;
    let recorded = expect_outcome(&writer, fines(200), "created").await;
    let targets = json!({"province": "24", "targets": [{"indicator": "fines-total", "period": "2024", "value": 900}]});
    let target = writer.put("/v1/targets", &targets).await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let target = format!("/v1/targets/{target}/revisions");
    let mut definition = app.anyone().get("/v1/indicators/fines-total").await.expect(200);
    for field in ["code", "version"] {
        definition.as_object_mut().unwrap().remove(field);
    }
    for path in [&history_of(&recorded), &target] {
        assert_eq!(app.anyone().get(path).await.status, 200, "open as yet");
    }

    app.keeper().await.put("/v1/indicators/fines-total", &with(definition, "access", json!("internal"))).await.expect(200);

    let unknown = app.anyone().get("/v1/observations/019a0000-0000-7000-8000-000000000000/revisions").await.json();
    for (user, who) in [(app.anyone(), "anyone"), (writer, "a client without the scope `read`")] {
        let refused = user.get(&history_of(&recorded)).await;
        assert_eq!(refused.fault(404).0, "not_found", "{who}");
        assert_eq!(refused.json()["detail"], unknown["detail"], "{who} cannot tell it from an id that nothing has");
        assert_eq!(user.get(&target).await.fault(404).0, "not_found", "{who}");
    }
    let reader = app.client(&[Scope::Read]).await;
    assert_eq!(reader.get(&target).await.expect(200)["items"][0]["value"], 900);
    let history = reader.get(&history_of(&recorded)).await.expect(200);
    assert_eq!(history["items"][0]["figure"]["value"], 200);
}

async fn a_dry_run_answers_as_the_real_run_does_and_stores_nothing(app: TestApp) {
    let department = app.department().await;
    let phones = |line: &str, value: i64| json!({"indicator": "phone-subscribers", "breakdown": {"line_type": line}, "value": value});
    let phones_in_all = |value: i64| json!({"indicator": "phone-subscribers", "value": value});
    let insisting = |row: Value| with(with(row, "force", json!(true)), "reason", json!("theo báo cáo"));
    let sites = |value: i64| json!({"indicator": "bts-sites", "value": value});
    let claimed = with(fines(200), "claims", json!([{"kind": "yoy_index", "value": 103.2}]));
    let on_record = json!([claimed, sites(1500), phones("fixed", 100), phones("mobile", 900)]);
    let first = department.submit(&batch(&on_record)).await["rows"][0].clone();
    let year_to_date = |month: u32, value: i64| json!({"indicator": "fines-total", "period": format!("2024-0{month}-YTD"), "value": value});
    department.submit(&batch(&json!([year_to_date(4, 1000)]))).await;
    let withdrawal = |indicator: &str| json!({"indicator": indicator, "withdraw": true, "reason": "nhầm"});
    let nil = json!({"indicator": "fines-total", "nil": true});
    let estimate = json!({"indicator": "fines-total", "value": 190, "status": "E"});
    let no_claim = with(fines(200), "claims", json!([{"kind": "yoy_index", "withdraw": true}]));

    for (rows, status, warnings, why) in [
        (json!([fines(200), sites(1501), {"indicator": "videoconferences-served", "value": 3}]), 200, "", "all sorts"),
        (json!([withdrawal("fines-total"), withdrawal("bts-sites")]), 200, "", "withdrawals"),
        (json!([insisting(estimate.clone())]), 200, "lower_status", "a less final figure"),
        (json!([insisting(phones_in_all(1001))]), 200, "parts_disagree disagreement", "a total that is not its parts"),
        (json!([year_to_date(5, 900)]), 200, "falling_ytd disagreement", "a year to date that falls"),
        (json!([with(nil.clone(), "reason", json!("không phát sinh"))]), 200, "", "a declaration of nothing"),
        (json!([with(no_claim, "reason", json!("nhầm"))]), 200, "reverts", "a claim that is withdrawn again"),
        (json!([nil]), 422, "", "nothing without a reason"),
        (json!([estimate, sites(7)]), 422, "", "a less final figure that nobody insists on"),
        (json!([phones_in_all(1001)]), 422, "", "parts that disagree"),
        (json!([fines(1), withdrawal("telecom-internet-revenue")]), 404, "", "nothing to withdraw"),
    ] {
        let report = with(batch(&rows), "source", json!({"title": why}));
        let record = async || (everything(&app).await, revisions(&app, &first).await);
        let before = record().await;
        let dry = department.post("/v1/submissions?dry_run=true", &report).await;
        assert_eq!(dry.status.as_u16(), status, "{why}: {}", dry.text());
        assert_eq!(record().await, before, "{why}: nothing was stored, not even that another document says so");

        let real = department.post("/v1/submissions", &report).await;

        assert_eq!(real.status.as_u16(), if status == 200 { 201 } else { status }, "{why}: {}", real.text());
        assert_eq!(what_matters(&dry), what_matters(&real), "{why}");
        let codes: Vec<Value> =
            dry.json()["rows"].as_array().into_iter().flatten().flat_map(|row| row["warnings"].as_array().unwrap().clone()).collect();
        let codes: Vec<&str> = codes.iter().map(|warning| warning["code"].as_str().unwrap()).collect();
        assert_eq!(codes.join(" "), warnings, "{why}");
        if status == 200 {
            // The next row of the table begins from the same figures.
            let claimed = with(fines(200), "claims", json!([{"kind": "yoy_index", "value": 103.2}]));
            department.submit(&batch(&json!([insisting(claimed), insisting(sites(1500)), insisting(phones_in_all(1000))]))).await;
        }
    }
}

/// What a batch is answered, apart from what differs between any two: ids and instants.
fn what_matters(answer: &Answer) -> Value {
    let mut body = answer.json();
    for field in ["id", "received_at", "request_id", "instance", "dry_run", "may", "steps"] {
        body.as_object_mut().unwrap().remove(field);
    }
    for row in body["rows"].as_array_mut().into_iter().flatten().filter(|row| row["outcome"] == "created") {
        assert_eq!(row["observation"].is_string(), answer.json()["dry_run"] != true, "a dry run makes none: {row}");
        row["observation"] = json!("new");
    }
    body
}

/// A client of an organisation that submits figures.
async fn speaking_for(app: &TestApp, organisation: &str) -> User {
    let new = NewClient {
        name: organisation.into(),
        organisation: Some(organisation.into()),
        scopes: vec![Scope::Submit],
        provinces: vec![],
        fields: vec![],
    };
    let (client, secret) = clients::add(&app.state.context.db, new, app.state.context.clock.now()).unwrap();
    User::new(app.address, Some(app.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap().token))
}

/// The documents of a revision, in one line: title | locator | wording.
fn sources(revision: &Value) -> String {
    let sources = revision["sources"].as_array().unwrap().iter();
    let place =
        |source: &Value| ["title", "locator", "wording"].iter().filter_map(|&field| source[field].as_str()).collect::<Vec<_>>().join(" | ");
    sources.map(place).collect::<Vec<_>>().join("; ")
}

/// Numbers as they are written: 15 is 15 and not 15.0.
fn number_texts(numbers: &[Value]) -> Vec<String> {
    numbers.iter().map(Value::to_string).collect()
}

/// Fines of Bắc Giang in May 2024.
pub fn fines(value: i64) -> Value {
    json!({"indicator": "fines-total", "value": value})
}

/// A batch of Bắc Giang for May 2024.
pub fn batch(rows: &Value) -> Value {
    json!({"province": "24", "period": "2024-05", "acknowledge": ["disagreement", "falling_ytd", "reverts"], "observations": rows})
}

/// Submits a batch of one row for May 2024.
pub async fn submit_one(user: &User, row: Value) -> Answer {
    user.post("/v1/submissions", &batch(&json!([row]))).await
}

/// Submits a row, and what became of it, which is this.
pub async fn expect_outcome(user: &User, sent: Value, outcome: &str) -> Value {
    row(&submit_one(user, sent).await, outcome)
}

/// The only row of an answer, which has this outcome.
#[track_caller]
pub fn row(answer: &Answer, outcome: &str) -> Value {
    let submission = answer.expect(201);
    assert_eq!(submission["rows"][0]["outcome"], outcome, "{submission}");
    assert_eq!(submission["counts"][outcome], 1, "{submission}");
    submission["rows"][0].clone()
}

/// The path of the history of the figure that a row is about.
pub fn history_of(row: &Value) -> String {
    format!("/v1/observations/{}/revisions", row["observation"].as_str().unwrap())
}

/// The revisions of the figure that a row is about.
pub async fn revisions(app: &TestApp, row: &Value) -> Vec<Value> {
    app.anyone().get(&history_of(row)).await.expect(200)["items"].as_array().unwrap().clone()
}

/// The line of fines in Bắc Giang's table of a period, with more parameters.
pub async fn compared(app: &TestApp, period: &str, more: &str) -> Value {
    let path = format!("/v1/comparisons?province=bac-giang-1997&period={period}&indicator=fines-total{more}");
    item(&app.anyone().get(&path).await.expect(200), "fines-total").clone()
}

/// All revisions of all figures that these tests record, and what is claimed of them.
pub async fn everything(app: &TestApp) -> Vec<String> {
    let indicators = "fines-total,bts-sites,phone-subscribers,videoconferences-served";
    let series = format!("/v1/series?province=bac-giang-1997,kien-giang-1997&indicator={indicators}&breakdown=*&vintage=all");
    let mut found = vec![];
    for path in [&series, "/v1/comparisons?province=24&period=2024-05&breakdown=*", "/v1/targets"] {
        found.push(app.anyone().get(path).await.expect(200).to_string());
    }
    found
}

pub fn with(mut object: Value, field: &str, value: Value) -> Value {
    object[field] = value;
    object
}

pub fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
