//! Indicators: reading the catalogue, defining new ones and new versions of old ones, and who may know of which.
//! What a changed definition does to a comparison is here too; the arithmetic of comparisons is not.

use chitieu::domain::access::scope::Scope;
use chitieu::service::catalogue::snapshot;
use chitieu::store::{self, StoreError};
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, User, on_both};

on_both! {
    the_catalogue_is_listed_as_it_was_shipped,
    a_field_of_work_that_no_indicator_has_is_named_with_those_there_are,
    a_search_reads_names_codes_and_definitions_without_accents,
    pages_cover_every_indicator_once,
    a_cursor_of_another_collection_is_refused,
    every_faulty_parameter_of_the_list_is_named_at_once,
    an_indicator_is_found_by_its_code_alone,
    a_new_indicator_is_created_and_read_back,
    the_same_definition_again_is_the_same_version,
    a_changed_definition_is_a_new_version,
    what_is_left_out_of_a_definition_has_its_default,
    every_shipped_definition_read_back_and_sent_again_is_unchanged,
    unit_multiplier_and_measure_of_a_code_are_locked,
    every_missing_unknown_and_wrong_field_is_named_at_once,
    a_pointer_escapes_the_characters_that_pointers_are_made_of,
    a_definition_that_contradicts_itself_is_refused,
    units_and_members_are_told_by_their_names_in_both_languages,
    a_code_that_is_no_code_is_a_fault_of_the_path,
    a_body_that_is_no_definition_is_refused,
    only_a_catalogue_administrator_defines_indicators,
    an_internal_indicator_does_not_exist_for_those_without_the_scope_to_read_it,
    an_internal_indicator_is_there_for_those_who_may_read_it,
    an_indicator_that_becomes_internal_disappears_with_its_figures,
    a_comparison_across_two_definitions_says_so,
    a_version_that_only_renames_is_no_change_of_definition,
    loading_the_shipped_catalogue_again_changes_nothing,
    loading_the_shipped_catalogue_again_keeps_what_an_administrator_changed,
}

/// The definitions of one field as they are shipped.
const SHIPPED: &str = include_str!("../../../data/indicators/post_telecom.json");

async fn the_catalogue_is_listed_as_it_was_shipped(app: TestApp) {
    let mut shipped: Vec<Value> = serde_json::from_str(SHIPPED).expect("JSON");
    shipped.sort_by_key(code);

    let all = app.anyone().get("/v1/indicators?limit=1000").await.expect(200);
    let of_field = app.anyone().get("/v1/indicators?field=post_telecom&limit=1000").await.expect(200);

    let codes: Vec<String> = items(&all).iter().map(code).collect();
    assert!(codes.len() >= 80 && codes.is_sorted(), "by code: {codes:?}");
    assert!(items(&all).iter().all(|indicator| indicator["version"] == 1), "nobody has changed any");
    let definitions: Vec<Value> = items(&of_field).iter().cloned().map(without_version).collect();
    for definition in &mut shipped {
        definition.as_object_mut().expect("an object").entry("yoy_limit").or_insert(Value::Null);
        definition["unit_label"] = Value::Null;
        for dimension in definition["breakdowns"].as_object_mut().expect("an object").values_mut() {
            dimension.as_object_mut().expect("an object").entry("labels").or_insert_with(|| json!({}));
        }
    }
    assert_eq!(definitions, shipped);
}

async fn a_field_of_work_that_no_indicator_has_is_named_with_those_there_are(app: TestApp) {
    let answer = app.anyone().get("/v1/indicators?field=agriculture").await;

    assert_eq!(answer.fault(400), fault("invalid_value", "field"));
    let fields = json!(["admin_reform", "emulation", "inspection", "it", "population", "post_telecom", "press_publishing", "trade"]);
    assert_eq!(answer.json()["errors"][0]["allowed"], fields);
}

async fn a_search_reads_names_codes_and_definitions_without_accents(app: TestApp) {
    for (q, found, why) in [
        ("số thuê bao Internet", &["internet-subscribers"][..], "a Vietnamese name"),
        ("SO THUE BAO INTERNET", &["internet-subscribers"], "in capitals without accents"),
        ("so\u{302}\u{301} thue\u{302} bao Internet", &["internet-subscribers"], "with the accents as characters of their own"),
        ("Villages and residential", &["village-fibre-coverage-rate"], "an English name"),
        ("bts-sites", &["bts-sites"], "a code"),
        ("an-ten", &[], "a word of no text; it is written ăng-ten"),
        ("cot ang ten", &["bts-sites"], "a definition"),
        ("fibre", &["household-fibre-connected-rate", "village-fibre-coverage-rate"], "several"),
        ("không có chỉ tiêu này", &[], "none"),
    ] {
        let answer = app.anyone().get(&format!("/v1/indicators?q={q}")).await.expect(200);
        assert_eq!(items(&answer).iter().map(code).collect::<Vec<_>>(), found, "{q}: {why}");
    }
    let both = app.anyone().get("/v1/indicators?q=fibre&field=it").await.expect(200);
    assert_eq!(both["items"], json!([]), "text and field hold together");
}

async fn pages_cover_every_indicator_once(app: TestApp) {
    for filter in ["", "field=it", "q=ho so"] {
        let whole = app.anyone().get(&format!("/v1/indicators?limit=1000&{filter}")).await.expect(200);
        let all = items(&whole).len();
        assert!(all > 3 && whole["next"].is_null(), "{filter}: {all}");
        for limit in [3, all - 1, all, all + 1] {
            let mut read = Vec::new();
            let mut cursor = String::new();
            for page in 1.. {
                assert!(page <= all, "pages of {limit} do not end");
                let answer = app.anyone().get(&format!("/v1/indicators?{filter}&limit={limit}{cursor}")).await.expect(200);
                assert!((1..=limit).contains(&items(&answer).len()), "{filter} {limit}");
                read.extend(items(&answer).iter().cloned());
                let Some(next) = answer["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(read, *items(&whole), "{filter} in pages of {limit}");
        }
    }
}

async fn a_cursor_of_another_collection_is_refused(app: TestApp) {
    let provinces = app.anyone().get("/v1/provinces?limit=1").await.expect(200);
    let cursor = provinces["next"].as_str().expect("a second page");

    let answer = app.anyone().get(&format!("/v1/indicators?cursor={cursor}")).await;

    assert_eq!(answer.fault(400), fault("invalid_cursor", "cursor"), "this collection did not hand it out");
}

async fn every_faulty_parameter_of_the_list_is_named_at_once(app: TestApp) {
    let mut faults = app.anyone().get("/v1/indicators?field=&q=%09x&limit=many&cursor=YQpi&unit=VND").await.faults(400);

    faults.sort();
    let expected = [
        ("invalid_cursor", "cursor"),
        ("invalid_text", "field"),
        ("invalid_text", "q"),
        ("invalid_value", "limit"),
        ("unknown_parameter", "unit"),
    ];
    assert_eq!(faults, expected.map(|(code, place)| fault(code, place)));
}

async fn an_indicator_is_found_by_its_code_alone(app: TestApp) {
    let found = app.anyone().get("/v1/indicators/telecom-internet-revenue").await.expect(200);

    assert_eq!((&found["version"], &found["unit"], &found["unit_mult"]), (&json!(1), &json!("VND"), &json!(9)));
    assert_eq!(found["external_ref"], "1303 (Thông tư 03/2022)");
    for (id, why) in [
        ("Telecom-Internet-Revenue", "codes are lower case"),
        ("Doanh thu viễn thông, Internet", "a name is no code"),
        ("1303", "nor is another list's number"),
        ("wholesale-sales", "not defined"),
    ] {
        let answer = app.anyone().get(&format!("/v1/indicators/{id}")).await;
        assert_eq!(answer.fault(404), fault("unknown_indicator", ""), "{id}: {why}");
    }
    let answer = app.anyone().get("/v1/indicators/telecom-internet-revenue?version=1").await;
    assert_eq!(answer.fault(400), fault("unknown_parameter", "version"));
}

async fn a_new_indicator_is_created_and_read_back(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;

    let created = administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);

    let mut expected = retail_sales();
    expected["code"] = json!("wholesale-sales");
    expected["version"] = json!(1);
    expected["yoy_limit"] = Value::Null;
    expected["unit_label"] = Value::Null;
    for dimension in expected["breakdowns"].as_object_mut().expect("an object").values_mut() {
        dimension["labels"] = json!({});
    }
    assert_eq!(created, expected);
    assert_eq!(app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200), expected);
    let listed = app.anyone().get("/v1/indicators?field=trade").await.expect(200);
    let codes: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
    assert_eq!(codes, ["retail-sales", "wholesale-sales"]);
    assert_eq!(listed["items"][1], expected);
    let observations = json!([{"indicator": "wholesale-sales", "breakdown": {"sector": "goods"}, "value": 52.5}]);
    app.department().await.submit(&json!({"province": "24", "period": "2024", "observations": observations})).await;
}

async fn the_same_definition_again_is_the_same_version(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let created = administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);
    let mut differently_written = retail_sales();
    differently_written["min"] = json!("0.0");
    differently_written["name"] = json!("Doanh thu ba\u{301}n le\u{309} ha\u{300}ng ho\u{301}a");
    differently_written.as_object_mut().expect("an object").remove("external_ref");
    differently_written.as_object_mut().expect("an object").shift_insert(0, "calendar".into(), json!("civil"));

    let again = administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(200);
    let rewritten = administrator.put("/v1/indicators/wholesale-sales", &differently_written).await.expect(200);

    assert_eq!(again, created);
    assert_eq!(rewritten["version"], 1, "null or absent, 0 or 0.0, one character or two: the definition is the same");
    assert_eq!(app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200), created);
}

async fn a_changed_definition_is_a_new_version(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);

    for (field, value, version, why) in [
        ("definition", json!("Không gồm doanh thu trực tuyến."), 2, "another meaning"),
        ("name_en", json!("Retail turnover"), 3, "another name"),
        ("max", json!(1_000_000), 4, "another bound"),
        ("breakdowns", json!({}), 5, "no parts any more"),
        ("decimals", json!(2), 6, "finer"),
        ("definition", json!(retail_sales()["definition"]), 7, "back to an earlier meaning"),
    ] {
        let mut changed = without_version(app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200));
        changed.as_object_mut().expect("an object").remove("code");
        changed[field] = value.clone();
        let answered = administrator.put("/v1/indicators/wholesale-sales", &changed).await.expect(200);
        assert_eq!((&answered["version"], &answered[field]), (&json!(version), &value), "{why}");
        assert_eq!(app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200), answered, "{why}");
    }
}

async fn what_is_left_out_of_a_definition_has_its_default(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let mut least = retail_sales();
    for optional in ["unit_mult", "min", "max", "breakdowns", "calendar", "access", "external_ref"] {
        least.as_object_mut().expect("an object").remove(optional);
    }

    administrator.put("/v1/indicators/wholesale-sales", &least).await.expect(201);

    let found = app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200);
    for (field, default) in [
        ("unit_mult", json!(0)),
        ("min", Value::Null),
        ("max", Value::Null),
        ("breakdowns", json!({})),
        ("calendar", json!("civil")),
        ("access", json!("open")),
        ("external_ref", Value::Null),
        ("unit_label", Value::Null),
    ] {
        assert_eq!(found.get(field), Some(&default), "{field}");
    }
}

async fn every_shipped_definition_read_back_and_sent_again_is_unchanged(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let before = versions(&app);
    let all = app.anyone().get("/v1/indicators?limit=1000").await.expect(200);

    for indicator in items(&all) {
        let mut definition = without_version(indicator.clone());
        definition.as_object_mut().expect("an object").remove("code");
        let answered = administrator.put(&format!("/v1/indicators/{}", code(indicator)), &definition).await.expect(200);
        assert_eq!(answered, *indicator);
    }

    assert_eq!(versions(&app), before);
}

async fn unit_multiplier_and_measure_of_a_code_are_locked(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let created = administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);

    for (changes, locked, was, why) in [
        (json!({"unit": "USD"}), &["/unit"][..], json!([["VND"]]), "another currency"),
        (json!({"unit_mult": 6}), &["/unit_mult"], json!([["9"]]), "million instead of tỷ"),
        (json!({"unit_mult": null}), &["/unit_mult"], json!([["9"]]), "left out, it is 0"),
        (json!({"measure": "stock", "time_aggregation": "last"}), &["/measure"], json!([["flow"]]), "a level instead of an amount"),
        (
            json!({"unit": "percent", "unit_mult": 0, "measure": "rate", "time_aggregation": "ratio", "area_aggregation": "ratio", "breakdowns": {}}),
            &["/unit", "/unit_mult", "/measure"],
            json!([["VND"], ["9"], ["flow"]]),
            "a share: all three at once",
        ),
    ] {
        let mut changed = retail_sales();
        for (field, value) in changes.as_object().expect("an object") {
            changed[field] = value.clone();
        }
        let answer = administrator.put("/v1/indicators/wholesale-sales", &changed).await;
        let expected: Vec<_> = locked.iter().map(|place| fault("definition_locked", place)).collect();
        assert_eq!(answer.faults(422), expected, "{why}");
        let allowed: Vec<Value> =
            answer.json()["errors"].as_array().expect("a list").iter().map(|error| error["allowed"].clone()).collect();
        assert_eq!(json!(allowed), was, "{why}: what it is stays named");
    }
    assert_eq!(app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200), created, "nothing was stored");
}

async fn every_missing_unknown_and_wrong_field_is_named_at_once(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let before = versions(&app);
    let wrong = json!({
        "name": "", "name_en": 5, "definition": "a\u{0}b", "field": null, "unit_mult": 13, "measure": "speed", "time_aggregation": "sum",
        "direction": true, "decimals": 1.5, "min": "1,5%", "max": "1.000", "yoy_limit": [], "frequency": "W", "calendar": "lunar", "access": "secret",
        "breakdowns": {"sector": {"values": ["goods", 7], "complete": "yes", "order": 1}, "line": []}, "external_ref": {},
    });

    let mut faults = administrator.put("/v1/indicators/wholesale-sales", &wrong).await.faults(422);

    faults.sort();
    let expected = [
        ("ambiguous_number", "/max"),
        ("invalid_text", "/definition"),
        ("invalid_text", "/name"),
        ("invalid_value", "/access"),
        ("invalid_value", "/calendar"),
        ("invalid_value", "/decimals"),
        ("invalid_value", "/frequency"),
        ("invalid_value", "/measure"),
        ("invalid_value", "/unit_mult"),
        ("missing_field", "/area_aggregation"),
        ("missing_field", "/field"),
        ("missing_field", "/unit"),
        ("not_a_number", "/min"),
        ("unknown_field", "/breakdowns/sector/order"),
        ("wrong_type", "/breakdowns/line"),
        ("wrong_type", "/breakdowns/sector/complete"),
        ("wrong_type", "/breakdowns/sector/values/1"),
        ("wrong_type", "/direction"),
        ("wrong_type", "/external_ref"),
        ("wrong_type", "/name_en"),
        ("wrong_type", "/yoy_limit"),
    ];
    assert_eq!(faults, expected.map(|(code, place)| fault(code, place)));
    app.anyone().get("/v1/indicators/wholesale-sales").await.fault(404);
    assert_eq!(versions(&app), before, "nothing was stored");
}

async fn a_pointer_escapes_the_characters_that_pointers_are_made_of(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    for (field, value, code, pointer, why) in [
        ("a/b~c", json!(1), "unknown_field", "/a~1b~0c", "an unknown field"),
        ("breakdowns", json!({"a/b~c": []}), "wrong_type", "/breakdowns/a~1b~0c", "a dimension"),
        ("breakdowns", json!({"a/b~c": {"values": [7]}}), "wrong_type", "/breakdowns/a~1b~0c/values/0", "a member of a dimension"),
    ] {
        let mut wrong = retail_sales();
        wrong[field] = value;
        let faults = administrator.put("/v1/indicators/wholesale-sales", &wrong).await.faults(422);
        assert_eq!(faults[0], fault(code, pointer), "{why}");
    }
}

async fn a_definition_that_contradicts_itself_is_refused(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let rate = json!({"unit": "percent", "unit_mult": 0, "measure": "rate", "time_aggregation": "ratio", "area_aggregation": "ratio", "breakdowns": {}});
    #[rustfmt::skip]
    let table = [
        (json!({}), json!({"field": "Trade"}), "/field", "capitals"),
        (json!({}), json!({"field": "bán lẻ"}), "/field", "accents"),
        (json!({}), json!({"min": 5, "max": 4}), "/max", "the greatest below the least"),
        (json!({}), json!({"time_aggregation": "last"}), "/time_aggregation", "the last month is not the year's sales"),
        (json!({}), json!({"time_aggregation": "ratio"}), "/time_aggregation", "sales have no denominator"),
        (json!({}), json!({"area_aggregation": "ratio"}), "/area_aggregation", "sales have no denominator"),
        (json!({}), json!({"area_aggregation": "last"}), "/area_aggregation", "provinces have no last one"),
        (json!({}), json!({"measure": "stock"}), "/time_aggregation", "what stands at the end of months is not added"),
        (json!({}), json!({"breakdowns": {"Sector": {"values": ["goods"]}}}), "/breakdowns", "capitals"),
        (json!({}), json!({"breakdowns": {"sector": {"values": ["hàng hóa"]}}}), "/breakdowns", "accents"),
        (json!({}), json!({"breakdowns": {"sector": {"complete": true}}}), "/breakdowns", "any member, and yet complete"),
        (json!({}), json!({"breakdowns": {"sector": {"values": ["goods"], "labels": {"services": name("dịch vụ", "services")}}}}), "/breakdowns",
            "a name of no member"),
        (json!({}), json!({"unit": "furlong"}), "/unit_label", "a unit without a name"),
        (json!({}), json!({"unit_label": name("đồng", "dong")}), "/unit_label", "another name of a unit that has one"),
        (rate.clone(), json!({"unit": "VND"}), "/unit", "a share is in percent"),
        (rate.clone(), json!({"time_aggregation": "sum"}), "/time_aggregation", "shares are not added over months"),
        (rate.clone(), json!({"area_aggregation": "sum"}), "/area_aggregation", "nor over provinces"),
        (rate, json!({"breakdowns": {"sector": {"values": ["goods"], "complete": true}}}), "/breakdowns", "shares of parts do not add up"),
    ];
    for (kind, changes, place, why) in table {
        let mut contradictory = retail_sales();
        for (field, value) in kind.as_object().expect("an object").iter().chain(changes.as_object().expect("an object")) {
            contradictory[field] = value.clone();
        }
        let answer = administrator.put("/v1/indicators/wholesale-sales", &contradictory).await;
        assert_eq!(answer.fault(422), fault("invalid_value", place), "{why}");
    }
    app.anyone().get("/v1/indicators/wholesale-sales").await.fault(404);
}

/// A name in both languages.
fn name(vietnamese: &str, english: &str) -> Value {
    json!({"name": vietnamese, "name_en": english})
}

async fn units_and_members_are_told_by_their_names_in_both_languages(app: TestApp) {
    let user = app.client(&[Scope::Catalogue, Scope::Submit]).await;
    let members = json!({"sector": {"values": ["goods", "services"], "complete": true,
        "labels": {"goods": name("hàng hóa", "goods"), "services": name("dịch vụ", "services")}}});
    for (code, unit, unit_mult, label, vi, en) in [
        ("exports", "USD", 6, Value::Null, "12 triệu đô la Mỹ", "12 million USD"),
        ("parcels", "parcel", 3, Value::Null, "12 nghìn bưu kiện", "12 thousand parcels"),
        ("stamps", "stamp", 0, name("con tem", "stamps"), "12 con tem", "12 stamps"),
    ] {
        let mut definition = retail_sales();
        definition["unit"] = json!(unit);
        definition["unit_mult"] = json!(unit_mult);
        definition["unit_label"] = label.clone();
        definition["breakdowns"] = members.clone();
        let path = format!("/v1/indicators/{code}");
        let defined = user.put(&path, &definition).await.expect(201);
        assert_eq!((&defined["unit_label"], &defined["breakdowns"]), (&label, &members), "{code}");
        let row = json!({"indicator": code, "breakdown": {"sector": "services"}, "value": 12});
        user.submit(&json!({"province": "24", "period": "2023", "observations": [row]})).await;

        let table = app.anyone().get(&format!("/v1/comparisons?province=24&period=2023&indicator={code}&breakdown=*")).await.expect(200);

        let said = &table["items"][0]["sentence"];
        let (said_vi, said_en) = (said["vi"].as_str().unwrap(), said["en"].as_str().unwrap());
        assert!(said_vi.contains(vi) && said_vi.contains("(dịch vụ)"), "{said_vi}");
        assert!(said_en.contains(en) && said_en.contains("(services)"), "{said_en}");
    }
}

async fn a_code_that_is_no_code_is_a_fault_of_the_path(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let long = "a".repeat(65);
    for (code, why) in [
        ("Retail-Sales", "capitals"),
        ("retail_sales", "underscores"),
        ("retail--sales", "an empty word"),
        ("bán-lẻ", "accents"),
        (&long, "longer than 64"),
    ] {
        let answer = administrator.put(&format!("/v1/indicators/{code}"), &retail_sales()).await;
        assert_eq!(answer.fault(422), fault("invalid_value", "code"), "{why}: the parameter of the path, for the body has no such field");
        app.anyone().get(&format!("/v1/indicators/{code}")).await.fault(404);
    }
}

async fn a_body_that_is_no_definition_is_refused(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    for (body, status, code, why) in [
        ("{\"name\": \"a\", \"name\": \"b\"}", 400, "malformed_json", "a field twice"),
        ("{", 400, "malformed_json", "cut off"),
        ("", 400, "malformed_json", "empty"),
        ("[]", 422, "wrong_type", "a list"),
        ("null", 422, "wrong_type", "nothing"),
    ] {
        let json = [("content-type", "application/json")];
        let answer = administrator.send(actix_web::http::Method::PUT, "/v1/indicators/wholesale-sales", &json, body.into()).await;
        assert_eq!(answer.fault(status), fault(code, ""), "{why}");
    }
    app.anyone().get("/v1/indicators/wholesale-sales").await.fault(404);
}

async fn only_a_catalogue_administrator_defines_indicators(app: TestApp) {
    let others = app.client(&[Scope::Read, Scope::Submit, Scope::Approve, Scope::Targets, Scope::Admin]).await;
    let before = versions(&app);

    for (path, why) in [("wholesale-sales", "a new one"), ("bts-sites", "a shipped one")] {
        let stranger = app.anyone().put(&format!("/v1/indicators/{path}"), &retail_sales()).await;
        assert_eq!(stranger.fault(401), fault("token_missing", ""), "{why}");
        assert_eq!(stranger.json()["errors"][0]["allowed"], json!(["catalogue"]), "{why}");
        assert!(stranger.header("www-authenticate").starts_with("Bearer "), "{why}");
        let other = others.put(&format!("/v1/indicators/{path}"), &retail_sales()).await;
        assert_eq!(other.fault(403), fault("scope_missing", ""), "{why}");
        assert_eq!(other.json()["errors"][0]["allowed"], json!(["catalogue"]), "{why}");
        assert!(other.header("www-authenticate").contains("scope=\"catalogue\""), "{why}");
    }

    assert_eq!(versions(&app), before, "nothing was stored");
}

async fn an_internal_indicator_does_not_exist_for_those_without_the_scope_to_read_it(app: TestApp) {
    define_internal_with_a_figure_and_a_target(&app).await;
    let without = app.client(&[Scope::Submit, Scope::Targets, Scope::Catalogue, Scope::Approve, Scope::Admin]).await;

    for (user, who) in [(app.anyone(), "anyone"), (without, "a client with every scope but `read`")] {
        let found = user.get("/v1/indicators/case-load").await;
        let absent = user.get("/v1/indicators/case-less").await;
        assert_eq!(found.fault(404), fault("unknown_indicator", ""), "{who}");
        let words = |answer: &crate::support::Answer| answer.json()["detail"].as_str().expect("a text").replace("case-less", "case-load");
        assert_eq!(words(&found), words(&absent), "{who} cannot tell it from one that was never defined");
        for query in ["limit=1000", "q=case", "q=vụ việc", "limit=1000&field=inspection"] {
            let listed = user.get(&format!("/v1/indicators?{query}")).await.expect(200);
            assert!(!items(&listed).iter().any(|indicator| code(indicator) == "case-load"), "{who}: {query}");
        }
        for path in [
            "/v1/series?province=24&to=2024-12&indicator=case-load",
            "/v1/comparisons?province=24&period=2024-05&indicator=case-load",
            "/v1/targets?indicator=case-load",
        ] {
            assert_eq!(user.get(path).await.fault(400), fault("unknown_indicator", "indicator"), "{who}: {path}");
        }
        let table = user.get("/v1/comparisons?province=24&period=2024-05").await.expect(200);
        assert_eq!(table["items"], json!([]), "{who}: no line in the whole table");
        let targets = user.get("/v1/targets?province=bac-giang-1997").await.expect(200);
        assert_eq!(targets["items"], json!([]), "{who}: no target in the whole list");
    }
}

async fn an_internal_indicator_is_there_for_those_who_may_read_it(app: TestApp) {
    define_internal_with_a_figure_and_a_target(&app).await;

    let reader = app.client(&[Scope::Read]).await;

    assert_eq!(reader.get("/v1/indicators/case-load").await.expect(200)["access"], "internal");
    let listed = reader.get("/v1/indicators?q=case-load").await.expect(200);
    assert_eq!(items(&listed).iter().map(code).collect::<Vec<_>>(), ["case-load"]);
    let series = reader.get("/v1/series?province=24&to=2024-12&indicator=case-load").await.expect(200);
    assert_eq!(series["items"][0]["observations"][0]["value"], 7);
    let table = reader.get("/v1/comparisons?province=24&period=2024-05").await.expect(200);
    assert_eq!(item(&table, "case-load")["current"]["value"], 7);
    assert_eq!(item(&table, "case-load")["target"]["value"], 10);
    let targets = reader.get("/v1/targets?province=bac-giang-1997").await.expect(200);
    assert_eq!(targets["items"][0]["indicator"], "case-load");
}

async fn an_indicator_that_becomes_internal_disappears_with_its_figures(app: TestApp) {
    let administrator = app.client_of(None, &[Scope::Catalogue]).await;
    administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);
    let observations = json!([{"indicator": "wholesale-sales", "value": 52.5}]);
    app.department().await.submit(&json!({"province": "24", "period": "2024", "observations": observations})).await;
    let mut internal = retail_sales();
    internal["access"] = json!("restricted");

    administrator.put("/v1/indicators/wholesale-sales", &internal).await.expect(200);

    let anyone = app.anyone();
    anyone.get("/v1/indicators/wholesale-sales").await.fault(404);
    let series = anyone.get("/v1/series?province=bac-giang-1997&indicator=wholesale-sales").await;
    assert_eq!(series.fault(400), fault("unknown_indicator", "indicator"));
    let reader = app.client(&[Scope::Read]).await;
    let series = reader.get("/v1/series?province=bac-giang-1997&indicator=wholesale-sales").await.expect(200);
    assert_eq!(series["items"][0]["observations"][0]["value"].to_string(), "52.5");
}

async fn a_comparison_across_two_definitions_says_so(app: TestApp) {
    let mut narrower = retail_sales();
    narrower["definition"] = json!("Không gồm doanh thu trực tuyến.");

    let (series, against) = compare_across(&app, &narrower).await;

    assert_eq!((&against["index_pct"], &against["change"]), (&json!(110), &json!(5)), "the numbers are given");
    assert_eq!((&against["comparable"], &against["reasons"]), (&json!("limited"), &json!(["definition_changed"])));
    let point = &series["items"][0]["observations"][1];
    assert_eq!((&point["value"], &point["reasons"]), (&json!(110), &json!(["definition_changed"])));
}

async fn a_version_that_only_renames_is_no_change_of_definition(app: TestApp) {
    let mut renamed = retail_sales();
    renamed["name_en"] = json!("Retail turnover");

    let (series, against) = compare_across(&app, &renamed).await;

    assert_eq!((&against["comparable"], &against["reasons"]), (&json!("yes"), &json!([])));
    assert_eq!(series["items"][0]["observations"][1].get("reasons"), None);
}

async fn loading_the_shipped_catalogue_again_changes_nothing(app: TestApp) {
    let before = (versions(&app), app.anyone().get("/v1/indicators?limit=1000").await.expect(200), provinces(&app.anyone()).await);
    assert!(before.0.0 >= 80, "{} definitions", before.0.0);

    load_shipped_catalogue(&app);

    let after = (versions(&app), app.anyone().get("/v1/indicators?limit=1000").await.expect(200), provinces(&app.anyone()).await);
    assert_eq!(after, before);
}

async fn loading_the_shipped_catalogue_again_keeps_what_an_administrator_changed(app: TestApp) {
    let administrator = app.client(&[Scope::Catalogue]).await;
    let mut changed = without_version(app.anyone().get("/v1/indicators/bts-sites").await.expect(200));
    changed.as_object_mut().expect("an object").remove("code");
    changed["definition"] = json!("Đếm vị trí, kể cả vị trí chưa hoạt động.");
    administrator.put("/v1/indicators/bts-sites", &changed).await.expect(200);
    administrator.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);
    let before = versions(&app);

    load_shipped_catalogue(&app);

    assert_eq!(versions(&app), before);
    let found = app.anyone().get("/v1/indicators/bts-sites").await.expect(200);
    assert_eq!((&found["version"], &found["definition"]), (&json!(2), &changed["definition"]));
    app.anyone().get("/v1/indicators/wholesale-sales").await.expect(200);
}

/// A definition that breaks no rule, with every field written.
fn retail_sales() -> Value {
    json!({
        "name": "Doanh thu bán lẻ hàng hóa", "name_en": "Retail sales", "definition": "Tổng doanh thu bán lẻ hàng hóa trên địa bàn trong kỳ.",
        "field": "trade", "unit": "VND", "unit_mult": 9, "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum",
        "direction": "up", "decimals": 1, "min": 0, "max": null,
        "breakdowns": {"channel": {"values": null, "complete": false}, "sector": {"values": ["goods", "services"], "complete": true}},
        "frequency": "A", "calendar": "civil", "access": "open", "external_ref": null,
    })
}

/// An indicator that is not open, with a figure of May 2024 and a target for the year.
async fn define_internal_with_a_figure_and_a_target(app: &TestApp) {
    let client = app.client(&[Scope::Catalogue, Scope::Read, Scope::Submit, Scope::Targets]).await;
    let case_load = json!({
        "name": "Số vụ việc đang xử lý", "name_en": "Case load", "definition": "Số vụ việc đang xử lý cuối kỳ.", "field": "inspection",
        "unit": "case", "measure": "stock", "time_aggregation": "last", "area_aggregation": "sum", "direction": "down", "decimals": 0,
        "frequency": "M", "access": "internal",
    });
    client.put("/v1/indicators/case-load", &case_load).await.expect(201);
    let figure = json!([{"indicator": "case-load", "value": 7}]);
    client.submit(&json!({"province": "24", "period": "2024-05", "observations": figure})).await;
    let target = json!([{"indicator": "case-load", "period": "2024", "value": 10, "kind": "at_most"}]);
    client.put("/v1/targets", &json!({"province": "24", "targets": target})).await.expect(200);
}

/// Figures of 2023 under one definition and of 2024 under the next: as series of indices, and as comparison of 2024.
async fn compare_across(app: &TestApp, next: &Value) -> (Value, Value) {
    let client = app.client(&[Scope::Catalogue, Scope::Submit]).await;
    client.put("/v1/indicators/wholesale-sales", &retail_sales()).await.expect(201);
    let figure = |period: &str, value: i64| json!({"province": "24", "period": period, "observations": [{"indicator": "wholesale-sales", "value": value}]});
    client.submit(&figure("2023", 50)).await;
    client.put("/v1/indicators/wholesale-sales", next).await.expect(200);
    client.submit(&figure("2024", 55)).await;

    let series = app.anyone().get("/v1/series?province=24&to=2024&indicator=wholesale-sales&units=idx1").await.expect(200);
    let table = app.anyone().get("/v1/comparisons?province=24&period=2024").await.expect(200);
    (series, item(&table, "wholesale-sales")["same_period_last_year"].clone())
}

/// Does what every start of the service does.
fn load_shipped_catalogue(app: &TestApp) {
    app.state.context.db.write_blocking(|conn| snapshot::seed(conn, app.state.context.clock.now())).expect("the database is there");
}

/// How many definitions of all versions are stored, and the number of the last one.
fn versions(app: &TestApp) -> (usize, Option<i64>) {
    let count = |conn: &mut store::Conn| {
        Ok::<_, StoreError>((store::indicators::list(conn, None)?.len(), store::definitions::latest_change(conn)?))
    };
    app.state.context.db.read_blocking(count).expect("the database is there")
}

async fn provinces(user: &User) -> Value {
    user.get("/v1/provinces?limit=1000").await.expect(200)
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("a list")
}

fn code(indicator: &Value) -> String {
    indicator["code"].as_str().expect("a text").to_owned()
}

fn without_version(mut indicator: Value) -> Value {
    indicator.as_object_mut().expect("an object").remove("version").expect("every indicator says its version");
    indicator
}

fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
