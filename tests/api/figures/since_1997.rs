//! Figures of provinces since 1 January 1997: Hà Nội before and after Hà Tây, Cần Thơ before its split, and the keys of before.
//! The mergers of 2025 are in `territories.rs`.

use serde_json::{Value, json};

use crate::figures::territories::{compared, define, parts, points, report};
use crate::support::answer::item;
use crate::support::worked::{figure, numbers, statistician, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    ha_noi_of_2008_is_not_compared_with_that_of_2007_unless_as_reported,
    a_part_of_one_unit_in_another_makes_no_sum_of_either,
    can_tho_adds_up_before_it_was_split,
    the_country_has_the_year_in_which_ha_tay_ended,
    keys_of_before_are_read_wherever_a_key_is_read,
    all_provinces_of_a_day_are_asked_for_in_one_word,
    another_unit_that_a_code_meant_is_named,
    a_unit_without_a_code_is_read_and_sent_back,
}

const FINES: &str = "fines-total";

async fn ha_noi_of_2008_is_not_compared_with_that_of_2007_unless_as_reported(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [
        ("ha-noi-1997", "2006=70, 2007=100"),
        ("ha-tay-1997", "2007=30"),
        ("hoa-binh-1997", "2007=8"),
        ("vinh-phuc-1997", "2007=20"),
        ("ha-noi-2008", "2008=196, 2009=250"),
    ] {
        report(&department, province, FINES, figures).await;
    }

    let restated = compared(&app, "province=01&period=2008", FINES).await["same_period_last_year"].clone();
    let reported = compared(&app, "province=01&period=2008&geography=as_reported", FINES).await["same_period_last_year"].clone();
    let before = compared(&app, "province=01&period=2007", FINES).await["same_period_last_year"].clone();
    let index = "/v1/series?province=ha-noi-2008&indicator=fines-total&units=idx1&frequency=A&from=2008&to=2009";
    let index = async |geography: &str| app.anyone().get(&format!("{index}&geography={geography}")).await.expect(200)["items"].clone();
    let (restated_index, reported_index) = (index("restated").await, index("as_reported").await);

    assert_eq!((&restated["baseline"], numbers(&restated)), (&Value::Null, [""; 4].map(String::from)));
    assert_eq!(verdict(&restated), "no base_missing not_additive territory_changed");
    assert_eq!(parts(&restated), "+ha-noi-1997 2007=100 +ha-tay-1997 2007=30 +hoa-binh-1997 2007=8 +vinh-phuc-1997 2007=20");
    assert_eq!((figure(&reported["baseline"]).as_str(), numbers(&reported)[2].as_str()), ("100", "196"), "as the yearbook prints it");
    assert_eq!(verdict(&reported), "limited territory_changed");
    assert_eq!((figure(&before["baseline"]).as_str(), verdict(&before).as_str()), ("70", "yes"), "before, a unit like any other");
    let first = &restated_index[0]["observations"][0];
    assert_eq!((&first["value"], &first["reasons"]), (&Value::Null, &json!(["base_missing", "not_additive", "territory_changed"])));
    let own = reported_index.as_array().unwrap().iter().find(|series| series["province"]["key"] == "ha-noi-2008").unwrap();
    let first = &own["observations"][0];
    assert_eq!((&first["period"], &first["value"], &first["reasons"]), (&json!("2008"), &json!(196), &json!(["territory_changed"])));
    let levels = app.anyone().get("/v1/series?province=ha-noi-2008&indicator=fines-total&geography=as_reported").await.expect(200);
    let own = levels["items"].as_array().unwrap().iter().find(|series| series["province"]["key"] == "ha-noi-2008").unwrap();
    assert_eq!(points(own), "2008=196 2009=250", "levels of other units stay in their own series");
}

async fn a_part_of_one_unit_in_another_makes_no_sum_of_either(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [
        ("lai-chau-1997", "2003=10"),
        ("lao-cai-1997", "2003=20"),
        ("lai-chau-2004", "2004=6"),
        ("dien-bien-2004", "2004=7"),
        ("lao-cai-2004", "2004=17"),
        ("vinh-phuc-1997", "2007=30"),
        ("vinh-phuc-2008", "2009=40"),
    ] {
        report(&department, province, FINES, figures).await;
    }
    for (province, period, shown, why) in [
        ("lai-chau-2004", "2004", "+lai-chau-1997 2003=10 +lao-cai-1997 2003=20", "Than Uyên came from Lào Cai"),
        ("dien-bien-2004", "2004", "+lai-chau-1997 2003=10", "a part of old Lai Châu"),
        ("lao-cai-2004", "2004", "+lao-cai-1997 2003=20", "without Than Uyên"),
    ] {
        let against = compared(&app, &format!("province={province}&period={period}"), FINES).await["same_period_last_year"].clone();
        assert_eq!(verdict(&against), "no base_missing not_additive territory_changed", "{province}: {why}");
        assert_eq!(parts(&against), shown, "{province}: {why}");
    }
    let vinh_phuc = compared(&app, "province=26&period=2007", FINES).await;
    assert_eq!((&vinh_phuc["province"], figure(&vinh_phuc["current"]).as_str()), (&json!("vinh-phuc-1997"), "30"), "the code of its day");
}

async fn can_tho_adds_up_before_it_was_split(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, "share", "average").await;
    for (province, figures) in [
        ("can-tho-1997", "2002=10, 2003=12"),
        ("soc-trang-1997", "2002=1, 2003=2, 2004=3"),
        ("can-tho-2004", "2004=9"),
        ("hau-giang-2004", "2004=5"),
        ("can-tho-2025", "2026=40"),
    ] {
        report(&user, province, FINES, figures).await;
    }
    report(&user, "can-tho-1997", "share", "2003=5").await;
    report(&user, "soc-trang-1997", "share", "2003=6").await;

    let series = app.anyone().get("/v1/series?province=can-tho-2025&indicator=fines-total&frequency=A").await.expect(200);
    let of_2003 = compared(&app, "province=can-tho-2025&period=2003", FINES).await;
    let of_2004 = compared(&app, "province=can-tho-2025&period=2004", FINES).await["same_period_last_year"].clone();
    let split = compared(&app, "province=can-tho-2004&period=2004", FINES).await["same_period_last_year"].clone();
    let average = compared(&app, "province=can-tho-2025&period=2003", "share").await;

    assert!(points(&series["items"][0]).starts_with("2002=11 2003=14 2004=17 "), "{}", points(&series["items"][0]));
    assert_eq!(of_2003["current"]["derivation"]["text"], "can-tho-1997 + soc-trang-1997");
    assert_eq!((numbers(&of_2004)[0].as_str(), verdict(&of_2004).as_str()), ("3", "yes"), "17 against 14");
    assert_eq!(verdict(&split), "no base_missing not_additive territory_changed", "a part of it does not");
    assert_eq!(average["current"], Value::Null, "levels never add");
}

async fn the_country_has_the_year_in_which_ha_tay_ended(app: TestApp) {
    let department = app.department().await;
    let listed = async |day: &str| {
        let answer = app.anyone().get(&format!("/v1/provinces?limit=1000&on={day}")).await.expect(200);
        let keys = answer["items"].as_array().unwrap().iter().map(|unit| unit["key"].as_str().unwrap().to_owned());
        keys.filter(|key| key != "VN").collect::<Vec<_>>()
    };
    for (period, day) in [("2007", "2007-12-31"), ("2008", "2008-12-31")] {
        for key in listed(day).await {
            report(&department, &key, FINES, &format!("{period}=2")).await;
        }
    }

    let country = compared(&app, "province=VN&period=2008", FINES).await;

    let against = &country["same_period_last_year"];
    assert_eq!([&country["current"], &against["baseline"]].map(figure), ["126", "128"], "63 and 64 provinces");
    assert_eq!(verdict(against), "limited territory_changed", "no report says which part of 2008 it counts for which territory");
}

async fn keys_of_before_are_read_wherever_a_key_is_read(app: TestApp) {
    let user = statistician(&app).await;
    let sent = report(&user, "bac-giang-2004", FINES, "2024=5").await;
    report(&user, "ha-noi-2004", FINES, "2006=7").await;
    report(&user, "ha-noi-2004", FINES, "2024=9").await;
    let target = json!({"indicator": FINES, "period": "2024", "value": 6});
    user.put("/v1/targets", &json!({"province": "bac-giang-2004", "targets": [target]})).await.expect(200);
    let csv = "Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\nphone-subscribers;2023;1500;bac-giang-2004\n";
    let file = user.send(actix_web::http::Method::POST, "/v1/submissions", &[("content-type", "text/csv")], csv.into()).await.expect(201);

    assert_eq!(sent["rows"][0]["province"]["key"], "bac-giang-1997", "answers have the key of today");
    assert_eq!(file.pointer("/submissions/0/rows/0/province/key"), Some(&json!("bac-giang-1997")), "{file}");
    for (path, key, why) in [
        ("/v1/series?province=bac-giang-2004&indicator=fines-total", "/items/0/province/key", "a series"),
        ("/v1/comparisons?province=bac-giang-2004&period=2024&indicator=fines-total", "/province/key", "a comparison"),
        ("/v1/targets?province=bac-giang-2004", "/items/0/province", "targets"),
        ("/v1/provinces/bac-giang-2004", "/key", "a province"),
        ("/v1/provinces/bac-giang-2004/lineage", "/items/0/key", "its lineage"),
        ("/v1/provinces/bac-giang-2004/versions", "/items/0/province/key", "its versions"),
    ] {
        let answer = user.get(path).await.expect(200);
        assert_eq!(answer.pointer(key), Some(&json!("bac-giang-1997")), "{why}: {path}");
    }
    for (period, key, value) in [("2006", "ha-noi-1997", "7"), ("2024", "ha-noi-2008", "9")] {
        let found = compared(&app, &format!("province=ha-noi-2004&period={period}"), FINES).await;
        assert_eq!((found["province"].as_str(), figure(&found["current"]).as_str()), (Some(key), value), "the unit of {period}");
    }
    let again = json!({"valid_from": "2025-07-01", "provinces": [{"key": "bac-ninh-2025", "code": "24", "name": "Bắc Ninh", "name_en": "Bac Ninh",
        "iso": "VN-56", "unit_type": "province", "predecessors": ["bac-giang-2004", "bac-ninh-2004"]}]});
    let same = user.put("/v1/provinces", &again).await.expect(200);
    assert_eq!(same["items"][0]["outcome"], "unchanged", "predecessors too");
    let founded = json!({"valid_from": "1997-01-01", "provinces": [{"key": "bac-giang-2004", "code": "24", "name": "Bắc Giang",
        "name_en": "Bac Giang", "iso": "VN-54", "unit_type": "province", "predecessors": []}]});
    let same = user.put("/v1/provinces", &founded).await.expect(200);
    assert_eq!((&same["items"][0]["key"], &same["items"][0]["outcome"]), (&json!("bac-giang-1997"), &json!("unchanged")), "and the unit");
}

async fn all_provinces_of_a_day_are_asked_for_in_one_word(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [("bac-giang-1997", "2024=5"), ("ha-tay-1997", "2007=6"), ("VN", "2024=400")] {
        report(&department, province, FINES, figures).await;
    }
    for (query, provinces, with, without, why) in [
        ("period=2007", 64, "ha-tay-1997", "VN", "with Hà Tây"),
        ("period=2024", 63, "bac-giang-1997", "ha-tay-1997", "without"),
        ("period=2026-05", 34, "bac-ninh-2025", "bac-giang-1997", "of today"),
    ] {
        let table = app.anyone().get(&format!("/v1/comparisons?province=all&{query}&indicator={FINES}")).await.expect(200);
        let keys: Vec<&str> = table["provinces"].as_array().unwrap().iter().map(|unit| unit["key"].as_str().unwrap()).collect();
        assert_eq!(keys.len(), provinces, "{query}: {why}");
        assert!(keys.contains(&with) && !keys.contains(&without) && !keys.contains(&"VN"), "{query}: {why}");
    }
    let series = app.anyone().get("/v1/series?province=ALL,VN&indicator=fines-total&to=2024&limit=100").await.expect(200);
    assert_eq!(series["items"].as_array().unwrap().len(), 64, "the country where it is asked for");
    assert_eq!(series.get("notices"), None);
}

async fn another_unit_that_a_code_meant_is_named(app: TestApp) {
    report(&app.department().await, "bac-giang-1997", FINES, "2024=5").await;
    let of = |answer: &Value| {
        let line = |notice: &Value| {
            let [asked, key, other] = [&notice["asked"], &notice["province"], &notice["other"]["key"]].map(|text| text.as_str().unwrap());
            format!("{} {asked} {key} {other}", notice["code"].as_str().unwrap())
        };
        answer["notices"].as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("; ")
    };
    for (path, notices, why) in [
        ("series?province=24&indicator=fines-total", "other_province 24 bac-ninh-2025 bac-giang-1997", "all years"),
        ("series?province=24&indicator=fines-total&from=2024", "other_province 24 bac-ninh-2025 bac-giang-1997", "until today"),
        ("series?province=24&indicator=fines-total&from=2024&to=2024", "", "then the code meant one unit"),
        ("series?province=bac-ninh-2025&indicator=fines-total", "", "a key means one unit"),
        ("comparisons?province=24&period=2026-05", "other_province 24 bac-ninh-2025 bac-giang-1997", "the year before"),
        ("comparisons?province=24&period=2026-05&format=table", "other_province 24 bac-ninh-2025 bac-giang-1997", "as a table"),
        ("comparisons?province=24&period=2026-07", "", "the merger lies behind both"),
        (
            "comparisons?province=24,15&period=2025",
            "other_province 24 bac-ninh-2025 bac-giang-1997; other_province 15 lao-cai-2025 yen-bai-1997",
            "two",
        ),
    ] {
        let answer = app.anyone().get(&format!("/v1/{path}")).await.expect(200);
        assert_eq!(of(&answer), notices, "{path}: {why}");
    }
    for path in ["comparisons?province=24&period=2026-05", "series?province=24&indicator=bts-sites"] {
        let vietnamese = app.anyone().get(&format!("/v1/{path}&lang=vi")).await;
        assert_eq!(vietnamese.header("content-language"), "vi", "{path}");
        let text = vietnamese.expect(200)["notices"][0]["text"].clone();
        assert!(text["vi"].as_str().unwrap().contains("đến hết ngày 30/06/2025, `24` là Bắc Giang"), "{text}");
        assert_eq!(text.get("en"), None, "{path}");
    }
}

async fn a_unit_without_a_code_is_read_and_sent_back(app: TestApp) {
    let user = statistician(&app).await;
    let body = |valid_from: &str, key: &str, code: Value| {
        json!({"valid_from": valid_from, "provinces": [{"key": key, "code": code, "name": "Cần Thơ", "name_en": "Can Tho",
            "unit_type": "province", "predecessors": []}]})
    };
    let same = user.put("/v1/provinces", &body("1997-01-01", "can-tho-1997", Value::Null)).await.expect(200);
    assert_eq!((&same["items"][0]["code"], &same["items"][0]["outcome"]), (&Value::Null, &json!("unchanged")));
    let today = user.put("/v1/provinces", &body("2027-01-01", "can-tho-2027", Value::Null)).await.faults(422);
    assert!(today.contains(&("missing_field".to_owned(), "/provinces/0/code".to_owned())), "{today:?}");
    let old = app.anyone().get("/v1/provinces/can-tho-1997").await.expect(200);
    assert_eq!((&old["code"], &old["iso"], &old["successors"]), (&Value::Null, &Value::Null, &json!(["can-tho-2004", "hau-giang-2004"])));
    let table = app.anyone().get("/v1/comparisons?province=can-tho-1997&period=2003&indicator=fines-total").await.expect(200);
    assert_eq!(table["province"]["code"], Value::Null);
    assert_eq!(item(&table, FINES)["province"], "can-tho-1997");
}
