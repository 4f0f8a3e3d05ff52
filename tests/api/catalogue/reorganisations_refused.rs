//! Reorganisations that are refused: each with its code and place, and nothing of them is stored.
//! Those that are recorded are in `reorganisations.rs`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::catalogue::reorganisations::{XUYEN, compared, outcomes, reorganise, unit, versions};
use crate::figures::territories::report;
use crate::support::worked::{figure, statistician};
use crate::support::{TestApp, User, on_both};

on_both! {
    what_is_sent_for_a_unit_that_merged_is_refused_with_the_one_it_became,
    figures_that_came_before_the_decision_stand_in_its_way,
    what_is_on_record_can_be_withdrawn_whenever_the_unit_was_there,
    what_was_said_of_one_unit_is_not_taken_back_into_another,
    a_unit_that_was_formed_from_no_other_stays,
    codes_mean_what_they_mean_without_what_is_said_anew,
    a_correction_leaves_no_figure_outside_its_time,
    a_unit_with_figures_or_targets_is_not_withdrawn,
    every_refusal_names_its_place_and_stores_nothing,
    what_is_wrong_with_several_units_is_named_at_once,
    whoever_may_not_reorganise_is_refused,
    what_is_no_document_is_refused,
    a_name_that_two_units_have_is_no_predecessor,
}

const FINES: &str = "fines-total";

async fn what_is_sent_for_a_unit_that_merged_is_refused_with_the_one_it_became(app: TestApp) {
    let user = statistician(&app).await;
    let split = ["nghe-bac-2026 40 Nghệ Bắc < 40", "nghe-nam-2026 41 Nghệ Nam < 40"];
    reorganise(&user, "2026-07-01", &[XUYEN, split[0], split[1]]).await;

    for (province, period, code, allowed, why) in [
        ("bac-ninh-2025", "2026-07", "province_not_in_period", json!(["dong-xuyen-2026"]), "it had ended"),
        ("lang-son-1997", "2026-Q4", "province_not_in_period", json!(["dong-xuyen-2026"]), "in another quarter"),
        ("bac-giang-1997", "2026-08", "province_not_in_period", json!(["dong-xuyen-2026"]), "two mergers ago"),
        ("nghe-an-1997", "2026-07", "province_not_in_period", json!(["nghe-bac-2026", "nghe-nam-2026"]), "it was split"),
        ("dong-xuyen-2026", "2026-06", "province_not_in_period", json!(["lang-son-1997", "bac-ninh-2025"]), "it had not begun"),
        ("dong-xuyen-2026", "2025-05", "province_not_in_period", json!(["bac-giang-1997", "bac-ninh-1997", "lang-son-1997"]), "nor then"),
        ("20", "2026-07", "unknown_province", json!(["lang-son-1997"]), "nobody had the code"),
    ] {
        let figures = json!({"province": province, "period": period, "observations": [{"indicator": FINES, "value": 1}]});
        let targets = json!({"province": province, "targets": [{"indicator": FINES, "period": period, "value": 1}]});
        for refused in [user.post("/v1/submissions", &figures).await, user.put("/v1/targets", &targets).await] {
            assert_eq!(refused.fault(422), (code.to_owned(), "/province".to_owned()), "{province} {period}: {why}");
            assert_eq!(refused.json()["errors"][0]["allowed"], allowed, "{province} {period}: {why}");
        }
    }
    report(&user, "lang-son-1997", FINES, "2025-05=1, 2026-06=2, 2026-H1=12").await;
    report(&user, "97", FINES, "2026-07=3, 2026=30").await;
}

async fn figures_that_came_before_the_decision_stand_in_its_way(app: TestApp) {
    let user = statistician(&app).await;
    report(&user, "lang-son-1997", FINES, "2026-06=1, 2026-09=2, 2026-08=3, 2026-Q3=9").await;
    report(&user, "lai-chau-2004", FINES, "2026-07=1").await;
    let body = json!({"valid_from": "2026-07-01", "provinces": [unit("lai-bien-2026 12 Lai Biên < 11 + 12"), unit(XUYEN)]});
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();

    let refused = user.put("/v1/provinces", &body).await;
    let unchanged = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let withdrawn = |period: &str| json!({"indicator": FINES, "period": period, "withdraw": true, "reason": "gửi lại cho đơn vị mới"});
    user.submit(&json!({"province": "lai-chau-2004", "observations": [withdrawn("2026-07")]})).await;
    user.submit(&json!({"province": "lang-son-1997", "observations": [withdrawn("2026-08"), withdrawn("2026-Q3")]})).await;
    let one_left = user.put("/v1/provinces", &body).await;
    user.submit(&json!({"province": "lang-son-1997", "observations": [withdrawn("2026-09")]})).await;
    let done = user.put("/v1/provinces", &body).await.expect(200);

    let place = |n: u8| ("figures_on_record".to_owned(), format!("/provinces/{n}"));
    assert_eq!(refused.faults(422), [place(0), place(1)]);
    let message = |of: &Value, n: usize| of["errors"][n]["message"].as_str().unwrap().to_owned();
    let (first, second) = (message(&refused.json(), 0), message(&refused.json(), 1));
    assert!(first.contains("`lai-chau-2004`") && first.contains("1 figures, the first from 2026-07-01"), "{first}");
    assert!(second.contains("`lang-son-1997`") && second.contains("3 figures, the first from 2026-07-01"), "{second}");
    assert_eq!(unchanged, before);
    assert_eq!(one_left.fault(422), place(1));
    let last = message(&one_left.json(), 0);
    assert!(last.contains("1 figures, the first from 2026-09-01"), "{last}");
    assert_eq!(outcomes(&done), ["lai-bien-2026 created", "dong-xuyen-2026 created"]);
    let june = compared(&app, "province=lang-son-1997&period=2026-06", FINES).await;
    assert_eq!(figure(&june["current"]), "1", "what lay before the day stays");
}

async fn a_correction_leaves_no_figure_outside_its_time(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    report(&user, "97", FINES, "2026-07=1, 2026-08=1").await;
    report(&user, "lang-son-1997", FINES, "2026-05=1, 2026-06=1").await;
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let keys = "dong-xuyen-2026 97 Đông Xuyên < bac-ninh-2025 + lang-son-1997";

    for (day, line, said, why) in [
        ("2026-08-01", keys, "`dong-xuyen-2026`", "July is its own"),
        ("2026-06-01", keys, "`lang-son-1997`", "June was that of the old unit"),
        ("2026-09-01", keys, "2 figures, the first from 2026-07-01", "both months are its own"),
        ("2026-05-01", keys, "2 figures, the first from 2026-05-01", "both were the old unit's"),
    ] {
        let refused = user.put("/v1/provinces", &json!({"valid_from": day, "provinces": [unit(line)]})).await;
        assert_eq!(refused.fault(422), ("figures_on_record".into(), "/provinces/0".into()), "{day}: {why}");
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said), "{day}: {message}");
    }
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before);
    reorganise(&user, "2026-07-01", &["dong-xuyen-2026 97 Kinh Bắc < bac-ninh-2025 + lang-son-1997"]).await;
}

async fn a_unit_with_figures_or_targets_is_not_withdrawn(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN, "lai-bien-2026 12 Lai Biên < 11 + 12"]).await;
    report(&user, "97", FINES, "2026-07=1, 2026-08=nil").await;
    let target = json!({"indicator": FINES, "period": "2026", "value": 7});
    user.put("/v1/targets", &json!({"province": "97", "targets": [target]})).await.expect(200);
    let rows = json!([{"key": "lai-bien-2026", "withdraw": true}, {"key": "dong-xuyen-2026", "withdraw": true}]);
    let withdrawal = json!({"valid_from": "2026-07-01", "reason": "không thông qua", "provinces": rows});
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let withdrawn = |period: &str| json!({"indicator": FINES, "period": period, "withdraw": true, "reason": "nhầm"});

    let with_both = user.put("/v1/provinces", &withdrawal).await;
    let figures = json!({"province": "97", "observations": [withdrawn("2026-07"), withdrawn("2026-08")]});
    user.submit(&figures).await;
    let with_targets = user.put("/v1/provinces", &withdrawal).await;

    for (refused, said, unsaid, why) in [
        (with_both, "2 figures, the first from 2026-07-01 and 1 targets", "lai-bien", "both"),
        (with_targets, "1 targets", "figures,", "the target"),
    ] {
        assert_eq!(refused.fault(422), ("figures_on_record".into(), "/provinces/1".into()), "{why}");
        let message = refused.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(said) && message.contains("dong-xuyen-2026") && !message.contains(unsaid), "{why}: {message}");
    }
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before, "and of the other nothing is withdrawn either");
    assert_eq!(versions(&app, "lai-bien-2026").await.len(), 1);
    user.put("/v1/targets", &json!({"province": "97", "targets": [withdrawn("2026")]})).await.expect(200);
    let done = user.put("/v1/provinces", &withdrawal).await.expect(200);
    assert_eq!(outcomes(&done), ["lai-bien-2026 withdrawn", "dong-xuyen-2026 withdrawn"]);
}

async fn every_refusal_names_its_place_and_stores_nothing(app: TestApp) {
    let user = statistician(&app).await;
    let list = "/v1/provinces?limit=1000";
    let before = app.anyone().get(list).await.text();
    let long = |length: usize| "a".repeat(length);
    let none = json!({});
    #[rustfmt::skip]
    let table = [
        // What the document says otherwise, and its unit; → the code and the place
        (json!({"colour": 1}), none.clone(), "unknown_field", "/colour", "a field that there is not"),
        (json!({"source": {"colour": 1}}), none.clone(), "unknown_field", "/source/colour", "in the source"),
        (none.clone(), json!({"colour": 1}), "unknown_field", "/provinces/0/colour", "of the unit"),
        (none.clone(), json!({"valid_to": "2030-12-31"}), "invalid_value", "/provinces/0/valid_to", "others say when it ends"),
        (none.clone(), json!({"successors": []}), "invalid_value", "/provinces/0/successors", "and what comes after it"),
        (json!({"valid_from": null}), none.clone(), "missing_field", "/valid_from", "no day"),
        (json!({"provinces": null}), none.clone(), "missing_field", "/provinces", "no units"),
        (none.clone(), json!({"key": null}), "missing_field", "/provinces/0/key", "no key"),
        (none.clone(), json!({"code": null}), "missing_field", "/provinces/0/code", "no code"),
        (none.clone(), json!({"name": null}), "missing_field", "/provinces/0/name", "no name"),
        (none.clone(), json!({"name_en": null}), "missing_field", "/provinces/0/name_en", "no name without accents"),
        (none.clone(), json!({"unit_type": null}), "missing_field", "/provinces/0/unit_type", "no rank"),
        (none.clone(), json!({"predecessors": null}), "missing_field", "/provinces/0/predecessors", "no territory comes from nothing"),
        (none.clone(), json!({"predecessors": []}), "missing_field", "/provinces/0/predecessors", "nor from an empty list"),
        (json!({"valid_from": 20_260_701}), none.clone(), "wrong_type", "/valid_from", "a number"),
        (json!({"valid_from": "2026-06-31"}), none.clone(), "invalid_date", "/valid_from", "June has 30 days"),
        (json!({"valid_from": "1/7/2026"}), none.clone(), "invalid_date", "/valid_from", "as people write it"),
        (json!({"provinces": {}}), none.clone(), "wrong_type", "/provinces", "no list"),
        (json!({"provinces": ["dong-xuyen-2026"]}), none.clone(), "wrong_type", "/provinces/0", "no object"),
        (json!({"provinces": []}), none.clone(), "batch_size", "/provinces", "none at all"),
        (json!({"provinces": vec![unit(XUYEN); 201]}), none.clone(), "batch_size", "/provinces", "201 units"),
        (json!({"provinces": [unit(XUYEN), unit("dong-xuyen-2026 98 Tây Xuyên < 11")]}), none.clone(), "duplicate_row", "/provinces/1/key",
            "one unit twice"),
        (json!({"reason": long(301)}), none.clone(), "invalid_text", "/reason", "too long a reason"),
        (json!({"reason": ""}), none.clone(), "invalid_text", "/reason", "an empty one"),
        (none.clone(), json!({"key": "VN"}), "invalid_value", "/provinces/0/key", "the country"),
        (none.clone(), json!({"key": "97"}), "invalid_value", "/provinces/0/key", "a key that could be a code"),
        (none.clone(), json!({"key": "dong-xuyen"}), "invalid_value", "/provinces/0/key", "a key that could be a name"),
        (none.clone(), json!({"key": "Dong-Xuyen-2026"}), "invalid_value", "/provinces/0/key", "capitals"),
        (none.clone(), json!({"key": "đông-xuyên-2026"}), "invalid_value", "/provinces/0/key", "accents"),
        (none.clone(), json!({"key": "dong--xuyen-2026"}), "invalid_value", "/provinces/0/key", "two hyphens"),
        (none.clone(), json!({"key": ""}), "invalid_text", "/provinces/0/key", "empty"),
        (none.clone(), json!({"key": format!("{}-2026", long(60))}), "invalid_text", "/provinces/0/key", "65 letters"),
        (none.clone(), json!({"code": 97}), "wrong_type", "/provinces/0/code", "a number, which has no zero in front"),
        (none.clone(), json!({"code": "9A"}), "invalid_value", "/provinces/0/code", "a letter"),
        (none.clone(), json!({"code": "123456"}), "invalid_value", "/provinces/0/code", "six digits"),
        (none.clone(), json!({"name": "—"}), "invalid_text", "/provinces/0/name", "nothing to find it by"),
        (none.clone(), json!({"name_en": long(101)}), "invalid_text", "/provinces/0/name_en", "too long a name"),
        (none.clone(), json!({"iso": "09"}), "invalid_value", "/provinces/0/iso", "no ISO code"),
        (none.clone(), json!({"agency_code": "H2"}), "invalid_value", "/provinces/0/agency_code", "one digit"),
        (none.clone(), json!({"agency_code": "H02.12"}), "invalid_value", "/provinces/0/agency_code", "an agency, not the code of all"),
        (none.clone(), json!({"unit_type": "country"}), "invalid_value", "/provinces/0/unit_type", "there is one"),
        (none.clone(), json!({"unit_type": "city"}), "invalid_value", "/provinces/0/unit_type", "another word"),
        (none.clone(), json!({"predecessors": "24"}), "wrong_type", "/provinces/0/predecessors", "no list"),
        (none.clone(), json!({"predecessors": [24]}), "wrong_type", "/provinces/0/predecessors/0", "a number"),
        (none.clone(), json!({"predecessors": ["VN"]}), "invalid_value", "/provinces/0/predecessors/0", "the country"),
        (none.clone(), json!({"predecessors": ["24", "atlantis"]}), "unknown_province", "/provinces/0/predecessors/1", "nobody"),
        (none.clone(), json!({"predecessors": ["Bắc Giang"]}), "unknown_province", "/provinces/0/predecessors/0", "a name of 2025"),
        (none.clone(), json!({"predecessors": ["bac-giang-1997"]}), "province_not_in_period", "/provinces/0/predecessors", "it had ended"),
        (json!({"valid_from": "2025-07-01"}), json!({"predecessors": ["bac-ninh-2025"]}), "province_not_in_period",
            "/provinces/0/predecessors", "it began that day"),
        (none.clone(), json!({"predecessors": ["dong-xuyen-2026"]}), "unknown_province", "/provinces/0/predecessors/0", "itself"),
        (none.clone(), json!({"code": "01"}), "name_taken", "/provinces/0/code", "the code of Hà Nội"),
        (none.clone(), json!({"name": "Hà Nội"}), "name_taken", "/provinces/0/name", "its name"),
        (none.clone(), json!({"name": "THÀNH PHỐ HA-NOI"}), "name_taken", "/provinces/0/name", "in another spelling"),
        (none.clone(), json!({"name": "TP.HCM"}), "name_taken", "/provinces/0/name", "as people write it"),
        (none.clone(), json!({"iso": "VN-HN"}), "name_taken", "/provinces/0/iso", "its ISO code"),
        (none.clone(), json!({"withdraw": "yes"}), "wrong_type", "/provinces/0/withdraw", "a word"),
        (json!({"reason": "nhầm"}), json!({"key": "hue-2025", "withdraw": true}), "contradictory_row", "/provinces/0",
            "a unit that is to be and is not"),
        (json!({"provinces": [{"key": "hue-2025", "withdraw": true}]}), none.clone(), "reason_missing", "/reason", "nobody says why"),
    ];
    for (of_document, of_unit, code, place, why) in table {
        let mut document = json!({"valid_from": "2026-07-01", "provinces": [unit(XUYEN)]});
        merge(&mut document["provinces"][0], of_unit);
        merge(&mut document, of_document);

        let refused = user.put("/v1/provinces", &document).await;

        assert_eq!(refused.fault(422), (code.to_owned(), place.to_owned()), "{why}");
        assert_eq!(app.anyone().get(list).await.text(), before, "{why}: nothing is stored");
    }
    let nobody = json!({"valid_from": "2026-07-01", "reason": "nhầm", "provinces": [{"key": "dong-xuyen-2026", "withdraw": true}]});
    let refused = user.put("/v1/provinces", &nobody).await;
    assert_eq!(refused.fault(404), ("nothing_to_withdraw".into(), "/provinces/0/key".into()));
    let refused = app.anyone().get("/v1/provinces/dong-xuyen-2026/versions").await;
    assert_eq!(refused.fault(404).0, "unknown_province", "nothing was ever said of it");
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
}

async fn what_is_wrong_with_several_units_is_named_at_once(app: TestApp) {
    let user = statistician(&app).await;
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let named = |faults: Vec<(String, String)>| {
        let mut named: Vec<String> = faults.into_iter().map(|(code, place)| format!("{place} {code}")).collect();
        named.sort();
        named
    };
    let mut units = [XUYEN, "lai-bien-2026 123456 Lai Biên < atlantis + nirgends", "son-la-2026 14 Sơn La < 14"].map(unit);
    units[0]["code"] = Value::Null;
    units[0]["key"] = json!("Xuyên");
    units[2]["colour"] = json!("red");
    units[2]["iso"] = json!("14");
    let taken =
        ["dong-xuyen-2026 01 Huế < 24", "lai-bien-2026 98 Cao Bằng < 11", "son-la-2026 98 Sơn La < 14", "nghe-an-2026 40 Nghệ An < 40"];

    let misread = user.put("/v1/provinces", &json!({"valid_from": "2026-07-01", "provinces": units, "colour": 1})).await;
    let clashing = user.put("/v1/provinces", &json!({"valid_from": "2026-07-01", "provinces": taken.map(unit)})).await;

    assert_eq!(
        named(misread.faults(422)),
        [
            "/colour unknown_field",
            "/provinces/0/code missing_field",
            "/provinces/0/key invalid_value",
            "/provinces/1/code invalid_value",
            "/provinces/1/predecessors/0 unknown_province",
            "/provinces/1/predecessors/1 unknown_province",
            "/provinces/2/colour unknown_field",
            "/provinces/2/iso invalid_value",
        ]
    );
    assert_eq!(
        named(clashing.faults(422)),
        [
            "/provinces/0/code name_taken",
            "/provinces/0/name name_taken",
            "/provinces/1/code name_taken",
            "/provinces/1/name name_taken",
            "/provinces/2/code name_taken",
        ],
        "with those that stay, and with each other"
    );
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before);
    assert_eq!(
        app.anyone().get("/v1/provinces/nghe-an-2026/versions").await.fault(404).0,
        "unknown_province",
        "nor the unit without fault"
    );
}

async fn whoever_may_not_reorganise_is_refused(app: TestApp) {
    let body = json!({"valid_from": "2026-07-01", "provinces": [unit(XUYEN)]});
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let others = app.client(&[Scope::Read, Scope::Submit, Scope::Approve, Scope::Targets]).await;

    let nobody = app.anyone().put("/v1/provinces", &body).await;
    let stranger = User::new(app.address, Some("of.somebody.else".into())).put("/v1/provinces", &body).await;
    let refused = others.put("/v1/provinces", &body).await;
    let refused_unread = others.put("/v1/provinces", &json!({"colour": 1})).await;

    assert_eq!(nobody.fault(401), ("token_missing".into(), String::new()));
    assert_eq!(stranger.fault(401), ("token_invalid".into(), String::new()));
    assert_eq!(refused.fault(403), ("scope_missing".into(), String::new()));
    assert_eq!(refused.json()["errors"][0]["allowed"], json!(["catalogue"]));
    assert_eq!(refused_unread.fault(403).0, "scope_missing", "before what they sent is read");
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before);
}

async fn what_is_no_document_is_refused(app: TestApp) {
    let user = statistician(&app).await;
    let good = json!({"valid_from": "2026-07-01", "provinces": [unit(XUYEN)]}).to_string();
    let twice = good.replacen('{', "{\"valid_from\": \"2026-08-01\", ", 1);
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();
    let json = "application/json";

    for (query, media, body, status, code, place, why) in [
        ("", json, &b"{"[..], 400, "malformed_json", "", "half an object"),
        ("", json, b"", 400, "malformed_json", "", "nothing"),
        ("", json, b"\xff{}", 400, "malformed_json", "", "not UTF-8"),
        ("", json, twice.as_bytes(), 400, "malformed_json", "", "two days"),
        ("", json, b"[]", 422, "wrong_type", "", "a list"),
        ("", "text/csv", good.as_bytes(), 415, "unsupported_media_type", "", "another media type"),
        ("?on=2026-07-01", json, good.as_bytes(), 400, "unknown_parameter", "on", "the day is in the document"),
        ("?dry_run=true", json, good.as_bytes(), 400, "unknown_parameter", "dry_run", "a parameter of another call"),
    ] {
        let path = format!("/v1/provinces{query}");
        let refused = user.send(Method::PUT, &path, &[("content-type", media)], body.to_vec()).await;
        assert_eq!(refused.fault(status), (code.to_owned(), place.to_owned()), "{why}");
    }
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before);
}

async fn a_name_that_two_units_have_is_no_predecessor(app: TestApp) {
    use chitieu::store::definitions::RecordedBy;
    use chitieu::store::provinces;
    let user = statistician(&app).await;
    // No call would let this happen.
    let of_another = |conn: &mut chitieu::store::Conn| {
        let mut another = provinces::list(conn, None)?.into_iter().find(|unit| unit.key == "lai-chau-2004").unwrap();
        another.name = "Lạng Sơn".into();
        provinces::append(conn, "lai-chau-2004", Some(&another), chitieu::clock::Clock::now(&*app.clock), &RecordedBy::default())
    };
    app.state.context.db.write_blocking(of_another).unwrap();

    let refused = user.put("/v1/provinces", &json!({"valid_from": "2026-07-01", "provinces": [unit(XUYEN)]})).await;

    assert_eq!(refused.fault(422), ("ambiguous_province".into(), "/provinces/0/predecessors/1".into()));
    assert_eq!(refused.json()["errors"][0]["allowed"], json!(["lai-chau-2004", "lang-son-1997"]));
}

/// Puts the fields of one object into another; `null` takes them out.
fn merge(into: &mut Value, fields: Value) {
    let Value::Object(fields) = fields else { panic!("no object: {fields}") };
    for (name, value) in fields {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(&name);
        } else {
            into[name] = value;
        }
    }
}

async fn what_is_on_record_can_be_withdrawn_whenever_the_unit_was_there(app: TestApp) {
    let user = statistician(&app).await;
    let aim = |period: &str| json!({"indicator": FINES, "period": period, "value": 10});
    let targets = [aim("2026"), aim("2026-Q4")];
    user.put("/v1/targets", &json!({"province": "cao-bang-1997", "targets": targets})).await.expect(200);
    report(&user, "cao-bang-1997", FINES, "2026=100, 2026-10-YTD=50").await;
    reorganise(&user, "2026-09-01", &["lai-bien-2026 12 Lai Biên < cao-bang-1997 + lai-chau-2004"]).await;

    let withdrawn = |period: &str| json!({"indicator": FINES, "period": period, "withdraw": true, "reason": "đơn vị đã hợp nhất"});
    let figures = user.submit(&json!({"province": "cao-bang-1997", "observations": [withdrawn("2026"), withdrawn("2026-10-YTD")]})).await;
    let plans = user.put("/v1/targets", &json!({"province": "cao-bang-1997", "targets": [withdrawn("2026-Q4")]})).await.expect(200);

    assert_eq!(figures["counts"]["withdrawn"], 2);
    assert_eq!(plans["items"][0]["outcome"], "withdrawn");
}

async fn what_was_said_of_one_unit_is_not_taken_back_into_another(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    reorganise(&user, "2026-08-01", &["cao-bac-2026 24 Cao Bắc < cao-bang-1997"]).await;
    let before = app.anyone().get("/v1/provinces?limit=1000").await.text();

    let withdraw = json!({"valid_from": "2026-07-01", "reason": "hoãn", "provinces": [{"key": "dong-xuyen-2026", "withdraw": true}]});
    let withdrawn = user.put("/v1/provinces", &withdraw).await;
    let later = unit("dong-xuyen-2026 97 Đông Xuyên < bac-ninh-2025 + lang-son-1997");
    let later = json!({"valid_from": "2026-10-01", "provinces": [later]});
    let postponed = user.put("/v1/provinces", &later).await;

    assert_eq!(withdrawn.fault(422), ("name_taken".into(), "/provinces".into()), "bac-ninh-2025 would have the code 24 again");
    assert_eq!(postponed.fault(422), ("name_taken".into(), "/provinces".into()), "and two months longer");
    assert_eq!(app.anyone().get("/v1/provinces?limit=1000").await.text(), before);
}

async fn a_unit_that_was_formed_from_no_other_stays(app: TestApp) {
    let user = statistician(&app).await;
    let founded = json!({"key": "cao-bang-1997", "code": "04", "name": "Cao Bằng", "name_en": "Cao Bang", "iso": "vn-04",
        "unit_type": "province"});

    let gone = json!({"valid_from": "1997-01-01", "reason": "thử", "provinces": [{"key": "cao-bang-1997", "withdraw": true}]});
    let moved = user.put("/v1/provinces", &json!({"valid_from": "1990-01-01", "provinces": [founded]})).await;
    let same = user.put("/v1/provinces", &json!({"valid_from": "1997-01-01", "provinces": [founded]})).await.expect(200);

    assert_eq!(user.put("/v1/provinces", &gone).await.fault(422), ("invalid_value".into(), "/provinces/0/key".into()));
    assert_eq!(moved.fault(422), ("invalid_value".into(), "/provinces/0/key".into()));
    assert_eq!((&same["items"][0]["outcome"], &same["items"][0]["iso"]), (&json!("unchanged"), &json!("VN-04")), "in either case");
}

async fn codes_mean_what_they_mean_without_what_is_said_anew(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;

    let postponed = reorganise(&user, "2026-10-01", &["dong-xuyen-2026 97 Đông Xuyên < 24 + Lạng Sơn"]).await;

    assert_eq!(postponed["items"][0]["outcome"], "updated");
    assert_eq!(postponed["items"][0]["predecessors"], json!(["bac-ninh-2025", "lang-son-1997"]));
}
