//! Batches that take good rows without bad ones, beside those that are all or nothing, and the dry runs of both.

use std::collections::HashMap;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::figures::time_travel::Dice;
use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, on_both};

on_both! {
    good_rows_are_recorded_and_bad_ones_say_what_is_wrong,
    a_batch_is_all_or_nothing_unless_it_says_otherwise,
    rows_that_contradict_each_other_are_all_rejected,
    a_row_that_is_odd_without_a_rejected_one_is_rejected_as_well,
    a_row_that_is_fine_without_a_rejected_one_is_recorded,
    a_row_about_a_time_without_its_province_is_rejected_alone,
    a_fault_of_the_batch_itself_refuses_all_of_it,
    a_batch_of_bad_rows_only_is_answered_row_by_row,
    rows_about_one_figure_are_both_rejected_where_they_differ,
    what_is_not_on_record_is_not_withdrawn_and_the_rest_is_recorded,
    an_approval_publishes_the_good_rows_and_keeps_the_rejected_ones_listed,
    a_dry_run_answers_every_row_as_the_real_run_does,
}

/// Rows of which only the first, the sixth and the last are good.
fn mixed() -> Vec<Value> {
    vec![
        json!({"row_ref": "good", "indicator": "fines-total", "value": 10}),
        json!({"row_ref": "fraction", "indicator": "bts-sites", "value": 1.5}),
        json!({"row_ref": "unknown", "indicator": "bts-towers", "value": 1}),
        json!({"row_ref": "two", "indicator": "phone-subscribers", "breakdown": {"line_type": "satellite"}, "value": -1}),
        json!({"row_ref": "status", "indicator": "petitions-received", "value": 1, "status": "X"}),
        json!({"row_ref": "zero", "indicator": "procedure-complaints", "value": 0}),
        json!("a row that is none"),
        json!({"row_ref": "colour", "indicator": "citizen-reception-sessions", "value": 1, "colour": "red"}),
        json!({"row_ref": "tomorrow", "indicator": "bts-sites", "period": "2027-01", "value": 1}),
        json!({"row_ref": "code", "indicator": "legal-drafts-commented", "value": 1, "acknowledge": ["jump"]}),
        json!({"row_ref": "last", "indicator": "post-telecom-revenue", "value": 230, "status": "E"}),
    ]
}

const GOOD: [usize; 3] = [0, 5, 10];

async fn good_rows_are_recorded_and_bad_ones_say_what_is_wrong(app: TestApp) {
    let department = app.department().await;

    let answer = department.post("/v1/submissions", &partial(&mixed())).await;

    let told = answer.expect(200);
    assert_eq!(told["state"], "approved");
    assert_eq!(told["counts"], json!({"created": 3, "updated": 0, "unchanged": 0, "rejected": 8}));
    let rows = told["rows"].as_array().unwrap();
    assert_eq!(rows.len(), mixed().len(), "every row is told of, in its place");
    for (n, (row, sent)) in rows.iter().zip(mixed()).enumerate() {
        assert_eq!(row["row_ref"], sent.get("row_ref").cloned().unwrap_or_default(), "{n}");
        let good = GOOD.contains(&n);
        assert_eq!(row["outcome"], if good { "created" } else { "rejected" }, "{n}");
        assert_eq!(row["observation"].is_string(), good, "{n}: {row}");
        assert_eq!(row["errors"].as_array().unwrap().is_empty(), good, "{n}: {row}");
    }
    for (n, expected) in [
        (1, vec![fault("fraction_for_count", "/observations/1/value")]),
        (2, vec![fault("unknown_indicator", "/observations/2/indicator")]),
        (3, vec![fault("unknown_breakdown", "/observations/3/breakdown"), fault("negative_count", "/observations/3/value")]),
        (4, vec![fault("invalid_value", "/observations/4/status")]),
        (6, vec![fault("wrong_type", "/observations/6")]),
        (7, vec![fault("unknown_field", "/observations/7/colour")]),
        (8, vec![fault("province_not_in_period", "/province"), fault("period_not_begun", "/observations/8/period")]),
        (9, vec![fault("invalid_value", "/observations/9/acknowledge/0")]),
    ] {
        assert_eq!(errors(&rows[n]), expected, "{n}");
        assert!(rows[n]["errors"][0]["message"].is_string());
    }
    assert_eq!(rows[3]["errors"][0]["allowed"], json!(["fixed", "mobile"]));
    assert_eq!(rows[4]["errors"][0]["allowed"], json!(["E", "P", "A"]));
    assert_eq!(department.get(&format!("/v1/submissions/{}", told["id"].as_str().unwrap())).await.expect(200), told);
    assert_eq!(values(&app, "fines-total").await, ["10"]);
    assert_eq!(values(&app, "procedure-complaints").await, ["0"]);
    assert_eq!(values(&app, "post-telecom-revenue").await, ["230"]);
    for bad in ["bts-sites", "phone-subscribers", "petitions-received", "citizen-reception-sessions", "legal-drafts-commented"] {
        assert_eq!(values(&app, bad).await, [""; 0], "{bad}");
    }
}

async fn a_batch_is_all_or_nothing_unless_it_says_otherwise(app: TestApp) {
    let department = app.department().await;
    let rejected = department.post("/v1/submissions?dry_run=true", &partial(&mixed())).await.expect(200);
    let mut expected: Vec<_> = rejected["rows"].as_array().unwrap().iter().flat_map(errors).collect();
    expected.sort();

    for mode in [None, Some("atomic")] {
        let mut body = partial(&mixed());
        body["mode"] = json!(mode);

        let mut refused = department.post("/v1/submissions", &body).await.faults(422);

        refused.sort();
        assert_eq!(refused, expected, "{mode:?}: the errors of all rows");
    }
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
    for good in ["fines-total", "procedure-complaints", "post-telecom-revenue"] {
        assert_eq!(values(&app, good).await, [""; 0]);
    }
}

async fn rows_that_contradict_each_other_are_all_rejected(app: TestApp) {
    let department = app.department().await;
    let rows = [
        part("fixed", "60", "2024-05"),
        dated("bts-sites", "1596", "2024-05"),
        part("mobile", "50", "2024-05"),
        dated("phone-subscribers", "100", "2024-05"),
        part("fixed", "70", "2024-06"),
        part("mobile", "50", "2024-06"),
        dated("phone-subscribers", "120", "2024-06"),
    ];

    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);

    assert_eq!(outcomes(&told), "rejected created rejected rejected created created created");
    for n in [0, 2, 3] {
        assert_eq!(errors(&told["rows"][n]), [fault("parts_disagree", "/observations/0")], "{n}: said of all three");
    }
    assert_eq!(values(&app, "bts-sites").await, ["1596"]);
    assert_eq!(values(&app, "phone-subscribers&breakdown=*").await, ["120", "70", "50"], "those of June, which agree");
}

async fn a_row_that_is_odd_without_a_rejected_one_is_rejected_as_well(app: TestApp) {
    let department = app.department().await;
    let estimate = |value: &str, period: &str| with(dated("fines-total", value, period), "status", json!("E"));
    department.submit(&partial_as("atomic", &[estimate("120", "2024-03-YTD"), estimate("200", "2024-04-YTD")])).await;
    let (april, may) = (estimate("100", "2024-04-YTD"), estimate("150", "2024-05-YTD"));
    let rows = [dated("bts-sites", "1596", "2024-05"), may.clone(), april];

    let told = department.post("/v1/submissions?dry_run=true", &partial(&rows)).await.expect(200);
    let mended = [rows[0].clone(), may, estimate("130", "2024-04-YTD")];
    let agreeing = department.post("/v1/submissions?dry_run=true", &partial(&mended)).await.expect(200);

    assert_eq!(outcomes(&agreeing), "created created updated", "beside an April that is above March");
    assert_eq!(outcomes(&told), "created rejected rejected");
    assert_eq!(errors(&told["rows"][1]), [fault("unacknowledged", "/observations/1/acknowledge")]);
    assert_eq!(errors(&told["rows"][2]), [fault("unacknowledged", "/observations/2/acknowledge")]);
    let message = |n: usize| told["rows"][n]["errors"][0]["message"].as_str().unwrap();
    assert!(message(2).contains("100") && message(2).contains("120"), "April is below March: {}", message(2));
    assert!(message(1).contains("150") && message(1).contains("200"), "May is below the April that stays: {}", message(1));
}

async fn a_row_that_is_fine_without_a_rejected_one_is_recorded(app: TestApp) {
    let department = app.department().await;
    let mut estimate = dated("phone-subscribers", "90", "2024-05");
    estimate["status"] = json!("E");
    department.submit(&partial_as("atomic", &[dated("phone-subscribers", "100", "2024-05")])).await;

    // The estimate may not take the place of what is official; beside that the parts are right.
    let rows = [estimate, part("fixed", "60", "2024-05"), part("mobile", "40", "2024-05")];
    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);

    assert_eq!(outcomes(&told), "rejected created created");
    assert_eq!(errors(&told["rows"][0]), [fault("lower_status", "/observations/0/status")]);
    assert_eq!(values(&app, "phone-subscribers&breakdown=*").await, ["100", "60", "40"]);
}

async fn a_row_about_a_time_without_its_province_is_rejected_alone(app: TestApp) {
    let department = app.department().await;
    let rows = [dated("bts-sites", "1596", "2024-05"), dated("bts-sites", "4201", "2026-01"), dated("bts-sites", "1700", "2025-06")];

    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);

    assert_eq!(outcomes(&told), "created rejected created");
    assert_eq!(errors(&told["rows"][1]), [fault("province_not_in_period", "/province")]);
    assert_eq!(told["rows"][1]["errors"][0]["allowed"], json!(["bac-ninh-2025"]));
    let found = app.anyone().get("/v1/series?province=bac-giang-1997,bac-ninh-2025&indicator=bts-sites&from=2026-01").await.expect(200);
    let points = found["items"].as_array().unwrap().iter().flat_map(|series| series["observations"].as_array().unwrap());
    assert_eq!(points.filter(|point| !point["value"].is_null()).count(), 0, "{found}");
}

async fn a_fault_of_the_batch_itself_refuses_all_of_it(app: TestApp) {
    let department = app.department().await;

    for (field, value, expected) in [
        ("province", json!(null), fault("missing_field", "/province")),
        ("province", json!(24), fault("wrong_type", "/province")),
        ("mode", json!("some"), fault("invalid_value", "/mode")),
        ("calendar", json!("lunar"), fault("invalid_value", "/calendar")),
        ("acknowledge", json!(["jump"]), fault("invalid_value", "/acknowledge/0")),
        ("source", json!({"title": ""}), fault("invalid_text", "/source/title")),
        ("draft", json!("no"), fault("wrong_type", "/draft")),
        ("colour", json!("red"), fault("unknown_field", "/colour")),
        ("observations", json!([]), fault("batch_size", "/observations")),
    ] {
        for dry_run in ["false", "true"] {
            let mut body = partial(&[dated("bts-sites", "1596", "2024-05")]);
            body[field] = value.clone();

            let refused = department.post(&format!("/v1/submissions?dry_run={dry_run}"), &body).await.faults(422);

            assert_eq!(refused, std::slice::from_ref(&expected), "{field}, dry run: {dry_run}");
        }
    }
    let mut both = partial(&[dated("bts-sites", "1.5", "2024-05"), dated("bts-sites", "2", "2024-04")]);
    both["calendar"] = json!("lunar");
    let refused = department.post("/v1/submissions", &both).await.faults(422);
    assert_eq!(refused, [fault("invalid_value", "/calendar"), fault("fraction_for_count", "/observations/0/value")], "and of the rows");
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
    assert_eq!(values(&app, "bts-sites").await, [""; 0]);
}

async fn a_batch_of_bad_rows_only_is_answered_row_by_row(app: TestApp) {
    let department = app.department().await;
    let rows = [dated("bts-sites", "1.5", "2024-05"), dated("bts-towers", "2", "2024-05"), json!(null)];

    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);

    assert_eq!(told["counts"], json!({"created": 0, "updated": 0, "unchanged": 0, "rejected": 3}));
    assert_eq!(outcomes(&told), "rejected rejected rejected");
    assert_eq!(errors(&told["rows"][2]), [fault("wrong_type", "/observations/2")]);
    assert_eq!(values(&app, "bts-sites").await, [""; 0]);
}

async fn rows_about_one_figure_are_both_rejected_where_they_differ(app: TestApp) {
    let department = app.department().await;
    let named = |row: Value, name: &str| with(row, "row_ref", json!(name));
    let rows = [
        named(dated("bts-sites", "1596", "2024-05"), "a"),
        dated("fines-total", "1", "2024-05"),
        named(dated("bts-sites", "1600", "2024-M05"), "b"),
        dated("petitions-received", "7", "2024-06-YTD"),
        dated("petitions-received", "7", "2024-H1"),
        with(dated("dossiers-resolved", "7", "2024-05"), "wording", json!("bảy")),
        with(dated("dossiers-resolved", "7", "2024-05"), "wording", json!("khoảng bảy")),
    ];

    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);

    assert_eq!(outcomes(&told), "rejected created rejected created rejected rejected rejected");
    for (n, other) in [(0, "row `b` says something else"), (2, "row `a` says something else"), (4, "row 4 says the same")] {
        assert_eq!(errors(&told["rows"][n]), [fault("duplicate_row", &format!("/observations/{n}"))]);
        let message = told["rows"][n]["errors"][0]["message"].as_str().unwrap();
        assert!(message.starts_with(other), "{n}: {message}");
    }
    assert_eq!(values(&app, "bts-sites").await, [""; 0]);
    assert_eq!(values(&app, "petitions-received").await, ["7"]);
    let mended = department.post("/v1/submissions", &partial(&rows[..2])).await.expect(200);
    assert_eq!(outcomes(&mended), "created unchanged");
    assert_eq!(values(&app, "bts-sites").await, ["1596"]);
}

async fn what_is_not_on_record_is_not_withdrawn_and_the_rest_is_recorded(app: TestApp) {
    let department = app.department().await;
    let withdrawal = json!({"indicator": "fines-total", "period": "2024-05", "withdraw": true, "reason": "nhầm"});
    let rows = [withdrawal.clone(), dated("bts-sites", "1596", "2024-05")];

    let told = department.post("/v1/submissions", &partial(&rows)).await.expect(200);
    let alone = department.post("/v1/submissions", &partial(&[withdrawal])).await.expect(200);

    assert_eq!((outcomes(&told), outcomes(&alone)), ("rejected created".into(), "rejected".into()));
    assert_eq!(errors(&told["rows"][0]), [fault("nothing_to_withdraw", "/observations/0")]);
    assert_eq!(values(&app, "bts-sites").await, ["1596"]);
}

async fn an_approval_publishes_the_good_rows_and_keeps_the_rejected_ones_listed(app: TestApp) {
    let (sender, reviewer) = (app.client_of(Some("H02.15"), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let sent = sender.post("/v1/submissions", &partial(&mixed())).await.expect(200);
    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());
    assert_eq!((&sent["state"], &sent["counts"]["created"], &sent["counts"]["rejected"]), (&json!("submitted"), &json!(3), &json!(8)));
    assert_eq!(values(&app, "fines-total").await, [""; 0]);
    // What was unknown then is known by now; that nobody looked at it stays true.
    let administrator = app.client(&[Scope::Catalogue]).await;
    let mut definition = administrator.get("/v1/indicators/bts-sites").await.expect(200);
    for field in ["code", "version"] {
        definition.as_object_mut().unwrap().remove(field);
    }
    administrator.put("/v1/indicators/bts-towers", &definition).await.expect(201);

    let approved = reviewer.send(Method::POST, &format!("{path}/approve"), &[], Vec::new()).await.expect(200);

    assert_eq!((&approved["state"], &approved["counts"]), (&json!("approved"), &sent["counts"]));
    for (n, (before, after)) in sent["rows"].as_array().unwrap().iter().zip(approved["rows"].as_array().unwrap()).enumerate() {
        assert_eq!(after["observation"].is_string(), GOOD.contains(&n), "{n}: {after}");
        assert_eq!(with(after.clone(), "observation", Value::Null), *before, "{n}");
    }
    assert_eq!(sender.get(&path).await.expect(200)["rows"], approved["rows"]);
    for (indicator, expected) in
        [("fines-total", &["10"][..]), ("procedure-complaints", &["0"]), ("post-telecom-revenue", &["230"]), ("bts-towers", &[])]
    {
        assert_eq!(values(&app, indicator).await, expected, "{indicator}");
    }
}

async fn a_dry_run_answers_every_row_as_the_real_run_does(app: TestApp) {
    let department = app.department().await;
    let mut dice = Dice(20_261_121);
    let mut seen: HashMap<String, usize> = HashMap::new();

    for n in 0..60 {
        let rows: Vec<Value> = (0..=dice.roll(7)).map(|_| random_row(&mut dice)).collect();
        let mode = ["atomic", "partial"][n % 2];
        let mut body = partial_as(mode, &rows);
        if dice.roll(3) > 0 {
            body["acknowledge"] = json!(["disagreement", "falling_ytd", "outlier"]);
        }

        let dry = department.post("/v1/submissions?dry_run=true", &body).await;
        let real = department.post("/v1/submissions", &body).await;

        let created = real.status == 201 && mode == "atomic" && dry.status == 200;
        assert!(created || dry.status == real.status, "{} {}: {body}", dry.status, real.text());
        assert_eq!(what_matters(&dry), what_matters(&real), "{body}");
        for row in real.json()["rows"].as_array().into_iter().flatten() {
            *seen.entry(format!("{mode} {}", row["outcome"].as_str().unwrap())).or_default() += 1;
            let warned = row["warnings"].as_array().unwrap().len();
            *seen.entry(format!("{mode} warned")).or_default() += warned;
        }
        *seen.entry(format!("{mode} {}", real.status.as_u16())).or_default() += 1;
    }

    for kind in ["atomic created", "atomic 201", "atomic 422", "partial created", "partial updated", "partial rejected", "partial warned"] {
        assert!(seen.get(kind).is_some_and(|count| *count >= 5), "too few of {kind} for this to say much: {seen:?}");
    }
}

/// A row about one of a few series, so that rows meet each other and what is on record; one in eight is bad by itself.
fn random_row(dice: &mut Dice) -> Value {
    let mut pick = |of: &[&str]| of[usize::try_from(dice.roll(of.len() as u64)).unwrap()].to_owned();
    let period = pick(&["2024-01", "2024-02", "2024-02-YTD", "2024-03-YTD", "2024-03", "2023-03"]);
    let mut row = match pick(&["fines", "fines", "phones", "fixed", "mobile", "rate", "sites", "bad"]).as_str() {
        "fines" => dated("fines-total", &pick(&["10", "12", "14", "20.5", ">11", "nil"]), &period),
        "phones" => dated("phone-subscribers", &pick(&["100", "110"]), &period),
        "fixed" => part("fixed", &pick(&["60", "50"]), &period),
        "mobile" => part("mobile", &pick(&["40", "50"]), &period),
        "rate" => {
            let row = dated("online-service-level4-rate", &pick(&["50", "51"]), &period);
            with(with(row, "numerator", json!(1)), "denominator", json!(2))
        }
        "sites" => dated("bts-sites", &pick(&["1596", "1600"]), &period),
        _ => match pick(&["fraction", "unknown", "none", "withdraw", "period"]).as_str() {
            "fraction" => dated("bts-sites", "1.5", &period),
            "unknown" => dated("bts-towers", "1", &period),
            "none" => return json!(5),
            "withdraw" => json!({"indicator": "fines-total", "period": period, "withdraw": true, "reason": "nhầm"}),
            _ => dated("bts-sites", "1", "2027-05"),
        },
    };
    if row.get("nil").is_none() && row.get("withdraw").is_none() {
        row["status"] = json!(pick(&["E", "A", "A"]));
    }
    match dice.roll(4) {
        0 => with(with(row, "force", json!(true)), "reason", json!("kiểm tra")),
        1 => with(row, "row_ref", json!(format!("r{}", dice.roll(100)))),
        _ => row,
    }
}

/// What is answered, apart from what differs between a dry run and a real one.
fn what_matters(answer: &Answer) -> Value {
    let mut body = answer.json();
    for field in ["dry_run", "id", "received_at", "state", "may", "steps", "request_id", "instance"] {
        body.as_object_mut().unwrap().remove(field);
    }
    for row in body["rows"].as_array_mut().into_iter().flatten().filter(|row| row["outcome"] == "created") {
        row["observation"] = json!("new");
    }
    body
}

/// A batch of Bắc Giang, of May 2024 where a row does not say otherwise.
fn partial(rows: &[Value]) -> Value {
    partial_as("partial", rows)
}

fn partial_as(mode: &str, rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "period": "2024-05", "mode": mode, "observations": rows})
}

/// A row about a kind of telephones.
fn part(line: &str, figure: &str, period: &str) -> Value {
    with(dated("phone-subscribers", figure, period), "breakdown", json!({"line_type": line}))
}

fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

fn outcomes(submission: &Value) -> String {
    let rows = submission["rows"].as_array().unwrap();
    rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The codes of what is wrong with a row, and where.
fn errors(row: &Value) -> Vec<(String, String)> {
    let errors = row["errors"].as_array().unwrap().iter();
    errors.map(|error| fault(error["code"].as_str().unwrap(), error["pointer"].as_str().unwrap())).collect()
}

/// The values of Bắc Giang's figures of an indicator.
async fn values(app: &TestApp, indicator: &str) -> Vec<String> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}");
    let found = app.anyone().get(&path).await.expect(200);
    let points = found["items"].as_array().unwrap().iter().flat_map(|series| series["observations"].as_array().unwrap());
    points.map(|point| point["value"].to_string()).collect()
}
