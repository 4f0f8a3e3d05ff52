//! Reorganisations: mergers, splits, new names and ranks recorded by `PUT /v1/provinces`, corrected and withdrawn.
//! What follows for the figures of a lineage is in `reorganised_lineages.rs`.

use serde_json::{Value, json};

use crate::figures::territories::report;
use crate::support::answer::item;
use crate::support::worked::{figure, statistician};
use crate::support::{TestApp, User, on_both};

on_both! {
    a_merger_ends_what_it_is_formed_from_on_the_eve,
    codes_and_names_mean_who_has_them_on_the_day,
    a_lineage_of_two_mergers_reads_from_both_ends,
    what_is_decided_for_later_changes_nothing_until_then,
    the_same_again_changes_nothing,
    a_correction_is_a_new_version,
    a_unit_that_does_not_come_is_withdrawn,
    answers_of_the_past_know_the_provinces_of_the_past,
    an_agency_is_its_province,
    an_agency_code_is_of_one_province_at_a_time,
}

const FINES: &str = "fines-total";

/// A merger with a unit that was formed by a merger itself.
pub const XUYEN: &str = "dong-xuyen-2026 97 Đông Xuyên < 24 + Lạng Sơn";

async fn a_merger_ends_what_it_is_formed_from_on_the_eve(app: TestApp) {
    let user = statistician(&app).await;
    assert_eq!(keys_on(&app, "2026-07-01").await.len(), 34);

    let answer = reorganise(&user, "2026-07-01", &[XUYEN]).await;

    let unit = json!({
        "key": "dong-xuyen-2026", "code": "97", "name": "Đông Xuyên", "name_en": "Đông Xuyên", "iso": null, "agency_code": null,
        "unit_type": "province", "valid_from": "2026-07-01", "valid_to": null, "predecessors": ["bac-ninh-2025", "lang-son-1997"],
        "successors": [],
    });
    let mut created = unit.clone();
    created["outcome"] = json!("created");
    assert_eq!(answer, json!({"items": [created], "next": null}));
    assert_eq!(app.anyone().get("/v1/provinces/97").await.expect(200), unit);
    for key in ["bac-ninh-2025", "lang-son-1997"] {
        let ended = app.anyone().get(&format!("/v1/provinces/{key}")).await.expect(200);
        assert_eq!((&ended["valid_to"], &ended["successors"]), (&json!("2026-06-30"), &json!(["dong-xuyen-2026"])), "{key}");
    }
    assert_eq!([keys_on(&app, "2026-06-30").await.len(), keys_on(&app, "2026-07-01").await.len()], [34, 33]);
    assert!(!keys_on(&app, "2026-06-30").await.contains(&"dong-xuyen-2026".to_owned()));
    assert!(keys_on(&app, "2026-07-01").await.contains(&"dong-xuyen-2026".to_owned()));
}

async fn codes_and_names_mean_who_has_them_on_the_day(app: TestApp) {
    let user = statistician(&app).await;
    let mut kept = unit("dong-xuyen-2026 24 Lạng Sơn < 24 + Lạng Sơn");
    kept["iso"] = json!("VN-09");
    user.put("/v1/provinces", &json!({"valid_from": "2026-07-01", "provinces": [kept]})).await.expect(200);
    report(&user, "24", FINES, "2025-06=10, 2026-06=20, 2026-07=30").await;

    #[rustfmt::skip]
    let table = [
        ("24",       "2025-06-30", "bac-giang-1997",  "a code that goes on for the third time"),
        ("24",       "2026-06-30", "bac-ninh-2025",   "on the eve"),
        ("24",       "2026-07-01", "dong-xuyen-2026", "on the day"),
        ("lang son", "2026-06-30", "lang-son-1997",   "a name"),
        ("lang son", "2026-07-01", "dong-xuyen-2026", "that the new unit kept"),
        ("VN-09",    "2026-06-30", "lang-son-1997",   "an ISO code"),
        ("VN-09",    "2026-07-01", "dong-xuyen-2026", "that it kept as well"),
        ("20",       "2026-06-30", "lang-son-1997",   "a code that ended"),
    ];
    for (text, on, key, why) in table {
        let found = app.anyone().get(&format!("/v1/provinces/{text}?on={on}")).await.expect(200);
        assert_eq!(found["key"], key, "{text} on {on}: {why}");
    }
    let nobody = app.anyone().get("/v1/provinces/20?on=2026-07-01").await;
    assert_eq!((nobody.fault(404).0, &nobody.json()["errors"][0]["allowed"]), ("unknown_province".into(), &json!(["lang-son-1997"])));
    for (period, key, value) in
        [("2025-06", "bac-giang-1997", "10"), ("2026-06", "bac-ninh-2025", "20"), ("2026-07", "dong-xuyen-2026", "30")]
    {
        let line = compared(&app, &format!("province=24&period={period}"), FINES).await;
        assert_eq!((&line["province"], figure(&line["current"]).as_str()), (&json!(key), value), "{period}");
    }
}

async fn a_lineage_of_two_mergers_reads_from_both_ends(app: TestApp) {
    reorganise(&statistician(&app).await, "2026-07-01", &[XUYEN]).await;

    for (id, line, why) in [
        (
            "97",
            &["bac-giang-1997", "bac-ninh-1997", "lang-son-1997", "bac-ninh-2025", "dong-xuyen-2026"][..],
            "backwards through two mergers",
        ),
        ("bac-giang-1997", &["bac-giang-1997", "bac-ninh-2025", "dong-xuyen-2026"], "onwards through two"),
        ("bac-ninh-2025", &["bac-giang-1997", "bac-ninh-1997", "bac-ninh-2025", "dong-xuyen-2026"], "from the middle"),
        ("lang-son-1997", &["lang-son-1997", "dong-xuyen-2026"], "one merger"),
    ] {
        let answer = app.anyone().get(&format!("/v1/provinces/{id}/lineage")).await.expect(200);
        let found: Vec<&str> = answer["items"].as_array().unwrap().iter().map(|unit| unit["key"].as_str().unwrap()).collect();
        assert_eq!(found, line, "{id}: {why}");
    }
}

async fn what_is_decided_for_later_changes_nothing_until_then(app: TestApp) {
    let user = statistician(&app).await;
    report(&user, "bac-ninh-2025", FINES, "2026-10=10").await;
    report(&user, "lang-son-1997", FINES, "2026-10=20").await;
    let question = format!("/v1/comparisons?province=24,20,VN&period=2026-10&indicator={FINES}");
    let before = app.anyone().get(&question).await.expect(200);

    reorganise(&user, "2027-01-01", &["dong-xuyen-2027 24 Lạng Sơn < 24 + Lạng Sơn"]).await;

    let now = app.anyone().get(&question).await.expect(200);
    assert_eq!((&now["items"], now["items"].as_array().unwrap().len()), (&before["items"], 3));
    for (text, key) in [("24", "bac-ninh-2025"), ("Lạng Sơn", "lang-son-1997")] {
        assert_eq!(app.anyone().get(&format!("/v1/provinces/{text}")).await.expect(200)["key"], key, "{text} means the same today");
        let then = app.anyone().get(&format!("/v1/provinces/{text}?on=2027-01-01")).await.expect(200);
        assert_eq!(then["key"], "dong-xuyen-2027", "{text} on the day");
        report(&user, text, FINES, "2026-11=5 E").await;
    }
    let ranking = app.anyone().get(&format!("/v1/rankings?indicator={FINES}&period=2026-10&on=2027-01-01")).await.expect(200);
    let first = &ranking["items"][0];
    assert_eq!((&first["province"]["key"], figure(&first["current"]).as_str()), (&json!("dong-xuyen-2027"), "30"), "recast in advance");
}

async fn the_same_again_changes_nothing(app: TestApp) {
    let user = statistician(&app).await;
    report(&user, "24", FINES, "2026-06=10").await;
    report(&user, "20", FINES, "2026-06=20").await;
    let body = json!({"valid_from": "2026-07-01", "source": {"number": "01/2026/QH16"}, "provinces": [unit(XUYEN)]});
    user.put("/v1/provinces", &body).await.expect(200);
    let series = format!("/v1/series?province=97&indicator={FINES}");
    let questions = ["/v1/provinces?limit=1000", "/v1/provinces/dong-xuyen-2026/versions", "/v1/provinces/bac-ninh-2025/versions", &series];
    let mut before = Vec::new();
    for question in questions {
        let answer = app.anyone().get(question).await;
        before.push((answer.header("etag").to_owned(), answer.text()));
    }
    let by_keys = "dong-xuyen-2026 97 Đông Xuyên < lang-son-1997 + bac-ninh-2025 + 20";
    app.clock.set("2026-11-21T02:05:00Z");

    for (line, why) in [(XUYEN, "the same"), (by_keys, "in another order, one of them twice")] {
        let again = json!({"valid_from": "2026-07-01", "reason": "gửi lại", "source": {"number": "02"}, "provinces": [unit(line)]});
        let answer = user.put("/v1/provinces", &again).await.expect(200);
        assert_eq!(outcomes(&answer), ["dong-xuyen-2026 unchanged"], "{why}");
    }
    let shipped = json!({"key": "hue-2025", "code": "46", "name": "Huế", "name_en": "Hue", "iso": "VN-26", "unit_type": "municipality",
        "predecessors": ["Thừa Thiên Huế"]});
    let answer = user.put("/v1/provinces", &json!({"valid_from": "2025-01-01", "provinces": [shipped]})).await.expect(200);

    assert_eq!(outcomes(&answer), ["hue-2025 unchanged"], "what came with the program");
    app.clock.set("2026-11-21T02:10:00Z");
    for (question, (tag, text)) in questions.into_iter().zip(before) {
        let answer = app.anyone().get(question).await;
        assert!(!tag.is_empty(), "{question}");
        assert_eq!((answer.header("etag"), answer.text()), (tag.as_str(), text.clone()), "{question}");
    }
    let [earlier, later] = ["2026-11-21T02:04:59Z", "2026-11-21T02:05:01Z"].map(|at| format!("{series}&as_of={at}"));
    assert_eq!(app.anyone().get(&earlier).await.text(), app.anyone().get(&later).await.text());
    assert_eq!(versions(&app, "hue-2025").await.len(), 1);
}

async fn a_correction_is_a_new_version(app: TestApp) {
    let user = statistician(&app).await;
    let put = async |at: &str, day: &str, number: &str, reason: Value, line: &str| {
        app.clock.set(at);
        let source = json!({"title": "Nghị quyết", "number": number, "date": "2026-06-12"});
        let body = json!({"valid_from": day, "source": source, "reason": reason, "provinces": [unit(line)]});
        outcomes(&user.put("/v1/provinces", &body).await.expect(200)).join(" ")
    };
    let corrected = "dong-xuyen-2026 98 Đông Xuyên < bac-ninh-2025 + lang-son-1997";

    let outcomes = [
        put("2026-11-21T02:01:00Z", "2026-07-01", "01/2026/QH16", Value::Null, XUYEN).await,
        put("2026-11-21T02:02:00Z", "2026-07-01", "02/2026/QH16", json!("mã khác"), corrected).await,
        put("2026-11-21T02:03:00Z", "2026-09-01", "03/2026/QH16", json!("lùi ngày"), corrected).await,
        put("2026-11-21T02:04:00Z", "2026-08-01", "04/2026/QH16", Value::Null, corrected).await,
    ];

    assert_eq!(outcomes, ["created", "updated", "updated", "updated"].map(|outcome| format!("dong-xuyen-2026 {outcome}")));
    let history = versions(&app, "dong-xuyen-2026").await;
    let said = |version: &Value| {
        let of = &version["province"];
        json!([
            version["version"],
            of["code"],
            of["valid_from"],
            version["source"]["number"],
            version.get("reason"),
            version["recorded_at"]
        ])
    };
    assert_eq!(
        history.iter().map(said).collect::<Vec<_>>(),
        [
            json!([1, "97", "2026-07-01", "01/2026/QH16", null, "2026-11-21T02:01:00Z"]),
            json!([2, "98", "2026-07-01", "02/2026/QH16", "mã khác", "2026-11-21T02:02:00Z"]),
            json!([3, "98", "2026-09-01", "03/2026/QH16", "lùi ngày", "2026-11-21T02:03:00Z"]),
            json!([4, "98", "2026-08-01", "04/2026/QH16", null, "2026-11-21T02:04:00Z"]),
        ]
    );
    assert_eq!(history[0]["source"], json!({"title": "Nghị quyết", "number": "01/2026/QH16", "date": "2026-06-12"}));
    assert_eq!(app.anyone().get("/v1/provinces/97").await.fault(404).0, "unknown_province", "the wrong code was never in force");
    for key in ["bac-ninh-2025", "lang-son-1997"] {
        let ended = app.anyone().get(&format!("/v1/provinces/{key}")).await.expect(200);
        assert_eq!(ended["valid_to"], "2026-07-31", "{key} ends with the day of the last correction");
        assert_eq!(versions(&app, key).await.len(), 1, "of {key} itself nothing was said");
    }
    let smaller = "dong-xuyen-2026 98 Đông Xuyên < lang-son-1997";
    put("2026-11-21T02:05:00Z", "2026-08-01", "05/2026/QH16", Value::Null, smaller).await;
    let goes_on = app.anyone().get("/v1/provinces/24").await.expect(200);
    assert_eq!((&goes_on["key"], &goes_on["valid_to"], &goes_on["successors"]), (&json!("bac-ninh-2025"), &Value::Null, &json!([])));
}

async fn a_unit_that_does_not_come_is_withdrawn(app: TestApp) {
    let user = statistician(&app).await;
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    let withdrawal = json!({"valid_from": "2026-07-01", "source": {"number": "09"}, "reason": "không thông qua",
        "provinces": [{"key": "dong-xuyen-2026", "withdraw": true}]});

    let withdrawn = user.put("/v1/provinces", &withdrawal).await.expect(200);
    let after = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let again = user.put("/v1/provinces", &withdrawal).await;

    assert_eq!(outcomes(&withdrawn), ["dong-xuyen-2026 withdrawn"]);
    assert_eq!(after, before, "as if it had never been");
    assert_eq!(again.fault(404), ("nothing_to_withdraw".into(), "/provinces/0/key".into()));
    for text in ["dong-xuyen-2026", "97", "Đông Xuyên"] {
        assert_eq!(app.anyone().get(&format!("/v1/provinces/{text}")).await.fault(404).0, "unknown_province", "{text}");
    }
    let history = versions(&app, "dong-xuyen-2026").await;
    assert_eq!((history.len(), &history[0]["province"]["code"]), (2, &json!("97")), "what was said stays on record");
    assert_eq!((&history[1]["province"], &history[1]["reason"]), (&Value::Null, &json!("không thông qua")));
    assert_eq!(history[1]["source"]["number"], "09");
    report(&user, "24", FINES, "2026-08=1").await;
    let refused = user.put("/v1/provinces", &json!({"valid_from": "2026-07-01", "provinces": [unit(XUYEN)]})).await;
    assert_eq!(refused.fault(422).0, "figures_on_record", "the old unit goes on");
    let later = reorganise(&user, "2026-09-01", &[XUYEN]).await;
    assert_eq!((outcomes(&later), versions(&app, "97").await.len()), (vec!["dong-xuyen-2026 created".to_owned()], 3));
}

async fn answers_of_the_past_know_the_provinces_of_the_past(app: TestApp) {
    let user = statistician(&app).await;
    report(&user, "bac-giang-1997", FINES, "2025-05=10").await;
    report(&user, "bac-ninh-1997", FINES, "2025-05=20").await;
    report(&user, "24", FINES, "2025-08=30, 2026-05=35").await;
    report(&user, "20", FINES, "2025-05=100, 2025-08=110, 2026-05=120").await;
    let target = json!({"indicator": FINES, "period": "2026-06", "value": 100});
    user.put("/v1/targets", &json!({"province": "24", "targets": [target]})).await.expect(200);
    let questions = [
        format!("/v1/series?province=24&indicator={FINES}&frequency=M"),
        format!("/v1/series?province=24&indicator={FINES}&geography=as_reported"),
        format!("/v1/series?province=bac-ninh-2025,lang-son-1997,VN&indicator={FINES}&frequency=M&units=pc1"),
        format!("/v1/comparisons?province=24&period=2026-08&indicator={FINES}"),
        format!("/v1/comparisons?province=20&period=2026-05&indicator={FINES}"),
        format!("/v1/comparisons?province=VN&period=2026-08&indicator={FINES}"),
        format!("/v1/rankings?indicator={FINES}&period=2026-08"),
        format!("/v1/rankings?indicator={FINES}&period=2026-05&on=2026-08-01"),
        format!("/v1/rankings?indicator={FINES}&period=2025-05&on=2026-08-01&geography=as_reported"),
        "/v1/targets?province=24".to_owned(),
        "/v1/claims?province=24&period=2026-05".to_owned(),
    ];
    let kept = "dong-xuyen-2026 24 Đông Xuyên < bac-ninh-2025 + lang-son-1997";
    let renamed = "dong-xuyen-2026 24 Kinh Bắc < bac-ninh-2025 + lang-son-1997";
    let smaller = "dong-xuyen-2026 24 Kinh Bắc < bac-ninh-2025";
    let withdrawn = json!({"key": "dong-xuyen-2026", "withdraw": true});
    let mut recorded = Vec::new();

    for (minute, write) in [
        ("01", None),
        ("02", Some(json!({"valid_from": "2026-07-01", "provinces": [unit(kept)]}))),
        ("03", Some(json!({"valid_from": "2026-06-01", "provinces": [unit(renamed)]}))),
        ("04", Some(json!({"valid_from": "2026-06-01", "provinces": [unit(smaller)]}))),
        ("05", Some(json!({"valid_from": "2026-06-01", "reason": "không thông qua", "provinces": [withdrawn]}))),
        ("06", Some(json!({"valid_from": "2026-08-01", "provinces": [unit(kept)]}))),
    ] {
        app.clock.set(&format!("2026-11-21T02:{minute}:00Z"));
        if let Some(body) = write {
            user.put("/v1/provinces", &body).await.expect(200);
        }
        let instant = format!("2026-11-21T02:{minute}:30Z");
        app.clock.set(&instant);
        for question in &questions {
            let answer = app.anyone().get(question).await;
            assert_eq!(answer.status, 200, "{question}: {}", answer.text());
            recorded.push((question, instant.clone(), answer.text()));
        }
    }
    app.clock.set("2026-11-21T02:10:00Z");

    for (question, instant, answer) in &recorded {
        let again = app.anyone().get(&format!("{question}&as_of={instant}")).await;
        assert_eq!(&again.text(), answer, "{question} as of {instant}");
    }
    let of_the_series: Vec<&String> = recorded.iter().step_by(questions.len()).map(|(_, _, answer)| answer).collect();
    assert_eq!(of_the_series[0], of_the_series[4], "withdrawn, it is as before");
    assert_ne!(of_the_series[0], of_the_series[1], "what was recorded made a difference");
    assert_ne!(of_the_series[2], of_the_series[3], "and so did what was corrected");
    let code_97 = app.anyone().get(&format!("/v1/series?province=dong-xuyen-2026&indicator={FINES}&as_of=2026-11-21T02:01:59Z")).await;
    assert_eq!(code_97.fault(400), ("unknown_province".into(), "province".into()), "an instant before it was recorded");
}

async fn an_agency_is_its_province(app: TestApp) {
    let user = statistician(&app).await;
    let question = format!("province=%&period=2026-05&indicator={FINES}");
    let ask = async |text: &str| app.anyone().get(&format!("/v1/comparisons?{}", question.replace('%', text))).await;
    assert_eq!(ask("H02").await.fault(400), ("unknown_province".into(), "province".into()), "none are delivered");
    let shipped = app.anyone().get("/v1/provinces/bac-ninh-2025").await.expect(200);
    let mut corrected = shipped.clone();
    for field in ["valid_from", "valid_to", "successors"] {
        corrected.as_object_mut().unwrap().remove(field);
    }
    corrected["agency_code"] = json!("h02");

    let answer = user.put("/v1/provinces", &json!({"valid_from": "2025-07-01", "provinces": [corrected]})).await.expect(200);
    report(&user, "H02.12", FINES, "2026-05=7").await;

    assert_eq!(outcomes(&answer), ["bac-ninh-2025 updated"]);
    let found = app.anyone().get("/v1/provinces/24").await.expect(200);
    let mut expected = shipped;
    expected["agency_code"] = json!("H02");
    assert_eq!(found, expected, "in capitals, and nothing else has changed");
    for text in ["H02", "h02", "H02.12", "h02.12", "H02.12.03"] {
        let table = ask(text).await.expect(200);
        assert_eq!(figure(&item(&table, FINES)["current"]), "7", "{text}");
        assert_eq!(table["province"]["key"], "bac-ninh-2025", "{text}");
        assert_eq!(app.anyone().get(&format!("/v1/provinces/{text}")).await.expect(200)["key"], "bac-ninh-2025", "{text}");
    }
    let series = app.anyone().get(&format!("/v1/series?province=h02.12&indicator={FINES}")).await.expect(200);
    assert_eq!(series["items"][0]["province"]["key"], "bac-ninh-2025");
    for (text, why) in [
        ("H99", "nobody has it"),
        ("H99.12", "nor an agency of it"),
        ("H2", "too short"),
        ("H021", "too long"),
        ("H12", "in the wrong place"),
    ] {
        assert_eq!(ask(text).await.fault(400), ("unknown_province".into(), "province".into()), "{text}: {why}");
    }
    let before = ask("H02").await.status;
    let then = app.anyone().get(&format!("/v1/comparisons?province=H02&period=2025-05&indicator={FINES}")).await;
    assert_eq!((before.as_u16(), then.fault(400).0), (200, "unknown_province".into()), "it is that of the unit since July 2025");
    assert_eq!(then.json()["errors"][0]["allowed"], json!(["bac-ninh-2025"]));
}

async fn an_agency_code_is_of_one_province_at_a_time(app: TestApp) {
    let user = statistician(&app).await;
    let with = |line: &str, code: &str| {
        let mut unit = unit(line);
        unit["agency_code"] = json!(code);
        json!({"valid_from": "2026-07-01", "provinces": [unit]})
    };
    user.put("/v1/provinces", &with(XUYEN, "H02")).await.expect(200);

    let taken = user.put("/v1/provinces", &with("lai-bien-2026 98 Lai Biên < 11 + 12", "h02")).await;
    let of_its_successor = with("kinh-bac-2026 97 Kinh Bắc < 97", "H02");
    let passed_on = json!({"valid_from": "2026-09-01", "provinces": of_its_successor["provinces"]});
    user.put("/v1/provinces", &passed_on).await.expect(200);

    assert_eq!(taken.fault(422), ("name_taken".into(), "/provinces/0/agency_code".into()), "in small letters it is the same");
    for (on, key) in [("2026-08-31", "dong-xuyen-2026"), ("2026-09-01", "kinh-bac-2026")] {
        assert_eq!(app.anyone().get(&format!("/v1/provinces/H02.12?on={on}")).await.expect(200)["key"], key, "{on}");
    }
    assert_eq!(app.anyone().get("/v1/provinces/H02?on=2026-06-30").await.fault(404).0, "unknown_province", "before anybody had it");
}

/// A unit as a line: its key and code, its name, and what it is formed from.
pub fn unit(line: &str) -> Value {
    let (unit, predecessors) = line.split_once(" < ").unwrap();
    let mut words = unit.splitn(3, ' ');
    let mut word = || words.next().unwrap();
    let (key, code, name) = (word(), word(), word());
    let predecessors: Vec<&str> = predecessors.split(" + ").collect();
    json!({"key": key, "code": code, "name": name, "name_en": name, "unit_type": "province", "predecessors": predecessors})
}

/// Records a reorganisation of these units.
pub async fn reorganise(user: &User, day: &str, lines: &[&str]) -> Value {
    let units: Vec<Value> = lines.iter().map(|line| unit(line)).collect();
    user.put("/v1/provinces", &json!({"valid_from": day, "provinces": units})).await.expect(200)
}

/// The keys of the provinces of a day.
pub async fn keys_on(app: &TestApp, day: &str) -> Vec<String> {
    let listed = app.anyone().get(&format!("/v1/provinces?limit=1000&on={day}")).await.expect(200);
    let provinces = listed["items"].as_array().unwrap().iter().filter(|unit| unit["unit_type"] != "country");
    provinces.map(|unit| unit["key"].as_str().unwrap().to_owned()).collect()
}

/// One line of a comparison.
pub async fn compared(app: &TestApp, query: &str, indicator: &str) -> Value {
    let table = app.anyone().get(&format!("/v1/comparisons?{query}&indicator={indicator}")).await.expect(200);
    item(&table, indicator).clone()
}

/// What a call did to each unit.
pub fn outcomes(answer: &Value) -> Vec<String> {
    let outcome = |unit: &Value| format!("{} {}", unit["key"].as_str().unwrap(), unit["outcome"].as_str().unwrap());
    answer["items"].as_array().unwrap().iter().map(outcome).collect()
}

/// Everything that was said of a unit.
pub async fn versions(app: &TestApp, key: &str) -> Vec<Value> {
    app.anyone().get(&format!("/v1/provinces/{key}/versions")).await.expect(200)["items"].as_array().unwrap().clone()
}
