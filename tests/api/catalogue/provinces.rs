//! Provinces: the 63 units until June 2025 and the 34 since, how they are searched, and which one a code or name means.
//! Codes and names were reused on 1 July 2025, so most questions here are about a day.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, User, on_both};

on_both! {
    a_later_release_changes_a_province_and_the_same_one_changes_none,
    the_units_of_each_day_since_1997_are_listed,
    a_search_forgets_accents_case_and_spelling,
    code_24_was_bac_giang_and_is_bac_ninh,
    a_unit_answers_to_its_key_and_to_the_code_and_names_it_had_on_the_day,
    a_number_is_never_an_iso_code,
    today_begins_at_midnight_in_viet_nam,
    a_merged_unit_names_what_it_was_formed_from,
    the_lineage_reads_the_same_from_both_ends,
    a_lineage_is_what_a_unit_was_formed_from_and_what_became_of_it,
    a_province_is_found_by_its_name_in_any_spelling,
    a_code_that_nobody_has_now_is_not_found_and_the_key_is_named,
    what_nobody_was_ever_called_is_not_found,
    a_series_of_code_24_is_that_of_whoever_had_the_code_at_its_end,
    a_comparison_for_code_24_is_that_of_whoever_had_the_code_then,
    a_unit_that_only_changed_name_or_rank_has_not_changed_its_territory,
    a_unit_that_only_changed_name_or_rank_is_compared_with_itself,
    a_figure_sent_for_a_unit_that_had_ended_is_refused,
    the_country_is_found_and_listed,
    pages_cover_every_unit_once,
    every_faulty_parameter_is_named_at_once,
    unknown_parameters_of_one_province_are_named,
}

async fn the_units_of_each_day_since_1997_are_listed(app: TestApp) {
    for (filter, units, why) in [
        ("", 96, "of all times"),
        ("on=1996-12-31", 0, "the record begins the day after"),
        ("on=1997-01-01", 61, "eight provinces were divided"),
        ("on=2003-12-31", 61, "the last day of old Cần Thơ, Đắk Lắk and Lai Châu"),
        ("on=2004-01-01", 64, "which were split"),
        ("on=2008-07-31", 64, "the last day of Hà Tây"),
        ("on=2008-08-01", 63, "which went into Hà Nội"),
        ("on=2024-06-30", 63, "before the merger"),
        ("on=2025-06-30", 63, "the last day before it"),
        ("on=2025-07-01", 34, "the first day after it"),
        ("on=2026-05-31", 34, "since"),
    ] {
        let listed = keys(&app.anyone(), filter).await;
        assert_eq!(listed.len(), units + 1, "{filter}: {why}; and the country");
        assert_eq!(BTreeSet::from_iter(&listed).len(), units + 1, "{filter}: each once");
        assert!(listed.is_sorted(), "{filter}: by key");
    }
}

async fn a_search_forgets_accents_case_and_spelling(app: TestApp) {
    let decomposed = "Ba\u{306}\u{301}c Giang";
    for (q, found, why) in [
        ("Bắc Giang", &["bac-giang-1997"][..], "as it is written"),
        (decomposed, &["bac-giang-1997"], "with the accents as characters of their own"),
        ("bac giang", &["bac-giang-1997"], "without accents"),
        ("BẮC GIANG", &["bac-giang-1997"], "in capitals"),
        ("bac-giang", &["bac-giang-1997"], "with a hyphen"),
        ("bac", &["bac-giang-1997", "bac-kan-1997", "bac-lieu-1997", "bac-ninh-1997", "bac-ninh-2025"], "part of a name, Bạc or Bắc"),
        ("c nin", &["bac-ninh-1997", "bac-ninh-2025"], "from the middle"),
        ("dak", &["dak-lak-1997", "dak-lak-2004", "dak-lak-2025", "dak-nong-2004"], "đ is d"),
        ("Đắk", &["dak-lak-1997", "dak-lak-2004", "dak-lak-2025", "dak-nong-2004"], "and d is đ"),
        ("24", &["bac-giang-1997", "bac-ninh-2025"], "a code, of all times"),
        ("27", &["bac-ninh-1997"], "a code is matched whole, and VN-27 is none"),
        ("giang-2025", &["an-giang-2025"], "part of a key"),
        ("TP.HCM", &["ho-chi-minh-1997", "ho-chi-minh-2025"], "an abbreviation that the path resolves"),
        ("Ho Chi Minh City", &["ho-chi-minh-1997", "ho-chi-minh-2025"], "with a title behind it"),
        ("tỉnh Bắc Giang", &["bac-giang-1997"], "with a title before it"),
        ("Đắc Lắc", &["dak-lak-1997", "dak-lak-2004", "dak-lak-2025"], "another spelling"),
        ("\u{d0}ắk Lắk", &["dak-lak-1997", "dak-lak-2004", "dak-lak-2025"], "another letter that looks like Đ"),
        ("VN-54", &["bac-giang-1997"], "an ISO code"),
        ("1", &["ha-noi-1997", "ha-noi-2008"], "a code without its zero"),
        ("bac-giang-2004", &["bac-giang-1997"], "a key of before"),
        ("Việt Nam", &["VN"], "the country"),
        ("Atlantis", &[], "nobody"),
    ] {
        assert_eq!(keys(&app.anyone(), &format!("q={q}")).await, found, "{q}: {why}");
    }
}

async fn code_24_was_bac_giang_and_is_bac_ninh(app: TestApp) {
    for (on, key, name) in [
        ("2024-06-30", "bac-giang-1997", "Bắc Giang"),
        ("2025-06-30", "bac-giang-1997", "Bắc Giang"),
        ("2025-07-01", "bac-ninh-2025", "Bắc Ninh"),
        ("2026-05-31", "bac-ninh-2025", "Bắc Ninh"),
    ] {
        let found = app.anyone().get(&format!("/v1/provinces/24?on={on}")).await.expect(200);
        assert_eq!((&found["key"], &found["name"], &found["code"]), (&json!(key), &json!(name), &json!("24")), "{on}");
        assert_eq!(keys(&app.anyone(), &format!("q=24&on={on}")).await, [key], "the list agrees on {on}");
    }
}

async fn a_unit_answers_to_its_key_and_to_the_code_and_names_it_had_on_the_day(app: TestApp) {
    #[rustfmt::skip]
    let table = [
        ("bac-giang-1997",    "2024-06-30", "bac-giang-1997", "its key"),
        ("bac-giang-1997",    "2026-05-31", "bac-giang-1997", "a key is never anybody else's"),
        ("bac-ninh-2025",     "2024-06-30", "bac-ninh-2025",  "even before the unit began"),
        ("24",                "2024-06-30", "bac-giang-1997", "its code"),
        ("06",                "2024-06-30", "bac-kan-1997",   "a code with a zero in front"),
        ("VN-54",             "2024-06-30", "bac-giang-1997", "its ISO code"),
        ("vn-54",             "2024-06-30", "bac-giang-1997", "in lower case"),
        ("VN-56",             "2024-06-30", "bac-ninh-1997",  "an ISO code that the merged unit kept"),
        ("VN-56",             "2026-05-31", "bac-ninh-2025",  "after the merger"),
        ("Bắc Giang",         "2024-06-30", "bac-giang-1997", "its name"),
        ("bac giang",         "2024-06-30", "bac-giang-1997", "without accents"),
        ("Bac-Giang",         "2024-06-30", "bac-giang-1997", "with a hyphen"),
        ("Ba\u{306}\u{301}c Giang", "2024-06-30", "bac-giang-1997", "with the accents as characters of their own"),
        ("Bắc Ninh",          "2024-06-30", "bac-ninh-1997",  "a name that moved"),
        ("Bắc Ninh",          "2026-05-31", "bac-ninh-2025",  "to the merged unit"),
        ("Bà Rịa - Vũng Tàu", "2024-06-30", "ba-ria-vung-tau-1997", "a name with a dash"),
        ("91",                "2024-06-30", "kien-giang-1997", "another reused code"),
        ("91",                "2026-05-31", "an-giang-2025",  "after the merger"),
        ("Hà Nội",            "2026-05-31", "ha-noi-2008",    "to this day"),
        ("24",                "2000-01-01", "bac-giang-1997", "a code of 2004, on a day before there were codes"),
        ("01",                "2008-07-31", "ha-noi-1997",    "before Hà Tây came to it"),
        ("01",                "2008-08-01", "ha-noi-2008",    "since then"),
        ("28",                "2008-07-31", "ha-tay-1997",    "the last day of a unit"),
        ("10",                "2003-12-31", "lao-cai-1997",   "with Than Uyên"),
        ("10",                "2004-01-01", "lao-cai-2004",   "without it"),
        ("Cần Thơ",           "2003-12-31", "can-tho-1997",   "a unit without a code"),
        ("92",                "2004-01-01", "can-tho-2004",   "its successor with one"),
        ("bac-giang-2004",    "2026-05-31", "bac-giang-1997", "a key that was given out before"),
        ("ha-noi-2004",       "2005-12-31", "ha-noi-1997",    "which stands for the unit of the day"),
        ("ha-noi-2004",       "2026-05-31", "ha-noi-2008",    "where the territory changed"),
        ("lai-chau-2004",     "2003-12-31", "lai-chau-2004",  "a key of today is nobody's former key"),
    ];
    for (id, on, key, why) in table {
        let found = app.anyone().get(&format!("/v1/provinces/{id}?on={on}")).await.expect(200);
        assert_eq!(found["key"], key, "{id} on {on}: {why}");
    }
}

async fn a_number_is_never_an_iso_code(app: TestApp) {
    let iso = app.anyone().get("/v1/provinces/VN-24?on=2024-06-30").await.expect(200);
    let code = app.anyone().get("/v1/provinces/24?on=2024-06-30").await.expect(200);
    let iso_only = app.anyone().get("/v1/provinces/13?on=2024-06-30").await;

    assert_eq!((&iso["name"], &iso["code"]), (&json!("Quảng Bình"), &json!("44")));
    assert_eq!((&code["name"], &code["iso"]), (&json!("Bắc Giang"), &json!("VN-54")));
    assert_eq!(iso_only.fault(404), ("unknown_province".into(), String::new()), "VN-13 is Quảng Ninh, but nobody had the code 13");
}

async fn today_begins_at_midnight_in_viet_nam(app: TestApp) {
    for (moment, key) in [("2025-06-30T16:59:59Z", "bac-giang-1997"), ("2025-06-30T17:00:00Z", "bac-ninh-2025")] {
        app.clock.set(moment);

        let found = app.anyone().get("/v1/provinces/24").await.expect(200);

        assert_eq!(found["key"], key, "{moment}");
    }
}

async fn a_merged_unit_names_what_it_was_formed_from(app: TestApp) {
    let find = async |key: &str| app.anyone().get(&format!("/v1/provinces/{key}")).await.expect(200);

    let (before, after, unchanged) = (find("bac-giang-1997").await, find("bac-ninh-2025").await, find("cao-bang-1997").await);

    assert_eq!(
        before,
        json!({
            "key": "bac-giang-1997", "code": "24", "name": "Bắc Giang", "name_en": "Bac Giang", "iso": "VN-54", "unit_type": "province",
            "valid_from": "1997-01-01", "valid_to": "2025-06-30", "predecessors": [], "successors": ["bac-ninh-2025"], "agency_code": null,
        })
    );
    assert_eq!(
        after,
        json!({
            "key": "bac-ninh-2025", "code": "24", "name": "Bắc Ninh", "name_en": "Bac Ninh", "iso": "VN-56", "unit_type": "province",
            "valid_from": "2025-07-01", "valid_to": null, "predecessors": ["bac-giang-1997", "bac-ninh-1997"], "successors": [], "agency_code": null,
        })
    );
    assert_eq!((&unchanged["valid_to"], &unchanged["unit_type"]), (&Value::Null, &json!("province")));
    assert_eq!((&unchanged["predecessors"], &unchanged["successors"]), (&json!([]), &json!([])));
}

async fn a_lineage_is_what_a_unit_was_formed_from_and_what_became_of_it(app: TestApp) {
    for (id, line, why) in [
        ("bac-ninh-2025", &["bac-giang-1997", "bac-ninh-1997", "bac-ninh-2025"][..], "two that merged"),
        ("bac-giang-1997", &["bac-giang-1997", "bac-ninh-2025"], "onwards, without its neighbour"),
        ("24?on=2024-06-30", &["bac-giang-1997", "bac-ninh-2025"], "a code as it stood on a day"),
        ("hue-2025", &["thua-thien-hue-1997", "hue-2025"], "a new name"),
        ("dong-nai-2026", &["binh-phuoc-1997", "dong-nai-1997", "dong-nai-2025", "dong-nai-2026"], "a merger, then a new rank"),
        ("cao-bang-1997", &["cao-bang-1997"], "never merged"),
        ("ha-noi-2008", &["ha-noi-1997", "ha-tay-1997", "hoa-binh-1997", "vinh-phuc-1997", "ha-noi-2008"], "one whole and parts of two"),
        ("lai-chau-2004", &["lai-chau-1997", "lao-cai-1997", "lai-chau-2004"], "two parts"),
        ("dien-bien-2004", &["lai-chau-1997", "dien-bien-2004"], "one part"),
        ("can-tho-1997", &["can-tho-1997", "can-tho-2004", "hau-giang-2004", "can-tho-2025"], "split and joined again"),
    ] {
        let path = id.split_once('?').map_or_else(|| format!("{id}/lineage"), |(id, query)| format!("{id}/lineage?{query}"));
        let answer = app.anyone().get(&format!("/v1/provinces/{path}")).await.expect(200);
        let found: Vec<&str> = answer["items"].as_array().unwrap().iter().map(|unit| unit["key"].as_str().unwrap()).collect();
        assert_eq!((found, &answer["next"]), (line.to_vec(), &Value::Null), "{id}: {why}");
    }
    assert_eq!(app.anyone().get("/v1/provinces/atlantis/lineage").await.fault(404).0, "unknown_province");
    assert_eq!(app.anyone().get("/v1/provinces/24/lineage?on=x").await.fault(400), ("invalid_date".into(), "on".into()));
}

async fn a_province_is_found_by_its_name_in_any_spelling(app: TestApp) {
    for (name, key) in [
        ("Tỉnh Bắc Giang", "bac-giang-1997"),
        ("TỈNH BẮC GIANG", "bac-giang-1997"),
        ("Bacgiang", "bac-giang-1997"),
        ("TP.HCM", "ho-chi-minh-1997"),
        ("TP. Hồ Chí Minh", "ho-chi-minh-1997"),
        ("Thành phố Hà Nội", "ha-noi-2008"),
        ("Hanoi", "ha-noi-2008"),
        ("Hoà Bình", "hoa-binh-2008"),
        ("Ho\u{300}a Bi\u{300}nh", "hoa-binh-2008"),
        ("Bà Rịa–Vũng Tàu", "ba-ria-vung-tau-1997"),
        ("Đắc Lắc", "dak-lak-2004"),
        ("Bắc Cạn", "bac-kan-1997"),
    ] {
        let found = app.anyone().get(&format!("/v1/provinces/{name}?on=2024-06-30")).await.expect(200);
        assert_eq!(found["key"], key, "{name}");
    }
}

async fn the_lineage_reads_the_same_from_both_ends(app: TestApp) {
    let all = app.anyone().get("/v1/provinces?limit=1000").await.expect(200);
    let pairs = |from: &str, to: fn(String, String) -> (String, String)| {
        let of = |unit: &Value| {
            let key = unit["key"].as_str().expect("a text").to_owned();
            let others: Vec<String> =
                unit[from].as_array().expect("a list").iter().map(|other| other.as_str().expect("a text").to_owned()).collect();
            others.into_iter().map(move |other| to(key.clone(), other)).collect::<Vec<_>>()
        };
        all["items"].as_array().expect("a list").iter().flat_map(of).collect::<BTreeSet<_>>()
    };

    let backwards = pairs("predecessors", |after, before| (before, after));
    let forwards = pairs("successors", |before, after| (before, after));

    assert_eq!(backwards, forwards);
    assert_eq!(forwards.len(), 68, "8 in 2004, 6 in 2008, 52 in July 2025; Huế and Đồng Nai changed name or rank");
    let ended: BTreeSet<&String> = forwards.iter().map(|(before, _)| before).collect();
    assert_eq!(ended.len(), 62, "six of them were divided: four in 2004, two in 2008");
}

async fn a_code_that_nobody_has_now_is_not_found_and_the_key_is_named(app: TestApp) {
    for (id, on, allowed, why) in [
        ("27", "", &["bac-ninh-1997"][..], "Bắc Ninh had it until June 2025"),
        ("27", "?on=2025-07-01", &["bac-ninh-1997"], "on the first day without"),
        ("Bắc Giang", "", &["bac-giang-1997"], "a name without a bearer"),
        ("VN-54", "", &["bac-giang-1997"], "an ISO code without a bearer"),
        ("24", "?on=1996-12-31", &["bac-giang-1997", "bac-ninh-2025"], "before anybody had it"),
        ("28", "", &["ha-tay-1997"], "a code that ended in 2008"),
        ("92", "?on=2003-12-31", &["can-tho-2004", "can-tho-2025"], "old Cần Thơ never had it"),
    ] {
        let answer = app.anyone().get(&format!("/v1/provinces/{id}{on}")).await;
        assert_eq!(answer.fault(404).0, "unknown_province", "{id}{on}: {why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!(allowed), "{id}{on}: {why}");
        for key in allowed {
            let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
            assert!(detail.contains(key), "{id}{on}: {detail}");
        }
    }
    let then = app.anyone().get("/v1/provinces/27?on=2025-06-30").await.expect(200);
    assert_eq!(then["key"], "bac-ninh-1997");
}

async fn what_nobody_was_ever_called_is_not_found(app: TestApp) {
    for (id, why) in [
        ("Atlantis", "no such name"),
        ("99", "no such code"),
        ("VN-99", "no such ISO code"),
        ("VN-", "no ISO code"),
        ("bac-giang-2005", "no such key"),
        ("6", "a code without its zero"),
        ("-", "nothing that folds to a name"),
        ("'; DROP TABLE provinces; --", "a name as good as any"),
    ] {
        let answer = app.anyone().get(&format!("/v1/provinces/{id}")).await;
        assert_eq!(answer.fault(404).0, "unknown_province", "{id}: {why}");
        assert_eq!(answer.json()["errors"][0].get("allowed"), None, "{id}: {why}");
    }
    assert_eq!(keys(&app.anyone(), "").await.len(), 97);
}

async fn a_series_of_code_24_is_that_of_whoever_had_the_code_at_its_end(app: TestApp) {
    record_sites_under_code_24(&app).await;

    for (range, key, points, why) in [
        ("to=2024-12", "bac-giang-1997", &["2024-05 1596"][..], "the end lies before the merger"),
        ("from=2024-01&to=2025-06", "bac-giang-1997", &["2024-05 1596"], "and on the last day before it"),
        (
            "to=2026-05",
            "bac-ninh-2025",
            &["2024-05 null", "2026-05 2900"],
            "the end lies after it; what the other half had then nobody said",
        ),
        ("from=2024-01&to=2025", "bac-ninh-2025", &["2024-05 null"], "2025 ended under the merged unit"),
        ("", "bac-ninh-2025", &["2024-05 null", "2026-05 2900"], "without an end, today"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?province=24&indicator=bts-sites&{range}")).await.expect(200);
        let series = &answer["items"][0];
        let other: Vec<&Value> = answer["notices"].as_array().into_iter().flatten().map(|notice| &notice["other"]["key"]).collect();
        let expected: &[&str] = if key == "bac-ninh-2025" { &["bac-giang-1997"] } else { &[] };
        assert_eq!(other, expected, "{range}: who else had the code in the time asked for");
        assert_eq!(series["province"]["key"], key, "{range}: {why}");
        let point = |point: &Value| format!("{} {}", point["period"].as_str().expect("a text"), point["value"]);
        let read: Vec<String> = series["observations"].as_array().expect("a list").iter().map(point).collect();
        assert_eq!(read, points, "{range}: {why}");
    }
}

async fn a_comparison_for_code_24_is_that_of_whoever_had_the_code_then(app: TestApp) {
    record_sites_under_code_24(&app).await;

    for (period, key, name, sites) in [("2024-05", "bac-giang-1997", "Bắc Giang", 1596), ("2026-05", "bac-ninh-2025", "Bắc Ninh", 2900)]
    {
        let table = app.anyone().get(&format!("/v1/comparisons?province=24&period={period}")).await.expect(200);
        assert_eq!((&table["province"]["key"], &table["province"]["name"]), (&json!(key), &json!(name)), "{period}");
        assert_eq!(item(&table, "bts-sites")["current"]["value"], sites, "{period}");
    }
    let merged = app.anyone().get("/v1/comparisons?province=24&period=2026-05").await.expect(200);
    let against = &item(&merged, "bts-sites")["same_period_last_year"];
    assert_eq!(against["baseline"], Value::Null, "what Bắc Giang had is not what Bắc Ninh had");
    assert_eq!(against["reasons"], json!(["base_missing", "territory_changed"]));
}

async fn a_unit_that_only_changed_name_or_rank_has_not_changed_its_territory(app: TestApp) {
    record_sites_where_only_name_or_rank_changed(&app).await;

    for (province, period, why) in CHANGED_NAME_OR_RANK {
        let table = app.anyone().get(&format!("/v1/comparisons?province={province}&period={period}")).await.expect(200);
        let reasons = &item(&table, "bts-sites")["same_period_last_year"]["reasons"];
        assert!(!reasons.as_array().expect("a list").contains(&json!("territory_changed")), "{province} {period}: {why}: {reasons}");
    }
}

async fn a_unit_that_only_changed_name_or_rank_is_compared_with_itself(app: TestApp) {
    record_sites_where_only_name_or_rank_changed(&app).await;

    for (province, period, why) in CHANGED_NAME_OR_RANK {
        let table = app.anyone().get(&format!("/v1/comparisons?province={province}&period={period}")).await.expect(200);
        let against = &item(&table, "bts-sites")["same_period_last_year"];
        assert_eq!(against["baseline"]["value"], 1000, "{province} {period}: {why}");
        assert_eq!((&against["index_pct"], &against["reasons"]), (&json!(110), &json!([])), "{province} {period}: {why}");
    }
}

async fn a_figure_sent_for_a_unit_that_had_ended_is_refused(app: TestApp) {
    let department = app.department().await;
    let observations = json!([{"indicator": "bts-sites", "value": 1596}]);
    for (province, period, code, then, why) in [
        ("bac-giang-1997", "2026-05", "province_not_in_period", json!(["bac-ninh-2025"]), "the unit had ended"),
        ("bac-giang-1997", "2025", "province_not_in_period", json!(["bac-ninh-2025"]), "by the end of the year"),
        ("bac-ninh-2025", "2024-05", "province_not_in_period", json!(["bac-giang-1997", "bac-ninh-1997"]), "the unit had not begun"),
        ("dong-nai-2026", "2026-03", "province_not_in_period", json!(["dong-nai-2025"]), "it became a city on the last day of April"),
        ("27", "2026-05", "unknown_province", json!(["bac-ninh-1997"]), "nobody had the code"),
    ] {
        let answer =
            department.post("/v1/submissions", &json!({"province": province, "period": period, "observations": observations})).await;
        assert_eq!(answer.fault(422), (code.to_owned(), "/province".to_owned()), "{province} {period}: {why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], then, "{province} {period}: who it was then");
    }
    for key in ["bac-giang-1997", "bac-ninh-1997", "bac-ninh-2025"] {
        let series = app.anyone().get(&format!("/v1/series?province={key}&indicator=bts-sites")).await.expect(200);
        assert_eq!(series["items"][0]["observations"], json!([]), "nothing was recorded for {key}");
    }
}

async fn the_country_is_found_and_listed(app: TestApp) {
    let found = app.anyone().get("/v1/provinces/VN").await.expect(200);

    assert_eq!((&found["key"], &found["name"], &found["unit_type"]), (&json!("VN"), &json!("Việt Nam"), &json!("country")));
    assert_eq!(found["valid_to"], Value::Null);
    let earlier = app.anyone().get("/v1/provinces/VN?on=1975-04-30").await.expect(200);
    assert_eq!(earlier, found, "older than any province");
    assert!(keys(&app.anyone(), "").await.contains(&"VN".to_owned()));
    assert_eq!(keys(&app.anyone(), "q=viet nam").await, ["VN"], "and found by searching the list");
}

async fn pages_cover_every_unit_once(app: TestApp) {
    for (filter, units) in [("", 97), ("on=2026-05-31", 35), ("q=giang", 7)] {
        let whole = keys(&app.anyone(), filter).await;
        assert_eq!(whole.len(), units, "{filter}");
        for limit in [1, 10, units - 1, units, units + 1] {
            let mut read = Vec::new();
            let mut cursor = String::new();
            for page in 1.. {
                assert!(page <= units, "pages of {limit} do not end");
                let answer = app.anyone().get(&format!("/v1/provinces?{filter}&limit={limit}{cursor}")).await.expect(200);
                let items = answer["items"].as_array().expect("a list");
                assert!((1..=limit).contains(&items.len()), "{filter} {limit}: {} items", items.len());
                read.extend(items.iter().map(|unit| unit["key"].as_str().expect("a text").to_owned()));
                let Some(next) = answer["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(read, whole, "{filter} in pages of {limit}");
        }
    }
}

async fn every_faulty_parameter_is_named_at_once(app: TestApp) {
    let mut faults = app.anyone().get("/v1/provinces?on=2024-6-30&q=%20&limit=0&cursor=!&colour=red").await.faults(400);

    faults.sort();
    let expected = [
        ("invalid_cursor", "cursor"),
        ("invalid_date", "on"),
        ("invalid_text", "q"),
        ("invalid_value", "limit"),
        ("unknown_parameter", "colour"),
    ];
    assert_eq!(faults, expected.map(|(code, parameter)| (code.to_owned(), parameter.to_owned())));
}

async fn unknown_parameters_of_one_province_are_named(app: TestApp) {
    for (query, code, parameter, why) in [
        ("on=30/6/2024", "invalid_date", "on", "another way to write a day"),
        ("on=2023-02-29", "invalid_date", "on", "no day of the calendar"),
        ("period=2024", "unknown_parameter", "period", "a parameter of other calls"),
        ("on=2024-06-30&on=2026-05-31", "repeated_parameter", "on", "two days"),
    ] {
        let answer = app.anyone().get(&format!("/v1/provinces/24?{query}")).await;
        assert_eq!(answer.fault(400), (code.to_owned(), parameter.to_owned()), "{query}: {why}");
    }
}

/// The keys of the units that a filter leaves.
async fn keys(user: &User, filter: &str) -> Vec<String> {
    let answer = user.get(&format!("/v1/provinces?limit=1000&{filter}")).await.expect(200);
    assert_eq!(answer["next"], Value::Null, "{filter}");
    answer["items"].as_array().expect("a list").iter().map(|unit| unit["key"].as_str().expect("a text").to_owned()).collect()
}

/// Submits a figure under the code 24 before the merger and one after it.
async fn record_sites_under_code_24(app: &TestApp) {
    let department = app.department().await;
    for (period, sites) in [("2024-05", 1596), ("2026-05", 2900)] {
        let observations = json!([{"indicator": "bts-sites", "value": sites}]);
        department.submit(&json!({"province": "24", "period": period, "observations": observations})).await;
    }
}

/// Units that go on under another name or rank with the same territory, and a period after the change.
const CHANGED_NAME_OR_RANK: [(&str, &str, &str); 2] = [
    ("46", "2025-05", "Thừa Thiên Huế became the city of Huế on 1 January 2025"),
    ("75", "2026-08", "Đồng Nai became a city on 30 April 2026"),
];

/// Submits 1,000 sites for the year before the change and 1,100 for the year after it.
async fn record_sites_where_only_name_or_rank_changed(app: &TestApp) {
    let department = app.department().await;
    for (province, period, sites) in [("46", "2024-05", 1000), ("46", "2025-05", 1100), ("75", "2025-08", 1000), ("75", "2026-08", 1100)] {
        let observations = json!([{"indicator": "bts-sites", "value": sites}]);
        department.submit(&json!({"province": province, "period": period, "observations": observations})).await;
    }
}

async fn a_later_release_changes_a_province_and_the_same_one_changes_none(app: TestApp) {
    use chitieu::clock::Clock;
    use chitieu::service::catalogue::snapshot::seed;
    use chitieu::store::Conn;
    use chitieu::store::definitions::RecordedBy;
    use chitieu::store::provinces;
    let db = &app.state.context.db;
    let now = app.clock.now();
    let read = || db.read_blocking(|conn| provinces::list(conn, None)).expect("the provinces");
    let said = |key: &'static str| db.read_blocking(move |conn| provinces::history(conn, key)).expect("what was said").len();
    let shipped = read();
    let of = |key: &str| shipped.iter().find(|province| province.key == key).expect("a province").clone();
    let (mut of_before, mut corrected) = (of("bac-giang-1997"), of("bac-ninh-1997"));
    (of_before.iso, corrected.iso) = (None, None);
    let administrator = RecordedBy { client: Some("somebody"), ..RecordedBy::default() };
    let append = |conn: &mut Conn| {
        provinces::append(conn, &of_before.key, Some(&of_before), now, &RecordedBy::default())?;
        provinces::append(conn, &corrected.key, Some(&corrected), now, &administrator)
    };
    db.write_blocking(append).expect("a province of an earlier release, and one that was corrected here");

    db.write_blocking(|conn| seed(conn, now)).expect("a start");
    let once = (read(), said("bac-giang-1997"), said("bac-ninh-1997"));
    db.write_blocking(|conn| seed(conn, now)).expect("another start");

    let kept = shipped.iter().map(|province| if province.key == corrected.key { &corrected } else { province });
    assert_eq!(once.0, kept.cloned().collect::<Vec<_>>(), "what came with the program is there again, what was corrected here stays");
    assert_eq!((once.1, once.2), (3, 2));
    assert_eq!((read(), said("bac-giang-1997"), said("bac-ninh-1997")), once);
}
